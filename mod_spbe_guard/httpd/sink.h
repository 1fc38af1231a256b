/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/sink.h - where records go: one pipe and one logger for the life of the
 * parent, or a file.
 *
 * A record waits for a full pipe at most SpbeGuardLogWait; then it is counted
 * as lost and the error log says so. Serving never stops because logging does.
 */
#ifndef SPBE_HTTPD_SINK_H
#define SPBE_HTTPD_SINK_H

#include <httpd.h>

#include "record/record.h"

typedef struct spbe_sink {
    int fd;              /* -1: nowhere to write to */
    int wait;            /* milliseconds */
    apr_uint64_t seq;    /* last number given in this process */
    apr_time_t said;     /* when the error log was last told of a loss */
    char writer[120];    /* node:pid:start of this process */
    char node[64];
} spbe_sink_t;

/*
 * In post_config, second pass: finds the pipe of an earlier generation or
 * opens it. Trouble is said in the error log; the sink is then without fd.
 */
spbe_sink_t *spbe_sink_open(server_rec *s, const char *target, int wait,
                            apr_pool_t *pconf);

/* In child_init: closes what a child must not hold, names the writer. */
void spbe_sink_child(spbe_sink_t *sink, server_rec *s);

/* 1 when every line was written; 0 when the record is lost (counted and said).
 * May be called from any thread. */
int spbe_sink_write(spbe_sink_t *sink, const spbe_encoded_t *encoded,
                    server_rec *s, apr_pool_t *pool);

#endif
