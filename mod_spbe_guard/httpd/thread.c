/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/thread.c - what one worker thread owns. See thread.h.
 *
 * Threads of HTTP/2 come and go: at a thread's end everything is given back.
 */
#include "httpd/thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <httpd.h>

#include "input/upload.h"

#define ALT_STACK (64 * 1024)

/* Written in post_config and child_init, before any thread runs. */
static struct {
    spbe_shm_t *shm;
    const spbe_rules_t *rules;
    pthread_key_t key; /* of children: its destructor is the thread's end */
    int tracked;
} process;

/* Initial-exec: reading it in a signal handler must not allocate. */
static _Thread_local spbe_thread_t *current
    __attribute__((tls_model("initial-exec")));

void spbe_thread_setup(spbe_shm_t *shm, const spbe_rules_t *rules)
{
    if (shm != NULL) {
        /* Of the generation before, or none. */
        spbe_shm_free(shm, (apr_uint32_t)getpid());
    }
    process.shm = shm;
    process.rules = rules;
    /* A prefork child or a test may inherit the parent's. */
    current = NULL;
}

spbe_shm_t *spbe_thread_shm(void)
{
    return process.shm;
}

static void give_back_slot(spbe_thread_t *thread)
{
    apr_uint32_t own = (apr_uint32_t)getpid();

    if (thread->own_slot) {
        free(thread->slot);
        return;
    }
    if (__atomic_load_n(&thread->slot->pid, __ATOMIC_ACQUIRE) != own) {
        return; /* the whole process has given its slots back */
    }
    /* Its counters stay and are added to by the next owner. */
    thread->slot->busy = 0;
    thread->slot->signal = 0;
    __atomic_compare_exchange_n(&thread->slot->pid, &own, 0, 0,
                                __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static void on_thread_end(void *data)
{
    spbe_thread_t *thread = data;
    stack_t off = { .ss_sp = NULL, .ss_flags = SS_DISABLE, .ss_size = 0 };

    current = NULL;
    if (thread->stack != NULL) {
        sigaltstack(&off, NULL);
        free(thread->stack);
    }
    if (thread->scratch != NULL) {
        spbe_scratch_destroy(thread->scratch);
    }
    if (thread->pool != NULL) {
        apr_pool_destroy(thread->pool);
    }
    spbe_lines_free(&thread->lines);
    give_back_slot(thread);
    free(thread);
}

void spbe_thread_track(void)
{
    process.tracked = pthread_key_create(&process.key, on_thread_end) == 0;
}

/* A handler for stack overflow cannot run on the stack that is full. */
static void use_alternate_stack(spbe_thread_t *thread)
{
    stack_t old, own = { .ss_sp = NULL, .ss_flags = 0, .ss_size = ALT_STACK };

    if (sigaltstack(NULL, &old) == 0 && !(old.ss_flags & SS_DISABLE)) {
        return;
    }
    own.ss_sp = malloc(ALT_STACK);
    if (own.ss_sp != NULL && sigaltstack(&own, NULL) != 0) {
        free(own.ss_sp);
        return;
    }
    thread->stack = own.ss_sp;
}

static spbe_thread_t *make(void)
{
    spbe_thread_t *thread = calloc(1, sizeof(*thread));

    if (thread == NULL) {
        ap_abort_on_oom();
    }
    if (process.shm != NULL) {
        thread->slot = spbe_shm_claim(process.shm, (apr_uint32_t)getpid());
    }
    if (thread->slot == NULL) {
        thread->slot = calloc(1, sizeof(*thread->slot));
        thread->own_slot = 1;
    }
    if (thread->slot == NULL) {
        ap_abort_on_oom();
    }
    use_alternate_stack(thread);
    if (process.tracked) {
        pthread_setspecific(process.key, thread);
    }
    return thread;
}

spbe_thread_t *spbe_thread_get(void)
{
    if (current == NULL) {
        current = make();
    }
    return current;
}

spbe_thread_t *spbe_thread_peek(void)
{
    return current;
}

spbe_scratch_t *spbe_thread_scratch(void)
{
    spbe_thread_t *thread = spbe_thread_get();

    if (thread->scratch == NULL) {
        thread->scratch = spbe_scratch_create(process.rules);
        if (thread->scratch == NULL) {
            ap_abort_on_oom();
        }
    }
    return thread->scratch;
}

/* A pool of nobody's: the thread may end at any time. */
static void make_tools(spbe_thread_t *thread)
{
    if (apr_pool_create_unmanaged_ex(&thread->pool, NULL, NULL)
        != APR_SUCCESS) {
        ap_abort_on_oom();
    }
    thread->tools.regex = spbe_regex_scratch_create(thread->pool);
}

const spbe_check_tools_t *spbe_thread_tools(int files)
{
    spbe_thread_t *thread = spbe_thread_get();

    if (thread->pool == NULL) {
        make_tools(thread);
    }
    if (files && thread->tools.magic == NULL) {
        thread->tools.magic = spbe_magic_open(thread->pool);
    }
    return &thread->tools;
}

spbe_counters_t *spbe_thread_count(void)
{
    return &spbe_thread_get()->slot->count;
}
