/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/main.c - spbe-guardctl: finds the command and runs it.
 */
#include "ctl/ctl.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <apr_general.h>
#include <apr_strings.h>

#define DEFAULT_HOME "/var/lib/spbe-guard"

/* Options with a value, to tell a value from the command's name. */
static const char *const valued[] = {
    "--home",       "--archive",    "--database",    "--node",
    "--kind",       "--class",      "--application", "--since",
    "--until",      "--limit",      "--reference",   "--conf",
    "--apache2ctl", "--error-log",  "--php-ini",     "--unknown",
    "--key",        "--rewrap",     "--to",          "--out",
    "--name",       "--reason",     "--recipients",  "--recipient",
    "--key-out",    "--retention",  "--user",        "--passphrase-file",
    "--format",     "--older-than", "--order",       "--by",
    "--first-key",  "--head",       "--heads",       "--severity",
    "--route",      "--socket",
};

static int takes_value(const char *arg)
{
    size_t i;

    for (i = 0; i < sizeof(valued) / sizeof(valued[0]); i++) {
        if (strcmp(arg, valued[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

static void print_usage(FILE *out)
{
    const spbe_ctl_command_t *command;

    fputs("Usage: spbe-guardctl [--home DIR] COMMAND [OPTION...]\n\n", out);
    for (command = spbe_ctl_commands(); command->name != NULL; command++) {
        fprintf(out, "  %-9s %s\n", command->name, command->summary);
    }
    fputs("\n  --home DIR      where the logger keeps its files "
          "(default " DEFAULT_HOME ")\n"
          "  --archive DIR   a copy of it, read without a database\n"
          "  --database DSN  a shared one: \"pgsql:host=... dbname=...\"\n"
          "  --node NAME     of a shared one: whose records\n"
          "  --help          this text, or that of COMMAND\n\n"
          "Exit codes: 0 fine, 1 trouble found or not found, 2 usage; of "
          "verify also 3:\nintact, but something needs an explanation.\n",
          out);
}

static void print_help(const spbe_ctl_command_t *command)
{
    printf("Usage: spbe-guardctl [--home DIR] %s%s%s\n\n%s\n", command->name,
           command->synopsis[0] == '\0' ? "" : " ", command->synopsis,
           command->summary);
    if (command->help != NULL) {
        printf("\n%s", command->help);
    }
}

/* The index of the command's name in argv, or 0. */
static int find_name(int argc, const char *const *argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        if (takes_value(argv[i])) {
            i++;
        }
        else if (argv[i][0] != '-') {
            return i;
        }
    }
    return 0;
}

static const spbe_ctl_command_t *find_command(const char *name)
{
    const spbe_ctl_command_t *command = spbe_ctl_commands();

    while (command->name != NULL && strcmp(command->name, name) != 0) {
        command++;
    }
    return command->name == NULL ? NULL : command;
}

/* What the command is given: its name, then all but --help and those of
 * every command. */
typedef struct request {
    const char **argv;
    int argc;
    int help, version;
} request_t;

/* An option of every command: where its value goes; what stands behind '='. */
static int is_global(spbe_ctl_t *ctl, const char *arg, const char ***value,
                     const char **behind)
{
    const struct {
        const char *name;
        const char **value;
    } options[] = {
        {"--home", &ctl->home},
        {"--archive", &ctl->archive},
        {"--database", &ctl->database},
        {"--node", &ctl->node},
    };
    size_t i, len = strcspn(arg, "=");

    for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (strlen(options[i].name) == len &&
            strncmp(arg, options[i].name, len) == 0) {
            *value = options[i].value;
            *behind = arg[len] == '=' ? arg + len + 1 : NULL;
            return 1;
        }
    }
    return 0;
}

static int sort_out(spbe_ctl_t *ctl, int argc, const char *const *argv,
                    int name, request_t *request)
{
    const char **value, *used;
    int i;

    request->argv[request->argc++] = name > 0 ? argv[name] : "";
    for (i = 1; i < argc; i++) {
        if (i == name) {
            continue;
        }
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            request->help = 1;
        }
        else if (strcmp(argv[i], "--version") == 0) {
            request->version = 1;
        }
        else if (is_global(ctl, argv[i], &value, &used)) {
            *value = used != NULL ? used : ++i < argc ? argv[i] : NULL;
            if (*value == NULL) {
                return spbe_ctl_fail(SPBE_CTL_USAGE, "%s needs a value",
                                     argv[i - 1]);
            }
        }
        else {
            request->argv[request->argc++] = argv[i];
        }
    }
    return SPBE_CTL_FINE;
}

static int run(spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    request_t request = {0};
    const spbe_ctl_command_t *command;
    int name = find_name(argc, argv), code;

    request.argv =
        apr_pcalloc(ctl->pool, (apr_size_t)(argc + 1) * sizeof(char *));
    code = sort_out(ctl, argc, argv, name, &request);
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    if (request.version) {
        return spbe_ctl_version(ctl, 1, request.argv);
    }
    if (name == 0) {
        print_usage(request.help ? stdout : stderr);
        return request.help ? SPBE_CTL_FINE : SPBE_CTL_USAGE;
    }
    command = find_command(argv[name]);
    if (command == NULL) {
        code = spbe_ctl_fail(SPBE_CTL_USAGE, "%s is no command\n", argv[name]);
        print_usage(stderr);
        return code;
    }
    if (request.help) {
        print_help(command);
        return SPBE_CTL_FINE;
    }
    return command->run(ctl, request.argc, request.argv);
}

int main(int argc, char **argv)
{
    spbe_ctl_t ctl = {.home = DEFAULT_HOME};
    const char **args;
    int i, code;

    setlocale(LC_CTYPE, "");
    tzset();
    if (apr_initialize() != APR_SUCCESS ||
        apr_pool_create(&ctl.pool, NULL) != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "out of memory");
    }
    args = apr_pcalloc(ctl.pool, (apr_size_t)(argc + 1) * sizeof(char *));
    for (i = 0; i < argc; i++) {
        args[i] = argv[i];
    }
    code = run(&ctl, argc, args);
    if (fflush(stdout) == EOF || ferror(stdout)) {
        i = spbe_ctl_fail(SPBE_CTL_TROUBLE,
                          "the output could not be written whole");
        code = code == SPBE_CTL_FINE ? i : code;
    }
    apr_pool_destroy(ctl.pool);
    return code;
}
