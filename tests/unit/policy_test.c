/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/policy_test.c - OpenAPI documents: what is an error and where,
 * what is warned of, and what a request leads to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "input/policy.h"
#include "input/policy_int.h"
#include "text/buf.h"

static apr_pool_t *pool;

/* ' stands for " so that a row can be read. */
static spbe_span_t quoted(const char *text)
{
    char *copy = apr_pstrdup(pool, text), *p;

    for (p = copy; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    return spbe_span_from(copy);
}

static spbe_policy_t *read_text(const char *text, spbe_problems_t **problems)
{
    *problems = spbe_problems_create("p.json", quoted(text), pool);
    return spbe_policy_read(*problems, pool);
}

static spbe_policy_t *must_read(const char *text)
{
    spbe_problems_t *problems;
    spbe_policy_t *policy = read_text(text, &problems);

    if (policy == NULL) {
        print_message("%s\n", spbe_problems_first_error(problems, pool));
    }
    assert_non_null(policy);
    return policy;
}

#define HEAD "{'openapi':'3.1.0','info':{'title':'t','version':'1'},\n"
#define ONE(parameter)                                                         \
    HEAD "'paths':{'/a':{'get':{'parameters':[\n" parameter "]}}}}"
#define BODY(body) HEAD "'paths':{'/a':{'post':{'requestBody':\n" body "}}}}"

/* line:column of the first error, and a part of what it says. */
static void policy_errors(void **state)
{
    static const struct {
        const char *text, *place, *says;
    } rows[] = {
        {"", "p.json:", "not JSON"},
        {"{'a':\n 1,}", "2:4", "not JSON"},
        {"openapi: 3.1.0\ninfo:\n", "p.json:", "this is YAML"},
        {"# x\n---\n\nswagger: '2.0'\n", "p.json:", "this is YAML"},
        {"a: 1\n", "1:1", "not JSON"},
        {"[]", "1:1", "an object"},
        {"{'a':1,\n'a':2}", "2:5", "\"a\" stands in this object twice"},
        {"{}", "p.json:", "\"openapi\": \"3.1.0\" is missing"},
        {"{'swagger':'2.0'}", "1:12", "Swagger 2.0 is not read"},
        {"{\n 'openapi':'3.0.3'}", "2:12", "\"nullable\": true"},
        {"{'openapi':'3.2.0'}", "1:12", "allowed is 3.1"},
        {"{'openapi':'3.1.0','paths':{}}", "1:1", "\"info\""},
        {"{'openapi':'3.1.0','info':{'title':'t'},'paths':{}}", "1:27",
         "needs \"title\" and \"version\""},
        {HEAD "'path':{}}", "2:8", "\"path\" is not known"},
        {HEAD "'components':{}}", "1:1", "\"paths\" is missing"},
        {HEAD "'x-spbe-any':1,'paths':{}}", "2:14", "x-spbe-any"},
        {HEAD "'jsonSchemaDialect':'urn:x','paths':{}}", "2:21",
         "only JSON Schema 2020-12"},
        {HEAD "'paths':[]}", "2:9", "is an object"},
        {HEAD "'paths':{'a':{'get':{}}}}", "2:14", "begins with /"},
        {HEAD "'paths':{'/a':{'gett':{}}}}", "2:23", "\"gett\" is not known"},
        {HEAD "'paths':{'/a':{'get':{'foo':1}}}}", "2:29",
         "\"foo\" is not known in an operation"},
        {HEAD "'paths':{'/a':{'get':{'x-spbe-foo':1}}}}", "2:36",
         "allowed is x-spbe-compare"},
        {HEAD "'paths':{'/a/{x}':{'get':{}}}}", "2:26", "{x} has no parameter"},
        {HEAD "'paths':{'/a/{x}':{'parameters':[{'name':'x','in':'path',"
              "'required':true,'schema':{'type':'integer'}}],'get':{}},\n"
              "'/a/{y}':{'parameters':[{'name':'y','in':'path',"
              "'required':true,'schema':{'type':'integer'}}],'get':{}}}}",
         "3:10", "is the same path as /a/{x}"},
        {HEAD "'paths':{'/a':{'get':{'operationId':'x'},\n"
              "'post':{'operationId':'x'}}}}",
         "3:23", "operationId \"x\" stands here twice"},
        {HEAD "'paths':{'/a':{'$ref':'b.json'}}}", "2:23",
         "stays within this document"},
        {HEAD "'paths':{'/a':{'$ref':'#/components/pathItems/A'}}}", "2:23",
         "leads nowhere"},
        {HEAD "'paths':{'/a':{'$ref':'#/paths/~1a'}}}", "2:15", "circle"},
        {HEAD "'paths':{'/a':{'parameters':{},'get':{}}}}", "2:29",
         "\"parameters\" is a list"},
        /* servers */
        {HEAD "'servers':{},'paths':{'/a':{'get':{}}}}", "2:11",
         "\"servers\" is a list"},
        {HEAD "'servers':[{}],'paths':{'/a':{'get':{}}}}", "2:12",
         "needs \"url\""},
        {HEAD "'servers':[{'url':'/{v}'}],'paths':{'/a':{'get':{}}}}", "2:12",
         "the url has {v}"},
        {HEAD "'servers':[{'url':'/{v}','variables':{'v':{'enum':['1']}}}],"
              "'paths':{'/a':{'get':{}}}}",
         "2:43", "needs \"default\""},
        {HEAD "'servers':[{'url':'/a?b'}],'paths':{'/a':{'get':{}}}}", "2:12",
         "no query"},
        /* parameters */
        {ONE("{}"), "3:1", "needs \"in\""},
        {ONE("{'in':'query','schema':{}}"), "3:1", "needs \"name\""},
        {ONE("{'name':'a','in':'formData','schema':{}}"), "3:1",
         "belong into requestBody"},
        {ONE("{'name':'a','in':'query'}"), "3:1", "either \"schema\""},
        {ONE("{'name':'a','in':'query','schema':{},'content':{}}"), "3:1",
         "either \"schema\""},
        {ONE("{'name':'a','in':'query','content':{}}"), "3:36",
         "one media type"},
        {ONE("{'name':'a','in':'query','style':'form','content':"
             "{'application/json':{}}}"),
         "3:1", "go with \"schema\""},
        {ONE("{'name':'a','in':'query','type':'string'}"), "3:33",
         "\"type\" is not known in a parameter"},
        {ONE("{'name':'a','in':'path','schema':{}}"), "3:1",
         "needs \"required\": true"},
        {ONE("{'name':'a','in':'path','required':true,'schema':{}}"), "2:22",
         "/a has no {a}"},
        {ONE("{'name':'a','in':'query','required':'yes','schema':{}}"), "3:37",
         "true or false"},
        {ONE("{'name':'a','in':'query','style':'matrix','schema':{}}"), "3:34",
         "allowed in query are form"},
        {ONE("{'name':'a','in':'header','style':'form','schema':{}}"), "3:35",
         "allowed in header are simple"},
        {ONE("{'name':'a','in':'cookie','style':'deepObject','schema':{}}"),
         "3:35", "allowed in cookie are form"},
        {ONE("{'name':'a','in':'query','schema':{'type':'text'}}"), "3:43", ""},
        {ONE("{'name':'a','in':'query','schema':{'minLenght':1}}"), "3:48",
         "minLenght"},
        {ONE("{'name':'a','in':'query','schema':{'format':'nikk'}}"), "3:45",
         "nikk"},
        {ONE("{'name':'a','in':'query','schema':{'pattern':'('}}"), "3:46", ""},
        {ONE("{'name':'a','in':'query','schema':{'$ref':'#/x'}}"), "3:43", ""},
        {ONE("{'name':'a','in':'query','schema':{'$ref':'http://x/y'}}"),
         "3:43", ""},
        {ONE("{'name':'a','in':'query','schema':{}},\n"
             "{'name':'a','in':'query','schema':{}}"),
         "4:1", "stands in this list twice"},
        {ONE("{'$ref':'#/components/parameters/A','name':'a'}"), "3:44",
         "\"name\" is not known in an object with $ref"},
        /* bodies */
        {BODY("{}"), "3:1", "needs \"content\""},
        {BODY("{'content':{}}"), "3:12", "needs \"content\""},
        {BODY("{'content':{'json':{}}}"), "3:20", "is no media type"},
        {BODY("{'content':{'a/b':{'schemas':{}}}}"), "3:30",
         "\"schemas\" is not known in a media type"},
        {BODY("{'content':{'application/json':{'encoding':{'a':{}}}}}"), "3:44",
         "only for forms"},
        {BODY("{'content':{'multipart/form-data':{'schema':{'type':'object'},"
              "'encoding':{'a':{}}}}}"),
         "3:79", "which is no property"},
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'type':'string','maxLength':1}}},"
              "'encoding':{'a':{'styl':'form'}}}}}"),
         "3:122", "\"styl\" is not known in an encoding"},
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'x-spbe-file':{'maxSize':'2X'}}}}}}}"),
         "3:90", "\"2M\""},
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'x-spbe-file':{'types':['.pdf']}}}}}}}"),
         "3:89", "no type of file"},
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'x-spbe-file':{'maxCount':0}}}}}}}"),
         "3:91", "from 1 to 1000"},
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'x-spbe-file':{'size':0}}}}}}}"),
         "3:87", "\"size\" is not known in x-spbe-file"},
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'x-spbe-file':{'maxCount':'3'}}}}}}}"),
         "3:91", "from 1 to 1000"},
        {BODY("{'content':{'application/x-www-form-urlencoded':{'schema':"
              "{'properties':{'a':{'x-spbe-file':{'maxCount':'3'}}}}}}}"),
         "3:105", "from 1 to 1000"},
        {BODY("{'content':{'application/json':{'schema':{'properties':"
              "{'a':{'x-spbe-file':{'types':'pdf'}}}}}}}"),
         "3:85", "types is a list"},
        /* comparisons */
        {BODY("{'content':{'application/json':{'schema':{'properties':"
              "{'a':{'type':'integer'}},'x-spbe-compare':{}}}}}"),
         "3:98", "is a list"},
        {BODY("{'content':{'application/json':{'schema':{'properties':"
              "{'a':{'type':'integer'}},'x-spbe-compare':[{'left':'a',"
              "'op':'<','right':'b'}]}}}}"),
         "3:98", "\"b\", which is no field here"},
        {BODY("{'content':{'application/json':{'schema':{'properties':"
              "{'a':{'type':'integer'}},'x-spbe-compare':[{'left':'a',"
              "'op':'=','right':'a'}]}}}}"),
         "3:99", "needs \"op\""},
        {BODY("{'content':{'application/json':{'schema':{'properties':"
              "{'a':{'type':'integer'}},'x-spbe-compare':[{'left':'a',"
              "'op':'<'}]}}}}"),
         "3:99", "needs \"right\""},
        /* what nobody uses is read as well */
        {HEAD "'paths':{'/a':{'get':{}}},'components':{'schemas':{'X':\n"
              "{'type':'strin'}}}}",
         "3:9", ""},
        {HEAD "'paths':{'/a':{'get':{}}},'components':{'schema':{}}}", "2:50",
         "\"schema\" is not known in \"components\""},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_problems_t *problems;
        spbe_policy_t *policy = read_text(rows[i].text, &problems);
        const char *first;

        print_message("%s\n", rows[i].text);
        assert_null(policy);
        first = spbe_problems_first_error(problems, pool);
        assert_non_null(first);
        print_message("  %s\n", first);
        assert_non_null(strstr(first, rows[i].place));
        assert_non_null(strstr(first, rows[i].says));
        assert_true(problems->errors > 0);
    }
}

#define PARAM(name)                                                            \
    "{'name':'" name "','in':'path','required':true,"                          \
    "'schema':{'type':'string','maxLength':9}}"

static void policy_warnings(void **state)
{
    static const struct {
        const char *text, *place, *says; /* NULL: none */
    } rows[] = {
        {ONE("{'name':'a','in':'query','schema':{'type':'integer'}}"), NULL,
         NULL},
        {ONE("{'name':'a','in':'query','schema':{'type':'string'}}"), "3:35",
         ""},
        {ONE("{'name':'a','in':'query','schema':{'type':'string',"
             "'maxLength':5,'pattern':'a'}}"),
         "3:76", "not anchored"},
        {ONE("{'name':'a','in':'query','schema':{'type':'string',"
             "'maxLength':50,'pattern':'^(a+)+$'}}"),
         "3:77", ""},
        {ONE("{'name':'Accept','in':'header','schema':{'type':'integer'}}"),
         "3:1", "ignores"},
        {ONE("{'name':'a','in':'query','content':{'text/csv':"
             "{'schema':{'type':'string','maxLength':1}}}}"),
         "3:48", "only JSON is looked into"},
        {HEAD "'paths':{'/a':{}}}", "2:15", "never reached"},
        {HEAD "'paths':{'/a//b':{'get':{}}}}", "2:18", "never reached"},
        /* what differs by case alone, and a template takes it */
        {HEAD "'paths':{'/a/saya':{'get':{}},'/a/{x}':{'get':{'parameters':"
              "[" PARAM("x") "]}}}}",
         "2:20", "GET /a/{x} also takes /a/SAYA"},
        {HEAD "'paths':{'/a/{y}/Ubah':{'post':{'parameters':[" PARAM(
             "y") "]}},"
                  "'/a/{x}/{z}':{'post':{'parameters':"
                  "[" PARAM("x") "," PARAM("z") "]}}}}",
         "2:24", "POST /a/{x}/{z} also takes /a/~0/uBAH"},
        {HEAD "'paths':{'/a/saya':{'get':{}},'/a/{x}':{'get':{'parameters':"
              "[{'name':'x','in':'path','required':true,'schema':"
              "{'type':'integer'}}]}}}}",
         NULL, NULL},
        {HEAD "'paths':{'/a/saya':{'get':{}},'/a/{x}':{'get':{'parameters':"
              "[{'name':'x','in':'path','required':true,'schema':"
              "{'type':'string','pattern':'^[a-z]{1,9}$'}}]}}}}",
         NULL, NULL},
        {HEAD "'paths':{'/a/saya':{'get':{}},'/a/{x}':{'put':{'parameters':"
              "[" PARAM("x") "]}}}}",
         NULL, NULL},
        {HEAD "'paths':{'/a/1':{'get':{}},'/a/{x}':{'get':{'parameters':"
              "[" PARAM("x") "]}}}}",
         NULL, NULL},
        {HEAD "'paths':{'/a':{'get':{'requestBody':{'content':"
              "{'application/json':{}}}}}}}",
         "2:37", "no meaning"},
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'type':'integer'}}},'encoding':{'a':{'headers':{}}}}}}"),
         "3:112", "headers of a part"},
        /* a parameter that two operations share is warned of once */
        {HEAD "'paths':{'/a':{'get':{'parameters':[{'$ref':"
              "'#/components/parameters/P'}]}},'/b':{'get':{'parameters':"
              "[{'$ref':'#/components/parameters/P'}]}}},\n"
              "'components':{'parameters':{'P':{'name':'a','in':'query',"
              "'schema':\n{'type':'string'}}}}}",
         "4:1", ""},
        /* a form's fields are looked at one by one, what it requires too */
        {BODY("{'content':{'application/x-www-form-urlencoded':{'schema':"
              "{'required':['nama','nikk'],'properties':{'nama':"
              "{'type':'integer'},'nik':{'type':'integer'}},"
              "'additionalProperties':false}}}}"),
         "3:79", "nikk is required, but not allowed"},
        {BODY("{'content':{'application/x-www-form-urlencoded':{'schema':"
              "{'required':['nikk'],'properties':{'nik':"
              "{'type':'integer'}}}}}}"),
         "3:72", "no property has that name; is \"nik\" meant?"},
        /* bodies that are not looked into */
        {BODY("{'content':{'application/xml':{'schema':"
              "{'properties':{'a':{'type':'string'}}}}}}"),
         "3:41", "never applied"},
        {BODY("{'content':{'text/plain':{'schema':{'type':'string',"
              "'maxLength':5}}}}"),
         "3:36", "text/plain is not"},
        {BODY("{'content':{'image/*':{'schema':false}}}"), "3:33",
         "image/* is not"},
        {BODY("{'content':{'application/pdf':{'schema':{'type':'string',"
              "'format':'binary'}}}}"),
         NULL, NULL},
        {BODY("{'content':{'application/pdf':{'schema':{}}}}"), NULL, NULL},
        {BODY("{'content':{'application/pdf':{}}}"), NULL, NULL},
        {BODY("{'content':{'application/*':{'schema':{'type':'integer'}}}}"),
         NULL, NULL},
        {BODY("{'content':{'application/problem+json':{'schema':"
              "{'type':'integer'}}}}"),
         NULL, NULL},
        /* files */
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'x-spbe-file':{'types':['pdf','pdff']}}}}}}}"),
         "3:95", "is \"pdf\" meant?"},
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'x-spbe-file':{'types':['dwg']}}}}}}}"),
         "3:89", "write \".dwg\" to go by the name alone"},
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'x-spbe-file':{'types':['.dwg','image/*']}}}}}}}"),
         NULL, NULL},
        {BODY("{'content':{'application/x-www-form-urlencoded':{'schema':"
              "{'properties':{'a':{'type':'integer','x-spbe-file':{}}}}}}}"),
         "3:110", "x-spbe-file has no effect"},
        {BODY("{'content':{'application/json':{'schema':{'properties':"
              "{'a':{'type':'array','items':{'type':'integer',"
              "'x-spbe-file':{}}}}}}}}"),
         "3:117", "x-spbe-file has no effect"},
        /* a file's length is not a text's */
        {BODY("{'content':{'multipart/form-data':{'schema':{'properties':"
              "{'a':{'type':'string','format':'binary'}}}}}}"),
         NULL, NULL},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_problems_t *problems;
        spbe_policy_t *policy = read_text(rows[i].text, &problems);
        const char *line;

        print_message("%s\n", rows[i].text);
        if (policy == NULL) {
            print_message("%s\n", spbe_problems_first_error(problems, pool));
        }
        assert_non_null(policy);
        assert_int_equal(problems->errors, 0);
        assert_int_equal(problems->warnings, rows[i].says == NULL ? 0 : 1);
        if (rows[i].says == NULL) {
            continue;
        }
        line = spbe_problem_line(
            &APR_ARRAY_IDX(problems->list, 0, spbe_problem_t), pool);
        print_message("  %s\n", line);
        assert_non_null(strstr(line, rows[i].place));
        assert_non_null(strstr(line, rows[i].says));
        assert_non_null(strstr(line, "warning"));
    }
}

/* However many warnings there are, an error is seen. */
static void policy_errors_go_first(void **state)
{
    spbe_buf_t buf;
    spbe_problems_t *problems;
    int i;

    spbe_buf_init(&buf, 65536, pool);
    spbe_buf_adds(&buf, HEAD "'paths':{");
    for (i = 0; i < 300; i++) {
        spbe_buf_printf(&buf,
                        "'/p%d':{'get':{'parameters':[{'name':'a',"
                        "'in':'query','schema':{'type':'string'}}]}},\n",
                        i);
    }
    spbe_buf_adds(&buf, "'/last':{'gett':{}}}}");
    assert_null(read_text(spbe_buf_cstr(&buf), &problems));
    assert_non_null(strstr(spbe_problems_first_error(problems, pool), "gett"));
}

/* The document is read once, however many paths it has. */
static void policy_large(void **state)
{
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 65536, pool);
    spbe_buf_adds(&buf, HEAD "'paths':{'/':{'get':{}}");
    for (i = 0; i < 8000; i++) {
        spbe_buf_printf(
            &buf, ",\n'/p%d/{a}/x':{'get':{'parameters':[" PARAM("a") "]}}", i);
    }
    spbe_buf_adds(&buf, "}}");
    assert_int_equal(
        spbe_policy_operations(must_read(spbe_buf_cstr(&buf)))->nelts, 8001);
}

static const char routes[] = HEAD
    "'servers':[{'url':'https://a.go.id/api/'},{'url':'https://b/api'},\n"
    "{'url':'/{v}','variables':{'v':{'default':'v1','enum':['v1','v2']}}}],\n"
    "'paths':{\n"
    "'/pets/{id}':{'parameters':[" PARAM(
        "id") "],'get':{'operationId':'one'},"
              "'put':{'operationId':'put'}},\n"
              "'/pets/mine':{'get':{'operationId':'mine'},"
              "'post':{'operationId':'new','servers':[{'url':'/special'}]}},\n"
              "'/pets/{id}.json':{'parameters':[" PARAM(
                  "id") "],"
                        "'get':{'operationId':'json'}},\n"
                        "'/{a}/mine':{'parameters':[" PARAM(
                            "a") "],"
                                 "'get':{'operationId':'amine'}},\n"
                                 "'/opt':{'options':{'operationId':'opt'}},\n"
                                 "'/':{'get':{'operationId':'root'}}}}";

static void policy_match(void **state)
{
    static const struct {
        const char *method, *path;
        int preflight;
        const char *id, *route, *allow;
    } rows[] = {
        {"GET", "/api/pets/mine", 0, "mine", "/api/pets/mine", NULL},
        {"GET", "/api/pets/m%69ne", 0, "mine", "/api/pets/mine", NULL},
        {"GET", "/api/pets/yours", 0, "one", "/api/pets/{id}", NULL},
        {"HEAD", "/api/pets/yours", 0, "one", "/api/pets/{id}", NULL},
        {"GET", "/api/pets/1.json", 0, "json", "/api/pets/{id}.json", NULL},
        {"GET", "/api/x/mine", 0, "amine", "/api/{a}/mine", NULL},
        /* not by the template beside it */
        {"GET", "/api/pets/mine;a=b", 0, "mine", "/api/pets/mine", NULL},
        {"GET", "/v1/pets/mine", 0, "mine", "/v1/pets/mine", NULL},
        {"GET", "/v2/pets/mine", 0, "mine", "/v2/pets/mine", NULL},
        {"GET", "/v3/pets/mine", 0, NULL, NULL, NULL},
        {"GET", "/pets/mine", 0, NULL, NULL, NULL},
        {"PUT", "/api/pets/1", 0, "put", "/api/pets/{id}", NULL},
        {"POST", "/api/pets/1", 0, NULL, "/api/pets/{id}", "GET, HEAD, PUT"},
        {"get", "/api/pets/1", 0, NULL, "/api/pets/{id}", "GET, HEAD, PUT"},
        /* the concrete path goes before the templated one, also for a method
         * that only the latter has */
        {"PUT", "/api/pets/mine", 0, NULL, "/api/pets/mine", "GET, HEAD"},
        {"POST", "/special/pets/mine", 0, "new", "/special/pets/mine", NULL},
        {"POST", "/api/pets/mine", 0, NULL, "/api/pets/mine", "GET, HEAD"},
        {"OPTIONS", "/api/pets/1", 1, NULL, "/api/pets/{id}", NULL},
        {"OPTIONS", "/api/pets/1", 0, NULL, "/api/pets/{id}", "GET, HEAD, PUT"},
        {"OPTIONS", "/api/opt", 0, "opt", "/api/opt", NULL},
        {"GET", "/api/", 0, "root", "/api/", NULL},
        {"GET", "/api", 0, NULL, NULL, NULL},
        {"GET", "/api/pets/", 0, NULL, NULL, NULL},
        {"GET", "/api/pets/a/b", 0, NULL, NULL, NULL},
        {"GET", "*", 0, NULL, NULL, NULL},
    };
    spbe_policy_t *policy = must_read(routes);
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_match_t match = spbe_policy_match(
            policy, spbe_span_from(rows[i].method),
            spbe_span_from(rows[i].path), rows[i].preflight, pool);

        print_message("%s %s\n", rows[i].method, rows[i].path);
        assert_int_equal(match.operation != NULL, rows[i].id != NULL);
        if (rows[i].id != NULL) {
            assert_string_equal(match.operation->id, rows[i].id);
            assert_string_equal(match.operation->route, rows[i].route);
        }
        assert_int_equal(match.route != NULL, rows[i].route != NULL);
        if (rows[i].route != NULL) {
            assert_string_equal(match.route, rows[i].route);
        }
        assert_int_equal(match.allow != NULL, rows[i].allow != NULL);
        if (rows[i].allow != NULL) {
            assert_string_equal(match.allow, rows[i].allow);
        }
    }
}

static void policy_params(void **state)
{
    static const struct {
        const char *parameter;
        spbe_place_t in;
        spbe_style_t style;
        int explode, required, many;
    } rows[] = {
        {"{'name':'a','in':'query','schema':{'type':'integer'}}", SPBE_IN_QUERY,
         SPBE_STYLE_FORM, 1, 0, 0},
        {"{'name':'a','in':'query','required':true,'schema':{'type':'array',"
         "'items':{'type':'integer'}}}",
         SPBE_IN_QUERY, SPBE_STYLE_FORM, 1, 1, 1},
        {"{'name':'a','in':'query','explode':false,'schema':{'type':'array',"
         "'items':{'type':'integer'}}}",
         SPBE_IN_QUERY, SPBE_STYLE_FORM, 0, 0, 0},
        {"{'name':'a','in':'query','style':'pipeDelimited','schema':"
         "{'type':'array','items':{'type':'integer'}}}",
         SPBE_IN_QUERY, SPBE_STYLE_PIPE, 0, 0, 0},
        {"{'name':'a','in':'query','style':'deepObject','schema':"
         "{'type':'object'}}",
         SPBE_IN_QUERY, SPBE_STYLE_DEEP, 0, 0, 0},
        {"{'name':'X-A','in':'header','schema':{'type':'array',"
         "'items':{'type':'integer'}}}",
         SPBE_IN_HEADER, SPBE_STYLE_SIMPLE, 0, 0, 0},
        {"{'name':'a','in':'cookie','schema':{'type':'integer'}}",
         SPBE_IN_COOKIE, SPBE_STYLE_FORM, 1, 0, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_policy_t *policy = must_read(
            apr_pstrcat(pool, HEAD "'paths':{'/a':{'get':{'parameters':[",
                        rows[i].parameter, "]}}}}", NULL));
        const spbe_param_t *param =
            &APR_ARRAY_IDX(APR_ARRAY_IDX(spbe_policy_operations(policy), 0,
                                         const spbe_operation_t *)
                               ->params,
                           0, spbe_param_t);

        print_message("%s\n", rows[i].parameter);
        assert_int_equal(param->in, rows[i].in);
        assert_int_equal(param->style, rows[i].style);
        assert_int_equal(param->explode, rows[i].explode);
        assert_int_equal(param->required, rows[i].required);
        assert_int_equal(param->many, rows[i].many);
        assert_non_null(param->about);
    }
}

/* An operation's parameter replaces its path's of that name and place. */
static void policy_override(void **state)
{
    spbe_policy_t *policy = must_read(
        HEAD "'paths':{'/a':{'parameters':["
             "{'name':'a','in':'query','schema':{'type':'integer'}},"
             "{'name':'a','in':'header','schema':{'type':'integer'}}],"
             "'get':{'parameters':[{'name':'a','in':'query','required':true,"
             "'schema':{'type':'integer'}}]},'post':{}}}}");
    const apr_array_header_t *operations = spbe_policy_operations(policy);
    int i;

    assert_int_equal(operations->nelts, 2);
    for (i = 0; i < 2; i++) {
        const spbe_operation_t *operation =
            APR_ARRAY_IDX(operations, i, const spbe_operation_t *);
        int get = strcmp(operation->method, "GET") == 0;

        assert_int_equal(operation->params->nelts, 2);
        assert_int_equal(
            APR_ARRAY_IDX(operation->params, 0, spbe_param_t).required, get);
        assert_int_equal(APR_ARRAY_IDX(operation->params, 1, spbe_param_t).in,
                         SPBE_IN_HEADER);
    }
}

static void policy_bodies(void **state)
{
    static const struct {
        const char *type, *want; /* NULL: none */
    } rows[] = {
        {"application/json", "application/json"},
        {"Application/JSON", "application/json"},
        {"application/problem+json", "application/*"},
        {"application/x-www-form-urlencoded", "application/*"},
        {"text/csv", "text/csv"},
        {"image/png", "*/*"},
        {"", "*/*"},
    };
    spbe_policy_t *policy =
        must_read(BODY("{'content':{'*/*':{},'application/*':{},"
                       "'application/json;charset=utf-8':{},'text/csv':{}}}"));
    const spbe_operation_t *operation = APR_ARRAY_IDX(
        spbe_policy_operations(policy), 0, const spbe_operation_t *);
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("%s\n", rows[i].type);
        assert_string_equal(
            spbe_operation_body(operation, spbe_span_from(rows[i].type))
                ->media_type,
            rows[i].want);
    }
    policy = must_read(BODY("{'content':{'text/csv':{}}}"));
    operation = APR_ARRAY_IDX(spbe_policy_operations(policy), 0,
                              const spbe_operation_t *);
    assert_null(spbe_operation_body(operation, SPBE_SPAN("application/json")));
}

static void policy_files(void **state)
{
    static const struct {
        const char *property, *encoding;
        int file;
        apr_int64_t size;
        unsigned count;
        const char *types;
    } rows[] = {
        {"{'type':'string','format':'binary'}", "", 1, 0, 0, ""},
        {"{'type':'string','maxLength':5}", "", 0, 0, 0, ""},
        {"{'contentMediaType':'image/png'}", "", 1, 0, 0, "image/png "},
        {"{'type':'string','contentMediaType':'image/png',"
         "'contentEncoding':'base64'}",
         "", 0, 0, 0, ""},
        {"{'type':'string','contentMediaType':'application/json'}", "", 0, 0, 0,
         ""},
        {"{'x-spbe-file':{'maxSize':'2M','types':['pdf','image/*'],"
         "'maxCount':3}}",
         "", 1, 2 * 1024 * 1024, 3, "pdf image/* "},
        {"{'x-spbe-file':{'maxSize':500}}", "", 1, 500, 0, ""},
        {"{'type':'array','items':{'format':'binary'}}", "", 1, 0, 1000, ""},
        {"{'type':'array','maxItems':4,'items':{'format':'binary'}}", "", 1, 0,
         4, ""},
        {"{'type':'array','items':{'$ref':'#/components/schemas/F'}}", "", 1,
         1024, 2, ""},
        {"{'$ref':'#/components/schemas/F'}", "", 1, 1024, 2, ""},
        {"{'type':'string'}", "'a':{'contentType':'image/png, image/jpeg'}", 1,
         0, 0, "image/png image/jpeg "},
        {"{'type':'string','maxLength':2}", "'a':{'contentType':'text/plain'}",
         0, 0, 0, ""},
        {"{}", "'a':{'contentType':'application/octet-stream'}", 1, 0, 0, ""},
    };
    size_t i;
    int k;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_policy_t *policy = must_read(apr_pstrcat(
            pool,
            HEAD "'components':{'schemas':{'F':{'format':'binary',"
                 "'x-spbe-file':{'maxSize':'1k','maxCount':2}}}},"
                 "'paths':{'/a':{'post':{'requestBody':{'content':"
                 "{'multipart/form-data':{'schema':{'properties':{'a':",
            rows[i].property, "}},'encoding':{", rows[i].encoding, "}}}}}}}}",
            NULL));
        const spbe_operation_t *operation = APR_ARRAY_IDX(
            spbe_policy_operations(policy), 0, const spbe_operation_t *);
        const spbe_param_t *field = &APR_ARRAY_IDX(
            APR_ARRAY_IDX(operation->bodies, 0, spbe_body_t).fields, 0,
            spbe_param_t);
        const char *types = "";

        print_message("%s %s\n", rows[i].property, rows[i].encoding);
        assert_int_equal(field->in == SPBE_IN_FILE, rows[i].file);
        if (!rows[i].file) {
            continue;
        }
        assert_int_equal(field->file->max_size, rows[i].size);
        assert_int_equal(field->file->max_count, rows[i].count);
        for (k = 0; field->file->types != NULL && k < field->file->types->nelts;
             k++) {
            types = apr_pstrcat(
                pool, types, APR_ARRAY_IDX(field->file->types, k, const char *),
                " ", NULL);
        }
        assert_string_equal(types, rows[i].types);
    }
}

static void policy_size(void **state)
{
    static const struct {
        const char *text;
        apr_int64_t bytes; /* -1: no size */
    } rows[] = {
        {"0", 0},        {"1", 1},           {"500K", 512000},
        {"2m", 2097152}, {"1G", 1073741824}, {"", -1},
        {"K", -1},       {"2X", -1},         {"-1", -1},
        {"1.5M", -1},    {"2MM", -1},        {"99999999999G", -1},
        {"2 M", -1},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        apr_int64_t bytes = -1;
        int fine = spbe_policy_size(spbe_span_from(rows[i].text), &bytes);

        print_message("%s\n", rows[i].text);
        assert_int_equal(fine, rows[i].bytes >= 0);
        if (fine) {
            assert_int_equal(bytes, rows[i].bytes);
        }
    }
}

/* The policies that are shipped have neither errors nor warnings. */
static void policy_shipped(void **state)
{
    static const char *const files[] = {"conf/samples/policies/layanan.json",
                                        "tests/data/policy/layanan.json",
                                        "tests/data/policy/gaya.json"};
    static char text[1 << 20];
    size_t i;

    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        FILE *in = fopen(files[i], "rb");
        spbe_problems_t *problems;
        size_t length;

        assert_non_null(in);
        length = fread(text, 1, sizeof(text), in);
        fclose(in);
        problems =
            spbe_problems_create(files[i], (spbe_span_t){text, length}, pool);
        assert_non_null(spbe_policy_read(problems, pool));
        assert_int_equal(problems->warnings, 0);
    }
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
        cmocka_unit_test(policy_errors),
        cmocka_unit_test(policy_warnings),
        cmocka_unit_test(policy_errors_go_first),
        cmocka_unit_test(policy_large),
        cmocka_unit_test(policy_match),
        cmocka_unit_test(policy_params),
        cmocka_unit_test(policy_override),
        cmocka_unit_test(policy_bodies),
        cmocka_unit_test(policy_files),
        cmocka_unit_test(policy_size),
        cmocka_unit_test(policy_shipped),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
