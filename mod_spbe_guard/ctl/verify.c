/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/verify.c - "verify": is the archive what was written?
 *
 * Needs the first public key, and what other places know of its last groups;
 * no secret, and nothing of the machine that wrote it.
 */
#include "ctl/verify.h"

#include <stdio.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include "store/archive.h"
#include "store/firstkey.h"
#include "store/nodes.h"
#include "store/source_database.h"
#include "text/visible.h"

#define LINE 65536

typedef struct request {
    const char *key, *heads;
    apr_array_header_t *head; /* const char * */
    int json;
} request_t;

static const char *reason(apr_status_t rv, apr_pool_t *pool)
{
    char text[160];

    return apr_pstrdup(pool, apr_strerror(rv, text, sizeof(text)));
}

/* What was typed, or a file with it; without either what lies beside the
 * archive, which is worth less. */
static int read_key(const spbe_ctl_t *ctl, const char *home,
                    const request_t *request, unsigned char *key, int *is_own)
{
    const char *path = request->key;
    apr_status_t rv;

    if (path == NULL && ctl->archive == NULL && ctl->database != NULL) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "verify --database needs --first-key");
    }
    *is_own = path == NULL;
    if (path != NULL &&
        spbe_firstkey_parse(spbe_span_from(path), key) == SPBE_OK) {
        return SPBE_CTL_FINE;
    }
    if (path == NULL) {
        path = apr_pstrcat(ctl->pool, home, "/" SPBE_FIRSTKEY_FILE, NULL);
    }
    rv = spbe_firstkey_read(path, key);
    if (rv == APR_SUCCESS) {
        return SPBE_CTL_FINE;
    }
    if (rv == APR_EINVAL || !*is_own) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "%s: neither a first public key nor a file with "
                             "one",
                             spbe_visible(path, ctl->pool));
    }
    return spbe_ctl_fail(SPBE_CTL_USAGE,
                         "verify needs --first-key KEY or FILE (%s: %s)",
                         spbe_visible(path, ctl->pool), reason(rv, ctl->pool));
}

static int read_heads_file(const spbe_ctl_t *ctl, const char *path,
                           apr_array_header_t *heads)
{
    char *line = apr_palloc(ctl->pool, LINE);
    int before = heads->nelts;
    apr_file_t *file;
    apr_status_t rv = apr_file_open(
        &file, path, APR_FOPEN_READ | APR_FOPEN_BUFFERED, 0, ctl->pool);

    while (rv == APR_SUCCESS) {
        spbe_head_t head;

        rv = apr_file_gets(line, LINE, file);
        if (rv == APR_SUCCESS &&
            spbe_head_find(spbe_span_from(line), &head, ctl->pool) == SPBE_OK) {
            APR_ARRAY_PUSH(heads, spbe_head_t) = head;
        }
    }
    if (rv != APR_EOF) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s: %s",
                             spbe_visible(path, ctl->pool),
                             reason(rv, ctl->pool));
    }
    return heads->nelts > before
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE,
                               "%s: no line of it has a head (\"" SPBE_HEAD_SAYS
                               "NODE GROUP:HEX\")",
                               spbe_visible(path, ctl->pool));
}

static int read_heads(const spbe_ctl_t *ctl, const request_t *request,
                      apr_array_header_t *heads)
{
    int i;

    for (i = 0; i < request->head->nelts; i++) {
        const char *text = APR_ARRAY_IDX(request->head, i, const char *);
        spbe_head_t head;

        if (spbe_head_parse(spbe_span_from(text), &head) != SPBE_OK) {
            return spbe_ctl_fail(SPBE_CTL_USAGE,
                                 "--head %s: it looks like 1234:9f86d0...",
                                 spbe_visible(text, ctl->pool));
        }
        APR_ARRAY_PUSH(heads, spbe_head_t) = head;
    }
    return request->heads == NULL ? SPBE_CTL_FINE
                                  : read_heads_file(ctl, request->heads, heads);
}

/* A folder that has no archive is read as an empty one: that is a finding. */
static apr_status_t next_nothing(void *baton, spbe_source_piece_t *piece)
{
    return APR_EOF;
}

static apr_status_t seek_nothing(void *baton, apr_uint64_t offset)
{
    return APR_SUCCESS;
}

static int open_folder(const spbe_ctl_t *ctl, const char *home,
                       spbe_source_t *source)
{
    apr_status_t rv = spbe_source_folder(source, home, ctl->pool);

    if (APR_STATUS_IS_ENOENT(rv)) {
        *source = (spbe_source_t){next_nothing, seek_nothing, NULL};
        return SPBE_CTL_FINE;
    }
    return rv == APR_SUCCESS ? SPBE_CTL_FINE
                             : spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s/archive: %s",
                                             home, reason(rv, ctl->pool));
}

static int take_head(void *baton, const spbe_head_t *head, apr_pool_t *pool)
{
    apr_array_header_t *heads = baton;

    APR_ARRAY_PUSH(heads, spbe_head_t) = *head;
    return 0;
}

/* Of the shared database: the archive itself, or, for one that lies in a
 * folder, what the database has seen of it. */
static int open_shared(const spbe_ctl_t *ctl, spbe_source_t *source,
                       apr_array_header_t *heads)
{
    spbe_database_t *database;
    apr_status_t rv;

    if (ctl->node == NULL) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "verify --database needs --node NAME");
    }
    rv = spbe_database_open(&database, ctl->home, ctl->database,
                            SPBE_DATABASE_READ, ctl->pool);
    if (rv == APR_SUCCESS) {
        rv = ctl->archive == NULL
                 ? spbe_source_database(source, database, ctl->node, ctl->pool)
                 : spbe_nodes_heads(database, ctl->node, 1, take_head, heads,
                                    ctl->pool);
    }
    if (rv == APR_SUCCESS) {
        return SPBE_CTL_FINE;
    }
    return spbe_ctl_fail(
        SPBE_CTL_TROUBLE, "%s: %s", spbe_visible(ctl->node, ctl->pool),
        APR_STATUS_IS_ENOENT(rv) ? "nothing of that node is there"
                                 : spbe_database_error(database));
}

static int open_source(const spbe_ctl_t *ctl, const char *home,
                       spbe_source_t *source, apr_array_header_t *heads)
{
    int code = SPBE_CTL_FINE;

    if (ctl->archive != NULL || ctl->database == NULL) {
        code = open_folder(ctl, home, source);
    }
    return code == SPBE_CTL_FINE && ctl->database != NULL
               ? open_shared(ctl, source, heads)
               : code;
}

static int verify(const spbe_ctl_t *ctl, const request_t *request)
{
    const char *home = ctl->archive != NULL ? ctl->archive : ctl->home;
    apr_array_header_t *heads =
        apr_array_make(ctl->pool, 16, sizeof(spbe_head_t));
    int is_shared = ctl->archive == NULL && ctl->database != NULL;
    unsigned char key[SPBE_SIGNER_SIZE];
    spbe_ctl_verified_t verified = {.where = is_shared ? ctl->database : home,
                                    .key = key};
    spbe_verify_report_t *report;
    spbe_source_t source;
    apr_status_t rv;
    int code = read_key(ctl, home, request, key, &verified.is_own_key);

    if (code == SPBE_CTL_FINE) {
        code = read_heads(ctl, request, heads);
    }
    if (code == SPBE_CTL_FINE) {
        code = open_source(ctl, home, &source, heads);
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    rv = spbe_verify(&source, key, heads, &report, ctl->pool);
    verified.report = report;
    verified.has_old = !is_shared && spbe_archive_has_old(home);
    if (request->json) {
        spbe_ctl_verify_json(&verified, ctl->pool);
    }
    else {
        spbe_ctl_verify_print(&verified, ctl->pool);
    }
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE,
                             "%s: could not be read to its end: %s", home,
                             reason(rv, ctl->pool));
    }
    return spbe_ctl_verify_code(&verified);
}

int spbe_ctl_verify(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    request_t request = {
        .head = apr_array_make(ctl->pool, 4, sizeof(const char *))};
    const spbe_ctl_option_t options[] = {
        {"--first-key", &request.key, NULL},
        {"--heads", &request.heads, NULL},
        {"--json", NULL, &request.json},
        {NULL, NULL, NULL},
    };
    int code = spbe_ctl_many(ctl, "--head", &argc, &argv, request.head);

    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_options(ctl, argc, argv, options, NULL);
    }
    return code == SPBE_CTL_FINE ? verify(ctl, &request) : code;
}
