/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/index_test.c - archive, index and details together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"
#include "record/record.h"
#include "store/database_int.h"
#include "store/details.h"
#include "store/index.h"
#include "store/query.h"

static apr_pool_t *pool;

static char dir[64];
static spbe_redact_t *redact;

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

/* The lines of a made-up record with its id in *ref. */
static apr_array_header_t *make_lines(const char *kind, size_t size,
                                      apr_uint64_t seq, spbe_ref_t *ref)
{
    char *trace = apr_palloc(pool, size + 1);
    spbe_record_t record = {
        .kind = kind,
        .ts = apr_time_from_sec(1709540000) + (apr_time_t)seq,
        .class_name = "code",
        .application = "kasir",
        .title = "gagal",
        .status_in = strcmp(kind, "more") == 0 ? 0 : 500,
        .status_out = strcmp(kind, "more") == 0 ? 502 : 0,
    };
    spbe_encoded_t encoded;

    if (redact == NULL) {
        redact = spbe_redact_create(NULL, pool);
    }
    memset(trace, 't', size);
    record.trace = (spbe_span_t){trace, size};
    if (ref->id[0] == '\0') {
        spbe_ref_make(ref, apr_time_now());
    }
    record.id = ref->id;
    record.ref = ref->ref;
    encoded = spbe_record_encode(&record, redact, 1 << 20, pool);
    return spbe_line_split(&encoded, "n-1-1", seq, pool);
}

static void append_line(spbe_archive_t *archive, spbe_span_t line)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 5000, pool);
    line.len--; /* the line end */
    spbe_entry_add_line(&buf, apr_time_now(), line);
    assert_int_equal(spbe_archive_append(archive, spbe_buf_span(&buf)),
                     APR_SUCCESS);
}

static void append_all(spbe_archive_t *archive, const apr_array_header_t *lines)
{
    int i;

    for (i = 0; i < lines->nelts; i++) {
        append_line(archive, APR_ARRAY_IDX(lines, i, spbe_span_t));
    }
}

typedef struct files {
    apr_pool_t *own;
    spbe_archive_t *archive;
    spbe_database_t *database;
    spbe_index_t *index;
    spbe_index_counts_t counts;
} files_t;

static void open_files(files_t *f)
{
    apr_pool_create(&f->own, pool);
    assert_int_equal(
        spbe_archive_open(&f->archive, dir, SPBE_ARCHIVE_WRITE, f->own),
        APR_SUCCESS);
    if (spbe_database_open(&f->database, dir, NULL, SPBE_DATABASE_WRITE,
                           f->own) != APR_SUCCESS) {
        fail_msg("%s", spbe_database_error(f->database));
    }
    f->index = spbe_index_create(f->archive, f->database, f->own);
}

static void follow(files_t *f, apr_time_t patience)
{
    int more;

    do {
        if (spbe_index_follow(f->index, 3, patience, &more, &f->counts) !=
            APR_SUCCESS) {
            fail_msg("%s", spbe_database_error(f->database));
        }
    } while (more);
}

static int copy_row(void *baton, const spbe_row_t *row, apr_pool_t *scratch)
{
    spbe_row_t *out = baton;

    *out = *row;
    out->id = apr_pstrdup(pool, row->id);
    out->ref = apr_pstrdup(pool, row->ref);
    out->kind = apr_pstrdup(pool, row->kind);
    out->class_name = apr_pstrdup(pool, row->class_name);
    out->h = apr_pstrdup(pool, row->h);
    out->writer = apr_pstrdup(pool, row->writer);
    return 0;
}

static spbe_row_t find(files_t *f, const char *id)
{
    spbe_filter_t filter = {.id = id};
    spbe_row_t row = {0};

    assert_int_equal(
        spbe_query_records(f->database, &filter, copy_row, &row, pool),
        APR_SUCCESS);
    return row;
}

static size_t details_of(files_t *f, const spbe_row_t *row)
{
    spbe_span_t d;

    assert_int_equal(spbe_details_read(f->archive, row, &d, pool), APR_SUCCESS);
    return d.len;
}

static void index_records(void **state)
{
    static const size_t sizes[] = {0, 10, 3000, 9000, 60000};
    spbe_ref_t refs[5] = {{"", ""}};
    files_t f = {0};
    size_t i;

    new_dir();
    open_files(&f);
    for (i = 0; i < 5; i++) {
        append_all(f.archive, make_lines("error", sizes[i], i + 1, &refs[i]));
    }
    follow(&f, 0);
    assert_int_equal(f.counts.records, 5);
    for (i = 0; i < 5; i++) {
        spbe_row_t row = find(&f, refs[i].id);

        assert_string_equal(row.ref, refs[i].ref);
        assert_string_equal(row.kind, "error");
        assert_string_equal(row.class_name, "code");
        assert_int_equal(row.status_in, 500);
        assert_int_equal(row.ts, apr_time_from_sec(1709540000) + (long)i + 1);
        assert_true(row.complete);
        assert_true(details_of(&f, &row) >= sizes[i]);
    }
    /* Again from the beginning: nothing is there twice. */
    assert_int_equal(spbe_database_begin(f.database), APR_SUCCESS);
    spbe_database_set_position(f.database, 0);
    spbe_database_commit(f.database);
    follow(&f, 0);
    assert_int_equal(f.counts.records, 5);
    assert_int_equal(f.counts.duplicates, 5);
    apr_pool_destroy(f.own);
    remove_dir();
}

/* Two records' lines between each other, from two writers' sequence. */
static void index_interleaved(void **state)
{
    spbe_ref_t a = {"", ""}, b = {"", ""};
    apr_array_header_t *x, *y;
    files_t f = {0};
    int i;
    spbe_row_t row;

    new_dir();
    open_files(&f);
    x = make_lines("error", 20000, 1, &a);
    y = make_lines("error", 12000, 2, &b);
    for (i = 0; i < x->nelts; i++) {
        append_line(f.archive, APR_ARRAY_IDX(x, i, spbe_span_t));
        if (i < y->nelts) {
            append_line(f.archive,
                        APR_ARRAY_IDX(y, y->nelts - 1 - i, spbe_span_t));
        }
    }
    follow(&f, 0);
    assert_int_equal(f.counts.records, 2);
    row = find(&f, a.id);
    assert_true(details_of(&f, &row) > 20000);
    row = find(&f, b.id);
    assert_true(details_of(&f, &row) > 12000);
    apr_pool_destroy(f.own);
    remove_dir();
}

static void index_incomplete(void **state)
{
    spbe_ref_t a = {"", ""}, b = {"", ""};
    apr_array_header_t *lines, *headless;
    files_t f = {0};
    spbe_row_t row;
    spbe_span_t d;
    int i;

    new_dir();
    open_files(&f);
    lines = make_lines("error", 20000, 1, &a);
    headless = make_lines("error", 20000, 2, &b);
    append_line(f.archive, APR_ARRAY_IDX(lines, 0, spbe_span_t));
    append_line(f.archive, APR_ARRAY_IDX(headless, 1, spbe_span_t));
    follow(&f, 0);
    assert_true(spbe_index_waiting(f.index));
    assert_int_equal(f.counts.records, 0);
    assert_true(spbe_index_position(f.index) <
                spbe_archive_size(f.archive) - 4000);
    follow(&f, apr_time_now() + 1);
    assert_false(spbe_index_waiting(f.index));
    assert_int_equal(f.counts.incomplete, 2);
    row = find(&f, a.id);
    assert_false(row.complete);
    assert_string_equal(row.kind, "error");
    assert_int_equal(spbe_details_read(f.archive, &row, &d, pool),
                     APR_EINCOMPLETE);
    assert_true(d.len > 1000);
    /* Of the other nothing is known but that it is there. */
    assert_null(find(&f, b.id).id);
    /* The rest comes late, out of a spill file. */
    for (i = 1; i < lines->nelts; i++) {
        append_line(f.archive, APR_ARRAY_IDX(lines, i, spbe_span_t));
    }
    append_line(f.archive, APR_ARRAY_IDX(headless, 0, spbe_span_t));
    follow(&f, apr_time_now() + 1);
    row = find(&f, b.id);
    assert_string_equal(row.kind, "error");
    assert_false(row.complete);
    row = find(&f, a.id);
    assert_true(row.complete);
    assert_int_equal(spbe_details_read(f.archive, &row, &d, pool), APR_SUCCESS);
    apr_pool_destroy(f.own);
    remove_dir();
}

static int count_more(void *baton, const spbe_row_t *row, apr_pool_t *scratch)
{
    (*(int *)baton)++;
    return 0;
}

/* "more" before or after its record, once or twice. */
static void index_more(void **state)
{
    int order;

    for (order = 0; order < 2; order++) {
        spbe_ref_t ref = {"", ""};
        files_t f = {0};
        spbe_row_t row;
        int i, n = 0;

        new_dir();
        open_files(&f);
        for (i = 0; i < 2; i++) {
            append_all(f.archive, make_lines(i == order ? "error" : "more", 10,
                                             (apr_uint64_t)i + 1, &ref));
        }
        append_all(f.archive, make_lines("more", 10, order ? 1 : 2, &ref));
        follow(&f, 0);
        row = find(&f, ref.id);
        assert_int_equal(row.status_in, 500);
        assert_int_equal(row.status_out, 502);
        assert_int_equal(
            spbe_query_more(f.database, ref.id, count_more, &n, pool),
            APR_SUCCESS);
        assert_int_equal(n, 1);
        assert_int_equal(f.counts.duplicates, 1);
        apr_pool_destroy(f.own);
        remove_dir();
    }
}

/* Malformed entries are counted and stepped over; a second record with the
 * same id does not displace the first; lost lines become a notice. */
static void index_oddities(void **state)
{
    spbe_ref_t ref = {"", ""};
    files_t f = {0};
    spbe_filter_t notices = {.kind = "notice"};
    spbe_row_t row = {0};
    spbe_buf_t buf;

    new_dir();
    open_files(&f);
    append_all(f.archive, make_lines("error", 10, 1, &ref));
    spbe_buf_init(&buf, 100, pool);
    spbe_entry_add_bad(&buf, apr_time_now(), SPBE_SPAN("\xff\n"), "not JSON");
    spbe_entry_add_line(&buf, apr_time_now(), SPBE_SPAN("{\"v\":2}"));
    spbe_entry_add_lost(&buf, apr_time_now(), 7, "full");
    assert_int_equal(spbe_archive_append(f.archive, spbe_buf_span(&buf)),
                     APR_SUCCESS);
    append_all(f.archive, make_lines("crash", 500, 9, &ref));
    follow(&f, 0);
    assert_int_equal(f.counts.malformed, 2);
    assert_int_equal(f.counts.lost, 7);
    assert_int_equal(f.counts.records, 2);
    assert_int_equal(f.counts.duplicates, 1);
    row = find(&f, ref.id);
    assert_string_equal(row.kind, "error");
    spbe_query_records(f.database, &notices, copy_row, &row, pool);
    assert_non_null(strstr(row.h, "7 baris"));
    apr_pool_destroy(f.own);
    remove_dir();
}

static void index_rebuilt(void **state)
{
    spbe_ref_t ref = {"", ""};
    files_t f = {0};
    spbe_row_t row;

    new_dir();
    open_files(&f);
    append_all(f.archive, make_lines("error", 10, 1, &ref));
    append_all(f.archive, make_lines("more", 10, 2, &ref));
    follow(&f, 0);
    assert_false(spbe_database_gone(f.database));
    unlink(path_of("guard.db"));
    unlink(path_of("guard.db-wal"));
    unlink(path_of("guard.db-shm"));
    assert_true(spbe_database_gone(f.database));
    apr_pool_destroy(f.own);
    memset(&f, 0, sizeof(f));
    open_files(&f);
    follow(&f, 0);
    row = find(&f, ref.id);
    assert_int_equal(row.status_out, 502);
    apr_pool_destroy(f.own);
    /* Another archive, shorter than what was indexed. */
    unlink(path_of("archive/00000000000000000000.jsonl"));
    memset(&ref, 0, sizeof(ref));
    memset(&f, 0, sizeof(f));
    open_files(&f);
    append_all(f.archive, make_lines("error", 0, 1, &ref));
    follow(&f, 0);
    assert_non_null(spbe_database_trouble(f.database));
    assert_string_equal(find(&f, ref.id).id, ref.id);
    apr_pool_destroy(f.own);
    remove_dir();
}

static void index_cut_batches(void **state)
{
    spbe_ref_t ref = {"", ""};
    files_t f = {0};
    int more;

    new_dir();
    open_files(&f);
    append_all(f.archive, make_lines("error", 40000, 1, &ref));
    /* An old archive is indexed in pieces: nothing is given up half-way. */
    spbe_index_follow(f.index, 3, apr_time_now() + apr_time_from_sec(99), &more,
                      &f.counts);
    assert_true(more);
    assert_int_equal(f.counts.incomplete, 0);
    follow(&f, apr_time_now() + apr_time_from_sec(99));
    assert_int_equal(f.counts.records, 1);
    assert_int_equal(f.counts.incomplete, 0);
    apr_pool_destroy(f.own);
    remove_dir();
}

static int count_rows(void *baton, const spbe_row_t *row, apr_pool_t *scratch)
{
    assert_string_equal(row->kind, "key");
    (*(int *)baton)++;
    return 0;
}

/* Another record under the id of a key, even with its writer and number, takes
 * the place of none. */
static void index_keys(void **state)
{
    static const apr_uint64_t numbers[] = {7, 7, 8};
    spbe_ref_t ref = {"", ""};
    files_t f = {0};
    int i, n = 0;

    new_dir();
    open_files(&f);
    for (i = 0; i < 3; i++) {
        append_all(f.archive, make_lines("key", 6000, numbers[i], &ref));
    }
    follow(&f, apr_time_now() + 1);
    assert_int_equal(spbe_query_key(f.database, spbe_database_node(f.database),
                                    ref.id, count_rows, &n, pool),
                     APR_SUCCESS);
    assert_int_equal(n, 3);
    assert_null(find(&f, ref.id).id);
    apr_pool_destroy(f.own);
    remove_dir();
}

/* A driver frees what it has prepared with the connection alone. */
static void index_for_long(void **state)
{
    spbe_ref_t ref = {"", ""};
    files_t f = {0};
    unsigned before;
    int i;

    new_dir();
    open_files(&f);
    append_all(f.archive, make_lines("error", 9000, 1, &ref));
    follow(&f, 0);
    find(&f, ref.id);
    before = apr_hash_count(f.database->asked);
    for (i = 0; i < 50; i++) {
        apr_array_header_t *lines;

        memset(&ref, 0, sizeof(ref));
        lines = make_lines("error", 9000, (apr_uint64_t)i + 2, &ref);
        append_line(f.archive, APR_ARRAY_IDX(lines, 0, spbe_span_t));
        follow(&f, apr_time_now() + 1);
        append_all(f.archive, lines);
        follow(&f, apr_time_now() + 1);
        find(&f, ref.id);
    }
    assert_in_range(apr_hash_count(f.database->asked), before, before + 3);
    apr_pool_destroy(f.own);
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
        cmocka_unit_test(index_records),
        cmocka_unit_test(index_interleaved),
        cmocka_unit_test(index_incomplete),
        cmocka_unit_test(index_more),
        cmocka_unit_test(index_oddities),
        cmocka_unit_test(index_rebuilt),
        cmocka_unit_test(index_cut_batches),
        cmocka_unit_test(index_for_long),
        cmocka_unit_test(index_keys),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
