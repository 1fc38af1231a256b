/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/classify_int.h - shared by classify.c and classify_read.c only.
 */
#ifndef SPBE_FAILURE_CLASSIFY_INT_H
#define SPBE_FAILURE_CLASSIFY_INT_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <apr_tables.h>

#include "failure/classify.h"
#include "failure/classify_find.h"

/* Where a rule may look, in the order it does. */
typedef enum spbe_class_place {
    SPBE_CLASS_EXCEPTION = 0, /* "Class: message", and its causes */
    SPBE_CLASS_LOG = 1,
    SPBE_CLASS_TRACE = 2,
    SPBE_CLASS_BODY = 3,
    SPBE_CLASS_STATUS = 4,
    SPBE_CLASS_PLACES = 5
} spbe_class_place_t;

#define SPBE_CLASS_LEVELS 9

typedef struct spbe_class_rule {
    const char *id;
    spbe_class_t class;
    int level;      /* 1 is asked first */
    unsigned where; /* 1 << place */
    const char *regex;
    pcre2_code *code;           /* NULL: the status alone decides */
    apr_array_header_t *status; /* int; NULL: any */
    int by_server;              /* 1 only then, 0 only not, -1 either */
    apr_array_header_t *match;  /* const char *, examples */
    apr_array_header_t *miss;
} spbe_class_rule_t;

struct spbe_class_rules {
    apr_array_header_t *rules; /* spbe_class_rule_t, by level, then as read */
    spbe_class_find_t *find;   /* by index into rules */
    pcre2_match_context *limits;
};

const char *spbe_class_place_name(spbe_class_place_t place);

#endif
