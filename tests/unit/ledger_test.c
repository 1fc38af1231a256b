/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/ledger_test.c - slots are claimed once, outlive their process, and
 * what nobody accounted for outlives the next start.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <apr_strings.h>

#include "record/ledger.h"

typedef struct room {
    apr_pool_t *pool;
    char dir[64];
} room_t;

static int set_up(void **state)
{
    room_t *room = calloc(1, sizeof(*room));

    apr_initialize();
    apr_pool_create(&room->pool, NULL);
    strcpy(room->dir, "/tmp/spbe-ledger-XXXXXX");
    assert_non_null(mkdtemp(room->dir));
    *state = room;
    return 0;
}

static const char *path_of(const room_t *room, const char *name)
{
    return apr_pstrcat(room->pool, room->dir, "/", name, NULL);
}

static int tear_down(void **state)
{
    room_t *room = *state;

    unlink(path_of(room, SPBE_LEDGER_FILE));
    unlink(path_of(room, SPBE_LEDGER_OLD));
    rmdir(path_of(room, "run"));
    rmdir(room->dir);
    apr_pool_destroy(room->pool);
    apr_terminate();
    free(room);
    return 0;
}

static spbe_ledger_t *make(const room_t *room, apr_uint32_t slots)
{
    spbe_ledger_t *ledger;

    assert_int_equal(spbe_ledger_create(&ledger, room->dir, slots, room->pool),
                     0);
    return ledger;
}

/* A process that has ended. */
static apr_uint32_t dead_pid(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    return (apr_uint32_t)pid;
}

static void what_one_writes_the_other_reads(void **state)
{
    room_t *room = *state;
    spbe_ledger_t *ledger = make(room, 3), *other;
    spbe_ledger_slot_t *slot = spbe_ledger_claim(ledger, 41, "n:41:1", 1);
    char name[SPBE_LEDGER_WRITER];
    struct stat info;

    assert_non_null(slot);
    slot->given = 5;
    ledger->logger->group = 9;
    assert_int_equal(spbe_ledger_open(&other, room->dir, room->pool), 0);
    assert_int_equal(other->slots, 3);
    assert_int_equal(other->logger->group, 9);
    assert_int_equal(other->slot[0].given, 5);
    assert_int_equal(spbe_ledger_state(&other->slot[0]), SPBE_LEDGER_LIVE);
    spbe_ledger_name(&other->slot[0], name);
    assert_string_equal(name, "n:41:1");
    assert_int_equal(stat(path_of(room, SPBE_LEDGER_FILE), &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
}

typedef enum act { CLAIM, END, BURY, RELEASE } act_t;

static void a_slot_goes_through_its_states(void **state)
{
    static const struct {
        const char *label;
        act_t act;
        unsigned pid;
        int slot; /* of claim: expected; -1 none */
        spbe_ledger_state_t after[2];
    } rows[] = {
        {"first", CLAIM, 11, 0, {SPBE_LEDGER_LIVE, SPBE_LEDGER_FREE}},
        {"second", CLAIM, 12, 1, {SPBE_LEDGER_LIVE, SPBE_LEDGER_LIVE}},
        {"full", CLAIM, 13, -1, {SPBE_LEDGER_LIVE, SPBE_LEDGER_LIVE}},
        {"a stranger's death",
         BURY,
         14,
         0,
         {SPBE_LEDGER_LIVE, SPBE_LEDGER_LIVE}},
        {"good-bye", END, 0, 0, {SPBE_LEDGER_ENDED, SPBE_LEDGER_LIVE}},
        {"buried after its good-bye",
         BURY,
         11,
         0,
         {SPBE_LEDGER_ENDED, SPBE_LEDGER_LIVE}},
        {"died", BURY, 12, 1, {SPBE_LEDGER_ENDED, SPBE_LEDGER_DIED}},
        {"no good-bye after death",
         END,
         0,
         1,
         {SPBE_LEDGER_ENDED, SPBE_LEDGER_DIED}},
        {"still full", CLAIM, 13, -1, {SPBE_LEDGER_ENDED, SPBE_LEDGER_DIED}},
        {"accounted for", RELEASE, 0, 0, {SPBE_LEDGER_FREE, SPBE_LEDGER_DIED}},
        {"used anew", CLAIM, 15, 0, {SPBE_LEDGER_LIVE, SPBE_LEDGER_DIED}},
    };
    spbe_ledger_t *ledger = make(*state, 2);
    spbe_ledger_slot_t *got;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        spbe_ledger_slot_t *slot =
            &ledger->slot[rows[i].slot < 0 ? 0 : rows[i].slot];

        print_message("%s\n", rows[i].label);
        switch (rows[i].act) {
        case CLAIM:
            got = spbe_ledger_claim(ledger, rows[i].pid, "n:1:2", 2);
            assert_ptr_equal(got, rows[i].slot < 0 ? NULL : slot);
            if (got != NULL) {
                assert_int_equal(got->given + got->lost + got->settled, 0);
                got->given = got->lost = got->settled = 7;
            }
            break;
        case END:
            spbe_ledger_end(slot);
            break;
        case BURY:
            spbe_ledger_bury(ledger, rows[i].pid);
            break;
        default:
            spbe_ledger_release(slot);
        }
        assert_int_equal(spbe_ledger_state(&ledger->slot[0]), rows[i].after[0]);
        assert_int_equal(spbe_ledger_state(&ledger->slot[1]), rows[i].after[1]);
    }
}

/* Killed between the two steps of a claim. */
static void a_stranded_slot_is_used_again(void **state)
{
    spbe_ledger_t *ledger = make(*state, 1);

    ledger->slot[0].pid = (apr_uint32_t)getpid();
    assert_null(spbe_ledger_claim(ledger, 77, "n:77:1", 1));
    ledger->slot[0].pid = dead_pid();
    assert_ptr_equal(spbe_ledger_claim(ledger, 77, "n:77:1", 1),
                     &ledger->slot[0]);
    assert_int_equal(ledger->slot[0].pid, 77);
}

static void who_is_gone_is_buried(void **state)
{
    spbe_ledger_t *ledger = make(*state, 3);

    spbe_ledger_claim(ledger, (apr_uint32_t)getpid(), "n:1:1", 1);
    spbe_ledger_claim(ledger, dead_pid(), "n:2:1", 1);
    spbe_ledger_end(spbe_ledger_claim(ledger, dead_pid(), "n:3:1", 1));
    spbe_ledger_bury_gone(ledger);
    assert_int_equal(spbe_ledger_state(&ledger->slot[0]), SPBE_LEDGER_LIVE);
    assert_int_equal(spbe_ledger_state(&ledger->slot[1]), SPBE_LEDGER_DIED);
    assert_int_equal(spbe_ledger_state(&ledger->slot[2]), SPBE_LEDGER_ENDED);
}

static void names_are_bounded(void **state)
{
    spbe_ledger_t *ledger = make(*state, 1);
    char name[SPBE_LEDGER_WRITER], longer[300];

    memset(longer, 'w', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_non_null(spbe_ledger_claim(ledger, 3, longer, 1));
    spbe_ledger_name(&ledger->slot[0], name);
    assert_int_equal(strlen(name), SPBE_LEDGER_WRITER - 1);
    /* An untrusted peer leaves out the NUL. */
    memset(ledger->slot[0].writer, 'x', SPBE_LEDGER_WRITER);
    spbe_ledger_name(&ledger->slot[0], name);
    assert_int_equal(strlen(name), SPBE_LEDGER_WRITER - 1);
}

static void starts_keep_what_is_open(void **state)
{
    room_t *room = *state;
    spbe_ledger_t *ledger = make(room, 4), *old;
    spbe_ledger_slot_t *slot;

    assert_int_equal(spbe_ledger_open_old(&old, room->dir, room->pool),
                     APR_ENOENT);
    spbe_ledger_claim(ledger, 1, "n:1:1", 1)->given = 3;
    slot = spbe_ledger_claim(ledger, 2, "n:2:1", 1);
    spbe_ledger_release(slot);
    ledger = make(room, 4);
    assert_int_equal(spbe_ledger_state(&ledger->slot[0]), SPBE_LEDGER_FREE);
    assert_int_equal(spbe_ledger_open_old(&old, room->dir, room->pool), 0);
    assert_int_equal(old->slots, 1);
    assert_int_equal(spbe_ledger_state(&old->slot[0]), SPBE_LEDGER_DIED);
    assert_string_equal(old->slot[0].writer, "n:1:1");

    /* A start that gave no number does not wipe the one before. */
    ledger = make(room, 4);
    assert_int_equal(spbe_ledger_open_old(&old, room->dir, room->pool), 0);
    assert_int_equal(old->slot[0].given, 3);

    spbe_ledger_claim(ledger, 5, "n:5:1", 1)->given = 8;
    make(room, 4);
    assert_int_equal(spbe_ledger_open_old(&old, room->dir, room->pool), 0);
    assert_int_equal(old->slots, 2);
    assert_int_equal(old->slot[0].given, 8);
    assert_int_equal(old->slot[1].given, 3);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    close(fd);
}

/* Of the file, whatever the header of this process calls it. */
#define HEAD 144
#define AT_SLOTS 8
#define AT_SLOT_SIZE 12

static void what_is_no_ledger_is_refused(void **state)
{
    static const struct {
        const char *label;
        size_t cut; /* bytes missing at the end */
        int magic;
        apr_uint32_t slots, slot_size;
        apr_status_t rv;
    } rows[] = {
        {"good", 0, 1, 2, sizeof(spbe_ledger_slot_t), APR_SUCCESS},
        {"cut", 1, 1, 2, sizeof(spbe_ledger_slot_t), APR_EINVAL},
        {"shorter than its head", 400, 1, 2, sizeof(spbe_ledger_slot_t),
         APR_EINVAL},
        {"other magic", 0, 0, 2, sizeof(spbe_ledger_slot_t), APR_EINVAL},
        {"more slots than bytes", 0, 1, 3, sizeof(spbe_ledger_slot_t),
         APR_EINVAL},
        {"slots beyond any", 0, 1, 0xffffffffu, sizeof(spbe_ledger_slot_t),
         APR_EINVAL},
        {"another layout", 0, 1, 2, 8, APR_EINVAL},
    };
    room_t *room = *state;
    spbe_ledger_t *ledger = make(room, 2), *other;
    size_t size = HEAD + 2 * sizeof(ledger->slot[0]);
    char *bytes = malloc(size);
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        print_message("%s\n", rows[i].label);
        memcpy(bytes, (char *)ledger->slot - HEAD, size);
        bytes[0] = rows[i].magic ? 'S' : 'x';
        memcpy(bytes + AT_SLOTS, &rows[i].slots, 4);
        memcpy(bytes + AT_SLOT_SIZE, &rows[i].slot_size, 4);
        write_file(path_of(room, SPBE_LEDGER_OLD), bytes, size - rows[i].cut);
        assert_int_equal(spbe_ledger_open_old(&other, room->dir, room->pool),
                         rows[i].rv);
    }
    free(bytes);
    /* A damaged one does not keep the next server from starting. */
    write_file(path_of(room, SPBE_LEDGER_FILE), "x", 1);
    make(room, 2);
}

/* Whoever has it mapped can write anything into it: nobody is led beyond it. */
static void a_lie_about_the_size_leads_nowhere(void **state)
{
    static const apr_uint32_t lies[] = {0, 1, 3, 65536, 0xffffffffu};
    room_t *room = *state;
    spbe_ledger_t *ledger = make(room, 2), *other;
    size_t i;

    assert_int_equal(spbe_ledger_open(&other, room->dir, room->pool), 0);
    spbe_ledger_claim(ledger, dead_pid(), "n:1:1", 1);
    for (i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
        memcpy((char *)ledger->slot - HEAD + AT_SLOTS, &lies[i], 4);
        assert_int_equal(ledger->slots, 2);
        assert_int_equal(other->slots, 2);
        spbe_ledger_bury(ledger, 7);
        spbe_ledger_bury_gone(ledger);
        spbe_ledger_claim(ledger, (apr_uint32_t)getpid(), "n:2:1", 1);
        assert_null(
            spbe_ledger_claim(other, (apr_uint32_t)getpid(), "n:3:1", 1));
        assert_int_equal(spbe_ledger_state(&other->slot[0]), SPBE_LEDGER_DIED);
    }
}

static void folders(void **state)
{
    room_t *room = *state;
    const char *run = path_of(room, "run");
    spbe_ledger_t *ledger;
    struct stat info;

    umask(022);
    assert_int_equal(spbe_ledger_create(&ledger, run, 1, room->pool), 0);
    assert_int_equal(stat(run, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0755);
    chmod(run, 0777);
    assert_int_equal(spbe_ledger_create(&ledger, run, 1, room->pool),
                     APR_EACCES);
    unlink(path_of(room, "run/" SPBE_LEDGER_FILE));
    rmdir(run);
    /* A link that somebody put there. */
    assert_int_equal(symlink("/tmp", run), 0);
    assert_int_equal(spbe_ledger_create(&ledger, run, 1, room->pool),
                     APR_EACCES);
    unlink(run);
}

#define WORKERS 8
#define EACH 200

typedef struct crowd {
    spbe_ledger_t *ledger;
    unsigned pid;
    int twice;
} crowd_t;

static void *worker(void *data)
{
    crowd_t *crowd = data;
    int i;

    for (i = 0; i < EACH; i++) {
        spbe_ledger_slot_t *slot =
            spbe_ledger_claim(crowd->ledger, crowd->pid, "n:1:1", 1);

        if (slot == NULL) {
            continue;
        }
        if (__atomic_add_fetch(&slot->given, 1, __ATOMIC_RELAXED) != 1) {
            crowd->twice = 1;
        }
        spbe_ledger_release(slot);
    }
    return NULL;
}

static void no_slot_has_two_owners(void **state)
{
    spbe_ledger_t *ledger = make(*state, 4);
    crowd_t crowd[WORKERS];
    pthread_t thread[WORKERS];
    int i;

    for (i = 0; i < WORKERS; i++) {
        crowd[i] = (crowd_t){ledger, (unsigned)getpid(), 0};
        pthread_create(&thread[i], NULL, worker, &crowd[i]);
    }
    for (i = 0; i < WORKERS; i++) {
        pthread_join(thread[i], NULL);
        assert_false(crowd[i].twice);
    }
    for (i = 0; i < 4; i++) {
        assert_int_equal(spbe_ledger_state(&ledger->slot[i]), SPBE_LEDGER_FREE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_one_writes_the_other_reads, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_slot_goes_through_its_states, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_stranded_slot_is_used_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_is_gone_is_buried, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(names_are_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(starts_keep_what_is_open, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_ledger_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_lie_about_the_size_leads_nowhere,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_slot_has_two_owners, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
