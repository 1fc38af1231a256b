/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/quoted.c - is this part of a page a quotation of code? See quoted.h.
 *
 * Reads tags forward and keeps a short stack of the samples that are open. No
 * HTML parser: a tag is what lies between '<' and '>'.
 */
#include "failure/quoted.h"

#include "failure/fence.h"
#include "failure/genre.h"

#define OPEN_MAX 16
#define TAG_MAX 2048

typedef struct tag {
    spbe_span_t name;
    spbe_span_t attributes;
    int closing;
    size_t end; /* offset behind it */
} tag_t;

typedef struct sample {
    spbe_span_t name;
    unsigned depth; /* elements of the same name inside, and itself */
} sample_t;

typedef struct samples {
    sample_t open[OPEN_MAX];
    size_t n;
} samples_t;

/* Whose content is a sample whatever its class. */
#define ALWAYS SPBE_SPAN("code samp kbd blockquote textarea")

/* Whose content is a sample when the class says so. */
#define CARRIERS SPBE_SPAN("pre div td th span table p figure ol ul dd section")

/* Words of a class attribute; '*' stands for any end. */
#define CLASSES                                                                \
    SPBE_SPAN("highlight* codehilite* prettyprint* hljs* language-* brush:* "  \
              "programlisting literal-block literalblock literallayout "       \
              "listingblock doctest* sourceCode* CodeMirror* cm-* rouge* "     \
              "prism* syntaxhighlighter* crayon* wp-block-code code code-* "   \
              "codeblock* code_block codebox* codeContent codesample* "        \
              "bbcode_code bbCode* gist* blob-code* mw-highlight* ace_* "      \
              "monaco-* shiki* phpcode cdata example example-contents "        \
              "informalexample snippet snippet-*")

/* The same, on <pre> alone: elsewhere they name parts of applications. */
#define PRE_CLASSES                                                            \
    SPBE_SPAN("screen console* terminal* shell* output* lang-* bash php "      \
              "python java sql")

/* Whose content holds no tags. */
#define RAW SPBE_SPAN("script style textarea")

/* Is word one of the words of list? */
static int in_list(spbe_span_t word, spbe_span_t list)
{
    spbe_span_t item;

    while (list.len > 0) {
        item = spbe_span_cut(&list, ' ');
        if (spbe_span_ends(item, SPBE_SPAN("*"))) {
            item.len--;
            if (spbe_span_istarts(word, item)) {
                return 1;
            }
        }
        else if (spbe_span_ieq(word, item)) {
            return 1;
        }
    }
    return 0;
}

static int is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-';
}

/* As JSON may write '<' and '>'. */
#define ESCAPED_OPEN SPBE_SPAN("\\u003c")
#define ESCAPED_CLOSE SPBE_SPAN("\\u003e")

/* Length of '<' at s, also as JSON writes it; 0 when there is none. */
static size_t bracket(spbe_span_t s)
{
    if (s.len > 0 && *s.ptr == '<') {
        return 1;
    }
    return spbe_span_istarts(s, ESCAPED_OPEN) ? ESCAPED_OPEN.len : 0;
}

static spbe_span_t from(spbe_span_t s, size_t at)
{
    return spbe_span_slice(s, at, s.len);
}

static size_t name_end(spbe_span_t s, size_t at)
{
    while (at < s.len && is_name(s.ptr[at])) {
        at++;
    }
    return at;
}

/* 1 when a whole tag begins at offset at of s. */
static int read_tag(spbe_span_t s, size_t at, tag_t *tag)
{
    size_t open = bracket(from(s, at)), start = at + open, end, close;
    spbe_span_t rest;

    if (open == 0) {
        return 0;
    }
    tag->closing = start < s.len && s.ptr[start] == '/';
    /* "<\/code>" in JSON */
    if (start + 1 < s.len && s.ptr[start] == '\\' && s.ptr[start + 1] == '/') {
        tag->closing = 1;
        start++;
    }
    start += (size_t)tag->closing;
    end = name_end(s, start);
    tag->name = spbe_span_slice(s, start, end);
    rest = spbe_span_slice(s, end, end + TAG_MAX);
    close = open == 1 ? spbe_span_chr(rest, '>')
                      : spbe_span_ifind(rest, ESCAPED_CLOSE);
    tag->attributes = spbe_span_slice(rest, 0, close);
    tag->end = end + close + open;
    return tag->name.len > 0 && close != SPBE_NPOS;
}

/* The attribute's value without quotes, or empty. */
static spbe_span_t attribute(spbe_span_t attributes, spbe_span_t name)
{
    size_t at = spbe_span_ifind(attributes, name), i;
    char quote;

    if (at == SPBE_NPOS) {
        return SPBE_SPAN_EMPTY;
    }
    attributes = from(attributes, at + name.len);
    while (attributes.len > 0 && *attributes.ptr == '\\') {
        attributes = from(attributes, 1);
    }
    quote = attributes.len > 0 ? *attributes.ptr : '\0';
    if (quote != '"' && quote != '\'') {
        for (i = 0; i < attributes.len && attributes.ptr[i] > ' '; i++) {
        }
        return spbe_span_slice(attributes, 0, i);
    }
    attributes = from(attributes, 1);
    return spbe_span_cut(&attributes, quote);
}

static int class_tells(const tag_t *tag, int pre)
{
    spbe_span_t class = attribute(tag->attributes, SPBE_SPAN("class=")), word;

    while (class.len > 0) {
        word = spbe_span_cut(&class, ' ');
        if (word.len > 0 && word.ptr[word.len - 1] == '\\') {
            word.len--;
        }
        if (word.len > 0 &&
            (in_list(word, CLASSES) || (pre && in_list(word, PRE_CLASSES)))) {
            return 1;
        }
    }
    return 0;
}

static int language_tells(const tag_t *tag)
{
    return attribute(tag->attributes, SPBE_SPAN("lang=")).len > 0 ||
           attribute(tag->attributes, SPBE_SPAN("language=")).len > 0;
}

/* <code><pre>: so ASP.NET prints its own traces. */
static int around_pre(spbe_span_t s, const tag_t *tag)
{
    tag_t next;
    spbe_span_t rest = spbe_span_trim(from(s, tag->end));

    return spbe_span_ieq(tag->name, SPBE_SPAN("code")) &&
           read_tag(rest, 0, &next) && !next.closing &&
           spbe_span_ieq(next.name, SPBE_SPAN("pre"));
}

static int opens_sample(spbe_span_t s, const tag_t *tag)
{
    int pre = spbe_span_ieq(tag->name, SPBE_SPAN("pre"));

    if (in_list(tag->name, ALWAYS)) {
        return !around_pre(s, tag);
    }
    return in_list(tag->name, CARRIERS) &&
           (class_tells(tag, pre) || (pre && language_tells(tag)));
}

static sample_t *last_of(samples_t *samples, spbe_span_t name)
{
    size_t i;

    for (i = samples->n; i > 0; i--) {
        if (spbe_span_ieq(samples->open[i - 1].name, name)) {
            return &samples->open[i - 1];
        }
    }
    return NULL;
}

static void open_tag(samples_t *samples, spbe_span_t s, const tag_t *tag)
{
    sample_t *same = last_of(samples, tag->name);

    if (spbe_span_ends(tag->attributes, SPBE_SPAN("/"))) {
        return;
    }
    if (same != NULL) {
        same->depth++;
    }
    else if (samples->n < OPEN_MAX && opens_sample(s, tag)) {
        samples->open[samples->n++] = (sample_t){tag->name, 1};
    }
}

/* What was opened inside and forgotten ends with it. */
static void close_tag(samples_t *samples, const tag_t *tag)
{
    sample_t *same = last_of(samples, tag->name);

    if (same != NULL && --same->depth == 0) {
        samples->n = (size_t)(same - samples->open);
    }
}

/* Offset behind the element whose content holds no tags; SPBE_NPOS: it does
 * not end. */
static size_t skip_raw(spbe_span_t s, const tag_t *tag)
{
    size_t at = tag->end, hit;
    tag_t end;

    while ((hit = spbe_span_chr(from(s, at), '<')) != SPBE_NPOS) {
        at += hit;
        if (read_tag(s, at, &end) && end.closing &&
            spbe_span_ieq(end.name, tag->name)) {
            return end.end;
        }
        at++;
    }
    return SPBE_NPOS;
}

static int is_raw(const tag_t *tag)
{
    return !tag->closing && in_list(tag->name, RAW);
}

/* In a page's tags the quotes are bare; in those inside JSON never. */
static int has_bare_attribute(spbe_span_t s)
{
    size_t at;

    while ((at = spbe_span_find(s, SPBE_SPAN("=\""))) != SPBE_NPOS) {
        s = from(s, at + 2);
        if (s.len > 0 && is_name(*s.ptr)) {
            return 1;
        }
    }
    return 0;
}

static int looks_json(spbe_span_t s, int cut)
{
    if (!cut) {
        s = spbe_span_trim(s);
        return s.len > 0 && (*s.ptr == '{' || *s.ptr == '[');
    }
    return spbe_span_find(s, SPBE_SPAN("\":")) != SPBE_NPOS &&
           !has_bare_attribute(s);
}

/* A sample does not go on beyond the JSON string it stands in: else anybody
 * could hide a failure by sending a tag that is repeated in front of it. */
static size_t next_in_json(spbe_span_t s, size_t at, samples_t *samples)
{
    while (at < s.len) {
        if (s.ptr[at] == '"') {
            samples->n = 0;
        }
        else if (s.ptr[at] == '<' || s.ptr[at] == '\\') {
            if (bracket(from(s, at)) > 0) {
                break;
            }
            at += s.ptr[at] == '\\';
        }
        at++;
    }
    return at;
}

/* Offset of the next '<', or s.len. */
static size_t next_bracket(spbe_span_t s, size_t at, int json,
                           samples_t *samples)
{
    size_t hit;

    if (json) {
        return next_in_json(s, at, samples);
    }
    hit = spbe_span_chr(from(s, at), '<');
    return hit == SPBE_NPOS ? s.len : at + hit;
}

/* A '<' in one JSON string and a '>' in another are no tag. */
static int leaves_string(const tag_t *tag)
{
    spbe_span_t s = tag->attributes;
    size_t i;

    for (i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"') {
            return 1;
        }
        i += s.ptr[i] == '\\';
    }
    return 0;
}

static size_t after_comment(spbe_span_t s, size_t at)
{
    size_t hit = SPBE_NPOS;

    if (spbe_span_starts(from(s, at), SPBE_SPAN("<!--"))) {
        hit = spbe_span_find(from(s, at), SPBE_SPAN("-->"));
    }
    return hit == SPBE_NPOS ? at + 1 : at + hit;
}

/*
 * In a <textarea> what the application puts there is escaped; a leak that
 * begins with a tag is not.
 */
static int in_raw(const tag_t *tag, char first)
{
    return spbe_span_ieq(tag->name, SPBE_SPAN("textarea")) && first != '<';
}

static int in_sample(spbe_span_t s, int json, char first)
{
    samples_t samples = {.n = 0};
    size_t at = 0;
    tag_t tag;

    while ((at = next_bracket(s, at, json, &samples)) < s.len) {
        if (!read_tag(s, at, &tag) || (json && leaves_string(&tag))) {
            at = after_comment(s, at);
            continue;
        }
        at = tag.end;
        if (!json && is_raw(&tag)) {
            at = skip_raw(s, &tag);
            if (at == SPBE_NPOS) {
                return in_raw(&tag, first);
            }
        }
        else if (tag.closing) {
            close_tag(&samples, &tag);
        }
        else {
            open_tag(&samples, s, &tag);
        }
    }
    return samples.n > 0;
}

int spbe_quoted(spbe_span_t text, size_t offset)
{
    size_t start = offset > SPBE_QUOTED_BACK ? offset - SPBE_QUOTED_BACK : 0;
    spbe_span_t before = spbe_span_slice(text, start, offset);
    char first = offset < text.len ? text.ptr[offset] : '\0';

    return in_sample(before, looks_json(before, start > 0), first)
           || spbe_fence_open(before, start > 0)
           || spbe_genre_in_feed(before);
}
