#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/bench/bench.sh [CASE...] - what the guard costs: throughput beside plain
# httpd in the same run.
#
# Two servers with the same configuration, one of them with the guard On, are
# loaded in turn, so that a noisy neighbour hits both. The share is guarded /
# plain of one round; shown are least, median and greatest of the rounds. Both
# stand before the same plain httpd as the application.
#
# Environment: ROUNDS (7), SECONDS_EACH (3), CONNECTIONS (16), MPM (event).
set -u

cd "$(dirname "$0")/../.." || exit 1
TOP=$PWD
ROUNDS=${ROUNDS:-7}
EACH=${SECONDS_EACH:-3}
CONNECTIONS=${CONNECTIONS:-16}
MPM=${MPM:-event}
HTTPD=${HTTPD:-/usr/sbin/apache2}
MODULES=$(apxs -q LIBEXECDIR)
PIDS=()

fail()
{
    echo "bench: $*" >&2
    exit 1
}

command -v wrk >/dev/null || fail "wrk is missing: make -f apxs.mk deps-bench"
[ -e build/mod_spbe_guard.so ] || fail "build first: make -f apxs.mk"
W=$(mktemp -d "${TMPDIR:-/tmp}/spbe-bench.XXXXXX") || exit 1
AS=
[ "$(id -u)" -ne 0 ] || AS="setpriv --reuid=www-data --regid=www-data --init-groups"

stop()
{
    local p
    for p in "${PIDS[@]}"; do kill -TERM "$p" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$W"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

free_ports()
{
    perl -MIO::Socket::INET -e 'my @s = map { IO::Socket::INET->new(Listen => 1,
        LocalAddr => "127.0.0.1") } 1 .. 3; print join " ", map { $_->sockport } @s'
}

#
# What is asked for: file name, size, and how it begins.
#

page()
{
    perl -e '
        my ($size) = @ARGV;
        my $head = "<!DOCTYPE html>\n<html lang=\"id\"><head><title>Permohonan"
            . "</title></head><body>\n<h1>Daftar permohonan</h1>\n<table>\n";
        my $tail = "</table></body></html>\n";
        my ($text, $n) = ($head, 0);
        while (length($text) + length($tail) < $size) {
            $n++;
            $text .= sprintf "<tr><td>%05d</td><td><a href=\"/izin/%d\">Surat"
                . " keterangan nomor %d/DPMPTSP/2026</a></td><td>selesai</td>"
                . "</tr>\n", $n, $n * 7, $n * 13;
        }
        print $text, $tail' "$1"
}

failure()
{
    cat <<'TEXT'
Status: 500 Internal Server Error
Content-Type: text/html; charset=utf-8

<br />
<b>Fatal error</b>:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /var/www/izin/app/Model.php:41
Stack trace:
#0 /var/www/izin/app/Model.php(41): PDO-&gt;__construct('mysql:host=db;d...', 'izin', 'x')
#1 /var/www/izin/app/Permohonan.php(88): Model-&gt;sambung()
#2 /var/www/izin/public/index.php(19): Permohonan-&gt;daftar(Array)
#3 {main}
  thrown in <b>/var/www/izin/app/Model.php</b> on line <b>41</b><br />
TEXT
}

# A form of 0.9 KB and JSON of 1.6 KB, and what each must be.
form_lua()
{
    cat <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.body = "nama=Nur%27aini+Contoh%2C+S.Kom.%2C+M.T.&nik=2171994508909999"
    .. "&tanggal_lahir=1990-08-05&email=warga%40contoh.example"
    .. "&hp=0812-0000-0000&kode_pos=29400&keperluan=sekolah&jumlah=2"
    .. "&alamat=Jl.+A.+Yani+No.+1%2F2+RT+03%2FRW+05%2C+Batam+Kota&catatan="
    .. string.rep("Mohon+diproses+sebelum+tanggal+dua+puluh.+", 15)
LUA
}

json_lua()
{
    cat <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local anggota = {}
for i = 1, 12 do
    anggota[i] = '{"nama":"Contoh Warga ' .. string.char(64 + i)
        .. '","nik":"2171994508909999","lahir":"1990-08-05","hubungan":"anak"}'
end
wrk.body = '{"no_kk":"2171990102209999","alamat":"Jl. A. Yani No. 1/2 RT 03/RW 05"'
    .. ',"kode_pos":"29400","jumlah":12,"sah":true,"catatan":"'
    .. string.rep("Mohon diproses. ", 20) .. '","anggota":['
    .. table.concat(anggota, ",") .. ']}'
LUA
}

policy()
{
    cat <<'JSON'
{ "openapi": "3.1.0", "info": { "title": "Bangku uji", "version": "1" },
  "paths": {
    "/app/formulir": { "post": { "requestBody": { "required": true,
      "content": { "application/x-www-form-urlencoded": { "schema": {
        "type": "object", "additionalProperties": false,
        "required": ["nama", "nik", "tanggal_lahir", "email", "hp", "alamat"],
        "properties": {
          "nama": { "type": "string", "format": "nama", "maxLength": 100 },
          "nik": { "type": "string", "format": "nik" },
          "tanggal_lahir": { "type": "string", "format": "date" },
          "email": { "type": "string", "format": "email" },
          "hp": { "type": "string", "format": "hp" },
          "kode_pos": { "type": "string", "format": "kode_pos" },
          "keperluan": { "enum": ["sekolah", "pekerjaan", "lainnya"] },
          "jumlah": { "type": "integer", "minimum": 1, "maximum": 5 },
          "alamat": { "type": "string", "format": "alamat" },
          "catatan": { "type": "string", "format": "teks_bebas", "maxLength": 2000 }
        } } } } } } },
    "/app/json": { "post": { "requestBody": { "required": true,
      "content": { "application/json": { "schema": {
        "type": "object", "additionalProperties": false,
        "required": ["no_kk", "alamat", "anggota"],
        "properties": {
          "no_kk": { "type": "string", "format": "no_kk" },
          "alamat": { "type": "string", "format": "alamat" },
          "kode_pos": { "type": "string", "format": "kode_pos" },
          "jumlah": { "type": "integer", "minimum": 1 },
          "sah": { "type": "boolean" },
          "catatan": { "type": "string", "pattern": "^[\\p{L}\\p{N} .,]{0,1000}$" },
          "anggota": { "type": "array", "maxItems": 50, "items": {
            "type": "object", "additionalProperties": false,
            "required": ["nama", "nik", "lahir"],
            "properties": {
              "nama": { "type": "string", "minLength": 2, "maxLength": 100 },
              "nik": { "type": "string", "format": "nik" },
              "lahir": { "type": "string", "format": "date" },
              "hubungan": { "enum": ["suami", "istri", "anak"] }
            } } }
        } } } } } } }
  } }
JSON
}

mkdir -p "$W/docs" "$W/app" "$W/home" "$W/lib"
form_lua >"$W/form.lua"
json_lua >"$W/json.lua"
policy >"$W/policy.json"
cp build/mod_spbe_guard.so build/spbe-guardlog "$W/lib/"
page 1024 >"$W/docs/1k.html"
page 1024 >"$W/app/1k.html"
page 4096 >"$W/app/4k.html"
page 102400 >"$W/app/100k.html"
failure >"$W/app/gagal.asis"

#
# Three servers: the application, plain and guarded in front of it.
#

conf()
{
    local name=$1 port=$2 m
    for m in "mpm_$MPM" authz_core mime alias env setenvif headers asis \
        proxy proxy_http; do
        [ -e "$MODULES/mod_$m.so" ] &&
            echo "LoadModule ${m}_module $MODULES/mod_$m.so"
    done
    cat <<CONF
ServerRoot "$W"
ServerName localhost
Listen 127.0.0.1:$port
PidFile "$W/$name.pid"
DefaultRuntimeDir "$W"
ErrorLog "$W/$name.log"
CustomLog "$W/$name.access" "%h %t \"%r\" %>s %b"
TypesConfig /etc/mime.types
KeepAlive On
MaxKeepAliveRequests 0
<IfModule !mpm_prefork_module>
    StartServers 2
    ThreadsPerChild 25
    MinSpareThreads 50
    MaxSpareThreads 100
    MaxRequestWorkers 100
</IfModule>
<IfModule mpm_prefork_module>
    StartServers 20
    MinSpareServers 20
    MaxSpareServers 40
    MaxRequestWorkers 64
</IfModule>
CONF
}

front_conf()
{
    cat <<CONF
DocumentRoot "$W/docs"
ProxyPass /app/ http://127.0.0.1:$APP/ keepalive=On
CONF
}

guard_conf()
{
    cat <<CONF
LoadModule spbe_guard_module $W/lib/mod_spbe_guard.so
SpbeGuardLog "|$W/lib/spbe-guardlog --home $W/home"
SpbeGuardEngine On
SpbeGuardApplication "Bangku uji" dev=a sysadmin=b
<Location /app/formulir>
    SpbeGuardPolicy "$W/policy.json"
</Location>
<Location /app/json>
    SpbeGuardPolicy "$W/policy.json"
</Location>
CONF
}

start()
{
    local name=$1 port=$2
    $AS setsid "$HTTPD" -f "$W/$name.conf" -DFOREGROUND >"$W/$name.out" 2>&1 &
    PIDS+=($!)
    for _ in $(seq 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
        sleep 0.1
    done
    cat "$W/$name.out" "$W/$name.log" >&2
    fail "$name did not start"
}

read -r APP PLAIN GUARD < <(free_ports; echo)
{ conf app "$APP"; printf 'DocumentRoot "%s"\nAddHandler send-as-is asis\n' \
    "$W/app"; printf 'Redirect 204 /%s\n' formulir json; } >"$W/app.conf"
{ conf plain "$PLAIN"; front_conf; } >"$W/plain.conf"
{ conf guard "$GUARD"; front_conf; guard_conf; } >"$W/guard.conf"
chmod 755 "$W"
[ -z "$AS" ] || chown -R www-data:www-data "$W"
start app "$APP"
start plain "$PLAIN"
start guard "$GUARD"

# Requests a second of one run; a case with a script must be answered 204.
load()
{
    wrk -t2 -c"$CONNECTIONS" -d"${2:-$EACH}s" ${SCRIPT:+-s "$W/$SCRIPT"} \
        "http://127.0.0.1:$1" >"$W/wrk.out"
    if [ -n "$SCRIPT" ] && grep -q '^ *Non-2xx' "$W/wrk.out"; then
        fail "$1: $(grep Non-2xx "$W/wrk.out")"
    fi
    awk '/^Requests\/sec/ { print $2 }' "$W/wrk.out"
}

measure()
{
    local name=$1 path=$2 target=$3 i
    load "$PLAIN$path" 1 >/dev/null
    load "$GUARD$path" 1 >/dev/null
    for i in $(seq "$ROUNDS"); do
        # The order changes, so that none is always the first.
        if [ $((i % 2)) -eq 0 ]; then
            echo "$(load "$PLAIN$path") $(load "$GUARD$path")"
        else
            load "$GUARD$path" >"$W/g"
            echo "$(load "$PLAIN$path") $(cat "$W/g")"
        fi
    done | awk -v name="$name" -v target="$target" '
        function sort(a, n,   i, j, t) {
            for (i = 2; i <= n; i++)
                for (j = i; j > 1 && a[j] < a[j - 1]; j--) {
                    t = a[j]; a[j] = a[j - 1]; a[j - 1] = t
                }
        }
        $1 > 0 { n++; p[n] = $1 + 0; g[n] = $2 + 0; s[n] = $2 / $1 }
        END {
            sort(p, n); sort(g, n); sort(s, n); m = int((n + 1) / 2)
            printf "%-30s %9.0f %9.0f   %.3f  %.3f  %.3f   %s\n", name,
                p[m], g[m], s[1], s[m], s[n], target
        }'
}

six='a=1&nama=Budi+Santoso&tanggal=2026-01-31&halaman=3&urut=nama&q=surat+izin'
echo "$MPM, $CONNECTIONS connections, $ROUNDS rounds of ${EACH}s each," \
    "$(nproc) processors, guard On, records written"
printf '%-30s %9s %9s   %s\n' "" "plain/s" "guard/s" "share: least median most, aim"
want=" $* "
SCRIPT=
case_()
{
    [ "$want" = "  " ] || [[ $want == *" $1 "* ]] || return 0
    measure "$2" "$3" "$4"
}
case_ static "static, 1 KB" /1k.html 0.97
case_ params "GET with 6 parameters, 1 KB" "/app/1k.html?$six" 0.95
SCRIPT=form.lua
case_ form "typed form, 0.9 KB" /app/formulir 0.92
SCRIPT=json.lua
case_ json "JSON with a schema, 1.6 KB" /app/json 0.90
SCRIPT=
case_ 4k "proxied HTML, 4 KB" /app/4k.html 0.95
case_ 100k "proxied HTML, 100 KB" /app/100k.html 0.90
case_ fail "failing application" /app/gagal.asis 0.60

lost=$(grep -c SG0012 "$W/guard.log")
[ "$lost" -eq 0 ] || echo "records were lost: the logger did not keep up" \
    "(see spbe_guard_lost_total)"
