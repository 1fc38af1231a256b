/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/wrapping.c - a content key, sealed to recipients. See wrapping.h.
 */
#include "record/wrapping.h"

#include "text/base64url.h"
#include "text/jsonout.h"

#define ID_MAX 64
#define JSON_MAX (64 * 1024)
#define CT (SPBE_SEAL_KEY + SPBE_HPKE_TAG)

static void add_bytes(spbe_buf_t *json, const char *name,
                      const unsigned char *bytes, size_t len)
{
    spbe_jsonout_name(json, name);
    spbe_buf_addc(json, '"');
    spbe_base64url_encode(json, (spbe_span_t){(const char *)bytes, len});
    spbe_buf_addc(json, '"');
}

static spbe_rc_t add_recipient(spbe_buf_t *json, const char *id,
                               const unsigned char key[SPBE_SEAL_KEY],
                               const spbe_recipient_t *to)
{
    unsigned char enc[SPBE_HPKE_ENC], ct[CT];
    spbe_rc_t rc = spbe_hpke_seal(
        to->key, SPBE_SPAN(SPBE_SEAL_INFO), spbe_span_from(id),
        (spbe_span_t){(const char *)key, SPBE_SEAL_KEY}, enc, ct);

    if (rc != SPBE_OK) {
        return rc;
    }
    spbe_jsonout_comma(json);
    spbe_buf_addc(json, '{');
    spbe_jsonout_text(json, "r", to->id);
    add_bytes(json, "enc", enc, sizeof(enc));
    add_bytes(json, "ct", ct, sizeof(ct));
    spbe_buf_addc(json, '}');
    return SPBE_OK;
}

spbe_rc_t spbe_wrapping_write(spbe_buf_t *json, const char *id,
                              const unsigned char key[SPBE_SEAL_KEY],
                              const spbe_recipient_t *to, int recipients)
{
    spbe_rc_t rc = SPBE_OK;
    int i;

    spbe_buf_addc(json, '{');
    spbe_jsonout_text(json, "key", id);
    spbe_jsonout_text(json, "suite", SPBE_SEAL_SUITE);
    spbe_jsonout_name(json, "to");
    spbe_buf_addc(json, '[');
    for (i = 0; i < recipients && rc == SPBE_OK; i++) {
        rc = add_recipient(json, id, key, &to[i]);
    }
    spbe_buf_adds(json, "]}");
    return rc;
}

/* What may stand in a line, and on a terminal. */
static int is_id(const spbe_node_t *node)
{
    size_t i;

    if (node == NULL || node->type != SPBE_NODE_STRING || node->text.len == 0 ||
        node->text.len > ID_MAX) {
        return 0;
    }
    for (i = 0; i < node->text.len; i++) {
        char c = node->text.ptr[i];

        if (c <= ' ' || c > '~' || c == '"' || c == '\\') {
            return 0;
        }
    }
    return 1;
}

spbe_rc_t spbe_wrapping_read(spbe_span_t json, spbe_wrapping_t *wrapping,
                             apr_pool_t *pool)
{
    static const spbe_json_limits_t limits = {8, 1000};
    const spbe_node_t *root, *id, *suite;
    spbe_json_report_t report;

    root = json.len > JSON_MAX ? NULL
                               : spbe_json_tree(json, &limits, &report, pool);
    if (root == NULL || report.fault != SPBE_JSON_FINE) {
        return SPBE_BAD;
    }
    id = SPBE_NODE_MEMBER(root, "key");
    suite = SPBE_NODE_MEMBER(root, "suite");
    wrapping->to = SPBE_NODE_MEMBER(root, "to");
    if (!is_id(id) || suite == NULL || suite->type != SPBE_NODE_STRING ||
        !spbe_span_eq(suite->text, SPBE_SPAN(SPBE_SEAL_SUITE)) ||
        wrapping->to == NULL || wrapping->to->type != SPBE_NODE_ARRAY) {
        return SPBE_BAD;
    }
    wrapping->id = spbe_span_dup(id->text, pool);
    return SPBE_OK;
}

spbe_span_t spbe_wrapping_recipient(const spbe_node_t *one)
{
    const spbe_node_t *r = SPBE_NODE_MEMBER(one, "r");

    return is_id(r) ? r->text : SPBE_SPAN_EMPTY;
}

static int read_bytes(const spbe_node_t *one, const char *name, size_t len,
                      spbe_span_t *bytes, apr_pool_t *pool)
{
    const spbe_node_t *node = spbe_node_member(one, spbe_span_from(name));

    return node != NULL && node->type == SPBE_NODE_STRING &&
           node->text.len <= 2 * len &&
           spbe_base64url_decode(node->text, bytes, pool) == SPBE_OK &&
           bytes->len == len;
}

spbe_rc_t spbe_wrapping_open(const spbe_wrapping_t *wrapping,
                             const spbe_node_t *one,
                             const unsigned char private_key[SPBE_HPKE_KEY],
                             unsigned char key[SPBE_SEAL_KEY], apr_pool_t *pool)
{
    spbe_span_t enc, ct;

    if (!read_bytes(one, "enc", SPBE_HPKE_ENC, &enc, pool) ||
        !read_bytes(one, "ct", CT, &ct, pool)) {
        return SPBE_BAD;
    }
    return spbe_hpke_open(private_key, (const unsigned char *)enc.ptr,
                          SPBE_SPAN(SPBE_SEAL_INFO),
                          spbe_span_from(wrapping->id), ct, key);
}
