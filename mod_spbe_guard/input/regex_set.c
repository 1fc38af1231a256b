/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex_set.c - single characters of a pattern, and sets of them,
 * written for PCRE2. See regex_tree.h.
 *
 * Every character is written by its number, so that nothing of the pattern can
 * mean something else to PCRE2.
 */
#include "input/regex_tree.h"

#include "text/percent.h"
#include "text/utf8.h"

#define BAD_CODE 0xfffffffful

typedef struct range {
    unsigned long low, high;
} range_t;

/* In order, so that what lies between them is the other half. */
static const range_t digit_ranges[] = {{'0', '9'}};
static const range_t word_ranges[] = {
    {'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
/* WhiteSpace and LineTerminator of ECMA-262. */
static const range_t space_ranges[] = {
    {0x9, 0xd},       {0x20, 0x20},     {0xa0, 0xa0},     {0x1680, 0x1680},
    {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f},
    {0x3000, 0x3000}, {0xfeff, 0xfeff}};

static const struct {
    char letter;
    const range_t *ranges;
    size_t count;
} escapes[] = {
    {'d', digit_ranges, sizeof(digit_ranges) / sizeof(range_t)},
    {'w', word_ranges, sizeof(word_ranges) / sizeof(range_t)},
    {'s', space_ranges, sizeof(space_ranges) / sizeof(range_t)},
};

static void put_sample(spbe_buf_t *sample, unsigned long c)
{
    if (c < 0x80) {
        spbe_buf_addc(sample, (char)c);
        return;
    }
    if (c < 0x800) {
        spbe_buf_addc(sample, (char)(0xc0 | c >> 6));
    }
    else if (c < 0x10000) {
        spbe_buf_addc(sample, (char)(0xe0 | c >> 12));
        spbe_buf_addc(sample, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    else {
        spbe_buf_addc(sample, (char)(0xf0 | c >> 18));
        spbe_buf_addc(sample, (char)(0x80 | (c >> 12 & 0x3f)));
        spbe_buf_addc(sample, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    spbe_buf_addc(sample, (char)(0x80 | (c & 0x3f)));
}

/* Halves of a surrogate pair stand in no UTF-8: what lies among them goes. */
static void put_range(spbe_buf_t *out, spbe_buf_t *sample, unsigned long low,
                      unsigned long high)
{
    low = low >= 0xd800 && low <= 0xdfff ? 0xe000 : low;
    high = high >= 0xd800 && high <= 0xdfff ? 0xd7ff : high;
    if (low > high) {
        return;
    }
    put_sample(sample, low);
    spbe_buf_printf(out, "\\x{%lx}", low);
    if (low < high) {
        put_sample(sample, high);
        spbe_buf_printf(out, "-\\x{%lx}", high);
    }
}

static void put_ranges(spbe_buf_t *out, spbe_buf_t *sample,
                       const range_t *ranges, size_t count, int negated)
{
    unsigned long from = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        if (!negated) {
            put_range(out, sample, ranges[i].low, ranges[i].high);
        }
        else if (ranges[i].low > from) {
            put_range(out, sample, from, ranges[i].low - 1);
        }
        from = ranges[i].high + 1;
    }
    if (negated) {
        put_range(out, sample, from, SPBE_REGEX_CODE_MAX);
    }
}

static unsigned long fail_code(spbe_regex_reader_t *reader, const char *error)
{
    spbe_regex_fail(reader, error);
    return BAD_CODE;
}

/* The next character as it stands. */
static unsigned long take_char(spbe_regex_reader_t *reader)
{
    return reader->rest.len == 0 ? BAD_CODE : spbe_utf8_next(&reader->rest);
}

/* Exactly count hexadecimal digits at the front. */
static unsigned long take_hex(spbe_regex_reader_t *reader, size_t count)
{
    unsigned long code = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        int digit =
            i < reader->rest.len ? spbe_percent_hex(reader->rest.ptr[i]) : -1;

        if (digit < 0) {
            return BAD_CODE;
        }
        code = code * 16 + (unsigned long)digit;
    }
    reader->rest = spbe_span_slice(reader->rest, count, reader->rest.len);
    return code;
}

/* Behind "\u{". */
static unsigned long take_braced(spbe_regex_reader_t *reader)
{
    unsigned long code = 0;
    size_t digits = 0;

    while (!spbe_regex_take(reader, SPBE_SPAN("}"))) {
        unsigned long digit = take_hex(reader, 1);

        code = code * 16 + digit;
        if (digit == BAD_CODE || code > SPBE_REGEX_CODE_MAX) {
            return BAD_CODE;
        }
        digits++;
    }
    return digits > 0 ? code : BAD_CODE;
}

/* Behind "\u". */
static unsigned long take_unicode(spbe_regex_reader_t *reader)
{
    spbe_span_t before;
    unsigned long high, low;

    if (spbe_regex_take(reader, SPBE_SPAN("{"))) {
        return take_braced(reader);
    }
    high = take_hex(reader, 4);
    before = reader->rest;
    if (high < 0xd800 || high > 0xdbff ||
        !spbe_regex_take(reader, SPBE_SPAN("\\u"))) {
        return high;
    }
    low = take_hex(reader, 4);
    if (low < 0xdc00 || low > 0xdfff) {
        reader->rest = before;
        return high;
    }
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static unsigned long take_control(spbe_regex_reader_t *reader)
{
    char c = reader->rest.len > 0 ? reader->rest.ptr[0] : '\0';

    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
        return fail_code(reader, "\\c is not followed by a letter");
    }
    take_char(reader);
    return (unsigned long)(c & 0x1f);
}

static unsigned long take_zero(spbe_regex_reader_t *reader)
{
    if (reader->rest.len > 0 && reader->rest.ptr[0] >= '0' &&
        reader->rest.ptr[0] <= '9') {
        return fail_code(reader, "\\0 is followed by a digit");
    }
    return 0;
}

/* Behind a backslash: an escape that stands for one character. */
static unsigned long take_escape(spbe_regex_reader_t *reader, int in_class)
{
    static const char plain[][2] = {
        {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'v', '\v'}};
    unsigned long c = take_char(reader), code;
    size_t i;

    for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        if (c == (unsigned char)plain[i][0]) {
            return (unsigned char)plain[i][1];
        }
    }
    if (c == 'c') {
        return take_control(reader);
    }
    if (c == '0') {
        return take_zero(reader);
    }
    if (c == 'x' || c == 'u') {
        code = c == 'x' ? take_hex(reader, 2) : take_unicode(reader);
        return code != BAD_CODE
                   ? code
                   : fail_code(reader, "\\x or \\u without a character's "
                                       "number in hexadecimal digits");
    }
    if (in_class && (c == 'b' || c == '-')) {
        return c == 'b' ? '\b' : '-';
    }
    if (c < 0x80 &&
        spbe_span_chr(SPBE_SPAN("^$\\.*+?()[]{}|/"), (char)c) != SPBE_NPOS) {
        return c;
    }
    return fail_code(reader, "an escape that ECMA-262 does not have");
}

/* \p{...} behind the 'p' or 'P'. */
static int put_property(spbe_regex_reader_t *reader, int negated,
                        spbe_buf_t *out)
{
    size_t end = spbe_span_chr(reader->rest, '}');
    spbe_span_t name;

    if (end == SPBE_NPOS || reader->rest.ptr[0] != '{') {
        return spbe_regex_fail(reader, "\\p without {name}");
    }
    name = spbe_span_slice(reader->rest, 1, end);
    if (spbe_regex_name_is_beyond(name)) {
        spbe_regex_beyond(reader, "\\p{Changes_When_NFKC_Casefolded}");
    }
    else if (!spbe_regex_name_property(name, negated, out)) {
        return spbe_regex_fail(reader,
                               "\\p{...} with a name that is not known");
    }
    reader->rest = spbe_span_slice(reader->rest, end + 1, reader->rest.len);
    return 1;
}

/* An escape that stands for several characters, as within brackets: 1; 0 when
 * it is another one, which is still there, or bad. */
static int put_several(spbe_regex_reader_t *reader, spbe_buf_t *out)
{
    char c = reader->rest.len > 1 ? reader->rest.ptr[1] : '\0';
    char small = (char)(c | 0x20);
    size_t i;

    if (small == 'p') {
        reader->rest = spbe_span_slice(reader->rest, 2, reader->rest.len);
        return put_property(reader, c == 'P', out);
    }
    for (i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
        if (small == escapes[i].letter) {
            reader->rest = spbe_span_slice(reader->rest, 2, reader->rest.len);
            put_ranges(out, &reader->tree->sample, escapes[i].ranges,
                       escapes[i].count, c != small);
            return 1;
        }
    }
    return 0;
}

static unsigned long take_atom(spbe_regex_reader_t *reader)
{
    if (spbe_regex_take(reader, SPBE_SPAN("\\"))) {
        return take_escape(reader, 1);
    }
    return take_char(reader);
}

/* One member of a class: an escape of several, a character, or a range. */
static int put_member(spbe_regex_reader_t *reader, spbe_buf_t *out)
{
    spbe_span_t rest;
    unsigned long low, high;

    if (reader->rest.ptr[0] == '\\' && put_several(reader, out)) {
        rest = reader->rest;
        return rest.len < 2 || rest.ptr[0] != '-' || rest.ptr[1] == ']' ||
               spbe_regex_fail(reader, "a range that begins with a set");
    }
    low = reader->tree->error == NULL ? take_atom(reader) : BAD_CODE;
    if (low == BAD_CODE) {
        return 0;
    }
    high = low;
    rest = reader->rest;
    if (rest.len > 1 && rest.ptr[0] == '-' && rest.ptr[1] != ']') {
        spbe_buf_t unused;

        spbe_regex_take(reader, SPBE_SPAN("-"));
        spbe_buf_init(&unused, 16, reader->tree->pool);
        if (reader->rest.ptr[0] == '\\' && put_several(reader, &unused)) {
            return spbe_regex_fail(reader, "a range that ends with a set");
        }
        high = reader->tree->error == NULL ? take_atom(reader) : BAD_CODE;
    }
    if (high == BAD_CODE) {
        return 0;
    }
    if (low > high) {
        return spbe_regex_fail(reader, "a range that is out of order");
    }
    put_range(out, &reader->tree->sample, low, high);
    return 1;
}

/* members: in PCRE2's words, maybe none. */
static spbe_span_t bracket(spbe_span_t members, int negated, apr_pool_t *pool)
{
    spbe_buf_t out;

    if (members.len == 0) {
        return negated ? SPBE_SPAN("[\\x{0}-\\x{10ffff}]")
                       : SPBE_SPAN("[^\\x{0}-\\x{10ffff}]");
    }
    spbe_buf_init(&out, members.len + 4, pool);
    spbe_buf_adds(&out, negated ? "[^" : "[");
    spbe_buf_add(&out, members);
    spbe_buf_addc(&out, ']');
    return spbe_buf_span(&out);
}

int spbe_regex_set_class(spbe_regex_reader_t *reader, spbe_span_t *text)
{
    spbe_buf_t out;
    int negated;

    spbe_buf_init(&out, 64, reader->tree->pool);
    spbe_regex_take(reader, SPBE_SPAN("["));
    negated = spbe_regex_take(reader, SPBE_SPAN("^"));
    while (!spbe_regex_take(reader, SPBE_SPAN("]"))) {
        if (reader->rest.len == 0) {
            return spbe_regex_fail(reader, "a [ without its ]");
        }
        if (!put_member(reader, &out)) {
            return spbe_regex_fail(reader, "a character that is not UTF-8");
        }
    }
    *text = bracket(spbe_buf_span(&out), negated, reader->tree->pool);
    return 1;
}

int spbe_regex_set_escape(spbe_regex_reader_t *reader, spbe_span_t *text)
{
    spbe_buf_t out;
    unsigned long code;

    spbe_buf_init(&out, 16, reader->tree->pool);
    if (!put_several(reader, &out)) {
        if (reader->tree->error != NULL) {
            return 0;
        }
        spbe_regex_take(reader, SPBE_SPAN("\\"));
        code = take_escape(reader, 0);
        if (code == BAD_CODE) {
            return 0;
        }
        put_range(&out, &reader->tree->sample, code, code);
    }
    *text = bracket(spbe_buf_span(&out), 0, reader->tree->pool);
    return 1;
}

int spbe_regex_set_char(spbe_regex_reader_t *reader, spbe_span_t *text)
{
    unsigned long code = take_char(reader);
    spbe_buf_t out;

    if (code == SPBE_UTF8_INVALID) {
        return spbe_regex_fail(reader, "a character that is not UTF-8");
    }
    spbe_buf_init(&out, 16, reader->tree->pool);
    put_range(&out, &reader->tree->sample, code, code);
    *text = spbe_buf_span(&out);
    return 1;
}

int spbe_regex_set_dot(spbe_regex_reader_t *reader, spbe_span_t *text)
{
    spbe_regex_take(reader, SPBE_SPAN("."));
    *text = SPBE_SPAN("[^\\n\\r\\x{2028}\\x{2029}]");
    return 1;
}
