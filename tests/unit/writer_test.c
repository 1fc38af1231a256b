/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/writer_test.c - a record has a number and a place; a pipe that
 * takes nothing holds one record for its time and no other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "record/line.h"
#include "record/writer.h"

#define WAIT 60 /* milliseconds */
#define ID "01890a5d-ac96-774b-bcce-b302099a8057"

typedef struct room {
    apr_pool_t *pool;
    char dir[64];
    int in, out;
    apr_uint64_t used;
    apr_time_t stuck;
    spbe_ledger_slot_t slot;
    spbe_spill_t *spill;
    spbe_writer_t *writer;
} room_t;

static spbe_writer_t *make(room_t *room, int fd, int spills)
{
    spbe_writer_options_t options = {
        fd,          WAIT, "n:1:2", &room->slot, spills ? room->spill : NULL,
        &room->stuck};

    return spbe_writer_create(&options, room->pool);
}

static int set_up(void **state)
{
    room_t *room = calloc(1, sizeof(*room));
    int end[2];

    apr_initialize();
    signal(SIGPIPE, SIG_IGN);
    apr_pool_create(&room->pool, NULL);
    strcpy(room->dir, "/tmp/spbe-writer-XXXXXX");
    assert_non_null(mkdtemp(room->dir));
    assert_int_equal(pipe2(end, O_NONBLOCK), 0);
    room->in = end[0];
    room->out = end[1];
    assert_true(fcntl(room->out, F_SETPIPE_SZ, 4096) > 0);
    room->slot.state = SPBE_LEDGER_LIVE;
    room->spill =
        spbe_spill_create(room->dir, "n:1:2", &room->used, 1 << 20, room->pool);
    room->writer = make(room, room->out, 1);
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    room_t *room = *state;
    glob_t found;
    size_t i;

    spbe_spill_close(room->spill);
    glob(apr_pstrcat(room->pool, room->dir, "/*", NULL), 0, NULL, &found);
    for (i = 0; i < found.gl_pathc; i++) {
        unlink(found.gl_pathv[i]);
    }
    globfree(&found);
    assert_int_equal(rmdir(room->dir), 0);
    close(room->in);
    close(room->out);
    apr_pool_destroy(room->pool);
    apr_terminate();
    free(room);
    return 0;
}

static apr_time_t steady(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return apr_time_from_sec(now.tv_sec) + now.tv_nsec / 1000;
}

/* d: so many bytes of details. */
static spbe_write_t put(spbe_writer_t *writer, size_t d,
                        spbe_written_t *written, apr_pool_t *pool)
{
    spbe_encoded_t encoded = {.id = ID, .h = "{\"kind\":\"error\"}"};
    char *text = apr_palloc(pool, d + 1);

    memset(text, 'd', d);
    text[d] = '\0';
    encoded.d = d > 0 ? text : NULL;
    return spbe_writer_write(writer, &encoded, written, pool);
}

static void fill(const room_t *room)
{
    char bytes[4096];

    memset(bytes, 'x', sizeof(bytes));
    assert_int_equal(write(room->out, bytes, sizeof(bytes)), sizeof(bytes));
}

static size_t drain(const room_t *room, char *bytes, size_t size)
{
    ssize_t n = read(room->in, bytes, size - 1);

    bytes[n > 0 ? n : 0] = '\0';
    return n > 0 ? (size_t)n : 0;
}

typedef enum act { PUT, FILL, DRAIN, LATER, HANG_UP } act_t;

static void what_becomes_of_a_record(void **state)
{
    static const struct {
        const char *label;
        act_t before;
        int spills;
        spbe_write_t what;
        int slow; /* it may take WAIT, and must */
        apr_uint64_t written, spilled, lost;
    } rows[] = {
        {"room", PUT, 1, SPBE_WRITE_DONE, 0, 1, 0, 0},
        {"more room", PUT, 1, SPBE_WRITE_DONE, 0, 2, 0, 0},
        {"full", FILL, 1, SPBE_WRITE_SPILLED, 1, 2, 1, 0},
        {"known to be full", PUT, 1, SPBE_WRITE_SPILLED, 0, 2, 2, 0},
        {"... and no spill", PUT, 0, SPBE_WRITE_LOST, 0, 2, 2, 1},
        {"a second later one tries", LATER, 1, SPBE_WRITE_SPILLED, 1, 2, 3, 1},
        {"the others do not", PUT, 1, SPBE_WRITE_SPILLED, 0, 2, 4, 1},
        {"room again", DRAIN, 1, SPBE_WRITE_DONE, 0, 3, 4, 1},
        {"full again", FILL, 1, SPBE_WRITE_SPILLED, 1, 3, 5, 1},
        {"nobody reads any more", HANG_UP, 1, SPBE_WRITE_SPILLED, 0, 3, 6, 1},
    };
    room_t *room = *state;
    spbe_writer_t *bare = make(room, room->out, 0);
    char bytes[8192];
    spbe_written_t written;
    apr_time_t began;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        print_message("%s\n", rows[i].label);
        if (rows[i].before == FILL) {
            drain(room, bytes, sizeof(bytes));
            fill(room);
        }
        else if (rows[i].before == DRAIN) {
            drain(room, bytes, sizeof(bytes));
        }
        else if (rows[i].before == LATER) {
            room->stuck -= apr_time_from_sec(1);
        }
        else if (rows[i].before == HANG_UP) {
            close(room->in);
            room->in = -1;
        }
        began = steady();
        assert_int_equal(
            put(rows[i].spills ? room->writer : bare, 0, &written, room->pool),
            rows[i].what);
        assert_int_equal(written.seq, i + 1);
        assert_int_equal(written.waited, rows[i].slow);
        if (rows[i].slow) {
            assert_true(steady() - began >= WAIT * 1000);
        }
        assert_true(steady() - began < (WAIT + 1000) * 1000);
        assert_int_equal(room->slot.given, i + 1);
        assert_int_equal(room->slot.written, rows[i].written);
        assert_int_equal(room->slot.spilled, rows[i].spilled);
        assert_int_equal(room->slot.lost, rows[i].lost);
    }
}

/* Its first line is in the pipe, the others are in the file, none twice. */
static void a_record_in_two_places(void **state)
{
    room_t *room = *state;
    char pipe_text[8192], file_text[32768];
    const char *path =
        apr_pstrcat(room->pool, room->dir, "/n_1_2.1.part", NULL);
    spbe_written_t written;
    unsigned seen = 0, parts = 0;
    int fd;

    assert_int_equal(put(room->writer, 9000, &written, room->pool),
                     SPBE_WRITE_SPILLED);
    assert_int_equal(written.error, EAGAIN);
    drain(room, pipe_text, sizeof(pipe_text));
    fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    file_text[read(fd, file_text, sizeof(file_text) - 1)] = '\0';
    close(fd);
    spbe_span_t both =
        spbe_span_from(apr_pstrcat(room->pool, pipe_text, file_text, NULL));
    while (both.len > 0) {
        spbe_line_t line;
        const char *why;

        assert_int_equal(spbe_line_parse(spbe_span_cut(&both, '\n'), &line,
                                         &why, room->pool),
                         SPBE_OK);
        assert_int_equal(line.seq, 1);
        assert_int_equal(seen & 1u << line.part, 0);
        seen |= 1u << line.part;
        parts = line.parts;
    }
    assert_true(parts > 2);
    assert_int_equal(seen, (2u << parts) - 2);
    assert_true(strstr(pipe_text, "\"p\":1,") != NULL);
}

static void lost_is_told_once(void **state)
{
    room_t *room = *state;
    spbe_writer_t *writer = make(room, -1, 0);
    spbe_writer_lost_t lost;
    spbe_written_t written;

    assert_false(spbe_writer_take_lost(writer, &lost));
    room->slot.given = 6;
    assert_int_equal(put(writer, 0, &written, room->pool), SPBE_WRITE_LOST);
    assert_int_equal(written.error, EBADF);
    put(writer, 0, &written, room->pool);
    assert_true(spbe_writer_take_lost(writer, &lost));
    assert_int_equal(lost.n, 2);
    assert_int_equal(lost.from, 7);
    assert_int_equal(lost.to, 8);
    assert_false(spbe_writer_take_lost(writer, &lost));
    put(writer, 0, &written, room->pool);
    spbe_writer_put_lost(writer, &(spbe_writer_lost_t){2, 7, 8});
    assert_true(spbe_writer_take_lost(writer, &lost));
    assert_int_equal(lost.n, 3);
    assert_int_equal(lost.from, 7);
    assert_int_equal(lost.to, 9);
}

static void after_the_end(void **state)
{
    room_t *room = *state;
    spbe_written_t written;

    put(room->writer, 0, &written, room->pool);
    assert_true(spbe_writer_end(room->writer, 0));
    assert_int_equal(spbe_ledger_state(&room->slot), SPBE_LEDGER_ENDED);
    assert_int_equal(put(room->writer, 0, &written, room->pool),
                     SPBE_WRITE_CLOSED);
    assert_int_equal(written.seq, 0);
    assert_int_equal(room->slot.given, 1);
}

static void *put_one(void *data)
{
    room_t *room = data;
    apr_pool_t *pool;
    spbe_written_t written;
    spbe_write_t what;

    apr_pool_create(&pool, NULL);
    what = put(room->writer, 0, &written, pool);
    apr_pool_destroy(pool);
    return (void *)(intptr_t)what;
}

/* Good-bye is said behind the last write, or not at all. */
static void the_end_waits(void **state)
{
    static const struct {
        const char *label;
        apr_interval_time_t patience;
        int ended;
    } rows[] = {
        {"no patience", 0, 0},
        {"patience", apr_time_from_sec(20), 1},
    };
    room_t *room = *state;
    pthread_t thread;
    void *what;
    size_t i;

    fill(room);
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        print_message("%s\n", rows[i].label);
        room->slot.state = SPBE_LEDGER_LIVE;
        room->slot.given = room->slot.spilled = 0;
        room->stuck = 0;
        room->writer = make(room, room->out, 1);
        pthread_create(&thread, NULL, put_one, room);
        while (__atomic_load_n(&room->slot.given, __ATOMIC_ACQUIRE) == 0) {
            usleep(100);
        }
        assert_int_equal(spbe_writer_end(room->writer, rows[i].patience),
                         rows[i].ended);
        if (rows[i].ended) {
            assert_int_equal(room->slot.spilled, 1);
        }
        assert_int_equal(spbe_ledger_state(&room->slot),
                         rows[i].ended ? SPBE_LEDGER_ENDED : SPBE_LEDGER_LIVE);
        pthread_join(thread, &what);
        assert_int_equal((intptr_t)what, SPBE_WRITE_SPILLED);
    }
}

#define THREADS 8
#define EACH 50

static void *put_many(void *data)
{
    room_t *room = data;
    apr_pool_t *pool;
    spbe_written_t written;
    int i;

    apr_pool_create(&pool, NULL);
    for (i = 0; i < EACH; i++) {
        put(room->writer, 5000, &written, pool);
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    return NULL;
}

/* A reader that is stopped: together they are held for about one wait. */
static void many_threads_one_wait(void **state)
{
    room_t *room = *state;
    pthread_t thread[THREADS];
    apr_time_t began = steady();
    int i;

    fill(room);
    for (i = 0; i < THREADS; i++) {
        pthread_create(&thread[i], NULL, put_many, room);
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
    }
    /* Each waiting alone would take THREADS times longer on one core. */
    assert_true(steady() - began < EACH * WAIT * 1000 / 2);
    assert_int_equal(room->slot.given, THREADS * EACH);
    assert_int_equal(room->slot.spilled + room->slot.lost, THREADS * EACH);
    assert_true(room->slot.spilled > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_becomes_of_a_record, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_record_in_two_places, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(lost_is_told_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_end_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_threads_one_wait, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
