/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor.c - spbe-guardctl doctor: what is in force, what is not covered,
 * and the line that cures it. Reads; changes nothing.
 */
#include "ctl/doctor.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>
#include "ctl/ctl.h"
#include "ctl/doctor_place.h"
#include "text/httpdconf_int.h"

#define DEFAULT_CONF "/etc/apache2/apache2.conf"

typedef struct options {
    const char *conf;
    const char *program; /* --apache2ctl */
    int json;
    const char *error;
} options_t;

void spbe_doctor_add(spbe_doctor_t *d, spbe_advice_t finding)
{
    APR_ARRAY_PUSH(d->findings, spbe_advice_t) = finding;
}

/* What a program prints, at most 64 KiB; "" when it cannot be run. */
static char *output_of(const char *program, const char *arg, apr_pool_t *pool)
{
    const char *const argv[] = { program, arg, NULL };
    char *text = apr_palloc(pool, 65536);
    apr_procattr_t *attr;
    apr_size_t len = 0;
    apr_proc_t proc;

    text[0] = '\0';
    if (apr_procattr_create(&attr, pool) != APR_SUCCESS
        || apr_procattr_io_set(attr, APR_NO_PIPE, APR_FULL_BLOCK, APR_NO_PIPE)
               != APR_SUCCESS
        || apr_procattr_cmdtype_set(attr, APR_PROGRAM_PATH) != APR_SUCCESS
        || apr_proc_create(&proc, program, argv, NULL, attr, pool)
               != APR_SUCCESS) {
        return text;
    }
    apr_file_read_full(proc.out, text, 65535, &len);
    text[len] = '\0';
    apr_file_close(proc.out);
    apr_proc_wait(&proc, NULL, NULL, APR_WAIT);
    return text;
}

/* The value of -D NAME="value" in what `httpd -V` prints. */
static const char *compiled(const char *text, const char *name,
                            apr_pool_t *pool)
{
    const char *at = strstr(text, apr_pstrcat(pool, "-D ", name, "=\"", NULL));

    if (at == NULL) {
        return NULL;
    }
    at = strchr(at, '"') + 1;
    return apr_pstrmemdup(pool, at, strcspn(at, "\"\n"));
}

static const char *conf_of(const char *program, apr_pool_t *pool)
{
    const char *text = output_of(program, "-V", pool);
    const char *root = compiled(text, "HTTPD_ROOT", pool);
    const char *file = compiled(text, "SERVER_CONFIG_FILE", pool);

    if (file == NULL || file[0] == '/' || root == NULL) {
        return file;
    }
    return apr_pstrcat(pool, root, "/", file, NULL);
}

/* Takes one option with its values; returns how many words it was. */
static int take_option(spbe_doctor_t *d, options_t *o, int left,
                       const char *const *argv)
{
    int used = 1;

    if (strcmp(argv[0], "--json") == 0) {
        o->json = 1;
        return 1;
    }
    if (left > 1 && strcmp(argv[0], "--conf") == 0) {
        o->conf = argv[1];
        return 2;
    }
    if (left > 1 && strcmp(argv[0], "--apache2ctl") == 0) {
        o->program = argv[1];
        return 2;
    }
    if (left > 1 && strcmp(argv[0], "--error-log") == 0) {
        APR_ARRAY_PUSH(d->error_logs, const char *) = argv[1];
        return 2;
    }
    if (left > 1 && strcmp(argv[0], "--php-ini") == 0) {
        for (; used < left && strncmp(argv[used], "--", 2) != 0; used++) {
            APR_ARRAY_PUSH(d->php_files, const char *) = argv[used];
        }
        return used;
    }
    o->error = argv[0];
    return left;
}

/* "--name=value" as two words. */
static apr_array_header_t *split_words(int argc, const char *const *argv,
                                       apr_pool_t *pool)
{
    apr_array_header_t *words = apr_array_make(pool, argc + 1,
                                               sizeof(const char *));
    int i;

    for (i = 0; i < argc; i++) {
        const char *equal = strncmp(argv[i], "--", 2) == 0
                                ? strchr(argv[i], '=') : NULL;

        APR_ARRAY_PUSH(words, const char *) =
            equal == NULL ? argv[i]
                          : apr_pstrmemdup(pool, argv[i],
                                           (size_t)(equal - argv[i]));
        if (equal != NULL) {
            APR_ARRAY_PUSH(words, const char *) = equal + 1;
        }
    }
    return words;
}

static const char *envvars_of(const char *conf, apr_pool_t *pool)
{
    const char *slash = strrchr(conf, '/');

    return apr_pstrcat(pool, slash == NULL
                                 ? "." : apr_pstrmemdup(pool, conf,
                                                        (size_t)(slash - conf)),
                       "/envvars", NULL);
}

static int worst(const spbe_doctor_t *d)
{
    spbe_level_t level = SPBE_LEVEL_OK;
    int i;

    for (i = 0; i < d->findings->nelts; i++) {
        const spbe_advice_t *f = &APR_ARRAY_IDX(d->findings, i,
                                                 spbe_advice_t);

        level = f->level > level ? f->level : level;
    }
    return level == SPBE_LEVEL_BAD;
}

static void examine(spbe_doctor_t *d)
{
    spbe_doctor_sites(d);
    spbe_doctor_places(d);
    spbe_doctor_check_modes(d);
    spbe_doctor_check_policies(d);
    spbe_doctor_check_input(d);
    spbe_doctor_check_client(d);
    spbe_doctor_check_bodies(d);
    spbe_doctor_check_server(d);
    spbe_doctor_check_proxy(d);
    spbe_doctor_check_php(d);
    spbe_doctor_check_applications(d);
    spbe_doctor_check_logs(d);
    spbe_doctor_check_secret(d);
    spbe_doctor_check_logger(d);
    spbe_doctor_check_system(d);
}

static const char *choose_conf(const options_t *o, apr_pool_t *pool)
{
    char *path;

    if (o->conf != NULL) {
        return apr_filepath_merge(&path, NULL, o->conf, 0, pool) == APR_SUCCESS
                   ? path : o->conf;
    }
    return o->program == NULL ? DEFAULT_CONF : conf_of(o->program, pool);
}

int spbe_doctor_run(const char *home, int argc, const char *const *argv,
                    FILE *out, FILE *err, apr_pool_t *pool)
{
    spbe_doctor_t d = { .pool = pool, .home = home };
    options_t o = { .json = 0 };
    apr_array_header_t *words = split_words(argc, argv, pool);
    const char *const *word = (const char *const *)words->elts;
    spbe_span_t text;
    int at;

    d.sites = apr_array_make(pool, 8, sizeof(spbe_site_t));
    d.findings = apr_array_make(pool, 32, sizeof(spbe_advice_t));
    d.error_logs = apr_array_make(pool, 2, sizeof(const char *));
    d.php_files = apr_array_make(pool, 2, sizeof(const char *));
    for (at = 0; at < words->nelts;) {
        at += take_option(&d, &o, words->nelts - at, word + at);
    }
    if (o.error != NULL) {
        fprintf(err, "spbe-guardctl: doctor: %s: allowed are --json, "
                "--conf FILE, --apache2ctl PATH, --error-log FILE, "
                "--php-ini FILE...\n", o.error);
        return 2;
    }
    d.conf_file = choose_conf(&o, pool);
    if (d.conf_file == NULL
        || spbe_httpdconf_slurp(d.conf_file, &text, pool) != APR_SUCCESS) {
        fprintf(err, "spbe-guardctl: doctor: cannot read httpd's "
                "configuration %s; name it with --conf FILE\n",
                d.conf_file == NULL ? "" : d.conf_file);
        return 2;
    }
    d.conf = spbe_httpdconf_read(d.conf_file, envvars_of(d.conf_file, pool),
                                 pool);
    examine(&d);
    if (o.json) {
        spbe_doctor_print_json(&d, out);
    }
    else {
        spbe_doctor_print(&d, out);
    }
    return worst(&d);
}

int spbe_ctl_doctor(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    return spbe_doctor_run(ctl->home, argc - 1, argv + 1, stdout, stderr,
                           ctl->pool);
}
