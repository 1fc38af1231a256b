/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/firstkey.h - the first public key of an archive, for paper.
 *
 * All that verify needs. Printed in Crockford's base32, groups of four
 * symbols, and a check symbol (as in record/ref.c: value modulo 37); read in
 * that form, or as 43 characters of base64url.
 */
#ifndef SPBE_STORE_FIRSTKEY_H
#define SPBE_STORE_FIRSTKEY_H

#include "store/group.h"
#include <apr_errno.h>

#define SPBE_FIRSTKEY_FILE "first.pub"
#define SPBE_FIRSTKEY_TEXT 67 /* with NUL */

/* "XXXX-XXXX-...-C". */
void spbe_firstkey_print(const unsigned char key[SPBE_SIGNER_SIZE],
                         char text[SPBE_FIRSTKEY_TEXT]);

/* Can its check symbol be said on a telephone? (A new key is drawn until.) */
int spbe_firstkey_is_plain(const unsigned char key[SPBE_SIGNER_SIZE]);

/* Either form; blanks, hyphens, case, and what is around it do not matter. A
 * text of more lines (first.pub): its first line that is a key. */
spbe_rc_t spbe_firstkey_parse(spbe_span_t text,
                              unsigned char key[SPBE_SIGNER_SIZE]);

/* What stands in first.pub. */
void spbe_firstkey_add(spbe_buf_t *buf,
                       const unsigned char key[SPBE_SIGNER_SIZE]);

/* From dir/first.pub. APR_EINVAL: what is there is no key. */
apr_status_t spbe_firstkey_read(const char *path,
                                unsigned char key[SPBE_SIGNER_SIZE]);

#endif
