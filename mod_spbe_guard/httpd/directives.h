/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/directives.h - what the files of setters share, and the parts of the
 * table of directives. Private to directives*.c.
 *
 * A setter returns NULL or a sentence that names the value and what is
 * allowed; httpd puts the line in front of it. None is allowed in .htaccess:
 * whoever can write one could switch the guard off.
 */
#ifndef SPBE_HTTPD_DIRECTIVES_H
#define SPBE_HTTPD_DIRECTIVES_H

#include "httpd/conf.h"

#define ANYWHERE (RSRC_CONF | ACCESS_CONF)

/* "SpbeGuardX: 'value' is not allowed here; allowed: ..." */
const char *spbe_directive_refuse(cmd_parms *cmd, const char *value,
                                  const char *allowed);

/* NULL in the main server, outside of sections. */
const char *spbe_directive_main_only(cmd_parms *cmd);

/* Digits with an optional K, M or G; -1 unless it lies within [min, max]. */
apr_int64_t spbe_directive_size(const char *word, apr_int64_t min,
                                apr_int64_t max);

/* A word of 1 to 200 bytes into the list; "none" clears it. */
const char *spbe_directive_word(cmd_parms *cmd, spbe_list_t *list,
                                const char *word);

#define SETTER(name) const char *name(cmd_parms *cmd, void *conf_v
SETTER(spbe_directive_log), const char *target);
SETTER(spbe_directive_log_wait), const char *word);
SETTER(spbe_directive_record_limit), const char *word);
SETTER(spbe_directive_run_dir), const char *path);
SETTER(spbe_directive_spill), const char *path);
SETTER(spbe_directive_spill_limit), const char *bytes);
SETTER(spbe_directive_stop_wait), const char *seconds);
SETTER(spbe_directive_detail_rate), const char *number);
SETTER(spbe_directive_recipients), const char *file);
SETTER(spbe_directive_policy), const char *file);
SETTER(spbe_directive_param), int argc, char *const argv[]);
SETTER(spbe_directive_unknown), const char *word);
SETTER(spbe_directive_ignore_param), const char *word);
SETTER(spbe_directive_malformed), int argc, char *const argv[]);
SETTER(spbe_directive_limit), const char *what, const char *number);
SETTER(spbe_directive_body_limit), const char *bytes, const char *pass);
SETTER(spbe_directive_fail_mode), const char *word);
SETTER(spbe_directive_verdict_header), int on);
SETTER(spbe_directive_client_script), const char *on, const char *url);
SETTER(spbe_directive_spool_dir), const char *path);
SETTER(spbe_directive_spool_limit), const char *bytes);
#undef SETTER

#define SPBE_LOG_DIRECTIVES                                                  \
    AP_INIT_TAKE1("SpbeGuardLog", spbe_directive_log, NULL, RSRC_CONF,       \
                  "\"|command\" or a file: the confidential log"),           \
    AP_INIT_TAKE1("SpbeGuardLogWait", spbe_directive_log_wait, NULL,         \
                  RSRC_CONF, "milliseconds a record may wait for the logger"),\
    AP_INIT_TAKE1("SpbeGuardRecordLimit", spbe_directive_record_limit, NULL, \
                  RSRC_CONF, "bytes a record may have"),                     \
    AP_INIT_TAKE1("SpbeGuardRunDir", spbe_directive_run_dir, NULL,           \
                  RSRC_CONF, "folder of guard.shm"),                         \
    AP_INIT_TAKE1("SpbeGuardSpill", spbe_directive_spill, NULL, RSRC_CONF,   \
                  "folder of what a busy logger did not take, or none"),     \
    AP_INIT_TAKE1("SpbeGuardSpillLimit", spbe_directive_spill_limit, NULL,   \
                  RSRC_CONF, "bytes of it"),                                 \
    AP_INIT_TAKE1("SpbeGuardStopWait", spbe_directive_stop_wait, NULL,       \
                  RSRC_CONF, "seconds that a stop waits for the logger"),    \
    AP_INIT_TAKE1("SpbeGuardDetailRate", spbe_directive_detail_rate, NULL,   \
                  RSRC_CONF, "records with details a minute of one fault"),  \
    AP_INIT_TAKE1("SpbeGuardRecipients", spbe_directive_recipients, NULL,    \
                  RSRC_CONF, "public keys that details are sealed to, or none")

#define SPBE_INPUT_DIRECTIVES                                                \
    AP_INIT_TAKE1("SpbeGuardPolicy", spbe_directive_policy, NULL, ANYWHERE,  \
                  "an OpenAPI 3.1 document in JSON, or none"),               \
    AP_INIT_TAKE_ARGV("SpbeGuardParam", spbe_directive_param, NULL,          \
                      ANYWHERE, "name, type and options of a field"),        \
    AP_INIT_TAKE1("SpbeGuardUnknown", spbe_directive_unknown, NULL,          \
                  ANYWHERE, "reject, log or allow fields nobody declared"),  \
    AP_INIT_ITERATE("SpbeGuardIgnoreParam", spbe_directive_ignore_param,     \
                    NULL, ANYWHERE, "fields that need no declaration"),      \
    AP_INIT_TAKE_ARGV("SpbeGuardMalformed", spbe_directive_malformed, NULL,  \
                      ANYWHERE, "reasons or all, then reject, log or allow, "\
                      "then field=name"),                                    \
    AP_INIT_TAKE2("SpbeGuardLimit", spbe_directive_limit, NULL, ANYWHERE,    \
                  "what is limited, and a number"),                          \
    AP_INIT_TAKE12("SpbeGuardBodyLimit", spbe_directive_body_limit, NULL,    \
                   ANYWHERE, "bytes of a form, JSON or XML body, then pass"),\
    AP_INIT_TAKE1("SpbeGuardFailMode", spbe_directive_fail_mode, NULL,       \
                  ANYWHERE, "closed or open: when the check itself fails"),  \
    AP_INIT_FLAG("SpbeGuardVerdictHeader", spbe_directive_verdict_header,    \
                 NULL, ANYWHERE, "On: the verdict as a request header"),     \
    AP_INIT_TAKE12("SpbeGuardClientScript", spbe_directive_client_script,    \
                   NULL, ANYWHERE,                                           \
                   "On: the script goes into HTML pages; then its URL-path"),\
    AP_INIT_TAKE1("SpbeGuardSpoolDir", spbe_directive_spool_dir, NULL,       \
                  RSRC_CONF, "folder of temporary bodies"),                  \
    AP_INIT_TAKE1("SpbeGuardSpoolLimit", spbe_directive_spool_limit, NULL,   \
                  RSRC_CONF, "bytes of all temporary bodies together")

#endif
