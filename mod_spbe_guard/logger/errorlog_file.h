/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_file.h - the file that the error log is written to, with
 * what waits while it cannot be.
 *
 * Whole lines, several in one write, at the end of the file: another writer's
 * lines come between them, never into them. Lines that cannot be written wait
 * in bounded memory, then go to standard error, then are counted; the count
 * is written as soon as something can be.
 */
#ifndef SPBE_LOGGER_ERRORLOG_FILE_H
#define SPBE_LOGGER_ERRORLOG_FILE_H

#include <sys/types.h>

#include <apr_time.h>

#include "text/span.h"

#define SPBE_ERRLOG_WAITING (4 * 1024 * 1024)

typedef struct spbe_errlog_file {
    const char *path;
    int socket; /* of the process that opens; -1: it is gone */
    int fd;     /* -1: none */
    dev_t dev;
    ino_t ino;
    char *bytes; /* what waits */
    size_t len, size;
    size_t line;       /* where the line that is being added begins */
    int dropping;      /* the rest of that line is not wanted */
    int torn;          /* the file ends in the middle of a line */
    int error;         /* errno of the last write or open; 0: all is well */
    apr_time_t retry;  /* not before */
    apr_uint64_t lost; /* lines, not reported yet */
    apr_uint64_t left; /* lines that are no more here, lost or not */
} spbe_errlog_file_t;

void spbe_errlog_file_init(spbe_errlog_file_t *file, const char *path,
                           int socket);

/* Lines may be added in pieces. */
void spbe_errlog_file_add(spbe_errlog_file_t *file, spbe_span_t bytes);

/* Looks whether the name still leads to the file, and writes what waits.
 * last: there will be no other time. */
void spbe_errlog_file_write(spbe_errlog_file_t *file, apr_time_t now, int last);

/* Bytes of whole lines that wait. */
size_t spbe_errlog_file_waiting(const spbe_errlog_file_t *file);

#endif
