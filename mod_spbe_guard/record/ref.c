/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/ref.c - record ids and public references. See ref.h.
 */
#include "record/ref.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define SYMBOLS 10
#define CHECK 37
#define GROUPS_AT(i) ((i) == 4 || (i) == 8)
#define ID_BYTES 16
/* So many references, of which one in eight is not given out, are drawn in one
 * call of the kernel: each request has one. */
#define DRAWS 4

typedef struct drawn {
    unsigned char id[ID_BYTES];
    unsigned char symbols[DRAWS][SYMBOLS];
} drawn_t;

/* The first 32 are Crockford's base32; the rest can only be check symbols. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

static int random_bytes(void *out, size_t len)
{
    ssize_t n;

    do {
        n = getrandom(out, len, 0);
    } while (n == -1 && errno == EINTR);
    return n == (ssize_t)len;
}

static char *add_hex(char *out, const unsigned char *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    for (i = 0; i < len; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    return out;
}

/* RFC 9562, version 7: 48 bits of milliseconds, the rest random. */
static void write_id(unsigned char b[ID_BYTES], apr_time_t now, char *out)
{
    static const unsigned char groups[] = {4, 2, 2, 2, 6};
    apr_uint64_t ms = (apr_uint64_t)now / 1000;
    size_t i, at = 0;

    for (i = 0; i < 6; i++) {
        b[i] = (unsigned char)(ms >> (40 - 8 * i));
    }
    b[6] = (b[6] & 0x0f) | 0x70;
    b[8] = (b[8] & 0x3f) | 0x80;
    for (i = 0; i < sizeof(groups); i++) {
        if (i > 0) {
            *out++ = '-';
        }
        out = add_hex(out, b + at, groups[i]);
        at += groups[i];
    }
    *out = '\0';
}

static unsigned check_of(const unsigned char symbols[SYMBOLS])
{
    unsigned sum = 0;
    int i;

    for (i = 0; i < SYMBOLS; i++) {
        sum = (sum * 32 + symbols[i]) % CHECK;
    }
    return sum;
}

static void write_ref(const unsigned char symbols[SYMBOLS], char *out)
{
    int i;

    for (i = 0; i < SYMBOLS; i++) {
        if (GROUPS_AT(i)) {
            *out++ = '-';
        }
        *out++ = alphabet[symbols[i]];
    }
    *out++ = alphabet[check_of(symbols)];
    *out = '\0';
}

/*
 * References whose check symbol is a sign or U are not given out: nobody can
 * be asked to say "tilde" on the telephone or type '$' into a shell.
 */
static int can_be_said(unsigned char symbols[SYMBOLS])
{
    int i;

    for (i = 0; i < SYMBOLS; i++) {
        symbols[i] &= 31;
    }
    return check_of(symbols) < 32;
}

int spbe_ref_make(spbe_ref_t *ref, apr_time_t now)
{
    drawn_t drawn;
    int i;

    do {
        if (!random_bytes(&drawn, sizeof(drawn))) {
            ref->id[0] = '\0';
            ref->ref[0] = '\0';
            return 0;
        }
        for (i = 0; i < DRAWS && !can_be_said(drawn.symbols[i]); i++) {
        }
    } while (i == DRAWS);
    write_id(drawn.id, now, ref->id);
    write_ref(drawn.symbols[i], ref->ref);
    return 1;
}

/* The value of a typed symbol, or -1. */
static int value_of(char c)
{
    const char *at;

    if (c >= 'a' && c <= 'z') {
        c = (char)(c - 32);
    }
    if (c == 'I' || c == 'L') {
        return 1;
    }
    if (c == 'O') {
        return 0;
    }
    at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

static int is_filler(char c)
{
    return c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n';
}

int spbe_ref_parse(spbe_span_t typed, char out[SPBE_REF_SIZE])
{
    unsigned char symbols[SYMBOLS + 1];
    size_t i, n = 0;

    out[0] = '\0';
    for (i = 0; i < typed.len; i++) {
        int value = is_filler(typed.ptr[i]) ? -2 : value_of(typed.ptr[i]);

        if (value == -2) {
            continue;
        }
        if (value < 0 || n > SYMBOLS || (value >= 32 && n < SYMBOLS)) {
            return 0;
        }
        symbols[n++] = (unsigned char)value;
    }
    if (n != SYMBOLS + 1 || symbols[SYMBOLS] != check_of(symbols)) {
        return 0;
    }
    write_ref(symbols, out);
    return 1;
}
