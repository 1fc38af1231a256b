#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# guards/run.sh - "make run" does what the README says: with the sample
# application and with UPSTREAM=, as this user, and leaves nothing running.
set -u
cd "$(dirname "$0")/../.." || exit 1
W=$(mktemp -d "${TMPDIR:-/tmp}/spbe-run-guard.XXXXXX") || exit 1
export TMPDIR=$W RUN_HOME=$W/kept BUILD=${BUILD:-$PWD/build}
chmod 755 "$W"
bad=0 n=0
PID= UP=
trap 'kill $PID $UP 2>/dev/null; wait; rm -rf "$W"' EXIT

ok()
{
    n=$((n + 1))
    if ! "${@:2}" >/dev/null 2>&1; then
        echo "not so: $1"
        bad=1
    fi
}
free_port()
{
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1,
        LocalAddr => "127.0.0.1")->sockport'
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
not() { ! "$@"; }
wait_for()
{
    for _ in $(seq 150); do
        "$@" 2>/dev/null && return 0
        sleep 0.1
    done
    return 1
}
start()
{
    conf/samples/run.sh >"$W/out" 2>&1 </dev/null &
    PID=$!
    wait_for grep -q Ctrl-C "$W/out" || {
        echo "does not start:"
        cat "$W/out"
        bad=1
    }
}
stop()
{
    kill -TERM $PID
    wait_for not kill -0 $PID
    ok "stops" not kill -0 $PID
    ok "nothing listens any more" not listens "$PORT"
    ok "leaves no folder" not ls -d "$W"/spbe-guard-run.*
    PID=
}
get() { curl -s -D "$W/head" -o "$W/body" --max-time 20 "http://127.0.0.1:$PORT$1"; }
ref() { sed -n 's/^X-Request-Ref: \([0-9A-Z*~$=-]*\).*/\1/p' "$W/head"; }
home() { sed -n 's/.*--home \([^ ]*\) list$/\1/p' "$W/out"; }

export PORT UPSTREAM= INCLUDE=
PORT=$(free_port)
start
get /gagal/pengecualian.php
ok "a failing page is replaced" grep -q '^HTTP/1.1 500' "$W/head"
ok "nothing of PHP is in it" not grep -qiE 'stack trace|\.php|Exception' "$W/body"
ok "it has a reference" test -n "$(ref)"
ok "the reference finds the record" \
    wait_for "$BUILD/spbe-guardctl" --home "$(home)" show "$(ref)"
show="'$BUILD/spbe-guardctl' --home '$(home)' show '$(ref)' --json"
ok "without a key the details cannot be read" \
    sh -c "! $show | grep -qF 'tampilkan'"
ok "the run says with which key they can" grep -qF -e "--key $W/keys/private.pem" "$W/out"
ok "the record has the trace" sh -c \
    "$show --key '$W/keys/private.pem' | grep -qF 'tampilkan'"
ok "the error log has it not" not grep -rqF tampilkan "$W"/spbe-guard-run.*/logs/error.log
ok "the key is for its owner alone" test "$(stat -c %a "$W/keys/private.pem")" = 600
get /
ok "a page that works is untouched" grep -q '^HTTP/1.1 200' "$W/head"
get /.env
ok ".env is hidden" grep -q '^HTTP/1.1 404' "$W/head"
get /spbe-guard-metrics
ok "metrics" grep -q '^spbe_guard_' "$W/body"
ok "a second one on the same port says so" sh -c \
    "conf/samples/run.sh 2>&1 | grep -q 'port $PORT is in use'"
ok "the server is no root process" not sh -c \
    "ps -o user=,args= -C apache2 | grep -F '$W' | grep -q '^root'"
stop

# A stand-in for the administrator's own application.
UPORT=$(free_port)
perl -MIO::Socket::INET -e '
    my $l = IO::Socket::INET->new(Listen => 5, ReuseAddr => 1,
        LocalAddr => "127.0.0.1:$ARGV[0]") or die;
    while (my $c = $l->accept) {
        my $h = "";
        while (<$c>) { $h .= $_; last if /^\r?$/ }
        my $t = $h =~ m{^GET /gagal} ? "Traceback (most recent call last):\n"
            . "  File \"/srv/app.py\", line 3, in simpan\nValueError: rusak\n"
            : $h;
        my $s = $h =~ m{^GET /gagal} ? 500 : 200;
        print $c "HTTP/1.1 $s X\r\nContent-Type: text/plain\r\n",
            "Connection: close\r\nContent-Length: ", length $t, "\r\n\r\n$t";
    }' "$UPORT" &
UP=$!
wait_for listens "$UPORT"
UPSTREAM=http://127.0.0.1:$UPORT
PORT=$(free_port)
start
get '/halaman%2Fsatu?x=1'
ok "the application gets the address as it was sent" \
    grep -q '^GET /halaman%2Fsatu?x=1 ' "$W/body"
ok "X-Forwarded-For" grep -qi '^X-Forwarded-For: 127.0.0.1' "$W/body"
ok "X-Forwarded-Proto" grep -qi '^X-Forwarded-Proto: http' "$W/body"
get /gagal
ok "its failing page is replaced" grep -q '^HTTP/1.1 500' "$W/head"
ok "nothing of Python is in it" not grep -q Traceback "$W/body"
ok "the reference finds the record" \
    wait_for "$BUILD/spbe-guardctl" --home "$(home)" show "$(ref)"
stop

# Directives of one's own, behind those of the run.
cat >"$W/own.conf" <<'CONF'
<Location />
    Header always set X-Own yes
</Location>
<Location /simpan.php>
    SpbeGuardParam nama nama required maxlen=3
</Location>
CONF
UPSTREAM= INCLUDE=$W/own.conf PORT=$(free_port)
start
get /
ok "a directive of one's own" grep -q '^X-Own: yes' "$W/head"
get '/simpan.php?nama=Budi'
ok "it comes behind those of the run" grep -q '^HTTP/1.1 422' "$W/head"
ok "and the run names the file" grep -qF "$W/own.conf" "$W/out"
# Both at once, and again while it stops.
kill -TERM $PID; kill -TERM $PID; kill -HUP $PID; sleep 0.2; kill -TERM $PID
wait_for not kill -0 $PID
ok "stops, however often it is told" not kill -0 $PID
ok "nothing listens any more" not listens "$PORT"
ok "leaves no folder" not ls -d "$W"/spbe-guard-run.*
PID=
echo 'SpbeGuardNothing On' >"$W/own.conf"
PORT=$(free_port) conf/samples/run.sh >"$W/out" 2>&1
ok "a wrong directive is explained" grep -q "line 1 of $W/own.conf" "$W/out"
ok "leaves no folder" not ls -d "$W"/spbe-guard-run.*
INCLUDE=$W/none.conf PORT=$(free_port) conf/samples/run.sh >"$W/out" 2>&1
ok "a file that is not there is explained" grep -q "$W/none.conf: there is no such file" "$W/out"
chmod 000 "$W/own.conf"
PORT=$(free_port) conf/samples/run.sh >"$W/out" 2>&1
ok "one that cannot be read as well" grep -q "$W/own.conf: cannot be read by" "$W/out"
INCLUDE=
UPSTREAM='ftp://127.0.0.1' PORT=$(free_port) conf/samples/run.sh >"$W/out" 2>&1
ok "a wrong UPSTREAM is explained" grep -q 'expected is the address' "$W/out"
PORT=80 conf/samples/run.sh >"$W/out" 2>&1
ok "a port for root is explained" grep -q 'from 1024' "$W/out"

echo "checked: $n claims"
exit $bad
