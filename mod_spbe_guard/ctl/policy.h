/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/policy.h - what the "policy" commands share.
 */
#ifndef SPBE_CTL_POLICY_H
#define SPBE_CTL_POLICY_H

#include <apr_tables.h>
#include "ctl/ctl.h"
#include "input/policy.h"
#include "text/buf.h"

typedef struct spbe_ctl_policy {
    const spbe_ctl_t *ctl;
    int json;
    const char *unknown;       /* --unknown, or NULL */
    apr_array_header_t *words; /* const char *: FILE and what follows */
} spbe_ctl_policy_t;

/* The whole file, or 0 when that has been said on stderr. */
int spbe_ctl_policy_slurp(const spbe_ctl_policy_t *args, const char *file,
                          spbe_span_t *text);

/* NULL when the file cannot be read (*problems is NULL, said) or has errors. */
spbe_policy_t *spbe_ctl_policy_read(const spbe_ctl_policy_t *args,
                                    spbe_problems_t **problems);
/* Errors and warnings on out, one line each. */
void spbe_ctl_policy_print(const spbe_problems_t *problems, int warnings,
                           apr_pool_t *pool);

/* "text, format nik, at most 16 characters": the rules of one field. */
void spbe_ctl_policy_rules(spbe_buf_t *buf, const spbe_param_t *param,
                           apr_pool_t *pool);

int spbe_ctl_policy_formats(const spbe_ctl_policy_t *args);
int spbe_ctl_policy_explain(const spbe_ctl_policy_t *args);
int spbe_ctl_policy_test(const spbe_ctl_policy_t *args);

#endif
