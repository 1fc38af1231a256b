/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/tallies.c - counts per application, route and day. See tallies.h.
 *
 * A row is given up only while nobody uses it: whoever adds says so first and
 * looks at the state afterwards, whoever gives up changes the state first and
 * looks for users afterwards. One of the two sees the other.
 *
 * Routes without a policy have every fourth row and no other, so that nobody
 * has to count them. A process that dies in the middle holds its row up for a
 * few rounds of the one that takes.
 */
#include "record/tallies.h"

#include <string.h>

#define NEAR 32
#define UNNAMED_SHARE 4 /* one row of so many for routes without a policy */
#define FILLING_ROUNDS 2
#define USING_ROUNDS 10 /* a process may be stopped for a while */

enum { FREE = 0, FILLING = 1, OPEN = 2, CLOSING = 3 };

typedef struct entry {
    apr_uint32_t state;
    apr_uint32_t users;
    apr_uint32_t idle; /* rounds; of the one that takes; 0 while FREE */
    apr_uint64_t hash;
    spbe_tallies_row_t row;
} entry_t;

struct spbe_tallies_shared {
    apr_uint64_t missed;
    entry_t entry[];
};

typedef struct key {
    char application[SPBE_TALLIES_APPLICATION];
    char route[SPBE_TALLIES_ROUTE];
    apr_int64_t day;
    apr_uint64_t hash;
} row_key_t;

size_t spbe_tallies_size(unsigned rows)
{
    return sizeof(struct spbe_tallies_shared) + rows * sizeof(entry_t);
}

void spbe_tallies_init(spbe_tallies_t *tallies, void *memory, unsigned rows)
{
    tallies->rows = rows;
    tallies->shared = memory;
}

static void copy(char *out, const char *in, size_t size)
{
    size_t len = strnlen(in, size - 1);

    memcpy(out, in, len);
    memset(out + len, 0, size - len);
}

static apr_uint64_t add_hash(apr_uint64_t hash, const char *text)
{
    while (*text != '\0') {
        hash = (hash ^ (unsigned char)*text++) * 1099511628211u;
    }
    return (hash ^ 0xff) * 1099511628211u;
}

static void make_key(row_key_t *key, const char *application, const char *route,
                     apr_int64_t day)
{
    copy(key->application, application, sizeof(key->application));
    copy(key->route, route, sizeof(key->route));
    key->day = day;
    key->hash =
        add_hash(14695981039346656037u ^ (apr_uint64_t)day, key->application);
    key->hash = add_hash(key->hash, key->route);
}

static int is_same(const entry_t *entry, const row_key_t *key)
{
    return entry->hash == key->hash && entry->row.day == key->day &&
           strcmp(entry->row.route, key->route) == 0 &&
           strcmp(entry->row.application, key->application) == 0;
}

static apr_uint32_t state_of(const entry_t *entry)
{
    return __atomic_load_n(&entry->state, __ATOMIC_SEQ_CST);
}

static int change(entry_t *entry, apr_uint32_t from, apr_uint32_t to)
{
    return __atomic_compare_exchange_n(&entry->state, &from, to, 0,
                                       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void add_counts(spbe_tallies_counts_t *sum,
                       const spbe_tallies_counts_t *counts)
{
#define X(name, text)                                                          \
    __atomic_fetch_add(&sum->name, counts->name, __ATOMIC_RELAXED);
    SPBE_TALLIES_COUNTS(X)
#undef X
}

/* 1 when this is the row of key, and the counts are in. */
static int add_here(entry_t *entry, const row_key_t *key,
                    const spbe_tallies_counts_t *counts)
{
    int mine;

    if (state_of(entry) != OPEN) {
        return 0;
    }
    __atomic_fetch_add(&entry->users, 1, __ATOMIC_SEQ_CST);
    mine = state_of(entry) == OPEN && is_same(entry, key);
    if (mine) {
        add_counts(&entry->row.counts, counts);
    }
    __atomic_fetch_sub(&entry->users, 1, __ATOMIC_SEQ_CST);
    return mine;
}

/* Two may fill a row each for one key: the sums are right all the same. */
static int fill(entry_t *entry, const row_key_t *key)
{
    if (!change(entry, FREE, FILLING)) {
        return 0;
    }
    copy(entry->row.application, key->application,
         sizeof(entry->row.application));
    copy(entry->row.route, key->route, sizeof(entry->row.route));
    entry->row.day = key->day;
    entry->hash = key->hash;
    memset(&entry->row.counts, 0, sizeof(entry->row.counts));
    return change(entry, FILLING, OPEN);
}

static entry_t *place(spbe_tallies_t *tallies, const row_key_t *key, int named,
                      unsigned i)
{
    apr_uint32_t share = named ? 1 : UNNAMED_SHARE;
    apr_uint64_t row = (key->hash + i) & (tallies->rows / share - 1);

    return &tallies->shared->entry[row * share];
}

static int add_key(spbe_tallies_t *tallies, const row_key_t *key, int named,
                   const spbe_tallies_counts_t *counts)
{
    unsigned i;

    for (i = 0; i < NEAR; i++) {
        if (add_here(place(tallies, key, named, i), key, counts)) {
            return 1;
        }
    }
    for (i = 0; i < NEAR; i++) {
        entry_t *entry = place(tallies, key, named, i);

        if (fill(entry, key) && add_here(entry, key, counts)) {
            return 1;
        }
    }
    return 0;
}

void spbe_tallies_add(spbe_tallies_t *tallies, const char *application,
                      const char *route, int named, apr_int64_t day,
                      const spbe_tallies_counts_t *counts)
{
    row_key_t key;

    make_key(&key, application, route, day);
    if (add_key(tallies, &key, named, counts)) {
        return;
    }
    make_key(&key, application, SPBE_TALLIES_OTHER, day);
    if (!add_key(tallies, &key, 1, counts)) {
        __atomic_fetch_add(&tallies->shared->missed, 1, __ATOMIC_RELAXED);
    }
}

static int has_counts(const entry_t *entry)
{
    int any = 0;

#define X(name, text)                                                          \
    any |= __atomic_load_n(&entry->row.counts.name, __ATOMIC_SEQ_CST) > 0;
    SPBE_TALLIES_COUNTS(X)
#undef X
    return any;
}

/* CLOSING: of this call, or of one that died in it. */
static void close_row(entry_t *entry)
{
    if (__atomic_load_n(&entry->users, __ATOMIC_SEQ_CST) > 0 ||
        has_counts(entry)) {
        change(entry, CLOSING, OPEN);
        return;
    }
    entry->idle = 0;
    change(entry, CLOSING, FREE);
}

static void look_after(entry_t *entry)
{
    apr_uint32_t state = state_of(entry);

    switch (state) {
    case FREE:
        break;
    case OPEN:
        if (entry->idle++ == 0) {
            break;
        }
        if (entry->idle > USING_ROUNDS) {
            __atomic_store_n(&entry->users, 0, __ATOMIC_SEQ_CST);
        }
        if (change(entry, OPEN, CLOSING)) {
            close_row(entry);
        }
        break;
    case FILLING:
        if (++entry->idle >= FILLING_ROUNDS) {
            entry->idle = 0;
            change(entry, FILLING, FREE);
        }
        break;
    case CLOSING:
        close_row(entry);
        break;
    default: /* nobody who keeps to the rules wrote that */
        entry->idle = 0;
        change(entry, state, FREE);
    }
}

static int take_counts(entry_t *entry, spbe_tallies_row_t *row)
{
    int any = 0;

    *row = entry->row;
    row->application[sizeof(row->application) - 1] = '\0';
    row->route[sizeof(row->route) - 1] = '\0';
#define X(name, text)                                                          \
    row->counts.name =                                                         \
        __atomic_exchange_n(&entry->row.counts.name, 0, __ATOMIC_SEQ_CST);     \
    any |= row->counts.name > 0;
    SPBE_TALLIES_COUNTS(X)
#undef X
    return any;
}

int spbe_tallies_take(spbe_tallies_t *tallies, unsigned *at,
                      spbe_tallies_row_t *row)
{
    while (*at < tallies->rows) {
        entry_t *entry = &tallies->shared->entry[(*at)++];

        if (state_of(entry) == OPEN && take_counts(entry, row)) {
            entry->idle = 0;
            return 1;
        }
        look_after(entry);
    }
    *at = 0;
    return 0;
}

apr_uint64_t spbe_tallies_missed(spbe_tallies_t *tallies)
{
    return __atomic_exchange_n(&tallies->shared->missed, 0, __ATOMIC_ACQ_REL);
}
