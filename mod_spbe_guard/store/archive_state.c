/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/archive_state.c - how long an archive is, its last group, and whether
 * it is still there. See archive.h.
 */
#include "store/archive_int.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

apr_uint64_t spbe_archive_end(const spbe_archive_t *archive)
{
    return archive->base + archive->size;
}

/* Of a reader: the last group as it is on the disk now. */
typedef struct tail {
    spbe_group_t group;
    unsigned char hash[SPBE_HASH_SIZE];
    apr_uint64_t end; /* address behind it, or of an empty last segment */
} tail_t;

static void read_tail(const spbe_archive_t *archive, apr_uint64_t address,
                      tail_t *tail, apr_pool_t *pool)
{
    apr_uint64_t behind = 0;
    int fd;

    if (spbe_segment_open(archive->folder, address, O_RDONLY, &fd) ==
        APR_SUCCESS) {
        spbe_segment_last(fd, &tail->group, tail->hash, &behind, pool);
        close(fd);
    }
    tail->end = tail->end == 0 ? address + behind : tail->end;
}

static void look_for_tail(const spbe_archive_t *archive, tail_t *tail)
{
    apr_array_header_t *found;
    apr_pool_t *pool;
    int i;

    memset(tail, 0, sizeof(*tail));
    apr_pool_create(&pool, archive->pool);
    if (spbe_segment_list(archive->folder, &found, pool) == APR_SUCCESS) {
        for (i = found->nelts; tail->group.number == 0 && i-- > 0;) {
            read_tail(archive, APR_ARRAY_IDX(found, i, apr_uint64_t), tail,
                      pool);
        }
    }
    apr_pool_destroy(pool);
}

static void set_head(spbe_head_t *head, const spbe_group_t *group,
                     const unsigned char hash[SPBE_HASH_SIZE])
{
    *head = (spbe_head_t){.group = group->number, .time = group->time};
    memcpy(head->hash, hash, sizeof(head->hash));
}

void spbe_archive_head(const spbe_archive_t *archive, spbe_head_t *head)
{
    tail_t tail;

    if (archive->chain != NULL) {
        set_head(head, &archive->last, archive->hash);
        return;
    }
    look_for_tail(archive, &tail);
    set_head(head, &tail.group, tail.hash);
}

apr_uint64_t spbe_archive_size(const spbe_archive_t *archive)
{
    tail_t tail;

    if (archive->chain != NULL) {
        return spbe_archive_end(archive);
    }
    look_for_tail(archive, &tail);
    return tail.end;
}

static int is_gone(int fd, int folder, const char *name)
{
    struct stat opened, there;

    return fstat(fd, &opened) == -1 ||
           fstatat(folder, name, &there, AT_SYMLINK_NOFOLLOW) == -1 ||
           opened.st_ino != there.st_ino || opened.st_dev != there.st_dev;
}

int spbe_archive_gone(const spbe_archive_t *archive)
{
    char name[SPBE_SEGMENT_NAME];

    if (is_gone(archive->folder, AT_FDCWD, archive->path)) {
        return 1;
    }
    spbe_segment_name(archive->base, name);
    return archive->fd != -1 && is_gone(archive->fd, archive->folder, name);
}
