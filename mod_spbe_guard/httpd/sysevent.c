/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/sysevent.c - what the guard says of itself. See sysevent.h.
 *
 * What was in force before is kept as text in the process pool: the module and
 * its configuration are new in each generation.
 */
#include "httpd/sysevent.h"

#include <apr_strings.h>
#include <http_core.h>

#include "httpd/conf.h"
#include "httpd/effective.h"
#include "httpd/runtime.h"
#include "record/ref.h"
#include "text/version.h"

#define KEY "spbe_guard:places:1"
#define RECORD_SIZE (64 * 1024)

static spbe_record_t begin(server_rec *s, const char *event, spbe_ref_t *ref)
{
    spbe_record_t record = { 0 };

    spbe_ref_make(ref, apr_time_now());
    record.id = ref->id;
    record.ref = ref->ref;
    record.ts = apr_time_now();
    record.kind = "notice";
    record.severity = "notice";
    record.event = event;
    record.action = "logged";
    record.node = spbe_runtime_get(s)->sink->node;
    record.vhost = s->server_hostname;
    return record;
}

static void write_record(server_rec *s, const spbe_record_t *record,
                         apr_pool_t *pool)
{
    const spbe_server_conf_t *conf = spbe_conf_server(s);
    spbe_encoded_t encoded =
        spbe_record_encode(record, conf->redaction, RECORD_SIZE, pool);

    spbe_sink_write(conf->runtime->sink, &encoded, s, pool);
}

static const char *name_of(spbe_mode_t mode)
{
    static const char *const names[] = { "Off", "Off", "DetectOnly", "On" };

    return names[mode <= SPBE_MODE_ON ? mode : SPBE_MODE_OFF];
}

/* "failure On 2 DetectOnly 0 Off 1, input On 0 ..." */
static const char *count_modes(const apr_array_header_t *places,
                               apr_pool_t *pool)
{
    int n[2][SPBE_MODE_ON + 1] = { { 0 } };
    int i;

    for (i = 0; i < places->nelts; i++) {
        const spbe_zone_t *place = &APR_ARRAY_IDX(places, i, spbe_zone_t);

        n[0][place->failure]++;
        n[1][place->input]++;
    }
    return apr_psprintf(pool,
                        "failure On %d DetectOnly %d Off %d, input On %d "
                        "DetectOnly %d Off %d",
                        n[0][SPBE_MODE_ON], n[0][SPBE_MODE_DETECT],
                        n[0][SPBE_MODE_OFF], n[1][SPBE_MODE_ON],
                        n[1][SPBE_MODE_DETECT], n[1][SPBE_MODE_OFF]);
}

static void add_places(apr_array_header_t *facts,
                       const apr_array_header_t *places, apr_pool_t *pool)
{
    int i;

    for (i = 0; i < places->nelts; i++) {
        const spbe_zone_t *place = &APR_ARRAY_IDX(places, i, spbe_zone_t);

        APR_ARRAY_PUSH(facts, const char *) = apr_psprintf(
            pool, "%s%s%s: failure %s, input %s (%s)", place->vhost,
            *place->section == '\0' ? "" : " ", place->section,
            name_of(place->failure), name_of(place->input),
            place->application);
    }
}

static void write_start(server_rec *s, const char *event,
                        const apr_array_header_t *places, apr_pool_t *pool)
{
    spbe_effective_t effective;
    spbe_ref_t ref;
    spbe_record_t record = begin(s, event, &ref);

    spbe_effective_read(&effective, s, pool);
    record.config = effective.config;
    record.rules = effective.rules;
    record.policies = effective.policies;
    record.facts = effective.facts;
    record.title = apr_psprintf(pool, "mod_spbe_guard %s in %s: %s",
                                SPBE_VERSION, ap_get_server_banner(),
                                count_modes(places, pool));
    add_places(effective.facts, places, pool);
    write_record(s, &record, pool);
}

static void write_change(server_rec *s, const spbe_zone_t *place,
                         const char *which, spbe_mode_t then, spbe_mode_t now,
                         apr_pool_t *pool)
{
    spbe_ref_t ref;
    spbe_record_t record;

    if (then == now) {
        return;
    }
    record = begin(s, now > then ? "sys_monitor_enabled"
                                 : "sys_monitor_disabled", &ref);
    record.severity = now > then ? "notice" : "warning";
    record.vhost = place->vhost;
    record.application = place->application;
    record.title = apr_psprintf(pool, "%s %s -> %s: %s%s%s", which,
                                name_of(then), name_of(now), place->vhost,
                                *place->section == '\0' ? "" : " ",
                                place->section);
    write_record(s, &record, pool);
}

/* Both directions: places that are new, and those that are gone. NULL: as if
 * it was Off. */
static void compare(server_rec *s, const spbe_zone_t *place,
                    const spbe_zone_t *then, const spbe_zone_t *now,
                    apr_pool_t *pool)
{
    write_change(s, place, "SpbeGuardFailure",
                 then == NULL ? SPBE_MODE_OFF : then->failure,
                 now == NULL ? SPBE_MODE_OFF : now->failure, pool);
    write_change(s, place, "SpbeGuardInput",
                 then == NULL ? SPBE_MODE_OFF : then->input,
                 now == NULL ? SPBE_MODE_OFF : now->input, pool);
}

static void write_changes(server_rec *s, const apr_array_header_t *then,
                          const apr_array_header_t *now, apr_pool_t *pool)
{
    const spbe_zone_t *place, *other;
    int i;

    for (i = 0; i < now->nelts; i++) {
        place = &APR_ARRAY_IDX(now, i, spbe_zone_t);
        compare(s, place,
                spbe_effective_find(then, place->vhost, place->section),
                place, pool);
    }
    for (i = 0; i < then->nelts; i++) {
        place = &APR_ARRAY_IDX(then, i, spbe_zone_t);
        other = spbe_effective_find(now, place->vhost, place->section);
        if (other == NULL || strcmp(other->section, place->section) != 0) {
            compare(s, place, place, other, pool);
        }
    }
}

void spbe_sysevent_start(server_rec *s, apr_pool_t *ptemp)
{
    apr_array_header_t *places = spbe_effective_places(s, ptemp);
    const char *text = spbe_effective_write(places, ptemp);
    apr_pool_t *pool = s->process->pool;
    void *before = NULL;

    apr_pool_userdata_get(&before, KEY, pool);
    write_start(s, before == NULL ? "sys_startup" : "sys_restart", places,
                ptemp);
    if (before != NULL && strcmp(before, text) != 0) {
        write_changes(s, spbe_effective_parse(before, ptemp), places, ptemp);
    }
    if (before == NULL || strcmp(before, text) != 0) {
        /* Not setn: the key's text goes away with the module. */
        apr_pool_userdata_set(apr_pstrdup(pool, text), KEY, NULL, pool);
    }
}

void spbe_sysevent_stop(server_rec *s, apr_pool_t *pool)
{
    spbe_ref_t ref;
    spbe_record_t record = begin(s, "sys_shutdown", &ref);

    record.title = "httpd was stopped";
    write_record(s, &record, pool);
}
