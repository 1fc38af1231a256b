/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/directives_input.c - the setters of input validation, policies apart.
 * See directives.h.
 */
#include "httpd/directives.h"

#include <apr_file_info.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <http_core.h>

static spbe_action_t parse_action(const char *word)
{
    if (strcasecmp(word, "reject") == 0) {
        return SPBE_ACTION_REJECT;
    }
    if (strcasecmp(word, "log") == 0) {
        return SPBE_ACTION_LOG;
    }
    return strcasecmp(word, "allow") == 0 ? SPBE_ACTION_ALLOW
                                          : SPBE_ACTION_UNSET;
}

const char *spbe_directive_unknown(cmd_parms *cmd, void *conf_v,
                                   const char *word)
{
    spbe_dir_conf_t *conf = conf_v;

    conf->unknown = parse_action(word);
    return conf->unknown != SPBE_ACTION_UNSET
               ? NULL
               : spbe_directive_refuse(cmd, word, "reject, log, allow");
}

const char *spbe_directive_ignore_param(cmd_parms *cmd, void *conf_v,
                                        const char *word)
{
    spbe_dir_conf_t *conf = conf_v;
    const char *star = strchr(word, '*');

    if (star != NULL && star != word && star[1] != '\0') {
        return spbe_directive_refuse(
            cmd, word, "names, with * at the beginning or the end, or none");
    }
    return spbe_directive_word(cmd, &conf->ignore_params, word);
}

/* The rest have directives of their own: SpbeGuardUnknown, SpbeGuardFailMode.
 */
static int is_settable(spbe_reason_t reason)
{
    return *spbe_reason_name(reason) != '\0' && reason != SPBE_REASON_UNKNOWN
           && reason != SPBE_REASON_ROUTE && reason != SPBE_REASON_ENGINE;
}

static const char *all_reasons(apr_pool_t *pool)
{
    const char *all = "all";
    int i;

    for (i = SPBE_REASON_NONE + 1; i < SPBE_REASONS; i++) {
        if (is_settable((spbe_reason_t)i)) {
            all = apr_pstrcat(pool, all, ", ",
                              spbe_reason_name((spbe_reason_t)i), NULL);
        }
    }
    return apr_pstrcat(pool, all, "; then reject, log or allow", NULL);
}

/* 1, and *reason is NONE for all that are malformed. */
static int parse_reason(const char *word, spbe_reason_t *reason)
{
    *reason = SPBE_REASON_NONE;
    if (strcasecmp(word, "all") == 0) {
        return 1;
    }
    *reason = spbe_reason_find(spbe_span_from(word));
    return is_settable(*reason);
}

/* reason... action field=name...; every reason with every field. */
const char *spbe_directive_malformed(cmd_parms *cmd, void *conf_v, int argc,
                                     char *const argv[])
{
    spbe_dir_conf_t *conf = conf_v;
    spbe_malformed_rule_t rule = {SPBE_REASON_NONE, SPBE_ACTION_UNSET, NULL};
    int reasons, i, j;

    for (reasons = 0; reasons < argc; reasons++) {
        rule.action = parse_action(argv[reasons]);
        if (rule.action != SPBE_ACTION_UNSET) {
            break;
        }
        if (!parse_reason(argv[reasons], &rule.reason)) {
            return spbe_directive_refuse(cmd, argv[reasons],
                                         all_reasons(cmd->pool));
        }
    }
    if (reasons == 0 || rule.action == SPBE_ACTION_UNSET) {
        return spbe_directive_refuse(
            cmd, argc == 0 ? "" : argv[argc - 1],
            "one or more reasons or all, then reject, log or allow, then "
            "field=name");
    }
    for (i = reasons + 1; i < argc; i++) {
        if (strncasecmp(argv[i], "field=", 6) != 0 || argv[i][6] == '\0') {
            return spbe_directive_refuse(cmd, argv[i],
                                         "field=name, behind the action");
        }
    }
    if (conf->malformed.items == NULL) {
        conf->malformed.items = apr_array_make(cmd->pool, 4, sizeof(rule));
    }
    for (i = 0; i < reasons; i++) {
        parse_reason(argv[i], &rule.reason);
        for (j = reasons + 1; j == reasons + 1 || j < argc; j++) {
            rule.field = j < argc ? argv[j] + 6 : NULL;
            APR_ARRAY_PUSH(conf->malformed.items, spbe_malformed_rule_t) = rule;
        }
    }
    return NULL;
}

typedef struct limit {
    const char *name;
    size_t offset;
    apr_int64_t lowest, highest;
} limit_t;

#define X(member, name, def, lo, hi, meaning)                                  \
    {name, offsetof(spbe_limits_t, member), lo, hi},
static const limit_t limits[] = {SPBE_LIMITS(X)};
#undef X

static const limit_t *find_limit(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
        if (strcasecmp(limits[i].name, name) == 0) {
            return &limits[i];
        }
    }
    return NULL;
}

static const char *all_limits(apr_pool_t *pool)
{
    const char *all = limits[0].name;
    size_t i;

    for (i = 1; i < sizeof(limits) / sizeof(*limits); i++) {
        all = apr_pstrcat(pool, all, ", ", limits[i].name, NULL);
    }
    return all;
}

const char *spbe_directive_limit(cmd_parms *cmd, void *conf_v, const char *what,
                                 const char *number)
{
    spbe_dir_conf_t *conf = conf_v;
    const limit_t *limit = find_limit(what);
    spbe_limits_t *own = apr_pcalloc(cmd->pool, sizeof(*own));
    apr_int64_t n;

    if (limit == NULL) {
        return spbe_directive_refuse(cmd, what, all_limits(cmd->pool));
    }
    n = spbe_directive_size(number, limit->lowest, limit->highest);
    if (n < 0) {
        return spbe_directive_refuse(
            cmd, number,
            apr_psprintf(cmd->pool,
                         "for %s a number from %" APR_INT64_T_FMT
                         " to %" APR_INT64_T_FMT " (K, M and G are known)",
                         limit->name, limit->lowest, limit->highest));
    }
    /* 0 is unset there: nothing is less than one, and -1 is less still. */
    n = n == 0 ? -1 : n;
    memcpy((char *)own + limit->offset, &n, sizeof(n));
    conf->limits = spbe_conf_join_limits(cmd->pool, conf->limits, own);
    return NULL;
}

const char *spbe_directive_body_limit(cmd_parms *cmd, void *conf_v,
                                      const char *bytes, const char *pass)
{
    spbe_dir_conf_t *conf = conf_v;

    conf->body_limit = spbe_directive_size(bytes, 1, 1024 * 1024 * 1024);
    if (conf->body_limit < 0) {
        return spbe_directive_refuse(
            cmd, bytes, "bytes from 1 to 1G (K, M and G are known)");
    }
    if (pass != NULL && strcasecmp(pass, "pass") != 0) {
        return spbe_directive_refuse(cmd, pass, "pass, or nothing");
    }
    conf->body_pass = pass != NULL;
    return NULL;
}

const char *spbe_directive_fail_mode(cmd_parms *cmd, void *conf_v,
                                     const char *word)
{
    spbe_dir_conf_t *conf = conf_v;

    if (strcasecmp(word, "closed") == 0) {
        conf->fail_mode = SPBE_FAIL_CLOSED;
    }
    else if (strcasecmp(word, "open") == 0) {
        conf->fail_mode = SPBE_FAIL_OPEN;
    }
    else {
        return spbe_directive_refuse(cmd, word, "closed, open");
    }
    return NULL;
}

const char *spbe_directive_verdict_header(cmd_parms *cmd, void *conf_v, int on)
{
    spbe_dir_conf_t *conf = conf_v;

    conf->verdict_header = on != 0;
    return NULL;
}

/* The path stands in HTML pages as it is written here. */
const char *spbe_directive_client_script(cmd_parms *cmd, void *conf_v,
                                         const char *on, const char *url)
{
    spbe_dir_conf_t *conf = conf_v;
    const char *c;

    if (strcasecmp(on, "On") != 0 && strcasecmp(on, "Off") != 0) {
        return spbe_directive_refuse(cmd, on, "On, Off");
    }
    conf->client_script = strcasecmp(on, "On") == 0;
    if (url == NULL) {
        return NULL;
    }
    for (c = url; *c != '\0'; c++) {
        if (!apr_isalnum(*c) && strchr("/_.~-", *c) == NULL) {
            break;
        }
    }
    if (*url != '/' || *c != '\0') {
        return spbe_directive_refuse(
            cmd, url, "a path of letters, digits and /_.~- that begins with /");
    }
    conf->client_url = url;
    return NULL;
}

const char *spbe_directive_spool_dir(cmd_parms *cmd, void *conf_v,
                                     const char *path)
{
    const char *error = spbe_directive_main_only(cmd);
    const char *full = ap_server_root_relative(cmd->pool, path);
    apr_finfo_t info;

    if (error != NULL) {
        return error;
    }
    if (full == NULL ||
        apr_stat(&info, full, APR_FINFO_TYPE, cmd->temp_pool) != APR_SUCCESS ||
        info.filetype != APR_DIR) {
        return spbe_directive_refuse(cmd, path, "a folder that exists");
    }
    spbe_conf_server(cmd->server)->spool_dir = full;
    return NULL;
}

const char *spbe_directive_spool_limit(cmd_parms *cmd, void *conf_v,
                                       const char *bytes)
{
    const char *error = spbe_directive_main_only(cmd);
    apr_int64_t n = spbe_directive_size(bytes, 0, APR_INT64_C(1) << 44);

    if (error != NULL) {
        return error;
    }
    if (n < 0) {
        return spbe_directive_refuse(
            cmd, bytes, "bytes from 0 to 16384G (K, M and G are known)");
    }
    spbe_conf_server(cmd->server)->spool_limit = n;
    return NULL;
}
