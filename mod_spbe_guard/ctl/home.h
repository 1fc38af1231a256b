/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/home.h - the folders of the logger, and whose they are.
 */
#ifndef SPBE_CTL_HOME_H
#define SPBE_CTL_HOME_H

#include <sys/types.h>
#include "ctl/ctl.h"

typedef struct spbe_home {
    const char *user; /* of the logger; NULL: whoever made the folder */
    uid_t uid;
    gid_t gid; /* may read the index: httpd's */
    int own;   /* everything is to be given to uid and gid */
} spbe_home_t;

/* user: of --user, or NULL: who owns the home already, or spbe-guard where that
 * is an account. */
int spbe_home_find(const spbe_ctl_t *ctl, const char *user, spbe_home_t *place);

/* home, home/archive, home/torn, home/drop and home/drop/rejected. */
int spbe_home_make(const spbe_ctl_t *ctl, const spbe_home_t *place);

/* Gives what is in home to the logger; follows no link. */
void spbe_home_give(const spbe_ctl_t *ctl, const spbe_home_t *place);

/* The name of whoever runs the tool; of the account behind sudo. */
const char *spbe_home_who(apr_pool_t *pool);

#endif
