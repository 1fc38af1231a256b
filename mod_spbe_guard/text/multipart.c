/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/multipart.c - walk multipart/form-data. See multipart.h.
 */
#include "text/multipart.h"

#include <string.h>

/*
 * The value of a parameter such as name="x" or boundary=x; 1 when it is there.
 * A backslash in quotes escapes only '"': browsers send Windows paths.
 */
static int find_param(spbe_span_t field, spbe_span_t name, spbe_span_t *value)
{
    spbe_span_cut(&field, ';');
    while (field.len > 0) {
        spbe_span_t left = field;
        size_t i = 0, end;
        spbe_span_t key = spbe_span_trim(spbe_span_cut(&left, '='));

        while (left.len > 0 && (left.ptr[0] == ' ' || left.ptr[0] == '\t')) {
            left = spbe_span_slice(left, 1, left.len);
        }
        if (left.len > 0 && left.ptr[0] == '"') {
            left = spbe_span_slice(left, 1, left.len);
            while (i < left.len && left.ptr[i] != '"') {
                i += left.ptr[i] == '\\' && i + 1 < left.len &&
                             left.ptr[i + 1] == '"'
                         ? 2
                         : 1;
            }
            *value = spbe_span_slice(left, 0, i);
            left = spbe_span_slice(left, i + 1, left.len);
            spbe_span_cut(&left, ';');
        }
        else {
            end = spbe_span_chr(left, ';');
            *value = spbe_span_trim(spbe_span_slice(left, 0, end));
            spbe_span_cut(&left, ';');
        }
        if (spbe_span_ieq(key, name)) {
            return 1;
        }
        field = left;
    }
    *value = SPBE_SPAN_EMPTY;
    return 0;
}

static int boundary_allowed(spbe_span_t boundary)
{
    size_t i;

    if (boundary.len == 0 || boundary.len > SPBE_BOUNDARY_MAX) {
        return 0;
    }
    for (i = 0; i < boundary.len; i++) {
        if (boundary.ptr[i] < ' ' || boundary.ptr[i] > '~') {
            return 0;
        }
    }
    return 1;
}

spbe_rc_t spbe_multipart_init(spbe_multipart_t *mp, spbe_span_t content_type,
                              spbe_span_t body, unsigned max_parts)
{
    spbe_span_t boundary, type = content_type;

    memset(mp, 0, sizeof(*mp));
    mp->done = 1;
    if (!spbe_span_ieq(spbe_span_trim(spbe_span_cut(&type, ';')),
                       SPBE_SPAN("multipart/form-data"))) {
        return SPBE_NONE;
    }
    if (!find_param(content_type, SPBE_SPAN("boundary"), &boundary) ||
        !boundary_allowed(boundary)) {
        return SPBE_BAD;
    }
    memcpy(mp->delimiter, "\r\n--", 4);
    memcpy(mp->delimiter + 4, boundary.ptr, boundary.len);
    mp->length = boundary.len + 4;
    /* The first delimiter stands at the very beginning, without CR LF. */
    if (!spbe_span_starts(body,
                          (spbe_span_t){mp->delimiter + 2, mp->length - 2})) {
        return SPBE_BAD;
    }
    mp->rest = spbe_span_slice(body, mp->length - 2, body.len);
    mp->left = max_parts;
    mp->done = 0;
    return SPBE_OK;
}

static void read_header(spbe_span_t line, spbe_part_t *part)
{
    spbe_span_t value = line;
    spbe_span_t name = spbe_span_trim(spbe_span_cut(&value, ':'));

    if (spbe_span_ieq(name, SPBE_SPAN("content-type"))) {
        part->type = spbe_span_trim(value);
    }
    else if (spbe_span_ieq(name, SPBE_SPAN("content-disposition"))) {
        find_param(value, SPBE_SPAN("name"), &part->name);
        part->is_file =
            find_param(value, SPBE_SPAN("filename"), &part->filename) ||
            find_param(value, SPBE_SPAN("filename*"), &part->filename);
    }
}

/* Header lines up to the empty one. 0 when the input ends before it. */
static int read_headers(spbe_span_t *rest, spbe_part_t *part)
{
    while (rest->len > 0) {
        spbe_span_t line = spbe_span_line(rest);

        if (line.len == 0) {
            return 1;
        }
        read_header(line, part);
    }
    return 0;
}

/* What follows a delimiter: 1 a part, 0 the end, -1 neither. */
static int after_delimiter(spbe_span_t *rest)
{
    if (spbe_span_starts(*rest, SPBE_SPAN("--")) || rest->len == 0) {
        return 0;
    }
    while (rest->len > 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t')) {
        *rest = spbe_span_slice(*rest, 1, rest->len);
    }
    if (!spbe_span_starts(*rest, SPBE_SPAN("\r\n"))) {
        return -1;
    }
    *rest = spbe_span_slice(*rest, 2, rest->len);
    return 1;
}

spbe_rc_t spbe_multipart_next(spbe_multipart_t *mp, spbe_part_t *part)
{
    size_t end;
    int more;

    *part = (spbe_part_t){.name = SPBE_SPAN_EMPTY,
                          .filename = SPBE_SPAN_EMPTY,
                          .type = SPBE_SPAN_EMPTY,
                          .data = SPBE_SPAN_EMPTY};
    more = mp->done ? 0 : after_delimiter(&mp->rest);
    if (more <= 0) {
        mp->done = 1;
        return more == 0 ? SPBE_END : SPBE_BAD;
    }
    if (mp->left == 0) {
        return SPBE_TOO_MANY;
    }
    mp->left--;
    if (!read_headers(&mp->rest, part)) {
        mp->done = 1;
        return SPBE_BAD;
    }
    end = spbe_span_find(mp->rest, (spbe_span_t){mp->delimiter, mp->length});
    part->complete = end != SPBE_NPOS;
    part->data = spbe_span_slice(mp->rest, 0, end);
    mp->done = !part->complete;
    mp->rest = part->complete
                   ? spbe_span_slice(mp->rest, end + mp->length, mp->rest.len)
                   : SPBE_SPAN_EMPTY;
    return SPBE_OK;
}
