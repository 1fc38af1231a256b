/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/leftover_test.c - what is left in a pipe is kept beside it, and
 * stays in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "record/leftover.h"
#include "text/buf.h"

static char *file_of(const char *dir, int n, apr_pool_t *pool)
{
    return apr_psprintf(pool, "%s/n_1_2.%d.part", dir, n);
}

/* Of all files, in their order; they are gone then. */
static const char *take(const char *dir, apr_pool_t *pool)
{
    spbe_buf_t text;
    char bytes[65536];
    ssize_t n;
    int i, fd;

    spbe_buf_init(&text, 1024, pool);
    for (i = 1; (fd = open(file_of(dir, i, pool), O_RDONLY)) >= 0; i++) {
        while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
            spbe_buf_add(&text, (spbe_span_t){bytes, (size_t)n});
        }
        close(fd);
        unlink(file_of(dir, i, pool));
    }
    return spbe_buf_cstr(&text);
}

static int waiting(int fd)
{
    int n = -1;

    ioctl(fd, FIONREAD, &n);
    return n;
}

static void copies(void **state)
{
    static const struct {
        const char *label, *unit;
        int times, size;
        const char *tail; /* behind the last line end */
    } rows[] = {
        {"nothing", "", 0, 65536, ""},
        {"one line", "{\"a\":1}\n", 1, 65536, ""},
        {"a torn end", "{\"a\":1}\n", 2, 65536, "{\"b\""},
        {"no line at all", "", 0, 65536, "{\"b\""},
        {"an empty line", "\n", 3, 65536, ""},
        {"a full pipe of a mebibyte", "0123456789abcde\n", 65536, 1 << 20, ""},
    };
    char dir[] = "/tmp/spbe-leftover-XXXXXX";
    apr_pool_t *pool;
    size_t i;

    apr_pool_create(&pool, NULL);
    assert_non_null(mkdtemp(dir));
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        spbe_buf_t text;
        int end[2], n;

        print_message("%s\n", rows[i].label);
        assert_int_equal(pipe2(end, O_NONBLOCK), 0);
        assert_true(fcntl(end[1], F_SETPIPE_SZ, rows[i].size) > 0);
        spbe_buf_init(&text, 1024, pool);
        for (n = 0; n < rows[i].times; n++) {
            spbe_buf_adds(&text, rows[i].unit);
        }
        assert_int_equal(write(end[1], text.ptr, text.len), text.len);
        assert_int_equal(write(end[1], rows[i].tail, strlen(rows[i].tail)),
                         strlen(rows[i].tail));
        n = waiting(end[0]);
        /* An empty pipe has nothing to give: tee says so. */
        assert_int_equal(spbe_leftover_copy(end[0], dir, "n:1:2", pool),
                         n == 0 ? EAGAIN : APR_SUCCESS);
        assert_int_equal(waiting(end[0]), n);
        assert_string_equal(take(dir, pool), spbe_buf_cstr(&text));
        close(end[0]);
        close(end[1]);
    }
    assert_int_equal(rmdir(dir), 0);
    apr_pool_destroy(pool);
}

static void no_place(void **state)
{
    apr_pool_t *pool;
    int end[2];

    apr_pool_create(&pool, NULL);
    assert_int_equal(pipe2(end, O_NONBLOCK), 0);
    assert_int_equal(write(end[1], "x\n", 2), 2);
    assert_int_equal(
        spbe_leftover_copy(end[0], "/nonexistent/spill", "n:1:2", pool),
        ENOENT);
    assert_int_equal(waiting(end[0]), 2);
    close(end[0]);
    close(end[1]);
    assert_int_equal(spbe_leftover_copy(end[0], "/", "n:1:2", pool), EBADF);
    apr_pool_destroy(pool);
}

static int set_up(void **state)
{
    return apr_initialize();
}

static int tear_down(void **state)
{
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies),
        cmocka_unit_test(no_place),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
