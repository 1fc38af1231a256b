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
#include <apr_tables.h>
#include <apr_time.h>
#include "text/span.h"

#define SPBE_CTL_FINE 0
#define SPBE_CTL_TROUBLE 1
#define SPBE_CTL_USAGE 2
#define SPBE_CTL_EXPLAIN                                                       \
    3 /* verify: intact, but for what is to be explained                       \
       */

typedef struct spbe_ctl {
    const char *home;
    apr_pool_t *pool;
    const char *archive;  /* --archive: a copy that is read without database */
    const char *database; /* --database; NULL: SQLite in home */
    const char *node;     /* --node, of a database that many share; or NULL */
} spbe_ctl_t;

/* argv[0] is the command's name; --help and what spbe_ctl_t has are taken
 * out. */
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
spbe_ctl_run_t spbe_ctl_verify;
spbe_ctl_run_t spbe_ctl_policy, spbe_ctl_doctor, spbe_ctl_review,
    spbe_ctl_tally;
spbe_ctl_run_t spbe_ctl_keys, spbe_ctl_hold, spbe_ctl_purge, spbe_ctl_stats,
    spbe_ctl_head, spbe_ctl_export;

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

/* The same with each word by itself in words (const char *). */
int spbe_ctl_words(const spbe_ctl_t *ctl, int argc, const char *const *argv,
                   const spbe_ctl_option_t *options, apr_array_header_t *words);

/* Takes an option that may be given more than once out of the arguments; its
 * values go to values (const char *). Before spbe_ctl_options. */
int spbe_ctl_many(const spbe_ctl_t *ctl, const char *name, int *argc,
                  const char *const **argv, apr_array_header_t *values);

/* The value of an option that is a time; NULL leaves *time as it is. */
int spbe_ctl_time(const spbe_ctl_t *ctl, const char *option, const char *text,
                  apr_time_t *time);

/* The value of --since; NULL leaves *since as it is. SPBE_CTL_USAGE when that
 * has been said to be wrong. */
int spbe_ctl_since(const spbe_ctl_t *ctl, const char *text, apr_time_t *since);

/* "spbe-guardctl: ..." on stderr; returns code. */
int spbe_ctl_fail(int code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
