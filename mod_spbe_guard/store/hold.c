/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/hold.c - legal holds. See hold.h.
 */
#include "store/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include "text/jsonout.h"
#include "text/jsontree.h"
#include "text/stamp.h"

#define FILE_MAX (4u << 20)

static apr_status_t read_file(const char *path, spbe_span_t *text,
                              apr_pool_t *pool)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_size_t len = 0;
    char *bytes;
    apr_status_t rv =
        apr_file_open(&file, path, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = apr_file_info_get(&info, APR_FINFO_SIZE, file);
    if (rv == APR_SUCCESS && info.size > FILE_MAX) {
        rv = APR_EINVAL;
    }
    if (rv == APR_SUCCESS) {
        bytes = apr_palloc(pool, (apr_size_t)info.size + 1);
        rv = apr_file_read_full(file, bytes, (apr_size_t)info.size, &len);
        *text = (spbe_span_t){bytes, len};
        rv = APR_STATUS_IS_EOF(rv) ? APR_SUCCESS : rv;
    }
    apr_file_close(file);
    return rv;
}

static const char *text_of(const spbe_node_t *node, spbe_span_t name,
                           apr_pool_t *pool)
{
    const spbe_node_t *member = spbe_node_member(node, name);

    return member == NULL || member->type != SPBE_NODE_STRING
               ? NULL
               : spbe_span_dup(member->text, pool);
}

static int time_of(const spbe_node_t *node, spbe_span_t name, apr_time_t *time)
{
    const spbe_node_t *member = spbe_node_member(node, name);

    return member != NULL && member->type == SPBE_NODE_STRING &&
           spbe_stamp_parse(member->text, time);
}

static int read_one(const spbe_node_t *node, spbe_hold_t *hold,
                    apr_pool_t *pool)
{
    *hold = (spbe_hold_t){.id = text_of(node, SPBE_SPAN("id"), pool),
                          .ref = text_of(node, SPBE_SPAN("ref"), pool),
                          .by = text_of(node, SPBE_SPAN("by"), pool),
                          .text = text_of(node, SPBE_SPAN("text"), pool)};
    return hold->id != NULL && hold->by != NULL && hold->text != NULL &&
           time_of(node, SPBE_SPAN("made"), &hold->made) &&
           time_of(node, SPBE_SPAN("since"), &hold->since) &&
           (SPBE_NODE_MEMBER(node, "until") == NULL ||
            time_of(node, SPBE_SPAN("until"), &hold->until));
}

apr_status_t spbe_hold_read(const char *home, apr_array_header_t **holds,
                            apr_pool_t *pool)
{
    const char *path = apr_pstrcat(pool, home, "/" SPBE_HOLD_FILE, NULL);
    spbe_json_report_t report;
    const spbe_node_t *tree, *list, *node;
    spbe_span_t text;
    apr_status_t rv;

    *holds = apr_array_make(pool, 4, sizeof(spbe_hold_t));
    rv = read_file(path, &text, pool);
    if (rv != APR_SUCCESS) {
        return APR_STATUS_IS_ENOENT(rv) ? APR_SUCCESS : rv;
    }
    tree = spbe_json_tree(text, NULL, &report, pool);
    list = SPBE_NODE_MEMBER(tree, "holds");
    if (report.fault != SPBE_JSON_FINE || list == NULL ||
        list->type != SPBE_NODE_ARRAY) {
        return APR_EINVAL;
    }
    for (node = list->first; node != NULL; node = node->next) {
        spbe_hold_t hold;

        if (!read_one(node, &hold, pool)) {
            return APR_EINVAL;
        }
        APR_ARRAY_PUSH(*holds, spbe_hold_t) = hold;
    }
    return APR_SUCCESS;
}

static void add_time(spbe_buf_t *buf, const char *name, apr_time_t time)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_write(time, stamp);
    spbe_jsonout_text(buf, name, stamp);
}

static void add_hold(spbe_buf_t *buf, const spbe_hold_t *hold)
{
    spbe_jsonout_comma(buf);
    spbe_buf_adds(buf, "\n{");
    spbe_jsonout_text(buf, "id", hold->id);
    add_time(buf, "made", hold->made);
    spbe_jsonout_text(buf, "ref", hold->ref);
    add_time(buf, "since", hold->since);
    if (hold->until != 0) {
        add_time(buf, "until", hold->until);
    }
    spbe_jsonout_text(buf, "by", hold->by);
    spbe_jsonout_text(buf, "text", hold->text);
    spbe_buf_addc(buf, '}');
}

/* On the disk before it takes the place of the old one. */
static apr_status_t write_file(const char *path, const char *aside,
                               spbe_span_t text)
{
    ssize_t n;
    int fd, error;

    unlink(aside);
    fd =
        open(aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd == -1) {
        return errno;
    }
    n = write(fd, text.ptr, text.len);
    error = n == (ssize_t)text.len && fsync(fd) == 0 ? 0
            : n >= 0 && n < (ssize_t)text.len        ? ENOSPC
                                                     : errno;
    close(fd);
    if (error == 0 && rename(aside, path) == -1) {
        error = errno;
    }
    if (error != 0) {
        unlink(aside);
    }
    return error;
}

static void sync_folder(const char *home)
{
    int fd = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd != -1) {
        fsync(fd);
        close(fd);
    }
}

apr_status_t spbe_hold_write(const char *home, const apr_array_header_t *holds,
                             apr_pool_t *scratch)
{
    const char *path = apr_pstrcat(scratch, home, "/" SPBE_HOLD_FILE, NULL);
    apr_status_t rv;
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 1024, scratch);
    spbe_buf_adds(&buf, "{\"v\":1,\"holds\":[");
    for (i = 0; i < holds->nelts; i++) {
        add_hold(&buf, &APR_ARRAY_IDX(holds, i, spbe_hold_t));
    }
    spbe_buf_adds(&buf, "]}\n");
    rv = write_file(path, apr_pstrcat(scratch, path, ".new", NULL),
                    spbe_buf_span(&buf));
    if (rv == APR_SUCCESS) {
        sync_folder(home);
    }
    return rv;
}

static int place_of(const apr_array_header_t *holds, const char *id)
{
    int i = 0;

    while (i < holds->nelts &&
           strcmp(APR_ARRAY_IDX(holds, i, spbe_hold_t).id, id) != 0) {
        i++;
    }
    return i;
}

static const char *release(apr_array_header_t *holds, const char *id)
{
    int i = place_of(holds, id);

    if (i == holds->nelts) {
        return "there is no hold with this id";
    }
    for (holds->nelts--; i < holds->nelts; i++) {
        APR_ARRAY_IDX(holds, i, spbe_hold_t) =
            APR_ARRAY_IDX(holds, i + 1, spbe_hold_t);
    }
    return NULL;
}

const char *spbe_hold_apply(apr_array_header_t *holds,
                            const spbe_order_t *action, apr_pool_t *pool)
{
    if (action->what == SPBE_ORDER_RELEASE) {
        return release(holds, action->hold);
    }
    if (action->what != SPBE_ORDER_HOLD) {
        return "no hold";
    }
    if (place_of(holds, action->id) < holds->nelts) {
        return NULL;
    }
    if (holds->nelts >= SPBE_HOLD_MAX) {
        return "there are too many holds";
    }
    APR_ARRAY_PUSH(holds, spbe_hold_t) =
        (spbe_hold_t){.id = apr_pstrdup(pool, action->id),
                      .made = action->ts,
                      .since = action->since,
                      .until = action->until,
                      .ref = apr_pstrdup(pool, action->ref),
                      .by = apr_pstrdup(pool, action->by),
                      .text = apr_pstrdup(pool, action->text)};
    return NULL;
}

const spbe_hold_t *spbe_hold_find(const apr_array_header_t *holds,
                                  apr_time_t from, apr_time_t to)
{
    int i;

    for (i = 0; i < holds->nelts; i++) {
        const spbe_hold_t *hold = &APR_ARRAY_IDX(holds, i, spbe_hold_t);

        if (hold->since <= to && (hold->until == 0 || hold->until >= from)) {
            return hold;
        }
    }
    return NULL;
}
