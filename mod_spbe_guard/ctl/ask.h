/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/ask.h - questions to whoever sits at the terminal.
 *
 * Passphrases are read from /dev/tty without echo, or from a file for scripts;
 * the caller wipes them.
 */
#ifndef SPBE_CTL_ASK_H
#define SPBE_CTL_ASK_H

#include <apr_pools.h>

#define SPBE_ASK_MAX 1024

/* Is a person at standard input? */
int spbe_ask_can(void);

/* One line of standard input without blanks around it; what is empty, or no
 * answer at all, is otherwise. */
const char *spbe_ask_line(const char *question, const char *otherwise,
                          apr_pool_t *pool);

/* "y", "ya", "yes" and the like; no answer is otherwise. */
int spbe_ask_yes(const char *question, int otherwise, apr_pool_t *pool);

/* Where passphrases come from: a file, or NULL for the terminal. */
typedef struct spbe_ask_source {
    const char *file;
} spbe_ask_source_t;

/* An spbe_unseal_ask_t; baton: spbe_ask_source_t. */
int spbe_ask_passphrase(void *baton, const char *path, char *text, size_t size);

/* A new one for that file, asked for twice; 0: none is wanted. -1: they were
 * not the same, too short, or there is no terminal (said on stderr). */
int spbe_ask_new_passphrase(const spbe_ask_source_t *source, const char *path,
                            char *text, size_t size);

#endif
