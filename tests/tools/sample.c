/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/sample.c - a small archive with everything in it that the format
 * knows, for a reader that was written by somebody else.
 *
 * sample HOME RECIPIENTS: 60 sealed records "rahasia N" (N = 1 to 60, every
 * seventh of several lines), in several segments, with new signers, a malformed
 * line, lost numbers, a thin line, lines that come twice; then the details of
 * the first two segments are purged by order, and the bodies of the third.
 * Prints the heads, one in each line, and "purged FROM TO" twice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"
#include "record/recipients.h"
#include "record/seal.h"
#include "store/archive.h"
#include "store/purge.h"
#include "store/segment.h"

#define DAY (25L * 60 * 60)

/* Orders come a day after what they purge, and not tomorrow. */
static long shift = -DAY; /* seconds */

/* Visible, so that libraries call them as well. */
__attribute__((visibility("default"))) int clock_gettime(clockid_t id,
                                                         struct timespec *t)
{
    int rc = (int)syscall(SYS_clock_gettime, id, t);

    t->tv_sec += id == CLOCK_BOOTTIME ? shift + DAY : 0;
    return rc;
}

__attribute__((visibility("default"))) int
gettimeofday(struct timeval *restrict t, void *restrict zone)
{
    struct timespec now;

    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec + shift;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}

#define RECORDS 60
#define WRITER "kantor-1:7:1"

typedef struct sample {
    spbe_archive_t *archive;
    spbe_sealer_t *sealer;
    spbe_buf_t buf;
    apr_uint64_t seq;
    const char *home;
    apr_pool_t *pool;
} sample_t;

static void fail(const char *why)
{
    fprintf(stderr, "sample: %s\n", why);
    exit(2);
}

static void append(sample_t *s)
{
    char text[SPBE_HEAD_TEXT];
    spbe_head_t head;

    if (spbe_archive_append(s->archive, spbe_buf_span(&s->buf)) !=
        APR_SUCCESS) {
        fail("cannot append");
    }
    s->buf.len = 0;
    spbe_archive_head(s->archive, &head);
    spbe_head_write(&head, text);
    puts(text);
}

static void add_lines(sample_t *s, const spbe_encoded_t *encoded)
{
    apr_array_header_t *lines =
        spbe_line_split(encoded, WRITER, ++s->seq, s->pool);
    int i;

    for (i = 0; i < lines->nelts; i++) {
        spbe_span_t line = APR_ARRAY_IDX(lines, i, spbe_span_t);

        line.len--;
        spbe_entry_add_line(&s->buf, apr_time_now(), line);
    }
}

static void add_record(sample_t *s, int n)
{
    spbe_encoded_t fresh = {0}, encoded = {0};
    spbe_ref_t ref;
    char pad[8001] = "";
    int i;

    /* What cannot be made smaller, so that it needs several lines. */
    for (i = 0; n % 7 == 0 && i < 8000; i++) {
        pad[i] = (char)('a' + rand() % 26);
    }
    spbe_ref_make(&ref, apr_time_now());
    encoded.id = ref.id;
    encoded.h = apr_psprintf(s->pool,
                             "{\"id\":\"%s\",\"kind\":\"error\",\"n\":%d,"
                             "\"title\":\"d\\\":{ \\u00e9\"}",
                             ref.id, n);
    encoded.d = apr_psprintf(
        s->pool, "{\"message\":\"rahasia %d\",\"pad\":\"%s\"}", n, pad);
    if (spbe_seal(s->sealer, &encoded, &fresh, apr_time_now(), s->pool) !=
        SPBE_OK) {
        fail("cannot seal");
    }
    if (fresh.id != NULL) {
        add_lines(s, &fresh);
        spbe_sealer_announced(s->sealer, fresh.id);
    }
    add_lines(s, &encoded);
}

/* Everything that is no record of the usual kind. */
static void add_oddities(sample_t *s)
{
    spbe_span_t rest = spbe_buf_span(&s->buf);
    char *first = spbe_span_dup(spbe_span_cut(&rest, '\n'), s->pool);

    /* comes twice */
    spbe_buf_adds(&s->buf, first);
    spbe_buf_addc(&s->buf, '\n');
    spbe_entry_add_bad(&s->buf, apr_time_now(),
                       SPBE_SPAN("\xff no \"JSON\" \\"), "not JSON");
    spbe_entry_add_lost(&s->buf, apr_time_now(), 3, "the disk was full");
    s->seq += 2;
    spbe_entry_add_gap(&s->buf, apr_time_now(), SPBE_SPAN(WRITER), s->seq - 1,
                       s->seq, "the writer died");
    spbe_entry_add_thin(
        &s->buf, apr_time_now(), 4,
        spbe_span_from(apr_psprintf(
            s->pool,
            "{\"v\":1,\"w\":\"" WRITER "\",\"s\":%d,\"id\":\"01a1ff81-1a3b-"
            "7fce-b924-bdd08d196330\",\"p\":1,\"n\":1,\"k\":\"\",\"h\":{},"
            "\"d\":\"e30K\"}",
            (int)++s->seq)));
}

static apr_uint64_t first_group(int folder, apr_uint64_t address,
                                apr_pool_t *pool)
{
    spbe_segment_end_t end;
    int fd;

    if (spbe_segment_open(folder, address, 0, &fd) != APR_SUCCESS ||
        spbe_segment_read_end(fd, &end, pool) != APR_SUCCESS || !end.has_head) {
        fail("a segment cannot be read");
    }
    return end.head.group;
}

/* Segments from..to-1. */
static void purge(sample_t *s, int from, int to, int all)
{
    spbe_order_t order = {.what = SPBE_ORDER_PURGE,
                          .id = "01a1ff81-1a3b-7fce-b924-bdd08d196331",
                          .ts = apr_time_now(),
                          .node = "kantor-1",
                          .by = "budi",
                          .text = "masa simpan",
                          .all = all,
                          .before = apr_time_now()};
    spbe_purge_counts_t counts = {0};
    apr_array_header_t *files;
    spbe_purge_t *purge;
    spbe_span_t lines;
    apr_status_t rv;
    int folder;

    if (spbe_segment_dir(s->home, 0, &folder) != APR_SUCCESS ||
        spbe_segment_list(folder, &files, s->pool) != APR_SUCCESS ||
        files->nelts < to + 2) {
        fail("too few segments");
    }
    order.first = APR_ARRAY_IDX(files, from, apr_uint64_t);
    order.behind = APR_ARRAY_IDX(files, to, apr_uint64_t);
    order.from = first_group(folder, order.first, s->pool);
    order.to = first_group(folder, order.behind, s->pool) - 1;
    lines = spbe_order_lines(&order, "kantor-1:ctl-1:1", (apr_uint64_t)all + 1,
                             s->pool);
    while (lines.len > 0) {
        spbe_entry_add_line(&s->buf, apr_time_now(),
                            spbe_span_cut(&lines, '\n'));
    }
    append(s);
    purge = spbe_purge_create(s->archive, &order, s->pool);
    do {
        rv = spbe_purge_step(purge, &counts);
    } while (rv == APR_SUCCESS);
    if (rv != APR_EOF) {
        fail("cannot purge");
    }
    printf("purged %d %d\n", (int)order.from, (int)order.to);
}

int main(int argc, char **argv)
{
    apr_array_header_t *recipients;
    sample_t s = {0};
    const char *why;
    int n;

    if (argc != 3) {
        fail("sample HOME RECIPIENTS");
    }
    apr_initialize();
    apr_pool_create(&s.pool, NULL);
    s.home = argv[1];
    if (spbe_recipients_read(argv[2], &recipients, &why, s.pool) != SPBE_OK) {
        fail(why);
    }
    s.sealer = spbe_sealer_create(recipients, "kantor-1", s.pool);
    if (s.sealer == NULL ||
        spbe_archive_open(&s.archive, s.home, SPBE_ARCHIVE_WRITE, s.pool) !=
            APR_SUCCESS) {
        fail("cannot begin");
    }
    spbe_archive_limits(s.archive, 12000, apr_time_from_sec(3600));
    spbe_archive_node(s.archive, "kantor-1");
    spbe_buf_init(&s.buf, 65536, s.pool);
    for (n = 1; n <= RECORDS; n++) {
        add_record(&s, n);
        if (n == 40) {
            add_oddities(&s);
        }
        if (n % 2 == 0) {
            append(&s);
        }
        if (n % 9 == 0) {
            spbe_archive_turn(s.archive);
        }
    }
    shift = 0;
    purge(&s, 0, 2, 0);
    purge(&s, 2, 3, 1);
    apr_pool_destroy(s.pool);
    apr_terminate();
    return 0;
}
