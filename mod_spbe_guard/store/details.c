/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/details.c - the details of a record, out of the archive. See
 * details.h.
 */
#include "store/details.h"

#include <string.h>
#include <apr_strings.h>
#include "record/line.h"

typedef struct slices {
    spbe_span_t *parts; /* by part number - 1; ptr NULL: not there */
    unsigned n;
    apr_uint64_t size;
} slices_t;

static void take(slices_t *slices, const spbe_row_t *row,
                 const spbe_entry_t *entry, apr_pool_t *pool,
                 apr_pool_t *scratch)
{
    spbe_line_t line;
    const char *why;
    spbe_span_t *slot;

    if (entry->kind != SPBE_ENTRY_LINE ||
        spbe_line_parse(entry->line, &line, &why, scratch) != SPBE_OK ||
        line.seq != row->seq || strcmp(line.writer, row->writer) != 0 ||
        strcmp(line.id, row->id) != 0) {
        return;
    }
    if (slices->parts == NULL) {
        slices->n = line.parts;
        slices->parts = apr_pcalloc(pool, line.parts * sizeof(spbe_span_t));
    }
    if (line.part > slices->n || slices->size > SPBE_DETAILS_MAX) {
        return;
    }
    slot = &slices->parts[line.part - 1];
    if (slot->ptr == NULL) {
        slot->ptr = apr_pmemdup(pool, line.d.ptr, line.d.len);
        slot->len = line.d.len;
        slices->size += line.d.len;
    }
}

static apr_status_t collect(spbe_archive_t *archive, const spbe_row_t *row,
                            slices_t *slices, apr_pool_t *pool)
{
    spbe_archive_reader_t *reader =
        spbe_archive_reader(archive, row->offset, pool);
    apr_status_t rv = APR_SUCCESS;
    apr_pool_t *scratch;

    apr_pool_create(&scratch, pool);
    while (spbe_archive_tell(reader) < row->offset + row->length) {
        spbe_entry_t entry;

        rv = spbe_archive_next(reader, &entry);
        if (rv != APR_SUCCESS) {
            break;
        }
        take(slices, row, &entry, pool, scratch);
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
    return rv == APR_EOF ? APR_SUCCESS : rv;
}

apr_status_t spbe_details_read(spbe_archive_t *archive, const spbe_row_t *row,
                               spbe_span_t *d, apr_pool_t *pool)
{
    slices_t slices = {0};
    spbe_buf_t buf;
    unsigned i;
    apr_status_t rv;

    *d = SPBE_SPAN_EMPTY;
    rv = collect(archive, row, &slices, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    spbe_buf_init(&buf, (size_t)slices.size, pool);
    for (i = 0; i < slices.n && slices.parts[i].ptr != NULL; i++) {
        spbe_buf_add(&buf, slices.parts[i]);
    }
    *d = spbe_buf_span(&buf);
    return i < slices.n || slices.n == 0 ? APR_EINCOMPLETE : APR_SUCCESS;
}
