/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/anomaly.h - a verdict as a record of the Database Log (procedure step
 * V5).
 *
 * Never a value: of each finding its length, a keyed hash (the same value is
 * recognised, nobody without the key can try values), and what its sensitivity
 * allows: public redacted text, personal and unknown its form, secret nothing.
 */
#ifndef SPBE_RECORD_ANOMALY_H
#define SPBE_RECORD_ANOMALY_H

#include "record/record.h"
#include "text/buf.h"

#define SPBE_ANOMALY_ALSO 12 /* other findings that the index part names */

/*
 * event, class_name, severity, action, reason, keyword, place, field, wanted,
 * also, title and findings of *record. The main finding is the one that
 * decides; events are those of OWASP's vocabulary:
 *   a value not among those allowed (enum, const)
 * input_validation_discrete_fail a field that nobody knows malicious_extraneous
 *   files                                          upload_validation
 *   the check itself failed (our extension)        input_validation_error
 *   all else                                       input_validation_fail
 */
void spbe_anomaly_describe(spbe_record_t *record, const spbe_verdict_t *verdict,
                           int refused, apr_pool_t *pool);

/* Adds what makes two verdicts the same: the findings without values. */
void spbe_anomaly_signature(spbe_buf_t *buf, const spbe_verdict_t *verdict);

/* The findings for the details: const char *, each a JSON object. */
apr_array_header_t *spbe_anomaly_items(const spbe_record_t *record,
                                       const spbe_redact_t *redact,
                                       apr_pool_t *pool);

/* 16 hexadecimal digits of HMAC-SHA256; NULL without a key. */
const char *spbe_anomaly_hash(spbe_span_t key, spbe_span_t value,
                              apr_pool_t *pool);

#endif
