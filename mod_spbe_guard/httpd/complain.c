/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/complain.c - what of a refusing verdict a visitor may read. See
 * complain.h.
 */
#include "httpd/complain.h"

#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "failure/complaint.h"

#define TOKEN_MAX_BYTES 64
#define DAY_BYTES 10

/* By whose rules a request was judged. */
typedef struct rules {
    const spbe_operation_t *of[2]; /* the policy's, SpbeGuardParam's; or NULL */
    apr_pool_t *pool;
} rules_t;

static int is_about_fields(spbe_reason_t reason)
{
    switch (reason) {
    case SPBE_REASON_SCHEMA:
    case SPBE_REASON_UNKNOWN:
    case SPBE_REASON_FILE_SIZE:
    case SPBE_REASON_FILE_TYPE:
    case SPBE_REASON_FILE_COUNT:
    case SPBE_REASON_FILE_IMAGE:
    case SPBE_REASON_COMPARE:
        return 1;
    default:
        return 0;
    }
}

static const char *keyword_of(const spbe_finding_t *finding)
{
    switch (finding->reason) {
    case SPBE_REASON_UNKNOWN:
        return "unknown";
    case SPBE_REASON_FILE_SIZE:
        return "file-size";
    case SPBE_REASON_FILE_TYPE:
        return "file-type";
    case SPBE_REASON_FILE_COUNT:
        return "file-count";
    case SPBE_REASON_FILE_IMAGE:
        return "file-image";
    default:
        return finding->keyword;
    }
}

static int is(const char *keyword, const char *name)
{
    return keyword != NULL && strcmp(keyword, name) == 0;
}

/* The name is one that the client made up. */
static int is_foreign(const spbe_finding_t *finding)
{
    return finding->reason == SPBE_REASON_UNKNOWN ||
           is(finding->keyword, "patternProperties") ||
           is(finding->keyword, "additionalProperties") ||
           is(finding->keyword, "unevaluatedProperties") ||
           is(finding->keyword, "propertyNames");
}

static int is_plain(spbe_span_t token)
{
    size_t i;

    for (i = 0; i < token.len; i++) {
        char c = token.ptr[i];

        if (!apr_isalnum(c) && c != '_' && c != '-' && c != '.') {
            return 0;
        }
    }
    return token.len > 0 && token.len <= TOKEN_MAX_BYTES;
}

/* The front part that consists of plain names: where a policy allows members
 * of any name, the rest is the client's. */
static const char *plain_part(const char *pointer, apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(pointer), token;
    size_t end = 0;

    if (rest.len == 0 || rest.ptr[0] != '/') {
        return "";
    }
    rest = spbe_span_slice(rest, 1, rest.len);
    while (rest.len > 0) {
        token = spbe_span_cut(&rest, '/');
        if (!is_plain(token)) {
            break;
        }
        end += 1 + token.len;
    }
    return apr_pstrmemdup(pool, pointer, end);
}

static void set_name(spbe_complaint_t *complaint, const spbe_finding_t *finding,
                     apr_pool_t *pool)
{
    if (is_foreign(finding)) {
        return;
    }
    if (finding->place == SPBE_IN_JSON) {
        complaint->pointer = plain_part(finding->pointer, pool);
        complaint->name =
            *complaint->pointer == '\0' ? NULL : complaint->pointer;
    }
    else if (finding->field.len > 0) {
        complaint->name = spbe_span_dup(finding->field, pool);
    }
}

static spbe_whereabouts_t where(spbe_place_t place)
{
    switch (place) {
    case SPBE_IN_PATH:
    case SPBE_IN_QUERY:
        return SPBE_WHERE_PARAMETER;
    case SPBE_IN_HEADER:
        return SPBE_WHERE_HEADER;
    case SPBE_IN_COOKIE:
        return SPBE_WHERE_COOKIE;
    default:
        return SPBE_WHERE_BODY;
    }
}

static const char *example_of(const spbe_finding_t *finding)
{
    const spbe_format_t *format;

    if (!is(finding->keyword, "format") || finding->arg == NULL) {
        return NULL;
    }
    format = spbe_format_find(spbe_span_from(finding->arg));
    return format == NULL ? NULL : format->example;
}

static const spbe_schema_t *schema_in(const apr_array_header_t *fields,
                                      const spbe_finding_t *finding)
{
    int i;

    for (i = 0; fields != NULL && i < fields->nelts; i++) {
        const spbe_param_t *field = &APR_ARRAY_IDX(fields, i, spbe_param_t);

        if (field->in == finding->place &&
            spbe_span_eq(finding->field, spbe_span_from(field->name))) {
            return field->schema;
        }
    }
    return NULL;
}

/* What a JSON Pointer leads to. */
static const spbe_schema_t *schema_at(const spbe_schema_t *schema,
                                      const char *pointer)
{
    spbe_span_t rest = spbe_span_from(pointer);

    spbe_span_cut(&rest, '/');
    while (schema != NULL && rest.len > 0) {
        spbe_span_t token = spbe_span_cut(&rest, '/');
        const spbe_schema_t *items = spbe_schema_items(schema);

        schema = items != NULL ? items : spbe_schema_property(schema, token);
    }
    return schema;
}

static const spbe_schema_t *schema_of(const spbe_operation_t *operation,
                                      const spbe_finding_t *finding)
{
    const spbe_schema_t *found = schema_in(operation->params, finding);
    int i;

    for (i = 0; found == NULL && operation->bodies != NULL &&
                i < operation->bodies->nelts;
         i++) {
        const spbe_body_t *body =
            &APR_ARRAY_IDX(operation->bodies, i, spbe_body_t);

        found = finding->place != SPBE_IN_JSON
                    ? schema_in(body->fields, finding)
                : body->fields == NULL && finding->pointer != NULL
                    ? schema_at(body->schema, finding->pointer)
                    : NULL;
    }
    return found;
}

static int has_choices(const spbe_schema_t *schema, apr_pool_t *pool)
{
    spbe_flat_t flat;

    if (schema == NULL) {
        return 0;
    }
    spbe_schema_flatten(schema, &flat, pool);
    return flat.choices != NULL;
}

/* That a secret is one of a few is a secret as well. */
static int is_choice(const spbe_finding_t *finding, const rules_t *rules)
{
    int i, found = 0;

    if (finding->place == SPBE_IN_FILE) {
        return 1;
    }
    if ((!is(finding->keyword, "required") &&
         !is(finding->keyword, "dependentRequired")) ||
        (finding->about != NULL &&
         finding->about->sensitivity == SPBE_SENS_SECRET)) {
        return 0;
    }
    for (i = 0; i < 2 && !found; i++) {
        const spbe_schema_t *schema =
            rules->of[i] == NULL ? NULL : schema_of(rules->of[i], finding);

        found = has_choices(schema, rules->pool) ||
                (schema != NULL &&
                 has_choices(spbe_schema_items(schema), rules->pool));
    }
    return found;
}

/* Only days are compared with days. */
static int is_of_days(const spbe_finding_t *finding)
{
    static const char *const formats[] = {"date", "tanggal"};
    spbe_span_t day =
        spbe_span_slice(spbe_span_trim(finding->value), 0, DAY_BYTES);
    int i, found = 0;

    for (i = 0; finding->reason == SPBE_REASON_COMPARE && i < 2 && !found;
         i++) {
        found = spbe_format_find(spbe_span_from(formats[i]))->valid(day, 0);
    }
    return found;
}

static void complain(spbe_complaint_t *complaint, const spbe_finding_t *finding,
                     const rules_t *rules)
{
    *complaint = (spbe_complaint_t){
        .keyword = keyword_of(finding),
        .arg = finding->arg,
        .example = example_of(finding),
        .where = where(finding->place),
        .is_file = finding->place == SPBE_IN_FILE,
        .is_choice = is_choice(finding, rules),
        .of_days = is_of_days(finding),
    };
    set_name(complaint, finding, rules->pool);
    if (finding->about != NULL && !is_foreign(finding)) {
        complaint->label_id = finding->about->label_id;
        complaint->label_en = finding->about->label_en;
        complaint->hint_id = finding->about->hint_id;
        complaint->hint_en = finding->about->hint_en;
    }
    if (finding->other != NULL) {
        complaint->other_id = finding->other->label_id;
        complaint->other_en = finding->other->label_en;
    }
}

static const spbe_operation_t *first_of(const spbe_policy_t *params)
{
    const apr_array_header_t *operations =
        params == NULL ? NULL : spbe_policy_operations(params);

    return operations == NULL || operations->nelts == 0
               ? NULL
               : APR_ARRAY_IDX(operations, 0, const spbe_operation_t *);
}

const apr_array_header_t *spbe_complain_list(const spbe_verdict_t *verdict,
                                             const spbe_operation_t *operation,
                                             const spbe_policy_t *params,
                                             apr_pool_t *pool)
{
    rules_t rules = {{operation, first_of(params)}, pool};
    apr_array_header_t *list;
    int i;

    if (!is_about_fields(verdict->worst)) {
        return NULL;
    }
    list = apr_array_make(pool, verdict->findings->nelts,
                          sizeof(spbe_complaint_t));
    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);

        if (finding->action == SPBE_ACTION_REJECT &&
            is_about_fields(finding->reason)) {
            complain(apr_array_push(list), finding, &rules);
        }
    }
    return list;
}

apr_uint64_t spbe_complain_limit(const spbe_verdict_t *verdict)
{
    int i;

    if (verdict->worst != SPBE_REASON_TOO_LARGE) {
        return 0;
    }
    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);

        if (finding->reason == SPBE_REASON_TOO_LARGE && finding->arg != NULL) {
            apr_int64_t limit = apr_atoi64(finding->arg);

            return limit > 0 ? (apr_uint64_t)limit : 0;
        }
    }
    return 0;
}
