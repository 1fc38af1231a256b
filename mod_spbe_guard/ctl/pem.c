/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/pem.c - keys of operators as PEM. See pem.h.
 */
#include "ctl/pem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#define SALT 16
#define FILE_MAX (64 * 1024)
#define FILES_MAX 4096
#define MARK "# recipient: "

static apr_status_t wipe(void *data)
{
    char *text = data;

    OPENSSL_cleanse(text, strlen(text));
    return APR_SUCCESS;
}

static int write_plain(BIO *out, EVP_PKEY *key)
{
    return PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) ==
           1;
}

static int write_wrapped(BIO *out, EVP_PKEY *key, spbe_span_t passphrase)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    unsigned char salt[SALT];
    X509_SIG *sig = NULL;
    int done;

    if (info != NULL && RAND_bytes(salt, SALT) == 1) {
        sig = PKCS8_encrypt(-1, EVP_aes_256_cbc(), passphrase.ptr,
                            (int)passphrase.len, salt, SALT,
                            SPBE_PEM_ITERATIONS, info);
    }
    done = sig != NULL && PEM_write_bio_PKCS8(out, sig) == 1;
    X509_SIG_free(sig);
    PKCS8_PRIV_KEY_INFO_free(info);
    return done;
}

/* What stands in the BIO, behind what the file says of itself. */
static const char *take_text(BIO *bio, const char *name,
                             const unsigned char public_key[SPBE_HPKE_KEY],
                             apr_pool_t *pool)
{
    char id[SPBE_RECIPIENT_ID], *text;
    char *bytes;
    long len = BIO_get_mem_data(bio, &bytes);

    spbe_recipient_id(public_key, id);
    text = apr_psprintf(pool, MARK "%s %s\n%.*s", id, name, (int)len, bytes);
    apr_pool_cleanup_register(pool, text, wipe, apr_pool_cleanup_null);
    return text;
}

spbe_rc_t spbe_pem_make(spbe_span_t passphrase, const char *name,
                        unsigned char public_key[SPBE_HPKE_KEY],
                        const char **pem, apr_pool_t *pool)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    BIO *out = BIO_new(BIO_s_secmem());
    size_t len = SPBE_HPKE_KEY;
    int done = key != NULL && out != NULL &&
               EVP_PKEY_get_raw_public_key(key, public_key, &len) == 1 &&
               (passphrase.len == 0 ? write_plain(out, key)
                                    : write_wrapped(out, key, passphrase));

    *pem = done ? take_text(out, name, public_key, pool) : NULL;
    BIO_free(out);
    EVP_PKEY_free(key);
    return done ? SPBE_OK : SPBE_BAD;
}

const char *spbe_pem_public(const unsigned char public_key[SPBE_HPKE_KEY],
                            apr_pool_t *pool)
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL,
                                                public_key, SPBE_HPKE_KEY);
    BIO *out = BIO_new(BIO_s_mem());
    const char *text = NULL;
    char *bytes;

    if (key != NULL && out != NULL && PEM_write_bio_PUBKEY(out, key) == 1) {
        long len = BIO_get_mem_data(out, &bytes);

        text = apr_pstrmemdup(pool, bytes, (apr_size_t)len);
    }
    BIO_free(out);
    EVP_PKEY_free(key);
    return text;
}

/* looking for private keys */

typedef struct search {
    apr_array_header_t *found;
    apr_pool_t *pool;
    int files;
} search_t;

static int refuse(char *text, int size, int writing, void *baton)
{
    *(int *)baton = 1;
    return -1;
}

/* The id that the file itself names, where only its passphrase could tell. */
static void read_mark(spbe_span_t text, char id[SPBE_RECIPIENT_ID])
{
    size_t at = spbe_span_find(text, SPBE_SPAN(MARK));
    spbe_span_t word = spbe_span_slice(text, at + sizeof(MARK) - 1, text.len);

    if (at != SPBE_NPOS && word.len >= SPBE_RECIPIENT_ID - 1) {
        memcpy(id, word.ptr, SPBE_RECIPIENT_ID - 1);
    }
}

static int read_id(EVP_PKEY *key, char id[SPBE_RECIPIENT_ID])
{
    unsigned char public_key[SPBE_HPKE_KEY];
    size_t len = SPBE_HPKE_KEY;

    if (EVP_PKEY_get_id(key) != EVP_PKEY_X25519 ||
        EVP_PKEY_get_raw_public_key(key, public_key, &len) != 1) {
        return 0;
    }
    spbe_recipient_id(public_key, id);
    return 1;
}

/* One file has one name, on whatever way it was met. */
static const char *whole_path(const char *path, apr_pool_t *pool)
{
    char *real = realpath(path, NULL);
    const char *copy = apr_pstrdup(pool, real == NULL ? path : real);

    free(real);
    return copy;
}

static void look_at_block(search_t *s, const char *path, spbe_span_t text)
{
    spbe_pem_found_t found = {.path = whole_path(path, s->pool)};
    BIO *in = BIO_new_mem_buf(text.ptr, (int)text.len);
    EVP_PKEY *key =
        in == NULL ? NULL
                   : PEM_read_bio_PrivateKey(in, NULL, refuse, &found.wrapped);

    if (key == NULL && found.wrapped) {
        read_mark(text, found.id);
    }
    if (key == NULL ? found.wrapped : read_id(key, found.id)) {
        found.wrapped = key == NULL;
        APR_ARRAY_PUSH(s->found, spbe_pem_found_t) = found;
    }
    EVP_PKEY_free(key);
    BIO_free(in);
    ERR_clear_error();
}

static void look_at_file(search_t *s, const char *path)
{
    apr_size_t len = FILE_MAX;
    apr_file_t *file;
    apr_pool_t *scratch;
    char *bytes;

    apr_pool_create(&scratch, s->pool);
    bytes = apr_palloc(scratch, FILE_MAX);
    if (apr_file_open(&file, path, APR_FOPEN_READ, 0, scratch) == APR_SUCCESS) {
        spbe_span_t text;

        apr_file_read_full(file, bytes, FILE_MAX, &len);
        text = (spbe_span_t){bytes, len};
        if (spbe_span_find(text, SPBE_SPAN("PRIVATE KEY-----")) != SPBE_NPOS) {
            look_at_block(s, path, text);
        }
        OPENSSL_cleanse(bytes, FILE_MAX);
        apr_file_close(file);
    }
    apr_pool_destroy(scratch);
}

/* left: folders that may still be gone into. */
static void look_at(search_t *s, const char *path, int left);

static void look_into(search_t *s, const char *path, int left)
{
    apr_dir_t *dir;
    apr_finfo_t entry;
    apr_pool_t *scratch;

    apr_pool_create(&scratch, s->pool);
    if (apr_dir_open(&dir, path, scratch) != APR_SUCCESS) {
        apr_pool_destroy(scratch);
        return;
    }
    while (s->files < FILES_MAX &&
           apr_dir_read(&entry, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        if (strcmp(entry.name, ".") != 0 && strcmp(entry.name, "..") != 0) {
            look_at(s, apr_pstrcat(scratch, path, "/", entry.name, NULL),
                    left - 1);
        }
    }
    apr_dir_close(dir);
    apr_pool_destroy(scratch);
}

static void look_at(search_t *s, const char *path, int left)
{
    struct stat st;

    s->files++;
    if (stat(path, &st) == -1) {
        return;
    }
    if (S_ISDIR(st.st_mode) && left > 0) {
        look_into(s, path, left);
    }
    /* Files of the kernel say 0, and some of them never end. */
    if (S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= FILE_MAX) {
        look_at_file(s, path);
    }
}

void spbe_pem_search(const char *path, int deep, apr_array_header_t *found,
                     apr_pool_t *pool)
{
    search_t s = {.found = found, .pool = pool};

    look_at(&s, path, deep + 1);
}
