/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/assemble.c - from lines to records. See assemble.h.
 */
#include "store/assemble.h"

#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>

#define PARTS_MAX 4096

typedef struct open_record {
    spbe_whole_t whole;
    const char *key;
    unsigned parts, have;
    unsigned char seen[PARTS_MAX / 8];
    apr_pool_t *pool;
} open_record_t;

struct spbe_assemble {
    apr_pool_t *pool;
    apr_hash_t *open; /* "writer seq" to open_record_t */
};

static void reset(spbe_assemble_t *assemble)
{
    assemble->open = apr_hash_make(assemble->pool);
}

spbe_assemble_t *spbe_assemble_create(apr_pool_t *pool)
{
    spbe_assemble_t *assemble = apr_pcalloc(pool, sizeof(*assemble));

    apr_pool_create(&assemble->pool, pool);
    reset(assemble);
    return assemble;
}

void spbe_assemble_clear(spbe_assemble_t *assemble)
{
    apr_pool_clear(assemble->pool);
    reset(assemble);
}

static open_record_t *begin(spbe_assemble_t *assemble, const char *key,
                            const spbe_line_t *line, const spbe_entry_t *entry)
{
    open_record_t *record;
    apr_pool_t *pool;

    apr_pool_create(&pool, assemble->pool);
    record = apr_pcalloc(pool, sizeof(*record));
    record->pool = pool;
    record->key = apr_pstrdup(pool, key);
    record->parts = line->parts;
    record->whole.parts = line->parts;
    record->whole.id = apr_pstrdup(pool, line->id);
    record->whole.writer = apr_pstrdup(pool, line->writer);
    record->whole.seq = line->seq;
    record->whole.offset = entry->offset;
    record->whole.received = entry->received;
    apr_hash_set(assemble->open, record->key, APR_HASH_KEY_STRING, record);
    return record;
}

static void finish(spbe_assemble_t *assemble, open_record_t *record,
                   spbe_whole_t *whole, apr_pool_t *pool)
{
    *whole = record->whole;
    whole->id = apr_pstrdup(pool, whole->id);
    whole->writer = apr_pstrdup(pool, whole->writer);
    whole->h = apr_pstrdup(pool, whole->h);
    whole->key = apr_pstrdup(pool, whole->key);
    whole->seen =
        apr_pmemdup(pool, record->seen, SPBE_ASSEMBLE_BYTES(record->parts));
    apr_hash_set(assemble->open, record->key, APR_HASH_KEY_STRING, NULL);
    apr_pool_destroy(record->pool);
}

static int purged(const spbe_entry_t *entry, int before)
{
    return entry->is_emptied ? 1 : before == 0 && entry->thin > 0 ? 2 : before;
}

static void take_part(open_record_t *record, const spbe_line_t *line,
                      const spbe_entry_t *entry)
{
    unsigned char bit = (unsigned char)(1u << (line->part - 1) % 8);
    unsigned char *byte = &record->seen[(line->part - 1) / 8];

    record->whole.next = entry->next;
    if (*byte & bit) {
        return;
    }
    *byte |= bit;
    record->have++;
    record->whole.purged = purged(entry, record->whole.purged);
    if (record->whole.key == NULL && line->key[0] != '\0') {
        record->whole.key = apr_pstrdup(record->pool, line->key);
    }
    if (line->h != NULL) {
        record->whole.h = apr_pstrdup(record->pool, line->h);
    }
}

static void take_single(const spbe_line_t *line, const spbe_entry_t *entry,
                        spbe_whole_t *whole)
{
    *whole = (spbe_whole_t){.id = line->id,
                            .writer = line->writer,
                            .seq = line->seq,
                            .h = line->h,
                            .offset = entry->offset,
                            .next = entry->next,
                            .received = entry->received,
                            .complete = 1,
                            .key = line->key[0] == '\0' ? NULL : line->key,
                            .parts = 1,
                            .purged = purged(entry, 0)};
}

int spbe_assemble_add(spbe_assemble_t *assemble, const spbe_line_t *line,
                      const spbe_entry_t *entry, spbe_whole_t *whole,
                      apr_pool_t *pool)
{
    open_record_t *record;
    const char *key;

    if (line->parts == 1) {
        take_single(line, entry, whole);
        return 1;
    }
    key = apr_psprintf(pool, "%s %" APR_UINT64_T_FMT, line->writer, line->seq);
    record = apr_hash_get(assemble->open, key, APR_HASH_KEY_STRING);
    if (record == NULL) {
        record = begin(assemble, key, line, entry);
    }
    /* The same number for something else: a writer out of its mind. */
    if (record->parts != line->parts ||
        strcmp(record->whole.id, line->id) != 0 || line->part > PARTS_MAX) {
        return 0;
    }
    take_part(record, line, entry);
    if (record->have < record->parts) {
        return 0;
    }
    record->whole.complete = 1;
    finish(assemble, record, whole, pool);
    return 1;
}

static open_record_t *oldest(const spbe_assemble_t *assemble)
{
    open_record_t *found = NULL;
    apr_hash_index_t *hi;

    for (hi = apr_hash_first(NULL, assemble->open); hi != NULL;
         hi = apr_hash_next(hi)) {
        open_record_t *record = apr_hash_this_val(hi);

        if (found == NULL || record->whole.offset < found->whole.offset) {
            found = record;
        }
    }
    return found;
}

int spbe_assemble_expire(spbe_assemble_t *assemble, apr_time_t before,
                         spbe_whole_t *whole, apr_pool_t *pool)
{
    open_record_t *record = oldest(assemble);

    if (record == NULL ||
        (record->whole.received >= before &&
         apr_hash_count(assemble->open) <= SPBE_ASSEMBLE_OPEN)) {
        return 0;
    }
    finish(assemble, record, whole, pool);
    return 1;
}

apr_uint64_t spbe_assemble_oldest(const spbe_assemble_t *assemble,
                                  apr_uint64_t otherwise)
{
    open_record_t *record = oldest(assemble);

    return record == NULL ? otherwise : record->whole.offset;
}
