/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/init.h - what the files of "init" share.
 */
#ifndef SPBE_CTL_INIT_H
#define SPBE_CTL_INIT_H

#include "ctl/ctl.h"
#include "ctl/home.h"

typedef struct spbe_init {
    const spbe_ctl_t *ctl;
    spbe_home_t place;
    const char *user, *recipients, *retention, *passphrase_file;
    apr_array_header_t *key_out; /* const char *: files for private keys */
    apr_array_header_t *taken;   /* const char *: files of public keys */
    int recovery, production, yes, json;
    int ask;                  /* a person is there */
    int changed;              /* keys were added */
    const char *first;        /* the first public key, for paper */
    const char *recovery_pem; /* shown once, written nowhere */
} spbe_init_t;

/* Makes or takes the keys. A code when something was said on stderr. */
int spbe_init_keys(spbe_init_t *init);

#endif
