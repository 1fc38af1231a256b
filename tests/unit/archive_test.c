/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/archive_test.c - the archive, and what faults do to it.
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
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/redact.h"
#include "store/archive.h"

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

static const char *path_of(const char *name)
{
    return apr_pstrcat(pool, dir, "/", name, NULL);
}

static void put(spbe_archive_t *archive, const char *text)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    spbe_entry_add_line(&buf, apr_time_from_sec(1709540000),
                        spbe_span_from(text));
    assert_int_equal(spbe_archive_append(archive, spbe_buf_span(&buf)),
                     APR_SUCCESS);
}

/* The lines of all entries with blanks between; "!" for a bad one. */
static const char *all(spbe_archive_t *archive, apr_uint64_t from)
{
    spbe_archive_reader_t *reader = spbe_archive_reader(archive, from, pool);
    spbe_entry_t entry;
    spbe_buf_t buf;
    apr_status_t rv;

    spbe_buf_init(&buf, 64, pool);
    while ((rv = spbe_archive_next(reader, &entry)) == APR_SUCCESS) {
        spbe_buf_addc(&buf, ' ');
        spbe_buf_add(&buf, entry.kind == SPBE_ENTRY_LINE ? entry.line
                                                         : SPBE_SPAN("!"));
    }
    assert_int_equal(rv, APR_EOF);
    return spbe_buf_cstr(&buf);
}

static spbe_archive_t *open_new(spbe_archive_mode_t mode, apr_pool_t **own)
{
    spbe_archive_t *archive = NULL;

    apr_pool_create(own, pool);
    assert_int_equal(spbe_archive_open(&archive, dir, mode, *own), APR_SUCCESS);
    return archive;
}

static void archive_append_and_read(void **state)
{
    apr_pool_t *own;
    spbe_archive_t *archive;
    apr_uint64_t second;
    struct stat st;

    new_dir();
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    put(archive, "{\"a\":1}");
    second = spbe_archive_end(archive);
    put(archive, "{\"b\":2}");
    assert_string_equal(all(archive, 0), " {\"a\":1} {\"b\":2}");
    assert_string_equal(all(archive, second), " {\"b\":2}");
    assert_int_equal(stat(path_of("archive.jsonl"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_size, spbe_archive_end(archive));
    assert_int_equal(spbe_archive_sync(archive), APR_SUCCESS);
    apr_pool_destroy(own);
    archive = open_new(SPBE_ARCHIVE_READ, &own);
    assert_string_equal(all(archive, 0), " {\"a\":1} {\"b\":2}");
    apr_pool_destroy(own);
    remove_dir();
}

/* A reader that is ahead sees what comes later. */
static void archive_follow(void **state)
{
    apr_pool_t *own, *other;
    spbe_archive_t *archive, *reading;
    spbe_archive_reader_t *reader;
    spbe_entry_t entry;

    new_dir();
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    reading = open_new(SPBE_ARCHIVE_READ, &other);
    reader = spbe_archive_reader(reading, 0, pool);
    assert_int_equal(spbe_archive_next(reader, &entry), APR_EOF);
    put(archive, "{}");
    assert_int_equal(spbe_archive_next(reader, &entry), APR_SUCCESS);
    assert_int_equal(entry.received, apr_time_from_sec(1709540000));
    assert_int_equal(entry.offset, 0);
    assert_int_equal(entry.next, spbe_archive_end(archive));
    assert_int_equal(spbe_archive_next(reader, &entry), APR_EOF);
    apr_pool_destroy(own);
    apr_pool_destroy(other);
    remove_dir();
}

static void archive_one_writer(void **state)
{
    apr_pool_t *own;
    spbe_archive_t *second;

    new_dir();
    open_new(SPBE_ARCHIVE_WRITE, &own);
    assert_int_equal(spbe_archive_open(&second, dir, SPBE_ARCHIVE_WRITE, pool),
                     APR_EBUSY);
    assert_null(second);
    apr_pool_destroy(own);
    remove_dir();
}

static void write_raw(const char *text)
{
    int fd =
        open(path_of("archive.jsonl"), O_WRONLY | O_CREAT | O_APPEND, 0600);

    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void archive_torn_tail(void **state)
{
    static const struct {
        const char *text, *want;
        size_t torn;
    } tests[] = {
        {"{\"t\":\"2026-03-04T10:00:00Z\",\"l\":{}}\n{\"t\":\"20", " {}", 8},
        {"half", "", 4},
        {"", "", 0},
        {"nonsense\n{\"t\":\"2026-03-04T10:00:00Z\",\"l\":{\"x\":1}}\n",
         " ! {\"x\":1}", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        apr_pool_t *own;
        spbe_archive_t *archive;

        new_dir();
        write_raw(tests[i].text);
        archive = open_new(SPBE_ARCHIVE_WRITE, &own);
        assert_int_equal(spbe_archive_torn(archive), tests[i].torn);
        assert_string_equal(all(archive, 0), tests[i].want);
        assert_int_equal(access(path_of("torn"), F_OK),
                         tests[i].torn > 0 ? 0 : -1);
        put(archive, "{\"n\":1}");
        assert_string_equal(all(archive, 0), apr_pstrcat(pool, tests[i].want,
                                                         " {\"n\":1}", NULL));
        apr_pool_destroy(own);
        remove_dir();
    }
}

/* Where the torn bytes cannot be put aside they stay, and are stepped over. */
static void archive_torn_stays(void **state)
{
    apr_pool_t *own;
    spbe_archive_t *archive;

    new_dir();
    write_raw("half");
    write_raw("");
    close(open(path_of("torn"), O_WRONLY | O_CREAT, 0600));
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    put(archive, "{\"n\":1}");
    assert_string_equal(all(archive, 0), " ! {\"n\":1}");
    apr_pool_destroy(own);
    remove_dir();
}

static void archive_long_garbage(void **state)
{
    char *text = apr_palloc(pool, 3 * SPBE_ENTRY_MAX + 2);
    apr_pool_t *own;
    spbe_archive_t *archive;

    new_dir();
    memset(text, 'x', 3 * SPBE_ENTRY_MAX);
    strcpy(text + 3 * SPBE_ENTRY_MAX, "\n");
    write_raw(text);
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    put(archive, "{\"n\":1}");
    assert_non_null(strstr(all(archive, 0), " ! {\"n\":1}"));
    apr_pool_destroy(own);
    remove_dir();
}

static void archive_disk_full(void **state)
{
    apr_pool_t *own;
    spbe_archive_t *archive;

    new_dir();
    assert_int_equal(symlink("/dev/full", path_of("archive.jsonl")), 0);
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    assert_int_equal(spbe_archive_append(archive, SPBE_SPAN("x\n")),
                     APR_ENOSPC);
    assert_int_equal(spbe_archive_append(archive, SPBE_SPAN("x\n")),
                     APR_ENOSPC);
    apr_pool_destroy(own);
    remove_dir();
}

static void archive_cannot_open(void **state)
{
    spbe_archive_t *archive;
    pid_t child;
    int status;

    assert_int_equal(
        spbe_archive_open(&archive, "/nonexistent", SPBE_ARCHIVE_WRITE, pool),
        APR_ENOENT);
    new_dir();
    assert_int_equal(chmod(dir, 0555), 0);
    /* root may write everywhere: ask as somebody else */
    child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0) {
            _exit(2);
        }
        _exit(APR_STATUS_IS_EACCES(
                  spbe_archive_open(&archive, dir, SPBE_ARCHIVE_WRITE, pool))
                  ? 0
                  : 1);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    remove_dir();
}

static void archive_gone(void **state)
{
    apr_pool_t *own;
    spbe_archive_t *archive;

    new_dir();
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    assert_false(spbe_archive_gone(archive));
    unlink(path_of("archive.jsonl"));
    assert_true(spbe_archive_gone(archive));
    write_raw("");
    assert_true(spbe_archive_gone(archive));
    apr_pool_destroy(own);
    remove_dir();
}

static void entry_parse(void **state)
{
    static const struct {
        const char *text;
        spbe_rc_t rc;
        spbe_entry_kind_t kind;
    } tests[] = {
#define T "{\"t\":\"2026-03-04T10:00:00.000001Z\","
        {T "\"l\":{\"v\":1}}", SPBE_OK, SPBE_ENTRY_LINE},
        {T "\"bad\":\"x\",\"why\":\"y\"}", SPBE_OK, SPBE_ENTRY_BAD},
        {T "\"lost\":17,\"why\":\"y\"}", SPBE_OK, SPBE_ENTRY_LOST},
        {T "\"lost\":x}", SPBE_BAD, SPBE_ENTRY_BAD},
        {T "\"what\":1}", SPBE_BAD, SPBE_ENTRY_BAD},
        {T "\"l\":{}", SPBE_OK, SPBE_ENTRY_LINE}, /* the line is bad then */
        {"{\"t\":\"gestern\",\"l\":{}}", SPBE_BAD, SPBE_ENTRY_BAD},
        {"", SPBE_BAD, SPBE_ENTRY_BAD},
        {"{", SPBE_BAD, SPBE_ENTRY_BAD},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_entry_t entry;

        assert_int_equal(
            spbe_entry_parse(spbe_span_from(tests[i].text), &entry),
            tests[i].rc);
        assert_int_equal(entry.kind, tests[i].kind);
    }
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
        cmocka_unit_test(archive_append_and_read),
        cmocka_unit_test(archive_follow),
        cmocka_unit_test(archive_one_writer),
        cmocka_unit_test(archive_torn_tail),
        cmocka_unit_test(archive_torn_stays),
        cmocka_unit_test(archive_long_garbage),
        cmocka_unit_test(archive_disk_full),
        cmocka_unit_test(archive_cannot_open),
        cmocka_unit_test(archive_gone),
        cmocka_unit_test(entry_parse),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
