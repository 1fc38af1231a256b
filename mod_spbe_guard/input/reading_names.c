/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_names.c - fields that some application takes for one.
 *
 * Names are brought to the form in which PHP keeps them (blanks and dots in
 * front of a bracket become '_', what stands in brackets a level of its own)
 * and sorted, so that nothing depends on a hash that a visitor could fill.
 */
#include "input/check.h"
#include "input/reading_int.h"
#include "text/jsontree.h"

#include <stdlib.h>
#include <string.h>

/* Between the levels of a key; lower than anything a name may hold. */
#define LEVEL '\001'
#define NEXT '\002' /* the level that "[]" stands for */

typedef struct entry {
    spbe_span_t key;
    const spbe_field_t *field;
    int at; /* in the order sent */
} entry_t;

typedef struct list {
    entry_t *entries;
    size_t count;
} list_t;

/* dots: "a.b" is "a[b]", as .NET and Java have it; else "a_b". */
static spbe_span_t key_of(spbe_span_t name, int dots, apr_pool_t *pool)
{
    char *key = apr_palloc(pool, 2 * name.len + 1);
    size_t i = 0, n = 0;
    int inside = 0, root = 1;

    while (i < name.len && name.ptr[i] == ' ') {
        i++;
    }
    for (; i < name.len; i++) {
        char c = name.ptr[i];

        if (c == '[') {
            key[n++] = LEVEL;
            inside = 1;
            root = 0;
            if (i + 1 < name.len && name.ptr[i + 1] == ']') {
                key[n++] = NEXT;
            }
        }
        else if (c == ']') {
            inside = 0;
        }
        else if (c == '.' && !inside && (dots || !root)) {
            key[n++] = LEVEL;
        }
        else {
            key[n++] = root && (c == '.' || c == ' ') ? '_' : c;
        }
    }
    return (spbe_span_t){key, n};
}

static int by_key(const void *left, const void *right)
{
    const entry_t *a = left, *b = right;
    size_t shorter = a->key.len < b->key.len ? a->key.len : b->key.len;
    int way = shorter == 0 ? 0 : memcmp(a->key.ptr, b->key.ptr, shorter);

    if (way == 0 && a->key.len != b->key.len) {
        way = a->key.len < b->key.len ? -1 : 1;
    }
    return way;
}

static int in_order(const void *left, const void *right)
{
    const entry_t *a = left, *b = right;
    int way = by_key(a, b);

    return way != 0 ? way : a->at - b->at;
}

static void append(list_t *list, const apr_array_header_t *fields, int dots,
                   apr_pool_t *pool)
{
    int i;

    for (i = 0; i < fields->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(fields, i, spbe_field_t);

        list->entries[list->count] =
            (entry_t){key_of(field->name, dots, pool), field, (int)list->count};
        list->count++;
    }
}

static list_t sorted(const apr_array_header_t *first,
                     const apr_array_header_t *second, int dots,
                     apr_pool_t *pool)
{
    size_t size = (size_t)(first->nelts + (second ? second->nelts : 0));
    list_t list = {apr_palloc(pool, (size + 1) * sizeof(entry_t)), 0};

    append(&list, first, dots, pool);
    if (second != NULL) {
        append(&list, second, dots, pool);
    }
    qsort(list.entries, list.count, sizeof(entry_t), in_order);
    return list;
}

static int is_file(const entry_t *entry)
{
    return entry->field->place == SPBE_IN_FILE;
}

/* The hidden field that goes with a checkbox: unchecked first ("0", "1":
 * Moodle, Rails, Yii), or checked first ("true", "false": .NET). */
static int is_checkbox(const entry_t *entries, size_t count)
{
    const spbe_field_t *first = entries[0].field, *second = entries[1].field;

    if (count != 2 || first->place != SPBE_IN_FORM) {
        return 0;
    }
    if (spbe_span_eq(first->value, SPBE_SPAN("0")) &&
        spbe_span_eq(second->value, SPBE_SPAN("1"))) {
        return 1;
    }
    return spbe_span_chr(first->name, '.') != SPBE_NPOS &&
           spbe_span_eq(first->value, SPBE_SPAN("true")) &&
           spbe_span_eq(second->value, SPBE_SPAN("false"));
}

/* WordPress puts the same _wp_http_referer into each part of a page. */
static int is_repeated_mark(const entry_t *entries, size_t count)
{
    const spbe_field_t *first = entries[0].field;
    size_t i;

    for (i = 1; i < count; i++) {
        if (!spbe_span_eq(first->value, entries[i].field->value)) {
            return 0;
        }
    }
    return spbe_span_starts(first->name, SPBE_SPAN("_"));
}

/* Entries of one and the same name. */
static void same_name(const spbe_reader_t *reader, const entry_t *entries,
                      size_t count)
{
    const spbe_field_t *field = entries[0].field;
    size_t i, files = 0;

    for (i = 0; i < count; i++) {
        files += (size_t)is_file(&entries[i]);
    }
    /* One input for several files sends its name with each of them. */
    if (files == count ||
        (files == 0 &&
         (spbe_span_find(field->name, SPBE_SPAN("[]")) != SPBE_NPOS ||
          is_checkbox(entries, count) || is_repeated_mark(entries, count)))) {
        return;
    }
    if (files == 0 &&
        spbe_check_allows_many(reader->settings, reader->reading, field->place,
                               field->name, reader->pool)) {
        return;
    }
    spbe_reading_add(reader, SPBE_REASON_DUPLICATE, field->place, field->name,
                     files > 0 ? "a file and a field of one name"
                               : "a name more than once");
}

static void conflict(const spbe_reader_t *reader, const entry_t *entry,
                     const char *detail)
{
    spbe_reading_add(reader, SPBE_REASON_NAME_CONFLICT, entry->field->place,
                     entry->field->name, detail);
}

/* Entries of one key. */
static void group(const spbe_reader_t *reader, const entry_t *entries,
                  size_t count)
{
    size_t i;

    for (i = 1; i < count; i++) {
        if (!spbe_span_eq(entries[0].field->name, entries[i].field->name)) {
            conflict(reader, &entries[i], "two spellings of one name");
            return;
        }
    }
    if (count > 1) {
        same_name(reader, entries, count);
    }
}

/* "a" is a value, and "a[x]" says that it is a list. */
static int is_within(const entry_t *outer, const entry_t *inner)
{
    return spbe_span_starts(inner->key, outer->key) &&
           inner->key.len > outer->key.len &&
           inner->key.ptr[outer->key.len] == LEVEL;
}

/* Yii puts "M[list]=" before its checkboxes "M[list][]". */
static int is_default(const entry_t *outer, const entry_t *inner)
{
    return outer->field->value.len == 0 && outer->at < inner->at &&
           outer->field->place == inner->field->place &&
           spbe_span_chr(outer->field->name, '[') != SPBE_NPOS;
}

/* "a[]" takes the next number, which "a[0]" may have. */
static int is_mixed(const entry_t *a, const entry_t *b)
{
    size_t i = 0;

    while (i < a->key.len && i < b->key.len && a->key.ptr[i] == b->key.ptr[i]) {
        i++;
    }
    return i > 0 && i < a->key.len && i < b->key.len &&
           a->key.ptr[i - 1] == LEVEL && a->key.ptr[i] == NEXT;
}

static void neighbours(const spbe_reader_t *reader, const entry_t *a,
                       const entry_t *b)
{
    if (is_within(a, b) && !is_default(a, b)) {
        conflict(reader, b, "a value and a list of one name");
    }
    else if (is_mixed(a, b)) {
        conflict(reader, b, "elements with and without a key");
    }
}

static size_t same_keys(const list_t *list, size_t from)
{
    size_t to = from + 1;

    while (to < list->count &&
           spbe_span_eq(list->entries[from].key, list->entries[to].key)) {
        to++;
    }
    return to;
}

static int holds(const apr_array_header_t *fields, char c)
{
    int i;

    for (i = 0; i < fields->nelts; i++) {
        if (spbe_span_chr(APR_ARRAY_IDX(fields, i, spbe_field_t).name, c) !=
            SPBE_NPOS) {
            return 1;
        }
    }
    return 0;
}

/* "a.b" beside "a[b]". */
static void dotted(const spbe_reader_t *reader,
                   const apr_array_header_t *fields)
{
    list_t list;
    size_t i;

    if (!holds(fields, '.') || !holds(fields, '[')) {
        return;
    }
    list = sorted(fields, NULL, 1, reader->pool);
    for (i = 1; i < list.count; i++) {
        const entry_t *a = &list.entries[i - 1], *b = &list.entries[i];

        /* What is one key without dots as well has been named. */
        if (spbe_span_eq(a->key, b->key) &&
            !spbe_span_eq(key_of(a->field->name, 0, reader->pool),
                          key_of(b->field->name, 0, reader->pool))) {
            conflict(reader, b, "two spellings of one name");
        }
    }
}

void spbe_reading_names(const spbe_reader_t *reader,
                        const apr_array_header_t *fields)
{
    list_t list;
    size_t i, next;

    if (fields->nelts < 2) {
        return;
    }
    list = sorted(fields, NULL, 0, reader->pool);
    for (i = 0; i < list.count; i = next) {
        next = same_keys(&list, i);
        group(reader, list.entries + i, next - i);
        if (next < list.count) {
            neighbours(reader, &list.entries[i], &list.entries[next]);
        }
    }
    dotted(reader, fields);
}

/* A member of a JSON body that a field of the query contradicts: frameworks
 * mix the two. */
static void check_member(const spbe_reader_t *reader, const list_t *query,
                         const spbe_node_t *node)
{
    spbe_field_t wanted = {.name = node->name};
    entry_t key = {node->name, &wanted, 0}, *hit;
    spbe_span_t text = node->text;

    if (node->type == SPBE_NODE_BOOLEAN) {
        text = node->truth ? SPBE_SPAN("true") : SPBE_SPAN("false");
    }
    else if (node->type != SPBE_NODE_STRING && node->type != SPBE_NODE_NUMBER) {
        return;
    }
    hit = bsearch(&key, query->entries, query->count, sizeof(key), by_key);
    if (hit != NULL && !spbe_span_eq(hit->field->value, text)) {
        spbe_reading_add(reader, SPBE_REASON_TWO_PLACES, SPBE_IN_JSON,
                         node->name, "another value in the query");
    }
}

static void members(const spbe_reader_t *reader)
{
    const spbe_reading_t *reading = reader->reading;
    const spbe_node_t *node;
    list_t query;

    if (reading->json == NULL || reading->json->type != SPBE_NODE_OBJECT ||
        reading->query->nelts == 0) {
        return;
    }
    query = sorted(reading->query, NULL, 0, reader->pool);
    for (node = reading->json->first; node != NULL; node = node->next) {
        check_member(reader, &query, node);
    }
}

void spbe_reading_places(const spbe_reader_t *reader)
{
    const spbe_reading_t *reading = reader->reading;
    list_t list;
    size_t i;

    members(reader);
    if (reading->query->nelts == 0 || reading->form->nelts == 0) {
        return;
    }
    list = sorted(reading->query, reading->form, 0, reader->pool);
    for (i = 1; i < list.count; i++) {
        const entry_t *a = &list.entries[i - 1], *b = &list.entries[i];
        int apart = (a->field->place == SPBE_IN_QUERY) !=
                    (b->field->place == SPBE_IN_QUERY);

        if (apart && (spbe_span_eq(a->key, b->key) || is_within(a, b))) {
            spbe_reading_add(reader, SPBE_REASON_TWO_PLACES, b->field->place,
                             b->field->name, "a name in the query as well");
        }
    }
}
