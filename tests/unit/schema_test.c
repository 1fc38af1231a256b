/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of input/schema*.c beyond what the official suite asks: faults and
 * their words, errors and warnings for a policy's author, what others ask of
 * a compiled schema, limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "input/schema_build.h"
#include "text/buf.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))
#define URI "file:///policy.json"

static apr_pool_t *fresh(void **state)
{
    apr_pool_t *pool;

    assert_int_equal(apr_pool_create(&pool, *state), APR_SUCCESS);
    return pool;
}

static const spbe_node_t *json(const char *text, apr_pool_t *pool)
{
    spbe_json_limits_t limits = {0, 0};
    spbe_json_report_t report;
    const spbe_node_t *tree =
        spbe_json_tree(spbe_span_from(text), &limits, &report, pool);

    if (tree == NULL) {
        print_error("not JSON at %lu: %.200s\n", (unsigned long)report.offset,
                    text);
        fail();
    }
    return tree;
}

/* As a policy has it: strict, everything asserted. */
static const spbe_schema_t *try(const char *text, spbe_problems_t **problems,
                                apr_pool_t *pool)
{
    spbe_schema_options_t options = {1, 1, 1};
    spbe_schemas_t *schemas = spbe_schemas_create(&options, pool);
    const spbe_node_t *root = json(text, pool);

    *problems = spbe_problems_create("p.json", spbe_span_from(text), pool);
    spbe_schemas_add(schemas, URI, root);
    return spbe_schema_compile(schemas, URI, root, *problems);
}

static const spbe_schema_t *compile(const char *text, apr_pool_t *pool)
{
    spbe_problems_t *problems;
    const spbe_schema_t *schema = try(text, &problems, pool);

    if (schema == NULL) {
        print_error("%.300s: %s\n", text,
                    spbe_problems_first_error(problems, pool));
        fail();
    }
    return schema;
}

/* "keyword pointer arg; ...", the about's label in brackets. */
static const char *told(const apr_array_header_t *faults, apr_pool_t *pool)
{
    spbe_buf_t out;
    int i;

    spbe_buf_init(&out, 64, pool);
    for (i = 0; i < faults->nelts; i++) {
        const spbe_fault_t *fault = &APR_ARRAY_IDX(faults, i, spbe_fault_t);

        spbe_buf_printf(&out, "%s%s \"%s\"", i > 0 ? "; " : "", fault->keyword,
                        fault->pointer);
        if (fault->arg != NULL) {
            spbe_buf_printf(&out, " %s", fault->arg);
        }
        if (fault->about != NULL && fault->about->label_id != NULL) {
            spbe_buf_printf(&out, " [%s]", fault->about->label_id);
        }
    }
    return spbe_buf_cstr(&out);
}

static void faults(void **state)
{
    static const struct {
        const char *schema, *instance, *faults; /* "": valid */
    } rows[] = {
        /* types */
        {"true", "1", ""},
        {"false", "1", "false \"\""},
        {"{\"type\":\"string\"}", "1", "type \"\" string"},
        {"{\"type\":[\"integer\",\"null\"]}", "1.5", "type \"\" null, integer"},
        {"{\"type\":\"integer\"}", "-12", ""},
        {"{\"type\":\"integer\"}", "1.0", ""},
        {"{\"type\":\"integer\"}", "1e400", ""},
        {"{\"type\":\"integer\"}", "1.5", "type \"\" integer"},
        {"{\"type\":[\"number\",\"integer\"]}", "1.5", ""},
        /* numbers are compared as they are written */
        {"{\"minimum\":1,\"maximum\":5}", "0", "minimum \"\" 1"},
        {"{\"minimum\":1,\"maximum\":5}", "5.00000000000000000001",
         "maximum \"\" 5"},
        {"{\"maximum\":9007199254740992}", "9007199254740993",
         "maximum \"\" 9007199254740992"},
        {"{\"maximum\":99999999999999999999}", "99999999999999999998", ""},
        {"{\"exclusiveMinimum\":0}", "0", "exclusiveMinimum \"\" 0"},
        {"{\"exclusiveMinimum\":0}", "1e-300", ""},
        {"{\"exclusiveMaximum\":-5}", "-5.0", "exclusiveMaximum \"\" -5"},
        {"{\"multipleOf\":0.01}", "19.99", ""},
        {"{\"multipleOf\":0.01}", "19.999", "multipleOf \"\" 0.01"},
        {"{\"multipleOf\":7}", "-21", ""},
        {"{\"format\":\"int32\"}", "2147483647", ""},
        {"{\"format\":\"int32\"}", "2147483648", "format \"\" int32"},
        {"{\"format\":\"int32\"}", "-2147483648", ""},
        {"{\"format\":\"int64\"}", "9223372036854775808", "format \"\" int64"},
        {"{\"format\":\"double\"}", "1e400", "format \"\" double"},
        {"{\"format\":\"float\"}", "1.5", ""},
        {"{\"type\":\"string\",\"format\":\"password\"}", "\"x\"", ""},
        {"{\"type\":\"string\",\"format\":\"byte\"}", "\"QQ==\"", ""},
        {"{\"type\":\"string\",\"format\":\"byte\"}", "\"Q\"",
         "contentEncoding \"\" base64"},
        /* strings */
        {"{\"minLength\":2,\"maxLength\":3}", "\"a\"", "minLength \"\" 2"},
        {"{\"minLength\":2,\"maxLength\":3}", "\"abcd\"", "maxLength \"\" 3"},
        {"{\"minLength\":2,\"maxLength\":3}", "\"\\u00e9\\u00e9\"", ""},
        {"{\"minLength\":2}", "\"\xf0\x9f\x98\x80\"", "minLength \"\" 2"},
        {"{\"maxLength\":1}", "\"\xf0\x9f\x98\x80\"", ""},
        {"{\"minLength\":2.0}", "\"ab\"", ""},
        {"{\"pattern\":\"^[0-9]{4}$\"}", "\"12a4\"", "pattern \"\""},
        {"{\"format\":\"date\"}", "\"2026-02-30\"", "format \"\" date"},
        {"{\"format\":\"nik\"}", "12", "type \"\" string"},
        {"{\"format\":\"nik\"}", "\"12\"", "format \"\" nik"},
        {"{\"format\":\"nik\",\"type\":\"string\"}", "3201010101900001",
         "type \"\" string"},
        {"{\"minLength\":5,\"pattern\":\"^x\"}", "\"ab\"",
         "minLength \"\" 5; pattern \"\""},
        /* enum and const */
        {"{\"enum\":[\"L\",\"P\"]}", "\"X\"", "enum \"\" L, P"},
        {"{\"enum\":[\"L\",\"P\"]}", "\"L\"", ""},
        {"{\"enum\":[1,2,3,4,5,6]}", "6.0", ""},
        {"{\"enum\":[1,2,3,4,5,6]}", "7", "enum \"\" 1, 2, 3, 4, 5, 6"},
        {"{\"enum\":[true]}", "false", "enum \"\""},
        {"{\"enum\":[\"a\"],\"x-spbe-sensitivity\":\"secret\"}", "\"b\"",
         "enum \"\""},
        {"{\"const\":\"ya\"}", "\"tidak\"", "const \"\" ya"},
        {"{\"const\":{\"a\":[1]}}", "{\"a\":[1.0]}", ""},
        {"{\"const\":{\"a\":1}}", "{\"a\":2}", "const \"\""},
        {"{\"const\":\"ya\",\"x-spbe-sensitivity\":\"secret\"}", "1",
         "const \"\""},
        /* objects */
        {"{\"required\":[\"a\",\"b\"]}", "{\"b\":1}", "required \"\" a"},
        {"{\"properties\":{\"a\":{\"x-spbe-label\":\"Nama\"}},"
         "\"required\":[\"a\"]}",
         "{}", "required \"\" a [Nama]"},
        {"{\"allOf\":[{\"required\":[\"a\"]}],"
         "\"properties\":{\"a\":{\"x-spbe-label\":\"Nama\"}}}",
         "{}", "required \"\" a [Nama]"},
        {"{\"properties\":{\"a/b~c\":{\"type\":\"string\"}}}", "{\"a/b~c\":1}",
         "type \"/a~1b~0c\" string"},
        {"{\"properties\":{\"a\":false}}", "{\"a\":1}", "properties \"/a\" a"},
        {"{\"patternProperties\":{\"^x\":false}}", "{\"xy\":1,\"y\":2}",
         "patternProperties \"/xy\" xy"},
        {"{\"properties\":{\"a\":true},\"additionalProperties\":false}",
         "{\"a\":1,\"b\":1}", "additionalProperties \"/b\" b"},
        {"{\"additionalProperties\":{\"type\":\"string\"}}", "{\"b\":1}",
         "type \"/b\" string"},
        {"{\"propertyNames\":{\"maxLength\":2}}", "{\"ab\":1,\"abc\":2}",
         "propertyNames \"/abc\" abc"},
        {"{\"minProperties\":1}", "{}", "minProperties \"\" 1"},
        {"{\"maxProperties\":1}", "{\"a\":1,\"b\":2}", "maxProperties \"\" 1"},
        {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}",
         "dependentRequired \"\" b"},
        {"{\"dependentSchemas\":{\"a\":{\"required\":[\"c\"]}}}", "{\"a\":1}",
         "required \"\" c"},
        {"{\"properties\":{\"a\":{\"type\":\"string\"}}}",
         "{\"a\":\"x\",\"a\":1}", "type \"/a\" string"},
        {"{\"properties\":{\"a\":{\"type\":\"string\"},"
         "\"b\":{\"minimum\":3}},\"required\":[\"c\"]}",
         "{\"a\":1,\"b\":2}",
         "type \"/a\" string; minimum \"/b\" 3; required \"\" c"},
        /* arrays */
        {"{\"items\":{\"type\":\"string\"}}", "[\"a\",1,2]",
         "type \"/1\" string; type \"/2\" string"},
        {"{\"prefixItems\":[true,{\"type\":\"null\"}],\"items\":false}",
         "[1,1,1]", "type \"/1\" null; items \"/2\""},
        {"{\"contains\":{\"const\":1}}", "[2]", "contains \"\""},
        {"{\"contains\":{\"const\":1},\"minContains\":2}", "[1]",
         "minContains \"\" 2"},
        {"{\"contains\":{\"const\":1},\"maxContains\":1}", "[1,1]",
         "maxContains \"\" 1"},
        {"{\"minItems\":1}", "[]", "minItems \"\" 1"},
        {"{\"maxItems\":1}", "[1,2]", "maxItems \"\" 1"},
        {"{\"uniqueItems\":true}", "[1,\"1\",1.0]", "uniqueItems \"\""},
        {"{\"uniqueItems\":true}",
         "[1,2,3,4,5,6,{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]",
         "uniqueItems \"\""},
        {"{\"uniqueItems\":true}", "[1,2,3,4,5,6,[1],[2],{},null]", ""},
        {"{\"prefixItems\":[true],\"unevaluatedItems\":false}", "[1,2]",
         "unevaluatedItems \"/1\""},
        /* applicators */
        {"{\"anyOf\":[{\"minLength\":3},{\"maxLength\":1}]}", "\"ab\"",
         "anyOf \"\""},
        {"{\"anyOf\":[{\"type\":\"string\",\"minLength\":3},"
         "{\"type\":\"null\"}]}",
         "\"ab\"", "minLength \"\" 3"},
        {"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "1",
         "anyOf \"\""},
        {"{\"oneOf\":[{\"type\":\"integer\",\"minimum\":3},"
         "{\"type\":\"string\"}]}",
         "2", "minimum \"\" 3"},
        {"{\"oneOf\":[true,true]}", "1", "oneOf \"\""},
        {"{\"oneOf\":[{\"properties\":{\"k\":{\"const\":\"a\"},"
         "\"v\":{\"minimum\":3}}},{\"properties\":{\"k\":"
         "{\"const\":\"b\"}}}]}",
         "{\"k\":\"a\",\"v\":2}", "minimum \"/v\" 3"},
        {"{\"oneOf\":[{\"properties\":{\"k\":{\"const\":\"a\"}}},"
         "{\"properties\":{\"k\":{\"const\":\"b\"}}}]}",
         "{\"k\":\"c\"}", "oneOf \"\""},
        {"{\"not\":{\"type\":\"null\"}}", "null", "not \"\""},
        {"{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]},"
         "\"else\":{\"required\":[\"c\"]}}",
         "{\"a\":1}", "required \"\" b"},
        {"{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]},"
         "\"else\":{\"required\":[\"c\"]}}",
         "{}", "required \"\" c"},
        {"{\"allOf\":[{\"properties\":{\"a\":{\"minLength\":9}}},"
         "{\"required\":[\"b\"]}],\"unevaluatedProperties\":false}",
         "{\"a\":\"x\",\"b\":1}",
         "minLength \"/a\" 9; unevaluatedProperties \"/b\" b"},
        {"{\"anyOf\":[{\"properties\":{\"a\":{\"const\":1}}},"
         "{\"properties\":{\"a\":{\"const\":2}}}],"
         "\"unevaluatedProperties\":false}",
         "{\"a\":3}", "anyOf \"\""},
        /* labels: the outer one, the array's for its elements */
        {"{\"properties\":{\"nik\":{\"$ref\":\"#/$defs/n\","
         "\"x-spbe-label\":{\"id\":\"NIK Anda\",\"en\":\"Your NIK\"}}},"
         "\"$defs\":{\"n\":{\"type\":\"string\",\"minLength\":16,"
         "\"x-spbe-label\":\"NIK\"}}}",
         "{\"nik\":\"1\"}", "minLength \"/nik\" 16 [NIK Anda]"},
        {"{\"allOf\":[{\"properties\":{\"a\":{\"minLength\":2}}},"
         "{\"properties\":{\"a\":{\"x-spbe-label\":\"Nama\"}}}]}",
         "{\"a\":\"\"}", "minLength \"/a\" 2 [Nama]"},
        {"{\"properties\":{\"t\":{\"x-spbe-label\":\"Telepon\","
         "\"items\":{\"type\":\"string\"}}}}",
         "{\"t\":[1]}", "type \"/t/0\" string [Telepon]"},
        {"{\"x-spbe-label\":\"Formulir\","
         "\"properties\":{\"a\":{\"type\":\"string\"}}}",
         "{\"a\":1}", "type \"/a\" string"},
        /* content */
        {"{\"contentEncoding\":\"base64\"}", "\"QUI=\"", ""},
        {"{\"contentEncoding\":\"base64\"}", "\"QUI\"",
         "contentEncoding \"\" base64"},
        {"{\"contentEncoding\":\"base64\"}", "\"QU-_\"",
         "contentEncoding \"\" base64"},
        {"{\"contentEncoding\":\"base64\"}", "\"\"", ""},
        {"{\"contentEncoding\":\"base64\"}", "\"====\"",
         "contentEncoding \"\" base64"},
        {"{\"contentEncoding\":\"base64url\"}", "\"QU-_\"", ""},
        {"{\"contentEncoding\":\"base64url\"}", "\"QUI=\"", ""},
        {"{\"contentEncoding\":\"base32\"}", "\"MZXW6YQ=\"", ""},
        {"{\"contentEncoding\":\"base32\"}", "\"MZXW6YR=\"",
         "contentEncoding \"\" base32"},
        {"{\"contentEncoding\":\"base32\"}", "\"mzxw6yq=\"",
         "contentEncoding \"\" base32"},
        {"{\"contentEncoding\":\"base16\"}", "\"00fF\"", ""},
        {"{\"contentEncoding\":\"base16\"}", "\"00f\"",
         "contentEncoding \"\" base16"},
        {"{\"contentEncoding\":\"quoted-printable\"}", "\"a=3D=\\r\\nb\"", ""},
        {"{\"contentEncoding\":\"quoted-printable\"}", "\"a=3\"",
         "contentEncoding \"\" quoted-printable"},
        {"{\"contentMediaType\":\"application/json\"}", "\"{\\\"a\\\":1}\"",
         ""},
        {"{\"contentMediaType\":\"application/json\"}", "\"{\"",
         "contentMediaType \"\" application/json"},
        {"{\"contentMediaType\":\"application/json\"}",
         "\"{\\\"a\\\":1,\\\"a\\\":2}\"",
         "contentMediaType \"\" application/json"},
        {"{\"contentMediaType\":\"application/json\","
         "\"contentEncoding\":\"base64\","
         "\"contentSchema\":{\"type\":\"array\"}}",
         "\"e30=\"", "contentSchema \"\""},
        {"{\"contentMediaType\":\"application/json\","
         "\"contentEncoding\":\"base64\","
         "\"contentSchema\":{\"type\":\"object\"}}",
         "\"e30=\"", ""},
        {"{\"contentMediaType\":\"image/png\"}", "\"x\"", ""},
        {"{\"contentMediaType\":\"application/json\",\"contentSchema\":"
         "{\"properties\":{\"a\":{\"pattern\":\"^(a|aa)+$\"}}}}",
         "\"{\\\"a\\\":"
         "\\\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaab\\\"}\"",
         "limit \"\"; contentSchema \"\""},
        /* recursion through the instance */
        {"{\"properties\":{\"anak\":{\"items\":{\"$ref\":\"#\"}},"
         "\"nama\":{\"type\":\"string\"}}}",
         "{\"anak\":[{\"anak\":[{\"nama\":1}]}]}",
         "type \"/anak/0/anak/0/nama\" string"},
    };
    size_t i;
    int failed = 0;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);
        const spbe_schema_t *schema = compile(rows[i].schema, pool);
        const spbe_node_t *node = json(rows[i].instance, pool);
        apr_array_header_t *found =
            apr_array_make(pool, 4, sizeof(spbe_fault_t));
        int valid = spbe_schema_validate(schema, node, NULL, found, pool);
        int quiet = spbe_schema_validate(schema, node, NULL, NULL, pool);
        const char *text = told(found, pool);

        if (valid != (rows[i].faults[0] == '\0') || quiet != valid ||
            strcmp(text, rows[i].faults) != 0) {
            print_error("%s on %s: %d %d: %s\n", rows[i].schema,
                        rows[i].instance, valid, quiet, text);
            failed = 1;
        }
        apr_pool_destroy(pool);
    }
    assert_false(failed);
}

static void errors(void **state)
{
    static const struct {
        const char *schema, *line; /* it begins so */
    } rows[] = {
        {"{\n  \"minLenght\": 1\n}", "p.json:2:16: minLenght is not a keyword"},
        {"{\"properties\":{\n\"a\":{\"typ\":\"string\"}}}",
         "p.json:2:12: typ is not a keyword"},
        {"{\"x-spbe-labl\":\"a\"}", "p.json:1:16: x-spbe-labl is unknown"},
        {"{\"type\":\"strin\"}", "p.json:1:9: type is one of string"},
        {"{\"type\":[]}", "p.json:1:9: type is one of"},
        {"{\"type\":[\"null\",\"null\"]}", "p.json:1:9: type is one of"},
        {"{\"type\":1}", "p.json:1:9: type is one of"},
        {"{\"minLength\":-1}", "p.json:1:14: minLength is an integer from 0"},
        {"{\"maxLength\":1.5}", "p.json:1:14: maxLength is an integer from 0"},
        {"{\"maxItems\":\"3\"}", "p.json:1:13: maxItems is an integer from 0"},
        {"{\"minimum\":\"1\"}", "p.json:1:12: minimum is a number"},
        {"{\"multipleOf\":0}", "p.json:1:15: multipleOf is above 0"},
        {"{\"minimum\":1,\"exclusiveMinimum\":true}",
         "p.json:1:33: exclusiveMinimum is a number since draft 6: write "
         "the number of minimum here and remove minimum"},
        {"{\"exclusiveMaximum\":false}",
         "p.json:1:21: exclusiveMaximum is a number since draft 6"},
        {"{\"pattern\":\"(\"}", "p.json:1:12: this pattern cannot be used"},
        {"{\"pattern\":1}", "p.json:1:12: pattern is a regular expression"},
        {"{\"patternProperties\":{\"[\":true}}",
         "p.json:1:27: its name, a pattern, cannot be used"},
        {"{\"format\":\"nikk\"}", "p.json:1:11: there is no format nikk"},
        {"{\"format\":1}", "p.json:1:11: format is the name of a format"},
        {"{\"enum\":[]}", "p.json:1:9: enum is an array"},
        {"{\"enum\":\"a\"}", "p.json:1:9: enum is an array"},
        {"{\"uniqueItems\":1}", "p.json:1:16: uniqueItems is true or false"},
        {"{\"required\":true}",
         "p.json:1:13: required is an array of names and stands beside"},
        {"{\"required\":[1]}", "p.json:1:13: required is an array of names"},
        {"{\"required\":[\"a\",\"a\"]}",
         "p.json:1:18: this name stands here twice"},
        {"{\"properties\":[]}",
         "p.json:1:15: properties is an object of schemas"},
        {"{\"properties\":{\"a\":1}}",
         "p.json:1:20: a schema is an object, true or false"},
        {"{\"items\":[{}]}", "p.json:1:10: items is one schema"},
        {"{\"prefixItems\":[]}",
         "p.json:1:16: prefixItems is an array of at least one schema"},
        {"{\"allOf\":{}}",
         "p.json:1:10: allOf is an array of at least one schema"},
        {"{\"not\":1}", "p.json:1:8: a schema is an object"},
        {"{\"dependentRequired\":{\"a\":\"b\"}}",
         "p.json:1:27: a is an array of names"},
        {"{\"$ref\":\"#/$defs/a\"}",
         "p.json:1:9: #/$defs/a leads nowhere: there is nothing"},
        {"{\"$ref\":\"#a\"}", "p.json:1:9: #a leads nowhere: no $anchor"},
        {"{\"$ref\":\"other.json\"}",
         "p.json:1:9: other.json leads nowhere: no schema here has the "
         "address file:///other.json; nothing is fetched"},
        {"{\"$ref\":\"https://example.org/a\"}",
         "p.json:1:9: https://example.org/a leads nowhere"},
        {"{\"$ref\":\"#/a%zz\"}", "p.json:1:9: #/a%zz leads nowhere"},
        {"{\"$ref\":1}", "p.json:1:9: $ref is a URI"},
        {"{\"$ref\":\"#/enum/0\",\"enum\":[1]}",
         "p.json:1:28: a schema is an object"},
        {"{\"$id\":\"a#b\"}", "p.json:1:8: $id has no fragment"},
        {"{\"$anchor\":\"1a\"}", "p.json:1:12: $anchor is a letter or _"},
        {"{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}",
         "p.json:1:12: this dialect is unknown; write"},
        {"{\"$defs\":{\"a\":{\"$anchor\":\"x\"},"
         "\"b\":{\"$anchor\":\"x\"}}}",
         "p.json:1:46: another schema has this name already"},
        {"{\"$defs\":{\"a\":{\"$id\":\"x\"},\"b\":{\"$id\":\"x\"}}}",
         "p.json:1:38: another schema has this name already"},
        {"{\"$defs\":{\"a\":{\"type\":\"x\"}}}", "p.json:1:23: type is"},
        {"{\"type\":\"string\",\"nullable\":true}",
         "p.json:1:29: nullable is not a keyword of draft 2020-12; write "
         "\"type\": [\"string\", \"null\"]"},
        {"{\"definitions\":{}}", "p.json:1:16: definitions is not a keyword "
                                 "of draft 2020-12; write $defs"},
        {"{\"dependencies\":{}}", "p.json:1:17: dependencies is not"},
        {"{\"additionalItems\":true}", "p.json:1:20: additionalItems is"},
        {"{\"id\":\"a\"}", "p.json:1:7: id is not a keyword of draft"},
        {"{\"contentEncoding\":\"rot13\"}",
         "p.json:1:20: contentEncoding is one of base64"},
        {"{\"title\":1}", "p.json:1:10: title is a string"},
        {"{\"prefixItems\":[true],\"prefixItems\":[true,true,true]}",
         "p.json:1:37: prefixItems stands in this schema twice"},
        {"{\"deprecated\":\"yes\"}", "p.json:1:15: deprecated is true or"},
        {"{\"x-spbe-label\":1}", "p.json:1:17: x-spbe-label is a string"},
        {"{\"x-spbe-hint\":{\"fr\":\"a\"}}",
         "p.json:1:16: x-spbe-hint is a string, or an object"},
        {"{\"x-spbe-sensitivity\":\"private\"}",
         "p.json:1:23: x-spbe-sensitivity is public, personal or secret"},
        /* endless */
        {"{\"$ref\":\"#\"}", "p.json:1:1: this schema refers to itself"},
        {"{\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/b\"}]},\n"
         "\"b\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"}]}},"
         "\"$ref\":\"#/$defs/a\"}",
         "p.json:2:15: this schema refers to itself"},
        {"{\"if\":true,\"then\":{\"$ref\":\"#\"}}",
         "p.json:1:19: this schema refers to itself"},
    };
    size_t i;
    int failed = 0;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);
        spbe_problems_t *problems;
        const spbe_schema_t *schema = try(rows[i].schema, &problems, pool);
        const char *line = spbe_problems_first_error(problems, pool);

        if (schema != NULL || line == NULL ||
            strncmp(line, rows[i].line, strlen(rows[i].line)) != 0) {
            print_error("%s: %s\n", rows[i].schema, line ? line : "(none)");
            failed = 1;
        }
        apr_pool_destroy(pool);
    }
    assert_false(failed);
}

static void accepted(void **state)
{
    static const char *const rows[] = {
        "{\"$comment\":\"a\",\"title\":\"a\",\"description\":\"a\","
        "\"default\":1,\"examples\":[1],\"deprecated\":true,"
        "\"readOnly\":true,\"writeOnly\":false}",
        "{\"discriminator\":{\"propertyName\":\"a\"},\"xml\":{},"
        "\"externalDocs\":{\"url\":\"a\"},\"example\":1}",
        "{\"x-anything\":{\"$ref\":\"nowhere\"},\"x-spbe-file\":{},"
        "\"x-spbe-compare\":[]}",
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"}",
        "{\"$schema\":\"https://spec.openapis.org/oas/3.1/dialect/base\"}",
        "{\"enum\":[{\"$ref\":\"nowhere\",\"$id\":\"a\"},{\"$id\":\"a\"}]}",
        "{\"default\":{\"type\":\"nothing\"}}",
        "{\"type\":\"string\",\"format\":\"binary\"}",
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);

        compile(rows[i], pool);
        apr_pool_destroy(pool);
    }
}

static void warnings(void **state)
{
    static const struct {
        const char *schema, *warnings; /* beginnings of texts, by line */
    } rows[] = {
        {"true", ""},
        {"{\"type\":\"string\"}", "1:1 a string of any length\n"},
        {"{\"type\":\"integer\"}", ""},
        {"{\"type\":\"string\",\"maxLength\":9}", ""},
        {"{\"type\":\"string\",\"enum\":[\"a\"]}", ""},
        {"{\"type\":\"string\",\"const\":\"a\"}", ""},
        {"{\"type\":\"string\",\"format\":\"nik\"}", ""},
        {"{\"type\":\"string\",\"format\":\"uri\"}",
         "1:1 a string of any length\n"},
        {"{\"type\":\"string\",\"pattern\":\"^[0-9*]{4}$\"}", ""},
        {"{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}",
         "1:1 a string of any length\n"},
        {"{\"type\":\"string\",\"pattern\":\"^[0-9]{2,}$\"}",
         "1:1 a string of any length\n"},
        {"{\"type\":\"string\",\"pattern\":\"[0-9]{4}\",\"maxLength\":9}",
         "1:28 this pattern is not anchored\n"},
        {"{\"type\":\"string\",\"pattern\":\"^(a+)+$\",\"maxLength\":9}",
         "1:28 this pattern takes very long\n"},
        {"{\"patternProperties\":{\"^(a+)+$\":true}}",
         "1:33 its name, a pattern, takes very long\n"},
        {"{\"properties\":{\"a\":{\"type\":\"string\"},\n"
         "\"b\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
         "1:20 a string of any\n2:29 a string of any\n"},
        {"{\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\",\"maxLength\":9}},"
         "\"$defs\":{\"n\":{\"type\":\"string\"}}}",
         ""},
        {"{\"allOf\":[{\"type\":\"string\"},{\"maxLength\":5}]}", ""},
        {"{\"anyOf\":[{\"type\":\"string\",\"maxLength\":5},"
         "{\"type\":\"null\"}]}",
         ""},
        {"{\"anyOf\":[{\"type\":\"string\",\"maxLength\":5},"
         "{\"type\":\"string\"}]}",
         "1:1 a string of any length\n"},
        {"{\"minLength\":3,\"maxLength\":2}", "1:14 minLength is above\n"},
        {"{\"minimum\":3,\"maximum\":2}", "1:12 minimum is above\n"},
        {"{\"minItems\":3,\"maxItems\":2}", "1:13 minItems is above\n"},
        {"{\"required\":[\"a\"],\"additionalProperties\":false}",
         "1:14 a is required, but not allowed: nothing is accepted\n"},
        {"{\"properties\":{\"nik\":true},\"required\":[\"nik\",\"nikk\"],"
         "\"additionalProperties\":false}",
         "1:46 nikk is required, but not allowed: nothing is accepted; is "
         "\"nik\" meant?\n"},
        {"{\"properties\":{\"nik\":true},\"required\":[\"nikk\"]}",
         "1:40 nikk is required, but no property has that name; is \"nik\" "
         "meant?\n"},
        {"{\"properties\":{\"nik\":true},\"required\":[\"umur\"]}",
         "1:40 umur is required, but no property has that name\n"},
        /* what another part declares, allows by a pattern or forbids */
        {"{\"allOf\":[{\"required\":[\"a\"]},{\"$ref\":\"#/$defs/n\"}],"
         "\"$defs\":{\"n\":{\"properties\":{\"a\":true}}}}",
         ""},
        {"{\"properties\":{\"a\":true},\"anyOf\":[{\"required\":[\"a\"]},"
         "{\"required\":[\"b\"],\"properties\":{\"b\":true}}]}",
         ""},
        {"{\"properties\":{\"a\":true},\"patternProperties\":{\"^x-\":true},"
         "\"required\":[\"x-b\"]}",
         ""},
        {"{\"properties\":{\"a\":true},\"additionalProperties\":"
         "{\"type\":\"integer\"},\"required\":[\"b\"]}",
         ""},
        {"{\"properties\":{\"a\":true},\"additionalProperties\":false,"
         "\"allOf\":[{\"required\":[\"bb\"]}]}",
         "1:77 bb is required, but not allowed: nothing is accepted\n"},
        /* where nothing is declared, nothing is a slip; not and if only ask */
        {"{\"required\":[\"a\"]}", ""},
        {"{\"properties\":{\"a\":true},\"not\":{\"required\":[\"b\"]}}", ""},
        {"{\"properties\":{\"a\":true},\"if\":{\"required\":[\"b\"]},"
         "\"then\":{\"required\":[\"a\"]}}",
         ""},
        {"{\"then\":true}", "1:9 then has no effect\n"},
        {"{\"else\":true}", "1:9 else has no effect\n"},
        {"{\"minContains\":1}", "1:16 minContains has no effect\n"},
        {"{\"type\":\"integer\",\"maxLength\":2}",
         "1:31 maxLength has no effect\n"},
        {"{\"type\":\"string\",\"minimum\":2,\"maxLength\":2}",
         "1:28 minimum has no effect\n"},
        /* what is shared is told once */
        {"{\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\"},"
         "\"b\":{\"$ref\":\"#/$defs/n\"}},\"$defs\":{\"n\":"
         "{\"pattern\":\"x\",\"maxLength\":1}}}",
         "1:91 this pattern is not anchored\n"},
    };
    size_t i;
    int failed = 0;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);
        const char *rest = rows[i].warnings;
        spbe_problems_t *problems;
        const spbe_schema_t *schema = try(rows[i].schema, &problems, pool);
        int n, bad = schema == NULL;

        if (!bad) {
            spbe_schema_lint(schema, problems);
        }
        for (n = 0; n < problems->list->nelts && !bad; n++) {
            const spbe_problem_t *one =
                &APR_ARRAY_IDX(problems->list, n, spbe_problem_t);
            const char *text = apr_psprintf(pool, "%u:%u %s", one->line,
                                            one->column, one->text);
            size_t len = strcspn(rest, "\n");

            bad = len == 0 || strncmp(text, rest, len) != 0;
            rest += bad ? 0 : len + 1;
        }
        if (bad || *rest != '\0') {
            for (n = 0; n < problems->list->nelts; n++) {
                print_error("  %s\n",
                            spbe_problem_line(&APR_ARRAY_IDX(problems->list, n,
                                                             spbe_problem_t),
                                              pool));
            }
            print_error("%s\n", rows[i].schema);
            failed = 1;
        }
        apr_pool_destroy(pool);
    }
    assert_false(failed);
}

static void types(void **state)
{
    static const struct {
        const char *schema;
        unsigned types;
    } rows[] = {
        {"true", SPBE_TYPE_ANY},
        {"false", 0},
        {"{}", SPBE_TYPE_ANY},
        {"{\"type\":\"integer\"}", SPBE_TYPE_INTEGER},
        {"{\"type\":\"number\"}", SPBE_TYPE_NUMBER},
        {"{\"type\":[\"number\",\"integer\"]}", SPBE_TYPE_NUMBER},
        {"{\"type\":[\"string\",\"null\"]}", SPBE_TYPE_STRING | SPBE_TYPE_NULL},
        {"{\"enum\":[1,\"a\"]}", SPBE_TYPE_INTEGER | SPBE_TYPE_STRING},
        {"{\"const\":1.5}", SPBE_TYPE_NUMBER},
        {"{\"const\":true}", SPBE_TYPE_BOOLEAN},
        {"{\"allOf\":[{\"type\":[\"number\",\"string\"]},"
         "{\"type\":[\"integer\",\"null\"]}]}",
         SPBE_TYPE_INTEGER},
        {"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}",
         SPBE_TYPE_STRING | SPBE_TYPE_NULL},
        {"{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}],"
         "\"type\":[\"number\",\"array\"]}",
         SPBE_TYPE_NUMBER},
        {"{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"array\"}}}",
         SPBE_TYPE_ARRAY},
        {"{\"type\":\"string\",\"enum\":[1]}", 0},
    };
    size_t i;
    int failed = 0;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);
        unsigned found = spbe_schema_types(compile(rows[i].schema, pool));

        if (found != rows[i].types) {
            print_error("%s: %#x\n", rows[i].schema, found);
            failed = 1;
        }
        apr_pool_destroy(pool);
    }
    assert_false(failed);
}

static const char *joined(const apr_array_header_t *names, apr_pool_t *pool)
{
    return names == NULL ? "" : apr_array_pstrcat(pool, names, ' ');
}

static void members(void **state)
{
    static const struct {
        const char *schema, *name;
        int forbidden;
        const char *title; /* of the member's schema; NULL: not stated */
    } rows[] = {
        {"{}", "a", 0, NULL},
        {"{\"properties\":{\"a\":{\"title\":\"A\"}}}", "a", 0, "A"},
        {"{\"properties\":{\"a\":{\"title\":\"A\"}}}", "b", 0, NULL},
        {"{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "b", 1,
         NULL},
        {"{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "a", 0,
         ""},
        {"{\"properties\":{\"a\":false}}", "a", 1, ""},
        {"{\"required\":[\"a\"],\"additionalProperties\":false}", "a", 1, NULL},
        {"{\"patternProperties\":{\"^x-\":{\"title\":\"X\"}},"
         "\"additionalProperties\":false}",
         "x-1", 0, "X"},
        {"{\"patternProperties\":{\"^x-\":false}}", "x-1", 1, ""},
        {"{\"additionalProperties\":{\"title\":\"R\"}}", "b", 0, "R"},
        {"{\"unevaluatedProperties\":{\"title\":\"R\"}}", "b", 0, "R"},
        {"{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"properties\":"
         "{\"b\":{\"title\":\"B\"}}}}}",
         "b", 0, "B"},
        {"{\"allOf\":[{\"properties\":{\"a\":{}}},"
         "{\"properties\":{\"b\":{\"title\":\"B\"}}}],"
         "\"unevaluatedProperties\":false}",
         "b", 0, "B"},
        {"{\"allOf\":[{\"properties\":{\"a\":{}}}],"
         "\"unevaluatedProperties\":false}",
         "b", 1, NULL},
        {"{\"allOf\":[{\"properties\":{\"a\":{}}}],"
         "\"additionalProperties\":false}",
         "a", 1, ""},
        {"{\"if\":{\"properties\":{\"a\":{}}},\"then\":true,"
         "\"unevaluatedProperties\":false}",
         "a", 0, NULL},
        {"{\"anyOf\":[{\"additionalProperties\":true}],"
         "\"unevaluatedProperties\":false}",
         "a", 0, NULL},
        {"{\"anyOf\":[true],\"unevaluatedProperties\":false}", "a", 1, NULL},
    };
    size_t i;
    int failed = 0;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);
        const spbe_schema_t *schema = compile(rows[i].schema, pool);
        spbe_span_t name = spbe_span_from(rows[i].name);
        const spbe_schema_t *member = spbe_schema_property(schema, name);
        const char *title = NULL;
        spbe_flat_t flat;

        if (member != NULL) {
            const spbe_node_t *node;

            spbe_schema_flatten(member, &flat, pool);
            node = SPBE_NODE_MEMBER(flat.source, "title");
            title = node == NULL ? "" : spbe_span_dup(node->text, pool);
        }
        if (spbe_schema_forbids(schema, name) != rows[i].forbidden ||
            (title == NULL) != (rows[i].title == NULL) ||
            (title != NULL && strcmp(title, rows[i].title) != 0)) {
            print_error("%s: %s: %s\n", rows[i].schema, rows[i].name,
                        title == NULL ? "(none)" : title);
            failed = 1;
        }
        apr_pool_destroy(pool);
    }
    assert_false(failed);
}

static const char *bound(const spbe_node_t *node, apr_pool_t *pool)
{
    return node == NULL ? "-" : spbe_span_dup(node->text, pool);
}

/* One line for a field: what is not there is left out. */
static const char *flat_line(const spbe_flat_t *flat, apr_pool_t *pool)
{
    return apr_psprintf(
        pool, "%s|%s %s|%s %s|%s %s|%s|%s %s|%s|%s|%s%s|%s|%s|%d",
        spbe_schema_type_names(flat->types, pool),
        bound(flat->min_length, pool), bound(flat->max_length, pool),
        bound(flat->minimum, pool), bound(flat->maximum, pool),
        bound(flat->exclusive_minimum, pool),
        bound(flat->exclusive_maximum, pool), bound(flat->multiple_of, pool),
        bound(flat->min_items, pool), bound(flat->max_items, pool),
        flat->pattern == NULL
            ? "-"
            : spbe_span_dup(spbe_regex_source(flat->pattern), pool),
        flat->format == NULL ? "-" : flat->format->name,
        flat->choices == NULL ? "" : "enum", flat->fixed ? "const" : "",
        joined(flat->required, pool),
        flat->about->label_id == NULL ? "-" : flat->about->label_id,
        flat->complete);
}

/* What two parts say of one member is told as one. */
static void joined_members(void **state)
{
    apr_pool_t *pool = fresh(state);
    const spbe_schema_t *schema =
        compile("{\"allOf\":[{\"properties\":{\"a\":{\"type\":\"string\"},"
                "\"b\":{\"type\":\"null\"}}},{\"$ref\":\"#/$defs/d\"}],"
                "\"properties\":{\"a\":{\"maxLength\":9}},\"$defs\":{\"d\":"
                "{\"properties\":{\"a\":{\"maxLength\":5,"
                "\"x-spbe-label\":\"L\"}}}}}",
                pool);
    const spbe_schema_t *member = spbe_schema_property(schema, SPBE_SPAN("a"));
    spbe_flat_t flat;

    assert_non_null(member);
    spbe_schema_flatten(member, &flat, pool);
    assert_string_equal(flat_line(&flat, pool),
                        "string|- 5|- -|- -|-|- -|-|-|||L|1");
    assert_int_equal(spbe_schema_validate(member, json("\"123456\"", pool),
                                          NULL, NULL, pool),
                     0);
    member = spbe_schema_property(schema, SPBE_SPAN("b"));
    assert_int_equal(spbe_schema_types(member), SPBE_TYPE_NULL);
}

static void names_and_items(void **state)
{
    apr_pool_t *pool = fresh(state);
    const spbe_schema_t *schema =
        compile("{\"properties\":{\"b\":{},\"a\":{}},\"required\":[\"z\"],"
                "\"allOf\":[{\"$ref\":\"#/$defs/x\"}],\"$defs\":{\"x\":"
                "{\"properties\":{\"a\":{},\"c\":{}},"
                "\"items\":{\"type\":\"null\"}}}}",
                pool);

    assert_string_equal(joined(spbe_schema_property_names(schema, pool), pool),
                        "b a c");
    assert_int_equal(spbe_schema_types(spbe_schema_items(schema)),
                     SPBE_TYPE_NULL);
    assert_null(spbe_schema_items(compile("{}", pool)));
}

static void flatten(void **state)
{
    static const struct {
        const char *schema, *line;
    } rows[] = {
        {"{\"type\":\"string\",\"minLength\":1,\"maxLength\":5,"
         "\"pattern\":\"^a$\",\"format\":\"nik\"}",
         "string|1 5|- -|- -|-|- -|^a$|nik|||-|1"},
        {"{\"type\":\"integer\",\"minimum\":1,\"maximum\":5,"
         "\"exclusiveMinimum\":0,\"exclusiveMaximum\":9,\"multipleOf\":2}",
         "integer|- -|1 5|0 9|2|- -|-|-|||-|1"},
        {"{\"$ref\":\"#/$defs/a\",\"maxLength\":3,\"minLength\":0,"
         "\"x-spbe-label\":\"L\",\"$defs\":{\"a\":{\"type\":\"string\","
         "\"maxLength\":9,\"minLength\":2,\"x-spbe-label\":\"M\"}}}",
         "string|2 3|- -|- -|-|- -|-|-|||L|1"},
        {"{\"allOf\":[{\"pattern\":\"^a\"},{\"pattern\":\"b$\"}]}",
         "null, boolean, number, string, array, object|- -|- -|- -|-|- -|"
         "^a|-|||-|0"},
        {"{\"allOf\":[{\"pattern\":\"^a\"}],\"pattern\":\"^a\","
         "\"type\":\"string\"}",
         "string|- -|- -|- -|-|- -|^a|-|||-|1"},
        {"{\"enum\":[\"a\"],\"const\":\"a\"}",
         "string|- -|- -|- -|-|- -|-|-|enumconst||-|1"},
        {"{\"enum\":[\"a\"],\"allOf\":[{\"enum\":[\"b\"]}]}",
         "string|- -|- -|- -|-|- -|-|-|enum||-|0"},
        {"{\"anyOf\":[{\"type\":\"string\",\"maxLength\":3,"
         "\"x-spbe-label\":\"L\"},{\"type\":\"null\"}]}",
         "null, string|- 3|- -|- -|-|- -|-|-|||L|1"},
        {"{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}",
         "string, integer|- -|- -|- -|-|- -|-|-|||-|0"},
        {"{\"type\":\"string\",\"not\":{\"const\":\"a\"}}",
         "string|- -|- -|- -|-|- -|-|-|||-|0"},
        {"{\"type\":\"string\",\"if\":true,\"then\":{\"maxLength\":1}}",
         "string|- -|- -|- -|-|- -|-|-|||-|0"},
        {"{\"type\":\"array\",\"minItems\":1,\"maxItems\":2,"
         "\"items\":{\"type\":\"string\"}}",
         "array|- -|- -|- -|-|1 2|-|-|||-|1"},
        {"{\"type\":\"array\",\"uniqueItems\":true}",
         "array|- -|- -|- -|-|- -|-|-|||-|0"},
        {"{\"type\":\"object\",\"required\":[\"a\",\"b\"],"
         "\"additionalProperties\":false,"
         "\"allOf\":[{\"required\":[\"c\",\"a\"]}]}",
         "object|- -|- -|- -|-|- -|-|-||a b c|-|1"},
        {"{\"type\":\"object\",\"dependentRequired\":{\"a\":[\"b\"]}}",
         "object|- -|- -|- -|-|- -|-|-|||-|0"},
        {"{\"type\":\"integer\",\"format\":\"int32\"}",
         "integer|- -|- -|- -|-|- -|-|int32|||-|0"},
        {"{\"type\":\"string\",\"contentEncoding\":\"base64\"}",
         "string|- -|- -|- -|-|- -|-|-|||-|0"},
        {"false", "|- -|- -|- -|-|- -|-|-|||-|0"},
    };
    size_t i;
    int failed = 0;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);
        const spbe_schema_t *schema = compile(rows[i].schema, pool);
        const char *line;
        spbe_flat_t flat;

        spbe_schema_flatten(schema, &flat, pool);
        line = flat_line(&flat, pool);
        if (strcmp(line, rows[i].line) != 0) {
            print_error("%s: %s\n", rows[i].schema, line);
            failed = 1;
        }
        apr_pool_destroy(pool);
    }
    assert_false(failed);
}

static void sensitivity(void **state)
{
    static const struct {
        const char *schema, *instance;
        spbe_sensitivity_t sensitivity; /* of the first fault */
    } rows[] = {
        {"{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":1}",
         SPBE_SENS_UNSET},
        {"{\"properties\":{\"a\":{\"type\":\"string\","
         "\"x-spbe-sensitivity\":\"secret\"}}}",
         "{\"a\":1}", SPBE_SENS_SECRET},
        {"{\"properties\":{\"a\":{\"format\":\"nik\"}}}", "{\"a\":\"1\"}",
         SPBE_SENS_PERSONAL},
        {"{\"properties\":{\"a\":{\"format\":\"nik\","
         "\"x-spbe-sensitivity\":\"public\"}}}",
         "{\"a\":\"1\"}", SPBE_SENS_PUBLIC},
        {"{\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"string\","
         "\"format\":\"nik\"},{\"type\":\"null\"}]}}}",
         "{\"a\":\"1\"}", SPBE_SENS_PERSONAL},
        {"{\"x-spbe-sensitivity\":\"secret\",\"properties\":{\"a\":"
         "{\"properties\":{\"b\":{\"type\":\"string\"}}}}}",
         "{\"a\":{\"b\":1}}", SPBE_SENS_SECRET},
        {"{\"x-spbe-sensitivity\":\"secret\",\"properties\":{\"a\":"
         "{\"type\":\"string\",\"x-spbe-sensitivity\":\"public\"}}}",
         "{\"a\":1}", SPBE_SENS_PUBLIC},
        {"{\"allOf\":[{\"properties\":{\"a\":{\"minLength\":2}}},"
         "{\"properties\":{\"a\":{\"x-spbe-sensitivity\":\"secret\"}}}]}",
         "{\"a\":\"\"}", SPBE_SENS_SECRET},
        {"{\"required\":[\"a\"],\"properties\":{\"a\":"
         "{\"x-spbe-sensitivity\":\"personal\"}}}",
         "{}", SPBE_SENS_PERSONAL},
    };
    size_t i;
    int failed = 0;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);
        const spbe_schema_t *schema = compile(rows[i].schema, pool);
        apr_array_header_t *found =
            apr_array_make(pool, 4, sizeof(spbe_fault_t));
        const spbe_about_t *about;

        assert_int_equal(spbe_schema_validate(schema,
                                              json(rows[i].instance, pool),
                                              NULL, found, pool),
                         0);
        assert_int_not_equal(found->nelts, 0);
        about = APR_ARRAY_IDX(found, 0, spbe_fault_t).about;
        if ((about == NULL ? SPBE_SENS_UNSET : about->sensitivity) !=
            rows[i].sensitivity) {
            print_error("%s\n", rows[i].schema);
            failed = 1;
        }
        apr_pool_destroy(pool);
    }
    assert_false(failed);
}

static void openapi_document(void **state)
{
    apr_pool_t *pool = fresh(state);
    spbe_schema_options_t options = {1, 1, 1};
    const char *text =
        "{\"openapi\":\"3.1.0\",\"paths\":{\"/a\":{\"post\":{\"requestBody\":"
        "{\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
        "\"#/components/schemas/A\"},\"example\":{\"schema\":1}}}}}}},"
        "\"components\":{\"schemas\":{\"A\":{\"properties\":{\"b\":"
        "{\"$ref\":\"#bee\"},\"c\":{\"$ref\":\"urn:x:c\"}}},"
        "\"B\":{\"$anchor\":\"bee\",\"type\":\"string\"},"
        "\"C\":{\"$id\":\"urn:x:c\",\"type\":\"null\"}}}}";
    const spbe_node_t *root = json(text, pool), *node;
    spbe_schemas_t *schemas = spbe_schemas_create(&options, pool);
    spbe_problems_t *problems =
        spbe_problems_create("p.json", spbe_span_from(text), pool);
    apr_array_header_t *found = apr_array_make(pool, 4, sizeof(spbe_fault_t));
    const spbe_schema_t *schema;

    spbe_schemas_add(schemas, URI, root);
    node = SPBE_NODE_MEMBER(root, "paths")->first->first;
    node = SPBE_NODE_MEMBER(node, "requestBody")->first->first;
    node = SPBE_NODE_MEMBER(node, "schema");
    schema = spbe_schema_compile(schemas, URI, node, problems);
    assert_non_null(schema);
    assert_ptr_equal(schema, spbe_schema_compile(schemas, URI, node, problems));
    assert_int_equal(spbe_schema_validate(schema,
                                          json("{\"b\":1,\"c\":1}", pool), NULL,
                                          found, pool),
                     0);
    assert_string_equal(told(found, pool),
                        "type \"/b\" string; type \"/c\" null");
    assert_null(spbe_schema_compile(schemas, "file:///other.json",
                                    json("{}", pool), problems));
    assert_int_equal(problems->errors, 1);
}

/* What was refused once is refused again, and so is what refers to it. */
static void broken_stays_broken(void **state)
{
    apr_pool_t *pool = fresh(state);
    spbe_schema_options_t options = {1, 1, 1};
    const char *text = "{\"a\":{\"$ref\":\"#/b\"},\"b\":{\"type\":\"x\"}}";
    const spbe_node_t *root = json(text, pool);
    spbe_schemas_t *schemas = spbe_schemas_create(&options, pool);
    spbe_problems_t *problems =
        spbe_problems_create("p.json", spbe_span_from(text), pool);

    spbe_schemas_add(schemas, URI, root);
    assert_null(spbe_schema_compile(schemas, URI, SPBE_NODE_MEMBER(root, "b"),
                                    problems));
    assert_null(spbe_schema_compile(schemas, URI, SPBE_NODE_MEMBER(root, "a"),
                                    problems));
    assert_null(spbe_schema_compile(schemas, URI, SPBE_NODE_MEMBER(root, "a"),
                                    problems));
    assert_int_equal(problems->errors, 1);
}

static void fifty_faults(void **state)
{
    apr_pool_t *pool = fresh(state);
    const spbe_schema_t *schema =
        compile("{\"items\":{\"type\":\"string\"}}", pool);
    apr_array_header_t *found = apr_array_make(pool, 4, sizeof(spbe_fault_t));
    spbe_buf_t text;
    int i;

    spbe_buf_init(&text, 512, pool);
    for (i = 0; i < 200; i++) {
        spbe_buf_adds(&text, i == 0 ? "[1" : ",1");
    }
    spbe_buf_addc(&text, ']');
    assert_int_equal(spbe_schema_validate(schema,
                                          json(spbe_buf_cstr(&text), pool),
                                          NULL, found, pool),
                     0);
    assert_int_equal(found->nelts, SPBE_FAULTS_MAX);
}

/* {"$defs":{"s0":..,"s1":both of s0 ..}}: 2^n ways through it. */
static const char *doubling(unsigned n, apr_pool_t *pool)
{
    spbe_buf_t text;
    unsigned i;

    spbe_buf_init(&text, 4096, pool);
    spbe_buf_adds(&text, "{\"$defs\":{\"s0\":{\"type\":\"string\"}");
    for (i = 1; i <= n; i++) {
        spbe_buf_printf(&text,
                        ",\"s%u\":{\"allOf\":[{\"$ref\":\"#/$defs/s%u\"},"
                        "{\"$ref\":\"#/$defs/s%u\"}]}",
                        i, i - 1, i - 1);
    }
    spbe_buf_printf(&text, "},\"$ref\":\"#/$defs/s%u\"}", n);
    return spbe_buf_cstr(&text);
}

static void steps_are_bounded(void **state)
{
    apr_pool_t *pool = fresh(state);
    const spbe_schema_t *schema = compile(doubling(10, pool), pool);
    const spbe_node_t *node = json("\"a\"", pool);
    spbe_problems_t *problems =
        spbe_problems_create("p.json", SPBE_SPAN_EMPTY, pool);
    spbe_flat_t flat;

    assert_int_equal(spbe_schema_validate(schema, node, NULL, NULL, pool), 1);
    schema = compile(doubling(40, pool), pool);
    assert_int_equal(spbe_schema_validate(schema, node, NULL, NULL, pool), -1);
    assert_int_equal(spbe_schema_types(schema), SPBE_TYPE_STRING);
    spbe_schema_flatten(schema, &flat, pool);
    assert_false(flat.complete);
    assert_null(spbe_schema_property(schema, SPBE_SPAN("a")));
    assert_int_equal(spbe_schema_property_names(schema, pool)->nelts, 0);
    spbe_schema_lint(schema, problems);
}

/* not must not turn what was given up into what is valid. */
static void giving_up_is_not_valid(void **state)
{
    apr_pool_t *pool = fresh(state);
    const char *text = doubling(40, pool);
    size_t defs = strrchr(text, ',') - text;
    const spbe_schema_t *schema =
        compile(apr_pstrcat(pool, apr_pstrmemdup(pool, text, defs),
                            ",\"not\":{\"$ref\":\"#/$defs/s40\"}}", NULL),
                pool);

    assert_int_equal(
        spbe_schema_validate(schema, json("\"a\"", pool), NULL, NULL, pool),
        -1);
}

static void slow_pattern_is_refused(void **state)
{
    static const char *const schemas[] = {
        "{\"pattern\":\"^(a|aa)+$\"}",
        "{\"not\":{\"pattern\":\"^(a|aa)+$\"}}",
        "{\"anyOf\":[{\"pattern\":\"^(a|aa)+$\"},true]}",
    };
    size_t i;

    for (i = 0; i < ROWS(schemas); i++) {
        apr_pool_t *pool = fresh(state);
        const spbe_schema_t *schema = compile(schemas[i], pool);
        apr_array_header_t *found =
            apr_array_make(pool, 4, sizeof(spbe_fault_t));
        char *text = apr_palloc(pool, 5003);

        memset(text, 'a', 5002);
        text[0] = text[5001] = '"';
        text[5000] = 'b';
        text[5002] = '\0';
        assert_int_equal(
            spbe_schema_validate(schema, json(text, pool), NULL, found, pool),
            0);
        assert_string_equal(APR_ARRAY_IDX(found, 0, spbe_fault_t).keyword,
                            "limit");
        apr_pool_destroy(pool);
    }
}

/* A chain of references may be long, but not without end. */
static void long_chains(void **state)
{
    static const struct {
        unsigned n;
        int fine;
    } rows[] = {{190, 1}, {202, 0}, {20000, 0}};
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);
        spbe_problems_t *problems;
        const spbe_schema_t *schema;
        spbe_buf_t text;
        unsigned n;

        spbe_buf_init(&text, 4096, pool);
        spbe_buf_adds(&text, "{\"$defs\":{\"s0\":{\"type\":\"string\"}");
        for (n = 1; n <= rows[i].n; n++) {
            spbe_buf_printf(&text, ",\"s%u\":{\"$ref\":\"#/$defs/s%u\"}", n,
                            n - 1);
        }
        spbe_buf_printf(&text, "},\"$ref\":\"#/$defs/s%u\"}", rows[i].n);
        schema = try(spbe_buf_cstr(&text), &problems, pool);
        assert_int_equal(schema != NULL, rows[i].fine);
        assert_int_equal(problems->errors, !rows[i].fine);
        if (schema != NULL) {
            assert_int_equal(
                spbe_schema_validate(schema, json("1", pool), NULL, NULL, pool),
                0);
        }
        apr_pool_destroy(pool);
    }
}

/* Only while validating is it seen where a $dynamicRef leads. */
static void dynamic_loop(void **state)
{
    apr_pool_t *pool = fresh(state);
    const spbe_schema_t *schema =
        compile("{\"$id\":\"urn:a:a\",\"$dynamicAnchor\":\"x\","
                "\"$ref\":\"urn:a:b\",\"$defs\":{\"b\":{\"$id\":\"urn:a:b\","
                "\"$dynamicRef\":\"#x\",\"$defs\":{\"c\":"
                "{\"$dynamicAnchor\":\"x\"}}}}}",
                pool);
    apr_array_header_t *found = apr_array_make(pool, 4, sizeof(spbe_fault_t));

    assert_int_equal(
        spbe_schema_validate(schema, json("1", pool), NULL, found, pool), -1);
}

/* 64 levels of a value, each through several references. */
static void deep_instances(void **state)
{
    apr_pool_t *pool = fresh(state);
    const spbe_schema_t *schema =
        compile("{\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/b\"}]},"
                "\"b\":{\"anyOf\":[{\"type\":\"array\","
                "\"items\":{\"$ref\":\"#/$defs/a\"}},{\"type\":\"null\"}]}},"
                "\"$ref\":\"#/$defs/a\"}",
                pool);
    spbe_buf_t text;
    int i;

    spbe_buf_init(&text, 256, pool);
    for (i = 0; i < 126; i++) {
        spbe_buf_addc(&text, i < 63 ? '[' : ']');
        spbe_buf_adds(&text, i == 62 ? "null" : "");
    }
    assert_int_equal(spbe_schema_validate(schema,
                                          json(spbe_buf_cstr(&text), pool),
                                          NULL, NULL, pool),
                     1);
}

/* Many elements, large tables, names past the 64th. */
static void large(void **state)
{
    apr_pool_t *pool = fresh(state);
    spbe_buf_t items, schema, object;
    const spbe_schema_t *compiled;
    apr_array_header_t *found = apr_array_make(pool, 4, sizeof(spbe_fault_t));
    int i;

    spbe_buf_init(&items, 4096, pool);
    spbe_buf_init(&schema, 4096, pool);
    spbe_buf_init(&object, 4096, pool);
    spbe_buf_adds(&schema, "{\"required\":[");
    for (i = 0; i < 20000; i++) {
        spbe_buf_printf(&items, "%s{\"a\":[%d]}", i == 0 ? "[" : ",", i);
        if (i < 200) {
            spbe_buf_printf(&schema, "%s\"n%d\"", i == 0 ? "" : ",", i);
            if (i != 150) {
                spbe_buf_printf(&object, "%s\"n%d\":1", i == 0 ? "{" : ",", i);
            }
        }
    }
    spbe_buf_adds(&items, "]");
    spbe_buf_adds(&schema, "],\"enum\":[{},1,2,3,4,5,6,7,8]}");
    spbe_buf_adds(&object, "}");

    compiled = compile("{\"uniqueItems\":true}", pool);
    assert_int_equal(spbe_schema_validate(compiled,
                                          json(spbe_buf_cstr(&items), pool),
                                          NULL, NULL, pool),
                     1);
    compiled = compile(spbe_buf_cstr(&schema), pool);
    assert_int_equal(spbe_schema_validate(compiled,
                                          json(spbe_buf_cstr(&object), pool),
                                          NULL, found, pool),
                     0);
    assert_string_equal(told(found, pool), "enum \"\"; required \"\" n150");
}

/* RFC 3986 section 5.4, and what schemas use besides. */
static void uris(void **state)
{
    static const struct {
        const char *base, *reference, *uri;
    } rows[] = {
        {"http://a/b/c/d;p?q", "g:h", "g:h"},
        {"http://a/b/c/d;p?q", "g", "http://a/b/c/g"},
        {"http://a/b/c/d;p?q", "./g", "http://a/b/c/g"},
        {"http://a/b/c/d;p?q", "g/", "http://a/b/c/g/"},
        {"http://a/b/c/d;p?q", "/g", "http://a/g"},
        {"http://a/b/c/d;p?q", "//g", "http://g"},
        {"http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"},
        {"http://a/b/c/d;p?q", "g?y", "http://a/b/c/g?y"},
        {"http://a/b/c/d;p?q", "#s", "http://a/b/c/d;p?q#s"},
        {"http://a/b/c/d;p?q", "g#s", "http://a/b/c/g#s"},
        {"http://a/b/c/d;p?q", "g?y#s", "http://a/b/c/g?y#s"},
        {"http://a/b/c/d;p?q", ";x", "http://a/b/c/;x"},
        {"http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q"},
        {"http://a/b/c/d;p?q", ".", "http://a/b/c/"},
        {"http://a/b/c/d;p?q", "./", "http://a/b/c/"},
        {"http://a/b/c/d;p?q", "..", "http://a/b/"},
        {"http://a/b/c/d;p?q", "../g", "http://a/b/g"},
        {"http://a/b/c/d;p?q", "../..", "http://a/"},
        {"http://a/b/c/d;p?q", "../../g", "http://a/g"},
        {"http://a/b/c/d;p?q", "../../../g", "http://a/g"},
        {"http://a/b/c/d;p?q", "/./g", "http://a/g"},
        {"http://a/b/c/d;p?q", "/../g", "http://a/g"},
        {"http://a/b/c/d;p?q", "g.", "http://a/b/c/g."},
        {"http://a/b/c/d;p?q", "..g", "http://a/b/c/..g"},
        {"http://a/b/c/d;p?q", "./../g", "http://a/b/g"},
        {"http://a/b/c/d;p?q", "./g/.", "http://a/b/c/g/"},
        {"http://a/b/c/d;p?q", "g/../h", "http://a/b/c/h"},
        {"http://a/b/c/d;p?q", "g;x=1/../y", "http://a/b/c/y"},
        {"http://a/b/c/d;p?q", "g?y/../x", "http://a/b/c/g?y/../x"},
        {"http://a/b/c/d;p?q", "g#s/../x", "http://a/b/c/g#s/../x"},
        {"http://a", "g", "http://a/g"},
        {"urn:a:b", "#x", "urn:a:b#x"},
        {"urn:a:b", "urn:c:d?+x#y", "urn:c:d?+x#y"},
        {"file:///c:/d/e.json", "f.json", "file:///c:/d/f.json"},
        {"policy.json", "#/a", "policy.json#/a"},
        {"", "a", "a"},
    };
    size_t i;
    int failed = 0;

    for (i = 0; i < ROWS(rows); i++) {
        apr_pool_t *pool = fresh(state);
        const char *uri = spbe_schema_uri_resolve(
            rows[i].base, spbe_span_from(rows[i].reference), pool);

        if (strcmp(uri, rows[i].uri) != 0) {
            print_error("%s + %s = %s\n", rows[i].base, rows[i].reference, uri);
            failed = 1;
        }
        apr_pool_destroy(pool);
    }
    assert_false(failed);
}

static int start(void **state)
{
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    *state = pool;
    return 0;
}

static int stop(void **state)
{
    apr_pool_destroy(*state);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults),
        cmocka_unit_test(errors),
        cmocka_unit_test(accepted),
        cmocka_unit_test(warnings),
        cmocka_unit_test(types),
        cmocka_unit_test(members),
        cmocka_unit_test(joined_members),
        cmocka_unit_test(names_and_items),
        cmocka_unit_test(flatten),
        cmocka_unit_test(sensitivity),
        cmocka_unit_test(openapi_document),
        cmocka_unit_test(broken_stays_broken),
        cmocka_unit_test(fifty_faults),
        cmocka_unit_test(steps_are_bounded),
        cmocka_unit_test(giving_up_is_not_valid),
        cmocka_unit_test(slow_pattern_is_refused),
        cmocka_unit_test(long_chains),
        cmocka_unit_test(dynamic_loop),
        cmocka_unit_test(deep_instances),
        cmocka_unit_test(large),
        cmocka_unit_test(uris),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
