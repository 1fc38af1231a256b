/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/appender.c - appends made-up records to an archive and nothing
 * else: small segments, a new signer every few groups. To be killed.
 *
 * appender HOME TRUTH COUNT: goes on behind the last one that TRUTH counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "../faults/made.h"
#include "../faults/truth.h"
#include "record/line.h"
#include "store/archive.h"

#define WRITER "uji:1:1"
#define SIZE 300
#define SEGMENT 6000
#define TURN 3 /* groups of a signer */

static void fail(const char *what, apr_status_t rv)
{
    char text[160];

    fprintf(stderr, "appender: %s: %s\n", what,
            apr_strerror(rv, text, sizeof(text)));
    exit(2);
}

static void append(spbe_archive_t *archive, apr_uint64_t n, apr_pool_t *pool)
{
    spbe_encoded_t made = made_record(WRITER, n, SIZE, pool);
    apr_array_header_t *lines = spbe_line_split(&made, WRITER, n, pool);
    apr_status_t rv;
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 8192, pool);
    for (i = 0; i < lines->nelts; i++) {
        spbe_span_t line = APR_ARRAY_IDX(lines, i, spbe_span_t);

        line.len--;
        spbe_entry_add_line(&buf, apr_time_now(), line);
    }
    rv = spbe_archive_append(archive, spbe_buf_span(&buf));
    if (rv != APR_SUCCESS) {
        fail("append", rv);
    }
}

int main(int argc, char **argv)
{
    apr_uint64_t n, count = argc == 4 ? strtoull(argv[3], NULL, 10) : 0;
    spbe_archive_t *archive;
    truth_writer_t *writer;
    apr_pool_t *pool, *scratch;
    truth_t *truth;
    apr_status_t rv;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    apr_pool_create(&scratch, pool);
    truth = count == 0 ? NULL : truth_open(argv[2]);
    if (truth == NULL) {
        fail("HOME TRUTH COUNT", APR_EINVAL);
    }
    writer = truth->writers == 0 ? truth_add(truth, WRITER) : truth->writer;
    writer->is_made = 1;
    writer->size = SIZE;
    rv = spbe_archive_open(&archive, argv[1], SPBE_ARCHIVE_WRITE, pool);
    if (rv != APR_SUCCESS) {
        fail(argv[1], rv);
    }
    spbe_archive_limits(archive, SEGMENT, apr_time_from_sec(3600));
    for (n = writer->given + 1; n <= count; n++) {
        writer->tried = n;
        append(archive, n, scratch);
        writer->given = n;
        rv = n % TURN == 0 ? spbe_archive_turn(archive) : APR_SUCCESS;
        if (rv != APR_SUCCESS) {
            fail("turn", rv);
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(pool);
    return 0;
}
