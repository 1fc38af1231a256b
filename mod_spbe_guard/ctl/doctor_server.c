/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_server.c - settings of httpd that tell too much or hide causes.
 */
#include "ctl/doctor.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>

/* Directives of which one value is right. */
static const struct {
    const char *id, *name;
    const char *good[2]; /* values that are in order */
    const char *unset;   /* httpd's default */
    const char *why, *cure;
} settings[] = {
    { "server-tokens", "ServerTokens", { "Prod", "ProductOnly" }, "Full",
      "setiap jawaban menyebut versi dan modul server",
      "ServerTokens Prod" },
    { "server-signature", "ServerSignature", { "Off", "Off" }, "Off",
      "halaman httpd sendiri menyebut versinya", "ServerSignature Off" },
    { "trace-enable", "TraceEnable", { "Off", "Off" }, "On",
      "TRACE mengembalikan kepala permintaan, termasuk kuki",
      "TraceEnable Off" },
};

static void check_settings(spbe_doctor_t *d)
{
    size_t i;

    for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        const spbe_httpdconf_line_t *line =
            spbe_httpdconf_last(d->conf, -1, settings[i].name);
        const char *value = line == NULL ? settings[i].unset
                                         : spbe_httpdconf_arg(line, 0);
        spbe_advice_t f = { .id = settings[i].id };

        f.file = line == NULL ? d->conf_file : line->file;
        f.line = line == NULL ? 0 : line->line;
        f.what = apr_psprintf(d->pool, "%s %s%s", settings[i].name, value,
                              line == NULL ? " (bawaan)"
                                           : "");
        if (strcasecmp(value, settings[i].good[0]) != 0
            && strcasecmp(value, settings[i].good[1]) != 0) {
            f.level = SPBE_LEVEL_WARN;
            f.why = settings[i].why;
            f.cure = settings[i].cure;
        }
        spbe_doctor_add(d, f);
    }
}

static void check_cgid(spbe_doctor_t *d)
{
    const spbe_httpdconf_line_t *line = spbe_httpdconf_loaded(d->conf,
                                                              "cgid_module");
    spbe_advice_t f = { .id = "cgid", .level = SPBE_LEVEL_WARN };

    if (line == NULL) {
        return;
    }
    f.file = line->file;
    f.line = line->line;
    f.what = "mod_cgid dimuat";
    f.why = "yang ditulis program CGI ke standard error tidak melewati httpd: "
            "catatan kegagalannya tanpa jejak. mod_cgi berjalan dengan semua "
            "MPM";
    f.cure = "LoadModule cgi_module /usr/lib/apache2/modules/mod_cgi.so    # "
             "menggantikan cgid";
    spbe_doctor_add(d, f);
}

/* LogLevel module:debug words do not change what handlers say. */
static void check_log_level(spbe_doctor_t *d)
{
    const spbe_httpdconf_line_t *line;
    int i, j;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        line = spbe_httpdconf_at(d->conf, i);
        for (j = 0; strcasecmp(line->name, "LogLevel") == 0
                    && j < line->args->nelts; j++) {
            const char *level = spbe_httpdconf_arg(line, j);

            if (strcasecmp(level, "crit") == 0
                || strcasecmp(level, "alert") == 0
                || strcasecmp(level, "emerg") == 0) {
                spbe_doctor_add(d, (spbe_advice_t){
                    .id = "log-level", .level = SPBE_LEVEL_WARN,
                    .file = line->file, .line = line->line,
                    .what = apr_psprintf(d->pool, "LogLevel %s", level),
                    .why = "galat yang dilaporkan aplikasi dibuang sebelum "
                           "dapat digabung dengan catatannya",
                    .cure = "LogLevel warn" });
            }
        }
    }
}

static void check_override(spbe_doctor_t *d)
{
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        if (strcasecmp(line->name, "ProxyErrorOverride") == 0
            && strcasecmp(spbe_httpdconf_arg(line, 0), "On") == 0) {
            spbe_doctor_add(d, (spbe_advice_t){
                .id = "proxy-error-override", .level = SPBE_LEVEL_WARN,
                .file = line->file, .line = line->line,
                .what = "ProxyErrorOverride On",
                .why = "httpd membuang halaman galat aplikasi tanpa "
                       "dibaca: catatannya tanpa jejak",
                .cure = "ProxyErrorOverride Off" });
        }
    }
}

void spbe_doctor_check_server(spbe_doctor_t *d)
{
    const apr_array_header_t *problems = spbe_httpdconf_problems(d->conf);
    int i;

    for (i = 0; i < problems->nelts; i++) {
        spbe_doctor_add(d, (spbe_advice_t){
            .id = "conf-unreadable", .level = SPBE_LEVEL_WARN,
            .what = apr_pstrcat(d->pool, "konfigurasi tidak lengkap: ",
                                APR_ARRAY_IDX(problems, i, const char *),
                                NULL),
            .why = "isinya tidak diketahui di sini",
            .cure = "sudo spbe-guardctl doctor    # atau apachectl configtest" });
    }
    check_settings(d);
    check_cgid(d);
    check_log_level(d);
    check_override(d);
}

/* Does the configuration look at what only a proxy in front sends? */
static const spbe_httpdconf_line_t *proxy_trace(const spbe_doctor_t *d)
{
    static const char *const names[] = { "LogFormat", "SetEnvIf",
                                         "SetEnvIfNoCase", "RewriteCond" };
    size_t j;
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
            if (strcasecmp(line->name, names[j]) == 0
                && (strcasestr(line->raw, "X-Forwarded-") != NULL
                    || strcasestr(line->raw, "X-Real-IP") != NULL)) {
                return line;
            }
        }
    }
    return NULL;
}

static int is_private(const char *ip)
{
    int second = strncmp(ip, "172.", 4) == 0 ? atoi(ip + 4) : 0;

    return strncmp(ip, "10.", 3) == 0 || strncmp(ip, "192.168.", 8) == 0
           || (second >= 16 && second < 32) || strncasecmp(ip, "fd", 2) == 0;
}

/* The private address that nearly all of the last requests came from. */
static const char *only_client(const char *log, apr_pool_t *pool)
{
    char *text, *line, *state = NULL;
    const char *first = NULL;
    size_t len, same = 0, all = 0;

    if (spbe_doctor_tail(log, 128 * 1024, &text, &len, pool) != APR_SUCCESS) {
        return NULL;
    }
    for (line = apr_strtok(text, "\n", &state); line != NULL;
         line = apr_strtok(NULL, "\n", &state)) {
        const char *ip = apr_pstrmemdup(pool, line, strcspn(line, " "));

        /* A combined log with the virtual host begins with name:port. */
        if (strchr(ip, '.') != NULL && strchr(ip, ':') != NULL) {
            ip = line + strcspn(line, " ");
            ip += strspn(ip, " ");
            ip = apr_pstrmemdup(pool, ip, strcspn(ip, " "));
        }
        first = first == NULL ? ip : first;
        same += strcmp(first, ip) == 0;
        all++;
    }
    return all >= 100 && same * 100 >= all * 95 && is_private(first) ? first
                                                                     : NULL;
}

static const char *find_only_client(const spbe_doctor_t *d,
                                    spbe_advice_t *f)
{
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);
        const char *file = spbe_httpdconf_arg(line, 0), *ip;

        if (strcasecmp(line->name, "CustomLog") != 0 || file[0] == '|') {
            continue;
        }
        ip = only_client(spbe_httpdconf_path(d->conf, file, d->pool), d->pool);
        if (ip != NULL) {
            f->file = line->file;
            f->line = line->line;
            return ip;
        }
    }
    return NULL;
}

void spbe_doctor_check_proxy(spbe_doctor_t *d)
{
    const spbe_httpdconf_line_t *line;
    spbe_advice_t f = { .id = "remoteip", .level = SPBE_LEVEL_WARN };
    const char *ip = NULL;

    if (spbe_httpdconf_module(d->conf, "remoteip_module")) {
        return;
    }
    line = proxy_trace(d);
    if (line != NULL) {
        f.file = line->file;
        f.line = line->line;
        f.what = "tampaknya ada proksi di depan, tetapi mod_remoteip tidak "
                 "dimuat";
    }
    else if ((ip = find_only_client(d, &f)) != NULL) {
        f.what = apr_psprintf(d->pool, "hampir semua permintaan datang dari %s, "
                              "tetapi mod_remoteip tidak dimuat", ip);
    }
    else {
        return;
    }
    f.why = "catatan dan hitungan menyebut proksi, bukan pengunjung";
    f.cure = apr_psprintf(d->pool, "RemoteIPHeader X-Forwarded-For    # dan "
                          "RemoteIPInternalProxy %s, sesudah a2enmod remoteip",
                          ip == NULL ? "<alamat proksi>" : ip);
    spbe_doctor_add(d, f);
}
