/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/httpdconf.h - httpd's configuration as a list of lines with their place.
 *
 * Reads the files as httpd does at start: includes, line continuation, quotes,
 * Define and the environment, <IfModule>, <IfDefine>, <IfVersion>, <IfFile>.
 * Knows no directive's meaning and starts no program. <Macro> is not expanded.
 */
#ifndef SPBE_TEXT_HTTPDCONF_H
#define SPBE_TEXT_HTTPDCONF_H

#include <apr_tables.h>

#define SPBE_HTTPDCONF_DEPTH 32    /* includes inside includes */
#define SPBE_HTTPDCONF_MAX 200000  /* lines in all */

typedef struct spbe_httpdconf_line {
    const char *file;
    unsigned line;
    const char *name;         /* of the directive or, without '<', section */
    apr_array_header_t *args; /* const char *, without quotes */
    const char *raw;          /* what follows the name, variables put in */
    int section;
    int parent;               /* index of the section around it, or -1 */
} spbe_httpdconf_line_t;

typedef struct spbe_httpdconf spbe_httpdconf_t;

/*
 * envvars: Debian's file of `export NAME=value` lines, or NULL. Never fails:
 * what could not be read is in the problems.
 */
spbe_httpdconf_t *spbe_httpdconf_read(const char *file, const char *envvars,
                                      apr_pool_t *pool);

int spbe_httpdconf_count(const spbe_httpdconf_t *conf);
const spbe_httpdconf_line_t *spbe_httpdconf_at(const spbe_httpdconf_t *conf,
                                               int index);
/* Index of the next line of that name in that section (-1: in none) at or
 * behind from, or -1. name NULL: any. */
int spbe_httpdconf_next(const spbe_httpdconf_t *conf, int parent,
                        const char *name, int from);
/* The last one, which is what counts for most directives; or NULL. */
const spbe_httpdconf_line_t *
spbe_httpdconf_last(const spbe_httpdconf_t *conf, int parent,
                    const char *name);
/* Argument i, or "". */
const char *spbe_httpdconf_arg(const spbe_httpdconf_line_t *line, int i);

/* "cgid_module" or "mod_cgid.c"; what is compiled into httpd counts. */
int spbe_httpdconf_module(const spbe_httpdconf_t *conf, const char *name);
/* The line that loads it, or NULL. */
const spbe_httpdconf_line_t *
spbe_httpdconf_loaded(const spbe_httpdconf_t *conf, const char *name);

/* A path as httpd completes it: under ServerRoot unless it begins with '/'. */
const char *spbe_httpdconf_path(const spbe_httpdconf_t *conf,
                                const char *path, apr_pool_t *pool);

/* const char *: files that are missing or cannot be read, with the line that
 * asked for them. */
const apr_array_header_t *
spbe_httpdconf_problems(const spbe_httpdconf_t *conf);

#endif
