/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/truth.c - what the writers themselves counted. See truth.h.
 */
#include "truth.h"

#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>
#include <apr_strings.h>

truth_t *truth_open(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    void *map;

    if (fd == -1 || ftruncate(fd, sizeof(truth_t)) == -1) {
        return NULL;
    }
    map =
        mmap(NULL, sizeof(truth_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return map == MAP_FAILED ? NULL : map;
}

truth_writer_t *truth_add(truth_t *truth, const char *name)
{
    apr_uint32_t i = __atomic_fetch_add(&truth->writers, 1, __ATOMIC_SEQ_CST);

    if (i >= TRUTH_WRITERS) {
        return NULL;
    }
    apr_cpystrn(truth->writer[i].name, name, sizeof(truth->writer[i].name));
    return &truth->writer[i];
}

void truth_longest(truth_writer_t *writer, apr_time_t took)
{
    apr_uint64_t now = (apr_uint64_t)took;
    apr_uint64_t old = __atomic_load_n(&writer->longest, __ATOMIC_RELAXED);

    while (now > old &&
           !__atomic_compare_exchange_n(&writer->longest, &old, now, 0,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
}
