/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_multipart.c - multipart/form-data by RFC 7578, strictly.
 *
 * What browsers and the usual libraries send passes; a part whose header
 * fields two parsers read differently is named.
 */
#include "input/reading_int.h"
#include "text/mime.h"
#include "text/parts.h"
#include "text/percent.h"

/* What the header fields of one part say. */
typedef struct part {
    spbe_span_t name, filename, type;
    spbe_span_t length; /* Content-Length: some libraries send it */
    unsigned has_name : 1, has_filename : 1;
    unsigned has_disposition : 1, has_type : 1, has_encoding : 1;
    unsigned has_length : 1;
} part_t;

static void add(const spbe_reader_t *reader, spbe_reason_t reason,
                spbe_span_t name, const char *detail)
{
    spbe_reading_add(reader, reason, SPBE_IN_FORM, name, detail);
}

static void bad_header(const spbe_reader_t *reader, const part_t *part,
                       const char *detail)
{
    add(reader, SPBE_REASON_PART_HEADER, part->name, detail);
}

/* PHP takes them for quotes, others for part of the name. */
static int is_single_quoted(const spbe_mime_param_t *param)
{
    return !param->quoted && spbe_span_chr(param->value, '\'') == 0;
}

/* "=?utf-8?B?YQ==?=" (RFC 2047): some decode it. */
int spbe_reading_is_mail_word(spbe_span_t text)
{
    size_t at = spbe_span_find(text, SPBE_SPAN("=?"));
    spbe_span_t rest =
        spbe_span_slice(text, at == SPBE_NPOS ? text.len : at, text.len);

    return spbe_span_find(rest, SPBE_SPAN("?=")) != SPBE_NPOS &&
           (spbe_span_ifind(rest, SPBE_SPAN("?B?")) != SPBE_NPOS ||
            spbe_span_ifind(rest, SPBE_SPAN("?Q?")) != SPBE_NPOS);
}

static void disposition_param(const spbe_reader_t *reader, part_t *part,
                              const spbe_mime_param_t *param)
{
    if (spbe_span_ieq(param->name, SPBE_SPAN("name"))) {
        if (part->has_name) {
            bad_header(reader, part, "a name twice");
        }
        if (param->escaped || is_single_quoted(param) ||
            spbe_reading_is_mail_word(param->value)) {
            bad_header(reader, part, "a name that is quoted in another way");
        }
        part->has_name = 1;
        part->name = param->value;
    }
    else if (spbe_span_ieq(param->name, SPBE_SPAN("filename"))) {
        if (part->has_filename) {
            add(reader, SPBE_REASON_FILENAME, part->name, "a file name twice");
        }
        if (is_single_quoted(param)) {
            bad_header(reader, part, "a name that is quoted in another way");
        }
        part->has_filename = 1;
        part->filename = param->value;
    }
    else if (spbe_span_istarts(param->name, SPBE_SPAN("filename*"))) {
        add(reader, SPBE_REASON_FILENAME, part->name, "filename*");
    }
    else {
        bad_header(reader, part, "an unknown parameter of a part");
    }
}

static void disposition(const spbe_reader_t *reader, part_t *part,
                        spbe_span_t value)
{
    spbe_mime_param_t param;
    spbe_span_t word;
    spbe_rc_t rc;

    if (part->has_disposition) {
        bad_header(reader, part, "Content-Disposition twice");
    }
    part->has_disposition = 1;
    if (spbe_mime_word(&value, &word) != SPBE_OK ||
        !spbe_span_ieq(word, SPBE_SPAN("form-data"))) {
        bad_header(reader, part, "not form-data");
        return;
    }
    while ((rc = spbe_mime_param(&value, &param)) == SPBE_OK) {
        disposition_param(reader, part, &param);
    }
    if (rc == SPBE_BAD) {
        bad_header(reader, part, "malformed parameters");
    }
}

static void type(const spbe_reader_t *reader, part_t *part, spbe_span_t value)
{
    spbe_span_t rest = value, media, charset = SPBE_SPAN_EMPTY;
    spbe_mime_param_t param;
    unsigned charsets = 0;
    spbe_rc_t rc = SPBE_BAD;

    if (part->has_type) {
        bad_header(reader, part, "Content-Type twice");
    }
    part->has_type = 1;
    part->type = value;
    if (value.len == 0) {
        return; /* an unknown file, by some libraries */
    }
    if (spbe_mime_type(&rest, &media) == SPBE_OK) {
        while ((rc = spbe_mime_param(&rest, &param)) == SPBE_OK) {
            if (spbe_span_ieq(param.name, SPBE_SPAN("charset"))) {
                charset = param.value;
                charsets++;
            }
        }
        if (spbe_span_istarts(media, SPBE_SPAN("multipart/"))) {
            add(reader, SPBE_REASON_MULTIPART, part->name,
                "a multipart body within a part");
        }
    }
    if (rc == SPBE_BAD) {
        bad_header(reader, part, "a malformed Content-Type");
    }
    if (charsets > 1 ||
        (charsets == 1 && !spbe_reading_is_utf8_name(charset))) {
        add(reader, SPBE_REASON_PART_CHARSET, part->name,
            "a charset other than UTF-8");
    }
}

static void encoding(const spbe_reader_t *reader, part_t *part,
                     spbe_span_t value)
{
    if (part->has_encoding) {
        bad_header(reader, part, "Content-Transfer-Encoding twice");
    }
    part->has_encoding = 1;
    if (!spbe_span_ieq(value, SPBE_SPAN("binary")) &&
        !spbe_span_ieq(value, SPBE_SPAN("8bit")) &&
        !spbe_span_ieq(value, SPBE_SPAN("7bit"))) {
        add(reader, SPBE_REASON_PART_CHARSET, part->name,
            "a transfer encoding");
    }
}

static void header(const spbe_reader_t *reader, part_t *part, spbe_span_t name,
                   spbe_span_t value)
{
    if (spbe_span_ieq(name, SPBE_SPAN("Content-Disposition"))) {
        disposition(reader, part, value);
    }
    else if (spbe_span_ieq(name, SPBE_SPAN("Content-Type"))) {
        type(reader, part, value);
    }
    else if (spbe_span_ieq(name, SPBE_SPAN("Content-Transfer-Encoding"))) {
        encoding(reader, part, value);
    }
    else if (spbe_span_ieq(name, SPBE_SPAN("Content-Length")) &&
             !part->has_length) {
        part->has_length = 1;
        part->length = value;
    }
    else {
        bad_header(reader, part, "an unknown or repeated header field");
    }
}

/* Does a Content-Length say how long the data is? */
static int length_fits(spbe_span_t length, size_t size)
{
    size_t value = 0, i;

    for (i = 0; i < length.len && i < 18; i++) {
        if (length.ptr[i] < '0' || length.ptr[i] > '9') {
            return 0;
        }
        value = value * 10 + (size_t)(length.ptr[i] - '0');
    }
    return length.len > 0 && i == length.len && value == size;
}

/* A file to some parsers though it has no file name, a text to others. */
static int is_binary_type(spbe_span_t type)
{
    spbe_span_t media = spbe_span_trim(spbe_span_cut(&type, ';'));

    return spbe_span_ieq(media, SPBE_SPAN("application/octet-stream"));
}

static void headers(const spbe_reader_t *reader, part_t *part,
                    const spbe_section_t *section)
{
    spbe_span_t head = section->head, name, value;
    spbe_rc_t rc;

    while ((rc = spbe_parts_header(&head, &name, &value)) == SPBE_OK) {
        header(reader, part, name, value);
    }
    if (rc == SPBE_BAD) {
        bad_header(reader, part, "a malformed header field");
    }
    if (!part->has_disposition) {
        bad_header(reader, part, "no Content-Disposition");
    }
    else if (!part->has_name) {
        bad_header(reader, part, "no name");
    }
    if (part->has_type && part->type.len == 0 && !part->has_filename) {
        bad_header(reader, part, "an empty Content-Type");
    }
    if (!part->has_filename && is_binary_type(part->type)) {
        bad_header(reader, part, "binary content without a file name");
    }
    if (part->has_length && section->complete &&
        !length_fits(part->length, section->data.len)) {
        bad_header(reader, part, "a Content-Length that is not true");
    }
}

/* Browsers write a quote as %22 and line breaks as %0D%0A. */
static void check_name(const spbe_reader_t *reader, spbe_span_t name)
{
    const char *detail = NULL;
    spbe_span_t decoded;

    spbe_reading_check_name(reader, SPBE_IN_FORM, name);
    spbe_percent_decode(name, 0, &decoded, reader->pool);
    if (spbe_reading_text(decoded, 0, &detail) == SPBE_REASON_CONTROL) {
        add(reader, SPBE_REASON_CONTROL, name, detail);
    }
}

static void check_filename(const spbe_reader_t *reader, const part_t *part,
                           size_t size)
{
    const char *detail = spbe_reading_filename(part->filename, reader->pool);

    if (part->filename.len == 0 && size > 0) {
        detail = "content without a file name";
    }
    if (detail != NULL) {
        spbe_reading_add_value(reader, SPBE_REASON_FILENAME, SPBE_IN_FILE,
                               part->name, part->filename, detail);
    }
}

static int is_json(const part_t *part)
{
    return spbe_reading_kind(part->type) == SPBE_BODY_JSON &&
           (!part->has_filename ||
            spbe_span_eq(part->filename, SPBE_SPAN("blob")));
}

static void take(const spbe_reader_t *reader, const part_t *part,
                 const spbe_section_t *section)
{
    APR_ARRAY_PUSH(reader->reading->form, spbe_field_t) = (spbe_field_t){
        .place = part->has_filename ? SPBE_IN_FILE : SPBE_IN_FORM,
        .name = part->name,
        .value = section->data,
        .raw = section->data,
        .filename = part->filename,
        .type = part->type};
    check_name(reader, part->name);
    if (is_json(part) && section->complete) {
        spbe_reading_json_part(reader, part->name, section->data);
    }
    if (part->has_filename) {
        check_filename(reader, part, section->data.len);
    }
    else if (section->complete) {
        spbe_reading_check_value(reader, SPBE_IN_FORM, part->name,
                                 section->data);
    }
}

static void count_files(const spbe_reader_t *reader)
{
    const apr_array_header_t *form = reader->reading->form;
    apr_int64_t files = 0;
    int i;

    for (i = 0; i < form->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(form, i, spbe_field_t);

        files += field->place == SPBE_IN_FILE && field->filename.len > 0;
    }
    if (files > spbe_limit_files(reader->settings)) {
        spbe_reading_add(reader, SPBE_REASON_LIMIT, SPBE_IN_FILE,
                         SPBE_SPAN_EMPTY, "files");
    }
}

static void walk(const spbe_reader_t *reader, spbe_parts_t *parts)
{
    spbe_section_t section;
    spbe_rc_t rc;

    while ((rc = spbe_parts_next(parts, &section)) == SPBE_OK) {
        part_t part = {.name = SPBE_SPAN_EMPTY,
                       .filename = SPBE_SPAN_EMPTY,
                       .type = SPBE_SPAN_EMPTY};

        headers(reader, &part, &section);
        take(reader, &part, &section);
    }
    if (rc == SPBE_TOO_MANY) {
        spbe_reading_add(reader, SPBE_REASON_LIMIT, SPBE_IN_FORM,
                         SPBE_SPAN_EMPTY, "fields");
    }
    else if (rc == SPBE_BAD) {
        spbe_reading_add(reader, SPBE_REASON_MULTIPART, SPBE_IN_REQUEST,
                         SPBE_SPAN_EMPTY, parts->why);
    }
    reader->reading->broken |= rc != SPBE_END;
}

void spbe_reading_multipart(const spbe_reader_t *reader)
{
    const spbe_view_t *view = reader->reading->view;
    spbe_span_t boundary = spbe_reading_parameter(
        spbe_view_header(view, "Content-Type", NULL), "boundary");
    spbe_parts_t parts;

    if (!spbe_parts_boundary_valid(boundary)) {
        reader->reading->broken = 1; /* named already */
        return;
    }
    spbe_parts_init(&parts, boundary, view->body, view->body_cut,
                    (unsigned)spbe_limit_fields(reader->settings));
    walk(reader, &parts);
    count_files(reader);
}
