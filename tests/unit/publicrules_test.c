/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/publicrules_test.c - what a browser is told of a policy, and what
 * it is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "input/publicrules.h"

static apr_pool_t *pool;

static const char *swapped(const char *text, char from, char to)
{
    char *copy = apr_pstrdup(pool, text), *p;

    for (p = copy; *p != '\0'; p++) {
        *p = *p == from ? to : *p;
    }
    return copy;
}

static spbe_policy_t *policy_of(const char *text)
{
    spbe_problems_t *problems = spbe_problems_create(
        "p.json", spbe_span_from(swapped(text, '\'', '"')), pool);
    spbe_policy_t *policy = spbe_policy_read(problems, pool);

    if (policy == NULL) {
        print_message("%s\n", spbe_problems_first_error(problems, pool));
    }
    assert_non_null(policy);
    return policy;
}

/* With ' for " so that a row can be read; it must be JSON. */
static const char *rules_of(const spbe_policy_t *policy,
                            const spbe_policy_t *params, const char *path)
{
    const char *text =
        spbe_public_rules(policy, params, spbe_span_from(path), pool);
    spbe_json_report_t report;

    assert_non_null(spbe_json_tree(spbe_span_from(text), NULL, &report, pool));
    assert_int_equal(report.fault, SPBE_JSON_FINE);
    return swapped(text, '"', '\'');
}

#define HEAD "{'openapi':'3.1.0','info':{'title':'t','version':'1'},"

/* One property of a multipart form, and what is told of it. */
static void public_fields(void **state)
{
    static const struct {
        const char *property, *want;
    } rows[] = {
        {"{'type':'string','minLength':2,'maxLength':5}",
         "{'name':'a','type':'string','minLength':'2','maxLength':'5'}"},
        {"{'type':'string','pattern':'^[A-Z]+$','maxLength':5}",
         "{'name':'a','type':'string','maxLength':'5','pattern':'^[A-Z]+$'}"},
        {"{'type':'integer','minimum':1,'maximum':9.50}",
         "{'name':'a','type':'integer','minimum':'1','maximum':'9.50'}"},
        {"{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':1,"
         "'multipleOf':0.1}",
         "{'name':'a','type':'number','exclusiveMinimum':'0',"
         "'exclusiveMaximum':'1','multipleOf':'0.1'}"},
        {"{'type':'boolean'}", "{'name':'a','type':'boolean'}"},
        {"{'type':['integer','null']}",
         "{'name':'a','type':'integer','nullable':true}"},
        {"{'type':['integer','string'],'maxLength':3}",
         "{'name':'a','maxLength':'3'}"},
        {"{'enum':['x','y']}", "{'name':'a','type':'string','enum':['x','y']}"},
        {"{'enum':[1,true,null,'x']}",
         "{'name':'a','nullable':true,'enum':['1','true','','x']}"},
        {"{'enum':['x',{}]}", NULL},
        {"{'const':'ya'}", "{'name':'a','type':'string','const':'ya'}"},
        {"{'type':'array','minItems':1,'maxItems':2,'uniqueItems':true,"
         "'items':{'enum':['x','y']}}",
         "{'name':'a','type':'string','enum':['x','y'],'array':true,"
         "'minItems':'1','maxItems':'2','uniqueItems':true}"},
        {"{'type':'object','properties':{'b':{'type':'integer'}}}",
         "{'name':'a'}"},
        {"{'anyOf':[{'type':'string','maxLength':2},{'type':'integer'}]}",
         "{'name':'a'}"},
        {"{'type':'integer','x-spbe-label':{'id':'Umur','en':'Age'},"
         "'x-spbe-hint':'17+'}",
         "{'name':'a','label':{'id':'Umur','en':'Age'},'hint':{'id':'17+',"
         "'en':'17+'},'type':'integer'}"},
        {"{'type':'string','enum':['rahasia'],'x-spbe-sensitivity':'secret'}",
         "{'name':'a','type':'string'}"},
        {"{'type':'string','pattern':'^K-[0-9]+$','maxLength':9,"
         "'x-spbe-sensitivity':'secret'}",
         "{'name':'a','type':'string','maxLength':'9'}"},
        {"{'format':'binary','x-spbe-file':{'maxSize':'1K','types':['pdf']}}",
         "{'name':'a','type':'file','files':{'types':['pdf'],'maxSize':1024,"
         "'maxCount':1}}"},
        {"{'type':'array','maxItems':3,'items':{'format':'binary'}}",
         "{'name':'a','type':'file','array':true,'files':{'maxCount':3}}"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *got =
            rules_of(policy_of(apr_pstrcat(
                         pool,
                         HEAD "'paths':{'/a':{'post':{'requestBody':{'content':"
                              "{'multipart/form-data':{'schema':{'type':"
                              "'object','properties':{'a':",
                         rows[i].property, "}}}}}}}}}", NULL)),
                     NULL, "/a");

        print_message("%s\n", rows[i].property);
        if (rows[i].want == NULL) {
            assert_null(strstr(got, "enum"));
            continue;
        }
        assert_string_equal(
            got, apr_pstrcat(pool,
                             "{'v':1,'forms':[{'action':'/a','method':'POST',"
                             "'enctype':'multipart/form-data','fields':[",
                             rows[i].want, "],'compare':[]}]}", NULL));
    }
}

/* A format says its pattern, an example and how it is typed in. */
static void public_format(void **state)
{
    static const char *const parts[] = {
        "'format':'nik'", "'formatPattern':'^", "'inputmode':'numeric'",
        "'example':'2171994508909999'", "'required':true"};
    const char *got = rules_of(
        policy_of(HEAD "'paths':{'/a':{'post':{'requestBody':{'content':"
                       "{'multipart/form-data':{'schema':{'type':'object',"
                       "'required':['n'],'properties':{'n':{'type':'string',"
                       "'format':'nik'}}}}}}}}}}"),
        NULL, "/a");
    size_t i;

    for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        print_message("%s\n", parts[i]);
        assert_non_null(strstr(got, parts[i]));
    }
}

static const char site[] = HEAD
    "'servers':[{'url':'/app'}],'paths':{"
    "'/cari':{'get':{'parameters':["
    "{'name':'q','in':'query','schema':{'type':'integer'}},"
    "{'name':'d','in':'query','style':'deepObject','schema':{'type':"
    "'object'}},"
    "{'name':'o','in':'query','schema':{'type':'object','properties':{"
    "'R':{'type':'integer'}}}},"
    "{'name':'s','in':'query','explode':false,'required':true,'schema':"
    "{'type':'array','items':{'type':'integer'}}},"
    "{'name':'X-Rahasia','in':'header','schema':{'const':'k'}},"
    "{'name':'sesi','in':'cookie','schema':{'const':'k'}}]}},"
    "'/u/{id}':{'parameters':[{'name':'id','in':'path','required':true,"
    "'schema':{'type':'integer'}}],'get':{},'put':{'requestBody':{'content':"
    "{'application/json':{'schema':{'type':'object','properties':{"
    "'json':{'type':'integer'}}}},"
    "'application/x-www-form-urlencoded':{'schema':{'type':'object',"
    "'properties':{'m':{'type':'string','format':'date'},"
    "'s':{'type':'string','format':'date'}},'x-spbe-compare':["
    "{'left':'m','op':'<=','right':'s','message':{'id':'urut'}},"
    "{'left':'m','op':'!=','right':'s','flag':true}]}}}}}},"
    "'/lain':{'servers':[{'url':'/appx'}],'get':{'parameters':["
    "{'name':'z','in':'query','schema':{'type':'integer'}}]}}}}";

static void public_forms(void **state)
{
    static const struct {
        const char *path;
        const char *has[8], *hasnt[10];
    } rows[] = {
        {"/app/cari",
         {"'action':'/app/cari','method':'GET','fields':[{'name':'q','type':"
          "'integer'},{'name':'R','type':'integer'},{'name':'s','required':"
          "true}]",
          "'action':'/app/u/{id}','method':'PUT','enctype':"
          "'application/x-www-form-urlencoded'",
          "'compare':[{'left':'m','op':'<=','right':'s','message':{'id':"
          "'urut'}}]"},
         {"X-Rahasia", "sesi", "'json'", "!=", "'z'", "'d'", "'id','"}},
        {"/app", {"'action':'/app/cari'"}, {"'z'"}},
        {"/appx/lain", {"'action':'/appx/lain'", "'z'"}, {"/app/cari"}},
        {"/", {"{'v':1,'forms':[]}"}, {NULL}},
    };
    spbe_policy_t *policy = policy_of(site);
    size_t i, k;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *got = rules_of(policy, NULL, rows[i].path);

        print_message("%s\n  %s\n", rows[i].path, got);
        for (k = 0; rows[i].has[k] != NULL; k++) {
            assert_non_null(strstr(got, rows[i].has[k]));
        }
        for (k = 0; rows[i].hasnt[k] != NULL; k++) {
            assert_null(strstr(got, rows[i].hasnt[k]));
        }
    }
}

static void public_params(void **state)
{
    static char *words[][4] = {{"umur", "integer", "min=17", "required"},
                               {"kunci", "text", "in=header", "maxlen=1"}};
    spbe_param_lines_t *lines = spbe_param_lines_create(pool);
    const char *error;
    size_t i;

    for (i = 0; i < 2; i++) {
        assert_null(spbe_param_lines_add(lines, 4, words[i]));
    }
    assert_string_equal(
        rules_of(NULL, spbe_param_lines_compile(lines, &error, pool), "/x"),
        "{'v':1,'forms':[{'action':'*','method':'*','fields':[{'name':'umur',"
        "'required':true,'type':'integer','minimum':'17'}],'compare':[]}]}");
    assert_string_equal(rules_of(NULL, NULL, "/x"), "{'v':1,'forms':[]}");
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
        cmocka_unit_test(public_fields),
        cmocka_unit_test(public_format),
        cmocka_unit_test(public_forms),
        cmocka_unit_test(public_params),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
