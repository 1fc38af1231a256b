/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/options.h - what the command line of spbe-guardlog says.
 */
#ifndef SPBE_LOGGER_OPTIONS_H
#define SPBE_LOGGER_OPTIONS_H

#include <apr_pools.h>
#include <apr_time.h>

#define SPBE_OPTIONS_GO_ON -1
#define SPBE_OPTIONS_BY_SIZE APR_UINT64_MAX

typedef struct spbe_options {
    const char *home;
    const char *run;           /* folder of the ledger, or NULL */
    const char *spill;         /* spill folder, or NULL */
    const char *user;          /* NULL: the default one, where there is one */
    const char *database;      /* NULL: SQLite in home */
    apr_uint64_t segment_size; /* 0: as the archive has it */
    apr_interval_time_t segment_age;
    apr_uint64_t reserve; /* 0: none; SPBE_OPTIONS_BY_SIZE */
    int syslog;
} spbe_options_t;

/* SPBE_OPTIONS_GO_ON, or the exit code: what there is to say has been said. */
int spbe_options_read(spbe_options_t *options, int argc, char **argv);

#endif
