/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/reckon_test.c - every number that was given is in the archive or
 * is reported, once, and not before it can be known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "logger/reckon.h"

static apr_pool_t *pool;

#define W "n:41:1"
#define SECOND apr_time_from_sec(1)

/* A ledger with one slot, an archive, and somebody who compares them. */
typedef struct bench {
    char dir[32];
    apr_pool_t *pool;
    spbe_ledger_t *ledger;
    spbe_ledger_slot_t *slot;
    spbe_archive_t *archive;
    spbe_seen_t *seen;
    spbe_intake_t *intake;
    spbe_reckon_t *reckon;
    spbe_reckon_view_t view;
} bench_t;

static void begin_as(bench_t *bench, int is_old)
{
    *bench = (bench_t){.dir = "/tmp/spbe-test-XXXXXX",
                       .view = {.now = apr_time_now()}};
    assert_non_null(mkdtemp(bench->dir));
    apr_pool_create(&bench->pool, pool);
    assert_int_equal(
        spbe_ledger_create(&bench->ledger, bench->dir, 4, bench->pool), 0);
    bench->slot = spbe_ledger_claim(bench->ledger, 41, W, 1);
    assert_int_equal(spbe_archive_open(&bench->archive, bench->dir,
                                       SPBE_ARCHIVE_WRITE, bench->pool),
                     0);
    bench->seen = spbe_seen_create(bench->pool);
    bench->intake = spbe_intake_create(bench->seen, bench->pool);
    bench->reckon = spbe_reckon_create(bench->ledger, "n", is_old, bench->pool);
}

static void begin(bench_t *bench)
{
    begin_as(bench, 0);
}

static void end(bench_t *bench)
{
    apr_pool_destroy(bench->pool);
    assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", bench->dir, NULL)), 0);
}

static void comes(bench_t *bench, apr_uint64_t seq)
{
    spbe_line_t line = {.writer = W, .seq = seq, .part = 1, .parts = 1};

    spbe_seen_add(bench->seen, &line);
}

static void pass(bench_t *bench)
{
    spbe_reckon_pass(bench->reckon, &bench->view, bench->seen, bench->intake);
    assert_int_equal(spbe_intake_commit(bench->intake, bench->archive), 0);
    spbe_reckon_done(bench->reckon, bench->seen);
}

/* Later: everything that stood in the pipe and in the folder is taken. */
static void catch_up(bench_t *bench)
{
    bench->view.consumed += bench->view.waiting;
    bench->view.waiting = 0;
    bench->view.empty++;
    bench->view.now += SECOND;
}

static const char *reported(const bench_t *bench)
{
    spbe_archive_reader_t *reader =
        spbe_archive_reader(bench->archive, 0, bench->pool);
    spbe_entry_t entry;
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    while (spbe_archive_next(reader, &entry) == APR_SUCCESS) {
        assert_int_equal(entry.kind, SPBE_ENTRY_LOST);
        assert_string_equal(spbe_span_dup(entry.writer, pool), W);
        spbe_buf_printf(&buf, "%" APR_UINT64_T_FMT "-%" APR_UINT64_T_FMT " ",
                        entry.from, entry.to);
    }
    return spbe_buf_cstr(&buf);
}

static int is_free(const bench_t *bench)
{
    return spbe_ledger_state(bench->slot) == SPBE_LEDGER_FREE;
}

/* A writer that is gone: what it gave, what came ("1" ... as a string), what
 * is reported. */
static void reckon_gone(void **state)
{
    const struct {
        const char *label;
        spbe_ledger_state_t state;
        apr_uint64_t given;
        const char *came, *want;
    } tests[] = {
        {"nothing given", SPBE_LEDGER_ENDED, 0, "", ""},
        {"all came", SPBE_LEDGER_ENDED, 3, "123", ""},
        {"all came, in another order", SPBE_LEDGER_DIED, 3, "312", ""},
        {"the last is missing", SPBE_LEDGER_DIED, 3, "12", "3-3 "},
        {"nothing came", SPBE_LEDGER_DIED, 5, "", "1-5 "},
        {"holes", SPBE_LEDGER_ENDED, 6, "135", "2-2 4-4 6-6 "},
        {"it says less than came", SPBE_LEDGER_DIED, 2, "4", "1-2 "},
        {"others said that more came", SPBE_LEDGER_DIED, 3, "19", "2-3 "},
        {"it says more than there can be", SPBE_LEDGER_DIED, APR_UINT64_MAX,
         "1", "2-9223372036854775807 "},
    };
    size_t i, k;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        bench_t bench;

        begin(&bench);
        for (k = 0; k < strlen(tests[i].came); k++) {
            comes(&bench, (apr_uint64_t)(tests[i].came[k] - '0'));
        }
        bench.slot->given = tests[i].given;
        bench.slot->state = tests[i].state;
        pass(&bench);
        assert_false(is_free(&bench));
        catch_up(&bench);
        pass(&bench);
        if (strcmp(reported(&bench), tests[i].want) != 0) {
            fail_msg("%s: %s", tests[i].label, reported(&bench));
        }
        assert_true(is_free(&bench));
        catch_up(&bench);
        pass(&bench);
        assert_string_equal(reported(&bench), tests[i].want);
        end(&bench);
    }
}

/* Not before the pipe has been read as far, and the folder was empty. */
static void reckon_waits(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.slot->given = 2;
    comes(&bench, 1);
    spbe_ledger_bury(bench.ledger, 41);
    bench.view.waiting = 500;
    pass(&bench);
    bench.view.empty++;
    pass(&bench);
    assert_false(is_free(&bench));
    bench.view.consumed = 499;
    pass(&bench);
    assert_false(is_free(&bench));
    bench.view.consumed = 500;
    comes(&bench, 2);
    pass(&bench);
    assert_true(is_free(&bench));
    assert_string_equal(reported(&bench), "");
    end(&bench);
}

static void reckon_waits_for_spill(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.slot->given = 1;
    spbe_ledger_end(bench.slot);
    pass(&bench);
    pass(&bench);
    assert_false(is_free(&bench));
    assert_string_equal(reported(&bench), "");
    bench.view.empty++;
    pass(&bench);
    assert_true(is_free(&bench));
    assert_string_equal(reported(&bench), "1-1 ");
    end(&bench);
}

/* Of one that lives, only what has been missing for a minute. */
static void reckon_live(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.slot->given = 9;
    comes(&bench, 1);
    comes(&bench, 3);
    pass(&bench);
    catch_up(&bench);
    comes(&bench, 5);
    pass(&bench);
    bench.view.now += 50 * SECOND;
    pass(&bench);
    assert_string_equal(reported(&bench), "");
    bench.view.now += 10 * SECOND;
    pass(&bench);
    assert_string_equal(reported(&bench), "2-2 ");
    assert_int_equal(bench.slot->settled, 3);
    catch_up(&bench);
    bench.view.now += 61 * SECOND;
    pass(&bench);
    assert_string_equal(reported(&bench), "2-2 4-4 ");
    assert_false(is_free(&bench));
    /* Higher ones are nobody's business before it ends. */
    bench.slot->given = 9;
    catch_up(&bench);
    bench.view.now += 61 * SECOND;
    pass(&bench);
    assert_string_equal(reported(&bench), "2-2 4-4 ");
    end(&bench);
}

/* What could not be written is not settled. */
static void reckon_not_written(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.slot->given = 2;
    spbe_ledger_bury(bench.ledger, 41);
    pass(&bench);
    catch_up(&bench);
    spbe_reckon_pass(bench.reckon, &bench.view, bench.seen, bench.intake);
    spbe_intake_undo(bench.intake);
    assert_false(is_free(&bench));
    pass(&bench);
    assert_string_equal(reported(&bench), "1-2 ");
    assert_true(is_free(&bench));
    end(&bench);
}

/* Parent and logger were killed: the ledger that was left says LIVE. */
static void reckon_old(void **state)
{
    bench_t bench;

    begin_as(&bench, 1);
    bench.slot->given = 3;
    comes(&bench, 1);
    pass(&bench);
    catch_up(&bench);
    pass(&bench);
    assert_string_equal(reported(&bench), "2-3 ");
    assert_true(is_free(&bench));
    end(&bench);
}

static void reckon_at_end(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.slot->given = 3;
    comes(&bench, 2);
    bench.view.at_end = 1;
    pass(&bench);
    assert_string_equal(reported(&bench), "1-1 3-3 ");
    assert_true(is_free(&bench));
    end(&bench);
}

/* The slot is somebody else's now: the marks of the one before are not his. */
static void reckon_next_owner(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.slot->given = 1;
    spbe_ledger_bury(bench.ledger, 41);
    pass(&bench);
    catch_up(&bench);
    strcpy(bench.slot->writer, "n:42:1");
    pass(&bench);
    assert_false(is_free(&bench));
    assert_string_equal(reported(&bench), "");
    end(&bench);
}

static void reckon_trust(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.slot->given = 5;
    bench.slot->settled = 3;
    spbe_reckon_trust(bench.reckon, bench.seen);
    comes(&bench, 5);
    spbe_ledger_bury(bench.ledger, 41);
    pass(&bench);
    catch_up(&bench);
    pass(&bench);
    assert_string_equal(reported(&bench), "4-4 ");
    end(&bench);
}

static void reckon_no_ledger(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.reckon = spbe_reckon_create(NULL, "n", 0, bench.pool);
    bench.view.at_end = 1;
    pass(&bench);
    assert_string_equal(reported(&bench), "");
    assert_int_equal(spbe_reckon_lost(bench.reckon), 0);
    end(&bench);
}

static void reckon_lost(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.slot->lost = 3;
    spbe_ledger_claim(bench.ledger, 42, "n:42:1", 1)->lost = 4;
    assert_int_equal(spbe_reckon_lost(bench.reckon), 7);
    end(&bench);
}

/* Names in the ledger that are no writer's own: nothing is said of them. */
static void reckon_false_names(void **state)
{
    static const char *const names[] = {
        "",      "n",      "n:log-7:7", "n:ctl-7:7", "n:7",  "n:7:",
        "m:7:7", "n:7:7x", "n:7:7:7",   "nn:7:7",    "n::7",
    };
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bench_t bench;

        begin(&bench);
        strcpy(bench.slot->writer, names[i]);
        bench.slot->given = 9;
        spbe_ledger_bury(bench.ledger, 41);
        pass(&bench);
        catch_up(&bench);
        pass(&bench);
        if (strcmp(reported(&bench), "") != 0 || !is_free(&bench)) {
            fail_msg("%s: %s", names[i], reported(&bench));
        }
        assert_int_equal(spbe_reckon_false(bench.reckon), 1);
        end(&bench);
    }
}

/* A slot with the name of another writer, which lives: his numbers stay. */
static void reckon_same_name(void **state)
{
    spbe_ledger_slot_t *liar;
    bench_t bench;

    begin(&bench);
    bench.slot->given = 3;
    liar = spbe_ledger_claim(bench.ledger, 66, W, 1);
    liar->given = 9;
    spbe_ledger_bury(bench.ledger, 66);
    comes(&bench, 1);
    comes(&bench, 2);
    pass(&bench);
    catch_up(&bench);
    pass(&bench);
    assert_int_equal(spbe_ledger_state(liar), SPBE_LEDGER_FREE);
    assert_false(is_free(&bench));
    assert_string_equal(reported(&bench), "");
    spbe_ledger_bury(bench.ledger, 41);
    pass(&bench);
    catch_up(&bench);
    pass(&bench);
    assert_string_equal(reported(&bench), "3-3 ");
    end(&bench);
}

/* Invented names until there is room for no more: who is in the ledger is not
 * forgotten, and of who came too late for that nothing is said. */
static void reckon_flood(void **state)
{
    spbe_ledger_slot_t *late;
    spbe_line_t line = {.seq = 1, .part = 1, .parts = 1};
    char name[32];
    bench_t bench;
    int i;

    begin(&bench);
    bench.slot->given = 1;
    pass(&bench);
    comes(&bench, 1);
    line.writer = "n:42:1";
    spbe_seen_add(bench.seen, &line);
    for (i = 0; i <= SPBE_SEEN_WRITERS; i++) {
        apr_snprintf(name, sizeof(name), "x:%d:1", i);
        line.writer = name;
        spbe_seen_add(bench.seen, &line);
    }
    late = spbe_ledger_claim(bench.ledger, 42, "n:42:1", 1);
    late->given = 1;
    spbe_ledger_bury(bench.ledger, 41);
    spbe_ledger_bury(bench.ledger, 42);
    pass(&bench);
    catch_up(&bench);
    pass(&bench);
    assert_string_equal(reported(&bench), "");
    assert_true(is_free(&bench));
    assert_int_equal(spbe_ledger_state(late), SPBE_LEDGER_FREE);
    end(&bench);
}

/* Somebody holds a file in the spill folder and never lets go. */
static void reckon_held_file(void **state)
{
    bench_t bench;

    begin(&bench);
    bench.slot->given = 1;
    spbe_ledger_bury(bench.ledger, 41);
    pass(&bench);
    bench.view.rounds += 30;
    bench.view.now += 30 * SECOND;
    pass(&bench);
    assert_false(is_free(&bench));
    bench.view.rounds += 30;
    bench.view.now += 30 * SECOND;
    pass(&bench);
    assert_string_equal(reported(&bench), "1-1 ");
    assert_true(is_free(&bench));
    end(&bench);
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
        cmocka_unit_test(reckon_gone),
        cmocka_unit_test(reckon_waits),
        cmocka_unit_test(reckon_waits_for_spill),
        cmocka_unit_test(reckon_live),
        cmocka_unit_test(reckon_not_written),
        cmocka_unit_test(reckon_old),
        cmocka_unit_test(reckon_at_end),
        cmocka_unit_test(reckon_next_owner),
        cmocka_unit_test(reckon_trust),
        cmocka_unit_test(reckon_no_ledger),
        cmocka_unit_test(reckon_lost),
        cmocka_unit_test(reckon_false_names),
        cmocka_unit_test(reckon_same_name),
        cmocka_unit_test(reckon_flood),
        cmocka_unit_test(reckon_held_file),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
