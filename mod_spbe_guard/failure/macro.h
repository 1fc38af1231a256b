/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/macro.h - replace {{NAME}} in an expression by what a rule file's
 * "define" gives for it. Macros may use macros.
 */
#ifndef SPBE_FAILURE_MACRO_H
#define SPBE_FAILURE_MACRO_H

#include "failure/member.h"

/*
 * define: an object of strings, or NULL. item: the string to expand; messages
 * point to it. The result is in rd->pool; after an error it is of no use.
 */
const char *spbe_macro_expand(spbe_reader_t *rd, const cJSON *define,
                              const cJSON *item);

#endif
