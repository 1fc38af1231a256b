/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/state.c - state.json. See state.h.
 */
#include "logger/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <apr_strings.h>
#include "text/jsonout.h"
#include "text/stamp.h"
#include "text/version.h"

#define FILE_NAME "state.json"

typedef struct facts {
    spbe_share_intake_t intake;
    spbe_share_index_t index;
    spbe_share_keeper_t keeper;
    const char *node;
} facts_t;

static void add_time(spbe_buf_t *buf, const char *name, apr_time_t time)
{
    char stamp[SPBE_STAMP_SIZE];

    if (time == 0) {
        spbe_jsonout_raw(buf, name, "null");
        return;
    }
    spbe_stamp_write(time, stamp);
    spbe_jsonout_text(buf, name, stamp);
}

static void add_count(spbe_buf_t *buf, const char *name, apr_uint64_t count)
{
    spbe_jsonout_number(buf, name, (apr_int64_t)count);
}

static void add_trouble(spbe_buf_t *buf, const spbe_trouble_t *trouble)
{
    if (trouble->detail[0] == '\0') {
        return;
    }
    spbe_jsonout_comma(buf);
    spbe_buf_addc(buf, '{');
    spbe_jsonout_text(buf, "what", trouble->what);
    spbe_jsonout_text(buf, "detail", trouble->detail);
    add_time(buf, "since", trouble->since);
    spbe_buf_addc(buf, '}');
}

#define TROUBLES 10

static void list_troubles(const facts_t *facts,
                          const spbe_trouble_t *troubles[TROUBLES])
{
    const spbe_trouble_t *all[TROUBLES] = {
        &facts->intake.archive, &facts->intake.chain,  &facts->intake.signer,
        &facts->index.database, &facts->intake.disk,   &facts->intake.state,
        &facts->intake.other,   &facts->keeper.syslog, &facts->intake.sandbox,
        &facts->intake.old};

    memcpy(troubles, all, sizeof(all));
}

static const char *last_error(const facts_t *facts)
{
    const spbe_trouble_t *troubles[TROUBLES];
    int i;

    list_troubles(facts, troubles);
    for (i = 0; i < TROUBLES - 1 && troubles[i]->detail[0] == '\0'; i++) {
        continue;
    }
    return troubles[i]->detail;
}

static void add_head(spbe_buf_t *buf, const facts_t *facts)
{
    char head[SPBE_HEAD_TEXT];

    if (facts->intake.head.group == 0) {
        spbe_jsonout_raw(buf, "head", "null");
    }
    else {
        spbe_head_write(&facts->intake.head, head);
        spbe_jsonout_text(buf, "head", head);
    }
    add_time(buf, "head_time", facts->intake.head.time);
    add_time(buf, "head_sent", facts->keeper.head_sent);
}

static void add_processes(spbe_buf_t *buf, const facts_t *facts, int running)
{
    spbe_jsonout_number(buf, "v", 1);
    spbe_jsonout_text(buf, "version", SPBE_VERSION);
    spbe_jsonout_text(buf, "node", facts->node);
    spbe_jsonout_number(buf, "pid", facts->keeper.pid);
    spbe_jsonout_number(buf, "intake", facts->intake.pid);
    spbe_jsonout_number(buf, "index", facts->index.pid);
    add_time(buf, "started", facts->keeper.started);
    add_time(buf, "time", apr_time_now());
    add_time(buf, "last_beat", facts->intake.beat);
    spbe_jsonout_raw(buf, "running", running ? "true" : "false");
}

static void add_counts(spbe_buf_t *buf, const facts_t *facts)
{
    const spbe_share_intake_t *in = &facts->intake;
    const spbe_index_counts_t *index = &facts->index.counts;

    add_count(buf, "lines", in->lines);
    add_count(buf, "records", index->records);
    add_count(buf, "duplicates", in->duplicates);
    add_count(buf, "incomplete", index->incomplete);
    add_count(buf, "malformed", in->malformed);
    add_count(buf, "lost", in->lost);
    add_count(buf, "gaps", in->gaps);
    add_count(buf, "waiting_bytes", in->waiting);
    add_count(buf, "spill_bytes", in->spill);
    add_count(buf, "torn_bytes", in->torn);
    add_count(buf, "archive_bytes", in->end);
    add_count(buf, "indexed_bytes", facts->index.position);
    add_count(buf, "disk_free", in->disk_free);
    add_count(buf, "disk_total", in->disk_total);
    spbe_jsonout_number(buf, "stage", in->stage);
}

static void make_json(spbe_buf_t *buf, const facts_t *facts, int running)
{
    const spbe_trouble_t *troubles[TROUBLES];
    int i;

    spbe_buf_addc(buf, '{');
    add_processes(buf, facts, running);
    add_counts(buf, facts);
    add_head(buf, facts);
    spbe_jsonout_text(buf, "last_error", last_error(facts));
    spbe_jsonout_name(buf, "troubles");
    spbe_buf_addc(buf, '[');
    list_troubles(facts, troubles);
    for (i = 0; i < TROUBLES; i++) {
        add_trouble(buf, troubles[i]);
    }
    spbe_buf_adds(buf, "],\"actions\":[");
    spbe_buf_adds(buf, facts->intake.actions);
    spbe_buf_adds(buf, "]}\n");
}

static apr_status_t write_file(const char *path, spbe_span_t text)
{
    ssize_t n;
    int fd;

    /* The folder may be somebody else's: no link of his is followed. */
    unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd == -1) {
        return errno;
    }
    n = write(fd, text.ptr, text.len);
    if (n != (ssize_t)text.len) {
        apr_status_t rv = n == -1 ? errno : APR_ENOSPC;

        close(fd);
        return rv;
    }
    return close(fd) == 0 ? APR_SUCCESS : errno;
}

apr_status_t spbe_state_write(const spbe_share_t *share, const char *home,
                              int running, apr_pool_t *scratch)
{
    const char *path = apr_pstrcat(scratch, home, "/" FILE_NAME, NULL);
    const char *aside = apr_pstrcat(scratch, path, ".new", NULL);
    facts_t *facts = apr_palloc(scratch, sizeof(*facts));
    apr_status_t rv;
    spbe_buf_t buf;

    spbe_share_get_intake(share, &facts->intake);
    spbe_share_get_index(share, &facts->index);
    spbe_share_get_keeper(share, &facts->keeper);
    facts->node = share->node;
    spbe_buf_init(&buf, 2048, scratch);
    make_json(&buf, facts, running);
    rv = write_file(aside, spbe_buf_span(&buf));
    if (rv == APR_SUCCESS && rename(aside, path) == -1) {
        rv = errno;
    }
    return rv;
}
