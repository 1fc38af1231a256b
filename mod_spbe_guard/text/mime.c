/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/mime.c - parameters of header field values. See mime.h.
 */
#include "text/mime.h"

#include <string.h>

static int is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' ||
           (c != '\0' && strchr("!#$%&'*+.^_`|~", c) != NULL);
}

static size_t token_length(spbe_span_t s)
{
    size_t n = 0;

    while (n < s.len && is_token(s.ptr[n])) {
        n++;
    }
    return n;
}

int spbe_mime_is_token(spbe_span_t s)
{
    return s.len > 0 && token_length(s) == s.len;
}

static spbe_span_t take(spbe_span_t *rest, size_t n)
{
    spbe_span_t head = spbe_span_slice(*rest, 0, n);

    *rest = spbe_span_slice(*rest, n, rest->len);
    return head;
}

static void skip_blank(spbe_span_t *rest)
{
    size_t n = 0;

    while (n < rest->len && (rest->ptr[n] == ' ' || rest->ptr[n] == '\t')) {
        n++;
    }
    take(rest, n);
}

spbe_rc_t spbe_mime_word(spbe_span_t *rest, spbe_span_t *word)
{
    skip_blank(rest);
    *word = take(rest, token_length(*rest));
    return word->len == 0 ? SPBE_BAD : SPBE_OK;
}

spbe_rc_t spbe_mime_type(spbe_span_t *rest, spbe_span_t *type)
{
    size_t first, second;

    *type = SPBE_SPAN_EMPTY;
    skip_blank(rest);
    first = token_length(*rest);
    if (first == 0 || first == rest->len || rest->ptr[first] != '/') {
        return SPBE_BAD;
    }
    second = token_length(spbe_span_slice(*rest, first + 1, rest->len));
    if (second == 0) {
        return SPBE_BAD;
    }
    *type = take(rest, first + 1 + second);
    return SPBE_OK;
}

static int is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

/* *rest begins behind the opening quote. */
static spbe_rc_t quoted(spbe_span_t *rest, spbe_mime_param_t *param)
{
    size_t i;

    for (i = 0; i < rest->len && rest->ptr[i] != '"'; i++) {
        if (is_control(rest->ptr[i])) {
            return SPBE_BAD;
        }
        if (rest->ptr[i] == '\\') {
            param->escaped = 1;
            i++;
        }
    }
    if (i >= rest->len) {
        return SPBE_BAD;
    }
    param->quoted = 1;
    param->value = take(rest, i);
    take(rest, 1);
    return SPBE_OK;
}

static spbe_rc_t value_of(spbe_span_t *rest, spbe_mime_param_t *param)
{
    if (rest->len > 0 && rest->ptr[0] == '"') {
        take(rest, 1);
        return quoted(rest, param);
    }
    param->value = take(rest, token_length(*rest));
    return param->value.len == 0 ? SPBE_BAD : SPBE_OK;
}

spbe_rc_t spbe_mime_param(spbe_span_t *rest, spbe_mime_param_t *param)
{
    *param =
        (spbe_mime_param_t){.name = SPBE_SPAN_EMPTY, .value = SPBE_SPAN_EMPTY};
    skip_blank(rest);
    if (rest->len > 0 && rest->ptr[0] != ';') {
        return SPBE_BAD;
    }
    while (rest->len > 0 && rest->ptr[0] == ';') {
        take(rest, 1);
        skip_blank(rest);
    }
    if (rest->len == 0) {
        return SPBE_END;
    }
    param->name = take(rest, token_length(*rest));
    if (param->name.len == 0 || rest->len == 0 || rest->ptr[0] != '=') {
        return SPBE_BAD;
    }
    take(rest, 1);
    return value_of(rest, param);
}
