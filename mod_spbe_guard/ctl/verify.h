/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/verify.h - what verify found, in sentences for people and as JSON.
 */
#ifndef SPBE_CTL_VERIFY_H
#define SPBE_CTL_VERIFY_H

#include "ctl/ctl.h"
#include "store/verify.h"

typedef struct spbe_ctl_verified {
    const char *where;        /* what was read: a folder or a database */
    const unsigned char *key; /* the first public key that was asked for */
    const spbe_verify_report_t *report;
    int is_own_key; /* the first public key was taken from the same machine */
    int has_old;    /* there is an archive of before segments beside it */
} spbe_ctl_verified_t;

/* 0 intact, 1 broken, 3 something needs an explanation. */
int spbe_ctl_verify_code(const spbe_ctl_verified_t *verified);

/* In English, without what it is about. */
const char *spbe_ctl_verify_say(spbe_verify_kind_t kind);

/* Is it about numbers of a writer, not about groups? */
int spbe_ctl_verify_is_loss(spbe_verify_kind_t kind);

void spbe_ctl_verify_print(const spbe_ctl_verified_t *verified,
                           apr_pool_t *pool);
void spbe_ctl_verify_json(const spbe_ctl_verified_t *verified,
                          apr_pool_t *pool);

#endif
