/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/archive_test.c - the archive, and what faults do to it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "store/archive.h"
#include "store/segment.h"

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

#define FIRST "archive/00000000000000000000.jsonl"

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
    assert_int_equal(stat(path_of(FIRST), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_size, spbe_archive_end(archive));
    assert_int_equal(stat(path_of("archive"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(stat(path_of("sign.key"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
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
    assert_true(entry.offset > 0 && entry.offset < entry.next);
    assert_true(entry.next < spbe_archive_end(archive));
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

static void write_raw(spbe_span_t text)
{
    int fd = open(path_of(FIRST), O_WRONLY | O_CREAT | O_APPEND, 0600);

    assert_int_equal(write(fd, text.ptr, text.len), text.len);
    close(fd);
}

static int count_torn(const char *ending)
{
    DIR *stream = opendir(path_of("torn"));
    struct dirent *entry;
    int n = 0;

    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        n += entry->d_name[0] != '.' &&
             spbe_span_ends(spbe_span_from(entry->d_name),
                            spbe_span_from(ending));
    }
    if (stream != NULL) {
        closedir(stream);
    }
    return n;
}

#define T "{\"t\":\"2026-03-04T10:00:00.000000Z\",\"l\":"
#define Z32 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* What a crash leaves behind the last group: its whole entries come again,
 * the rest is put aside. */
static void archive_torn_tail(void **state)
{
    static const struct {
        const char *label;
        spbe_span_t text;
        const char *want;
    } tests[] = {
        {"half an entry", SPBE_SPAN(T "{\"x\":"), " {\"a\":1}"},
        {"nothing", SPBE_SPAN(""), " {\"a\":1}"},
        {"a whole one, and half", SPBE_SPAN(T "{\"b\":2}}\n{\"t\":\"20"),
         " {\"a\":1} {\"b\":2}"},
        {"half a signature", SPBE_SPAN(T "{\"b\":2}}\n{\"g\":2,\"t\""),
         " {\"a\":1} {\"b\":2}"},
        {"a signature that is none", SPBE_SPAN(T "{\"b\":2}}\n{\"g\":2}\n"),
         " {\"a\":1} {\"b\":2}"},
        {"nonsense", SPBE_SPAN("nonsense\n" T "{\"b\":2}}\n"),
         " {\"a\":1} {\"b\":2}"},
        {"what the power took", SPBE_SPAN(Z32 "\n" Z32), " {\"a\":1}"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        apr_pool_t *own;
        spbe_archive_t *archive;

        new_dir();
        archive = open_new(SPBE_ARCHIVE_WRITE, &own);
        put(archive, "{\"a\":1}");
        apr_pool_destroy(own);
        write_raw(tests[i].text);
        /* A reader does not see it. */
        archive = open_new(SPBE_ARCHIVE_READ, &own);
        print_message("%s\n", tests[i].label);
        assert_string_equal(all(archive, 0), " {\"a\":1}");
        apr_pool_destroy(own);
        archive = open_new(SPBE_ARCHIVE_WRITE, &own);
        assert_int_equal(spbe_archive_torn(archive), tests[i].text.len);
        assert_string_equal(all(archive, 0), tests[i].want);
        assert_int_equal(count_torn(""), tests[i].text.len > 0);
        assert_int_equal(count_torn(".new"), 0);
        assert_false(spbe_archive_broken(archive));
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
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    put(archive, "{\"a\":1}");
    apr_pool_destroy(own);
    write_raw(SPBE_SPAN(T "{\"b\":2}}\nhalf"));
    close(open(path_of("torn"), O_WRONLY | O_CREAT, 0600));
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    put(archive, "{\"n\":1}");
    assert_string_equal(all(archive, 0), " {\"a\":1} {\"b\":2} {\"n\":1}");
    apr_pool_destroy(own);
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    assert_int_equal(spbe_archive_torn(archive), 0);
    put(archive, "{\"n\":2}");
    assert_string_equal(all(archive, 0),
                        " {\"a\":1} {\"b\":2} {\"n\":1} {\"n\":2}");
    apr_pool_destroy(own);
    remove_dir();
}

/* Killed after the cut and before the entries were appended again. */
static void archive_torn_later(void **state)
{
    apr_pool_t *own;
    spbe_archive_t *archive;
    int fd;

    new_dir();
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    put(archive, "{\"a\":1}");
    apr_pool_destroy(own);
    assert_int_equal(mkdir(path_of("torn"), 0700), 0);
    fd = open(path_of("torn/7-8.new"), O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, T "{\"b\":2}}\nx", sizeof(T) + 10),
                     sizeof(T) + 10);
    close(fd);
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    assert_string_equal(all(archive, 0), " {\"a\":1} {\"b\":2}");
    assert_int_equal(access(path_of("torn/7-8"), F_OK), 0);
    assert_int_equal(count_torn(".new"), 0);
    apr_pool_destroy(own);
    remove_dir();
}

static void archive_refuses(void **state)
{
    static const char *const tests[] = {
        "", "x\n", T "{}}", T "{}}\n\n", T "{}}\n{\"g\":1}\n", "{\"g\":1}\n",
    };
    apr_pool_t *own;
    spbe_archive_t *archive;
    size_t i;

    new_dir();
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_int_equal(spbe_archive_append(archive, spbe_span_from(tests[i])),
                         APR_EINVAL);
    }
    assert_string_equal(all(archive, 0), "");
    apr_pool_destroy(own);
    archive = open_new(SPBE_ARCHIVE_READ, &own);
    assert_int_equal(spbe_archive_append(archive, SPBE_SPAN(T "{}}\n")),
                     APR_EINVAL);
    apr_pool_destroy(own);
    remove_dir();
}

/* A group of 3 MB, read while it is appended to, over segments. */
static void archive_segments(void **state)
{
    apr_pool_t *own, *other;
    spbe_archive_t *archive, *reading;
    spbe_archive_reader_t *reader;
    apr_array_header_t *files;
    spbe_entry_t entry;
    apr_uint64_t last = 0;
    spbe_head_t head, seen;
    int i, n, folder;

    new_dir();
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    reading = open_new(SPBE_ARCHIVE_READ, &other);
    reader = spbe_archive_reader(reading, 0, other);
    spbe_archive_limits(archive, 20000, apr_time_from_sec(3600));
    for (i = 0; i < 200; i++) {
        spbe_buf_t buf;

        spbe_buf_init(&buf, 64, own);
        for (n = 0; n < (i == 100 ? 20000 : 3); n++) {
            spbe_entry_add_line(
                &buf, apr_time_now(),
                spbe_span_from(apr_psprintf(own,
                                            "{\"i\":%d,\"n\":%d,"
                                            "\"pad\":\"%0100d\"}",
                                            i, n, 0)));
        }
        assert_int_equal(spbe_archive_append(archive, spbe_buf_span(&buf)),
                         APR_SUCCESS);
        while (spbe_archive_next(reader, &entry) == APR_SUCCESS) {
            assert_int_equal(entry.kind, SPBE_ENTRY_LINE);
            assert_true(entry.offset >= last);
            last = entry.next;
            n--;
        }
        assert_int_equal(n, 0);
        assert_int_equal(spbe_archive_tell(reader), spbe_archive_end(archive));
        assert_int_equal(spbe_archive_size(reading), spbe_archive_end(archive));
    }
    spbe_archive_head(archive, &head);
    spbe_archive_head(reading, &seen);
    assert_int_equal(head.group, 200);
    assert_memory_equal(&head, &seen, sizeof(head));
    assert_int_equal(spbe_segment_dir(dir, 0, &folder), APR_SUCCESS);
    spbe_segment_list(folder, &files, pool);
    close(folder);
    assert_in_range(files->nelts, 4, 60);
    apr_pool_destroy(own);
    /* Every entry is found by its address alone. */
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    spbe_archive_head(archive, &seen);
    assert_memory_equal(&head, &seen, sizeof(head));
    spbe_archive_seek(reader, 0);
    for (i = 0; spbe_archive_next(reader, &entry) == APR_SUCCESS; i++) {
        apr_uint64_t at = entry.offset, next = entry.next;
        spbe_archive_reader_t *again;

        if (i % 997 == 0) {
            again = spbe_archive_reader(reading, at, own);
            assert_int_equal(spbe_archive_next(again, &entry), APR_SUCCESS);
            assert_int_equal(entry.offset, at);
            assert_int_equal(entry.next, next);
        }
    }
    assert_int_equal(i, 20000 + 199 * 3);
    apr_pool_destroy(own);
    apr_pool_destroy(other);
    remove_dir();
}

static void archive_segment_age(void **state)
{
    apr_pool_t *own;
    spbe_archive_t *archive;
    apr_array_header_t *files;
    int folder;

    new_dir();
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    put(archive, "{}");
    put(archive, "{}");
    spbe_archive_limits(archive, (apr_uint64_t)1 << 30, 1);
    put(archive, "{}");
    assert_int_equal(spbe_segment_dir(dir, 0, &folder), APR_SUCCESS);
    spbe_segment_list(folder, &files, pool);
    close(folder);
    assert_int_equal(files->nelts, 2);
    assert_string_equal(all(archive, 0), " {} {} {}");
    apr_pool_destroy(own);
    remove_dir();
}

/* --- faults -------------------------------------------------------------- */

/* From now on these system calls fail in this process. */
static int forbid(int first, int second, int error)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)first, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)second, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

typedef enum fault {
    FILE_LIMIT = 0,
    NO_SYNC = 1,
    NO_SYNC_NO_CUT = 2,
    NO_WRITE = 3
} fault_t;

/* A group that is longer than what a file may have from now on. */
static spbe_span_t big_group(void)
{
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 64, pool);
    for (i = 0; i < 100; i++) {
        spbe_entry_add_line(&buf, apr_time_now(), SPBE_SPAN("{\"big\":1}"));
    }
    return spbe_buf_span(&buf);
}

static int set_fault(fault_t fault, rlim_t size)
{
    struct rlimit limit = {size, size};

    switch (fault) {
    case FILE_LIMIT:
        signal(SIGXFSZ, SIG_IGN);
        return setrlimit(RLIMIT_FSIZE, &limit) == 0;
    case NO_SYNC:
        return forbid(SYS_fdatasync, SYS_fdatasync, EIO);
    case NO_SYNC_NO_CUT:
        return forbid(SYS_fdatasync, SYS_ftruncate, EIO);
    default:
        return forbid(SYS_writev, SYS_writev, ENOSPC);
    }
}

/* 0: as it should be; what the parent reads otherwise is a line number. */
static int fail_once(fault_t fault, apr_status_t want)
{
    apr_pool_t *own;
    spbe_archive_t *archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    apr_uint64_t end;

    put(archive, "{\"a\":1}");
    end = spbe_archive_end(archive);
    if (!set_fault(fault, (rlim_t)end + 700)) {
        return __LINE__;
    }
    if (spbe_archive_append(archive, big_group()) != want ||
        spbe_archive_append(archive, big_group()) != want) {
        return __LINE__;
    }
    return 0;
}

/* A group that fails leaves a valid archive, for readers and for the next. */
static void archive_faults(void **state)
{
    static const struct {
        const char *label;
        fault_t fault;
        apr_status_t error;
        const char *want; /* what is left of it */
        int max_big;
    } tests[] = {
        {"no room in the middle of a group", FILE_LIMIT, EFBIG, "", 0},
        {"no room at all", NO_WRITE, ENOSPC, "", 0},
        {"cannot be synced", NO_SYNC, EIO, "", 0},
        {"neither synced nor withdrawn", NO_SYNC_NO_CUT, EIO, "", 200},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        apr_pool_t *own;
        spbe_archive_t *archive;
        const char *text;
        int status, big = 0;
        pid_t child;

        print_message("%s\n", tests[i].label);
        new_dir();
        child = fork();
        if (child == 0) {
            _exit(fail_once(tests[i].fault, tests[i].error) != 0);
        }
        waitpid(child, &status, 0);
        assert_int_equal(status, 0);
        archive = open_new(SPBE_ARCHIVE_WRITE, &own);
        assert_int_equal(spbe_archive_torn(archive), 0);
        assert_false(spbe_archive_broken(archive));
        put(archive, "{\"n\":1}");
        text = all(archive, 0);
        assert_true(strstr(text, " {\"a\":1}") == text);
        assert_non_null(strstr(text, " {\"n\":1}"));
        while ((text = strstr(text, "big")) != NULL) {
            big++;
            text++;
        }
        assert_in_range(big, 0, tests[i].max_big);
        apr_pool_destroy(own);
        remove_dir();
    }
}

/* Somebody else writes behind it, or cuts it, while it is open. */
static void archive_meddled(void **state)
{
    apr_pool_t *own;
    spbe_archive_t *archive;

    new_dir();
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    put(archive, "{\"a\":1}");
    write_raw(SPBE_SPAN("mischief\n"));
    put(archive, "{\"b\":1}");
    assert_string_equal(all(archive, 0), " {\"a\":1} {\"b\":1}");
    apr_pool_destroy(own);
    remove_dir();
}

/* A link where a file should be is not followed. */
static void archive_links(void **state)
{
    static const char *const names[] = {"sign.key", FIRST, "archive/lock"};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        spbe_archive_t *archive;

        new_dir();
        assert_int_equal(mkdir(path_of("archive"), 0700), 0);
        assert_int_equal(symlink(path_of("elsewhere"), path_of(names[i])), 0);
        assert_int_not_equal(
            spbe_archive_open(&archive, dir, SPBE_ARCHIVE_WRITE, pool),
            APR_SUCCESS);
        assert_int_equal(access(path_of("elsewhere"), F_OK), -1);
        remove_dir();
    }
}

/* The tail is gone while nobody writes: the signer no longer fits. */
static void archive_cut(void **state)
{
    apr_pool_t *own;
    spbe_archive_t *archive;
    apr_uint64_t end;

    new_dir();
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    put(archive, "{\"a\":1}");
    end = spbe_archive_end(archive);
    spbe_archive_turn(archive);
    put(archive, "{\"b\":1}");
    spbe_archive_turn(archive);
    put(archive, "{\"c\":1}");
    apr_pool_destroy(own);
    assert_int_equal(truncate(path_of(FIRST), (off_t)end), 0);
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    assert_true(spbe_archive_broken(archive));
    put(archive, "{\"d\":1}");
    assert_string_equal(all(archive, 0), " {\"a\":1} {\"d\":1}");
    apr_pool_destroy(own);
    archive = open_new(SPBE_ARCHIVE_WRITE, &own);
    assert_false(spbe_archive_broken(archive));
    apr_pool_destroy(own);
    remove_dir();
}

static void archive_old(void **state)
{
    new_dir();
    assert_false(spbe_archive_has_old(dir));
    close(open(path_of("archive.jsonl"), O_WRONLY | O_CREAT, 0600));
    assert_true(spbe_archive_has_old(dir));
    assert_false(spbe_archive_has_old("/nonexistent"));
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
    put(archive, "{}");
    assert_false(spbe_archive_gone(archive));
    unlink(path_of(FIRST));
    assert_true(spbe_archive_gone(archive));
    write_raw(SPBE_SPAN(""));
    assert_true(spbe_archive_gone(archive));
    /* It goes on behind what is gone, all the same. */
    put(archive, "{\"b\":1}");
    assert_string_equal(all(archive, 0), " {\"b\":1}");
    assert_int_equal(rename(path_of("archive"), path_of("other")), 0);
    assert_true(spbe_archive_gone(archive));
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
        cmocka_unit_test(archive_append_and_read),
        cmocka_unit_test(archive_follow),
        cmocka_unit_test(archive_one_writer),
        cmocka_unit_test(archive_torn_tail),
        cmocka_unit_test(archive_torn_stays),
        cmocka_unit_test(archive_torn_later),
        cmocka_unit_test(archive_refuses),
        cmocka_unit_test(archive_segments),
        cmocka_unit_test(archive_segment_age),
        cmocka_unit_test(archive_faults),
        cmocka_unit_test(archive_meddled),
        cmocka_unit_test(archive_links),
        cmocka_unit_test(archive_cut),
        cmocka_unit_test(archive_old),
        cmocka_unit_test(archive_cannot_open),
        cmocka_unit_test(archive_gone),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
