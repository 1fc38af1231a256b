/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/tallies_test.c - what is added is taken out once, whoever adds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "record/tallies.h"

static spbe_tallies_t *make(unsigned rows)
{
    spbe_tallies_t *tallies =
        calloc(1, sizeof(*tallies) + spbe_tallies_size(rows));

    spbe_tallies_init(tallies, tallies + 1, rows);
    return tallies;
}

static void add(spbe_tallies_t *tallies, const char *application,
                const char *route, int named, apr_int64_t day, unsigned valid)
{
    spbe_tallies_counts_t counts = {.received = 1, .valid = valid};

    spbe_tallies_add(tallies, application, route, named, day, &counts);
}

/* Sums of all rows whose application and route are these; NULL: any. */
static spbe_tallies_counts_t take(spbe_tallies_t *tallies,
                                  const char *application, const char *route)
{
    spbe_tallies_counts_t sum = {0};
    spbe_tallies_row_t row;
    unsigned at = 0;

    while (spbe_tallies_take(tallies, &at, &row)) {
        if ((application == NULL ||
             strcmp(row.application, application) == 0) &&
            (route == NULL || strcmp(row.route, route) == 0)) {
            sum.received += row.counts.received;
            sum.valid += row.counts.valid;
        }
    }
    assert_int_equal(at, 0);
    return sum;
}

static void rows_apart(void **state)
{
    static const struct {
        const char *label, *application, *route;
        apr_int64_t day;
    } rows[] = {
        {"one", "Izin", "/a", 20000},
        {"another route", "Izin", "/b", 20000},
        {"another application", "Surat", "/a", 20000},
        {"another day", "Izin", "/a", 20001},
        {"names that run together", "Izin/", "a", 20000},
        {"no names", "", "", 0},
    };
    const size_t n = sizeof(rows) / sizeof(rows[0]);
    spbe_tallies_t *tallies = make(64);
    spbe_tallies_row_t row;
    unsigned at = 0, seen = 0;
    size_t i, j;

    for (i = 0; i < n; i++) {
        for (j = 0; j <= i; j++) {
            add(tallies, rows[i].application, rows[i].route, 1, rows[i].day,
                j == 0);
        }
    }
    while (spbe_tallies_take(tallies, &at, &row)) {
        for (i = 0; i < n; i++) {
            if (strcmp(row.application, rows[i].application) == 0 &&
                strcmp(row.route, rows[i].route) == 0 &&
                row.day == rows[i].day) {
                print_message("%s\n", rows[i].label);
                assert_int_equal(row.counts.received, i + 1);
                assert_int_equal(row.counts.valid, 1);
                assert_int_equal(row.counts.refused, 0);
                seen++;
            }
        }
    }
    assert_int_equal(seen, n);
    assert_int_equal(take(tallies, NULL, NULL).received, 0);
    free(tallies);
}

/* An attacker's made-up paths leave room for the routes of policies. */
static void unnamed_routes_are_bounded(void **state)
{
    spbe_tallies_t *tallies = make(64);
    char route[32];
    int i;

    for (i = 0; i < 1000; i++) {
        snprintf(route, sizeof(route), "/acak/%d", i);
        add(tallies, "Izin", route, 0, 1, 0);
    }
    add(tallies, "Izin", "/izin/{id}", 1, 1, 1);
    add(tallies, "Surat", "/x", 0, 1, 0);
    assert_int_equal(take(tallies, "Izin", "/izin/{id}").valid, 1);
    for (i = 0; i < 1000; i++) {
        snprintf(route, sizeof(route), "/lagi/%d", i);
        add(tallies, "Izin", route, 0, 1, 0);
    }
    assert_true(take(tallies, "Izin", SPBE_TALLIES_OTHER).received >= 984);
    /* What nobody uses any more makes room. */
    take(tallies, NULL, NULL);
    take(tallies, NULL, NULL);
    add(tallies, "Izin", "/baru", 0, 1, 0);
    assert_int_equal(take(tallies, "Izin", "/baru").received, 1);
    free(tallies);
}

static void long_names_are_cut(void **state)
{
    spbe_tallies_t *tallies = make(16);
    char name[1000];
    spbe_tallies_row_t row;
    unsigned at = 0;

    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    add(tallies, name, name, 1, 1, 0);
    add(tallies, name, name, 1, 1, 0);
    assert_int_equal(spbe_tallies_take(tallies, &at, &row), 1);
    assert_int_equal(row.counts.received, 2);
    assert_int_equal(strlen(row.application), SPBE_TALLIES_APPLICATION - 1);
    assert_int_equal(strlen(row.route), SPBE_TALLIES_ROUTE - 1);
    free(tallies);
}

/* Eight at once, for the same new routes. */
#define RACERS 8
#define ROUTES 900

typedef struct race {
    spbe_tallies_t *tallies;
    pthread_barrier_t barrier;
} race_t;

static void *run_race(void *data)
{
    race_t *race = data;
    char route[32];
    int i;

    for (i = 0; i < ROUTES; i++) {
        snprintf(route, sizeof(route), "/r%d", i);
        pthread_barrier_wait(&race->barrier);
        add(race->tallies, "Izin", route, 0, 1, 0);
    }
    return NULL;
}

/* How many routes without a policy have rows of their own. */
static unsigned room(spbe_tallies_t *tallies)
{
    spbe_tallies_row_t row;
    unsigned at = 0, n = 0;
    char route[32];
    int i;

    for (i = 0; i < 4000; i++) {
        snprintf(route, sizeof(route), "/acak/%d", i);
        add(tallies, "Izin", route, 0, 1, 0);
    }
    while (spbe_tallies_take(tallies, &at, &row)) {
        n += strcmp(row.route, SPBE_TALLIES_OTHER) != 0;
    }
    return n;
}

static void a_race_costs_no_room(void **state)
{
    race_t race = {.tallies = make(4096)};
    spbe_tallies_t *fresh = make(4096);
    pthread_t thread[RACERS];
    int i;

    assert_int_equal(pthread_barrier_init(&race.barrier, NULL, RACERS), 0);
    for (i = 0; i < RACERS; i++) {
        assert_int_equal(pthread_create(&thread[i], NULL, run_race, &race), 0);
    }
    for (i = 0; i < RACERS; i++) {
        pthread_join(thread[i], NULL);
    }
    assert_int_equal(take(race.tallies, NULL, NULL).received, RACERS * ROUTES);
    take(race.tallies, NULL, NULL);
    take(race.tallies, NULL, NULL);
    assert_int_equal(room(race.tallies), room(fresh));
    pthread_barrier_destroy(&race.barrier);
    free(race.tallies);
    free(fresh);
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

#define PAGES 6
#define DYING 40

/* A child that dies at the page: in the middle of a row that lies across. */
static void add_and_die(spbe_tallies_t *tallies, char *memory, int page, int i)
{
    char route[32];
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        snprintf(route, sizeof(route), "/mati/%d", i);
        mprotect(memory + page * PAGE, (PAGES - page) * PAGE, PROT_READ);
        add(tallies, "Izin", route, 1, 1, 0);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
}

/* Rows in use when there is more to add than there are. */
static unsigned rows_to_have(spbe_tallies_t *tallies)
{
    spbe_tallies_row_t row;
    unsigned at = 0, n = 0;
    char route[32];
    int i;

    for (i = 0; i < 1000; i++) {
        snprintf(route, sizeof(route), "/hidup/%d", i);
        add(tallies, "Izin", route, 1, 1, 0);
    }
    while (spbe_tallies_take(tallies, &at, &row)) {
        n++;
    }
    return n;
}

static void rest(spbe_tallies_t *tallies, int rounds)
{
    while (rounds-- > 0) {
        take(tallies, NULL, NULL);
    }
}

static void the_dead_make_room(void **state)
{
    char *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    spbe_tallies_t tallies;
    char route[32];
    int turn, page, i;

    assert_true(memory != MAP_FAILED);
    assert_true(spbe_tallies_size(64) <= PAGES * PAGE);
    spbe_tallies_init(&tallies, memory, 64);
    /* First while rows are filled, then while they are added to. */
    for (turn = 0; turn < 2; turn++) {
        for (i = 0; turn > 0 && i < DYING; i++) {
            snprintf(route, sizeof(route), "/mati/%d", i);
            add(&tallies, "Izin", route, 1, 1, 0);
        }
        for (page = 1; page < PAGES; page++) {
            for (i = 0; i < DYING; i++) {
                add_and_die(&tallies, memory, page, i);
            }
        }
        rest(&tallies, turn > 0 ? 5 : 0);
        assert_true(rows_to_have(&tallies) < 64);
        rest(&tallies, 16);
        assert_int_equal(rows_to_have(&tallies), 64);
        rest(&tallies, 16);
    }
    assert_int_equal(room(&tallies), 16);
    munmap(memory, PAGES * PAGE);
}

#define THREADS 3
#define TIMES 20000

static void *add_many(void *data)
{
    char route[32];
    int i;

    for (i = 0; i < TIMES; i++) {
        snprintf(route, sizeof(route), "/r%d", i % 40);
        add(data, "Izin", route, 1, 1, 0);
    }
    return NULL;
}

static void none_is_forgotten(void **state)
{
    spbe_tallies_t *tallies = make(16); /* too few: rows come and go */
    pthread_t thread[THREADS];
    apr_uint64_t sum = 0;
    int i;

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&thread[i], NULL, add_many, tallies),
                         0);
    }
    for (i = 0; i < 2000; i++) {
        sum += take(tallies, NULL, NULL).received;
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
    }
    sum += take(tallies, NULL, NULL).received;
    sum += spbe_tallies_missed(tallies);
    assert_int_equal(sum, THREADS * TIMES);
    free(tallies);
}

/* A child that is in a stranger's hands has the whole table to write in. */
static void a_liar_moves_nothing_outside(void **state)
{
    int pattern;

    for (pattern = 0; pattern < 600; pattern++) {
        fenced_t f = fence(spbe_tallies_size(64));
        spbe_tallies_t tallies;
        spbe_tallies_row_t row;
        unsigned at = 0, i;

        spbe_tallies_init(&tallies, f.memory, 64);
        scribble(&f, pattern);
        for (i = 0; i < 100; i++) {
            add(&tallies, "Izin", i % 2 ? "/a" : "/b", i % 3 == 0, i, 1);
        }
        for (i = 0; spbe_tallies_take(&tallies, &at, &row); i++) {
            assert_true(strnlen(row.application, sizeof(row.application)) <
                        sizeof(row.application));
            assert_true(strnlen(row.route, sizeof(row.route)) <
                        sizeof(row.route));
        }
        assert_true(i <= 64);
        spbe_tallies_missed(&tallies);
        /* What makes no sense is given up in the end. */
        rest(&tallies, 16);
        assert_int_equal(rows_to_have(&tallies), 64);
        unfence(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_apart),
        cmocka_unit_test(unnamed_routes_are_bounded),
        cmocka_unit_test(long_names_are_cut),
        cmocka_unit_test(a_race_costs_no_room),
        cmocka_unit_test(the_dead_make_room),
        cmocka_unit_test(none_is_forgotten),
        cmocka_unit_test(a_liar_moves_nothing_outside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
