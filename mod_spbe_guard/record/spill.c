/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/spill.c - lines that the pipe did not take. See spill.h.
 */
#include "record/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_file_info.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>

#define FILES 1000000u /* of one writer */

struct spbe_spill {
    const char *dir;
    char prefix[SPBE_SPILL_PREFIX];
    apr_uint64_t *used, limit;
    apr_thread_mutex_t *mutex;
    int fd; /* -1: none */
    unsigned files;
    off_t size;
};

void spbe_spill_prefix(const char *writer, char prefix[SPBE_SPILL_PREFIX])
{
    size_t i;

    for (i = 0; writer[i] != '\0' && i + 2 < SPBE_SPILL_PREFIX; i++) {
        prefix[i] = '_';
        if (apr_isalnum(writer[i]) || writer[i] == '-') {
            prefix[i] = writer[i];
        }
    }
    prefix[i] = '.';
    prefix[i + 1] = '\0';
}

spbe_spill_t *spbe_spill_create(const char *dir, const char *writer,
                                apr_uint64_t *used, apr_uint64_t limit,
                                apr_pool_t *pool)
{
    spbe_spill_t *spill = apr_pcalloc(pool, sizeof(*spill));

    spill->dir = apr_pstrdup(pool, dir);
    spbe_spill_prefix(writer, spill->prefix);
    spill->used = used;
    spill->limit = limit;
    spill->fd = -1;
    return apr_thread_mutex_create(&spill->mutex, APR_THREAD_MUTEX_DEFAULT,
                                   pool) == APR_SUCCESS
               ? spill
               : NULL;
}

static void let_go(spbe_spill_t *spill)
{
    if (spill->fd >= 0) {
        close(spill->fd);
        spill->fd = -1;
    }
}

/* Never in the place of a file that is there: a process that begins anew under
 * the same name may have left some. By link where the file system cannot. */
static apr_status_t move(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return APR_SUCCESS;
    }
    return errno != EINVAL && errno != ENOSYS ? errno
           : link(from, to) == 0              ? APR_SUCCESS
                                              : errno;
}

static apr_status_t give_name(spbe_spill_t *spill, const char *hidden)
{
    char path[PATH_MAX];
    apr_status_t rv = APR_EEXIST;

    while (rv == APR_EEXIST && spill->files < FILES) {
        if (snprintf(path, sizeof(path), "%s/%s%u" SPBE_SPILL_SUFFIX,
                     spill->dir, spill->prefix,
                     ++spill->files) >= (int)sizeof(path)) {
            return APR_ENAMETOOLONG;
        }
        rv = move(hidden, path);
    }
    return rv;
}

/* What root writes is for those whose folder it is. */
static int hand_over(const spbe_spill_t *spill)
{
    struct stat info;

    return geteuid() != 0 || (stat(spill->dir, &info) == 0 &&
                              fchown(spill->fd, info.st_uid, info.st_gid) == 0);
}

/* Locked before it has the name under which it can be taken away. */
static apr_status_t begin_file(spbe_spill_t *spill)
{
    char hidden[PATH_MAX];
    apr_status_t rv;

    let_go(spill);
    if (snprintf(hidden, sizeof(hidden), "%s/.%s%lu" SPBE_SPILL_SUFFIX,
                 spill->dir, spill->prefix,
                 (unsigned long)getpid()) >= (int)sizeof(hidden)) {
        return APR_ENAMETOOLONG;
    }
    unlink(hidden);
    spill->fd = open(
        hidden, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
        0640);
    if (spill->fd < 0) {
        return errno;
    }
    spill->size = 0;
    rv = fchmod(spill->fd, 0640) == 0 && hand_over(spill) &&
                 flock(spill->fd, LOCK_EX | LOCK_NB) == 0
             ? give_name(spill, hidden)
             : errno;
    unlink(hidden);
    if (rv != APR_SUCCESS) {
        let_go(spill);
    }
    return rv;
}

/* Is the file of the last time still ours to write to? Then it is locked. */
static int go_on(spbe_spill_t *spill, size_t more)
{
    struct stat info;

    if (spill->fd < 0 || flock(spill->fd, LOCK_EX | LOCK_NB) != 0) {
        return 0;
    }
    if (fstat(spill->fd, &info) != 0 || info.st_nlink == 0 ||
        info.st_size + (off_t)more > SPBE_SPILL_FILE) {
        return 0;
    }
    spill->size = info.st_size;
    return 1;
}

/* One write for each, so that a line is whole or the last one. */
static apr_status_t append(spbe_spill_t *spill, const spbe_span_t *lines, int n)
{
    apr_status_t rv = APR_SUCCESS;
    ssize_t done;
    int i;

    for (i = 0; i < n; i++) {
        done = write(spill->fd, lines[i].ptr, lines[i].len);
        if (done < 0 && errno == EINTR) {
            i--;
        }
        else if (done != (ssize_t)lines[i].len) {
            rv = done < 0 ? errno : APR_ENOSPC;
            break;
        }
    }
    if (rv != APR_SUCCESS && ftruncate(spill->fd, spill->size) != 0) {
        /* A torn line stands at the end: nothing may follow it. */
        let_go(spill);
    }
    return rv;
}

static apr_status_t add_locked(spbe_spill_t *spill, const spbe_span_t *lines,
                               int n, size_t bytes)
{
    apr_status_t rv = APR_SUCCESS;

    if (!go_on(spill, bytes)) {
        rv = begin_file(spill);
    }
    if (rv == APR_SUCCESS) {
        rv = append(spill, lines, n);
    }
    if (spill->fd >= 0) {
        flock(spill->fd, LOCK_UN);
    }
    return rv;
}

apr_status_t spbe_spill_add(spbe_spill_t *spill, const spbe_span_t *lines,
                            int n)
{
    apr_status_t rv = APR_ENOSPC;
    size_t bytes = 0;
    int i;

    for (i = 0; i < n; i++) {
        bytes += lines[i].len;
    }
    if (__atomic_add_fetch(spill->used, bytes, __ATOMIC_RELAXED) <=
        spill->limit) {
        apr_thread_mutex_lock(spill->mutex);
        rv = add_locked(spill, lines, n, bytes);
        apr_thread_mutex_unlock(spill->mutex);
    }
    if (rv != APR_SUCCESS) {
        __atomic_fetch_sub(spill->used, bytes, __ATOMIC_RELAXED);
    }
    return rv;
}

void spbe_spill_close(spbe_spill_t *spill)
{
    let_go(spill);
}

static apr_uint64_t bytes_in(apr_dir_t *dir)
{
    apr_uint64_t sum = 0;
    apr_finfo_t info;
    apr_status_t rv;

    for (;;) {
        rv = apr_dir_read(&info, APR_FINFO_TYPE | APR_FINFO_SIZE, dir);
        if (rv != APR_SUCCESS && rv != APR_INCOMPLETE) {
            return sum;
        }
        if ((info.valid & APR_FINFO_SIZE) && info.filetype == APR_REG) {
            sum += (apr_uint64_t)info.size;
        }
    }
}

apr_status_t spbe_spill_measure(const char *path, apr_uint64_t *used,
                                apr_pool_t *scratch)
{
    /* What is added while the folder is read counts twice: never too little. */
    apr_uint64_t before = __atomic_load_n(used, __ATOMIC_RELAXED);
    apr_uint64_t now;
    apr_dir_t *dir;
    apr_status_t rv = apr_dir_open(&dir, path, scratch);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    now = bytes_in(dir);
    apr_dir_close(dir);
    __atomic_add_fetch(used, now - before, __ATOMIC_RELAXED);
    return APR_SUCCESS;
}
