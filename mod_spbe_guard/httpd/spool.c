/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/spool.c - a request's body, read before the handler does. See spool.h.
 */
#include "httpd/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <apr_portable.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>

#include "httpd/conf.h"
#include "httpd/state.h"
#include "httpd/thread.h"

APLOG_USE_MODULE(spbe_guard);

#define SMALL (8 * 1024)
#define READ_AT_ONCE (64 * 1024)

static apr_status_t release(void *data)
{
    spbe_spool_t *spool = data;

    if (spool->map != NULL) {
        munmap(spool->map, (size_t)spool->kept);
    }
    if (spool->fd >= 0) {
        close(spool->fd);
    }
    spbe_room_give(&spool->taken);
    return APR_SUCCESS;
}

static spbe_spool_t *make(request_rec *r)
{
    request_rec *first = spbe_state_first(r);
    spbe_spool_t *spool = apr_pcalloc(first->pool, sizeof(*spool));

    spool->r = first;
    spool->fd = -1;
    spool->data = SPBE_SPAN_EMPTY;
    return spool;
}

/* --- the file ------------------------------------------------------------ */

static int open_file(const char *dir, apr_pool_t *pool)
{
    int fd;
    char *name;

#ifdef O_TMPFILE
    fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) {
        return fd;
    }
#endif
    name = apr_pstrcat(pool, dir, "/body.XXXXXX", NULL);
    fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0) {
        unlink(name);
    }
    return fd;
}

static int fail(spbe_spool_t *spool, int error, const char *why)
{
    ap_log_rerror(APLOG_MARK, APLOG_ERR, error, spool->r,
                  "SG0031: a request's body cannot be examined: %s", why);
    spool->end = SPBE_SPOOL_FAILED;
    spool->why = why;
    return 0;
}

static int write_all(spbe_spool_t *spool, const char *bytes, apr_size_t len)
{
    const char *why = spbe_room_take(&spool->taken, spool->r,
                                     (apr_uint64_t)spool->kept + len);

    if (why != NULL) {
        return fail(spool, 0, why);
    }
    while (len > 0) {
        ssize_t n = write(spool->fd, bytes, len);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return fail(spool, n < 0 ? errno : 0,
                        "a temporary file cannot be written");
        }
        bytes += n;
        len -= (apr_size_t)n;
        spool->kept += n;
        spbe_thread_count()->spooled_bytes += (apr_uint64_t)n;
    }
    return 1;
}

static int begin_file(spbe_spool_t *spool)
{
    const char *dir = spbe_conf_server(spool->r->server)->spool_dir;
    apr_size_t len = (apr_size_t)spool->kept;
    int fd = dir == NULL ? -1 : open_file(dir, spool->r->pool);

    if (fd < 0) {
        return fail(spool, dir == NULL ? 0 : errno,
                    "no temporary file can be made");
    }
    spool->fd = fd;
    spool->kept = 0;
    if (!write_all(spool, spool->memory, len)) {
        /* What is in memory is still whole there. */
        close(spool->fd);
        spool->fd = -1;
        spool->kept = (apr_off_t)len;
        return 0;
    }
    return 1;
}

/* The file's bytes where they are; nobody writes to it any more. */
static void map_file(spbe_spool_t *spool)
{
    void *at;

    if (spool->fd < 0 || spool->kept == 0) {
        spool->data = (spbe_span_t){spool->memory == NULL ? "" : spool->memory,
                                    (size_t)spool->kept};
        return;
    }
    at = mmap(NULL, (size_t)spool->kept, PROT_READ, MAP_PRIVATE, spool->fd, 0);
    if (at == MAP_FAILED) {
        fail(spool, errno, "a temporary file cannot be mapped");
        return;
    }
    spool->map = at;
    spool->data = (spbe_span_t){at, (size_t)spool->kept};
}

/* --- memory first -------------------------------------------------------- */

/* A Content-Length tells how much is needed; else small, then all of it. */
static void make_room(spbe_spool_t *spool, apr_size_t needed)
{
    char *bigger;

    if (needed <= spool->room) {
        return;
    }
    if (spool->room == 0 && needed < SMALL) {
        needed = SMALL;
    }
    else if (spool->room > 0) {
        needed = SPBE_SPOOL_MEMORY;
    }
    bigger = apr_palloc(spool->r->pool, needed);
    if (spool->kept > 0) {
        memcpy(bigger, spool->memory, (size_t)spool->kept);
    }
    spool->memory = bigger;
    spool->room = needed;
}

static int keep(spbe_spool_t *spool, const char *bytes, apr_size_t len)
{
    /* HTTP/2 hands out empty buckets, also before there is any memory. */
    if (len == 0) {
        return 1;
    }
    if (spool->fd < 0 && (apr_size_t)spool->kept + len <= SPBE_SPOOL_MEMORY) {
        make_room(spool, (apr_size_t)spool->kept + len);
        memcpy(spool->memory + spool->kept, bytes, len);
        spool->kept += (apr_off_t)len;
        return 1;
    }
    if (spool->fd < 0 && !begin_file(spool)) {
        return 0;
    }
    return write_all(spool, bytes, len);
}

/* Nothing of what was read may be lost, whatever happens to it. */
static void keep_rest(spbe_spool_t *spool, apr_bucket_brigade *bb,
                      const char *left, apr_size_t len)
{
    apr_bucket_alloc_t *alloc = bb->bucket_alloc;

    spool->rest = apr_brigade_create(spool->r->pool, alloc);
    if (len > 0) {
        APR_BRIGADE_INSERT_TAIL(spool->rest,
                                apr_bucket_heap_create(left, len, NULL, alloc));
    }
    ap_save_brigade(NULL, &spool->rest, &bb, spool->r->pool);
}

static int broken(spbe_spool_t *spool, apr_status_t rv)
{
    spool->end = SPBE_SPOOL_BROKEN;
    spool->status = ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
    return 0;
}

/* 1: go on reading. */
static int keep_bucket(spbe_spool_t *spool, apr_bucket_brigade *bb,
                       apr_bucket *e)
{
    apr_off_t before = spool->kept;
    const char *bytes;
    apr_size_t len, done;
    apr_status_t rv = apr_bucket_read(e, &bytes, &len, APR_BLOCK_READ);

    if (rv != APR_SUCCESS) {
        return broken(spool, rv);
    }
    if (keep(spool, bytes, len)) {
        apr_bucket_delete(e);
        return 1;
    }
    done = (apr_size_t)(spool->kept - before);
    APR_BUCKET_REMOVE(e);
    keep_rest(spool, bb, bytes + done, len - done);
    apr_bucket_destroy(e);
    return 0;
}

/* All of bb; 1: go on reading. */
static int keep_brigade(spbe_spool_t *spool, apr_bucket_brigade *bb)
{
    while (!APR_BRIGADE_EMPTY(bb)) {
        apr_bucket *e = APR_BRIGADE_FIRST(bb);

        if (APR_BUCKET_IS_EOS(e)) {
            spool->end = SPBE_SPOOL_WHOLE;
            return 0;
        }
        if (AP_BUCKET_IS_ERROR(e)) {
            spool->end = SPBE_SPOOL_BROKEN;
            spool->status = ((ap_bucket_error *)e->data)->status;
            return 0;
        }
        if (APR_BUCKET_IS_METADATA(e)) {
            apr_bucket_delete(e);
            continue;
        }
        if (!keep_bucket(spool, bb, e)) {
            return 0;
        }
    }
    return 1;
}

/* One byte more than the limit tells whether there is more. */
static apr_off_t wanted(const spbe_spool_t *spool, apr_off_t limit)
{
    apr_off_t left = limit + 1 - spool->kept;

    return limit > 0 && left < READ_AT_ONCE ? left : READ_AT_ONCE;
}

static void read_all(spbe_spool_t *spool, request_rec *r, apr_off_t limit)
{
    apr_bucket_brigade *bb =
        apr_brigade_create(r->pool, r->connection->bucket_alloc);
    int more = 1;

    while (more) {
        apr_status_t rv =
            ap_get_brigade(r->proto_input_filters, bb, AP_MODE_READBYTES,
                           APR_BLOCK_READ, wanted(spool, limit));

        if (rv == APR_SUCCESS && APR_BRIGADE_EMPTY(bb)) {
            rv = APR_EOF;
        }
        more = rv == APR_SUCCESS ? keep_brigade(spool, bb) : broken(spool, rv);
        if (more && limit > 0 && spool->kept > limit) {
            spool->end = SPBE_SPOOL_OVER;
            more = 0;
        }
    }
    apr_brigade_destroy(bb);
}

/* Whoever reads it next must not wait for chunks. */
static void tell_length(spbe_spool_t *spool)
{
    apr_table_t *headers = spool->r->headers_in;

    if (apr_table_get(headers, "Transfer-Encoding") == NULL) {
        return;
    }
    apr_table_unset(headers, "Transfer-Encoding");
    apr_table_setn(headers, "Content-Length",
                   apr_off_t_toa(spool->r->pool, spool->kept));
}

spbe_spool_t *spbe_spool_read(request_rec *r, apr_off_t limit)
{
    spbe_spool_t *spool = make(r);
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    apr_off_t known = 0;

    apr_pool_cleanup_register(spool->r->pool, spool, release,
                              apr_pool_cleanup_null);
    if (length != NULL &&
        apr_strtoff(&known, length, NULL, 10) == APR_SUCCESS && known > 0 &&
        known <= SPBE_SPOOL_MEMORY) {
        make_room(spool, (apr_size_t)known);
    }
    read_all(spool, r, limit);
    map_file(spool);
    if (spool->end == SPBE_SPOOL_WHOLE) {
        tell_length(spool);
    }
    return spool;
}

spbe_spool_t *spbe_spool_kept(request_rec *r, apr_off_t limit)
{
    spbe_spool_t *spool = make(r);
    apr_size_t len = limit > 0 ? (apr_size_t)limit + 1 : SPBE_SPOOL_MEMORY;
    char *bytes;

    if (apr_brigade_pflatten(r->kept_body, &bytes, &len, spool->r->pool) !=
        APR_SUCCESS) {
        fail(spool, 0, "the body that another module kept cannot be read");
        return spool;
    }
    spool->kept = (apr_off_t)len;
    spool->data = (spbe_span_t){bytes, len};
    if (limit > 0 && spool->kept > limit) {
        spool->end = SPBE_SPOOL_OVER;
    }
    return spool;
}

void spbe_spool_put(spbe_spool_t *spool, apr_bucket_brigade *bb)
{
    apr_bucket_alloc_t *alloc = bb->bucket_alloc;
    apr_bucket *e;

    if (spool->kept > 0 && (spool->fd < 0 || spool->map != NULL)) {
        APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_immortal_create(spool->data.ptr,
                                                               spool->data.len,
                                                               alloc));
    }
    else if (spool->kept > 0) {
        apr_file_t *file;

        apr_os_file_put(&file, &spool->fd, APR_FOPEN_READ, spool->r->pool);
        apr_brigade_insert_file(bb, file, 0, spool->kept, spool->r->pool);
    }
    if (spool->rest == NULL) {
        return;
    }
    for (e = APR_BRIGADE_FIRST(spool->rest);
         e != APR_BRIGADE_SENTINEL(spool->rest); e = APR_BUCKET_NEXT(e)) {
        apr_bucket *copy;

        if (!APR_BUCKET_IS_EOS(e) && apr_bucket_copy(e, &copy) == APR_SUCCESS) {
            APR_BRIGADE_INSERT_TAIL(bb, copy);
        }
    }
}
