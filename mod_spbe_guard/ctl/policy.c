/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/policy.c - "policy check", and the way to "policy explain" and "policy
 * test".
 */
#include "ctl/policy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include "text/jsonout.h"
#include "text/visible.h"

#define FILE_MAX (64 * 1024 * 1024)

int spbe_ctl_policy_slurp(const spbe_ctl_policy_t *args, const char *file,
                          spbe_span_t *text)
{
    apr_pool_t *pool = args->ctl->pool;
    apr_status_t rv;
    apr_file_t *in;
    apr_finfo_t info;
    apr_size_t length;
    char message[120], *bytes;

    rv = apr_file_open(&in, file, APR_FOPEN_READ | APR_FOPEN_BINARY,
                       APR_FPROT_OS_DEFAULT, pool);
    if (rv == APR_SUCCESS) {
        rv = apr_file_info_get(&info, APR_FINFO_SIZE | APR_FINFO_TYPE, in);
    }
    if (rv == APR_SUCCESS && info.filetype == APR_DIR) {
        rv = EISDIR;
    }
    if (rv == APR_SUCCESS && info.size > FILE_MAX) {
        spbe_ctl_fail(0, "%s: longer than 64 MiB", spbe_visible(file, pool));
        return 0;
    }
    if (rv == APR_SUCCESS) {
        length = (apr_size_t)info.size;
        bytes = apr_palloc(pool, length + 1);
        rv = apr_file_read_full(in, bytes, length, &length);
        rv = APR_STATUS_IS_EOF(rv) ? APR_SUCCESS : rv;
        *text = (spbe_span_t){bytes, length};
        apr_file_close(in);
    }
    if (rv != APR_SUCCESS) {
        spbe_ctl_fail(0, "%s: %s", spbe_visible(file, pool),
                      apr_strerror(rv, message, sizeof(message)));
        return 0;
    }
    return 1;
}

spbe_policy_t *spbe_ctl_policy_read(const spbe_ctl_policy_t *args,
                                    spbe_problems_t **problems)
{
    const char *file = APR_ARRAY_IDX(args->words, 0, const char *);
    spbe_span_t text;

    *problems = NULL;
    if (!spbe_ctl_policy_slurp(args, file, &text)) {
        return NULL;
    }
    *problems = spbe_problems_create(file, text, args->ctl->pool);
    return spbe_policy_read(*problems, args->ctl->pool);
}

void spbe_ctl_policy_print(const spbe_problems_t *problems, int warnings,
                           apr_pool_t *pool)
{
    int i;

    for (i = 0; i < problems->list->nelts; i++) {
        const spbe_problem_t *problem =
            &APR_ARRAY_IDX(problems->list, i, spbe_problem_t);

        if (warnings || !problem->warning) {
            fprintf(warnings ? stdout : stderr, "%s\n",
                    spbe_visible(spbe_problem_line(problem, pool), pool));
        }
    }
}

static void print_json(const spbe_problems_t *problems, apr_pool_t *pool)
{
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 1024, pool);
    spbe_buf_addc(&buf, '[');
    for (i = 0; i < problems->list->nelts; i++) {
        const spbe_problem_t *problem =
            &APR_ARRAY_IDX(problems->list, i, spbe_problem_t);

        spbe_jsonout_comma(&buf);
        spbe_buf_adds(&buf, i > 0 ? "\n{" : "{");
        spbe_jsonout_text(&buf, "level",
                          problem->warning ? "warning" : "error");
        spbe_jsonout_text(&buf, "file", problem->file);
        spbe_jsonout_number(&buf, "line", problem->line);
        spbe_jsonout_number(&buf, "column", problem->column);
        spbe_jsonout_text(&buf, "text", problem->text);
        spbe_buf_addc(&buf, '}');
    }
    puts(apr_pstrcat(pool, spbe_buf_cstr(&buf), "]", NULL));
}

static int check(const spbe_ctl_policy_t *args)
{
    apr_pool_t *pool = args->ctl->pool;
    spbe_problems_t *problems;
    spbe_policy_t *policy;

    if (args->words->nelts != 1) {
        return spbe_ctl_fail(SPBE_CTL_USAGE, "policy check needs one FILE");
    }
    policy = spbe_ctl_policy_read(args, &problems);
    if (problems == NULL) {
        return SPBE_CTL_TROUBLE;
    }
    if (args->json) {
        print_json(problems, pool);
        return policy == NULL ? SPBE_CTL_TROUBLE : SPBE_CTL_FINE;
    }
    spbe_ctl_policy_print(problems, 1, pool);
    if (policy == NULL) {
        printf("%u errors, %u warnings: not usable\n", problems->errors,
               problems->warnings);
        return SPBE_CTL_TROUBLE;
    }
    printf("%d operations, %u warnings: usable\n",
           spbe_policy_operations(policy)->nelts, problems->warnings);
    return SPBE_CTL_FINE;
}

static int take(spbe_ctl_policy_t *args, int argc, const char *const *argv)
{
    int i;

    for (i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            args->json = 1;
        }
        else if (strncmp(argv[i], "--unknown=", 10) == 0) {
            args->unknown = argv[i] + 10;
        }
        else if (strcmp(argv[i], "--unknown") == 0 && i + 1 < argc) {
            args->unknown = argv[++i];
        }
        else if (strncmp(argv[i], "--", 2) == 0 && argv[i][2] != '\0') {
            return spbe_ctl_fail(
                SPBE_CTL_USAGE,
                "policy does not know %s; see spbe-guardctl policy --help",
                spbe_visible(argv[i], args->ctl->pool));
        }
        else {
            APR_ARRAY_PUSH(args->words, const char *) = argv[i];
        }
    }
    return SPBE_CTL_FINE;
}

int spbe_ctl_policy(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    static const struct {
        const char *name;
        int (*run)(const spbe_ctl_policy_t *args);
    } actions[] = {
        {"check", check},
        {"explain", spbe_ctl_policy_explain},
        {"test", spbe_ctl_policy_test},
        {"formats", spbe_ctl_policy_formats},
    };
    spbe_ctl_policy_t args = {.ctl = ctl};
    size_t i;

    args.words = apr_array_make(ctl->pool, argc, sizeof(const char *));
    for (i = 0; argc > 1 && i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strcmp(argv[1], actions[i].name) == 0) {
            int code = take(&args, argc, argv);

            return code == SPBE_CTL_FINE ? actions[i].run(&args) : code;
        }
    }
    return spbe_ctl_fail(SPBE_CTL_USAGE,
                         "policy needs check, explain, test or formats; see "
                         "spbe-guardctl policy --help");
}
