/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_apps.c - debug switches of applications under the document roots.
 */
#include "ctl/doctor.h"

#include <string.h>
#include <apr_strings.h>
#include "text/httpdconf_int.h"

/* Lines of an application's file that switch its debug mode on: the line holds
 * both words, one behind the other, spaces and quotes left out. */
static const struct {
    const char *file;    /* under the document root, or the folder above */
    const char *words[2];
    const char *cure;
} switches[] = {
    { ".env", { "APP_DEBUG=", "true" }, "APP_DEBUG=false" },
    { ".env", { "APP_DEBUG=", "1" }, "APP_DEBUG=false" },
    { ".env", { "APP_ENV=", "local" }, "APP_ENV=production" },
    { ".env", { "APP_ENV=", "dev" }, "APP_ENV=production" },
    { ".env", { "CI_ENVIRONMENT=", "development" },
      "CI_ENVIRONMENT = production" },
    { ".env", { "DJANGO_DEBUG=", "true" }, "DJANGO_DEBUG=false" },
    { ".env", { "FLASK_DEBUG=", "1" }, "FLASK_DEBUG=0" },
    { ".env", { "NODE_ENV=", "development" }, "NODE_ENV=production" },
    { "wp-config.php", { "define(WP_DEBUG,", "true" },
      "define( 'WP_DEBUG', false );" },
    { "wp-config.php", { "define(WP_DEBUG_DISPLAY,", "true" },
      "define( 'WP_DEBUG_DISPLAY', false );" },
    { "index.php", { "define(ENVIRONMENT,", "development);" },
      "SetEnv CI_ENV production    # di konfigurasi situs" },
    { "index.php", { "define(YII_DEBUG,", "true" },
      "defined('YII_DEBUG') or define('YII_DEBUG', false);" },
    { ".user.ini", { "display_errors=", "on" }, "display_errors = Off" },
    { ".user.ini", { "display_errors=", "1" }, "display_errors = Off" },
    { ".htaccess", { "php_flagdisplay_errors", "on" },
      "php_flag display_errors off" },
    { ".htaccess", { "php_valuedisplay_errors", "1" },
      "php_flag display_errors off" },
};

#define COUNT (sizeof(switches) / sizeof(switches[0]))

/* The line without spaces and quotes; a comment is empty. */
static spbe_span_t squeeze(spbe_span_t line, char *out, size_t size)
{
    size_t i, n = 0;

    line = spbe_span_trim(line);
    if (spbe_span_starts(line, SPBE_SPAN("#"))
        || spbe_span_starts(line, SPBE_SPAN(";"))
        || spbe_span_starts(line, SPBE_SPAN("//"))) {
        return SPBE_SPAN_EMPTY;
    }
    for (i = 0; i < line.len && n < size; i++) {
        if (strchr(" \t\"'", line.ptr[i]) == NULL) {
            out[n++] = line.ptr[i];
        }
    }
    return (spbe_span_t){ out, n };
}

/* The value must be the whole one: APP_ENV=dev is, APP_ENV=device is not. */
static int switched_on(spbe_span_t line, const char *const words[2])
{
    spbe_span_t name = spbe_span_from(words[0]);
    spbe_span_t value = spbe_span_from(words[1]), rest;
    size_t at = spbe_span_find(line, name);

    if (at == SPBE_NPOS) {
        return 0;
    }
    rest = spbe_span_slice(line, at + name.len, line.len);
    if (value.len > 0 && value.ptr[value.len - 1] == ';') {
        return spbe_span_find(rest, value) != SPBE_NPOS;
    }
    return spbe_span_istarts(rest, value)
           && (rest.len == value.len
               || strchr(");#,", rest.ptr[value.len]) != NULL);
}

static void check_file(spbe_doctor_t *d, const spbe_site_t *site,
                       const char *path, const char *name)
{
    spbe_span_t rest, line;
    unsigned number = 0;
    char buf[512];
    size_t i;

    if (spbe_httpdconf_slurp(path, &rest, d->pool) != APR_SUCCESS) {
        return;
    }
    while (rest.len > 0) {
        number++;
        line = squeeze(spbe_span_line(&rest), buf, sizeof(buf));
        for (i = 0; i < COUNT; i++) {
            if (strcmp(switches[i].file, name) == 0
                && switched_on(line, switches[i].words)) {
                spbe_doctor_add(d, (spbe_advice_t){
                    .id = "app-debug", .site = site->label, .file = path,
                    .line = number,
                    .level = spbe_doctor_covered(d) ? SPBE_LEVEL_WARN
                                                    : SPBE_LEVEL_BAD,
                    .what = "aplikasi disetel menampilkan galatnya",
                    .why = "halaman galatnya memuat konfigurasi, program, dan "
                           "sering kata sandi",
                    .cure = switches[i].cure });
            }
        }
    }
}

/* A framework's root is often the folder above the public one. */
static void check_root(spbe_doctor_t *d, const spbe_site_t *site)
{
    static const char *const names[] = { ".env", "../.env", "wp-config.php",
                                         "index.php", ".user.ini",
                                         ".htaccess" };
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *base = strrchr(names[i], '/');

        check_file(d, site, apr_pstrcat(d->pool, site->docroot, "/", names[i],
                                        NULL),
                   base == NULL ? names[i] : base + 1);
    }
}

void spbe_doctor_check_applications(spbe_doctor_t *d)
{
    apr_table_t *seen = apr_table_make(d->pool, 8);
    int i;

    for (i = 0; i < d->sites->nelts; i++) {
        const spbe_site_t *site = &APR_ARRAY_IDX(d->sites, i, spbe_site_t);

        if (site->docroot != NULL
            && apr_table_get(seen, site->docroot) == NULL) {
            apr_table_setn(seen, site->docroot, "");
            check_root(d, site);
        }
    }
}
