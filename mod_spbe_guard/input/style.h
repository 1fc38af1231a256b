/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/style.h - from text to values: the parameter styles of OpenAPI.
 *
 * Delimiters are looked for in what was sent, before it is decoded, so that an
 * encoded one is part of a value. Text becomes a number or a boolean where the
 * schema allows that and no string.
 */
#ifndef SPBE_INPUT_STYLE_H
#define SPBE_INPUT_STYLE_H

#include "input/policy.h"

/* Of one object made from text: looking for a name twice is quadratic. */
#define SPBE_STYLE_MEMBERS 500

typedef enum spbe_coding {
    SPBE_CODING_NONE = 0,    /* headers, multipart */
    SPBE_CODING_PERCENT = 1, /* path, cookies */
    SPBE_CODING_PLUS = 2     /* query, urlencoded forms */
} spbe_coding_t;

/* A scalar as a node, by the types allowed (SPBE_TYPE_*). text: decoded. */
spbe_node_t *spbe_style_scalar(spbe_span_t text, unsigned types,
                               apr_pool_t *pool);

/*
 * A whole parameter written in one piece: path, header, cookie, or the value of
 * one field. NULL: not as its style has it (an object with half a pair, a
 * matrix without its name, content that is no JSON).
 */
spbe_node_t *spbe_style_value(const spbe_param_t *param, spbe_span_t raw,
                              spbe_coding_t coding, apr_pool_t *pool);

/*
 * Is name ("filter[umur][min]") a member of the deepObject prefix ("filter")?
 * Then adds the value to object, as deep as the schema of param goes. 0: no.
 * -1: a name that cannot be added (two meanings, too deep).
 */
int spbe_style_deep(const spbe_param_t *param, spbe_node_t *object,
                    spbe_span_t name, spbe_span_t value, apr_pool_t *pool);

/* "form", "simple" ... to the style: 1, or 0 when there is none. */
int spbe_style_find(spbe_span_t name, spbe_style_t *style);

#endif
