/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/negotiate.h - which of our formats and languages a request wants.
 *
 * RFC 9110 section 12.5, with what a request tells besides Accept: scripts say
 * "anything" and mean JSON. Decides about our own pages only.
 */
#ifndef SPBE_FAILURE_NEGOTIATE_H
#define SPBE_FAILURE_NEGOTIATE_H

#include "failure/page.h"

spbe_page_format_t spbe_negotiate_format(const spbe_page_request_t *request);

typedef struct spbe_languages {
    const char *main;  /* "id" or "en" */
    const char *other; /* the second one of the list, or NULL */
} spbe_languages_t;

/*
 * listed: "id en". The first one when the header names it at all, or is not
 * there; else another one of the list that it names; else English if listed.
 */
spbe_languages_t spbe_negotiate_language(const char *accept_language,
                                         const char *listed);

/*
 * The weight 0 to 1000 that an Accept field's value gives a media type, by its
 * most specific range; *specific: 0 when nothing fits, 1 for the range of all,
 * 2 for "text/" star, 3 when it is named; *place: of the range in the list.
 */
int spbe_negotiate_weight(const char *accept, const char *type, int *specific,
                          int *place);

#endif
