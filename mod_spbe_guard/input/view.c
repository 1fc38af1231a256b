/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/view.c - questions to a request as it was sent.
 */
#include "input/view.h"

spbe_span_t spbe_view_header(const spbe_view_t *view, const char *name,
                             int *found)
{
    spbe_span_t want = spbe_span_from(name);
    int i;

    if (found != NULL) {
        *found = 0;
    }
    for (i = 0; view->headers != NULL && i < view->headers->nelts; i++) {
        const spbe_header_t *header =
            &APR_ARRAY_IDX(view->headers, i, spbe_header_t);

        if (spbe_span_ieq(header->name, want)) {
            if (found != NULL) {
                *found = 1;
            }
            return spbe_span_trim(header->value);
        }
    }
    return SPBE_SPAN_EMPTY;
}
