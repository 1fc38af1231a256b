/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/export_jsonl.c - records as JSON lines with the field names of the
 * Elastic Common Schema.
 */
#include "ctl/export.h"

#include <string.h>
#include "ctl/print.h"

#define ECS_VERSION "8.11.0"

static cJSON *child(cJSON *object, const char *name)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return item != NULL ? item : cJSON_AddObjectToObject(object, name);
}

/* "http.request.method": objects are made as they are needed. */
static void put(cJSON *object, const char *path, cJSON *value)
{
    char name[64];
    const char *dot;

    while ((dot = strchr(path, '.')) != NULL &&
           (size_t)(dot - path) < sizeof(name)) {
        memcpy(name, path, (size_t)(dot - path));
        name[dot - path] = '\0';
        object = child(object, name);
        path = dot + 1;
    }
    cJSON_AddItemToObject(object, path, value);
}

static void put_text(cJSON *object, const char *path, const char *text)
{
    if (text[0] != '\0') {
        put(object, path, cJSON_CreateString(text));
    }
}

typedef struct mapping {
    const char *name, *ecs;
} mapping_t;

static const mapping_t texts[] = {
    {"ts", "@timestamp"},
    {"id", "event.id"},
    {"reason", "event.reason"},
    {"ref", "event.code"},
    {"first", "event.start"},
    {"last", "event.end"},
    {"title", "message"},
    {"severity", "log.level"},
    {"method", "http.request.method"},
    {"host", "url.domain"},
    {"route", "url.path"},
    {"client", "client.ip"},
    {"node", "host.name"},
    {"vhost", "server.domain"},
    {"application", "service.name"},
    {"rule", "rule.id"},
};

static const char *const labels[] = {
    "kind",    "class", "responsible", "assignee",    "owner",
    "data",    "frame", "action",      "fingerprint", "of",
    "keyword", "place", "field",       "wanted",      "status_in",
    "count",   "total", "leak_sent",   "why",         "hint",
};

/* Only what went wrong in an application is an error. */
static void put_error(const spbe_buf_t *buf, cJSON *out, const cJSON *record)
{
    const char *kind = spbe_export_text(buf, record, "kind");

    if (strcmp(kind, "error") != 0 && strcmp(kind, "crash") != 0) {
        return;
    }
    put_text(out, "error.id", spbe_export_text(buf, record, "ref"));
    put_text(out, "error.code", spbe_export_text(buf, record, "class"));
    put_text(out, "error.type", spbe_export_text(buf, record, "exception"));
    put_text(out, "error.message", spbe_export_text(buf, record, "message"));
    put_text(out, "error.stack_trace", spbe_export_text(buf, record, "trace"));
}

static void put_event(const spbe_buf_t *buf, cJSON *out, const cJSON *record)
{
    const char *kind = spbe_export_text(buf, record, "kind");
    const char *event = spbe_export_text(buf, record, "event");
    const char *action = spbe_export_text(buf, record, "action");
    int web = strcmp(kind, "error") == 0 || strcmp(kind, "crash") == 0 ||
              strcmp(kind, "anomaly") == 0 || strcmp(kind, "access") == 0;

    put_text(out, "event.kind", "event");
    put_text(out, "event.module", "spbe_guard");
    put_text(out, "event.dataset", "spbe_guard.log");
    put_text(out, "event.action", event[0] != '\0' ? event : kind);
    if (web) {
        put(out, "event.category",
            cJSON_CreateStringArray((const char *const[]){"web"}, 1));
        put(out, "event.type",
            cJSON_CreateStringArray(
                (const char *const[]){strcmp(action, "refused") == 0 ? "denied"
                                      : strcmp(kind, "error") == 0 ||
                                              strcmp(kind, "crash") == 0
                                          ? "error"
                                          : "info"},
                1));
    }
    put_text(out, "event.outcome", web ? "failure" : "unknown");
}

static void put_status(const spbe_buf_t *buf, cJSON *out, const cJSON *record)
{
    const cJSON *sent = cJSON_GetObjectItemCaseSensitive(record, "status_out");
    const cJSON *made = cJSON_GetObjectItemCaseSensitive(record, "status_in");
    const cJSON *status = cJSON_IsNumber(sent) ? sent : made;

    if (cJSON_IsNumber(status)) {
        put(out, "http.response.status_code",
            cJSON_CreateNumber(status->valuedouble));
    }
}

static void write_record(spbe_buf_t *buf, const cJSON *record)
{
    cJSON *out = cJSON_CreateObject();
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        put_text(out, texts[i].ecs,
                 spbe_export_text(buf, record, texts[i].name));
    }
    put_text(out, "ecs.version", ECS_VERSION);
    put_text(out, "trace.id", spbe_export_text(buf, record, "id"));
    put_event(buf, out, record);
    put_error(buf, out, record);
    put_status(buf, out, record);
    for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        const char *value = spbe_export_text(buf, record, labels[i]);

        if (value[0] != '\0') {
            cJSON_AddStringToObject(child(out, "labels"), labels[i], value);
        }
    }
    spbe_buf_adds(buf, spbe_ctl_json(out, buf->pool));
    spbe_buf_addc(buf, '\n');
    cJSON_Delete(out);
}

const spbe_export_format_t spbe_export_jsonl = {"jsonl", NULL, write_record,
                                                NULL};
