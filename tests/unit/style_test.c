/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/style_test.c - values in one piece, by style, explode and place:
 * the rows of "Style Examples" in OpenAPI 3.1.1, and what is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "input/style.h"
#include "text/jsonout.h"

static apr_pool_t *pool;

/* 's' string, 'a' list of strings, 'n' list of integers, 'o' {R,G,B} of
 * integers. */
static const char *const schemas[][2] = {
    {"s", "{\"type\":\"string\"}"},
    {"i", "{\"type\":\"integer\"}"},
    {"a", "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"},
    {"n", "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"},
    {"o", "{\"type\":\"object\",\"additionalProperties\":"
          "{\"type\":\"integer\"}}"},
    {"d", "{\"type\":\"object\",\"properties\":{\"R\":{\"type\":\"integer\"},"
          "\"kota\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
          "\"umur\":{\"type\":\"object\",\"additionalProperties\":"
          "{\"type\":\"integer\"}}}}"},
};

static const spbe_schema_t *schema_of(char kind)
{
    static const spbe_schema_options_t options = {1, 1, 1};
    spbe_schemas_t *all = spbe_schemas_create(&options, pool);
    spbe_json_report_t report;
    spbe_problems_t *problems;
    spbe_node_t *root = NULL;
    const spbe_schema_t *schema;
    size_t i;

    for (i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
        if (schemas[i][0][0] == kind) {
            root = spbe_json_tree(spbe_span_from(schemas[i][1]), NULL, &report,
                                  pool);
        }
    }
    assert_non_null(root);
    problems = spbe_problems_create("row", SPBE_SPAN_EMPTY, pool);
    spbe_schemas_add(all, "file:///row.json", root);
    schema = spbe_schema_compile(all, "file:///row.json", root, problems);
    assert_non_null(schema);
    return schema;
}

static void write_node(spbe_buf_t *buf, const spbe_node_t *node)
{
    const spbe_node_t *child;

    switch (node->type) {
    case SPBE_NODE_STRING:
        spbe_jsonout_string(buf, node->text);
        return;
    case SPBE_NODE_NUMBER:
        spbe_buf_add(buf, node->text);
        return;
    case SPBE_NODE_BOOLEAN:
        spbe_buf_adds(buf, node->truth ? "true" : "false");
        return;
    case SPBE_NODE_NULL:
        spbe_buf_adds(buf, "null");
        return;
    default:
        break;
    }
    spbe_buf_addc(buf, node->type == SPBE_NODE_ARRAY ? '[' : '{');
    for (child = node->first; child != NULL; child = child->next) {
        spbe_jsonout_comma(buf);
        if (node->type == SPBE_NODE_OBJECT) {
            spbe_jsonout_string(buf, child->name);
            spbe_buf_addc(buf, ':');
        }
        write_node(buf, child);
    }
    spbe_buf_addc(buf, node->type == SPBE_NODE_ARRAY ? ']' : '}');
}

static const char *text_of(const spbe_node_t *node)
{
    spbe_buf_t buf;

    if (node == NULL) {
        return NULL;
    }
    spbe_buf_init(&buf, 64, pool);
    write_node(&buf, node);
    return spbe_buf_cstr(&buf);
}

#define RGB "{\"R\":100,\"G\":200,\"B\":150}"
#define COLOURS "[\"blue\",\"black\",\"brown\"]"

static void style_value(void **state)
{
    static const struct {
        spbe_place_t in;
        spbe_style_t style;
        int explode;
        char kind;
        const char *raw, *want; /* NULL: not as the style has it */
    } rows[] = {
        /* matrix: path */
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 0, 's', ";color", "\"\""},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 0, 's', ";color=blue", "\"blue\""},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 0, 'a', ";color=blue,black,brown",
         COLOURS},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 0, 'o', ";color=R,100,G,200,B,150",
         RGB},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 1, 's', ";color", "\"\""},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 1, 's', ";color=blue", "\"blue\""},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 1, 'a',
         ";color=blue;color=black;color=brown", COLOURS},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 1, 'o', ";R=100;G=200;B=150", RGB},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 0, 's', "color=blue", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 0, 's', ";colour=blue", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 0, 's', ";color=a;color=b", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 0, 's', "", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 1, 'a', ";color=a;x=b", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 1, 'o', ";R=1;R=2", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_MATRIX, 1, 'o', ";=1", NULL},
        /* label: path */
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 0, 's', ".", "\"\""},
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 0, 's', ".blue", "\"blue\""},
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 0, 'a', ".blue,black,brown", COLOURS},
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 0, 'o', ".R,100,G,200,B,150", RGB},
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 1, 's', ".", "\"\""},
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 1, 's', ".blue", "\"blue\""},
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 1, 'a', ".blue.black.brown", COLOURS},
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 1, 'o', ".R=100.G=200.B=150", RGB},
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 1, 's', "blue", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_LABEL, 1, 'o', ".R=100.G", NULL},
        /* simple: path, header */
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 0, 's', "", "\"\""},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 0, 's', "blue", "\"blue\""},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 0, 'a', "blue,black,brown", COLOURS},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 0, 'o', "R,100,G,200,B,150", RGB},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 1, 's', "blue", "\"blue\""},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 1, 'a', "blue,black,brown", COLOURS},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 1, 'o', "R=100,G=200,B=150", RGB},
        {SPBE_IN_HEADER, SPBE_STYLE_SIMPLE, 0, 's', "blue", "\"blue\""},
        {SPBE_IN_HEADER, SPBE_STYLE_SIMPLE, 0, 'a', "blue, black , brown",
         COLOURS},
        {SPBE_IN_HEADER, SPBE_STYLE_SIMPLE, 0, 'o', "R,100,G,200,B,150", RGB},
        {SPBE_IN_HEADER, SPBE_STYLE_SIMPLE, 1, 'o', "R=100, G=200, B=150", RGB},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 0, 'o', "R,100,G", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 0, 'o', "R,1,R,2", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 1, 'o', "R=100,G", NULL},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 0, 'a', "a%2Cb,c%20d",
         "[\"a,b\",\"c d\"]"},
        {SPBE_IN_PATH, SPBE_STYLE_SIMPLE, 0, 's', "a+b", "\"a+b\""},
        {SPBE_IN_HEADER, SPBE_STYLE_SIMPLE, 0, 's', "a%20b", "\"a%20b\""},
        /* form: query, cookie */
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 's', "", "\"\""},
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 's', "blue", "\"blue\""},
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 'a', "blue,black,brown", COLOURS},
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 'o', "R,100,G,200,B,150", RGB},
        {SPBE_IN_COOKIE, SPBE_STYLE_FORM, 0, 'a', "blue,black,brown", COLOURS},
        {SPBE_IN_COOKIE, SPBE_STYLE_FORM, 0, 'o', "R,100,G,200,B,150", RGB},
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 'a', "a+b,c%2Cd",
         "[\"a b\",\"c,d\"]"},
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 'a', "", "[]"},
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 'a', "a,", "[\"a\",\"\"]"},
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 'o', "R", NULL},
        /* spaceDelimited, pipeDelimited: query */
        {SPBE_IN_QUERY, SPBE_STYLE_SPACE, 0, 'a', "blue%20black%20brown",
         COLOURS},
        {SPBE_IN_QUERY, SPBE_STYLE_SPACE, 0, 'a', "blue+black%20brown",
         COLOURS},
        {SPBE_IN_QUERY, SPBE_STYLE_SPACE, 0, 'o', "R%20100%20G%20200%20B%20150",
         RGB},
        {SPBE_IN_QUERY, SPBE_STYLE_PIPE, 0, 'a', "blue%7Cblack%7cbrown",
         COLOURS},
        {SPBE_IN_QUERY, SPBE_STYLE_PIPE, 0, 'a', "blue|black|brown", COLOURS},
        {SPBE_IN_QUERY, SPBE_STYLE_PIPE, 0, 'o', "R%7C100%7CG%7C200%7CB%7C150",
         RGB},
        {SPBE_IN_QUERY, SPBE_STYLE_PIPE, 0, 'o', "R|100|G", NULL},
        /* numbers within a list */
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 'n', "1,2,x", "[1,2,\"x\"]"},
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 'i', "12", "12"},
        {SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 'i', "0x1", "\"0x1\""},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_param_t param = {
            .name = "color", .in = rows[i].in, .style = rows[i].style};
        spbe_coding_t coding = rows[i].in == SPBE_IN_QUERY ? SPBE_CODING_PLUS
                               : rows[i].in == SPBE_IN_HEADER
                                   ? SPBE_CODING_NONE
                                   : SPBE_CODING_PERCENT;
        const char *got;

        param.explode = rows[i].explode ? 1 : 0;
        param.schema = schema_of(rows[i].kind);
        param.types = spbe_schema_types(param.schema);
        got = text_of(spbe_style_value(&param, spbe_span_from(rows[i].raw),
                                       coding, pool));
        print_message("%s %d %c %s\n", spbe_style_name(rows[i].style),
                      rows[i].explode, rows[i].kind, rows[i].raw);
        if (rows[i].want == NULL) {
            assert_null(got);
        }
        else {
            assert_non_null(got);
            assert_string_equal(got, rows[i].want);
        }
    }
}

static void style_json(void **state)
{
    static const struct {
        const char *raw, *want;
    } rows[] = {
        {"%7B%22a%22:1%7D", "{\"a\":1}"}, {"[1,2]", "[1,2]"}, {"{", NULL},
        {"{\"a\":1,\"a\":2}", NULL},      {"", NULL},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_param_t param = {.name = "x", .in = SPBE_IN_QUERY, .is_json = 1};
        const char *got = text_of(spbe_style_value(
            &param, spbe_span_from(rows[i].raw), SPBE_CODING_PLUS, pool));

        print_message("%s\n", rows[i].raw);
        assert_int_equal(got == NULL, rows[i].want == NULL);
        if (got != NULL) {
            assert_string_equal(got, rows[i].want);
        }
    }
}

static void style_scalar(void **state)
{
    static const struct {
        const char *text;
        unsigned types;
        const char *want;
    } rows[] = {
        {"12", SPBE_TYPE_INTEGER, "12"},
        {"12", SPBE_TYPE_NUMBER, "12"},
        {"12", SPBE_TYPE_STRING, "\"12\""},
        {"12", SPBE_TYPE_STRING | SPBE_TYPE_NUMBER, "\"12\""},
        {"12", SPBE_TYPE_ANY, "\"12\""},
        {"1.5", SPBE_TYPE_INTEGER, "1.5"},
        {"+12", SPBE_TYPE_INTEGER, "\"+12\""},
        {"012", SPBE_TYPE_INTEGER, "\"012\""},
        {" 12", SPBE_TYPE_INTEGER, "\" 12\""},
        {"1e3", SPBE_TYPE_NUMBER, "1e3"},
        {"NaN", SPBE_TYPE_NUMBER, "\"NaN\""},
        {"", SPBE_TYPE_NUMBER, "\"\""},
        {"", SPBE_TYPE_NUMBER | SPBE_TYPE_NULL, "null"},
        {"null", SPBE_TYPE_BOOLEAN | SPBE_TYPE_NULL, "null"},
        {"true", SPBE_TYPE_BOOLEAN, "true"},
        {"false", SPBE_TYPE_BOOLEAN, "false"},
        {"True", SPBE_TYPE_BOOLEAN, "\"True\""},
        {"1", SPBE_TYPE_BOOLEAN, "\"1\""},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("%s %x\n", rows[i].text, rows[i].types);
        assert_string_equal(
            text_of(spbe_style_scalar(spbe_span_from(rows[i].text),
                                      rows[i].types, pool)),
            rows[i].want);
    }
}

static void style_deep(void **state)
{
    static const struct {
        const char *fields[8]; /* name, value ... NULL */
        int rc;                /* of the last */
        const char *want;
    } rows[] = {
        {{"color[R]", "100", "color[G]", "200"},
         1,
         "{\"R\":100,\"G\":\"200\"}"},
        {{"color[umur][min]", "17", "color[umur][max]", "60"},
         1,
         "{\"umur\":{\"min\":17,\"max\":60}}"},
        {{"color[kota][]", "a", "color[kota][]", "b"},
         1,
         "{\"kota\":[\"a\",\"b\"]}"},
        {{"color[kota]", "a", "color[kota]", "b"},
         1,
         "{\"kota\":[\"a\",\"b\"]}"},
        {{"color", "1"}, 0, "{}"},
        {{"colors[R]", "1"}, 0, "{}"},
        {{"colo[R]", "1"}, 0, "{}"},
        {{"color[", "1"}, -1, "{}"},
        {{"color[]", "1"}, -1, "{}"},
        {{"color[R", "1"}, -1, "{}"},
        {{"color[R]x", "1"}, -1, "{}"},
        {{"color[[R]]", "1"}, -1, "{}"},
        {{"color[R]", "1", "color[R]", "2"}, -1, "{\"R\":1}"},
        {{"color[R]", "1", "color[R][x]", "2"}, -1, "{\"R\":1}"},
        {{"color[kota][][x]", "1"}, -1, "{\"kota\":[]}"},
    };
    size_t i, k;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_param_t param = {
            .name = "color", .in = SPBE_IN_QUERY, .style = SPBE_STYLE_DEEP};
        spbe_node_t *object =
            spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, pool);
        int rc = 0;

        param.schema = schema_of('d');
        for (k = 0; rows[i].fields[k] != NULL; k += 2) {
            rc = spbe_style_deep(&param, object,
                                 spbe_span_from(rows[i].fields[k]),
                                 spbe_span_from(rows[i].fields[k + 1]), pool);
        }
        print_message("%s\n", rows[i].fields[0]);
        assert_int_equal(rc, rows[i].rc);
        assert_string_equal(text_of(object), rows[i].want);
    }
}

/* Time grows with the length, not with its square. */
static void style_is_linear(void **state)
{
    static const char *const pieces[] = {"|", "%7C", "a=b|", "x|"};
    spbe_param_t param = {
        .name = "x", .in = SPBE_IN_FORM, .style = SPBE_STYLE_PIPE};
    size_t i, k, n = 1024 * 1024;
    char *text = malloc(n + 8);

    assert_non_null(text);
    param.schema = schema_of('o');
    param.types = spbe_schema_types(param.schema);
    for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        apr_time_t begin = apr_time_now();

        for (k = 0; k < n; k += strlen(pieces[i])) {
            memcpy(text + k, pieces[i], strlen(pieces[i]));
        }
        spbe_style_value(&param, (spbe_span_t){text, k}, SPBE_CODING_PLUS,
                         pool);
        assert_true(apr_time_now() - begin < apr_time_from_sec(5));
    }
    free(text);
}

static int setup(void **state)
{
    apr_initialize();
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(style_value),     cmocka_unit_test(style_json),
        cmocka_unit_test(style_scalar),    cmocka_unit_test(style_deep),
        cmocka_unit_test(style_is_linear),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
