/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/httpdconf_words.c - words, variables and conditions of httpd's
 * configuration. See httpdconf_int.h.
 */
#include "text/httpdconf_int.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "text/buf.h"

#define FILE_MAX (16 << 20)

apr_status_t spbe_httpdconf_slurp(const char *file, spbe_span_t *text,
                                  apr_pool_t *pool)
{
    apr_finfo_t info;
    apr_file_t *in;
    apr_status_t rv;
    apr_size_t len;
    char *bytes;

    *text = SPBE_SPAN_EMPTY;
    rv = apr_file_open(&in, file, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = apr_file_info_get(&info, APR_FINFO_SIZE | APR_FINFO_TYPE, in);
    if (rv == APR_SUCCESS
        && (info.filetype != APR_REG || info.size > FILE_MAX)) {
        rv = APR_EGENERAL;
    }
    if (rv == APR_SUCCESS) {
        bytes = apr_palloc(pool, (apr_size_t)info.size + 1);
        rv = apr_file_read_full(in, bytes, (apr_size_t)info.size, &len);
        rv = APR_STATUS_IS_EOF(rv) ? APR_SUCCESS : rv;
        *text = (spbe_span_t){ bytes, rv == APR_SUCCESS ? len : 0 };
    }
    apr_file_close(in);
    return rv;
}

static const char *lookup(const spbe_httpdconf_t *conf, const char *name)
{
    const char *value = apr_table_get(conf->defines, name);

    return value == NULL ? apr_table_get(conf->env, name) : value;
}

const char *spbe_httpdconf_expand(const spbe_httpdconf_t *conf,
                                  const char *text)
{
    const char *at, *end, *value;
    spbe_buf_t out;

    if (strstr(text, "${") == NULL) {
        return text;
    }
    spbe_buf_init(&out, strlen(text) + 64, conf->pool);
    while ((at = strstr(text, "${")) != NULL
           && (end = strchr(at, '}')) != NULL) {
        spbe_buf_add(&out, (spbe_span_t){ text, (size_t)(at - text) });
        value = lookup(conf, apr_pstrmemdup(conf->pool, at + 2,
                                            (size_t)(end - at - 2)));
        if (value != NULL) {
            spbe_buf_adds(&out, value);
        }
        else {
            spbe_buf_add(&out, (spbe_span_t){ at, (size_t)(end - at + 1) });
        }
        text = end + 1;
    }
    spbe_buf_adds(&out, text);
    return spbe_buf_cstr(&out);
}

/* Takes one word off *text; inside quotes, a backslash keeps the quote. */
static const char *next_word(const char **text, apr_pool_t *pool)
{
    const char *s = *text;
    char quote = *s == '"' || *s == '\'' ? *s++ : '\0';
    spbe_buf_t out;

    spbe_buf_init(&out, strlen(s) + 1, pool);
    while (*s != '\0' && (quote ? *s != quote : !apr_isspace(*s))) {
        if (*s == '\\' && (s[1] == '\\' || (quote && s[1] == quote))) {
            s++;
        }
        spbe_buf_addc(&out, *s++);
    }
    *text = quote && *s == quote ? s + 1 : s;
    return spbe_buf_cstr(&out);
}

apr_array_header_t *spbe_httpdconf_words(const char *text, apr_pool_t *pool)
{
    apr_array_header_t *words = apr_array_make(pool, 4, sizeof(const char *));

    for (;;) {
        while (apr_isspace(*text)) {
            text++;
        }
        if (*text == '\0') {
            return words;
        }
        APR_ARRAY_PUSH(words, const char *) = next_word(&text, pool);
    }
}

/* $NAME and ${NAME} of a shell file; what is not known is empty. */
static const char *shell_value(const spbe_httpdconf_t *conf, const char *text)
{
    spbe_buf_t out;

    spbe_buf_init(&out, strlen(text) + 64, conf->pool);
    while (*text != '\0') {
        size_t braces, len = 0;
        const char *value;

        if (*text != '$') {
            spbe_buf_addc(&out, *text++);
            continue;
        }
        braces = text[1] == '{';
        text += 1 + braces;
        while (apr_isalnum(text[len]) || text[len] == '_') {
            len++;
        }
        value = lookup(conf, apr_pstrmemdup(conf->pool, text, len));
        spbe_buf_adds(&out, value == NULL ? "" : value);
        text += len;
        text += braces && *text == '}';
    }
    return spbe_buf_cstr(&out);
}

void spbe_httpdconf_envvars(spbe_httpdconf_t *conf, const char *file)
{
    spbe_span_t rest;

    if (spbe_httpdconf_slurp(file, &rest, conf->pool) != APR_SUCCESS) {
        return;
    }
    while (rest.len > 0) {
        spbe_span_t line = spbe_span_trim(spbe_span_line(&rest)), name;
        apr_array_header_t *words;

        if (!spbe_span_starts(line, SPBE_SPAN("export "))) {
            continue;
        }
        line = spbe_span_trim(spbe_span_slice(line, 7, line.len));
        name = spbe_span_cut(&line, '=');
        words = spbe_httpdconf_words(spbe_span_dup(line, conf->pool),
                                     conf->pool);
        apr_table_set(conf->env, spbe_span_dup(name, conf->pool),
                      words->nelts == 0
                          ? "" : shell_value(conf, APR_ARRAY_IDX(words, 0,
                                                                 char *)));
    }
}

/* Versions below 2.4 are asked for only by files that serve both. */
static int version_holds(const apr_array_header_t *args)
{
    const char *op = args->nelts > 1 ? APR_ARRAY_IDX(args, 0, char *) : "=";
    const char *version =
        args->nelts > 0 ? APR_ARRAY_IDX(args, args->nelts - 1, char *) : "";
    double asked = strtod(version, NULL);

    if (strchr(op, '>') != NULL) {
        return asked <= 2.4;
    }
    if (strchr(op, '<') != NULL) {
        return asked > 2.4 || (strcmp(op, "<=") == 0 && asked == 2.4);
    }
    return strncmp(version, "2.4", 3) == 0;
}

static int condition(const spbe_httpdconf_t *conf, const char *name,
                     const apr_array_header_t *args, const char *arg)
{
    apr_finfo_t info;

    if (strcasecmp(name, "IfModule") == 0) {
        return spbe_httpdconf_module(conf, arg);
    }
    if (strcasecmp(name, "IfDefine") == 0) {
        return apr_table_get(conf->defines, arg) != NULL;
    }
    if (strcasecmp(name, "IfFile") == 0) {
        return apr_stat(&info, spbe_httpdconf_path(conf, arg, conf->pool),
                        APR_FINFO_TYPE, conf->pool) == APR_SUCCESS;
    }
    return version_holds(args);
}

int spbe_httpdconf_conditional(const spbe_httpdconf_t *conf, const char *name,
                               const apr_array_header_t *args, int *holds)
{
    static const char *const names[] = { "IfModule", "IfDefine", "IfVersion",
                                         "IfFile" };
    const char *arg = args->nelts > 0 ? APR_ARRAY_IDX(args, 0, char *) : "";
    int not = arg[0] == '!';
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcasecmp(name, names[i]) == 0) {
            *holds = condition(conf, name, args, arg + not) != not;
            return 1;
        }
    }
    return 0;
}
