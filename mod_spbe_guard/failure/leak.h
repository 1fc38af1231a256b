/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/leak.h - find leaks in the bytes of one response as they stream by.
 *
 * Feed the decoded bytes in any pieces; the result does not depend on how they
 * were cut. The scanner keeps a window of at most SPBE_SCAN_WINDOW bytes and
 * says which bytes may go on to the visitor. What is done about a leak is
 * decided by the filter.
 */
#ifndef SPBE_FAILURE_LEAK_H
#define SPBE_FAILURE_LEAK_H

#include <apr.h>
#include "failure/rules.h"

#define SPBE_SCAN_WINDOW (128 * 1024)
#define SPBE_SCAN_LEAKS 64 /* more than this many notices: treated as fatal */

typedef struct spbe_leak {
    const spbe_rule_t *rule;
    apr_uint64_t start, end; /* offsets in the decoded response, [start,end) */
} spbe_leak_t;

typedef struct spbe_scan spbe_scan_t;

/* status: of the response, for rules with min_status. */
spbe_scan_t *spbe_scan_create(const spbe_rules_t *rules, int status,
                              apr_pool_t *pool);

/*
 * bytes: the next ones. last: no more will come. When the first call is also
 * the last, nothing is copied and spbe_scan_text refers to the caller's bytes.
 */
void spbe_scan_feed(spbe_scan_t *scan, spbe_scratch_t *scratch,
                    spbe_span_t bytes, int last);

/* Found so far, by start, without overlaps. *n is their number. */
const spbe_leak_t *spbe_scan_leaks(const spbe_scan_t *scan, size_t *n);

/* The leak that makes the response fatal, or NULL. */
const spbe_leak_t *spbe_scan_fatal(const spbe_scan_t *scan);

/*
 * Every byte before this offset is either clean or inside a leak of the list;
 * bytes from here on may still turn out to be part of one. After the last
 * feed it is the length of the response.
 */
apr_uint64_t spbe_scan_safe(const spbe_scan_t *scan);

/*
 * The same for a response whose sender wants its bytes out at once: up to the
 * end of the last line or tag that was fed, unless a hit there waits for more.
 * A leak that begins before this offset may have left in part.
 */
apr_uint64_t spbe_scan_flushable(const spbe_scan_t *scan);

/* The bytes of the response that are kept, and the offset of the first. */
spbe_span_t spbe_scan_text(const spbe_scan_t *scan, apr_uint64_t *offset);

/* One whole text at once, such as a header's value: first fatal rule or NULL. */
const spbe_rule_t *spbe_scan_once(const spbe_rules_t *rules,
                                  spbe_scratch_t *scratch, int status,
                                  spbe_span_t text);

#endif
