/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/head.c - the last group of an archive as text. See head.h.
 */
#include "store/head.h"

#include "text/json.h"
#include "text/percent.h"
#include <apr_strings.h>
#include <string.h>

void spbe_head_write(const spbe_head_t *head, char text[SPBE_HEAD_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    char *out = text + apr_snprintf(text, SPBE_HEAD_TEXT,
                                    "%" APR_UINT64_T_FMT ":", head->group);
    size_t i;

    for (i = 0; i < sizeof(head->hash) && out + 2 < text + SPBE_HEAD_TEXT;
         i++) {
        *out++ = digits[head->hash[i] >> 4];
        *out++ = digits[head->hash[i] & 15];
    }
    *out = '\0';
}

spbe_rc_t spbe_head_parse(spbe_span_t text, spbe_head_t *head)
{
    spbe_span_t number = spbe_span_cut(&text, ':');
    unsigned long long group;
    size_t i;

    memset(head, 0, sizeof(*head));
    if (!spbe_json_unsigned(number, APR_INT64_MAX, &group) || group == 0 ||
        text.len != 2 * sizeof(head->hash)) {
        return SPBE_BAD;
    }
    for (i = 0; i < sizeof(head->hash); i++) {
        int high = spbe_percent_hex(text.ptr[2 * i]);
        int low = spbe_percent_hex(text.ptr[2 * i + 1]);

        if (high < 0 || low < 0) {
            return SPBE_BAD;
        }
        head->hash[i] = (unsigned char)(high << 4 | low);
    }
    head->group = group;
    return SPBE_OK;
}

spbe_rc_t spbe_head_find(spbe_span_t line, spbe_head_t *head, apr_pool_t *pool)
{
    size_t at = spbe_span_find(line, SPBE_SPAN(SPBE_HEAD_SAYS));
    spbe_span_t rest, node;

    if (at == SPBE_NPOS) {
        return spbe_head_parse(spbe_span_trim(line), head) == SPBE_OK
                   ? SPBE_OK
                   : SPBE_NONE;
    }
    rest = spbe_span_slice(line, at + sizeof(SPBE_HEAD_SAYS) - 1, line.len);
    node = spbe_span_cut(&rest, ' ');
    rest = spbe_span_trim(rest);
    if (node.len == 0 ||
        spbe_head_parse(spbe_span_cut(&rest, ' '), head) != SPBE_OK) {
        return SPBE_NONE;
    }
    head->node = spbe_span_dup(node, pool);
    return SPBE_OK;
}
