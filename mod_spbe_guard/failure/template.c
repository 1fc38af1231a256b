/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/template.c - text with {{name}} and {{#if name}} ... {{/if}}. See
 * template.h.
 */
#include "failure/template.h"

#include <apr_strings.h>
#include <apr_tables.h>
#include "text/jsonout.h"
#include "text/utf8.h"

typedef enum node_kind {
    NODE_TEXT = 0,
    NODE_VALUE = 1,
    NODE_IF = 2 /* skip: to the node behind its {{/if}} */
} node_kind_t;

typedef struct node {
    node_kind_t kind;
    spbe_span_t text;
    size_t name;
    int skip;
} node_t;

struct spbe_template {
    apr_array_header_t *nodes; /* node_t */
};

typedef struct compiler {
    const char *file;
    spbe_span_t text;  /* all of it */
    size_t at;         /* offset of what is looked at */
    const char *const *names;
    size_t count;
    apr_array_header_t *nodes;
    int open[SPBE_TEMPLATE_DEPTH]; /* nodes of the open {{#if}} */
    int depth;
    apr_pool_t *pool;
} compiler_t;

static unsigned line_of(const compiler_t *c, size_t at)
{
    unsigned line = 1;
    size_t i;

    for (i = 0; i < at && i < c->text.len; i++) {
        line += c->text.ptr[i] == '\n';
    }
    return line;
}

static const char *complain(const compiler_t *c, const char *what)
{
    return apr_psprintf(c->pool, "%s:%u: %s", c->file, line_of(c, c->at),
                        what);
}

static const char *unknown_name(const compiler_t *c, spbe_span_t name)
{
    const char *list = "";
    size_t i;

    for (i = 0; i < c->count; i++) {
        list = apr_pstrcat(c->pool, list, i == 0 ? "" : ", ", c->names[i],
                           NULL);
    }
    name = spbe_utf8_cut(name, 40);
    return complain(c, apr_pstrcat(c->pool, "{{", spbe_span_dup(name, c->pool),
                                   "}} is not a variable of the page; "
                                   "allowed are ", list,
                                   ", and {{#if name}} ... {{/if}}", NULL));
}

static node_t *add_node(compiler_t *c, node_kind_t kind)
{
    node_t *node = apr_array_push(c->nodes);

    *node = (node_t){ .kind = kind };
    return node;
}

static const char *find_name(const compiler_t *c, spbe_span_t name,
                             size_t *index)
{
    for (*index = 0; *index < c->count; (*index)++) {
        if (spbe_span_eq(name, spbe_span_from(c->names[*index]))) {
            return NULL;
        }
    }
    return unknown_name(c, name);
}

static const char *add_if(compiler_t *c, spbe_span_t name)
{
    const char *error;
    size_t index;

    if (c->depth == SPBE_TEMPLATE_DEPTH) {
        return complain(c, "too many {{#if}} inside each other (at most 8)");
    }
    error = find_name(c, name, &index);
    if (error == NULL) {
        c->open[c->depth++] = c->nodes->nelts;
        add_node(c, NODE_IF)->name = index;
    }
    return error;
}

static const char *close_if(compiler_t *c)
{
    if (c->depth == 0) {
        return complain(c, "{{/if}} without an {{#if name}} before it");
    }
    c->depth--;
    APR_ARRAY_IDX(c->nodes, c->open[c->depth], node_t).skip = c->nodes->nelts;
    return NULL;
}

/* inside: what stands between the braces. */
static const char *add_tag(compiler_t *c, spbe_span_t inside)
{
    const char *error;
    size_t index;

    inside = spbe_span_trim(inside);
    if (spbe_span_starts(inside, SPBE_SPAN("#if "))) {
        return add_if(c, spbe_span_trim(spbe_span_slice(inside, 4,
                                                        inside.len)));
    }
    if (spbe_span_eq(inside, SPBE_SPAN("/if"))) {
        return close_if(c);
    }
    error = find_name(c, inside, &index);
    if (error == NULL) {
        add_node(c, NODE_VALUE)->name = index;
    }
    return error;
}

static int is_blank(spbe_span_t s)
{
    return spbe_span_trim(s).len == 0;
}

/* An {{#if}} or {{/if}} alone on its line takes the whole line with it: moves
 * *from and *to, which are the offsets of the tag, outwards. */
static void widen(const compiler_t *c, size_t *from, size_t *to)
{
    spbe_span_t before = spbe_span_slice(c->text, 0, *from);
    spbe_span_t after = spbe_span_slice(c->text, *to, c->text.len);
    size_t start = spbe_span_rchr(before, '\n') + 1; /* NPOS + 1 is 0 */
    size_t end = spbe_span_chr(after, '\n');

    if (c->text.ptr[*from + 2] != '#' && c->text.ptr[*from + 2] != '/') {
        return;
    }
    if (end != SPBE_NPOS && start >= c->at
        && is_blank(spbe_span_slice(before, start, before.len))
        && is_blank(spbe_span_slice(after, 0, end))) {
        *from = start;
        *to += end + 1;
    }
}

static void add_text(compiler_t *c, size_t from, size_t to)
{
    if (to > from) {
        add_node(c, NODE_TEXT)->text = spbe_span_slice(c->text, from, to);
    }
}

static const char *walk(compiler_t *c)
{
    while (c->at < c->text.len) {
        spbe_span_t rest = spbe_span_slice(c->text, c->at, c->text.len);
        size_t open = spbe_span_find(rest, SPBE_SPAN("{{"));
        size_t from, to, close, begin = c->at;
        const char *error;

        if (open == SPBE_NPOS) {
            add_text(c, c->at, c->text.len);
            break;
        }
        rest = spbe_span_slice(rest, open, rest.len);
        close = spbe_span_find(rest, SPBE_SPAN("}}"));
        from = c->at + open;
        if (close == SPBE_NPOS) {
            c->at = from;
            return complain(c, "{{ without }}");
        }
        to = from + close + 2;
        widen(c, &from, &to);
        add_text(c, begin, from);
        c->at = begin + open;
        error = add_tag(c, spbe_span_slice(rest, 2, close));
        if (error != NULL) {
            return error;
        }
        c->at = to;
    }
    return c->depth == 0 ? NULL
                         : complain(c, "{{#if name}} without its {{/if}}");
}

static const char *check_utf8(compiler_t *c)
{
    spbe_span_t rest = c->text;

    while (rest.len > 0) {
        c->at = c->text.len - rest.len;
        if (spbe_utf8_next(&rest) == SPBE_UTF8_INVALID) {
            return complain(c, "the template is not UTF-8; save it as UTF-8");
        }
    }
    c->at = 0;
    return NULL;
}

spbe_template_t *spbe_template_compile(const char *name, spbe_span_t text,
                                       const char *const *names, size_t count,
                                       const char **error, apr_pool_t *pool)
{
    compiler_t c = { .file = name, .text = text, .names = names,
                     .count = count, .pool = pool };
    spbe_template_t *template;

    c.nodes = apr_array_make(pool, 32, sizeof(node_t));
    *error = check_utf8(&c);
    if (*error == NULL) {
        *error = walk(&c);
    }
    if (*error != NULL) {
        return NULL;
    }
    template = apr_palloc(pool, sizeof(*template));
    template->nodes = c.nodes;
    return template;
}

/* The characters that XML 1.0 has no way to write. */
static int is_forbidden(char c)
{
    return (unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

static void escape_markup(spbe_buf_t *out, spbe_span_t s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '&': spbe_buf_adds(out, "&amp;"); break;
        case '<': spbe_buf_adds(out, "&lt;"); break;
        case '>': spbe_buf_adds(out, "&gt;"); break;
        case '"': spbe_buf_adds(out, "&quot;"); break;
        case '\'': spbe_buf_adds(out, "&#39;"); break;
        default:
            spbe_buf_addc(out, is_forbidden(s.ptr[i]) ? '?' : s.ptr[i]);
        }
    }
}

void spbe_template_escape(spbe_buf_t *out, spbe_page_format_t format,
                          spbe_span_t s)
{
    switch (format) {
    case SPBE_PAGE_HTML:
    case SPBE_PAGE_XML:
        escape_markup(out, s);
        break;
    case SPBE_PAGE_JSON:
        spbe_jsonout_string(out, s);
        break;
    default:
        spbe_buf_add(out, s);
    }
}

void spbe_template_render(const spbe_template_t *template,
                          spbe_page_format_t format,
                          const spbe_value_t *values, spbe_buf_t *out)
{
    int i = 0;

    while (i < template->nodes->nelts) {
        const node_t *node = &APR_ARRAY_IDX(template->nodes, i, node_t);
        const spbe_value_t *value = &values[node->name];

        i++;
        if (node->kind == NODE_TEXT) {
            spbe_buf_add(out, node->text);
        }
        else if (node->kind == NODE_IF) {
            i = value->text.len > 0 ? i : node->skip;
        }
        else if (value->ready) {
            spbe_buf_add(out, value->text);
        }
        else {
            spbe_template_escape(out, format, value->text);
        }
    }
}
