/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/compare.h - fields that must agree with each other (x-spbe-compare,
 * ASVS 2.2.3): order of dates and numbers, birth date against NIK, postal code
 * against province.
 */
#ifndef SPBE_INPUT_COMPARE_H
#define SPBE_INPUT_COMPARE_H

#include "input/policy.h"

/* An operator that x-spbe-compare may name? */
int spbe_compare_known(const char *op);
/* Only recorded unless the policy says otherwise ("born", "province"). */
int spbe_compare_is_flag(const char *op);

/*
 * 1: agrees, or cannot be told (a value is missing or not of that kind); 0:
 * contradicts. "<" and the like: dates (YYYY-MM-DD, DD-MM-YYYY, date-time),
 * times of a day and numbers; other texts are "==" when they are the same
 * bytes. "born": left a NIK, right a date; "province": left a postal code,
 * right a region's code or a province's name.
 */
int spbe_compare_holds(const char *op, spbe_span_t left, spbe_span_t right);

#endif
