/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/member.h - read a JSON text member by member, and say what is wrong
 * with it in the administrator's words: file, line, column, what is allowed.
 *
 * Keeps the first error and lets the rest run on: a caller may check once at
 * the end. Knows no rule.
 */
#ifndef SPBE_FAILURE_MEMBER_H
#define SPBE_FAILURE_MEMBER_H

#include <cjson/cJSON.h>

#include "text/span.h"

typedef struct spbe_reader {
    apr_pool_t *pool;
    const char *name; /* of the file, for messages */
    spbe_span_t json;
    cJSON *root;
    const char *error; /* the first one; NULL: none yet */
} spbe_reader_t;

typedef struct spbe_member {
    const char *name; /* NULL ends a table */
    int type;         /* cJSON_Number ...; cJSON_True: true or false */
    int required;
} spbe_member_t;

/* Parses rd->json into rd->root. 0 and rd->error when it is not JSON. */
int spbe_member_open(spbe_reader_t *rd);
void spbe_member_close(spbe_reader_t *rd);

/* At item's value; with name, at its member's name. */
void spbe_member_fail(spbe_reader_t *rd, const cJSON *item, int name,
                      const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* 1 when object has the members it may and must have, none twice. */
int spbe_member_check(spbe_reader_t *rd, const cJSON *object,
                      const spbe_member_t *members);

/* NULL when there is none. */
const cJSON *spbe_member_get(const cJSON *object, const char *name);

/* fallback when there is none. */
unsigned spbe_member_number(spbe_reader_t *rd, const cJSON *object,
                            const char *name, unsigned fallback, unsigned min,
                            unsigned max);
int spbe_member_flag(const cJSON *object, const char *name, int fallback);

/* Index of the member's value in names; 0 and an error when not there. */
unsigned spbe_member_choice(spbe_reader_t *rd, const cJSON *object,
                            const char *name, const char *const *names);

#endif
