/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/clock.h - what the kernel says of its clock.
 */
#ifndef SPBE_LOGGER_CLOCK_H
#define SPBE_LOGGER_CLOCK_H

#include <apr.h>

typedef struct spbe_clock {
    int known;             /* 0: the kernel does not say */
    int synchronised;      /* something keeps it right */
    apr_int64_t offset;    /* microseconds, as that something says */
    apr_int64_t max_error; /* microseconds */
} spbe_clock_t;

void spbe_clock_look(spbe_clock_t *clock);

#endif
