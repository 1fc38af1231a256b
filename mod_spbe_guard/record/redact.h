/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact.h - what must never stand in a record is taken out here.
 *
 * Passwords, tokens, keys, cookies, authorization, DSNs with credentials, SQL
 * literals, e-mail addresses, runs of ten and more digits (NIK, KK, NPWP, card
 * and telephone numbers), and the values of named fields. Works on any text:
 * messages, traces, log lines, URLs, JSON, HTML.
 */
#ifndef SPBE_RECORD_REDACT_H
#define SPBE_RECORD_REDACT_H

#include <apr_tables.h>
#include "text/span.h"

typedef struct spbe_redact spbe_redact_t;

/*
 * names: more field names (SpbeGuardRedact) as const char *, or NULL; matched
 * without case and as a part ("pin" is special: as a whole word). Immutable
 * and shared once made; NULL only when memory is short.
 */
spbe_redact_t *spbe_redact_create(const apr_array_header_t *names,
                                  apr_pool_t *pool);

/* Is this the name of a field whose value is secret? */
int spbe_redact_is_secret(const spbe_redact_t *redact, spbe_span_t name);

/* A copy in pool; what was taken out is "[disamarkan]". At most limit bytes,
 * cut at a character border and ending in " [terpotong]" if cut; 0: no limit.
 */
spbe_span_t spbe_redact_text(const spbe_redact_t *redact, spbe_span_t text,
                             size_t limit, apr_pool_t *pool);

/*
 * One value for the record: its form with digits as 9, letters as a or A,
 * other characters kept, at most 24 characters ("3171012345678901" gives
 * "9999999999999999"); a secret name gives NULL: not even the form.
 */
const char *spbe_redact_mask(const spbe_redact_t *redact, spbe_span_t name,
                             spbe_span_t value, apr_pool_t *pool);

#endif
