/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/effective.c - fingerprints of what is in force. See effective.h.
 */
#include "httpd/effective.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <http_core.h>
#include <openssl/evp.h>

#include "failure/builtin.h"
#include "httpd/files.h"

static void add_text(EVP_MD_CTX *hash, const char *text)
{
    /* With its NUL, so that two words are not one. */
    EVP_DigestUpdate(hash, text == NULL ? "" : text,
                     text == NULL ? 1 : strlen(text) + 1);
}

static void add_span(EVP_MD_CTX *hash, spbe_span_t text)
{
    EVP_DigestUpdate(hash, text.ptr, text.len);
}

/* NULL where OpenSSL has no SHA-256. */
static EVP_MD_CTX *begin(void)
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();

    if (hash != NULL && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(hash);
        return NULL;
    }
    return hash;
}

static const char *finish(EVP_MD_CTX *hash, apr_pool_t *pool)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned i, n = 0;
    char *text;

    EVP_DigestFinal_ex(hash, bytes, &n);
    EVP_MD_CTX_free(hash);
    text = apr_palloc(pool, 2 * n + 1);
    for (i = 0; i < n; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * n] = '\0';
    return text;
}

static void add_tree(EVP_MD_CTX *hash, const ap_directive_t *node)
{
    for (; node != NULL; node = node->next) {
        add_text(hash, node->directive);
        add_text(hash, node->args);
        add_text(hash, "{");
        add_tree(hash, node->first_child);
        add_text(hash, "}");
    }
}

static const char *config_of(apr_pool_t *pool)
{
    EVP_MD_CTX *hash = begin();

    if (hash == NULL) {
        return NULL;
    }
    add_tree(hash, ap_conftree);
    return finish(hash, pool);
}

/* The file's own fingerprint among the facts, as sha256sum would write it. */
static void add_file(EVP_MD_CTX *all, const char *path, apr_array_header_t *facts,
                     apr_pool_t *pool)
{
    spbe_span_t text;
    const char *error = spbe_files_read(path, &text, pool), *own;
    EVP_MD_CTX *hash;

    if (error != NULL) {
        APR_ARRAY_PUSH(facts, const char *) = error;
        return;
    }
    hash = begin();
    if (hash == NULL) {
        return;
    }
    add_span(hash, text);
    own = finish(hash, pool);
    add_text(all, path);
    add_text(all, own);
    APR_ARRAY_PUSH(facts, const char *) =
        apr_pstrcat(pool, own, "  ", path, NULL);
}

static const char *rules_of(const spbe_server_conf_t *conf,
                            apr_array_header_t *facts, apr_pool_t *pool)
{
    const spbe_builtin_t *file;
    EVP_MD_CTX *hash = begin();
    int i;

    if (hash == NULL) {
        return NULL;
    }
    for (file = spbe_builtin_all(); file->name != NULL; file++) {
        if (strncmp(file->name, "rules/", 6) == 0) {
            add_text(hash, file->name);
            add_span(hash, file->data);
        }
    }
    for (i = 0; i < conf->rule_files->nelts; i++) {
        add_file(hash, APR_ARRAY_IDX(conf->rule_files, i, const char *), facts,
                 pool);
    }
    return finish(hash, pool);
}

/* Paths of SpbeGuardPolicy, each once. */
static void list_policies(const ap_directive_t *node, apr_hash_t *seen,
                          apr_array_header_t *paths, apr_pool_t *pool)
{
    for (; node != NULL; node = node->next) {
        const char *args = node->args, *path = NULL;

        if (strcasecmp(node->directive, "SpbeGuardPolicy") == 0) {
            path = ap_server_root_relative(pool,
                                           ap_getword_conf(pool, &args));
        }
        if (path != NULL && strcasecmp(node->args, "none") != 0
            && apr_hash_get(seen, path, APR_HASH_KEY_STRING) == NULL) {
            apr_hash_set(seen, path, APR_HASH_KEY_STRING, path);
            APR_ARRAY_PUSH(paths, const char *) = path;
        }
        list_policies(node->first_child, seen, paths, pool);
    }
}

static const char *policies_of(apr_array_header_t *facts, apr_pool_t *pool)
{
    apr_array_header_t *paths = apr_array_make(pool, 4, sizeof(const char *));
    EVP_MD_CTX *hash;
    int i;

    list_policies(ap_conftree, apr_hash_make(pool), paths, pool);
    hash = paths->nelts == 0 ? NULL : begin();
    if (hash == NULL) {
        return NULL;
    }
    for (i = 0; i < paths->nelts; i++) {
        add_file(hash, APR_ARRAY_IDX(paths, i, const char *), facts, pool);
    }
    return finish(hash, pool);
}

void spbe_effective_read(spbe_effective_t *effective, server_rec *s,
                         apr_pool_t *pool)
{
    effective->facts = apr_array_make(pool, 8, sizeof(const char *));
    effective->config = config_of(pool);
    effective->rules =
        rules_of(spbe_conf_server(s), effective->facts, pool);
    effective->policies = policies_of(effective->facts, pool);
}
