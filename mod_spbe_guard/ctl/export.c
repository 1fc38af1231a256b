/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/export.c - "export": records for other programs and for paper.
 */
#include "ctl/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <apr_strings.h>
#include "ctl/drop.h"
#include "ctl/full.h"
#include "ctl/home.h"
#include "ctl/print.h"
#include "text/visible.h"

#define SYSLOG "/dev/log"

static const spbe_export_format_t *const formats[] = {
    &spbe_export_jsonl, &spbe_export_csv, &spbe_export_html,
    &spbe_export_syslog};

typedef struct exporting {
    const spbe_ctl_t *ctl;
    spbe_ctl_store_t store;
    const spbe_export_format_t *format;
    const char *out_path, *socket;
    FILE *out;
    int send; /* socket of --send, or -1 */
    int error;
    long records, opened, failed;
} exporting_t;

const char *spbe_export_text(const spbe_buf_t *buf, const cJSON *record,
                             const char *name)
{
    return spbe_ctl_text(record, name, buf->pool);
}

static void write_out(exporting_t *e, const spbe_buf_t *buf)
{
    spbe_span_t text = spbe_buf_span(buf);

    if (e->send == -1) {
        if (fwrite(text.ptr, 1, text.len, e->out) != text.len) {
            e->error = errno;
        }
    }
    /* A datagram has no line end. */
    else if (send(e->send, text.ptr, text.len - 1, MSG_NOSIGNAL) == -1) {
        e->error = errno;
    }
}

static int take(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    exporting_t *e = baton;
    const cJSON *record;
    spbe_buf_t buf;

    if (strcmp(row->kind, "key") == 0) {
        return 0;
    }
    record = spbe_ctl_full(&e->store, row, pool);
    spbe_buf_init(&buf, 4096, pool);
    e->format->record(&buf, record);
    write_out(e, &buf);
    e->records++;
    e->opened += strcmp(spbe_ctl_text(record, "details", pool), "opened") == 0;
    e->failed += spbe_ctl_failed(&e->store, record);
    return e->error != 0;
}

static int open_socket(exporting_t *e)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    apr_cpystrn(address.sun_path, e->socket, sizeof(address.sun_path));
    e->send = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (e->send == -1 ||
        connect(e->send, (struct sockaddr *)&address, sizeof(address)) == -1) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s: %s",
                             spbe_visible(e->socket, e->ctl->pool),
                             strerror(errno));
    }
    return SPBE_CTL_FINE;
}

static int open_out(exporting_t *e)
{
    int fd;

    e->out = stdout;
    if (e->socket != NULL) {
        return open_socket(e);
    }
    if (e->out_path == NULL) {
        return SPBE_CTL_FINE;
    }
    fd = open(e->out_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    e->out = fd == -1 ? NULL : fdopen(fd, "w");
    return e->out != NULL
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot write %s: %s",
                               spbe_visible(e->out_path, e->ctl->pool),
                               strerror(errno));
}

static int close_out(exporting_t *e)
{
    if (e->send != -1) {
        close(e->send);
    }
    if (fflush(e->out) != 0 || (e->out != stdout && fclose(e->out) != 0)) {
        e->error = errno;
    }
    return e->error == 0
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot write everything: %s",
                               strerror(e->error));
}

/* Details go out only where a key was given for that. */
static void close_details(exporting_t *e)
{
    if (!e->store.asked) {
        e->store.opening =
            spbe_opening_create(NULL, NULL, NULL, NULL, e->ctl->pool);
    }
}

static int write_all(exporting_t *e, const spbe_filter_t *filter,
                     const char *about)
{
    apr_pool_t *pool = e->ctl->pool;
    apr_status_t rv;
    spbe_buf_t buf;

    spbe_buf_init(&buf, 4096, pool);
    if (e->format->begin != NULL) {
        e->format->begin(&buf, about);
        write_out(e, &buf);
    }
    rv = spbe_ctl_query(&e->store, filter, take, e, pool);
    buf.len = 0;
    if (e->format->end != NULL) {
        e->format->end(&buf, e->records);
        write_out(e, &buf);
    }
    if (rv != APR_SUCCESS) {
        close_out(e);
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_ctl_store_error(&e->store));
    }
    return close_out(e);
}

/* To stderr: standard output is the export. */
static int finish(const exporting_t *e)
{
    fprintf(stderr, "spbe-guardctl: %ld catatan diekspor (records exported)\n",
            e->records);
    if (e->opened > 0) {
        spbe_drop_reading(
            e->ctl, apr_pstrcat(e->ctl->pool, "export ", e->format->name, NULL),
            (apr_uint64_t)e->opened);
    }
    return e->failed == 0 ? SPBE_CTL_FINE
                          : spbe_ctl_fail(SPBE_CTL_TROUBLE,
                                          "%ld catatan tidak dapat dibuka "
                                          "(could not be opened)",
                                          e->failed);
}

static const spbe_export_format_t *find_format(const char *name)
{
    size_t i;

    for (i = 0; name != NULL && i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(formats[i]->name, name) == 0) {
            return formats[i];
        }
    }
    return NULL;
}

static int check(exporting_t *e, const char *format, int send)
{
    e->format = find_format(format);
    if (e->format == NULL) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "export needs --format jsonl, csv, html or "
                             "syslog");
    }
    if (send && e->format != &spbe_export_syslog) {
        return spbe_ctl_fail(SPBE_CTL_USAGE, "--send is for --format syslog");
    }
    if (send && e->out_path != NULL) {
        return spbe_ctl_fail(SPBE_CTL_USAGE, "--send or --out, not both");
    }
    e->socket = !send ? NULL : e->socket == NULL ? SYSLOG : e->socket;
    return SPBE_CTL_FINE;
}

static const char *about(const char *since, const char *until,
                         const spbe_filter_t *filter, apr_pool_t *pool)
{
    return apr_pstrcat(
        pool, "Dari: ", since == NULL ? "awal" : since,
        "; sampai: ", until == NULL ? "kini" : until, "; aplikasi: ",
        filter->application == NULL ? "semua" : filter->application,
        "; jenis: ", filter->kind == NULL ? "semua" : filter->kind,
        ". Oleh: ", spbe_home_who(pool), NULL);
}

int spbe_ctl_export(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    exporting_t e = {.ctl = ctl, .send = -1};
    spbe_ctl_keys_t keys = {.recipients = NULL};
    spbe_filter_t filter = {.node = ctl->node};
    const char *format = NULL, *since = NULL, *until = NULL;
    int send = 0;
    const spbe_ctl_option_t options[] = {
        {"--format", &format, NULL},
        {"--since", &since, NULL},
        {"--until", &until, NULL},
        {"--application", &filter.application, NULL},
        {"--kind", &filter.kind, NULL},
        {"--class", &filter.class_name, NULL},
        {"--severity", &filter.severity, NULL},
        {"--route", &filter.route, NULL},
        {"--out", &e.out_path, NULL},
        {"--send", NULL, &send},
        {"--socket", &e.socket, NULL},
        {"--rewrap", &keys.rewrap, NULL},
        {"--passphrase-file", &keys.passphrase_file, NULL},
        {NULL, NULL, NULL},
    };
    int code;

    keys.files = apr_array_make(ctl->pool, 2, sizeof(const char *));
    code = spbe_ctl_many(ctl, "--key", &argc, &argv, keys.files);
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_options(ctl, argc, argv, options, NULL);
    }
    if (code == SPBE_CTL_FINE) {
        code = check(&e, format, send);
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_since(ctl, since, &filter.since);
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_time(ctl, "--until", until, &filter.until);
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_store_open(ctl, &e.store, &keys);
    }
    if (code == SPBE_CTL_FINE) {
        code = open_out(&e);
    }
    if (code == SPBE_CTL_FINE) {
        close_details(&e);
        code = write_all(&e, &filter, about(since, until, &filter, ctl->pool));
    }
    return code == SPBE_CTL_FINE ? finish(&e) : code;
}
