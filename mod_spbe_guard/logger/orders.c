/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/orders.c - the drop folder. See orders.h.
 */
#include "logger/orders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include "logger/orders_do.h"
#include "store/order.h"
#include "text/jsonout.h"

#define RESULT ((SPBE_ORDERS_RESULTS - 1) / SPBE_ORDER_RESULTS - 1)
#define FILES 64 /* looked at in one pass */

struct spbe_orders {
    const char *home, *drop, *rejected;
    spbe_notice_t *notice;
    char result[SPBE_ORDER_RESULTS][RESULT];
    unsigned results;           /* how many there have been */
    spbe_orders_purge_t *purge; /* under way, in pool; or NULL */
    const char *file;           /* of that */
    unsigned opened;            /* the archive it is for */
    apr_pool_t *pool, *scratch;
};

spbe_orders_t *spbe_orders_create(const char *home, spbe_notice_t *notice,
                                  apr_pool_t *pool)
{
    spbe_orders_t *orders = apr_pcalloc(pool, sizeof(*orders));

    orders->home = home;
    orders->drop = apr_pstrcat(pool, home, "/" SPBE_ORDER_DIR, NULL);
    orders->rejected = apr_pstrcat(pool, home, "/" SPBE_ORDER_REJECTED, NULL);
    orders->notice = notice;
    apr_pool_create(&orders->pool, pool);
    apr_pool_create(&orders->scratch, pool);
    return orders;
}

static void put_result(spbe_orders_t *orders, const spbe_order_result_t *result)
{
    const char *json = spbe_order_result_json(result, orders->scratch);
    spbe_order_result_t brief = {.id = result->id, .done = result->done};

    /* Half of one would spoil the others. */
    if (strlen(json) >= RESULT) {
        json = spbe_order_result_json(&brief, orders->scratch);
    }
    apr_cpystrn(orders->result[orders->results++ % SPBE_ORDER_RESULTS], json,
                RESULT);
}

void spbe_orders_results(const spbe_orders_t *orders,
                         char text[SPBE_ORDERS_RESULTS])
{
    unsigned i = orders->results < SPBE_ORDER_RESULTS
                     ? 0
                     : orders->results - SPBE_ORDER_RESULTS;
    char *at = text;

    for (*at = '\0'; i < orders->results; i++) {
        if (at != text) {
            *at++ = ',';
        }
        at = apr_cpystrn(at, orders->result[i % SPBE_ORDER_RESULTS], RESULT);
    }
}

static const char *path_in(const char *dir, const char *name, apr_pool_t *pool)
{
    return apr_pstrcat(pool, dir, "/", name, NULL);
}

static void write_why(const spbe_orders_t *orders, const char *name,
                      const char *why)
{
    const char *path =
        apr_pstrcat(orders->scratch, orders->rejected, "/", name, ".why", NULL);
    const char *text = apr_pstrcat(orders->scratch, why, "\n", NULL);
    int fd;

    unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd != -1) {
        if (write(fd, text, strlen(text)) == -1) {
            unlink(path);
        }
        close(fd);
    }
}

/* One that cannot even be moved away would be refused again each second. */
static void reject(spbe_orders_t *orders, const char *name, const char *why)
{
    const char *from = path_in(orders->drop, name, orders->scratch);

    fprintf(stderr, "spbe-guardlog: an order was refused: %s\n", why);
    write_why(orders, name, why);
    if (rename(from, path_in(orders->rejected, name, orders->scratch)) == -1) {
        unlink(from);
    }
}

static void remove_file(const spbe_orders_t *orders, const char *name)
{
    unlink(path_in(orders->drop, name, orders->scratch));
}

/* NULL, or why not. Only who may write into the folder may order. */
static const char *read_file(spbe_orders_t *orders, const char *name,
                             spbe_span_t *text)
{
    int fd = open(path_in(orders->drop, name, orders->scratch),
                  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    char *bytes = apr_palloc(orders->scratch, SPBE_ORDER_FILE_MAX + 1);
    const char *why = NULL;
    struct stat st, dir;
    ssize_t n;

    if (fd == -1) {
        return "its file cannot be read";
    }
    n = read(fd, bytes, SPBE_ORDER_FILE_MAX + 1);
    if (fstat(fd, &st) == -1 || stat(orders->drop, &dir) == -1 ||
        !S_ISREG(st.st_mode) || st.st_nlink != 1) {
        why = "its file is no plain file";
    }
    else if (st.st_uid != dir.st_uid) {
        why = "its file is not owned by the owner of the drop folder";
    }
    else if (n <= 0 || n > SPBE_ORDER_FILE_MAX || bytes[n - 1] != '\n') {
        why = "its file is empty, too large, or not whole";
    }
    close(fd);
    *text = (spbe_span_t){bytes, why == NULL ? (size_t)n : 0};
    return why;
}

/* *list: spbe_order_t. NULL, or why not; nothing is done in part. */
static const char *read_orders(spbe_orders_t *orders, spbe_span_t text,
                               apr_array_header_t **list)
{
    *list = apr_array_make(orders->scratch, 4, sizeof(spbe_order_t));
    while (text.len > 0) {
        spbe_span_t one = spbe_span_cut(&text, '\n');
        spbe_order_t order;
        spbe_line_t line;
        const char *why =
            spbe_intake_check(SPBE_INTAKE_TOOL, one, &line, orders->scratch);

        if (why != NULL) {
            return why;
        }
        if (line.h == NULL) {
            continue;
        }
        if (spbe_order_parse(spbe_span_from(line.h), &order, &why,
                             orders->scratch) != SPBE_OK) {
            return why == NULL ? "it is none that is known" : why;
        }
        APR_ARRAY_PUSH(*list, spbe_order_t) = order;
    }
    if ((*list)->nelts == 0) {
        return "there is none in its file";
    }
    return (*list)->nelts == 1 || spbe_orders_find_purge(*list) == NULL
               ? NULL
               : "a purge stands alone in its file";
}

/* Takes as long as it takes, so it goes on beside the pipe. */
static const char *begin_purge(spbe_orders_t *orders, spbe_shelf_t *shelf,
                               const char *name, const spbe_order_t *order)
{
    const char *why;

    apr_pool_clear(orders->pool);
    why = spbe_orders_begin_purge(&orders->purge, orders->home, shelf->archive,
                                  order, orders->pool);
    orders->file = apr_pstrdup(orders->pool, name);
    orders->opened = shelf->opened;
    return why;
}

static void refuse_order(spbe_orders_t *orders, const char *name,
                         const spbe_order_t *order, const char *why)
{
    spbe_order_result_t result = {.id = order->id, .why = why};

    put_result(orders, &result);
    reject(orders, name, why);
}

static void carry_out(spbe_orders_t *orders, spbe_shelf_t *shelf,
                      const char *name, const apr_array_header_t *list)
{
    const spbe_order_t *purge = spbe_orders_find_purge(list);
    const char *why;
    int i;

    if (purge != NULL) {
        why = begin_purge(orders, shelf, name, purge);
        if (why != NULL) {
            orders->purge = NULL;
            refuse_order(orders, name, purge, why);
        }
        return;
    }
    for (i = 0; i < list->nelts; i++) {
        const spbe_order_t *order = &APR_ARRAY_IDX(list, i, spbe_order_t);
        spbe_order_result_t result = {.id = order->id};

        result.why = spbe_orders_do(orders->home, order, orders->scratch);
        result.done = result.why == NULL;
        put_result(orders, &result);
        if (result.why != NULL) {
            fprintf(stderr, "spbe-guardlog: an order was refused: %s\n",
                    result.why);
        }
    }
    remove_file(orders, name);
}

static void take_file(spbe_orders_t *orders, spbe_intake_t *intake,
                      spbe_shelf_t *shelf, const char *name)
{
    apr_array_header_t *list;
    spbe_span_t text;
    const char *why = read_file(orders, name, &text);

    if (why == NULL) {
        why = read_orders(orders, text, &list);
    }
    if (why != NULL) {
        reject(orders, name, why);
        return;
    }
    spbe_intake_take(intake, SPBE_INTAKE_TOOL, text, 1);
    if (spbe_shelf_commit(shelf, intake)) {
        carry_out(orders, shelf, name, list);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of their names; names that begin with a dot are not ready. */
static apr_array_header_t *list_files(spbe_orders_t *orders)
{
    apr_array_header_t *names =
        apr_array_make(orders->scratch, 8, sizeof(const char *));
    struct dirent *entry;
    DIR *list;

    mkdir(orders->drop, 0700);
    mkdir(orders->rejected, 0700);
    list = opendir(orders->drop);
    while (list != NULL && names->nelts < FILES &&
           (entry = readdir(list)) != NULL) {
        if (entry->d_name[0] != '.' &&
            spbe_span_ends(spbe_span_from(entry->d_name),
                           SPBE_SPAN(SPBE_ORDER_ENDING))) {
            APR_ARRAY_PUSH(names, const char *) =
                apr_pstrdup(orders->scratch, entry->d_name);
        }
    }
    if (list != NULL) {
        closedir(list);
    }
    qsort(names->elts, (size_t)names->nelts, sizeof(const char *), by_name);
    return names;
}

void spbe_orders_pass(spbe_orders_t *orders, spbe_intake_t *intake,
                      spbe_shelf_t *shelf)
{
    apr_array_header_t *names;
    int i;

    apr_pool_clear(orders->scratch);
    names = list_files(orders);
    for (i = 0;
         i < names->nelts && orders->purge == NULL && shelf->archive != NULL;
         i++) {
        take_file(orders, intake, shelf, APR_ARRAY_IDX(names, i, const char *));
    }
}

static void tell_purged(spbe_orders_t *orders,
                        const spbe_order_result_t *result)
{
    spbe_buf_t facts;

    spbe_buf_init(&facts, 256, orders->scratch);
    spbe_jsonout_text(&facts, "order", result->id);
    spbe_jsonout_text(&facts, "why", result->why);
    spbe_jsonout_number(&facts, "segments", (apr_int64_t)result->segments);
    spbe_jsonout_number(&facts, "bytes", (apr_int64_t)result->bytes);
    spbe_notice_add(orders->notice, "sys_log_purged",
                    result->done ? "notice" : "error",
                    result->done ? "records were purged by order"
                                 : "an order to purge could not be carried out",
                    spbe_buf_cstr(&facts));
}

int spbe_orders_step(spbe_orders_t *orders, spbe_shelf_t *shelf)
{
    spbe_order_result_t result;

    if (orders->purge == NULL) {
        return 0;
    }
    if (orders->opened != shelf->opened || shelf->archive == NULL) {
        /* Its file is still there: it begins again. */
        orders->purge = NULL;
        return 0;
    }
    if (spbe_orders_more_purge(orders->purge, &result, orders->scratch)) {
        return 1;
    }
    tell_purged(orders, &result);
    put_result(orders, &result);
    if (result.done) {
        remove_file(orders, orders->file);
    }
    else {
        reject(orders, orders->file, result.why);
    }
    orders->purge = NULL;
    apr_pool_clear(orders->scratch);
    return 0;
}
