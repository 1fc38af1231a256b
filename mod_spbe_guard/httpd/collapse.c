/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/collapse.c - a flood of the same is one record and a number. See
 * collapse.h.
 */
#include "httpd/collapse.h"

#include <string.h>

#include <apr_strings.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "httpd/conf.h"
#include "httpd/report_record.h"
#include "httpd/runtime.h"
#include "httpd/thread.h"
#include "text/buf.h"

#define RECORD_SIZE (4 * 1024)

/* What the record of a whole window says, kept in shared memory. */
typedef struct note {
    char id[SPBE_ID_SIZE];
    char kind[12], severity[12], class_name[16], event[40], action[16];
    char reason[32], keyword[32], place[12], field[104], wanted[12];
    char application[80], vhost[80], client[48], method[16];
    char route[200], title[200];
    int status_in, status_out;
} note_t;

_Static_assert(sizeof(note_t) <= SPBE_FLOOD_NOTE, "a note fits");

/* Members of both that are text. */
#define TEXTS(X)                                                               \
    X(id)                                                                      \
    X(kind)                                                                    \
    X(severity) X(class_name) X(event) X(action) X(reason) X(keyword) X(place) \
        X(field) X(wanted) X(application) X(vhost) X(client) X(method)         \
            X(route) X(title)

static void take_note(note_t *note, const spbe_record_t *record)
{
    memset(note, 0, sizeof(*note));
#define X(name)                                                                \
    if (record->name != NULL) {                                                \
        apr_cpystrn(note->name, record->name, sizeof(note->name));             \
    }
    TEXTS(X)
#undef X
    note->status_in = record->status_in;
    note->status_out = record->status_out;
}

static const char *text_of(const char *text)
{
    return *text == '\0' ? NULL : text;
}

/* note must live as long as the record. */
static spbe_record_t record_of(const note_t *note,
                               const spbe_flood_closed_t *closed,
                               apr_pool_t *pool)
{
    spbe_record_t record = {0};
    spbe_ref_t *own = apr_palloc(pool, sizeof(*own));

#define X(name) record.name = text_of(note->name);
    TEXTS(X)
#undef X
    spbe_ref_make(own, apr_time_now());
    record.of = note->id;
    record.id = own->id;
    record.ts = closed->last;
    record.status_in = note->status_in;
    record.status_out = note->status_out;
    record.count = closed->counted;
    record.total = closed->total;
    record.first = closed->first;
    record.last = closed->last;
    return record;
}

static void write_record(server_rec *s, spbe_record_t *record, apr_pool_t *pool)
{
    const spbe_server_conf_t *conf = spbe_conf_server(s);
    spbe_encoded_t encoded;

    record->node = conf->runtime->sink->node;
    encoded = spbe_record_encode(record, conf->redaction, RECORD_SIZE, pool);
    spbe_sink_write(conf->runtime->sink, &encoded, s, pool);
}

/* It lay where others can write. */
static void end_texts(note_t *note)
{
#define X(name) note->name[sizeof(note->name) - 1] = '\0';
    TEXTS(X)
#undef X
}

static void write_closed(server_rec *s, const spbe_flood_closed_t *closed,
                         apr_pool_t *pool)
{
    note_t *note = apr_pmemdup(pool, closed->note, sizeof(*note));
    spbe_record_t record;

    end_texts(note);
    record = record_of(note, closed, pool);
    write_record(s, &record, pool);
}

static void add_part(spbe_buf_t *buf, const char *text)
{
    if (text != NULL) {
        spbe_buf_adds(buf, text);
    }
    spbe_buf_addc(buf, '\n');
}

/* Keyed: nobody can make something that counts as another's. */
static apr_uint64_t key_of(const spbe_shm_t *shm, const spbe_record_t *record,
                           spbe_span_t same, apr_pool_t *pool)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned len;
    apr_uint64_t key = 0;
    spbe_buf_t buf;

    spbe_buf_init(&buf, 256, pool);
    add_part(&buf, record->kind);
    add_part(&buf, record->application);
    add_part(&buf, record->vhost);
    add_part(&buf, record->route);
    add_part(&buf, record->client);
    add_part(&buf, record->action);
    add_part(&buf, record->reason);
    spbe_buf_printf(&buf, "%d %d\n", record->status_in, record->status_out);
    spbe_buf_add(&buf, same);
    if (HMAC(EVP_sha256(), shm->key, sizeof(shm->key),
             (const unsigned char *)buf.ptr, buf.len, mac, &len) != NULL) {
        memcpy(&key, mac, sizeof(key));
    }
    return key;
}

static spbe_flood_t *table_of(spbe_shm_t *shm, const spbe_record_t *record)
{
    return strcmp(record->kind, "access") == 0 ? spbe_shm_access(shm)
                                               : spbe_shm_anomalies(shm);
}

static spbe_collapse_t decide(spbe_record_t *record, spbe_flood_answer_t answer,
                              const unsigned char *note, apr_pool_t *pool)
{
    const note_t *first = (const note_t *)note;

    switch (answer) {
    case SPBE_FLOOD_FIRST:
        return SPBE_COLLAPSE_FULL;
    case SPBE_FLOOD_LINE:
        record->of = apr_pstrmemdup(pool, first->id,
                                    strnlen(first->id, sizeof(first->id)));
        return SPBE_COLLAPSE_LINE;
    case SPBE_FLOOD_ALONE:
        return SPBE_COLLAPSE_LINE;
    default:
        spbe_thread_count()->collapsed++;
        return SPBE_COLLAPSE_NONE;
    }
}

spbe_collapse_t spbe_collapse(request_rec *r, spbe_record_t *record,
                              spbe_span_t same, int shown)
{
    spbe_shm_t *shm = spbe_thread_shm();
    spbe_flood_closed_t *closed;
    spbe_flood_answer_t answer;
    union {
        note_t note;
        unsigned char bytes[SPBE_FLOOD_NOTE];
    } * room;

    if (shm == NULL) {
        return SPBE_COLLAPSE_FULL;
    }
    room = apr_pcalloc(r->pool, sizeof(*room));
    closed = apr_palloc(r->pool, sizeof(*closed));
    take_note(&room->note, record);
    answer = spbe_flood_hit(table_of(shm, record),
                            key_of(shm, record, same, r->pool), record->ts,
                            shown, room->bytes, closed);
    if (closed->any && spbe_runtime_get(r->server) != NULL) {
        write_closed(r->server, closed, r->pool);
    }
    return decide(record, answer, room->bytes, r->pool);
}

/* So many that nothing but their number is left. */
static void write_dropped(server_rec *s, const char *kind, apr_uint64_t n,
                          apr_pool_t *pool)
{
    spbe_record_t record = {0};
    spbe_ref_t ref;

    spbe_ref_make(&ref, apr_time_now());
    record.id = ref.id;
    record.ts = record.last = apr_time_now();
    record.kind = kind;
    record.severity = "error";
    record.event = "excess_rate_limit_exceeded";
    record.reason = "flood";
    record.action = "counted";
    record.vhost = s->server_hostname;
    record.count = record.total = n;
    record.title = "more than can be recorded one by one: only counted";
    write_record(s, &record, pool);
}

static void sweep(server_rec *s, spbe_flood_t *table, const char *kind, int all,
                  apr_pool_t *pool)
{
    spbe_flood_closed_t closed;
    apr_pool_t *scratch;
    apr_uint64_t dropped;
    unsigned at = 0;

    apr_pool_create(&scratch, pool);
    while (spbe_flood_sweep(table, apr_time_now(), all, &at, &closed)) {
        write_closed(s, &closed, scratch);
        apr_pool_clear(scratch);
    }
    dropped = spbe_flood_dropped(table);
    if (dropped > 0) {
        write_dropped(s, kind, dropped, scratch);
    }
    apr_pool_destroy(scratch);
}

void spbe_collapse_sweep(server_rec *s, int all, apr_pool_t *pool)
{
    spbe_runtime_t *runtime = spbe_runtime_get(s);

    if (runtime == NULL || runtime->shm == NULL) {
        return;
    }
    sweep(s, spbe_shm_anomalies(runtime->shm), "anomaly", all, pool);
    sweep(s, spbe_shm_access(runtime->shm), "access", all, pool);
}
