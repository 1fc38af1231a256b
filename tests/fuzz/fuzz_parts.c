/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_parts.c - multipart walker and header parameters, strictly.
 *
 * First line of the input: the boundary. What comes back lies within the
 * input, in order, and a body that is well formed can be put together again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "text/mime.h"
#include "text/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(spbe_span_t all, spbe_span_t part)
{
    if (part.len > 0 &&
        (part.ptr < all.ptr || part.ptr + part.len > all.ptr + all.len)) {
        abort();
    }
}

static void walk_params(spbe_span_t value)
{
    spbe_span_t rest = value, word;
    spbe_mime_param_t param;
    size_t left = rest.len + 1;

    if (spbe_mime_type(&rest, &word) != SPBE_OK &&
        spbe_mime_word(&rest, &word) != SPBE_OK) {
        return;
    }
    while (spbe_mime_param(&rest, &param) == SPBE_OK) {
        inside(value, param.name);
        inside(value, param.value);
        if (!spbe_mime_is_token(param.name) || rest.len >= left) {
            abort();
        }
        left = rest.len;
    }
}

static void walk_head(spbe_span_t head)
{
    spbe_span_t all = head, name, value;

    while (spbe_parts_header(&head, &name, &value) == SPBE_OK) {
        inside(all, name);
        inside(all, value);
        walk_params(value);
    }
}

static void walk(spbe_span_t boundary, spbe_span_t body, int cut)
{
    spbe_parts_t parts;
    spbe_section_t section;
    const char *last = body.ptr;
    spbe_rc_t rc;

    spbe_parts_init(&parts, boundary, body, cut, 20);
    while ((rc = spbe_parts_next(&parts, &section)) == SPBE_OK) {
        inside(body, section.head);
        inside(body, section.data);
        if (section.head.ptr < last || section.data.ptr < section.head.ptr ||
            (!section.complete && !cut)) {
            abort();
        }
        last = section.data.ptr + section.data.len;
        walk_head(section.head);
    }
    if (rc == SPBE_BAD && parts.why == NULL) {
        abort();
    }
    if (spbe_parts_next(&parts, &section) != rc) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t body = {(const char *)data, size};
    spbe_span_t boundary = spbe_span_line(&body);

    walk_params(boundary);
    if (spbe_parts_boundary_valid(boundary)) {
        walk(boundary, body, 0);
        walk(boundary, body, 1);
    }
    return 0;
}
