/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/records.c - writes made-up records as lines, for tests of the
 * logger and the tool: records COUNT [WRITER] [more].
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"
#include "record/trigger.h"

static void write_lines(const spbe_record_t *record,
                        const spbe_redact_t *redact, const char *writer,
                        apr_uint64_t seq, apr_pool_t *pool)
{
    spbe_encoded_t encoded = spbe_record_encode(record, redact, 65536, pool);
    apr_array_header_t *lines = spbe_line_split(&encoded, writer, seq, pool);
    int i;

    for (i = 0; i < lines->nelts; i++) {
        spbe_span_t line = APR_ARRAY_IDX(lines, i, spbe_span_t);

        fwrite(line.ptr, 1, line.len, stdout);
    }
}

static const char *long_trace(int n, apr_pool_t *pool)
{
    const char *text = "PHP Fatal error:  Uncaught RuntimeException: gagal "
                       "password=r4hasia in /var/www/app/Kasir.php:12\n";
    int i;

    for (i = 0; i < 20 + n % 60; i++) {
        text = apr_psprintf(pool,
                            "%s#%d /var/www/app/Kasir.php(%d): "
                            "Kasir->hitung('Budi', Array)\n",
                            text, i, 10 + i);
    }
    return text;
}

static void write_one(int n, const char *writer, int with_more,
                      const spbe_redact_t *redact, apr_pool_t *pool)
{
    static const char *const classes[] = {"code", "database", "upstream"};
    static const char *const people[] = {"Dev", "Sys admin", "Sys admin"};
    spbe_frame_t frames[] = {
        {"/var/www/app/Kasir.php", "Kasir->hitung", 12, 0},
        {"/var/www/vendor/f/Kernel.php", "Kernel->handle", 80, 1},
    };
    apr_array_header_t *list = apr_array_make(pool, 2, sizeof(spbe_frame_t));
    apr_array_header_t *log = apr_array_make(pool, 1, sizeof(const char *));
    spbe_trigger_input_t input = {
        .method = "POST",
        .path = "/kasir/hitung/3171012345678901",
        .query = "nama=Budi&token=abc",
        .content_type = "application/x-www-form-urlencoded",
        .body = SPBE_SPAN("nik=3171012345678901&password=r4hasia"),
        .body_length = 37,
    };
    spbe_ref_t ref;
    spbe_record_t record;

    APR_ARRAY_PUSH(list, spbe_frame_t) = frames[0];
    APR_ARRAY_PUSH(list, spbe_frame_t) = frames[1];
    APR_ARRAY_PUSH(log, const char *) =
        "[php:error] PHP Fatal error: gagal in /var/www/app/Kasir.php:12";
    spbe_ref_make(&ref, apr_time_now());
    record = (spbe_record_t){
        .id = ref.id,
        .ref = ref.ref,
        .ts = apr_time_now(),
        .kind = "error",
        .severity = "error",
        .class_name = classes[n % 3],
        .responsible = people[n % 3],
        .fingerprint = "0123456789abcdef",
        .title = "RuntimeException: gagal",
        .node = "web1",
        .application = n % 2 ? "kasir" : "perizinan",
        .vhost = "kasir.example.go.id",
        .host = "kasir.example.go.id",
        .client = "192.0.2.7",
        .route = "/kasir/hitung/{id}",
        .method = "POST",
        .status_in = 500,
        .exception = "RuntimeException",
        .frame = "Kasir->hitung /var/www/app/Kasir.php:12",
        .rule = "php-fatal-text",
        .action = "replaced",
        .message = "gagal menghitung untuk nik 3171012345678901",
        .frames = list,
        .trace = spbe_span_from(long_trace(n, pool)),
        .input = spbe_trigger_json(redact, &input, pool),
        .why = "uncaught exception in the trace",
    };
    write_lines(&record, redact, writer, (apr_uint64_t)n * 2 + 1, pool);
    if (with_more) {
        spbe_record_t more = {.id = ref.id,
                              .ref = ref.ref,
                              .ts = apr_time_now(),
                              .kind = "more",
                              .of = ref.id,
                              .status_out = 502,
                              .log_lines = log};

        write_lines(&more, redact, writer, (apr_uint64_t)n * 2 + 2, pool);
    }
}

int main(int argc, char **argv)
{
    int i, count = argc > 1 ? atoi(argv[1]) : 1;
    const char *writer = argc > 2 ? argv[2] : "web1-1-1";
    int with_more = argc > 3 && strcmp(argv[3], "more") == 0;
    spbe_redact_t *redact;
    apr_pool_t *pool, *scratch;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    apr_pool_create(&scratch, pool);
    redact = spbe_redact_create(NULL, pool);
    for (i = 0; i < count; i++) {
        write_one(i, writer, with_more, redact, scratch);
        apr_pool_clear(scratch);
    }
    apr_terminate();
    return 0;
}
