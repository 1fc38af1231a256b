/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/httpdconf_int.h - private to httpdconf*.c.
 */
#ifndef SPBE_TEXT_HTTPDCONF_INT_H
#define SPBE_TEXT_HTTPDCONF_INT_H

#include "text/httpdconf.h"
#include "text/span.h"

struct spbe_httpdconf {
    apr_array_header_t *lines;    /* spbe_httpdconf_line_t */
    apr_array_header_t *problems; /* const char * */
    apr_table_t *defines;
    apr_table_t *env;
    const char *root;             /* ServerRoot, without the last '/' */
    apr_pool_t *pool;
};

/* ${NAME} replaced by what was defined or is in the environment; one that is
 * not known stays, as in httpd. */
const char *spbe_httpdconf_expand(const spbe_httpdconf_t *conf,
                                  const char *text);
/* Words, of which quoted ones may hold spaces. */
apr_array_header_t *spbe_httpdconf_words(const char *text, apr_pool_t *pool);
/* Takes the lines `export NAME=value` of a shell file. */
void spbe_httpdconf_envvars(spbe_httpdconf_t *conf, const char *file);

/* Is the section one that httpd decides while reading? Then *holds says
 * whether what is inside counts. */
int spbe_httpdconf_conditional(const spbe_httpdconf_t *conf, const char *name,
                               const apr_array_header_t *args, int *holds);

/* The whole file, or the empty span and the status. */
apr_status_t spbe_httpdconf_slurp(const char *file, spbe_span_t *text,
                                  apr_pool_t *pool);

#endif
