/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/trouble.c - says a trouble once. See trouble.h.
 */
#include "logger/trouble.h"

#include <stdio.h>
#include <string.h>
#include <apr_strings.h>

void spbe_trouble_begin(spbe_trouble_t *trouble, const char *detail)
{
    if (strncmp(trouble->detail, detail, sizeof(trouble->detail) - 1) == 0) {
        return;
    }
    if (trouble->detail[0] == '\0') {
        trouble->since = apr_time_now();
    }
    apr_cpystrn(trouble->detail, detail, sizeof(trouble->detail));
    fprintf(stderr, "spbe-guardlog: %s: %s\n", trouble->what, detail);
}

void spbe_trouble_end(spbe_trouble_t *trouble)
{
    if (trouble->detail[0] == '\0') {
        return;
    }
    trouble->detail[0] = '\0';
    fprintf(stderr,
            "spbe-guardlog: %s: works again after %" APR_TIME_T_FMT " s\n",
            trouble->what, apr_time_sec(apr_time_now() - trouble->since));
}
