/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/input.h - the hook of Validasi Input: judges each external request
 * once, on what the client sent, and lets the handler see the same bytes.
 */
#ifndef SPBE_HTTPD_INPUT_H
#define SPBE_HTTPD_INPUT_H

#include "httpd/conf.h"
#include "httpd/spool.h"
#include "httpd/state.h"
#include "httpd/watch.h"
#include "input/check.h"

/* What is known of one external request. Made anew when an internal redirect
 * leads under stricter settings. */
typedef struct spbe_input {
    request_rec *r;              /* under whose settings it is judged */
    const spbe_dir_conf_t *conf; /* those settings */
    spbe_mode_t mode;            /* ON or DETECT */
    spbe_settings_t settings;
    spbe_view_t sent;   /* by the client */
    spbe_view_t target; /* what it was rewritten to, if that counts */
    spbe_view_t *view;  /* the one of them that is judged */
    spbe_body_kind_t kind;
    spbe_reading_t *reading;
    spbe_match_t match;
    spbe_verdict_t *verdict;
    spbe_spool_t *spool; /* the body, when it was read for the check */
    spbe_watch_t *watch; /* or is watched while the handler reads it */
    int reported;        /* findings that are in a record already */
    unsigned tallied : 1;
    unsigned finished : 1; /* nothing more will be found */
} spbe_input_t;

/* NULL when r's external request was not judged. */
spbe_input_t *spbe_input_of(const request_rec *r);

/* Did the administrator say SpbeGuardPolicy or SpbeGuardParam here? */
int spbe_input_has_rules(const spbe_dir_conf_t *conf);

/* The policy, parameters and limits of a place. */
const spbe_settings_t *spbe_input_settings(const spbe_dir_conf_t *conf,
                                           apr_pool_t *pool);

/* Was the body read for the check? Then the record can show it. */
static inline int spbe_input_spooled(const spbe_input_t *input)
{
    return input->spool != NULL;
}

void spbe_input_hooks(apr_pool_t *p);

#endif
