/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/complaint.h - what a refused field is to a person: its label and
 * what is expected, in Indonesian or English.
 *
 * Is never given the value, the pattern or the reason, so none of them can
 * appear. Which names may be shown is decided by the caller.
 */
#ifndef SPBE_FAILURE_COMPLAINT_H
#define SPBE_FAILURE_COMPLAINT_H

#include <apr_tables.h>

#include "failure/messages.h"
#include "failure/page.h"

typedef enum spbe_whereabouts {
    SPBE_WHERE_BODY = 0,
    SPBE_WHERE_PARAMETER = 1, /* of the path or the query */
    SPBE_WHERE_HEADER = 2,
    SPBE_WHERE_COOKIE = 3
} spbe_whereabouts_t;

typedef struct spbe_complaint {
    const char *keyword; /* that is not kept: of JSON Schema; an operator of
                            x-spbe-compare; "unknown" "file-size" "file-type"
                            "file-count" "file-image" */
    const char *arg;     /* what is expected: a number, a format's name, a type,
                            "a, b, c", the other field; or NULL */
    const char *example; /* of the format, or NULL */
    spbe_whereabouts_t where;
    int is_file;
    const char *name;    /* as the policy has it; NULL: must not be shown */
    const char *pointer; /* JSON Pointer in a JSON body, or NULL */
    const char *label_id, *label_en; /* or NULL */
    const char *hint_id, *hint_en;
    const char *other_id, *other_en; /* label of the field that arg names */
    unsigned is_choice : 1; /* one of those offered, or a file: nothing that is
                               typed */
    unsigned of_days : 1;   /* a comparison of two dates */
} spbe_complaint_t;

/* One or two sentences; never NULL. */
const char *spbe_complaint_expects(const spbe_complaint_t *complaint,
                                   const spbe_messages_t *messages, int english,
                                   apr_pool_t *pool);

/* How a person knows the field, as plain text; "" when it has no name. */
const char *spbe_complaint_label(const spbe_complaint_t *complaint,
                                 const spbe_messages_t *messages, int english,
                                 apr_pool_t *pool);

/* JSON Pointer as a URI fragment, "#/alamat/0/kota", or NULL. */
const char *spbe_complaint_pointer(const spbe_complaint_t *complaint,
                                   apr_pool_t *pool);

/* "2 MB", "1,4 MB": never more than it is. */
const char *spbe_complaint_size(apr_uint64_t bytes,
                                const spbe_messages_t *messages,
                                apr_pool_t *pool);

/*
 * All of them (spbe_complaint_t), ready for a page of that format: an HTML
 * list and lines of text by field; for programs one entry each, in JSON an
 * array.
 */
spbe_span_t spbe_complaints_write(const apr_array_header_t *complaints,
                                  spbe_page_format_t format,
                                  const spbe_messages_t *messages, int english,
                                  apr_pool_t *pool);

#endif
