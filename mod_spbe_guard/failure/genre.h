/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/genre.h - texts that are about errors by their kind: manual pages,
 * mails of an archive, items of a news feed. They quote messages and traces
 * without marking them up.
 */
#ifndef SPBE_FAILURE_GENRE_H
#define SPBE_FAILURE_GENRE_H

#include "text/span.h"

/* Of the begin of a response so much tells what it is. */
#define SPBE_GENRE_HEAD 4096

/*
 * 1 when text, the begin of a response, is that of a manual page, as text, POD
 * or HTML (a heading NAME and after it SYNOPSIS or DESCRIPTION), or of a mail
 * (header lines with sender, subject and date or id).
 */
int spbe_genre_quotes(spbe_span_t text);

/* before: what stands before a place. 1 when that is in the text of an RSS
 * item or an Atom entry. */
int spbe_genre_in_feed(spbe_span_t before);

#endif
