/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/fingerprint_test.c - one fault one fingerprint, and titles that
 * hold no value.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "failure/trace.h"

static apr_pool_t *pool;

static const char *print_of(const char *text)
{
    spbe_trace_t trace;
    const char *print;

    spbe_trace_parse(spbe_span_from(text), NULL, &trace, pool);
    print = spbe_trace_fingerprint(&trace, "simas", "/surat", pool);
    assert_int_equal(strlen(print), 16);
    assert_int_equal(strspn(print, "0123456789abcdef"), 16);
    return print;
}

#define PHP(file, line, msg, call)                                             \
    "PHP Fatal error:  Uncaught TypeError: " msg " in " file ":" line          \
    "\nStack trace:\n#0 " file "(" line "): " call "\n#1 {main}\n"
#define JAVA(class, method, file, line)                                        \
    "java.lang.IllegalStateException: x\n\tat " class "." method "(" file      \
                                                      ":" line                 \
                                                      ")\n\tat "               \
                                                      "java.lang.Thread.run("  \
                                                      "Thread.java:" line      \
                                                      ")\n"
#define NODE(function, file, line)                                             \
    "TypeError: x is null\n    at " function " (" file ":" line ":7)\n"

static void test_same(void **state)
{
    static const struct {
        const char *a, *b;
    } rows[] = {
        /* values and lines */
        {PHP("/srv/a.php", "3", "id 7", "f()"),
         PHP("/srv/a.php", "9", "id 8", "f()")},
        /* release folders, versions */
        {PHP("/srv/releases/20240101120000/a.php", "3", "x", "f()"),
         PHP("/srv/releases/20241231235959/a.php", "3", "x", "f()")},
        {PHP("/srv/app-1.2.3/a.php", "3", "x", "f()"),
         PHP("/srv/app-1.10/a.php", "3", "x", "f()")},
        {PHP("/srv/v1/a.php", "3", "x", "f()"),
         PHP("/srv/v20/a.php", "3", "x", "f()")},
        /* compiled views, hashed bundles */
        {PHP("/srv/views/8f1a2b3c4d5e6f70.php", "3", "x", "f()"),
         PHP("/srv/views/0123456789abcdef.php", "4", "x", "f()")},
        {NODE("f", "/srv/dist/main.3f2a9c1b.js", "1"),
         NODE("f", "/srv/dist/main.a0b1c2d3.js", "2")},
        {NODE("f", "/srv/x.js?v=17", "1"), NODE("f", "/srv/x.js?v=18", "2")},
        /* closures, anonymous classes */
        {PHP("/srv/a.php", "3", "x", "{closure:/srv/a.php:4-9}()"),
         PHP("/srv/a.php", "3", "x", "{closure:/srv/a.php:5-10}()")},
        {PHP("/srv/a.php", "3", "x", "class@anonymous?/srv/a.php:3$0->f()"),
         PHP("/srv/a.php", "3", "x", "class@anonymous?/srv/a.php:9$1->f()")},
        /* lambdas, proxies */
        {JAVA("id.go.A", "lambda$f$0", "A.java", "3"),
         JAVA("id.go.A", "lambda$f$12", "A.java", "4")},
        {JAVA("id.go.A$$EnhancerBySpringCGLIB$$1a2b3c4d", "f", "A.java", "3"),
         JAVA("id.go.A$$EnhancerBySpringCGLIB$$99ffee11", "f", "A.java", "3")},
        {JAVA("id.go.$Proxy12", "f", "A.java", "3"),
         JAVA("id.go.$Proxy7", "f", "A.java", "3")},
        {NODE("f [as g]", "/srv/a.js", "1"), NODE("f", "/srv/a.js", "1")},
        /* no frame: values in the message */
        {"Access denied for user 'a'@'10.0.0.1' SQLSTATE[28000]",
         "Access denied for user 'b'@'10.0.0.2' SQLSTATE[28000]"},
        {"PHP Warning:  Undefined array key \"nik\" in /a.php on line 3",
         "PHP Warning:  Undefined array key \"nip\" in /a.php on line 4"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (strcmp(print_of(rows[i].a), print_of(rows[i].b)) != 0) {
            fail_msg("row %zu", i);
        }
    }
}

static void test_different(void **state)
{
    static const char *const rows[] = {
        PHP("/srv/a.php", "3", "x", "f()"),
        PHP("/srv/b.php", "3", "x", "f()"),
        PHP("/srv/a.php", "3", "x", "g()"),
        PHP("/srv/a.php", "3", "x", "{closure}()"),
        "PHP Warning:  Undefined variable $x in /a.php on line 3",
        "PHP Warning:  Division by zero in /a.php on line 3",
        "PHP Notice:  Undefined variable $x in /a.php on line 3",
        JAVA("id.go.A", "f", "A.java", "3"),
        JAVA("id.go.A", "g", "A.java", "3"),
        JAVA("id.go.B", "f", "B.java", "3"),
        NODE("f", "/srv/a.js", "1"),
        NODE("f", "/srv/page2.js", "1"),
        NODE("f", "/srv/page3.js", "1"),
        "SQLSTATE[42S02]: Base table or view not found",
        "SQLSTATE[28000]: Access denied for user 'a'",
        "PDOException: SQLSTATE[HY000] x in /a.php:3\nStack trace:\n"
        "#0 /a.php(3): f()\n",
        "PDOException: SQLSTATE[42S02] x in /a.php:3\nStack trace:\n"
        "#0 /a.php(3): f()\n",
        "",
    };
    size_t i, k, n = sizeof(rows) / sizeof(*rows);

    (void)state;
    for (i = 0; i < n; i++) {
        for (k = i + 1; k < n; k++) {
            if (strcmp(print_of(rows[i]), print_of(rows[k])) == 0) {
                fail_msg("rows %zu and %zu", i, k);
            }
        }
    }
}

static void test_parts(void **state)
{
    spbe_trace_t trace;
    const char *a;

    (void)state;
    spbe_trace_parse(SPBE_SPAN(PHP("/srv/a.php", "3", "x", "f()")), NULL,
                     &trace, pool);
    a = spbe_trace_fingerprint(&trace, "simas", "/a", pool);
    assert_string_equal(a, spbe_trace_fingerprint(&trace, "simas", "/b", pool));
    assert_string_not_equal(a,
                            spbe_trace_fingerprint(&trace, "izin", "/a", pool));
    /* nothing is known but the route */
    spbe_trace_parse(SPBE_SPAN(""), NULL, &trace, pool);
    a = spbe_trace_fingerprint(&trace, NULL, "/a", pool);
    assert_string_not_equal(a,
                            spbe_trace_fingerprint(&trace, NULL, "/b", pool));
}

static void test_title(void **state)
{
    static const struct {
        const char *message, *title;
    } rows[] = {
        {"Undefined array key \"nik\"", "Undefined array key ?"},
        {"Table 'x.surat' doesn't exist", "Table ? doesn't exist"},
        {"undefined method `nama' for nil", "undefined method ? for nil"},
        {"id 317101234 not found", "id ? not found"},
        {"SQLSTATE[42S02]: not found: 1146", "SQLSTATE[42S02]: not found: ?"},
        {"ORA-00942: table or view", "ORA-00942: table or view"},
        {"user budi@batam.go.id unknown", "user ? unknown"},
        {"x (SQL: select * from a where nama = budi)", "x (SQL: ?"},
        {"x (Connection: mysql, SQL: select 1)",
         "x (Connection: mysql, SQL: ?"},
        {"Key (nama)=(Budi Santoso) already exists.",
         "Key (nama)=?) already exists."},
        {"nama=budi&x=1", "nama=?&x=?"},
        {"a\n\tb  c", "a b c"},
        {"session 9f8e7d6c-1234-4abc-8def-001122334455 lost", "session ? lost"},
        {"/srv/2024/surat7.php", "/srv/?/surat?.php"},
        {"bad byte \xff here", "bad byte ? here"},
        {"g\xc3\xa1lat", "g\xc3\xa1lat"},
        {"open 'quote never ends budi", "open ?"},
        {"2026-11-21 10:11:12 x", "? ? x"},
    };
    spbe_trace_t trace = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const char *title;

        trace.message = rows[i].message;
        title = spbe_trace_title(&trace, pool);
        if (strcmp(title, rows[i].title) != 0) {
            fail_msg("row %zu: [%s]", i, title);
        }
    }
}

static void test_title_length(void **state)
{
    spbe_trace_t trace = {0};
    char long_text[600];
    const char *title;
    size_t i;

    (void)state;
    for (i = 0; i + 2 < sizeof(long_text); i += 2) {
        memcpy(long_text + i, "\xc3\xa1", 2);
    }
    long_text[i] = '\0';
    trace.message = long_text;
    title = spbe_trace_title(&trace, pool);
    assert_int_equal(strlen(title), 200);
    trace.message = apr_pstrcat(pool, "x", long_text, NULL);
    title = spbe_trace_title(&trace, pool);
    assert_int_equal(strlen(title), 199);
    trace.message = NULL;
    trace.exception = "TypeError";
    assert_string_equal(spbe_trace_title(&trace, pool), "TypeError");
    trace.exception = NULL;
    assert_string_equal(spbe_trace_title(&trace, pool), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),         cmocka_unit_test(test_different),
        cmocka_unit_test(test_parts),        cmocka_unit_test(test_title),
        cmocka_unit_test(test_title_length),
    };
    int failed;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
