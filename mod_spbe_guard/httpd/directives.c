/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/directives.c - the setters of what concerns the whole guard and of
 * failures, and the table of all directives. See directives.h.
 */
#include "httpd/directives.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_core.h>

#include "httpd/files.h"

static spbe_mode_t parse_mode(const char *word)
{
    if (strcasecmp(word, "On") == 0) {
        return SPBE_MODE_ON;
    }
    if (strcasecmp(word, "DetectOnly") == 0) {
        return SPBE_MODE_DETECT;
    }
    return strcasecmp(word, "Off") == 0 ? SPBE_MODE_OFF : SPBE_MODE_UNSET;
}

static void mark_guarded(cmd_parms *cmd, spbe_mode_t mode)
{
    spbe_server_conf_t *server = spbe_conf_server(cmd->server);

    if (mode > SPBE_MODE_OFF) {
        *server->guarded = 1;
    }
}

/* cmd->info: which of the two switches, or NULL for both. */
static const char *set_mode(cmd_parms *cmd, void *conf_v, const char *word)
{
    spbe_dir_conf_t *conf = conf_v;
    const char *which = cmd->info;
    spbe_mode_t mode = parse_mode(word);

    if (mode == SPBE_MODE_UNSET) {
        return spbe_directive_refuse(cmd, word, "On, DetectOnly, Off");
    }
    if (which == NULL || *which == 'f') {
        conf->failure = mode;
    }
    if (which == NULL || *which == 'i') {
        conf->input = mode;
    }
    mark_guarded(cmd, mode);
    return NULL;
}

static const char *set_application_option(cmd_parms *cmd, spbe_dir_conf_t *conf,
                                          const char *word)
{
    const struct {
        const char *name;
        const char **place;
    } options[] = {{"owner=", &conf->application_owner},
                   {"dev=", &conf->application_dev},
                   {"sysadmin=", &conf->application_sysadmin},
                   {"data=", &conf->application_data}};
    size_t i;

    for (i = 0; i < sizeof(options) / sizeof(*options); i++) {
        size_t len = strlen(options[i].name);

        if (strncasecmp(word, options[i].name, len) == 0 && word[len] != 0) {
            *options[i].place = word + len;
            return NULL;
        }
    }
    return spbe_directive_refuse(cmd, word,
                                 "owner=..., dev=..., sysadmin=..., data=...");
}

static const char *set_application(cmd_parms *cmd, void *conf_v, int argc,
                                   char *const argv[])
{
    spbe_dir_conf_t *conf = conf_v;
    const char *error;
    int i;

    if (argc < 1 || argv[0][0] == '\0' || strlen(argv[0]) > 100) {
        return spbe_directive_refuse(
            cmd, argc < 1 ? "" : argv[0],
            "a name of 1 to 100 bytes, then owner= dev= sysadmin= "
            "data=");
    }
    conf->application = argv[0];
    for (i = 1; i < argc; i++) {
        error = set_application_option(cmd, conf, argv[i]);
        if (error != NULL) {
            return error;
        }
    }
    return NULL;
}

/* "502" or "500-599"; 0 when it is neither. */
static int parse_range(const char *word, int *from, int *to)
{
    char *end;

    *from = *to = (int)strtol(word, &end, 10);
    if (*end == '-') {
        *to = (int)strtol(end + 1, &end, 10);
    }
    return *end == '\0' && *from >= 400 && *to <= 599 && *from <= *to;
}

static const char *set_error_status(cmd_parms *cmd, void *conf_v, int argc,
                                    char *const argv[])
{
    spbe_dir_conf_t *conf = conf_v;
    spbe_statuses_t *set = apr_pcalloc(cmd->pool, sizeof(*set));
    int i, from, to;

    for (i = 0; i < argc; i++) {
        if (argc == 1 && strcasecmp(argv[0], "none") == 0) {
            break;
        }
        if (!parse_range(argv[i], &from, &to)) {
            return spbe_directive_refuse(
                cmd, argv[i], "statuses and ranges within 400-599, or none");
        }
        memset(set->bit + from - 400, 1, (size_t)(to - from + 1));
    }
    if (argc == 0) {
        return spbe_directive_refuse(
            cmd, "", "statuses and ranges within 400-599, or none");
    }
    conf->error_status = set;
    return NULL;
}

static const char *set_error_body(cmd_parms *cmd, void *conf_v,
                                  const char *word)
{
    spbe_dir_conf_t *conf = conf_v;

    if (strcasecmp(word, "replace") == 0) {
        conf->error_body = SPBE_BODY_REPLACE;
    }
    else if (strcasecmp(word, "keep-clean") == 0) {
        conf->error_body = SPBE_BODY_KEEP_CLEAN;
    }
    else {
        return spbe_directive_refuse(cmd, word, "replace, keep-clean");
    }
    return NULL;
}

static const char *set_leak(cmd_parms *cmd, void *conf_v, const char *word)
{
    static const char *const names[] = {"replace", "excise", "log", "off"};
    spbe_dir_conf_t *conf = conf_v;
    int i;

    for (i = 0; i < 4; i++) {
        if (strcasecmp(word, names[i]) == 0) {
            conf->leak = (spbe_leak_action_t)(SPBE_LEAK_REPLACE + i);
            return NULL;
        }
    }
    return spbe_directive_refuse(cmd, word, "replace, excise, log, off");
}

static const char *set_hold(cmd_parms *cmd, void *conf_v, const char *bytes,
                            const char *wait)
{
    spbe_dir_conf_t *conf = conf_v;
    apr_int64_t n = spbe_directive_size(bytes, 0, 1024 * 1024);

    if (n < 0) {
        return spbe_directive_refuse(cmd, bytes,
                                     "bytes from 0 to 1M (K and M are known)");
    }
    conf->hold = (int)n;
    if (wait != NULL) {
        n = spbe_directive_size(wait, 0, 60000);
        if (n < 0) {
            return spbe_directive_refuse(cmd, wait,
                                         "milliseconds from 0 to 60000");
        }
        conf->hold_wait = (int)n;
    }
    return NULL;
}

static const char *add_leak_type(cmd_parms *cmd, void *conf_v, const char *word)
{
    spbe_dir_conf_t *conf = conf_v;

    if (strcasecmp(word, "none") != 0 && strchr(word, '/') == NULL) {
        return spbe_directive_refuse(cmd, word,
                                     "media types such as text/* or "
                                     "application/vnd.ms-excel, or none");
    }
    return spbe_directive_word(cmd, &conf->leak_types, word);
}

static const char *add_hide_file(cmd_parms *cmd, void *conf_v, const char *word)
{
    spbe_dir_conf_t *conf = conf_v;

    if (*word == '/') {
        return spbe_directive_refuse(cmd, word,
                                     "patterns without a leading '/', such as "
                                     "*.sql or wp-content/debug.log, or none");
    }
    return spbe_directive_word(cmd, &conf->hide_files, word);
}

static const char *add_strip_header(cmd_parms *cmd, void *conf_v,
                                    const char *word)
{
    spbe_dir_conf_t *conf = conf_v;
    const char *c;

    for (c = word; *c != '\0'; c++) {
        if (!apr_isalnum(*c) && strchr("-_", *c) == NULL &&
            !(*c == '*' && c[1] == '\0')) {
            return spbe_directive_refuse(cmd, word,
                                         "header names, with * at the end for "
                                         "all that begin so, or none");
        }
    }
    return spbe_directive_word(cmd, &conf->strip_headers, word);
}

static const char *set_error_page(cmd_parms *cmd, void *conf_v,
                                  const char *file)
{
    spbe_dir_conf_t *conf = conf_v;
    const char *path = ap_server_root_relative(cmd->pool, file);
    const char *error;
    spbe_span_t html;

    if (path == NULL) {
        return spbe_directive_refuse(cmd, file, "the path of a file");
    }
    error = spbe_files_read(path, &html, cmd->pool);
    if (error == NULL) {
        conf->pages = spbe_pages_create(path, html, &error, cmd->pool);
    }
    return conf->pages != NULL && error == NULL
               ? NULL
               : apr_psprintf(cmd->pool, "%s: %s", cmd->cmd->name, error);
}

static const char *set_contact(cmd_parms *cmd, void *conf_v, const char *text)
{
    spbe_dir_conf_t *conf = conf_v;

    if (strlen(text) > 300) {
        return spbe_directive_refuse(cmd, text, "a text of at most 300 bytes");
    }
    conf->contact = text;
    return NULL;
}

static const char *set_language(cmd_parms *cmd, void *conf_v, int argc,
                                char *const argv[])
{
    spbe_dir_conf_t *conf = conf_v;
    const char *all = NULL;
    int i;

    for (i = 0; i < argc; i++) {
        if (strcasecmp(argv[i], "id") != 0 && strcasecmp(argv[i], "en") != 0) {
            return spbe_directive_refuse(cmd, argv[i],
                                         "id, en, in the order of preference");
        }
        all = all == NULL ? argv[i]
                          : apr_pstrcat(cmd->pool, all, " ", argv[i], NULL);
    }
    if (all == NULL) {
        return spbe_directive_refuse(cmd, "",
                                     "id, en, in the order of preference");
    }
    conf->languages = all;
    return NULL;
}

static const char *add_redact(cmd_parms *cmd, void *conf_v, const char *name)
{
    const char *error = spbe_directive_main_only(cmd);

    if (error != NULL) {
        return error;
    }
    if (strlen(name) < 2 || strlen(name) > 100) {
        return spbe_directive_refuse(cmd, name,
                                     "field names of 2 to 100 bytes");
    }
    APR_ARRAY_PUSH(spbe_conf_server(cmd->server)->redact, const char *) = name;
    return NULL;
}

static const char *add_rules_file(cmd_parms *cmd, void *conf_v,
                                  const char *file)
{
    const char *error = spbe_directive_main_only(cmd);
    const char *path = ap_server_root_relative(cmd->pool, file);

    if (error != NULL) {
        return error;
    }
    if (path == NULL) {
        return spbe_directive_refuse(cmd, file, "the path of a file");
    }
    APR_ARRAY_PUSH(spbe_conf_server(cmd->server)->rule_files, const char *) =
        path;
    return NULL;
}

const command_rec spbe_directives[] = {
    AP_INIT_TAKE1("SpbeGuardEngine", set_mode, NULL, ANYWHERE,
                  "On, DetectOnly or Off, for both procedures"),
    AP_INIT_TAKE1("SpbeGuardFailure", set_mode, "f", ANYWHERE,
                  "On, DetectOnly or Off: Penanganan Kesalahan"),
    AP_INIT_TAKE1("SpbeGuardInput", set_mode, "i", ANYWHERE,
                  "On, DetectOnly or Off: Validasi Input"),
    SPBE_LOG_DIRECTIVES,
    AP_INIT_TAKE_ARGV("SpbeGuardApplication", set_application, NULL, ANYWHERE,
                      "name, then owner= dev= sysadmin= data="),
    AP_INIT_TAKE_ARGV("SpbeGuardErrorStatus", set_error_status, NULL, ANYWHERE,
                      "statuses whose body is always replaced"),
    AP_INIT_TAKE1("SpbeGuardErrorBody", set_error_body, NULL, ANYWHERE,
                  "replace or keep-clean"),
    AP_INIT_TAKE1("SpbeGuardLeak", set_leak, NULL, ANYWHERE,
                  "replace, excise, log or off"),
    AP_INIT_ITERATE("SpbeGuardLeakTypes", add_leak_type, NULL, ANYWHERE,
                    "media types that are searched as well"),
    AP_INIT_TAKE12("SpbeGuardHold", set_hold, NULL, ANYWHERE,
                   "bytes and milliseconds a response is held back"),
    AP_INIT_ITERATE("SpbeGuardHideFile", add_hide_file, NULL, ANYWHERE,
                    "patterns of files that are never a page"),
    AP_INIT_TAKE1("SpbeGuardErrorPage", set_error_page, NULL, ANYWHERE,
                  "an HTML template of your own"),
    AP_INIT_TAKE1("SpbeGuardContact", set_contact, NULL, ANYWHERE,
                  "whom a visitor can ask"),
    AP_INIT_TAKE_ARGV("SpbeGuardLanguage", set_language, NULL, ANYWHERE,
                      "id and en in the order of preference"),
    AP_INIT_ITERATE("SpbeGuardStripHeader", add_strip_header, NULL, ANYWHERE,
                    "response headers that are removed"),
    AP_INIT_ITERATE("SpbeGuardRedact", add_redact, NULL, RSRC_CONF,
                    "names of fields whose values are secret"),
    AP_INIT_ITERATE("SpbeGuardRules", add_rules_file, NULL, RSRC_CONF,
                    "files with more leak rules"),
    SPBE_INPUT_DIRECTIVES,
    {NULL, {NULL}, NULL, 0, RAW_ARGS, NULL}};
