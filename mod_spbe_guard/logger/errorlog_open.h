/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_open.h - one process opens a file for another that may not.
 */
#ifndef SPBE_LOGGER_ERRORLOG_OPEN_H
#define SPBE_LOGGER_ERRORLOG_OPEN_H

#include <sys/types.h>

typedef struct spbe_errlog_ask {
    dev_t dev; /* of the file that is open; both 0: none is */
    ino_t ino;
} spbe_errlog_ask_t;

typedef struct spbe_errlog_answer {
    int error; /* errno */
    int same;  /* the name still leads to the file that is open */
} spbe_errlog_answer_t;

/*
 * For appending; made where it is missing, for the group of its folder.
 * -1 and errno.
 */
int spbe_errlog_open(const char *path);

/* Answers one question that waits on the socket. 0 when the other side is
 * gone. */
int spbe_errlog_serve(int socket, const char *path);

/*
 * Asks for the file unless it is the one of the question; *fd: the new one or
 * -1. 0 when nobody answers any more.
 */
int spbe_errlog_request(int socket, const spbe_errlog_ask_t *ask,
                        spbe_errlog_answer_t *answer, int *fd);

#endif
