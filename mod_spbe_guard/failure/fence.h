/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/fence.h - does a text end inside a Markdown code fence?
 *
 * For plain text and for JSON, where the line ends are written "\n". In a
 * page of HTML a fence means nothing.
 */
#ifndef SPBE_FAILURE_FENCE_H
#define SPBE_FAILURE_FENCE_H

#include "text/span.h"

/* cut: the text's beginning is missing. */
int spbe_fence_open(spbe_span_t text, int cut);

#endif
