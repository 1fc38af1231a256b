/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/seen_test.c - which numbers came, in whatever order, and what a
 * restart knows of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "store/seen.h"
#include "text/buf.h"

static apr_pool_t *pool;

#define W SPBE_SPAN("n:1:1")

static int add(spbe_seen_t *seen, const char *writer, apr_uint64_t seq,
               unsigned part, unsigned parts)
{
    spbe_line_t line = {
        .writer = writer, .seq = seq, .part = part, .parts = parts};

    return spbe_seen_add(seen, &line);
}

static int note_gap(void *baton, spbe_span_t writer, apr_uint64_t from,
                    apr_uint64_t to)
{
    spbe_buf_printf(baton, "%.*s%" APR_UINT64_T_FMT "-%" APR_UINT64_T_FMT " ",
                    spbe_span_eq(writer, W) ? 0 : (int)writer.len, writer.ptr,
                    from, to);
    return 0;
}

static const char *gaps(const spbe_seen_t *seen, apr_uint64_t upto)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    spbe_seen_gaps(seen, W, upto, note_gap, &buf);
    return spbe_buf_cstr(&buf);
}

static const char *all_gaps(const spbe_seen_t *seen)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    spbe_seen_all_gaps(seen, note_gap, &buf);
    return spbe_buf_cstr(&buf);
}

/* Steps: "5" a whole record, "5.2/3" a line of it, "x3-4" accounted for; '!'
 * behind it: is a duplicate. */
static void play(spbe_seen_t *seen, const char *label, const char *steps)
{
    while (*steps != '\0') {
        unsigned long long seq, to;
        unsigned part = 1, parts = 1;
        int used = 0, want;

        if (sscanf(steps, "x%llu-%llu%n", &seq, &to, &used) == 2) {
            spbe_seen_account(seen, W, seq, to);
        }
        else {
            assert_int_equal(sscanf(steps, "%llu%n", &seq, &used), 1);
            steps += used;
            used = 0;
            sscanf(steps, ".%u/%u%n", &part, &parts, &used);
            want = steps[used] != '!';
            if (add(seen, "n:1:1", seq, part, parts) != want) {
                fail_msg("%s: %llu.%u is %s", label, seq, part,
                         want ? "no duplicate" : "new");
            }
            used += !want;
        }
        steps += used;
        steps += *steps == ' ';
    }
}

static const struct {
    const char *label, *steps;
    apr_uint64_t upto;
    const char *gaps;
    apr_uint64_t whole, highest, duplicates;
} rows[] = {
    {"nothing", "", 0, "", 0, 0, 0},
    {"nothing came of what was given", "", 4, "1-4 ", 0, 0, 0},
    {"in order", "1 2 3", 0, "", 3, 3, 0},
    {"the end is missing", "1 2 3", 5, "4-5 ", 3, 3, 0},
    {"not beyond what was asked", "1 2 9", 5, "3-5 ", 2, 9, 0},
    {"the beginning is missing", "3 4", 0, "1-2 ", 0, 4, 0},
    {"overtaken", "2 1 4 3", 0, "", 4, 4, 0},
    {"holes", "1 3 5 7", 0, "2-2 4-4 6-6 ", 1, 7, 0},
    {"a hole closes", "1 3 2 5", 0, "4-4 ", 3, 5, 0},
    {"twice", "1 1! 2 2! 1!", 0, "", 2, 2, 3},
    {"in lines", "1.1/3 1.2/3 1.3/3", 0, "", 1, 1, 0},
    {"lines in any order", "1.3/3 2 1.1/3 1.2/3", 0, "", 2, 2, 0},
    {"a line is missing", "1.1/3 1.3/3 2", 0, "1-1 ", 0, 2, 0},
    {"a line twice", "1.1/2 1.1/2! 1.2/2 1.2/2!", 0, "", 1, 1, 2},
    {"nine lines", "1.9/9 1.8/9 1.1/9 1.2/9 1.3/9 1.4/9 1.5/9 1.6/9 1.7/9", 0,
     "", 1, 1, 0},
    {"eight of nine", "1.9/9 1.8/9 1.1/9 1.2/9 1.3/9 1.4/9 1.5/9 1.6/9", 0,
     "1-1 ", 0, 1, 0},
    {"another number of lines", "1.1/2 1.2/3 1.3/3", 0, "1-1 ", 0, 1, 0},
    {"unfinished, then whole", "1.1/2 1", 0, "", 1, 1, 0},
    {"accounted for", "1 x2-4 5", 0, "", 5, 5, 0},
    {"accounted for, beyond the highest", "1 x2-4", 4, "", 4, 4, 0},
    {"accounted for, unfinished", "1.1/2 x1-1", 1, "", 1, 1, 0},
    {"accounted for and comes late", "1 x2-3 4 2", 0, "", 4, 4, 0},
    {"accounted for twice", "1 x2-4 x3-6 7", 0, "", 7, 7, 0},
    {"0 is no number", "0 0 1", 0, "", 1, 1, 0},
    {"the highest there is", "1 18446744073709551615", 0,
     "2-18446744073709551614 ", 1, APR_UINT64_MAX, 0},
    {"the highest, asked for", "18446744073709551615", APR_UINT64_MAX,
     "1-18446744073709551614 ", 0, APR_UINT64_MAX, 0},
};

static void check_row(const spbe_seen_t *seen, size_t i, const char *when)
{
    if (strcmp(gaps(seen, rows[i].upto), rows[i].gaps) != 0) {
        fail_msg("%s%s: gaps %s", rows[i].label, when,
                 gaps(seen, rows[i].upto));
    }
    if (spbe_seen_whole(seen, W) != rows[i].whole ||
        spbe_seen_highest(seen, W) != rows[i].highest ||
        spbe_seen_duplicates(seen) != rows[i].duplicates) {
        fail_msg("%s%s: whole %" APR_UINT64_T_FMT " highest %" APR_UINT64_T_FMT
                 " duplicates %" APR_UINT64_T_FMT,
                 rows[i].label, when, spbe_seen_whole(seen, W),
                 spbe_seen_highest(seen, W), spbe_seen_duplicates(seen));
    }
}

static const char *new_path(void)
{
    char dir[] = "/tmp/spbe-test-XXXXXX";

    assert_non_null(mkdtemp(dir));
    return apr_pstrcat(pool, dir, "/seen", NULL);
}

static void remove_path(const char *path)
{
    unlink(path);
    assert_int_equal(
        rmdir(apr_pstrndup(pool, path, strlen(path) - strlen("/seen"))), 0);
}

/* As it is, and as a restart knows it. */
static void seen_rows(void **state)
{
    const char *path = new_path();
    apr_uint64_t offset;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_seen_t *seen = spbe_seen_create(pool);
        spbe_seen_t *loaded = spbe_seen_create(pool);

        play(seen, rows[i].label, rows[i].steps);
        check_row(seen, i, "");
        assert_int_equal(spbe_seen_save(seen, path, 4711 + i, pool), 0);
        assert_int_equal(spbe_seen_load(loaded, path, &offset, pool), 0);
        assert_int_equal(offset, 4711 + i);
        check_row(loaded, i, ", loaded");
    }
    remove_path(path);
}

/* What was unfinished or late at the restart goes on as before. */
static void seen_goes_on(void **state)
{
    const char *path = new_path();
    spbe_seen_t *seen = spbe_seen_create(pool);
    apr_uint64_t offset;

    play(seen, "before", "1 2.1/10 2.9/10 4 x5-6");
    assert_int_equal(spbe_seen_save(seen, path, 1, pool), 0);
    assert_int_equal(spbe_seen_load(seen, path, &offset, pool), 0);
    play(seen, "after",
         "1! 2.9/10! 2.2/10 2.3/10 2.4/10 2.5/10 2.6/10 2.7/10 2.8/10 5 3");
    assert_string_equal(gaps(seen, 0), "2-2 ");
    play(seen, "the last", "2.10/10 2.10/10!");
    assert_string_equal(gaps(seen, 0), "");
    remove_path(path);
}

static void seen_writers(void **state)
{
    spbe_seen_t *seen = spbe_seen_create(pool);

    add(seen, "a:1:1", 2, 1, 1);
    add(seen, "n:1:1", 3, 1, 1);
    add(seen, "b:1:1", 1, 1, 1);
    assert_string_equal(all_gaps(seen), "a:1:11-1 1-2 ");
    assert_int_equal(spbe_seen_whole(seen, SPBE_SPAN("b:1:1")), 1);
    spbe_seen_forget(seen, SPBE_SPAN("a:1:1"));
    spbe_seen_forget(seen, SPBE_SPAN("never"));
    assert_string_equal(all_gaps(seen), "1-2 ");
    assert_int_equal(spbe_seen_highest(seen, SPBE_SPAN("a:1:1")), 0);
}

/* The one longest quiet goes; the one that goes on stays. */
static void seen_many_writers(void **state)
{
    spbe_seen_t *seen = spbe_seen_create(pool);
    char name[32];
    int i;

    add(seen, "n:1:1", 1, 1, 1);
    add(seen, "quiet", 1, 1, 1);
    for (i = 0; i < SPBE_SEEN_WRITERS; i++) {
        apr_snprintf(name, sizeof(name), "w:%d:1", i);
        add(seen, name, 1, 1, 1);
        add(seen, "n:1:1", (apr_uint64_t)i + 2, 1, 1);
    }
    assert_int_equal(spbe_seen_highest(seen, SPBE_SPAN("quiet")), 0);
    assert_int_equal(spbe_seen_whole(seen, W), SPBE_SEEN_WRITERS + 1);
}

static int count_gap(void *baton, spbe_span_t writer, apr_uint64_t from,
                     apr_uint64_t to)
{
    *(apr_uint64_t *)baton += to - from + 1;
    return 0;
}

/* A writer that leaves holes, or records unfinished, without end: what is too
 * much counts as missing, never as there. */
static void seen_many_holes(void **state)
{
    spbe_seen_t *seen = spbe_seen_create(pool);
    apr_uint64_t i, n = 2 * SPBE_SEEN_OPEN + 100, missing = 0;

    for (i = 2; i <= n; i += 2) {
        add(seen, "n:1:1", i, 1, 1);
    }
    assert_int_equal(spbe_seen_highest(seen, W), n);
    for (i = 1; i < n; i += 2) {
        add(seen, "n:1:1", i, 1, 1);
    }
    assert_int_equal(spbe_seen_whole(seen, W), n - 99);
    spbe_seen_gaps(seen, W, 0, count_gap, &missing);
    assert_int_equal(missing, 50);
    for (i = 1; i <= SPBE_SEEN_OPEN + 10; i++) {
        add(seen, "other", i, 1, 2);
        add(seen, "other", i, 1, 2);
    }
    assert_int_equal(spbe_seen_duplicates(seen), SPBE_SEEN_OPEN);
    assert_int_equal(spbe_seen_whole(seen, SPBE_SPAN("other")), 0);
}

/* A writer that begins records without end makes nobody else forget those that
 * he is about to finish, and has a bound. */
static void seen_many_parts(void **state)
{
    spbe_seen_t *seen = spbe_seen_create(pool);
    apr_uint64_t i, was = 0, n = SPBE_SEEN_ALL / 65;

    add(seen, "other", 1, 1, 2);
    for (i = 1; i <= 3 * n; i++) {
        add(seen, "n:1:1", i, 2, 4096);
        if (i % n == n / 2) {
            add(seen, "other", i, 1, 2);
            assert_int_equal(add(seen, "other", i, 1, 2), 0);
            assert_int_equal(add(seen, "other", i, 2, 2), 1);
            assert_int_equal(add(seen, "other", i, 2, 2), 0);
        }
    }
    /* Those begun first are not known any more. */
    for (i = 1; i <= 3 * n; i++) {
        was += !add(seen, "n:1:1", 3 * n + 1 - i, 2, 4096);
    }
    assert_true(was > 0 && was <= n + 1);
    assert_int_equal(spbe_seen_whole(seen, W), 0);
}

/* Those in the ledger stay, whoever comes. */
static void seen_pinned(void **state)
{
    spbe_seen_t *seen = spbe_seen_create(pool);
    apr_uint64_t k;
    char name[32];
    int i;

    add(seen, "n:1:1", 1, 1, 1);
    add(seen, "quiet", 1, 1, 1);
    spbe_seen_pin(seen, W);
    spbe_seen_pin(seen, SPBE_SPAN("never"));
    for (i = 0; i < SPBE_SEEN_ALL / 1000 + 2; i++) {
        apr_snprintf(name, sizeof(name), "w:%d:1", i);
        for (k = 1; k <= 2000; k += 2) {
            add(seen, name, k, 1, 1);
        }
    }
    assert_int_equal(spbe_seen_highest(seen, SPBE_SPAN("quiet")), 0);
    assert_int_equal(spbe_seen_highest(seen, SPBE_SPAN("w:0:1")), 0);
    assert_int_equal(spbe_seen_whole(seen, W), 1);
    assert_int_equal(spbe_seen_highest(seen, spbe_span_from(name)), 1999);
}

static void spit(const char *path, const char *bytes, apr_size_t n)
{
    apr_file_t *file;

    assert_int_equal(
        apr_file_open(&file, path,
                      APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_TRUNCATE,
                      APR_FPROT_OS_DEFAULT, pool),
        0);
    assert_int_equal(apr_file_write_full(file, bytes, n, NULL), 0);
    apr_file_close(file);
}

/* No byte of the file may change without notice; nothing of a damaged one is
 * taken. */
static void seen_damaged(void **state)
{
    const char *path = new_path();
    spbe_seen_t *seen = spbe_seen_create(pool);
    apr_uint64_t offset;
    char bytes[1024];
    apr_size_t n, i;
    FILE *file;

    assert_int_equal(spbe_seen_load(seen, path, &offset, pool), APR_ENOENT);
    play(seen, "before", "1 2.1/10 4 x5-6 5");
    assert_int_equal(spbe_seen_save(seen, path, 77, pool), 0);
    file = fopen(path, "r");
    n = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    for (i = 0; i < n; i++) {
        bytes[i] ^= 1;
        spit(path, bytes, n);
        bytes[i] ^= 1;
        assert_int_equal(spbe_seen_load(seen, path, &offset, pool), APR_EINVAL);
        assert_int_equal(offset, 0);
        assert_int_equal(spbe_seen_highest(seen, W), 0);
        spit(path, bytes, i);
        assert_int_equal(spbe_seen_load(seen, path, &offset, pool), APR_EINVAL);
    }
    spit(path, bytes, n);
    assert_int_equal(spbe_seen_load(seen, path, &offset, pool), 0);
    assert_int_equal(spbe_seen_highest(seen, W), 6);
    remove_path(path);
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
        cmocka_unit_test(seen_rows),       cmocka_unit_test(seen_goes_on),
        cmocka_unit_test(seen_writers),    cmocka_unit_test(seen_many_writers),
        cmocka_unit_test(seen_many_holes), cmocka_unit_test(seen_damaged),
        cmocka_unit_test(seen_many_parts), cmocka_unit_test(seen_pinned),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
