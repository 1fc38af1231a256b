/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_int.h - shared by the readers of trace_*.c, nobody else.
 *
 * A reader looks through plain text for the traces of its languages and fills
 * a spbe_trace_t. Several readers may find something in one text; the one that
 * found most is believed.
 */
#ifndef SPBE_FAILURE_TRACE_INT_H
#define SPBE_FAILURE_TRACE_INT_H

#include "failure/trace.h"

/* What a find is worth: a frame in a form that only one language writes. */
#define SPBE_TRACE_STRONG 10
#define SPBE_TRACE_WEAK 4

/* Returns what was found is worth, 0 for nothing. *out has empty frames. */
typedef int spbe_trace_reader_t(spbe_span_t text, spbe_trace_t *out,
                                apr_pool_t *pool);

spbe_trace_reader_t spbe_trace_php;
/* trace_php_frame.c: the number of frames read. */
int spbe_trace_php_hash(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool);
int spbe_trace_php_numbered(spbe_span_t text, spbe_trace_t *out,
                            apr_pool_t *pool);
/* print_r(), var_export() and var_dump() of debug_backtrace(). */
int spbe_trace_php_dump(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool);
spbe_trace_reader_t spbe_trace_php_page; /* frameworks' pages without trace */
spbe_trace_reader_t spbe_trace_python;
spbe_trace_reader_t spbe_trace_node;
spbe_trace_reader_t spbe_trace_java;
spbe_trace_reader_t spbe_trace_dotnet;
spbe_trace_reader_t spbe_trace_ruby;
spbe_trace_reader_t spbe_trace_perl;
spbe_trace_reader_t spbe_trace_go;
spbe_trace_reader_t spbe_trace_rust;
spbe_trace_reader_t spbe_trace_native;
spbe_trace_reader_t spbe_trace_lua;
spbe_trace_reader_t spbe_trace_beam;     /* Elixir, Erlang */
spbe_trace_reader_t spbe_trace_page;     /* pages with the name as title */
spbe_trace_reader_t spbe_trace_script;   /* Tcl, shell, R, Swift, Delphi */
spbe_trace_reader_t spbe_trace_other;    /* databases', httpd's own errors */
spbe_trace_reader_t spbe_trace_headline; /* "XError: msg", nothing more */

/* Reads objects with file, line, function ... out of JSON that begins at the
 * front of the text. */
spbe_trace_reader_t spbe_trace_json;

/* Undoes what the text came in; *seams counts suspected joints. */
spbe_span_t spbe_trace_undress(spbe_span_t body, int *seams, apr_pool_t *pool);

/* Library, framework or language, not the application? Both may be NULL. */
int spbe_trace_vendor(const char *file, const char *function);

/* trace_word.c: small steps on the front of a span. */
/* As spbe_span_line, but only the beginning of a very long line. */
spbe_span_t spbe_trace_line(spbe_span_t *rest);
spbe_span_t spbe_trace_ltrim(spbe_span_t s);
spbe_span_t spbe_trace_from(spbe_span_t s, size_t from);
int spbe_trace_skip(spbe_span_t *s, const char *literal);
int spbe_trace_has(spbe_span_t s, const char *literal);
size_t spbe_trace_at(spbe_span_t s, const char *literal);
size_t spbe_trace_last(spbe_span_t s, const char *literal);
int spbe_trace_number(spbe_span_t *s, long *number);
/* A name of a class: letters, digits, _ $ . \ : / - @, no space. */
int spbe_trace_is_class(spbe_span_t s);
/* "Class: message" or "Class". The class must be one. */
int spbe_trace_head(spbe_span_t line, spbe_span_t *class, spbe_span_t *message);
/* A place at the end: F:12  F:12:34  F(12)  F(12,34)  F (line 12)
 * F line 12  F on line 12  F at line 12  "F", line 12. */
int spbe_trace_place(spbe_span_t s, spbe_span_t *file, long *line);
/* Does s look like the path of a file: no blanks at the ends, an extension? */
int spbe_trace_is_path(spbe_span_t s);

/* Results. Empty spans become NULL. More than SPBE_TRACE_FRAMES are dropped. */
void spbe_trace_add(spbe_trace_t *out, spbe_span_t file, long line,
                    spbe_span_t function, apr_pool_t *pool);
void spbe_trace_name(spbe_trace_t *out, spbe_span_t exception,
                     spbe_span_t message, apr_pool_t *pool);
/* Extends out->text to include part, which lies in the same text. */
void spbe_trace_mark(spbe_trace_t *out, spbe_span_t part);
/* title.c: message with its values as '?', at most limit bytes. */
spbe_span_t spbe_trace_words(spbe_span_t message, size_t limit,
                             apr_pool_t *pool);

/* trace_wrap.c: names the root cause where the exception only wraps it. */
void spbe_trace_unwrap(spbe_trace_t *trace, apr_pool_t *pool);

/* Turns the frames around, so that the innermost comes first. */
void spbe_trace_reverse(spbe_trace_t *out);

#endif
