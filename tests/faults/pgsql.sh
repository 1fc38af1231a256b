# SPDX-License-Identifier: Apache-2.0
#
# tests/faults/pgsql.sh - the shared database goes away: stopped and started,
# standing still, failed over to a standby. Records are delayed, none is
# missing. For run.sh.

PGSQL=(pgsql-stop pgsql-standstill pgsql-failover)

pg() { bash tests/tools/pg.sh "$@"; }

# primary: a server in D/pg with the tables in it, DATABASE its address.
primary()
{
    local code
    pg start "$D/pg" >"$D/pg.out" 2>"$D/pg.err"
    code=$?
    if [ $code -eq 77 ]; then
        REASON=$(cat "$D/pg.err")
        return 1
    fi
    [ $code -eq 0 ] || { wrong "PostgreSQL does not start"; return 1; }
    SERVERS+=("$D/pg")
    DATABASE="pgsql:$(cat "$D/pg.out")"
    own_tables
}

own_tables()
{
    "$B/spbe-guardctl" --home "$D/home" --database "$DATABASE" \
        init "${AS_LOGGER[@]}" --recipients "$D/none.pem" --yes --json \
        </dev/null >"$D/init" 2>&1 || { wrong "init"; cat "$D/init"; }
}

stop_servers()
{
    local s
    for s in "${SERVERS[@]}"; do
        pg thaw "$s" 2>/dev/null
        pg stop "$s" immediate
    done
    SERVERS=()
}

rows()
{
    pg sql "$1" "SELECT count(*) FROM spbe_guard.records
        WHERE application = 'muat'"
}

# through ACTION...: the action under load; then the index has caught up.
through()
{
    local load
    primary || return
    [ ${#BEFORE[@]} -eq 0 ] || "${BEFORE[@]}"
    pour --writers 2 --threads 2 --rate 150 --seconds "$(pick 6 30)" &
    load=$!
    sleep 2
    "$@"
    wait $load || wrong "the load failed"
    reckon
    verified
    stop_servers
}

stop_and_start_pg()
{
    pg stop "$D/pg" immediate
    sleep "$(pick 2 15)"
    pg start "$D/pg" >/dev/null || wrong "PostgreSQL does not start again"
}
pgsql_stop() { through stop_and_start_pg; }

stand_still()
{
    pg freeze "$D/pg"
    sleep "$(pick 2 20)"
    pg thaw "$D/pg"
}
pgsql_standstill() { through stand_still; }

# The primary dies, the standby takes over; both are in the address.
add_standby()
{
    pg standby "$D/pg2" "$D/pg" >/dev/null || wrong "no standby"
    SERVERS+=("$D/pg2")
    DATABASE="pgsql:host=$D/pg,$D/pg2 dbname=postgres user=postgres"
    DATABASE="$DATABASE target_session_attrs=read-write"
}
fail_over()
{
    wait_for caught_up
    pg stop "$D/pg" immediate
    sleep 1
    pg promote "$D/pg2" || wrong "the standby is not promoted"
}
# What the standby has not got is known to the archive; the index must notice.
caught_up() { [ "$(rows "$D/pg2")" -gt 50 ]; }
pgsql_failover()
{
    BEFORE=(add_standby)
    through fail_over
}
