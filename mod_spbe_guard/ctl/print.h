/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/print.h - records on a terminal. Everything passes through
 * text/visible.h.
 */
#ifndef SPBE_CTL_PRINT_H
#define SPBE_CTL_PRINT_H

#include <stdio.h>
#include <cjson/cJSON.h>
#include "ctl/ctl.h"

/* Where something was found that is not counted yet. */
#define SPBE_CTL_BEHIND                                                        \
    "hitungan ditulis tiap menit (counts are written each minute): temuan "    \
    "terbaru belum terhitung"

/* The member as text: "" for what is absent or null. */
const char *spbe_ctl_text(const cJSON *object, const char *name,
                          apr_pool_t *pool);

/* As JSON on one line, all of which may be shown on a terminal. */
const char *spbe_ctl_json(const cJSON *json, apr_pool_t *pool);

/* "label   value", or nothing for an empty value. */
void spbe_ctl_print_line(FILE *out, const char *label, const char *value,
                         apr_pool_t *pool);

/* The RFC 3339 member as local time with its zone. */
const char *spbe_ctl_local(const cJSON *object, const char *name,
                           apr_pool_t *pool);

/* The same for a member of the record. */
void spbe_ctl_print_member(FILE *out, const char *label, const cJSON *record,
                           const char *name, apr_pool_t *pool);

/* What a record of kind anomaly or access says besides: Hasil Verifikasi and
 * Database Log. */
void spbe_ctl_print_verdict(FILE *out, const cJSON *record, apr_pool_t *pool);

/* A whole record under the procedure's names. sealed: what spbe_ctl_sealed
 * says. */
void spbe_ctl_print_record(FILE *out, const cJSON *record, const char *sealed,
                           apr_pool_t *pool);

#endif
