/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/keyfile.h - changes the file of recipients; what people wrote into it
 * stays. Each change is checked as httpd would read it before it takes the
 * place of the old file.
 */
#ifndef SPBE_CTL_KEYFILE_H
#define SPBE_CTL_KEYFILE_H

#include "ctl/ctl.h"
#include "record/recipients.h"

/* The whole of a small file; APR_EINVAL: larger than 1 MiB. */
apr_status_t spbe_keyfile_slurp(const char *path, spbe_span_t *text,
                                apr_pool_t *pool);

/* A new file, on the disk when this returns; APR_EEXIST: there is one. */
apr_status_t spbe_keyfile_create(const char *path, spbe_span_t text, int mode,
                                 apr_pool_t *pool);

/* Where the private key was written to, in a comment of the file. */
#define SPBE_KEYFILE_PRIVATE "# private: "

/* Adds a key; makes file and folder when they are missing. private_path: where
 * its private key was written to, or NULL. *added 0: it is in the file.
 * SPBE_CTL_FINE, or a code when that has been said on stderr. */
int spbe_keyfile_add(const spbe_ctl_t *ctl, const char *path, const char *name,
                     const char *private_path,
                     const unsigned char key[SPBE_HPKE_KEY], int *added);

/* From now on nothing is sealed to it. */
int spbe_keyfile_retire(const spbe_ctl_t *ctl, const char *path, const char *id,
                        const char *reason);

#endif
