/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/recipients.c - who can read the details. See recipients.h.
 *
 * The one form of an X25519 key in PEM is taken as it is, so that no general
 * reader of ASN.1 stands between an administrator's typing error and the line
 * that names it.
 */
#include "record/recipients.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "text/utf8.h"

#define FILE_MAX (256 * 1024)
#define WORDS_MAX 200
#define HEAD 12 /* of the SubjectPublicKeyInfo, RFC 8410 */
#define DER (HEAD + SPBE_HPKE_KEY)
#define BASE64 60 /* of DER */
#define MAKE                                                                   \
    "openssl genpkey -algorithm X25519 -out private.pem; "                     \
    "openssl pkey -in private.pem -pubout -out public.pem"

typedef struct reading {
    apr_array_header_t *recipients;
    const char *name, *retired; /* for the next key, or NULL */
    unsigned line;
    unsigned begin; /* line of the open block, or 0 */
    char base64[BASE64 + 1];
    size_t len; /* of base64; more than BASE64: too long */
    apr_pool_t *pool;
} reading_t;

static const char *complain(const reading_t *r, unsigned line, const char *what)
{
    return apr_psprintf(r->pool, "line %u: %s", line, what);
}

void spbe_recipient_id(const unsigned char key[SPBE_HPKE_KEY],
                       char id[SPBE_RECIPIENT_ID])
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    int i;

    SHA256(key, SPBE_HPKE_KEY, hash);
    for (i = 0; i < SPBE_RECIPIENT_ID / 2; i++) {
        apr_snprintf(id + 2 * i, 3, "%02x", hash[i]);
    }
}

/* "name: TEXT" of a comment. 1, or 0 when it says something else. */
static int read_word(spbe_span_t comment, spbe_span_t name, spbe_span_t *value)
{
    if (!spbe_span_istarts(comment, name)) {
        return 0;
    }
    comment = spbe_span_trim(spbe_span_slice(comment, name.len, comment.len));
    if (!spbe_span_starts(comment, SPBE_SPAN(":"))) {
        return 0;
    }
    *value = spbe_span_trim(spbe_span_slice(comment, 1, comment.len));
    return 1;
}

static int is_plain(spbe_span_t s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f) {
            return 0;
        }
    }
    return s.len > 0 && s.len <= WORDS_MAX && spbe_utf8_valid(s);
}

static int is_date(spbe_span_t s)
{
    static const char form[] = "dddd-dd-dd";
    size_t i;

    for (i = 0; i < sizeof(form) - 1; i++) {
        if (i >= s.len || (form[i] == 'd' ? s.ptr[i] < '0' || s.ptr[i] > '9'
                                          : s.ptr[i] != form[i])) {
            return 0;
        }
    }
    return is_plain(s);
}

static const char *read_comment(reading_t *r, spbe_span_t comment)
{
    spbe_span_t value;

    if (read_word(comment, SPBE_SPAN("name"), &value)) {
        if (!is_plain(value)) {
            return complain(r, r->line,
                            "a name is 1 to 200 bytes of UTF-8 "
                            "without control characters");
        }
        r->name = spbe_span_dup(value, r->pool);
    }
    else if (read_word(comment, SPBE_SPAN("retired"), &value)) {
        if (!is_date(value)) {
            return complain(r, r->line,
                            "write the day, as in "
                            "\"# retired: 2026-03-04\"");
        }
        r->retired = spbe_span_dup(value, r->pool);
    }
    return NULL;
}

static const char *begin_block(reading_t *r, spbe_span_t label)
{
    r->begin = r->line;
    r->len = 0;
    if (spbe_span_find(label, SPBE_SPAN("PRIVATE KEY")) != SPBE_NPOS) {
        return complain(r, r->line,
                        "a private key stands here; take it out and keep it "
                        "on another machine: with it everything can be read");
    }
    if (!spbe_span_eq(label, SPBE_SPAN("PUBLIC KEY"))) {
        return complain(r, r->line, "this is no X25519 public key; " MAKE);
    }
    return NULL;
}

static void add_base64(reading_t *r, spbe_span_t line)
{
    size_t room = r->len > BASE64 ? 0 : BASE64 - r->len;

    if (line.len <= room) {
        memcpy(r->base64 + r->len, line.ptr, line.len);
    }
    r->len = line.len <= room ? r->len + line.len : BASE64 + 1;
}

static int decode(const reading_t *r, unsigned char key[SPBE_HPKE_KEY])
{
    static const unsigned char head[HEAD] = {
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00};
    unsigned char der[BASE64];

    /* The last of 60 characters is the padding of 44 bytes. */
    if (r->len != BASE64 ||
        memchr(r->base64, '=', BASE64) != r->base64 + BASE64 - 1 ||
        EVP_DecodeBlock(der, (const unsigned char *)r->base64, BASE64) !=
            DER + 1 ||
        memcmp(der, head, HEAD) != 0) {
        return 0;
    }
    memcpy(key, der + HEAD, SPBE_HPKE_KEY);
    return 1;
}

/* A point of low order would give everybody the same secret. */
static int is_usable(const unsigned char key[SPBE_HPKE_KEY])
{
    unsigned char enc[SPBE_HPKE_ENC], out[SPBE_HPKE_TAG];

    return spbe_hpke_seal(key, SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY,
                          SPBE_SPAN_EMPTY, enc, out) == SPBE_OK;
}

static int is_known(const reading_t *r, const char *id)
{
    int i;

    for (i = 0; i < r->recipients->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(r->recipients, i, spbe_recipient_t).id, id) ==
            0) {
            return 1;
        }
    }
    return 0;
}

static const char *end_block(reading_t *r)
{
    spbe_recipient_t recipient = {.name = r->name == NULL ? "" : r->name,
                                  .retired = r->retired};
    unsigned begin = r->begin;

    r->begin = 0;
    r->name = r->retired = NULL;
    if (!decode(r, recipient.key)) {
        return complain(r, begin, "this is no X25519 public key; " MAKE);
    }
    if (!is_usable(recipient.key)) {
        return complain(r, begin,
                        "nothing can be sealed to this key (a point "
                        "of low order); make another: " MAKE);
    }
    spbe_recipient_id(recipient.key, recipient.id);
    if (is_known(r, recipient.id)) {
        return complain(r, begin,
                        "the same key stands here twice; take one "
                        "of them out");
    }
    if (r->recipients->nelts == SPBE_RECIPIENTS_MAX) {
        return complain(r, begin,
                        "more than 16 keys; take out those that "
                        "retired longest ago");
    }
    APR_ARRAY_PUSH(r->recipients, spbe_recipient_t) = recipient;
    return NULL;
}

/* "-----BEGIN LABEL-----" with that first word. */
static int is_rule(spbe_span_t line, const char *word, spbe_span_t *label)
{
    spbe_span_t first = spbe_span_from(word);

    if (!spbe_span_starts(line, first) ||
        !spbe_span_ends(line, SPBE_SPAN("-----")) || line.len < first.len + 5) {
        return 0;
    }
    *label = spbe_span_slice(line, first.len, line.len - 5);
    return 1;
}

static const char *read_line(reading_t *r, spbe_span_t line)
{
    spbe_span_t label;

    if (is_rule(line, "-----BEGIN ", &label)) {
        return r->begin != 0
                   ? complain(r, r->begin, "this block has no END line")
                   : begin_block(r, label);
    }
    if (is_rule(line, "-----END ", &label)) {
        return r->begin == 0 ? complain(r, r->line, "END without a BEGIN line")
                             : end_block(r);
    }
    if (r->begin != 0) {
        add_base64(r, line);
        return NULL;
    }
    if (spbe_span_starts(line, SPBE_SPAN("#"))) {
        return read_comment(r,
                            spbe_span_trim(spbe_span_slice(line, 1, line.len)));
    }
    return NULL;
}

static const char *finish(const reading_t *r)
{
    if (r->begin != 0) {
        return complain(r, r->begin, "this block has no END line");
    }
    if (r->name != NULL || r->retired != NULL) {
        return complain(r, r->line,
                        "a name or a retirement without a key "
                        "behind it");
    }
    if (r->recipients->nelts == 0) {
        return "there is no public key in it; " MAKE;
    }
    return NULL;
}

spbe_rc_t spbe_recipients_parse(spbe_span_t text,
                                apr_array_header_t **recipients,
                                const char **why, apr_pool_t *pool)
{
    reading_t r = {.pool = pool};

    r.recipients = apr_array_make(pool, 4, sizeof(spbe_recipient_t));
    *recipients = r.recipients;
    *why = text.len > FILE_MAX ? "it is larger than 256 KiB" : NULL;
    while (*why == NULL && text.len > 0) {
        spbe_span_t line = spbe_span_trim(spbe_span_line(&text));

        r.line++;
        *why = read_line(&r, line);
    }
    if (*why == NULL) {
        *why = finish(&r);
    }
    return *why == NULL ? SPBE_OK : SPBE_BAD;
}

static apr_status_t slurp(const char *path, spbe_span_t *text, apr_pool_t *pool)
{
    apr_size_t len = FILE_MAX + 1;
    apr_file_t *file;
    char *bytes;
    apr_status_t rv = apr_file_open(&file, path, APR_FOPEN_READ, 0, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    bytes = apr_palloc(pool, len);
    rv = apr_file_read_full(file, bytes, len, &len);
    apr_file_close(file);
    *text = (spbe_span_t){bytes, len};
    return rv == APR_EOF ? APR_SUCCESS : rv;
}

spbe_rc_t spbe_recipients_read(const char *path,
                               apr_array_header_t **recipients,
                               const char **why, apr_pool_t *pool)
{
    spbe_span_t text;
    apr_status_t rv = slurp(path, &text, pool);
    char reason[120];
    spbe_rc_t rc;

    if (rv != APR_SUCCESS) {
        *recipients = apr_array_make(pool, 1, sizeof(spbe_recipient_t));
        *why = apr_psprintf(pool, "%s: %s", path,
                            apr_strerror(rv, reason, sizeof(reason)));
        return SPBE_BAD;
    }
    rc = spbe_recipients_parse(text, recipients, why, pool);
    if (rc != SPBE_OK) {
        *why = apr_pstrcat(pool, path, ": ", *why, NULL);
    }
    return rc;
}

int spbe_recipients_in_use(const apr_array_header_t *recipients)
{
    int i, n = 0;

    for (i = 0; i < recipients->nelts; i++) {
        n += APR_ARRAY_IDX(recipients, i, spbe_recipient_t).retired == NULL;
    }
    return n;
}
