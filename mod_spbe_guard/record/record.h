/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/record.h - what is written down.
 *
 * A record has an index part h (nothing secret, under 1.5 KB) and details d.
 * spbe_record_encode makes both from the struct; everything that came from a
 * visitor or an application is redacted there, so no caller can forget it.
 */
#ifndef SPBE_RECORD_RECORD_H
#define SPBE_RECORD_RECORD_H

#include <apr_tables.h>
#include <apr_time.h>
#include "failure/trace.h"
#include "input/verdict.h"
#include "record/redact.h"
#include "record/ref.h"
#include "record/sensitive.h"
#include "record/tallies.h"

typedef struct spbe_record {
    /* h */
    const char *id, *ref;
    apr_time_t ts;
    const char *kind;       /* error anomaly access crash more notice tally */
    const char *severity;   /* "error" "warning" "notice" "critical" */
    const char *class_name; /* NULL where the kind has no class */
    const char *responsible;
    const char *assignee;     /* SpbeGuardApplication dev= or sysadmin= */
    const char *owner, *data; /* ... owner= and data= */
    const char *fingerprint;
    const char *title;
    const char *node, *application, *vhost, *host, *client;
    const char *route, *method;
    int status_in, status_out;
    const char *exception;
    const char *frame;      /* top application frame "function file:line" */
    const char *rule;       /* leak rule or event that made the record */
    const char *action;     /* "replaced" "excised" "blanked" "aborted" "logged"
                               "hidden"     "passed" */
    const char *event;      /* OWASP logging vocabulary, or NULL */
    apr_uint64_t leak_sent; /* bytes of the leak that had left; 0 none */
    const char *of;         /* kind more: the id it adds to (= id); one of a
                               flood: the id of the record with the details */
    /* kinds anomaly and access: see record/anomaly.h */
    const char *reason;  /* "duplicate", "schema", "http-403" */
    const char *keyword; /* of the schema: "minLength"; or NULL */
    const char *place;   /* "query" "form" ..., or NULL */
    const char *field;   /* its name, made visible; or NULL */
    const char *wanted;  /* under On: "reject" or "log"; or NULL */
    const apr_array_header_t *also; /* const char *: the other findings as
                                       "wanted|reason|keyword|place|field" */
    /* A record that stands for many: how many of them have no record of their
     * own, all of them, and when the first and the last came. total 0: this
     * stands for itself alone. */
    apr_uint64_t count, total;
    apr_time_t first, last;
    /* kind tally, or NULL; day "2026-03-04" */
    const spbe_tallies_counts_t *tally;
    const char *day;
    /* notices of a start: SHA-256 as hexadecimal digits, or NULL */
    const char *config, *rules, *policies;
    /* d */
    const char *message;
    const apr_array_header_t *frames; /* spbe_frame_t, or NULL */
    spbe_span_t trace;
    int seams; /* joints at which bytes may be missing */
    const apr_array_header_t *log_lines; /* const char *, or NULL */
    const char *input;                   /* JSON of spbe_trigger_json or NULL */
    const char *why;                     /* of the classification */
    const char *hint; /* no trace: which setting would bring it */
    const apr_array_header_t *leaks; /* const char * "rule at offset" */
    const apr_array_header_t *findings; /* spbe_finding_t, or NULL */
    const spbe_sensitive_t *sensitive; /* for findings, or NULL */
    spbe_span_t hash_key; /* for the hashes of values; empty: none */
    const apr_array_header_t *facts; /* const char *: of the server itself, kept
                                        as they are; or NULL */
} spbe_record_t;

typedef struct spbe_encoded {
    const char *id;
    const char *h; /* JSON object */
    const char *d; /* JSON object, or NULL when there are no details */
    const char *key;    /* of sealed; NULL: d goes out as it is */
    spbe_span_t sealed; /* set by spbe_seal, instead of d */
} spbe_encoded_t;

/* limit: of h and d together (SpbeGuardRecordLimit, bytes); longest parts
 * are shortened first and marked. Never fails. JSON names are those of
 * spbe-guardctl: id ref ts kind class responsible title ... */
spbe_encoded_t spbe_record_encode(const spbe_record_t *record,
                                  const spbe_redact_t *redact, size_t limit,
                                  apr_pool_t *pool);

#endif
