/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/sensitive.h - which fields of a request the policy calls secret: of
 * these not even the form of a value may stand in a record.
 *
 * By name, wherever a field of that name came: a secret sent in the wrong
 * place is still one.
 */
#ifndef SPBE_RECORD_SENSITIVE_H
#define SPBE_RECORD_SENSITIVE_H

#include "input/policy.h"
#include "input/settings.h"

typedef struct spbe_sensitive {
    const spbe_operation_t *operation; /* of the policy, or NULL */
    const struct spbe_policy *params;  /* SpbeGuardParam lines, or NULL */
    apr_pool_t *pool;
} spbe_sensitive_t;

/*
 * name: "sandi", "akun[sandi]", "akun.sandi", "items[0].sandi", or a JSON
 * Pointer. sensitive: NULL is allowed.
 */
int spbe_sensitive_is_secret(const spbe_sensitive_t *sensitive,
                             spbe_span_t name);

/* Does the policy, or a line, have a parameter or a form's field of exactly
 * this name? sensitive: NULL is allowed. */
int spbe_sensitive_knows(const spbe_sensitive_t *sensitive, spbe_span_t name);

#endif
