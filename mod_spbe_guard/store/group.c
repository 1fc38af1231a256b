/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/group.c - the line that ends a group of entries. See group.h.
 */
#include "store/group.h"

#include "text/base64url.h"
#include "text/json.h"
#include "text/stamp.h"
#include <openssl/evp.h>
#include <string.h>

#define DOMAIN "spbe-guard group 1\n"
#define SIGNATURE ",\"s\":\""

int spbe_group_is(spbe_span_t line)
{
    return spbe_span_starts(line, SPBE_SPAN("{\"g\":"));
}

static void add_bytes(spbe_buf_t *buf, const char *name,
                      const unsigned char *bytes, size_t len)
{
    spbe_buf_adds(buf, name);
    spbe_base64url_encode(buf, (spbe_span_t){(const char *)bytes, len});
    spbe_buf_addc(buf, '"');
}

void spbe_group_add(spbe_buf_t *buf, const spbe_group_t *group)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_write(group->time, stamp);
    spbe_buf_printf(
        buf,
        "{\"g\":%" APR_UINT64_T_FMT ",\"t\":\"%s\",\"up\":%" APR_UINT64_T_FMT
        ",\"boot\":\"%s\",\"n\":%" APR_UINT64_T_FMT,
        group->number, stamp, group->up, group->boot, group->entries);
    add_bytes(buf, ",\"b\":\"", group->body, sizeof(group->body));
    add_bytes(buf, ",\"p\":\"", group->before, sizeof(group->before));
    add_bytes(buf, ",\"k\":\"", group->signer, sizeof(group->signer));
    add_bytes(buf, ",\"x\":\"", group->next, sizeof(group->next));
}

void spbe_group_add_signature(
    spbe_buf_t *buf, const unsigned char signature[SPBE_SIGNATURE_SIZE])
{
    add_bytes(buf, SIGNATURE, signature, SPBE_SIGNATURE_SIZE);
    spbe_buf_addc(buf, '}');
}

static int take(spbe_span_t *rest, spbe_span_t expected)
{
    if (!spbe_span_starts(*rest, expected)) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, expected.len, rest->len);
    return 1;
}

static int take_number(spbe_span_t *rest, const char *name,
                       apr_uint64_t *number)
{
    unsigned long long n;
    size_t end = 0;

    if (!take(rest, spbe_span_from(name))) {
        return 0;
    }
    while (end < rest->len && rest->ptr[end] >= '0' && rest->ptr[end] <= '9') {
        end++;
    }
    if ((end > 1 && rest->ptr[0] == '0') ||
        !spbe_json_unsigned(spbe_span_slice(*rest, 0, end), APR_INT64_MAX,
                            &n)) {
        return 0;
    }
    *number = n;
    *rest = spbe_span_slice(*rest, end, rest->len);
    return 1;
}

/* A string without anything escaped. */
static int take_string(spbe_span_t *rest, const char *name, spbe_span_t *text)
{
    size_t end;

    if (!take(rest, spbe_span_from(name))) {
        return 0;
    }
    end = spbe_span_chr(*rest, '"');
    if (end == SPBE_NPOS) {
        return 0;
    }
    *text = spbe_span_slice(*rest, 0, end);
    *rest = spbe_span_slice(*rest, end + 1, rest->len);
    return 1;
}

static int take_bytes(spbe_span_t *rest, const char *name, unsigned char *out,
                      size_t len)
{
    spbe_span_t text;

    return take_string(rest, name, &text) &&
           spbe_base64url_exact(text, out, len) == SPBE_OK;
}

static int take_time(spbe_span_t *rest, apr_time_t *time)
{
    char again[SPBE_STAMP_SIZE];
    spbe_span_t text;

    if (!take_string(rest, ",\"t\":\"", &text) ||
        !spbe_stamp_parse(text, time)) {
        return 0;
    }
    spbe_stamp_write(*time, again);
    return spbe_span_eq(text, spbe_span_from(again));
}

static int take_boot(spbe_span_t *rest, char boot[SPBE_BOOT_SIZE])
{
    spbe_span_t text;
    size_t i;

    if (!take_string(rest, ",\"boot\":\"", &text) ||
        text.len != SPBE_BOOT_SIZE - 1) {
        return 0;
    }
    for (i = 0; i < text.len; i++) {
        if (strchr("0123456789abcdef", text.ptr[i]) == NULL) {
            return 0;
        }
    }
    memcpy(boot, text.ptr, text.len);
    boot[text.len] = '\0';
    return 1;
}

spbe_rc_t spbe_group_parse(spbe_span_t line, spbe_group_t *group)
{
    spbe_span_t rest = line;

    memset(group, 0, sizeof(*group));
    if (!take_number(&rest, "{\"g\":", &group->number) ||
        !take_time(&rest, &group->time) ||
        !take_number(&rest, ",\"up\":", &group->up) ||
        !take_boot(&rest, group->boot) ||
        !take_number(&rest, ",\"n\":", &group->entries) ||
        !take_bytes(&rest, ",\"b\":\"", group->body, sizeof(group->body)) ||
        !take_bytes(&rest, ",\"p\":\"", group->before, sizeof(group->before)) ||
        !take_bytes(&rest, ",\"k\":\"", group->signer, sizeof(group->signer)) ||
        !take_bytes(&rest, ",\"x\":\"", group->next, sizeof(group->next)) ||
        !take_bytes(&rest, SIGNATURE, group->signature,
                    sizeof(group->signature)) ||
        !spbe_span_eq(rest, SPBE_SPAN("}")) || group->number == 0) {
        return SPBE_BAD;
    }
    return SPBE_OK;
}

void spbe_group_add_message(spbe_buf_t *buf, spbe_span_t line)
{
    size_t at;

    spbe_buf_adds(buf, DOMAIN);
    /* The first one: nothing before it can hold a quotation mark. */
    at = spbe_span_find(line, SPBE_SPAN(SIGNATURE));
    spbe_buf_add(buf, spbe_span_slice(line, 0, at));
}

int spbe_group_hash(spbe_span_t line, unsigned char hash[SPBE_HASH_SIZE])
{
    return EVP_Digest(line.ptr, line.len, hash, NULL, EVP_sha256(), NULL) == 1;
}
