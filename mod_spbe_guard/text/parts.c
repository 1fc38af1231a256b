/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/parts.c - a multipart body part by part, strictly. See parts.h.
 */
#include "text/parts.h"

#include <string.h>

#include "text/mime.h"

#define CRLF SPBE_SPAN("\r\n")
#define BOUNDARY_LONG 12 /* bytes that no data has by chance */

static int all_of(spbe_span_t s, const char *set)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\0' || strchr(set, s.ptr[i]) == NULL) {
            return 0;
        }
    }
    return 1;
}

int spbe_parts_boundary_valid(spbe_span_t boundary)
{
    static const char set[] = "0123456789"
                              "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "'()+_,-./:=? ";

    if (boundary.len == 0 || boundary.len > SPBE_PARTS_BOUNDARY ||
        boundary.ptr[0] == ' ' || boundary.ptr[boundary.len - 1] == ' ') {
        return 0;
    }
    return all_of(boundary, set) || all_of(boundary, "*-");
}

void spbe_parts_init(spbe_parts_t *parts, spbe_span_t boundary,
                     spbe_span_t body, int cut, unsigned max_parts)
{
    *parts = (spbe_parts_t){.rest = body, .cut = cut, .left = max_parts};
    memcpy(parts->delimiter, "\r\n--", 4);
    memcpy(parts->delimiter + 4, boundary.ptr, boundary.len);
    parts->length = boundary.len + 4;
}

static spbe_rc_t bad(spbe_parts_t *parts, const char *why)
{
    parts->why = why;
    parts->over = SPBE_BAD;
    return SPBE_BAD;
}

static void drop(spbe_parts_t *parts, size_t n)
{
    parts->rest = spbe_span_slice(parts->rest, n, parts->rest.len);
}

/* The end of a cut body is the end; of a whole one it is a fault. */
static spbe_rc_t ended(spbe_parts_t *parts, const char *why)
{
    if (parts->cut) {
        parts->over = SPBE_END;
        return SPBE_END;
    }
    return bad(parts, why);
}

/* Over the first delimiter, which needs no line end before it. */
static spbe_rc_t begin(spbe_parts_t *parts)
{
    spbe_span_t first = {parts->delimiter + 2, parts->length - 2};

    if (spbe_span_starts(parts->rest, CRLF)) {
        drop(parts, 2);
    }
    if (parts->cut && parts->rest.len < first.len) {
        return ended(parts, "");
    }
    if (!spbe_span_starts(parts->rest, first)) {
        return bad(parts, parts->rest.len == 0
                              ? "an empty body"
                              : "the body does not begin with its boundary");
    }
    drop(parts, first.len);
    return SPBE_OK;
}

/* What stands behind "--" of the last delimiter. */
static spbe_rc_t finish(spbe_parts_t *parts)
{
    if (parts->rest.len == 0 || spbe_span_eq(parts->rest, CRLF)) {
        parts->over = SPBE_END;
        return SPBE_END;
    }
    return bad(parts, "text behind the final boundary");
}

/* Behind a delimiter: SPBE_OK when a part follows. */
static spbe_rc_t behind(spbe_parts_t *parts)
{
    if (spbe_span_starts(parts->rest, SPBE_SPAN("--"))) {
        drop(parts, 2);
        return finish(parts);
    }
    if (spbe_span_starts(parts->rest, CRLF)) {
        drop(parts, 2);
        return SPBE_OK;
    }
    if (parts->rest.len < 2) {
        return ended(parts, "no final boundary");
    }
    return bad(parts, parts->rest.ptr[0] == '\n'
                          ? "a bare line feed behind a boundary"
                          : "text behind a boundary");
}

/* Header lines up to the empty one, which is dropped. */
static spbe_rc_t take_head(spbe_parts_t *parts, spbe_section_t *section)
{
    spbe_span_t window = spbe_span_slice(parts->rest, 0, SPBE_PARTS_HEAD);
    size_t end;

    if (spbe_span_starts(window, CRLF)) {
        return bad(parts, "a part without header fields");
    }
    end = spbe_span_find(window, SPBE_SPAN("\r\n\r\n"));
    if (end == SPBE_NPOS) {
        if (window.len == SPBE_PARTS_HEAD) {
            return bad(parts, "a part's header fields are too long");
        }
        return ended(parts, "a part that ends in its header fields");
    }
    section->head = spbe_span_slice(window, 0, end + 2);
    drop(parts, end + 4);
    return SPBE_OK;
}

/*
 * Some look for the boundary behind white space, behind fewer or more dashes,
 * or in the middle of a line. Whoever chose a long one at random chose it so
 * that it is nowhere in the data; a short one may well be a word.
 */
static int holds_boundary(const spbe_parts_t *parts, spbe_span_t data)
{
    spbe_span_t boundary = {parts->delimiter + 4, parts->length - 4};
    spbe_span_t rest = data;
    size_t at, before;

    if (boundary.len >= BOUNDARY_LONG) {
        return spbe_span_find(data, boundary) != SPBE_NPOS;
    }
    boundary.ptr -= 2;
    boundary.len += 2;
    while ((at = spbe_span_find(rest, boundary)) != SPBE_NPOS) {
        before = at;
        while (before > 0 && strchr(" \t", rest.ptr[before - 1]) != NULL &&
               rest.ptr[before - 1] != '\0') {
            before--;
        }
        if (before == 0 ? rest.ptr == data.ptr : rest.ptr[before - 1] == '\n') {
            return 1;
        }
        rest = spbe_span_slice(rest, at + boundary.len, rest.len);
    }
    return 0;
}

/*
 * The data ends at CR LF "--" boundary. Some take a line feed alone, or a
 * carriage return alone, for the line end before it: such a body has two
 * readings. Neither byte can be in a boundary, so the hits never overlap.
 */
static spbe_rc_t take_data(spbe_parts_t *parts, spbe_section_t *section)
{
    char other[SPBE_PARTS_BOUNDARY + 4];
    spbe_span_t feed = {parts->delimiter + 1, parts->length - 1};
    spbe_span_t rest = parts->rest;
    size_t end;

    /* The delimiter may follow the empty line at once: no data, or none
     * intended. */
    if (spbe_span_starts(rest, (spbe_span_t){feed.ptr + 1, feed.len - 1})) {
        return bad(parts, "a boundary right behind the header fields");
    }
    end = spbe_span_find(rest, feed);
    if (end != SPBE_NPOS && (end == 0 || rest.ptr[end - 1] != '\r')) {
        return bad(parts, "a bare line feed before a boundary");
    }
    section->complete = end != SPBE_NPOS;
    section->data =
        spbe_span_slice(rest, 0, section->complete ? end - 1 : rest.len);
    memcpy(other, feed.ptr, feed.len);
    other[0] = '\r';
    if (spbe_span_find(section->data, (spbe_span_t){other, feed.len}) !=
        SPBE_NPOS) {
        return bad(parts, "a bare carriage return before a boundary");
    }
    if (holds_boundary(parts, section->data)) {
        return bad(parts, "the boundary within the data");
    }
    if (!section->complete) {
        drop(parts, rest.len);
        return parts->cut ? SPBE_OK : bad(parts, "no final boundary");
    }
    drop(parts, end + feed.len);
    return SPBE_OK;
}

spbe_rc_t spbe_parts_next(spbe_parts_t *parts, spbe_section_t *section)
{
    spbe_rc_t rc = SPBE_OK;

    *section = (spbe_section_t){SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY, 0};
    if (parts->over != SPBE_OK) {
        return parts->over;
    }
    if (!parts->begun) {
        parts->begun = 1;
        rc = begin(parts);
    }
    if (rc == SPBE_OK) {
        rc = behind(parts);
    }
    if (rc != SPBE_OK) {
        return rc;
    }
    if (parts->left == 0) {
        parts->over = SPBE_TOO_MANY;
        return SPBE_TOO_MANY;
    }
    parts->left--;
    rc = take_head(parts, section);
    return rc == SPBE_OK ? take_data(parts, section) : rc;
}

static int has_control(spbe_span_t s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if ((c < ' ' && c != '\t') || c == 0x7f) {
            return 1;
        }
    }
    return 0;
}

spbe_rc_t spbe_parts_header(spbe_span_t *head, spbe_span_t *name,
                            spbe_span_t *value)
{
    size_t end = spbe_span_find(*head, CRLF);
    spbe_span_t line;

    *name = *value = SPBE_SPAN_EMPTY;
    if (head->len == 0) {
        return SPBE_END;
    }
    line = spbe_span_slice(*head, 0, end);
    *head = end == SPBE_NPOS ? SPBE_SPAN_EMPTY
                             : spbe_span_slice(*head, end + 2, head->len);
    if (spbe_span_chr(line, ':') == SPBE_NPOS || has_control(line)) {
        return SPBE_BAD;
    }
    *name = spbe_span_cut(&line, ':');
    *value = spbe_span_trim(line);
    return spbe_mime_is_token(*name) ? SPBE_OK : SPBE_BAD;
}
