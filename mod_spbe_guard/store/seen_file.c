/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/seen_file.c - what seen.c knows, as a file of text. See seen.h.
 *
 *   spbe-seen 1 OFFSET DUPLICATES
 *   w NAME HIGHEST          a writer, the one longest quiet first
 *   t FROM TO               of it: whole or accounted for
 *   l FROM TO               of these: accounted for
 *   p SEQ PARTS HEX         of it: which lines came, a bit each
 *   end SHA256              of everything before, as hexadecimal digits
 */
#include "store/seen_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include "text/buf.h"
#include "text/json.h"
#include "text/percent.h"

#define FILE_MAX ((off_t)64 << 20)
#define PIECE ((size_t)64 << 10)
#define PARTS_MAX 4096

static void add_hex(spbe_buf_t *buf, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    for (i = 0; i < n; i++) {
        spbe_buf_addc(buf, digits[bytes[i] >> 4]);
        spbe_buf_addc(buf, digits[bytes[i] & 15]);
    }
}

static void add_stretches(spbe_buf_t *buf, char kind,
                          const spbe_stretches_t *set)
{
    size_t i;

    for (i = 0; i < set->n; i++) {
        spbe_buf_printf(buf, "%c %" APR_UINT64_T_FMT " %" APR_UINT64_T_FMT "\n",
                        kind, set->item[i].from, set->item[i].to);
    }
}

static void add_writer(spbe_buf_t *buf, const spbe_seen_writer_t *writer)
{
    size_t i;

    spbe_buf_printf(buf, "w %s %" APR_UINT64_T_FMT "\n", writer->name,
                    writer->highest);
    add_stretches(buf, 't', &writer->there);
    add_stretches(buf, 'l', &writer->lost);
    for (i = 0; i < writer->partials; i++) {
        const spbe_seen_partial_t *partial = writer->partial[i];

        spbe_buf_printf(buf, "p %" APR_UINT64_T_FMT " %u ", partial->seq,
                        partial->parts);
        add_hex(buf, partial->bit, SPBE_SEEN_BYTES(partial->parts));
        spbe_buf_addc(buf, '\n');
    }
}

static void add_last(spbe_buf_t *buf,
                     const unsigned char hash[SHA256_DIGEST_LENGTH])
{
    spbe_buf_adds(buf, "end ");
    add_hex(buf, hash, SHA256_DIGEST_LENGTH);
    spbe_buf_addc(buf, '\n');
}

static apr_status_t write_all(int fd, spbe_span_t text)
{
    while (text.len > 0) {
        ssize_t n = write(fd, text.ptr, text.len);

        if (n == -1 && errno != EINTR) {
            return errno;
        }
        text = spbe_span_slice(text, n == -1 ? 0 : (size_t)n, text.len);
    }
    return APR_SUCCESS;
}

/* A file that is written piece by piece, with the hash of all of them. */
typedef struct output {
    int fd;
    EVP_MD_CTX *hash;
    apr_pool_t *pool; /* of the piece */
    spbe_buf_t piece;
} output_t;

static apr_status_t put_piece(output_t *out, size_t least)
{
    apr_status_t rv = APR_SUCCESS;

    if (out->piece.len <= least) {
        return APR_SUCCESS;
    }
    if (!EVP_DigestUpdate(out->hash, out->piece.ptr, out->piece.len)) {
        return APR_ENOMEM;
    }
    rv = write_all(out->fd, spbe_buf_span(&out->piece));
    apr_pool_clear(out->pool);
    spbe_buf_init(&out->piece, 2 * PIECE, out->pool);
    return rv;
}

static apr_status_t put_end(output_t *out)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    apr_status_t rv = put_piece(out, 0);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!EVP_DigestFinal_ex(out->hash, hash, NULL)) {
        return APR_ENOMEM;
    }
    add_last(&out->piece, hash);
    rv = write_all(out->fd, spbe_buf_span(&out->piece));
    return rv == APR_SUCCESS && fdatasync(out->fd) == -1 ? errno : rv;
}

static apr_status_t put_all(output_t *out, const spbe_seen_t *seen,
                            apr_uint64_t offset)
{
    const spbe_seen_writer_t *writer;
    apr_status_t rv = APR_SUCCESS;

    spbe_buf_init(&out->piece, 2 * PIECE, out->pool);
    spbe_buf_printf(&out->piece,
                    "spbe-seen 1 %" APR_UINT64_T_FMT " %" APR_UINT64_T_FMT "\n",
                    offset, seen->duplicates);
    for (writer = seen->oldest; writer != NULL && rv == APR_SUCCESS;
         writer = writer->newer) {
        add_writer(&out->piece, writer);
        rv = put_piece(out, PIECE);
    }
    return rv == APR_SUCCESS ? put_end(out) : rv;
}

static apr_status_t put_file(const char *path, const spbe_seen_t *seen,
                             apr_uint64_t offset, apr_pool_t *scratch)
{
    output_t out = {.hash = EVP_MD_CTX_new()};
    apr_status_t rv;

    apr_pool_create(&out.pool, scratch);
    unlink(path);
    out.fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    rv = out.fd == -1 ? errno : APR_SUCCESS;
    if (rv == APR_SUCCESS &&
        (out.hash == NULL ||
         !EVP_DigestInit_ex(out.hash, EVP_sha256(), NULL))) {
        rv = APR_ENOMEM;
    }
    if (rv == APR_SUCCESS) {
        rv = put_all(&out, seen, offset);
    }
    if (out.fd != -1) {
        close(out.fd);
    }
    EVP_MD_CTX_free(out.hash);
    apr_pool_destroy(out.pool);
    return rv;
}

apr_status_t spbe_seen_save(const spbe_seen_t *seen, const char *path,
                            apr_uint64_t offset, apr_pool_t *scratch)
{
    const char *aside = apr_pstrcat(scratch, path, ".new", NULL);
    apr_status_t rv = put_file(aside, seen, offset, scratch);

    if (rv == APR_SUCCESS && rename(aside, path) == -1) {
        rv = errno;
    }
    if (rv != APR_SUCCESS) {
        unlink(aside);
    }
    return rv;
}

static apr_status_t read_all(int fd, spbe_span_t *text, apr_pool_t *pool)
{
    struct stat st;
    size_t done = 0;
    char *bytes;

    if (fstat(fd, &st) == -1) {
        return errno;
    }
    if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
        return APR_EINVAL;
    }
    bytes = apr_palloc(pool, (size_t)st.st_size + 1);
    while (done < (size_t)st.st_size) {
        ssize_t n = read(fd, bytes + done, (size_t)st.st_size - done);

        if (n == -1 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? APR_EINVAL : errno;
        }
        done += (size_t)n;
    }
    *text = (spbe_span_t){bytes, done};
    return APR_SUCCESS;
}

/* Cuts the last line off; 0 when it is not the hash of the others. */
static int check_end(spbe_span_t *text, apr_pool_t *pool)
{
    spbe_span_t body = spbe_span_slice(*text, 0, text->len - (text->len > 0));
    size_t at = spbe_span_rchr(body, '\n');
    unsigned char hash[SHA256_DIGEST_LENGTH];
    spbe_span_t last;
    spbe_buf_t buf;

    if (at == SPBE_NPOS) {
        return 0;
    }
    last = spbe_span_slice(*text, at + 1, text->len);
    *text = spbe_span_slice(*text, 0, at + 1);
    SHA256((const unsigned char *)text->ptr, text->len, hash);
    spbe_buf_init(&buf, 128, pool);
    add_last(&buf, hash);
    return spbe_span_eq(last, spbe_buf_span(&buf));
}

static int take_number(spbe_span_t *rest, apr_uint64_t *number)
{
    unsigned long long value;
    spbe_span_t word = spbe_span_cut(rest, ' ');

    if (!spbe_json_unsigned(word, APR_UINT64_MAX, &value)) {
        return 0;
    }
    *number = value;
    return 1;
}

static int take_head(spbe_seen_t *seen, spbe_span_t line, apr_uint64_t *offset)
{
    if (!spbe_span_starts(line, SPBE_SPAN("spbe-seen 1 "))) {
        return 0;
    }
    line = spbe_span_slice(line, 12, line.len);
    return take_number(&line, offset) &&
           take_number(&line, &seen->duplicates) && line.len == 0;
}

static int take_writer(spbe_seen_t *seen, spbe_span_t line,
                       spbe_seen_writer_t **writer)
{
    spbe_span_t name = spbe_span_cut(&line, ' ');

    *writer = spbe_seen_writer(seen, name);
    return *writer != NULL && take_number(&line, &(*writer)->highest) &&
           line.len == 0;
}

static int take_stretch(spbe_seen_t *seen, spbe_seen_writer_t *writer,
                        spbe_stretches_t *set, spbe_span_t line)
{
    apr_uint64_t from, to;

    return take_number(&line, &from) && take_number(&line, &to) &&
           line.len == 0 && from > 0 && from <= to &&
           spbe_seen_stretch(seen, writer, set, from, to);
}

static int take_bits(spbe_seen_partial_t *partial, spbe_span_t hex)
{
    size_t i, n = SPBE_SEEN_BYTES(partial->parts);

    if (hex.len != 2 * n) {
        return 0;
    }
    for (i = 0; i < n; i++) {
        int high = spbe_percent_hex(hex.ptr[2 * i]);
        int low = spbe_percent_hex(hex.ptr[2 * i + 1]);

        if (high < 0 || low < 0) {
            return 0;
        }
        partial->bit[i] = (unsigned char)(high << 4 | low);
        partial->got += (unsigned)__builtin_popcount(partial->bit[i]);
    }
    return partial->got < partial->parts;
}

static int take_partial(spbe_seen_t *seen, spbe_seen_writer_t *writer,
                        spbe_span_t line)
{
    apr_uint64_t seq, parts;
    spbe_seen_partial_t *partial;

    if (!take_number(&line, &seq) || !take_number(&line, &parts) ||
        parts == 0 || parts > PARTS_MAX) {
        return 0;
    }
    partial = spbe_seen_partial(seen, writer, seq, (unsigned)parts);
    return partial != NULL && partial->got == 0 && take_bits(partial, line);
}

static int take_line(spbe_seen_t *seen, spbe_seen_writer_t **writer,
                     spbe_span_t line)
{
    char kind = line.len < 2 || line.ptr[1] != ' ' ? '\0' : line.ptr[0];

    line = spbe_span_slice(line, 2, line.len);
    if (kind == 'w') {
        return take_writer(seen, line, writer);
    }
    if (*writer == NULL) {
        return 0;
    }
    switch (kind) {
    case 't':
        return take_stretch(seen, *writer, &(*writer)->there, line);
    case 'l':
        return take_stretch(seen, *writer, &(*writer)->lost, line);
    case 'p':
        return take_partial(seen, *writer, line);
    default:
        return 0;
    }
}

static apr_status_t parse(spbe_seen_t *seen, spbe_span_t text,
                          apr_uint64_t *offset, apr_pool_t *pool)
{
    spbe_seen_writer_t *writer = NULL;

    if (!check_end(&text, pool) ||
        !take_head(seen, spbe_span_cut(&text, '\n'), offset)) {
        return APR_EINVAL;
    }
    while (text.len > 0) {
        if (!take_line(seen, &writer, spbe_span_cut(&text, '\n'))) {
            return APR_EINVAL;
        }
    }
    return APR_SUCCESS;
}

apr_status_t spbe_seen_load(spbe_seen_t *seen, const char *path,
                            apr_uint64_t *offset, apr_pool_t *scratch)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    spbe_span_t text;
    apr_status_t rv;

    *offset = 0;
    if (fd == -1) {
        return errno;
    }
    rv = read_all(fd, &text, scratch);
    close(fd);
    spbe_seen_empty(seen);
    if (rv == APR_SUCCESS) {
        rv = parse(seen, text, offset, scratch);
    }
    if (rv != APR_SUCCESS) {
        spbe_seen_empty(seen);
        *offset = 0;
    }
    return rv;
}
