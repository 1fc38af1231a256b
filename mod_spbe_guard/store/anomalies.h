/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/anomalies.h - the Database Log in the index: what was found in
 * requests, and how many requests there were.
 *
 * Made from the index part of records of kind anomaly, access and tally. These
 * came from a writer that is not trusted: what is missing or of another type
 * stays NULL or 0. A row stands for n requests; sums of n are right however
 * much of a flood was written one by one.
 */
#ifndef SPBE_STORE_ANOMALIES_H
#define SPBE_STORE_ANOMALIES_H

#include <apr_tables.h>
#include "record/tallies.h"
#include "store/database.h"

typedef struct spbe_anomaly_row {
    const char *id;
    int part; /* 0: the finding that decides; 1...: the others */
    apr_time_t ts;
    apr_int64_t n;
    const char *part_of; /* of a flood: the record with the details */
    int is_window;       /* a counted record: its others are those of part_of */
    const char *kind, *class_name, *event, *application, *route;
    const char *reason, *keyword, *place, *field;
    const char *wanted; /* under On: "reject" or "log" */
    const char *action, *client;
    int status;
} spbe_anomaly_row_t;

typedef struct spbe_tally_row {
    const char *id;
    apr_time_t ts;
    const char *day, *application, *route;
    spbe_tallies_counts_t counts;
    apr_uint64_t behind; /* where it ends in the archive */
} spbe_tally_row_t;

/* spbe_anomaly_row_t, one for each finding; NULL for other kinds. */
apr_array_header_t *spbe_anomalies_read(const spbe_row_t *row,
                                        apr_pool_t *pool);

/* 1, or 0 for other kinds and without a day. */
int spbe_anomalies_read_tally(const spbe_row_t *row, spbe_tally_row_t *tally,
                              apr_pool_t *pool);

/* Again is harmless. */
apr_status_t spbe_anomalies_put(spbe_database_t *database,
                                const spbe_anomaly_row_t *row);
/* In the order of the archive. *added: 0 when this one had been added to the
 * sums. */
apr_status_t spbe_anomalies_add_tally(spbe_database_t *database,
                                      const spbe_tally_row_t *tally,
                                      int *added);

#endif
