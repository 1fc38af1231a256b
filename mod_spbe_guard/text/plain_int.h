/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/plain_int.h - shared by plain.c and plain_tag.c only.
 */
#ifndef SPBE_TEXT_PLAIN_INT_H
#define SPBE_TEXT_PLAIN_INT_H

#include "text/plain.h"

/* Lower-case name of the tag at s[i] == '<', "" when it is no element. */
void spbe_plain_tag(spbe_span_t s, size_t i, char name[12]);

/* Does a line end where the element begins and ends? */
int spbe_plain_is_block(const char *name);

#endif
