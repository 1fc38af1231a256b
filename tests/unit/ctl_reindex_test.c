/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/ctl_reindex_test.c - spbe-guardctl reindex with a shared database:
 * what is in no archive any more is kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>
#include <sys/stat.h>
#include <apr_general.h>
#include "pg_server.h"

#define LINE                                                                   \
    "{\"v\":1,\"w\":\"n:1:1\",\"s\":%d,\"id\":"                                \
    "\"01a1ff81-1a3b-7fce-b924-bdd08d1963%02d\",\"p\":1,\"n\":1,\"k\":\"\","   \
    "\"h\":{\"kind\":\"error\"},\"d\":\"\"}"

static apr_pool_t *pool;
static char dir[64];
static int is_installed;

static const char *output(const char *command, int *code)
{
    static char text[65536];
    FILE *pipe = popen(command, "r");
    size_t n = fread(text, 1, sizeof(text) - 1, pipe);

    text[n] = '\0';
    *code = WEXITSTATUS(pclose(pipe));
    return text;
}

/* A home with its archive: records 10 to 10 + n. */
static void make_home(int n)
{
    FILE *out;
    int i;

    pg_run(apr_pstrcat(pool, "rm -rf ", dir, "/home", NULL));
    out =
        popen(apr_pstrcat(pool, "SPBE_GUARD_SPILL= build/spbe-guardlog --home ",
                          dir, "/home --no-syslog 2>/dev/null", NULL),
              "w");
    for (i = 0; i < n; i++) {
        fprintf(out, LINE "\n", i + 1, i + 10);
    }
    assert_int_equal(pclose(out), 0);
}

static const char *count(const char *where)
{
    return pg_sql(apr_pstrcat(pool, dir, "/pg", NULL), "postgres",
                  apr_pstrcat(pool, "SELECT count(*) FROM spbe_guard.records",
                              " WHERE kind = 'error' AND node LIKE '", where,
                              "'", NULL),
                  pool);
}

static void reindex_shared(void **state)
{
    static const struct {
        const char *name;
        int records; /* of a new archive; 0: the same */
        const char *cut, *option;
        int code;
        const char *says, *rows, *aside;
    } tests[] = {
        {"the first time", 7, "", "", 0, "catatan", "7", "0"},
        {"again", 0, "", "", 0, "catatan", "7", "0"},
        {"another archive", 3, "", "", 1, "--set-aside", "7", "0"},
        {"put aside", 0, "", "--set-aside", 0, "kept as", "3", "7"},
        {"again behind it", 0, "", "", 0, "catatan", "3", "7"},
        {"shorter", 0, "sed -i '$d'", "", 1, "become shorter", "3", "7"},
        {"shorter, put aside", 0, "", "--set-aside", 0, "kept as", "", ""},
    };
    size_t i;

    if (!is_installed) {
        print_message("PostgreSQL is not installed\n");
        skip();
    }
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *text, *command;
        int code;

        if (tests[i].records > 0) {
            make_home(tests[i].records);
        }
        if (tests[i].cut[0] != '\0') {
            assert_int_equal(pg_run(apr_pstrcat(pool, tests[i].cut, " ", dir,
                                                "/home/archive/*.jsonl", NULL)),
                             0);
        }
        command = apr_psprintf(
            pool,
            "build/spbe-guardctl --home %s/home --database 'pgsql:host=%s/pg "
            "dbname=postgres user=postgres' reindex %s 2>&1",
            dir, dir, tests[i].option);
        text = output(command, &code);
        if (code != tests[i].code || strstr(text, tests[i].says) == NULL) {
            fail_msg("%s: %d %s", tests[i].name, code, text);
        }
        if (tests[i].rows[0] != '\0') {
            const char *aside = count("% (%)");
            const char *all = count("%");
            int rows = atoi(all) - atoi(aside);

            if (rows != atoi(tests[i].rows) ||
                strcmp(aside, tests[i].aside) != 0) {
                fail_msg("%s: %d rows, %s aside", tests[i].name, rows, aside);
            }
        }
    }
}

static int setup(void **state)
{
    int code;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chmod(dir, 0755), 0);
    code = pg_do("start", apr_pstrcat(pool, dir, "/pg", NULL), "", pool);
    is_installed = code == 0;
    return code != 0 && code != 77;
}

static int teardown(void **state)
{
    if (is_installed) {
        pg_do("stop", apr_pstrcat(pool, dir, "/pg", NULL), "immediate", pool);
    }
    pg_run(apr_pstrcat(pool, "rm -rf ", dir, NULL));
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reindex_shared),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
