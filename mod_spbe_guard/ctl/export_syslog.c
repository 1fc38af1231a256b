/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/export_syslog.c - the index part of records as lines of RFC 5424. What
 * is sealed has no place in a log that others read.
 */
#include "ctl/export.h"

#include <string.h>
#include "text/stamp.h"
#include "text/syslog.h"

/* The enterprise number that RFC 5612 keeps for whoever has none. */
#define ELEMENT "spbeGuard@32473"

static spbe_syslog_severity_t severity_of(const char *word)
{
    static const struct {
        const char *word;
        spbe_syslog_severity_t severity;
    } words[] = {{"critical", SPBE_SYSLOG_CRITICAL},
                 {"error", SPBE_SYSLOG_ERROR},
                 {"warning", SPBE_SYSLOG_WARNING}};
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(word, words[i].word) == 0) {
            return words[i].severity;
        }
    }
    return SPBE_SYSLOG_NOTICE;
}

static void write_record(spbe_buf_t *buf, const cJSON *record)
{
    static const struct {
        const char *name, *param;
    } params[] = {
        {"ref", "ref"},
        {"id", "id"},
        {"kind", "kind"},
        {"class", "class"},
        {"responsible", "responsible"},
        {"application", "application"},
        {"vhost", "vhost"},
        {"client", "client"},
        {"method", "method"},
        {"route", "route"},
        {"status_in", "statusIn"},
        {"status_out", "statusOut"},
        {"action", "action"},
        {"rule", "rule"},
        {"reason", "reason"},
        {"place", "place"},
        {"field", "field"},
        {"exception", "exception"},
        {"fingerprint", "fingerprint"},
        {"total", "total"},
    };
    const char *event = spbe_export_text(buf, record, "event");
    apr_time_t time = 0;
    size_t i, from = buf->len;

    spbe_stamp_parse(spbe_span_from(spbe_export_text(buf, record, "ts")),
                     &time);
    spbe_syslog_begin(
        buf, severity_of(spbe_export_text(buf, record, "severity")), time,
        spbe_export_text(buf, record, "node"), "spbe-guard",
        event[0] != '\0' ? event : spbe_export_text(buf, record, "kind"));
    spbe_syslog_element(buf, ELEMENT);
    for (i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
        spbe_syslog_param(buf, params[i].param,
                          spbe_export_text(buf, record, params[i].name));
    }
    spbe_syslog_element_end(buf);
    spbe_syslog_text(
        buf, spbe_span_from(spbe_export_text(buf, record, "title")), from);
    spbe_buf_addc(buf, '\n');
}

const spbe_export_format_t spbe_export_syslog = {"syslog", NULL, write_record,
                                                 NULL};
