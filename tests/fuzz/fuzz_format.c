/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_format.c - input/format*.c, compare.c. Values come from
 * visitors. Every format judges the whole input; its lines are compared.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "input/compare.h"
#include "input/format.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t characters(spbe_span_t text)
{
    size_t n = 0;

    for (; text.len > 0; n++) {
        spbe_utf8_next(&text);
    }
    return n;
}

/* Equal values are neither less nor more, and what is less is not more. */
static void compare(spbe_span_t left, spbe_span_t right)
{
    spbe_compare_holds("born", left, right);
    spbe_compare_holds("province", left, right);
    if (!spbe_compare_holds("<=", left, right) &&
        !spbe_compare_holds(">=", left, right)) {
        abort();
    }
    if (!spbe_compare_holds("<", left, right) &&
        !spbe_compare_holds("==", left, right) &&
        !spbe_compare_holds(">", left, right)) {
        abort();
    }
    if (!spbe_compare_holds("==", left, left)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t text = {(const char *)data, size};
    apr_time_t now = apr_time_from_sec(1795237200);
    spbe_span_t rest = text, left = spbe_span_line(&rest);
    const spbe_format_t *f;

    apr_initialize();
    for (f = spbe_formats(); f->name != NULL; f++) {
        int valid = f->valid(text, now);

        if (valid != 0 && valid != 1) {
            abort();
        }
        if (valid && f->max_length > 0 && characters(text) > f->max_length) {
            abort();
        }
    }
    compare(left, spbe_span_line(&rest));
    return 0;
}
