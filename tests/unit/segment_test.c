/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/segment_test.c - the files of an archive: their names, their first
 * entry, what they end with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "store/archive.h"
#include "store/segment.h"

static apr_pool_t *pool;
static char dir[64];

static void segment_names(void **state)
{
    static const struct {
        const char *name;
        int is;
        apr_uint64_t address;
    } tests[] = {
        {"00000000000000000000.jsonl", 1, 0},
        {"00000000000000067108.jsonl", 1, 67108},
        {"09223372036854775807.jsonl", 1, APR_INT64_MAX},
        {"09223372036854775808.jsonl", 0, 0},
        {"99999999999999999999.jsonl", 0, 0},
        {"0000000000000000000.jsonl", 0, 0},
        {"000000000000000000000.jsonl", 0, 0},
        {"00000000000000000000.jsonl.new", 0, 0},
        {"00000000000000000000.json", 0, 0},
        {"-0000000000000000001.jsonl", 0, 0},
        {"lock", 0, 0},
        {"", 0, 0},
    };
    char name[SPBE_SEGMENT_NAME];
    apr_uint64_t address;
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_int_equal(spbe_segment_is(tests[i].name, &address), tests[i].is);
        if (tests[i].is) {
            assert_int_equal(address, tests[i].address);
            spbe_segment_name(address, name);
            assert_string_equal(name, tests[i].name);
        }
    }
}

static void segment_head(void **state)
{
    static const struct {
        const char *label, *from, *to;
        spbe_rc_t rc;
    } tests[] = {
        {"as written", "", "", SPBE_OK},
        {"version 2", "\"v\":1", "\"v\":2", SPBE_BAD},
        {"a member less", "\"group\":7,", "", SPBE_BAD},
        {"a member twice", "\"group\":7,", "\"group\":7,\"group\":7,",
         SPBE_BAD},
        {"another member", "\"group\":7,", "\"group\":7,\"y\":1,", SPBE_BAD},
        {"a number that is none", "\"group\":7", "\"group\":\"7\"", SPBE_BAD},
        {"a short key", "\"first\":\"A", "\"first\":\"", SPBE_BAD},
        {"another entry", "\"segment\"", "\"lost\"", SPBE_NONE},
        {"no time", "{\"t\":\"2", "{\"t\":\"x", SPBE_NONE},
        {"no end", "}}", "}", SPBE_BAD},
    };
    spbe_segment_t segment = {.time = apr_time_from_sec(1709540000),
                              .offset = 4711,
                              .node = "kantor \"1\"",
                              .group = 7,
                              .first = {0, 1, 2},
                              .before = {9}};
    const char *line;
    spbe_buf_t buf;
    size_t i;

    spbe_buf_init(&buf, 64, pool);
    spbe_segment_add(&buf, &segment);
    assert_int_equal(buf.ptr[--buf.len], '\n');
    line = spbe_buf_cstr(&buf);
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *at = strstr(line, tests[i].from);
        const char *text =
            apr_psprintf(pool, "%.*s%s%s", (int)(at - line), line, tests[i].to,
                         at + strlen(tests[i].from));
        spbe_segment_t read;

        if (spbe_segment_parse(spbe_span_from(text), &read) != tests[i].rc) {
            fail_msg("%s: %s", tests[i].label, text);
        }
        if (tests[i].rc == SPBE_OK) {
            assert_int_equal(read.offset, 4711);
            assert_int_equal(read.group, 7);
            assert_int_equal(read.time, segment.time);
            assert_string_equal(read.node, "kantor \\\"1\\\"");
            assert_memory_equal(read.first, segment.first, SPBE_HASH_SIZE);
            assert_memory_equal(read.before, segment.before, SPBE_HASH_SIZE);
        }
    }
}

static const char *file(void)
{
    return apr_pstrcat(pool, dir, "/archive/00000000000000000000.jsonl", NULL);
}

/* Three groups of one entry each. */
static void make(void)
{
    spbe_archive_t *archive;
    apr_pool_t *own;
    int i;

    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    apr_pool_create(&own, pool);
    assert_int_equal(spbe_archive_open(&archive, dir, SPBE_ARCHIVE_WRITE, own),
                     APR_SUCCESS);
    for (i = 0; i < 3; i++) {
        spbe_buf_t buf;

        spbe_buf_init(&buf, 64, pool);
        spbe_entry_add_line(&buf, apr_time_now(), SPBE_SPAN("{\"v\":1}"));
        assert_int_equal(spbe_archive_append(archive, spbe_buf_span(&buf)),
                         APR_SUCCESS);
    }
    apr_pool_destroy(own);
}

/* From the front and from the end the same group is the last, unless its
 * bytes are what a power failure leaves. */
static void segment_ends(void **state)
{
    static const struct {
        const char *label;
        off_t cut;   /* bytes off the end */
        off_t spoil; /* so far into the last group a byte is set to that */
        int byte;
        unsigned whole, last; /* number of the last group for each */
    } tests[] = {
        {"as it is", 0, 0, 0, 3, 3},
        {"a byte less", 1, 0, 0, 2, 2},
        {"half a signature", 200, 0, 0, 2, 2},
        {"nothing", 1 << 20, 0, 0, 0, 0},
        {"a NUL in the last body", 0, 40, 0, 2, 3},
        {"an edit in the last body", 0, 40, '9', 3, 3},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        unsigned char hash[SPBE_HASH_SIZE];
        spbe_segment_end_t end;
        apr_uint64_t behind;
        spbe_group_t last;
        struct stat st;
        char byte = (char)tests[i].byte;
        int fd;

        make();
        fd = open(file(), O_RDWR);
        fstat(fd, &st);
        if (tests[i].spoil > 0) {
            assert_int_equal(spbe_segment_read_end(fd, &end, pool),
                             APR_SUCCESS);
            assert_int_equal(
                pwrite(fd, &byte, 1, (off_t)end.begin + tests[i].spoil), 1);
        }
        st.st_size -= tests[i].cut < st.st_size ? tests[i].cut : st.st_size;
        assert_int_equal(ftruncate(fd, st.st_size), 0);
        print_message("%s\n", tests[i].label);
        assert_int_equal(spbe_segment_read_end(fd, &end, pool), APR_SUCCESS);
        assert_int_equal(end.group.number, tests[i].whole);
        assert_int_equal(end.size, st.st_size);
        assert_int_equal(end.has_head, st.st_size > 0);
        assert_true(end.end <= end.size && end.begin <= end.end);
        assert_int_equal(spbe_segment_last(fd, &last, hash, &behind, pool),
                         APR_SUCCESS);
        assert_int_equal(last.number, tests[i].last);
        if (tests[i].whole == tests[i].last && tests[i].last > 0) {
            assert_int_equal(behind, end.end);
            assert_memory_equal(hash, end.hash, sizeof(hash));
        }
        close(fd);
        assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", dir, NULL)), 0);
    }
}

/* The last group stands far before what is torn. */
static void segment_long_tail(void **state)
{
    unsigned char hash[SPBE_HASH_SIZE];
    spbe_group_t last;
    apr_uint64_t behind;
    char *x = apr_palloc(pool, 300000);
    struct stat st;
    int fd;

    make();
    memset(x, 'x', 300000);
    fd = open(file(), O_RDWR | O_APPEND);
    fstat(fd, &st);
    assert_int_equal(write(fd, x, 300000), 300000);
    assert_int_equal(spbe_segment_last(fd, &last, hash, &behind, pool),
                     APR_SUCCESS);
    assert_int_equal(last.number, 3);
    assert_int_equal(behind, st.st_size);
    close(fd);
    assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", dir, NULL)), 0);
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
        cmocka_unit_test(segment_names),
        cmocka_unit_test(segment_head),
        cmocka_unit_test(segment_ends),
        cmocka_unit_test(segment_long_tail),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
