/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_content.c - contentEncoding, contentMediaType, contentSchema.
 *
 * An encoding is checked, and undone only where JSON within is to be read.
 * Faults within contentSchema are told of the string as one.
 */
#include "input/schema_run.h"

#include <string.h>

#include <apr_lib.h>

#include "text/base64url.h"
#include "text/percent.h"

/* Length without padding, or SPBE_NPOS where the padding is wrong. */
static size_t unpadded(spbe_span_t text, size_t group)
{
    size_t len = text.len;

    while (len > 0 && text.ptr[len - 1] == '=') {
        len--;
    }
    return text.len % group != 0 || text.len - len >= group ? SPBE_NPOS : len;
}

/* The standard alphabet in padded groups, by way of the URL-safe one. */
static spbe_rc_t undo_base64(spbe_span_t text, spbe_span_t *bytes,
                             apr_pool_t *pool)
{
    size_t len = unpadded(text, 4), i;
    char *safe;

    if (len == SPBE_NPOS || text.len - len > 2) {
        return SPBE_BAD;
    }
    safe = apr_palloc(pool, len + 1);
    for (i = 0; i < len; i++) {
        char c = text.ptr[i];

        if (c == '-' || c == '_') {
            return SPBE_BAD;
        }
        safe[i] = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return spbe_base64url_decode((spbe_span_t){safe, len}, bytes, pool);
}

static spbe_rc_t undo_base64url(spbe_span_t text, spbe_span_t *bytes,
                                apr_pool_t *pool)
{
    if (spbe_span_ends(text, SPBE_SPAN("="))) {
        size_t len = unpadded(text, 4);

        if (len == SPBE_NPOS || text.len - len > 2) {
            return SPBE_BAD;
        }
        text.len = len;
    }
    return spbe_base64url_decode(text, bytes, pool);
}

static int base32_digit(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' : c >= '2' && c <= '7' ? c - 24 : -1;
}

static spbe_rc_t undo_base32(spbe_span_t text, spbe_span_t *bytes,
                             apr_pool_t *pool)
{
    static const char possible[8] = {1, 0, 1, 0, 1, 1, 0, 1};
    size_t len = unpadded(text, 8), i, n = 0;
    unsigned held = 0, bits = 0;
    char *out;

    if (len == SPBE_NPOS || !possible[len % 8]) {
        return SPBE_BAD;
    }
    out = apr_palloc(pool, len + 1);
    for (i = 0; i < len; i++) {
        int digit = base32_digit(text.ptr[i]);

        if (digit < 0) {
            return SPBE_BAD;
        }
        held = ((held << 5) | (unsigned)digit) & 0xfff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (char)((held >> bits) & 0xff);
        }
    }
    *bytes = (spbe_span_t){out, n};
    return (held & ((1u << bits) - 1)) == 0 ? SPBE_OK : SPBE_BAD;
}

static spbe_rc_t undo_base16(spbe_span_t text, spbe_span_t *bytes,
                             apr_pool_t *pool)
{
    char *out = apr_palloc(pool, text.len / 2 + 1);
    size_t i;

    if (text.len % 2 != 0) {
        return SPBE_BAD;
    }
    for (i = 0; i < text.len; i += 2) {
        int high = spbe_percent_hex(text.ptr[i]);
        int low = spbe_percent_hex(text.ptr[i + 1]);

        if (high < 0 || low < 0) {
            return SPBE_BAD;
        }
        out[i / 2] = (char)(high * 16 + low);
    }
    *bytes = (spbe_span_t){out, text.len / 2};
    return SPBE_OK;
}

/* RFC 2045 section 6.7; "=" and a line break join two lines. */
static spbe_rc_t undo_quoted(spbe_span_t text, spbe_span_t *bytes,
                             apr_pool_t *pool)
{
    char *out = apr_palloc(pool, text.len + 1);
    size_t i, n = 0;

    for (i = 0; i < text.len; i++) {
        spbe_span_t rest = spbe_span_slice(text, i + 1, text.len);
        char c = text.ptr[i];

        if (c != '=') {
            if ((unsigned char)c > 126) {
                return SPBE_BAD;
            }
            out[n++] = c;
        }
        else if (spbe_span_starts(rest, SPBE_SPAN("\r\n"))) {
            i += 2;
        }
        else if (rest.len >= 2 && spbe_percent_hex(rest.ptr[0]) >= 0 &&
                 spbe_percent_hex(rest.ptr[1]) >= 0) {
            out[n++] = (char)(spbe_percent_hex(rest.ptr[0]) * 16 +
                              spbe_percent_hex(rest.ptr[1]));
            i += 2;
        }
        else {
            return SPBE_BAD;
        }
    }
    *bytes = (spbe_span_t){out, n};
    return SPBE_OK;
}

static spbe_rc_t undo(spbe_encoding_t encoding, spbe_span_t text,
                      spbe_span_t *bytes, apr_pool_t *pool)
{
    switch (encoding) {
    case SPBE_ENCODING_BASE64:
        return undo_base64(text, bytes, pool);
    case SPBE_ENCODING_BASE64URL:
        return undo_base64url(text, bytes, pool);
    case SPBE_ENCODING_BASE32:
        return undo_base32(text, bytes, pool);
    case SPBE_ENCODING_BASE16:
        return undo_base16(text, bytes, pool);
    case SPBE_ENCODING_QUOTED:
        return undo_quoted(text, bytes, pool);
    default:
        *bytes = text;
        return SPBE_OK;
    }
}

/* Nothing within the text is told: its tree does not last. */
static int check_inside(spbe_run_t *run, const spbe_schema_t *schema,
                        const spbe_node_t *tree, const spbe_path_t *path)
{
    apr_array_header_t *faults = run->faults;
    int limit = run->limit, ok;

    run->faults = NULL;
    run->limit = 0;
    ok = spbe_schema_run(run, schema->string->inside, tree, path, NULL);
    run->faults = faults;
    if (run->limit) {
        run->limit = limit;
        spbe_schema_run_limit(run, schema, path);
    }
    run->limit |= limit;
    return ok || spbe_schema_run_fault(run, schema, "contentSchema", path,
                                       SPBE_SPAN_EMPTY);
}

static int check_json(spbe_run_t *run, const spbe_schema_t *schema,
                      spbe_span_t bytes, const spbe_path_t *path,
                      apr_pool_t *scratch)
{
    const spbe_json_limits_t limits = {0, 0};
    spbe_json_report_t report;
    const spbe_node_t *tree = spbe_json_tree(bytes, &limits, &report, scratch);

    if (tree == NULL || (report.seen & (1u << SPBE_JSON_DUPLICATE))) {
        return spbe_schema_run_fault(run, schema, "contentMediaType", path,
                                     spbe_span_from(schema->string->media));
    }
    return schema->string->inside == NULL ||
           check_inside(run, schema, tree, path);
}

static int check(spbe_run_t *run, const spbe_schema_t *schema, spbe_span_t text,
                 const spbe_path_t *path, apr_pool_t *scratch)
{
    const spbe_string_rules_t *rules = schema->string;
    spbe_span_t bytes;

    if (undo(rules->encoding, text, &bytes, scratch) != SPBE_OK) {
        return spbe_schema_run_fault(run, schema, "contentEncoding", path,
                                     spbe_span_from(rules->encoding_name));
    }
    return !rules->json || check_json(run, schema, bytes, path, scratch);
}

int spbe_schema_content(spbe_run_t *run, const spbe_schema_t *schema,
                        const spbe_node_t *node, const spbe_path_t *path)
{
    apr_pool_t *scratch;
    int ok;

    if (!spbe_schema_run_spend(run, 8 + node->text.len / 4)) {
        return 0;
    }
    /* Branches may read the same text many times. */
    apr_pool_create(&scratch, run->pool);
    ok = check(run, schema, node->text, path, scratch);
    apr_pool_destroy(scratch);
    return ok;
}
