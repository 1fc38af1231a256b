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
    int parameters;              /* there is a ';' somewhere */
} spbe_route_path_t;

/* NULL and *error (a sentence) for what is no template. */
spbe_route_t *spbe_route_parse(const char *text, const char **error,
                               apr_pool_t *pool);

spbe_route_path_t *spbe_route_path(spbe_span_t path, apr_pool_t *pool);

#define SPBE_ROUTE_FITS 1
#define SPBE_ROUTE_BESIDE 2 /* but for a path parameter (";a=b") */

/* 0, or one of these. values: one spbe_span_t for each name, still
 * percent-encoded; they mean nothing when it does not fit. Servers that know
 * path parameters drop them before they look for a path. That of a session
 * (";jsessionid=") is no difference. */
int spbe_route_fits(const spbe_route_t *route, const spbe_route_path_t *path,
                    spbe_span_t *values);

/* <0: a is to be tried before b: what is concrete goes first. */
int spbe_route_order(const spbe_route_t *a, const spbe_route_t *b);

#define SPBE_ROUTE_SEGMENTS 64

/* Bit i: a variable is in segment i; the last bit is for all from there on.
 * *count: segments. */
apr_uint64_t spbe_route_variables(const spbe_route_t *route, int *count);

#define SPBE_ROUTE_ANY "~0"

/* A path that fits: each variable is SPBE_ROUTE_ANY. */
const char *spbe_route_sample(const spbe_route_t *route, apr_pool_t *pool);

#endif
