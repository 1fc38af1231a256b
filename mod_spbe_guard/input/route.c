/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/route.c - path templates. See route.h.
 *
 * A segment is a list of literals and variables. One variable alone takes the
 * whole segment; beside literals it takes as little as fits, the last one the
 * rest.
 */
#include "input/route.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "text/buf.h"
#include "text/percent.h"

typedef struct part {
    spbe_span_t literal; /* decoded; of a variable: empty */
    const char *name;    /* NULL: a literal */
} part_t;

typedef struct segment {
    apr_array_header_t *parts; /* part_t */
    size_t literals;           /* bytes */
    int variables;
} segment_t;

#define SEGMENT(route, i) (&APR_ARRAY_IDX((route)->segments, i, segment_t))
#define PART(segment, i) (&APR_ARRAY_IDX((segment)->parts, i, part_t))

static void add_literal(segment_t *segment, spbe_span_t text, apr_pool_t *pool)
{
    part_t *part;

    if (text.len == 0) {
        return;
    }
    part = apr_array_push(segment->parts);
    *part = (part_t){SPBE_SPAN_EMPTY, NULL};
    spbe_percent_decode(text, 0, &part->literal, pool);
    segment->literals += part->literal.len;
}

static int known(const apr_array_header_t *names, const char *name)
{
    int i;

    for (i = 0; i < names->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(names, i, const char *), name) == 0) {
            return 1;
        }
    }
    return 0;
}

static const char *add_variable(spbe_route_t *route, segment_t *segment,
                                spbe_span_t name, apr_pool_t *pool)
{
    part_t *part;
    char *copy = spbe_span_dup(name, pool);

    if (name.len == 0 || spbe_span_chr(name, '{') != SPBE_NPOS) {
        return "a name is needed between { and }";
    }
    if (known(route->names, copy)) {
        return apr_psprintf(pool, "{%s} stands in it twice", copy);
    }
    if (segment->parts->nelts > 0 &&
        PART(segment, segment->parts->nelts - 1)->name != NULL) {
        return apr_psprintf(pool,
                            "nothing stands between {%s} and the "
                            "variable before it",
                            copy);
    }
    part = apr_array_push(segment->parts);
    *part = (part_t){SPBE_SPAN_EMPTY, copy};
    APR_ARRAY_PUSH(route->names, const char *) = copy;
    segment->variables++;
    return NULL;
}

static const char *add_segment(spbe_route_t *route, spbe_span_t text,
                               apr_pool_t *pool)
{
    segment_t *segment = apr_array_push(route->segments);

    *segment = (segment_t){apr_array_make(pool, 1, sizeof(part_t)), 0, 0};
    for (;;) {
        size_t open = spbe_span_chr(text, '{'), close;
        spbe_span_t literal = spbe_span_slice(text, 0, open);
        const char *error;

        if (spbe_span_chr(literal, '}') != SPBE_NPOS) {
            return "a } has no {";
        }
        add_literal(segment, literal, pool);
        if (open == SPBE_NPOS) {
            return NULL;
        }
        text = spbe_span_slice(text, open + 1, text.len);
        close = spbe_span_chr(text, '}');
        if (close == SPBE_NPOS) {
            return "a { has no }";
        }
        error =
            add_variable(route, segment, spbe_span_slice(text, 0, close), pool);
        if (error != NULL) {
            return error;
        }
        text = spbe_span_slice(text, close + 1, text.len);
    }
}

static const char *make_shape(const spbe_route_t *route, apr_pool_t *pool)
{
    spbe_buf_t buf;
    int i, k;

    spbe_buf_init(&buf, 64, pool);
    for (i = 0; i < route->segments->nelts; i++) {
        const segment_t *segment = SEGMENT(route, i);

        spbe_buf_addc(&buf, '/');
        for (k = 0; k < segment->parts->nelts; k++) {
            const part_t *part = PART(segment, k);

            if (part->name != NULL) {
                spbe_buf_adds(&buf, "{}");
            }
            else {
                spbe_buf_add(&buf, part->literal);
            }
        }
    }
    return spbe_buf_cstr(&buf);
}

spbe_route_t *spbe_route_parse(const char *text, const char **error,
                               apr_pool_t *pool)
{
    spbe_route_t *route = apr_pcalloc(pool, sizeof(*route));
    spbe_span_t rest = spbe_span_from(text);

    *error = NULL;
    if (rest.len == 0 || rest.ptr[0] != '/') {
        *error = "a path begins with /";
        return NULL;
    }
    if (strpbrk(text, "?#") != NULL) {
        *error = "a path has neither ? nor #; what stands behind ? is "
                 "described by parameters in: query";
        return NULL;
    }
    route->text = text;
    route->segments = apr_array_make(pool, 4, sizeof(segment_t));
    route->names = apr_array_make(pool, 2, sizeof(const char *));
    spbe_span_cut(&rest, '/');
    for (;;) {
        size_t slash = spbe_span_chr(rest, '/');

        *error = add_segment(route, spbe_span_cut(&rest, '/'), pool);
        if (*error != NULL) {
            return NULL;
        }
        if (slash == SPBE_NPOS) {
            break;
        }
    }
    route->shape = make_shape(route, pool);
    return route;
}

spbe_route_path_t *spbe_route_path(spbe_span_t path, apr_pool_t *pool)
{
    spbe_route_path_t *made = apr_pcalloc(pool, sizeof(*made));
    size_t slash = 0;

    made->raw = apr_array_make(pool, 8, sizeof(spbe_span_t));
    made->parameters = spbe_span_chr(path, ';') != SPBE_NPOS;
    made->decoded = apr_array_make(pool, 8, sizeof(spbe_span_t));
    if (path.len > 0 && path.ptr[0] == '/') {
        spbe_span_cut(&path, '/');
    }
    while (slash != SPBE_NPOS) {
        spbe_span_t raw;

        slash = spbe_span_chr(path, '/');
        raw = spbe_span_cut(&path, '/');
        APR_ARRAY_PUSH(made->raw, spbe_span_t) = raw;
        spbe_percent_decode(raw, 0, apr_array_push(made->decoded), pool);
    }
    return made;
}

/* One character of encoded text; bytes used. */
static size_t one(spbe_span_t raw, char *c)
{
    if (raw.len >= 3 && raw.ptr[0] == '%' &&
        spbe_percent_hex(raw.ptr[1]) >= 0 &&
        spbe_percent_hex(raw.ptr[2]) >= 0) {
        *c = (char)(spbe_percent_hex(raw.ptr[1]) * 16 +
                    spbe_percent_hex(raw.ptr[2]));
        return 3;
    }
    *c = raw.ptr[0];
    return 1;
}

/* Bytes of raw that say literal, or SPBE_NPOS. */
static size_t eat(spbe_span_t raw, spbe_span_t literal)
{
    size_t used = 0, i;

    for (i = 0; i < literal.len; i++) {
        char c;
        spbe_span_t rest = spbe_span_slice(raw, used, raw.len);

        if (rest.len == 0) {
            return SPBE_NPOS;
        }
        used += one(rest, &c);
        if (c != literal.ptr[i]) {
            return SPBE_NPOS;
        }
    }
    return used;
}

/* Where literal begins behind the first character; to_end: and ends the text.
 * *length: its bytes in raw. */
static size_t look(spbe_span_t raw, spbe_span_t literal, int to_end,
                   size_t *length)
{
    size_t at = 0;

    while (at < raw.len) {
        char c;

        at += one(spbe_span_slice(raw, at, raw.len), &c);
        *length = eat(spbe_span_slice(raw, at, raw.len), literal);
        if (*length != SPBE_NPOS && (!to_end || at + *length == raw.len)) {
            return at;
        }
    }
    return SPBE_NPOS;
}

/* Literals and variables of one segment, from the left. */
static int fits_parts(const segment_t *segment, spbe_span_t raw,
                      spbe_span_t *values)
{
    int i, n = 0, count = segment->parts->nelts;

    for (i = 0; i < count; i++) {
        const part_t *part = PART(segment, i);
        size_t length, at;

        if (part->name == NULL) {
            length = eat(raw, part->literal);
            if (length == SPBE_NPOS) {
                return 0;
            }
            raw = spbe_span_slice(raw, length, raw.len);
            continue;
        }
        if (i + 1 == count) {
            values[n++] = raw;
            return raw.len > 0;
        }
        at = look(raw, PART(segment, i + 1)->literal, i + 2 == count, &length);
        if (at == SPBE_NPOS) {
            return 0;
        }
        values[n++] = spbe_span_slice(raw, 0, at);
        raw = spbe_span_slice(raw, at, raw.len);
    }
    return raw.len == 0;
}

/* "jsessionid=0A1B.node1": what servlet containers write into links. */
static int is_session(spbe_span_t text)
{
    spbe_span_t name = spbe_span_cut(&text, '=');
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (!apr_isalnum(text.ptr[i]) &&
            spbe_span_chr(SPBE_SPAN("._-!~:"), text.ptr[i]) == SPBE_NPOS) {
            return 0;
        }
    }
    return text.len > 0 && spbe_span_ieq(name, SPBE_SPAN("jsessionid"));
}

/* A literal that the text does not say as it is. */
static int fits_beside(spbe_span_t literal, spbe_span_t raw)
{
    spbe_span_t name = spbe_span_cut(&raw, ';');

    if (raw.len == 0 || eat(name, literal) != name.len) {
        return 0;
    }
    return is_session(raw) ? SPBE_ROUTE_FITS : SPBE_ROUTE_BESIDE;
}

static int fits_segment(const segment_t *segment, const spbe_route_path_t *path,
                        int i, spbe_span_t *values)
{
    spbe_span_t raw = APR_ARRAY_IDX(path->raw, i, spbe_span_t);
    spbe_span_t literal = SPBE_SPAN_EMPTY;

    if (segment->variables > 0) {
        return fits_parts(segment, raw, values);
    }
    if (segment->parts->nelts > 0) {
        literal = PART(segment, 0)->literal;
    }
    if (spbe_span_eq(APR_ARRAY_IDX(path->decoded, i, spbe_span_t), literal)) {
        return SPBE_ROUTE_FITS;
    }
    return path->parameters ? fits_beside(literal, raw) : 0;
}

int spbe_route_fits(const spbe_route_t *route, const spbe_route_path_t *path,
                    spbe_span_t *values)
{
    int fits = SPBE_ROUTE_FITS, i;

    if (route->segments->nelts != path->raw->nelts) {
        return 0;
    }
    for (i = 0; i < route->segments->nelts; i++) {
        const segment_t *segment = SEGMENT(route, i);
        int one = fits_segment(segment, path, i, values);

        if (one == 0) {
            return 0;
        }
        fits = one > fits ? one : fits;
        values += segment->variables;
    }
    return fits;
}

/* 0: a literal, 1: a literal with variables, 2: a variable alone. */
static int vague(const segment_t *segment)
{
    return segment->variables == 0 ? 0 : segment->literals > 0 ? 1 : 2;
}

int spbe_route_order(const spbe_route_t *a, const spbe_route_t *b)
{
    int i;

    for (i = 0; i < a->segments->nelts && i < b->segments->nelts; i++) {
        const segment_t *x = SEGMENT(a, i), *y = SEGMENT(b, i);

        if (vague(x) != vague(y)) {
            return vague(x) - vague(y);
        }
        if (vague(x) == 1 && x->literals != y->literals) {
            return x->literals > y->literals ? -1 : 1;
        }
    }
    /* "/a;v=1" before "/a", which it is a parameter of. */
    return strcmp(b->shape, a->shape);
}

apr_uint64_t spbe_route_variables(const spbe_route_t *route, int *count)
{
    apr_uint64_t mask = 0;
    int i;

    for (i = 0; i < route->segments->nelts; i++) {
        int bit = i < SPBE_ROUTE_SEGMENTS ? i : SPBE_ROUTE_SEGMENTS - 1;

        mask |= (apr_uint64_t)(SEGMENT(route, i)->variables > 0) << bit;
    }
    *count = route->segments->nelts;
    return mask;
}

const char *spbe_route_sample(const spbe_route_t *route, apr_pool_t *pool)
{
    const char *p = route->text;
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    for (; *p != '\0'; p++) {
        if (*p == '{') {
            spbe_buf_adds(&buf, SPBE_ROUTE_ANY);
            p = strchr(p, '}');
        }
        else {
            spbe_buf_addc(&buf, *p);
        }
    }
    return spbe_buf_cstr(&buf);
}
