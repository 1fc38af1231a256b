/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/trigger.h - Input Pemicu Error (procedure step E1): what the request
 * carried, as names, types, lengths and masked values. Never a value.
 */
#ifndef SPBE_RECORD_TRIGGER_H
#define SPBE_RECORD_TRIGGER_H

#include <apr_tables.h>
#include "record/redact.h"
#include "record/sensitive.h"

#define SPBE_TRIGGER_FIELDS 200

typedef struct spbe_trigger_input {
    const char *method;
    const char *path;           /* without query */
    const char *query;          /* or NULL */
    const char *content_type;   /* of the request, or NULL */
    const char *cookie;         /* the Cookie field, or NULL: names only */
    const apr_table_t *headers; /* request headers: names and lengths only */
    spbe_span_t body;           /* the first bytes that the handler read */
    apr_uint64_t body_length;   /* as read in all */
    const spbe_sensitive_t *sensitive; /* what the policy says, or NULL */
} spbe_trigger_input_t;

/*
 * JSON text: {"method","path","content_type","body_length","complete",
 * "fields":[{"in":"query|form|json|file|cookie|header|path","name","type",
 * "length","masked"}], "dropped": n}. Names are redacted like text and at most
 * 128 bytes; of a piece without a name only the form stands there. Urlencoded, multipart and JSON bodies are read; a body cut short
 * gives the fields up to the cut and "complete":false.
 */
const char *spbe_trigger_json(const spbe_redact_t *redact,
                              const spbe_trigger_input_t *input,
                              apr_pool_t *pool);

/* The path as a route: ids, numbers, uuids, hashes as "{id}"; no query. */
const char *spbe_trigger_route(const char *path, apr_pool_t *pool);

#endif
