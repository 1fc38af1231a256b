/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database_int.h - what the files that speak SQL share.
 */
#ifndef SPBE_STORE_DATABASE_INT_H
#define SPBE_STORE_DATABASE_INT_H

#include <apr_dbd.h>
#include <apr_hash.h>
#include "store/database.h"

enum {
    SPBE_STMT_PUT = 0,
    SPBE_STMT_WIDEN,
    SPBE_STMT_PUT_MORE,
    SPBE_STMT_WIDEN_MORE,
    SPBE_STMT_PUT_KEY,
    SPBE_STMT_STRETCH,
    SPBE_STMT_STRETCH_MORE,
    SPBE_STMT_STRETCH_KEY,
    SPBE_STMT_PUT_PIECE,
    SPBE_STMT_FORGET_PIECE,
    SPBE_STMT_REFRESH,
    SPBE_STMT_PUT_ANOMALY,
    SPBE_STMT_REPEAT_ANOMALY,
    SPBE_STMT_REPEAT_FIRST,
    SPBE_STMT_TALLIED,
    SPBE_STMT_ADD_TALLY,
    SPBE_STMT_FORGET_TALLIED,
    SPBE_STMT_COUNT_MINUTE,
    SPBE_STMT_COUNT_DAY,
    SPBE_STMT_ADD_NODE,
    SPBE_STMT_SET_NODE,
    SPBE_STMT_ADD_HEAD,
    SPBE_STMT_ADD_PURGE,
    SPBE_STMT_END_PURGE,
    SPBE_STMT_MOVE,
    SPBE_STMT_MOVE_MORE,
    SPBE_STMT_MARK,
    SPBE_STMT_MARK_MORE,
    SPBE_STMT_COUNT,
    /* of a shared database */
    SPBE_STMT_PUT_GROUP = SPBE_STMT_COUNT,
    SPBE_STMT_CLAIM_NODE,
    SPBE_STMT_LEAVE_NODE,
    SPBE_STMT_ALL
};

const char *spbe_statement_sql(int statement);

/* What differs from one database to the other. */
typedef struct spbe_dialect {
    const char *driver;    /* of apr_dbd */
    const char *package;   /* that brings the driver */
    int is_shared;         /* holds the groups; has an owner */
    const char *begin;     /* a transaction that writes */
    const char *lock;      /* behind a SELECT: others wait for its row */
    const char *text_type; /* a text that is ordered by its bytes */
    /* What apr_dbd opens; NULL: *rv and the error say why not. */
    const char *(*target)(spbe_database_t *database, apr_status_t *rv);
    /* After the handle is there. */
    apr_status_t (*set_up)(spbe_database_t *database);
    apr_status_t (*lock_schema)(spbe_database_t *database);
    /* Gives rights to those who have to do with it; NULL: none to give. */
    apr_status_t (*grant)(spbe_database_t *database);
    apr_status_t (*read_version)(spbe_database_t *database,
                                 apr_int64_t *version);
    apr_status_t (*write_version)(spbe_database_t *database,
                                  apr_int64_t version);
    int (*is_damaged)(const spbe_database_t *database);
    int (*is_gone)(const spbe_database_t *database);
} spbe_dialect_t;

extern const spbe_dialect_t spbe_dialect_sqlite3, spbe_dialect_pgsql;

struct spbe_watch;

/* How far the archive of one node is in. */
typedef struct spbe_node_state {
    apr_uint64_t position;   /* of the records */
    apr_uint64_t followed;   /* of the groups */
    apr_uint64_t tallied_to; /* behind the last tally that was added */
    apr_uint64_t head_group; /* the last group before followed */
    const char *head_hash;   /* hexadecimal, or NULL */
    apr_time_t head_time;
    const char *first_key; /* of the archive */
    const char *trouble;   /* NULL: none */
} spbe_node_state_t;

struct spbe_database {
    const spbe_dialect_t *dialect;
    spbe_database_mode_t mode;
    const apr_dbd_driver_t *driver;
    apr_dbd_t *handle;
    apr_dbd_prepared_t *statements[SPBE_STMT_ALL];
    apr_hash_t *asked; /* apr_dbd_prepared_t by its SQL */
    const char *dir;
    const char *dsn;  /* without what names the dialect; NULL: in dir */
    const char *path; /* of the file; NULL: none */
    const char *name; /* for messages */
    apr_uint64_t inode;
    struct spbe_watch *watch; /* NULL: nothing can hang */
    const char *node;         /* whose archive is written */
    int has_node;             /* its row is there, and this role's */
    spbe_node_state_t state;  /* as of begin, with what came since */
    apr_hash_t *counts;       /* of this transaction; see counts.h */
    int failed;               /* something, since the transaction began */
    char error[320];
    apr_pool_t *pool;    /* lives as long as the handle */
    apr_pool_t *scratch; /* cleared at each begin */
};

apr_status_t spbe_database_prepare(spbe_database_t *database, int statement);

/* Runs a prepared statement; *rows: how many it changed. */
apr_status_t spbe_database_exec(spbe_database_t *database, int statement, int n,
                                const char **args, int *rows);

/* One row from a query with arguments: its columns in values, in the scratch
 * pool; *found 0: there is none. */
apr_status_t spbe_database_one(spbe_database_t *database, const char *sql,
                               int n, const char *const *args, int columns,
                               const char **values, int *found);

/* Begins without a node. */
apr_status_t spbe_database_begin_any(spbe_database_t *database);

/* The state of the node, locked; written back. */
apr_status_t spbe_node_load(spbe_database_t *database);
apr_status_t spbe_node_save(spbe_database_t *database);

/* Notes what is wrong with the archive of the node. */
apr_status_t spbe_node_blame(spbe_database_t *database, const char *why);
/* The same, and everything of the archive is to be read again. Sums that
 * cannot be told from those of the other archive are taken out. */
apr_status_t spbe_node_start_over(spbe_database_t *database, const char *why);

/* A number as an argument; valid until the next begin. */
const char *spbe_database_digits(spbe_database_t *database, apr_int64_t value);

/* Changes rows by SQL with arguments that is said once in a while. */
apr_status_t spbe_database_change(spbe_database_t *database, const char *sql,
                                  int n, const char *const *args);

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

/* A column of such a row, NULL where there is none. */
const char *spbe_database_entry(spbe_database_t *database, apr_dbd_row_t *row,
                                int column);

/* The first column of the first row as a number; 0 when there is no row. */
apr_status_t spbe_database_number(spbe_database_t *database, const char *sql,
                                  apr_int64_t *number);

/* Creates what is missing, step by step from the version that is there. */
apr_status_t spbe_schema_migrate(spbe_database_t *database);
/* Can this program read what is there? */
apr_status_t spbe_schema_check(spbe_database_t *database);

#endif
