/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/route.c - a path as a route: what varies from request to request is
 * taken out, so that one fault has one name. See trigger.h.
 */
#include "record/trigger_out.h"

#include "record/redact_scan.h"
#include "text/buf.h"
#include "text/percent.h"

#define HASH_MIN 8
#define TOKEN_MIN 20
#define NUMBER_IN_NAME 5
#define ROUTE_MAX 512

static size_t count_digits(spbe_span_t s)
{
    size_t i, n = 0;

    for (i = 0; i < s.len; i++) {
        n += (size_t)spbe_hide_digit(s.ptr[i]);
    }
    return n;
}

static int is_hex(spbe_span_t s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        if (spbe_percent_hex(s.ptr[i]) < 0 && s.ptr[i] != '-') {
            return 0;
        }
    }
    return 1;
}

/* "v2", "2024", "php8" are names or numbers that stay or go as a whole. */
int spbe_trigger_is_id(spbe_span_t part)
{
    size_t digits = count_digits(part), i, run = 0;

    if (digits == 0 || part.len == 0) {
        return 0;
    }
    if (digits == part.len || (is_hex(part) && part.len >= HASH_MIN)) {
        return 1;
    }
    if (part.len >= TOKEN_MIN && digits >= 4 &&
        spbe_span_chr(part, '.') == SPBE_NPOS) {
        return 1;
    }
    for (i = 0; i < part.len; i++) {
        run = spbe_hide_digit(part.ptr[i]) ? run + 1 : 0;
        if (run >= NUMBER_IN_NAME) {
            return 1;
        }
    }
    return 0;
}

/* "12345.json" keeps its ending: it says what the application answers. */
static void add_part(spbe_buf_t *buf, spbe_span_t part)
{
    size_t dot = spbe_span_rchr(part, '.');
    spbe_span_t ending = spbe_span_slice(part, dot, part.len);

    if (dot != SPBE_NPOS && ending.len <= 6 && count_digits(ending) == 0 &&
        spbe_trigger_is_id(spbe_span_slice(part, 0, dot))) {
        spbe_buf_adds(buf, "{id}");
        spbe_buf_add(buf, ending);
    }
    else if (spbe_trigger_is_id(part)) {
        spbe_buf_adds(buf, "{id}");
    }
    else {
        spbe_buf_add(buf, part);
    }
}

const char *spbe_trigger_route(const char *path, apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(path);
    spbe_buf_t buf;
    int more;

    rest = spbe_span_cut(&rest, '?');
    rest = spbe_span_slice(rest, 0, ROUTE_MAX);
    spbe_buf_init(&buf, rest.len + 32, pool);
    do {
        more = spbe_span_chr(rest, '/') != SPBE_NPOS;
        add_part(&buf, spbe_span_cut(&rest, '/'));
        if (more) {
            spbe_buf_addc(&buf, '/');
        }
    } while (more);
    return spbe_buf_cstr(&buf);
}
