/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_fault.c - from a schema's faults to findings: which field it is,
 * where it stands, how sensitive it is.
 */
#include "input/check_int.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "text/buf.h"

spbe_action_t spbe_check_action(const spbe_check_t *check, spbe_reason_t reason,
                                spbe_span_t field)
{
    const spbe_settings_t *settings = check->settings;
    const apr_array_header_t *rules = settings->malformed;
    int i;

    if ((reason == SPBE_REASON_UNKNOWN || reason == SPBE_REASON_ROUTE) &&
        settings->unknown != SPBE_ACTION_UNSET) {
        return settings->unknown;
    }
    /* "all" means the malformed; a policy's reason must be named. */
    for (i = 0; rules != NULL && i < rules->nelts; i++) {
        if (APR_ARRAY_IDX(rules, i, spbe_malformed_rule_t).reason == reason) {
            return spbe_settings_action(settings, reason, field);
        }
    }
    return spbe_reason_default(reason);
}

static const spbe_about_t *personal(const spbe_about_t *about, apr_pool_t *pool)
{
    static const spbe_about_t nothing;
    spbe_about_t *copy =
        apr_pmemdup(pool, about == NULL ? &nothing : about, sizeof(*copy));

    copy->sensitivity = SPBE_SENS_PERSONAL;
    return copy;
}

/* What an identifier's format says of a field, where the policy says nothing.
 */
static const spbe_about_t *about_of(const spbe_check_t *check,
                                    const spbe_fault_t *fault,
                                    const spbe_about_t *about)
{
    spbe_flat_t flat;

    if (about != NULL && about->sensitivity != SPBE_SENS_UNSET) {
        return about;
    }
    if (fault->schema == NULL) {
        return about;
    }
    spbe_schema_flatten(fault->schema, &flat, check->pool);
    return flat.format != NULL && flat.format->identifier
               ? personal(about, check->pool)
               : about;
}

static spbe_span_t value_of(const spbe_node_t *node)
{
    return node != NULL && (node->type == SPBE_NODE_STRING ||
                            node->type == SPBE_NODE_NUMBER)
               ? node->text
               : SPBE_SPAN_EMPTY;
}

void spbe_check_find(const spbe_check_t *check, spbe_reason_t reason,
                     spbe_place_t place, spbe_span_t field, const char *keyword,
                     const char *arg, const spbe_about_t *about)
{
    spbe_finding_t finding = {.reason = reason,
                              .place = place,
                              .field = field,
                              .keyword = keyword,
                              .arg = arg,
                              .about = about,
                              .value = SPBE_SPAN_EMPTY};

    finding.action = spbe_check_action(check, reason, field);
    spbe_verdict_add(check->verdict, &finding);
}

/* Validation ran out of its steps: the visitor's value is at fault for that,
 * not the engine, which must not let it pass. */
static void find_endless(const spbe_check_t *check, spbe_place_t place,
                         spbe_span_t field)
{
    spbe_finding_t finding = {.reason = SPBE_REASON_LIMIT,
                              .action = SPBE_ACTION_REJECT,
                              .place = place,
                              .field = field,
                              .value = SPBE_SPAN_EMPTY,
                              .detail = "validation takes too many steps"};

    spbe_verdict_add(check->verdict, &finding);
}

static void add(const spbe_check_t *check, const spbe_fault_t *fault,
                spbe_place_t place, spbe_span_t field, const char *pointer,
                const spbe_about_t *about)
{
    spbe_finding_t finding = {.reason = SPBE_REASON_SCHEMA,
                              .place = place,
                              .field = field,
                              .pointer = pointer,
                              .keyword = fault->keyword,
                              .arg = fault->arg,
                              .about = about_of(check, fault, about)};

    finding.action = spbe_check_action(check, finding.reason, field);
    finding.value = strcmp(fault->keyword, "required") == 0
                        ? SPBE_SPAN_EMPTY
                        : value_of(fault->node);
    spbe_verdict_add(check->verdict, &finding);
}

/* What is missing says nothing where not all was read. */
static int is_moot(const spbe_check_t *check, const spbe_fault_t *fault)
{
    static const char *const keywords[] = {"required",
                                           "dependentRequired",
                                           "dependentSchemas",
                                           "minProperties",
                                           "minItems",
                                           "minContains",
                                           "contains",
                                           "anyOf",
                                           "oneOf",
                                           "if",
                                           "then",
                                           "else",
                                           "not"};
    size_t i;

    for (i = 0; check->partial && i < sizeof(keywords) / sizeof(keywords[0]);
         i++) {
        if (strcmp(fault->keyword, keywords[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* -1 and said, else what spbe_schema_validate gave. */
static int validate(const spbe_check_t *check, const spbe_schema_t *schema,
                    const spbe_node_t *node, spbe_place_t place,
                    spbe_span_t field, apr_array_header_t **faults)
{
    int valid;

    *faults = apr_array_make(check->pool, 4, sizeof(spbe_fault_t));
    valid = spbe_schema_validate(schema, node, check->tools->regex, *faults,
                                 check->pool);
    if (valid < 0) {
        find_endless(check, place, field);
    }
    return valid;
}

int spbe_check_node(const spbe_check_t *check, const spbe_param_t *param,
                    spbe_place_t place, const spbe_node_t *node)
{
    spbe_span_t field = spbe_span_from(param->name);
    apr_array_header_t *faults;
    int i, valid;

    if (param->schema == NULL) {
        return 1;
    }
    valid = validate(check, param->schema, node, place, field, &faults);
    for (i = 0; valid == 0 && i < faults->nelts; i++) {
        const spbe_fault_t *fault = &APR_ARRAY_IDX(faults, i, spbe_fault_t);
        const spbe_about_t *about =
            fault->about != NULL && fault->about->label_id != NULL
                ? fault->about
                : param->about;

        add(check, fault, place, field, NULL, about);
    }
    return valid == 1;
}

/* The token at the front of a JSON Pointer, its escapes undone. */
static spbe_span_t next_token(spbe_span_t *pointer, apr_pool_t *pool)
{
    spbe_span_t token;
    spbe_buf_t buf;
    size_t i;

    spbe_span_cut(pointer, '/');
    token = spbe_span_slice(*pointer, 0, spbe_span_chr(*pointer, '/'));
    *pointer = spbe_span_slice(*pointer, token.len, pointer->len);
    if (spbe_span_chr(token, '~') == SPBE_NPOS) {
        return token;
    }
    spbe_buf_init(&buf, token.len, pool);
    for (i = 0; i < token.len; i++) {
        if (token.ptr[i] == '~' && i + 1 < token.len) {
            i++;
            spbe_buf_addc(&buf, token.ptr[i] == '1' ? '/' : '~');
        }
        else {
            spbe_buf_addc(&buf, token.ptr[i]);
        }
    }
    return spbe_buf_span(&buf);
}

static int is_index(spbe_span_t token)
{
    size_t i;

    for (i = 0; i < token.len; i++) {
        if (!apr_isdigit(token.ptr[i])) {
            return 0;
        }
    }
    return token.len > 0;
}

/* The last name in a pointer; of an element that of its array. */
static spbe_span_t last_name(const char *pointer, apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(pointer), name = SPBE_SPAN_EMPTY;

    while (rest.len > 0) {
        spbe_span_t token = next_token(&rest, pool);

        if (!is_index(token)) {
            name = token;
        }
    }
    return name;
}

/* Is the fault told of the object, and arg the member that is missing? */
static int names_member(const spbe_fault_t *fault)
{
    return fault->arg != NULL &&
           (strcmp(fault->keyword, "required") == 0 ||
            strcmp(fault->keyword, "dependentRequired") == 0);
}

static const char *append(const char *pointer, const char *name,
                          apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    spbe_buf_adds(&buf, pointer);
    spbe_buf_addc(&buf, '/');
    for (; *name != '\0'; name++) {
        if (*name == '~' || *name == '/') {
            spbe_buf_adds(&buf, *name == '~' ? "~0" : "~1");
        }
        else {
            spbe_buf_addc(&buf, *name);
        }
    }
    return spbe_buf_cstr(&buf);
}

void spbe_check_json(const spbe_check_t *check, const spbe_schema_t *schema,
                     const spbe_node_t *node)
{
    apr_array_header_t *faults;
    int i, valid = validate(check, schema, node, SPBE_IN_REQUEST,
                            SPBE_SPAN_EMPTY, &faults);

    for (i = 0; valid == 0 && i < faults->nelts; i++) {
        const spbe_fault_t *fault = &APR_ARRAY_IDX(faults, i, spbe_fault_t);
        const char *pointer = fault->pointer;

        if (is_moot(check, fault)) {
            continue;
        }
        if (names_member(fault)) {
            pointer = append(pointer, fault->arg, check->pool);
        }
        add(check, fault, SPBE_IN_JSON, last_name(pointer, check->pool),
            pointer, fault->about);
    }
}

static const spbe_param_t *find(const apr_array_header_t *fields,
                                spbe_span_t name)
{
    int i;

    for (i = 0; fields != NULL && i < fields->nelts; i++) {
        const spbe_param_t *field = &APR_ARRAY_IDX(fields, i, spbe_param_t);

        if (spbe_span_eq(name, spbe_span_from(field->name))) {
            return field;
        }
    }
    return NULL;
}

/* Of a file only that it is there, and how many: its content has rules of its
 * own. */
static int is_of_content(const spbe_fault_t *fault)
{
    return strcmp(fault->keyword, "required") != 0 &&
           strcmp(fault->keyword, "minItems") != 0;
}

static void add_form_fault(const spbe_check_t *check, const spbe_body_t *body,
                           const spbe_fault_t *fault)
{
    spbe_span_t rest = spbe_span_from(fault->pointer), name = SPBE_SPAN_EMPTY;
    const spbe_about_t *about = fault->about;
    const spbe_param_t *field;

    if (rest.len > 0) {
        name = next_token(&rest, check->pool);
    }
    else if (fault->arg != NULL &&
             (names_member(fault) ||
              strcmp(fault->keyword, "additionalProperties") == 0 ||
              strcmp(fault->keyword, "unevaluatedProperties") == 0)) {
        name = spbe_span_from(fault->arg);
    }
    field = find(body->fields, name);
    if (field != NULL && field->in == SPBE_IN_FILE && is_of_content(fault)) {
        return;
    }
    if (field != NULL && (about == NULL || about->label_id == NULL)) {
        about = field->about;
    }
    add(check, fault,
        field != NULL  ? field->in
        : name.len > 0 ? SPBE_IN_FORM
                       : SPBE_IN_REQUEST,
        name, NULL, about);
}

void spbe_check_object(const spbe_check_t *check, const spbe_body_t *body,
                       const spbe_node_t *object)
{
    apr_array_header_t *faults;
    int i, valid = validate(check, body->schema, object, SPBE_IN_REQUEST,
                            SPBE_SPAN_EMPTY, &faults);

    for (i = 0; valid == 0 && i < faults->nelts; i++) {
        const spbe_fault_t *fault = &APR_ARRAY_IDX(faults, i, spbe_fault_t);

        if (!is_moot(check, fault)) {
            add_form_fault(check, body, fault);
        }
    }
}
