/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/state.c - state.json. See state.h.
 */
#include "logger/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/statvfs.h>
#include <apr_strings.h>
#include "text/jsonout.h"
#include "text/stamp.h"
#include "text/version.h"

#define FILE_NAME "state.json"
#define FREE_SHARE 20 /* one part of so many */
#define FREE_BYTES ((apr_uint64_t)256 << 20)

void spbe_state_init(spbe_state_t *state)
{
    *state = (spbe_state_t){.started = apr_time_now(),
                            .disk_trouble = {.what = "disk"},
                            .state_trouble = {.what = FILE_NAME}};
}

static void check_disk(spbe_state_t *state, const char *dir)
{
    struct statvfs fs;
    char text[128];

    if (statvfs(dir, &fs) == -1) {
        return;
    }
    state->disk_free = (apr_uint64_t)fs.f_bavail * fs.f_frsize;
    state->disk_total = (apr_uint64_t)fs.f_blocks * fs.f_frsize;
    if (state->disk_free >= FREE_BYTES &&
        state->disk_free >= state->disk_total / FREE_SHARE) {
        spbe_trouble_end(&state->disk_trouble);
        return;
    }
    /* One text for as long as it lasts: the number would be said each time. */
    apr_snprintf(text, sizeof(text),
                 "nearly full: less than 1/%d or 256 MiB is free", FREE_SHARE);
    spbe_trouble_begin(&state->disk_trouble, text);
}

static void add_time(spbe_buf_t *buf, const char *name, apr_time_t time)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_write(time, stamp);
    spbe_jsonout_text(buf, name, stamp);
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

static const char *last_error(const spbe_state_t *state,
                              const spbe_shelf_t *shelf)
{
    if (shelf->archive_trouble.detail[0] != '\0') {
        return shelf->archive_trouble.detail;
    }
    if (shelf->database_trouble.detail[0] != '\0') {
        return shelf->database_trouble.detail;
    }
    return state->disk_trouble.detail;
}

static void make_json(const spbe_state_t *state, const spbe_shelf_t *shelf,
                      const spbe_intake_t *intake, spbe_buf_t *buf)
{
    spbe_intake_counts_t in = spbe_intake_counts(intake);
    apr_uint64_t end =
        shelf->archive == NULL ? 0 : spbe_archive_end(shelf->archive);
    apr_uint64_t indexed =
        shelf->index == NULL ? 0 : spbe_index_position(shelf->index);

    spbe_buf_addc(buf, '{');
    spbe_jsonout_number(buf, "v", 1);
    spbe_jsonout_text(buf, "version", SPBE_VERSION);
    spbe_jsonout_number(buf, "pid", getpid());
    add_time(buf, "started", state->started);
    add_time(buf, "time", apr_time_now());
    spbe_jsonout_raw(buf, "running", state->stopping ? "false" : "true");
    spbe_jsonout_number(buf, "lines", (apr_int64_t)in.lines);
    spbe_jsonout_number(buf, "records", (apr_int64_t)shelf->counts.records);
    spbe_jsonout_number(buf, "duplicates",
                        (apr_int64_t)shelf->counts.duplicates);
    spbe_jsonout_number(buf, "incomplete",
                        (apr_int64_t)shelf->counts.incomplete);
    spbe_jsonout_number(buf, "malformed", (apr_int64_t)in.malformed);
    spbe_jsonout_number(buf, "lost", (apr_int64_t)in.lost);
    spbe_jsonout_number(buf, "waiting_bytes", (apr_int64_t)in.waiting);
    spbe_jsonout_number(buf, "torn_bytes", (apr_int64_t)shelf->torn);
    spbe_jsonout_number(buf, "archive_bytes", (apr_int64_t)end);
    spbe_jsonout_number(buf, "indexed_bytes", (apr_int64_t)indexed);
    spbe_jsonout_number(buf, "disk_free", (apr_int64_t)state->disk_free);
    spbe_jsonout_number(buf, "disk_total", (apr_int64_t)state->disk_total);
    spbe_jsonout_text(buf, "last_error", last_error(state, shelf));
    spbe_jsonout_name(buf, "troubles");
    spbe_buf_addc(buf, '[');
    add_trouble(buf, &shelf->archive_trouble);
    add_trouble(buf, &shelf->database_trouble);
    add_trouble(buf, &state->disk_trouble);
    spbe_buf_adds(buf, "]}\n");
}

static int write_file(const char *path, spbe_span_t text)
{
    ssize_t n;
    int fd;

    /* The folder may be somebody else's: no link of his is followed. */
    unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
              0640);
    if (fd == -1) {
        return 0;
    }
    n = write(fd, text.ptr, text.len);
    return close(fd) == 0 && n == (ssize_t)text.len;
}

void spbe_state_write(spbe_state_t *state, const spbe_shelf_t *shelf,
                      const spbe_intake_t *intake, apr_pool_t *scratch)
{
    const char *path = apr_pstrcat(scratch, shelf->dir, "/" FILE_NAME, NULL);
    const char *aside = apr_pstrcat(scratch, path, ".new", NULL);
    spbe_buf_t buf;

    check_disk(state, shelf->dir);
    spbe_buf_init(&buf, 1024, scratch);
    make_json(state, shelf, intake, &buf);
    if (write_file(aside, spbe_buf_span(&buf)) && rename(aside, path) == 0) {
        spbe_trouble_end(&state->state_trouble);
    }
    else {
        spbe_trouble_begin(&state->state_trouble, strerror(errno));
    }
}
