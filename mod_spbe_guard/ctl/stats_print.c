/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/stats_print.c - what "stats" found out, for people and as JSON.
 */
#include "ctl/stats.h"

#include <stdio.h>
#include <apr_strings.h>
#include "ctl/print.h"
#include "text/stamp.h"
#include "text/visible.h"

#define LONG_TIME 3650.0 /* days: beyond, nobody counts */

static void add_time(cJSON *object, const char *name, apr_time_t time)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_write(time, stamp);
    cJSON_AddItemToObject(object, name,
                          time == 0 ? cJSON_CreateNull()
                                    : cJSON_CreateString(stamp));
}

static const char *const counters[] = {
    "lines",         "records", "duplicates",    "incomplete",  "malformed",
    "lost",          "gaps",    "waiting_bytes", "spill_bytes", "torn_bytes",
    "indexed_bytes", "stage",   "head_sent",     "last_error",
};

static void add_state(const spbe_stats_t *s, cJSON *object)
{
    cJSON *logger = cJSON_AddObjectToObject(object, "logger");
    size_t i;

    for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
        const cJSON *item =
            cJSON_GetObjectItemCaseSensitive(s->state, counters[i]);

        cJSON_AddItemToObject(logger, counters[i],
                              item == NULL ? cJSON_CreateNull()
                                           : cJSON_Duplicate(item, 1));
    }
}

static void add_numbers(const spbe_stats_t *s, cJSON *object)
{
    cJSON_AddNumberToObject(object, "segments", s->segments);
    cJSON_AddNumberToObject(object, "archive_bytes", (double)s->bytes);
    cJSON_AddNumberToObject(object, "database_bytes",
                            (double)s->database_bytes);
    add_time(object, "from", s->from);
    add_time(object, "to", s->to);
    cJSON_AddNumberToObject(object, "bytes_a_day", (double)s->growth);
    cJSON_AddNumberToObject(object, "disk_free", (double)s->disk_free);
    cJSON_AddNumberToObject(object, "disk_total", (double)s->disk_total);
    cJSON_AddNumberToObject(object, "disk_reserve", (double)s->reserve);
    cJSON_AddItemToObject(object, "days_left",
                          s->days_left < 0
                              ? cJSON_CreateNull()
                              : cJSON_CreateNumber((double)(long)s->days_left));
}

void spbe_stats_json(const spbe_stats_t *s)
{
    cJSON *object = cJSON_CreateObject(), *days;
    char head[SPBE_HEAD_TEXT], *text;
    int i;

    add_numbers(s, object);
    days = cJSON_AddArrayToObject(object, "days");
    for (i = 0; i < s->n_days; i++) {
        cJSON *day = cJSON_CreateObject();

        add_time(day, "day", s->days[i].from);
        cJSON_AddNumberToObject(day, "records", (double)s->days[i].records);
        cJSON_AddItemToArray(days, day);
    }
    spbe_head_write(&s->head, head);
    cJSON_AddItemToObject(object, "head",
                          s->head.group == 0 ? cJSON_CreateNull()
                                             : cJSON_CreateString(head));
    add_time(object, "head_time", s->head.group == 0 ? 0 : s->head.time);
    cJSON_AddItemToObject(object, "retention",
                          s->retention.is_set
                              ? cJSON_CreateString(s->retention.text)
                              : cJSON_CreateNull());
    cJSON_AddNumberToObject(object, "holds", s->holds);
    cJSON_AddItemToObject(object, "recipients",
                          s->recipients < 0
                              ? cJSON_CreateNull()
                              : cJSON_CreateNumber(s->recipients));
    add_state(s, object);
    text = cJSON_PrintUnformatted(object);
    puts(text == NULL ? "{}" : text);
    cJSON_free(text);
    cJSON_Delete(object);
}

static const char *size_of(apr_uint64_t bytes, apr_pool_t *pool)
{
    static const char *const units[] = {"byte", "KiB", "MiB", "GiB", "TiB"};
    double n = (double)bytes;
    size_t i = 0;

    while (n >= 1024 && i < sizeof(units) / sizeof(units[0]) - 1) {
        n /= 1024;
        i++;
    }
    return apr_psprintf(pool, i == 0 ? "%.0f %s" : "%.1f %s", n, units[i]);
}

static void line(const spbe_stats_t *s, const char *label, const char *value)
{
    spbe_ctl_print_line(stdout, label, value, s->pool);
}

static const char *local(apr_time_t time, apr_pool_t *pool)
{
    char stamp[SPBE_STAMP_SIZE];

    if (time == 0) {
        return "-";
    }
    spbe_stamp_local(time, stamp);
    return apr_pstrdup(pool, stamp);
}

static void print_sizes(const spbe_stats_t *s)
{
    apr_pool_t *pool = s->pool;

    printf("Arsip (archive) %s\n", spbe_visible(s->ctl->home, pool));
    line(s, "Ukuran",
         apr_psprintf(pool, "%s, %d segmen", size_of(s->bytes, pool),
                      s->segments));
    line(s, "Dari", local(s->from, pool));
    line(s, "Sampai", local(s->to, pool));
    line(s, "Basis data", size_of(s->database_bytes, pool));
    line(s, "Pertumbuhan",
         apr_psprintf(pool, "%s sehari (a day)", size_of(s->growth, pool)));
    line(s, "Disk bebas",
         apr_psprintf(pool, "%s dari %s, cadangan %s",
                      size_of(s->disk_free, pool), size_of(s->disk_total, pool),
                      size_of(s->reserve, pool)));
    line(s, "Cukup untuk",
         s->days_left < 0
             ? "belum diketahui (not known yet)"
             : apr_psprintf(
                   pool,
                   s->days_left > LONG_TIME ? "lebih dari %.0f hari (days)"
                                            : "%.0f hari (days)",
                   s->days_left > LONG_TIME ? LONG_TIME : s->days_left));
}

static void print_days(const spbe_stats_t *s)
{
    int i;

    fputs("\nCatatan per hari UTC (records a day)\n", stdout);
    for (i = 0; i < s->n_days; i++) {
        char stamp[SPBE_STAMP_SIZE];

        spbe_stamp_write(s->days[i].from, stamp);
        stamp[10] = '\0';
        line(s, stamp,
             apr_psprintf(s->pool, "%" APR_INT64_T_FMT, s->days[i].records));
    }
}

static void print_state(const spbe_stats_t *s)
{
    static const struct {
        const char *label, *name;
    } lines[] = {
        {"Baris", "lines"},
        {"Ganda", "duplicates"},
        {"Rusak", "malformed"},
        {"Hilang", "lost"},
        {"Menunggu (byte)", "waiting_bytes"},
        {"Luapan (byte)", "spill_bytes"},
        {"Kepala terkirim", NULL},
        {"Masalah", "last_error"},
    };
    size_t i;

    fputs("\nLogger\n", stdout);
    if (s->state == NULL) {
        line(s, "Keadaan", "tidak ada state.json (the logger never ran)");
        return;
    }
    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const char *text =
            lines[i].name == NULL
                ? spbe_ctl_local(s->state, "head_sent", s->pool)
                : spbe_ctl_text(s->state, lines[i].name, s->pool);

        line(s, lines[i].label,
             lines[i].name == NULL && text[0] == '\0'
                 ? "belum pernah (no head is known elsewhere)"
                 : text);
    }
}

static void print_decisions(const spbe_stats_t *s)
{
    apr_pool_t *pool = s->pool;
    char head[SPBE_HEAD_TEXT];

    fputs("\nPenjagaan\n", stdout);
    spbe_head_write(&s->head, head);
    line(s, "Kepala", s->head.group == 0 ? "-" : head);
    line(s, "Masa simpan",
         s->retention.is_set
             ? s->retention.text
             : "BELUM DITETAPKAN (not decided): spbe-guardctl init "
               "--retention 5y");
    line(s, "Penahanan",
         s->holds < 0 ? "holds.json rusak (damaged)"
                      : apr_psprintf(pool, "%d", s->holds));
    line(s, "Penerima",
         s->recipients < 0
             ? "tidak diketahui (not known): --recipients BERKAS, seperti "
               "SpbeGuardRecipients"
         : s->recipients == 0
             ? "0: rincian tidak disimpan (details are not kept)"
             : apr_psprintf(pool, "%d", s->recipients));
}

void spbe_stats_print(const spbe_stats_t *s)
{
    print_sizes(s);
    print_days(s);
    print_state(s);
    print_decisions(s);
}
