/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/disk.c - how much room there is. See disk.h.
 */
#include "logger/disk.h"

#include <stddef.h>
#include <sys/statvfs.h>

#define RESERVE ((apr_uint64_t)2 << 30)
#define SHARE 20 /* one part of so many */
#define SMALL_SHARE 4

static apr_uint64_t reserve_of(const spbe_disk_t *disk)
{
    apr_uint64_t reserve = disk->total / SHARE;

    if (disk->reserve != SPBE_DISK_BY_SIZE) {
        return disk->reserve;
    }
    reserve = reserve < RESERVE ? RESERVE : reserve;
    return reserve > disk->total / SMALL_SHARE ? disk->total / SMALL_SHARE
                                               : reserve;
}

/* The least that a stage needs to be free. */
static apr_uint64_t needed(spbe_disk_stage_t stage, apr_uint64_t reserve)
{
    switch (stage) {
    case SPBE_DISK_FINE:
        return reserve + reserve / 2;
    case SPBE_DISK_ALARM:
        return reserve;
    case SPBE_DISK_INDEX:
        return reserve / 2;
    case SPBE_DISK_COUNTS:
        return reserve / 16;
    case SPBE_DISK_FULL:
        break;
    }
    return 0;
}

int spbe_disk_judge(spbe_disk_t *disk, apr_uint64_t free, apr_uint64_t total)
{
    spbe_disk_stage_t stage = SPBE_DISK_FINE, before = disk->stage;
    apr_uint64_t reserve;

    disk->free = free;
    disk->total = total;
    reserve = reserve_of(disk);
    while (free < needed(stage, reserve) +
                      (stage < before ? needed(stage, reserve) / 8 : 0)) {
        stage++;
    }
    disk->stage = stage;
    return stage != before;
}

int spbe_disk_look(spbe_disk_t *disk, const char *dir)
{
    struct statvfs fs;

    if (statvfs(dir, &fs) == -1) {
        return 0;
    }
    return spbe_disk_judge(disk, (apr_uint64_t)fs.f_bavail * fs.f_frsize,
                           (apr_uint64_t)fs.f_blocks * fs.f_frsize);
}

const char *spbe_disk_words(spbe_disk_stage_t stage)
{
    switch (stage) {
    case SPBE_DISK_ALARM:
        return "nearly full: soon details will not be kept";
    case SPBE_DISK_INDEX:
        return "the reserve is reached: details are not kept";
    case SPBE_DISK_COUNTS:
        return "half of the reserve is gone: records are only counted";
    case SPBE_DISK_FULL:
        return "the reserve is gone: nothing is written";
    case SPBE_DISK_FINE:
        break;
    }
    return NULL;
}
