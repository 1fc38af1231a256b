/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/classify.h - procedure step E4: whose fault is it?
 *
 * code goes to the developer; configuration, database, upstream and resource
 * to the system administrator; unknown to both. Every decision names the rule
 * and the words that decided. The rules are data: conf/rules/class.json.
 */
#ifndef SPBE_FAILURE_CLASSIFY_H
#define SPBE_FAILURE_CLASSIFY_H

#include "failure/trace.h"

typedef enum spbe_class {
    SPBE_CLASS_UNKNOWN = 0,
    SPBE_CLASS_CODE = 1,
    SPBE_CLASS_CONFIGURATION = 2,
    SPBE_CLASS_DATABASE = 3,
    SPBE_CLASS_UPSTREAM = 4,
    SPBE_CLASS_RESOURCE = 5
} spbe_class_t;

typedef struct spbe_class_rules spbe_class_rules_t;

typedef struct spbe_class_input {
    spbe_span_t body;          /* decoded body, may be HTML; may be empty */
    spbe_span_t log;           /* error log lines, one per line; or empty */
    const spbe_trace_t *trace; /* NULL when none was found */
    const char *leak_runtime;  /* of the leak rule that fired, or NULL */
    int status;                /* inside */
    int by_server;             /* the status is httpd's own, not a handler's */
} spbe_class_input_t;

typedef struct spbe_verdict_class {
    spbe_class_t class;
    const char *rule; /* id of the deciding rule, "none" when unknown */
    const char *why;  /* one English sentence fragment: the words that decided,
                         with their place (body, log, trace, status);
                         not redacted */
} spbe_verdict_class_t;

/* NULL or an error text "name:line:column: ..." in *error's sense: on error
 * returns NULL and sets *error. Immutable and shared once made. */
spbe_class_rules_t *spbe_class_rules_load(const char *name, spbe_span_t json,
                                          const char **error, apr_pool_t *pool);

/* Never fails; allocates in pool. */
spbe_verdict_class_t spbe_classify(const spbe_class_rules_t *rules,
                                   const spbe_class_input_t *input,
                                   apr_pool_t *pool);

/* Runs every rule's examples: NULL, or which rule breaks which promise. */
const char *spbe_class_rules_check(const spbe_class_rules_t *rules,
                                   apr_pool_t *pool);

const char *spbe_class_name(spbe_class_t class);        /* "code" ... */
const char *spbe_class_responsible(spbe_class_t class); /* "Dev",
                                             "Sys admin", "Dev, Sys admin" */

#endif
