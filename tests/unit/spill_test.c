/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/spill_test.c - what is spilled can be taken away at any moment,
 * and is then there once and whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "record/spill.h"
#include "text/buf.h"

#define WRITER "simpul.go.id:12:34"
#define PREFIX "simpul_go_id_12_34."

typedef struct room {
    apr_pool_t *pool;
    char dir[64];
    apr_uint64_t used;
} room_t;

static int set_up(void **state)
{
    room_t *room = calloc(1, sizeof(*room));

    apr_initialize();
    apr_pool_create(&room->pool, NULL);
    strcpy(room->dir, "/tmp/spbe-spill-XXXXXX");
    assert_non_null(mkdtemp(room->dir));
    *state = room;
    return 0;
}

static const char *path_of(const room_t *room, const char *name)
{
    return apr_pstrcat(room->pool, room->dir, "/", name, NULL);
}

/* All of the folder's files, in no order; take: as the logger does. */
static unsigned collect(room_t *room, int take, spbe_buf_t *text)
{
    DIR *dir = opendir(room->dir);
    const struct dirent *entry;
    char bytes[65536];
    unsigned files = 0;
    ssize_t n;
    int fd;

    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        fd = open(path_of(room, entry->d_name), O_RDONLY);
        if (take && flock(fd, LOCK_EX | LOCK_NB) != 0) {
            close(fd);
            continue;
        }
        files++;
        while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
            spbe_buf_add(text, (spbe_span_t){bytes, (size_t)n});
        }
        if (take) {
            unlink(path_of(room, entry->d_name));
        }
        close(fd);
    }
    closedir(dir);
    return files;
}

static int tear_down(void **state)
{
    room_t *room = *state;
    spbe_buf_t text;

    spbe_buf_init(&text, 64, room->pool);
    collect(room, 1, &text);
    assert_int_equal(rmdir(room->dir), 0);
    apr_pool_destroy(room->pool);
    apr_terminate();
    free(room);
    return 0;
}

static spbe_spill_t *make(room_t *room, apr_uint64_t limit)
{
    return spbe_spill_create(room->dir, WRITER, &room->used, limit, room->pool);
}

static apr_status_t add(spbe_spill_t *spill, const char *text)
{
    spbe_span_t line = spbe_span_from(text);

    return spbe_spill_add(spill, &line, 1);
}

static void names(void **state)
{
    static const struct {
        const char *writer, *prefix;
    } rows[] = {
        {WRITER, PREFIX},
        {"a-b:1:2", "a-b_1_2."},
        {"../../etc/x", "______etc_x."},
        {"", "."},
    };
    char prefix[SPBE_SPILL_PREFIX], longer[300];
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        spbe_spill_prefix(rows[i].writer, prefix);
        assert_string_equal(prefix, rows[i].prefix);
    }
    memset(longer, 'n', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    spbe_spill_prefix(longer, prefix);
    assert_int_equal(strlen(prefix), SPBE_SPILL_PREFIX - 1);
}

typedef enum before { NOTHING, LOCKED, TAKEN, FULL } before_t;

static void when_a_file_begins(void **state)
{
    static const struct {
        const char *label;
        before_t before;
        const char *name; /* that has the line */
    } rows[] = {
        {"the first", NOTHING, PREFIX "1.part"},
        {"goes on", NOTHING, PREFIX "1.part"},
        {"somebody reads it", LOCKED, PREFIX "2.part"},
        {"was taken away", TAKEN, PREFIX "3.part"},
        {"has its size", FULL, PREFIX "4.part"},
        {"goes on there", NOTHING, PREFIX "4.part"},
    };
    room_t *room = *state;
    spbe_spill_t *spill = make(room, 1 << 30);
    const char *last = PREFIX "1.part";
    char line[32], bytes[128];
    struct stat info;
    size_t i;
    int fd, held = -1;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        print_message("%s\n", rows[i].label);
        if (rows[i].before == LOCKED) {
            held = open(path_of(room, last), O_RDONLY);
            assert_int_equal(flock(held, LOCK_EX | LOCK_NB), 0);
        }
        if (rows[i].before == TAKEN) {
            unlink(path_of(room, last));
        }
        if (rows[i].before == FULL) {
            assert_int_equal(truncate(path_of(room, last), SPBE_SPILL_FILE), 0);
        }
        sprintf(line, "{\"row\":%d}\n", (int)i);
        assert_int_equal(add(spill, line), APR_SUCCESS);
        last = rows[i].name;
        fd = open(path_of(room, last), O_RDONLY);
        assert_true(fd >= 0);
        assert_int_equal(fstat(fd, &info), 0);
        assert_int_equal(info.st_mode & 07777, 0640);
        assert_true(info.st_size >= (off_t)strlen(line));
        lseek(fd, info.st_size - (off_t)strlen(line), SEEK_SET);
        assert_int_equal(read(fd, bytes, sizeof(bytes)), strlen(line));
        assert_memory_equal(bytes, line, strlen(line));
        /* Nobody keeps the reader away. */
        assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
        close(fd);
    }
    close(held);
    spbe_spill_close(spill);
}

/* The parent of httpd keeps its name over a restart. */
static void nothing_is_overwritten(void **state)
{
    room_t *room = *state;
    spbe_spill_t *first = make(room, 1000), *second = make(room, 1000);
    spbe_buf_t text;

    assert_int_equal(add(first, "first\n"), APR_SUCCESS);
    assert_int_equal(add(second, "second\n"), APR_SUCCESS);
    spbe_buf_init(&text, 64, room->pool);
    assert_int_equal(collect(room, 0, &text), 2);
    assert_int_equal(text.len, 13);
    assert_int_equal(access(path_of(room, PREFIX "2.part"), F_OK), 0);
    spbe_spill_close(first);
    spbe_spill_close(second);
}

static void the_limit_is_for_all(void **state)
{
    room_t *room = *state;
    spbe_spill_t *one = make(room, 20);
    spbe_spill_t *other =
        spbe_spill_create(room->dir, "b:1:1", &room->used, 20, room->pool);
    spbe_buf_t text;

    assert_int_equal(add(one, "12345678\n"), APR_SUCCESS);
    assert_int_equal(add(other, "12345678\n"), APR_SUCCESS);
    assert_int_equal(add(one, "1234\n"), APR_ENOSPC);
    assert_int_equal(room->used, 18);
    assert_int_equal(add(other, "1\n"), APR_SUCCESS);
    spbe_buf_init(&text, 64, room->pool);
    assert_int_equal(collect(room, 1, &text), 2);
    assert_int_equal(text.len, 20);
    /* The logger has taken them: there is room again. */
    assert_int_equal(spbe_spill_measure(room->dir, &room->used, room->pool), 0);
    assert_int_equal(room->used, 0);
    assert_int_equal(add(one, "1234\n"), APR_SUCCESS);
    room->used = 77;
    assert_int_equal(spbe_spill_measure(room->dir, &room->used, room->pool), 0);
    assert_int_equal(room->used, 5);
    spbe_spill_close(one);
    spbe_spill_close(other);
}

static void no_folder(void **state)
{
    room_t *room = *state;
    spbe_spill_t *spill = spbe_spill_create(path_of(room, "none"), WRITER,
                                            &room->used, 1000, room->pool);

    assert_int_equal(add(spill, "x\n"), APR_ENOENT);
    assert_int_equal(room->used, 0);
    assert_int_equal(
        spbe_spill_measure(path_of(room, "none"), &room->used, room->pool),
        APR_ENOENT);
    spbe_spill_close(spill);
}

/* A disk that fills up in the middle of a line. */
static void a_torn_line_is_taken_back(void **state)
{
    room_t *room = *state;
    spbe_spill_t *spill = make(room, 1 << 20);
    spbe_span_t two[2] = {spbe_span_from("second\n"),
                          spbe_span_from("third\n")};
    struct rlimit was, now;
    spbe_buf_t text;

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(add(spill, "first\n"), APR_SUCCESS);
    getrlimit(RLIMIT_FSIZE, &was);
    now = was;
    now.rlim_cur = 6 + 7 + 3;
    setrlimit(RLIMIT_FSIZE, &now);
    assert_int_not_equal(spbe_spill_add(spill, two, 2), APR_SUCCESS);
    setrlimit(RLIMIT_FSIZE, &was);
    assert_int_equal(room->used, 6);
    assert_int_equal(add(spill, "fourth\n"), APR_SUCCESS);
    spbe_buf_init(&text, 64, room->pool);
    assert_int_equal(collect(room, 0, &text), 1);
    assert_string_equal(spbe_buf_cstr(&text), "first\nfourth\n");
    spbe_spill_close(spill);
}

#define THREADS 4
#define EACH 300

typedef struct crowd {
    spbe_spill_t *spill;
    int from, failed;
} crowd_t;

static void *pour(void *data)
{
    crowd_t *crowd = data;
    char line[32];
    int i;

    for (i = 0; i < EACH; i++) {
        sprintf(line, "<%d>\n", crowd->from + i);
        crowd->failed += add(crowd->spill, line) != APR_SUCCESS;
    }
    return NULL;
}

static void taken_while_it_is_written(void **state)
{
    room_t *room = *state;
    spbe_spill_t *spill = make(room, 1 << 30);
    pthread_t thread[THREADS];
    crowd_t crowd[THREADS];
    spbe_buf_t text;
    char line[32];
    int i;

    spbe_buf_init(&text, 65536, room->pool);
    for (i = 0; i < THREADS; i++) {
        crowd[i] = (crowd_t){spill, i * EACH, 0};
        pthread_create(&thread[i], NULL, pour, &crowd[i]);
    }
    for (i = 0; i < 200; i++) {
        collect(room, 1, &text);
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(crowd[i].failed, 0);
    }
    collect(room, 1, &text);
    spbe_spill_close(spill);
    for (i = 0; i < THREADS * EACH; i++) {
        const char *at;

        sprintf(line, "<%d>\n", i);
        at = strstr(spbe_buf_cstr(&text), line);
        assert_non_null(at);
        assert_null(strstr(at + 1, line));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test_setup_teardown(when_a_file_begins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_overwritten, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_limit_is_for_all, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_torn_line_is_taken_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(taken_while_it_is_written, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
