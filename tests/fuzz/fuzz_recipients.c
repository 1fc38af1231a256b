/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_recipients.c - record/recipients.c. The file is an
 * administrator's, read by httpd's parent as root.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "record/recipients.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whoever is accepted can be sealed to, and can be shown. */
static void use(const spbe_recipient_t *recipient)
{
    unsigned char enc[SPBE_HPKE_ENC], out[SPBE_HPKE_TAG];
    char id[SPBE_RECIPIENT_ID];
    const char *p;

    spbe_recipient_id(recipient->key, id);
    if (strcmp(id, recipient->id) != 0 ||
        spbe_hpke_seal(recipient->key, SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY,
                       SPBE_SPAN_EMPTY, enc, out) != SPBE_OK) {
        abort();
    }
    for (p = recipient->name; *p != '\0'; p++) {
        if ((unsigned char)*p < ' ') {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_array_header_t *list;
    const char *why = NULL;
    apr_pool_t *pool;
    int i;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    if (spbe_recipients_parse((spbe_span_t){(const char *)data, size}, &list,
                              &why, pool) == SPBE_OK) {
        if (list->nelts < 1 || list->nelts > SPBE_RECIPIENTS_MAX ||
            spbe_recipients_in_use(list) > list->nelts) {
            abort();
        }
        for (i = 0; i < list->nelts; i++) {
            use(&APR_ARRAY_IDX(list, i, spbe_recipient_t));
        }
    }
    else if (why == NULL) {
        abort();
    }
    apr_pool_destroy(pool);
    return 0;
}
