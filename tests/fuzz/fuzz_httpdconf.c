/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_httpdconf.c - words and variables of text/httpdconf.c. The
 * files are an administrator's, but may be cut or in the middle of an edit.
 */
#include <stdint.h>
#include <string.h>
#include <apr_general.h>
#include "text/httpdconf_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_httpdconf_t conf = { .root = "/nonexistent" };
    apr_array_header_t *words;
    apr_pool_t *pool;
    const char *text;
    int holds;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    text = spbe_span_dup((spbe_span_t){ (const char *)data, size }, pool);
    conf.pool = pool;
    conf.lines = apr_array_make(pool, 1, sizeof(spbe_httpdconf_line_t));
    conf.problems = apr_array_make(pool, 1, sizeof(const char *));
    conf.defines = apr_table_make(pool, 1);
    conf.env = apr_table_make(pool, 1);
    apr_table_setn(conf.defines, "docs", "/srv/web");
    words = spbe_httpdconf_words(spbe_httpdconf_expand(&conf, text), pool);
    if (words->nelts > 0) {
        spbe_httpdconf_conditional(&conf, "IfModule", words, &holds);
        spbe_httpdconf_conditional(&conf, "IfVersion", words, &holds);
        spbe_httpdconf_conditional(&conf, "IfDefine", words, &holds);
    }
    apr_pool_destroy(pool);
    return 0;
}
