/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact.c - which names are secret, and the copy without what has to
 * go. See redact.h; what has to go is found by redact_*.c.
 */
#include "record/redact_scan.h"

#include <string.h>
#include "text/buf.h"
#include "text/utf8.h"

#define NAME_MAX_LOOK 96 /* of a longer name only the end counts */
#define MASK_MAX 24
#define HIDDEN "[disamarkan]"
#define CUT " [terpotong]"

/* In the name without its signs, anywhere. */
static const char *const secret_parts[] = {
    "password",  "passwd",     "passphrase",    "passcode",      "sandi",
    "secret",    "rahasia",    "token",         "apikey",        "accesskey",
    "authkey",   "privatekey", "privkey",       "appkey",        "secretkey",
    "cryptkey",  "signingkey", "encryptionkey", "masterkey",     "credential",
    "session",   "sessid",     "cookie",        "authorization", "csrf",
    "xsrf",      "jwt",        "signature",     "viewstate",     "oauth",
    "sharedkey", "accountkey", "connectsid",    "bearer",        "kodeotp",
};

/* As a whole word of the name: "pin" must not be found in "pinjaman". */
static const char *const secret_words[] = {
    "pin", "otp",  "pass", "pwd",  "pw",   "cvv",
    "cvc", "cvv2", "sid",  "sess", "totp", "mfa",
};

struct spbe_redact {
    apr_array_header_t *by_first[128];  /* spbe_span_t, by first character */
    unsigned char pairs[128 * 128 / 8]; /* the first two characters: a bit */
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Letters and digits only, in lower case; returns the length. */
static size_t normalise(spbe_span_t name, char out[NAME_MAX_LOOK])
{
    size_t i, n = 0;

    if (name.len > NAME_MAX_LOOK) {
        name = spbe_span_slice(name, name.len - NAME_MAX_LOOK, name.len);
    }
    for (i = 0; i < name.len; i++) {
        if (spbe_hide_alnum(name.ptr[i])) {
            out[n++] = lower(name.ptr[i]);
        }
    }
    return n;
}

/* Most places in most names are ruled out by two characters. */
static unsigned pair_of(const char *norm)
{
    return (unsigned)(unsigned char)norm[0] << 7 | (unsigned char)norm[1];
}

static void add_part(spbe_redact_t *redact, const char *name, apr_pool_t *pool)
{
    char norm[NAME_MAX_LOOK];
    size_t len = normalise(spbe_span_from(name), norm);
    apr_array_header_t **list;

    if (len < 2) {
        return;
    }
    list = &redact->by_first[(unsigned char)norm[0]];
    if (*list == NULL) {
        *list = apr_array_make(pool, 4, sizeof(spbe_span_t));
    }
    APR_ARRAY_PUSH(*list, spbe_span_t) =
        (spbe_span_t){spbe_span_dup((spbe_span_t){norm, len}, pool), len};
    redact->pairs[pair_of(norm) / 8] |=
        (unsigned char)(1u << pair_of(norm) % 8);
}

spbe_redact_t *spbe_redact_create(const apr_array_header_t *names,
                                  apr_pool_t *pool)
{
    spbe_redact_t *redact = apr_pcalloc(pool, sizeof(*redact));
    size_t i;
    int k;

    for (i = 0; i < sizeof(secret_parts) / sizeof(secret_parts[0]); i++) {
        add_part(redact, secret_parts[i], pool);
    }
    for (k = 0; names != NULL && k < names->nelts; k++) {
        const char *name = APR_ARRAY_IDX(names, k, const char *);

        if (!spbe_span_ieq(spbe_span_from(name), SPBE_SPAN("pin"))) {
            add_part(redact, name, pool);
        }
    }
    return redact;
}

static int has_part_at(const spbe_redact_t *redact, spbe_span_t rest)
{
    const apr_array_header_t *list;
    unsigned pair;
    int i;

    if (rest.len < 2) {
        return 0;
    }
    pair = pair_of(rest.ptr);
    if (!(redact->pairs[pair / 8] >> pair % 8 & 1)) {
        return 0;
    }
    list = redact->by_first[(unsigned char)rest.ptr[0]];
    for (i = 0; i < list->nelts; i++) {
        if (spbe_span_starts(rest, APR_ARRAY_IDX(list, i, spbe_span_t))) {
            return 1;
        }
    }
    return 0;
}

static int is_secret_word(spbe_span_t word)
{
    size_t i;

    /* The letters that one of them begins with. */
    if (spbe_span_chr(SPBE_SPAN("pPoOcCsStTmM"), word.ptr[0]) == SPBE_NPOS) {
        return 0;
    }
    for (i = 0; i < sizeof(secret_words) / sizeof(secret_words[0]); i++) {
        if (spbe_span_ieq(word, spbe_span_from(secret_words[i]))) {
            return 1;
        }
    }
    return 0;
}

/* A word ends at a sign and where a capital follows a small letter. */
static int has_secret_word(spbe_span_t name)
{
    size_t i, from = 0;

    for (i = 0; i <= name.len; i++) {
        char c = spbe_hide_at(name, i);
        int ends = !spbe_hide_alnum(c) ||
                   (i > from && c >= 'A' && c <= 'Z' &&
                    !(name.ptr[i - 1] >= 'A' && name.ptr[i - 1] <= 'Z'));

        if (!ends) {
            continue;
        }
        if (i - from >= 2 && i - from <= 4 &&
            is_secret_word(spbe_span_slice(name, from, i))) {
            return 1;
        }
        from = spbe_hide_alnum(c) ? i : i + 1;
    }
    return 0;
}

int spbe_redact_is_secret(const spbe_redact_t *redact, spbe_span_t name)
{
    char norm[NAME_MAX_LOOK];
    size_t i, len;

    if (name.len > NAME_MAX_LOOK) {
        name = spbe_span_slice(name, name.len - NAME_MAX_LOOK, name.len);
    }
    len = normalise(name, norm);
    for (i = 0; i < len; i++) {
        if (has_part_at(redact, (spbe_span_t){norm + i, len - i})) {
            return 1;
        }
    }
    return has_secret_word(name);
}

static void find_all(spbe_hide_t *hide, const spbe_redact_t *redact)
{
    spbe_hide_digits(hide);
    spbe_hide_names(hide, redact);
    spbe_hide_urls(hide);
    spbe_hide_tokens(hide);
    spbe_hide_sql(hide);
    spbe_hide_phrases(hide);
    spbe_hide_calls(hide);
}

/* The text with HIDDEN for each run of marked bytes, until it is too long. */
static spbe_span_t copy_rest(const spbe_hide_t *hide, size_t limit,
                             apr_pool_t *pool)
{
    spbe_span_t s = hide->text;
    size_t i = 0, from;
    spbe_buf_t buf;

    spbe_buf_init(&buf, s.len + sizeof(HIDDEN), pool);
    while (i < s.len && (limit == 0 || buf.len <= limit)) {
        int hidden = hide->map[i];

        from = i;
        while (i < s.len && hide->map[i] == hidden) {
            i++;
        }
        if (hidden) {
            spbe_buf_adds(&buf, HIDDEN);
        }
        else {
            spbe_buf_add(&buf, spbe_span_slice(s, from, i));
        }
    }
    return spbe_buf_span(&buf);
}

static spbe_span_t cut(spbe_span_t s, size_t limit, apr_pool_t *pool)
{
    spbe_span_t mark = SPBE_SPAN(CUT);
    spbe_buf_t buf;

    if (limit == 0 || s.len <= limit) {
        return s;
    }
    if (limit <= mark.len) {
        return spbe_utf8_cut(s, limit);
    }
    spbe_buf_init(&buf, limit, pool);
    spbe_buf_add(&buf, spbe_utf8_cut(s, limit - mark.len));
    spbe_buf_add(&buf, mark);
    return spbe_buf_span(&buf);
}

spbe_span_t spbe_redact_text(const spbe_redact_t *redact, spbe_span_t text,
                             size_t limit, apr_pool_t *pool)
{
    spbe_hide_t hide = {text, apr_pcalloc(pool, text.len + 1)};

    find_all(&hide, redact);
    return cut(copy_rest(&hide, limit, pool), limit, pool);
}

static char form_of(unsigned long c)
{
    if (c >= '0' && c <= '9') {
        return '9';
    }
    if (c >= 'A' && c <= 'Z') {
        return 'A';
    }
    if (c < ' ' || c == 0x7f || c == SPBE_UTF8_INVALID) {
        return '?';
    }
    /* Beyond ASCII everything counts as a letter: names are written in it. */
    return (c >= 'a' && c <= 'z') || c >= 0x80 ? 'a' : (char)c;
}

const char *spbe_redact_mask(const spbe_redact_t *redact, spbe_span_t name,
                             spbe_span_t value, apr_pool_t *pool)
{
    char form[MASK_MAX];
    size_t n = 0;

    if (spbe_redact_is_secret(redact, name)) {
        return NULL;
    }
    while (value.len > 0 && n < MASK_MAX) {
        form[n++] = form_of(spbe_utf8_next(&value));
    }
    return spbe_span_dup((spbe_span_t){form, n}, pool);
}
