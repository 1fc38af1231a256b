/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/export_html.c - records as one page that stands alone: no script,
 * nothing from elsewhere, made to be printed on A4.
 */
#include "ctl/export.h"

#include <apr_strings.h>
#include "text/html.h"
#include "text/stamp.h"

static const char top[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>Laporan catatan</title>\n<style>\n"
    "body{font:14px/1.4 sans-serif;margin:1.5em;color:#000;background:#fff}\n"
    "h1{font-size:1.4em;margin:0 0 .3em}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{border:1px solid #888;padding:.25em .4em;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}\n"
    "th{background:#eee}\nthead{display:table-header-group}\n"
    "tr{page-break-inside:avoid;break-inside:avoid}\n"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3em 0;"
    "font-size:12px}\n"
    "@page{size:A4 landscape;margin:12mm}\n"
    "@media print{body{margin:0;font-size:9pt}pre{font-size:7.5pt}}\n"
    "</style>\n</head>\n<body>\n<h1>Laporan catatan</h1>\n";

static const char *const headings[] = {
    "Waktu",  "Referensi", "Jenis", "Aplikasi",         "Rute",
    "Status", "Tindakan",  "Klien", "Judul dan rincian"};

static void begin(spbe_buf_t *buf, const char *about)
{
    char stamp[SPBE_STAMP_SIZE];
    size_t i;

    spbe_stamp_local(apr_time_now(), stamp);
    spbe_buf_adds(buf, top);
    spbe_buf_adds(buf, "<p>Dibuat ");
    spbe_html_add(buf, spbe_span_from(stamp));
    spbe_buf_adds(buf, ". ");
    spbe_html_add(buf, spbe_span_from(about));
    spbe_buf_adds(buf, "</p>\n<table>\n<thead><tr>");
    for (i = 0; i < sizeof(headings) / sizeof(headings[0]); i++) {
        spbe_buf_printf(buf, "<th scope=\"col\">%s</th>", headings[i]);
    }
    spbe_buf_adds(buf, "</tr></thead>\n<tbody>\n");
}

static void cell(spbe_buf_t *buf, const char *text)
{
    spbe_buf_adds(buf, "<td>");
    spbe_html_add(buf, spbe_span_from(text));
    spbe_buf_adds(buf, "</td>");
}

static const char *local(const spbe_buf_t *buf, const cJSON *record)
{
    const char *text = spbe_export_text(buf, record, "ts");
    char stamp[SPBE_STAMP_SIZE];
    apr_time_t time;

    if (!spbe_stamp_parse(spbe_span_from(text), &time)) {
        return text;
    }
    spbe_stamp_local(time, stamp);
    return apr_pstrdup(buf->pool, stamp);
}

static const char *status(const spbe_buf_t *buf, const cJSON *record)
{
    const char *in = spbe_export_text(buf, record, "status_in");
    const char *out = spbe_export_text(buf, record, "status_out");

    return apr_pstrcat(buf->pool, in,
                       in[0] != '\0' && out[0] != '\0' ? " > " : "", out, NULL);
}

static void block(spbe_buf_t *buf, const cJSON *record, const char *name)
{
    const char *text = spbe_export_text(buf, record, name);

    if (text[0] != '\0') {
        spbe_buf_adds(buf, "<pre>");
        spbe_html_add(buf, spbe_span_from(text));
        spbe_buf_adds(buf, "</pre>");
    }
}

static void write_record(spbe_buf_t *buf, const cJSON *record)
{
    static const char *const plain[] = {"ref", "kind", "application", "route"};
    static const char *const later[] = {"action", "client"};
    static const char *const blocks[] = {"exception", "frame", "message",
                                         "trace"};
    size_t i;

    spbe_buf_adds(buf, "<tr>");
    cell(buf, local(buf, record));
    for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        cell(buf, spbe_export_text(buf, record, plain[i]));
    }
    cell(buf, status(buf, record));
    for (i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
        cell(buf, spbe_export_text(buf, record, later[i]));
    }
    spbe_buf_adds(buf, "<td>");
    spbe_html_add(buf, spbe_span_from(spbe_export_text(buf, record, "title")));
    for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        block(buf, record, blocks[i]);
    }
    spbe_buf_adds(buf, "</td></tr>\n");
}

static void end(spbe_buf_t *buf, long records)
{
    spbe_buf_printf(buf,
                    "</tbody>\n</table>\n<p>%ld catatan.</p>\n</body>\n"
                    "</html>\n",
                    records);
}

const spbe_export_format_t spbe_export_html = {"html", begin, write_record,
                                               end};
