/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog.c - spbe-guardlog --error-log FILE. See errorlog.h.
 *
 * The process that httpd knows holds the pipe as well, so that a filter that
 * breaks down is started again on what is in it.
 */
#include "logger/errorlog.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "logger/errorlog_open.h"
#include "logger/errorlog_rules.h"
#include "logger/errorlog_sandbox.h"
#include "logger/errorlog_work.h"
#include "logger/sandbox.h"
#include "record/recipients.h"

#define DEFAULT_USER "spbe-guard"
#define DEFAULT_SPILL "/var/spool/spbe-guard"
/* httpd kills what is still there three seconds after it asked. */
#define DRAIN_STEPS 100
#define DRAIN_STEP apr_time_from_msec(10)
#define PIPE_SIZE (1024 * 1024)
#define AGAIN 200 /* ms */

typedef struct errorlog {
    const char *path, *user;
    const char *recipients, *spill;
    apr_array_header_t *rule_files; /* const char * */
    spbe_rules_t *rules;
    spbe_errlog_keep_t *keep; /* NULL: nothing is kept */
    spbe_errlog_shared_t *shared;
    apr_pool_t *pool;
    int socket; /* to the filter; -1: there is none */
    int signals;
    pid_t child; /* -1: none could be started */
} errorlog_t;

/* ---- options --------------------------------------------------------------
 */

static const char *value_of(int argc, char **argv, int *i, const char *name)
{
    size_t len = strlen(name);

    if (strncmp(argv[*i], name, len) != 0) {
        return NULL;
    }
    if (argv[*i][len] == '=') {
        return argv[*i] + len + 1;
    }
    return argv[*i][len] == '\0' && *i + 1 < argc ? argv[++*i] : NULL;
}

int spbe_errorlog_asked(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--error-log", 11) == 0 &&
            (argv[i][11] == '\0' || argv[i][11] == '=')) {
            return 1;
        }
    }
    return 0;
}

static int read_options(errorlog_t *log, int argc, char **argv)
{
    const char *value;
    int i;

    log->rule_files = apr_array_make(log->pool, 2, sizeof(char *));
    for (i = 1; i < argc; i++) {
        if ((value = value_of(argc, argv, &i, "--error-log")) != NULL) {
            log->path = value;
        }
        else if ((value = value_of(argc, argv, &i, "--user")) != NULL) {
            log->user = value;
        }
        else if ((value = value_of(argc, argv, &i, "--recipients")) != NULL) {
            log->recipients = value;
        }
        else if ((value = value_of(argc, argv, &i, "--spill")) != NULL) {
            log->spill = value;
        }
        else if ((value = value_of(argc, argv, &i, "--rules")) != NULL) {
            APR_ARRAY_PUSH(log->rule_files, const char *) = value;
        }
        else {
            fprintf(stderr,
                    "spbe-guardlog: %s is not known beside --error-log FILE "
                    "(allowed: --rules FILE, --user NAME, --recipients FILE, "
                    "--spill DIR)\n",
                    argv[i]);
            return 0;
        }
    }
    if (log->path == NULL || *log->path != '/') {
        fputs("spbe-guardlog: --error-log: a path that begins with / is "
              "expected\n",
              stderr);
        return 0;
    }
    return 1;
}

/* ---- the filter's process -------------------------------------------------
 */

/* The log must be read whatever user there is. */
static const struct passwd *user_of(const errorlog_t *log)
{
    const char *name = log->user != NULL ? log->user : DEFAULT_USER;
    const struct passwd *user = getpwnam(name);

    if (user != NULL) {
        return user;
    }
    fprintf(stderr,
            "spbe-guardlog: there is no user %s; the error log is "
            "filtered as nobody\n",
            name);
    return getpwnam("nobody");
}

/* Only that of the spill folder, to which it adds. */
static int set_groups(const errorlog_t *log)
{
    struct stat st;

    return log->keep != NULL && stat(log->spill, &st) == 0 && st.st_gid != 0
               ? setgroups(1, &st.st_gid)
               : setgroups(0, NULL);
}

/* Nobody must be able to use what it may do, nor to look into it. */
static void give_up_rights(const errorlog_t *log)
{
    const struct passwd *user;
    const char *why;

    spbe_sandbox_all();
    if (geteuid() == 0) {
        user = user_of(log);
        if (user == NULL || set_groups(log) == -1 ||
            setgid(user->pw_gid) == -1 || setuid(user->pw_uid) == -1) {
            fputs("spbe-guardlog: the error log is filtered as root\n", stderr);
        }
    }
    spbe_sandbox_hide();
    why = spbe_errlog_confine();
    if (why != NULL) {
        fprintf(stderr,
                "spbe-guardlog: the error log's filter is not "
                "confined: %s\n",
                why);
    }
}

static void ignore_signals(void)
{
    static const int signals[] = {SIGTERM, SIGHUP,  SIGINT, SIGPIPE,
                                  SIGUSR1, SIGQUIT, SIGXFSZ};
    size_t i;

    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        signal(signals[i], SIG_IGN);
    }
}

/* NULL where what is promised could not be kept. */
static spbe_errlog_keep_t *usable_keep(const errorlog_t *log)
{
    if (log->keep == NULL || spbe_errlog_keep_can(log->keep)) {
        return log->keep;
    }
    fprintf(stderr,
            "spbe-guardlog: what is written past httpd is withheld but not "
            "kept: %s: the filter may not write there\n",
            log->spill);
    return NULL;
}

static void filter(const errorlog_t *log, int socket)
{
    const spbe_errlog_job_t job = {.path = log->path,
                                   .socket = socket,
                                   .rules = log->rules,
                                   .keep = usable_keep(log),
                                   .shared = log->shared};

    spbe_errlog_work(&job, log->pool);
    _exit(0);
}

static int start_filter(errorlog_t *log)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1) {
        return 0;
    }
    log->child = fork();
    if (log->child == -1) {
        close(ends[0]);
        close(ends[1]);
        return 0;
    }
    if (log->child == 0) {
        close(ends[0]);
        close(log->signals);
        signal(SIGTERM, SIG_IGN);
        give_up_rights(log);
        filter(log, ends[1]);
    }
    close(ends[1]);
    log->socket = ends[0];
    return 1;
}

/* ---- the process that httpd knows ------------------------------------------
 */

/* Another filter for one that broke down. Where none can be started, what comes
 * must be read all the same: httpd waits for ever where the pipe is full. */
static void revive(errorlog_t *log)
{
    int unread = 0;

    if (log->child != -1 || start_filter(log)) {
        return;
    }
    while (ioctl(STDIN_FILENO, FIONREAD, &unread) == 0 &&
           unread > PIPE_SIZE / 2) {
        spbe_errlog_discard(log->shared);
    }
}

/* What httpd wrote before it asked us to end is in the file afterwards, unless
 * that takes too long; the filter goes on in any case. */
static void drain(errorlog_t *log)
{
    int i, unread = 0;

    __atomic_store_n(&log->shared->hurry, 1, __ATOMIC_SEQ_CST);
    for (i = 0; i < DRAIN_STEPS; i++) {
        struct pollfd asked = {.events = POLLIN};

        revive(log);
        asked.fd = log->socket;
        if (poll(&asked, 1, (int)apr_time_as_msec(DRAIN_STEP)) == 1) {
            spbe_errlog_serve(log->socket, log->path);
        }
        if (ioctl(STDIN_FILENO, FIONREAD, &unread) == -1 ||
            (unread == 0 &&
             __atomic_load_n(&log->shared->idle, __ATOMIC_SEQ_CST))) {
            break;
        }
    }
    __atomic_store_n(&log->shared->hurry, 0, __ATOMIC_SEQ_CST);
}

/* 1: the filter has come to the end of the pipe. */
static int reap(errorlog_t *log)
{
    int status = 0;

    if (log->child == -1 ||
        waitpid(log->child, &status, WNOHANG) != log->child) {
        return 0;
    }
    close(log->socket);
    log->socket = -1;
    log->child = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return 1;
    }
    apr_sleep(apr_time_from_msec(AGAIN));
    revive(log);
    return 0;
}

/* 1: it is time to end. */
static int on_signal(errorlog_t *log)
{
    struct signalfd_siginfo info;

    if (read(log->signals, &info, sizeof(info)) != sizeof(info)) {
        return 0;
    }
    if (info.ssi_signo == SIGCHLD) {
        return reap(log);
    }
    drain(log);
    __atomic_store_n(&log->shared->dismissed, 1, __ATOMIC_SEQ_CST);
    return 1;
}

static void serve(errorlog_t *log)
{
    int ended = 0;

    while (!ended) {
        struct pollfd fds[] = {{.fd = log->signals, .events = POLLIN},
                               {.fd = log->socket, .events = POLLIN}};

        if (poll(fds, 2, log->child == -1 ? AGAIN : -1) <= 0) {
            revive(log);
            continue;
        }
        if (fds[1].revents != 0 && !spbe_errlog_serve(log->socket, log->path)) {
            /* It ends, or has: its signal comes. */
            apr_sleep(apr_time_from_msec(1));
        }
        if (fds[0].revents != 0) {
            ended = on_signal(log);
        }
    }
}

static int prepare(errorlog_t *log)
{
    sigset_t caught;

    /* httpd goes on while the rules are compiled. */
    fcntl(STDIN_FILENO, F_SETPIPE_SZ, PIPE_SIZE);
    ignore_signals();
    signal(SIGTERM, SIG_DFL);
    sigemptyset(&caught);
    sigaddset(&caught, SIGTERM);
    sigaddset(&caught, SIGCHLD);
    sigprocmask(SIG_SETMASK, &caught, NULL);
    log->signals = signalfd(-1, &caught, SFD_CLOEXEC);
    log->shared = mmap(NULL, sizeof(*log->shared), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    umask(027);
    return log->signals != -1 && log->shared != MAP_FAILED;
}

static int load(errorlog_t *log)
{
    const char *why;

    log->rules = spbe_errlog_rules(log->rule_files, log->pool);
    log->keep =
        spbe_errlog_keep_create(log->recipients, log->spill, &why, log->pool);
    if (log->keep == NULL) {
        fprintf(stderr,
                "spbe-guardlog: what is written past httpd is withheld but "
                "not kept: %s\n",
                why != NULL ? why : "out of memory");
    }
    return log->rules != NULL;
}

int spbe_errorlog_main(int argc, char **argv)
{
    errorlog_t log = {.socket = -1,
                      .recipients = SPBE_RECIPIENTS_FILE,
                      .spill = DEFAULT_SPILL};

    if (apr_initialize() != APR_SUCCESS ||
        apr_pool_create(&log.pool, NULL) != APR_SUCCESS) {
        fputs("spbe-guardlog: cannot start: out of memory\n", stderr);
        return 1;
    }
    if (!read_options(&log, argc, argv)) {
        return 2;
    }
    if (!prepare(&log) || !load(&log) || !start_filter(&log)) {
        fputs("spbe-guardlog: --error-log: cannot start\n", stderr);
        return 1;
    }
    serve(&log);
    return 0;
}
