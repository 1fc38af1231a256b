/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/settings.h - what the administrator decided, as the check sees it.
 *
 * Filled in by httpd/ from directives and by ctl/ from options. Immutable.
 */
#ifndef SPBE_INPUT_SETTINGS_H
#define SPBE_INPUT_SETTINGS_H

#include <apr_tables.h>

#include "input/reason.h"

/* X(member, name for SpbeGuardLimit, default, lowest, highest, meaning) */
#define SPBE_LIMITS(X)                                                       \
    X(fields, "fields", 1000, 1, 100000,                                     \
      "fields in the query, in the form, and cookies, each")                 \
    X(name, "name-length", 200, 1, 8192, "bytes of a field's name")          \
    X(value, "value-length", 1048576, 1, 1073741824,                         \
      "bytes of a field's value (a file's have limits of their own)")        \
    X(depth, "depth", 32, 1, 64, "nesting of JSON, of XML, of names a[b]")   \
    X(nodes, "json-nodes", 100000, 1, 10000000, "values in a JSON body")     \
    X(files, "files", 20, 0, 1000, "files in one request")                   \
    X(file_size, "file-size", 0, 0, 2147483647,                              \
      "bytes of one file; 0: LimitRequestBody alone")                        \
    X(pixels, "image-pixels", 100000000, 1, 2147483647,                      \
      "width times height of an image")

typedef struct spbe_limits {
#define X(member, name, def, lo, hi, meaning) apr_int64_t member; /* 0 unset */
    SPBE_LIMITS(X)
#undef X
} spbe_limits_t;

/* SpbeGuardMalformed REASON reject|log [FIELD...] */
typedef struct spbe_malformed_rule {
    spbe_reason_t reason;  /* SPBE_REASON_NONE: all that are malformed */
    spbe_action_t action;
    const char *field;     /* NULL: every; a name, '*' at its end for all that
                              begin so */
} spbe_malformed_rule_t;

struct spbe_policy;

typedef struct spbe_settings {
    const struct spbe_policy *policy; /* SpbeGuardPolicy, or NULL */
    const struct spbe_policy *params; /* SpbeGuardParam lines, or NULL */
    const apr_array_header_t *malformed; /* spbe_malformed_rule_t: a later one
                                            wins; NULL */
    spbe_action_t unknown;            /* UNSET: log */
    const apr_array_header_t *ignore; /* const char *, '*' at either end; or
                                         NULL: added to the built-in ones */
    int ignore_fresh;                 /* without the built-in ones */
    const spbe_limits_t *limits;      /* NULL: defaults */
    const struct spbe_redact *redact; /* what names are secret, or NULL */
} spbe_settings_t;

/* The limit in force. */
#define X(member, name, def, lo, hi, meaning)                                \
    static inline apr_int64_t spbe_limit_##member(const spbe_settings_t *s)  \
    {                                                                        \
        return s->limits != NULL && s->limits->member != 0                   \
                   ? s->limits->member                                       \
                   : (def);                                                  \
    }
SPBE_LIMITS(X)
#undef X

/* What is to be done for a malformed reason of a field (empty: none). */
spbe_action_t spbe_settings_action(const spbe_settings_t *settings,
                                   spbe_reason_t reason, spbe_span_t field);

/* Is this field one that no policy needs to know (utm_source, _token)? */
int spbe_settings_ignored(const spbe_settings_t *settings, spbe_span_t field);

#endif
