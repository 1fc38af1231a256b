# SPDX-License-Identifier: Apache-2.0
#
# tests/faults/kills.sh - kill -9 of the logger, of writers, of everything; at
# random moments and in front of every system call. For run.sh.

KILLS=(kill-intake kill-index kill-keeper kill-all kill-early kill-sealed kill-writer
    step-archive step-intake step-index step-keeper step-thrice die-logger die-all)

# often WHO SHORT LONG SECONDS: so many kills under load, each at a random
# moment, in so many seconds at most. (A child that was killed within a second is
# started again after one, so most of the time there is none: what comes in then
# has to find room in the spill folder.)
often()
{
    local times
    times=$(pick "$2" "$3")
    pour --writers 3 --threads 2 --rate "$(pick 300 80)" --kill "$1:10:120:$times" \
        --seconds "$(awk -v n="$times" -v each="$4" \
            'BEGIN { print int(n * each) + 2 }')" "${@:5}"
    reckon
    verified
    enough_kills "$times"
}

# What pourer says of itself is in the scenario's output.
enough_kills()
{
    local kills
    kills=$(sed -n 's/^kills \([0-9]*\) .*/\1/p' "$D/out" |
        awk '{ n += $1 } END { print n + 0 }')
    [ "$kills" -ge $(($1 * 8 / 10)) ] || wrong "only $kills kills of $1"
    note "kills $kills"
}

kill_intake() { often intake 4 80 1.1; }
kill_index() { often index 3 40 1.1; }
kill_keeper() { often keeper 5 60 0.07; }
kill_all() { often all 5 60 0.07; }

# Again before it has got anywhere.
kill_early()
{
    local times
    times=$(pick 12 120)
    pour --writers 2 --threads 2 --seconds $((times / 20 + 2)) --rate 500 \
        --kill "any:0:25:$times"
    reckon
    verified
    enough_kills "$times"
}

# The same with sealed details: what opens them is never missing.
kill_sealed()
{
    openssl genpkey -algorithm X25519 -out "$D/key.pem" 2>/dev/null
    { echo "# name: uji"
      openssl pkey -in "$D/key.pem" -pubout; } >"$D/recipients.pem"
    chmod 644 "$D"/*.pem
    KEY=(--key "$D/key.pem")
    often any 6 60 0.3 --recipients "$D/recipients.pem"
}

# Killed writers: what they had begun is whole, or reported with its number;
# one record of each thread at most.
kill_writer()
{
    local times
    times=$(pick 6 60)
    pour --writers 4 --threads 2 --seconds $((times / 10 + 2)) --rate 2000 \
        --kill "writer:20:150:$times"
    reckon --lost "0:$((2 * times))"
    verified
    enough_kills "$times"
}

# The archive alone, with a new signer and a new segment every few groups:
# killed at a call, and again at a call of what mends it.
archive_step()
{
    local n
    rm -rf "${D:?}/home" "$D/truth" "$D/steps"
    mkdir "$D/home"
    for n in "$@"; do
        "$B/tools/stepper" --program --times 9 "$D/steps" "$n" \
            "$B/tools/appender" "$D/home" "$D/truth" 20
        rm -f "$D/steps.last"
        mv "$D/steps" "$D/steps.last"
    done
    "$B/tools/appender" "$D/home" "$D/truth" 20 || wrong "appender"
    reckon
    verified
}

step_archive()
{
    local all i n again
    INDEX=()
    archive_step 1000000
    all=$(sed -n 's/^ended at call \([0-9]*\).*/\1/p' "$D/steps.last")
    for i in $(seq "$(pick 12 "$all")"); do
        n=$i
        [ -n "$LONG" ] || n=$((100 + RANDOM % (all - 100)))
        again=$((80 + RANDOM % 120))
        archive_step "$n" "$again"
        [ $BAD -eq 0 ] || { wrong "with kills at calls $n, $again"; break; }
    done
    note "kills $((2 * i)), $all calls"
}

# one_step N OPTIONS...: a run from a filled pipe to its end, with a kill in
# front of the Nth call.
one_step()
{
    local n=$1
    shift
    mkdir -p "$D/spill"
    STEPPER=("$B/tools/stepper" "$@" "$D/steps" "$n")
    rm -rf "${D:?}/home" "$D/truth" "$D/steps" "$D/run"
    pour --writers 2 --records 12 --prefill 1 --patience 60
    reckon
    verified
}

# steps SHORT OPTIONS...: every call, or so many of them from the first to the
# last.
steps()
{
    local short=$1 all n i done=0
    shift
    one_step 1000000 "$@"
    all=$(sed -n 's/^ended at call \([0-9]*\).*/\1/p' "$D/steps" | head -1)
    if [ -z "$all" ] || [ "$all" -lt 20 ]; then
        wrong "${all:-no} calls were counted"
        return
    fi
    for i in $(seq "$(pick "$short" "$all")"); do
        n=$i
        [ -n "$LONG" ] || n=$((1 + (i - 1) * all / short + RANDOM % (all / short)))
        one_step "$n" "$@"
        ! grep -q killed "$D/steps" || done=$((done + 1))
        if [ $BAD -ne 0 ]; then
            wrong "with a kill at call $n of $all"
            break
        fi
    done
    [ "$done" -ge $((short / 2)) ] || wrong "only $done kills"
    note "kills $done of $all calls"
}

step_intake() { steps 10; }
step_index() { steps 5 --second; }
step_keeper() { steps 5 --program; }
# The one that comes after it, too, at the same place.
step_thrice() { steps 5 --times 3; }

# Parent and logger at once: what was in the pipe is gone and is said so by the
# next logger, with its numbers. Then the writers go on, and spill.
died()
{
    local rounds=$1 i
    shift
    for i in $(seq "$rounds"); do
        pour_to_death --writers 3 --threads 2 --rate 300 --seconds 2 "$@"
    done
    # The writers that were left end by their own time.
    sleep 2
    pour --writers 2 --records 200
    # No more than a pipe holds.
    reckon --lost "0:$((rounds * 1500))"
    verified
    note "deaths $rounds"
}

die_logger() { died "$(pick 2 20)" --die 900; }
die_all() { died "$(pick 2 20)" --die 700:all; }
