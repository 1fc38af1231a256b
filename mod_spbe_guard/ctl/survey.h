/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/survey.h - the records of an archive without a database: a copy on
 * another machine, for an office that has nothing but the files and a key.
 *
 * The archive is read once; what is kept of a record is what is searched.
 */
#ifndef SPBE_CTL_SURVEY_H
#define SPBE_CTL_SURVEY_H

#include "store/query.h"
#include "store/source.h"

typedef struct spbe_survey spbe_survey_t;

/* Reads the source from its beginning to its end. */
apr_status_t spbe_survey_create(spbe_survey_t **scan,
                                const spbe_source_t *source, apr_pool_t *pool);

/* As spbe_query_records and spbe_query_more. */
apr_status_t spbe_survey_records(const spbe_survey_t *scan,
                                 const spbe_filter_t *filter,
                                 spbe_query_row_t *row, void *baton,
                                 apr_pool_t *pool);
apr_status_t spbe_survey_more(const spbe_survey_t *scan, const char *id,
                              spbe_query_row_t *row, void *baton,
                              apr_pool_t *pool);

#endif
