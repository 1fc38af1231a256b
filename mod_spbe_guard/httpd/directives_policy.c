/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/directives_policy.c - SpbeGuardPolicy and SpbeGuardParam. See
 * directives.h.
 *
 * Both are compiled here, while the configuration is read, so that httpd's own
 * message names the line that is wrong.
 */
#include "httpd/directives.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>

#include "httpd/files.h"

APLOG_USE_MODULE(spbe_guard);

#define POLICIES_KEY "spbe_guard:policies"

static const char *complain(cmd_parms *cmd, const char *text)
{
    return apr_psprintf(cmd->pool, "%s: %s", cmd->cmd->name, text);
}

/* The policies of this reading of the configuration, by path: thirty virtual
 * hosts may share one. */
static apr_hash_t *policies(apr_pool_t *pconf)
{
    void *found = NULL;

    apr_pool_userdata_get(&found, POLICIES_KEY, pconf);
    if (found == NULL) {
        found = apr_hash_make(pconf);
        /* Not setn: the key's text goes away with the module. */
        apr_pool_userdata_set(found, POLICIES_KEY, NULL, pconf);
    }
    return found;
}

static void say_warnings(cmd_parms *cmd, const spbe_problems_t *problems)
{
    int i;

    for (i = 0; i < problems->list->nelts; i++) {
        const spbe_problem_t *problem =
            &APR_ARRAY_IDX(problems->list, i, spbe_problem_t);

        if (problem->warning) {
            ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_INFO, 0, cmd->server,
                         "SG0033: SpbeGuardPolicy: %s",
                         spbe_problem_line(problem, cmd->temp_pool));
        }
    }
}

static const char *read_policy(cmd_parms *cmd, spbe_policy_file_t *file)
{
    spbe_problems_t *problems;
    spbe_span_t json;
    const char *error = spbe_files_read(file->path, &json, cmd->pool);

    if (error != NULL) {
        return complain(cmd, error);
    }
    problems = spbe_problems_create(file->path, json, cmd->pool);
    file->policy = spbe_policy_read(problems, cmd->pool);
    if (file->policy == NULL) {
        error = spbe_problems_first_error(problems, cmd->pool);
        return complain(cmd, error == NULL ? file->path : error);
    }
    say_warnings(cmd, problems);
    return NULL;
}

const char *spbe_directive_policy(cmd_parms *cmd, void *conf_v,
                                  const char *file)
{
    spbe_dir_conf_t *conf = conf_v;
    spbe_policy_file_t *policy;
    const char *path, *error;

    if (strcasecmp(file, "none") == 0) {
        conf->policy_file = apr_pcalloc(cmd->pool, sizeof(*policy));
        return NULL;
    }
    path = ap_server_root_relative(cmd->pool, file);
    if (path == NULL) {
        return spbe_directive_refuse(cmd, file,
                                     "the path of a JSON file, or none");
    }
    policy = apr_hash_get(policies(cmd->pool), path, APR_HASH_KEY_STRING);
    if (policy == NULL) {
        policy = apr_pcalloc(cmd->pool, sizeof(*policy));
        policy->path = path;
        error = read_policy(cmd, policy);
        if (error != NULL) {
            return error;
        }
        apr_hash_set(policies(cmd->pool), path, APR_HASH_KEY_STRING, policy);
    }
    conf->policy_file = policy;
    return NULL;
}

static spbe_params_t *one_line(const spbe_policy_t *line, apr_pool_t *pool)
{
    apr_array_header_t *lines = apr_array_make(pool, 1, sizeof(line));
    spbe_params_t *params = apr_pcalloc(pool, sizeof(*params));

    APR_ARRAY_PUSH(lines, const spbe_policy_t *) = line;
    params->lines = lines;
    params->policy = line;
    return params;
}

const char *spbe_directive_param(cmd_parms *cmd, void *conf_v, int argc,
                                 char *const argv[])
{
    spbe_dir_conf_t *conf = conf_v;
    spbe_param_lines_t *lines = spbe_param_lines_create(cmd->pool);
    const spbe_policy_t *line;
    const char *error;

    if (argc == 1 && strcasecmp(argv[0], "none") == 0) {
        spbe_params_t *none = apr_pcalloc(cmd->pool, sizeof(*none));

        none->lines = apr_array_make(cmd->pool, 1, sizeof(line));
        none->fresh = 1;
        conf->params = none;
        return NULL;
    }
    error = spbe_param_lines_add(lines, argc, argv);
    if (error != NULL) {
        return complain(cmd, error);
    }
    line = spbe_param_lines_compile(lines, &error, cmd->pool);
    if (line == NULL) {
        return complain(cmd, error);
    }
    conf->params = spbe_conf_join_params(cmd->pool, conf->params,
                                         one_line(line, cmd->pool));
    return NULL;
}
