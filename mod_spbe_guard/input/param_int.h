/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/param_int.h - private to param*.c: one SpbeGuardParam line.
 */
#ifndef SPBE_INPUT_PARAM_INT_H
#define SPBE_INPUT_PARAM_INT_H

#include "input/policy.h"

typedef enum spbe_param_kind {
    SPBE_PARAM_TEXT = 0,   /* text, or a format */
    SPBE_PARAM_NUMBER = 1, /* integer, number */
    SPBE_PARAM_BOOLEAN = 2,
    SPBE_PARAM_FILE = 3
} spbe_param_kind_t;

typedef struct spbe_param_line {
    const char *name;
    const char *type;
    spbe_param_kind_t kind;
    const spbe_format_t *format; /* or NULL */
    spbe_place_t in;
    unsigned anywhere : 1;
    unsigned required : 1;
    unsigned multiple : 1;
    const char *min, *max, *minlen, *maxlen, *pattern, *values;
    const char *label_id, *label_en, *hint_id, *hint_en, *sensitivity;
    spbe_file_rule_t *file; /* SPBE_PARAM_FILE */
} spbe_param_line_t;

struct spbe_param_lines {
    apr_array_header_t *list; /* spbe_param_line_t */
    apr_pool_t *pool;
};

/* Reads the words behind the type; NULL, or a sentence. */
const char *spbe_param_options(spbe_param_line_t *line, int argc,
                               char *const argv[], apr_pool_t *pool);

/* Is the word an option of any type? */
int spbe_param_is_option(const char *word);

/* --- param_word.c --- */

/* httpd takes a word apart at blanks unless it begins with a quotation mark:
 * label="Nomor Induk" arrives in two. The whole, *i at its last word; NULL: no
 * second quotation mark. */
const char *spbe_param_rejoin(int argc, char *const argv[], int *i,
                              apr_pool_t *pool);
/* Is the word at i the rest of label=Nama Lengkap? Then what to write; NULL. */
const char *spbe_param_parted(int argc, char *const argv[], int i,
                              apr_pool_t *pool);

/* The JSON Schema that a line means. */
spbe_node_t *spbe_param_schema(const spbe_param_line_t *line, apr_pool_t *pool);

#endif
