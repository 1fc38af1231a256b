/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/herald.h - heads of the archive, and alarms, to the local syslog.
 *
 * "spbe-guard head NODE GROUP:HEX" each minute: where syslog sends it off the
 * machine, a cut of the archive is found by it. Never waits: what the syslog
 * does not take at once is not sent.
 */
#ifndef SPBE_LOGGER_HERALD_H
#define SPBE_LOGGER_HERALD_H

#include "logger/share.h"

#define SPBE_HERALD_SOCKET "/dev/log"

typedef struct spbe_herald {
    const char *path;   /* of the socket; NULL: nothing is sent */
    int fd;             /* -1: not connected */
    apr_time_t next;    /* head */
    apr_uint64_t group; /* of the last head that was sent */
    int stage;          /* as said last */
} spbe_herald_t;

void spbe_herald_init(spbe_herald_t *herald, const char *path);

/* Sends what is due; last: the end, everything is. Notes in facts when a head
 * was sent, and what is wrong with the syslog. */
void spbe_herald_pass(spbe_herald_t *herald, const spbe_share_t *share,
                      spbe_share_keeper_t *facts, apr_time_t now, int last);

#endif
