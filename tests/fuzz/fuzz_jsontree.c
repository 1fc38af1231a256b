/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_jsontree.c - text/jsontree.c, jsonnode.c and decimal.c. A
 * tree is equal to itself read again, and only then there where the parser
 * took everything.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "text/decimal.h"
#include "text/json.h"
#include "text/jsontree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_node(const spbe_node_t *node)
{
    const spbe_node_t *child;
    size_t count = 0;

    if (node->type == SPBE_NODE_NUMBER) {
        if (!spbe_decimal_valid(node->text) ||
            spbe_decimal_compare(node->text, node->text) != 0) {
            abort();
        }
        spbe_decimal_is_integer(node->text);
        spbe_decimal_is_multiple(node->text, SPBE_SPAN("0.07"));
    }
    for (child = node->first; child != NULL; child = child->next) {
        check_node(child);
        if (node->type == SPBE_NODE_OBJECT &&
            spbe_node_member(node, child->name) == NULL) {
            abort();
        }
        count++;
    }
    if (count != node->count) {
        abort();
    }
}

static int parser_takes(spbe_span_t input)
{
    spbe_json_t json;
    spbe_json_token_t token;
    spbe_rc_t rc;

    spbe_json_init(&json, input);
    do {
        rc = spbe_json_next(&json, &token);
    } while (rc == SPBE_OK);
    return rc == SPBE_END;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t all = {(const char *)data, size};
    spbe_json_report_t report;
    spbe_node_t *one, *two;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    one = spbe_json_tree(all, NULL, &report, pool);
    if ((one != NULL) != parser_takes(all) || report.offset > size) {
        abort();
    }
    if (one != NULL) {
        check_node(one);
        two = spbe_json_tree(all, NULL, &report, pool);
        if (!(report.seen & 1u << SPBE_JSON_DUPLICATE) &&
            (!spbe_node_equal(one, two) ||
             spbe_node_hash(one) != spbe_node_hash(two))) {
            abort();
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
