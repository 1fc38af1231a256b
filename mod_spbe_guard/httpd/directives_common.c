/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/directives_common.c - what the files of setters share. See
 * directives.h.
 */
#include "httpd/directives.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_core.h>

const char *spbe_directive_refuse(cmd_parms *cmd, const char *value,
                                  const char *allowed)
{
    return apr_psprintf(cmd->pool, "%s: '%s' is not allowed here; allowed: %s",
                        cmd->cmd->name, value, allowed);
}

const char *spbe_directive_main_only(cmd_parms *cmd)
{
    return ap_check_cmd_context(cmd, GLOBAL_ONLY);
}

apr_int64_t spbe_directive_size(const char *word, apr_int64_t min,
                                apr_int64_t max)
{
    static const char units[] = "KMG";
    const char *unit;
    char *end;
    apr_int64_t n;

    if (!apr_isdigit(*word)) {
        return -1;
    }
    n = apr_strtoi64(word, &end, 10);
    unit = *end == '\0' ? NULL : strchr(units, apr_toupper(*end));
    if (unit != NULL) {
        int shift = 10 * (int)(unit - units + 1);

        n = n > max >> shift ? max + 1 : n << shift;
        end++;
    }
    return *end != '\0' || n < min || n > max ? -1 : n;
}

const char *spbe_directive_word(cmd_parms *cmd, spbe_list_t *list,
                                const char *word)
{
    if (strcasecmp(word, "none") == 0) {
        list->items = NULL;
        list->fresh = 1;
        return NULL;
    }
    if (*word == '\0' || strlen(word) > 200) {
        return spbe_directive_refuse(cmd, word,
                                     "words of 1 to 200 bytes, or none");
    }
    if (list->items == NULL) {
        list->items = apr_array_make(cmd->pool, 4, sizeof(const char *));
    }
    APR_ARRAY_PUSH(list->items, const char *) = word;
    return NULL;
}
