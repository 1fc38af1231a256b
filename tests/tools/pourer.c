/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/pourer.c - stands in for httpd in tests of the logger: keeps both
 * ends of the pipe, starts the logger again when it dies, and has writers that
 * write as fast as they can, while it kills, freezes or abandons the logger.
 *
 * pourer [OPTIONS] -- LOGGER [ARGUMENTS]; see usage.
 */
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "../faults/mishap.h"
#include "../faults/pour.h"
#include "record/spill.h"

#define WRITERS_MAX 64
#define LEDGER_SLOTS 256
#define PIPE_SIZE (1024 * 1024)
#define TICK 500 /* microseconds */
#define FAILED_STARTS 200

static const char usage[] =
    "pourer [OPTIONS] -- LOGGER [ARGUMENTS]\n"
    "  --work DIR        where run/, spill/ and truth are\n"
    "  --spill DIR       instead of DIR/spill\n"
    "  --as USER         who the writers are, when root starts this\n"
    "  --recipients FILE details are sealed to these\n"
    "  --writers N       processes (2)       --threads N  in each (1)\n"
    "  --records N       of each thread      --seconds N  or for so long\n"
    "  --rate N          a second and thread --size N     of details; 0: any\n"
    "  --wait MS         that one record may take (1000)\n"
    "  --limit MIB       of the spill folder (256)\n"
    "  --prefill 1       the logger is started when the writers have ended\n"
    "  --kill WHO:MIN:MAX:TIMES  keeper, intake, index, all, any or writer, "
    "each\n"
    "                    MIN..MAX milliseconds after the last time\n"
    "  --freeze AFTER:FOR  stops the logger for so many milliseconds\n"
    "  --die AFTER[:all]   kills the logger and itself; all: the writers too\n"
    "  --stop-wait MS    for the pipe to become empty at the end (30000)\n"
    "  --patience S      for the logger to end (60)\n";

typedef struct parent {
    pour_t pour;
    mishap_t mishap;
    const char *work, *as;
    unsigned writers, prefill, stop_wait, patience;
    char **logger_args;
    int in, out;
    pid_t logger, writer[WRITERS_MAX];
    unsigned starts, failed_starts;
    int ending, logger_code; /* -1: has not ended by itself */
    apr_time_t emptied, measure_at;
    apr_pool_t *pool, *scratch;
} parent_t;

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

/* ---- options ---- */

static int read_text(parent_t *p, const char *name, const char *value)
{
    if (strcmp(name, "kill") == 0) {
        return mishap_read_kill(&p->mishap, value);
    }
    if (strcmp(name, "freeze") == 0) {
        return mishap_read_freeze(&p->mishap, value);
    }
    if (strcmp(name, "die") == 0) {
        return mishap_read_die(&p->mishap, value);
    }
    if (strcmp(name, "work") == 0) {
        p->work = value;
    }
    else if (strcmp(name, "spill") == 0) {
        p->pour.spill = value;
    }
    else if (strcmp(name, "as") == 0) {
        p->as = value;
    }
    else if (strcmp(name, "recipients") == 0) {
        p->pour.recipients = value;
    }
    else {
        return 0;
    }
    return 1;
}

static int read_option(parent_t *p, const char *name, const char *value)
{
    const struct {
        const char *name;
        unsigned *number;
    } numbers[] = {
        {"writers", &p->writers},      {"threads", &p->pour.threads},
        {"records", &p->pour.records}, {"seconds", &p->pour.seconds},
        {"rate", &p->pour.rate},       {"size", &p->pour.size},
        {"wait", &p->pour.wait},       {"prefill", &p->prefill},
        {"limit", &p->pour.limit},     {"stop-wait", &p->stop_wait},
        {"patience", &p->patience},
    };
    size_t i;

    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (strcmp(name, numbers[i].name) == 0) {
            *numbers[i].number = (unsigned)strtoul(value, NULL, 10);
            return 1;
        }
    }
    return read_text(p, name, value);
}

static void read_options(parent_t *p, int argc, char **argv)
{
    int i;

    for (i = 1; i + 1 < argc && strcmp(argv[i], "--") != 0; i += 2) {
        if (strncmp(argv[i], "--", 2) != 0 ||
            !read_option(p, argv[i] + 2, argv[i + 1])) {
            break;
        }
    }
    if (i + 1 >= argc || strcmp(argv[i], "--") != 0 || p->work == NULL ||
        p->writers > WRITERS_MAX || p->writers == 0) {
        fputs(usage, stderr);
        exit(2);
    }
    p->logger_args = argv + i + 1;
}

/* ---- what httpd's parent does ---- */

static void open_pipe(parent_t *p)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) == -1) {
        fail("pipe");
    }
    p->in = ends[0];
    p->out = ends[1];
    p->pour.fd = p->out;
    fcntl(p->out, F_SETFL, O_NONBLOCK);
    if (fcntl(p->out, F_SETPIPE_SZ, PIPE_SIZE) == -1) {
        fail("F_SETPIPE_SZ");
    }
}

static void start_logger(parent_t *p)
{
    p->starts++;
    p->logger = fork();
    if (p->logger == -1) {
        fail("fork");
    }
    if (p->logger == 0) {
        dup2(p->in, STDIN_FILENO);
        execv(p->logger_args[0], p->logger_args);
        fail(p->logger_args[0]);
    }
}

static void become(const char *user)
{
    const struct passwd *entry = getpwnam(user);

    if (entry == NULL || setgroups(0, NULL) == -1 ||
        setgid(entry->pw_gid) == -1 || setuid(entry->pw_uid) == -1) {
        fail(user);
    }
}

static void start_writer(parent_t *p, unsigned i)
{
    p->writer[i] = fork();
    if (p->writer[i] == -1) {
        fail("fork");
    }
    if (p->writer[i] == 0) {
        close(p->in);
        if (p->as != NULL) {
            become(p->as);
        }
        exit(pour_run(&p->pour));
    }
}

static unsigned writers_left(const parent_t *p)
{
    unsigned i, n = 0;

    for (i = 0; i < p->writers; i++) {
        n += p->writer[i] != 0;
    }
    return n;
}

static void writer_ended(parent_t *p, unsigned i, int status)
{
    pid_t pid = p->writer[i];

    p->writer[i] = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return;
    }
    spbe_ledger_bury(p->pour.ledger, (apr_uint32_t)pid);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
        fprintf(stderr, "pourer: a writer failed\n");
        exit(2);
    }
    start_writer(p, i);
}

static void logger_ended(parent_t *p, int status)
{
    p->logger = 0;
    if (p->ending && WIFEXITED(status)) {
        p->logger_code = WEXITSTATUS(status);
        return;
    }
    if (WIFEXITED(status) && ++p->failed_starts == FAILED_STARTS) {
        fprintf(stderr, "pourer: the logger does not stay (exit code %d)\n",
                WEXITSTATUS(status));
        exit(2);
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL) {
        fprintf(stderr, "pourer: the logger died of signal %d\n",
                WTERMSIG(status));
        exit(2);
    }
    start_logger(p);
}

static void reap(parent_t *p)
{
    int status;
    pid_t pid;
    unsigned i;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == p->logger) {
            logger_ended(p, status);
            continue;
        }
        for (i = 0; i < p->writers; i++) {
            if (p->writer[i] == pid) {
                writer_ended(p, i, status);
                break;
            }
        }
    }
}

/* ---- from the beginning to the end ---- */

/* Once a second, as httpd's watchdog. */
static void measure_spill(parent_t *p)
{
    apr_time_t now = apr_time_now();

    if (now >= p->measure_at) {
        p->measure_at = now + apr_time_from_sec(1);
        apr_pool_clear(p->scratch);
        spbe_spill_measure(p->pour.spill, &p->pour.truth->spill_used,
                           p->scratch);
    }
}

static void tick(parent_t *p)
{
    mishap_targets_t targets = {p->logger, p->writer, p->writers};

    reap(p);
    targets.logger = p->logger;
    mishap_act(&p->mishap, &targets);
    measure_spill(p);
    usleep(TICK);
}

static void wait_empty(parent_t *p)
{
    apr_time_t until = apr_time_now() + apr_time_from_msec(p->stop_wait);
    int left = 1;

    while (ioctl(p->in, FIONREAD, &left) == 0 && left > 0 &&
           apr_time_now() < until) {
        tick(p);
    }
    if (left > 0) {
        fprintf(stderr, "pourer: %d bytes are left in the pipe\n", left);
    }
}

/* The read end stays open, so that a logger killed now is started again. */
static void wait_end(parent_t *p)
{
    apr_time_t until = apr_time_now() + apr_time_from_sec(p->patience);

    p->ending = 1;
    close(p->out);
    while (p->logger_code == -1) {
        if (apr_time_now() > until) {
            fprintf(stderr, "pourer: the logger does not end\n");
            mishap_signal(p->logger, "all", SIGKILL);
            exit(2);
        }
        tick(p);
    }
}

static void run(parent_t *p)
{
    unsigned i;

    mishap_begin(&p->mishap);
    if (!p->prefill) {
        start_logger(p);
    }
    for (i = 0; i < p->writers; i++) {
        start_writer(p, i);
    }
    while (writers_left(p) > 0) {
        tick(p);
    }
    if (p->prefill) {
        start_logger(p);
    }
    else {
        wait_empty(p);
    }
    p->emptied = apr_time_now();
    wait_end(p);
}

static void set_up(parent_t *p)
{
    const char *dir = apr_pstrcat(p->pool, p->work, "/run", NULL);

    srand((unsigned)apr_time_now());
    if (p->pour.spill == NULL) {
        p->pour.spill = apr_pstrcat(p->pool, p->work, "/spill", NULL);
    }
    p->pour.truth = truth_open(apr_pstrcat(p->pool, p->work, "/truth", NULL));
    if (p->pour.truth == NULL) {
        fail("truth");
    }
    if (spbe_ledger_create(&p->pour.ledger, dir, LEDGER_SLOTS, p->pool) !=
        APR_SUCCESS) {
        fail(dir);
    }
    setenv(SPBE_LEDGER_ENV, dir, 1);
    setenv(SPBE_SPILL_ENV, p->pour.spill, 1);
    open_pipe(p);
}

int main(int argc, char **argv)
{
    parent_t p = {.writers = 2,
                  .stop_wait = 30000,
                  .patience = 60,
                  .logger_code = -1,
                  .pour = {.threads = 1, .wait = 1000, .limit = 256}};
    apr_time_t now;

    apr_initialize();
    apr_pool_create(&p.pool, NULL);
    apr_pool_create(&p.scratch, p.pool);
    read_options(&p, argc, argv);
    set_up(&p);
    run(&p);
    now = apr_time_now();
    printf("kills %u starts %u end %d empty %" APR_TIME_T_FMT
           " took %" APR_TIME_T_FMT " ms\n",
           p.mishap.kills, p.starts, p.logger_code,
           apr_time_as_msec(p.emptied - p.mishap.began),
           apr_time_as_msec(now - p.mishap.began));
    return p.logger_code != 0;
}
