/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/builtin_test.c - every file of conf/ and web/ that belongs into
 * the program is in it, byte for byte. Runs where make runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <glob.h>
#include <cmocka.h>

#include "failure/builtin.h"

/* Its name is its path without the folder that the part lies in. */
static const char *name_of(const char *path)
{
    return strchr(path, '/') + 1;
}

static void check_file(const char *path)
{
    spbe_span_t data = spbe_builtin_get(name_of(path));
    FILE *in = fopen(path, "rb");
    char *bytes = malloc(data.len + 1);
    size_t n;

    assert_non_null(in);
    assert_non_null(bytes);
    n = fread(bytes, 1, data.len + 1, in);
    fclose(in);
    if (n != data.len || memcmp(bytes, data.ptr, n) != 0) {
        fail_msg("%s differs from what is built in", path);
    }
    free(bytes);
}

static void builtin_same(void **state)
{
    static const char *const patterns[] = {
        "conf/rules/*.json", "conf/messages/*.json", "conf/pages/*",
        "mod_spbe_guard/web/*.js"};
    size_t i, total = 0, built = 0;
    glob_t found;

    for (i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
        size_t k;

        if (glob(patterns[i], 0, NULL, &found) != 0) {
            continue;
        }
        for (k = 0; k < found.gl_pathc; k++) {
            check_file(found.gl_pathv[k]);
        }
        total += found.gl_pathc;
        globfree(&found);
    }
    while (spbe_builtin_all()[built].name != NULL) {
        built++;
    }
    assert_true(total > 0);
    assert_int_equal(built, total);
}

static void builtin_sorted(void **state)
{
    const spbe_builtin_t *file = spbe_builtin_all();

    assert_non_null(file->name);
    for (; file[1].name != NULL; file++) {
        assert_true(strcmp(file[0].name, file[1].name) < 0);
    }
}

static void builtin_unknown(void **state)
{
    assert_int_equal(spbe_builtin_get("rules/none.json").len, 0);
    assert_non_null(spbe_builtin_get("").ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builtin_same),
        cmocka_unit_test(builtin_sorted),
        cmocka_unit_test(builtin_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
