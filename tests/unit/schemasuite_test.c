/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The official JSON-Schema-Test-Suite, draft 2020-12, from the folder that
 * JSON_SCHEMA_SUITE names. Without it a NOTE is printed and nothing is run.
 *
 * All of tests/draft2020-12 must pass; of optional/ too, but for the rows of
 * the table of exceptions below, each of which must still be needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "input/schema.h"

#define BESIDE "../shared/data/json-schema-test-suite"
#define META "https://json-schema.org/draft/2020-12/"
#define PACKAGED "/usr/lib/python3/dist-packages/jsonschema/schemas/"
#define REQUIRED 1299

/* For tests whose "file|group|test" begins with where. */
typedef struct exception {
    const char *where, *reason;
} exception_t;

static const exception_t exceptions[] = {
    {"optional/cross-draft.json",
     "asks for draft 2019-09: policies are written in 2020-12 alone"},
};
#define EXCEPTIONS (sizeof(exceptions) / sizeof(exceptions[0]))

typedef struct tally {
    unsigned passed, failed, excepted;
} tally_t;

typedef struct suite {
    const char *folder;
    const char *file;                         /* being run */
    apr_array_header_t *remotes;              /* remote_t */
    const spbe_node_t *schema, *vocabularies; /* the dialect */
    unsigned needed[EXCEPTIONS];
    apr_pool_t *pool;
} suite_t;

typedef struct remote {
    const char *uri;
    const spbe_node_t *root;
} remote_t;

static const spbe_node_t *read_json(const char *path, apr_pool_t *pool)
{
    spbe_json_limits_t limits = {0, 0};
    spbe_json_report_t report;
    apr_finfo_t info;
    apr_file_t *file;
    apr_size_t len;
    char *bytes;

    if (apr_file_open(&file, path, APR_READ, 0, pool) != APR_SUCCESS) {
        return NULL;
    }
    assert_int_equal(apr_file_info_get(&info, APR_FINFO_SIZE, file),
                     APR_SUCCESS);
    len = (apr_size_t)info.size;
    bytes = apr_palloc(pool, len + 1);
    assert_int_equal(apr_file_read_full(file, bytes, len, &len), APR_SUCCESS);
    apr_file_close(file);
    return spbe_json_tree((spbe_span_t){bytes, len}, &limits, &report, pool);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in a folder, sorted; of folders when wanted is APR_DIR. */
static apr_array_header_t *list(const char *folder, apr_filetype_e wanted,
                                apr_pool_t *pool)
{
    apr_array_header_t *names = apr_array_make(pool, 64, sizeof(char *));
    apr_finfo_t info;
    apr_dir_t *dir;

    if (apr_dir_open(&dir, folder, pool) != APR_SUCCESS) {
        return names;
    }
    while (apr_dir_read(&info, APR_FINFO_NAME | APR_FINFO_TYPE, dir) ==
           APR_SUCCESS) {
        if (info.filetype == wanted && info.name[0] != '.') {
            APR_ARRAY_PUSH(names, const char *) = apr_pstrdup(pool, info.name);
        }
    }
    apr_dir_close(dir);
    qsort(names->elts, names->nelts, sizeof(char *), by_name);
    return names;
}

static void add_remotes(suite_t *suite, const char *folder, const char *uri)
{
    apr_array_header_t *files = list(folder, APR_REG, suite->pool);
    apr_array_header_t *folders = list(folder, APR_DIR, suite->pool);
    int i;

    for (i = 0; i < files->nelts; i++) {
        const char *name = APR_ARRAY_IDX(files, i, const char *);
        remote_t remote;

        remote.uri = apr_pstrcat(suite->pool, uri, name, NULL);
        remote.root = read_json(
            apr_pstrcat(suite->pool, folder, "/", name, NULL), suite->pool);
        assert_non_null(remote.root);
        APR_ARRAY_PUSH(suite->remotes, remote_t) = remote;
    }
    for (i = 0; i < folders->nelts; i++) {
        const char *name = APR_ARRAY_IDX(folders, i, const char *);

        add_remotes(suite, apr_pstrcat(suite->pool, folder, "/", name, NULL),
                    apr_pstrcat(suite->pool, uri, name, "/", NULL));
    }
}

static spbe_schemas_t *with_remotes(const suite_t *suite, int formats,
                                    apr_pool_t *pool)
{
    spbe_schema_options_t options = {0, formats, formats};
    spbe_schemas_t *schemas = spbe_schemas_create(&options, pool);
    const spbe_node_t *vocabulary;
    int i;

    for (i = 0; i < suite->remotes->nelts; i++) {
        const remote_t *remote = &APR_ARRAY_IDX(suite->remotes, i, remote_t);

        spbe_schemas_add(schemas, remote->uri, remote->root);
    }
    spbe_schemas_add(schemas, META "schema", suite->schema);
    for (vocabulary = suite->vocabularies->first; vocabulary != NULL;
         vocabulary = vocabulary->next) {
        if (spbe_span_starts(vocabulary->name, SPBE_SPAN(META))) {
            spbe_schemas_add(schemas, spbe_span_dup(vocabulary->name, pool),
                             vocabulary);
        }
    }
    return schemas;
}

/* The number of the exception that names the test, or -1. */
static int exception_of(const suite_t *suite, const spbe_node_t *group,
                        const spbe_node_t *test, apr_pool_t *pool)
{
    const spbe_node_t *outer = SPBE_NODE_MEMBER(group, "description");
    const spbe_node_t *inner = SPBE_NODE_MEMBER(test, "description");
    const char *name =
        apr_pstrcat(pool, suite->file, "|", spbe_span_dup(outer->text, pool),
                    "|", spbe_span_dup(inner->text, pool), NULL);
    size_t i;

    for (i = 0; i < EXCEPTIONS; i++) {
        if (strncmp(name, exceptions[i].where, strlen(exceptions[i].where)) ==
            0) {
            return (int)i;
        }
    }
    return -1;
}

static void count(suite_t *suite, const spbe_node_t *group,
                  const spbe_node_t *test, int passed, const char *why,
                  tally_t *tally, apr_pool_t *pool)
{
    int exception;

    if (passed) {
        tally->passed++;
        return;
    }
    exception = exception_of(suite, group, test, pool);
    if (exception >= 0) {
        suite->needed[exception]++;
        tally->excepted++;
        return;
    }
    tally->failed++;
    print_error(
        "%s: %s: %s: %s\n", suite->file,
        spbe_span_dup(SPBE_NODE_MEMBER(group, "description")->text, pool),
        spbe_span_dup(SPBE_NODE_MEMBER(test, "description")->text, pool), why);
}

static void run_group(suite_t *suite, const spbe_node_t *group, int formats,
                      tally_t *tally, apr_pool_t *pool)
{
    const spbe_node_t *root = SPBE_NODE_MEMBER(group, "schema");
    spbe_problems_t *problems =
        spbe_problems_create(suite->file, SPBE_SPAN_EMPTY, pool);
    spbe_schemas_t *schemas = with_remotes(suite, formats, pool);
    const spbe_node_t *test;
    const spbe_schema_t *schema;

    spbe_schemas_add(schemas, "https://test.invalid/schema", root);
    schema = spbe_schema_compile(schemas, "https://test.invalid/schema", root,
                                 problems);
    for (test = SPBE_NODE_MEMBER(group, "tests")->first; test != NULL;
         test = test->next) {
        const spbe_node_t *data = SPBE_NODE_MEMBER(test, "data");
        int valid = SPBE_NODE_MEMBER(test, "valid")->truth;
        apr_array_header_t *faults =
            apr_array_make(pool, 4, sizeof(spbe_fault_t));
        int told, quiet;

        if (schema == NULL) {
            count(suite, group, test, 0,
                  spbe_problems_first_error(problems, pool), tally, pool);
            continue;
        }
        /* With and without a list the answer must be the same. */
        told = spbe_schema_validate(schema, data, NULL, faults, pool);
        quiet = spbe_schema_validate(schema, data, NULL, NULL, pool);
        count(suite, group, test,
              told == valid && quiet == valid && (faults->nelts > 0) == !valid,
              apr_psprintf(pool, "%d and %d instead of %d, %d faults", told,
                           quiet, valid, faults->nelts),
              tally, pool);
    }
}

static tally_t run_file(suite_t *suite, const char *folder, const char *name,
                        int formats)
{
    tally_t tally = {0, 0, 0};
    const spbe_node_t *groups, *group;
    apr_pool_t *pool;

    assert_int_equal(apr_pool_create(&pool, suite->pool), APR_SUCCESS);
    suite->file = apr_pstrcat(pool, folder, name, NULL);
    groups = read_json(apr_pstrcat(pool, suite->folder, "/tests/draft2020-12/",
                                   suite->file, NULL),
                       pool);
    assert_non_null(groups);
    for (group = groups->first; group != NULL; group = group->next) {
        run_group(suite, group, formats, &tally, pool);
    }
    printf("%-44s passed %4u  failed %u", suite->file, tally.passed,
           tally.failed + tally.excepted);
    printf(tally.excepted ? "  (%u of them excepted)\n" : "\n", tally.excepted);
    apr_pool_destroy(pool);
    return tally;
}

static tally_t run_folder(suite_t *suite, const char *folder, int formats)
{
    apr_array_header_t *files =
        list(apr_pstrcat(suite->pool, suite->folder, "/tests/draft2020-12/",
                         folder, NULL),
             APR_REG, suite->pool);
    tally_t sum = {0, 0, 0};
    int i;

    for (i = 0; i < files->nelts; i++) {
        tally_t one = run_file(suite, folder,
                               APR_ARRAY_IDX(files, i, const char *), formats);

        sum.passed += one.passed;
        sum.failed += one.failed;
        sum.excepted += one.excepted;
    }
    return sum;
}

/* say: that it is not there; once is enough. */
static int find(suite_t *suite, int say)
{
    const char *folder = getenv("JSON_SCHEMA_SUITE");

    suite->folder = folder == NULL || *folder == '\0' ? BESIDE : folder;
    if (access(apr_pstrcat(suite->pool, suite->folder,
                           "/tests/draft2020-12/type.json", NULL),
               R_OK) != 0) {
        if (say) {
            printf("NOTE the JSON-Schema-Test-Suite is not in %s: not run; "
                   "JSON_SCHEMA_SUITE names its folder\n",
                   suite->folder);
        }
        return 0;
    }
    suite->schema = read_json(PACKAGED "draft2020-12.json", suite->pool);
    suite->vocabularies = read_json(PACKAGED "vocabularies.json", suite->pool);
    if (suite->schema == NULL || suite->vocabularies == NULL) {
        print_error("%s has no metaschemas: python3-jsonschema is missing\n",
                    PACKAGED);
        fail();
    }
    suite->remotes = apr_array_make(suite->pool, 32, sizeof(remote_t));
    add_remotes(suite,
                apr_pstrcat(suite->pool, suite->folder, "/remotes", NULL),
                "http://localhost:1234/");
    return 1;
}

static void required(void **state)
{
    suite_t suite = {.pool = *state};
    tally_t sum;

    if (!find(&suite, 1)) {
        return;
    }
    sum = run_folder(&suite, "", 0);
    printf("required: passed %u, failed %u\n", sum.passed, sum.failed);
    assert_int_equal(sum.failed + sum.excepted, 0);
    assert_in_range(sum.passed, REQUIRED, UINT32_MAX);
}

static void optional(void **state)
{
    suite_t suite = {.pool = *state};
    tally_t other, formats;
    size_t i;

    if (!find(&suite, 0)) {
        return;
    }
    other = run_folder(&suite, "optional/", 0);
    formats = run_folder(&suite, "optional/format/", 1);
    printf("optional: passed %u, failed %u\n", other.passed + formats.passed,
           other.failed + other.excepted + formats.failed + formats.excepted);
    for (i = 0; i < EXCEPTIONS; i++) {
        printf("NOTE excepted: %s (%u): %s\n", exceptions[i].where,
               suite.needed[i], exceptions[i].reason);
        assert_int_not_equal(suite.needed[i], 0);
    }
    assert_int_equal(other.failed + formats.failed, 0);
    assert_in_range(formats.passed, 500, UINT32_MAX);
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
        cmocka_unit_test(required),
        cmocka_unit_test(optional),
    };

    setvbuf(stdout, NULL, _IONBF, 0);
    return cmocka_run_group_tests(tests, start, stop);
}
