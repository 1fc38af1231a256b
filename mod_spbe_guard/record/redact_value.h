/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_value.h - how far a secret value reaches. Private to
 * redact_*.c.
 */
#ifndef SPBE_RECORD_REDACT_VALUE_H
#define SPBE_RECORD_REDACT_VALUE_H

#include "record/redact_scan.h"

typedef enum spbe_value {
    SPBE_VALUE_BARE = 0,         /* a word, a quotation or a bracket */
    SPBE_VALUE_FIELD = 1,        /* a header field: to the end of the line */
    SPBE_VALUE_FIELD_SINGLE = 2, /* or to the next ' */
    SPBE_VALUE_FIELD_DOUBLE = 3, /* or to the next " */
    SPBE_VALUE_CELL = 4          /* to the next '<' */
} spbe_value_t;

/* Marks the value at i and returns where it ends. */
size_t spbe_hide_value(spbe_hide_t *hide, size_t i, spbe_value_t kind);

#endif
