/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/report_input.c - the verdict on a request becomes a record. See
 * report_input.h.
 */
#include "httpd/report_input.h"

#include <string.h>

#include <apr_strings.h>

#include "httpd/collapse.h"
#include "httpd/input.h"
#include "httpd/report_record.h"
#include "httpd/runtime.h"
#include "httpd/tally.h"
#include "httpd/thread.h"
#include "record/anomaly.h"
#include "record/nameless.h"

/* Empty when there were no random bytes for it. */
static spbe_span_t hash_key(void)
{
    static const unsigned char none[sizeof(((spbe_shm_t *)NULL)->key)];
    const spbe_shm_t *shm = spbe_thread_shm();

    if (shm == NULL || memcmp(shm->key, none, sizeof(none)) == 0) {
        return SPBE_SPAN_EMPTY;
    }
    return (spbe_span_t){(const char *)shm->key, sizeof(shm->key)};
}

static spbe_record_t describe(request_rec *r, const spbe_verdict_t *verdict,
                              int refused)
{
    spbe_record_t record = spbe_report_base(r, spbe_conf_dir(r), "anomaly");

    spbe_anomaly_describe(&record, verdict, refused, r->pool);
    if (!refused) {
        spbe_report_set_apart(&record, r->pool);
    }
    /* As in the tallies: what is compared later must be cut alike. */
    record.route =
        verdict->route == NULL
            ? spbe_report_route(r)
            : apr_pstrndup(r->pool, verdict->route, SPBE_TALLIES_ROUTE - 1);
    record.status_in = verdict->status;
    record.status_out = refused ? verdict->status : 0;
    return record;
}

/* What has no name but looks like one must not be written as one. */
static const spbe_verdict_t *veiled(request_rec *r,
                                    const spbe_verdict_t *verdict)
{
    const spbe_input_t *input = spbe_input_of(r);
    spbe_nameless_t *nameless;
    unsigned most;

    if (input == NULL || input->view == NULL) {
        return verdict;
    }
    nameless = spbe_nameless_create(r->pool);
    most = (unsigned)spbe_limit_fields(&input->settings);
    spbe_nameless_read(nameless, input->view->query, most);
    if (input->kind == SPBE_BODY_FORM) {
        spbe_nameless_read(nameless, input->view->body, most);
    }
    return spbe_nameless_veil(nameless, verdict,
                              spbe_conf_server(r->server)->redaction,
                              spbe_report_sensitive(r), r->pool);
}

/* Nothing of this request's response is recorded any more: not our page, not
 * the line in the error log that goes with it. */
static void set_done(request_rec *r, const spbe_verdict_t *verdict)
{
    spbe_state_t *state = spbe_state_get(r);

    state->recorded = state->quiet = 1;
    state->status_recorded = verdict->status;
}

void spbe_report_verdict(request_rec *r, const spbe_verdict_t *verdict,
                         int refused)
{
    const spbe_verdict_t *shown;
    spbe_record_t record;
    spbe_collapse_t what;
    spbe_buf_t same;

    if (verdict->findings->nelts == 0 && !refused) {
        return;
    }
    shown = veiled(r, verdict);
    record = describe(r, shown, refused);
    spbe_buf_init(&same, 128, r->pool);
    spbe_anomaly_signature(&same, shown);
    what = spbe_collapse(r, &record, spbe_buf_span(&same), refused);
    if (what == SPBE_COLLAPSE_FULL) {
        record.input = spbe_report_input(r);
        record.hash_key = hash_key();
        record.sensitive = spbe_report_sensitive(r);
    }
    else {
        record.findings = NULL;
    }
    if (what != SPBE_COLLAPSE_NONE) {
        spbe_report_write_aside(r, &record);
    }
    if (refused) {
        set_done(r, verdict);
    }
    spbe_tally_outcome(r, verdict, refused);
}
