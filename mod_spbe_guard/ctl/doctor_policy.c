/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_policy.c - policies and SpbeGuardParam lines, compiled as httpd
 * does: one that is wrong keeps httpd from starting.
 */
#include "ctl/doctor_place.h"

#include <strings.h>
#include <apr_file_info.h>
#include <apr_strings.h>
#include "input/policy.h"
#include "text/httpdconf_int.h"
#include "text/visible.h"

#define FILE_MAX (4 * 1024 * 1024) /* what httpd reads of one */
#define STOPS                                                                  \
    "httpd berhenti pada baris ini: tidak dapat dimulai atau dimuat ulang"

static const char *check_command(const spbe_doctor_t *d, const char *path)
{
    return apr_psprintf(d->pool, "spbe-guardctl policy check %s",
                        spbe_visible(path, d->pool));
}

/* httpd reads it before it gives up root's rights. */
static void tell_unreadable(spbe_doctor_t *d, const spbe_httpdconf_line_t *line,
                            const char *path, apr_status_t rv,
                            const char *reason)
{
    spbe_advice_t f = {.id = "policy-unreadable", .level = SPBE_LEVEL_BAD};

    f.what = apr_psprintf(d->pool, "kebijakan %s tidak dapat dibaca: %s", path,
                          reason);
    f.why = STOPS;
    f.cure = "SpbeGuardPolicy /path/yang/benar.json    # atau none";
    if (APR_STATUS_IS_EACCES(rv)) {
        f.level = SPBE_LEVEL_WARN;
        f.why = "tidak diketahui apakah httpd, yang membacanya sebagai root, "
                "dapat memakainya";
        f.cure = "sudo spbe-guardctl doctor";
    }
    spbe_doctor_tell(d, line, NULL, f);
}

/* NULL and *text, or why httpd cannot read it. */
static const char *read_file(const spbe_doctor_t *d, const char *path,
                             spbe_span_t *text, apr_status_t *rv)
{
    char reason[120];
    apr_finfo_t info;

    *rv = apr_stat(&info, path, APR_FINFO_TYPE | APR_FINFO_SIZE, d->pool);
    if (*rv == APR_SUCCESS && info.filetype != APR_REG) {
        return "bukan berkas biasa";
    }
    if (*rv == APR_SUCCESS && info.size > FILE_MAX) {
        return "lebih dari 4 MiB";
    }
    if (*rv == APR_SUCCESS) {
        *rv = spbe_httpdconf_slurp(path, text, d->pool);
    }
    return *rv == APR_SUCCESS
               ? NULL
               : apr_pstrdup(d->pool,
                             apr_strerror(*rv, reason, sizeof(reason)));
}

static void tell_wrong(spbe_doctor_t *d, const spbe_httpdconf_line_t *line,
                       const char *path, const spbe_problems_t *problems)
{
    const char *error = spbe_problems_first_error(problems, d->pool);
    spbe_advice_t f = {.id = "policy-wrong", .level = SPBE_LEVEL_BAD};

    f.what = apr_psprintf(d->pool, "kebijakan salah (%u kesalahan): %s",
                          problems->errors,
                          spbe_visible(error == NULL ? path : error, d->pool));
    f.why = STOPS;
    f.cure = check_command(d, path);
    spbe_doctor_tell(d, line, NULL, f);
}

static void tell_usable(spbe_doctor_t *d, const spbe_httpdconf_line_t *line,
                        const char *path, const spbe_policy_t *policy,
                        const spbe_problems_t *problems)
{
    spbe_advice_t f = {.id = "policy-file"};

    f.what =
        apr_psprintf(d->pool, "kebijakan %s: %d operasi, %u peringatan", path,
                     spbe_policy_operations(policy)->nelts, problems->warnings);
    if (problems->warnings > 0) {
        f.level = SPBE_LEVEL_WARN;
        f.why = "sebagian kebijakan mungkin tidak berlaku seperti yang "
                "dimaksud";
        f.cure = check_command(d, path);
    }
    spbe_doctor_tell(d, line, NULL, f);
}

static void check_file(spbe_doctor_t *d, const spbe_httpdconf_line_t *line,
                       const char *path)
{
    spbe_problems_t *problems;
    spbe_policy_t *policy;
    spbe_span_t text;
    apr_status_t rv;
    const char *reason = read_file(d, path, &text, &rv);

    if (reason != NULL) {
        tell_unreadable(d, line, path, rv, reason);
        return;
    }
    problems = spbe_problems_create(path, text, d->pool);
    policy = spbe_policy_read(problems, d->pool);
    if (policy == NULL) {
        tell_wrong(d, line, path, problems);
        return;
    }
    tell_usable(d, line, path, policy, problems);
}

/* Each file once: many sites may share one. */
static void check_policy(spbe_doctor_t *d, const spbe_httpdconf_line_t *line,
                         apr_hash_t *seen)
{
    const char *path = spbe_httpdconf_arg(line, 0);

    if (path[0] == '\0' || strcasecmp(path, "none") == 0) {
        return;
    }
    path = spbe_httpdconf_path(d->conf, path, d->pool);
    if (apr_hash_get(seen, path, APR_HASH_KEY_STRING) == NULL) {
        apr_hash_set(seen, path, APR_HASH_KEY_STRING, line);
        check_file(d, line, path);
    }
}

static void check_param(spbe_doctor_t *d, const spbe_httpdconf_line_t *line)
{
    spbe_param_lines_t *lines = spbe_param_lines_create(d->pool);
    char *const *words = (char *const *)line->args->elts;
    spbe_advice_t f = {.id = "param-wrong", .level = SPBE_LEVEL_BAD};
    const char *error;

    if (line->args->nelts == 1 && strcasecmp(words[0], "none") == 0) {
        return;
    }
    error = spbe_param_lines_add(lines, line->args->nelts, words);
    if (error == NULL) {
        spbe_param_lines_compile(lines, &error, d->pool);
    }
    if (error == NULL) {
        return;
    }
    f.what = apr_psprintf(d->pool, "SpbeGuardParam salah: %s",
                          spbe_visible(error, d->pool));
    f.why = STOPS;
    f.cure = "apachectl configtest    # sampai baris ini benar";
    spbe_doctor_tell(d, line, NULL, f);
}

void spbe_doctor_check_policies(spbe_doctor_t *d)
{
    apr_hash_t *seen = apr_hash_make(d->pool);
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        if (strcasecmp(line->name, "SpbeGuardPolicy") == 0) {
            check_policy(d, line, seen);
        }
        else if (strcasecmp(line->name, "SpbeGuardParam") == 0) {
            check_param(d, line);
        }
    }
}
