/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/user.h - whom the logger is.
 *
 * httpd starts it as root. It makes what only root can make, and then becomes
 * its own user for good.
 */
#ifndef SPBE_LOGGER_USER_H
#define SPBE_LOGGER_USER_H

#include "logger/options.h"

#define SPBE_USER_DEFAULT "spbe-guard"

/*
 * As root: the folders, owned by the user, with the group of the spill folder
 * as a group of its own; then that user, irrevocably. Somebody else stays who
 * he is. NULL, or one sentence why it cannot be done: nothing must be kept then
 * by who was to be confined. *remark: something to say, or NULL.
 */
const char *spbe_user_become(const spbe_options_t *options, const char **remark,
                             apr_pool_t *pool);

#endif
