/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/archive.c - the archive as JSON lines in one file. See archive.h.
 */
#include "store/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_strings.h>

#define FILE_NAME "archive.jsonl"
#define TORN_DIR "torn"
#define BLOCK 4096

struct spbe_archive {
    int fd;
    apr_uint64_t end;
    apr_uint64_t torn;
    const char *path;
    const char *dir;
    apr_pool_t *pool;
};

static apr_status_t close_archive(void *data)
{
    spbe_archive_t *archive = data;

    if (archive->fd != -1) {
        close(archive->fd);
        archive->fd = -1;
    }
    return APR_SUCCESS;
}

static apr_status_t open_file(spbe_archive_t *archive, spbe_archive_mode_t mode)
{
    int flags = O_CLOEXEC;

    flags |=
        mode == SPBE_ARCHIVE_WRITE ? O_RDWR | O_APPEND | O_CREAT : O_RDONLY;
    archive->fd = open(archive->path, flags, 0600);
    if (archive->fd == -1) {
        return errno;
    }
    if (mode == SPBE_ARCHIVE_WRITE &&
        flock(archive->fd, LOCK_EX | LOCK_NB) == -1) {
        return errno == EWOULDBLOCK ? APR_EBUSY : errno;
    }
    return APR_SUCCESS;
}

/* How many bytes at the end have no line end behind them. */
static apr_uint64_t tail_length(const spbe_archive_t *archive)
{
    apr_uint64_t left = archive->end;
    char block[BLOCK];

    while (left > 0) {
        size_t size = left < BLOCK ? (size_t)left : BLOCK;
        const char *hit;

        if (pread(archive->fd, block, size, (off_t)(left - size)) !=
            (ssize_t)size) {
            return 0;
        }
        hit = memrchr(block, '\n', size);
        if (hit != NULL) {
            left = left - size + (apr_uint64_t)(hit - block) + 1;
            break;
        }
        left -= size;
    }
    return archive->end - left;
}

static int copy_out(const spbe_archive_t *archive, apr_uint64_t from, int out)
{
    char block[BLOCK];

    while (from < archive->end) {
        ssize_t n = pread(archive->fd, block, BLOCK, (off_t)from);

        if (n <= 0 || write(out, block, (size_t)n) != n) {
            return 0;
        }
        from += (apr_uint64_t)n;
    }
    return fsync(out) == 0;
}

static int save_torn(const spbe_archive_t *archive, apr_uint64_t from)
{
    const char *dir =
        apr_pstrcat(archive->pool, archive->dir, "/" TORN_DIR, NULL);
    const char *path =
        apr_psprintf(archive->pool, "%s/%" APR_UINT64_T_FMT "-%" APR_TIME_T_FMT,
                     dir, from, apr_time_now());
    int out, saved;

    mkdir(dir, 0700);
    out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out == -1) {
        return 0;
    }
    saved = copy_out(archive, from, out);
    close(out);
    return saved;
}

static apr_status_t mend_tail(spbe_archive_t *archive)
{
    apr_uint64_t from;

    archive->torn = tail_length(archive);
    if (archive->torn == 0) {
        return APR_SUCCESS;
    }
    from = archive->end - archive->torn;
    if (save_torn(archive, from) && ftruncate(archive->fd, (off_t)from) == 0) {
        archive->end = from;
        return APR_SUCCESS;
    }
    /* The reader takes what is torn for a bad entry and goes on behind it. */
    return spbe_archive_append(archive, SPBE_SPAN("\n"));
}

static apr_status_t find_end(spbe_archive_t *archive)
{
    struct stat st;

    if (fstat(archive->fd, &st) == -1) {
        return errno;
    }
    archive->end = (apr_uint64_t)st.st_size;
    return APR_SUCCESS;
}

apr_status_t spbe_archive_open(spbe_archive_t **result, const char *dir,
                               spbe_archive_mode_t mode, apr_pool_t *pool)
{
    spbe_archive_t *archive = apr_pcalloc(pool, sizeof(*archive));
    apr_status_t rv;

    *result = NULL;
    archive->pool = pool;
    archive->dir = apr_pstrdup(pool, dir);
    archive->path = apr_pstrcat(pool, dir, "/" FILE_NAME, NULL);
    rv = open_file(archive, mode);
    if (rv == APR_SUCCESS) {
        rv = find_end(archive);
    }
    if (rv == APR_SUCCESS && mode == SPBE_ARCHIVE_WRITE) {
        rv = mend_tail(archive);
    }
    if (rv != APR_SUCCESS) {
        close_archive(archive);
        return rv;
    }
    apr_pool_cleanup_register(pool, archive, close_archive,
                              apr_pool_cleanup_null);
    *result = archive;
    return APR_SUCCESS;
}

apr_uint64_t spbe_archive_torn(const spbe_archive_t *archive)
{
    return archive->torn;
}

apr_uint64_t spbe_archive_end(const spbe_archive_t *archive)
{
    return archive->end;
}

apr_uint64_t spbe_archive_size(const spbe_archive_t *archive)
{
    struct stat st;

    return fstat(archive->fd, &st) == -1 ? 0 : (apr_uint64_t)st.st_size;
}

int spbe_archive_gone(const spbe_archive_t *archive)
{
    struct stat opened, there;

    return fstat(archive->fd, &opened) == -1 ||
           stat(archive->path, &there) == -1 || opened.st_ino != there.st_ino ||
           opened.st_dev != there.st_dev;
}

apr_status_t spbe_archive_append(spbe_archive_t *archive, spbe_span_t entries)
{
    size_t done = 0;

    while (done < entries.len) {
        ssize_t n = write(archive->fd, entries.ptr + done, entries.len - done);
        int error = errno;

        if (n == -1 && error == EINTR) {
            continue;
        }
        if (n <= 0) {
            /* Half an entry must not stay in front of the next one. */
            if (done > 0 && ftruncate(archive->fd, (off_t)archive->end) == -1) {
                archive->end += done;
            }
            return n == 0 ? APR_ENOSPC : error;
        }
        done += (size_t)n;
    }
    archive->end += entries.len;
    return APR_SUCCESS;
}

apr_status_t spbe_archive_sync(spbe_archive_t *archive)
{
    return fdatasync(archive->fd) == 0 ? APR_SUCCESS : errno;
}

/* reading */

struct spbe_archive_reader {
    spbe_archive_t *archive;
    apr_uint64_t base; /* offset of block[0] */
    size_t at, len;    /* the next entry begins at block[at] */
    char block[2 * SPBE_ENTRY_MAX];
};

spbe_archive_reader_t *spbe_archive_reader(spbe_archive_t *archive,
                                           apr_uint64_t offset,
                                           apr_pool_t *pool)
{
    spbe_archive_reader_t *reader = apr_palloc(pool, sizeof(*reader));

    reader->archive = archive;
    spbe_archive_seek(reader, offset);
    return reader;
}

void spbe_archive_seek(spbe_archive_reader_t *reader, apr_uint64_t offset)
{
    reader->base = offset;
    reader->at = 0;
    reader->len = 0;
}

apr_uint64_t spbe_archive_tell(const spbe_archive_reader_t *reader)
{
    return reader->base + reader->at;
}

/* Moves what is left to the front and reads more behind it. */
static apr_status_t fill(spbe_archive_reader_t *reader)
{
    size_t room = sizeof(reader->block) - (reader->len - reader->at);
    apr_uint64_t from = reader->base + reader->len;
    apr_uint64_t size = spbe_archive_size(reader->archive);
    ssize_t n;

    if (from >= size) {
        return APR_EOF;
    }
    room = size - from < room ? (size_t)(size - from) : room;

    memmove(reader->block, reader->block + reader->at,
            reader->len - reader->at);
    reader->base += reader->at;
    reader->len -= reader->at;
    reader->at = 0;
    do {
        n = pread(reader->archive->fd, reader->block + reader->len,
                  room, (off_t)from);
    } while (n == -1 && errno == EINTR);
    if (n == -1) {
        return errno;
    }
    reader->len += (size_t)n;
    return n == 0 ? APR_EOF : APR_SUCCESS;
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

apr_status_t spbe_archive_next(spbe_archive_reader_t *reader,
                               spbe_entry_t *entry)
{
    spbe_span_t text;
    size_t length;
    apr_status_t rv;

    while (take_line(reader, &text, &length) != SPBE_OK) {
        rv = fill(reader);
        if (rv != APR_SUCCESS) {
            return rv;
        }
    }
    if (spbe_entry_parse(text, entry) != SPBE_OK) {
        entry->kind = SPBE_ENTRY_BAD;
    }
    entry->offset = spbe_archive_tell(reader);
    reader->at += length;
    entry->next = spbe_archive_tell(reader);
    return APR_SUCCESS;
}
