/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database_int.h - what the files that speak SQL share.
 */
#ifndef SPBE_STORE_DATABASE_INT_H
#define SPBE_STORE_DATABASE_INT_H

#include <apr_dbd.h>
#include "store/database.h"

enum {
    SPBE_STMT_PUT = 0,
    SPBE_STMT_PUT_MORE = 1,
    SPBE_STMT_REFRESH = 2,
    SPBE_STMT_SET_POSITION = 3,
    SPBE_STMT_EXTEND = 4,
    SPBE_STMT_PUT_ANOMALY = 5,
    SPBE_STMT_REPEAT_ANOMALY = 6,
    SPBE_STMT_TALLIED = 7,
    SPBE_STMT_ADD_TALLY = 8,
    SPBE_STMT_FORGET_TALLIED = 9,
    SPBE_STMT_COUNT = 10
};

const char *spbe_statement_sql(int statement);

struct spbe_database {
    const apr_dbd_driver_t *driver;
    apr_dbd_t *handle;
    apr_dbd_prepared_t *statements[SPBE_STMT_COUNT];
    const char *path;
    apr_uint64_t inode;
    char error[256];
    apr_pool_t *pool;    /* lives as long as the handle */
    apr_pool_t *scratch; /* cleared at each begin */
};

/* Runs a prepared statement; *rows: how many it changed. */
apr_status_t spbe_database_exec(spbe_database_t *database, int statement,
                                int n, const char **args, int *rows);

/* A number as an argument; valid until the next begin. */
const char *spbe_database_digits(spbe_database_t *database, apr_int64_t value);

/* Runs SQL without parameters. */
apr_status_t spbe_database_run(spbe_database_t *database, const char *sql);

/* Notes what the driver said about that code; always an error. */
apr_status_t spbe_database_failed(spbe_database_t *database, const char *what,
                                  int code);

/* The first column of the first row as a number; 0 when there is no row. */
apr_status_t spbe_database_number(spbe_database_t *database, const char *sql,
                                  apr_int64_t *number);

/* Creates what is missing, step by step from the version that is there. */
apr_status_t spbe_schema_migrate(spbe_database_t *database);
/* Can this program read what is there? */
apr_status_t spbe_schema_check(spbe_database_t *database);

#endif
