/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/flood_test.c - many of the same are one record and a number, and
 * none is forgotten, whoever counts at the same time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "record/flood.h"

#define T0 apr_time_from_sec(1709540000)

static spbe_flood_t *make(unsigned windows)
{
    spbe_flood_t *table = calloc(1, sizeof(*table) + spbe_flood_size(windows));

    spbe_flood_init(table, table + 1, windows);
    return table;
}

static spbe_flood_answer_t hit(spbe_flood_t *table, apr_uint64_t key,
                               apr_time_t now, int line, const char *text,
                               char *first, spbe_flood_closed_t *closed)
{
    unsigned char note[SPBE_FLOOD_NOTE] = {0};
    spbe_flood_answer_t answer;

    strncpy((char *)note, text, sizeof(note) - 1);
    answer = spbe_flood_hit(table, key, now, line, note, closed);
    if (first != NULL) {
        memcpy(first, note, 8);
    }
    return answer;
}

static void first_then_counted(void **state)
{
    static const struct {
        const char *label;
        apr_uint64_t key;
        int seconds, line;
        spbe_flood_answer_t answer;
        const char *first;       /* note after the call */
        unsigned total, counted; /* of the window that closed; 0: none */
    } rows[] = {
        {"the first", 7, 0, 1, SPBE_FLOOD_FIRST, "a", 0, 0},
        {"again, reference shown", 7, 1, 1, SPBE_FLOOD_LINE, "a", 0, 0},
        {"again, none shown", 7, 2, 0, SPBE_FLOOD_COUNTED, "a", 0, 0},
        {"another kind", 8, 3, 0, SPBE_FLOOD_FIRST, "d", 0, 0},
        {"other again", 8, 59, 0, SPBE_FLOOD_COUNTED, "d", 0, 0},
        {"the window has ended", 7, 60, 1, SPBE_FLOOD_FIRST, "f", 3, 1},
        {"and began anew", 7, 61, 0, SPBE_FLOOD_COUNTED, "f", 0, 0},
        {"the other one", 8, 500, 0, SPBE_FLOOD_FIRST, "h", 2, 1},
        {"nothing counted, nothing to write", 8, 900, 0, SPBE_FLOOD_FIRST, "i",
         0, 0},
        {"the clock was set back", 8, 10, 0, SPBE_FLOOD_FIRST, "j", 0, 0},
    };
    spbe_flood_t *table = make(64);
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_flood_closed_t closed;
        char note[2] = {(char)('a' + i), 0}, first[8];

        print_message("%s\n", rows[i].label);
        assert_int_equal(hit(table, rows[i].key,
                             T0 + apr_time_from_sec(rows[i].seconds),
                             rows[i].line, note, first, &closed),
                         rows[i].answer);
        assert_string_equal(first, rows[i].first);
        assert_int_equal(closed.any, rows[i].total > 0);
        if (closed.any) {
            assert_int_equal(closed.total, rows[i].total);
            assert_int_equal(closed.counted, rows[i].counted);
        }
    }
    free(table);
}

static void which_one_it_is(void **state)
{
    static const struct {
        const char *label;
        apr_uint64_t key;
        int seconds;
        unsigned nth;
    } rows[] = {
        {"the first", 5, 0, 1},
        {"the second", 5, 1, 2},
        {"another", 6, 1, 1},
        {"the third", 5, 59, 3},
        {"of the next window", 5, 61, 1},
        {"no room", 7, 61, 0},
        {"nor later", 7, 62, 0},
    };
    spbe_flood_t *table = make(2);
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_flood_closed_t closed;

        print_message("%s\n", rows[i].label);
        /* Room for two; the other window lasts as long. */
        if (rows[i].seconds >= 61) {
            hit(table, 6, T0 + apr_time_from_sec(61), 0, "x", NULL, &closed);
        }
        hit(table, rows[i].key, T0 + apr_time_from_sec(rows[i].seconds), 0, "x",
            NULL, &closed);
        assert_int_equal(closed.nth, rows[i].nth);
    }
    free(table);
}

static void window_says_when(void **state)
{
    spbe_flood_t *table = make(64);
    spbe_flood_closed_t closed;
    unsigned at = 0;
    int i;

    for (i = 0; i < 5; i++) {
        hit(table, 1, T0 + apr_time_from_sec(i), 0, "satu", NULL, &closed);
    }
    assert_int_equal(
        spbe_flood_sweep(table, T0 + apr_time_from_sec(10), 0, &at, &closed),
        0);
    assert_int_equal(
        spbe_flood_sweep(table, T0 + apr_time_from_sec(10), 1, &at, &closed),
        1);
    assert_int_equal(closed.total, 5);
    assert_int_equal(closed.counted, 4);
    assert_true(closed.first == T0);
    assert_true(closed.last == T0 + apr_time_from_sec(4));
    assert_string_equal((char *)closed.note, "satu");
    assert_int_equal(
        spbe_flood_sweep(table, T0 + apr_time_from_sec(10), 1, &at, &closed),
        0);
    assert_int_equal(at, 0);
    free(table);
}

/* A burst, then so many a second; what has no line is counted. */
static void lines_are_bounded(void **state)
{
    spbe_flood_t *table = make(64);
    spbe_flood_closed_t closed;
    unsigned n[5] = {0}, at = 0, i;

    for (i = 0; i < 3 * SPBE_FLOOD_BURST; i++) {
        n[hit(table, 1, T0 + 1, 1, "x", NULL, &closed)]++;
    }
    assert_int_equal(n[SPBE_FLOOD_FIRST], 1);
    assert_int_equal(n[SPBE_FLOOD_LINE], SPBE_FLOOD_BURST);
    assert_int_equal(n[SPBE_FLOOD_COUNTED], 2 * SPBE_FLOOD_BURST - 1);
    n[SPBE_FLOOD_LINE] = 0;
    for (i = 0; i < 3 * SPBE_FLOOD_RATE; i++) {
        n[hit(table, 1, T0 + apr_time_from_sec(1) + 1, 1, "x", NULL,
              &closed)]++;
    }
    assert_int_equal(n[SPBE_FLOOD_LINE], SPBE_FLOOD_RATE);
    assert_int_equal(spbe_flood_sweep(table, T0, 1, &at, &closed), 1);
    assert_int_equal(closed.total, 3 * SPBE_FLOOD_BURST + 3 * SPBE_FLOOD_RATE);
    assert_int_equal(closed.counted,
                     2 * SPBE_FLOOD_BURST - 1 + 2 * SPBE_FLOOD_RATE);
    free(table);
}

static void full_table(void **state)
{
    spbe_flood_t *table = make(16);
    spbe_flood_closed_t closed;
    unsigned i;

    for (i = 0; i < 16; i++) {
        assert_int_equal(hit(table, i, T0, 1, "x", NULL, &closed),
                         SPBE_FLOOD_FIRST);
        hit(table, i, T0, 0, "x", NULL, &closed);
    }
    assert_int_equal(hit(table, 99, T0, 1, "x", NULL, &closed),
                     SPBE_FLOOD_ALONE);
    assert_int_equal(hit(table, 99, T0, 0, "x", NULL, &closed),
                     SPBE_FLOOD_DROPPED);
    assert_int_equal(spbe_flood_dropped(table), 1);
    assert_int_equal(spbe_flood_dropped(table), 0);
    /* One that has ended makes room, and is not forgotten. */
    assert_int_equal(
        hit(table, 99, T0 + SPBE_FLOOD_WINDOW, 1, "x", NULL, &closed),
        SPBE_FLOOD_FIRST);
    assert_int_equal(closed.any, 1);
    assert_int_equal(closed.total, 2);
    free(table);
}

#define THREADS 4
#define HITS 20000

typedef struct worker {
    pthread_t thread;
    spbe_flood_t *table;
    apr_time_t clock; /* of this one: windows end all the time */
    apr_uint64_t accounted;
} worker_t;

/* Hits without a line: each is a FIRST, counted in a window, or dropped. */
static void *work(void *data)
{
    worker_t *w = data;
    spbe_flood_closed_t closed;
    unsigned i, state = (unsigned)(uintptr_t)w;

    for (i = 0; i < HITS; i++) {
        state = state * 1103515245u + 12345u;
        w->clock += apr_time_from_sec(1);
        if (hit(w->table, (state >> 16) % 24, w->clock, 0, "x", NULL,
                &closed) == SPBE_FLOOD_FIRST) {
            w->accounted++;
        }
        w->accounted += closed.any ? closed.counted : 0;
    }
    return NULL;
}

static void none_is_forgotten(void **state)
{
    static worker_t workers[THREADS];
    spbe_flood_t *table = make(16);
    spbe_flood_closed_t closed;
    apr_uint64_t sum = 0;
    unsigned at = 0, i;

    for (i = 0; i < THREADS; i++) {
        workers[i] = (worker_t){.table = table, .clock = T0};
        assert_int_equal(
            pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        sum += workers[i].accounted;
    }
    while (spbe_flood_sweep(table, T0, 1, &at, &closed)) {
        sum += closed.counted;
    }
    sum += spbe_flood_dropped(table);
    assert_int_equal(sum, THREADS * HITS);
    free(table);
}

#define PAGE 4096

/* So many bytes that end where nothing may be touched, and begin behind where
 * nothing may be. What is in front of them on their first page is to stay. */
typedef struct fenced {
    unsigned char *all, *memory;
    size_t whole, size;
} fenced_t;

static fenced_t fence(size_t size)
{
    fenced_t f = {.size = (size + 15) / 16 * 16};
    size_t inner = (f.size + PAGE - 1) / PAGE * PAGE;

    f.whole = inner + 2 * PAGE;
    f.all = mmap(NULL, f.whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(f.all != MAP_FAILED);
    assert_int_equal(mprotect(f.all + PAGE, inner, PROT_READ | PROT_WRITE), 0);
    memset(f.all + PAGE, 0xa5, inner);
    f.memory = f.all + PAGE + inner - f.size;
    memset(f.memory, 0, f.size);
    return f;
}

static void unfence(fenced_t *f)
{
    unsigned char *byte;

    for (byte = f->all + PAGE; byte < f->memory; byte++) {
        assert_int_equal(*byte, 0xa5);
    }
    munmap(f->all, f->whole);
}

/* pattern 0 to 255: that byte; above: noise. */
static void scribble(fenced_t *f, int pattern)
{
    unsigned state = (unsigned)pattern;
    size_t i;

    for (i = 0; i < f->size; i++) {
        state = state * 1103515245u + 12345u;
        f->memory[i] =
            (unsigned char)(pattern < 256 ? (unsigned)pattern : state >> 16);
    }
}

/* A child that is in a stranger's hands has the whole table to write in. */
static void a_liar_moves_nothing_outside(void **state)
{
    int pattern;

    for (pattern = 0; pattern < 600; pattern++) {
        fenced_t f = fence(spbe_flood_size(64));
        spbe_flood_closed_t closed;
        spbe_flood_t table;
        unsigned at = 0, n = 0, i;

        spbe_flood_init(&table, f.memory, 64);
        scribble(&f, pattern);
        while (spbe_flood_sweep(&table, T0, pattern % 2, &at, &closed)) {
            n++;
        }
        assert_true(n <= 64);
        for (i = 0; i < 100; i++) {
            hit(&table, i * 0x123456789abcdefu, T0 + i, 1, "x", NULL, &closed);
        }
        spbe_flood_dropped(&table);
        assert_int_equal(table.windows, 64);
        unfence(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_then_counted),
        cmocka_unit_test(which_one_it_is),
        cmocka_unit_test(window_says_when),
        cmocka_unit_test(lines_are_bounded),
        cmocka_unit_test(full_table),
        cmocka_unit_test(none_is_forgotten),
        cmocka_unit_test(a_liar_moves_nothing_outside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
