/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/keeper.c - the process that httpd knows. See keeper.h.
 */
#include "logger/keeper.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <apr_strings.h>
#include "logger/herald.h"
#include "logger/indexer.h"
#include "logger/sandbox.h"
#include "logger/state.h"
#include "logger/taker.h"

#define TICK 100000000L /* nanoseconds */
#define SECOND apr_time_from_sec(1)
#define PAUSE apr_time_from_sec(1)
/* After the end of the pipe: an index that has not moved for so long waits for
 * its database in vain. It goes on at the next start. */
#define INDEX_TIME apr_time_from_sec(10)
/* An index that has not been heard of for so long is stuck in a driver. */
#define INDEX_HANGS apr_time_from_sec(600)

typedef struct child {
    const char *name, *comm; /* comm: in the list of processes */
    pid_t pid;               /* 0: none */
    apr_time_t started;
    int has_ended;
    int code;
} child_t;

typedef struct keeper {
    const spbe_options_t *options;
    spbe_share_t *share;
    spbe_share_keeper_t facts;
    spbe_ledger_t *ledger, *old;
    child_t intake, index;
    apr_time_t moved;      /* when the index did, after the end */
    apr_uint64_t progress; /* what it had done then */
    spbe_herald_t herald;
    apr_time_t second; /* of the last look at what is to be sent */
    apr_pool_t *pool;
} keeper_t;

/* The parent of this one may be gone already: then nobody would tell. */
static void follow(pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent) {
        _exit(SPBE_KEEPER_LOST);
    }
}

static int run_child(keeper_t *keeper, const child_t *child)
{
    apr_pool_t *pool;

    apr_pool_create(&pool, keeper->pool);
    prctl(PR_SET_NAME, child->comm, 0, 0, 0);
    spbe_sandbox_hide();
    if (child == &keeper->intake) {
        return spbe_taker_run(keeper->options, keeper->share, keeper->ledger,
                              keeper->old, pool);
    }
    /* The end of the pipe must not depend on who only reads the archive. */
    close(STDIN_FILENO);
    return spbe_indexer_run(keeper->options, keeper->share, pool);
}

static void start(keeper_t *keeper, child_t *child)
{
    pid_t parent = getpid();
    apr_time_t now = apr_time_now();

    if (child->pid != 0 || child->has_ended ||
        (child->started != 0 && now - child->started < PAUSE)) {
        return;
    }
    child->started = now;
    fflush(stdout);
    child->pid = fork();
    if (child->pid == 0) {
        follow(parent);
        _exit(run_child(keeper, child));
    }
    if (child->pid == -1) {
        fprintf(stderr, "spbe-guardlog: %s cannot be started: %s\n",
                child->name, strerror(errno));
        child->pid = 0;
    }
}

static void report(const child_t *child, int status)
{
    if (WIFSIGNALED(status)) {
        fprintf(stderr,
                "spbe-guardlog: %s (%d) was ended by signal %d; started "
                "again\n",
                child->name, (int)child->pid, WTERMSIG(status));
    }
    else {
        fprintf(stderr,
                "spbe-guardlog: %s (%d) ended with code %d; started again\n",
                child->name, (int)child->pid, WEXITSTATUS(status));
    }
}

static void reap(child_t *child)
{
    int status;

    if (child->pid == 0 || waitpid(child->pid, &status, WNOHANG) <= 0) {
        return;
    }
    if (child->has_ended) {
        child->pid = 0; /* it was ended on purpose */
        return;
    }
    if (WIFEXITED(status) && (WEXITSTATUS(status) == SPBE_KEEPER_DONE ||
                              WEXITSTATUS(status) == SPBE_KEEPER_LOST)) {
        child->has_ended = 1;
        child->code = WEXITSTATUS(status);
    }
    else {
        report(child, status);
    }
    child->pid = 0;
}

static void tell(keeper_t *keeper)
{
    spbe_share_put_keeper(keeper->share, &keeper->facts);
}

static void note_end(keeper_t *keeper)
{
    keeper->facts.ended = 1;
    keeper->moved = apr_time_now();
    tell(keeper);
    spbe_share_wake(keeper->share);
}

static void end_index(keeper_t *keeper, const char *why)
{
    fprintf(stderr, "spbe-guardlog: index: %s\n", why);
    kill(keeper->index.pid, SIGKILL);
}

/* Its position stays for as long as an old record is unfinished. */
static apr_uint64_t progress_of(const spbe_share_index_t *index)
{
    return index->position + index->counts.records + index->counts.duplicates +
           index->counts.incomplete + index->counts.malformed +
           index->counts.lost;
}

static void watch_index(keeper_t *keeper, apr_time_t now)
{
    spbe_share_index_t index;

    spbe_share_get_index(keeper->share, &index);
    if (keeper->index.pid == 0) {
        return;
    }
    if (now - index.beat > INDEX_HANGS &&
        now - keeper->index.started > INDEX_HANGS) {
        end_index(keeper, "stuck; ended");
        return;
    }
    if (!keeper->facts.ended) {
        return;
    }
    if (progress_of(&index) != keeper->progress) {
        keeper->progress = progress_of(&index);
        keeper->moved = now;
    }
    if (now - keeper->moved > INDEX_TIME) {
        keeper->index.has_ended = 1;
        end_index(keeper, "the database does not take the rest; it is taken "
                          "up at the next start");
    }
}

static void tell_syslog(keeper_t *keeper, int last)
{
    apr_time_t now = apr_time_now();

    if (!last && now - keeper->second < SECOND) {
        return;
    }
    keeper->second = now;
    spbe_herald_pass(&keeper->herald, keeper->share, &keeper->facts, now, last);
    tell(keeper);
}

static void rest(void)
{
    sigset_t set;
    struct timespec tick = {0, TICK};

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigtimedwait(&set, NULL, &tick);
}

static void init(keeper_t *keeper)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    keeper->intake.name = "intake";
    keeper->intake.comm = "guard-intake";
    keeper->index.name = "index";
    keeper->index.comm = "guard-index";
    keeper->facts.pid = getpid();
    keeper->facts.started = apr_time_now();
    keeper->facts.syslog.what = "syslog";
    spbe_herald_init(&keeper->herald,
                     keeper->options->syslog ? SPBE_HERALD_SOCKET : NULL);
    tell(keeper);
}

int spbe_keeper_run(const spbe_options_t *options, spbe_share_t *share,
                    spbe_ledger_t *ledger, spbe_ledger_t *old, apr_pool_t *pool)
{
    keeper_t keeper = {.options = options,
                       .share = share,
                       .ledger = ledger,
                       .old = old,
                       .pool = pool};

    init(&keeper);
    while (!keeper.intake.has_ended || keeper.index.pid != 0 ||
           !keeper.index.has_ended) {
        start(&keeper, &keeper.intake);
        start(&keeper, &keeper.index);
        rest();
        reap(&keeper.intake);
        reap(&keeper.index);
        if (keeper.intake.has_ended && !keeper.facts.ended) {
            note_end(&keeper);
        }
        watch_index(&keeper, apr_time_now());
        tell_syslog(&keeper, 0);
    }
    tell_syslog(&keeper, 1);
    spbe_state_write(share, options->home, 0, pool);
    return keeper.intake.code;
}
