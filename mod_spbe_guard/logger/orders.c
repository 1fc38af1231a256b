/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/orders.c - what the operator ordered, carried out. See orders.h.
 */
#include "logger/orders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include "store/hold.h"
#include "store/purge.h"
#include "store/segments.h"

#define AT_ONCE 32 /* orders in one pass */
#define ID_SIZE 64
#define WHY_SIZE 200

typedef struct result {
    char id[ID_SIZE], why[WHY_SIZE];
    int done;
    spbe_purge_counts_t counts;
} result_t;

struct spbe_orders {
    const char *home, *dir, *rejected;
    result_t results[SPBE_ORDER_RESULTS]; /* the newest last */
    int n_results;
    apr_pool_t *scratch; /* of one order */
    /* a purge under way */
    apr_pool_t *pool;
    spbe_purge_t *purge; /* NULL: none */
    spbe_archive_t *archive;
    unsigned opened;
    spbe_order_t order;
    const char *name;
    spbe_purge_counts_t counts;
};

spbe_orders_t *spbe_orders_create(const char *home, apr_pool_t *pool)
{
    spbe_orders_t *orders = apr_pcalloc(pool, sizeof(*orders));

    orders->home = home;
    orders->dir = apr_pstrcat(pool, home, "/" SPBE_ORDER_DIR, NULL);
    orders->rejected = apr_pstrcat(pool, home, "/" SPBE_ORDER_REJECTED, NULL);
    apr_pool_create(&orders->scratch, pool);
    apr_pool_create(&orders->pool, pool);
    mkdir(orders->dir, 0700);
    mkdir(orders->rejected, 0700);
    return orders;
}

static void note(spbe_orders_t *orders, const char *id, const char *why,
                 const spbe_purge_counts_t *counts)
{
    result_t *result;

    if (orders->n_results == SPBE_ORDER_RESULTS) {
        memmove(orders->results, orders->results + 1,
                sizeof(result_t) * (SPBE_ORDER_RESULTS - 1));
        orders->n_results--;
    }
    result = &orders->results[orders->n_results++];
    *result = (result_t){.done = why == NULL};
    apr_cpystrn(result->id, id, sizeof(result->id));
    apr_cpystrn(result->why, why == NULL ? "" : why, sizeof(result->why));
    if (counts != NULL) {
        result->counts = *counts;
    }
}

void spbe_orders_results(const spbe_orders_t *orders, char *text, size_t size)
{
    apr_pool_t *pool;
    size_t used = 0;
    int i;

    if (orders->n_results == 0 ||
        apr_pool_create(&pool, orders->pool) != APR_SUCCESS) {
        return;
    }
    for (i = 0; i < orders->n_results; i++) {
        const result_t *r = &orders->results[i];
        spbe_order_result_t result = {.id = r->id,
                                      .done = r->done,
                                      .why = r->why[0] == '\0' ? NULL : r->why,
                                      .segments = r->counts.segments,
                                      .bytes = r->counts.bytes};
        const char *json = spbe_order_result_json(&result, pool);

        if (used + strlen(json) + 2 < size) {
            used += (size_t)apr_snprintf(text + used, size - used, "%s%s",
                                         i > 0 && used > 0 ? "," : "", json);
        }
    }
    apr_pool_destroy(pool);
}

static const char *path_of(const spbe_orders_t *orders, const char *folder,
                           const char *name, const char *ending)
{
    return apr_pstrcat(orders->scratch, folder, "/", name, ending, NULL);
}

static void write_why(const char *path, const char *why)
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd != -1) {
        dprintf(fd, "%s\n", why);
        close(fd);
    }
}

static void reject(spbe_orders_t *orders, const char *name, const char *id,
                   const char *why)
{
    const char *from = path_of(orders, orders->dir, name, "");

    fprintf(stderr, "spbe-guardlog: an order was refused: %s\n", why);
    write_why(path_of(orders, orders->rejected, name, ".why"), why);
    /* One that can neither be kept nor taken away would come for ever. */
    if (rename(from, path_of(orders, orders->rejected, name, "")) == -1) {
        unlink(from);
    }
    note(orders, id, why, NULL);
}

/* Only who may write into the folder may order; a file that has another name
 * as well may be somebody else's. */
static int is_ours(const spbe_orders_t *orders, const struct stat *st)
{
    struct stat dir;

    return S_ISREG(st->st_mode) && st->st_nlink == 1 &&
           stat(orders->dir, &dir) == 0 && st->st_uid == dir.st_uid;
}

/* The bytes of the file; NULL: *why says what is wrong with it. */
static const char *read_file(const spbe_orders_t *orders, const char *name,
                             size_t *len, const char **why)
{
    int fd = open(path_of(orders, orders->dir, name, ""),
                  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    char *bytes = apr_palloc(orders->scratch, SPBE_ORDER_FILE_MAX + 1);
    struct stat st;
    ssize_t n = -1;

    *why = "cannot be read, or is not the logger's own";
    if (fd != -1 && fstat(fd, &st) == 0 && is_ours(orders, &st)) {
        n = read(fd, bytes, SPBE_ORDER_FILE_MAX + 1);
    }
    if (fd != -1) {
        close(fd);
    }
    if (n > SPBE_ORDER_FILE_MAX) {
        *why = "is too long";
        n = -1;
    }
    *len = n < 0 ? 0 : (size_t)n;
    return n < 0 ? NULL : bytes;
}

/* One order on one line, by the tool. */
static const char *read_order(spbe_span_t bytes, spbe_order_t *order,
                              apr_pool_t *pool)
{
    spbe_span_t rest = bytes, text = spbe_span_line(&rest);
    spbe_line_t line;
    const char *why;

    if (bytes.len == 0 || bytes.ptr[bytes.len - 1] != '\n' || rest.len > 0) {
        return "is not one whole line";
    }
    why = spbe_intake_check(SPBE_INTAKE_TOOL, text, &line, pool);
    if (why != NULL) {
        return why;
    }
    if (line.h == NULL) {
        return "is not written by the tool";
    }
    switch (spbe_order_parse(spbe_span_from(line.h), order, &why, pool)) {
    case SPBE_OK:
        return NULL;
    case SPBE_NONE:
        return "is no order";
    default:
        return why;
    }
}

/* Everything in it is old enough, and under no hold. */
static const char *check_purge(const spbe_orders_t *orders,
                               const spbe_order_t *order)
{
    apr_pool_t *pool = orders->scratch;
    apr_time_t now = apr_time_now();
    apr_array_header_t *segments, *holds;
    int i, n = 0;

    if (spbe_hold_read(orders->home, &holds, pool) != APR_SUCCESS) {
        return SPBE_HOLD_FILE " cannot be read: nothing is purged";
    }
    if (spbe_segments_list(orders->home, &segments, pool) != APR_SUCCESS) {
        return "the archive cannot be read";
    }
    for (i = 0; i < segments->nelts; i++) {
        const spbe_segments_one_t *one =
            &APR_ARRAY_IDX(segments, i, spbe_segments_one_t);
        const spbe_hold_t *hold;

        if (one->first < order->first || one->first >= order->behind) {
            continue;
        }
        n++;
        if (one->is_last || one->to >= order->before ||
            one->to >= now - SPBE_ORDER_YOUNG) {
            return "what is in it is too young, or still being written";
        }
        hold = spbe_hold_find(holds, one->from, one->to);
        if (hold != NULL) {
            return apr_pstrcat(pool, "under the legal hold ", hold->id, NULL);
        }
    }
    return n == 0 ? "there are no such segments" : NULL;
}

/* NULL, or why it may not be. *holds: as they are afterwards, or NULL. */
static const char *check(const spbe_orders_t *orders, const spbe_order_t *order,
                         apr_array_header_t **holds)
{
    *holds = NULL;
    if (order->what == SPBE_ORDER_READ) {
        return NULL;
    }
    if (order->what == SPBE_ORDER_PURGE) {
        return check_purge(orders, order);
    }
    if (spbe_hold_read(orders->home, holds, orders->scratch) != APR_SUCCESS) {
        return SPBE_HOLD_FILE " cannot be read";
    }
    return spbe_hold_apply(*holds, order, orders->scratch);
}

/* It stays in hand until all segments are done; its file stays as long. */
static void begin_purge(spbe_orders_t *orders, const char *name,
                        spbe_span_t bytes, spbe_shelf_t *shelf)
{
    apr_pool_clear(orders->pool);
    orders->name = apr_pstrdup(orders->pool, name);
    bytes.ptr = apr_pstrmemdup(orders->pool, bytes.ptr, bytes.len);
    read_order(bytes, &orders->order, orders->pool);
    orders->counts = (spbe_purge_counts_t){0};
    orders->opened = shelf->opened;
    orders->archive = shelf->archive;
    orders->purge =
        spbe_purge_create(shelf->archive, &orders->order, orders->pool);
}

/* 0: the archive does not take it now. */
static int carry_out(spbe_orders_t *orders, const char *name, spbe_span_t bytes,
                     spbe_intake_t *intake, spbe_shelf_t *shelf)
{
    const char *path = path_of(orders, orders->dir, name, "");
    apr_array_header_t *holds = NULL;
    spbe_order_t order = {.id = name};
    const char *why = read_order(bytes, &order, orders->scratch);

    if (why != NULL) {
        reject(orders, name, name, why);
        return 1;
    }
    why = check(orders, &order, &holds);
    if (why != NULL) {
        reject(orders, name, order.id, why);
        return 1;
    }
    spbe_intake_take(intake, SPBE_INTAKE_TOOL, bytes, 1);
    if (!spbe_shelf_commit(shelf, intake)) {
        return 0;
    }
    if (order.what == SPBE_ORDER_PURGE) {
        begin_purge(orders, name, bytes, shelf);
        return 1;
    }
    if (holds != NULL &&
        spbe_hold_write(orders->home, holds, orders->scratch) != APR_SUCCESS) {
        reject(orders, name, order.id, SPBE_HOLD_FILE " cannot be written");
        return 1;
    }
    unlink(path);
    note(orders, order.id, NULL, NULL);
    return 1;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* const char *: the first ones in the order in which they were given. */
static apr_array_header_t *list(const spbe_orders_t *orders)
{
    apr_array_header_t *names =
        apr_array_make(orders->scratch, 8, sizeof(const char *));
    DIR *dir = opendir(orders->dir);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.' &&
            spbe_span_ends(spbe_span_from(entry->d_name),
                           SPBE_SPAN(SPBE_ORDER_ENDING))) {
            APR_ARRAY_PUSH(names, const char *) =
                apr_pstrdup(orders->scratch, entry->d_name);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    qsort(names->elts, (size_t)names->nelts, sizeof(const char *), by_name);
    return names;
}

void spbe_orders_pass(spbe_orders_t *orders, spbe_intake_t *intake,
                      spbe_shelf_t *shelf)
{
    apr_array_header_t *names;
    int i;

    if (orders->purge != NULL) {
        return;
    }
    apr_pool_clear(orders->scratch);
    names = list(orders);
    for (i = 0; i < names->nelts && i < AT_ONCE && orders->purge == NULL; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *), *why;
        spbe_span_t bytes;

        bytes.ptr = read_file(orders, name, &bytes.len, &why);
        if (bytes.ptr == NULL) {
            reject(orders, name, name, why);
        }
        else if (!carry_out(orders, name, bytes, intake, shelf)) {
            return;
        }
    }
}

int spbe_orders_step(spbe_orders_t *orders, spbe_shelf_t *shelf)
{
    apr_status_t rv;

    if (orders->purge == NULL) {
        return 0;
    }
    /* Opened anew: its file is still there, and it begins again. */
    if (orders->opened != shelf->opened || orders->archive != shelf->archive) {
        orders->purge = NULL;
        return 0;
    }
    rv = spbe_purge_step(orders->purge, &orders->counts);
    if (rv == APR_SUCCESS) {
        return 1;
    }
    orders->purge = NULL;
    apr_pool_clear(orders->scratch);
    if (APR_STATUS_IS_EOF(rv)) {
        unlink(path_of(orders, orders->dir, orders->name, ""));
        note(orders, orders->order.id, NULL, &orders->counts);
    }
    else {
        reject(orders, orders->name, orders->order.id,
               rv == APR_EINVAL ? "the segments are not as the order says"
                                : "the archive could not be rewritten");
    }
    return 0;
}
