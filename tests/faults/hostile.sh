# SPDX-License-Identifier: Apache-2.0
#
# tests/faults/hostile.sh - what a crash, an intruder or a wrong clock leaves
# behind. For run.sh.

HOSTILE=(spill-folder torn-archive clock-jumps full-pipe)

# Files of all kinds in the spill folder: the lines among them are taken, and
# nothing else is followed, waited for or touched.
spill_folder()
{
    local s=$D/spill i part
    pour_to_death --writers 2 --threads 2 --rate 500 --wait 50 --seconds 2 \
        --freeze 200:60000 --die 1900:all
    part=$(find "$s" -name '*.part' | head -1)
    [ -n "$part" ] || wrong "nothing was spilled"
    # As a writer that is killed in the middle of a line leaves it.
    head -1 "$part" | head -c 300 >>"$part"
    echo "asing" >"$D/stranger"
    ln -s "$D/stranger" "$s/link.1.part"
    ln "$D/stranger" "$s/hard.1.part"
    mkfifo "$s/fifo.1.part"
    mkdir "$s/folder.1.part"
    : >"$s/empty.1.part"
    head -c 20000 /dev/zero | tr '\0' 'x' >"$s/long.1.part"
    printf 'satu\n{"v":1}\n\377\376\n' >"$s/nonsense.1.part"
    head -c 300000 /dev/urandom >"$s/random.1.part"
    echo "catatan" >"$s/README"
    for i in $(seq 300); do echo "$i" >"$s/many.$i.part"; done
    [ "$(id -u)" != 0 ] || chown -h www-data:www-data "$s"/*
    pour --writers 2 --records 300
    reckon --malformed any --lost 0:100000
    verified
    [ -s "$D/stranger" ] || wrong "a file outside was changed"
    [ -L "$s/link.1.part" ] || wrong "a link was taken away"
    [ -e "$s/README" ] || wrong "a file that is no spill was taken away"
    [ ! -e "$part" ] || wrong "$part was not taken"
    [ ! -e "$s/nonsense.1.part" ] || wrong "malformed lines were not kept"
}

last_segment() { find "${H:-$D/home}/archive" -name '*.jsonl' | sort | tail -1; }

# What a crash leaves behind the last signature, in every length.
torn_archive()
{
    local i last line sizes
    sizes=$(pick "1 700 6000" "1 2 10 100 300 700 1500 4096 5000 6000 20000")
    pour --writers 2 --records 100
    for i in $sizes; do
        last=$(last_segment)
        line=$(grep '"l":' "$last" | head -3)
        printf '%s\n' "$line" | head -c "$i" >>"$last"
        pour --writers 2 --records 50
        reckon
        verified
    done
    # A whole entry without signature, and zeros as some file systems leave.
    last=$(last_segment)
    grep '"l":' "$last" | head -1 >>"$last"
    pour --writers 1 --records 20
    head -c 4096 /dev/zero >>"$(last_segment)"
    pour --writers 1 --records 20
    # And nowhere to put it.
    rm -rf "${D:?}/home/torn"
    : >"$D/home/torn"
    head -c 500 /dev/urandom >>"$(last_segment)"
    pour --writers 1 --records 20
    grep '"l":' "$last" | head -1 >>"$(last_segment)"
    pour --writers 1 --records 20
    reckon
    verified
}

# The clock is set an hour back, two hours forward, and right again.
clock_jumps()
{
    ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -shared -fPIC -o "$W/clock.so" \
        tests/faults/shim/clock.c || wrong "the clock cannot be compiled"
    chmod 755 "$W/clock.so"
    STEPPER=(/usr/bin/env "LD_PRELOAD=$W/clock.so"
        "CLOCK_BEGAN=$(awk '{ printf "%d", $1 * 1000 }' /proc/uptime)"
        CLOCK_JUMPS=1000:-3600,2500:7200,4000:0)
    pour --writers 2 --threads 2 --rate 200 --seconds 5 --kill any:200:900:5
    reckon
    verified
}

# All writers at once into a pipe that is always full.
full_pipe()
{
    pour --writers 8 --threads 4 --seconds "$(pick 3 8)" --wait 2000 --limit 4096 \
        --kill any:300:900:"$(pick 3 9)"
    reckon
    verified
}
