/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/view_build.h - the view of a request for the check, from a request_rec.
 *
 * Refers to memory of the request; the body is filled in by who has read it.
 */
#ifndef SPBE_HTTPD_VIEW_BUILD_H
#define SPBE_HTTPD_VIEW_BUILD_H

#include "httpd/state.h"
#include "input/view.h"

/* What the client sent: before any rewriting. */
void spbe_view_build(spbe_view_t *view, const spbe_state_t *state);

/* The same with the path and the query that r was rewritten to. */
void spbe_view_build_target(spbe_view_t *view, const spbe_view_t *sent,
                            request_rec *r);

/* Sets view->file: what httpd found of the path, unless it looked for another
 * one. */
void spbe_view_find_file(spbe_view_t *view, request_rec *r);

/* Did rewriting or an alias of the URL change the path? */
int spbe_view_was_rewritten(const spbe_view_t *sent, request_rec *r);

#endif
