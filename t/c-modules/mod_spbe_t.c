/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t/c-modules/mod_spbe_t.c - handlers that fail in ways no application server
 * can be made to fail in. Loaded by the tests only.
 *
 *   SetHandler t-crash   ?null ?recurse ?abort ?fpe ?sleep
 *                        ?scribble,FF: that byte all over the guard's shared
 *                        memory; ?scribble,pid: this process's number; abort()
 *   SetHandler t-split   the file, cut: ?at=N two pieces, ?each=N pieces of N
 *   SetHandler t-status  ?N returns N without a body; ?N,M after M bytes
 *   SetHandler t-bucket  ?N,M an error bucket N after M bytes
 *   SetHandler t-read    the request's body, read by ?line, ?all, ?bytes,N or
 *                        ?look,N (N bytes ahead, then N): a line that says how
 *                        often the end came, how many pieces were too large
 *                        and how many looks ahead were wrong; then the bytes
 *
 * A request with X-Test-Fixup is read to its end in fixups, as some modules do;
 * the number of bytes goes into the response header X-Fixup. One with
 * X-Test-Kept is read before the guard's fixups, into r->kept_body.
 *
 * The filter T_BUCKETS stands behind the guard's and writes the kinds of bucket
 * that reached it into the note "t-buckets".
 */
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <apr_strings.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE "<html><body><p>AWAL-HALAMAN</p>\n"

static volatile int *volatile nowhere;
static volatile int zero;

static int recurse(volatile char *before)
{
    volatile char room[4096];

    room[0] = before ? before[0] : 1;
    return recurse(room) + room[0];
}

/* As somebody who has taken a child over: the mapping in which the request's
 * reference is noted. */
static void scribble(const request_rec *r, const char *what)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    uint32_t word = strtoul(what, NULL, 16) * 0x01010101u;
    uintptr_t from, to;
    char line[512], mode[5];

    if (strcmp(what, "pid") == 0) {
        word = (uint32_t)getpid();
    }
    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &from, &to, mode) == 3
            && strcmp(mode, "rw-s") == 0
            && memmem((void *)from, to - from, r->log_id, strlen(r->log_id))
                   != NULL) {
            for (; from < to; from += sizeof(word)) {
                *(uint32_t *)from = word;
            }
            abort();
        }
    }
}

static int crash_handler(request_rec *r)
{
    const char *how = r->args ? r->args : "";

    if (strcmp(r->handler, "t-crash") != 0) {
        return DECLINED;
    }
    if (strncmp(how, "null", 4) == 0) {
        *nowhere = 1;
    }
    if (strncmp(how, "recurse", 7) == 0) {
        return recurse(NULL);
    }
    if (strncmp(how, "abort", 5) == 0) {
        abort();
    }
    if (strncmp(how, "fpe", 3) == 0) {
        return 1000 / zero;
    }
    if (strncmp(how, "scribble,", 9) == 0) {
        scribble(r, how + 9);
    }
    if (strncmp(how, "sleep", 5) == 0) {
        sleep(20);
    }
    ap_set_content_type(r, "text/plain");
    ap_rprintf(r, "pid=%d\n", (int)getpid());
    return OK;
}

static apr_status_t pass_piece(request_rec *r, const char *bytes, apr_size_t n)
{
    apr_bucket_brigade *bb;
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;

    bb = apr_brigade_create(r->pool, alloc);
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_transient_create(bytes, n, alloc));
    return ap_pass_brigade(r->output_filters, bb);
}

static apr_status_t pass_end(request_rec *r)
{
    apr_bucket_brigade *bb;
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;

    bb = apr_brigade_create(r->pool, alloc);
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(alloc));
    return ap_pass_brigade(r->output_filters, bb);
}

static int split_handler(request_rec *r)
{
    apr_file_t *file;
    apr_size_t len, at, step;
    char *bytes;

    if (strcmp(r->handler, "t-split") != 0) {
        return DECLINED;
    }
    if (r->finfo.filetype != APR_REG ||
        apr_file_open(&file, r->filename, APR_READ, 0, r->pool) !=
            APR_SUCCESS) {
        return HTTP_NOT_FOUND;
    }
    len = (apr_size_t)r->finfo.size;
    bytes = apr_palloc(r->pool, len + 1);
    if (apr_file_read_full(file, bytes, len, NULL) != APR_SUCCESS) {
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    step = len;
    at = 0;
    if (r->args && strncmp(r->args, "at=", 3) == 0) {
        at = (apr_size_t)atoi(r->args + 3);
        if (at > 0 && at < len) {
            pass_piece(r, bytes, at);
        }
        else {
            at = 0;
        }
    }
    else if (r->args && strncmp(r->args, "each=", 5) == 0) {
        step = (apr_size_t)atoi(r->args + 5);
        step = step ? step : len;
    }
    for (; at < len; at += step) {
        pass_piece(r, bytes + at, len - at < step ? len - at : step);
    }
    pass_end(r);
    return OK;
}

static apr_size_t bytes_before(request_rec *r)
{
    const char *comma = r->args ? strchr(r->args, ',') : NULL;

    return comma ? (apr_size_t)atoi(comma + 1) : 0;
}

static void fill(request_rec *r, apr_size_t n)
{
    if (n == 0) {
        return;
    }
    ap_rputs(PAGE, r);
    for (; n > 0; n--) {
        ap_rputc('.', r);
    }
    ap_rflush(r);
}

static int status_handler(request_rec *r)
{
    if (strcmp(r->handler, "t-status") != 0) {
        return DECLINED;
    }
    ap_set_content_type(r, "text/html");
    fill(r, bytes_before(r));
    return r->args ? atoi(r->args) : HTTP_INTERNAL_SERVER_ERROR;
}

static int bucket_handler(request_rec *r)
{
    apr_bucket_brigade *bb;
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;

    if (strcmp(r->handler, "t-bucket") != 0) {
        return DECLINED;
    }
    ap_set_content_type(r, "text/html");
    fill(r, bytes_before(r));
    bb = apr_brigade_create(r->pool, alloc);
    APR_BRIGADE_INSERT_TAIL(
        bb, ap_bucket_error_create(r->args ? atoi(r->args) : 502, NULL, r->pool,
                                   alloc));
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(alloc));
    return ap_pass_brigade(r->output_filters, bb) == AP_FILTER_ERROR
               ? AP_FILTER_ERROR
               : OK;
}

typedef struct reading {
    int eos, over, wrong;
    apr_size_t got;
} reading_t;

/* One read in that mode; what came is appended to all. */
static apr_status_t read_once(request_rec *r, apr_bucket_brigade *all,
                              ap_input_mode_t mode, apr_off_t n,
                              reading_t *reading)
{
    apr_bucket_brigade *bb =
        apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_status_t rv =
        ap_get_brigade(r->input_filters, bb, mode, APR_BLOCK_READ, n);
    apr_bucket *e;
    apr_off_t len = 0;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (e = APR_BRIGADE_FIRST(bb); e != APR_BRIGADE_SENTINEL(bb);
         e = APR_BUCKET_NEXT(e)) {
        reading->eos += APR_BUCKET_IS_EOS(e);
    }
    apr_brigade_length(bb, 1, &len);
    reading->got += (apr_size_t)len;
    if (mode == AP_MODE_READBYTES) {
        reading->over += len > n;
    }
    APR_BRIGADE_CONCAT(all, bb);
    return APR_SUCCESS;
}

/* Looks n bytes ahead, then reads them: both must be the same. */
static apr_status_t look_and_read(request_rec *r, apr_bucket_brigade *all,
                                  apr_off_t n, reading_t *reading)
{
    apr_bucket_brigade *ahead =
        apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_bucket_brigade *then =
        apr_brigade_create(r->pool, r->connection->bucket_alloc);
    reading_t look = {0};
    char *a, *b;
    apr_size_t alen, blen;
    apr_status_t rv = read_once(r, ahead, AP_MODE_SPECULATIVE, n, &look);

    if (rv == APR_SUCCESS) {
        rv = read_once(r, then, AP_MODE_READBYTES, n, reading);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_brigade_pflatten(ahead, &a, &alen, r->pool);
    apr_brigade_pflatten(then, &b, &blen, r->pool);
    reading->wrong += alen != blen || memcmp(a, b, alen) != 0;
    APR_BRIGADE_CONCAT(all, then);
    return APR_SUCCESS;
}

static int read_handler(request_rec *r)
{
    apr_bucket_brigade *all;
    const char *how = r->args ? r->args : "all";
    apr_off_t n = bytes_before(r) ? (apr_off_t)bytes_before(r) : 8192;
    reading_t reading = {0};
    apr_status_t rv = APR_SUCCESS;
    char *bytes;
    apr_size_t len;

    if (strcmp(r->handler, "t-read") != 0) {
        return DECLINED;
    }
    all = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    while (rv == APR_SUCCESS && reading.eos == 0) {
        if (strncmp(how, "look", 4) == 0) {
            rv = look_and_read(r, all, n, &reading);
        }
        else {
            rv = read_once(r, all,
                           strncmp(how, "line", 4) == 0  ? AP_MODE_GETLINE
                           : strncmp(how, "all", 3) == 0 ? AP_MODE_EXHAUSTIVE
                                                         : AP_MODE_READBYTES,
                           n, &reading);
        }
    }
    /* Behind the end there is nothing but the end. */
    len = reading.got;
    if (rv == APR_SUCCESS) {
        int eos = reading.eos;

        rv = read_once(r, all, AP_MODE_READBYTES, n, &reading);
        reading.wrong += reading.got != len;
        reading.eos = eos;
    }
    apr_brigade_pflatten(all, &bytes, &len, r->pool);
    ap_set_content_type(r, "application/octet-stream");
    ap_rprintf(r, "rv=%d eos=%d over=%d wrong=%d\n", rv, reading.eos,
               reading.over, reading.wrong);
    ap_rwrite(bytes, (int)len, r);
    return OK;
}

static int keep_in_fixups(request_rec *r)
{
    reading_t reading = {0};
    apr_status_t rv = APR_SUCCESS;

    if (r->main || !apr_table_get(r->headers_in, "X-Test-Kept")) {
        return DECLINED;
    }
    r->kept_body = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    while (rv == APR_SUCCESS && reading.eos == 0) {
        rv = read_once(r, r->kept_body, AP_MODE_READBYTES, 8192, &reading);
    }
    return DECLINED;
}

static int read_in_fixups(request_rec *r)
{
    apr_bucket_brigade *all;
    reading_t reading = {0};
    apr_status_t rv = APR_SUCCESS;

    if (r->main || !apr_table_get(r->headers_in, "X-Test-Fixup")) {
        return DECLINED;
    }
    all = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    while (rv == APR_SUCCESS && reading.eos == 0) {
        rv = read_once(r, all, AP_MODE_READBYTES, 8192, &reading);
    }
    apr_table_setn(
        r->headers_out, "X-Fixup",
        apr_psprintf(r->pool, "%d %" APR_SIZE_T_FMT, rv, reading.got));
    return DECLINED;
}

static apr_status_t buckets_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    const char *seen = apr_table_get(f->r->notes, "t-buckets");
    apr_bucket *b;

    for (b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb);
         b = APR_BUCKET_NEXT(b)) {
        if (!seen || !strstr(seen, b->type->name)) {
            seen = apr_pstrcat(f->r->pool, seen ? seen : "", b->type->name, ",",
                               NULL);
        }
    }
    if (seen) {
        apr_table_setn(f->r->notes, "t-buckets", seen);
    }
    return ap_pass_brigade(f->next, bb);
}

static void insert_buckets(request_rec *r)
{
    if (!r->main && apr_table_get(r->headers_in, "X-Test-Id")) {
        ap_add_output_filter("T_BUCKETS", NULL, r, r->connection);
    }
}

static void hooks(apr_pool_t *p)
{
    ap_hook_handler(crash_handler, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(split_handler, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(status_handler, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(bucket_handler, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(read_handler, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_fixups(read_in_fixups, NULL, NULL, APR_HOOK_LAST);
    ap_hook_fixups(keep_in_fixups, NULL, NULL, APR_HOOK_REALLY_FIRST - 1);
    ap_register_output_filter("T_BUCKETS", buckets_filter, NULL,
                              AP_FTYPE_CONTENT_SET + 1);
    ap_hook_insert_filter(insert_buckets, NULL, NULL, APR_HOOK_LAST);
}

AP_DECLARE_MODULE(spbe_t) = {STANDARD20_MODULE_STUFF,
                             NULL,
                             NULL,
                             NULL,
                             NULL,
                             NULL,
                             hooks
#if defined(AP_MODULE_FLAG_NONE)
                             ,
                             AP_MODULE_FLAG_NONE
#endif
};
