/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/effective.h - what is in force, in a form that can be compared:
 * fingerprints of the configuration, the rules and the policies, and the mode
 * of every place.
 */
#ifndef SPBE_HTTPD_EFFECTIVE_H
#define SPBE_HTTPD_EFFECTIVE_H

#include <httpd.h>
#include <apr_hash.h>
#include <apr_tables.h>

#include "httpd/conf.h"

typedef struct spbe_effective {
    /* SHA-256 as hexadecimal digits. config: of all directives as httpd read
     * them, whatever file they stand in, without comments. */
    const char *config, *rules, *policies; /* policies: NULL without any */
    apr_array_header_t *facts; /* const char *: one for each file */
} spbe_effective_t;

void spbe_effective_read(spbe_effective_t *effective, server_rec *s,
                         apr_pool_t *pool);

/* One virtual host, or a section in it that has a mode of its own. */
typedef struct spbe_zone {
    const char *vhost, *section; /* section: "" for the host itself */
    const char *application;
    spbe_mode_t failure, input;
} spbe_zone_t;

/* spbe_zone_t, each vhost and section once. */
apr_array_header_t *spbe_effective_places(server_rec *s, apr_pool_t *pool);

/* As text, to be kept over a restart, and back. */
const char *spbe_effective_write(const apr_array_header_t *places,
                                 apr_pool_t *pool);
apr_array_header_t *spbe_effective_parse(const char *text, apr_pool_t *pool);

/* That place; a section that is not among them is as its host; NULL: neither
 * is there. */
const spbe_zone_t *spbe_effective_find(const apr_array_header_t *places,
                                        const char *vhost,
                                        const char *section);

#endif
