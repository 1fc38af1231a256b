/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/segment.c - the files of an archive. See segment.h.
 */
#include "store/segment.h"

#include <apr_strings.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING ".jsonl"
#define DIGITS 20

void spbe_segment_name(apr_uint64_t address, char name[SPBE_SEGMENT_NAME])
{
    apr_snprintf(name, SPBE_SEGMENT_NAME, "%020" APR_UINT64_T_FMT ENDING,
                 address);
}

int spbe_segment_is(const char *name, apr_uint64_t *address)
{
    apr_uint64_t value = 0;
    int i;

    for (i = 0; i < DIGITS; i++) {
        unsigned digit = (unsigned)(name[i] - '0');

        if (digit > 9 || value > ((apr_uint64_t)APR_INT64_MAX - digit) / 10) {
            return 0;
        }
        value = value * 10 + digit;
    }
    *address = value;
    return strcmp(name + DIGITS, ENDING) == 0;
}

static int compare(const void *a, const void *b)
{
    apr_uint64_t x = *(const apr_uint64_t *)a, y = *(const apr_uint64_t *)b;

    return x < y ? -1 : x > y;
}

apr_status_t spbe_segment_list(int dir, apr_array_header_t **addresses,
                               apr_pool_t *pool)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct dirent *entry;
    apr_uint64_t address;
    DIR *stream;

    *addresses = apr_array_make(pool, 64, sizeof(apr_uint64_t));
    stream = fd == -1 ? NULL : fdopendir(fd);
    if (stream == NULL) {
        int error = errno;

        if (fd != -1) {
            close(fd);
        }
        return error;
    }
    while ((entry = readdir(stream)) != NULL) {
        if (spbe_segment_is(entry->d_name, &address)) {
            APR_ARRAY_PUSH(*addresses, apr_uint64_t) = address;
        }
    }
    closedir(stream);
    qsort((*addresses)->elts, (size_t)(*addresses)->nelts, sizeof(apr_uint64_t),
          compare);
    return APR_SUCCESS;
}

apr_status_t spbe_segment_open(int dir, apr_uint64_t address, int flags,
                               int *fd)
{
    char name[SPBE_SEGMENT_NAME];
    struct stat st;
    int error;

    spbe_segment_name(address, name);
    *fd = openat(dir, name,
                 flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
    if (*fd == -1) {
        return errno;
    }
    error = fstat(*fd, &st) == -1  ? errno
            : !S_ISREG(st.st_mode) ? APR_EINVAL
                                   : APR_SUCCESS;
    if (error != APR_SUCCESS) {
        close(*fd);
        *fd = -1;
    }
    return error;
}

apr_status_t spbe_segment_dir(const char *dir, int make, int *fd)
{
    int home = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = 0;

    *fd = -1;
    if (home == -1) {
        return errno;
    }
    if (make && mkdirat(home, SPBE_SEGMENT_DIR, 0700) == 0) {
        fsync(home);
    }
    else if (make && errno != EEXIST) {
        error = errno;
    }
    *fd = openat(home, SPBE_SEGMENT_DIR,
                 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (error == 0 && *fd == -1) {
        error = errno;
    }
    close(home);
    return error;
}
