/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/tally.c - what became of the requests that were judged. See tally.h.
 */
#include "httpd/tally.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "httpd/conf.h"
#include "httpd/input.h"
#include "httpd/report_record.h"
#include "httpd/runtime.h"
#include "httpd/state.h"
#include "httpd/thread.h"
#include "record/record.h"

#define RECORD_SIZE (4 * 1024)
#define DAY APR_INT64_C(86400)
#define LAST_DAY 2932896 /* 9999-12-31 */

/* Where the server stands. */
static apr_int64_t today(const spbe_shm_t *shm)
{
    apr_int64_t offset =
        __atomic_load_n(&shm->shared->utc_offset, __ATOMIC_RELAXED);

    return (apr_time_sec(apr_time_now()) +
            (offset > -DAY && offset < DAY ? offset : 0)) /
           DAY;
}

static void add(request_rec *r, const char *route,
                const spbe_tallies_counts_t *counts)
{
    spbe_shm_t *shm = spbe_thread_shm();
    const char *application = spbe_dir_application(spbe_conf_dir(r));
    const char *host = r->server->server_hostname;

    if (shm == NULL) {
        return;
    }
    spbe_tallies_add(spbe_shm_tallies(shm),
                     application != NULL ? application
                     : host != NULL      ? host
                                         : "-",
                     route != NULL ? route : spbe_report_route(r),
                     route != NULL, today(shm), counts);
}

/* Somebody filled something in: a query, or a body. */
static int has_fields(request_rec *r)
{
    const request_rec *first = spbe_state_first(r);
    const char *length = apr_table_get(first->headers_in, "Content-Length");

    return (first->parsed_uri.query != NULL &&
            *first->parsed_uri.query != '\0') ||
           (length != NULL && apr_atoi64(length) > 0) ||
           apr_table_get(first->headers_in, "Transfer-Encoding") != NULL;
}

void spbe_tally_verdict(request_rec *r, const spbe_verdict_t *verdict)
{
    spbe_counters_t *counters = spbe_thread_count();
    int valid = verdict->findings->nelts == 0;
    spbe_tallies_counts_t counts = {.received = 1, .valid = valid};

    counters->judged++;
    counters->valid += valid;
    if (has_fields(r)) {
        add(r, verdict->route, &counts);
    }
}

void spbe_tally_outcome(request_rec *r, const spbe_verdict_t *verdict,
                        int refused)
{
    spbe_counters_t *counters = spbe_thread_count();
    spbe_tallies_counts_t counts = {.refused = refused != 0,
                                    .logged = refused == 0};

    /* Without fields only a fault in the head is worth counting. */
    counts.received = !has_fields(r);

    counters->refused += counts.refused;
    counters->refused_by[verdict->worst] += counts.refused;
    counters->logged += counts.logged;
    add(r, verdict->route, &counts);
}

void spbe_tally_client_page(request_rec *r)
{
    const spbe_input_t *input = spbe_input_of(r);
    spbe_tallies_counts_t counts = {.client_pages = 1};

    spbe_thread_count()->client_pages++;
    add(r, input == NULL ? NULL : input->match.route, &counts);
}

static const char *day_text(apr_int64_t day, apr_pool_t *pool)
{
    apr_time_exp_t date;

    /* It lay where others can write. */
    day = day < 0 || day > LAST_DAY ? 0 : day;
    apr_time_exp_gmt(&date, apr_time_from_sec(day * DAY));
    return apr_psprintf(pool, "%04d-%02d-%02d", date.tm_year + 1900,
                        date.tm_mon + 1, date.tm_mday);
}

static int write_row(server_rec *s, const spbe_tallies_row_t *row,
                     apr_pool_t *pool)
{
    const spbe_server_conf_t *conf = spbe_conf_server(s);
    spbe_record_t record = {0};
    spbe_encoded_t encoded;
    spbe_ref_t ref;

    spbe_ref_make(&ref, apr_time_now());
    record.id = ref.id;
    record.ts = apr_time_now();
    record.kind = "tally";
    record.node = conf->runtime->sink->node;
    record.application = row->application;
    record.route = row->route;
    record.day = day_text(row->day, pool);
    record.tally = &row->counts;
    encoded = spbe_record_encode(&record, conf->redaction, RECORD_SIZE, pool);
    return spbe_sink_write(conf->runtime->sink, &encoded, s, pool);
}

/* What was added where no row could be had: application and route are not
 * known any more. */
static void write_missed(server_rec *s, const spbe_shm_t *shm,
                         spbe_tallies_t *tallies, apr_pool_t *pool)
{
    spbe_tallies_row_t row = {.application = SPBE_TALLIES_OTHER,
                              .route = SPBE_TALLIES_OTHER};

    row.counts.received = spbe_tallies_missed(tallies);
    row.day = today(shm);
    if (row.counts.received > 0) {
        write_row(s, &row, pool);
    }
}

void spbe_tally_write(server_rec *s, apr_pool_t *pool)
{
    spbe_runtime_t *runtime = spbe_runtime_get(s);
    spbe_tallies_t *tallies;
    spbe_tallies_row_t row;
    apr_pool_t *scratch;
    unsigned at = 0;

    if (runtime == NULL || runtime->shm == NULL) {
        return;
    }
    tallies = spbe_shm_tallies(runtime->shm);
    apr_pool_create(&scratch, pool);
    while (spbe_tallies_take(tallies, &at, &row)) {
        if (!write_row(s, &row, scratch)) {
            /* The log does not take it: with the next ones. */
            spbe_tallies_add(tallies, row.application, row.route, 1, row.day,
                             &row.counts);
            break;
        }
        apr_pool_clear(scratch);
    }
    write_missed(s, runtime->shm, tallies, scratch);
    apr_pool_destroy(scratch);
}
