/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/check.c - what is compiled once, in check_config.
 *
 * Runs under configtest as well: it reads files and memory, opens no pipe and
 * writes nothing.
 */
#include "httpd/conf.h"

#include <errno.h>
#include <unistd.h>

#include <apr_strings.h>
#include <http_log.h>

#include "failure/builtin.h"
#include "httpd/files.h"

APLOG_USE_MODULE(spbe_guard);

static int is_leak_rules(const char *name)
{
    return strncmp(name, "rules/leak-", 11) == 0;
}

static const char *add_rules(spbe_server_conf_t *conf, apr_pool_t *pconf,
                             apr_pool_t *ptemp)
{
    const spbe_builtin_t *file;
    const char *error;
    int i;

    conf->rules = spbe_rules_create(pconf);
    for (file = spbe_builtin_all(); file->name != NULL; file++) {
        if (is_leak_rules(file->name)) {
            error = spbe_rules_add(conf->rules, file->name, file->data);
            if (error != NULL) {
                return error;
            }
        }
    }
    for (i = 0; i < conf->rule_files->nelts; i++) {
        const char *path = APR_ARRAY_IDX(conf->rule_files, i, const char *);
        spbe_span_t json;

        error = spbe_files_read(path, &json, ptemp);
        if (error == NULL) {
            error = spbe_rules_add(conf->rules, path, json);
        }
        if (error != NULL) {
            return apr_pstrcat(ptemp, "SpbeGuardRules: ", error, NULL);
        }
    }
    return spbe_rules_compile(conf->rules, 0);
}

static const char *compile(spbe_server_conf_t *conf, apr_pool_t *pconf,
                           apr_pool_t *ptemp)
{
    const char *error = add_rules(conf, pconf, ptemp);

    if (error != NULL) {
        return error;
    }
    conf->classes = spbe_class_rules_load(
        "rules/class.json", spbe_builtin_get("rules/class.json"), &error,
        pconf);
    if (conf->classes == NULL) {
        return error;
    }
    conf->pages = spbe_pages_create("built-in page", SPBE_SPAN_EMPTY, &error,
                                    pconf);
    if (conf->pages == NULL) {
        return error;
    }
    conf->redaction = spbe_redact_create(conf->redact, pconf);
    return conf->redaction == NULL ? "out of memory" : NULL;
}

static const ap_directive_t *find_on(const ap_directive_t *node,
                                     const char *name)
{
    for (; node != NULL; node = node->next) {
        const ap_directive_t *inner;

        if (strcasecmp(node->directive, name) == 0
            && strncasecmp(node->args, "On", 2) == 0) {
            return node;
        }
        inner = find_on(node->first_child, name);
        if (inner != NULL) {
            return inner;
        }
    }
    return NULL;
}

static void say_override(server_rec *s)
{
    const ap_directive_t *node = find_on(ap_conftree, "ProxyErrorOverride");

    if (node != NULL) {
        ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_WARNING, 0, s,
                     "SG0006: %s:%d: with ProxyErrorOverride On httpd throws "
                     "the backend's error pages away unread: failures are "
                     "hidden but recorded without a trace; set it Off and let "
                     "the guard replace them", node->filename,
                     node->line_num);
    }
}

/* The program, or the folder of the file: configtest can tell before a start
 * that would lose records. */
static void say_log(server_rec *s, const char *log, apr_pool_t *ptemp)
{
    const char *path = log + strspn(log, "|$");
    const char *needed = path;
    int mode = X_OK;
    char **words;

    if (path == log) {
        needed = ap_make_dirstr_parent(ptemp, path);
        mode = W_OK;
    }
    else if (apr_tokenize_to_argv(path, &words, ptemp) == APR_SUCCESS
             && words[0] != NULL) {
        needed = words[0];
    }
    if (*needed == '/' && access(needed, mode) != 0) {
        ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_WARNING, errno, s,
                     "SG0007: SpbeGuardLog: %s cannot be used: failures would "
                     "be hidden but not recorded", needed);
    }
}

int spbe_conf_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s)
{
    spbe_server_conf_t *conf = spbe_conf_server(s);
    const char *error;

    if (!*conf->guarded) {
        return OK;
    }
    error = compile(conf, pconf, ptemp);
    if (error != NULL) {
        ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_EMERG, 0, s,
                     "SG0001: %s", error);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    say_override(s);
    if (strcmp(spbe_rules_matcher(conf->rules), "vectorscan") != 0) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SG0002: Vectorscan cannot be used here (a CPU without "
                     "SSE4.2, or a literal that it overlooked when tried): "
                     "responses are searched with the slower matcher (%s)",
                     spbe_rules_matcher(conf->rules));
    }
    if (conf->log == NULL) {
        ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_ERR, 0, s,
                     "SG0003: SpbeGuardLog is missing: failures are hidden "
                     "from visitors but recorded nowhere; add for example "
                     "SpbeGuardLog \"|/usr/sbin/spbe-guardlog\"");
    }
    else {
        say_log(s, conf->log, ptemp);
    }
    return OK;
}
