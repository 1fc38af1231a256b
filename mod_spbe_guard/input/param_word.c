/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/param_word.c - words of a SpbeGuardParam line that httpd has parted at
 * blanks: put together again, or explained.
 */
#include "input/param_int.h"

#include <string.h>

#include <apr_strings.h>

const char *spbe_param_rejoin(int argc, char *const argv[], int *i,
                              apr_pool_t *pool)
{
    const char *word = argv[*i], *quote = strstr(word, "=\"");
    size_t length = strlen(word);

    if (quote == NULL) {
        return word;
    }
    while ((word[length - 1] != '"' || word + length - 1 == quote + 1) &&
           *i + 1 < argc) {
        *i += 1;
        word = apr_pstrcat(pool, word, " ", argv[*i], NULL);
        length = strlen(word);
        quote = strstr(word, "=\"");
    }
    if (word[length - 1] != '"' || word + length - 1 == quote + 1) {
        return NULL;
    }
    return apr_pstrcat(pool, apr_pstrmemdup(pool, word, (size_t)(quote - word)),
                       "=",
                       apr_pstrmemdup(pool, quote + 2,
                                      (size_t)(word + length - 1 - quote - 2)),
                       NULL);
}

const char *spbe_param_parted(int argc, char *const argv[], int i,
                              apr_pool_t *pool)
{
    int begin = i;
    const char *whole;

    while (begin > 0 && !spbe_param_is_option(argv[begin])) {
        begin--;
    }
    if (begin == i || strchr(argv[begin], '=') == NULL ||
        strchr(argv[i], '=') != NULL) {
        return NULL;
    }
    whole = argv[begin];
    while (++begin < argc && !spbe_param_is_option(argv[begin])) {
        whole = apr_pstrcat(pool, whole, " ", argv[begin], NULL);
    }
    return apr_psprintf(pool,
                        "a blank ends an option; put quotation marks around "
                        "the whole option: \"%s\"",
                        whole);
}
