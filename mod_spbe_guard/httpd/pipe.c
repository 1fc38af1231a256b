/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/pipe.c - one pipe, one logger and one ledger for the life of the
 * parent. See pipe.h.
 *
 * All of it belongs to the process pool, not to pconf: with pconf every
 * graceful restart would start a second logger while old children still write
 * to the first. What is registered with that pool may be APR's alone: this
 * module is unloaded between generations.
 */
#include "httpd/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ap_listen.h>
#include <ap_mpm.h>
#include <apr_env.h>
#include <apr_portable.h>
#include <apr_strings.h>
#include <http_config.h>
#include <mpm_common.h>
#include <unixd.h>

#include "httpd/conf.h"
#include "record/leftover.h"

APLOG_USE_MODULE(spbe_guard);

/* With the number of the layout: a graceful restart may bring a new module. */
#define KEY "spbe_guard:log:3"
#define PIPE_SIZE (1024 * 1024)
#define RUN_DIR "/run/spbe-guard"
#define SPILL_DIR "/var/spool/spbe-guard"
#define SLOTS_MIN 512

static int native(apr_file_t *file)
{
    apr_os_file_t fd = -1;

    if (file == NULL || apr_os_file_get(&fd, file) != APR_SUCCESS) {
        return -1;
    }
    return fd;
}

int spbe_pipe_fd(const spbe_pipe_t *pipe)
{
    return pipe == NULL ? -1 : native(pipe->file);
}

static int read_end(const spbe_pipe_t *pipe)
{
    return pipe->log == NULL ? -1 : native(ap_piped_log_read_fd(pipe->log));
}

void spbe_pipe_name(const spbe_pipe_t *pipe, apr_time_t now,
                    char writer[SPBE_LEDGER_WRITER])
{
    apr_snprintf(writer, SPBE_LEDGER_WRITER,
                 "%s:%" APR_PID_T_FMT ":%" APR_TIME_T_FMT, pipe->node, getpid(),
                 now);
}

static void set_up_pipe(const spbe_pipe_t *pipe)
{
    int out = native(ap_piped_log_write_fd(pipe->log)), in = read_end(pipe);

    fcntl(out, F_SETFL, fcntl(out, F_GETFL) | O_NONBLOCK);
    fcntl(out, F_SETPIPE_SZ, PIPE_SIZE);
    fcntl(out, F_SETFD, FD_CLOEXEC);
    fcntl(in, F_SETFD, FD_CLOEXEC);
}

static void open_pipe(spbe_pipe_t *pipe, apr_pool_t *pool)
{
    const char *program = pipe->target + 1;
    apr_cmdtype_e type = APR_PROGRAM_ENV;

    if (*program == '|') {
        program++;
    }
    else if (*program == '$') {
        program++;
        type = APR_SHELLCMD_ENV;
    }
    pipe->log = ap_open_piped_log_ex(pool, apr_pstrdup(pool, program), type);
    if (pipe->log != NULL) {
        set_up_pipe(pipe);
        pipe->file = ap_piped_log_write_fd(pipe->log);
    }
}

static void open_file(spbe_pipe_t *pipe, apr_pool_t *pool)
{
    apr_status_t rv = apr_file_open(
        &pipe->file, pipe->target,
        APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_APPEND,
        APR_FPROT_UREAD | APR_FPROT_UWRITE, pool);

    if (rv != APR_SUCCESS) {
        errno = rv;
        pipe->file = NULL;
        return;
    }
    fcntl(native(pipe->file), F_SETFD, FD_CLOEXEC);
}

/* The folder of an ordinary user's server is beside its pid file. */
static char *choose_dir(const char *given, const char *of_root,
                        const char *name, apr_pool_t *pool)
{
    if (given != NULL) {
        return apr_pstrdup(pool, given);
    }
    return geteuid() == 0 ? apr_pstrdup(pool, of_root)
                          : ap_runtime_dir_relative(pool, name);
}

/* For the children to write in and for the logger to take from. */
static apr_status_t make_spill_dir(const char *dir)
{
    int fd, ok;

    if (mkdir(dir, 0770) != 0) {
        return errno == EEXIST ? APR_SUCCESS : errno;
    }
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    ok = (geteuid() != 0 || fchown(fd, ap_unixd_config.user_id,
                                   ap_unixd_config.group_id) == 0)
         && fchmod(fd, 0770) == 0;
    close(fd);
    return ok ? APR_SUCCESS : errno;
}

static apr_uint32_t slots_wanted(void)
{
    int daemons = 0;

    ap_mpm_query(AP_MPMQ_HARD_LIMIT_DAEMONS, &daemons);
    /* Children of several generations, and those that the logger has not
     * settled yet. */
    return daemons * 4 < SLOTS_MIN ? SLOTS_MIN : (apr_uint32_t)daemons * 4;
}

static void make_folders(spbe_pipe_t *pipe, server_rec *s)
{
    const spbe_server_conf_t *conf = spbe_conf_server(s);
    apr_pool_t *pool = s->process->pool;
    apr_status_t rv;

    pipe->run_dir = choose_dir(conf->run_dir, RUN_DIR, "spbe-guard", pool);
    rv = spbe_ledger_create(&pipe->ledger, pipe->run_dir, slots_wanted(), pool);
    if (rv != APR_SUCCESS) {
        pipe->ledger = NULL;
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                     "SG0013: %s/" SPBE_LEDGER_FILE " cannot be made: records "
                     "are numbered, but what never arrives is not noticed",
                     pipe->run_dir);
    }
    pipe->spill_dir = choose_dir(conf->spill_dir, SPILL_DIR,
                                 "spbe-guard/spill", pool);
    rv = *pipe->spill_dir == '\0' ? APR_SUCCESS
                                  : make_spill_dir(pipe->spill_dir);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, rv, s,
                     "SG0014: SpbeGuardSpill %s cannot be used: what a busy "
                     "logger does not take in time is lost", pipe->spill_dir);
        pipe->spill_dir = apr_pstrdup(pool, SPBE_NO_DIR);
    }
}

/* Inherited by the logger, also by the one that httpd starts in its place. */
static void tell_logger(const spbe_pipe_t *pipe, apr_pool_t *pool)
{
    apr_env_set(SPBE_LEDGER_ENV, pipe->run_dir, pool);
    apr_env_set(SPBE_SPILL_ENV, pipe->spill_dir, pool);
}

static int is_deaf(void)
{
    struct sigaction now;

    return sigaction(SIGCHLD, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

static spbe_pipe_t *make(server_rec *s)
{
    apr_pool_t *pool = s->process->pool;
    spbe_pipe_t *pipe = apr_pcalloc(pool, sizeof(*pipe));
    apr_time_t now = apr_time_now();

    pipe->target = apr_pstrdup(pool, spbe_conf_server(s)->log);
    pipe->parent = getpid();
    pipe->deaf = is_deaf();
    if (gethostname(pipe->node, sizeof(pipe->node)) != 0) {
        apr_cpystrn(pipe->node, "unknown", sizeof(pipe->node));
    }
    pipe->node[sizeof(pipe->node) - 1] = '\0';
    spbe_pipe_name(pipe, now, pipe->writer);
    make_folders(pipe, s);
    if (pipe->ledger != NULL) {
        pipe->slot = spbe_ledger_claim(
            pipe->ledger, (apr_uint32_t)pipe->parent, pipe->writer, now);
    }
    /* Not setn: the key's text goes away with the module at a restart. */
    apr_pool_userdata_set(pipe, KEY, NULL, pool);
    return pipe;
}

static spbe_pipe_t *find(apr_pool_t *pool)
{
    void *found = NULL;

    apr_pool_userdata_get(&found, KEY, pool);
    return found;
}

static int is_same(const char *now, const char *then)
{
    return now == NULL || strcmp(now, then) == 0;
}

static void say_changed(const spbe_pipe_t *pipe, const spbe_server_conf_t *conf,
                        server_rec *s)
{
    if (strcmp(pipe->target, conf->log) != 0) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SG0010: SpbeGuardLog was changed; the log in use stays "
                     "the one of the start (%s) until httpd is stopped and "
                     "started", pipe->target);
    }
    if (!is_same(conf->run_dir, pipe->run_dir)
        || !is_same(conf->spill_dir, pipe->spill_dir)) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SG0010: SpbeGuardRunDir or SpbeGuardSpill was changed; "
                     "those of the start (%s, %s) stay until httpd is stopped "
                     "and started", pipe->run_dir, pipe->spill_dir);
    }
}

spbe_pipe_t *spbe_pipe_open(server_rec *s)
{
    const spbe_server_conf_t *conf = spbe_conf_server(s);
    apr_pool_t *pool = s->process->pool;
    spbe_pipe_t *pipe = find(pool);

    if (conf->log == NULL) {
        return pipe;
    }
    if (pipe == NULL) {
        pipe = make(s);
    }
    else {
        say_changed(pipe, conf, s);
    }
    if (pipe->file == NULL) {
        tell_logger(pipe, pool);
        (*pipe->target == '|' ? open_pipe : open_file)(pipe, pool);
    }
    if (pipe->file == NULL) {
        ap_log_error(APLOG_MARK, APLOG_ERR, errno, s,
                     "SG0011: the confidential log cannot be opened: %s; "
                     "serving goes on, records are lost", pipe->target);
    }
    return pipe;
}

void spbe_pipe_close_read(const spbe_pipe_t *pipe)
{
    if (read_end(pipe) >= 0 && getpid() != pipe->parent) {
        /* With it open here, a dead logger would never be noticed. */
        apr_file_close(ap_piped_log_read_fd(pipe->log));
    }
}

int spbe_pipe_waiting(const spbe_pipe_t *pipe)
{
    int bytes = 0;

    return pipe->log != NULL
                   && ioctl(native(pipe->file), FIONREAD, &bytes) == 0
               ? bytes
               : 0;
}

void spbe_pipe_drain(const spbe_pipe_t *pipe, int seconds, server_rec *s,
                     apr_pool_t *scratch)
{
    int left = seconds * 100, bytes = spbe_pipe_waiting(pipe);
    apr_status_t rv;

    while (bytes > 0 && left-- > 0) {
        apr_sleep(10000);
        bytes = spbe_pipe_waiting(pipe);
    }
    if (bytes == 0) {
        return;
    }
    rv = *pipe->spill_dir == '\0'
             ? APR_ENOENT
             : spbe_leftover_copy(read_end(pipe), pipe->spill_dir,
                                  pipe->writer, scratch);
    ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                 "SG0015: the logger has not taken %d bytes within "
                 "SpbeGuardStopWait %d; %s", bytes, seconds,
                 rv == APR_SUCCESS ? "they are kept in SpbeGuardSpill"
                                   : "they may be lost");
}

static int any_listener_open(void)
{
    const ap_listen_rec *one;
    apr_os_sock_t fd;

    for (one = ap_listeners; one != NULL; one = one->next) {
        if (one->sd != NULL && apr_os_sock_get(&fd, one->sd) == APR_SUCCESS
            && fd >= 0) {
            return 1;
        }
    }
    return 0;
}

/* Children of the MPM wait for children of their own and listen; the daemon of
 * mod_cgid, which is forked from the parent as well, does neither. */
static int is_worker(const spbe_pipe_t *pipe)
{
    return pipe->deaf || !is_deaf() || any_listener_open();
}

/* Whoever comes by here serves requests, or starts programs for those who do:
 * none of them reads what the logger reads. */
static int drop_privileges(apr_pool_t *p, server_rec *s)
{
    const spbe_pipe_t *pipe = find(s->process->pool);

    if (pipe == NULL || pipe->file == NULL || getpid() == pipe->parent) {
        return OK;
    }
    spbe_pipe_close_read(pipe);
    if (!is_worker(pipe)) {
        apr_file_close(pipe->file);
    }
    return OK;
}

void spbe_pipe_hooks(apr_pool_t *p)
{
    ap_hook_drop_privileges(drop_privileges, NULL, NULL, APR_HOOK_FIRST);
}
