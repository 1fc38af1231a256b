/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/made.h - records with known content.
 *
 * What is in a record follows from its writer and how many that one has made
 * before, and the title says which it is: whoever finds a record can make it
 * once more and compare every byte.
 */
#ifndef SPBE_TESTS_MADE_H
#define SPBE_TESTS_MADE_H

#include "record/record.h"

/* The nth of a writer. size: bytes of its details; 0: of every size. */
spbe_encoded_t made_record(const char *writer, apr_uint64_t n, unsigned size,
                           apr_pool_t *pool);

/* Which one h belongs to; 0: none of ours. */
apr_uint64_t made_nth(const char *h);

#endif
