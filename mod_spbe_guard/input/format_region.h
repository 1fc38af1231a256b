/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_region.h - the provinces: code, name, first digits of their
 * postal codes.
 *
 * Codes and names: Kepmendagri 300.2.2-2138/2025 of 25 April 2025 (38
 * provinces), as amended by 300.2.2-2430/2025. Postal zones: Pos Indonesia's
 * first digit, as published; Jabodetabek (1) lies in three provinces.
 */
#ifndef SPBE_INPUT_FORMAT_REGION_H
#define SPBE_INPUT_FORMAT_REGION_H

#include "text/span.h"

#define SPBE_REGION_SOURCE "Kepmendagri 300.2.2-2138/2025"
#define SPBE_REGION_DATE "2025-04-25"

typedef struct spbe_region {
    int code;
    const char *name;
    const char *others; /* other spellings: small letters alone, "a b c" */
    const char *zones;  /* first digits of postal codes */
} spbe_region_t;

/* NULL when there is no such province. */
const spbe_region_t *spbe_format_region_find(int code);
/* By two or more digits of a region's code, dots allowed, or by a name: case,
 * blanks, dots and "Provinsi" before it do not matter. */
const spbe_region_t *spbe_format_region_named(spbe_span_t text);
/* The table; ends with code 0. */
const spbe_region_t *spbe_format_regions(void);

#endif
