/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/fingerprint.c - what is the same about two occurrences of a fault.
 *
 * Exception, error codes, and the top frames of the application by file and
 * function. Lines shift, releases move, compilers number what they generate:
 * all of that is taken out before hashing.
 */
#include "failure/trace_int.h"

#include <string.h>
#include <apr_lib.h>
#include <apr_sha1.h>
#include <apr_strings.h>

#define FRAMES_USED 3
#define MESSAGE_USED 400

/* Words that compilers and frameworks number. */
static const char *const NUMBERED[] = {"Accessor",    "Proxy",  "func",
                                       "closure",     "lambda", "anonymous",
                                       "DisplayClass"};

static int is_hash(spbe_span_t word)
{
    size_t i, digits = 0, upper = 0, letters = 0;
    int hex = 1;

    for (i = 0; i < word.len; i++) {
        char c = word.ptr[i];

        digits += apr_isdigit(c) ? 1 : 0;
        letters += apr_isalpha(c) ? 1 : 0;
        upper += apr_isupper(c) ? 1 : 0;
        hex = hex && apr_isxdigit(c);
    }
    if (digits == word.len) {
        return 1;
    }
    return digits > 0 && ((hex && word.len >= 7) ||
                          (word.len >= 8 && digits > 1 && upper > 1 &&
                           letters > 3 && upper < letters));
}

/* "v1", "v20": a version, not a name */
static int is_version(spbe_span_t word)
{
    size_t i;

    if (word.len < 2 || (word.ptr[0] != 'v' && word.ptr[0] != 'V')) {
        return 0;
    }
    for (i = 1; i < word.len; i++) {
        if (!apr_isdigit(word.ptr[i])) {
            return 0;
        }
    }
    return 1;
}

static spbe_span_t without_number(spbe_span_t word)
{
    size_t n = word.len, i;

    while (n > 0 && apr_isdigit(word.ptr[n - 1])) {
        n--;
    }
    for (i = 0; n < word.len && i < sizeof(NUMBERED) / sizeof(*NUMBERED); i++) {
        if (spbe_span_ends(spbe_span_slice(word, 0, n),
                           spbe_span_from(NUMBERED[i]))) {
            return spbe_span_slice(word, 0, n);
        }
    }
    return word;
}

/* Cuts "{closure:/srv/x.php:4-4}" and "X@anonymous\0/srv/x.php:3$0" short. */
static spbe_span_t shorten(spbe_span_t s, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(s, "{closure"), end;

    if (at != SPBE_NPOS) {
        end = spbe_span_chr(spbe_trace_from(s, at), '}');
        end = end == SPBE_NPOS ? s.len : at + end + 1;
    }
    else {
        at = spbe_trace_at(s, "@anonymous");
        if (at == SPBE_NPOS) {
            return s;
        }
        end = spbe_trace_at(spbe_trace_from(s, at), "->");
        end = end == SPBE_NPOS ? s.len : at + end;
        at += 2;
    }
    return spbe_span_from(
        apr_pstrcat(pool, spbe_span_dup(spbe_span_slice(s, 0, at + 8), pool),
                    spbe_span_dup(spbe_trace_from(s, end), pool), NULL));
}

/* Proxies and generated classes: what follows is a number or a hash. */
static spbe_span_t without_proxy(spbe_span_t s)
{
    static const char *const SIGNS[] = {"$$Enhancer",  "$$SpringCGLIB",
                                        "$$FastClass", "_$$_",
                                        "$HibernateP", "::h"};
    size_t i, at;

    for (i = 0; i + 1 < sizeof(SIGNS) / sizeof(*SIGNS); i++) {
        at = spbe_trace_at(s, SIGNS[i]);
        if (at != SPBE_NPOS) {
            /* the method's name behind the last dot does count */
            return spbe_span_slice(s, 0, at);
        }
    }
    at = spbe_trace_last(s, SIGNS[i]);
    if (at != SPBE_NPOS && s.len - at == 19) {
        return spbe_span_slice(s, 0, at);
    }
    return s;
}

/* Writes s with its generated parts as '*'; words are letters and digits. */
static const char *stable(const char *text, apr_pool_t *pool)
{
    spbe_span_t s = spbe_span_from(text), method = SPBE_SPAN_EMPTY, cut;
    char *to;
    size_t i = 0, len = 0;

    s = shorten(s, pool);
    cut = without_proxy(s);
    if (cut.len < s.len && spbe_span_rchr(s, '.') != SPBE_NPOS &&
        spbe_span_rchr(s, '.') > cut.len) {
        method = spbe_trace_from(s, spbe_span_rchr(s, '.'));
    }
    s = cut;
    to = apr_palloc(pool, s.len * 2 + method.len + 1);
    while (i < s.len) {
        spbe_span_t word;
        size_t k = i;

        while (k < s.len && apr_isalnum(s.ptr[k])) {
            k++;
        }
        if (k == i) {
            to[len++] = s.ptr[i++];
            continue;
        }
        word = without_number(spbe_span_slice(s, i, k));
        if (is_hash(word) || is_version(word)) {
            word = SPBE_SPAN("*");
        }
        memcpy(to + len, word.ptr, word.len);
        len += word.len;
        i = k;
    }
    memcpy(to + len, method.ptr, method.len);
    to[len + method.len] = '\0';
    return to;
}

/* Runs of '*' with '.', '-', '_' between are one: 1.2.3 and 1.10 are alike. */
static const char *joined(const char *text, apr_pool_t *pool)
{
    char *copy = apr_pstrdup(pool, text);
    size_t i, len = 0;

    for (i = 0; copy[i] != '\0'; i++) {
        if (copy[i] == '*' && len >= 2 && copy[len - 2] == '*' &&
            memchr(".-_", copy[len - 1], 3) != NULL) {
            len--;
            continue;
        }
        copy[len++] = copy[i];
    }
    copy[len] = '\0';
    return copy;
}

static const char *stable_file(const char *file, apr_pool_t *pool)
{
    spbe_span_t s = spbe_span_from(file);

    s = spbe_span_slice(s, 0, spbe_span_chr(s, '?'));
    return joined(stable(spbe_span_dup(s, pool), pool), pool);
}

/* "block (2 levels) in f" of Ruby, "f [as g]" of V8 */
static const char *stable_function(const char *function, apr_pool_t *pool)
{
    spbe_span_t s = spbe_span_from(function);
    size_t at;

    while (spbe_span_starts(s, SPBE_SPAN("block ")) &&
           spbe_trace_has(s, " in ")) {
        s = spbe_trace_from(s, spbe_trace_at(s, " in ") + 4);
    }
    at = spbe_trace_at(s, " [as ");
    s = spbe_span_slice(s, 0, at);
    return stable(spbe_span_dup(s, pool), pool);
}

static void hash(apr_sha1_ctx_t *sha, const char *text)
{
    /* with its NUL: "a","bc" is not "ab","c" */
    apr_sha1_update(sha, text, (unsigned int)strlen(text) + 1);
}

/* Hashes up to FRAMES_USED frames of one kind; *named: one has a function. */
static int hash_frames(apr_sha1_ctx_t *sha, const spbe_trace_t *trace,
                       int vendor, int *named, apr_pool_t *pool)
{
    const spbe_frame_t *f = (const spbe_frame_t *)trace->frames->elts;
    const char *last = "";
    int i, used = 0;

    for (i = 0; i < trace->frames->nelts && used < FRAMES_USED; i++) {
        const char *text;

        if (f[i].vendor != vendor) {
            continue;
        }
        text = apr_pstrcat(
            pool, f[i].file != NULL ? stable_file(f[i].file, pool) : "", "|",
            f[i].function != NULL ? stable_function(f[i].function, pool) : "",
            NULL);
        /* however deep a recursion went */
        if (strcmp(text, last) != 0) {
            hash(sha, text);
            used++;
        }
        *named |= f[i].function != NULL;
        last = text;
    }
    return used;
}

/* "SQLSTATE[42S02]" and the like: two of them are two faults. */
static void hash_code(apr_sha1_ctx_t *sha, const char *message,
                      apr_pool_t *pool)
{
    const char *at = message == NULL ? NULL : strstr(message, "SQLSTATE[");

    if (at == NULL && message != NULL) {
        at = strstr(message, "ORA-");
    }
    if (at != NULL) {
        hash(sha, apr_pstrndup(pool, at, 14));
    }
}

const char *spbe_trace_fingerprint(const spbe_trace_t *trace,
                                   const char *application, const char *route,
                                   apr_pool_t *pool)
{
    static const char HEX[] = "0123456789abcdef";
    unsigned char digest[APR_SHA1_DIGESTSIZE];
    apr_sha1_ctx_t sha;
    char *out = apr_palloc(pool, 17);
    int used, named = 0, i;

    apr_sha1_init(&sha);
    hash(&sha, application != NULL ? application : "");
    hash(&sha, trace->exception != NULL ? stable(trace->exception, pool) : "");
    hash_code(&sha, trace->message, pool);
    used = hash_frames(&sha, trace, 0, &named, pool);
    if (used == 0) {
        used = hash_frames(&sha, trace, 1, &named, pool);
    }
    if ((used == 0 || !named) && trace->message != NULL) {
        spbe_span_t words = spbe_trace_words(spbe_span_from(trace->message),
                                             MESSAGE_USED, pool);

        hash(&sha, spbe_span_dup(words, pool));
    }
    if (used == 0 && trace->message == NULL) {
        hash(&sha, route != NULL ? route : "");
    }
    apr_sha1_final(digest, &sha);
    for (i = 0; i < 8; i++) {
        out[2 * i] = HEX[digest[i] >> 4];
        out[2 * i + 1] = HEX[digest[i] & 15];
    }
    out[16] = '\0';
    return out;
}
