/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/reading_test.c - what is read out of a request, and settings that
 * change what follows. What is ambiguous: reading_corpus_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "input/policy.h"
#include "input/reading.h"
#include "text/jsontree.h"

static apr_pool_t *pool;
static const spbe_settings_t plain = {.policy = NULL};

typedef struct request {
    const char *path, *query, *type, *cookie;
    spbe_span_t body;
    int cut;
} request_t;

static const spbe_view_t *view_of(const request_t *request)
{
    apr_array_header_t *headers =
        apr_array_make(pool, 2, sizeof(spbe_header_t));
    spbe_view_t *view = apr_pcalloc(pool, sizeof(*view));

    if (request->type != NULL) {
        APR_ARRAY_PUSH(headers, spbe_header_t) = (spbe_header_t){
            SPBE_SPAN("Content-Type"), spbe_span_from(request->type)};
    }
    if (request->cookie != NULL) {
        APR_ARRAY_PUSH(headers, spbe_header_t) = (spbe_header_t){
            SPBE_SPAN("Cookie"), spbe_span_from(request->cookie)};
    }
    view->method = SPBE_SPAN("POST");
    view->path = spbe_span_from(request->path ? request->path : "/");
    view->query = spbe_span_from(request->query);
    view->has_query = request->query != NULL;
    view->headers = headers;
    view->body = request->body.ptr ? request->body : SPBE_SPAN_EMPTY;
    view->has_body = request->body.ptr != NULL;
    view->body_cut = request->cut != 0;
    return view;
}

static spbe_reading_t *read_it(const request_t *request,
                               const spbe_settings_t *settings,
                               spbe_verdict_t **verdict)
{
    spbe_reading_t *reading;

    *verdict = spbe_verdict_create(pool);
    reading = spbe_reading_head(view_of(request), settings, *verdict, pool);
    spbe_reading_body(reading, settings, *verdict, pool);
    return reading;
}

/* "name=value;..." */
static const char *listed(const apr_array_header_t *fields)
{
    const char *text = "";
    int i;

    for (i = 0; i < fields->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(fields, i, spbe_field_t);

        text = apr_pstrcat(pool, text, spbe_place_name(field->place), " ",
                           spbe_span_dup(field->name, pool), "=",
                           spbe_span_dup(field->value, pool),
                           field->filename.len > 0 ? "@" : "",
                           spbe_span_dup(field->filename, pool), ";", NULL);
    }
    return text;
}

#define FORM "application/x-www-form-urlencoded"
#define MULTI "multipart/form-data; boundary=B"
#define CD "Content-Disposition: form-data; "
#define S(lit)                                                                 \
    {                                                                          \
        lit, sizeof(lit) - 1                                                   \
    }

static void reading_fields(void **state)
{
    static const struct {
        request_t request;
        const char *query, *cookies, *form;
    } tests[] = {
        {{.query = "a=1&b=x+y%2F&&c"},
         "query a=1;query b=x y/;query c=;",
         "",
         ""},
        {{.query = "eyJhIjoxfQ=="}, "query eyJhIjoxfQ==;", "", ""},
        {{.query = ""}, "", "", ""},
        {{.cookie = "a=1; b=%20; c=x=y"},
         "",
         "cookie a=1;cookie b=%20;cookie c=x=y;",
         ""},
        {{.type = FORM, .body = S("a=1&b%5B%5D=2&b[]=%0D%0A")},
         "",
         "",
         "form a=1;form b[]=2;form b[]=\r\n;"},
        {{.type = FORM, .body = S("a=1&b=hal"), .cut = 1}, "", "", "form a=1;"},
        {{.type = MULTI,
          .body = S("--B\r\n" CD "name=\"a\"\r\n\r\nx%20+y\r\n"
                    "--B\r\n" CD "name=\"f\"; filename=\"g.txt\"\r\n"
                    "Content-Type: text/plain\r\n\r\nz\r\n--B--\r\n")},
         "",
         "",
         "form a=x%20+y;file f=z@g.txt;"},
        {{.type = MULTI,
          .body = S("--B\r\n" CD "name=\"a\"\r\n\r\nx\r\n--B\r\n" CD
                    "name=\"b\"\r\n\r\nhal"),
          .cut = 1},
         "",
         "",
         "form a=x;form b=hal;"},
        {{.query = "q=1", .type = FORM, .body = S("a=2")},
         "query q=1;",
         "",
         "form a=2;"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_verdict_t *verdict;
        spbe_reading_t *reading = read_it(&tests[i].request, &plain, &verdict);

        assert_string_equal(listed(reading->query), tests[i].query);
        assert_string_equal(listed(reading->cookies), tests[i].cookies);
        assert_string_equal(listed(reading->form), tests[i].form);
        assert_int_equal(verdict->findings->nelts, 0);
        assert_int_equal(verdict->partly, tests[i].request.cut);
        assert_int_equal(reading->broken, tests[i].request.cut);
    }
}

static void reading_raw(void **state)
{
    const request_t form = {.query = "a=1%2C2,3+4",
                            .type = MULTI,
                            .body = S("--B\r\n" CD
                                      "name=\"m\"\r\nContent-Type: text/plain"
                                      "\r\n\r\nx\r\n--B--\r\n")};
    spbe_verdict_t *verdict;
    spbe_reading_t *reading = read_it(&form, &plain, &verdict);
    const spbe_field_t *field = &APR_ARRAY_IDX(reading->query, 0, spbe_field_t);

    assert_string_equal(spbe_span_dup(field->raw, pool), "1%2C2,3+4");
    assert_string_equal(spbe_span_dup(field->value, pool), "1,2,3 4");
    field = &APR_ARRAY_IDX(reading->form, 0, spbe_field_t);
    assert_string_equal(spbe_span_dup(field->raw, pool), "x");
    assert_string_equal(spbe_span_dup(field->type, pool), "text/plain");
}

static void reading_path_and_json(void **state)
{
    const request_t good = {.path = "/a%20b/%C3%A9",
                            .type = "Application/Problem+JSON; charset=utf-8",
                            .body = S("{\"a\":[1]}")};
    const request_t bad = {.type = "application/json", .body = S("{\"a\":")};
    spbe_verdict_t *verdict;
    spbe_reading_t *reading = read_it(&good, &plain, &verdict);

    assert_string_equal(spbe_span_dup(reading->path, pool), "/a b/\xc3\xa9");
    assert_int_equal(reading->kind, SPBE_BODY_JSON);
    assert_string_equal(spbe_span_dup(reading->media_type, pool),
                        "application/problem+json");
    assert_non_null(SPBE_NODE_MEMBER(reading->json, "a"));
    assert_false(reading->broken);
    reading = read_it(&bad, &plain, &verdict);
    assert_null(reading->json);
    assert_true(reading->broken);
    assert_int_equal(verdict->status, 400);
}

static void reading_kinds(void **state)
{
    static const struct {
        const char *type;
        spbe_body_kind_t kind;
    } tests[] = {
        {FORM, SPBE_BODY_FORM},
        {"APPLICATION/X-WWW-FORM-URLENCODED;x", SPBE_BODY_FORM},
        {"application/x-www-form-urlencoded, x", SPBE_BODY_FORM},
        {" application/json", SPBE_BODY_JSON},
        {"application/json charset=utf-8", SPBE_BODY_JSON},
        {"text/json", SPBE_BODY_JSON},
        {"application/vnd.a+JSON", SPBE_BODY_JSON},
        {"application/csp-report", SPBE_BODY_JSON},
        {"application/x-ndjson", SPBE_BODY_OTHER},
        {"text/xml;charset=utf-8", SPBE_BODY_XML},
        {"application/soap+xml", SPBE_BODY_XML},
        {"image/svg+xml", SPBE_BODY_XML},
        {MULTI, SPBE_BODY_MULTIPART},
        {"multipart/form-data", SPBE_BODY_MULTIPART},
        {"multipart/mixed; boundary=B", SPBE_BODY_PARTS},
        {"Multipart/Related", SPBE_BODY_PARTS},
        {"text/plain", SPBE_BODY_TEXT},
        {"Text/HTML", SPBE_BODY_TEXT},
        {"application/octet-stream", SPBE_BODY_OTHER},
        {"application/grpc", SPBE_BODY_OTHER},
        {"video/mp4", SPBE_BODY_OTHER},
        {"json", SPBE_BODY_OTHER},
        {"", SPBE_BODY_TEXT},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (spbe_reading_kind(spbe_span_from(tests[i].type)) != tests[i].kind) {
            fail_msg("%s", tests[i].type);
        }
    }
}

static int count_of(const spbe_verdict_t *verdict, spbe_reason_t reason)
{
    int i, n = 0;

    for (i = 0; i < verdict->findings->nelts; i++) {
        n += APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t).reason ==
             reason;
    }
    return n;
}

static void reading_limits(void **state)
{
    static const spbe_limits_t limits = {
        .fields = 3, .name = 4, .value = 5, .depth = 2, .nodes = 4, .files = 1};
    static const spbe_settings_t strict = {.limits = &limits};
#define FILE_PART "--B\r\n" CD "name=\"f[]\"; filename=\"x\"\r\n\r\n1\r\n"
    static const struct {
        request_t request;
        const char *detail; /* NULL: within the limits */
    } tests[] = {
        {{.query = "a=1&b=2&c=3"}, NULL},
        {{.query = "a=1&b=2&c=3&d=4"}, "fields"},
        {{.query = "abcd=1&x=12345"}, NULL},
        {{.query = "abcde=1"}, "name-length"},
        {{.query = "a=123456"}, "value-length"},
        {{.query = "a=%31%32%33%34%35"}, NULL},
        {{.query = "[0].a=1"}, "name-length"},
        {{.query = "abcdef"}, "value-length"},
        {{.type = FORM, .body = S("a=1&b=2&c=3&d=4")}, "fields"},
        {{.type = MULTI, .body = S(FILE_PART "--B--")}, NULL},
        {{.type = MULTI, .body = S(FILE_PART FILE_PART "--B--")}, "files"},
        {{.type = MULTI,
          .body = S(FILE_PART FILE_PART FILE_PART FILE_PART "--B--")},
         "fields"},
        {{.type = "application/json", .body = S("[[1]]")}, NULL},
        {{.type = "application/json", .body = S("[[[1]]]")}, "depth"},
        {{.type = "application/json", .body = S("[1,2,3,4]")}, "json-nodes"},
        {{.type = "text/xml", .body = S("<a><b/></a>")}, NULL},
        {{.type = "text/xml", .body = S("<a><b><c/></b></a>")}, "depth"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const spbe_finding_t *finding;
        spbe_verdict_t *verdict;

        read_it(&tests[i].request, &strict, &verdict);
        if (tests[i].detail == NULL) {
            assert_int_equal(verdict->findings->nelts, 0);
            continue;
        }
        finding = &APR_ARRAY_IDX(verdict->findings, 0, spbe_finding_t);
        assert_true(verdict->findings->nelts > 0);
        assert_string_equal(finding->detail, tests[i].detail);
        assert_int_equal(verdict->status, 400);
    }
}

static void reading_settings(void **state)
{
    static const request_t twice = {.query = "id=1&id=2&nama=a&nama=b"};
    apr_array_header_t *rules =
        apr_array_make(pool, 2, sizeof(spbe_malformed_rule_t));
    spbe_settings_t settings = {.malformed = rules};
    spbe_verdict_t *verdict;

    APR_ARRAY_PUSH(rules, spbe_malformed_rule_t) =
        (spbe_malformed_rule_t){SPBE_REASON_DUPLICATE, SPBE_ACTION_LOG, "id"};
    read_it(&twice, &settings, &verdict);
    assert_int_equal(count_of(verdict, SPBE_REASON_DUPLICATE), 2);
    assert_int_equal(verdict->status, 400);
    APR_ARRAY_PUSH(rules, spbe_malformed_rule_t) =
        (spbe_malformed_rule_t){SPBE_REASON_NONE, SPBE_ACTION_LOG, NULL};
    read_it(&twice, &settings, &verdict);
    assert_int_equal(count_of(verdict, SPBE_REASON_DUPLICATE), 2);
    assert_int_equal(verdict->status, 0);
}

static void reading_cookies_logged(void **state)
{
    static const char *const cookies[] = {
        "a=1; a=2", "x", "=y", "a=\"b", "$Version=1; a=2", "a=\x01"};
    size_t i;

    for (i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++) {
        request_t request = {.cookie = cookies[i]};
        spbe_verdict_t *verdict;

        read_it(&request, &plain, &verdict);
        assert_true(count_of(verdict, SPBE_REASON_COOKIE) > 0);
        assert_int_equal(verdict->status, 0);
    }
}

/* Names made to collide and to nest: the number of findings is bounded, and
 * every one is found. */
static void reading_many_fields(void **state)
{
    const char *query = "x=1";
    spbe_verdict_t *verdict;
    request_t request = {0};
    int i;

    for (i = 0; i < 490; i++) {
        query = apr_psprintf(pool, "%s&a[%d][b]=1&a[%d].b=1", query, i, i);
    }
    request.query = query;
    read_it(&request, &plain, &verdict);
    assert_int_equal(count_of(verdict, SPBE_REASON_NAME_CONFLICT),
                     SPBE_FINDINGS_MAX);
    assert_int_equal(verdict->dropped, 490 - SPBE_FINDINGS_MAX);
}

static void reading_allows_declared(void **state)
{
    char id[] = "id", type[] = "integer", multiple[] = "multiple";
    char *const args[] = {id, type, multiple};
    spbe_param_lines_t *lines = spbe_param_lines_create(pool);
    static const request_t twice = {.query = "id=1&id=2"};
    static const request_t other = {.query = "x=1&x=2"};
    spbe_settings_t settings = {.policy = NULL};
    spbe_verdict_t *verdict;
    const char *error;

    assert_null(spbe_param_lines_add(lines, 3, args));
    settings.params = spbe_param_lines_compile(lines, &error, pool);
    assert_non_null(settings.params);
    read_it(&twice, &settings, &verdict);
    assert_int_equal(verdict->findings->nelts, 0);
    read_it(&other, &settings, &verdict);
    assert_int_equal(count_of(verdict, SPBE_REASON_DUPLICATE), 1);
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
        cmocka_unit_test(reading_fields),
        cmocka_unit_test(reading_raw),
        cmocka_unit_test(reading_path_and_json),
        cmocka_unit_test(reading_kinds),
        cmocka_unit_test(reading_limits),
        cmocka_unit_test(reading_settings),
        cmocka_unit_test(reading_cookies_logged),
        cmocka_unit_test(reading_many_fields),
        cmocka_unit_test(reading_allows_declared),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
