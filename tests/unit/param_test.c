/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/param_test.c - SpbeGuardParam lines: what each means, what is
 * wrong with one, how they are merged.
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

static apr_pool_t *pool;

/* Words as httpd hands them over: blanks part them, quotes at the front keep
 * them together. */
static const char *add(spbe_param_lines_t *lines, const char *text)
{
    char **argv;

    assert_int_equal(apr_tokenize_to_argv(text, &argv, pool), APR_SUCCESS);
    int argc = 0;

    while (argv[argc] != NULL) {
        argc++;
    }
    return spbe_param_lines_add(lines, argc, argv);
}

static const spbe_operation_t *compile(const spbe_param_lines_t *lines)
{
    const char *error = NULL;
    spbe_policy_t *policy = spbe_param_lines_compile(lines, &error, pool);
    spbe_match_t match;

    assert_non_null(policy);
    match = spbe_policy_match(policy, SPBE_SPAN("POST"), SPBE_SPAN("/any"), 0,
                              pool);
    assert_non_null(match.operation);
    assert_true(match.operation->open);
    return match.operation;
}

static int accepts(const spbe_param_t *param, const char *text)
{
    spbe_node_t *node =
        spbe_node_make(SPBE_NODE_STRING, spbe_span_from(text), pool);

    if (!(param->types & SPBE_TYPE_STRING)) {
        node->type = SPBE_NODE_NUMBER;
    }
    return spbe_schema_validate(param->schema, node, NULL, NULL, pool) == 1;
}

static void param_meaning(void **state)
{
    static const struct {
        const char *line;
        const char *good, *bad; /* NULL: not asked */
        spbe_place_t in;
        int required, many, anywhere;
    } rows[] = {
        {"nama text required minlen=2 maxlen=5", "Siti", "Sitiii", SPBE_IN_FORM,
         1, 0, 1},
        {"nama string", "", NULL, SPBE_IN_FORM, 0, 0, 1},
        {"umur integer min=17 max=60", "17", "16", SPBE_IN_FORM, 0, 0, 1},
        {"umur integer min=17 max=60", "60", "60.5", SPBE_IN_FORM, 0, 0, 1},
        {"berat number min=0.5", "0.5", "0.4", SPBE_IN_FORM, 0, 0, 1},
        {"nik nik", "2171994508909999", "2171994508909", SPBE_IN_FORM, 0, 0, 1},
        {"tgl date", "2026-02-28", "2026-02-30", SPBE_IN_FORM, 0, 0, 1},
        {"surat email in=query", "a@b.go.id", "a@", SPBE_IN_QUERY, 0, 0, 0},
        {"kode text pattern=[A-Z]{3}", "ABC", "ABCD", SPBE_IN_FORM, 0, 0, 1},
        {"kode text pattern=a|b", "b", "bc", SPBE_IN_FORM, 0, 0, 1},
        {"jenis text values=baru|ulang", "ulang", "lama", SPBE_IN_FORM, 0, 0,
         1},
        {"jenis text values=baru|", "", "lama", SPBE_IN_FORM, 0, 0, 1},
        {"n integer values=1|2", "2", "3", SPBE_IN_FORM, 0, 0, 1},
        {"X-Id text in=header maxlen=3", "abc", "abcd", SPBE_IN_HEADER, 0, 0,
         0},
        {"sesi text in=cookie maxlen=3", "abc", "abcd", SPBE_IN_COOKIE, 0, 0,
         0},
        {"isi text in=form", "x", NULL, SPBE_IN_FORM, 0, 0, 0},
        {"hobi[] text multiple values=a|b", NULL, NULL, SPBE_IN_FORM, 0, 1, 1},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_param_lines_t *lines = spbe_param_lines_create(pool);
        const spbe_param_t *param;
        const char *error = add(lines, rows[i].line);

        print_message("%s\n", rows[i].line);
        if (error != NULL) {
            print_message("  %s\n", error);
        }
        assert_null(error);
        param = &APR_ARRAY_IDX(compile(lines)->params, 0, spbe_param_t);
        assert_int_equal(param->in, rows[i].in);
        assert_int_equal(param->required, rows[i].required);
        assert_int_equal(param->many, rows[i].many);
        assert_int_equal(param->anywhere, rows[i].anywhere);
        if (rows[i].good != NULL) {
            assert_true(accepts(param, rows[i].good));
        }
        if (rows[i].bad != NULL) {
            assert_false(accepts(param, rows[i].bad));
        }
    }
}

static void param_about(void **state)
{
    static const struct {
        const char *line, *id, *en, *hint;
        spbe_sensitivity_t sensitivity;
    } rows[] = {
        {"a text", NULL, NULL, NULL, SPBE_SENS_UNSET},
        {"a nik", NULL, NULL, NULL, SPBE_SENS_PERSONAL},
        {"a nik sensitivity=secret", NULL, NULL, NULL, SPBE_SENS_SECRET},
        {"a text label=Nama", "Nama", "Nama", NULL, SPBE_SENS_UNSET},
        {"a text label=id:Nama label=en:Name", "Nama", "Name", NULL,
         SPBE_SENS_UNSET},
        {"a text label.id=Nama label.en=Name hint=Huruf", "Nama", "Name",
         "Huruf", SPBE_SENS_UNSET},
        {"a text hint.id=Huruf sensitivity=public", NULL, NULL, "Huruf",
         SPBE_SENS_PUBLIC},
        {"a file label=Berkas sensitivity=personal", "Berkas", "Berkas", NULL,
         SPBE_SENS_PERSONAL},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_param_lines_t *lines = spbe_param_lines_create(pool);
        const spbe_about_t *about;

        print_message("%s\n", rows[i].line);
        assert_null(add(lines, rows[i].line));
        about = APR_ARRAY_IDX(compile(lines)->params, 0, spbe_param_t).about;
        assert_int_equal(about->label_id != NULL, rows[i].id != NULL);
        if (rows[i].id != NULL) {
            assert_string_equal(about->label_id, rows[i].id);
            assert_string_equal(about->label_en, rows[i].en);
        }
        assert_int_equal(about->hint_id != NULL, rows[i].hint != NULL);
        assert_int_equal(about->sensitivity, rows[i].sensitivity);
    }
}

static void param_files(void **state)
{
    static const struct {
        const char *line;
        apr_int64_t size;
        unsigned count;
        int many;
        const char *types;
    } rows[] = {
        {"f file", 0, 0, 0, ""},
        {"f file maxsize=2M types=pdf,image/png", 2097152, 0, 0,
         "pdf image/png "},
        {"f file types=pdf|image/*", 0, 0, 0, "pdf image/* "},
        {"f file types=PDF,.dwg,x/y", 0, 0, 0, "PDF dwg x/y "},
        {"f file maxcount=3", 0, 3, 1, ""},
        {"f file multiple", 0, 1000, 1, ""},
        {"f[] file multiple maxcount=2 required", 0, 2, 1, ""},
    };
    size_t i;
    int k;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_param_lines_t *lines = spbe_param_lines_create(pool);
        const spbe_param_t *param;
        const char *types = "";

        print_message("%s\n", rows[i].line);
        assert_null(add(lines, rows[i].line));
        param = &APR_ARRAY_IDX(compile(lines)->params, 0, spbe_param_t);
        assert_int_equal(param->in, SPBE_IN_FILE);
        assert_int_equal(param->file->max_size, rows[i].size);
        assert_int_equal(param->file->max_count, rows[i].count);
        assert_int_equal(param->many, rows[i].many);
        for (k = 0; param->file->types != NULL && k < param->file->types->nelts;
             k++) {
            types = apr_pstrcat(
                pool, types, APR_ARRAY_IDX(param->file->types, k, const char *),
                " ", NULL);
        }
        assert_string_equal(types, rows[i].types);
    }
}

static void param_errors(void **state)
{
    static const struct {
        const char *line, *says;
    } rows[] = {
        {"nik", "a name and a type are needed"},
        {"nik nikk", "\"nikk\" is no type of nik; did you mean nik? Allowed "
                     "are text, string, "
                     "integer"},
        {"nik xyzzy", "is no type of nik; allowed are text"},
        {"a txet", "did you mean text? Allowed"},
        {"nik nik min=1", "\"min=1\" is no option of nik (nik); allowed are "
                          "required, multiple, minlen="},
        {"n integer maxlen=1", "allowed are required, multiple, min="},
        {"b boolean values=true", "\"values=true\" is no option"},
        {"b boolean multiple", "\"multiple\" is no option"},
        {"f file maxlen=1", "allowed are required, multiple, label=, "},
        {"f file in=query", "\"in=query\" is no option"},
        {"a text maxsize=1", "\"maxsize=1\" is no option"},
        {"a text required=yes", "\"required=yes\" is no option"},
        {"a text pattern", "\"pattern\" is no option"},
        {"a text pattern=", "a pattern is needed"},
        {"a text pattern=(", "a: "},
        {"a text values=", "values between |"},
        {"a text minlen=x", "a whole number of characters"},
        {"a text minlen=5 maxlen=4", "minlen=5 is above maxlen=4"},
        {"n integer min=1.5", "a whole number is needed"},
        {"n integer min=x", "a number is needed"},
        {"n integer min=10 max=9", "min=10 is above max=9"},
        {"n integer values=1|x", "a number is needed"},
        {"a text in=body", "allowed are query, form, header, cookie"},
        {"a text in=path", "allowed are query, form, header, cookie"},
        {"a text sensitivity=high", "allowed are public, personal, secret"},
        {"f file maxsize=2X", "a size is needed"},
        {"f file maxsize=0", "a size is needed"},
        {"f file types=.pdf", "extensions and media types"},
        {"f file types=pdff", "\"pdff\" is no kind of file that is known; is "
                              "\"pdf\" meant?"},
        {"f file types=pdf,dwg", "write \".dwg\" to go by the name alone"},
        {"f file types=", "extensions and media types"},
        {"f file maxcount=0", "from 1 to 1000"},
        {"a text foo", "\"foo\" is no option"},
        /* a blank in a value parts it */
        {"a text label=Nama Lengkap", "put quotation marks around the whole "
                                      "option: \"label=Nama Lengkap\""},
        {"a text hint=Huruf saja, tanpa angka required",
         ": \"hint=Huruf saja, tanpa angka\""},
        {"a text required foo label=Nama",
         "\"foo\" is no option of a (string); "
         "allowed are"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_param_lines_t *lines = spbe_param_lines_create(pool);
        const char *error = add(lines, rows[i].line);

        print_message("%s\n", rows[i].line);
        assert_non_null(error);
        print_message("  %s\n", error);
        assert_non_null(strstr(error, rows[i].says));
        assert_int_equal(compile(lines)->params->nelts, 0);
    }
}

/* label="Nomor Induk" comes from httpd as two words with their quotes. */
static void param_quotes(void **state)
{
    static const struct {
        char *words[6];
        const char *label, *says;
    } rows[] = {
        {{"a", "text", "label=\"Nomor", "Induk\"", "required"},
         "Nomor Induk",
         NULL},
        {{"a", "text", "label=\"Nomor\""}, "Nomor", NULL},
        {{"a", "text", "label=\"Nomor", "Induk", "Siswa\""},
         "Nomor Induk Siswa",
         NULL},
        {{"a", "text", "label=Nomor Induk"}, "Nomor Induk", NULL},
        {{"a", "text", "label=\"Nomor", "Induk"},
         NULL,
         "a quotation mark is missing"},
        {{"a", "text", "label=\""}, NULL, "a quotation mark is missing"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_param_lines_t *lines = spbe_param_lines_create(pool);
        const char *error;
        int argc = 0;

        while (argc < 6 && rows[i].words[argc] != NULL) {
            argc++;
        }
        error = spbe_param_lines_add(lines, argc, rows[i].words);
        print_message("%s\n", rows[i].words[2]);
        assert_int_equal(error != NULL, rows[i].says != NULL);
        if (error != NULL) {
            assert_non_null(strstr(error, rows[i].says));
            continue;
        }
        assert_string_equal(
            APR_ARRAY_IDX(compile(lines)->params, 0, spbe_param_t)
                .about->label_id,
            rows[i].label);
    }
}

/* "name=types of schema" of each parameter. */
static const char *names(const apr_array_header_t *params)
{
    const char *text = "";
    int i;

    for (i = 0; i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);

        text =
            apr_pstrcat(pool, text, param->name,
                        param->types & SPBE_TYPE_STRING ? ":s " : ":n ", NULL);
    }
    return text;
}

static void param_merge(void **state)
{
    spbe_param_lines_t *outer = spbe_param_lines_create(pool);
    spbe_param_lines_t *inner = spbe_param_lines_create(pool);
    const char *error;
    const spbe_policy_t *a, *b, *joined;

    assert_null(add(outer, "a text"));
    assert_null(add(outer, "b text"));
    assert_null(add(inner, "b integer"));
    assert_null(add(inner, "c text"));
    assert_string_equal(
        names(compile(spbe_param_lines_merge(outer, inner, pool))->params),
        "a:s b:n c:s ");
    a = spbe_param_lines_compile(outer, &error, pool);
    b = spbe_param_lines_compile(inner, &error, pool);
    joined = spbe_param_policy_join(a, b, pool);
    assert_string_equal(names(APR_ARRAY_IDX(spbe_policy_operations(joined), 0,
                                            const spbe_operation_t *)
                                  ->params),
                        "a:s b:n c:s ");
    assert_string_equal(names(APR_ARRAY_IDX(spbe_policy_operations(a), 0,
                                            const spbe_operation_t *)
                                  ->params),
                        "a:s b:s ");
    /* a later line of the same name counts */
    assert_null(add(outer, "a integer"));
    assert_string_equal(names(compile(outer)->params), "a:n b:s ");
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
        cmocka_unit_test(param_meaning), cmocka_unit_test(param_about),
        cmocka_unit_test(param_files),   cmocka_unit_test(param_errors),
        cmocka_unit_test(param_quotes),  cmocka_unit_test(param_merge),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
