/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/source.c - an archive read from a folder. See source.h.
 */
#include "store/source.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <apr_strings.h>
#include "store/segment.h"

#define PIECE ((size_t)1 << 20)

typedef struct folder {
    int dir;
    int fd;                     /* of the segment; -1: none yet */
    apr_uint64_t address, size; /* of it: where, and how far it was read */
    apr_uint64_t want;          /* no segment before this one */
    char name[SPBE_SEGMENT_NAME];
    char *block;
    apr_pool_t *scratch;
} folder_t;

static void close_fd(int *fd)
{
    if (*fd != -1) {
        close(*fd);
        *fd = -1;
    }
}

static apr_status_t close_folder(void *data)
{
    folder_t *folder = data;

    close_fd(&folder->fd);
    close_fd(&folder->dir);
    return APR_SUCCESS;
}

static apr_status_t enter(folder_t *folder, apr_uint64_t address)
{
    int fd;
    apr_status_t rv = spbe_segment_open(folder->dir, address, O_RDONLY, &fd);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    close_fd(&folder->fd);
    folder->fd = fd;
    folder->address = address;
    folder->size = 0;
    folder->want = address + 1;
    spbe_segment_name(address, folder->name);
    return APR_SUCCESS;
}

/* The first segment that is not before want. APR_EOF: none. */
static apr_status_t find_next(folder_t *folder, apr_uint64_t *address)
{
    apr_array_header_t *all;
    apr_status_t rv;
    int i;

    apr_pool_clear(folder->scratch);
    rv = spbe_segment_list(folder->dir, &all, folder->scratch);
    for (i = 0; rv == APR_SUCCESS && i < all->nelts; i++) {
        *address = APR_ARRAY_IDX(all, i, apr_uint64_t);
        if (*address >= folder->want) {
            return APR_SUCCESS;
        }
    }
    return rv == APR_SUCCESS ? APR_EOF : rv;
}

static apr_status_t read_more(folder_t *folder, size_t *got)
{
    ssize_t n;

    *got = 0;
    if (folder->fd == -1) {
        return APR_SUCCESS;
    }
    do {
        n = pread(folder->fd, folder->block, PIECE, (off_t)folder->size);
    } while (n == -1 && errno == EINTR);
    if (n == -1) {
        return errno;
    }
    *got = (size_t)n;
    return APR_SUCCESS;
}

/* Read to its end: what has come while the next one was looked for first. */
static apr_status_t read_or_go_on(folder_t *folder, size_t *got)
{
    apr_uint64_t next;
    apr_status_t rv = read_more(folder, got);

    while (rv == APR_SUCCESS && *got == 0) {
        rv = find_next(folder, &next);
        if (rv == APR_SUCCESS) {
            rv = read_more(folder, got);
        }
        if (rv == APR_SUCCESS && *got == 0) {
            rv = enter(folder, next);
            if (rv == APR_SUCCESS) {
                rv = read_more(folder, got);
            }
        }
    }
    return rv;
}

static apr_status_t next_piece(void *baton, spbe_source_piece_t *piece)
{
    folder_t *folder = baton;
    size_t got;
    apr_status_t rv = read_or_go_on(folder, &got);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    piece->offset = folder->address + folder->size;
    piece->segment = folder->name;
    piece->bytes = (spbe_span_t){folder->block, got};
    folder->size += got;
    return APR_SUCCESS;
}

/* In the segment that the address is in, else at the first one behind it. */
static apr_status_t seek(void *baton, apr_uint64_t offset)
{
    folder_t *folder = baton;
    apr_array_header_t *all;
    apr_uint64_t address = 0;
    apr_status_t rv;
    int i, found = 0;

    close_fd(&folder->fd);
    folder->want = 0;
    apr_pool_clear(folder->scratch);
    rv = spbe_segment_list(folder->dir, &all, folder->scratch);
    for (i = 0; rv == APR_SUCCESS && i < all->nelts &&
                APR_ARRAY_IDX(all, i, apr_uint64_t) <= offset;
         i++) {
        address = APR_ARRAY_IDX(all, i, apr_uint64_t);
        found = 1;
    }
    if (rv == APR_SUCCESS && found) {
        rv = enter(folder, address);
        folder->size = offset - address;
    }
    return rv;
}

/* dir/archive, or dir itself where a copy of the segments alone lies there. */
static apr_status_t open_dir(folder_t *folder, const char *dir)
{
    apr_array_header_t *all;
    apr_status_t rv = spbe_segment_dir(dir, 0, &folder->dir);

    if (rv != APR_ENOENT) {
        return rv;
    }
    folder->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->dir == -1) {
        return errno;
    }
    rv = spbe_segment_list(folder->dir, &all, folder->scratch);
    if (rv == APR_SUCCESS && all->nelts == 0) {
        rv = APR_ENOENT;
    }
    return rv;
}

apr_status_t spbe_source_folder(spbe_source_t *source, const char *dir,
                                apr_pool_t *pool)
{
    folder_t *folder = apr_pcalloc(pool, sizeof(*folder));
    apr_status_t rv;

    folder->dir = folder->fd = -1;
    apr_pool_create(&folder->scratch, pool);
    rv = open_dir(folder, dir);
    if (rv != APR_SUCCESS) {
        close_folder(folder);
        return rv;
    }
    folder->block = apr_palloc(pool, PIECE);
    apr_pool_cleanup_register(pool, folder, close_folder,
                              apr_pool_cleanup_null);
    *source = (spbe_source_t){next_piece, seek, folder};
    return APR_SUCCESS;
}
