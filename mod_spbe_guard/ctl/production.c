/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/production.c - what must not be so where real records are kept. See
 * production.h.
 */
#include "ctl/production.h"

#include <string.h>
#include <apr_strings.h>
#include "ctl/keyfile.h"
#include "ctl/pem.h"
#include "text/visible.h"

#define FOLDER "/etc/spbe-guard"

static void say(apr_array_header_t *problems, const char *text)
{
    APR_ARRAY_PUSH(problems, const char *) = text;
}

static const spbe_recipient_t *find(const apr_array_header_t *recipients,
                                    const char *id)
{
    int i;

    for (i = 0; i < recipients->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(recipients, i, spbe_recipient_t).id, id) ==
            0) {
            return &APR_ARRAY_IDX(recipients, i, spbe_recipient_t);
        }
    }
    return NULL;
}

/* Where keys were written to, as the file of recipients says. */
static void search_written(const char *file, apr_array_header_t *found,
                           apr_pool_t *pool)
{
    spbe_span_t text;

    if (spbe_keyfile_slurp(file, &text, pool) != APR_SUCCESS) {
        return;
    }
    while (text.len > 0) {
        spbe_span_t line = spbe_span_line(&text);

        if (spbe_span_starts(line, SPBE_SPAN(SPBE_KEYFILE_PRIVATE))) {
            line = spbe_span_slice(line, sizeof(SPBE_KEYFILE_PRIVATE) - 1,
                                   line.len);
            spbe_pem_search(spbe_span_dup(line, pool), 0, found, pool);
        }
    }
}

static const char *folder_of(const char *path, apr_pool_t *pool)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL
               ? "."
               : apr_pstrmemdup(pool, path, (apr_size_t)(slash - path) + 1);
}

static apr_array_header_t *search(const spbe_ctl_t *ctl, const char *file,
                                  const apr_array_header_t *paths)
{
    apr_array_header_t *found =
        apr_array_make(ctl->pool, 4, sizeof(spbe_pem_found_t));
    int i;

    spbe_pem_search(ctl->home, 2, found, ctl->pool);
    spbe_pem_search(FOLDER, 2, found, ctl->pool);
    spbe_pem_search(folder_of(file, ctl->pool), 0, found, ctl->pool);
    spbe_pem_search(".", 0, found, ctl->pool);
    search_written(file, found, ctl->pool);
    for (i = 0; paths != NULL && i < paths->nelts; i++) {
        spbe_pem_search(APR_ARRAY_IDX(paths, i, const char *), 1, found,
                        ctl->pool);
    }
    return found;
}

/* The same file may have been met on two ways. */
static int is_said(const apr_array_header_t *problems, const char *text)
{
    int i;

    for (i = 0; i < problems->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(problems, i, const char *), text) == 0) {
            return 1;
        }
    }
    return 0;
}

apr_array_header_t *spbe_production_problems(const spbe_ctl_t *ctl,
                                             const char *recipients_file,
                                             const apr_array_header_t *paths)
{
    apr_pool_t *pool = ctl->pool;
    apr_array_header_t *problems = apr_array_make(pool, 4, sizeof(char *));
    apr_array_header_t *recipients, *found;
    const char *why;
    int i, n;

    if (spbe_recipients_read(recipients_file, &recipients, &why, pool) !=
        SPBE_OK) {
        say(problems, spbe_visible(why, pool));
        return problems;
    }
    n = spbe_recipients_in_use(recipients);
    if (n < 2) {
        say(problems,
            apr_psprintf(pool,
                         "%d penerima aktif, paling sedikit dua: kunci harian "
                         "dan kunci pemulihan (recipients in use; two or more "
                         "are needed)",
                         n));
    }
    found = search(ctl, recipients_file, paths);
    for (i = 0; i < found->nelts; i++) {
        const spbe_pem_found_t *key =
            &APR_ARRAY_IDX(found, i, spbe_pem_found_t);
        const spbe_recipient_t *of = find(recipients, key->id);
        const char *text;

        if (of == NULL && key->id[0] != '\0') {
            continue;
        }
        text = apr_psprintf(
            pool,
            "%s: kunci pribadi %s masih ada di peladen ini%s; pindahkan, lalu "
            "hapus dengan shred -u (a private key is still on this server)",
            spbe_visible(key->path, pool),
            of == NULL ? "(?)" : spbe_visible(of->name, pool),
            key->wrapped ? ", walau berfrasa sandi" : "");
        if (!is_said(problems, text)) {
            say(problems, text);
        }
    }
    return problems;
}
