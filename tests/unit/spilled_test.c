/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/spilled_test.c - what writers left in the spill folder, and what
 * somebody who wants to do harm left there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <utime.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "logger/spilled.h"

static apr_pool_t *pool;

#define LINE(s)                                                                \
    "{\"v\":1,\"w\":\"n:1:1\",\"s\":" s                                        \
    ",\"id\":\"01a1ff81-1a3b-7fce-b924-bdd08d196330\",\"p\":1,\"n\":1,"        \
    "\"k\":\"\",\"h\":{},\"d\":\"\"}\n"

typedef struct bench {
    char dir[32];
    const char *spill;
    apr_pool_t *pool;
    spbe_options_t options;
    spbe_shelf_t shelf;
    spbe_seen_t *seen;
    spbe_intake_t *intake;
    spbe_spilled_t *spilled;
} bench_t;

static const char *path_of(const bench_t *bench, const char *name)
{
    return apr_pstrcat(pool, bench->spill, "/", name, NULL);
}

static void begin(bench_t *bench)
{
    *bench = (bench_t){.dir = "/tmp/spbe-test-XXXXXX"};
    assert_non_null(mkdtemp(bench->dir));
    apr_pool_create(&bench->pool, pool);
    bench->spill = apr_pstrcat(pool, bench->dir, "/spill", NULL);
    assert_int_equal(mkdir(bench->spill, 0700), 0);
    bench->options.home = bench->dir;
    spbe_shelf_init(&bench->shelf, &bench->options, bench->pool);
    assert_true(spbe_shelf_ready(&bench->shelf, apr_time_now()));
    bench->seen = spbe_seen_create(bench->pool);
    bench->intake = spbe_intake_create(bench->seen, bench->pool);
    bench->spilled = spbe_spilled_create(bench->spill, bench->pool);
}

static void end(bench_t *bench)
{
    apr_pool_destroy(bench->pool);
    assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", bench->dir, NULL)), 0);
}

static void put(const bench_t *bench, const char *name, const char *text)
{
    FILE *file = fopen(path_of(bench, name), "a");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void take(bench_t *bench)
{
    spbe_spilled_look(bench->spilled);
    while (spbe_spilled_take(bench->spilled, bench->intake, &bench->shelf)) {
        continue;
    }
}

static int is_there(const bench_t *bench, const char *name)
{
    struct stat st;

    return lstat(path_of(bench, name), &st) == 0;
}

static apr_uint64_t whole(const bench_t *bench)
{
    return spbe_seen_whole(bench->seen, SPBE_SPAN("n:1:1"));
}

static void spilled_taken(void **state)
{
    bench_t bench;

    begin(&bench);
    take(&bench);
    assert_int_equal(spbe_spilled_empty(bench.spilled), 1);
    put(&bench, "n_1_1.1.part", LINE("1") LINE("2"));
    put(&bench, "n_1_1.2.spill", LINE("3"));
    put(&bench, "n_1_1.3.part", "");
    take(&bench);
    assert_int_equal(whole(&bench), 3);
    assert_int_equal(spbe_spilled_taken(bench.spilled), 1);
    assert_int_equal(spbe_spilled_taken(bench.spilled), 0);
    assert_false(is_there(&bench, "n_1_1.1.part"));
    assert_false(is_there(&bench, "n_1_1.2.spill"));
    assert_false(is_there(&bench, "n_1_1.3.part"));
    assert_int_equal(spbe_spilled_empty(bench.spilled), 1);
    spbe_spilled_look(bench.spilled);
    assert_int_equal(spbe_spilled_empty(bench.spilled), 2);
    assert_int_equal(spbe_spilled_bytes(bench.spilled), 0);
    end(&bench);
}

/* A writer holds the lock while it appends. */
static void spilled_locked(void **state)
{
    bench_t bench;
    int fd;

    begin(&bench);
    put(&bench, "n_1_1.1.part", LINE("1"));
    fd = open(path_of(&bench, "n_1_1.1.part"), O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    take(&bench);
    assert_int_equal(whole(&bench), 0);
    assert_int_equal(spbe_spilled_empty(bench.spilled), 0);
    assert_true(spbe_spilled_bytes(bench.spilled) > 0);
    put(&bench, "n_1_1.1.part", LINE("2"));
    close(fd);
    take(&bench);
    assert_int_equal(whole(&bench), 2);
    end(&bench);
}

/* Larger than what is read at once, with lines across the border. */
static void spilled_large(void **state)
{
    apr_uint64_t i, n = 5000;
    bench_t bench;
    FILE *file;

    begin(&bench);
    file = fopen(path_of(&bench, "n_1_1.1.part"), "w");
    for (i = 1; i <= n; i++) {
        fprintf(file,
                "{\"v\":1,\"w\":\"n:1:1\",\"s\":%d,"
                "\"id\":\"01a1ff81-1a3b-7fce-b924-bdd08d196330\",\"p\":1,"
                "\"n\":1,\"k\":\"\",\"h\":{},\"d\":\"QUJDQUJDQUJDQUJD\"}\n",
                (int)i);
    }
    fputs("half a line", file);
    fclose(file);
    take(&bench);
    assert_int_equal(whole(&bench), n);
    assert_int_equal(spbe_intake_counts(bench.intake).malformed, 1);
    assert_false(is_there(&bench, "n_1_1.1.part"));
    end(&bench);
}

/* Longer than a writer makes one: not read, and in nobody's way. */
static void spilled_too_long(void **state)
{
    bench_t bench;

    begin(&bench);
    put(&bench, "a.part", "");
    assert_int_equal(truncate(path_of(&bench, "a.part"), 200 << 20), 0);
    put(&bench, "b.part", LINE("1"));
    take(&bench);
    assert_int_equal(whole(&bench), 1);
    assert_int_equal(spbe_intake_counts(bench.intake).lines, 1);
    assert_true(is_there(&bench, "a.part"));
    assert_non_null(spbe_spilled_trouble(bench.spilled));
    spbe_spilled_look(bench.spilled);
    assert_int_equal(spbe_spilled_left(bench.spilled), 0);
    end(&bench);
}

/* Made longer while it is read, by somebody without the lock. */
static void spilled_grows(void **state)
{
    bench_t bench;

    begin(&bench);
    put(&bench, "a.part", LINE("1"));
    spbe_spilled_look(bench.spilled);
    spbe_spilled_take(bench.spilled, bench.intake, &bench.shelf);
    put(&bench, "a.part", LINE("2"));
    while (spbe_spilled_take(bench.spilled, bench.intake, &bench.shelf)) {
        put(&bench, "a.part", LINE("3"));
    }
    assert_int_equal(whole(&bench), 1);
    assert_false(is_there(&bench, "a.part"));
    end(&bench);
}

/* What is no writer's file is left where it is, and nothing of it is read. */
static void spilled_others(void **state)
{
    bench_t bench;

    begin(&bench);
    put(&bench, ".n_1_1.1.part", LINE("1"));
    put(&bench, "notes", LINE("1"));
    put(&bench, "../outside.part", LINE("1"));
    assert_int_equal(symlink("../outside.part", path_of(&bench, "a.part")), 0);
    assert_int_equal(mkfifo(path_of(&bench, "b.part"), 0600), 0);
    assert_int_equal(mkdir(path_of(&bench, "c.part"), 0700), 0);
    take(&bench);
    assert_int_equal(spbe_intake_counts(bench.intake).lines, 0);
    assert_true(is_there(&bench, ".n_1_1.1.part"));
    assert_true(is_there(&bench, "a.part"));
    assert_true(is_there(&bench, "c.part"));
    /* They keep nobody waiting either. */
    assert_int_equal(spbe_spilled_empty(bench.spilled), 1);
    put(&bench, "d.part", "nonsense\n" LINE("1"));
    take(&bench);
    assert_int_equal(spbe_intake_counts(bench.intake).malformed, 1);
    assert_int_equal(whole(&bench), 1);
    end(&bench);
}

/* Left by a writer that was killed before its file had a name. */
static void spilled_stale(void **state)
{
    struct utimbuf old = {1000, 1000};
    bench_t bench;

    begin(&bench);
    put(&bench, ".n_1_1.1.part", "");
    put(&bench, ".n_1_1.2.part", "");
    assert_int_equal(utime(path_of(&bench, ".n_1_1.1.part"), &old), 0);
    take(&bench);
    assert_false(is_there(&bench, ".n_1_1.1.part"));
    assert_true(is_there(&bench, ".n_1_1.2.part"));
    end(&bench);
}

/* One that cannot be taken away is taken once, not each second. */
static void spilled_stays(void **state)
{
    bench_t bench;

    if (geteuid() == 0) {
        print_message("root may take everything away: not tried\n");
        return;
    }
    begin(&bench);
    put(&bench, "n_1_1.1.part", LINE("1"));
    put(&bench, "n_1_1.2.part", LINE("2"));
    chmod(bench.spill, 0500);
    take(&bench);
    take(&bench);
    take(&bench);
    assert_int_equal(spbe_intake_counts(bench.intake).lines, 1);
    assert_non_null(spbe_spilled_trouble(bench.spilled));
    chmod(bench.spill, 0700);
    take(&bench);
    assert_int_equal(whole(&bench), 2);
    assert_int_equal(spbe_intake_counts(bench.intake).lines, 2);
    end(&bench);
}

/* While the archive cannot be written nothing goes. */
static void spilled_not_written(void **state)
{
    bench_t bench;

    begin(&bench);
    put(&bench, "n_1_1.1.part", LINE("1"));
    spbe_shelf_close(&bench.shelf, 1);
    take(&bench);
    assert_true(is_there(&bench, "n_1_1.1.part"));
    spbe_shelf_close(&bench.shelf, 0);
    take(&bench);
    assert_int_equal(whole(&bench), 1);
    end(&bench);
}

/* What the logger itself puts there comes back. */
static void spilled_saved(void **state)
{
    bench_t bench;

    begin(&bench);
    spbe_spilled_look(bench.spilled);
    assert_int_equal(
        spbe_spilled_save(bench.spilled, SPBE_SPAN(LINE("1") LINE("2"))), 0);
    take(&bench);
    assert_int_equal(whole(&bench), 2);
    end(&bench);
}

static void spilled_no_folder(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.spilled = spbe_spilled_create(NULL, bench.pool);
    take(&bench);
    assert_int_equal(spbe_spilled_empty(bench.spilled), 1);
    assert_int_equal(spbe_spilled_save(bench.spilled, SPBE_SPAN("x\n")),
                     APR_ENOENT);
    end(&bench);
}

static int setup(void **state)
{
    apr_initialize();
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spilled_too_long),    cmocka_unit_test(spilled_grows),
        cmocka_unit_test(spilled_taken),       cmocka_unit_test(spilled_locked),
        cmocka_unit_test(spilled_large),       cmocka_unit_test(spilled_others),
        cmocka_unit_test(spilled_stale),       cmocka_unit_test(spilled_stays),
        cmocka_unit_test(spilled_not_written), cmocka_unit_test(spilled_saved),
        cmocka_unit_test(spilled_no_folder),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
