/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/verdict.h - what was found in one request: Hasil Verifikasi.
 *
 * Findings are for records; what a visitor may read of them is decided by the
 * page (label and what is expected, never the value, pattern or reason).
 */
#ifndef SPBE_INPUT_VERDICT_H
#define SPBE_INPUT_VERDICT_H

#include <apr_tables.h>

#include "input/reason.h"
#include "input/schema.h"

typedef enum spbe_place {
    SPBE_IN_REQUEST = 0, /* the request as a whole, its body as a whole */
    SPBE_IN_PATH = 1,
    SPBE_IN_QUERY = 2,
    SPBE_IN_HEADER = 3,
    SPBE_IN_COOKIE = 4,
    SPBE_IN_FORM = 5, /* urlencoded or multipart field */
    SPBE_IN_FILE = 6,
    SPBE_IN_JSON = 7
} spbe_place_t;

/* "request" "path" "query" "header" "cookie" "form" "file" "json" */
const char *spbe_place_name(spbe_place_t place);

typedef struct spbe_finding {
    spbe_reason_t reason;
    spbe_action_t action;    /* under On */
    spbe_place_t place;
    spbe_span_t field;       /* its name, decoded once; empty: none */
    const char *pointer;     /* JSON Pointer in a body (RFC 6901), or NULL */
    const char *keyword;     /* SPBE_REASON_SCHEMA, _COMPARE: which; or NULL */
    const char *arg;         /* what is expected; see spbe_fault_t; or NULL */
    const spbe_about_t *about; /* or NULL */
    spbe_span_t value;       /* as decoded; for records only; may be empty */
    const char *detail;      /* of a malformed request, for the record: what
                                exactly, without any value; or NULL */
    const spbe_about_t *other; /* COMPARE: of the field that arg names; NULL */
} spbe_finding_t;

#define SPBE_FINDINGS_MAX 50

typedef struct spbe_verdict {
    apr_array_header_t *findings; /* spbe_finding_t, SPBE_FINDINGS_MAX at most */
    unsigned dropped;             /* findings beyond that */
    spbe_reason_t worst;  /* of the first finding with action REJECT, or NONE */
    int status;           /* the refusal's: 400 404 405 413 415 422 503; 0 */
    const char *allow;    /* for 405: "GET, HEAD, POST", or NULL */
    const char *route;    /* the policy's path template, or NULL */
    unsigned judged : 1;  /* a policy or parameters applied */
    unsigned partly : 1;  /* part of the body was not examined */
} spbe_verdict_t;

spbe_verdict_t *spbe_verdict_create(apr_pool_t *pool);

/* Copies *finding; fills in status and worst. The first rejecting finding sets
 * the status, but malformed (400, 415, 413) goes before 422. */
void spbe_verdict_add(spbe_verdict_t *verdict, const spbe_finding_t *finding);

#endif
