/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/builtin.c - the files of conf/ inside the program. See builtin.h.
 *
 * builtin_files.h is made by apxs.mk: SPBE_FILE(number, name, path, length)
 * for each file, sorted by name; path is relative to where make runs.
 */
#include "failure/builtin.h"

#include <string.h>

/* A NUL follows, so that a careless reader stops; it is not counted. */
#define SPBE_FILE(number, name, path, length)                                  \
    __asm__(".pushsection .rodata\n"                                           \
            ".globl spbe_builtin_" #number "\n"                                \
            ".hidden spbe_builtin_" #number "\n"                               \
            "spbe_builtin_" #number ":\n"                                      \
            ".incbin \"" path "\", 0, " #length "\n"                           \
            ".byte 0\n"                                                        \
            ".popsection\n");                                                  \
    extern const char spbe_builtin_##number[]                                  \
        __attribute__((visibility("hidden")));
#include "builtin_files.h"
#undef SPBE_FILE

#define SPBE_FILE(number, name, path, length)                                  \
    {name, {spbe_builtin_##number, length}},
static const spbe_builtin_t files[] = {
#include "builtin_files.h"
    {NULL, {NULL, 0}}};

const spbe_builtin_t *spbe_builtin_all(void)
{
    return files;
}

spbe_span_t spbe_builtin_get(const char *name)
{
    const spbe_builtin_t *file;

    for (file = files; file->name != NULL; file++) {
        if (strcmp(file->name, name) == 0) {
            return file->data;
        }
    }
    return SPBE_SPAN_EMPTY;
}
