/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_upload.c - a file: the first line is its name, the second
 * its declared type, the rest its content.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "input/upload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const spbe_field_t *file, const spbe_file_rule_t *rule,
                  spbe_magic_t *magic, apr_pool_t *pool)
{
    static const spbe_settings_t settings = {.policy = NULL};
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    int i;

    spbe_upload_check(file, rule, NULL, &settings, magic, verdict, pool);
    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);

        /* Without a rule a file is refused for its size alone, and no limit
         * is set. */
        if (finding->detail == NULL ||
            (rule == NULL && finding->action != SPBE_ACTION_LOG)) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const words[] = {"pdf",      "image/*", "docx",
                                        "text/csv", "odt",     "html"};
    spbe_span_t rest = {(const char *)data, size};
    spbe_field_t file = {.place = SPBE_IN_FILE, .name = SPBE_SPAN("f")};
    spbe_file_rule_t rule = {.max_size = 1000};
    apr_array_header_t *types;
    spbe_magic_t *magic;
    apr_pool_t *pool;
    size_t i;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    magic = spbe_magic_open(pool);
    types = apr_array_make(pool, 6, sizeof(const char *));
    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        APR_ARRAY_PUSH(types, const char *) = words[i];
    }
    rule.types = types;
    file.filename = spbe_span_line(&rest);
    file.type = spbe_span_line(&rest);
    file.value = rest;
    check(&file, NULL, magic, pool);
    check(&file, &rule, magic, pool);
    apr_pool_destroy(pool);
    return 0;
}
