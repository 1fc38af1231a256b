/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_name.c - a secret name and what says that its value follows.
 *
 * PHP, Python, Ruby and Java dumps, JSON, HTML, INI, query strings, header
 * fields, connection strings: they differ in the marks around the name and in
 * the sign behind it. The values are measured by redact_value.c.
 */
#include "record/redact_value.h"

#define NAME_MAX_LOOK 96
#define CLOSERS 8
#define BLANKS 64
#define TAG_MAX 512
#define BRACKET_MAX 128

static int is_name_char(char c)
{
    return spbe_hide_alnum(c) || c == '_' || c == '-' || c == '$' || c == '.' ||
           (unsigned char)c >= 0x80;
}

static size_t word_end(spbe_span_t s, size_t i)
{
    while (i < s.len && is_name_char(s.ptr[i])) {
        i++;
    }
    return i;
}

/* Without the '-' of "->" and the full stop of a sentence. */
static size_t name_end(spbe_span_t s, size_t from, size_t end)
{
    while (end > from + 1 && (s.ptr[end - 1] == '-' || s.ptr[end - 1] == '.')) {
        end--;
    }
    return end;
}

/* "TokenMismatchException", "token.php": the word is there, but no field. */
static int is_no_field(spbe_span_t name)
{
    static const spbe_span_t endings[] = {
        {"Exception", 9}, {"Error", 5}, {"Warning", 7}, {"Fault", 5},
        {".php", 4},      {".py", 3},   {".js", 3},     {".ts", 3},
        {".mjs", 4},      {".cjs", 4},  {".jsx", 4},    {".tsx", 4},
        {".vue", 4},      {".java", 5}, {".kt", 3},     {".rb", 3},
        {".erb", 4},      {".pl", 3},   {".pm", 3},     {".go", 3},
        {".rs", 3},       {".c", 2},    {".cpp", 4},    {".cs", 3},
        {".vb", 3},       {".jsp", 4},  {".html", 5},   {".phtml", 6},
        {".tpl", 4},      {".twig", 5}, {".inc", 4},    {".lua", 4},
        {".cshtml", 7},   {".aspx", 5}, {".cgi", 4},    {".h", 2},
    };
    size_t i;

    for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (spbe_span_ends(name, endings[i])) {
            return 1;
        }
    }
    return 0;
}

static size_t skip_blanks(spbe_span_t s, size_t i, int lines)
{
    size_t max = i + BLANKS;

    while (i < max &&
           (spbe_hide_at(s, i) == ' ' || spbe_hide_at(s, i) == '\t' ||
            (lines && spbe_hide_space(spbe_hide_at(s, i))))) {
        i++;
    }
    return i;
}

/* Quotation marks and brackets that close behind a name. */
static size_t skip_closers(spbe_span_t s, size_t i)
{
    int k;

    for (k = 0; k < CLOSERS; k++) {
        size_t len = spbe_hide_quote(s, i);

        if (len == 0 && spbe_hide_at(s, i) == ']') {
            len = 1;
        }
        if (len == 0 && spbe_hide_is(s, i, SPBE_SPAN("%5D"))) {
            len = 3;
        }
        if (len == 0) {
            break;
        }
        i += len;
    }
    return i;
}

/* PHP: ["password":protected]=>, [password:App\User:private] =>. */
static size_t skip_visibility(spbe_span_t s, size_t i)
{
    spbe_span_t look = spbe_span_slice(s, i, i + BRACKET_MAX);
    size_t at;

    if (spbe_hide_at(s, i) != ':') {
        return i;
    }
    look = spbe_span_slice(look, 0, spbe_span_chr(look, '\n'));
    at = spbe_span_chr(look, ']');
    return at != SPBE_NPOS && (spbe_hide_is(s, i + at + 1, SPBE_SPAN("=>")) ||
                               spbe_hide_is(s, i + at + 1, SPBE_SPAN(" =>")))
               ? i + at + 1
               : i;
}

/* "session id", "token value": one more word that belongs to the name. */
static size_t skip_word(spbe_span_t s, size_t i)
{
    static const spbe_span_t words[] = {
        {" id", 3},     {" key", 4}, {" value", 6},
        {" adalah", 7}, {" is", 3},  {" hash", 5},
    };
    size_t k;

    for (k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
        if (spbe_hide_is(s, i, words[k]) &&
            !spbe_hide_alnum(spbe_hide_at(s, i + words[k].len))) {
            return i + words[k].len;
        }
    }
    return i;
}

/* The sign between name and value at i, or 0. */
static size_t sign_length(spbe_span_t s, size_t i)
{
    static const spbe_span_t signs[] = {
        {"===", 3}, {"!==", 3}, {"=&gt;", 5}, {"=>", 2},
        {":=", 2},  {"==", 2},  {"!=", 2},    {"%3D%3E", 6},
        {"%3D", 3}, {"%3A", 3}, {"=", 1},     {":", 1},
    };
    size_t k;

    if (spbe_hide_is(s, i, SPBE_SPAN("::"))) {
        return 0;
    }
    for (k = 0; k < sizeof(signs) / sizeof(signs[0]); k++) {
        if (spbe_hide_is(s, i, signs[k])) {
            return signs[k].len;
        }
    }
    return 0;
}

/* The cell behind "password</td>", or SPBE_NPOS. */
static size_t next_cell(spbe_span_t s, size_t i)
{
    size_t max = i + TAG_MAX;
    int cell = 0;

    while (i < max && spbe_hide_at(s, i) == '<') {
        size_t end = spbe_span_chr(spbe_span_slice(s, i, max), '>');

        if (end == SPBE_NPOS) {
            return SPBE_NPOS;
        }
        cell = cell || spbe_hide_is(s, i, SPBE_SPAN("<td")) ||
               spbe_hide_is(s, i, SPBE_SPAN("<dd"));
        i = skip_blanks(s, i + end + 1, 1);
    }
    return cell ? i : SPBE_NPOS;
}

/* <input name="password" value="x"> or, in a multipart body, the next line. */
static int hide_named_input(spbe_hide_t *hide, size_t name, size_t end)
{
    static const spbe_span_t attribute = {"value=", 6};
    spbe_span_t s = hide->text, tag;
    size_t at;

    if (!spbe_hide_is(s, name - 6, SPBE_SPAN("name=\"")) &&
        !spbe_hide_is(s, name - 6, SPBE_SPAN("name='"))) {
        return 0;
    }
    if (spbe_hide_is(s, end, SPBE_SPAN("\"\r\n\r\n")) ||
        spbe_hide_is(s, end, SPBE_SPAN("\"\n\n"))) {
        at = skip_blanks(s, end + 1, 1);
        spbe_hide_mark(hide, at, spbe_hide_line_end(s, at));
        return 1;
    }
    tag = spbe_span_slice(s, end, end + TAG_MAX);
    tag = spbe_span_slice(tag, 0, spbe_span_chr(tag, '>'));
    at = spbe_span_ifind(tag, attribute);
    if (at != SPBE_NPOS) {
        spbe_hide_value(hide, end + at + attribute.len, SPBE_VALUE_BARE);
    }
    return 1;
}

/* A line that is the name and nothing else: tables copied from debug pages. */
static size_t hide_next_line(spbe_hide_t *hide, size_t name, size_t end)
{
    spbe_span_t s = hide->text;
    size_t from = name;

    while (spbe_hide_at(s, from - 1) == ' ' ||
           spbe_hide_at(s, from - 1) == '\t') {
        if (name - --from > BLANKS) {
            return end;
        }
    }
    if (from > 0 && s.ptr[from - 1] != '\n') {
        return end;
    }
    from = skip_blanks(s, end, 1);
    spbe_hide_mark(hide, from, spbe_hide_line_end(s, from));
    return spbe_hide_line_end(s, from);
}

static int is_header(spbe_span_t name)
{
    return spbe_span_ifind(name, SPBE_SPAN("authorization")) != SPBE_NPOS ||
           spbe_span_ifind(name, SPBE_SPAN("cookie")) != SPBE_NPOS;
}

static spbe_value_t value_kind(spbe_span_t s, size_t name, size_t end,
                               size_t sign)
{
    if (s.ptr[sign] != ':' || !is_header(spbe_span_slice(s, name, end))) {
        return SPBE_VALUE_BARE;
    }
    /* curl -H 'Cookie: a=b': the mark before the name ends the field. */
    return spbe_hide_at(s, name - 1) == '\''  ? SPBE_VALUE_FIELD_SINGLE
           : spbe_hide_at(s, name - 1) == '"' ? SPBE_VALUE_FIELD_DOUBLE
                                              : SPBE_VALUE_FIELD;
}

/* "password 'x'", "--password x", "password(\t)x", setPassword('x'). */
static size_t without_sign(spbe_span_t s, size_t name, size_t end)
{
    size_t i = skip_blanks(s, end, 0);

    if (spbe_hide_at(s, end) == '\t' ||
        (spbe_hide_is(s, name, SPBE_SPAN("--")) && i > end)) {
        return i;
    }
    if (spbe_hide_at(s, end) == '(' && spbe_hide_quote(s, end + 1) > 0) {
        return end + 1;
    }
    /* PHP: unexpected token ";" - and a parser's words about its tokens. */
    return i == end + 1 && spbe_hide_quote(s, i) > 0 &&
                   !spbe_hide_is(s, name, SPBE_SPAN("token"))
               ? i
               : SPBE_NPOS;
}

/* Marks the value that belongs to the name; where to go on. */
static size_t hide_for(spbe_hide_t *hide, size_t name, size_t end)
{
    spbe_span_t s = hide->text;
    size_t closed = skip_closers(s, end), i, sign, value;

    if (hide_named_input(hide, name, end)) {
        return end;
    }
    i = skip_blanks(s, skip_visibility(s, skip_word(s, closed)), 0);
    sign = sign_length(s, i);
    if (sign > 0) {
        value = skip_blanks(s, i + sign, spbe_hide_is(s, i, SPBE_SPAN("=>")));
        return spbe_hide_value(hide, value, value_kind(s, name, end, i));
    }
    if (spbe_hide_at(s, i) == '<') {
        value = next_cell(s, i);
        return value == SPBE_NPOS
                   ? end
                   : spbe_hide_value(hide, value, SPBE_VALUE_CELL);
    }
    if (spbe_hide_at(s, end) == '>' && spbe_hide_at(s, name - 1) == '<') {
        return spbe_hide_value(hide, end + 1, SPBE_VALUE_CELL);
    }
    if (spbe_hide_at(s, i) == '\n' || spbe_hide_at(s, i) == '\r') {
        return hide_next_line(hide, name, end);
    }
    value = without_sign(s, name, end);
    return value == SPBE_NPOS ? end
                              : spbe_hide_value(hide, value, SPBE_VALUE_BARE);
}

/* "API key: x": the second word alone is not secret. */
static int is_two_words(spbe_span_t s, size_t name, size_t end)
{
    static const spbe_span_t first[] = {
        {"api ", 4}, {"access ", 7},      {"private ", 8},
        {"app ", 4}, {"encryption ", 11},
    };
    size_t k;

    if (!spbe_span_ieq(spbe_span_slice(s, name, end), SPBE_SPAN("key"))) {
        return 0;
    }
    for (k = 0; k < sizeof(first) / sizeof(first[0]); k++) {
        if (spbe_hide_is(s, name - first[k].len, first[k])) {
            return 1;
        }
    }
    return 0;
}

void spbe_hide_names(spbe_hide_t *hide, const spbe_redact_t *redact)
{
    spbe_span_t s = hide->text;
    size_t i = 0;

    while (i < s.len) {
        size_t word, end, from;
        spbe_span_t name;

        if (!is_name_char(s.ptr[i])) {
            i++;
            continue;
        }
        word = word_end(s, i);
        end = name_end(s, i, word);
        from = end - i > NAME_MAX_LOOK ? end - NAME_MAX_LOOK : i;
        name = spbe_span_slice(s, from, end);
        if ((spbe_redact_is_secret(redact, name) && !is_no_field(name)) ||
            is_two_words(s, i, end)) {
            end = hide_for(hide, i, end);
            word = end > word ? end : word;
        }
        i = word;
    }
}
