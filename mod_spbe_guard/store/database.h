/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database.h - the index: what can be searched, and where in the archive
 * the rest stands.
 *
 * SQLite in a file for one server, or PostgreSQL for many, through apr_dbd,
 * prepared statements only. Everything in it can be made again from the
 * archive, so its loss loses nothing. Inserts are idempotent: the same entry
 * may be indexed any number of times. Every call returns in a bounded time;
 * after one that failed the database is closed and opened again.
 */
#ifndef SPBE_STORE_DATABASE_H
#define SPBE_STORE_DATABASE_H

#include <apr_errno.h>
#include <apr_time.h>
#include "text/span.h"

typedef enum spbe_database_mode {
    SPBE_DATABASE_READ = 0,
    SPBE_DATABASE_WRITE = 1, /* creates and migrates a file */
    SPBE_DATABASE_OWN = 2    /* creates and migrates a shared one as well */
} spbe_database_mode_t;

typedef struct spbe_row {
    const char *id, *ref;
    apr_time_t ts;
    const char *kind, *severity, *class_name, *responsible;
    const char *application, *route, *fingerprint;
    int status_in, status_out;
    apr_uint64_t leak_sent;
    const char *h; /* JSON */
    const char *writer;
    apr_uint64_t seq;
    apr_uint64_t offset, length; /* in the archive */
    int complete;
    const char *node;   /* whose archive */
    const char *key;    /* id of the key its details are sealed with, or NULL */
    const char *action; /* when it is put */
    apr_int64_t n;      /* when it is put: how many requests it stands for */
    int purged;         /* 1: by order; 2: no room for the details was left */
} spbe_row_t;

typedef struct spbe_database spbe_database_t;

/*
 * dsn: "pgsql:" and a connection string as libpq takes it (hosts separated by
 * commas: the one that takes writes is used), or NULL: the file dir/guard.db.
 * Closed with the pool. On failure *database is set all the same when memory
 * allows, for spbe_database_error.
 */
apr_status_t spbe_database_open(spbe_database_t **database, const char *dir,
                                const char *dsn, spbe_database_mode_t mode,
                                apr_pool_t *pool);
void spbe_database_close(spbe_database_t *database);

/* For messages: the file, or that it is a PostgreSQL database. */
const char *spbe_database_name(const spbe_database_t *database);

/* Do several servers share it? Then it holds their archives as well. */
int spbe_database_is_shared(const spbe_database_t *database);

/* What went wrong last, one sentence; "" when nothing did. */
const char *spbe_database_error(const spbe_database_t *database);

/* Did opening fail because the file is no database, or a broken one? */
int spbe_database_damaged(const spbe_database_t *database);

/* Has the file been replaced or taken away since it was opened? */
int spbe_database_gone(const spbe_database_t *database);

/* Whose archive is written from now on; not within a transaction. Of a shared
 * database nobody's before. */
void spbe_database_set_node(spbe_database_t *database, const char *node);
const char *spbe_database_node(const spbe_database_t *database);

/* Writes happen between these. begin waits a little for other writers, in a
 * shared database only for those of the same node. */
apr_status_t spbe_database_begin(spbe_database_t *database);
apr_status_t spbe_database_commit(spbe_database_t *database);
void spbe_database_rollback(spbe_database_t *database);

/* *added: 0 when a row with this id was there. One that was not complete is
 * made so. */
apr_status_t spbe_database_put(spbe_database_t *database, const spbe_row_t *row,
                               int *added);

/* A record of kind "more": belongs to the row with the same id, which may
 * come later. */
apr_status_t spbe_database_put_more(spbe_database_t *database,
                                    const spbe_row_t *row, int *added);

/* A record of kind "key", when it is complete. Every place of it is kept: one
 * may be purged, and anybody may write another under the same id. */
apr_status_t spbe_database_put_key(spbe_database_t *database,
                                   const spbe_row_t *row, int *added);

/* How far the archive has been indexed. 0 in a new database. Between begin and
 * commit. */
apr_status_t spbe_database_position(spbe_database_t *database,
                                    apr_uint64_t *position);
apr_status_t spbe_database_set_position(spbe_database_t *database,
                                        apr_uint64_t position);

/* What is wrong between the archive of the node and what the database knew of
 * it, or NULL. It stays until the node is emptied. As of the last begin. */
const char *spbe_database_trouble(const spbe_database_t *database);

/* Takes everything of the node out (of a file: everything); the position is 0
 * again. Of a shared one only its owner may. */
apr_status_t spbe_database_empty(spbe_database_t *database);

#endif
