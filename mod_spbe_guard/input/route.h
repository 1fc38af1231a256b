/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/route.h - path templates of OpenAPI: "/warga/{nik}/berkas.{jenis}".
 *
 * Compares segment by segment what was decoded once; a variable never reaches
 * over a '/'. Knows no methods.
 */
#ifndef SPBE_INPUT_ROUTE_H
#define SPBE_INPUT_ROUTE_H

#include <apr_tables.h>

#include "text/span.h"

typedef struct spbe_route {
    const char *text;  /* as written */
    const char *shape; /* equal shapes fit the same paths: names left out */
    apr_array_header_t *segments; /* private to route.c */
    apr_array_header_t *names;    /* const char *: variables, in order */
} spbe_route_t;

/* A path as it was sent, taken apart once for many routes. */
typedef struct spbe_route_path {
    apr_array_header_t *raw;     /* spbe_span_t: segments, still encoded */
    apr_array_header_t *decoded; /* spbe_span_t */
} spbe_route_path_t;

/* NULL and *error (a sentence) for what is no template. */
spbe_route_t *spbe_route_parse(const char *text, const char **error,
                               apr_pool_t *pool);

spbe_route_path_t *spbe_route_path(spbe_span_t path, apr_pool_t *pool);

/* values: one spbe_span_t for each name, still percent-encoded; they mean
 * nothing when it does not fit. */
int spbe_route_fits(const spbe_route_t *route, const spbe_route_path_t *path,
                    spbe_span_t *values);

/* <0: a is to be tried before b: what is concrete goes first. */
int spbe_route_order(const spbe_route_t *a, const spbe_route_t *b);

/* A path that fits: each variable is "~0". */
const char *spbe_route_sample(const spbe_route_t *route, apr_pool_t *pool);

#endif
