/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_logs.c - technical detail that stands in clear in error logs.
 */
#include "ctl/doctor.h"

#include <string.h>
#include <strings.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include "failure/builtin.h"
#include "failure/leak.h"
#include "text/span.h"

#define TAIL (1 << 20)

/* How runtimes begin what they write into an error log. */
static const char *const words[] = {
    "PHP message: ", "PHP Fatal error", "PHP Parse error", "Stack trace:",
    "Traceback (most recent call last)", "SQLSTATE[",
};

typedef struct looker {
    int made;                /* when the first log is read */
    spbe_rules_t *rules;     /* NULL: the words alone */
    spbe_scratch_t *scratch;
} looker_t;

apr_status_t spbe_doctor_tail(const char *file, size_t max, char **text,
                              size_t *len, apr_pool_t *pool)
{
    apr_file_t *in;
    apr_off_t end = 0, from;
    apr_status_t rv;
    char *newline;

    rv = apr_file_open(&in, file, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = apr_file_seek(in, APR_END, &end);
    from = end > (apr_off_t)max ? end - (apr_off_t)max : 0;
    *text = apr_palloc(pool, (apr_size_t)(end - from) + 1);
    if (rv == APR_SUCCESS) {
        apr_off_t at = from;

        rv = apr_file_seek(in, APR_SET, &at);
    }
    *len = 0;
    if (rv == APR_SUCCESS && end > from) {
        rv = apr_file_read_full(in, *text, (apr_size_t)(end - from), len);
        rv = APR_STATUS_IS_EOF(rv) ? APR_SUCCESS : rv;
    }
    apr_file_close(in);
    (*text)[*len] = '\0';
    newline = from > 0 ? memchr(*text, '\n', *len) : NULL;
    if (newline != NULL) {
        *len -= (size_t)(newline + 1 - *text);
        *text = newline + 1;
    }
    return rv;
}

/* Without rules the check is weaker, and still a check. */
static looker_t make_looker(apr_pool_t *pool)
{
    looker_t looker = { 1, NULL, NULL };
    const spbe_builtin_t *file;
    spbe_rules_t *rules = spbe_rules_create(pool);

    for (file = spbe_builtin_all(); file->name != NULL; file++) {
        if (strncmp(file->name, "rules/leak-", 11) == 0
            && spbe_rules_add(rules, file->name, file->data) != NULL) {
            return looker;
        }
    }
    if (spbe_rules_compile(rules, 0) == NULL) {
        looker.scratch = spbe_scratch_create(rules);
        looker.rules = looker.scratch == NULL ? NULL : rules;
    }
    return looker;
}

static int tells(const looker_t *looker, spbe_span_t line)
{
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (spbe_span_find(line, spbe_span_from(words[i])) != SPBE_NPOS) {
            return 1;
        }
    }
    return looker->rules != NULL
           && spbe_scan_once(looker->rules, looker->scratch, 200, line)
                  != NULL;
}

/* spbe-guardlog --error-log, which takes out what leaks. */
static int is_filter(const char *log)
{
    return log[0] == '|' && strstr(log, "--error-log") != NULL;
}

static const char *filter_line(const spbe_doctor_t *d, const char *log,
                               const spbe_httpdconf_line_t *line)
{
    return apr_psprintf(d->pool, "ErrorLog \"|/usr/sbin/spbe-guardlog "
                        "--error-log %s\"    # sebagai ganti %s:%u", log,
                        line->file, line->line);
}

/* The file that a filter writes to, or NULL. */
static const char *filtered_file(const spbe_doctor_t *d, const char *log)
{
    const char *at = strstr(log, "--error-log") + strlen("--error-log");

    at += strspn(at, " =");
    return *at == '/' ? apr_pstrmemdup(d->pool, at, strcspn(at, " ")) : NULL;
}

static void check_log(spbe_doctor_t *d, looker_t *looker,
                      const char *log, const spbe_httpdconf_line_t *line)
{
    spbe_advice_t f = { .id = "log-detail", .file = log };
    unsigned long all = 0, telling = 0;
    apr_pool_t *pool;
    spbe_span_t rest;
    char *text;
    size_t len;

    apr_pool_create(&pool, d->pool);
    if (spbe_doctor_tail(log, TAIL, &text, &len, pool) != APR_SUCCESS) {
        f.id = "log-unreadable";
        f.level = SPBE_LEVEL_WARN;
        f.what = "error log ini tidak dapat dibaca";
        f.why = "tidak diketahui apakah rincian teknis terbaca di situ";
        f.cure = "sudo spbe-guardctl doctor";
    }
    else {
        *looker = looker->made ? *looker : make_looker(d->pool);
        for (rest = (spbe_span_t){ text, len }; rest.len > 0; all++) {
            telling += (unsigned long)tells(looker, spbe_span_line(&rest));
        }
        f.level = telling > 0 ? SPBE_LEVEL_WARN : SPBE_LEVEL_OK;
        f.what = apr_psprintf(d->pool, "%lu dari %lu baris terakhir error "
                              "log ini memuat rincian teknis", telling, all);
    }
    apr_pool_destroy(pool);
    if (telling > 0) {
        f.why = "siapa pun yang dapat membaca log ini membaca apa yang "
                "disimpan log rahasia";
        f.cure = apr_psprintf(d->pool, "sudo chmod 640 %s && sudo chown "
                              "root:adm %s    # dan saring yang berikutnya",
                              log, log);
        if (line != NULL && !is_filter(spbe_httpdconf_arg(line, 0))) {
            f.cure = filter_line(d, log, line);
        }
    }
    spbe_doctor_add(d, f);
}

/* Is a line of the log found again by the visitor's reference? */
static void check_format(spbe_doctor_t *d, const spbe_httpdconf_line_t *log)
{
    spbe_advice_t f = { .id = "log-filtered", .file = log->file,
                        .line = log->line,
                        .what = "error log disaring: rincian teknis diganti "
                                "nomor rujukan" };
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        if (strcasecmp(line->name, "ErrorLogFormat") == 0
            && strstr(line->raw, "%L") != NULL) {
            spbe_doctor_add(d, f);
            return;
        }
    }
    f.level = SPBE_LEVEL_WARN;
    f.what = "error log disaring, tetapi barisnya tanpa nomor rujukan";
    f.why = "baris yang rinciannya diambil tidak dapat dicari di log rahasia";
    f.cure = "ErrorLogFormat \"[%{u}t] [%-m:%l] [pid %P] %7F: %E: "
             "[client\\ %a] [ref\\ %L] %M% ,\\ referer\\ %{Referer}i\"";
    spbe_doctor_add(d, f);
}

static void check_unfiltered(spbe_doctor_t *d,
                             const spbe_httpdconf_line_t *line)
{
    const char *log = spbe_httpdconf_arg(line, 0);
    spbe_advice_t f = { .id = "log-unfiltered", .level = SPBE_LEVEL_WARN,
                        .file = line->file, .line = line->line };

    f.what = "error log tidak disaring";
    f.why = "apa yang dikatakan aplikasi yang gagal juga tertulis di situ, "
            "tanpa segel";
    f.cure = filter_line(d, log[0] == '|' || strncmp(log, "syslog", 6) == 0
                                ? "/var/log/apache2/error.log"
                                : spbe_httpdconf_path(d->conf, log, d->pool),
                         line);
    spbe_doctor_add(d, f);
}

static void check_line(spbe_doctor_t *d, looker_t *looker,
                       const spbe_httpdconf_line_t *line, apr_table_t *seen)
{
    const char *log = spbe_httpdconf_arg(line, 0);

    if (is_filter(log)) {
        check_format(d, line);
        log = filtered_file(d, log);
    }
    else {
        check_unfiltered(d, line);
        log = log[0] == '|' || strncmp(log, "syslog", 6) == 0
                  ? NULL
                  : spbe_httpdconf_path(d->conf, log, d->pool);
    }
    if (log != NULL && apr_table_get(seen, log) == NULL) {
        apr_table_setn(seen, log, "");
        check_log(d, looker, log, line);
    }
}

void spbe_doctor_check_logs(spbe_doctor_t *d)
{
    apr_table_t *seen = apr_table_make(d->pool, 8);
    looker_t looker = { 0, NULL, NULL };
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        if (strcasecmp(line->name, "ErrorLog") == 0) {
            check_line(d, &looker, line, seen);
        }
    }
    for (i = 0; i < d->error_logs->nelts; i++) {
        check_log(d, &looker, APR_ARRAY_IDX(d->error_logs, i, const char *),
                  NULL);
    }
    if (looker.scratch != NULL) {
        spbe_scratch_destroy(looker.scratch);
    }
}
