/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/details.c - the details of a record, out of the archive. See
 * details.h.
 */
#include "store/details.h"

#include <string.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/walk.h"

typedef struct slices {
    spbe_span_t *parts; /* by part number - 1; ptr NULL: not there */
    unsigned n;
    apr_uint64_t size;
    const char *key, *h;
    int is_emptied;
    apr_time_t received, last;
} slices_t;

static int is_of(const spbe_line_t *line, const spbe_row_t *row)
{
    return line->seq == row->seq && strcmp(line->writer, row->writer) == 0 &&
           strcmp(line->id, row->id) == 0;
}

static void begin(slices_t *slices, const spbe_line_t *line,
                  const spbe_entry_t *entry, apr_pool_t *pool)
{
    slices->n = line->parts;
    slices->parts = apr_pcalloc(pool, line->parts * sizeof(spbe_span_t));
    slices->key = apr_pstrdup(pool, line->key);
    slices->received = entry->received;
}

static void take(slices_t *slices, const spbe_row_t *row,
                 const spbe_entry_t *entry, apr_pool_t *pool,
                 apr_pool_t *scratch)
{
    spbe_line_t line;
    const char *why;
    spbe_span_t *slot;

    if (entry->kind != SPBE_ENTRY_LINE ||
        spbe_line_parse(entry->line, &line, &why, scratch) != SPBE_OK ||
        !is_of(&line, row)) {
        return;
    }
    if (slices->parts == NULL) {
        begin(slices, &line, entry, pool);
    }
    if (line.part > slices->n || slices->size > SPBE_DETAILS_MAX) {
        return;
    }
    slices->is_emptied = slices->is_emptied || entry->is_emptied;
    slices->last = entry->received;
    slot = &slices->parts[line.part - 1];
    if (slot->ptr == NULL) {
        *slot = (spbe_span_t){apr_pstrmemdup(pool, line.d.ptr, line.d.len),
                              line.d.len};
        slices->size += line.d.len;
    }
    if (line.h != NULL && slices->h == NULL) {
        slices->h = apr_pstrdup(pool, line.h);
    }
}

/* The parts up to the first that is missing. 1: that are all. */
static int join(const slices_t *slices, spbe_span_t *d, apr_pool_t *pool)
{
    spbe_buf_t buf;
    unsigned i;

    spbe_buf_init(&buf, (size_t)slices->size + 1, pool);
    for (i = 0; i < slices->n && slices->parts[i].ptr != NULL; i++) {
        spbe_buf_add(&buf, slices->parts[i]);
    }
    *d = spbe_buf_span(&buf);
    return slices->n > 0 && i == slices->n;
}

apr_status_t spbe_details_get(const spbe_source_t *source,
                              const spbe_row_t *row, spbe_details_t *details,
                              apr_pool_t *pool)
{
    spbe_walk_t *walk = spbe_walk_create(source, pool);
    slices_t slices = {.key = ""};
    spbe_entry_t entry = {.next = 0};
    apr_pool_t *scratch;
    apr_status_t rv = spbe_walk_seek(walk, row->offset);

    apr_pool_create(&scratch, pool);
    while (rv == APR_SUCCESS && entry.next < row->offset + row->length) {
        rv = spbe_walk_next(walk, &entry);
        if (rv == APR_SUCCESS) {
            take(&slices, row, &entry, pool, scratch);
            apr_pool_clear(scratch);
        }
    }
    apr_pool_destroy(scratch);
    *details = (spbe_details_t){.key = slices.key,
                                .h = slices.h,
                                .parts = slices.n,
                                .is_emptied = slices.is_emptied,
                                .received = slices.received,
                                .last = slices.last};
    details->is_complete = join(&slices, &details->d, pool);
    return rv == APR_EOF ? APR_SUCCESS : rv;
}

apr_status_t spbe_details_read(spbe_archive_t *archive, const spbe_row_t *row,
                               spbe_span_t *d, apr_pool_t *pool)
{
    spbe_archive_reader_t *reader =
        spbe_archive_reader(archive, row->offset, pool);
    slices_t slices = {.key = ""};
    apr_status_t rv = APR_SUCCESS;
    apr_pool_t *scratch;

    *d = SPBE_SPAN_EMPTY;
    apr_pool_create(&scratch, pool);
    while (rv == APR_SUCCESS &&
           spbe_archive_tell(reader) < row->offset + row->length) {
        spbe_entry_t entry;

        rv = spbe_archive_next(reader, &entry);
        if (rv == APR_SUCCESS) {
            take(&slices, row, &entry, pool, scratch);
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
    if (rv != APR_SUCCESS && rv != APR_EOF) {
        return rv;
    }
    return join(&slices, d, pool) ? APR_SUCCESS : APR_EINCOMPLETE;
}
