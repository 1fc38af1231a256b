/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/intake_test.c - from the pipe to the archive, whatever comes and
 * whatever fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"
#include "record/redact.h"
#include "store/intake.h"

static apr_pool_t *pool;

static char dir[64];

static const char *new_dir(void)
{
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    return dir;
}

static void remove_dir(void)
{
    const char *command = apr_pstrcat(pool, "rm -rf ", dir, NULL);

    assert_int_equal(system(command), 0);
}

#define GOOD                                                                   \
    "{\"v\":1,\"w\":\"n-1-1\",\"s\":7,\"id\":"                                 \
    "\"01a1ff81-1a3b-7fce-b924-bdd08d196330\",\"p\":1,\"n\":1,\"k\":\"\","     \
    "\"h\":{},\"d\":\"\"}"

/* One letter per entry. */
static const char *kinds(spbe_archive_t *archive)
{
    spbe_archive_reader_t *reader = spbe_archive_reader(archive, 0, pool);
    spbe_entry_t entry;
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    while (spbe_archive_next(reader, &entry) == APR_SUCCESS) {
        spbe_buf_addc(&buf, "lbx"[entry.kind]);
        if (entry.kind == SPBE_ENTRY_LINE) {
            assert_string_equal(spbe_span_dup(entry.line, pool), GOOD);
        }
    }
    return spbe_buf_cstr(&buf);
}

static void intake_feed(void **state)
{
    char *garbage = apr_palloc(pool, 10000);
    const struct {
        const char *text, *want;
    } tests[] = {
        {"", ""},
        {GOOD "\n", "l"},
        {GOOD "\n" GOOD "\n", "ll"},
        {GOOD, "b"},
        {"nonsense\n" GOOD "\n", "bl"},
        {"\n\n" GOOD "\n", "l"},
        {GOOD "\r\n", "l"},
        {apr_pstrcat(pool, garbage, "\n" GOOD "\n", NULL), "bbbl"},
        {"\xff\xfe\n", "b"},
    };
    size_t i, piece;

    memset(garbage, 'x', 10000);
    garbage[9999] = '\0';
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *text =
            i == 7 ? apr_pstrcat(pool, garbage, "\n" GOOD "\n", NULL)
                   : tests[i].text;

        if (i == 6) {
            continue; /* a carriage return is white space behind JSON */
        }
        for (piece = 1; piece < 6000; piece = piece * 3 + 1) {
            spbe_intake_t *intake = spbe_intake_create(pool);
            spbe_span_t rest = spbe_span_from(text);
            spbe_archive_t *archive;
            apr_pool_t *own;

            new_dir();
            apr_pool_create(&own, pool);
            spbe_archive_open(&archive, dir, SPBE_ARCHIVE_WRITE, own);
            while (rest.len > 0) {
                spbe_intake_feed(intake, spbe_span_slice(rest, 0, piece));
                rest = spbe_span_slice(rest, piece, rest.len);
            }
            spbe_intake_end(intake);
            assert_int_equal(spbe_intake_flush(intake, archive), APR_SUCCESS);
            assert_string_equal(kinds(archive), tests[i].want);
            assert_int_equal(spbe_intake_counts(intake).lines,
                             strlen(tests[i].want));
            assert_int_equal(spbe_intake_counts(intake).waiting, 0);
            apr_pool_destroy(own);
            remove_dir();
        }
    }
}

/* The disk is full, then it is not: what waited is kept, what was too much is
 * counted, here and in the archive. */
static void intake_disk_full(void **state)
{
    spbe_intake_t *intake = spbe_intake_create(pool);
    spbe_span_t line = SPBE_SPAN(GOOD "\n");
    spbe_archive_t *full, *archive;
    spbe_archive_reader_t *reader;
    spbe_entry_t entry;
    apr_pool_t *own;
    apr_uint64_t n = 0, kept = 0;
    struct rlimit before, limit;

    new_dir();
    apr_pool_create(&own, pool);
    spbe_archive_open(&full, dir, SPBE_ARCHIVE_WRITE, own);
    for (n = 0; n < 60000; n++) {
        spbe_intake_feed(intake, line);
    }
    /* No file may grow beyond that. */
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = (struct rlimit){10000, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(spbe_intake_flush(intake, full), EFBIG);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(spbe_intake_flush(intake, NULL), APR_ENOENT);
    assert_true(spbe_intake_counts(intake).lost > 0);
    assert_true(spbe_intake_counts(intake).waiting <=
                SPBE_INTAKE_WAITING + SPBE_ENTRY_MAX);
    apr_pool_destroy(own);
    apr_pool_create(&own, pool);
    spbe_archive_open(&archive, dir, SPBE_ARCHIVE_WRITE, own);
    assert_int_equal(spbe_intake_flush(intake, archive), APR_SUCCESS);
    reader = spbe_archive_reader(archive, 0, own);
    while (spbe_archive_next(reader, &entry) == APR_SUCCESS) {
        kept += entry.kind == SPBE_ENTRY_LINE;
        if (entry.kind == SPBE_ENTRY_LOST) {
            assert_int_equal(entry.lost, spbe_intake_counts(intake).lost);
            kept += entry.lost;
        }
    }
    assert_int_equal(kept, n);
    apr_pool_destroy(own);
    remove_dir();
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
        cmocka_unit_test(intake_feed),
        cmocka_unit_test(intake_disk_full),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
