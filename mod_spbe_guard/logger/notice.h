/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/notice.h - what the logger has to say of itself, as records.
 *
 * It is a writer like others, with a name that none of the others may have,
 * and numbers of its own. Nothing in these records came from anybody else.
 */
#ifndef SPBE_LOGGER_NOTICE_H
#define SPBE_LOGGER_NOTICE_H

#include "logger/shelf.h"

typedef struct spbe_notice spbe_notice_t;

spbe_notice_t *spbe_notice_create(const char *node, apr_pool_t *pool);

/* event: "sys_heartbeat" ...; facts: members of a JSON object without its
 * braces, or NULL. What cannot be written yet waits; of too many the first
 * stay. */
void spbe_notice_add(spbe_notice_t *notice, const char *event,
                     const char *severity, const char *title,
                     const char *facts);

int spbe_notice_waits(const spbe_notice_t *notice);

/* Writes what waits, while no other group is open. */
void spbe_notice_write(spbe_notice_t *notice, spbe_intake_t *intake,
                       spbe_shelf_t *shelf);

#endif
