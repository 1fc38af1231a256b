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
 * JSON: {"v":1,"forms":[{"action":"/daftar/{id}","method":"POST","fields":
 * [{"name":...,"label":{"id":..,"en":..},"hint":{..},"required":true,
 * "type":"string","format":"nik","pattern":"...","minLength":1,...,
 * "files":{"types":[..],"maxSize":1,"maxCount":1}}],"compare":[..]}]}.
 * path: of the page that asks, as sent; all operations whose body a form can
 * send, and whose route is below the same application, are given.
 */
const char *spbe_public_rules(const spbe_policy_t *policy,
                              const spbe_policy_t *params, spbe_span_t path,
                              apr_pool_t *pool);

#endif
