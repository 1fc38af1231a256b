/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor.h - what spbe-guardctl doctor looks at and finds. Private to
 * doctor*.c.
 *
 * Each check reads files, changes nothing, and adds findings. A finding says
 * what is so, why it matters, and the one line that cures it.
 */
#ifndef SPBE_CTL_DOCTOR_H
#define SPBE_CTL_DOCTOR_H

#include <stdio.h>
#include <apr_tables.h>
#include "text/httpdconf.h"

typedef enum spbe_level {
    SPBE_LEVEL_OK = 0,
    SPBE_LEVEL_WARN = 1,
    SPBE_LEVEL_BAD = 2
} spbe_level_t;

typedef struct spbe_advice {
    const char *id;   /* of the check: "mode-failure" */
    spbe_level_t level;
    const char *site; /* NULL: the server as a whole */
    const char *file; /* NULL: no file; line 0: the file as a whole */
    unsigned line;
    const char *what;
    const char *why;  /* may be NULL where it is in order */
    const char *cure; /* the same */
} spbe_advice_t;

/* On, DetectOnly or Off as it is in force, and the line that says so (NULL:
 * none, it is the default). */
typedef struct spbe_mode {
    const char *value;
    const spbe_httpdconf_line_t *from;
} spbe_mode_t;

typedef struct spbe_site {
    const char *label;   /* "contoh.go.id (*:443)" */
    const char *name;    /* ServerName */
    const char *docroot; /* or NULL */
    const spbe_httpdconf_line_t *line; /* <VirtualHost>; NULL: main server */
    int section;         /* its index, or -1 */
    int ssl;
    int redirects;       /* does nothing but send visitors elsewhere */
    spbe_mode_t failure;
    spbe_mode_t input;
} spbe_site_t;

typedef struct spbe_doctor_place spbe_doctor_place_t;

typedef struct spbe_doctor {
    apr_pool_t *pool;
    spbe_httpdconf_t *conf;
    const char *conf_file;
    const char *home;               /* of the logger */
    apr_array_header_t *sites;      /* spbe_site_t */
    apr_array_header_t *places;     /* spbe_doctor_place_t */
    apr_array_header_t *findings;   /* spbe_advice_t */
    apr_array_header_t *error_logs; /* const char *: asked for besides */
    apr_array_header_t *php_files;  /* const char *: instead of /etc/php */
} spbe_doctor_t;

void spbe_doctor_add(spbe_doctor_t *d, spbe_advice_t finding);

/* Fills d->sites. */
void spbe_doctor_sites(spbe_doctor_t *d);
/* Is error handling On for every site? */
int spbe_doctor_covered(const spbe_doctor_t *d);

void spbe_doctor_check_modes(spbe_doctor_t *d);
void spbe_doctor_check_input(spbe_doctor_t *d);
void spbe_doctor_check_policies(spbe_doctor_t *d);
void spbe_doctor_check_client(spbe_doctor_t *d);
void spbe_doctor_check_bodies(spbe_doctor_t *d);
void spbe_doctor_check_server(spbe_doctor_t *d);
void spbe_doctor_check_proxy(spbe_doctor_t *d);
void spbe_doctor_check_php(spbe_doctor_t *d);
void spbe_doctor_check_applications(spbe_doctor_t *d);
void spbe_doctor_check_logs(spbe_doctor_t *d);
void spbe_doctor_check_secret(spbe_doctor_t *d);
void spbe_doctor_check_logger(spbe_doctor_t *d);
void spbe_doctor_check_system(spbe_doctor_t *d);

/* The last bytes of a file, at most max, from the beginning of a line. */
apr_status_t spbe_doctor_tail(const char *file, size_t max, char **text,
                              size_t *len, apr_pool_t *pool);

/* The command without its name: options, then everything above. 0: nothing is
 * bad; 1: something is; 2: wrong options. */
int spbe_doctor_run(const char *home, int argc, const char *const *argv,
                    FILE *out, FILE *err, apr_pool_t *pool);

void spbe_doctor_print(const spbe_doctor_t *d, FILE *out);
void spbe_doctor_print_json(const spbe_doctor_t *d, FILE *out);

#endif
