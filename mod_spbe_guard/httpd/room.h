/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/room.h - how much all temporary bodies of all processes have together,
 * and those of one client: SpbeGuardSpoolLimit.
 *
 * No locks: a lease has one writer, the process that took it. What a dead
 * process had is given back by the parent.
 */
#ifndef SPBE_HTTPD_ROOM_H
#define SPBE_HTTPD_ROOM_H

#include <httpd.h>

#include "httpd/shm.h"

/* What one body has. All zero at first. */
typedef struct spbe_room {
    spbe_lease_t *lease; /* or NULL */
    apr_uint64_t bytes;
} spbe_room_t;

/* Room for bytes in all, for the body of r. NULL, or why there is none. */
const char *spbe_room_take(spbe_room_t *room, const request_rec *r,
                           apr_uint64_t bytes);
void spbe_room_give(spbe_room_t *room);

/* What all have. */
apr_uint64_t spbe_room_used(const spbe_shm_t *shm);

/* Gives back what process pid had. */
void spbe_room_free(spbe_shm_t *shm, apr_uint32_t pid);

#endif
