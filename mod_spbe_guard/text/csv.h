/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/csv.h - write cells of comma-separated values (RFC 4180) that no
 * spreadsheet takes for a formula.
 */
#ifndef SPBE_TEXT_CSV_H
#define SPBE_TEXT_CSV_H

#include "text/buf.h"

/* With a comma before it unless it is the first of its row. What a spreadsheet
 * could run gets an apostrophe in front, also where it would begin a cell for a
 * program that separates by semicolons, bars or line ends; what must not reach
 * a terminal is written visibly, line ends stay. */
void spbe_csv_cell(spbe_buf_t *buf, spbe_span_t text, int first);

/* CR LF. */
void spbe_csv_end(spbe_buf_t *buf);

#endif
