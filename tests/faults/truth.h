/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/truth.h - what the writers themselves counted: a mapped file
 * that no kill of anything takes away.
 *
 * Kept beside the ledger, so that the ledger is tested as well.
 */
#ifndef SPBE_TESTS_TRUTH_H
#define SPBE_TESTS_TRUTH_H

#include <apr_pools.h>
#include <apr_time.h>
#include "record/ledger.h"

#define TRUTH_WRITERS 4096

typedef struct truth_writer {
    char name[SPBE_LEDGER_WRITER];
    apr_uint64_t tried;   /* records that it began to write */
    apr_uint64_t given;   /* of these, behind it: each has its number */
    apr_uint64_t piped;   /* of these, whole in the pipe */
    apr_uint64_t spilled; /* in a spill file, whole or in part */
    apr_uint64_t lost;    /* nowhere */
    apr_uint32_t is_made; /* its records are those of made.h ... */
    apr_uint32_t size;    /* ... of this size */
    apr_uint64_t longest; /* microseconds that one record took to be written */
} truth_writer_t;

typedef struct truth {
    apr_uint64_t spill_used; /* bytes in the spill folder */
    apr_time_t stuck;        /* see record/writer.h */
    apr_uint32_t writers;    /* slots of writer in use */
    truth_writer_t writer[TRUTH_WRITERS];
} truth_t;

/* Maps the file, made when it is missing; NULL with errno. */
truth_t *truth_open(const char *path);

/* A place for one more writer, from any process; NULL when there is none. */
truth_writer_t *truth_add(truth_t *truth, const char *name);

void truth_longest(truth_writer_t *writer, apr_time_t took);

#endif
