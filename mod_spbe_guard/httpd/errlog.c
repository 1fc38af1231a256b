/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/errlog.c - lines of the error log are kept with their request.
 *
 * mod_proxy_fcgi and mod_cgi name the request; mod_proxy does not, so its
 * lines go by the thread. mod_cgid's never come here: its stderr bypasses
 * httpd. The hook only reads; it allocates from no request's pool and logs
 * nothing itself.
 */
#include "httpd/errlog.h"

#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>

#include "httpd/crash.h"
#include "httpd/state.h"
#include "httpd/thread.h"

APLOG_USE_MODULE(spbe_guard);

static int is_ours(const ap_errorlog_info *info)
{
    return info->module_index == spbe_guard_module.module_index;
}

static void take_line(const ap_errorlog_info *info, const char *text)
{
    const request_rec *r = info->rmain != NULL ? info->rmain : info->r;
    spbe_state_t *state;
    spbe_thread_t *thread;

    if (r != NULL && r->request_config != NULL) {
        state = spbe_state_find(r);
        if (state != NULL) {
            spbe_lines_add(&state->lines, spbe_span_from(text));
        }
        return;
    }
    thread = spbe_thread_peek();
    if (thread != NULL && thread->slot->busy) {
        spbe_lines_add(&thread->lines, spbe_span_from(text));
    }
}

/* "AH00106: piped log program '...' failed unexpectedly", said by the parent
 * of any piped log. */
static void hear_logger(const char *text)
{
    spbe_shm_t *shm = spbe_thread_shm();

    if (shm != NULL && strncmp(text, "AH00106: ", 9) == 0
        && shm->log[0] != '\0' && strstr(text, shm->log) != NULL) {
        shm->shared->logger_deaths++;
        shm->shared->logger_died = apr_time_now();
    }
}

static void on_line(const ap_errorlog_info *info, const char *text)
{
    if (info->s == NULL && info->r == NULL) {
        hear_logger(text);
    }
    if (info->level < 0 || info->level > APLOG_NOTICE || is_ours(info)) {
        return;
    }
    if (info->level == APLOG_NOTICE && info->r == NULL) {
        /* The parent says in a notice how a child died. */
        spbe_crash_hear(text);
        return;
    }
    /* mod_php writes its fatal errors as notices, with the request. */
    take_line(info, text);
}

void spbe_errlog_hooks(apr_pool_t *p)
{
    ap_hook_error_log(on_line, NULL, NULL, APR_HOOK_MIDDLE);
}
