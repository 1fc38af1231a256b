/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_regex.c - input/regex*.c: a pattern up to the first line
 * feed, a text behind it. Format "regex" takes patterns from visitors.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "input/regex.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t text = {(const char *)data, size};
    spbe_span_t pattern = spbe_span_cut(&text, '\n');
    const char *error = NULL;
    spbe_regex_t *regex;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    regex = spbe_regex_compile(pattern, &error, pool);
    if (regex == NULL && (error == NULL || strlen(error) < 10)) {
        abort();
    }
    if (regex != NULL && !spbe_regex_valid(pattern, pool)) {
        abort();
    }
    if (regex != NULL && spbe_utf8_valid(text)) {
        spbe_regex_match(regex, text, NULL);
    }
    apr_pool_destroy(pool);
    return 0;
}
