/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/sealing.c - to whom details are sealed. See sealing.h.
 */
#include "httpd/sealing.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_strings.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <mpm_common.h>

#include "httpd/conf.h"
#include "httpd/runtime.h"
#include "record/recipients.h"

APLOG_USE_MODULE(spbe_guard);

#define WATCH_EVERY 5000 /* milliseconds */
#define WATCH_STACK (64 * 1024)

static const char *file_of(const spbe_server_conf_t *conf)
{
    return conf->recipients_file == NULL ? SPBE_RECIPIENTS_FILE
                                         : conf->recipients_file;
}

/* Only the default file may be absent: one that was named was meant. */
static int is_absent(const spbe_server_conf_t *conf)
{
    struct stat info;

    return conf->recipients_file == NULL
           && stat(SPBE_RECIPIENTS_FILE, &info) != 0
           && (errno == ENOENT || errno == ENOTDIR);
}

static void say_writable(const char *path, server_rec *s)
{
    struct stat info;

    if (stat(path, &info) == 0
        && ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0
            || (info.st_uid != 0 && info.st_uid != geteuid()))) {
        ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_WARNING, 0, s,
                     "SG0045: SpbeGuardRecipients: %s can be changed by others "
                     "than root: whoever adds a key of his own can read what "
                     "is recorded from then on; chown root, chmod 644", path);
    }
}

static const char *read_recipients(spbe_server_conf_t *conf, apr_pool_t *pconf)
{
    apr_array_header_t *recipients;
    const char *why;

    if (spbe_recipients_read(file_of(conf), &recipients, &why, pconf)
        != SPBE_OK) {
        return why;
    }
    if (spbe_recipients_in_use(recipients) == 0) {
        return apr_pstrcat(pconf, file_of(conf),
                           ": every key in it has retired; add one: "
                           "spbe-guardctl keys add", NULL);
    }
    conf->recipients = recipients;
    return NULL;
}

static void say_unsealed(const spbe_server_conf_t *conf, int level,
                         server_rec *s)
{
    if (conf->recipients_clear) {
        ap_log_error(APLOG_MARK, level, 0, s,
                     "SG0042: SpbeGuardRecipients none: the details of records "
                     "(messages, traces, input) are kept in clear; everybody "
                     "who becomes root here, or gets at a backup, can read "
                     "them");
    }
    else if (conf->recipients == NULL) {
        ap_log_error(APLOG_MARK, level, 0, s,
                     "SG0041: " SPBE_RECIPIENTS_FILE " is not there: the "
                     "details of records (messages, traces, input) are NOT "
                     "kept, only their index; run: spbe-guardctl init");
    }
}

static int check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                        server_rec *s)
{
    spbe_server_conf_t *conf = spbe_conf_server(s);
    const char *error;

    if (!*conf->guarded) {
        return OK;
    }
    if (!conf->recipients_clear && !is_absent(conf)) {
        error = read_recipients(conf, pconf);
        if (error != NULL) {
            ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_EMERG, 0, s,
                         "SG0040: SpbeGuardRecipients: %s", error);
            return HTTP_INTERNAL_SERVER_ERROR;
        }
        say_writable(file_of(conf), s);
    }
    if (ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST) {
        say_unsealed(conf, APLOG_STARTUP | APLOG_WARNING, s);
    }
    return OK;
}

void spbe_sealing_open(spbe_sink_t *sink, server_rec *s, apr_pool_t *pconf)
{
    const spbe_server_conf_t *conf = spbe_conf_server(s);

    say_unsealed(conf, APLOG_WARNING, s);
    sink->keep_clear = conf->recipients_clear;
    if (conf->recipients == NULL) {
        return;
    }
    sink->sealer = spbe_sealer_create(conf->recipients, sink->node, pconf);
    if (sink->sealer == NULL) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, errno, s,
                     "SG0043: details cannot be sealed (out of memory, or "
                     "OpenSSL without AES-256-GCM): they are not kept");
    }
}

/* Of this process: what root may lock, its children may not. */
static void say_unlocked(const spbe_sink_t *sink, server_rec *s)
{
    if (!spbe_sealer_locked(sink->sealer)) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SG0044: the key of the current minute cannot be locked "
                     "in memory and may reach the swap; allow httpd 64 KiB a "
                     "process (LimitMEMLOCK of its unit, ulimit -l)");
    }
}

static void *watch(void *data)
{
    for (;;) {
        poll(NULL, 0, WATCH_EVERY);
        spbe_sealer_tick(data, apr_time_now());
    }
    return NULL;
}

/*
 * Detached, and never joined: prefork ends a child from within a signal
 * handler, wherever that was. What the thread uses lives as long as the
 * process. It takes none of httpd's signals.
 */
static int start(spbe_sealer_t *sealer)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all, old;
    int rc;

    sigfillset(&all);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, WATCH_STACK);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    rc = pthread_create(&thread, &attr, watch, sealer);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attr);
    return rc;
}

void spbe_sealing_watch(const spbe_sink_t *sink, server_rec *s)
{
    int rc;

    if (sink->sealer == NULL) {
        return;
    }
    say_unlocked(sink, s);
    rc = start(sink->sealer);
    if (rc != 0) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, rc, s,
                     "SG0046: no thread: the key of a minute stays in memory "
                     "until the process seals its next record");
    }
}

/* The parent seals as well, and has no thread. */
static int on_monitor(apr_pool_t *p, server_rec *s)
{
    const spbe_runtime_t *runtime = spbe_runtime_get(s);

    if (runtime != NULL && runtime->sink->sealer != NULL) {
        spbe_sealer_tick(runtime->sink->sealer, apr_time_now());
    }
    return DECLINED;
}

void spbe_sealing_hooks(apr_pool_t *p)
{
    ap_hook_check_config(check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_monitor(on_monitor, NULL, NULL, APR_HOOK_MIDDLE);
}
