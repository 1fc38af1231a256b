/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/complaint_int.h - shared by complaint*.c only.
 */
#ifndef SPBE_FAILURE_COMPLAINT_INT_H
#define SPBE_FAILURE_COMPLAINT_INT_H

#include "failure/complaint.h"

/* Trimmed, at most max bytes, nothing in it that deceives the eye. */
const char *spbe_complaint_clean(const char *text, size_t max,
                                 apr_pool_t *pool);

/* "tanggal_lahir", "tanggalLahir": "Tanggal lahir"; "no_kk": "No KK". Of a
 * JSON Pointer the last name. */
const char *spbe_complaint_readable(const char *name, apr_pool_t *pool);

/* The author's hint, or NULL. *lang (may be NULL): "id" or "en" when it is not
 * in the language asked for, else NULL. */
const char *spbe_complaint_hint(const spbe_complaint_t *complaint, int english,
                                const char **lang, apr_pool_t *pool);

/* The label as spbe_complaint_label gives it, with its language likewise. */
const char *spbe_complaint_title(const spbe_complaint_t *complaint,
                                 const spbe_messages_t *messages, int english,
                                 const char **lang, apr_pool_t *pool);

#endif
