/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/crash.c - the death of a child is recorded. See crash.h.
 *
 * AH00051 and AH00052 tell the signal, the child_status hook tells the end of
 * the process; neither alone is enough. A child that ended in good order has
 * given its slots back.
 */
#include "httpd/crash.h"

#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <httpd.h>
#include <ap_mpm.h>
#include <apr_strings.h>
#include <http_config.h>
#include <http_log.h>

#include "httpd/conf.h"
#include "httpd/report.h"
#include "httpd/runtime.h"
#include "httpd/thread.h"

APLOG_USE_MODULE(spbe_guard);

static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE };
#define SIGNALS (sizeof(signals) / sizeof(*signals))

/* Written once in child_init, before any thread runs. */
static struct sigaction before[SIGNALS];

/* Of the parent: what the error log said last of a child's death. */
static struct {
    long pid;
    int signal;
} heard;

static void go_on(int sig, siginfo_t *info, void *context)
{
    size_t i;

    for (i = 0; i < SIGNALS; i++) {
        if (signals[i] != sig) {
            continue;
        }
        if (before[i].sa_flags & SA_SIGINFO) {
            before[i].sa_sigaction(sig, info, context);
            return;
        }
        if (before[i].sa_handler != SIG_DFL
            && before[i].sa_handler != SIG_IGN) {
            before[i].sa_handler(sig);
            return;
        }
    }
    signal(sig, SIG_DFL);
    raise(sig);
}

/* Async-signal-safe: plain stores, and backtrace() that was loaded before. */
static void on_signal(int sig, siginfo_t *info, void *context)
{
    spbe_thread_t *thread = spbe_thread_peek();
    spbe_slot_t *slot = thread == NULL ? NULL : thread->slot;

    if (slot != NULL && slot->signal == 0) {
        slot->address = info->si_addr;
        slot->depth = 0;
        slot->signal = sig;
        slot->depth = backtrace(slot->stack, SPBE_SLOT_STACK);
    }
    go_on(sig, info, context);
}

void spbe_crash_arm(void)
{
    struct sigaction action;
    void *warm_up[2];
    size_t i;

    /* The first call loads libgcc, which a signal handler must not. */
    backtrace(warm_up, 2);
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    for (i = 0; i < SIGNALS; i++) {
        if (sigaction(signals[i], &action, &before[i]) != 0) {
            before[i].sa_handler = SIG_DFL;
        }
    }
}

void spbe_crash_hear(const char *text)
{
    const char *at;

    if (strncmp(text, "AH00051: ", 9) != 0
        && strncmp(text, "AH00052: ", 9) != 0) {
        return;
    }
    at = strstr(text, "child pid ");
    if (at == NULL) {
        return;
    }
    heard.pid = strtol(at + 10, NULL, 10);
    /* "... exit signal Segmentation fault (11)" */
    at = strchr(at, '(');
    heard.signal = at == NULL ? 0 : (int)strtol(at + 1, NULL, 10);
}

static const char *stack_text(const spbe_slot_t *slot, apr_pool_t *pool)
{
    apr_array_header_t *lines = apr_array_make(pool, 8, sizeof(char *));
    char **names;
    int i;

    if (slot->depth <= 0) {
        return "";
    }
    /* The parent has the same modules at the same addresses: it forked. */
    names = backtrace_symbols(slot->stack, slot->depth);
    for (i = 0; i < slot->depth; i++) {
        APR_ARRAY_PUSH(lines, const char *) = apr_psprintf(
            pool, "#%d %s\n", i, names == NULL ? "?" : names[i]);
    }
    free(names);
    return apr_array_pstrcat(pool, lines, 0);
}

static void record_slot(server_rec *s, const spbe_slot_t *slot, int sig,
                        int whole_child, apr_pool_t *pool)
{
    spbe_crash_t crash = { 0 };
    apr_pool_t *scratch;

    apr_pool_create(&scratch, pool);
    crash.slot = slot;
    crash.signal = slot != NULL && slot->signal != 0 ? slot->signal : sig;
    crash.stack = slot == NULL ? "" : stack_text(slot, scratch);
    crash.address = slot == NULL ? NULL : slot->address;
    crash.bystander = !whole_child;
    spbe_report_crash(s, &crash, scratch);
    apr_pool_destroy(scratch);
}

/* As many slots as one child can have; HTTP/2 has threads of its own. */
static apr_uint32_t slots_of_child(void)
{
    int threads = 0;

    ap_mpm_query(AP_MPMQ_HARD_LIMIT_THREADS, &threads);
    return 4 * (threads > 16 ? (apr_uint32_t)threads : 16);
}

static int is_of(const spbe_slot_t *slot, pid_t pid)
{
    return __atomic_load_n(&slot->pid, __ATOMIC_ACQUIRE) == (apr_uint32_t)pid;
}

static int is_guilty_known(const spbe_shm_t *shm, pid_t pid)
{
    apr_uint32_t i;

    for (i = 0; i < shm->slots; i++) {
        if (is_of(&shm->slot[i], pid) && shm->slot[i].busy
            && shm->slot[i].signal) {
            return 1;
        }
    }
    return 0;
}

/* One record for each request that died with the child; one in any case. */
static void record_child(server_rec *s, spbe_shm_t *shm, pid_t pid, int sig,
                         apr_pool_t *pool)
{
    apr_uint32_t i, left = slots_of_child();
    int guilty_known = is_guilty_known(shm, pid), told = 0;
    spbe_slot_t slot;

    for (i = 0; i < shm->slots && left > 0; i++) {
        if (!is_of(&shm->slot[i], pid)) {
            continue;
        }
        left--;
        spbe_shm_read(&shm->slot[i], &slot);
        if (slot.busy || slot.signal) {
            record_slot(s, &slot, sig, slot.signal != 0 || !guilty_known,
                        pool);
            told = 1;
        }
    }
    if (!told) {
        record_slot(s, NULL, sig, 1, pool);
    }
}

static int has_slots(const spbe_shm_t *shm, pid_t pid)
{
    apr_uint32_t i;

    for (i = 0; i < shm->slots; i++) {
        if (is_of(&shm->slot[i], pid)) {
            return 1;
        }
    }
    return 0;
}

/* At a stop httpd itself kills what does not end in time. */
static int is_stopping(void)
{
    int state = AP_MPMQ_RUNNING;

    ap_mpm_query(AP_MPMQ_MPM_STATE, &state);
    return state == AP_MPMQ_STOPPING;
}

static void on_child(server_rec *s, pid_t pid, ap_generation_t gen, int slot,
                     mpm_child_status status)
{
    spbe_runtime_t *runtime = spbe_runtime_get(s);
    int sig = heard.pid == (long)pid ? heard.signal : 0;
    apr_pool_t *pool;

    /* Without its scoreboard slot a child may serve on for hours. */
    if (status != MPM_CHILD_EXITED || runtime == NULL
        || runtime->shm == NULL) {
        return;
    }
    if (!is_stopping() && (sig != 0 || has_slots(runtime->shm, pid))) {
        apr_pool_create(&pool, NULL);
        runtime->shm->shared->crashes++;
        record_child(s, runtime->shm, pid, sig, pool);
        apr_pool_destroy(pool);
    }
    spbe_shm_free(runtime->shm, (apr_uint32_t)pid);
}

void spbe_crash_hooks(apr_pool_t *p)
{
    ap_hook_child_status(on_child, NULL, NULL, APR_HOOK_MIDDLE);
}
