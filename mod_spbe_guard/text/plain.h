/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/plain.h - from the dresses a text comes in to what a person reads.
 *
 * HTML, JSON strings, and the escapes httpd writes into its error log. All of
 * them take broken and cut input; the result is never longer than the input,
 * allocated in pool, and may share the input's bytes when nothing changed.
 */
#ifndef SPBE_TEXT_PLAIN_H
#define SPBE_TEXT_PLAIN_H

#include "text/span.h"

/* Does the text hold HTML tags that are worth dropping? */
int spbe_plain_is_html(spbe_span_t text);

/* Does the text begin like XML that is not HTML? */
int spbe_plain_is_xml(spbe_span_t text);

/* Does the text begin like a JSON object or array? */
int spbe_plain_is_json(spbe_span_t text);

/*
 * HTML to text: tags dropped (what only looks like one, such as <module> or
 * <anonymous>, stays), block ends and <br> as a line end, cells as a tab,
 * script and style dropped, comments kept as lines of their own (debug pages
 * put their trace there), entities decoded to UTF-8.
 */
spbe_span_t spbe_plain_html(spbe_span_t html, apr_pool_t *pool);

/* XML to text: every tag is dropped and ends a line. */
spbe_span_t spbe_plain_xml(spbe_span_t xml, apr_pool_t *pool);

/* Undoes the escapes of a JSON or JavaScript string: \n \" \/ \uXXXX ... */
spbe_span_t spbe_plain_json(spbe_span_t text, apr_pool_t *pool);

/* Undoes httpd's error-log escapes: \n \r \t \b \v \\ \" \xHH. */
spbe_span_t spbe_plain_log(spbe_span_t text, apr_pool_t *pool);

/* By its look: JSON, XML, HTML or as it is. */
spbe_span_t spbe_plain_text(spbe_span_t body, apr_pool_t *pool);

/* Writes one code point as UTF-8 (at most 4 bytes); returns how many. What is
 * no code point becomes '?'. */
size_t spbe_plain_utf8(unsigned long code, char *out);

#endif
