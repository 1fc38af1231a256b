/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/locked.c - memory for keys. See locked.h.
 */
#include "record/locked.h"

#include <sys/mman.h>
#include <openssl/crypto.h>

typedef struct pages {
    void *memory;
    size_t size;
} pages_t;

static apr_status_t wipe(void *data)
{
    pages_t *pages = data;

    OPENSSL_cleanse(pages->memory, pages->size);
    munmap(pages->memory, pages->size);
    return APR_SUCCESS;
}

int spbe_locked_again(void *memory, size_t size)
{
    return mlock(memory, size) == 0;
}

void *spbe_locked_alloc(size_t size, int *locked, apr_pool_t *pool)
{
    pages_t *pages = apr_palloc(pool, sizeof(*pages));
    int is_locked;

    pages->size = size;
    pages->memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages->memory == MAP_FAILED) {
        return NULL;
    }
    is_locked = spbe_locked_again(pages->memory, size);
    /* What an old kernel does not have is done without. */
    madvise(pages->memory, size, MADV_DONTDUMP);
    madvise(pages->memory, size, MADV_WIPEONFORK);
    apr_pool_cleanup_register(pool, pages, wipe, apr_pool_cleanup_null);
    if (locked != NULL) {
        *locked = is_locked;
    }
    return pages->memory;
}
