#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/bench/log.sh - the confidential log: how many records a second it makes
# durable, and what a record costs the child that writes it.
#
# Throughput is counted when the pipe is empty and everything in the archive:
# records / time from the first to then. The second number is the same until
# the index has them, too. Nothing here fails for being slow.
#
# Environment: SECONDS_EACH (4), ROUNDS (3), B (build).
set -u

cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
EACH=${SECONDS_EACH:-4}
ROUNDS=${ROUNDS:-3}
for program in spbe-guardlog tools/pourer tools/reckon tools/sealcost; do
    [ -x "$B/$program" ] || { echo "build first: $B/$program" >&2; exit 1; }
done
W=$(mktemp -d "${TMPDIR:-/tmp}/spbe-bench.XXXXXX") || exit 1
trap 'rm -rf "$W"' EXIT
AS_LOGGER=() AS_WRITER=()
if [ "$(id -u)" = 0 ]; then
    chmod 755 "$W"
    AS_LOGGER=(--user nobody) AS_WRITER=(--as www-data)
fi
trap 'exit 130' INT TERM HUP

median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# one SIZE WRITERS: "records/s durable, records/s in the index" of one round.
one()
{
    local said counts n
    rm -rf "$W/run" "$W/spill" "$W/home" "$W/truth"
    mkdir "$W/spill"
    [ "$(id -u)" != 0 ] || chown www-data:www-data "$W/spill"
    said=$("$B/tools/pourer" --work "$W" --size "$1" --writers "$2" \
        --seconds "$EACH" --wait 20000 "${AS_WRITER[@]}" -- \
        "$B/spbe-guardlog" --home "$W/home" --no-syslog "${AS_LOGGER[@]}") ||
        { echo "the load failed: $said" >&2; exit 1; }
    counts=$("$B/tools/reckon" "$W/home" "$W/truth") ||
        { echo "records are missing: $counts" >&2; exit 1; }
    n=$(awk '{ print $4 }' <<<"$counts")
    awk -v n="$n" '{ for (i = 1; i < NF; i++) v[$i] = $(i + 1) }
        END { printf "%.0f %.0f\n", n * 1000 / v["empty"], n * 1000 / v["took"] }' \
        <<<"$said"
}

echo "$(nproc) processors, $ROUNDS rounds of ${EACH}s each, medians"
printf '%-34s %12s %12s\n' "" "durable/s" "indexed/s"
for size in 1024 4096; do
    for writers in 1 4; do
        for _ in $(seq "$ROUNDS"); do one $size $writers; done >"$W/rounds"
        printf '%-34s %12s %12s\n' "records of $size bytes, $writers writers" \
            "$(awk '{ print $1 }' "$W/rounds" | median)" \
            "$(awk '{ print $2 }' "$W/rounds" | median)"
    done
done

openssl genpkey -algorithm X25519 -out "$W/key.pem" 2>/dev/null
openssl pkey -in "$W/key.pem" -pubout -out "$W/recipients.pem"

# Instructions of so many records more, without those of the start.
instructions()
{
    local n i
    for n in 1000 3000; do
        valgrind --tool=callgrind --callgrind-out-file=/dev/null \
            --trace-children=no "$B/tools/sealcost" "$W/recipients.pem" "$1" $n \
            2>&1 >/dev/null | awk '/Collected :/ { n = $4 } END { print n }'
    done | awk 'NR == 1 { a = $1 } NR == 2 { printf "%.0f", ($1 - a) / 2000 }'
}

echo
printf '%-34s %8s %8s %8s %14s\n' "microseconds in the child" "seal" "cut" \
    "write" "instructions"
for size in 200 1024 4096 16384; do
    for _ in $(seq "$ROUNDS"); do
        "$B/tools/sealcost" "$W/recipients.pem" $size 20000
    done >"$W/rounds"
    n=-
    ! command -v valgrind >/dev/null || n=$(instructions $size)
    printf '%-34s %8s %8s %8s %14s\n' "details of $size bytes" \
        "$(awk '{ print $2 }' "$W/rounds" | median)" \
        "$(awk '{ print $4 }' "$W/rounds" | median)" \
        "$(awk '{ print $6 }' "$W/rounds" | median)" "$n"
done
