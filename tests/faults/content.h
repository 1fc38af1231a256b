/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/content.h - is a record in the archive what its writer made?
 */
#ifndef SPBE_TESTS_CONTENT_H
#define SPBE_TESTS_CONTENT_H

#include "tally.h"

/* A line whose details were left out. */
int content_is_thin(spbe_span_t text);

/* A whole record of kind key: what it opens can be opened from here on. */
void content_learn(tally_t *tally, const tally_number_t *number);

/* 1: byte for byte, and for the first time; or without details (counted). */
int content_is_as_made(tally_t *tally, const tally_writer_t *writer,
                       apr_uint64_t seq, apr_pool_t *pool);

#endif
