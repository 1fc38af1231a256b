/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/checker.h - is a signature that of a signer? For many of one signer in
 * a row.
 */
#ifndef SPBE_STORE_CHECKER_H
#define SPBE_STORE_CHECKER_H

#include "store/group.h"

typedef struct spbe_checker spbe_checker_t;

/* NULL when memory is short. Lives as long as the pool. */
spbe_checker_t *spbe_checker_create(apr_pool_t *pool);

/* 1, or 0 for anything but a good signature. */
int spbe_checker_check(spbe_checker_t *checker,
                       const unsigned char signer[SPBE_SIGNER_SIZE],
                       spbe_span_t message,
                       const unsigned char signature[SPBE_SIGNATURE_SIZE]);

#endif
