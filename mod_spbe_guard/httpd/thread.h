/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/thread.h - what one worker thread owns: its slot in shared memory, the
 * scratch space of the matcher, the stack for signal handlers, and the error
 * log lines that were written without a request while it worked on one.
 *
 * The pointer to it is the one _Thread_local of the module: lines of mod_proxy
 * carry no request, and a signal handler gets no argument.
 */
#ifndef SPBE_HTTPD_THREAD_H
#define SPBE_HTTPD_THREAD_H

#include "failure/rules.h"
#include "httpd/lines.h"
#include "httpd/shm.h"
#include "input/check.h"

typedef struct spbe_thread {
    spbe_slot_t *slot;      /* in shared memory, or own when all are taken */
    spbe_scratch_t *scratch;
    apr_pool_t *pool;       /* of tools, or NULL */
    spbe_check_tools_t tools; /* of the input check */
    spbe_lines_t lines;     /* written without a request */
    int own_slot;
    void *stack;            /* for signal handlers, or NULL */
} spbe_thread_t;

/* In post_config and child_init: what threads of this process need when they
 * begin. */
void spbe_thread_setup(spbe_shm_t *shm, const spbe_rules_t *rules);

/* In child_init: threads give back what they own when they end. */
void spbe_thread_track(void);

/* Of this process; NULL before post_config. */
spbe_shm_t *spbe_thread_shm(void);

/* The calling thread's, made at its first request; never NULL. */
spbe_thread_t *spbe_thread_get(void);
/* The same without making one: NULL when the thread has none. For signal
 * handlers. */
spbe_thread_t *spbe_thread_peek(void);

/* Never NULL: httpd ends a process that has no memory left. */
spbe_scratch_t *spbe_thread_scratch(void);

/* What the input check needs of one thread; made at the first use. files:
 * libmagic as well. */
const spbe_check_tools_t *spbe_thread_tools(int files);

/* The calling thread's counters. */
spbe_counters_t *spbe_thread_count(void);

#endif
