/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/head.h - the last group of an archive: one number and one hash that,
 * known elsewhere, give away every cut.
 */
#ifndef SPBE_STORE_HEAD_H
#define SPBE_STORE_HEAD_H

#include <apr_time.h>
#include "text/rc.h"
#include "text/span.h"

typedef struct spbe_head {
    apr_uint64_t group;     /* from 1; 0: no group yet */
    unsigned char hash[32]; /* SHA-256, see FORMAT.md */
    apr_time_t time;        /* when it was signed */
    const char *node;       /* of a head known elsewhere; NULL: not said */
} spbe_head_t;

#define SPBE_HEAD_TEXT 96
/* "GROUP:HEX" */
void spbe_head_write(const spbe_head_t *head, char text[SPBE_HEAD_TEXT]);
/* SPBE_OK or SPBE_BAD; time is not part of the text. */
spbe_rc_t spbe_head_parse(spbe_span_t text, spbe_head_t *head);

/* What the logger tells syslog each minute: this, NODE, a blank, the head. */
#define SPBE_HEAD_SAYS "spbe-guard head "

/* A line of a log that has one in it, or a head alone; node in pool. SPBE_NONE:
 * neither. */
spbe_rc_t spbe_head_find(spbe_span_t line, spbe_head_t *head, apr_pool_t *pool);

#endif
