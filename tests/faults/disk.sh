# SPDX-License-Identifier: Apache-2.0
#
# tests/faults/disk.sh - full disks, folders in which nothing can be written,
# a logger that stands still. For run.sh.

DISK=(disk-full disk-full-all disk-reserve read-only standstill standstill-writer
    spill-limit)

# A small file system at D/disk; the home is in it.
small_disk()
{
    mkdir -p "$D/disk"
    if ! mount -t tmpfs -o "size=$1,mode=755" none "$D/disk" 2>"$D/mount"; then
        REASON="no file system can be mounted: $(head -1 "$D/mount")"
        return 1
    fi
    MOUNTS+=("$D/disk")
    H=$D/disk/home
    mkdir "$D/disk/spill"
    chown www-data:www-data "$D/disk/spill"
    chmod 770 "$D/disk/spill"
}

no_disk()
{
    umount "$D/disk" || wrong "the file system is still in use"
    MOUNTS=()
}

fill() { cat /dev/zero >"$D/disk/filler" 2>/dev/null; }
is_full() { [ "$(df --output=avail -k "$D/disk" | tail -1)" -lt 64 ]; }

# fill_and_free TIMES: while a load runs.
fill_and_free()
{
    local i
    for i in $(seq "$1"); do
        sleep 1
        fill
        is_full || wrong "the disk is not full"
        sleep 3
        rm "$D/disk/filler"
    done
}

# Full, and free again: everything waited, in the pipe and in spill files.
disk_full()
{
    local times load
    times=$(pick 1 4)
    small_disk 64m || return
    MORE=(--reserve 0)
    pour --writers 2 --threads 2 --rate "$(pick 300 100)" --wait 200 \
        --seconds $((times * 4 + 2)) &
    load=$!
    fill_and_free "$times"
    wait $load || wrong "the load failed"
    reckon
    verified
    [ "$(counted spilled)" -gt 0 ] || wrong "the disk was never full"
    no_disk
}

# No room for spill files either: what is lost is reported, with its numbers.
disk_full_all()
{
    local times load
    times=$(pick 1 4)
    small_disk 64m || return
    MORE=(--reserve 0)
    pour --writers 2 --threads 2 --rate "$(pick 300 100)" --wait 200 \
        --spill "$D/disk/spill" --seconds $((times * 4 + 2)) &
    load=$!
    fill_and_free "$times"
    wait $load || wrong "the load failed"
    reckon --lost 1:1000000
    verified
    no_disk
}

# fill_but KIB: so much is left free.
fill_but()
{
    local free
    free=$(df --output=avail -k "$D/disk" | tail -1)
    head -c "$(((free - $1) * 1024))" /dev/zero >>"$D/disk/filler"
}

# Below the reserve details are left out, below half of it records are counted
# with their numbers; the log itself never fills the disk.
disk_reserve()
{
    local load
    small_disk 96m || return
    MORE=(--reserve 24M)
    pour --writers 2 --threads 2 --rate 100 --wait 500 --seconds 9 &
    load=$!
    sleep 1
    fill_but 18000
    sleep 3
    fill_but 8000
    sleep 3
    [ "$(df --output=avail -k "$D/disk" | tail -1)" -gt 1500 ] ||
        wrong "the log has filled the disk"
    rm "$D/disk/filler"
    wait $load || wrong "the load failed"
    reckon --thin --lost 100:100000
    verified
    no_disk
}

# The archive's folder takes no new file, and the logger has to begin one.
read_only()
{
    local load folder=$D/home/archive pid
    MORE=(--segment-size 200000)
    pour --writers 2 --threads 2 --rate 300 --wait 200 --seconds 7 &
    load=$!
    wait_for test -d "$folder"
    sleep 1
    chmod 555 "$folder"
    [ "$(id -u)" != 0 ] || chown root "$folder"
    sleep 3
    [ "$(id -u)" != 0 ] || chown nobody "$folder"
    chmod 700 "$folder"
    wait $load || wrong "the load failed"
    reckon
    verified
    [ "$(counted spilled)" -gt 0 ] || wrong "it could be written all the time"
}

# Nobody is held longer than a record may wait.
standstill()
{
    local seconds
    seconds=$(pick 3 60)
    pour --writers 3 --threads 2 --rate "$(pick 400 60)" --wait 300 \
        --seconds $((seconds + 3)) --freeze "1000:${seconds}000"
    reckon
    verified
    [ "$(counted spilled)" -gt 0 ] || wrong "nothing had to be spilled"
    awk -v most="$(counted longest)" 'BEGIN { exit !(most < 0.8) }' ||
        wrong "a record took $(counted longest) s to be written"
    note "longest wait $(counted longest) s of 0.3 allowed, $seconds s"
}

# Writers that are killed while they spill: torn files.
standstill_writer()
{
    pour --writers 4 --threads 2 --rate 500 --wait 100 \
        --seconds "$(pick 4 20)" --freeze "300:$(pick 2500 15000)" \
        --kill "writer:100:300:$(pick 8 60)"
    reckon --malformed any --lost 0:200
    verified
}

# More than the spill folder may hold.
spill_limit()
{
    pour --writers 3 --threads 2 --rate 500 --wait 100 --seconds 4 --limit 1 \
        --freeze 300:2500
    reckon --lost 1:1000000
    verified
}
