/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_json.c - JSON bodies: strictly RFC 8259, and nothing that two
 * parsers read differently.
 */
#include "input/reading_int.h"
#include "text/jsontree.h"

/* Names that are addresses or sentences are as long as this. */
#define JSON_NAME 1024

typedef struct row {
    spbe_json_fault_t fault;
    spbe_reason_t reason;
    const char *detail;
} row_t;

static const row_t rows[] = {
    {SPBE_JSON_SYNTAX, SPBE_REASON_JSON, "not RFC 8259"},
    {SPBE_JSON_UTF8, SPBE_REASON_UTF8, "no UTF-8, or a byte order mark"},
    {SPBE_JSON_TOO_DEEP, SPBE_REASON_JSON_DEPTH, "depth"},
    {SPBE_JSON_TOO_MANY, SPBE_REASON_LIMIT, "json-nodes"},
    {SPBE_JSON_DUPLICATE, SPBE_REASON_JSON_DUPLICATE, "a name twice"},
    {SPBE_JSON_SURROGATE, SPBE_REASON_JSON_SURROGATE,
     "half of a surrogate pair"},
    {SPBE_JSON_INEXACT, SPBE_REASON_JSON_NUMBER,
     "a number that no double holds"},
};

static void add_faults(const spbe_reader_t *reader, spbe_span_t field,
                       const spbe_json_report_t *report)
{
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_span_t name = field;

        if (!(report->seen & 1u << rows[i].fault) &&
            report->fault != rows[i].fault) {
            continue;
        }
        if (rows[i].fault == SPBE_JSON_DUPLICATE && name.len == 0) {
            name = report->name;
        }
        spbe_reading_add(reader, rows[i].reason, SPBE_IN_JSON, name,
                         rows[i].detail);
    }
}

/* Names as those of forms; in values a C0 character can only have been
 * written as \u00XX. */
static void check_node(const spbe_reader_t *reader, const spbe_node_t *node)
{
    const char *detail = NULL;
    spbe_reason_t reason = SPBE_REASON_NONE;

    if (node->name.len > 0) {
        reason = spbe_reading_text(node->name, SPBE_TEXT_SHOWN, &detail);
        if (reason == SPBE_REASON_NONE &&
            spbe_span_eq(node->name, SPBE_SPAN("__proto__"))) {
            reason = SPBE_REASON_NAME;
            detail = "the name of a prototype";
        }
    }
    if (reason == SPBE_REASON_NONE && node->type == SPBE_NODE_STRING) {
        reason = spbe_reading_text(
            node->text, SPBE_TEXT_TAB | SPBE_TEXT_LINES | SPBE_TEXT_ESCAPED,
            &detail);
        /* A lone surrogate has a reason of its own. */
        if (reason == SPBE_REASON_UTF8) {
            return;
        }
    }
    if (node->name.len > JSON_NAME &&
        (apr_int64_t)node->name.len > spbe_limit_name(reader->settings)) {
        spbe_reading_add(reader, SPBE_REASON_LIMIT, SPBE_IN_JSON,
                         spbe_span_slice(node->name, 0, JSON_NAME),
                         "name-length");
    }
    if (reason != SPBE_REASON_NONE) {
        spbe_reading_add_value(reader, reason, SPBE_IN_JSON, node->name,
                               node->type == SPBE_NODE_STRING ? node->text
                                                              : SPBE_SPAN_EMPTY,
                               detail);
    }
}

/* As deep as the limit allows, 64 at most. */
static void check_tree(const spbe_reader_t *reader, const spbe_node_t *node)
{
    for (; node != NULL; node = node->next) {
        check_node(reader, node);
        check_tree(reader, node->first);
    }
}

static spbe_node_t *parse(const spbe_reader_t *reader, spbe_span_t field,
                          spbe_span_t text)
{
    const spbe_json_limits_t limits = {
        (unsigned)spbe_limit_depth(reader->settings),
        (unsigned)spbe_limit_nodes(reader->settings)};
    spbe_json_report_t report = {.name = SPBE_SPAN_EMPTY};
    spbe_node_t *tree = spbe_json_tree(text, &limits, &report, reader->pool);

    add_faults(reader, field, &report);
    check_tree(reader, tree);
    return tree;
}

void spbe_reading_json(const spbe_reader_t *reader)
{
    spbe_reading_t *reading = reader->reading;

    if (reading->view->body_cut) {
        return;
    }
    reading->json = parse(reader, SPBE_SPAN_EMPTY, reading->view->body);
    reading->broken = reading->json == NULL;
}

void spbe_reading_json_part(const spbe_reader_t *reader, spbe_span_t name,
                            spbe_span_t data)
{
    parse(reader, name, data);
}
