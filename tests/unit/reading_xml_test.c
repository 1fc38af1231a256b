/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/reading_xml_test.c - XML that would cost a parser more than its
 * length says; and what HTTP/1.0 has not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "input/reading_int.h"
#include "text/buf.h"

static apr_pool_t *pool;

static const spbe_settings_t plain = {.policy = NULL};

static spbe_verdict_t *judge(spbe_span_t body, const char *type, int old)
{
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    apr_array_header_t *headers =
        apr_array_make(pool, 2, sizeof(spbe_header_t));
    spbe_view_t *view = apr_pcalloc(pool, sizeof(*view));
    spbe_reading_t *reading;

    APR_ARRAY_PUSH(headers, spbe_header_t) =
        (spbe_header_t){SPBE_SPAN("Content-Type"), spbe_span_from(type)};
    APR_ARRAY_PUSH(headers, spbe_header_t) =
        (spbe_header_t){SPBE_SPAN("Transfer-Encoding"), SPBE_SPAN("chunked")};
    *view = (spbe_view_t){.method = SPBE_SPAN("POST"),
                          .path = SPBE_SPAN("/x"),
                          .query = SPBE_SPAN_EMPTY,
                          .headers = headers,
                          .body = body,
                          .has_body = 1,
                          .http_1_0 = old != 0};
    reading = spbe_reading_head(view, &plain, verdict, pool);
    spbe_reading_body(reading, &plain, verdict, pool);
    return verdict;
}

/* head, count times unit (with its number, where it has a %d), tail. */
static spbe_span_t repeat(const char *head, const char *unit, int count,
                          const char *tail)
{
    spbe_buf_t buf;
    char text[128];
    int i;

    spbe_buf_init(&buf, 1 << 16, pool);
    spbe_buf_adds(&buf, head);
    for (i = 0; i < count; i++) {
        apr_snprintf(text, sizeof(text), unit, i);
        spbe_buf_adds(&buf, text);
    }
    spbe_buf_adds(&buf, tail);
    return spbe_buf_span(&buf);
}

typedef struct row {
    const char *label, *head, *unit;
    int count;
    const char *tail;
    spbe_reason_t reason;
} row_t;

static const row_t rows[] = {
    {"attributes", "<a", " a%d=''", 512, "/>", SPBE_REASON_NONE},
    {"an attribute more", "<a", " a%d=''", 513, "/>", SPBE_REASON_LIMIT},
    {"a body of them", "<a", " a%d=''", 90000, "/>", SPBE_REASON_LIMIT},
    {"in a later tag", "<a><b/><c", " a%d=\"\"", 513, "/></a>",
     SPBE_REASON_LIMIT},
    {"in several tags", "<r>", "<a b='' c='%d'/>", 2000, "</r>",
     SPBE_REASON_NONE},
    {"in a comment", "<a><!-- <b", " a%d=''", 600, "/> --></a>",
     SPBE_REASON_NONE},
    {"in CDATA", "<a><![CDATA[<b", " a%d=''", 600, "/>]]></a>",
     SPBE_REASON_NONE},
    {"in an instruction", "<a><?b <c", " a%d=''", 600, "/>?></a>",
     SPBE_REASON_NONE},
    {"in a value", "<a b=\"", " a%d='' >", 600, "\"/>", SPBE_REASON_NONE},
    {"namespaces", "<a", " xmlns:n%d='u:%d'", 128, "/>", SPBE_REASON_NONE},
    {"a namespace more", "<a", " xmlns:n%d='u:%d'", 129, "/>",
     SPBE_REASON_LIMIT},
    {"that end again", "<r>", "<a xmlns:n%d='u:1'/>", 1000, "</r>",
     SPBE_REASON_NONE},
    {"unbound prefixes", "<r>", "<x:a n='%d'/>", 60000, "</r>",
     SPBE_REASON_XML},
    {"a comment of dashes", "<r><!--", "-- %d", 60000, "", SPBE_REASON_XML},
    {"deep", "", "<a%d>", 200000, "", SPBE_REASON_LIMIT},
    {"doctype", "<!DOCTYPE a [", "<!ENTITY a%d 'b'>", 20000, "]><a/>",
     SPBE_REASON_XML_ENTITY},
    {"unknown entities", "<a>", "&x%d;", 90000, "</a>", SPBE_REASON_XML},
};

/* What libxml2 alone takes seconds for is refused before it, or cut off early.
 */
static void xml_crowds(void **state)
{
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_span_t body =
            repeat(rows[i].head, rows[i].unit, rows[i].count, rows[i].tail);
        spbe_verdict_t *verdict = judge(body, "text/xml", 0);

        if (verdict->worst != rows[i].reason) {
            fail_msg("%s: %s", rows[i].label, spbe_reason_name(verdict->worst));
        }
    }
}

static void xml_tags(void **state)
{
    static const struct {
        const char *text;
        spbe_reason_t reason;
    } tests[] = {
        {"", SPBE_REASON_NONE},
        {"a='' b=''", SPBE_REASON_NONE},
        {"<", SPBE_REASON_NONE},
        {"<a b='", SPBE_REASON_NONE},
        {"<a b='' c=\"", SPBE_REASON_LIMIT},
        {"<a b='c=\"\"'>", SPBE_REASON_NONE},
        {"<a b=''></a c=''>", SPBE_REASON_NONE},
        {"<!-->", SPBE_REASON_NONE},
        {"<!-- - -->", SPBE_REASON_NONE},
        {"<!-- -- -->", SPBE_REASON_XML},
        {"<!--", SPBE_REASON_NONE},
        {"<![CDATA[<a b='' c=''>", SPBE_REASON_NONE},
        {"<?a b='' c=''", SPBE_REASON_NONE},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (spbe_reading_xml_tags(spbe_span_from(tests[i].text), 1) !=
            tests[i].reason) {
            fail_msg("%s", tests[i].text);
        }
    }
}

static void old_protocol(void **state)
{
    spbe_span_t body = SPBE_SPAN("<a/>");

    assert_int_equal(judge(body, "text/xml", 0)->worst, SPBE_REASON_NONE);
    assert_int_equal(judge(body, "text/xml", 1)->worst, SPBE_REASON_FRAMING);
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
        cmocka_unit_test(xml_crowds),
        cmocka_unit_test(xml_tags),
        cmocka_unit_test(old_protocol),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
