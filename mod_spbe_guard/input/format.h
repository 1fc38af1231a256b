/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format.h - named formats: those of JSON Schema and those of the
 * country (NIK, NIP, NPWP ...).
 *
 * A format judges the structure of a string, never whether the number was
 * issued. Pure functions of the text; no state, no clock but for dates that
 * must not lie in the future. Sources stand beside each rule.
 */
#ifndef SPBE_INPUT_FORMAT_H
#define SPBE_INPUT_FORMAT_H

#include <apr_time.h>

#include "text/span.h"

typedef struct spbe_format {
    const char *name;      /* "nik", "date-time" */
    int (*valid)(spbe_span_t text, apr_time_t now);
    /* An identifier, or what tells of a person: a JSON number is refused for
     * it, its value is personal when the policy does not say otherwise. */
    int identifier;
    /* What the browser can check: an ECMA-262 pattern that means the same
     * under the flags u and v, or NULL. It accepts all that valid() does;
     * complete says that it refuses all the rest as well. */
    const char *pattern;
    int complete;
    const char *inputmode;    /* HTML: "numeric", "tel", "email", or NULL */
    const char *autocomplete; /* HTML: "tel", "email", "postal-code", or NULL */
    const char *example;      /* of a valid value, shown to people: invented */
    unsigned max_length;      /* characters that a valid value can have; 0 any */
} spbe_format_t;

/* NULL when there is none of that name. Lives for ever. */
const spbe_format_t *spbe_format_find(spbe_span_t name);

/* The table, for listings and tests; ends with a NULL name. */
const spbe_format_t *spbe_formats(void);

/* What it accepts, in English for those who write policies. */
const char *spbe_format_about(const spbe_format_t *format);
/* The name that a mistyped one may stand for, or NULL. */
const char *spbe_format_nearest(spbe_span_t name);

#endif
