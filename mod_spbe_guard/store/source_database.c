/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/source_database.c - an archive read from the shared database. See
 * source_database.h.
 *
 * Each group is a piece, or several when it is large. Many are asked for at
 * once: the way to the server is long.
 */
#include "store/source_database.h"

#include <apr_strings.h>
#include <apr_tables.h>
#include "store/database_int.h"
#include "store/select.h"
#include "text/percent.h"

#define PIECE ((size_t)1 << 20)
#define STRETCH ((apr_uint64_t)1 << 19) /* of addresses asked for at once */
#define GROUPS "1000"

typedef struct held_group {
    apr_uint64_t place;
    spbe_span_t bytes;
} held_group_t;

typedef struct reading {
    spbe_database_t *database;
    const char *node;
    apr_uint64_t place;       /* where the next bytes begin */
    apr_array_header_t *held; /* held_group_t, in fetched */
    int at;                   /* the next of these */
    apr_pool_t *fetched;
} reading_t;

static spbe_span_t from_hex(const char *hex, apr_pool_t *pool)
{
    size_t n = strlen(hex) / 2, i;
    char *out = apr_palloc(pool, n + 1);

    for (i = 0; i < n; i++) {
        out[i] = (char)(spbe_percent_hex(hex[2 * i]) << 4 |
                        spbe_percent_hex(hex[2 * i + 1]));
    }
    return (spbe_span_t){out, n};
}

static int hold(void *baton, const char *const *v, apr_pool_t *pool)
{
    reading_t *reading = baton;
    held_group_t group = {(apr_uint64_t)apr_atoi64(v[0]),
                          from_hex(v[1], reading->fetched)};

    APR_ARRAY_PUSH(reading->held, held_group_t) = group;
    return 0;
}

static apr_status_t ask(reading_t *reading, const char *condition, int n,
                        const char *const *args)
{
    const char *sql;

    apr_pool_clear(reading->fetched);
    reading->held = apr_array_make(reading->fetched, 64, sizeof(held_group_t));
    reading->at = 0;
    sql = apr_pstrcat(reading->fetched,
                      "SELECT place, encode(body, 'hex') FROM groups"
                      " WHERE node = %s AND place ",
                      condition, NULL);
    return spbe_select(reading->database, sql, n, args, 2, hold, reading,
                       reading->fetched);
}

/* Those of a stretch; where there is a gap, the first one behind it. */
static apr_status_t fetch(reading_t *reading)
{
    char from[24], to[24];
    const char *args[] = {reading->node, from, to};
    apr_status_t rv;

    apr_snprintf(from, sizeof(from), "%" APR_UINT64_T_FMT, reading->place);
    apr_snprintf(to, sizeof(to), "%" APR_UINT64_T_FMT,
                 reading->place + STRETCH);
    rv = ask(reading,
             ">= CAST(%s AS BIGINT) AND place < CAST(%s AS BIGINT)"
             " ORDER BY place LIMIT " GROUPS,
             3, args);
    if (rv == APR_SUCCESS && reading->held->nelts == 0) {
        rv = ask(reading, ">= CAST(%s AS BIGINT) ORDER BY place LIMIT 1", 2,
                 args);
    }
    return rv == APR_SUCCESS && reading->held->nelts == 0 ? APR_EOF : rv;
}

static apr_status_t next_piece(void *baton, spbe_source_piece_t *piece)
{
    reading_t *reading = baton;
    held_group_t *group;
    size_t n;

    if (reading->held == NULL || reading->at == reading->held->nelts) {
        apr_status_t rv = fetch(reading);

        if (rv != APR_SUCCESS) {
            return rv;
        }
    }
    group = &APR_ARRAY_IDX(reading->held, reading->at, held_group_t);
    n = group->bytes.len < PIECE ? group->bytes.len : PIECE;
    *piece =
        (spbe_source_piece_t){group->place, "database", {group->bytes.ptr, n}};
    group->place += n;
    group->bytes = spbe_span_slice(group->bytes, n, group->bytes.len);
    reading->place = group->place;
    reading->at += group->bytes.len == 0;
    return APR_SUCCESS;
}

/* In the group that the address is in, else at the first one behind it. */
static apr_status_t seek(void *baton, apr_uint64_t offset)
{
    reading_t *reading = baton;
    char place[24];
    const char *args[] = {reading->node, place};
    held_group_t *group;
    apr_status_t rv;

    apr_snprintf(place, sizeof(place), "%" APR_UINT64_T_FMT, offset);
    reading->place = offset;
    rv = ask(reading, "<= CAST(%s AS BIGINT) ORDER BY place DESC LIMIT 1", 2,
             args);
    if (rv != APR_SUCCESS || reading->held->nelts == 0) {
        return rv;
    }
    group = &APR_ARRAY_IDX(reading->held, 0, held_group_t);
    if (group->place + group->bytes.len <= offset) {
        reading->at = 1;
        return APR_SUCCESS;
    }
    group->bytes = spbe_span_slice(
        group->bytes, (size_t)(offset - group->place), group->bytes.len);
    group->place = offset;
    return APR_SUCCESS;
}

apr_status_t spbe_source_database(spbe_source_t *source,
                                  spbe_database_t *database, const char *node,
                                  apr_pool_t *pool)
{
    reading_t *reading = apr_pcalloc(pool, sizeof(*reading));
    apr_status_t rv;

    if (!spbe_database_is_shared(database)) {
        return spbe_database_say(database, APR_ENOTIMPL,
                                 "only a shared database holds the archive");
    }
    reading->database = database;
    reading->node = apr_pstrdup(pool, node);
    apr_pool_create(&reading->fetched, pool);
    *source = (spbe_source_t){next_piece, seek, reading};
    rv = fetch(reading);
    return rv == APR_EOF
               ? spbe_database_say(database, APR_ENOENT,
                                   "nothing of the node %s is there", node)
               : rv;
}
