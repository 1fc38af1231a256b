/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/files.h - read a file of the configuration, bounded.
 */
#ifndef SPBE_HTTPD_FILES_H
#define SPBE_HTTPD_FILES_H

#include "text/span.h"

#define SPBE_FILES_MAX (4 * 1024 * 1024)

/* NULL and *data in pool, or a sentence naming the file and what is wrong. */
const char *spbe_files_read(const char *path, spbe_span_t *data,
                            apr_pool_t *pool);

#endif
