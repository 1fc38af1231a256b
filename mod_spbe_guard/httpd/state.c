/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/state.c - what the guard knows of one external request. See state.h.
 */
#include "httpd/state.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>

#include "httpd/refuse.h"
#include "httpd/thread.h"
#include "record/trigger.h"

APLOG_USE_MODULE(spbe_guard);

request_rec *spbe_state_first(request_rec *r)
{
    while (r->main != NULL || r->prev != NULL) {
        r = r->main != NULL ? r->main : r->prev;
    }
    return r;
}

spbe_state_t *spbe_state_find(const request_rec *r)
{
    while (r->main != NULL || r->prev != NULL) {
        r = r->main != NULL ? r->main : r->prev;
    }
    return r->request_config == NULL
               ? NULL
               : ap_get_module_config(r->request_config, &spbe_guard_module);
}

/* Runs on any thread: the slot is only touched while it is still ours. */
static apr_status_t forget(void *data)
{
    spbe_state_t *state = data;

    apr_uint64_t own = state->serial;

    spbe_lines_free(&state->lines);
    if (state->slot != NULL) {
        __atomic_compare_exchange_n(&state->slot->busy, &own, 0, 0,
                                    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    }
    return APR_SUCCESS;
}

spbe_state_t *spbe_state_get(request_rec *r)
{
    spbe_state_t *state = spbe_state_find(r);

    if (state != NULL) {
        return state;
    }
    r = spbe_state_first(r);
    state = apr_pcalloc(r->pool, sizeof(*state));
    state->r = r;
    state->method = r->method == NULL ? "-" : r->method;
    state->method_number = r->method_number;
    spbe_ref_make(&state->ref, apr_time_now());
    ap_set_module_config(r->request_config, &spbe_guard_module, state);
    apr_pool_cleanup_register(r->pool, state, forget, apr_pool_cleanup_null);
    return state;
}

static int is_guarded(const server_rec *s)
{
    return *spbe_conf_server(s)->guarded;
}

/* For the record of a crash: no query, no control characters, no quotes. */
static void note_in_slot(spbe_state_t *state, request_rec *r)
{
    spbe_thread_t *thread = spbe_thread_get();
    spbe_slot_t *slot = thread->slot;
    const spbe_dir_conf_t *conf = spbe_conf_dir(r);
    const char *name = spbe_dir_application(conf);

    spbe_lines_clear(&thread->lines);
    slot->busy = 0;
    slot->signal = 0;
    slot->since = r->request_time;
    slot->ref = state->ref;
    apr_cpystrn(slot->method, r->method ? r->method : "-",
                sizeof(slot->method));
    apr_cpystrn(slot->route, r->uri ? r->uri : "-", sizeof(slot->route));
    apr_cpystrn(slot->host, r->hostname ? r->hostname : "",
                sizeof(slot->host));
    apr_cpystrn(slot->application,
                name ? name : r->server->server_hostname
                         ? r->server->server_hostname : "",
                sizeof(slot->application));
    slot->count.requests++;
    state->serial = ++slot->serial;
    /* A slot of the thread's own goes with it, maybe before the request. */
    state->slot = thread->own_slot ? NULL : slot;
    __atomic_store_n(&slot->busy, state->serial, __ATOMIC_RELEASE);
}

/*
 * httpd drops a Content-Length that came beside a Transfer-Encoding, before
 * any hook runs; what is left of it is that the connection will be closed,
 * which nothing else has decided so early.
 */
static int came_with_both(const request_rec *r)
{
    return r->proto_num < HTTP_VERSION(2, 0)
           && r->connection->keepalive == AP_CONN_CLOSE
           && apr_table_get(r->headers_in, "Transfer-Encoding") != NULL
           && apr_table_get(r->headers_in, "Content-Length") == NULL;
}

/* First of all: later hooks may log, refuse or crash. */
static int begin(request_rec *r)
{
    if (r->main == NULL && r->prev == NULL && is_guarded(r->server)) {
        spbe_state_t *state = spbe_state_get(r);

        /* %L in both logs, also where the error log has nothing to say. */
        r->log_id = state->ref.ref;
        state->both_lengths = came_with_both(r) != 0;
        note_in_slot(state, r);
    }
    return DECLINED;
}

/* %L in access and error log is the reference the visitor reads. */
static int log_id(const conn_rec *c, const request_rec *r, const char **id)
{
    spbe_state_t *state;

    if (r == NULL || r->request_config == NULL || !is_guarded(r->server)) {
        return DECLINED;
    }
    state = spbe_state_find(r);
    if (state == NULL) {
        return DECLINED;
    }
    *id = state->ref.ref;
    return OK;
}

/* X_Spbe_Verdict and X.Spbe.Verdict as well: behind a proxy some servers make
 * one variable of them all. */
static int is_reserved(const char *name)
{
    static const char reserved[] = "x-spbe-";
    size_t i;

    for (i = 0; reserved[i] != '\0'; i++) {
        char c = apr_isalnum(name[i]) ? (char)apr_tolower(name[i]) : '-';

        if (name[i] == '\0' || c != reserved[i]) {
            return 0;
        }
    }
    return 1;
}

static int drop_inbound(void *rec, const char *name, const char *value)
{
    if (is_reserved(name)) {
        APR_ARRAY_PUSH((apr_array_header_t *)rec, const char *) = name;
    }
    return 1;
}

/* mod_proxy drops what Connection names: ours is not the visitor's to name. */
static void free_connection(request_rec *r)
{
    const char *connection = apr_table_get(r->headers_in, "Connection");
    const char *left = NULL;
    char *copy, *word, *next;
    int dropped = 0;

    if (connection == NULL) {
        return;
    }
    copy = apr_pstrdup(r->pool, connection);
    for (word = apr_strtok(copy, ", \t", &next); word != NULL;
         word = apr_strtok(NULL, ", \t", &next)) {
        if (is_reserved(word)) {
            dropped = 1;
            continue;
        }
        left = left == NULL ? word : apr_pstrcat(r->pool, left, ", ", word, NULL);
    }
    if (dropped && left == NULL) {
        apr_table_unset(r->headers_in, "Connection");
    }
    else if (dropped) {
        apr_table_setn(r->headers_in, "Connection", left);
    }
}

/* Nobody outside may say what only the guard says. */
static void remove_inbound(request_rec *r)
{
    apr_array_header_t *names = apr_array_make(r->pool, 0, sizeof(char *));
    int i;

    apr_table_do(drop_inbound, names, r->headers_in, NULL);
    for (i = 0; i < names->nelts; i++) {
        apr_table_unset(r->headers_in, APR_ARRAY_IDX(names, i, const char *));
    }
    free_connection(r);
}

static int can_undo(const char *coding)
{
    static const char *const known[] = { "gzip", "x-gzip", "deflate", "br",
                                         "identity", NULL };
    size_t len = strcspn(coding, "; \t");
    int i;

    for (i = 0; known[i] != NULL; i++) {
        if (strlen(known[i]) == len
            && strncasecmp(known[i], coding, len) == 0) {
            return 1;
        }
    }
    return 0;
}

/* A response in zstd could not be searched: the application is not asked for
 * what the guard cannot read. */
static void accept_what_can_be_undone(request_rec *r)
{
    const char *accept = apr_table_get(r->headers_in, "Accept-Encoding");
    const char *left = NULL;
    char *copy, *word, *next;
    int dropped = 0;

    if (accept == NULL) {
        return;
    }
    copy = apr_pstrdup(r->pool, accept);
    for (word = apr_strtok(copy, ",", &next); word != NULL;
         word = apr_strtok(NULL, ",", &next)) {
        word += strspn(word, " \t");
        if (can_undo(word)) {
            left = left == NULL ? word
                                : apr_pstrcat(r->pool, left, ", ", word, NULL);
        }
        else {
            dropped = 1;
        }
    }
    if (dropped) {
        apr_table_setn(r->headers_in, "Accept-Encoding",
                       left == NULL ? "identity" : left);
    }
}

static int give_reference(request_rec *r)
{
    if (r->main == NULL && r->prev == NULL
        && spbe_dir_failure(spbe_conf_dir(r)) == SPBE_MODE_ON) {
        accept_what_can_be_undone(r);
    }
    if (spbe_conf_mode(spbe_conf_dir(r)) == SPBE_MODE_OFF) {
        return DECLINED;
    }
    apr_table_setn(r->subprocess_env, "SPBE_REF",
                   spbe_state_get(r)->ref.ref);
    r->log_id = spbe_state_get(r)->ref.ref;
    if (spbe_state_get(r)->refused != NULL) {
        /* An ErrorDocument: it is told what it stands for. */
        spbe_verdict_env(r, spbe_state_get(r)->refused);
    }
    if (r->main == NULL && r->prev == NULL) {
        remove_inbound(r);
    }
    return DECLINED;
}

void spbe_state_hooks(apr_pool_t *p)
{
    ap_hook_post_read_request(begin, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_generate_log_id(log_id, NULL, NULL, APR_HOOK_REALLY_FIRST);
    /* Before mod_rewrite's own fixup, so that rules can use SPBE_REF. */
    ap_hook_fixups(give_reference, NULL, NULL, APR_HOOK_REALLY_FIRST);
}
