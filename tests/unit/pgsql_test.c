/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/pgsql_test.c - the index in PostgreSQL: a server of its own, in a
 * temporary folder.
 */
#include <cmocka.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "pg_server.h"
#include "store/query.h"
#include <apr_general.h>
#include <sys/stat.h>
#include <unistd.h>

static apr_pool_t *pool;
static char dir[64];
static const char *dsn; /* of the owner */

static spbe_database_t *open_as(spbe_database_mode_t mode) {
  spbe_database_t *database;

  if (spbe_database_open(&database, "/nowhere", dsn, mode, pool) !=
      APR_SUCCESS) {
    fail_msg("%s", spbe_database_error(database));
  }
  return database;
}

static void pgsql_opens(void **state) {
  spbe_database_t *database;
  long n;

  assert_int_not_equal(
      spbe_database_open(&database, "/nowhere", dsn, SPBE_DATABASE_WRITE, pool),
      APR_SUCCESS);
  assert_non_null(strstr(spbe_database_error(database), "not made yet"));
  spbe_database_close(database);
  spbe_database_close(open_as(SPBE_DATABASE_OWN));
  spbe_database_close(open_as(SPBE_DATABASE_OWN));
  database = open_as(SPBE_DATABASE_WRITE);
  assert_int_equal(spbe_query_count(database, &n, pool), APR_SUCCESS);
  assert_int_equal(n, 0);
  spbe_database_close(database);
}

static int setup(void **state) {
  apr_initialize();
  apr_pool_create(&pool, NULL);
  strcpy(dir, "/tmp/spbe-test-XXXXXX");
  assert_non_null(mkdtemp(dir));
  chmod(dir, 0755);
  dsn =
      apr_psprintf(pool, "pgsql:host=%s/a dbname=postgres user=postgres", dir);
  return pg_do("start", apr_pstrcat(pool, dir, "/a", NULL), "", pool) != 0;
}

static int teardown(void **state) {
  pg_do("stop", apr_pstrcat(pool, dir, "/a", NULL), "immediate", pool);
  pg_run(apr_pstrcat(pool, "rm -rf ", dir, NULL));
  apr_pool_destroy(pool);
  apr_terminate();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pgsql_opens),
  };

  return cmocka_run_group_tests(tests, setup, teardown);
}
