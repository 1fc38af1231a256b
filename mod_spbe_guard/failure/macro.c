/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/macro.c - replace {{NAME}} in expressions. See macro.h.
 */
#include "failure/macro.h"

#include <string.h>
#include <apr_strings.h>

#define DEPTH 8
#define TEXT_MAX 65536

/* The text of the macro whose name stands in braces, or NULL. */
static const char *value_of(const cJSON *define, spbe_span_t name)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, define)
    {
        if (spbe_span_eq(name, spbe_span_from(item->string))) {
            return cJSON_IsString(item) ? item->valuestring : NULL;
        }
    }
    return NULL;
}

/* Replaces each {{NAME}} once; *found says whether there was one. */
static const char *expand_once(spbe_reader_t *rd, const cJSON *define,
                               const cJSON *item, const char *text, int *found)
{
    apr_pool_t *pool = rd->pool;
    const char *out = "", *open, *close, *value;

    *found = 0;
    while ((open = strstr(text, "{{")) != NULL &&
           (close = strstr(open, "}}")) != NULL) {
        spbe_span_t name = {open + 2, (size_t)(close - open) - 2};

        value = value_of(define, name);
        if (value == NULL) {
            spbe_member_fail(rd, item, 0, "{{%s}} is not in \"define\"",
                             spbe_span_dup(name, pool));
            return "";
        }
        out = apr_pstrcat(pool, out, apr_pstrmemdup(pool, text, open - text),
                          value, NULL);
        text = close + 2;
        *found = 1;
        if (strlen(out) > TEXT_MAX) {
            spbe_member_fail(rd, item, 0, "\"regex\" is longer than %d bytes",
                             TEXT_MAX);
            return "";
        }
    }
    return apr_pstrcat(pool, out, text, NULL);
}

/* A macro may use others; eight levels are enough, and end any circle. */
const char *spbe_macro_expand(spbe_reader_t *rd, const cJSON *define,
                              const cJSON *item)
{
    const char *text = item->valuestring;
    int found = 1, depth;

    for (depth = 0; found && rd->error == NULL; depth++) {
        if (depth == DEPTH) {
            spbe_member_fail(rd, item, 0,
                             "macros of \"define\" are nested deeper than %d",
                             DEPTH - 1);
        }
        text = expand_once(rd, define, item, text, &found);
    }
    return text;
}
