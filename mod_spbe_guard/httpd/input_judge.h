/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/input_judge.h - the steps of judging one request. Adds to the verdict;
 * refuses, records and inserts nothing.
 */
#ifndef SPBE_HTTPD_INPUT_JUDGE_H
#define SPBE_HTTPD_INPUT_JUDGE_H

#include "httpd/input.h"

/* before: the judgement under earlier settings, or NULL: its body is used. */
spbe_input_t *spbe_judge_begin(request_rec *r, const spbe_dir_conf_t *conf,
                               const spbe_input_t *before);

void spbe_judge_head(spbe_input_t *input);

/* Is the body to be read, or watched? */
int spbe_judge_wants_body(const spbe_input_t *input);

/* ON: reads the body where it is not read yet, and judges it. OK, or httpd's
 * own status when it cannot be read. */
int spbe_judge_body(spbe_input_t *input);

/* DETECT: what passed by. */
void spbe_judge_watched(spbe_input_t *input);

/* Can the body change nothing any more? What is only invalid is shown all at
 * once: a person fills in the form again. */
int spbe_judge_is_over(const spbe_input_t *input);

/* A request without a body. */
void spbe_judge_no_body(spbe_input_t *input);

/* Bytes that are examined of a form, JSON or XML; what SpbeGuardBodyLimit
 * says. */
apr_off_t spbe_judge_limit(const spbe_input_t *input);

#endif
