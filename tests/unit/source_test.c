/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/source_test.c - an archive read as it stands in its folder.
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
#include <sys/stat.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "store/source.h"

static apr_pool_t *pool;
static char dir[64];

static const char *path_of(const char *name)
{
    return apr_pstrcat(pool, dir, "/", name, NULL);
}

static void add(const char *folder, unsigned address, const char *text)
{
    const char *path =
        apr_psprintf(pool, "%s%s/%020u.jsonl", dir, folder, address);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

    assert_int_not_equal(fd, -1);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/* All pieces: "address segment text|". */
static const char *all(const spbe_source_t *source)
{
    spbe_source_piece_t piece;
    const char *text = "";
    apr_status_t rv;

    while ((rv = source->next(source->baton, &piece)) == APR_SUCCESS) {
        unsigned at = (unsigned)piece.offset;

        text = apr_psprintf(pool, "%s%u %.3s %s|", text, at, piece.segment + 17,
                            spbe_span_dup(piece.bytes, pool));
    }
    assert_int_equal(rv, APR_EOF);
    return text;
}

static void source_folder(void **state)
{
    static const struct {
        apr_uint64_t seek;
        const char *want;
    } tests[] = {
        {0, "10 010 ab|20 020 cdef|24 024 g|"},
        {10, "10 010 ab|20 020 cdef|24 024 g|"},
        {11, "11 010 b|20 020 cdef|24 024 g|"},
        {15, "20 020 cdef|24 024 g|"}, /* a rewritten segment is shorter */
        {22, "22 020 ef|24 024 g|"},
        {24, "24 024 g|"},
        {25, ""},
        {99, ""},
    };
    spbe_source_t source;
    size_t i;

    mkdir(path_of("archive"), 0700);
    assert_int_equal(spbe_source_folder(&source, dir, pool), APR_SUCCESS);
    assert_string_equal(all(&source), "");
    add("/archive", 10, "ab");
    add("/archive", 20, "cdef");
    add("/archive", 22, "");
    unlink(path_of("archive/00000000000000000022.jsonl"));
    add("/archive", 24, "g");
    close(open(path_of("archive/lock"), O_CREAT | O_WRONLY, 0600));
    close(open(path_of("archive/1.jsonl"), O_CREAT | O_WRONLY, 0600));
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_int_equal(source.seek(source.baton, tests[i].seek), APR_SUCCESS);
        assert_string_equal(all(&source), tests[i].want);
    }
    /* It goes on where it was when more has come. */
    source.seek(source.baton, 24);
    assert_string_equal(all(&source), "24 024 g|");
    add("/archive", 24, "hi");
    assert_string_equal(all(&source), "25 024 hi|");
    add("/archive", 24, "j");
    add("/archive", 28, "k");
    assert_string_equal(all(&source), "27 024 j|28 028 k|");
}

/* A copy of the segments without the folder around them. */
static void source_copy(void **state)
{
    spbe_source_t source;

    mkdir(path_of("copy"), 0700);
    assert_int_equal(spbe_source_folder(&source, path_of("copy"), pool),
                     APR_ENOENT);
    add("/copy", 0, "ab");
    assert_int_equal(spbe_source_folder(&source, path_of("copy"), pool),
                     APR_SUCCESS);
    assert_string_equal(all(&source), "0 000 ab|");
    assert_int_equal(spbe_source_folder(&source, path_of("nowhere"), pool),
                     APR_ENOENT);
}

/* Neither a link nor a folder is read in place of a segment. */
static void source_odd_files(void **state)
{
    spbe_source_t source;
    spbe_source_piece_t piece;
    const char *name = path_of("odd/archive/00000000000000000000.jsonl");

    mkdir(path_of("odd"), 0700);
    mkdir(path_of("odd/archive"), 0700);
    assert_int_equal(symlink("/etc/passwd", name), 0);
    assert_int_equal(spbe_source_folder(&source, path_of("odd"), pool),
                     APR_SUCCESS);
    assert_int_not_equal(source.next(source.baton, &piece), APR_SUCCESS);
    unlink(name);
    mkdir(name, 0700);
    assert_int_not_equal(source.next(source.baton, &piece), APR_SUCCESS);
    rmdir(name);
    assert_int_equal(mkfifo(name, 0600), 0);
    assert_int_not_equal(source.next(source.baton, &piece), APR_SUCCESS);
}

static int setup(void **state)
{
    apr_initialize();
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    return apr_pool_create(&pool, NULL) != APR_SUCCESS || mkdtemp(dir) == NULL;
}

static int teardown(void **state)
{
    int failed = system(apr_pstrcat(pool, "rm -rf ", dir, NULL));

    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_folder),
        cmocka_unit_test(source_copy),
        cmocka_unit_test(source_odd_files),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
