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

/* What differs from one database to the other. */
typedef struct spbe_dialect {
    const char *driver;  /* of apr_dbd */
    const char *package; /* that brings the driver */
    int is_shared;       /* holds the groups; has an owner */
    const char *begin;   /* a transaction that writes */
    /* What apr_dbd opens; NULL: *rv and the error say why not. */
    const char *(*target)(spbe_database_t *database, apr_status_t *rv);
    /* After the handle is there. */
    apr_status_t (*set_up)(spbe_database_t *database);
    apr_status_t (*lock_schema)(spbe_database_t *database);
    apr_status_t (*read_version)(spbe_database_t *database,
                                 apr_int64_t *version);
    apr_status_t (*write_version)(spbe_database_t *database,
                                  apr_int64_t version);
    int (*is_damaged)(const spbe_database_t *database);
    int (*is_gone)(const spbe_database_t *database);
} spbe_dialect_t;

extern const spbe_dialect_t spbe_dialect_sqlite3, spbe_dialect_pgsql;

struct spbe_watch;

struct spbe_database {
    const spbe_dialect_t *dialect;
    spbe_database_mode_t mode;
    const apr_dbd_driver_t *driver;
    apr_dbd_t *handle;
    apr_dbd_prepared_t *statements[SPBE_STMT_COUNT];
    const char *dir;
    const char *dsn;  /* without what names the dialect; NULL: in dir */
    const char *path; /* of the file; NULL: none */
    const char *name; /* for messages */
    apr_uint64_t inode;
    struct spbe_watch *watch; /* NULL: nothing can hang */
    int failed;               /* something, since the transaction began */
    char error[256];
    apr_pool_t *pool;    /* lives as long as the handle */
    apr_pool_t *scratch; /* cleared at each begin */
};

/* Runs a prepared statement; *rows: how many it changed. */
apr_status_t spbe_database_exec(spbe_database_t *database, int statement, int n,
                                const char **args, int *rows);

/* A number as an argument; valid until the next begin. */
const char *spbe_database_digits(spbe_database_t *database, apr_int64_t value);

/* Runs SQL without parameters. */
apr_status_t spbe_database_run(spbe_database_t *database, const char *sql);

/* Notes what the driver said about that code; always an error. */
apr_status_t spbe_database_failed(spbe_database_t *database, const char *what,
                                  int code);

/* Notes a sentence of ours and returns rv. */
apr_status_t spbe_database_say(spbe_database_t *database, apr_status_t rv,
                               const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One query with arguments; its rows are read with apr_dbd_get_row(pool, -1)
 * up to the last. */
apr_status_t spbe_database_ask(spbe_database_t *database, const char *sql,
                               int n, const char *const *args,
                               apr_dbd_results_t **results, apr_pool_t *pool);

/* The first column of the first row as a number; 0 when there is no row. */
apr_status_t spbe_database_number(spbe_database_t *database, const char *sql,
                                  apr_int64_t *number);

/* Creates what is missing, step by step from the version that is there. */
apr_status_t spbe_schema_migrate(spbe_database_t *database);
/* Can this program read what is there? */
apr_status_t spbe_schema_check(spbe_database_t *database);

#endif
