/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/ctl.h - spbe-guardctl: its commands and what they share.
 *
 * A command is a struct; usage texts are made from the structs. Exit codes: 0
 * fine, 1 trouble found or not found, 2 usage. What is printed for people is
 * Indonesian with local time, and passes through text/visible.h; JSON names
 * are English.
 */
#ifndef SPBE_CTL_CTL_H
#define SPBE_CTL_CTL_H

#include <apr_pools.h>
#include <apr_time.h>
#include "text/span.h"

#define SPBE_CTL_FINE 0
#define SPBE_CTL_TROUBLE 1
#define SPBE_CTL_USAGE 2

typedef struct spbe_ctl {
    const char *home;
    apr_pool_t *pool;
} spbe_ctl_t;

/* argv[0] is the command's name; --home and --help have been taken out. */
typedef int spbe_ctl_run_t(const spbe_ctl_t *ctl, int argc,
                           const char *const *argv);

typedef struct spbe_ctl_command {
    const char *name;
    const char *synopsis; /* what stands behind the name */
    const char *summary;  /* one line */
    const char *help;     /* more lines, or NULL */
    spbe_ctl_run_t *run;
} spbe_ctl_command_t;

/* Ends with an entry without a name. */
const spbe_ctl_command_t *spbe_ctl_commands(void);

spbe_ctl_run_t spbe_ctl_init, spbe_ctl_list, spbe_ctl_show, spbe_ctl_reindex,
    spbe_ctl_version;
spbe_ctl_run_t spbe_ctl_policy, spbe_ctl_doctor, spbe_ctl_review, spbe_ctl_tally;

/* An option of a command: "--name VALUE" or "--name=VALUE" sets *value; an
 * option without a value sets *flag. Ends with an entry without a name. */
typedef struct spbe_ctl_option {
    const char *name;
    const char **value;
    int *flag;
} spbe_ctl_option_t;

/*
 * What is no option is joined with blanks into *words ("" when there is
 * none). words NULL: nothing but options is allowed. SPBE_CTL_FINE, or
 * SPBE_CTL_USAGE when that has been said on stderr.
 */
int spbe_ctl_options(const spbe_ctl_t *ctl, int argc, const char *const *argv,
                     const spbe_ctl_option_t *options, const char **words);

/* The value of --since; NULL leaves *since as it is. SPBE_CTL_USAGE when that
 * has been said to be wrong. */
int spbe_ctl_since(const spbe_ctl_t *ctl, const char *text, apr_time_t *since);

/* "spbe-guardctl: ..." on stderr; returns code. */
int spbe_ctl_fail(int code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
