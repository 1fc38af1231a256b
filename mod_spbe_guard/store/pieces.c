/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/pieces.c - what is there of records of which lines are missing. See
 * pieces.h.
 */
#include "store/pieces.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "store/database_int.h"
#include "text/buf.h"

#define COLUMNS 8

static const char *number(spbe_database_t *database, apr_uint64_t value)
{
    return spbe_database_digits(database, (apr_int64_t)value);
}

static apr_status_t is_held(spbe_database_t *database,
                            const spbe_whole_t *whole, int *held)
{
    const char *seq = number(database, whole->seq);
    const char *args[] = {
        database->node, whole->id,     whole->writer, seq,
        database->node, whole->writer, seq,           database->node,
        whole->id,      whole->writer, seq,
    };
    const char *none;

    return spbe_database_one(
        database,
        "SELECT 1 FROM records WHERE node = %s AND id = %s AND writer = %s"
        " AND seq = CAST(%s AS BIGINT) AND complete = 1"
        " UNION ALL SELECT 1 FROM additions WHERE node = %s AND writer = %s"
        " AND seq = CAST(%s AS BIGINT) AND complete = 1"
        " UNION ALL SELECT 1 FROM keys WHERE node = %s AND key_id = %s"
        " AND writer = %s AND seq = CAST(%s AS BIGINT) LIMIT 1",
        sizeof(args) / sizeof(args[0]), args, 1, &none, held);
}

static int has(const unsigned char *bits, unsigned part)
{
    return bits[(part - 1) / 8] >> (part - 1) % 8 & 1;
}

/* "1-3,7-7": as long as lines have come, not as the record claims to be. */
static const char *to_text(const unsigned char *bits, unsigned parts,
                           apr_pool_t *pool)
{
    unsigned part = 1, from;
    spbe_buf_t out;

    spbe_buf_init(&out, 64, pool);
    while (part <= parts) {
        if (!has(bits, part)) {
            part++;
            continue;
        }
        from = part;
        while (part <= parts && has(bits, part)) {
            part++;
        }
        spbe_buf_printf(&out, "%s%u-%u", out.len > 0 ? "," : "", from,
                        part - 1);
    }
    return spbe_buf_cstr(&out);
}

static void add_text(unsigned char *bits, unsigned parts, const char *text)
{
    while (*text != '\0') {
        char *end;
        unsigned long from = strtoul(text, &end, 10);
        unsigned long to = *end == '-' ? strtoul(end + 1, &end, 10) : from;

        for (; from > 0 && from <= to && from <= parts; from++) {
            bits[(from - 1) / 8] |= (unsigned char)(1u << (from - 1) % 8);
        }
        text = *end == ',' ? end + 1 : "";
    }
}

static unsigned count(const unsigned char *bits, unsigned parts)
{
    unsigned part, n = 0;

    for (part = 1; part <= parts; part++) {
        n += (unsigned)has(bits, part);
    }
    return n;
}

/* v: id, parts, have, h, key_id, received, place, length. */
static void add_kept(spbe_whole_t *whole, const char *const *v,
                     apr_pool_t *pool)
{
    size_t bytes = SPBE_ASSEMBLE_BYTES(whole->parts);
    unsigned char *bits = apr_pmemdup(pool, whole->seen, bytes);
    apr_time_t received = apr_atoi64(v[5]);
    apr_uint64_t place = (apr_uint64_t)apr_atoi64(v[6]);
    apr_uint64_t behind = place + (apr_uint64_t)apr_atoi64(v[7]);

    /* The same number for something else: a writer out of its mind. */
    if (strcmp(v[0], whole->id) != 0 ||
        apr_atoi64(v[1]) != (apr_int64_t)whole->parts) {
        return;
    }
    add_text(bits, whole->parts, v[2] == NULL ? "" : v[2]);
    whole->complete = count(bits, whole->parts) == whole->parts;
    whole->seen = bits;
    whole->h = whole->h == NULL ? apr_pstrdup(pool, v[3]) : whole->h;
    whole->key = whole->key == NULL ? apr_pstrdup(pool, v[4]) : whole->key;
    whole->received = received < whole->received ? received : whole->received;
    whole->offset = place < whole->offset ? place : whole->offset;
    whole->next = behind > whole->next ? behind : whole->next;
}

static apr_status_t keep(spbe_database_t *database, const spbe_whole_t *whole)
{
    const char *args[] = {
        database->node,
        whole->writer,
        number(database, whole->seq),
        whole->id,
        number(database, whole->parts),
        to_text(whole->seen, whole->parts, database->scratch),
        whole->h,
        whole->key,
        spbe_database_digits(database, whole->received),
        number(database, whole->offset),
        number(database, whole->next - whole->offset),
    };
    int rows;

    return spbe_database_exec(database, SPBE_STMT_PUT_PIECE,
                              sizeof(args) / sizeof(args[0]), args, &rows);
}

static apr_status_t stretch(spbe_database_t *database, int statement,
                            const spbe_whole_t *whole)
{
    const char *place = number(database, whole->offset);
    const char *end = number(database, whole->next);
    const char *args[] = {
        end,
        end,
        place,
        place,
        place,
        place,
        database->node,
        whole->id,
        whole->writer,
        number(database, whole->seq),
    };
    int rows;

    return spbe_database_exec(database, statement,
                              sizeof(args) / sizeof(args[0]), args, &rows);
}

static apr_status_t stretch_all(spbe_database_t *database,
                                const spbe_whole_t *whole)
{
    apr_status_t rv = stretch(database, SPBE_STMT_STRETCH, whole);

    if (rv == APR_SUCCESS) {
        rv = stretch(database, SPBE_STMT_STRETCH_MORE, whole);
    }
    return rv == APR_SUCCESS ? stretch(database, SPBE_STMT_STRETCH_KEY, whole)
                             : rv;
}

static apr_status_t load(spbe_database_t *database, const spbe_whole_t *whole,
                         const char **v, int *found)
{
    const char *args[] = {database->node, whole->writer,
                          number(database, whole->seq)};

    return spbe_database_one(database,
                             "SELECT id, parts, have, h, key_id, received,"
                             " place, length FROM pieces WHERE node = %s"
                             " AND writer = %s AND seq = CAST(%s AS BIGINT)",
                             3, args, COLUMNS, v, found);
}

static apr_status_t forget(spbe_database_t *database, const spbe_whole_t *whole)
{
    const char *args[] = {database->node, whole->writer,
                          number(database, whole->seq)};
    int rows;

    return spbe_database_exec(database, SPBE_STMT_FORGET_PIECE, 3, args, &rows);
}

apr_status_t spbe_pieces_add(spbe_database_t *database, spbe_whole_t *whole,
                             int *held, apr_pool_t *pool)
{
    const char *v[COLUMNS];
    apr_status_t rv = APR_SUCCESS;
    int found;

    *held = 0;
    if (whole->parts == 1) {
        return APR_SUCCESS;
    }
    if (!whole->complete) {
        rv = is_held(database, whole, held);
    }
    if (rv == APR_SUCCESS && *held) {
        return stretch_all(database, whole);
    }
    if (rv == APR_SUCCESS) {
        rv = load(database, whole, v, &found);
    }
    if (rv == APR_SUCCESS && found) {
        add_kept(whole, v, pool);
    }
    if (rv != APR_SUCCESS || (whole->complete && !found)) {
        return rv;
    }
    return whole->complete ? forget(database, whole) : keep(database, whole);
}
