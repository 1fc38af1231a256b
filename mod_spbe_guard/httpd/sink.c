/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/sink.c - where records go. See sink.h.
 *
 * The pipe belongs to the process pool, not to pconf: with pconf every
 * graceful restart would start a second logger while old children still write
 * to the first.
 */
#include "httpd/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <apr_portable.h>
#include <apr_strings.h>
#include <http_log.h>

#include "httpd/shm.h"
#include "httpd/thread.h"
#include "record/line.h"

APLOG_USE_MODULE(spbe_guard);

#define KEY "spbe_guard:log"
#define PIPE_SIZE (1024 * 1024)

/* What outlives a generation: no pointer into the module. */
typedef struct kept {
    char *target;
    piped_log *pipe; /* NULL for a file */
    apr_file_t *file;
} kept_t;

static int native(apr_file_t *file)
{
    apr_os_file_t fd = -1;

    if (file == NULL || apr_os_file_get(&fd, file) != APR_SUCCESS) {
        return -1;
    }
    return fd;
}

static void set_up_pipe(piped_log *pipe)
{
    int out = native(ap_piped_log_write_fd(pipe));
    int in = native(ap_piped_log_read_fd(pipe));

    fcntl(out, F_SETFL, fcntl(out, F_GETFL) | O_NONBLOCK);
    fcntl(out, F_SETPIPE_SZ, PIPE_SIZE);
    fcntl(out, F_SETFD, FD_CLOEXEC);
    fcntl(in, F_SETFD, FD_CLOEXEC);
}

static kept_t *open_pipe(const char *target, apr_pool_t *pool)
{
    kept_t *kept = apr_pcalloc(pool, sizeof(*kept));
    const char *program = target + 1;
    apr_cmdtype_e type = APR_PROGRAM_ENV;

    if (*program == '|') {
        program++;
    }
    else if (*program == '$') {
        program++;
        type = APR_SHELLCMD_ENV;
    }
    kept->pipe = ap_open_piped_log_ex(pool, apr_pstrdup(pool, program), type);
    if (kept->pipe == NULL) {
        return NULL;
    }
    set_up_pipe(kept->pipe);
    kept->file = ap_piped_log_write_fd(kept->pipe);
    return kept;
}

static kept_t *open_file(const char *target, apr_pool_t *pool)
{
    kept_t *kept = apr_pcalloc(pool, sizeof(*kept));
    apr_status_t rv;

    rv = apr_file_open(&kept->file, target,
                       APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_APPEND,
                       APR_FPROT_UREAD | APR_FPROT_UWRITE, pool);
    if (rv != APR_SUCCESS) {
        errno = rv;
        return NULL;
    }
    fcntl(native(kept->file), F_SETFD, FD_CLOEXEC);
    return kept;
}

static kept_t *open_target(server_rec *s, const char *target)
{
    apr_pool_t *pool = s->process->pool;
    void *found = NULL;
    kept_t *kept;

    apr_pool_userdata_get(&found, KEY, pool);
    kept = found;
    if (kept != NULL) {
        if (strcmp(kept->target, target) != 0) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                         "SG0010: SpbeGuardLog was changed; the log in use "
                         "stays the one of the start (%s) until httpd is "
                         "stopped and started", kept->target);
        }
        return kept;
    }
    kept = *target == '|' ? open_pipe(target, pool) : open_file(target, pool);
    if (kept == NULL) {
        ap_log_error(APLOG_MARK, APLOG_ERR, errno, s,
                     "SG0011: the confidential log cannot be opened: %s; "
                     "serving goes on, records are lost", target);
        return NULL;
    }
    kept->target = apr_pstrdup(pool, target);
    /* Not setn: the key's text goes away with the module at a restart. */
    apr_pool_userdata_set(kept, KEY, NULL, pool);
    return kept;
}

static void name_writer(spbe_sink_t *sink)
{
    apr_snprintf(sink->writer, sizeof(sink->writer),
                 "%s:%" APR_PID_T_FMT ":%" APR_TIME_T_FMT, sink->node,
                 getpid(), apr_time_now());
    sink->seq = 0;
}

spbe_sink_t *spbe_sink_open(server_rec *s, const char *target, int wait,
                            apr_pool_t *pconf)
{
    spbe_sink_t *sink = apr_pcalloc(pconf, sizeof(*sink));
    kept_t *kept = target == NULL ? NULL : open_target(s, target);

    sink->fd = kept == NULL ? -1 : native(kept->file);
    sink->wait = wait;
    if (gethostname(sink->node, sizeof(sink->node)) != 0) {
        apr_cpystrn(sink->node, "unknown", sizeof(sink->node));
    }
    sink->node[sizeof(sink->node) - 1] = '\0';
    name_writer(sink);
    return sink;
}

void spbe_sink_child(spbe_sink_t *sink, server_rec *s)
{
    void *found = NULL;
    kept_t *kept;

    apr_pool_userdata_get(&found, KEY, s->process->pool);
    kept = found;
    if (kept != NULL && kept->pipe != NULL) {
        /* With the read end here, a dead logger would never be noticed. */
        apr_file_close(ap_piped_log_read_fd(kept->pipe));
    }
    name_writer(sink);
}

/* What is left of the record's time, in milliseconds. */
static int time_left(apr_time_t until)
{
    apr_time_t left = until - apr_time_now();

    return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

static int write_line(const spbe_sink_t *sink, spbe_span_t line,
                      apr_time_t *until)
{
    struct pollfd room = { sink->fd, POLLOUT, 0 };
    ssize_t n;

    for (;;) {
        n = write(sink->fd, line.ptr, line.len);
        if (n == (ssize_t)line.len) {
            return 1;
        }
        if (n >= 0 || (errno != EAGAIN && errno != EINTR)) {
            return 0;
        }
        if (errno == EINTR) {
            continue;
        }
        if (*until == 0) {
            *until = apr_time_now() + (apr_time_t)sink->wait * 1000;
            spbe_thread_count()->waited++;
        }
        if (time_left(*until) == 0 || poll(&room, 1, time_left(*until)) == 0) {
            errno = EAGAIN;
            return 0;
        }
    }
}

/* Once a minute: a broken log must not fill the other one. */
static void say_lost(spbe_sink_t *sink, server_rec *s, int error)
{
    apr_time_t now = apr_time_now();
    apr_time_t said = __atomic_load_n(&sink->said, __ATOMIC_RELAXED);

    if (now - said < apr_time_from_sec(60)
        || !__atomic_compare_exchange_n(&sink->said, &said, now, 0,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        return;
    }
    ap_log_error(APLOG_MARK, APLOG_CRIT, error, s,
                 "SG0012: a record could not be written to the confidential "
                 "log; serving goes on; see spbe_guard_lost_total in the "
                 "metrics%s", error == EAGAIN ? " (the logger is stuck)" : "");
}

int spbe_sink_write(spbe_sink_t *sink, const spbe_encoded_t *encoded,
                    server_rec *s, apr_pool_t *pool)
{
    apr_uint64_t seq = __atomic_add_fetch(&sink->seq, 1, __ATOMIC_RELAXED);
    apr_array_header_t *lines;
    apr_time_t until = 0;
    int i, error = EBADF;

    if (sink->fd >= 0) {
        lines = spbe_line_split(encoded, sink->writer, seq, pool);
        for (i = 0; i < lines->nelts; i++) {
            if (!write_line(sink, APR_ARRAY_IDX(lines, i, spbe_span_t),
                            &until)) {
                error = errno;
                break;
            }
        }
        if (i == lines->nelts) {
            spbe_thread_count()->records++;
            return 1;
        }
    }
    spbe_thread_count()->lost++;
    say_lost(sink, s, error);
    return 0;
}
