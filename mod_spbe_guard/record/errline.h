/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/errline.h - one line of httpd's error log: what httpd says in it, and
 * what a handler says.
 *
 * Knows httpd's own layout and those of ErrorLogFormat that keep to bracketed
 * groups. What is not certainly httpd's counts as the handler's. Decides
 * nothing about leaks: errfilter.c does.
 */
#ifndef SPBE_RECORD_ERRLINE_H
#define SPBE_RECORD_ERRLINE_H

#include <apr.h>
#include "text/span.h"
#include "record/ref.h"

typedef enum spbe_errline_kind {
    SPBE_ERRLINE_OWN,     /* httpd's or the guard's: passes */
    SPBE_ERRLINE_MESSAGE, /* each line is a whole message of a handler */
    SPBE_ERRLINE_PIECES,  /* a message may go on in the next lines */
    SPBE_ERRLINE_LINES    /* one line of a text that has many */
} spbe_errline_kind_t;

typedef struct spbe_errline {
    spbe_errline_kind_t kind;
    spbe_span_t head; /* stays: time, level, process, client, httpd's words */
    spbe_span_t said; /* the handler's */
    spbe_span_t tail; /* stays: closing quote, referer */
    int escaped;      /* said is written as httpd escapes it */
    int raw;          /* written past httpd: no request is known */
    int begins;       /* of PIECES: a new message begins here */
    apr_uint64_t key; /* the same for the lines of one request and handler */
    char ref[SPBE_REF_SIZE]; /* "" when the line has none */
} spbe_errline_t;

/* line: without its line end. The spans are in it, in order, without gaps. */
void spbe_errline_parse(spbe_span_t line, spbe_errline_t *out);

/* The same of the message alone, as httpd's error_log hook has it. */
void spbe_errline_parse_message(spbe_span_t message, spbe_errline_t *out);

/* What handlers said in such messages, one per line; that of httpd's own is
 * left out. */
spbe_span_t spbe_errline_texts(spbe_span_t messages, apr_pool_t *pool);

/*
 * What httpd's escapes (\n \t \" \\ \xhh ...) stand for. out: room for
 * said.len bytes. Returns how many were written.
 */
size_t spbe_errline_unescape(spbe_span_t said, char *out);

/*
 * Where ", referer: URL" begins, when said ends so (a URL has no blanks); else
 * said.len.
 */
size_t spbe_errline_referer(spbe_span_t said);

#endif
