/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/keys.h - what "keys" and "init" share.
 */
#ifndef SPBE_CTL_KEYS_H
#define SPBE_CTL_KEYS_H

#include "ctl/ctl.h"
#include "record/recipients.h"

/* 1 to 200 bytes of UTF-8 without control characters. */
int spbe_keys_is_name(const char *text);

/* How a change of the file comes into force. */
void spbe_keys_reload(void);

/* The one public key that a file holds. A code when that has been said to be
 * wrong on stderr. */
int spbe_keys_read_public(const spbe_ctl_t *ctl, const char *path,
                          spbe_recipient_t *recipient);

typedef struct spbe_keys_rewrap {
    const apr_array_header_t *keys; /* const char *: files of private keys */
    const char *to, *out;
    const char *passphrase_file; /* or NULL */
    int json;
} spbe_keys_rewrap_t;

/* Every content key that opens is sealed once more, to the successor; the
 * lines go to a new file. The archive is not touched. */
int spbe_keys_rewrap(const spbe_ctl_t *ctl, const spbe_keys_rewrap_t *order);

#endif
