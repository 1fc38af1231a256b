/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/template.h - text with {{name}} and {{#if name}} ... {{/if}}.
 *
 * The names are a closed set that the caller brings; every value is escaped
 * for the format when it is put in. No loops, no expressions, no files. A line
 * on which nothing but an {{#if}} or {{/if}} stands leaves no empty line.
 */
#ifndef SPBE_FAILURE_TEMPLATE_H
#define SPBE_FAILURE_TEMPLATE_H

#include "failure/page.h"
#include "text/buf.h"

#define SPBE_TEMPLATE_DEPTH 8 /* {{#if}} inside {{#if}} */

typedef struct spbe_template spbe_template_t;

typedef struct spbe_value {
    spbe_span_t text; /* empty: {{#if}} is false */
    int ready;        /* is already written in the format: not escaped */
} spbe_value_t;

/*
 * names: of the variables, names[0] .. names[count - 1], and values in the
 * same order when rendering. The template refers to text, which must live as
 * long as pool. On error NULL, and *error is "name:line: what is wrong and
 * what is allowed".
 */
spbe_template_t *spbe_template_compile(const char *name, spbe_span_t text,
                                       const char *const *names, size_t count,
                                       const char **error, apr_pool_t *pool);

/* JSON: a value is written as a string with its quotation marks. */
void spbe_template_render(const spbe_template_t *template,
                          spbe_page_format_t format,
                          const spbe_value_t *values, spbe_buf_t *out);

/* Writes s escaped for a format; HTML and XML also inside attributes. */
void spbe_template_escape(spbe_buf_t *out, spbe_page_format_t format,
                          spbe_span_t s);

#endif
