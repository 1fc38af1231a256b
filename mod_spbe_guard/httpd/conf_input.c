/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/conf_input.c - the settings of input validation: how they are joined,
 * compared, and shown to the check.
 *
 * httpd merges per request as well: nothing is compiled here.
 */
#include "httpd/conf.h"

#include <string.h>

#include <apr_strings.h>

const spbe_params_t *spbe_conf_join_params(apr_pool_t *p,
                                           const spbe_params_t *outer,
                                           const spbe_params_t *inner)
{
    spbe_params_t *both;

    if (inner == NULL || outer == NULL || inner->fresh) {
        return inner == NULL ? outer : inner;
    }
    both = apr_pmemdup(p, inner, sizeof(*both));
    both->fresh = outer->fresh;
    if (outer->policy != NULL) {
        both->lines = apr_array_append(p, outer->lines, inner->lines);
        both->policy = spbe_param_policy_join(outer->policy, inner->policy, p);
    }
    return both;
}

const spbe_limits_t *spbe_conf_join_limits(apr_pool_t *p,
                                           const spbe_limits_t *outer,
                                           const spbe_limits_t *inner)
{
    spbe_limits_t *both;

    if (inner == NULL || outer == NULL) {
        return inner == NULL ? outer : inner;
    }
    both = apr_pmemdup(p, outer, sizeof(*both));
#define X(member, name, def, lo, hi, meaning)                                  \
    if (inner->member != 0) {                                                  \
        both->member = inner->member;                                          \
    }
    SPBE_LIMITS(X)
#undef X
    return both;
}

static const spbe_policy_t *policy_of(const spbe_dir_conf_t *conf)
{
    return conf->policy_file == NULL ? NULL : conf->policy_file->policy;
}

static const spbe_policy_t *params_of(const spbe_dir_conf_t *conf)
{
    return conf->params == NULL ? NULL : conf->params->policy;
}

spbe_fail_mode_t spbe_conf_fail_mode(const spbe_dir_conf_t *conf)
{
    if (conf->fail_mode != SPBE_FAIL_UNSET) {
        return conf->fail_mode;
    }
    return spbe_dir_input(conf) == SPBE_MODE_ON &&
                   (policy_of(conf) != NULL || params_of(conf) != NULL)
               ? SPBE_FAIL_CLOSED
               : SPBE_FAIL_OPEN;
}

spbe_settings_t spbe_conf_settings(const server_rec *s,
                                   const spbe_dir_conf_t *conf)
{
    return (spbe_settings_t){
        .policy = policy_of(conf),
        .params = params_of(conf),
        .malformed = conf->malformed.items,
        .unknown = spbe_dir_unknown(conf),
        .ignore = conf->ignore_params.items,
        .ignore_fresh = conf->ignore_params.fresh,
        .limits = conf->limits,
        .redact = s == NULL ? NULL : spbe_conf_server(s)->redaction,
    };
}

/* Lists made by merges of one request differ in place, not in content. */
static int same_list(const apr_array_header_t *a, const apr_array_header_t *b)
{
    if (a == b) {
        return 1;
    }
    return a != NULL && b != NULL && a->nelts == b->nelts &&
           a->elt_size == b->elt_size &&
           memcmp(a->elts, b->elts, (size_t)a->nelts * a->elt_size) == 0;
}

static int same_params(const spbe_params_t *a, const spbe_params_t *b)
{
    return a == b || (a != NULL && b != NULL && same_list(a->lines, b->lines));
}

static int same_limits(const spbe_limits_t *a, const spbe_limits_t *b)
{
    return a == b || (a != NULL && b != NULL && memcmp(a, b, sizeof(*a)) == 0);
}

int spbe_conf_covers(const spbe_dir_conf_t *done, const spbe_dir_conf_t *now)
{
    if (spbe_dir_input(done) < spbe_dir_input(now) ||
        spbe_dir_unknown(done) < spbe_dir_unknown(now) ||
        spbe_dir_body_limit(done) > spbe_dir_body_limit(now) ||
        spbe_dir_body_pass(done) > spbe_dir_body_pass(now)) {
        return 0;
    }
    if (policy_of(now) != NULL && policy_of(now) != policy_of(done)) {
        return 0;
    }
    if (params_of(now) != NULL && !same_params(done->params, now->params)) {
        return 0;
    }
    return same_list(done->malformed.items, now->malformed.items) &&
           same_list(done->ignore_params.items, now->ignore_params.items) &&
           same_limits(done->limits, now->limits);
}
