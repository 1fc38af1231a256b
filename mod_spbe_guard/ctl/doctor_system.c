/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_system.c - the clock that dates the records and the disk that
 * holds them.
 */
#include "ctl/doctor.h"

#include <string.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <apr_strings.h>

#define RESERVE ((apr_uint64_t)2 << 30)

static void check_clock(spbe_doctor_t *d)
{
    struct timex t;
    spbe_advice_t f = { .id = "clock" };
    int state;

    memset(&t, 0, sizeof(t));
    state = adjtimex(&t);
    if (state == -1) {
        f.level = SPBE_LEVEL_WARN;
        f.what = "kernel tidak mengatakan apakah jam sudah selaras";
        f.why = "catatan beberapa server tidak dapat dibandingkan waktunya";
        f.cure = "timedatectl set-ntp true";
    }
    else if (state == TIME_ERROR || (t.status & STA_UNSYNC) != 0) {
        f.level = SPBE_LEVEL_WARN;
        f.what = "jam tidak selaras";
        f.why = "waktu di catatan dan laporan mungkin salah";
        f.cure = "timedatectl set-ntp true";
    }
    else {
        f.what = apr_psprintf(d->pool, "jam selaras (galat paling banyak "
                              "%ld ms)", t.maxerror / 1000);
    }
    spbe_doctor_add(d, f);
}

/* A folder that does not exist yet will be on the disk of its parent. */
static int space(const char *path, struct statvfs *vfs, apr_pool_t *pool)
{
    while (statvfs(path, vfs) == -1) {
        const char *slash = strrchr(path, '/');

        if (slash == NULL || slash == path) {
            return statvfs("/", vfs) == 0;
        }
        path = apr_pstrmemdup(pool, path, (size_t)(slash - path));
    }
    return 1;
}

static void check_disk(spbe_doctor_t *d, const char *path)
{
    spbe_advice_t f = { .id = "disk", .file = path };
    apr_uint64_t size, available, reserve;
    struct statvfs vfs;

    if (!space(path, &vfs, d->pool) || vfs.f_blocks == 0) {
        return;
    }
    size = (apr_uint64_t)vfs.f_blocks * vfs.f_frsize;
    available = (apr_uint64_t)vfs.f_bavail * vfs.f_frsize;
    reserve = size / 20 > RESERVE ? size / 20 : RESERVE;
    f.what = apr_psprintf(d->pool, "sisa tempat %" APR_UINT64_T_FMT " MiB (%"
                          APR_UINT64_T_FMT " %%)", available >> 20,
                          available * 100 / size);
    if (available < reserve) {
        f.level = available < reserve / 2 ? SPBE_LEVEL_BAD : SPBE_LEVEL_WARN;
        f.why = apr_psprintf(d->pool, "di bawah %" APR_UINT64_T_FMT " MiB; bila "
                             "disk penuh catatan menunggu di memori, lalu "
                             "hilang dan dihitung", reserve >> 20);
        f.cure = apr_psprintf(d->pool, "df -h %s    # lalu kosongkan atau "
                              "perbesar", path);
    }
    spbe_doctor_add(d, f);
}

void spbe_doctor_check_system(spbe_doctor_t *d)
{
    check_clock(d);
    check_disk(d, d->home);
}
