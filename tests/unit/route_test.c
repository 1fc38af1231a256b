/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/route_test.c - path templates: what is one, what fits, what goes
 * first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "input/route.h"

static apr_pool_t *pool;

static void route_parse(void **state)
{
    static const struct {
        const char *text;
        const char *error; /* a part of it; NULL: fine */
        const char *names;
    } rows[] = {
        {"/", NULL, ""},
        {"/a/b", NULL, ""},
        {"/a/{id}", NULL, "id "},
        {"/{a}-{b}.json", NULL, "a b "},
        {"/a/", NULL, ""},
        {"", "begins with /", NULL},
        {"a/b", "begins with /", NULL},
        {"/a?b=1", "neither ? nor #", NULL},
        {"/a#b", "neither ? nor #", NULL},
        {"/a/{", "{ has no }", NULL},
        {"/a/}", "} has no {", NULL},
        {"/a/{}", "a name is needed", NULL},
        {"/a/{b{c}}", "a name is needed", NULL},
        {"/{a}/{a}", "stands in it twice", NULL},
        {"/{a}{b}", "nothing stands between", NULL},
    };
    size_t i;
    int k;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *error, *names = "";
        spbe_route_t *route = spbe_route_parse(rows[i].text, &error, pool);

        print_message("%s\n", rows[i].text);
        assert_int_equal(route != NULL, rows[i].error == NULL);
        if (route == NULL) {
            assert_non_null(strstr(error, rows[i].error));
            continue;
        }
        for (k = 0; k < route->names->nelts; k++) {
            names = apr_pstrcat(pool, names,
                                APR_ARRAY_IDX(route->names, k, const char *),
                                " ", NULL);
        }
        assert_string_equal(names, rows[i].names);
    }
}

static void route_fits(void **state)
{
    static const struct {
        const char *route, *path;
        const char *values; /* NULL: does not fit */
    } rows[] = {
        {"/", "/", ""},
        {"/a", "/a", ""},
        {"/a", "/a/", NULL},
        {"/a/", "/a", NULL},
        {"/a", "/A", NULL},
        {"/a", "/%61", ""},
        {"/a%62", "/ab", ""},
        {"/a b", "/a%20b", ""},
        {"/caf\xc3\xa9", "/caf%C3%A9", ""},
        {"/a/{id}", "/a/7", "7|"},
        {"/a/{id}", "/a/", NULL},
        {"/a/{id}", "/a/7/8", NULL},
        {"/a/{id}", "/a/%37%2F", "%37%2F|"},
        {"/a/{id}", "/%61/7", "7|"},
        {"/{a}/{b}", "/x/y", "x|y|"},
        {"/{f}.json", "/x.json", "x|"},
        {"/{f}.json", "/x%2Ejson", "x|"},
        {"/{f}.json", "/.json", NULL},
        {"/{f}.json", "/x.json.json", "x.json|"},
        {"/{f}.json", "/x.jsonx", NULL},
        {"/{f}.{ext}", "/a.b.c", "a|b.c|"},
        {"/{a}-{b}", "/1-2", "1|2|"},
        {"/{a}-{b}", "/1-", NULL},
        {"/{a}-{b}", "/-2", NULL},
        {"/v{n}/x", "/v2/x", "2|"},
        {"/v{n}/x", "/w2/x", NULL},
        {"/x", "x", ""},
        {"/x", "", NULL},
        {"/", "", ""},
        /* path parameters */
        {"/d.php", "/d.php;a=b", "beside:"},
        {"/%64.php/{x}", "/d%2Ephp;a/1", "beside:1|"},
        {"/d.php", "/d.php;jsessionid=0A1B.node1", ""},
        {"/d.php", "/d.php;jsessionid=<x>", "beside:"},
        {"/d.php", "/d.php;jsessionid=", "beside:"},
        {"/d.php", "/d.php;jsessionid=1;a=b", "beside:"},
        {"/d.php", "/d.phpx;a=b", NULL},
        {"/d.php", "/d.ph;p", NULL},
        {"/d.php", "/d.php%3Ba=b", NULL},
        {"/d.php;a=b", "/d.php;a=b", ""},
        {"/{m}", "/d.php;a=b", "d.php;a=b|"},
        {"/d{m}", "/d;m=1", ";m=1|"},
    };
    size_t i;
    int k;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *error, *values;
        spbe_route_t *route = spbe_route_parse(rows[i].route, &error, pool);
        spbe_route_path_t *path =
            spbe_route_path(spbe_span_from(rows[i].path), pool);
        spbe_span_t spans[4];
        int fits = spbe_route_fits(route, path, spans);

        print_message("%s %s\n", rows[i].route, rows[i].path);
        assert_int_equal(fits != 0, rows[i].values != NULL);
        values = fits == SPBE_ROUTE_BESIDE ? "beside:" : "";
        for (k = 0; fits && k < route->names->nelts; k++) {
            values = apr_pstrcat(pool, values, spbe_span_dup(spans[k], pool),
                                 "|", NULL);
        }
        if (fits) {
            assert_string_equal(values, rows[i].values);
        }
    }
}

static void route_order(void **state)
{
    static const struct {
        const char *first, *second;
    } rows[] = {
        {"/pets/mine", "/pets/{petId}"},
        {"/pets/{id}.json", "/pets/{id}"},
        {"/pets/{a}-baru", "/pets/{a}-{b}"},
        {"/a/{x}", "/{y}/b"},
        {"/a/{x}/c", "/a/{x}/{z}"},
        {"/a/b/{z}", "/a/{x}/c"},
        {"/a;v=1", "/a"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *error;
        spbe_route_t *a = spbe_route_parse(rows[i].first, &error, pool);
        spbe_route_t *b = spbe_route_parse(rows[i].second, &error, pool);

        print_message("%s %s\n", rows[i].first, rows[i].second);
        assert_true(spbe_route_order(a, b) < 0);
        assert_true(spbe_route_order(b, a) > 0);
        assert_int_equal(spbe_route_order(a, a), 0);
    }
}

/* Equal templates have equal shapes, whatever the names. */
static void route_shape(void **state)
{
    static const struct {
        const char *a, *b;
        int equal;
    } rows[] = {
        {"/a/{x}", "/a/{y}", 1},  {"/a/{x}", "/%61/{y}", 1},
        {"/a/{x}", "/a/{x}/", 0}, {"/a/{x}", "/b/{x}", 0},
        {"/{x}.a", "/{x}.b", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *error;

        assert_int_equal(
            strcmp(spbe_route_parse(rows[i].a, &error, pool)->shape,
                   spbe_route_parse(rows[i].b, &error, pool)->shape) == 0,
            rows[i].equal);
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
        cmocka_unit_test(route_parse),
        cmocka_unit_test(route_fits),
        cmocka_unit_test(route_order),
        cmocka_unit_test(route_shape),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
