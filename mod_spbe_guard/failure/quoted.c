/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/quoted.c - thin first version.
 */
#include "failure/quoted.h"

int spbe_quoted(spbe_span_t text, size_t offset)
{
    return 0;
}
