# SPDX-License-Identifier: Apache-2.0
#
# tests/faults/httpd.sh - a guarded httpd under load that is restarted, stopped
# and killed. For run.sh.

HTTPD=(httpd-graceful httpd-restart httpd-stop httpd-child httpd-logger
    httpd-parent)
APACHE=${HTTPD_PROGRAM:-/usr/sbin/apache2}

httpd_conf()
{
    local m modules
    modules=$(apxs -q LIBEXECDIR)
    for m in mpm_event authz_core mime alias env setenvif headers asis; do
        [ ! -e "$modules/mod_$m.so" ] ||
            echo "LoadModule ${m}_module $modules/mod_$m.so"
    done
    [ "$(id -u)" != 0 ] || printf 'User www-data\nGroup www-data\n'
    cat <<CONF
ServerRoot "$D"
ServerName localhost
Listen 127.0.0.1:$PORT
PidFile "$D/httpd.pid"
DefaultRuntimeDir "$D"
ErrorLog "$D/error.log"
DocumentRoot "$D/docs"
TypesConfig /etc/mime.types
AddHandler send-as-is asis
KeepAlive On
MaxKeepAliveRequests 0
StartServers 2
ThreadsPerChild 8
MinSpareThreads 8
MaxSpareThreads 24
MaxRequestWorkers 32
GracefulShutdownTimeout 5
LoadModule spbe_guard_module $B/mod_spbe_guard.so
SpbeGuardLog "|${LOGGER[*]}"
SpbeGuardLogWait 500
SpbeGuardRunDir "$D/run"
SpbeGuardSpill "$D/spool"
SpbeGuardRecipients "$D/recipients.pem"
SpbeGuardEngine On
SpbeGuardApplication muat dev=a sysadmin=b
CONF
}

failing_page()
{
    cat <<'TEXT'
Status: 500 Internal Server Error
Content-Type: text/html; charset=utf-8

<br />
<b>Fatal error</b>:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /var/www/izin/app/Model.php:41
Stack trace:
#0 /var/www/izin/app/Model.php(41): PDO-&gt;__construct('mysql:host=db;d...', 'izin', 'x')
#1 {main}
  thrown in <b>/var/www/izin/app/Model.php</b> on line <b>41</b><br />
TEXT
}

make_keys()
{
    openssl genpkey -algorithm X25519 -out "$D/key.pem" 2>/dev/null
    { echo "# name: uji"
      openssl pkey -in "$D/key.pem" -pubout; } >"$D/recipients.pem"
    chmod 644 "$D"/*.pem
    KEY=(--key "$D/key.pem")
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; }
runs() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# httpd writes the file after it listens, and anew in a restart.
parent() { cat "$D/httpd.pid" 2>/dev/null; }
has_parent() { runs "$(parent)"; }

# In a session of its own, without this shell's descriptors.
start_httpd()
{
    setsid "$APACHE" -f "$D/httpd.conf" -k start </dev/null >>"$D/start" 2>&1 ||
        { wrong "httpd does not start"; cat "$D/start" "$D/error.log"; }
    wait_for listens
    wait_for has_parent
}

# Its children and its logger end as well.
stop_httpd()
{
    local pid
    pid=$(parent)
    runs "$pid" || return 0
    kill -TERM "$pid"
    wait_for not runs "$pid"
}

# The processes that have this scenario's home among their arguments.
loggers()
{
    grep -lszFx -f <(echo "$D/home") /proc/[0-9]*/cmdline |
        sed 's,/proc/\([0-9]*\)/cmdline,\1,'
}
no_logger() { [ -z "$(loggers)" ]; }

start_load()
{
    rm -f "$D/stop"
    perl tests/faults/visit.pl "$PORT" "$D/stop" "$D/refs" 6 &
    LOAD=$!
}

stop_load()
{
    : >"$D/stop"
    wait "$LOAD"
}

# guarded ACTION...: the action under load, then everything is counted.
guarded()
{
    PORT=$(free_port)
    mkdir -p "$D/docs"
    failing_page >"$D/docs/gagal.asis"
    make_keys
    logger
    httpd_conf >"$D/httpd.conf"
    "$B/tools/ledgerwatch" "$D/run" "$D/truth" &
    WATCH=$!
    start_httpd
    start_load
    sleep 1
    "$@"
    stop_load
    stop_httpd
    wait_for no_logger
    kill -TERM $WATCH
    wait $WATCH
    counted_httpd
}

counted_httpd()
{
    sort -u "$D"/refs.* >"$D/refs"
    reckon "${LOST[@]}" --refs "$D/refs"
    verified
    [ "$(wc -l <"$D/refs")" -gt 50 ] || wrong "hardly anybody came"
    note "references $(wc -l <"$D/refs")"
    ! grep -E 'SG0012|segfault|exit signal (Seg|Abort|Bus)' "$D/error.log" ||
        wrong "the error log tells of losses"
}

graceful() { "$APACHE" -f "$D/httpd.conf" -k graceful >>"$D/start" 2>&1; }

# Exactly one logger, whatever happens: it is three processes.
one_logger()
{
    [ "$(loggers | wc -l)" -le 3 ] || wrong "loggers: $(loggers | tr '\n' ' ')"
}

restarts()
{
    local i
    for i in $(seq "$(pick 3 10)"); do
        "$@"
        sleep 1
        one_logger
    done
    note "restarts $i"
}

plain_restart()
{
    kill -HUP "$(parent)"
    sleep 1
    wait_for has_parent
    wait_for listens
}
stop_and_start()
{
    stop_httpd
    start_httpd
}

httpd_graceful() { guarded restarts graceful; }
httpd_restart() { guarded restarts plain_restart; }
httpd_stop() { guarded restarts stop_and_start; }

# A child at a time; what it had given a number to and not written is reported.
kill_child()
{
    local pid
    pid=$(pgrep -P "$(parent)" apache2 | shuf -n 1)
    [ -z "$pid" ] || kill -KILL "$pid"
}
httpd_child()
{
    LOST=(--lost 0:200)
    guarded restarts kill_child
}

kill_logger() { loggers | shuf -n 1 | xargs -r kill -KILL; }
httpd_logger() { guarded restarts kill_logger; }

# Everything of a server at once, as when its power is cut, and a new start.
kill_server()
{
    local pid
    pid=$(parent)
    # shellcheck disable=SC2046
    kill -KILL "$pid" $(loggers) $(pgrep -P "$pid")
    wait_for not runs "$pid"
    wait_for not listens
    rm -f "$D/httpd.pid"
    start_httpd
}
httpd_parent()
{
    LOST=(--lost 0:100000)
    guarded restarts kill_server
}
