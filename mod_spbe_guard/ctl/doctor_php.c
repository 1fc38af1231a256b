/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_php.c - PHP and applications that are set to tell visitors what
 * went wrong.
 */
#include "ctl/doctor.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "text/httpdconf_int.h"

#define LOG_LIMIT 8192

/* The command line's own php.ini is not asked. */
static const char *const places[] = {
    "/etc/php/*/fpm/php.ini",         "/etc/php/*/fpm/conf.d/*.ini",
    "/etc/php/*/fpm/php-fpm.conf",    "/etc/php/*/fpm/pool.d/*.conf",
    "/etc/php/*/cgi/php.ini",         "/etc/php/*/cgi/conf.d/*.ini",
    "/etc/php/*/apache2/php.ini",     "/etc/php/*/apache2/conf.d/*.ini",
    "/etc/php.ini",                   "/etc/php.d/*.ini",
    "/etc/php-fpm.conf",              "/etc/php-fpm.d/*.conf",
};

typedef struct setting {
    spbe_span_t name;  /* without php_flag[...] */
    spbe_span_t value; /* without quotes */
    unsigned line;
} setting_t;

static int is_on(spbe_span_t value)
{
    return spbe_span_ieq(value, SPBE_SPAN("on"))
           || spbe_span_ieq(value, SPBE_SPAN("1"))
           || spbe_span_ieq(value, SPBE_SPAN("true"))
           || spbe_span_ieq(value, SPBE_SPAN("yes"))
           || spbe_span_ieq(value, SPBE_SPAN("stdout"));
}

/* Takes the next "name = value" of an ini file; 0 at its end. */
static int next_setting(spbe_span_t *rest, setting_t *s)
{
    while (rest->len > 0) {
        spbe_span_t line = spbe_span_trim(spbe_span_line(rest));

        s->line++;
        if (line.len == 0 || line.ptr[0] == ';' || line.ptr[0] == '#'
            || spbe_span_chr(line, '=') == SPBE_NPOS) {
            continue;
        }
        s->name = spbe_span_trim(spbe_span_cut(&line, '='));
        if (spbe_span_starts(s->name, SPBE_SPAN("php_"))
            && spbe_span_chr(s->name, '[') != SPBE_NPOS) {
            spbe_span_cut(&s->name, '[');
            s->name = spbe_span_cut(&s->name, ']');
        }
        s->value = spbe_span_trim(spbe_span_cut(&line, ';'));
        if (s->value.len >= 2 && (s->value.ptr[0] == '"'
                                  || s->value.ptr[0] == '\'')) {
            s->value = spbe_span_slice(s->value, 1, s->value.len - 1);
        }
        return 1;
    }
    return 0;
}

/* Nobody sees it where the guard is On; still it is one fault from being
 * seen. */
static spbe_level_t level(const spbe_doctor_t *d)
{
    return spbe_doctor_covered(d) ? SPBE_LEVEL_WARN : SPBE_LEVEL_BAD;
}

static void tell_display_errors(spbe_doctor_t *d, const char *file,
                                unsigned line, const char *cure)
{
    spbe_doctor_add(d, (spbe_advice_t){
        .id = "display-errors", .level = level(d), .file = file, .line = line,
        .what = "PHP menampilkan galat kepada pengunjung (display_errors menyala)",
        .why = "nama berkas, SQL dan jejak galat masuk ke halaman",
        .cure = cure });
}

static void check_limit(spbe_doctor_t *d, const char *file, unsigned line,
                        long limit)
{
    if (limit < LOG_LIMIT) {
        spbe_doctor_add(d, (spbe_advice_t){
            .id = "fpm-log-limit", .level = SPBE_LEVEL_WARN, .file = file,
            .line = line,
            .what = apr_psprintf(d->pool, "PHP-FPM memotong baris log pada "
                                 "%ld byte (log_limit%s)", limit,
                                 line == 0 ? ", bawaan" : ""),
            .why = "jejak terpotong-potong dan di tiap sambungan ada yang hilang",
            .cure = "log_limit = 8192    ; di bawah [global]" });
    }
}

static void check_file(spbe_doctor_t *d, const char *file)
{
    const char *base = strrchr(file, '/');
    int fpm = base != NULL && strcmp(base, "/php-fpm.conf") == 0;
    int pool = strstr(file, ".conf") != NULL;
    unsigned limit_line = 0;
    long limit = 1024;
    setting_t s = { .line = 0 };
    spbe_span_t rest;

    if (spbe_httpdconf_slurp(file, &rest, d->pool) != APR_SUCCESS) {
        return;
    }
    while (next_setting(&rest, &s)) {
        if (spbe_span_eq(s.name, SPBE_SPAN("display_errors"))
            && is_on(s.value)) {
            tell_display_errors(d, file, s.line,
                                pool ? "php_admin_flag[display_errors] = off"
                                     : "display_errors = Off");
        }
        if (spbe_span_eq(s.name, SPBE_SPAN("log_limit"))) {
            limit_line = s.line;
            limit = atol(spbe_span_dup(s.value, d->pool));
        }
    }
    if (fpm) {
        check_limit(d, file, limit_line, limit);
    }
}

static void check_default_files(spbe_doctor_t *d)
{
    size_t i, j;

    for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        glob_t found;

        if (glob(places[i], 0, NULL, &found) != 0) {
            continue;
        }
        for (j = 0; j < found.gl_pathc; j++) {
            check_file(d, apr_pstrdup(d->pool, found.gl_pathv[j]));
        }
        globfree(&found);
    }
}

/* php_flag and its like, in httpd's files. */
static void check_directives(spbe_doctor_t *d)
{
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        if (strncasecmp(line->name, "php_", 4) == 0
            && strcasecmp(spbe_httpdconf_arg(line, 0), "display_errors") == 0
            && is_on(spbe_span_from(spbe_httpdconf_arg(line, 1)))) {
            tell_display_errors(d, line->file, line->line,
                                "php_admin_flag display_errors Off");
        }
    }
}

void spbe_doctor_check_php(spbe_doctor_t *d)
{
    int i;

    for (i = 0; i < d->php_files->nelts; i++) {
        check_file(d, APR_ARRAY_IDX(d->php_files, i, const char *));
    }
    if (d->php_files->nelts == 0) {
        check_default_files(d);
    }
    check_directives(d);
}
