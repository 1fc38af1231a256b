/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/trouble.h - says a trouble once, not once per record.
 *
 * Goes to stderr, which httpd writes into its error log.
 */
#ifndef SPBE_LOGGER_TROUBLE_H
#define SPBE_LOGGER_TROUBLE_H

#include <apr_time.h>

typedef struct spbe_trouble {
    const char *what; /* "archive", "database" ... */
    char detail[300]; /* "" while all is well */
    apr_time_t since;
} spbe_trouble_t;

/* Said when it is new or has changed. */
void spbe_trouble_begin(spbe_trouble_t *trouble, const char *detail);
/* Says that it is over, if there was one. */
void spbe_trouble_end(spbe_trouble_t *trouble);

#endif
