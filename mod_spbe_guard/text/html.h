/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/html.h - text inside HTML, in an element or in a quoted attribute.
 */
#ifndef SPBE_TEXT_HTML_H
#define SPBE_TEXT_HTML_H

#include "text/buf.h"

/* & < > " ' become references; what is no UTF-8, control characters and those
 * that turn the reading direction are written visibly, line ends stay. */
void spbe_html_add(spbe_buf_t *buf, spbe_span_t text);

#endif
