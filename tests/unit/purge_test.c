/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/purge_test.c - segments without details, segments without bodies,
 * and an archive that verifies all the same.
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
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/archive_int.h"
#include "store/firstkey.h"
#include "store/purge.h"
#include "store/verify.h"
#include "text/base64url.h"

static apr_pool_t *pool;
static char dir[64];
static spbe_archive_t *archive;
static apr_pool_t *own;
static unsigned seq, orders;

/* Orders come days after what they purge. */
static long shift; /* seconds */

int clock_gettime(clockid_t id, struct timespec *t)
{
    int rc = (int)syscall(SYS_clock_gettime, id, t);

    t->tv_sec += id == CLOCK_BOOTTIME ? shift : 0;
    return rc;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
    struct timespec now;

    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec + shift;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}

#define DAY (25L * 60 * 60)

#define GROUPS 30
#define ORDER_ID "01a1ff81-1a3b-7fce-b924-bdd08d196330"

static void add_record(spbe_buf_t *buf, const char *writer, const char *kind,
                       const char *d)
{
    spbe_encoded_t encoded = {
        .id = apr_psprintf(pool, "01a1ff81-1a3b-7fce-b924-%012u", ++seq),
        .h = apr_psprintf(pool, "{\"kind\":\"%s\",\"client\":\"10.1.2.%u\"}",
                          kind, seq),
        .d = d};
    apr_array_header_t *lines = spbe_line_split(&encoded, writer, seq, pool);
    int i;

    for (i = 0; i < lines->nelts; i++) {
        spbe_span_t line = APR_ARRAY_IDX(lines, i, spbe_span_t);

        line.len--;
        spbe_entry_add_line(buf, apr_time_now(), line);
    }
}

/* 6000 times the same letter: a record of three lines. */
static const char *long_text(char c)
{
    char *text = apr_palloc(pool, 6001);

    memset(text, c, 6000);
    text[6000] = '\0';
    return text;
}

static void append(spbe_buf_t *buf)
{
    assert_int_equal(spbe_archive_append(archive, spbe_buf_span(buf)),
                     APR_SUCCESS);
}

static void write_groups(int n)
{
    while (n-- > 0) {
        spbe_buf_t buf;

        spbe_buf_init(&buf, 4096, pool);
        add_record(&buf, "kantor:7:1", "error",
                   "{\"message\":\"rahasia negara yang panjang sekali\"}");
        add_record(&buf, "kantor:7:1", "key",
                   "{\"key\":\"kunci yang harus tetap ada di sini\"}");
        if (n == 20) {
            add_record(&buf, "kantor:7:1", "key", long_text('k'));
            add_record(&buf, "kantor:7:1", "error", long_text('r'));
            spbe_entry_add_bad(&buf, apr_time_now(),
                               SPBE_SPAN("kata sandi siapa saja, yang tidak "
                                         "boleh tinggal di sini"),
                               "not JSON");
            seq += 2;
            spbe_entry_add_gap(&buf, apr_time_now(), SPBE_SPAN("kantor:7:1"),
                               seq - 1, seq, "the writer died");
        }
        append(&buf);
    }
}

static void begin(void)
{
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    seq = orders = 0;
    shift = 0;
    apr_pool_create(&own, pool);
    assert_int_equal(spbe_archive_open(&archive, dir, SPBE_ARCHIVE_WRITE, own),
                     APR_SUCCESS);
    spbe_archive_limits(archive, 7000, apr_time_from_sec(3600));
    write_groups(GROUPS);
}

static void end(void)
{
    apr_pool_destroy(own);
    assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", dir, NULL)), 0);
}

static spbe_span_t slurp(apr_uint64_t address)
{
    char name[SPBE_SEGMENT_NAME];
    char *text = apr_palloc(pool, 1 << 20);
    FILE *file;
    size_t n;

    spbe_segment_name(address, name);
    file = fopen(apr_pstrcat(pool, dir, "/archive/", name, NULL), "rb");
    assert_non_null(file);
    n = fread(text, 1, 1 << 20, file);
    fclose(file);
    return (spbe_span_t){text, n};
}

static apr_uint64_t address_of(int nth)
{
    spbe_archive_look(archive);
    assert_true(nth < archive->segments->nelts);
    return APR_ARRAY_IDX(archive->segments, nth, apr_uint64_t);
}

/* The number of the first group of a segment. */
static apr_uint64_t group_of(int nth)
{
    spbe_span_t text = slurp(address_of(nth));
    spbe_segment_t segment;

    assert_int_equal(spbe_segment_parse(spbe_span_cut(&text, '\n'), &segment),
                     SPBE_OK);
    return segment.group;
}

/* Of segments from..to-1. */
static spbe_order_t *make_order(int from, int to, int all)
{
    spbe_order_t *order = apr_pcalloc(pool, sizeof(*order));

    shift += DAY;
    *order = (spbe_order_t){.what = SPBE_ORDER_PURGE,
                            .id = ORDER_ID,
                            .ts = apr_time_now(),
                            .node = "kantor",
                            .by = "budi",
                            .text = "masa simpan",
                            .all = all,
                            .from = group_of(from),
                            .to = group_of(to) - 1,
                            .first = address_of(from),
                            .behind = address_of(to),
                            .before = apr_time_now()};
    return order;
}

static void append_order(const spbe_order_t *order)
{
    spbe_span_t lines =
        spbe_order_lines(order, "kantor:ctl-1:1", ++orders, pool);
    spbe_buf_t buf;

    spbe_buf_init(&buf, 4096, pool);
    while (lines.len > 0) {
        spbe_entry_add_line(&buf, apr_time_now(), spbe_span_cut(&lines, '\n'));
    }
    append(&buf);
}

static apr_status_t carry_out(const spbe_order_t *order,
                              spbe_purge_counts_t *counts)
{
    spbe_purge_t *purge = spbe_purge_create(archive, order, pool);
    apr_status_t rv;

    memset(counts, 0, sizeof(*counts));
    do {
        rv = spbe_purge_step(purge, counts);
    } while (rv == APR_SUCCESS);
    return rv;
}

/* So that no number before it may still be on its way. */
static void write_later(void)
{
    spbe_encoded_t encoded = {.id = ORDER_ID, .h = "{}"};
    apr_array_header_t *lines = spbe_line_split(&encoded, "later:1:1", 1, pool);
    spbe_span_t line = APR_ARRAY_IDX(lines, 0, spbe_span_t);
    spbe_buf_t buf;

    line.len--;
    spbe_buf_init(&buf, 4096, pool);
    spbe_entry_add_line(&buf, apr_time_now() + apr_time_from_sec(120), line);
    append(&buf);
}

static spbe_verify_report_t *verify(void)
{
    unsigned char first[SPBE_SIGNER_SIZE];
    spbe_verify_report_t *report;
    spbe_source_t source;
    int i;

    write_later();
    spbe_firstkey_read(apr_pstrcat(pool, dir, "/first.pub", NULL), first);
    assert_int_equal(spbe_source_folder(&source, dir, pool), APR_SUCCESS);
    assert_int_equal(spbe_verify(&source, first, NULL, &report, pool),
                     APR_SUCCESS);
    for (i = 0; i < report->findings->nelts; i++) {
        const spbe_verify_finding_t *f =
            &APR_ARRAY_IDX(report->findings, i, spbe_verify_finding_t);

        print_message("  %s %d-%d %s\n", spbe_verify_name(f->kind),
                      (int)f->from, (int)f->upto,
                      f->writer == NULL ? "" : f->writer);
    }
    return report;
}

/* How often the text stands in the archive, as it is or within "d". */
static int count(const char *text)
{
    apr_array_header_t *all;
    spbe_buf_t coded;
    int i, n = 0;

    spbe_buf_init(&coded, 64, pool);
    spbe_base64url_encode(&coded, spbe_span_from(text));
    coded.len -= 2; /* what stands behind it in the text changes the end */
    spbe_archive_look(archive);
    all = apr_array_copy(pool, archive->segments);
    for (i = 0; i < all->nelts; i++) {
        spbe_span_t rest = slurp(APR_ARRAY_IDX(all, i, apr_uint64_t));

        while (rest.len > 0) {
            spbe_span_t line = spbe_span_cut(&rest, '\n');

            n += spbe_span_find(line, spbe_span_from(text)) != SPBE_NPOS ||
                 spbe_span_find(line, spbe_buf_span(&coded)) != SPBE_NPOS;
        }
    }
    return n;
}

static int is_there(const char *kind, const spbe_verify_report_t *report)
{
    int i, n = 0;

    for (i = 0; i < report->findings->nelts; i++) {
        n += strcmp(spbe_verify_name(APR_ARRAY_IDX(report->findings, i,
                                                   spbe_verify_finding_t)
                                         .kind),
                    kind) == 0;
    }
    return n;
}

static void purge_details(void **state)
{
    spbe_purge_counts_t counts;
    spbe_verify_report_t *report;
    spbe_order_t *order;
    apr_uint64_t size;
    int keys;

    begin();
    order = make_order(0, 3, 0);
    append_order(order);
    keys = count("{\"key\":\"kunci");
    assert_int_equal(count("kata sandi"), 1);
    assert_int_equal(carry_out(order, &counts), APR_EOF);
    assert_int_equal(counts.segments, 3);
    assert_true(counts.bytes > 6000);
    assert_int_equal(count("kata sandi"), 0);
    assert_int_equal(count("rrrrrr"), 0);
    assert_true(count("kkkkkk") > 1); /* every part of a key record */
    assert_int_equal(count("{\"message\":\"rahasia"), GROUPS - (int)order->to);
    assert_int_equal(count("{\"key\":\"kunci"), keys);
    assert_int_equal(count("\"client\":\"10.1.2.1\""), 1);
    report = verify();
    assert_int_equal(report->broken, 0);
    assert_int_equal(is_there("ordered", report), 1);
    assert_int_equal(report->lost, 0);
    assert_int_equal(report->groups, GROUPS + 2);
    /* Again, as after a kill: nothing more to do. */
    size = slurp(address_of(1)).len;
    assert_int_equal(carry_out(order, &counts), APR_EOF);
    assert_int_equal(counts.segments, 0);
    assert_int_equal(slurp(address_of(1)).len, size);
    /* The writer goes on as before. */
    write_groups(3);
    assert_int_equal(verify()->broken, 0);
    end();
}

static void purge_all(void **state)
{
    spbe_purge_counts_t counts;
    spbe_verify_report_t *report;
    spbe_order_t *order, *second;
    spbe_archive_reader_t *reader;
    spbe_entry_t entry;
    struct stat st;
    char name[SPBE_SEGMENT_NAME];

    begin();
    order = make_order(0, 3, 1);
    append_order(order);
    assert_int_equal(carry_out(order, &counts), APR_EOF);
    assert_int_equal(counts.segments, 3);
    assert_int_equal(count("\"client\":\"10.1.2.1\""), 0);
    report = verify();
    assert_int_equal(report->broken, 0);
    assert_int_equal(is_there("ordered", report), 1);
    assert_int_equal(report->lost, 0);
    assert_true(report->purged >= 2 * order->to);
    spbe_segment_name(address_of(0), name);
    stat(apr_pstrcat(pool, dir, "/archive/", name, NULL), &st);
    assert_int_equal(st.st_mode & 07777, 0600);
    /* A reader finds what is left, also from an address that is gone. */
    reader = spbe_archive_reader(archive, address_of(3) - 1, own);
    assert_int_equal(spbe_archive_next(reader, &entry), APR_SUCCESS);
    assert_true(entry.offset > address_of(3));
    /* The segment with the order is purged in its turn. */
    write_groups(GROUPS);
    second = make_order(3, 8, 1);
    append_order(second);
    assert_int_equal(carry_out(second, &counts), APR_EOF);
    report = verify();
    assert_int_equal(report->broken, 0);
    assert_int_equal(report->lost, 0);
    assert_int_equal(is_there("ordered", report), 2);
    end();
}

/* Keys that came shortly before the end of the range are written once more. */
static void purge_keeps_keys(void **state)
{
    spbe_purge_counts_t counts;
    spbe_order_t *order;
    int keys, parts;

    begin();
    order = make_order(0, 4, 1);
    keys = count("{\"key\":\"kunci");
    parts = count("kkkkkk");
    append_order(order);
    assert_int_equal(carry_out(order, &counts), APR_EOF);
    /* Those of the last segment alone: everything came just now. */
    assert_in_range(count("{\"key\":\"kunci"), keys - (int)order->to, keys - 1);
    assert_true(count("{\"key\":\"kunci") > keys - (int)order->to);
    assert_true(parts > 1);
    end();
}

static void purge_refuses(void **state)
{
    static const struct {
        const char *label;
        int from, to;    /* segments */
        int group, more; /* what is added to from and to */
        int behind;      /* to the address */
        apr_status_t rv;
    } tests[] = {
        {"groups that are not all", 0, 2, 0, -1, 0, APR_EINVAL},
        {"groups that begin later", 0, 2, 1, 0, 0, APR_EINVAL},
        {"half a segment", 0, 2, 0, 0, -1, APR_EINVAL},
        {"as it should be", 0, 2, 0, 0, 0, APR_EOF},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_purge_counts_t counts;
        spbe_order_t *order;

        begin();
        order = make_order(tests[i].from, tests[i].to, 0);
        order->from += (apr_uint64_t)tests[i].group;
        order->to += (apr_uint64_t)tests[i].more;
        order->behind += (apr_uint64_t)tests[i].behind;
        print_message("%s\n", tests[i].label);
        assert_int_equal(carry_out(order, &counts), tests[i].rv);
        assert_true(counts.segments <= 2);
        end();
    }
}

/* The segment that is being written to stays, whatever the order says. */
static void purge_not_the_last(void **state)
{
    spbe_purge_counts_t counts;
    spbe_order_t *order;

    begin();
    order = make_order(0, 1, 0);
    order->to = 1000;
    order->behind = (apr_uint64_t)1 << 40;
    append_order(order);
    write_groups(1);
    assert_int_equal(carry_out(order, &counts), APR_EINVAL);
    assert_true(count("{\"message\":\"rahasia") > 0);
    assert_int_equal(verify()->broken, 0);
    end();
}

/* Emptied, every entry becomes longer: there is room for that. */
static void purge_short_values(void **state)
{
    spbe_purge_counts_t counts;
    spbe_order_t *order;
    spbe_buf_t buf;
    int i, n;

    begin();
    shift += DAY; /* another segment */
    for (i = 0; i < 20; i++) {
        spbe_buf_init(&buf, 4096, pool);
        for (n = 0; n < 10; n++) {
            spbe_entry_add_bad(&buf, apr_time_now(), SPBE_SPAN("kuno"), "x");
        }
        append(&buf);
    }
    spbe_archive_look(archive);
    n = archive->segments->nelts;
    order = make_order(n - 3, n - 1, 0);
    append_order(order);
    i = count("kuno");
    assert_int_equal(carry_out(order, &counts), APR_EOF);
    assert_int_equal(counts.segments, 2);
    assert_int_equal(counts.bytes, 0);
    assert_true(count("kuno") < i - 20);
    assert_int_equal(verify()->broken, 0);
    end();
}

/* Killed while the new file was being written. */
static void purge_left_over(void **state)
{
    spbe_purge_counts_t counts;
    spbe_order_t *order;
    const char *path;
    int fd;

    begin();
    path = apr_pstrcat(pool, dir, "/archive/purge.new", NULL);
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "half", 4), 4);
    close(fd);
    assert_int_equal(verify()->broken, 0);
    order = make_order(0, 2, 0);
    append_order(order);
    assert_int_equal(carry_out(order, &counts), APR_EOF);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(verify()->broken, 0);
    end();
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
        cmocka_unit_test(purge_details),
        cmocka_unit_test(purge_all),
        cmocka_unit_test(purge_keeps_keys),
        cmocka_unit_test(purge_refuses),
        cmocka_unit_test(purge_not_the_last),
        cmocka_unit_test(purge_short_values),
        cmocka_unit_test(purge_left_over),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
