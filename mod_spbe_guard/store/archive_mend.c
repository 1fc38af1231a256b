/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/archive_mend.c - what a crash left half-written at the end.
 *
 * Copied to torn/OFFSET-MICROSECONDS.new, synced, then cut off; its whole
 * entries are appended again, then ".new" goes from its name. Killed anywhere
 * in between, the next start goes on from there. Entries may come twice that
 * way, which is harmless.
 */
#include "store/archive_int.h"

#include <apr_strings.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TORN_DIR "torn"
#define NEW ".new"
#define BLOCK 65536
#define BATCH ((size_t)1 << 20) /* bytes of a group that is appended again */

static int open_torn(const spbe_archive_t *archive, int make)
{
    int home = open(archive->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;

    if (home == -1) {
        return -1;
    }
    if (make && mkdirat(home, TORN_DIR, 0700) == 0) {
        fsync(home);
    }
    fd =
        openat(home, TORN_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    close(home);
    return fd;
}

static int copy_out(int in, apr_uint64_t from, apr_uint64_t to, int out)
{
    char block[BLOCK];

    while (from < to) {
        size_t size = to - from < BLOCK ? (size_t)(to - from) : BLOCK;
        ssize_t n = pread(in, block, size, (off_t)from);

        if (n <= 0 || write(out, block, (size_t)n) != n) {
            return 0;
        }
        from += (apr_uint64_t)n;
    }
    return fsync(out) == 0;
}

static int put_aside(const spbe_archive_t *archive, apr_uint64_t from)
{
    const char *name = apr_psprintf(
        archive->scratch, "%" APR_UINT64_T_FMT "-%" APR_TIME_T_FMT NEW,
        archive->base + from, apr_time_now());
    int torn = open_torn(archive, 1), out, done = 0;

    if (torn == -1) {
        return 0;
    }
    out = openat(torn, name,
                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out != -1) {
        done =
            copy_out(archive->fd, from, archive->size, out) && fsync(torn) == 0;
        close(out);
        if (!done) {
            unlinkat(torn, name, 0);
        }
    }
    close(torn);
    return done;
}

/* Is it one that came from outside, whole? */
static int is_worth(spbe_span_t line)
{
    spbe_entry_t entry;

    return !spbe_group_is(line) && spbe_entry_parse(line, &entry) == SPBE_OK &&
           entry.kind != SPBE_ENTRY_SEGMENT;
}

static apr_status_t flush(spbe_archive_t *archive, spbe_buf_t *buf)
{
    apr_status_t rv = APR_SUCCESS;

    if (buf->len > 0) {
        rv = spbe_archive_append(archive, spbe_buf_span(buf));
        buf->len = 0;
    }
    return rv;
}

static apr_status_t append_lines(spbe_archive_t *archive, spbe_lines_t *lines,
                                 spbe_buf_t *buf)
{
    apr_status_t rv = APR_SUCCESS;
    apr_uint64_t offset;
    spbe_span_t line;
    int whole;

    while (rv == APR_SUCCESS &&
           spbe_lines_next(lines, &line, &offset, &whole)) {
        if (whole && is_worth(line)) {
            spbe_buf_add(buf, line);
            spbe_buf_addc(buf, '\n');
        }
        if (buf->len >= BATCH) {
            rv = flush(archive, buf);
        }
    }
    return rv;
}

/* The whole entries of a file from there on. */
static apr_status_t append_again(spbe_archive_t *archive, int fd,
                                 apr_uint64_t from, apr_pool_t *pool)
{
    spbe_lines_t *lines = spbe_lines_create(pool);
    char *block = apr_palloc(pool, BLOCK);
    apr_status_t rv = APR_SUCCESS;
    spbe_buf_t buf;

    spbe_buf_init(&buf, BATCH + SPBE_ENTRY_MAX, pool);
    while (rv == APR_SUCCESS) {
        ssize_t n = pread(fd, block, BLOCK, (off_t)from);

        if (n <= 0) {
            rv = n == 0 ? APR_EOF : errno;
            break;
        }
        spbe_lines_feed(lines, (spbe_span_t){block, (size_t)n}, from);
        rv = append_lines(archive, lines, &buf);
        from += (apr_uint64_t)n;
    }
    return rv == APR_EOF ? flush(archive, &buf) : rv;
}

static apr_status_t take_file(spbe_archive_t *archive, int torn,
                              const char *name, apr_pool_t *pool)
{
    spbe_span_t bare = spbe_span_from(name);
    int fd = openat(torn, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    apr_status_t rv;

    if (fd == -1) {
        return errno;
    }
    rv = append_again(archive, fd, 0, pool);
    close(fd);
    bare.len -= sizeof(NEW) - 1;
    if (rv == APR_SUCCESS &&
        renameat(torn, name, torn, spbe_span_dup(bare, pool)) == -1) {
        rv = errno;
    }
    return rv;
}

/* One that ends in .new, or NULL. */
static const char *find_new(int torn, apr_pool_t *pool)
{
    int fd = openat(torn, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd == -1 ? NULL : fdopendir(fd);
    const char *found = NULL;
    struct dirent *entry;

    if (stream == NULL) {
        if (fd != -1) {
            close(fd);
        }
        return NULL;
    }
    while (found == NULL && (entry = readdir(stream)) != NULL) {
        if (spbe_span_ends(spbe_span_from(entry->d_name), SPBE_SPAN(NEW))) {
            found = apr_pstrdup(pool, entry->d_name);
        }
    }
    closedir(stream);
    return found;
}

static apr_status_t take_all(spbe_archive_t *archive)
{
    int torn = open_torn(archive, 0);
    apr_status_t rv = APR_SUCCESS;
    const char *name;
    apr_pool_t *pool;

    if (torn == -1) {
        return APR_SUCCESS;
    }
    apr_pool_create(&pool, archive->pool);
    while (rv == APR_SUCCESS && (name = find_new(torn, pool)) != NULL) {
        rv = take_file(archive, torn, name, pool);
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    close(torn);
    return rv;
}

/* Left where it is; what comes next begins a segment behind it. */
static apr_status_t seal_off(spbe_archive_t *archive, apr_uint64_t from)
{
    int fd = archive->fd;
    apr_pool_t *pool;
    apr_status_t rv;

    archive->fd = -1;
    archive->base = spbe_archive_behind(archive, archive->size);
    archive->size = 0;
    archive->hidden = 0;
    apr_pool_create(&pool, archive->pool);
    rv = append_again(archive, fd, from, pool);
    apr_pool_destroy(pool);
    close(fd);
    return rv;
}

apr_status_t spbe_archive_mend(spbe_archive_t *archive,
                               const spbe_segment_end_t *end)
{
    apr_status_t rv = APR_SUCCESS;

    if (archive->fd != -1 && end->end < end->size) {
        archive->torn = end->size - end->end;
        if (put_aside(archive, end->end) &&
            ftruncate(archive->fd, (off_t)end->end) == 0 &&
            fdatasync(archive->fd) == 0) {
            archive->size = end->end;
        }
        else {
            rv = seal_off(archive, end->end);
        }
    }
    return rv == APR_SUCCESS ? take_all(archive) : rv;
}
