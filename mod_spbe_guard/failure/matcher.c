/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/matcher.c - find many literals in one pass. See matcher.h.
 */
#include "failure/matcher.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <hs.h>

#define BUCKETS 65536u
#define NOBODY UINT32_MAX

/* Literals by the first four bytes, without case. */
typedef struct portable {
    unsigned char seen[BUCKETS / 8]; /* small enough to stay in the cache */
    uint32_t head[BUCKETS];          /* a literal, or NOBODY */
    uint32_t next[];                 /* of each literal */
} portable_t;

struct spbe_matcher {
    const spbe_literal_t *literals;
    size_t n;
    hs_database_t *db; /* NULL: the portable engine */
    hs_scratch_t *prototype;
    portable_t *portable;
};

struct spbe_matcher_scratch {
    hs_scratch_t *hs;
};

typedef struct relay {
    spbe_matcher_hit_t *hit;
    void *baton;
} relay_t;

/* Upper and lower case of a letter fall together; so do a few other bytes,
 * which the comparison after it tells apart. */
static uint32_t bucket_of(const char *bytes)
{
    uint32_t word;

    memcpy(&word, bytes, sizeof(word));
    return ((word | 0x20202020u) * 2654435761u) >> 16;
}

static portable_t *portable_create(const spbe_literal_t *literals, size_t n,
                                   apr_pool_t *pool)
{
    portable_t *p = apr_pcalloc(pool, sizeof(*p) + n * sizeof(p->next[0]));
    uint32_t bucket, i;

    memset(p->head, 0xff, sizeof(p->head));
    for (i = 0; i < n; i++) {
        bucket = bucket_of(literals[i].text.ptr);
        p->seen[bucket / 8] |= (unsigned char)(1u << (bucket % 8));
        p->next[i] = p->head[bucket];
        p->head[bucket] = i;
    }
    return p;
}

static void portable_check(const spbe_matcher_t *m, spbe_span_t rest,
                           uint32_t bucket, size_t at, const relay_t *relay)
{
    const spbe_literal_t *literal;
    uint32_t i;

    for (i = m->portable->head[bucket]; i != NOBODY; i = m->portable->next[i]) {
        literal = &m->literals[i];
        if (literal->nocase ? spbe_span_istarts(rest, literal->text)
                            : spbe_span_starts(rest, literal->text)) {
            relay->hit(relay->baton, i, at + literal->text.len);
        }
    }
}

static void portable_run(const spbe_matcher_t *m, spbe_span_t text,
                         const relay_t *relay)
{
    const unsigned char *seen = m->portable->seen;
    uint32_t bucket;
    size_t i;

    for (i = 0; i + SPBE_LITERAL_MIN <= text.len; i++) {
        bucket = bucket_of(text.ptr + i);
        if (seen[bucket / 8] & (1u << (bucket % 8))) {
            portable_check(m, spbe_span_slice(text, i, text.len), bucket, i,
                           relay);
        }
    }
}

static apr_status_t free_hs(void *data)
{
    spbe_matcher_t *m = data;

    hs_free_scratch(m->prototype);
    hs_free_database(m->db);
    m->prototype = NULL;
    m->db = NULL;
    return APR_SUCCESS;
}

static hs_database_t *hs_build(const spbe_literal_t *literals, size_t n,
                               apr_pool_t *pool)
{
    const char **texts = apr_palloc(pool, n * sizeof(*texts));
    unsigned *flags = apr_palloc(pool, n * sizeof(*flags));
    unsigned *ids = apr_palloc(pool, n * sizeof(*ids));
    size_t *lens = apr_palloc(pool, n * sizeof(*lens));
    hs_compile_error_t *error = NULL;
    hs_database_t *db = NULL;
    unsigned i;

    for (i = 0; i < n; i++) {
        texts[i] = literals[i].text.ptr;
        lens[i] = literals[i].text.len;
        flags[i] = literals[i].nocase ? HS_FLAG_CASELESS : 0;
        ids[i] = i;
    }
    if (hs_compile_lit_multi(texts, flags, ids, lens, (unsigned)n,
                             HS_MODE_BLOCK, NULL, &db, &error) != HS_SUCCESS) {
        hs_free_compile_error(error);
        return NULL;
    }
    return db;
}

typedef struct trial {
    unsigned literal;
    size_t end;
    int seen;
} trial_t;

static int on_trial(unsigned id, unsigned long long from, unsigned long long to,
                    unsigned flags, void *context)
{
    trial_t *trial = context;

    trial->seen |= id == trial->literal && to == trial->end;
    return 0;
}

#define TRIAL_SIZE 512

static int trial_finds(const spbe_matcher_t *m, unsigned literal, size_t before,
                       size_t behind)
{
    spbe_span_t text = m->literals[literal].text;
    trial_t trial = { literal, before + text.len, 0 };
    char bytes[TRIAL_SIZE];

    memset(bytes, 'a', sizeof(bytes));
    memcpy(bytes + before, text.ptr, text.len);
    return hs_scan(m->db, bytes, (unsigned)(trial.end + behind), 0,
                   m->prototype, on_trial, &trial) == HS_SUCCESS
           && trial.seen;
}

/*
 * Vectorscan 5.4.9 overlooks literals behind the first 64 bytes with some
 * small sets on some CPUs. A set is trusted once every literal of it has been
 * found at the begin, around the borders of vectors, and at the end of a text.
 */
static int is_trustworthy(const spbe_matcher_t *m)
{
    static const size_t places[] = { 0, 1, 15, 31, 47, 63, 64, 65, 66, 70, 79,
                                     95, 100, 127, 129, 160, 200, 255 };
    unsigned i;
    size_t j;

    for (i = 0; i < m->n; i++) {
        for (j = 0; j < sizeof(places) / sizeof(*places); j++) {
            if (!trial_finds(m, i, places[j], 0)
                || !trial_finds(m, i, places[j], 40)) {
                return 0;
            }
        }
    }
    return 1;
}

/* hs_valid_platform comes first: the compiler itself uses the instructions. */
static int hs_create(spbe_matcher_t *m, apr_pool_t *pool)
{
    apr_pool_t *scratch;

    if (m->n == 0 || hs_valid_platform() != HS_SUCCESS) {
        return 0;
    }
    apr_pool_create(&scratch, pool);
    m->db = hs_build(m->literals, m->n, scratch);
    apr_pool_destroy(scratch);
    if (m->db == NULL) {
        return 0;
    }
    if (hs_alloc_scratch(m->db, &m->prototype) != HS_SUCCESS
        || !is_trustworthy(m)) {
        free_hs(m);
        return 0;
    }
    apr_pool_cleanup_register(pool, m, free_hs, apr_pool_cleanup_null);
    return 1;
}

spbe_matcher_t *spbe_matcher_create(const spbe_literal_t *literals, size_t n,
                                    int force_slow, apr_pool_t *pool)
{
    spbe_matcher_t *m = apr_pcalloc(pool, sizeof(*m));

    m->literals = literals;
    m->n = n;
    if (force_slow || !hs_create(m, pool)) {
        m->portable = portable_create(literals, n, pool);
    }
    return m;
}

const char *spbe_matcher_name(const spbe_matcher_t *matcher)
{
    return matcher->db != NULL ? "vectorscan" : "portable";
}

spbe_matcher_scratch_t *
spbe_matcher_scratch_create(const spbe_matcher_t *matcher)
{
    spbe_matcher_scratch_t *scratch = calloc(1, sizeof(*scratch));

    if (scratch != NULL && matcher->db != NULL &&
        hs_clone_scratch(matcher->prototype, &scratch->hs) != HS_SUCCESS) {
        free(scratch);
        return NULL;
    }
    return scratch;
}

void spbe_matcher_scratch_destroy(spbe_matcher_scratch_t *scratch)
{
    if (scratch != NULL) {
        hs_free_scratch(scratch->hs);
        free(scratch);
    }
}

static int hs_relay(unsigned id, unsigned long long from, unsigned long long to,
                    unsigned flags, void *context)
{
    relay_t *relay = context;

    relay->hit(relay->baton, id, (size_t)to);
    return 0;
}

void spbe_matcher_run(const spbe_matcher_t *matcher,
                      spbe_matcher_scratch_t *scratch, spbe_span_t text,
                      spbe_matcher_hit_t *hit, void *baton)
{
    relay_t relay = {hit, baton};

    if (matcher->db == NULL) {
        portable_run(matcher, text, &relay);
        return;
    }
    /* Cannot fail: database, scratch and text are ours, and no callback stops
     * it. Should it, the text must not pass as clean unseen. */
    if (hs_scan(matcher->db, text.ptr, (unsigned)text.len, 0, scratch->hs,
                hs_relay, &relay) != HS_SUCCESS) {
        abort();
    }
}
