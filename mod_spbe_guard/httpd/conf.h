/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/conf.h - what the administrator said, per server and per directory.
 *
 * Every per-directory member stands once in SPBE_DIR_MEMBERS, SPBE_DIR_LISTS
 * or SPBE_DIR_JOINED: type, name, unset value and default. Creation, merging and
 * reading are generated from there, so that none can be forgotten. Unset is a
 * value of its own, never 0 = off.
 */
#ifndef SPBE_HTTPD_CONF_H
#define SPBE_HTTPD_CONF_H

#include <httpd.h>
#include <http_config.h>

#include "failure/classify.h"
#include "failure/page.h"
#include "failure/rules.h"
#include "input/policy.h"
#include "input/settings.h"
#include "record/redact.h"

typedef enum spbe_mode {
    SPBE_MODE_UNSET = 0,
    SPBE_MODE_OFF = 1,
    SPBE_MODE_DETECT = 2, /* records, changes nothing */
    SPBE_MODE_ON = 3
} spbe_mode_t;

typedef enum spbe_error_body {
    SPBE_BODY_UNSET = 0,
    SPBE_BODY_REPLACE = 1,
    SPBE_BODY_KEEP_CLEAN = 2
} spbe_error_body_t;

typedef enum spbe_leak_action {
    SPBE_LEAK_UNSET = 0,
    SPBE_LEAK_REPLACE = 1, /* fatal ones replaced, notices cut out */
    SPBE_LEAK_EXCISE = 2,  /* every leak only cut out */
    SPBE_LEAK_LOG = 3,
    SPBE_LEAK_OFF = 4
} spbe_leak_action_t;

typedef enum spbe_fail_mode {
    SPBE_FAIL_UNSET = 0,
    SPBE_FAIL_CLOSED = 1, /* what cannot be checked is refused */
    SPBE_FAIL_OPEN = 2    /* ... is recorded and passes */
} spbe_fail_mode_t;

/* SpbeGuardPolicy; without a policy: "none" was said. */
typedef struct spbe_policy_file {
    const char *path;
    const spbe_policy_t *policy;
} spbe_policy_file_t;

/* SpbeGuardParam lines, each compiled alone when it was read. */
typedef struct spbe_params {
    const apr_array_header_t *lines; /* const spbe_policy_t * */
    const spbe_policy_t *policy;     /* joined from them; NULL: none */
    int fresh;                       /* "none" was said: nothing inherited */
} spbe_params_t;

/* One bit for each status 400-599. */
typedef struct spbe_statuses {
    unsigned char bit[200];
} spbe_statuses_t;

#define SPBE_UNSET (-1)
#define SPBE_HOLD_DEFAULT (64 * 1024)
#define SPBE_HOLD_WAIT_DEFAULT 1000
#define SPBE_BODY_LIMIT_DEFAULT (1024 * 1024)
#define SPBE_SPOOL_LIMIT_DEFAULT (1024 * 1024 * 1024)
#define SPBE_LOG_WAIT_DEFAULT 50
#define SPBE_NO_DIR "" /* SpbeGuardSpill none */
#define SPBE_SPILL_LIMIT_DEFAULT (256 * 1024 * 1024)
#define SPBE_STOP_WAIT_DEFAULT 10
#define SPBE_DETAIL_RATE_DEFAULT 10

/* X(type, member, unset, default): the inner value wins over the outer. */
#define SPBE_DIR_MEMBERS(X)                                                  \
    X(spbe_mode_t, failure, SPBE_MODE_UNSET, SPBE_MODE_OFF)                  \
    X(spbe_mode_t, input, SPBE_MODE_UNSET, SPBE_MODE_OFF)                    \
    X(const char *, application, NULL, NULL)                                 \
    X(const char *, application_owner, NULL, NULL)                           \
    X(const char *, application_dev, NULL, NULL)                             \
    X(const char *, application_sysadmin, NULL, NULL)                        \
    X(const char *, application_data, NULL, NULL)                            \
    X(const spbe_statuses_t *, error_status, NULL, NULL)                     \
    X(spbe_error_body_t, error_body, SPBE_BODY_UNSET, SPBE_BODY_REPLACE)     \
    X(spbe_leak_action_t, leak, SPBE_LEAK_UNSET, SPBE_LEAK_REPLACE)          \
    X(int, hold, SPBE_UNSET, SPBE_HOLD_DEFAULT)                              \
    X(int, hold_wait, SPBE_UNSET, SPBE_HOLD_WAIT_DEFAULT)                    \
    X(spbe_pages_t *, pages, NULL, NULL)                                     \
    X(const char *, contact, NULL, NULL)                                     \
    X(const char *, languages, NULL, "id en")                                \
    X(const spbe_policy_file_t *, policy_file, NULL, NULL)                   \
    X(spbe_action_t, unknown, SPBE_ACTION_UNSET, SPBE_ACTION_LOG)            \
    X(apr_int64_t, body_limit, SPBE_UNSET, SPBE_BODY_LIMIT_DEFAULT)          \
    X(int, body_pass, SPBE_UNSET, 0)                                         \
    X(spbe_fail_mode_t, fail_mode, SPBE_FAIL_UNSET, SPBE_FAIL_UNSET)         \
    X(int, verdict_header, SPBE_UNSET, 0)                                    \
    X(int, client_script, SPBE_UNSET, 0)                                     \
    X(const char *, client_url, NULL, "/spbe-guard-client")

/* X(member): the inner list is added to the outer; after "none" it starts
 * anew, and the built-in entries are gone as well. */
#define SPBE_DIR_LISTS(X)                                                    \
    X(leak_types)                                                            \
    X(hide_files)                                                            \
    X(strip_headers)                                                         \
    X(ignore_params)                                                         \
    X(malformed) /* of spbe_malformed_rule_t: a later one wins */

/* X(type, member): NULL is unset; spbe_conf_join_MEMBER makes one of both
 * sides, and changes neither. */
#define SPBE_DIR_JOINED(X)                                                   \
    X(const spbe_params_t *, params)                                         \
    X(const spbe_limits_t *, limits)

typedef struct spbe_list {
    apr_array_header_t *items; /* const char *, or NULL: nothing added */
    int fresh;                 /* "none" was said: without built-in entries */
} spbe_list_t;

typedef struct spbe_dir_conf {
#define X(type, name, unset, def) type name;
    SPBE_DIR_MEMBERS(X)
#undef X
#define X(name) spbe_list_t name;
    SPBE_DIR_LISTS(X)
#undef X
#define X(type, name) type name;
    SPBE_DIR_JOINED(X)
#undef X
} spbe_dir_conf_t;

#define X(type, name)                                                        \
    type spbe_conf_join_##name(apr_pool_t *p, type outer, type inner);
SPBE_DIR_JOINED(X)
#undef X

#define X(type, name, unset, def)                                            \
    static inline type spbe_dir_##name(const spbe_dir_conf_t *conf)          \
    {                                                                        \
        return conf->name == (unset) ? (def) : conf->name;                   \
    }
SPBE_DIR_MEMBERS(X)
#undef X

/* What belongs to the whole server: read from the main server only. */
typedef struct spbe_server_conf {
    const char *log;              /* SpbeGuardLog, NULL when not given */
    int log_wait;                 /* milliseconds a record may wait */
    const char *run_dir;          /* of the ledger, or NULL */
    const char *spill_dir;        /* of what the pipe did not take, or NULL */
    apr_int64_t spill_limit;      /* bytes of it */
    int stop_wait;                /* seconds for the logger at a stop */
    int detail_rate;              /* full records a minute of one fault */
    int record_limit;             /* bytes */
    const char *recipients_file;  /* of public keys; NULL: the default one */
    int recipients_clear;         /* "none" was said: nothing is sealed */
    const char *spool_dir;        /* of temporary bodies, or NULL */
    apr_int64_t spool_limit;      /* bytes of them, of all processes */
    apr_array_header_t *redact;   /* const char *: more secret names */
    apr_array_header_t *rule_files; /* const char *: absolute paths */
    int *guarded;                 /* some place has a mode that is not Off */
    /* Made by check_config, immutable afterwards. */
    spbe_rules_t *rules;
    spbe_class_rules_t *classes;
    spbe_redact_t *redaction;
    spbe_pages_t *pages;
    const apr_array_header_t *recipients; /* or NULL: none, or no file */
    struct spbe_runtime *runtime; /* made by post_config */
} spbe_server_conf_t;

/* The one name that leaves the shared object. */
extern module AP_MODULE_DECLARE_DATA spbe_guard_module
    __attribute__((visibility("default")));

void *spbe_conf_dir_create(apr_pool_t *p, char *path);
void *spbe_conf_dir_merge(apr_pool_t *p, void *outer, void *inner);
void *spbe_conf_server_create(apr_pool_t *p, server_rec *s);
void *spbe_conf_server_merge(apr_pool_t *p, void *outer, void *inner);

const spbe_dir_conf_t *spbe_conf_dir(const request_rec *r);
/* Any server_rec leads to the one configuration of the whole server. */
spbe_server_conf_t *spbe_conf_server(const server_rec *s);

/* Is the status in SpbeGuardErrorStatus? */
int spbe_conf_is_error(const spbe_dir_conf_t *conf, int status);

/* What is to be done when the check itself fails. */
spbe_fail_mode_t spbe_conf_fail_mode(const spbe_dir_conf_t *conf);

/* What the check needs to know; refers to conf, copies nothing. s: NULL leaves
 * out what is the whole server's (redact). */
spbe_settings_t spbe_conf_settings(const server_rec *s,
                                   const spbe_dir_conf_t *conf);

/* Does `done` refuse everything that `now` would? */
int spbe_conf_covers(const spbe_dir_conf_t *done, const spbe_dir_conf_t *now);

/* The highest of the two switches. */
static inline spbe_mode_t spbe_conf_mode(const spbe_dir_conf_t *conf)
{
    spbe_mode_t f = spbe_dir_failure(conf), i = spbe_dir_input(conf);

    return f > i ? f : i;
}

extern const command_rec spbe_directives[];

/* Hook: compiles rules, messages and pages, so that configtest reports them. */
int spbe_conf_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s);

#endif
