/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of text/httpdconf*.c on the fixture tree tests/data/doctor/apache.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <apr_general.h>
#include "text/httpdconf_int.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))
#define TREE "tests/data/doctor/apache"

typedef struct fixture {
    apr_pool_t *pool;
    spbe_httpdconf_t *conf;
    const char *root;
} fixture_t;

static int setup(void **state)
{
    static fixture_t f;
    char path[4096];

    if (apr_pool_create(&f.pool, NULL) != APR_SUCCESS
        || realpath(TREE, path) == NULL) {
        return -1;
    }
    f.root = spbe_span_dup(spbe_span_from(path), f.pool);
    strcat(path, "/apache2.conf");
    f.conf = spbe_httpdconf_read(path, TREE "/envvars", f.pool);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    apr_pool_destroy(((fixture_t *)*state)->pool);
    return 0;
}

static void find(void **state)
{
    fixture_t *f = *state;
    const spbe_httpdconf_line_t *line;
    int site;

    line = spbe_httpdconf_last(f->conf, -1, "errorlog");
    assert_string_equal(spbe_httpdconf_arg(line, 0),
                        "/var/log/apache2/error.log");
    assert_int_equal(line->line, 5);
    assert_string_equal(spbe_httpdconf_arg(line, 7), "");

    line = spbe_httpdconf_last(f->conf, -1, "SpbeGuardFailure");
    assert_string_equal(spbe_httpdconf_arg(line, 0), "On");
    assert_int_equal(line->line, 2);
    assert_non_null(strstr(line->file, "/mods-enabled/spbe_guard.conf"));
    assert_null(spbe_httpdconf_last(f->conf, -1, "SpbeGuardEngine"));
    assert_string_equal(
        spbe_httpdconf_arg(spbe_httpdconf_last(f->conf, -1, "Listen"), 0),
        "80");
    assert_string_equal(
        spbe_httpdconf_arg(spbe_httpdconf_last(f->conf, -1, "LogFormat"), 0),
        "%{X-Forwarded-For}i %l %u %t \"%r\"");

    site = spbe_httpdconf_next(f->conf, -1, "VirtualHost", 0);
    assert_true(site >= 0);
    assert_string_equal(spbe_httpdconf_at(f->conf, site)->raw, "*:80");
    line = spbe_httpdconf_last(f->conf, site, "ServerAlias");
    assert_int_equal(line->args->nelts, 2);
    assert_string_equal(spbe_httpdconf_arg(line, 1), "izin2.contoh.example");
    line = spbe_httpdconf_last(f->conf, site, "DocumentRoot");
    assert_string_equal(spbe_httpdconf_arg(line, 0), "/srv/web/izin");
    assert_int_equal(line->line, 5);
    assert_null(spbe_httpdconf_last(f->conf, site, "SpbeGuardEngine"));
    assert_non_null(spbe_httpdconf_last(
        f->conf, spbe_httpdconf_next(f->conf, site, "Location", 0),
        "SpbeGuardEngine"));
}

static void sites(void **state)
{
    static const char *const wanted[] = { "*:80", "*:443", "*:80", "*:443" };
    fixture_t *f = *state;
    size_t n = 0;
    int i = -1;

    while ((i = spbe_httpdconf_next(f->conf, -1, "VirtualHost", i + 1))
           >= 0) {
        assert_true(n < ROWS(wanted));
        assert_string_equal(spbe_httpdconf_arg(spbe_httpdconf_at(f->conf, i),
                                               0), wanted[n++]);
    }
    assert_int_equal(n, ROWS(wanted));
}

static void modules(void **state)
{
    static const struct {
        const char *name;
        int there;
    } rows[] = {
        { "cgid_module", 1 }, { "mod_cgid.c", 1 }, { "mod_cgi.c", 0 },
        { "core_module", 1 }, { "mod_so.c", 1 }, { "http_core.c", 1 },
        { "remoteip_module", 0 }, { "", 0 },
    };
    fixture_t *f = *state;
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        assert_int_equal(spbe_httpdconf_module(f->conf, rows[i].name),
                         rows[i].there);
    }
    assert_int_equal(spbe_httpdconf_loaded(f->conf, "cgid_module")->line, 1);
    assert_null(spbe_httpdconf_loaded(f->conf, "core_module"));
}

static void problems(void **state)
{
    fixture_t *f = *state;
    const apr_array_header_t *list = spbe_httpdconf_problems(f->conf);
    const char *text;

    assert_int_equal(list->nelts, 1);
    text = APR_ARRAY_IDX(list, 0, const char *);
    assert_non_null(strstr(text, "apache2.conf:9: cannot read "));
    assert_non_null(strstr(text, "/missing/ports.conf"));
    text = spbe_httpdconf_path(f->conf, "a/b", f->pool);
    assert_memory_equal(text, f->root, strlen(f->root));
    assert_string_equal(text + strlen(f->root), "/a/b");
    assert_string_equal(spbe_httpdconf_path(f->conf, "/a", f->pool), "/a");
}

static void words(void **state)
{
    static const struct {
        const char *in;
        int count;
        const char *last;
    } rows[] = {
        { "", 0, "" },
        { "  a  b ", 2, "b" },
        { "\"a b\" 'c d'", 2, "c d" },
        { "\"a \\\"b\\\"\"", 1, "a \"b\"" },
        { "a\\\\b", 1, "a\\b" },
        { "^/a\\.b$", 1, "^/a\\.b$" },
        { "\"open", 1, "open" },
        { "\"\"", 1, "" },
    };
    fixture_t *f = *state;
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        apr_array_header_t *got = spbe_httpdconf_words(rows[i].in, f->pool);

        assert_int_equal(got->nelts, rows[i].count);
        if (got->nelts > 0) {
            assert_string_equal(APR_ARRAY_IDX(got, got->nelts - 1, char *),
                                rows[i].last);
        }
    }
}

static void expands(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        { "plain", "plain" },
        { "${docs}/x", "/srv/web/x" },
        { "${APACHE_RUN_USER}", "www-data" },
        { "${APACHE_QUOTED}", "a b" },
        { "${unknown}/${docs}", "${unknown}//srv/web" },
        { "%{X}i ${open", "%{X}i ${open" },
    };
    fixture_t *f = *state;
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        assert_string_equal(spbe_httpdconf_expand(f->conf, rows[i].in),
                            rows[i].out);
    }
}

/* A file that includes itself ends, and says so. */
static void circle(void **state)
{
    fixture_t *f = *state;
    char path[] = "/tmp/httpdconf_test.XXXXXX";
    int fd = mkstemp(path);
    spbe_httpdconf_t *conf;

    assert_true(fd >= 0);
    assert_true(dprintf(fd, "Listen 1\nInclude %s\n</Directory>\n<Broken\n",
                        path) > 0);
    close(fd);
    conf = spbe_httpdconf_read(path, NULL, f->pool);
    unlink(path);
    assert_int_equal(spbe_httpdconf_problems(conf)->nelts, 1);
    assert_non_null(strstr(APR_ARRAY_IDX(spbe_httpdconf_problems(conf), 0,
                                         const char *), "too many includes"));
    conf = spbe_httpdconf_read("/nonexistent/apache2.conf", "/nonexistent/e",
                               f->pool);
    assert_int_equal(spbe_httpdconf_problems(conf)->nelts, 1);
    assert_int_equal(spbe_httpdconf_count(conf), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(find),    cmocka_unit_test(sites),
        cmocka_unit_test(modules), cmocka_unit_test(problems),
        cmocka_unit_test(words),   cmocka_unit_test(expands),
        cmocka_unit_test(circle),
    };

    apr_initialize();
    return cmocka_run_group_tests(tests, setup, teardown);
}
