/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/pour.h - a process that writes records as a child of httpd does,
 * without httpd.
 */
#ifndef SPBE_TESTS_POUR_H
#define SPBE_TESTS_POUR_H

#include "record/ledger.h"
#include "truth.h"

typedef struct pour {
    spbe_ledger_t *ledger;
    truth_t *truth;
    const char *spill;      /* folder */
    const char *recipients; /* file of public keys to seal to, or NULL */
    unsigned limit;         /* of the spill folder, MiB */
    int fd;                 /* write end of the pipe */
    unsigned wait;          /* milliseconds that a record may take */
    unsigned size;          /* of the details; 0: all sizes */
    unsigned threads;
    unsigned records; /* each thread; 0: until it is told to end */
    unsigned seconds; /* then it ends; 0: not by time */
    unsigned rate;    /* records a second and thread; 0: all it can */
} pour_t;

/* In the process forked for it: the exit code, 0 or 1. SIGTERM ends it as the
 * end of its time does. */
int pour_run(const pour_t *pour);

#endif
