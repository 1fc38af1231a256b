/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_json.c - text/json.c. Bodies are a visitor's, lines another
 * process's. What is accepted here must be accepted by cJSON as well.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include <cjson/cJSON.h>
#include "text/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t all = {(const char *)data, size};
    spbe_json_t json;
    spbe_json_token_t token;
    spbe_rc_t rc;
    apr_pool_t *pool;
    cJSON *other;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    spbe_json_init(&json, all);
    while ((rc = spbe_json_next(&json, &token)) == SPBE_OK) {
        if (token.type == SPBE_JSON_STRING || token.type == SPBE_JSON_NAME) {
            spbe_json_unescape(token.text, pool);
        }
    }
    other = cJSON_ParseWithLength(all.ptr, all.len);
    /* cJSON refuses lone surrogates and looks no further than NUL. */
    if (rc == SPBE_END && other == NULL &&
        spbe_span_find(all, SPBE_SPAN("\\u")) == SPBE_NPOS) {
        abort();
    }
    cJSON_Delete(other);
    apr_pool_destroy(pool);
    return 0;
}
