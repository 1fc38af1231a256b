/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/builtin.h - the files of conf/ that are part of the program.
 *
 * Rules, messages and pages are embedded when building, so that the module
 * works without looking for files; directives can replace or add to them.
 */
#ifndef SPBE_FAILURE_BUILTIN_H
#define SPBE_FAILURE_BUILTIN_H

#include "text/span.h"

typedef struct spbe_builtin {
    const char *name; /* "rules/leak-php.json", "messages/id.json" ... */
    spbe_span_t data;
} spbe_builtin_t;

/* Ends with an entry whose name is NULL. Sorted by name. */
const spbe_builtin_t *spbe_builtin_all(void);

/* The empty span when there is none of that name. */
spbe_span_t spbe_builtin_get(const char *name);

#endif
