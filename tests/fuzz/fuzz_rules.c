/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_rules.c - a rule file, which the administrator writes.
 *
 * Whatever is in it: an error text with a place, or a set that compiles and
 * scans.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>

#include "failure/leak.h"

#define TEXT_MAX 4096

static void require(int held)
{
    if (!held) {
        abort();
    }
}

static void use(spbe_rules_t *rules, spbe_span_t text)
{
    spbe_scratch_t *scratch;

    require(spbe_rules_compile(rules, 1) == NULL);
    scratch = spbe_scratch_create(rules);
    require(scratch != NULL);
    spbe_scan_once(rules, scratch, 599, spbe_span_slice(text, 0, TEXT_MAX));
    spbe_scratch_destroy(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t json = {(const char *)data, size};
    spbe_rules_t *rules;
    const char *error;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    rules = spbe_rules_create(pool);
    error = spbe_rules_add(rules, "f", json);
    if (error == NULL) {
        use(rules, json);
    }
    else {
        require(strncmp(error, "f:", 2) == 0);
        require(spbe_rules_count(rules) == 0);
    }
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}
