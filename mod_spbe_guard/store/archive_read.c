/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/archive_read.c - the entries of an archive, one after the other. See
 * archive.h.
 */
#include "store/archive_int.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 65536

struct spbe_archive_reader {
    spbe_archive_t *archive;
    int fd;               /* of the segment; -1: none */
    apr_uint64_t segment; /* its address */
    apr_uint64_t base;    /* address of block[0] */
    size_t at, len;       /* the next line begins at block[at] */
    apr_uint64_t visible; /* address behind the last whole group known */
    apr_uint64_t looked;  /* up to here no other signature line ends */
    char block[2 * SPBE_ENTRY_MAX];
};

static apr_status_t close_reader(void *data)
{
    spbe_archive_reader_t *reader = data;

    if (reader->fd != -1) {
        close(reader->fd);
        reader->fd = -1;
    }
    return APR_SUCCESS;
}

spbe_archive_reader_t *spbe_archive_reader(spbe_archive_t *archive,
                                           apr_uint64_t offset,
                                           apr_pool_t *pool)
{
    spbe_archive_reader_t *reader = apr_palloc(pool, sizeof(*reader));

    reader->archive = archive;
    reader->fd = -1;
    spbe_archive_seek(reader, offset);
    apr_pool_cleanup_register(pool, reader, close_reader,
                              apr_pool_cleanup_null);
    return reader;
}

void spbe_archive_seek(spbe_archive_reader_t *reader, apr_uint64_t offset)
{
    close_reader(reader);
    reader->segment = 0;
    reader->base = offset;
    reader->at = 0;
    reader->len = 0;
    reader->visible = offset;
    reader->looked = offset;
}

apr_uint64_t spbe_archive_tell(const spbe_archive_reader_t *reader)
{
    return reader->base + reader->at;
}

static apr_status_t enter(spbe_archive_reader_t *reader, apr_uint64_t segment,
                          apr_uint64_t offset)
{
    int fd;
    apr_status_t rv =
        spbe_segment_open(reader->archive->folder, segment, O_RDONLY, &fd);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    spbe_archive_seek(reader, offset);
    reader->fd = fd;
    reader->segment = segment;
    return APR_SUCCESS;
}

/* The segment in which the place is, or the first one behind it. */
static apr_status_t find_segment(spbe_archive_reader_t *reader)
{
    apr_uint64_t place = spbe_archive_tell(reader), segment;
    apr_status_t rv = spbe_archive_look(reader->archive);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (spbe_archive_find(reader->archive, place, &segment)) {
        return enter(reader, segment, place);
    }
    if (spbe_archive_after(reader->archive, place, &segment)) {
        return enter(reader, segment, segment);
    }
    return APR_EOF;
}

static apr_status_t read_at(const spbe_archive_reader_t *reader,
                            apr_uint64_t address, char *out, size_t size,
                            size_t *got)
{
    ssize_t n;

    do {
        n = pread(reader->fd, out, size, (off_t)(address - reader->segment));
    } while (n == -1 && errno == EINTR);
    *got = n == -1 ? 0 : (size_t)n;
    return n == -1 ? errno : n == 0 ? APR_EOF : APR_SUCCESS;
}

/* Behind the last line in text that ends a group, or 0. *rest: where the first
 * line that does not end in it begins. */
static size_t find_groups(spbe_span_t text, size_t *rest)
{
    size_t from = 0, end, found = 0;
    spbe_group_t group;

    while ((end = spbe_span_chr(spbe_span_slice(text, from, text.len), '\n')) !=
           SPBE_NPOS) {
        spbe_span_t line = spbe_span_slice(text, from, from + end);

        from += end + 1;
        if (spbe_group_parse(line, &group) == SPBE_OK) {
            found = from;
        }
    }
    *rest = from;
    return found;
}

/* Looks for the end of a group behind the visible. APR_EOF: not there yet. */
static apr_status_t look_ahead(spbe_archive_reader_t *reader)
{
    char block[BLOCK];

    for (;;) {
        size_t got, rest, found;
        apr_status_t rv =
            read_at(reader, reader->looked, block, sizeof(block), &got);

        if (rv != APR_SUCCESS) {
            return rv;
        }
        found = find_groups((spbe_span_t){block, got}, &rest);
        if (found > 0) {
            reader->visible = reader->looked + found;
            reader->looked = reader->visible;
            return APR_SUCCESS;
        }
        if (rest == 0 && got < sizeof(block)) {
            return APR_EOF;
        }
        /* A block without a line end: no line of ours is so long. */
        reader->looked += rest > 0 ? rest : got;
    }
}

/* One with more in it, when the segment has no more to come. */
static apr_status_t next_segment(spbe_archive_reader_t *reader)
{
    apr_uint64_t next;
    apr_status_t rv = spbe_archive_look(reader->archive);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!spbe_archive_after(reader->archive, reader->segment, &next)) {
        return APR_EOF;
    }
    /* A segment that has one behind it is written to no more: what has come
     * since the last look is all. */
    rv = look_ahead(reader);
    return rv == APR_EOF ? enter(reader, next, next) : rv;
}

/* Until something is visible behind the place. */
static apr_status_t advance(spbe_archive_reader_t *reader)
{
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && reader->visible <= spbe_archive_tell(reader)) {
        rv = reader->fd == -1 ? find_segment(reader) : APR_SUCCESS;
        if (rv == APR_SUCCESS) {
            rv = look_ahead(reader);
        }
        if (rv == APR_EOF && reader->fd != -1) {
            rv = next_segment(reader);
        }
    }
    return rv;
}

/* Moves what is left to the front and reads more behind it. */
static apr_status_t fill(spbe_archive_reader_t *reader)
{
    apr_uint64_t from = reader->base + reader->len;
    size_t room, got;
    apr_status_t rv;

    memmove(reader->block, reader->block + reader->at,
            reader->len - reader->at);
    reader->base += reader->at;
    reader->len -= reader->at;
    reader->at = 0;
    room = sizeof(reader->block) - reader->len;
    if (reader->visible - from < room) {
        room = (size_t)(reader->visible - from);
    }
    rv = read_at(reader, from, reader->block + reader->len, room, &got);
    reader->len += got;
    return rv;
}

/* The line at the front with its length on disk; SPBE_NONE: not whole yet. */
static spbe_rc_t take_line(spbe_archive_reader_t *reader, spbe_span_t *text,
                           size_t *length)
{
    spbe_span_t rest = {reader->block + reader->at, reader->len - reader->at};
    size_t end = spbe_span_chr(rest, '\n');

    if (end == SPBE_NPOS && rest.len < SPBE_ENTRY_MAX) {
        return SPBE_NONE;
    }
    /* Longer than an entry can be: taken in pieces, which are bad entries. */
    *text = spbe_span_slice(rest, 0, end == SPBE_NPOS ? SPBE_ENTRY_MAX : end);
    *length = end == SPBE_NPOS ? text->len : end + 1;
    return SPBE_OK;
}

static apr_status_t next_line(spbe_archive_reader_t *reader, spbe_span_t *text,
                              size_t *length)
{
    apr_status_t rv = advance(reader);

    while (rv == APR_SUCCESS && take_line(reader, text, length) != SPBE_OK) {
        rv = fill(reader);
    }
    return rv;
}

apr_status_t spbe_archive_next(spbe_archive_reader_t *reader,
                               spbe_entry_t *entry)
{
    spbe_group_t group;

    for (;;) {
        spbe_span_t text;
        size_t length;
        apr_status_t rv = next_line(reader, &text, &length);

        if (rv != APR_SUCCESS) {
            return rv;
        }
        if (spbe_entry_parse(text, entry) != SPBE_OK) {
            entry->kind = SPBE_ENTRY_BAD;
        }
        entry->offset = spbe_archive_tell(reader);
        reader->at += length;
        entry->next = spbe_archive_tell(reader);
        if (spbe_group_parse(text, &group) != SPBE_OK && entry->kind != SPBE_ENTRY_SEGMENT &&
            entry->kind != SPBE_ENTRY_PURGED) {
            return APR_SUCCESS;
        }
    }
}
