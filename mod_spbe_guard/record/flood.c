/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/flood.c - many of the same are one record and a number. See flood.h.
 *
 * All that matters of a window is one 64-bit word: state, generation, number
 * of hits, number of hits without a line. It changes by compare and swap
 * alone, so that a hit is either in a window before it ends or in the next.
 * The rest of an entry is written only by whoever holds it FILLING, and every
 * new holder raises the generation: who reads it and then swaps the word has
 * read the right thing.
 */
#include "record/flood.h"

#include <string.h>

#define NEAR 16   /* places that a key can be at */
#define TRIES 200 /* against others who change the same places */
#define COUNT_MAX ((1u << 24) - 1)

enum { FREE = 0, FILLING = 1, OPEN = 2, CLOSING = 3 };

typedef struct entry {
    apr_uint64_t word;
    apr_uint64_t key;
    apr_time_t first, last;
    apr_uint64_t seen; /* the word at the last sweep: is somebody stuck? */
    unsigned char note[SPBE_FLOOD_NOTE];
} entry_t;

struct spbe_flood_shared {
    apr_uint64_t next_line; /* when a line of its own is free again */
    apr_uint64_t dropped;
    entry_t entry[];
};

static unsigned state_of(apr_uint64_t word)
{
    return (unsigned)(word >> 62);
}

static unsigned total_of(apr_uint64_t word)
{
    return (unsigned)(word >> 24) & COUNT_MAX;
}

static unsigned silent_of(apr_uint64_t word)
{
    return (unsigned)word & COUNT_MAX;
}

static apr_uint64_t with_state(apr_uint64_t word, unsigned state)
{
    return (word & ~((apr_uint64_t)3 << 62)) | (apr_uint64_t)state << 62;
}

/* The next generation, with nothing counted. */
static apr_uint64_t next_of(apr_uint64_t word, unsigned state)
{
    apr_uint64_t generation = ((word >> 48) + 1) & 0x3fff;

    return (apr_uint64_t)state << 62 | generation << 48;
}

static apr_uint64_t load(const apr_uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static int swap(apr_uint64_t *word, apr_uint64_t from, apr_uint64_t to)
{
    return __atomic_compare_exchange_n(word, &from, to, 0, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

static apr_time_t time_of(const apr_time_t *time)
{
    return __atomic_load_n(time, __ATOMIC_RELAXED);
}

size_t spbe_flood_size(unsigned windows)
{
    return sizeof(struct spbe_flood_shared) + windows * sizeof(entry_t);
}

void spbe_flood_init(spbe_flood_t *table, void *memory, unsigned windows)
{
    table->windows = windows;
    table->shared = memory;
}

static entry_t *place(spbe_flood_t *table, apr_uint64_t key, unsigned i)
{
    return &table->shared->entry[(key + i) & (table->windows - 1)];
}

/* As many at once as BURST, then RATE a second. */
static int take_line(spbe_flood_t *table, apr_time_t now)
{
    const apr_uint64_t step = APR_USEC_PER_SEC / SPBE_FLOOD_RATE;
    apr_uint64_t next, base, at = (apr_uint64_t)now;

    do {
        next = load(&table->shared->next_line);
        base = next > at ? next : at;
        if (base + step - at > SPBE_FLOOD_BURST * step) {
            return 0;
        }
    } while (!swap(&table->shared->next_line, next, base + step));
    return 1;
}

static void note_last(entry_t *entry, apr_time_t now)
{
    if (time_of(&entry->last) < now) {
        __atomic_store_n(&entry->last, now, __ATOMIC_RELAXED);
    }
}

/* Ends a window; 0 when somebody else did, or it changed meanwhile. */
static int close_window(entry_t *entry, apr_uint64_t word,
                        spbe_flood_closed_t *closed)
{
    if (!swap(&entry->word, word, with_state(word, CLOSING))) {
        return 0;
    }
    if (total_of(word) > 1) {
        closed->any = 1;
        closed->total = total_of(word);
        closed->counted = silent_of(word);
        closed->first = entry->first;
        closed->last = time_of(&entry->last);
        memcpy(closed->note, entry->note, sizeof(closed->note));
    }
    /* Fails only if a sweep took this for the entry of a dead process. */
    swap(&entry->word, with_state(word, CLOSING), next_of(word, FREE));
    return 1;
}

static int has_ended(const entry_t *entry, apr_time_t now)
{
    apr_time_t first = time_of(&entry->first);

    /* The clock may have been set back. */
    return first < 0 || first > now + SPBE_FLOOD_WINDOW ||
           now - first >= SPBE_FLOOD_WINDOW;
}

static int open_window(entry_t *entry, apr_uint64_t word, apr_uint64_t key,
                       apr_time_t now, const unsigned char *note)
{
    apr_uint64_t mine = next_of(word, FILLING);

    if (!swap(&entry->word, word, mine)) {
        return 0;
    }
    __atomic_store_n(&entry->key, key, __ATOMIC_RELAXED);
    __atomic_store_n(&entry->first, now, __ATOMIC_RELAXED);
    __atomic_store_n(&entry->last, now, __ATOMIC_RELAXED);
    memcpy(entry->note, note, sizeof(entry->note));
    swap(&entry->word, mine, with_state(mine, OPEN) + ((apr_uint64_t)1 << 24));
    return 1;
}

/* In the window of this key: 1 and *line as it was decided. */
static int join(entry_t *entry, apr_uint64_t word, apr_time_t now, int line,
                unsigned char *note)
{
    apr_uint64_t more = ((apr_uint64_t)1 << 24) + (line ? 0 : 1);
    unsigned char first[SPBE_FLOOD_NOTE];

    if (total_of(word) == COUNT_MAX) {
        return 0;
    }
    memcpy(first, entry->note, sizeof(first));
    if (!swap(&entry->word, word, word + more)) {
        return 0;
    }
    memcpy(note, first, sizeof(first));
    note_last(entry, now);
    return 1;
}

/* One call of spbe_flood_hit. */
typedef struct hit {
    spbe_flood_t *table;
    apr_uint64_t key;
    apr_time_t now;
    int wants_line;
    int line; /* -1: not asked for yet */
    unsigned char *note;
    spbe_flood_closed_t *closed;
    spbe_flood_answer_t answer;
    entry_t *same, *room, *ended; /* what is around the key's place */
    apr_uint64_t same_word, room_word, ended_word;
} hit_t;

static void look_around(hit_t *hit)
{
    unsigned i;

    hit->same = hit->room = hit->ended = NULL;
    for (i = 0; i < NEAR && hit->same == NULL; i++) {
        entry_t *entry = place(hit->table, hit->key, i);
        apr_uint64_t word = load(&entry->word);

        if (state_of(word) == FREE && hit->room == NULL) {
            hit->room = entry;
            hit->room_word = word;
        }
        else if (state_of(word) == OPEN &&
                 __atomic_load_n(&entry->key, __ATOMIC_RELAXED) == hit->key) {
            hit->same = entry;
            hit->same_word = word;
        }
        else if (state_of(word) == OPEN && has_ended(entry, hit->now)) {
            hit->ended = entry;
            hit->ended_word = word;
        }
    }
}

/* Once for a hit, however often it is tried; none for a new window. */
static int has_line(hit_t *hit)
{
    if (hit->line < 0) {
        hit->line = hit->wants_line && take_line(hit->table, hit->now);
    }
    return hit->line;
}

/* 1: hit->answer is set. 0: the table has changed, look again. */
static int try_hit(hit_t *hit)
{
    look_around(hit);
    if (hit->same != NULL && !has_ended(hit->same, hit->now)) {
        hit->answer = has_line(hit) ? SPBE_FLOOD_LINE : SPBE_FLOOD_COUNTED;
        hit->closed->nth = total_of(hit->same_word) + 1;
        return join(hit->same, hit->same_word, hit->now, hit->line, hit->note);
    }
    if (hit->same != NULL && !hit->closed->any) {
        close_window(hit->same, hit->same_word, hit->closed);
        return 0;
    }
    if (hit->room != NULL) {
        hit->answer = SPBE_FLOOD_FIRST;
        hit->closed->nth = 1;
        return open_window(hit->room, hit->room_word, hit->key, hit->now,
                           hit->note);
    }
    /* The caller has room for one window that ended. */
    if (hit->ended != NULL && !hit->closed->any) {
        close_window(hit->ended, hit->ended_word, hit->closed);
        return 0;
    }
    hit->answer = has_line(hit) ? SPBE_FLOOD_ALONE : SPBE_FLOOD_DROPPED;
    hit->closed->nth = 0;
    return 1;
}

spbe_flood_answer_t spbe_flood_hit(spbe_flood_t *table, apr_uint64_t key,
                                   apr_time_t now, int wants_line,
                                   unsigned char note[SPBE_FLOOD_NOTE],
                                   spbe_flood_closed_t *closed)
{
    hit_t hit = {.table = table,
                 .key = key,
                 .now = now,
                 .line = -1,
                 .wants_line = wants_line,
                 .note = note,
                 .closed = closed};
    int tries = 0;

    closed->any = 0;
    closed->nth = 0;
    while (!try_hit(&hit)) {
        if (++tries == TRIES) {
            hit.answer = SPBE_FLOOD_DROPPED;
            closed->nth = 0;
            break;
        }
    }
    if (hit.answer == SPBE_FLOOD_DROPPED) {
        __atomic_fetch_add(&table->shared->dropped, 1, __ATOMIC_RELAXED);
    }
    return hit.answer;
}

/* Whoever held it for a whole round has died. */
static void free_stuck(entry_t *entry, apr_uint64_t word)
{
    if (entry->seen == word) {
        swap(&entry->word, word, next_of(word, FREE));
    }
    entry->seen = word;
}

int spbe_flood_sweep(spbe_flood_t *table, apr_time_t now, int all, unsigned *at,
                     spbe_flood_closed_t *closed)
{
    closed->any = 0;
    for (; *at < table->windows && !closed->any; (*at)++) {
        entry_t *entry = &table->shared->entry[*at];
        apr_uint64_t word = load(&entry->word);

        if (state_of(word) == FILLING || state_of(word) == CLOSING) {
            free_stuck(entry, word);
        }
        else if (state_of(word) == OPEN && (all || has_ended(entry, now))) {
            close_window(entry, word, closed);
        }
    }
    if (!closed->any) {
        *at = 0;
    }
    return closed->any;
}

apr_uint64_t spbe_flood_dropped(spbe_flood_t *table)
{
    return __atomic_exchange_n(&table->shared->dropped, 0, __ATOMIC_ACQ_REL);
}
