/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex_parse.c - take a pattern apart as ECMA-262 has it with flag u.
 * See regex_tree.h.
 *
 * Nothing of its Annex B is taken: that holds without the flag only.
 */
#include "input/regex_tree.h"

#include "text/utf8.h"

#define PATTERN_MAX 65535
#define DEPTH_MAX 100
#define GROUPS_MAX 1000
/* PCRE2 counts no further. */
#define REPEAT_MAX 65535

static spbe_regex_node_t *read_choice(spbe_regex_reader_t *reader);

static spbe_regex_node_t *make(spbe_regex_reader_t *reader,
                               spbe_regex_kind_t kind)
{
    spbe_regex_node_t *node = apr_pcalloc(reader->tree->pool, sizeof(*node));

    node->kind = kind;
    node->text = SPBE_SPAN_EMPTY;
    node->name = SPBE_SPAN_EMPTY;
    return node;
}

static spbe_regex_node_t *fail(spbe_regex_reader_t *reader, const char *error)
{
    spbe_regex_fail(reader, error);
    return NULL;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Decimal digits at the front; at most REPEAT_MAX + 1 whatever stands there. */
static unsigned take_number(spbe_regex_reader_t *reader)
{
    unsigned value = 0;
    size_t i = 0;

    while (i < reader->rest.len && is_digit(reader->rest.ptr[i])) {
        value = value * 10 + (unsigned)(reader->rest.ptr[i++] - '0');
        value = value > REPEAT_MAX ? REPEAT_MAX + 1 : value;
    }
    reader->rest = spbe_span_slice(reader->rest, i, reader->rest.len);
    return value;
}

static int at_digit(const spbe_regex_reader_t *reader)
{
    return reader->rest.len > 0 && is_digit(reader->rest.ptr[0]);
}

/* {n} {n,} {n,m} behind the brace. */
static int read_braces(spbe_regex_reader_t *reader, unsigned *min,
                       unsigned *max)
{
    if (!at_digit(reader)) {
        return spbe_regex_fail(reader, "a { that begins no repeat");
    }
    *min = take_number(reader);
    *max = *min;
    if (spbe_regex_take(reader, SPBE_SPAN(","))) {
        *max = at_digit(reader) ? take_number(reader) : SPBE_REGEX_MANY;
    }
    if (!spbe_regex_take(reader, SPBE_SPAN("}"))) {
        return spbe_regex_fail(reader, "a { that begins no repeat");
    }
    if (*min > REPEAT_MAX || (*max > REPEAT_MAX && *max != SPBE_REGEX_MANY)) {
        spbe_regex_beyond(reader, "a repeat of more than 65535 times");
    }
    return *min <= *max ||
           spbe_regex_fail(reader, "a repeat that is out of order");
}

/* 1: a repeat was taken; 0: there is none, or it is bad. */
static int read_quantifier(spbe_regex_reader_t *reader, unsigned *min,
                           unsigned *max)
{
    if (spbe_regex_take(reader, SPBE_SPAN("*"))) {
        *min = 0;
        *max = SPBE_REGEX_MANY;
        return 1;
    }
    if (spbe_regex_take(reader, SPBE_SPAN("+"))) {
        *min = 1;
        *max = SPBE_REGEX_MANY;
        return 1;
    }
    if (spbe_regex_take(reader, SPBE_SPAN("?"))) {
        *min = 0;
        *max = 1;
        return 1;
    }
    return spbe_regex_take(reader, SPBE_SPAN("{")) &&
           read_braces(reader, min, max);
}

static spbe_regex_node_t *read_repeat(spbe_regex_reader_t *reader,
                                      spbe_regex_node_t *atom)
{
    unsigned min, max;
    spbe_regex_node_t *repeat;

    if (atom == NULL || !read_quantifier(reader, &min, &max)) {
        return reader->tree->error == NULL ? atom : NULL;
    }
    repeat = make(reader, SPBE_RE_REPEAT);
    repeat->first = atom;
    repeat->min = min;
    repeat->max = max;
    repeat->lazy = spbe_regex_take(reader, SPBE_SPAN("?")) ? 1 : 0;
    return repeat;
}

/* Letters, digits, '_', '$' and whatever is beyond ASCII. */
static spbe_span_t take_name(spbe_regex_reader_t *reader)
{
    spbe_span_t rest = reader->rest, name;
    size_t i = 0;

    while (i < rest.len &&
           (is_digit(rest.ptr[i]) || (rest.ptr[i] | 0x20) >= 'a' ||
            rest.ptr[i] == '_' || rest.ptr[i] == '$' ||
            (unsigned char)rest.ptr[i] >= 0x80) &&
           spbe_span_chr(SPBE_SPAN("{|}~`@[\\]^"), rest.ptr[i]) == SPBE_NPOS) {
        i++;
    }
    name = spbe_span_slice(rest, 0, i);
    reader->rest = spbe_span_slice(rest, i, rest.len);
    if (i == 0 || is_digit(name.ptr[0]) || !spbe_utf8_valid(name) ||
        !spbe_regex_take(reader, SPBE_SPAN(">"))) {
        spbe_regex_fail(reader, "a name of a group that is none");
    }
    return name;
}

/* Up to its ')'. */
static spbe_regex_node_t *read_inside(spbe_regex_reader_t *reader,
                                      spbe_regex_node_t *group)
{
    if (++reader->depth > DEPTH_MAX) {
        return fail(reader, "groups nested too deep");
    }
    group->first = read_choice(reader);
    reader->depth--;
    if (group->first == NULL) {
        return NULL;
    }
    group->closed = 1;
    return spbe_regex_take(reader, SPBE_SPAN(")"))
               ? group
               : fail(reader, "a ( without its )");
}

static spbe_regex_node_t *read_capture(spbe_regex_reader_t *reader, int named)
{
    spbe_regex_node_t *group = make(reader, SPBE_RE_GROUP);

    if (named) {
        group->name = take_name(reader);
        if (reader->tree->error == NULL &&
            spbe_regex_refer_find(reader, group->name) != NULL) {
            return fail(reader, "two groups of one name");
        }
    }
    if (reader->tree->error != NULL) {
        return NULL;
    }
    if (reader->group_nodes->nelts == GROUPS_MAX) {
        return fail(reader, "more than 1000 groups");
    }
    APR_ARRAY_PUSH(reader->group_nodes, spbe_regex_node_t *) = group;
    group->number = ++reader->tree->groups;
    return read_inside(reader, group);
}

/* Lookarounds are assertions: with flag u none is repeated. */
static spbe_regex_node_t *read_look(spbe_regex_reader_t *reader,
                                    spbe_span_t opening)
{
    spbe_regex_node_t *node = make(reader, SPBE_RE_LOOK);
    unsigned behind = opening.len == 4;

    node->text = opening;
    reader->behind += behind;
    node = read_inside(reader, node);
    reader->behind -= behind;
    return node;
}

static spbe_regex_node_t *read_group(spbe_regex_reader_t *reader)
{
    static const spbe_span_t looks[] = {
        {"(?=", 3}, {"(?!", 3}, {"(?<=", 4}, {"(?<!", 4}};
    size_t i;

    for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        if (spbe_regex_take(reader, looks[i])) {
            return read_look(reader, looks[i]);
        }
    }
    if (spbe_regex_take(reader, SPBE_SPAN("(?:"))) {
        return read_repeat(reader,
                           read_inside(reader, make(reader, SPBE_RE_GROUP)));
    }
    if (spbe_regex_take(reader, SPBE_SPAN("(?<"))) {
        return read_repeat(reader, read_capture(reader, 1));
    }
    if (spbe_span_starts(reader->rest, SPBE_SPAN("(?"))) {
        return fail(reader, "a group (?...) that ECMA-262 does not have");
    }
    spbe_regex_take(reader, SPBE_SPAN("("));
    return read_repeat(reader, read_capture(reader, 0));
}

/* A group that is not closed yet has not matched: the reference is empty. */
static spbe_regex_node_t *refer(spbe_regex_reader_t *reader,
                                const spbe_regex_node_t *group)
{
    spbe_regex_node_t *node = make(reader, SPBE_RE_BACK);

    if (group != NULL && group->closed) {
        if (reader->behind > 0) {
            spbe_regex_beyond(reader, "a reference within (?<=...)");
        }
        node->group = group;
        reader->tree->references++;
    }
    return node;
}

static spbe_regex_node_t *read_numbered(spbe_regex_reader_t *reader)
{
    unsigned number;

    spbe_regex_take(reader, SPBE_SPAN("\\"));
    number = take_number(reader);
    reader->highest = number > reader->highest ? number : reader->highest;
    return refer(reader,
                 number <= (unsigned)reader->group_nodes->nelts
                     ? APR_ARRAY_IDX(reader->group_nodes, (int)number - 1,
                                     spbe_regex_node_t *)
                     : NULL);
}

static spbe_regex_node_t *read_named(spbe_regex_reader_t *reader)
{
    spbe_span_t name;

    spbe_regex_take(reader, SPBE_SPAN("\\k"));
    if (!spbe_regex_take(reader, SPBE_SPAN("<"))) {
        return fail(reader, "\\k without <name>");
    }
    name = take_name(reader);
    if (reader->tree->error != NULL) {
        return NULL;
    }
    APR_ARRAY_PUSH(reader->wanted, spbe_span_t) = name;
    return refer(reader, spbe_regex_refer_find(reader, name));
}

static spbe_regex_node_t *read_set(spbe_regex_reader_t *reader,
                                   int (*read)(spbe_regex_reader_t *,
                                               spbe_span_t *))
{
    spbe_regex_node_t *node = make(reader, SPBE_RE_SET);

    return read(reader, &node->text) ? read_repeat(reader, node) : NULL;
}

static spbe_regex_node_t *read_assertion(spbe_regex_reader_t *reader,
                                         spbe_regex_kind_t kind, size_t len)
{
    spbe_regex_node_t *node = make(reader, kind);

    node->text = spbe_span_slice(reader->rest, 0, len);
    reader->rest = spbe_span_slice(reader->rest, len, reader->rest.len);
    return node;
}

static spbe_regex_node_t *read_escape(spbe_regex_reader_t *reader)
{
    char c = reader->rest.len > 1 ? reader->rest.ptr[1] : '\0';

    if (c == 'b' || c == 'B') {
        return read_assertion(reader, SPBE_RE_BOUNDARY, 2);
    }
    if (c >= '1' && c <= '9') {
        return read_repeat(reader, read_numbered(reader));
    }
    if (c == 'k') {
        return read_repeat(reader, read_named(reader));
    }
    return read_set(reader, spbe_regex_set_escape);
}

static spbe_regex_node_t *read_term(spbe_regex_reader_t *reader)
{
    switch (reader->rest.ptr[0]) {
    case '^':
        return read_assertion(reader, SPBE_RE_START, 1);
    case '$':
        return read_assertion(reader, SPBE_RE_END, 1);
    case '(':
        return read_group(reader);
    case '[':
        return read_set(reader, spbe_regex_set_class);
    case '.':
        return read_set(reader, spbe_regex_set_dot);
    case '\\':
        return read_escape(reader);
    case '*':
    case '+':
    case '?':
    case '{':
        return fail(reader, "a repeat of nothing");
    case ']':
    case '}':
        return fail(reader, "a ] or } without its beginning");
    default:
        return read_set(reader, spbe_regex_set_char);
    }
}

static spbe_regex_node_t *read_sequence(spbe_regex_reader_t *reader)
{
    spbe_regex_node_t *sequence = make(reader, SPBE_RE_SEQUENCE);
    spbe_regex_node_t **end = &sequence->first;

    while (reader->rest.len > 0 && reader->rest.ptr[0] != '|' &&
           reader->rest.ptr[0] != ')') {
        *end = read_term(reader);
        if (*end == NULL) {
            return NULL;
        }
        end = &(*end)->next;
    }
    return sequence;
}

static spbe_regex_node_t *read_choice(spbe_regex_reader_t *reader)
{
    spbe_regex_node_t *choice = make(reader, SPBE_RE_CHOICE);
    spbe_regex_node_t **end = &choice->first;

    do {
        *end = read_sequence(reader);
        if (*end == NULL) {
            return NULL;
        }
        end = &(*end)->next;
    } while (spbe_regex_take(reader, SPBE_SPAN("|")));
    return choice->first->next == NULL ? choice->first : choice;
}

int spbe_regex_parse(spbe_span_t pattern, spbe_regex_tree_t *tree,
                     apr_pool_t *pool)
{
    spbe_regex_reader_t reader = {.rest = pattern, .tree = tree};

    *tree = (spbe_regex_tree_t){.pool = pool};
    spbe_buf_init(&tree->sample, 64, pool);
    if (pattern.len > PATTERN_MAX) {
        return spbe_regex_fail(&reader, "longer than 65535 bytes");
    }
    reader.group_nodes = apr_array_make(pool, 4, sizeof(spbe_regex_node_t *));
    reader.wanted = apr_array_make(pool, 1, sizeof(spbe_span_t));
    tree->root = read_choice(&reader);
    if (tree->root == NULL) {
        return 0;
    }
    if (reader.rest.len > 0) {
        return spbe_regex_fail(&reader, "a ) without its (");
    }
    return spbe_regex_refer_check(&reader);
}
