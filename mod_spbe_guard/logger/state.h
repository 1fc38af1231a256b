/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/state.h - what the logger tells about itself: state.json, renamed
 * into place, so that a reader always sees a whole one.
 */
#ifndef SPBE_LOGGER_STATE_H
#define SPBE_LOGGER_STATE_H

#include "store/intake.h"
#include "logger/shelf.h"

typedef struct spbe_state {
    apr_time_t started;
    apr_uint64_t disk_free, disk_total; /* bytes */
    int stopping;
    spbe_trouble_t disk_trouble;
    spbe_trouble_t state_trouble;
} spbe_state_t;

void spbe_state_init(spbe_state_t *state);

/* Looks at the disk and writes the file. */
void spbe_state_write(spbe_state_t *state, const spbe_shelf_t *shelf,
                      const spbe_intake_t *intake, apr_pool_t *scratch);

#endif
