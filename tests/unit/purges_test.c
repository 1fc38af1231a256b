/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/purges_test.c - what was purged in the archive, in the index: as
 * if it had been indexed afterwards.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <unistd.h>
#include <apr_general.h>
#include "index_fill.h"
#include "store/details.h"
#include "store/order.h"
#include "store/purge.h"
#include "store/purges.h"
#include "store/query.h"

#define KEY "0000abcd-0000-7000-8000-000000000000"

static apr_pool_t *pool;
static char dir[64];

typedef struct files {
    apr_pool_t *own;
    spbe_archive_t *archive;
    spbe_database_t *database;
    spbe_index_t *index;
} files_t;

static void follow(files_t *f)
{
    spbe_index_counts_t counts = {0};
    int more;

    do {
        if (spbe_index_follow(f->index, 10, apr_time_now() + 1, &more,
                              &counts) != APR_SUCCESS) {
            fail_msg("%s", spbe_database_error(f->database));
        }
    } while (more);
    if (spbe_purges_look(f->database, dir, pool) != APR_SUCCESS) {
        fail_msg("%s", spbe_database_error(f->database));
    }
}

static void add(files_t *f, const char *id, const char *kind, int n)
{
    const char *h = apr_psprintf(pool,
                                 "{\"id\":\"%s\",\"kind\":\"%s\","
                                 "\"class\":\"input\"}",
                                 id, kind);
    apr_array_header_t *lines =
        fill_lines(id, h, (size_t)(n % 3) * 3000, NULL, "web1:1:1",
                   (apr_uint64_t)n + 1, pool);

    assert_int_equal(fill_append(f->archive, lines, 0, 99, pool), APR_SUCCESS);
}

static const char *segment_path(void)
{
    return apr_pstrcat(pool, dir, "/archive/00000000000000000000.jsonl", NULL);
}

/* Where the second segment begins, and how many groups are in the first. */
static apr_uint64_t first_segment(apr_uint64_t *groups)
{
    FILE *file = fopen(segment_path(), "r");
    char line[8192];
    glob_t found;
    apr_uint64_t behind;

    *groups = 0;
    while (fgets(line, sizeof(line), file) != NULL) {
        *groups += spbe_group_is(spbe_span_from(line)) != 0;
    }
    fclose(file);
    assert_int_equal(
        glob(apr_pstrcat(pool, dir, "/archive/*.jsonl", NULL), 0, NULL, &found),
        0);
    assert_true(found.gl_pathc > 1);
    behind = (apr_uint64_t)apr_atoi64(strrchr(found.gl_pathv[1], '/') + 1);
    globfree(&found);
    assert_in_range(behind, 30000, 90000);
    return behind;
}

static spbe_order_t order(files_t *f, int all)
{
    apr_uint64_t groups, behind = first_segment(&groups);
    spbe_order_t purge = {.what = SPBE_ORDER_PURGE,
                          .id = "0000ffff-0000-7000-8000-000000000000",
                          .ts = FILL_T0,
                          .node = "web1",
                          .by = "root",
                          .text = "retensi",
                          .all = all,
                          .from = 1,
                          .to = groups,
                          .first = 0,
                          .behind = behind,
                          .before = FILL_T0};
    spbe_span_t line = spbe_order_lines(&purge, "web1:ctl-1:1", 1, pool);
    spbe_buf_t buf;

    line.len--;
    spbe_buf_init(&buf, 4096, pool);
    spbe_entry_add_line(&buf, FILL_T0, line);
    assert_int_equal(spbe_archive_append(f->archive, spbe_buf_span(&buf)),
                     APR_SUCCESS);
    return purge;
}

static void purge_segment(files_t *f, const spbe_order_t *order)
{
    spbe_purge_t *purge = spbe_purge_create(f->archive, order, pool);
    spbe_purge_counts_t counts = {0};
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS) {
        rv = spbe_purge_step(purge, &counts);
    }
    assert_int_equal(rv, APR_EOF);
    assert_int_equal(counts.segments, 1);
}

typedef struct seen {
    int n, purged;
    spbe_row_t row;
} seen_t;

static int see(void *baton, const spbe_row_t *row, apr_pool_t *scratch)
{
    seen_t *seen = baton;

    seen->n++;
    seen->purged += row->purged;
    seen->row = *row;
    seen->row.id = apr_pstrdup(pool, row->id);
    seen->row.writer = apr_pstrdup(pool, row->writer);
    return 0;
}

static seen_t look(files_t *f)
{
    spbe_filter_t all = {.kind = "anomaly"};
    seen_t seen = {0};

    assert_int_equal(spbe_query_records(f->database, &all, see, &seen, pool),
                     APR_SUCCESS);
    return seen;
}

static void key_can_be_read(files_t *f)
{
    spbe_details_t details;
    spbe_source_t source;
    seen_t seen = {0};

    assert_int_equal(spbe_query_key(f->database, "web1", KEY, see, &seen, pool),
                     APR_SUCCESS);
    assert_int_equal(seen.n, 1);
    assert_int_equal(spbe_source_folder(&source, dir, pool), APR_SUCCESS);
    assert_int_equal(spbe_details_get(&source, &seen.row, &details, pool),
                     APR_SUCCESS);
    assert_true(details.is_complete);
    assert_int_equal(details.d.len, 3002);
}

static const char *dump_again(files_t *f)
{
    assert_int_equal(spbe_database_begin(f->database), APR_SUCCESS);
    assert_int_equal(spbe_database_empty(f->database), APR_SUCCESS);
    assert_int_equal(spbe_database_commit(f->database), APR_SUCCESS);
    follow(f);
    return fill_dump(f->database, 0, NULL, pool);
}

static void fill(files_t *f)
{
    int i;

    *f = (files_t){0};
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    apr_pool_create(&f->own, pool);
    assert_int_equal(
        spbe_archive_open(&f->archive, dir, SPBE_ARCHIVE_WRITE, f->own),
        APR_SUCCESS);
    spbe_archive_limits(f->archive, 40000, apr_time_from_sec(86400));
    spbe_archive_node(f->archive, "web1");
    assert_int_equal(spbe_database_open(&f->database, dir, NULL,
                                        SPBE_DATABASE_WRITE, f->own),
                     APR_SUCCESS);
    f->index = spbe_index_create(f->archive, f->database, f->own);
    for (i = 0; i < 30; i++) {
        add(f, fill_id(i, pool), i % 4 == 3 ? "more" : "anomaly", i);
        if (i == 5) {
            add(f, KEY, "key", 100);
        }
    }
    follow(f);
}

static void purged(int all)
{
    spbe_order_t purge;
    const char *differ;
    int before;
    seen_t seen;
    files_t f;

    fill(&f);
    purge = order(&f, all);
    follow(&f);
    follow(&f);
    /* Ordered, and not carried out. */
    seen = look(&f);
    before = seen.n;
    assert_true(before > 20);
    assert_int_equal(seen.purged, 0);
    key_can_be_read(&f);
    purge_segment(&f, &purge);
    follow(&f);
    seen = look(&f);
    if (all) {
        assert_true(seen.n > 3 && seen.n < before);
    }
    else {
        assert_int_equal(seen.n, before);
        assert_true(seen.purged > 2);
        key_can_be_read(&f);
        differ = fill_differ(fill_dump(f.database, 0, NULL, pool),
                             dump_again(&f), pool);
        if (differ != NULL) {
            fail_msg("%s", differ);
        }
    }
    apr_pool_destroy(f.own);
    assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", dir, NULL)), 0);
}

static void details_purged(void **state)
{
    purged(0);
}

static void all_purged(void **state)
{
    purged(1);
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
        cmocka_unit_test(details_purged),
        cmocka_unit_test(all_purged),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
