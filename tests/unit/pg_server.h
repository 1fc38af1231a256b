/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/pg_server.h - a PostgreSQL server for one test program; see
 * tests/tools/pg.sh.
 */
#ifndef SPBE_TESTS_PG_SERVER_H
#define SPBE_TESTS_PG_SERVER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <apr_strings.h>

#define PG_SCRIPT "tests/tools/pg.sh"

/* The exit code of a command; what it says goes to standard error. */
static inline int pg_run(const char *command)
{
    int status = system(command);

    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* "start", "stop", "stop immediate", "promote", "freeze", "thaw" ... */
static inline int pg_do(const char *verb, const char *dir, const char *more,
                        apr_pool_t *pool)
{
    return pg_run(apr_pstrcat(pool, PG_SCRIPT, " ", verb, " ", dir, " ", more,
                              " >&2", NULL));
}

/* Runs SQL as the superuser; what it answers, without the last line end, or
 * NULL when it failed. */
static inline const char *pg_sql(const char *dir, const char *database,
                                 const char *sql, apr_pool_t *pool)
{
    char *text = apr_pcalloc(pool, 1 << 20);
    FILE *pipe;
    size_t n;

    setenv("PG_SQL", sql, 1);
    pipe = popen(apr_pstrcat(pool, "PGDATABASE=", database,
                             " " PG_SCRIPT " sql ", dir, " \"$PG_SQL\"", NULL),
                 "r");
    n = fread(text, 1, (1 << 20) - 1, pipe);
    if (pclose(pipe) != 0) {
        return NULL;
    }
    while (n > 0 && text[n - 1] == '\n') {
        text[--n] = '\0';
    }
    return text;
}

#endif
