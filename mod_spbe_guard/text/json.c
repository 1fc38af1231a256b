/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/json.c - pull tokens out of JSON. See json.h.
 */
#include "text/json.h"

#include "text/percent.h"
#include "text/utf8.h"
#include "text/word.h"

/* spbe_json_t.want */
#define WANT_VALUE 'v'   /* a value */
#define WANT_FIRST 'f'   /* a value or ']', after '[' */
#define WANT_MEMBER 'm'  /* a name or '}', after '{' */
#define WANT_NAME 'n'    /* a name, after ',' */
#define WANT_COMMA ','   /* ',' or the closing bracket */
#define WANT_NOTHING '.' /* the document is complete */
#define WANT_BAD '!'
#define WANT_CUT '?'

void spbe_json_init(spbe_json_t *json, spbe_span_t input)
{
    json->rest = input;
    json->all = input;
    json->depth = 0;
    json->want = WANT_VALUE;
    json->too_deep = 0;
    json->is_utf8 = 0;
}

size_t spbe_json_offset(const spbe_json_t *json)
{
    return json->all.len - json->rest.len;
}

static void drop(spbe_json_t *json, size_t n)
{
    json->rest.ptr += n;
    json->rest.len -= n;
}

static spbe_rc_t fail(spbe_json_t *json, char want)
{
    json->want = want;
    return want == WANT_CUT ? SPBE_NONE : SPBE_BAD;
}

static void skip_space(spbe_json_t *json)
{
    while (json->rest.len > 0 &&
           (json->rest.ptr[0] == ' ' || json->rest.ptr[0] == '\t' ||
            json->rest.ptr[0] == '\n' || json->rest.ptr[0] == '\r')) {
        drop(json, 1);
    }
}

static void value_done(spbe_json_t *json)
{
    json->want = json->depth == 0 ? WANT_NOTHING : WANT_COMMA;
}

/* Length of the escape at s[i]; 0 when it is none, SPBE_NPOS when cut off. */
static size_t escape_length(spbe_span_t s, size_t i)
{
    size_t k;

    if (i + 1 >= s.len) {
        return SPBE_NPOS;
    }
    if (spbe_span_chr(SPBE_SPAN("\"\\/bfnrt"), s.ptr[i + 1]) != SPBE_NPOS) {
        return 2;
    }
    if (s.ptr[i + 1] != 'u') {
        return 0;
    }
    for (k = i + 2; k < i + 6; k++) {
        if (k >= s.len) {
            return SPBE_NPOS;
        }
        if (spbe_percent_hex(s.ptr[k]) < 0) {
            return 0;
        }
    }
    return 6;
}

/* What stands for itself in a string, in ASCII. */
static int is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* Where what is plain ends, from i on: most of every string. */
static size_t plain_end(spbe_span_t s, size_t i)
{
    for (; i + SPBE_WORD <= s.len; i += SPBE_WORD) {
        uint64_t word = spbe_word_load(s.ptr + i);
        uint64_t mask = spbe_word_below(word, ' ') | spbe_word_is(word, '"') |
                        spbe_word_is(word, '\\');

        if (mask != 0) {
            return i + spbe_word_first(mask);
        }
    }
    while (i < s.len && is_plain(s.ptr[i])) {
        i++;
    }
    return i;
}

/* rest begins with '"'. */
static spbe_rc_t read_string(spbe_json_t *json, spbe_span_t *text)
{
    spbe_span_t s = json->rest;
    size_t i = plain_end(s, 1);

    while (i < s.len && s.ptr[i] != '"') {
        size_t step;

        if (s.ptr[i] != '\\') {
            return fail(json, WANT_BAD);
        }
        step = escape_length(s, i);
        if (step == 0 || step == SPBE_NPOS) {
            return fail(json, step == 0 ? WANT_BAD : WANT_CUT);
        }
        i = plain_end(s, i + step);
    }
    if (i >= s.len) {
        return fail(json, WANT_CUT);
    }
    *text = spbe_span_slice(s, 1, i);
    drop(json, i + 1);
    return json->is_utf8 || spbe_utf8_valid(*text) ? SPBE_OK
                                                   : fail(json, WANT_BAD);
}

static size_t digits(spbe_span_t s, size_t i)
{
    while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9') {
        i++;
    }
    return i;
}

/* The length of the number at the front, or 0. */
static size_t number_length(spbe_span_t s)
{
    size_t i = s.len > 0 && s.ptr[0] == '-' ? 1 : 0, from = i;

    i = digits(s, i);
    if (i == from || (s.ptr[from] == '0' && i > from + 1)) {
        return 0;
    }
    if (i < s.len && s.ptr[i] == '.') {
        from = ++i;
        i = digits(s, i);
        if (i == from) {
            return 0;
        }
    }
    if (i < s.len && (s.ptr[i] == 'e' || s.ptr[i] == 'E')) {
        i++;
        i += i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-') ? 1 : 0;
        from = i;
        i = digits(s, i);
        return i == from ? 0 : i;
    }
    return i;
}

static spbe_rc_t read_number(spbe_json_t *json, spbe_json_token_t *token)
{
    size_t len = number_length(json->rest);

    if (len == 0) {
        return fail(json, WANT_BAD);
    }
    /* More digits may have been cut off behind it. */
    if (len == json->rest.len && json->depth > 0) {
        return fail(json, WANT_CUT);
    }
    token->type = SPBE_JSON_NUMBER;
    token->text = spbe_span_slice(json->rest, 0, len);
    drop(json, len);
    value_done(json);
    return SPBE_OK;
}

static spbe_rc_t read_word(spbe_json_t *json, spbe_json_token_t *token)
{
    static const struct {
        spbe_span_t word;
        spbe_json_type_t type;
    } words[] = {
        {{"true", 4}, SPBE_JSON_TRUE},
        {{"false", 5}, SPBE_JSON_FALSE},
        {{"null", 4}, SPBE_JSON_NULL},
    };
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (spbe_span_starts(json->rest, words[i].word)) {
            token->type = words[i].type;
            token->text = spbe_span_slice(json->rest, 0, words[i].word.len);
            drop(json, words[i].word.len);
            value_done(json);
            return SPBE_OK;
        }
        if (spbe_span_starts(words[i].word, json->rest)) {
            return fail(json, WANT_CUT);
        }
    }
    return fail(json, WANT_BAD);
}

static spbe_rc_t open_bracket(spbe_json_t *json, spbe_json_token_t *token)
{
    char c = json->rest.ptr[0];

    if (json->depth == SPBE_JSON_DEPTH) {
        json->too_deep = 1;
        return fail(json, WANT_BAD);
    }
    json->open[json->depth++] = c;
    token->type = c == '{' ? SPBE_JSON_OBJECT : SPBE_JSON_ARRAY;
    token->text = spbe_span_slice(json->rest, 0, 1);
    drop(json, 1);
    json->want = c == '{' ? WANT_MEMBER : WANT_FIRST;
    return SPBE_OK;
}

static spbe_rc_t close_bracket(spbe_json_t *json, spbe_json_token_t *token)
{
    char c = json->rest.ptr[0];

    if (json->depth == 0 ||
        json->open[json->depth - 1] != (c == '}' ? '{' : '[')) {
        return fail(json, WANT_BAD);
    }
    json->depth--;
    token->type = c == '}' ? SPBE_JSON_OBJECT_END : SPBE_JSON_ARRAY_END;
    token->text = spbe_span_slice(json->rest, 0, 1);
    drop(json, 1);
    value_done(json);
    return SPBE_OK;
}

static spbe_rc_t read_value(spbe_json_t *json, spbe_json_token_t *token)
{
    char c = json->rest.ptr[0];
    spbe_rc_t rc;

    if (c == '{' || c == '[') {
        return open_bracket(json, token);
    }
    if (c == ']' && json->want == WANT_FIRST) {
        return close_bracket(json, token);
    }
    if (c == '"') {
        token->type = SPBE_JSON_STRING;
        rc = read_string(json, &token->text);
        if (rc == SPBE_OK) {
            value_done(json);
        }
        return rc;
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return read_number(json, token);
    }
    return read_word(json, token);
}

static spbe_rc_t read_name(spbe_json_t *json, spbe_json_token_t *token)
{
    spbe_rc_t rc;

    if (json->rest.ptr[0] == '}' && json->want == WANT_MEMBER) {
        return close_bracket(json, token);
    }
    if (json->rest.ptr[0] != '"') {
        return fail(json, WANT_BAD);
    }
    token->type = SPBE_JSON_NAME;
    rc = read_string(json, &token->text);
    if (rc != SPBE_OK) {
        return rc;
    }
    skip_space(json);
    if (json->rest.len == 0) {
        return fail(json, WANT_CUT);
    }
    if (json->rest.ptr[0] != ':') {
        return fail(json, WANT_BAD);
    }
    drop(json, 1);
    json->want = WANT_VALUE;
    return SPBE_OK;
}

/* After a value: the bracket that closes, or a comma and what follows it. */
static spbe_rc_t read_after(spbe_json_t *json, spbe_json_token_t *token)
{
    char c = json->rest.ptr[0];

    if (c == '}' || c == ']') {
        return close_bracket(json, token);
    }
    if (c != ',') {
        return fail(json, WANT_BAD);
    }
    drop(json, 1);
    json->want = json->open[json->depth - 1] == '{' ? WANT_NAME : WANT_VALUE;
    return spbe_json_next(json, token);
}

spbe_rc_t spbe_json_next(spbe_json_t *json, spbe_json_token_t *token)
{
    if (json->want == WANT_BAD || json->want == WANT_CUT) {
        return fail(json, json->want);
    }
    skip_space(json);
    if (json->rest.len == 0) {
        return json->want == WANT_NOTHING ? SPBE_END : fail(json, WANT_CUT);
    }
    switch (json->want) {
    case WANT_VALUE:
    case WANT_FIRST:
        return read_value(json, token);
    case WANT_MEMBER:
    case WANT_NAME:
        return read_name(json, token);
    case WANT_COMMA:
        return read_after(json, token);
    default:
        return fail(json, WANT_BAD);
    }
}

spbe_rc_t spbe_json_skip(spbe_json_t *json, const spbe_json_token_t *first)
{
    unsigned depth = json->depth;
    spbe_json_token_t token;
    spbe_rc_t rc;

    if (first->type != SPBE_JSON_OBJECT && first->type != SPBE_JSON_ARRAY) {
        return SPBE_OK;
    }
    do {
        rc = spbe_json_next(json, &token);
    } while (rc == SPBE_OK && json->depth >= depth);
    return rc;
}
