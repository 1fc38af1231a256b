/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/index_fill.h - archives to index, and all rows of a database as
 * text.
 */
#ifndef SPBE_TESTS_INDEX_FILL_H
#define SPBE_TESTS_INDEX_FILL_H

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/archive.h"
#include "store/index.h"
#include "store/select.h"

#define FILL_T0 apr_time_from_sec(1772600000) /* 2026-03-04 */

/* The lines of a record: h as it is given, with details of that size. */
static inline apr_array_header_t *fill_lines(const char *id, const char *h,
                                             size_t size, const char *key,
                                             const char *writer,
                                             apr_uint64_t seq, apr_pool_t *pool)
{
    char *d = apr_palloc(pool, size + 3);
    spbe_encoded_t encoded = {.id = id, .h = h, .key = key};

    memset(d, 'd', size + 2);
    d[0] = '{';
    d[size + 1] = '}';
    d[size + 2] = '\0';
    if (key == NULL) {
        encoded.d = d;
    }
    else {
        encoded.sealed = (spbe_span_t){d, size + 2};
    }
    return spbe_line_split(&encoded, writer, seq, pool);
}

/* Appends the lines from..to (not included) as one group. */
static inline int fill_append(spbe_archive_t *archive,
                              const apr_array_header_t *lines, int from, int to,
                              apr_pool_t *pool)
{
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 4096, pool);
    for (i = from; i < to && i < lines->nelts; i++) {
        spbe_span_t line = APR_ARRAY_IDX(lines, i, spbe_span_t);

        line.len--;
        spbe_entry_add_line(&buf, FILL_T0, line);
    }
    return buf.len == 0 ? APR_SUCCESS
                        : spbe_archive_append(archive, spbe_buf_span(&buf));
}

static inline const char *fill_id(int n, apr_pool_t *pool)
{
    return apr_psprintf(pool, "%08x-0000-7000-8000-000000000000", (unsigned)n);
}

/* Of all tables; times at which rows were written are left out. */
static const struct {
    const char *name, *columns, *order;
    int n;
} fill_tables[] = {
    {"nodes",
     "node, first_key, position, followed, tallied_to, head_group, head_hash,"
     " head_time, trouble",
     "node", 9},
    {"records",
     "node, id, ref, ts, kind, severity, class, responsible, application,"
     " route, fingerprint, status_in, status_out, leak_sent, h, writer, seq,"
     " place, length, complete, key_id, purged",
     "node, id", 22},
    {"additions",
     "node, writer, seq, id, ts, status_out, h, place, length, complete,"
     " key_id, purged",
     "node, writer, seq", 12},
    {"keys", "node, key_id, ts, writer, seq, place, length",
     "node, key_id, writer, seq, place", 7},
    {"pieces",
     "node, writer, seq, id, parts, have, h, key_id, received, place, length",
     "node, writer, seq", 11},
    {"anomalies",
     "node, id, part, ts, n, part_of, windowed, kind, class, event,"
     " application, route, reason, keyword, place, field, wanted, action,"
     " client, status",
     "node, id, part", 20},
    {"tallies",
     "node, day, application, route, received, client_pages, valid, refused,"
     " logged",
     "node, day, application, route", 9},
    {"tallied", "node, id, ts", "node, id", 3},
    {"minute_counts",
     "node, minute, application, kind, class, action, severity, n",
     "node, minute, application, kind, class, action, severity", 8},
    {"day_counts", "node, day, application, kind, class, action, severity, n",
     "node, day, application, kind, class, action, severity", 8},
    {"heads", "node, group_no, hash, ts", "node, group_no", 4},
    {"purges", "node, id, ts, whole, place, behind, done", "node, id", 7},
    {"groups", "node, group_no, place, length, ts, hash, md5(body)",
     "node, group_no", 7},
};
#define FILL_TABLES (sizeof(fill_tables) / sizeof(fill_tables[0]))

typedef struct fill_dump {
    spbe_buf_t buf;
    int columns, rows;
} fill_dump_t;

static inline int fill_row(void *baton, const char *const *values,
                           apr_pool_t *pool)
{
    fill_dump_t *dump = baton;
    int i;

    for (i = 0; i < dump->columns; i++) {
        spbe_buf_adds(&dump->buf, i == 0 ? "" : "|");
        spbe_buf_adds(&dump->buf, values[i] == NULL ? "(null)" : values[i]);
    }
    spbe_buf_addc(&dump->buf, '\n');
    dump->rows++;
    return 0;
}

/* All rows; without the groups, which only a shared database has, when asked
 * for. *rows: how many, or NULL. */
static inline const char *fill_dump(spbe_database_t *database, int groups,
                                    int *rows, apr_pool_t *pool)
{
    fill_dump_t dump = {.rows = 0};
    size_t i;

    spbe_buf_init(&dump.buf, 65536, pool);
    for (i = 0; i < FILL_TABLES - !groups; i++) {
        dump.columns = fill_tables[i].n;
        spbe_buf_printf(&dump.buf, "== %s\n", fill_tables[i].name);
        if (spbe_select(database,
                        apr_psprintf(pool,
                                     "SELECT %s FROM %s ORDER BY %s"
                                     " LIMIT 1000000",
                                     fill_tables[i].columns,
                                     fill_tables[i].name, fill_tables[i].order),
                        0, NULL, dump.columns, fill_row, &dump,
                        pool) != APR_SUCCESS) {
            return apr_pstrcat(
                pool, "dump failed: ", spbe_database_error(database), NULL);
        }
    }
    if (rows != NULL) {
        *rows = dump.rows;
    }
    return spbe_buf_cstr(&dump.buf);
}

/* The first lines that differ, or NULL. */
static inline const char *fill_differ(const char *a, const char *b,
                                      apr_pool_t *pool)
{
    size_t i = 0, from = 0;

    while (a[i] != '\0' && a[i] == b[i]) {
        from = a[i] == '\n' ? i + 1 : from;
        i++;
    }
    if (a[i] == b[i]) {
        return NULL;
    }
    return apr_psprintf(pool, "%.*s\nis not\n%.*s",
                        (int)strcspn(a + from, "\n"), a + from,
                        (int)strcspn(b + from, "\n"), b + from);
}

#endif
