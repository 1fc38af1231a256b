/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/mishap.h - what befalls a logger under load: kills at random
 * moments, a standstill, the end of everything at once.
 */
#ifndef SPBE_TESTS_MISHAP_H
#define SPBE_TESTS_MISHAP_H

#include <sys/types.h>
#include <apr_time.h>

typedef struct mishap {
    char kill_who[16]; /* keeper, intake, index, all, any (one of these) or
                          writer */
    unsigned kill_min, kill_max, kill_times;
    unsigned freeze_after, freeze_for;
    unsigned die_after;
    int die_all;
    unsigned kills; /* so far, of processes that were there */
    apr_time_t began, kill_at, thaw_at;
} mishap_t;

/* The processes as they are now; 0: none. */
typedef struct mishap_targets {
    pid_t logger;
    const pid_t *writer;
    unsigned writers;
} mishap_targets_t;

/* "WHO:MIN:MAX:TIMES", "AFTER:FOR", "AFTER[:all]"; 0 when it is not that. */
int mishap_read_kill(mishap_t *mishap, const char *text);
int mishap_read_freeze(mishap_t *mishap, const char *text);
int mishap_read_die(mishap_t *mishap, const char *text);

void mishap_begin(mishap_t *mishap);

/* Does what is due. */
void mishap_act(mishap_t *mishap, const mishap_targets_t *targets);

/* who: as in kill_who, no writer. How many processes there were. */
unsigned mishap_signal(pid_t logger, const char *who, int signal);

#endif
