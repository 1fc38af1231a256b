#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# conf/samples/run.sh - a guarded httpd on 127.0.0.1, for trying it out.
#
# Without UPSTREAM the sample application in this folder runs on a PHP-FPM of
# its own; with UPSTREAM=http://host:port the guard stands in front of that
# application. Runs as an ordinary user: as root it becomes www-data first.
# Touches nothing outside build/run and one folder under TMPDIR, and stops on
# Ctrl-C, SIGTERM, or when make or the program that called make is gone.
#
# Environment: PORT, UPSTREAM, INCLUDE (a file of directives of your own, read
# behind those here), MPM (event, worker, prefork), APPLICATION (its name in
# the records), BUILD (what was built; build), RUN_HOME (where records
# stay; build/run/home). The key that opens their details is made beside that,
# in build/run/keys: for trying out, not for a server.
set -u

FROM=$PWD
cd "$(dirname "$0")/../.." || exit 1
TOP=$PWD
PORT=${PORT:-8080}
UPSTREAM=${UPSTREAM:-}
INCLUDE=${INCLUDE:-}
MPM=${MPM:-event}
HTTPD=${HTTPD:-/usr/sbin/apache2}
MODULES=$(apxs -q LIBEXECDIR 2>/dev/null) || MODULES=/usr/lib/apache2/modules
SAMPLE=$TOP/conf/samples/app
POLICIES=$TOP/conf/samples/policies
BUILD=${BUILD:-$TOP/build}
RUN_HOME=${RUN_HOME:-$BUILD/run/home}
KEYS=$(dirname "$RUN_HOME")/keys
RUNUSER=www-data

fail()
{
    echo "run: $*" >&2
    exit 1
}

#
# What was asked for, checked before anything is started.
#

check_port()
{
    case $PORT in
    '' | *[!0-9]* | ??????*)
        fail "PORT=$PORT: a number from 1 to 65535 is expected" ;;
    esac
    PORT=$((10#$PORT))
    if [ "$PORT" -lt 1 ] || [ "$PORT" -gt 65535 ]; then
        fail "PORT=$PORT: a number from 1 to 65535 is expected"
    fi
    [ "$PORT" -ge 1024 ] || fail "PORT=$PORT: the server runs as an" \
        "ordinary user; use a port from 1024, such as 8080"
    if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
        fail "port $PORT is in use; choose another:" \
            "make -f apxs.mk run PORT=$((PORT < 65535 ? PORT + 1 : 8081))"
    fi
}

# Sets SCHEME, TARGET (address without the slash at its end) and PRESERVE: an
# application on this machine is to make links that lead through the guard.
check_upstream()
{
    local host
    case $UPSTREAM in
    *://*) ;;
    *[!0-9]*) UPSTREAM=http://$UPSTREAM ;;
    *) UPSTREAM=http://127.0.0.1:$UPSTREAM ;;
    esac
    [[ $UPSTREAM =~ ^(http|https|ajp|uwsgi)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$ ]] ||
        fail "UPSTREAM=$UPSTREAM: expected is the address of your" \
            "application, such as http://127.0.0.1:3000" \
            "(http, https, ajp or uwsgi)"
    SCHEME=${BASH_REMATCH[1]}
    host=${BASH_REMATCH[2]}
    TARGET=${UPSTREAM%/}
    case $host in
    127.* | localhost | '[::1]') PRESERVE=On ;;
    *) PRESERVE=Off ;;
    esac
    if [ $PRESERVE = On ] && [ "${BASH_REMATCH[3]}" = ":$PORT" ]; then
        fail "UPSTREAM=$UPSTREAM is the port the guard itself is to have;" \
            "add another: PORT=$((PORT < 65535 ? PORT + 1 : 8081))"
    fi
}

# Is $1 readable for who will run the server?
can_read()
{
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=$RUNUSER --regid=$RUNUSER --init-groups test -r "$1"
    else
        test -r "$1"
    fi
}

# Sets INCLUDE to the whole path.
check_include()
{
    case $INCLUDE in /*) ;; *) INCLUDE=$FROM/$INCLUDE ;; esac
    [ -f "$INCLUDE" ] || fail "INCLUDE=$INCLUDE: there is no such file;" \
        "expected is a file of httpd directives"
    can_read "$INCLUDE" || fail "INCLUDE=$INCLUDE: cannot be read by" \
        "$([ "$(id -u)" -ne 0 ] && id -un || echo "$RUNUSER, who runs the" \
        "server when root starts it")"
    case $INCLUDE in
    *[]\"\'\\\$%*?[]*) fail "INCLUDE=$INCLUDE: the path has a quote," \
        "backslash, bracket, or one of \$ % * ? in it, which httpd's" \
        "configuration cannot hold" ;;
    esac
}

check_files()
{
    local f
    [ -x "$HTTPD" ] || fail "$HTTPD is missing: make -f apxs.mk deps"
    for f in mod_spbe_guard.so spbe-guardlog spbe-guardctl; do
        [ -e "$BUILD/$f" ] || fail "build/$f is missing: make -f apxs.mk"
    done
    case $MPM in
    event | worker | prefork) ;;
    *) fail "MPM=$MPM: event, worker or prefork is expected" ;;
    esac
    if [ -z "$UPSTREAM" ]; then
        FPM=$(ls /usr/sbin/php-fpm* 2>/dev/null | tail -1)
        [ -n "$FPM" ] || fail "no php-fpm: make -f apxs.mk deps"
        [ -d "$SAMPLE" ] || fail "$SAMPLE is missing"
    fi
    case $TOP in
    *[\"\'\\\$%]*) fail "the path $TOP has a quote, backslash, dollar or" \
        "percent sign in it, which httpd's configuration cannot hold" ;;
    esac
}

#
# Folders. Sockets and configuration are in RUN (short path: a socket's has
# room for 107 bytes), records in HOME_DIR.
#

make_folders()
{
    RUN=$(mktemp -d "${TMPDIR:-/tmp}/spbe-guard-run.XXXXXX") || exit 1
    if [ "$(id -u)" -eq 0 ]; then
        # www-data may not be able to enter where this tree lies.
        BIN=$RUN/bin
        mkdir -p "$BIN"
        cp "$BUILD/mod_spbe_guard.so" "$BUILD/spbe-guardlog" \
            "$BUILD/spbe-guardctl" "$BIN/"
        cp -r conf "$BIN/conf"
        SAMPLE=$BIN/conf/samples/app
        POLICIES=$BIN/conf/samples/policies
        HOME_DIR=$RUN/home
        AS="setpriv --reuid=$RUNUSER --regid=$RUNUSER --init-groups"
        AS="$AS --pdeathsig TERM"
    else
        BIN=$BUILD
        HOME_DIR=$RUN_HOME
        AS="setpriv --pdeathsig TERM"
    fi
    mkdir -p "$HOME_DIR/spill" "$RUN/logs" "$RUN/tmp"
    if [ ! -w "$HOME_DIR" ]; then
        echo "run: $HOME_DIR cannot be written by $(id -un): no record would" \
            "be kept. Remove it, or name another folder: RUN_HOME=FOLDER" >&2
        exit 1
    fi
    [ "$HOME_DIR" = "$RUN_HOME" ] || records "$RUN_HOME" "$HOME_DIR"
    chmod 700 "$HOME_DIR"
    chmod 755 "$RUN"
    if [ "$(id -u)" -eq 0 ]; then
        chown -R "$RUNUSER:$RUNUSER" "$RUN"
    fi
    make_keys
}

# httpd needs the public key alone, and may not be able to enter where this
# tree lies.
make_keys()
{
    local as=
    mkdir -p "$KEYS" && chmod 700 "$KEYS"
    [ "$(id -u)" -ne 0 ] || as="--user $RUNUSER"
    "$BIN/spbe-guardctl" --home "$HOME_DIR" init --yes --retention 30d $as \
        --recipients "$KEYS/recipients.pem" --key-out "$KEYS/private.pem" \
        >"$RUN/logs/init.out" 2>&1 </dev/null || {
        cat "$RUN/logs/init.out" >&2
        fail "spbe-guardctl init failed"
    }
    install -m 644 "$KEYS/recipients.pem" "$RUN/recipients.pem"
}

#
# Configuration
#

# Only modules that exist as files: the rest is compiled in.
load()
{
    local m
    for m in "$@"; do
        if [ -e "$MODULES/mod_$m.so" ]; then
            echo "LoadModule ${m}_module $MODULES/mod_$m.so"
        fi
    done
}

common_conf()
{
    load "mpm_$MPM" unixd log_config authz_core authz_host dir mime alias \
        headers env setenvif filter deflate reqtimeout \
        proxy proxy_http proxy_fcgi proxy_ajp proxy_uwsgi
    case $UPSTREAM in https:*) load socache_shmcb ssl ;; esac
    cat <<CONF
LoadModule spbe_guard_module "$BIN/mod_spbe_guard.so"
ServerRoot "$RUN"
ServerName 127.0.0.1
Listen 127.0.0.1:$PORT
PidFile "$RUN/httpd.pid"
DefaultRuntimeDir "$RUN"
Mutex file:$RUN default
ErrorLog "|'$BIN/spbe-guardlog' --error-log '$RUN/logs/error.log' --recipients '$RUN/recipients.pem' --spill '$HOME_DIR/spill'"
ErrorLogFormat "[%{cu}t] [%-m:%l] [%L] %M"
LogFormat "%h %t \"%r\" %>s %b ref=%{SPBE_REF}e" run
CustomLog "$RUN/logs/access.log" run
LogLevel warn
Timeout 120
CoreDumpDirectory "$RUN/tmp"
<IfModule mpm_prefork_module>
    StartServers 4
    MaxRequestWorkers 32
</IfModule>
<IfModule !mpm_prefork_module>
    StartServers 2
    ThreadsPerChild 25
    MaxRequestWorkers 100
</IfModule>
<IfModule mod_mime.c>
    TypesConfig /etc/mime.types
</IfModule>
<Directory />
    AllowOverride None
    Require all denied
</Directory>

SpbeGuardLog "|'$BIN/spbe-guardlog' --home '$HOME_DIR'"
SpbeGuardRecipients "$RUN/recipients.pem"
SpbeGuardRunDir "$RUN/shm"
SpbeGuardSpill "$HOME_DIR/spill"
SpbeGuardSpoolDir "$RUN/tmp"
SpbeGuardContact "Helpdesk: telp. (contoh) 0778-000000"
<Location /spbe-guard-metrics>
    SetHandler spbe-guard-metrics
    Require local
</Location>
CONF
}

sample_conf()
{
    cat <<CONF
SpbeGuardEngine On
SpbeGuardApplication "Layanan Contoh" dev=tim-aplikasi sysadmin=tim-server
SpbeGuardClientScript On
DocumentRoot "$SAMPLE"
<Location /permohonan.php>
    SpbeGuardPolicy "$POLICIES/permohonan.json"
    SpbeGuardUnknown reject
</Location>
<Location /simpan.php>
    SpbeGuardParam nama nama required maxlen=100 "label=Nama lengkap"
    SpbeGuardParam email email label=E-mail
    SpbeGuardParam rusak text values=1
</Location>
<Location /spbe-guard-client>
    SetHandler spbe-guard-client
    Require all granted
</Location>
<Directory "$SAMPLE">
    Require all granted
    DirectoryIndex index.php index.html
    <FilesMatch "\.php$">
        SetHandler "proxy:unix:$RUN/fpm.sock|fcgi://sample/"
    </FilesMatch>
</Directory>
CONF
}

upstream_conf()
{
    local upgrade=
    # WebSocket and other upgrades go through mod_proxy_http itself.
    case $SCHEME in http | https) upgrade=" upgrade=ANY" ;; esac
    cat <<CONF
SpbeGuardFailure On
SpbeGuardInput DetectOnly
SpbeGuardApplication "${APPLICATION:-Aplikasi}" dev=tim-aplikasi sysadmin=tim-server
AllowEncodedSlashes NoDecode
ProxyRequests Off
ProxyTimeout 120
ProxyPreserveHost $PRESERVE
RequestHeader set X-Forwarded-Proto http
RequestHeader set X-Forwarded-Port $PORT
<Location />
    Require all granted
</Location>
<Location /spbe-guard-metrics>
    ProxyPass !
</Location>
ProxyPass / "$TARGET/" nocanon retry=0$upgrade
ProxyPassReverse / "$TARGET/"
CONF
    if [ "$SCHEME" = https ]; then
        echo "SSLProxyEngine On"
        # On this machine a certificate is mostly one's own.
        [ $PRESERVE = Off ] ||
            printf 'SSLProxyCheckPeerName Off\nSSLProxyVerify none\n'
    fi
}

# display_errors is on: this is the application that tells too much.
fpm_conf()
{
    cat <<CONF
[global]
error_log = $RUN/logs/fpm.log
daemonize = no
log_limit = 8192
[sample]
listen = $RUN/fpm.sock
listen.mode = 0600
pm = static
pm.max_children = 3
catch_workers_output = yes
request_terminate_timeout = 20s
php_flag[display_errors] = on
php_flag[log_errors] = on
php_value[error_reporting] = -1
php_value[memory_limit] = 32M
php_value[max_execution_time] = 5
php_value[session.save_path] = $RUN/tmp
php_value[sys_temp_dir] = $RUN/tmp
php_value[date.timezone] = Asia/Jakarta
CONF
}

#
# Start and stop
#

HTTPD_PID=
FPM_PID=

# Its own session, so that Ctrl-C reaches only us and we stop them in order.
start_fpm()
{
    fpm_conf >"$RUN/fpm.conf"
    # With Xdebug installed PHP's pages look different; here they are plain.
    XDEBUG_MODE=off $AS setsid "$FPM" -F -y "$RUN/fpm.conf" >"$RUN/logs/fpm.out" 2>&1 &
    FPM_PID=$!
    for _ in $(seq 50); do
        [ -S "$RUN/fpm.sock" ] && return 0
        kill -0 $FPM_PID 2>/dev/null || break
        sleep 0.1
    done
    cat "$RUN"/logs/fpm.out "$RUN"/logs/fpm.log >&2 2>/dev/null
    fail "PHP-FPM did not start"
}

start_httpd()
{
    { common_conf; if [ -n "$UPSTREAM" ]; then upstream_conf
        else sample_conf; fi
        [ -z "$INCLUDE" ] || echo "Include \"$INCLUDE\""; } >"$RUN/httpd.conf"
    $AS setsid "$HTTPD" -f "$RUN/httpd.conf" -DFOREGROUND \
        >"$RUN/logs/httpd.out" 2>&1 &
    HTTPD_PID=$!
    for _ in $(seq 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null && return 0
        kill -0 $HTTPD_PID 2>/dev/null || break
        sleep 0.1
    done
    cat "$RUN"/logs/httpd.out "$RUN"/logs/error.log >&2 2>/dev/null
    fail "httpd did not start${INCLUDE:+ with INCLUDE=$INCLUDE}"
}

# Waits up to ten seconds for a process that was told to stop.
gone()
{
    for _ in $(seq 100); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null
}

# records FROM TO: copies archive and database, and nothing else.
records()
{
    local f
    mkdir -p "$2"
    for f in archive sign.key first.pub guard.db guard.db-wal torn; do
        [ ! -e "$1/$f" ] || cp -r "$1/$f" "$2/"
    done
}

# A folder's last writer may outlive the server by a moment.
remove()
{
    for _ in $(seq 30); do
        rm -rf "$1" 2>/dev/null
        [ -e "$1" ] || return 0
        sleep 0.1
    done
    rm -rf "$1"
}

STOPPING=

# stop CODE: once, whatever comes in between. A signal before STOPPING is set
# does all of this itself and does not return; one behind it does nothing.
stop()
{
    local code=$1
    [ -z "$STOPPING" ] || return 0
    STOPPING=yes
    trap '' INT TERM HUP
    trap - EXIT
    [ -z "$HTTPD_PID" ] || { kill -TERM "$HTTPD_PID" && gone "$HTTPD_PID"; } \
        2>/dev/null
    [ -z "$FPM_PID" ] || { kill -TERM "$FPM_PID" && gone "$FPM_PID"; } \
        2>/dev/null
    if [ -n "${RUN:-}" ]; then
        if [ "$(id -u)" -eq 0 ] && [ -n "$HTTPD_PID" ]; then
            # What was recorded outlives the run, readable by root alone.
            records "$HOME_DIR" "$RUN_HOME" && chmod 700 "$RUN_HOME"
        fi
        remove "$RUN"
    fi
    [ "$code" -ne 0 ] || [ ! -d "$RUN_HOME" ] ||
        echo "Berhenti / stopped. Catatan / records: build/spbe-guardctl" \
            "--home ${RUN_HOME#"$TOP/"} list"
    exit "$code"
}

# The process ids to watch: our parent (make) and its ancestors as long as
# they are make, with the one who called make. A caller that asked to survive
# a hang-up (nohup) is not watched.
watched()
{
    local pid=$PPID name
    if (($((16#$(sed -n 's/^SigIgn:\t//p' /proc/$$/status))) & 1)); then
        return
    fi
    while [ "$pid" -gt 1 ]; do
        echo "$pid"
        name=$(cat "/proc/$pid/comm" 2>/dev/null)
        case $name in make | gmake | setpriv) ;; *) return ;; esac
        pid=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status" 2>/dev/null)
        pid=${pid:-0}
    done
}

tell()
{
    local url=http://127.0.0.1:$PORT
    echo
    echo "mod_spbe_guard: $url/"
    if [ -n "$UPSTREAM" ]; then
        cat <<TEXT
  di depan / in front of  $UPSTREAM

  Buka / open   $url/
  Buat aplikasi Anda gagal: pengunjung mendapat halaman netral dengan nomor
  rujukan, jejaknya ada di dalam catatan.
  Make your application fail: the visitor gets a neutral page with a
  reference, the trace is in the record.

    curl -i $url/
    curl -i $url/halaman-yang-gagal
    curl -i -H 'Accept: application/json' $url/halaman-yang-gagal
TEXT
        check_answer
    elif [ -r conf/samples/app/TRY ]; then
        sed "s|@URL@|$url|g; s|@CTL@|$CTL|g;
            s|@KEY@|$KEYS/private.pem|g" conf/samples/app/TRY
    fi
    if [ -n "$INCLUDE" ]; then
        printf '\n  Direktif Anda / your directives: %s\n' "$INCLUDE"
    else
        printf '\n  Direktif Anda sendiri / your own directives: %s\n' \
            'INCLUDE=/path/to/my.conf'
    fi
    cat <<TEXT

  Catatan / records:
    $CTL list
    $CTL show REFERENCE --key $KEYS/private.pem
  Tanpa kunci itu rincian tidak terbaca. Di server sungguhan kunci pribadi
  disimpan di komputer lain; lihat README, "Log rahasia".
  Without that key the details cannot be read. Of a real server it is kept on
  another machine; see README.
  Log: $RUN/logs/error.log
  Metrics: $url/spbe-guard-metrics
  Berhenti / stop: Ctrl-C
TEXT
}

check_answer()
{
    curl -sko /dev/null --max-time 3 "$UPSTREAM" 2>/dev/null
    case $? in
    7) echo "  Belum ada jawaban / nothing answers there yet: $UPSTREAM" ;;
    esac
}

[ -z "$UPSTREAM" ] || check_upstream
[ -z "$INCLUDE" ] || check_include
check_files
check_port
trap 'stop $?' EXIT
trap 'stop 0' INT TERM HUP
make_folders
[ -n "$UPSTREAM" ] || start_fpm
start_httpd
CTL="build/spbe-guardctl --home $HOME_DIR"
tell
mapfile -t WATCH < <(watched)

while sleep 1; do
    kill -0 "$HTTPD_PID" 2>/dev/null || {
        cat "$RUN"/logs/httpd.out "$RUN"/logs/error.log >&2 2>/dev/null
        HTTPD_PID=
        fail "httpd has ended"
    }
    for pid in "${WATCH[@]}"; do
        [ -d "/proc/$pid" ] || exit 0
    done
done
