/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/stats.c - "stats": how much there is, how fast it grows, how long the
 * disk lasts, what was lost, what is still to be decided.
 */
#include "ctl/stats.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <apr_strings.h>
#include "ctl/keyfile.h"
#include "store/segments.h"
#include "store/archive.h"
#include "store/counts.h"
#include "store/hold.h"
#include "text/visible.h"

#define DAY apr_time_from_sec(24 * 60 * 60)
#define RESERVE_SHARE 20
#define RESERVE_BYTES ((apr_uint64_t)2 << 30)

static apr_uint64_t file_size(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (apr_uint64_t)st.st_size : 0;
}

/* What came in the last days, from the files that were closed then: a purge
 * makes old ones smaller, and says nothing of growth. */
static void read_archive(spbe_stats_t *s)
{
    apr_time_t now = apr_time_now();
    apr_array_header_t *segments;
    spbe_archive_t *archive;
    apr_time_t since = 0;
    int i;

    if (spbe_segments_list(s->ctl->home, &segments, s->pool) != APR_SUCCESS) {
        return;
    }
    s->segments = segments->nelts;
    for (i = 0; i < segments->nelts; i++) {
        const spbe_segments_one_t *one =
            &APR_ARRAY_IDX(segments, i, spbe_segments_one_t);

        s->bytes += one->size;
        s->from = i == 0 ? one->from : s->from;
        s->to = one->to;
        if (one->to > now - SPBE_STATS_DAYS * DAY) {
            s->grown += one->behind - one->first;
            since = since == 0 ? one->from : since;
        }
    }
    if (since != 0 && now > since) {
        apr_time_t span = now - since < DAY ? DAY : now - since;

        s->growth =
            (apr_uint64_t)((double)s->grown * (double)DAY / (double)span);
    }
    if (spbe_archive_open(&archive, s->ctl->home, SPBE_ARCHIVE_READ, s->pool) ==
        APR_SUCCESS) {
        spbe_archive_head(archive, &s->head);
    }
}

static void read_disk(spbe_stats_t *s)
{
    struct statvfs fs;

    s->days_left = -1;
    if (statvfs(s->ctl->home, &fs) == -1) {
        return;
    }
    s->disk_free = (apr_uint64_t)fs.f_bavail * fs.f_frsize;
    s->disk_total = (apr_uint64_t)fs.f_blocks * fs.f_frsize;
    s->reserve = s->disk_total / RESERVE_SHARE;
    s->reserve = s->reserve < RESERVE_BYTES ? RESERVE_BYTES : s->reserve;
    if (s->reserve > s->disk_total / 4) {
        s->reserve = s->disk_total / 4;
    }
    if (s->growth > 0) {
        apr_uint64_t room =
            s->disk_free > s->reserve ? s->disk_free - s->reserve : 0;

        s->days_left = (double)room / (double)s->growth;
    }
}

static int take_count(void *baton, const spbe_count_t *count, apr_pool_t *pool)
{
    spbe_stats_t *s = baton;

    if (s->n_days > 0 && s->days[s->n_days - 1].from == count->from) {
        s->days[s->n_days - 1].records += count->n;
    }
    else if (s->n_days < SPBE_STATS_DAYS) {
        s->days[s->n_days++] = (spbe_stats_day_t){count->from, count->n};
    }
    return 0;
}

static void read_database(spbe_stats_t *s)
{
    spbe_counts_filter_t filter = {.by_day = 1,
                                   .from =
                                       apr_time_now() - SPBE_STATS_DAYS * DAY,
                                   .node = s->ctl->node,
                                   .limit = 100000};
    spbe_database_t *database;

    if (spbe_database_open(&database, s->ctl->home, s->ctl->database,
                           SPBE_DATABASE_READ, s->pool) == APR_SUCCESS) {
        spbe_counts_read(database, &filter, take_count, s, s->pool);
    }
    s->database_bytes =
        file_size(apr_pstrcat(s->pool, s->ctl->home, "/guard.db", NULL)) +
        file_size(apr_pstrcat(s->pool, s->ctl->home, "/guard.db-wal", NULL));
}

static void read_rest(spbe_stats_t *s, const char *recipients_file)
{
    const char *path = apr_pstrcat(s->pool, s->ctl->home, "/state.json", NULL);
    apr_array_header_t *list;
    spbe_span_t text;
    const char *why;

    spbe_retention_read(s->ctl->home, &s->retention, s->pool);
    s->holds = spbe_hold_read(s->ctl->home, &list, s->pool) == APR_SUCCESS
                   ? list->nelts
                   : -1;
    s->recipients =
        spbe_recipients_read(recipients_file, &list, &why, s->pool) == SPBE_OK
            ? spbe_recipients_in_use(list)
            : -1;
    if (spbe_keyfile_slurp(path, &text, s->pool) == APR_SUCCESS) {
        s->state = cJSON_ParseWithLength(text.ptr, text.len);
    }
}

int spbe_ctl_stats(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    spbe_stats_t *s = apr_pcalloc(ctl->pool, sizeof(*s));
    const char *recipients = SPBE_RECIPIENTS_FILE;
    int json = 0;
    const spbe_ctl_option_t options[] = {
        {"--recipients", &recipients, NULL},
        {"--json", NULL, &json},
        {NULL, NULL, NULL},
    };
    int code = spbe_ctl_options(ctl, argc, argv, options, NULL);

    if (code != SPBE_CTL_FINE) {
        return code;
    }
    s->ctl = ctl;
    s->pool = ctl->pool;
    read_archive(s);
    read_disk(s);
    read_database(s);
    read_rest(s, recipients);
    if (json) {
        spbe_stats_json(s);
    }
    else {
        spbe_stats_print(s);
    }
    cJSON_Delete(s->state);
    return s->segments > 0
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s: no archive is there",
                               spbe_visible(ctl->home, ctl->pool));
}
