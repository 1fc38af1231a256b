/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/purge_keep.c - what must outlive the bodies of a segment: which numbers
 * were in it (or they would look lost), orders (or what they purged would look
 * stolen), and keys that later records may be sealed with. See purge.h.
 */
#include "store/purge_int.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>

#define BATCH ((size_t)1 << 19) /* bytes of a group that is appended */

void spbe_keylines_init(spbe_keylines_t *keys, apr_pool_t *pool)
{
    keys->open = apr_hash_make(pool);
    keys->pool = pool;
}

int spbe_keylines_has(spbe_keylines_t *keys, const spbe_line_t *line)
{
    char name[SPBE_LINE_MAX];
    int is_one;

    /* Quotation marks of a text would be escaped. */
    is_one = line->h != NULL && strstr(line->h, "\"kind\":\"key\"") != NULL;
    if (line->parts == 1) {
        return is_one;
    }
    apr_snprintf(name, sizeof(name), "%s %" APR_UINT64_T_FMT, line->writer,
                 line->seq);
    if (is_one && apr_hash_get(keys->open, name, APR_HASH_KEY_STRING) == NULL) {
        const char *copy = apr_pstrdup(keys->pool, name);

        apr_hash_set(keys->open, copy, APR_HASH_KEY_STRING, copy);
    }
    return apr_hash_get(keys->open, name, APR_HASH_KEY_STRING) != NULL;
}

typedef struct stretch {
    const char *writer;
    apr_uint64_t from, to;
} stretch_t;

typedef struct keeping {
    spbe_archive_t *archive;
    apr_array_header_t *stretches;
    apr_hash_t *writers; /* one copy of each name; value: its last stretch */
    spbe_buf_t buf;      /* entries to be appended */
    spbe_keylines_t keys;
    apr_time_t since; /* keys received from then on are kept */
    apr_time_t last;  /* of receipt */
    int is_second;    /* reading it a second time */
    apr_pool_t *pool, *scratch;
} keeping_t;

static const char *name_of(keeping_t *k, const char *writer, size_t len)
{
    const char *known = apr_hash_get(k->writers, writer, (apr_ssize_t)len);

    if (known == NULL) {
        known = apr_pstrmemdup(k->pool, writer, len);
        apr_hash_set(k->writers, known, (apr_ssize_t)len, known);
    }
    return known;
}

/* Most follow the one before of the same writer. */
static void add_stretch(keeping_t *k, const char *writer, size_t len,
                        apr_uint64_t from, apr_uint64_t to)
{
    stretch_t *last =
        k->stretches->nelts == 0
            ? NULL
            : &APR_ARRAY_IDX(k->stretches, k->stretches->nelts - 1, stretch_t);
    const char *name = name_of(k, writer, len);

    if (last != NULL && last->writer == name && from >= last->from &&
        from <= last->to + 1) {
        last->to = to > last->to ? to : last->to;
        return;
    }
    APR_ARRAY_PUSH(k->stretches, stretch_t) = (stretch_t){name, from, to};
}

static apr_status_t flush(keeping_t *k)
{
    apr_status_t rv = APR_SUCCESS;

    if (k->buf.len > 0) {
        rv = spbe_archive_append(k->archive, spbe_buf_span(&k->buf));
        k->buf.len = 0;
    }
    return rv;
}

/* The same line as it came, under the time of today. */
static apr_status_t keep_line(keeping_t *k, spbe_span_t line)
{
    spbe_entry_add_line(&k->buf, apr_time_now(), line);
    return k->buf.len >= BATCH ? flush(k) : APR_SUCCESS;
}

static apr_status_t take_record(keeping_t *k, const spbe_entry_t *entry)
{
    spbe_line_t line;
    const char *why;

    if (spbe_line_parse(entry->line, &line, &why, k->scratch) != SPBE_OK) {
        return APR_SUCCESS;
    }
    if (!k->is_second) {
        add_stretch(k, line.writer, strlen(line.writer), line.seq, line.seq);
        return line.h != NULL &&
                       spbe_order_is_order(spbe_span_from(line.h), k->scratch)
                   ? keep_line(k, entry->line)
                   : APR_SUCCESS;
    }
    return spbe_keylines_has(&k->keys, &line) && entry->received >= k->since
               ? keep_line(k, entry->line)
               : APR_SUCCESS;
}

static apr_status_t take_line(void *baton, spbe_span_t text)
{
    keeping_t *k = baton;
    spbe_entry_t entry;

    apr_pool_clear(k->scratch);
    if (spbe_group_is(text) || spbe_entry_parse(text, &entry) != SPBE_OK) {
        return APR_SUCCESS;
    }
    k->last = entry.received > k->last ? entry.received : k->last;
    if (entry.kind == SPBE_ENTRY_LINE) {
        return take_record(k, &entry);
    }
    if (!k->is_second && entry.writer.len > 0 &&
        (entry.kind == SPBE_ENTRY_LOST || entry.kind == SPBE_ENTRY_PURGED)) {
        add_stretch(k, entry.writer.ptr, entry.writer.len, entry.from,
                    entry.to);
    }
    return APR_SUCCESS;
}

static int compare(const void *a, const void *b)
{
    const stretch_t *x = a, *y = b;
    int names = strcmp(x->writer, y->writer);

    if (names != 0) {
        return names;
    }
    return x->from < y->from ? -1 : x->from > y->from;
}

static apr_status_t write_stretch(keeping_t *k, const stretch_t *stretch)
{
    spbe_entry_add_purged(&k->buf, apr_time_now(),
                          spbe_span_from(stretch->writer), stretch->from,
                          stretch->to);
    return k->buf.len >= BATCH ? flush(k) : APR_SUCCESS;
}

static apr_status_t write_stretches(keeping_t *k)
{
    stretch_t *all = (stretch_t *)k->stretches->elts;
    int i, at = 0, n = k->stretches->nelts;
    apr_status_t rv = APR_SUCCESS;

    qsort(all, (size_t)n, sizeof(*all), compare);
    for (i = 1; rv == APR_SUCCESS && i <= n; i++) {
        if (i < n && all[i].writer == all[at].writer &&
            all[i].from <= all[at].to + 1) {
            all[at].to = all[i].to > all[at].to ? all[i].to : all[at].to;
            continue;
        }
        rv = write_stretch(k, &all[at]);
        at = i;
    }
    return rv;
}

apr_status_t spbe_purge_keep(spbe_archive_t *archive, int fd, int last,
                             apr_pool_t *pool)
{
    keeping_t k = {.archive = archive,
                   .stretches = apr_array_make(pool, 1024, sizeof(stretch_t)),
                   .writers = apr_hash_make(pool),
                   .pool = pool};
    apr_status_t rv;

    apr_pool_create(&k.scratch, pool);
    spbe_buf_init(&k.buf, BATCH + SPBE_ENTRY_MAX, pool);
    spbe_keylines_init(&k.keys, pool);
    rv = spbe_purge_read(fd, take_line, &k, pool);
    if (rv == APR_SUCCESS && last) {
        k.since = k.last - SPBE_PURGE_KEYS;
        k.is_second = 1;
        rv = spbe_purge_read(fd, take_line, &k, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = write_stretches(&k);
    }
    return rv == APR_SUCCESS ? flush(&k) : rv;
}
