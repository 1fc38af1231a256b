/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/quoted.h - is this part of a page a quotation of code?
 *
 * A manual shows traces and error messages inside marked-up samples; an
 * application that fails does not mark up its own failure so. Only what
 * stands before the place is looked at, in HTML (also inside JSON strings)
 * and in Markdown.
 */
#ifndef SPBE_FAILURE_QUOTED_H
#define SPBE_FAILURE_QUOTED_H

#include "text/span.h"

/* As far back as one looks. */
#define SPBE_QUOTED_BACK (32 * 1024)

/*
 * 1 when the byte at offset of text stands inside <code>, <samp>, <kbd>,
 * <blockquote>, <textarea>, an element whose class tells a code sample, or a
 * Markdown fence. A bare <pre> is none, nor is <code> right around a <pre>:
 * real failures are printed so. text must begin where the response begins or
 * at least SPBE_QUOTED_BACK before offset.
 */
int spbe_quoted(spbe_span_t text, size_t offset);

#endif
