/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/production.h - what must not be so where real records are kept.
 */
#ifndef SPBE_CTL_PRODUCTION_H
#define SPBE_CTL_PRODUCTION_H

#include "ctl/ctl.h"

/*
 * Sentences (const char *), none when all is well: fewer than two recipients in
 * use; a private key of one of them readable on this machine - in home, beside
 * the file of recipients, in /etc/spbe-guard, in the working folder, where init
 * wrote it to, or in one of paths (const char *, or NULL).
 */
apr_array_header_t *spbe_production_problems(const spbe_ctl_t *ctl,
                                             const char *recipients_file,
                                             const apr_array_header_t *paths);

#endif
