/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/files.c - read a file of the configuration, bounded. See files.h.
 */
#include "httpd/files.h"

#include <apr_file_io.h>
#include <apr_file_info.h>
#include <apr_strings.h>

static const char *trouble(const char *path, apr_status_t rv, apr_pool_t *pool)
{
    char text[120];

    return apr_psprintf(pool, "%s: cannot be read: %s", path,
                        apr_strerror(rv, text, sizeof(text)));
}

const char *spbe_files_read(const char *path, spbe_span_t *data,
                            apr_pool_t *pool)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_size_t got = 0;
    char *bytes;
    apr_status_t rv;

    *data = SPBE_SPAN_EMPTY;
    rv = apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_BINARY, 0,
                       pool);
    if (rv != APR_SUCCESS) {
        return trouble(path, rv, pool);
    }
    rv = apr_file_info_get(&info, APR_FINFO_SIZE | APR_FINFO_TYPE, file);
    if (rv != APR_SUCCESS || info.filetype != APR_REG
        || info.size > SPBE_FILES_MAX) {
        apr_file_close(file);
        return apr_psprintf(pool, "%s: not a regular file of at most %d bytes",
                            path, SPBE_FILES_MAX);
    }
    bytes = apr_palloc(pool, (apr_size_t)info.size + 1);
    rv = apr_file_read_full(file, bytes, (apr_size_t)info.size, &got);
    apr_file_close(file);
    if (rv != APR_SUCCESS && info.size > 0) {
        return trouble(path, rv, pool);
    }
    *data = (spbe_span_t){ bytes, got };
    return NULL;
}
