/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_rules.c - what is taken out of the error log. See
 * errorlog_rules.h.
 */
#include "logger/errorlog_rules.h"

#include <stdio.h>
#include <string.h>

#include <apr_file_io.h>
#include <apr_strings.h>

#include "failure/builtin.h"

#define RULES_MAX (4 * 1024 * 1024)

static const char *read_text(const char *path, spbe_span_t *text,
                             apr_pool_t *pool)
{
    apr_finfo_t info;
    apr_file_t *file;
    char *bytes;
    apr_size_t n;

    if (apr_file_open(&file, path, APR_READ, 0, pool) != APR_SUCCESS ||
        apr_file_info_get(&info, APR_FINFO_SIZE, file) != APR_SUCCESS ||
        info.size > RULES_MAX) {
        return apr_pstrcat(pool, path, ": cannot be read", NULL);
    }
    bytes = apr_palloc(pool, (apr_size_t)info.size + 1);
    if (apr_file_read_full(file, bytes, (apr_size_t)info.size, &n) !=
            APR_SUCCESS &&
        n != (apr_size_t)info.size) {
        return apr_pstrcat(pool, path, ": cannot be read", NULL);
    }
    apr_file_close(file);
    *text = (spbe_span_t){bytes, n};
    return NULL;
}

static const char *add_builtin(spbe_rules_t *rules)
{
    const spbe_builtin_t *file;
    const char *error = NULL;

    for (file = spbe_builtin_all(); file->name != NULL && error == NULL;
         file++) {
        if (strncmp(file->name, "rules/leak-", 11) == 0 ||
            strncmp(file->name, "rules/log-", 10) == 0) {
            error = spbe_rules_add(rules, file->name, file->data);
        }
    }
    return error;
}

static const char *load(spbe_rules_t *rules, const apr_array_header_t *files,
                        apr_pool_t *pool)
{
    const char *error = add_builtin(rules);
    spbe_span_t text;
    int i;

    for (i = 0; files != NULL && i < files->nelts && error == NULL; i++) {
        const char *path = APR_ARRAY_IDX(files, i, const char *);

        error = read_text(path, &text, pool);
        if (error == NULL) {
            error = spbe_rules_add(rules, path, text);
        }
    }
    return error != NULL ? error : spbe_rules_compile(rules, 0);
}

spbe_rules_t *spbe_errlog_rules(const apr_array_header_t *files,
                                apr_pool_t *pool)
{
    spbe_rules_t *rules = spbe_rules_create(pool);
    const char *error = load(rules, files, pool);

    if (error != NULL) {
        fprintf(stderr,
                "spbe-guardlog: --rules: %s; only the built-in rules are "
                "used\n",
                error);
        rules = spbe_rules_create(pool);
        error = load(rules, NULL, pool);
    }
    return error == NULL ? rules : NULL;
}
