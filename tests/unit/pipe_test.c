/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/pipe_test.c - what is looked at stays until it is consumed.
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
#include <apr_general.h>
#include <apr_strings.h>
#include "logger/pipe.h"

static apr_pool_t *pool;

typedef struct ends {
    int in, out;
    spbe_pipe_t *pipe;
} ends_t;

static void begin(ends_t *ends)
{
    int fds[2];

    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    ends->in = fds[0];
    ends->out = fds[1];
    assert_int_equal(spbe_pipe_create(&ends->pipe, ends->in, pool), 0);
}

static void say(const ends_t *ends, const char *text)
{
    assert_int_equal(write(ends->out, text, strlen(text)), strlen(text));
}

/* What stands at the front now, and whether more can come. */
static void expect(const ends_t *ends, const char *text, int last)
{
    spbe_span_t bytes;
    int is_last;

    assert_int_equal(spbe_pipe_peek(ends->pipe, &bytes, &is_last), 0);
    assert_string_equal(spbe_span_dup(bytes, pool), text);
    assert_int_equal(is_last, last);
}

static void pipe_looks(void **state)
{
    ends_t ends;

    begin(&ends);
    expect(&ends, "", 0);
    say(&ends, "abc\ndef");
    expect(&ends, "abc\ndef", 0);
    expect(&ends, "abc\ndef", 0);
    assert_int_equal(spbe_pipe_waiting(ends.pipe), 7);
    assert_int_equal(spbe_pipe_consume(ends.pipe, 4), 0);
    assert_int_equal(spbe_pipe_consumed(ends.pipe), 4);
    expect(&ends, "def", 0);
    say(&ends, "ghi");
    expect(&ends, "defghi", 0);
    assert_int_equal(spbe_pipe_consume(ends.pipe, 6), 0);
    expect(&ends, "", 0);
    assert_false(spbe_pipe_is_alone(ends.pipe));
    say(&ends, "xyz");
    close(ends.out);
    assert_true(spbe_pipe_is_alone(ends.pipe));
    expect(&ends, "xyz", 1);
    assert_int_equal(spbe_pipe_consume(ends.pipe, 3), 0);
    expect(&ends, "", 1);
    close(ends.in);
}

/* Somebody else takes over where the first one was killed. */
static void pipe_taken_over(void **state)
{
    ends_t ends;

    begin(&ends);
    say(&ends, "one\ntwo\n");
    expect(&ends, "one\ntwo\n", 0);
    assert_int_equal(spbe_pipe_consume(ends.pipe, 4), 0);
    expect(&ends, "two\n", 0);
    assert_int_equal(spbe_pipe_create(&ends.pipe, ends.in, pool), 0);
    expect(&ends, "two\n", 0);
    close(ends.out);
    close(ends.in);
}

/* A pipe that is full to the last byte. */
static void pipe_full(void **state)
{
    char line[4096];
    spbe_span_t bytes;
    size_t n = 0;
    ends_t ends;
    int last;

    begin(&ends);
    memset(line, 'x', sizeof(line));
    fcntl(ends.out, F_SETFL, O_NONBLOCK);
    fcntl(ends.out, F_SETPIPE_SZ, (int)SPBE_PIPE_SIZE);
    while (write(ends.out, line, sizeof(line)) > 0) {
        n += sizeof(line);
    }
    close(ends.out);
    do {
        assert_int_equal(spbe_pipe_peek(ends.pipe, &bytes, &last), 0);
        assert_int_equal(spbe_pipe_consume(ends.pipe, bytes.len), 0);
    } while (!last);
    assert_int_equal(spbe_pipe_consumed(ends.pipe), n);
    assert_int_equal(spbe_pipe_waiting(ends.pipe), 0);
    close(ends.in);
}

static void pipe_file(void **state)
{
    FILE *file = tmpfile();
    ends_t ends = {.in = fileno(file)};
    spbe_span_t bytes;
    int last;

    fputs("abc\ndef", file);
    rewind(file);
    assert_int_equal(spbe_pipe_create(&ends.pipe, ends.in, pool), 0);
    expect(&ends, "abc\ndef", 0);
    assert_int_equal(spbe_pipe_consume(ends.pipe, 4), 0);
    assert_int_equal(spbe_pipe_peek(ends.pipe, &bytes, &last), 0);
    assert_string_equal(spbe_span_dup(bytes, pool), "def");
    expect(&ends, "def", 1);
    assert_true(spbe_pipe_is_alone(ends.pipe));
    fclose(file);
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
        cmocka_unit_test(pipe_looks),
        cmocka_unit_test(pipe_taken_over),
        cmocka_unit_test(pipe_full),
        cmocka_unit_test(pipe_file),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
