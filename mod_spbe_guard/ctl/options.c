/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/options.c - how the options of a command are read, and how a command
 * says that something is wrong. See ctl.h.
 */
#include "ctl/ctl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <apr_strings.h>
#include "text/stamp.h"
#include "text/visible.h"

int spbe_ctl_fail(int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("spbe-guardctl: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return code;
}

/* The option that arg names, with what stands behind its '='. */
static const spbe_ctl_option_t *find_option(const spbe_ctl_option_t *options,
                                            const char *arg, const char **value)
{
    size_t len = strcspn(arg, "=");

    *value = arg[len] == '=' ? arg + len + 1 : NULL;
    while (options->name != NULL && (strlen(options->name) != len ||
                                     strncmp(options->name, arg, len) != 0)) {
        options++;
    }
    return options->name == NULL ? NULL : options;
}

/* How many arguments were used; 0 when that has been said to be wrong. */
static int take_option(const spbe_ctl_t *ctl, int left, const char *const *argv,
                       const char *command, const spbe_ctl_option_t *options)
{
    const char *value;
    const spbe_ctl_option_t *option = find_option(options, argv[0], &value);

    if (option == NULL) {
        spbe_ctl_fail(0, "%s does not know %s; see spbe-guardctl %s --help",
                      command, spbe_visible(argv[0], ctl->pool), command);
        return 0;
    }
    if (option->flag != NULL) {
        if (value != NULL) {
            spbe_ctl_fail(0, "%s takes no value", option->name);
            return 0;
        }
        *option->flag = 1;
        return 1;
    }
    *option->value = value != NULL ? value : left > 1 ? argv[1] : NULL;
    if (*option->value == NULL) {
        spbe_ctl_fail(0, "%s needs a value", option->name);
        return 0;
    }
    return value != NULL ? 1 : 2;
}

int spbe_ctl_words(const spbe_ctl_t *ctl, int argc, const char *const *argv,
                   const spbe_ctl_option_t *options, apr_array_header_t *words)
{
    int i = 1;

    while (i < argc) {
        int used = 1;

        if (strncmp(argv[i], "--", 2) == 0) {
            used = take_option(ctl, argc - i, argv + i, argv[0], options);
        }
        else if (words == NULL) {
            spbe_ctl_fail(0, "%s takes no %s", argv[0],
                          spbe_visible(argv[i], ctl->pool));
            used = 0;
        }
        else {
            APR_ARRAY_PUSH(words, const char *) = argv[i];
        }
        if (used == 0) {
            return SPBE_CTL_USAGE;
        }
        i += used;
    }
    return SPBE_CTL_FINE;
}

int spbe_ctl_options(const spbe_ctl_t *ctl, int argc, const char *const *argv,
                     const spbe_ctl_option_t *options, const char **words)
{
    apr_array_header_t *list =
        words == NULL ? NULL : apr_array_make(ctl->pool, 4, sizeof(char *));
    int i, code = spbe_ctl_words(ctl, argc, argv, options, list);

    if (words == NULL) {
        return code;
    }
    *words = "";
    for (i = 0; i < list->nelts; i++) {
        *words = apr_pstrcat(ctl->pool, *words, i > 0 ? " " : "",
                             APR_ARRAY_IDX(list, i, const char *), NULL);
    }
    return code;
}

int spbe_ctl_many(const spbe_ctl_t *ctl, const char *name, int *argc,
                  const char *const **argv, apr_array_header_t *values)
{
    const char **left =
        apr_pcalloc(ctl->pool, (apr_size_t)(*argc + 1) * sizeof(char *));
    size_t len = strlen(name);
    int i, n = 0;

    for (i = 0; i < *argc; i++) {
        const char *arg = (*argv)[i];

        if (i == 0 || strncmp(arg, name, len) != 0 ||
            (arg[len] != '=' && arg[len] != '\0')) {
            left[n++] = arg;
            continue;
        }
        if (arg[len] == '\0' && ++i == *argc) {
            return spbe_ctl_fail(SPBE_CTL_USAGE, "%s needs a value", name);
        }
        APR_ARRAY_PUSH(values, const char *) =
            arg[len] == '=' ? arg + len + 1 : (*argv)[i];
    }
    *argc = n;
    *argv = left;
    return SPBE_CTL_FINE;
}

int spbe_ctl_time(const spbe_ctl_t *ctl, const char *option, const char *text,
                  apr_time_t *time)
{
    if (text != NULL &&
        !spbe_stamp_since(spbe_span_from(text), apr_time_now(), time)) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "%s %s: allowed are 2026-03-04T10:00:00Z, "
                             "2026-03-04, 90s, 15m, 2h, 3d",
                             option, spbe_visible(text, ctl->pool));
    }
    return SPBE_CTL_FINE;
}

int spbe_ctl_since(const spbe_ctl_t *ctl, const char *text, apr_time_t *since)
{
    return spbe_ctl_time(ctl, "--since", text, since);
}
