/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/rewrap.c - "keys rewrap": a successor can read the past. See keys.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <apr_strings.h>
#include "ctl/full.h"
#include "ctl/keys.h"
#include "text/visible.h"

typedef struct rewrapping {
    spbe_ctl_store_t store;
    spbe_unseal_t *unseal;
    spbe_recipient_t to;
    FILE *out;
    long done, others, bad;
} rewrapping_t;

static int take_key(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    rewrapping_t *r = baton;
    spbe_opened_t opened;
    spbe_span_t line;
    spbe_rc_t rc;

    spbe_opening_open(r->store.opening, row, &opened, pool);
    rc = opened.d.len == 0
             ? SPBE_BAD
             : spbe_unseal_rewrap(r->unseal, opened.d, r->to.key, &line, pool);
    if (rc == SPBE_OK) {
        fprintf(r->out, "%.*s\n", (int)line.len, line.ptr);
        r->done++;
    }
    else if (rc == SPBE_NONE) {
        r->others++;
    }
    else {
        r->bad++;
    }
    return ferror(r->out);
}

/* A new file, so that nothing is written over. */
static int open_out(const spbe_ctl_t *ctl, rewrapping_t *r, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    r->out = fd == -1 ? NULL : fdopen(fd, "w");
    return r->out != NULL
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot write %s: %s",
                               spbe_visible(path, ctl->pool), strerror(errno));
}

static int walk(const spbe_ctl_t *ctl, rewrapping_t *r, const char *path)
{
    spbe_filter_t filter = {.kind = "key"};
    apr_status_t rv = APR_SUCCESS;
    int failed;

    /* All of them are wanted: the archive itself is gone through. */
    if (r->store.survey == NULL) {
        rv = spbe_survey_create(&r->store.survey, &r->store.source, ctl->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = spbe_ctl_query(&r->store, &filter, take_key, r, ctl->pool);
    }
    failed =
        fflush(r->out) != 0 || ferror(r->out) || fsync(fileno(r->out)) != 0;
    failed = fclose(r->out) != 0 || failed;
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_ctl_store_error(&r->store));
    }
    return failed ? spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot write %s",
                                  spbe_visible(path, ctl->pool))
                  : SPBE_CTL_FINE;
}

static void print(const rewrapping_t *r, const spbe_keys_rewrap_t *order,
                  apr_pool_t *pool)
{
    if (order->json) {
        printf("{\"rewrapped\":%ld,\"sealed_to_others\":%ld,\"unusable\":%ld,"
               "\"to\":\"%s\"}\n",
               r->done, r->others, r->bad, r->to.id);
        return;
    }
    printf("%ld kunci disegel ulang untuk %s di %s "
           "(content keys sealed once more).\n",
           r->done, r->to.id, spbe_visible(order->out, pool));
    if (r->others + r->bad > 0) {
        printf("%ld disegel untuk kunci lain, %ld tidak dapat dipakai "
               "(sealed to others, unusable).\n",
               r->others, r->bad);
    }
    printf("penerus membaca dengan (the successor reads with):\n"
           "  spbe-guardctl show REFERENSI --key KUNCI-BARU.pem --rewrap %s\n",
           spbe_visible(order->out, pool));
}

int spbe_keys_rewrap(const spbe_ctl_t *ctl, const spbe_keys_rewrap_t *order)
{
    rewrapping_t r = {.done = 0};
    apr_array_header_t *files = apr_array_copy(ctl->pool, order->keys);
    spbe_ctl_keys_t keys = {files, NULL, order->passphrase_file, NULL};
    int code = spbe_keys_read_public(ctl, order->to, &r.to);

    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_store_open(ctl, &r.store, NULL);
    }
    if (code == SPBE_CTL_FINE && r.store.archive_error != NULL) {
        code = spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s", r.store.archive_error);
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_unseal(ctl, &keys, &r.unseal);
    }
    if (code == SPBE_CTL_FINE) {
        code = open_out(ctl, &r, order->out);
    }
    if (code == SPBE_CTL_FINE) {
        code = walk(ctl, &r, order->out);
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    print(&r, order, ctl->pool);
    return r.done > 0 ? SPBE_CTL_FINE : SPBE_CTL_TROUBLE;
}
