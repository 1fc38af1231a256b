#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/faults/run.sh [--long] [--keep] [SCENARIO...] - what the log must
# survive: kills at every moment, full and read-only disks, standstills, stops,
# a database that goes away. Every record has known content; each scenario
# prints how many were accepted, found, twice there, spilled and lost, and
# fails on any difference.
#
# --long    every system call, hundreds of kills, a minute of standstill
# --keep    leaves the folder of each scenario, and says where
# SCENARIO  only these; --list names them
#
# As root the logger drops to the user nobody and the writers are www-data, as
# on a server; else everything is this user. B= is the build folder, JOBS= how
# many run at a time.
set -u
cd "$(dirname "$0")/../.." || exit 1
export B=${B:-$PWD/build}
LONG= KEEP= LIST= WANTED=()
JOBS=${JOBS:-5}
for arg in "$@"; do
    case $arg in
    --long) LONG=1 ;;
    --keep) KEEP=1 ;;
    --list) LIST=1 ;;
    -*) sed -n '4,/^set -u/{/^set -u/d;s/^# \{0,1\}//;p}' "$0"; exit 2 ;;
    *) WANTED+=("$arg") ;;
    esac
done

. tests/faults/lib.sh
. tests/faults/kills.sh
. tests/faults/disk.sh
. tests/faults/hostile.sh
. tests/faults/httpd.sh
. tests/faults/pgsql.sh
SCENARIOS=("${KILLS[@]}" "${DISK[@]}" "${HOSTILE[@]}" "${HTTPD[@]}" "${PGSQL[@]}")
[ -z "$LIST" ] || { printf '%s\n' "${SCENARIOS[@]}"; exit 0; }
[ ${#WANTED[@]} -gt 0 ] || WANTED=("${SCENARIOS[@]}")

for program in spbe-guardlog spbe-guardctl tools/pourer tools/reckon; do
    [ -x "$B/$program" ] || { echo "build first: $B/$program"; exit 1; }
done
W=$(mktemp -d "${TMPDIR:-/tmp}/spbe-faults.XXXXXX") || exit 1
chmod 755 "$W"
AS_LOGGER=() AS_WRITER=()
if [ "$(id -u)" = 0 ]; then
    AS_LOGGER=(--user nobody) AS_WRITER=(--as www-data)
fi
ulimit -c 0

# What a scenario leaves running when it is ended from outside.
clean_up()
{
    local p
    for p in $(jobs -p); do kill -TERM "$p" 2>/dev/null; done
    stop_httpd
    stop_servers
    for p in "${MOUNTS[@]}"; do umount -l "$p" 2>/dev/null; done
    wait 2>/dev/null
}

# A scenario is a function; whatever goes wrong in it sets BAD. In a process of
# its own; its verdict is in D/verdict.
scenario()
{
    local name=$1 began=$SECONDS text
    BAD=0 STEPPER=() KEY=() MORE=() LOST=() BEFORE=() MOUNTS=() SERVERS=()
    INDEX=(--index file) DATABASE= H= REASON=
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    begin "$name"
    "${name//-/_}" >"$D/out" 2>&1
    text="$(summed)$(cat "$D/note")($((SECONDS - began)) s)"
    if [ -n "$REASON" ]; then
        echo "ok - $name # SKIP $REASON"
        echo "NOTE faults: $name was not run: $REASON"
    elif [ $BAD -eq 0 ]; then
        echo "ok - $name: $text"
    else
        echo "not ok - $name: $text"
        tail -30 "$D/out" | sed 's/^/    | /'
        keep_evidence "$name" 2>/dev/null
    fi >"$D/verdict.new"
    mv "$D/verdict.new" "$D/verdict"
}

keep_evidence()
{
    rm -rf "$B/faults/$1"
    mkdir -p "$B/faults/$1" &&
        cp "$D"/{out,note,verify,error.log,truth*} "$B/faults/$1/"
}

# Prints the verdicts that have come since the last time.
tell()
{
    local file
    for file in "$W"/*/verdict; do
        [ -e "$file" ] || continue
        COUNT=$((COUNT + 1))
        sed "1s/ok - /ok $COUNT - /" "$file"
        ! grep -q '^not ok' "$file" || FAILED+=("$(basename "${file%/verdict}")")
        mv "$file" "$file.told"
        [ -n "$KEEP" ] || rm -rf "${file%/verdict}"
    done
}

stop_all()
{
    local p
    for p in $(jobs -p); do kill -TERM "$p" 2>/dev/null; done
    wait 2>/dev/null
    [ -n "$KEEP" ] || rm -rf "$W"
}
trap stop_all EXIT
trap 'exit 130' INT TERM HUP

COUNT=0 FAILED=()
echo "1..${#WANTED[@]}"
# As long as so many are running, or more.
tell_while()
{
    while [ "$(jobs -rp | wc -l)" -ge "$1" ]; do
        tell
        sleep 0.1
    done
}
for name in "${WANTED[@]}"; do
    tell_while "$JOBS"
    scenario "$name" &
done
tell_while 1
tell
[ -z "$KEEP" ] || echo "kept: $W"
echo "checked: $COUNT scenarios"
[ ${#FAILED[@]} -eq 0 ] || echo "FAILED: ${FAILED[*]}"
[ ${#FAILED[@]} -eq 0 ] && [ "$COUNT" -eq ${#WANTED[@]} ]
