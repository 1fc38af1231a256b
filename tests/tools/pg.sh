#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tools/pg.sh - a PostgreSQL server of its own for a test.
#
#   pg.sh start DIR            makes DIR/data when it is missing and starts it;
#                              prints the connection string of its superuser
#   pg.sh standby DIR PRIMARY  a hot standby in DIR that follows the one in PRIMARY
#   pg.sh promote DIR          makes the standby a primary
#   pg.sh stop DIR [immediate] stops it (immediate: as a crash does)
#   pg.sh freeze|thaw DIR      SIGSTOP and SIGCONT for all its processes
#   pg.sh sql DIR SQL          as the superuser; prints what it answers
#   pg.sh file DIR FILE        the same with a file
#   pg.sh pid DIR              of the running server
#
# Listens on a socket in DIR and nowhere else. DIR belongs to the test; as root
# the server runs as postgres, or nobody, who must be able to reach it (chmod
# 755 what mkdtemp made). Exit 77: PostgreSQL is not installed.
set -u

fail()
{
    echo "pg.sh: $*" >&2
    exit 1
}

bin=$(ls -d /usr/lib/postgresql/*/bin /usr/local/pgsql/bin 2>/dev/null |
    sort -V | tail -1)
[ -n "$bin" ] && [ -x "$bin/initdb" ] || {
    echo "pg.sh: PostgreSQL is not installed (no initdb)" >&2
    exit 77
}
[ $# -ge 2 ] || fail "see the head of this file"
verb=$1 dir=$2
shift 2
case $dir in /*) ;; *) dir=$PWD/$dir ;; esac

user=postgres
id -u $user >/dev/null 2>&1 || user=nobody
as()
{
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && exec runuser -u $user -- "$@")
    else
        (cd / && exec "$@")
    fi
}

make_dir()
{
    mkdir -p "$dir" && chmod 755 "$dir" || fail "cannot make $dir"
    [ "$(id -u)" -ne 0 ] || chown $user "$dir"
}

settings()
{
    cat <<END
listen_addresses = ''
unix_socket_directories = '$dir'
unix_socket_permissions = 0777
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 16MB
max_connections = 60
max_wal_senders = 4
wal_level = replica
hot_standby = on
autovacuum = off
log_min_messages = warning
timezone = 'UTC'
END
}

start()
{
    as env LC_ALL=C "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start \
        >/dev/null || { tail -20 "$dir/log" >&2; fail "does not start"; }
    echo "host=$dir dbname=postgres user=postgres"
}

case $verb in
start)
    make_dir
    if [ ! -e "$dir/data/PG_VERSION" ]; then
        as env LC_ALL=C "$bin/initdb" -D "$dir/data" -U postgres -A trust \
            -E UTF8 --locale=C.UTF-8 --no-sync >"$dir.initdb" 2>&1 ||
            { cat "$dir.initdb" >&2; fail "initdb failed"; }
        rm -f "$dir.initdb"
        settings | as tee -a "$dir/data/postgresql.conf" >/dev/null
    fi
    start
    ;;
standby)
    [ $# -eq 1 ] || fail "standby DIR PRIMARY"
    case $1 in /*) ;; *) set -- "$PWD/$1" ;; esac
    make_dir
    as "$bin/pg_basebackup" -h "$1" -U postgres -D "$dir/data" -R -X stream \
        -c fast --no-sync || fail "pg_basebackup failed"
    settings | as tee -a "$dir/data/postgresql.conf" >/dev/null
    start
    ;;
promote)
    as "$bin/pg_ctl" -D "$dir/data" -w -t 60 promote >/dev/null
    ;;
stop)
    [ -e "$dir/data/postmaster.pid" ] || exit 0
    as "$bin/pg_ctl" -D "$dir/data" -m "${1:-fast}" -w -t 60 stop >/dev/null
    ;;
freeze | thaw)
    pid=$(head -1 "$dir/data/postmaster.pid") || fail "does not run"
    signal=STOP
    [ $verb = freeze ] || signal=CONT
    # The server first: it must start no new process in between.
    kill -$signal "$pid" $(ps -o pid= --ppid "$pid")
    ;;
sql)
    as env PGOPTIONS='-c client_min_messages=error' "$bin/psql" -h "$dir" \
        -U postgres -d "${PGDATABASE:-postgres}" -X -q -A -t \
        -v ON_ERROR_STOP=1 -c "$1"
    ;;
file)
    [ -r "$1" ] || fail "no file $1"
    as "$bin/psql" -h "$dir" -U postgres -d postgres -X -q -A -t \
        -v ON_ERROR_STOP=1 <"$1"
    ;;
pid)
    head -1 "$dir/data/postmaster.pid"
    ;;
*)
    fail "see the head of this file"
    ;;
esac
