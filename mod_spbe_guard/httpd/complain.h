/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/complain.h - what of a refusing verdict a visitor may read.
 *
 * Names come from the policy or are left out: a page never repeats what a
 * client chose.
 */
#ifndef SPBE_HTTPD_COMPLAIN_H
#define SPBE_HTTPD_COMPLAIN_H

#include <apr_tables.h>

#include "input/policy.h"

/*
 * The refused fields (spbe_complaint_t); NULL when the request as a whole was
 * refused, as for all that is malformed. operation, params: by whose rules it
 * was judged; each may be NULL.
 */
const apr_array_header_t *spbe_complain_list(const spbe_verdict_t *verdict,
                                             const spbe_operation_t *operation,
                                             const spbe_policy_t *params,
                                             apr_pool_t *pool);

/* The limit of a body that is too large, in bytes; 0: not known. */
apr_uint64_t spbe_complain_limit(const spbe_verdict_t *verdict);

#endif
