/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_xmltags.c - how many attributes the tags of an XML text have,
 * before a parser sees it.
 *
 * libxml2 compares every attribute of a tag with all the others and tells us
 * only afterwards, so a tag as long as a body would cost seconds.
 */
#include "input/reading_int.h"

/* Behind the first end, from i on; the length when there is none. */
static size_t behind(spbe_span_t text, size_t i, spbe_span_t end)
{
    spbe_span_t rest = spbe_span_slice(text, i, text.len);
    size_t at = spbe_span_find(rest, end);

    return at == SPBE_NPOS ? text.len : i + at + end.len;
}

/* Behind the '>' that ends the tag at i; counts its quoted values. */
static size_t over_tag(spbe_span_t text, size_t i, unsigned *values)
{
    char quote = '\0';

    for (*values = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        }
        else if (c == '>') {
            return i + 1;
        }
        else if (c == '"' || c == '\'') {
            quote = c;
            ++*values;
        }
    }
    return i;
}

/* Behind a comment whose text begins at i; *bad when "--" is in it, of which
 * libxml2 would tell each time. */
static size_t over_comment(spbe_span_t text, size_t i, int *bad)
{
    i = behind(text, i, SPBE_SPAN("--"));
    *bad = i < text.len && text.ptr[i] != '>';
    return i;
}

spbe_reason_t spbe_reading_xml_tags(spbe_span_t text, unsigned most)
{
    size_t i = behind(text, 0, SPBE_SPAN("<"));

    while (i < text.len) {
        spbe_span_t rest = spbe_span_slice(text, i, text.len);
        unsigned values = 0;
        int bad = 0;

        if (spbe_span_starts(rest, SPBE_SPAN("!--"))) {
            i = over_comment(text, i + 3, &bad);
        }
        else if (spbe_span_starts(rest, SPBE_SPAN("![CDATA["))) {
            i = behind(text, i, SPBE_SPAN("]]>"));
        }
        else if (spbe_span_starts(rest, SPBE_SPAN("?"))) {
            i = behind(text, i, SPBE_SPAN("?>"));
        }
        else {
            i = over_tag(text, i, &values);
        }
        if (bad || values > most) {
            return bad ? SPBE_REASON_XML : SPBE_REASON_LIMIT;
        }
        i = behind(text, i, SPBE_SPAN("<"));
    }
    return SPBE_REASON_NONE;
}
