/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/complaint_name.c - what a refused field is called, for people and
 * for programs. See complaint.h.
 */
#include "failure/complaint_int.h"

#include <stdlib.h>
#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "text/buf.h"

#define LABEL_MAX_BYTES 120
#define HINT_MAX_BYTES 500
#define POINTER_MAX_BYTES 300

/* Abbreviations that nobody reads in small letters. */
static const char *const abbreviations[] = {
    "nik",  "nip", "kk",  "ktp",  "npwp", "nitku", "nisn", "nuptk",
    "bpjs", "hp",  "rt",  "rw",   "wa",   "id",    "url",  "pdf",
    "nib",  "sk",  "sim", "stnk", "wni",  "wna",   NULL};

static const char *pick(const char *own, const char *other, const char *tongue,
                        const char **lang)
{
    int foreign = own == NULL && other != NULL;

    if (lang != NULL) {
        *lang = foreign ? tongue : NULL;
    }
    return foreign ? other : own;
}

const char *spbe_complaint_hint(const spbe_complaint_t *complaint, int english,
                                const char **lang, apr_pool_t *pool)
{
    const char *hint =
        english ? pick(complaint->hint_en, complaint->hint_id, "id", lang)
                : pick(complaint->hint_id, complaint->hint_en, "en", lang);

    return hint == NULL ? NULL
                        : spbe_complaint_clean(hint, HINT_MAX_BYTES, pool);
}

static int is_abbreviation(spbe_span_t word)
{
    int i;

    for (i = 0; abbreviations[i] != NULL; i++) {
        if (spbe_span_ieq(word, spbe_span_from(abbreviations[i]))) {
            return 1;
        }
    }
    return 0;
}

static void add_word(spbe_buf_t *out, spbe_span_t word)
{
    int upper = is_abbreviation(word);
    size_t i;

    if (word.len == 0) {
        return;
    }
    if (out->len > 0) {
        spbe_buf_addc(out, ' ');
    }
    for (i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        int first = out->len == 0;

        spbe_buf_addc(out, upper || first ? (char)apr_toupper(c)
                           : i == 0       ? (char)apr_tolower(c)
                                          : c);
    }
}

static int ends_word(spbe_span_t name, size_t at)
{
    char c = name.ptr[at];

    return (unsigned char)c < 0x80 && !apr_isalnum(c);
}

/* lowerUpper: a new word begins. */
static int begins_word(spbe_span_t name, size_t at)
{
    return at > 0 && apr_isupper(name.ptr[at]) && apr_islower(name.ptr[at - 1]);
}

static int is_index(spbe_span_t token)
{
    size_t i;

    for (i = 0; i < token.len; i++) {
        if (!apr_isdigit(token.ptr[i])) {
            return 0;
        }
    }
    return token.len > 0 && token.len < 10;
}

/* "a~1b" of a JSON Pointer's token: the words are cut there anyway. */
static spbe_span_t last_name(spbe_span_t pointer)
{
    spbe_span_t rest = pointer, token, name = SPBE_SPAN_EMPTY;

    while (rest.len > 0) {
        token = spbe_span_cut(&rest, '/');
        if (token.len > 0 && !is_index(token)) {
            name = token;
        }
    }
    return name;
}

const char *spbe_complaint_readable(const char *name, apr_pool_t *pool)
{
    spbe_span_t all = spbe_span_from(name);
    size_t i, from = 0;
    spbe_buf_t out;

    if (*name == '/') {
        all = last_name(all);
    }
    spbe_buf_init(&out, all.len + 8, pool);
    for (i = 0; i < all.len; i++) {
        if (ends_word(all, i) || begins_word(all, i)) {
            add_word(&out, spbe_span_slice(all, from, i));
            from = i + (size_t)ends_word(all, i);
        }
    }
    add_word(&out, spbe_span_slice(all, from, all.len));
    return spbe_complaint_clean(spbe_buf_cstr(&out), LABEL_MAX_BYTES, pool);
}

/* Which of many: the last index in the pointer, counted from 1; 0: none. */
static int nth(const char *pointer)
{
    spbe_span_t rest = spbe_span_from(pointer), token;
    int n = 0;

    while (rest.len > 0) {
        token = spbe_span_cut(&rest, '/');
        if (is_index(token)) {
            n = atoi(token.ptr) + 1;
        }
    }
    return n;
}

const char *spbe_complaint_title(const spbe_complaint_t *complaint,
                                 const spbe_messages_t *messages, int english,
                                 const char **lang, apr_pool_t *pool)
{
    const char *label =
        english ? pick(complaint->label_en, complaint->label_id, "id", lang)
                : pick(complaint->label_id, complaint->label_en, "en", lang);
    int n = nth(complaint->pointer);

    if (label != NULL) {
        label = spbe_complaint_clean(label, LABEL_MAX_BYTES, pool);
    }
    else if (complaint->name == NULL || *complaint->name == '\0') {
        return "";
    }
    else if (complaint->where == SPBE_WHERE_HEADER) {
        label = spbe_complaint_clean(complaint->name, LABEL_MAX_BYTES, pool);
    }
    else {
        label = spbe_complaint_readable(complaint->name, pool);
    }
    if (n == 0 || *label == '\0') {
        return label;
    }
    return spbe_messages_put(spbe_messages_word(messages, SPBE_WORD_NTH), label,
                             apr_itoa(pool, n), pool);
}

const char *spbe_complaint_label(const spbe_complaint_t *complaint,
                                 const spbe_messages_t *messages, int english,
                                 apr_pool_t *pool)
{
    return spbe_complaint_title(complaint, messages, english, NULL, pool);
}

/* RFC 3986: what a fragment may hold as it is. */
static int is_plain(char c)
{
    return apr_isalnum(c) || (c != '\0' && strchr("-._~!$&'()*+,;=:@/?", c));
}

static void add_escaped(spbe_buf_t *out, const char *text, int is_name)
{
    for (; *text != '\0' && out->len < POINTER_MAX_BYTES; text++) {
        if (is_name && *text == '~') {
            spbe_buf_adds(out, "~0");
        }
        else if (is_name && *text == '/') {
            spbe_buf_adds(out, "~1");
        }
        else if (is_plain(*text)) {
            spbe_buf_addc(out, *text);
        }
        else {
            spbe_buf_printf(out, "%%%02X", (unsigned char)*text);
        }
    }
}

const char *spbe_complaint_pointer(const spbe_complaint_t *complaint,
                                   apr_pool_t *pool)
{
    spbe_buf_t out;

    if (complaint->where != SPBE_WHERE_BODY ||
        (complaint->pointer == NULL && complaint->name == NULL)) {
        return NULL;
    }
    spbe_buf_init(&out, 64, pool);
    spbe_buf_addc(&out, '#');
    if (complaint->pointer != NULL) {
        add_escaped(&out, complaint->pointer, 0);
    }
    else {
        spbe_buf_addc(&out, '/');
        add_escaped(&out, complaint->name, 1);
    }
    return spbe_buf_cstr(&out);
}
