/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/publicrules.h - the part of a policy that a browser may know: for one
 * path, which fields there are and what each accepts.
 *
 * Gives nothing a visitor could not find out by trying: no field of another
 * path, no header or cookie rule, no comparison that is only recorded.
 */
#ifndef SPBE_INPUT_PUBLICRULES_H
#define SPBE_INPUT_PUBLICRULES_H

#include "input/policy.h"

/*
 * JSON: {"v":1,"forms":[{"action":"/daftar/{id}","method":"POST","enctype":
 * "multipart/form-data","fields":[...],"compare":[{"left","op","right",
 * "message":{"id","en"}}]}]}. action is a route template with its base path;
 * "*" (as is method) for SpbeGuardParam lines: any form of the page.
 *
 * A field: name, label{id,en}, hint{id,en}, required, type (of an array the
 * element's, with "array":true), nullable (the text "null" is taken), format,
 * formatPattern, example, inputmode, autocomplete, pattern, minLength,
 * maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
 * (numbers as strings), enum, const, minItems, maxItems, uniqueItems,
 * files{types,maxSize,maxCount}. Each only where it applies.
 *
 * path: of the page that asks, as sent. Forms are those under the same
 * server's base path: GET with parameters in query, and every body that is
 * urlencoded or multipart.
 */
const char *spbe_public_rules(const spbe_policy_t *policy,
                              const spbe_policy_t *params, spbe_span_t path,
                              apr_pool_t *pool);

#endif
