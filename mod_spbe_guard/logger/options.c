/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/options.c - what the command line says. See options.h.
 */
#include "logger/options.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include "record/ledger.h"
#include "text/json.h"
#include "text/version.h"

#define DEFAULT_HOME "/var/lib/spbe-guard"

static const char usage[] =
    "Usage: spbe-guardlog [OPTIONS]\n"
    "       spbe-guardlog --error-log FILE\n"
    "\n"
    "Reads records from standard input until its end and keeps them in DIR\n"
    "(archive/, guard.db, state.json). Started by httpd:\n"
    "\n"
    "    SpbeGuardLog \"|/usr/sbin/spbe-guardlog --home /var/lib/spbe-guard\"\n"
    "\n"
    "  --home DIR          where to keep them (default " DEFAULT_HOME ")\n"
    "  --user NAME         whom to be when started as root (default\n"
    "                      spbe-guard, where there is that user)\n"
    "  --database DSN      the index: sqlite:FILE or pgsql:PARAMETERS\n"
    "                      (default: guard.db in DIR)\n"
    "  --segment-size N    bytes of a file of the archive, K M G (default "
    "64M)\n"
    "  --segment-age T     its age, s m h d (default 1d)\n"
    "  --reserve N         bytes of the disk to leave free, K M G; 0: none\n"
    "                      (default: the larger of 5 % and 2G)\n"
    "  --run DIR           where httpd has guard.shm (default: as it says)\n"
    "  --spill DIR         where httpd spills to (default: as it says)\n"
    "  --no-syslog         heads of the archive do not go to syslog\n"
    "  --error-log FILE    instead of all that: the error log of httpd, with\n"
    "                      references in place of what would leak\n"
    "  --help              this text\n"
    "  --version           the version\n";

/* K M G, or s m h d. */
typedef struct unit {
    char letter;
    apr_uint64_t factor;
} unit_t;

static const unit_t sizes[] = {
    {'K', 1024}, {'M', 1024 * 1024}, {'G', 1024 * 1024 * 1024}, {'\0', 1}};
static const unit_t times[] = {
    {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'\0', 1}};

static int read_amount(const char *text, const unit_t *unit,
                       apr_uint64_t *amount)
{
    spbe_span_t digits = spbe_span_from(text);
    unsigned long long value;
    char last = digits.len == 0 ? '\0' : digits.ptr[digits.len - 1];

    while (unit->letter != '\0' && unit->letter != last) {
        unit++;
    }
    digits.len -= unit->letter != '\0';
    if (!spbe_json_unsigned(digits, APR_INT64_MAX / unit->factor / 1000000,
                            &value)) {
        return 0;
    }
    *amount = value * unit->factor;
    return 1;
}

static int read_time(const char *text, apr_interval_time_t *time)
{
    apr_uint64_t seconds;

    if (!read_amount(text, times, &seconds) || seconds == 0) {
        return 0;
    }
    *time = apr_time_from_sec((apr_int64_t)seconds);
    return 1;
}

static const struct {
    const char *name;
    size_t member;
} texts[] = {
    {"--home", offsetof(spbe_options_t, home)},
    {"--run", offsetof(spbe_options_t, run)},
    {"--spill", offsetof(spbe_options_t, spill)},
    {"--user", offsetof(spbe_options_t, user)},
    {"--database", offsetof(spbe_options_t, database)},
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

/* 0: no such option, or no such value. */
static int set(spbe_options_t *options, spbe_span_t name, const char *value)
{
    size_t i;

    for (i = 0; i < TEXTS; i++) {
        if (spbe_span_eq(name, spbe_span_from(texts[i].name))) {
            *(const char **)((char *)options + texts[i].member) = value;
            return value[0] != '\0';
        }
    }
    if (spbe_span_eq(name, SPBE_SPAN("--segment-size"))) {
        return read_amount(value, sizes, &options->segment_size);
    }
    if (spbe_span_eq(name, SPBE_SPAN("--reserve"))) {
        return read_amount(value, sizes, &options->reserve);
    }
    return spbe_span_eq(name, SPBE_SPAN("--segment-age")) &&
           read_time(value, &options->segment_age);
}

/* "--name value" or "--name=value"; *at: the last word used. */
static int read_pair(spbe_options_t *options, int argc, char **argv, int *at)
{
    spbe_span_t word = spbe_span_from(argv[*at]);
    size_t equal = spbe_span_chr(word, '=');

    if (equal != SPBE_NPOS) {
        return set(options, spbe_span_slice(word, 0, equal),
                   argv[*at] + equal + 1);
    }
    return *at + 1 < argc && set(options, word, argv[++*at]);
}

int spbe_options_read(spbe_options_t *options, int argc, char **argv)
{
    int i;

    *options = (spbe_options_t){.home = DEFAULT_HOME,
                                .run = getenv(SPBE_LEDGER_ENV),
                                .spill = getenv(SPBE_SPILL_ENV),
                                .reserve = SPBE_OPTIONS_BY_SIZE,
                                .syslog = 1};
    for (i = 1; i < argc; i++) {
        int at = i;

        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            return 0;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("spbe-guardlog " SPBE_VERSION);
            return 0;
        }
        if (strcmp(argv[i], "--no-syslog") == 0) {
            options->syslog = 0;
        }
        else if (!read_pair(options, argc, argv, &i)) {
            fprintf(stderr, "spbe-guardlog: %s is not known\n\n%s", argv[at],
                    usage);
            return 2;
        }
    }
    return SPBE_OPTIONS_GO_ON;
}
