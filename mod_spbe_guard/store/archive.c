/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/archive.c - opening an archive, and what is known of it. See
 * archive.h; appending is in archive_append.c, reading in archive_read.c.
 */
#include "store/archive_int.h"

#include "store/firstkey.h"
#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK "lock"
#define LIMIT ((apr_uint64_t)64 << 20)
#define AGE apr_time_from_sec(24 * 60 * 60)
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

static void close_fd(int *fd)
{
    if (*fd != -1) {
        close(*fd);
        *fd = -1;
    }
}

static apr_status_t close_archive(void *data)
{
    spbe_archive_t *archive = data;

    close_fd(&archive->fd);
    close_fd(&archive->lock);
    close_fd(&archive->folder);
    return APR_SUCCESS;
}

apr_status_t spbe_archive_look(spbe_archive_t *archive)
{
    apr_array_header_t *found;
    apr_status_t rv;

    apr_pool_clear(archive->scratch);
    rv = spbe_segment_list(archive->folder, &found, archive->scratch);
    if (rv == APR_SUCCESS) {
        /* In place: this is called for as long as a reader follows. */
        apr_array_clear(archive->segments);
        apr_array_cat(archive->segments, found);
    }
    return rv;
}

int spbe_archive_after(const spbe_archive_t *archive, apr_uint64_t offset,
                       apr_uint64_t *address)
{
    const apr_uint64_t *all = (const apr_uint64_t *)archive->segments->elts;
    int low = 0, high = archive->segments->nelts;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (all[middle] > offset) {
            high = middle;
        }
        else {
            low = middle + 1;
        }
    }
    if (low == archive->segments->nelts) {
        return 0;
    }
    *address = all[low];
    return 1;
}

int spbe_archive_find(const spbe_archive_t *archive, apr_uint64_t offset,
                      apr_uint64_t *address)
{
    int i = archive->segments->nelts;

    while (i > 0) {
        *address = APR_ARRAY_IDX(archive->segments, --i, apr_uint64_t);
        if (*address <= offset) {
            return 1;
        }
    }
    return 0;
}

static apr_status_t take_lock(spbe_archive_t *archive)
{
    archive->lock = openat(archive->folder, LOCK,
                           O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (archive->lock == -1) {
        return errno;
    }
    if (flock(archive->lock, LOCK_EX | LOCK_NB) == -1) {
        return errno == EWOULDBLOCK ? APR_EBUSY : errno;
    }
    return APR_SUCCESS;
}

static void read_boot(spbe_archive_t *archive)
{
    int fd = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
    char text[SPBE_BOOT_SIZE] = "";

    strcpy(archive->boot, "00000000");
    if (fd == -1) {
        return;
    }
    if (read(fd, text, sizeof(text) - 1) == (ssize_t)sizeof(text) - 1 &&
        strspn(text, "0123456789abcdef") >= sizeof(text) - 1) {
        memcpy(archive->boot, text, sizeof(text) - 1);
    }
    close(fd);
}

static void take_end(spbe_archive_t *archive, const spbe_segment_end_t *end)
{
    archive->last = end->group;
    memcpy(archive->hash, end->hash, sizeof(archive->hash));
    if (end->has_head) {
        memcpy(archive->first, end->head.first, sizeof(archive->first));
        archive->has_first = 1;
    }
}

/* The last segment, to go on with; the last group may stand in one before. */
static apr_status_t read_ends(spbe_archive_t *archive, spbe_segment_end_t *end)
{
    int i = archive->segments->nelts;
    apr_status_t rv = APR_SUCCESS;

    memset(end, 0, sizeof(*end));
    while (rv == APR_SUCCESS && archive->last.number == 0 && i-- > 0) {
        apr_uint64_t address =
            APR_ARRAY_IDX(archive->segments, i, apr_uint64_t);
        spbe_segment_end_t one;
        int fd;

        rv =
            spbe_segment_open(archive->folder, address, O_RDWR | O_APPEND, &fd);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        rv = spbe_segment_read_end(fd, &one, archive->scratch);
        apr_pool_clear(archive->scratch);
        take_end(archive, &one);
        if (i < archive->segments->nelts - 1) {
            close(fd);
            continue;
        }
        *end = one;
        archive->fd = fd;
        archive->base = address;
        archive->size = one.size;
        archive->begun = one.head.time;
        archive->hidden = one.hidden;
    }
    return rv;
}

static apr_status_t write_first(const spbe_archive_t *archive)
{
    const char *path = apr_pstrcat(archive->scratch, archive->dir,
                                   "/" SPBE_FIRSTKEY_FILE, NULL);
    const char *new = apr_pstrcat(archive->scratch, path, ".new", NULL);
    unsigned char there[SPBE_SIGNER_SIZE];
    spbe_buf_t buf;
    int fd, error = 0;

    if (spbe_firstkey_read(path, there) == APR_SUCCESS &&
        memcmp(there, archive->first, sizeof(there)) == 0) {
        return APR_SUCCESS;
    }
    spbe_buf_init(&buf, 256, archive->scratch);
    spbe_firstkey_add(&buf, archive->first);
    unlink(new);
    fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd == -1) {
        return errno;
    }
    if (write(fd, buf.ptr, buf.len) != (ssize_t)buf.len ||
        fchmod(fd, 0644) == -1 || fsync(fd) == -1 || rename(new, path) == -1) {
        error = errno;
    }
    close(fd);
    return error;
}

/* An archive without a group begins with whoever signs now. */
static apr_status_t open_chain(spbe_archive_t *archive)
{
    const unsigned char *signer;
    const char *path;
    apr_status_t rv =
        spbe_chain_open(&archive->chain, archive->dir, archive->pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    signer = spbe_chain_signer(archive->chain);
    if (archive->last.number == 0) {
        memcpy(archive->first, signer, sizeof(archive->first));
        return write_first(archive);
    }
    if (!archive->has_first) {
        path = apr_pstrcat(archive->scratch, archive->dir,
                           "/" SPBE_FIRSTKEY_FILE, NULL);
        spbe_firstkey_read(path, archive->first);
    }
    archive->is_broken =
        memcmp(signer, archive->last.signer, SPBE_SIGNER_SIZE) != 0 &&
        memcmp(signer, archive->last.next, SPBE_SIGNER_SIZE) != 0;
    return APR_SUCCESS;
}

static apr_status_t open_to_write(spbe_archive_t *archive)
{
    spbe_segment_end_t end;
    apr_status_t rv = take_lock(archive);

    archive->body = spbe_body_create(archive->pool);
    if (archive->body == NULL) {
        return APR_ENOMEM;
    }
    read_boot(archive);
    if (rv == APR_SUCCESS) {
        rv = spbe_archive_look(archive);
    }
    if (rv == APR_SUCCESS) {
        rv = read_ends(archive, &end);
    }
    if (rv == APR_SUCCESS) {
        rv = open_chain(archive);
    }
    return rv == APR_SUCCESS ? spbe_archive_mend(archive, &end) : rv;
}

static const char *machine(apr_pool_t *pool)
{
    char name[256];

    if (gethostname(name, sizeof(name)) != 0) {
        return "unknown";
    }
    name[sizeof(name) - 1] = '\0';
    return apr_pstrdup(pool, name);
}

apr_status_t spbe_archive_open(spbe_archive_t **result, const char *dir,
                               spbe_archive_mode_t mode, apr_pool_t *pool)
{
    spbe_archive_t *archive = apr_pcalloc(pool, sizeof(*archive));
    apr_status_t rv;

    *result = NULL;
    archive->pool = pool;
    archive->dir = apr_pstrdup(pool, dir);
    archive->path = apr_pstrcat(pool, dir, "/" SPBE_SEGMENT_DIR, NULL);
    archive->fd = archive->lock = archive->folder = -1;
    archive->limit = LIMIT;
    archive->age = AGE;
    archive->node = machine(pool);
    archive->segments = apr_array_make(pool, 64, sizeof(apr_uint64_t));
    apr_pool_create(&archive->scratch, pool);
    rv = spbe_segment_dir(dir, mode == SPBE_ARCHIVE_WRITE, &archive->folder);
    if (rv == APR_SUCCESS) {
        rv = mode == SPBE_ARCHIVE_WRITE ? open_to_write(archive)
                                        : spbe_archive_look(archive);
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

int spbe_archive_broken(const spbe_archive_t *archive)
{
    return archive->is_broken;
}

int spbe_archive_has_old(const char *dir)
{
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st;
    int found;

    if (folder == -1) {
        return 0;
    }
    found = fstatat(folder, "archive.jsonl", &st, AT_SYMLINK_NOFOLLOW) == 0;
    close(folder);
    return found;
}

void spbe_archive_limits(spbe_archive_t *archive, apr_uint64_t size,
                         apr_interval_time_t age)
{
    archive->limit = size;
    archive->age = age;
}

void spbe_archive_node(spbe_archive_t *archive, const char *node)
{
    archive->node = apr_pstrdup(archive->pool, node);
}

const unsigned char *spbe_archive_first(const spbe_archive_t *archive)
{
    return archive->first;
}
