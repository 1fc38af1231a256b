/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/init_keys.c - "init": the keys of those who can read the details. A key
 * that is there is never written over.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_strings.h>
#include <openssl/crypto.h>
#include "ctl/ask.h"
#include "ctl/init.h"
#include "ctl/keyfile.h"
#include "ctl/keys.h"
#include "ctl/pem.h"
#include "text/visible.h"

#define RECOVERY "pemulihan (recovery)"

/* "harian" of "/root/harian.pem". */
static const char *name_of(const char *path, apr_pool_t *pool)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(base, '.');
    const char *name =
        dot == NULL || dot == base
            ? base
            : apr_pstrmemdup(pool, base, (apr_size_t)(dot - base));

    return spbe_keys_is_name(name) ? name : "kunci";
}

static apr_array_header_t *recipients_of(const spbe_init_t *init)
{
    apr_array_header_t *recipients;
    const char *why;

    spbe_recipients_read(init->recipients, &recipients, &why, init->ctl->pool);
    return recipients;
}

static int has(const spbe_init_t *init, const char *id, const char *name)
{
    apr_array_header_t *recipients = recipients_of(init);
    int i;

    for (i = 0; i < recipients->nelts; i++) {
        const spbe_recipient_t *r =
            &APR_ARRAY_IDX(recipients, i, spbe_recipient_t);

        if ((id != NULL && strcmp(r->id, id) == 0) ||
            (name != NULL && strcmp(r->name, name) == 0)) {
            return 1;
        }
    }
    return 0;
}

static int add(spbe_init_t *init, const char *name, const char *private_path,
               const unsigned char key[SPBE_HPKE_KEY])
{
    int added, code = spbe_keyfile_add(init->ctl, init->recipients, name,
                                       private_path, key, &added);

    if (code == SPBE_CTL_FINE && added) {
        init->changed = 1;
        if (!init->json) {
            printf("%s: %s ditambahkan (added).\n",
                   spbe_visible(init->recipients, init->ctl->pool),
                   spbe_visible(name, init->ctl->pool));
        }
    }
    return code;
}

/* There is a file already: fine when its key is one of the recipients. */
static int keep(const spbe_init_t *init, const char *path)
{
    apr_pool_t *pool = init->ctl->pool;
    apr_array_header_t *found =
        apr_array_make(pool, 1, sizeof(spbe_pem_found_t));

    spbe_pem_search(path, 0, found, pool);
    if (found->nelts > 0 &&
        has(init, APR_ARRAY_IDX(found, 0, spbe_pem_found_t).id, NULL)) {
        if (!init->json) {
            printf("%s sudah ada (is there already).\n",
                   spbe_visible(path, pool));
        }
        return SPBE_CTL_FINE;
    }
    return spbe_ctl_fail(SPBE_CTL_TROUBLE,
                         "%s is there and is not written over; to take its "
                         "key: openssl pkey -in %s -pubout -out publik.pem; "
                         "spbe-guardctl init --recipient publik.pem",
                         spbe_visible(path, pool), spbe_visible(path, pool));
}

static int make(spbe_init_t *init, const char *path)
{
    apr_pool_t *pool = init->ctl->pool;
    spbe_ask_source_t source = {init->passphrase_file};
    unsigned char key[SPBE_HPKE_KEY];
    const char *name = name_of(path, pool), *pem;
    char word[SPBE_ASK_MAX], whole[PATH_MAX];
    apr_status_t rv;
    char reason[128];
    spbe_rc_t rc;
    int len;

    if (access(path, F_OK) == 0) {
        return keep(init, path);
    }
    len = init->ask || init->passphrase_file != NULL
              ? spbe_ask_new_passphrase(&source, path, word, sizeof(word))
              : 0;
    if (len < 0) {
        return SPBE_CTL_TROUBLE;
    }
    rc = spbe_pem_make((spbe_span_t){word, (size_t)len}, name, key, &pem, pool);
    OPENSSL_cleanse(word, sizeof(word));
    if (rc != SPBE_OK) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "no key could be made");
    }
    rv = spbe_keyfile_create(path, spbe_span_from(pem), 0600, pool);
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot write %s: %s",
                             spbe_visible(path, pool),
                             apr_strerror(rv, reason, sizeof(reason)));
    }
    if (!init->json) {
        printf("%s: kunci pribadi baru%s (new private key).\n",
               spbe_visible(path, pool),
               len == 0 ? " TANPA frasa sandi, without passphrase" : "");
    }
    return add(init, name, realpath(path, whole) == NULL ? path : whole, key);
}

static int make_recovery(spbe_init_t *init)
{
    unsigned char key[SPBE_HPKE_KEY];

    if (has(init, NULL, RECOVERY)) {
        return SPBE_CTL_FINE;
    }
    if (spbe_pem_make(SPBE_SPAN_EMPTY, RECOVERY, key, &init->recovery_pem,
                      init->ctl->pool) != SPBE_OK) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "no key could be made");
    }
    return add(init, RECOVERY, NULL, key);
}

static int take(spbe_init_t *init, const char *path)
{
    apr_pool_t *pool = init->ctl->pool;
    apr_array_header_t *recipients;
    const char *why;
    int i, code = SPBE_CTL_FINE;

    if (spbe_recipients_read(path, &recipients, &why, pool) != SPBE_OK) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s", spbe_visible(why, pool));
    }
    for (i = 0; i < recipients->nelts && code == SPBE_CTL_FINE; i++) {
        const spbe_recipient_t *r =
            &APR_ARRAY_IDX(recipients, i, spbe_recipient_t);

        code = add(init, r->name[0] != '\0' ? r->name : name_of(path, pool),
                   NULL, r->key);
    }
    return code;
}

/* Nothing was said on the command line, and somebody can be asked. */
static void ask(spbe_init_t *init)
{
    apr_pool_t *pool = init->ctl->pool;
    const char *path;

    puts("\nSiapa yang dapat membaca rincian? Rincian disegel untuk kunci "
         "publik mereka;\npeladen ini sendiri tidak dapat membacanya.\n"
         "(Who can read the details? They are sealed to public keys; this "
         "server cannot\nread them.)\n");
    for (;;) {
        path = spbe_ask_line("Berkas kunci publik yang sudah ada, kosong: "
                             "tidak ada lagi (a public key file,\nempty: no "
                             "more):",
                             "", pool);
        if (path[0] == '\0') {
            break;
        }
        APR_ARRAY_PUSH(init->taken, const char *) = path;
    }
    if (init->taken->nelts == 0) {
        path = spbe_ask_line("Kunci pribadi harian baru ditulis ke "
                             "(new daily private key goes to):",
                             "spbe-guard-harian.pem", pool);
        APR_ARRAY_PUSH(init->key_out, const char *) = path;
    }
    if (init->taken->nelts < 2) {
        init->recovery = spbe_ask_yes("Buat juga kunci pemulihan untuk dicetak "
                                      "di kertas? (also a recovery key, for "
                                      "paper?)",
                                      1, pool);
    }
}

int spbe_init_keys(spbe_init_t *init)
{
    int i, code = SPBE_CTL_FINE;

    if (init->ask && init->key_out->nelts + init->taken->nelts == 0 &&
        !init->recovery && recipients_of(init)->nelts == 0) {
        ask(init);
    }
    for (i = 0; i < init->taken->nelts && code == SPBE_CTL_FINE; i++) {
        code = take(init, APR_ARRAY_IDX(init->taken, i, const char *));
    }
    for (i = 0; i < init->key_out->nelts && code == SPBE_CTL_FINE; i++) {
        code = make(init, APR_ARRAY_IDX(init->key_out, i, const char *));
    }
    return code == SPBE_CTL_FINE && init->recovery ? make_recovery(init) : code;
}
