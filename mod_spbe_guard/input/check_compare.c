/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_compare.c - x-spbe-compare: looks the two fields up and asks
 * compare.h.
 */
#include "input/check_int.h"

#include <string.h>

#include <apr_strings.h>

#include "input/compare.h"
#include "text/json.h"

/* Where names are looked up: what the body was, then the parameters. */
static const spbe_node_t *body_of(const spbe_check_t *check)
{
    return check->form != NULL ? check->form : check->reading->json;
}

static spbe_span_t unescape(spbe_span_t token, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, token.len + 1);
    size_t i, n = 0;

    for (i = 0; i < token.len; i++) {
        char c = token.ptr[i];

        if (c == '~' && i + 1 < token.len) {
            c = token.ptr[++i] == '1' ? '/' : '~';
        }
        out[n++] = c;
    }
    return (spbe_span_t){out, n};
}

static const spbe_node_t *child(const spbe_node_t *node, spbe_span_t token)
{
    unsigned long long index;
    const spbe_node_t *one;

    if (node->type == SPBE_NODE_OBJECT) {
        return spbe_node_member(node, token);
    }
    if (node->type != SPBE_NODE_ARRAY ||
        !spbe_json_unsigned(token, 1000, &index)) {
        return NULL;
    }
    for (one = node->first; one != NULL && index > 0; index--) {
        one = one->next;
    }
    return one;
}

static const spbe_node_t *at(const spbe_node_t *node, const char *pointer,
                             apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(pointer);
    size_t slash = 0;

    spbe_span_cut(&rest, '/');
    while (node != NULL && slash != SPBE_NPOS) {
        slash = spbe_span_chr(rest, '/');
        node = child(node, unescape(spbe_span_cut(&rest, '/'), pool));
    }
    return node;
}

static const spbe_param_t *find(const apr_array_header_t *params,
                                const char *name)
{
    int i;

    for (i = 0; params != NULL && i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);

        if (strcmp(param->name, name) == 0) {
            return param;
        }
    }
    return NULL;
}

/* Empty: not sent, or no single value. *place, *about: of what was found. */
static spbe_span_t look(const spbe_check_t *check, const char *name,
                        const apr_array_header_t *fields, spbe_place_t *place,
                        const spbe_about_t **about)
{
    const apr_array_header_t *params = check->match->operation == NULL
                                           ? NULL
                                           : check->match->operation->params;
    const spbe_node_t *node = body_of(check);
    const spbe_param_t *field = find(fields, name);
    spbe_check_value_t value;

    *place = check->form != NULL ? SPBE_IN_FORM : SPBE_IN_JSON;
    *about = field == NULL ? NULL : field->about;
    if (node != NULL) {
        node = name[0] == '/' ? at(node, name, check->pool)
                              : spbe_node_member(node, spbe_span_from(name));
    }
    if (node == NULL && (field = find(params, name)) != NULL) {
        spbe_check_collect(check, field, &value);
        node = value.node;
        *place = value.place;
        *about = field->about;
    }
    return node != NULL && (node->type == SPBE_NODE_STRING ||
                            node->type == SPBE_NODE_NUMBER)
               ? node->text
               : SPBE_SPAN_EMPTY;
}

/* The text for people of a comparison stands where a hint would. */
static const spbe_about_t *about_of(const spbe_compare_t *compare,
                                    const spbe_about_t *field, apr_pool_t *pool)
{
    static const spbe_about_t nothing;
    spbe_about_t *about =
        apr_pmemdup(pool, field == NULL ? &nothing : field, sizeof(*about));

    if (compare->message_id != NULL || compare->message_en != NULL) {
        about->hint_id = compare->message_id != NULL ? compare->message_id
                                                     : compare->message_en;
        about->hint_en = compare->message_en != NULL ? compare->message_en
                                                     : compare->message_id;
    }
    return about;
}

static void add(const spbe_check_t *check, const spbe_compare_t *compare,
                spbe_place_t place, const spbe_about_t *about,
                const spbe_about_t *other, spbe_span_t value)
{
    spbe_finding_t finding = {.reason = SPBE_REASON_COMPARE,
                              .place = place,
                              .field = spbe_span_from(compare->left),
                              .keyword = compare->op,
                              .arg = compare->right,
                              .other = other,
                              .value = value};

    if (compare->left[0] == '/') {
        finding.pointer = compare->left;
        finding.field = spbe_span_slice(finding.field,
                                        spbe_span_rchr(finding.field, '/') + 1,
                                        finding.field.len);
    }
    else if (place == SPBE_IN_JSON) {
        finding.pointer = apr_pstrcat(check->pool, "/", compare->left, NULL);
    }
    finding.about = about_of(compare, about, check->pool);
    finding.action =
        compare->flag ? SPBE_ACTION_LOG
                      : spbe_check_action(check, finding.reason, finding.field);
    spbe_verdict_add(check->verdict, &finding);
}

void spbe_check_compare(const spbe_check_t *check,
                        const apr_array_header_t *compare,
                        const apr_array_header_t *fields)
{
    int i;

    for (i = 0; compare != NULL && i < compare->nelts; i++) {
        const spbe_compare_t *one = &APR_ARRAY_IDX(compare, i, spbe_compare_t);
        const spbe_about_t *about, *other;
        spbe_place_t place, elsewhere;
        spbe_span_t left = look(check, one->left, fields, &place, &about);
        spbe_span_t right = look(check, one->right, fields, &elsewhere, &other);

        if (left.len > 0 && right.len > 0 &&
            !spbe_compare_holds(one->op, left, right)) {
            add(check, one, place, about, other, left);
        }
    }
}
