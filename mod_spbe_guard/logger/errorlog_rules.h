/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_rules.h - what is taken out of the error log: the rules that
 * responses are searched with, those of the log, and files of one's own.
 */
#ifndef SPBE_LOGGER_ERRORLOG_RULES_H
#define SPBE_LOGGER_ERRORLOG_RULES_H

#include <apr_tables.h>
#include "failure/rules.h"

/* files: const char *. One that is wrong must not cost the error log: then the
 * built-in rules alone, and standard error says so. NULL: not even those. */
spbe_rules_t *spbe_errlog_rules(const apr_array_header_t *files,
                                apr_pool_t *pool);

#endif
