/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/firstkey.c - the first public key of an archive, for paper. See
 * firstkey.h.
 */
#include "store/firstkey.h"

#include "text/base64url.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SYMBOLS 52 /* of 5 bits: 256 bits and four zero ones */
#define CHECK 37

/* The first 32 are Crockford's base32; the rest can only be check symbols. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

static void to_symbols(const unsigned char key[SPBE_SIGNER_SIZE],
                       unsigned char symbols[SYMBOLS])
{
    unsigned bits = 0, have = 0, n = 0, i;

    for (i = 0; i < SPBE_SIGNER_SIZE; i++) {
        bits = (bits << 8 | key[i]) & 0xffff;
        for (have += 8; have >= 5; have -= 5) {
            symbols[n++] = bits >> (have - 5) & 31;
        }
    }
    symbols[n] = (unsigned char)(bits << (5 - have) & 31);
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

void spbe_firstkey_print(const unsigned char key[SPBE_SIGNER_SIZE],
                         char text[SPBE_FIRSTKEY_TEXT])
{
    unsigned char symbols[SYMBOLS];
    int i;

    to_symbols(key, symbols);
    for (i = 0; i < SYMBOLS; i++) {
        *text++ = alphabet[symbols[i]];
        if (i % 4 == 3) {
            *text++ = '-';
        }
    }
    *text++ = alphabet[check_of(symbols)];
    *text = '\0';
}

int spbe_firstkey_is_plain(const unsigned char key[SPBE_SIGNER_SIZE])
{
    unsigned char symbols[SYMBOLS];

    to_symbols(key, symbols);
    return check_of(symbols) < 32;
}

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

static spbe_rc_t from_symbols(const unsigned char symbols[SYMBOLS],
                              unsigned char key[SPBE_SIGNER_SIZE])
{
    unsigned bits = 0, have = 0, n = 0, i;

    for (i = 0; i < SYMBOLS; i++) {
        if (symbols[i] >= 32) {
            return SPBE_BAD;
        }
        bits = (bits << 5 | symbols[i]) & 0xffff;
        have += 5;
        if (have >= 8) {
            have -= 8;
            key[n++] = (unsigned char)(bits >> have & 0xff);
        }
    }
    return (bits & ((1u << have) - 1)) == 0 ? SPBE_OK : SPBE_BAD;
}

static spbe_rc_t parse_printed(spbe_span_t text,
                               unsigned char key[SPBE_SIGNER_SIZE])
{
    unsigned char symbols[SYMBOLS + 1];
    size_t i, n = 0;

    for (i = 0; i < text.len; i++) {
        int value;

        if (strchr(" -\t", text.ptr[i]) != NULL && text.ptr[i] != '\0') {
            continue;
        }
        value = value_of(text.ptr[i]);
        if (value < 0 || n > SYMBOLS) {
            return SPBE_BAD;
        }
        symbols[n++] = (unsigned char)value;
    }
    return n == SYMBOLS + 1 && symbols[SYMBOLS] == check_of(symbols)
               ? from_symbols(symbols, key)
               : SPBE_BAD;
}

spbe_rc_t spbe_firstkey_parse(spbe_span_t text,
                              unsigned char key[SPBE_SIGNER_SIZE])
{
    while (text.len > 0) {
        spbe_span_t line = spbe_span_trim(spbe_span_line(&text));

        if (spbe_base64url_exact(line, key, SPBE_SIGNER_SIZE) == SPBE_OK ||
            parse_printed(line, key) == SPBE_OK) {
            return SPBE_OK;
        }
    }
    memset(key, 0, SPBE_SIGNER_SIZE);
    return SPBE_BAD;
}

void spbe_firstkey_add(spbe_buf_t *buf,
                       const unsigned char key[SPBE_SIGNER_SIZE])
{
    char text[SPBE_FIRSTKEY_TEXT];

    spbe_base64url_encode(buf,
                          (spbe_span_t){(const char *)key, SPBE_SIGNER_SIZE});
    spbe_buf_addc(buf, '\n');
    spbe_firstkey_print(key, text);
    spbe_buf_adds(buf, text);
    spbe_buf_addc(buf, '\n');
}

apr_status_t spbe_firstkey_read(const char *path,
                                unsigned char key[SPBE_SIGNER_SIZE])
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    char text[4096];
    ssize_t n;
    int error;

    if (fd == -1) {
        return errno;
    }
    n = read(fd, text, sizeof(text));
    error = errno;
    close(fd);
    if (n == -1) {
        return error;
    }
    return spbe_firstkey_parse((spbe_span_t){text, (size_t)n}, key) == SPBE_OK
               ? APR_SUCCESS
               : APR_EINVAL;
}
