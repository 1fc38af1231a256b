/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/messages.h - the words of the page in one language.
 *
 * Read from conf/messages/<language>.json, which is data: a text that is
 * missing there is an error when the configuration is read, never an empty
 * line on a visitor's screen.
 */
#ifndef SPBE_FAILURE_MESSAGES_H
#define SPBE_FAILURE_MESSAGES_H

#include <apr_time.h>
#include "text/span.h"

typedef enum spbe_word {
    SPBE_WORD_STATUS = 0,
    SPBE_WORD_REFERENCE = 1,
    SPBE_WORD_HINT = 2,
    SPBE_WORD_SPELLED = 3,
    SPBE_WORD_TIME = 4,
    SPBE_WORD_CONTACT = 5,
    SPBE_WORD_HOME = 6,
    SPBE_WORD_UNCERTAIN = 7,
    SPBE_WORD_UNCERTAIN_ADVICE = 8,
    SPBE_WORD_SECONDS = 9,
    SPBE_WORD_MINUTES = 10,
    SPBE_WORD_HOURS = 11,
    SPBE_WORD_SEPARATOR = 12, /* between hour and minute */
    SPBE_WORD_SAVED = 13, /* from here on: of a refusal */
    SPBE_WORD_BACK = 14,
    SPBE_WORD_BACK_FILES = 15,
    SPBE_WORD_BACK_BUTTON = 16,
    SPBE_WORD_FIELDS = 17,
    SPBE_WORD_LIMIT = 18,
    SPBE_WORD_NTH = 19,     /* "%s (ke-%s)" */
    SPBE_WORD_DECIMAL = 20, /* comma or point */
    SPBE_WORDS = 21
} spbe_word_t;

typedef struct spbe_status_text {
    int status;          /* 4 and 5: any other of that hundred */
    const char *title;   /* a heading */
    const char *message; /* what happened, in human words */
    const char *advice;  /* what the person can do next */
} spbe_status_text_t;

typedef struct spbe_messages spbe_messages_t;

/* NULL and *error when the JSON is not what it must be. */
spbe_messages_t *spbe_messages_load(const char *name, spbe_span_t json,
                                    const char **error, apr_pool_t *pool);

const char *spbe_messages_word(const spbe_messages_t *messages,
                               spbe_word_t word);
/* Of the status itself or of its hundred; never NULL. */
const spbe_status_text_t *
spbe_messages_status(const spbe_messages_t *messages, int status);

/* The same after a refusal of what was sent; else that of the status. */
const spbe_status_text_t *
spbe_messages_refusal(const spbe_messages_t *messages, int status);

/* A text of the groups "expect", "type", "format", "media"; NULL when there is
 * none of that name. */
const char *spbe_messages_text(const spbe_messages_t *messages,
                               const char *group, const char *name);

/* text with its first "%s" replaced by a, the second by b (may be NULL). */
const char *spbe_messages_put(const char *text, const char *a, const char *b,
                              apr_pool_t *pool);

/* "21 November 2026 18.05 WIB": the time where the server stands. */
const char *spbe_messages_time(const spbe_messages_t *messages, apr_time_t time,
                               apr_pool_t *pool);
/* The same for any zone; offset in seconds east of UTC. */
const char *spbe_messages_time_at(const spbe_messages_t *messages,
                                  apr_time_t time, int offset,
                                  apr_pool_t *pool);

/* "Silakan coba lagi dalam ..."; NULL for 0. */
const char *spbe_messages_retry(const spbe_messages_t *messages, int seconds,
                                apr_pool_t *pool);

/* A reference as it is said over the telephone: "tujuh Quebec ...". */
const char *spbe_messages_spell(const spbe_messages_t *messages,
                                const char *reference, apr_pool_t *pool);

#endif
