/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/store.c - what a reading command works with: the database or the bare
 * archive, and the keys. See full.h.
 */
#include "ctl/full.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include "ctl/ask.h"
#include "store/source_database.h"
#include "text/visible.h"

static apr_status_t find(void *baton, const char *node, const char *id,
                         spbe_query_row_t *row, void *rows, apr_pool_t *pool)
{
    const spbe_ctl_store_t *store = baton;
    spbe_filter_t filter = {.id = id, .kind = "key", .limit = 10};

    return store->survey != NULL
               ? spbe_survey_records(store->survey, &filter, row, rows, pool)
               : spbe_query_key(store->database, node, id, row, rows, pool);
}

/* A file of rewrapped keys: those that do not open are of another key. */
static int learn_rewrapped(const spbe_ctl_t *ctl, const char *path,
                           spbe_unseal_t *unseal)
{
    FILE *file = fopen(path, "re");
    size_t size = 0;
    char *line = NULL;
    ssize_t len;
    long n = 0;

    if (file == NULL) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot read %s: %s",
                             spbe_visible(path, ctl->pool), strerror(errno));
    }
    while ((len = getline(&line, &size, file)) > 0) {
        spbe_span_t text = {line, (size_t)len};

        n += spbe_unseal_learn(unseal, spbe_span_trim(text)) == SPBE_OK;
    }
    free(line);
    fclose(file);
    return n > 0 ? SPBE_CTL_FINE
                 : spbe_ctl_fail(SPBE_CTL_TROUBLE,
                                 "%s: none of these keys opens with the "
                                 "private key given",
                                 spbe_visible(path, ctl->pool));
}

int spbe_ctl_unseal(const spbe_ctl_t *ctl, const spbe_ctl_keys_t *keys,
                    spbe_unseal_t **unseal)
{
    spbe_ask_source_t source = {keys->passphrase_file};
    const char *why;
    int i;

    *unseal = NULL;
    if (keys->files->nelts == 0) {
        return keys->rewrap == NULL
                   ? SPBE_CTL_FINE
                   : spbe_ctl_fail(SPBE_CTL_USAGE, "--rewrap needs --key: the "
                                                   "successor's private key");
    }
    *unseal = spbe_unseal_create(ctl->pool);
    if (*unseal == NULL) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "out of memory");
    }
    for (i = 0; i < keys->files->nelts; i++) {
        if (spbe_unseal_add_key(
                *unseal, APR_ARRAY_IDX(keys->files, i, const char *),
                spbe_ask_passphrase, &source, &why) != SPBE_OK) {
            return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                                 spbe_visible(why, ctl->pool));
        }
    }
    return keys->rewrap == NULL ? SPBE_CTL_FINE
                                : learn_rewrapped(ctl, keys->rewrap, *unseal);
}

static int open_database(const spbe_ctl_t *ctl, spbe_ctl_store_t *store)
{
    apr_status_t rv =
        spbe_database_open(&store->database, ctl->home, ctl->database,
                           SPBE_DATABASE_READ, ctl->pool);

    if (rv == APR_SUCCESS) {
        return SPBE_CTL_FINE;
    }
    if (ctl->database != NULL) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_database_error(store->database));
    }
    return spbe_ctl_fail(SPBE_CTL_TROUBLE,
                         "%s (spbe-guardctl --home %s %s makes it; --archive "
                         "%s reads without it)",
                         spbe_database_error(store->database), ctl->home,
                         rv == APR_ENOENT ? "init" : "reindex", ctl->home);
}

/* A shared database holds the archives of all nodes: each is opened when
 * something of it is read. */
static const spbe_source_t *source_of(void *baton, const char *node)
{
    spbe_ctl_store_t *store = baton;
    spbe_source_t *source;

    if (node == NULL) {
        return NULL;
    }
    source = apr_hash_get(store->sources, node, APR_HASH_KEY_STRING);
    if (source == NULL) {
        source = apr_pcalloc(store->pool, sizeof(*source));
        if (spbe_source_database(source, store->database, node, store->pool) !=
            APR_SUCCESS) {
            return NULL;
        }
        apr_hash_set(store->sources, apr_pstrdup(store->pool, node),
                     APR_HASH_KEY_STRING, source);
    }
    return source;
}

/* For what needs one archive from end to end. */
static void open_shared(const spbe_ctl_t *ctl, spbe_ctl_store_t *store)
{
    store->sources = apr_hash_make(ctl->pool);
    if (ctl->node == NULL) {
        store->archive_error = "--node is needed: of which server";
    }
    else if (spbe_source_database(&store->source, store->database, ctl->node,
                                  ctl->pool) != APR_SUCCESS) {
        store->archive_error =
            apr_pstrdup(ctl->pool, spbe_database_error(store->database));
    }
}

static void open_source(const spbe_ctl_t *ctl, spbe_ctl_store_t *store)
{
    const char *dir = ctl->archive != NULL ? ctl->archive : ctl->home;
    apr_status_t rv;
    char reason[128];

    if (ctl->database != NULL) {
        open_shared(ctl, store);
        return;
    }
    rv = spbe_source_folder(&store->source, dir, ctl->pool);
    if (rv != APR_SUCCESS) {
        store->archive_error =
            apr_psprintf(ctl->pool, "%s/archive: %s", dir,
                         apr_strerror(rv, reason, sizeof(reason)));
    }
}

int spbe_ctl_store_open(const spbe_ctl_t *ctl, spbe_ctl_store_t *store,
                        const spbe_ctl_keys_t *keys)
{
    spbe_unseal_t *unseal = NULL;
    int code = SPBE_CTL_FINE;

    *store = (spbe_ctl_store_t){.pool = ctl->pool};
    if (ctl->archive == NULL) {
        code = open_database(ctl, store);
    }
    if (code == SPBE_CTL_FINE && keys != NULL) {
        code = spbe_ctl_unseal(ctl, keys, &unseal);
        store->recipients = keys->recipients;
        store->asked = unseal != NULL;
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    open_source(ctl, store);
    if (ctl->archive != NULL && store->archive_error == NULL &&
        spbe_survey_create(&store->survey, &store->source, ctl->pool) !=
            APR_SUCCESS) {
        store->archive_error = "it cannot be read to its end";
    }
    if (ctl->archive != NULL && store->archive_error != NULL) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_visible(store->archive_error, ctl->pool));
    }
    store->opening = spbe_opening_create(
        store->archive_error == NULL ? &store->source : NULL, unseal, find,
        store, ctl->pool);
    if (store->sources != NULL) {
        spbe_opening_sources(store->opening, source_of);
    }
    return SPBE_CTL_FINE;
}

apr_status_t spbe_ctl_query(const spbe_ctl_store_t *store,
                            const spbe_filter_t *filter, spbe_query_row_t *row,
                            void *baton, apr_pool_t *pool)
{
    return store->survey != NULL
               ? spbe_survey_records(store->survey, filter, row, baton, pool)
               : spbe_query_records(store->database, filter, row, baton, pool);
}

const char *spbe_ctl_store_error(const spbe_ctl_store_t *store)
{
    return store->database != NULL ? spbe_database_error(store->database)
                                   : "the archive cannot be read";
}
