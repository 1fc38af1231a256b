/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_int.h - shared by the reading_*.c files only.
 */
#ifndef SPBE_INPUT_READING_INT_H
#define SPBE_INPUT_READING_INT_H

#include "input/reading.h"

/* One reading in the making. */
typedef struct spbe_reader {
    spbe_reading_t *reading;
    const spbe_settings_t *settings;
    spbe_verdict_t *verdict;
    apr_pool_t *pool;
} spbe_reader_t;

/* detail: a literal, or in the pool; never holds a value. */
void spbe_reading_add(const spbe_reader_t *reader, spbe_reason_t reason,
                      spbe_place_t place, spbe_span_t field,
                      const char *detail);
void spbe_reading_add_value(const spbe_reader_t *reader, spbe_reason_t reason,
                            spbe_place_t place, spbe_span_t field,
                            spbe_span_t value, const char *detail);

/* --- reading_text.c: what may stand in decoded text --- */

#define SPBE_TEXT_TAB 1u      /* a tab may stand in it */
#define SPBE_TEXT_LINES 2u    /* so may CR and LF */
#define SPBE_TEXT_SHOWN 4u    /* no bidirectional overrides and the like */
#define SPBE_TEXT_NAME 8u     /* nor any other invisible character */
#define SPBE_TEXT_ESCAPED 16u /* DEL, C1, \b, \f may too (JSON) */

/* The first thing wrong: UTF8, CONTROL or INVISIBLE; NONE. */
spbe_reason_t spbe_reading_text(spbe_span_t text, unsigned flags,
                                const char **detail);

/* --- reading_double.c: what was decoded once and still looks encoded --- */

/* NULL, or what exactly. */
const char *spbe_reading_double(spbe_span_t text);

/* --- reading_path.c --- */
void spbe_reading_path(const spbe_reader_t *reader);

/* --- reading_fields.c: names and values, urlencoded --- */

/* Query or body; into fields (spbe_field_t). cut: the last one may be half. */
void spbe_reading_fields(const spbe_reader_t *reader, spbe_span_t input,
                         spbe_place_t place, int cut,
                         apr_array_header_t *fields);
/* Rules for a name and a value that are decoded already. */
void spbe_reading_check_name(const spbe_reader_t *reader, spbe_place_t place,
                             spbe_span_t name);
void spbe_reading_check_value(const spbe_reader_t *reader, spbe_place_t place,
                              spbe_span_t name, spbe_span_t value);

/* --- reading_names.c: several fields together --- */

/* Within the query, or within the form. */
void spbe_reading_names(const spbe_reader_t *reader,
                        const apr_array_header_t *fields);
/* Between query and form. */
void spbe_reading_places(const spbe_reader_t *reader);

/* --- reading_headers.c, reading_effect.c, reading_cookies.c --- */
void spbe_reading_headers(const spbe_reader_t *reader);
void spbe_reading_effect(const spbe_reader_t *reader,
                         const spbe_header_t *header);
void spbe_reading_cookies(const spbe_reader_t *reader);

/* --- reading_type.c: Content-Type, Content-Encoding --- */

/* Is it UTF-8, or its part US-ASCII, by one of their usual names? */
int spbe_reading_is_utf8_name(spbe_span_t charset);
/* US-ASCII, ISO-8859-1 and the like: with bytes below 0x80 the same text. */
int spbe_reading_is_ascii_like(spbe_span_t charset);
int spbe_reading_is_ascii(spbe_span_t bytes);
/* Kind and media type of the body, and what is wrong with them. */
void spbe_reading_type(const spbe_reader_t *reader);
/* The value of a parameter of a Content-Type; empty. */
spbe_span_t spbe_reading_parameter(spbe_span_t content_type, const char *name);

/* --- reading_disguise.c --- */

/* A body that is something else than its type says: 1, and a finding. */
int spbe_reading_disguise(const spbe_reader_t *reader);

/* --- bodies: reading_json.c, reading_xml.c, reading_multipart.c --- */
void spbe_reading_json(const spbe_reader_t *reader);
/* A part of a multipart body that is JSON; its tree is not kept. */
void spbe_reading_json_part(const spbe_reader_t *reader, spbe_span_t name,
                            spbe_span_t data);
void spbe_reading_xml(const spbe_reader_t *reader);
/* reading_xmltags.c, linear: LIMIT when a tag has more than most attributes,
 * XML for a comment that is none, else NONE. */
spbe_reason_t spbe_reading_xml_tags(spbe_span_t text, unsigned most);
void spbe_reading_multipart(const spbe_reader_t *reader);
/* Of a part's parameter: an encoded word of e-mail, which some decode. */
int spbe_reading_is_mail_word(spbe_span_t text);

/* --- reading_filename.c --- */

/* NULL, or what is wrong with the name of a file, as sent. */
const char *spbe_reading_filename(spbe_span_t name, apr_pool_t *pool);

#endif
