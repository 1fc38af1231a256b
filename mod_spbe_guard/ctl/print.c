/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/print.c - a record for people, under the names of the procedure. See
 * print.h.
 */
#include "ctl/print.h"

#include <string.h>
#include <apr_strings.h>
#include "text/stamp.h"
#include "text/utf8.h"
#include "text/visible.h"

#define LABEL 20

const char *spbe_ctl_text(const cJSON *object, const char *name,
                          apr_pool_t *pool)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (cJSON_IsString(item)) {
        return item->valuestring;
    }
    if (cJSON_IsNumber(item)) {
        return apr_psprintf(pool, "%.0f", item->valuedouble);
    }
    return cJSON_IsTrue(item) ? "ya" : cJSON_IsFalse(item) ? "tidak" : "";
}

const char *spbe_ctl_local(const cJSON *object, const char *name,
                           apr_pool_t *pool)
{
    const char *text = spbe_ctl_text(object, name, pool);
    char out[SPBE_STAMP_SIZE];
    apr_time_t time;

    if (!spbe_stamp_parse(spbe_span_from(text), &time)) {
        return text;
    }
    spbe_stamp_local(time, out);
    return apr_pstrdup(pool, out);
}

/* What a terminal could take for an order stands escaped: for a program it is
 * the same. */
const char *spbe_ctl_json(const cJSON *json, apr_pool_t *pool)
{
    char *text = cJSON_PrintUnformatted(json);
    spbe_span_t rest = spbe_span_from(text == NULL ? "null" : text);
    spbe_buf_t buf, one;

    spbe_buf_init(&buf, rest.len + 64, pool);
    spbe_buf_init(&one, 16, pool);
    while (rest.len > 0) {
        const char *at = rest.ptr;
        unsigned long c = spbe_utf8_next(&rest);
        spbe_span_t bytes = {at, (size_t)(rest.ptr - at)};

        one.len = 0;
        if (c >= 0x7f) {
            spbe_visible_add(&one, bytes, 0);
        }
        if (one.len <= bytes.len) {
            spbe_buf_add(&buf, bytes);
        }
        else if (c > 0xffff) {
            spbe_buf_printf(&buf, "\\u%04lx\\u%04lx",
                            0xd800 + ((c - 0x10000) >> 10),
                            0xdc00 + ((c - 0x10000) & 0x3ff));
        }
        else {
            spbe_buf_printf(&buf, "\\u%04lx",
                            c == SPBE_UTF8_INVALID ? 0xfffd : c);
        }
    }
    cJSON_free(text);
    return spbe_buf_cstr(&buf);
}

void spbe_ctl_print_line(FILE *out, const char *label, const char *value,
                         apr_pool_t *pool)
{
    if (value[0] != '\0') {
        fprintf(out, "  %-*s %s\n", LABEL, label, spbe_visible(value, pool));
    }
}

void spbe_ctl_print_member(FILE *out, const char *label, const cJSON *record,
                           const char *name, apr_pool_t *pool)
{
    spbe_ctl_print_line(out, label, spbe_ctl_text(record, name, pool), pool);
}

/* More than one line: indented, as it is but for what is not safe. */
static void print_block(FILE *out, const char *label, const char *text,
                        apr_pool_t *pool)
{
    spbe_span_t rest;
    spbe_buf_t buf;

    if (text[0] == '\0') {
        return;
    }
    spbe_buf_init(&buf, 1024, pool);
    spbe_visible_add(&buf, spbe_span_from(text), 1);
    rest = spbe_buf_span(&buf);
    fprintf(out, "  %s\n", label);
    while (rest.len > 0) {
        spbe_span_t line = spbe_span_line(&rest);

        fprintf(out, "    %.*s\n", (int)line.len, line.ptr);
    }
}

static void print_field(FILE *out, const cJSON *field, apr_pool_t *pool)
{
    const char *masked = spbe_ctl_text(field, "masked", pool);

    fprintf(out, "    %-7s %-24s %-9s %7s  %s\n",
            spbe_visible(spbe_ctl_text(field, "in", pool), pool),
            spbe_visible_fit(spbe_ctl_text(field, "name", pool), 24, pool),
            spbe_visible_fit(spbe_ctl_text(field, "type", pool), 9, pool),
            spbe_visible(spbe_ctl_text(field, "length", pool), pool),
            masked[0] == '\0' ? "-" : spbe_visible(masked, pool));
}

/* Turned away, or found fault with: no failure of an application. */
static int is_refusal(const cJSON *record)
{
    const char *kind =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(record, "kind"));

    return kind != NULL &&
           (strcmp(kind, "anomaly") == 0 || strcmp(kind, "access") == 0);
}

static void print_input(FILE *out, const cJSON *record, apr_pool_t *pool)
{
    const cJSON *input = cJSON_GetObjectItemCaseSensitive(record, "input");
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(input, "fields");
    const cJSON *field;

    fputs(is_refusal(record) ? "\nIsian Formulir\n" : "\nInput Pemicu Error\n",
          out);
    spbe_ctl_print_member(out, "Metode", record, "method", pool);
    spbe_ctl_print_member(out, "Rute", record, "route", pool);
    spbe_ctl_print_member(out, "Alamat", input, "path", pool);
    spbe_ctl_print_member(out, "Jenis isi", input, "content_type", pool);
    spbe_ctl_print_member(out, "Panjang isi", input, "body_length", pool);
    spbe_ctl_print_member(out, "Lengkap", input, "complete", pool);
    if (cJSON_GetArraySize(fields) > 0) {
        fprintf(out, "    %-7s %-24s %-9s %7s  %s\n", "DI", "NAMA", "JENIS",
                "PANJANG", "BENTUK");
    }
    cJSON_ArrayForEach(field, fields)
    {
        print_field(out, field, pool);
    }
    spbe_ctl_print_member(out, "Isian lain", input, "dropped", pool);
}

static void print_status(FILE *out, const cJSON *record, apr_pool_t *pool)
{
    fputs("\nStatus Error Internal\n", out);
    spbe_ctl_print_member(out, "Status di dalam", record, "status_in", pool);
    spbe_ctl_print_member(out, "Status tampil", record, "status_out", pool);
    spbe_ctl_print_member(out, "Tindakan", record, "action", pool);
    spbe_ctl_print_member(out, "Aturan", record, "rule", pool);
    spbe_ctl_print_member(out, "Bocor (byte)", record, "leak_sent", pool);
}

static void print_frame(FILE *out, const cJSON *frame, int n, apr_pool_t *pool)
{
    const cJSON *vendor = cJSON_GetObjectItemCaseSensitive(frame, "vendor");
    const char *line = spbe_ctl_text(frame, "line", pool);

    fprintf(out, "    #%-3d %s  %s%s%s%s\n", n,
            spbe_visible(spbe_ctl_text(frame, "function", pool), pool),
            spbe_visible(spbe_ctl_text(frame, "file", pool), pool),
            line[0] == '\0' || apr_strnatcmp(line, "0") == 0 ? "" : ":",
            apr_strnatcmp(line, "0") == 0 ? "" : spbe_visible(line, pool),
            cJSON_IsTrue(vendor) ? "  (pustaka)" : "");
}

static void print_lines(FILE *out, const cJSON *record, apr_pool_t *pool)
{
    const cJSON *lines = cJSON_GetObjectItemCaseSensitive(record, "log_lines");
    const cJSON *item;

    cJSON_ArrayForEach(item, lines)
    {
        if (cJSON_IsString(item)) {
            print_block(out, "Baris log", item->valuestring, pool);
        }
    }
}

static void print_log(FILE *out, const cJSON *record, apr_pool_t *pool)
{
    const cJSON *frames = cJSON_GetObjectItemCaseSensitive(record, "frames");
    const cJSON *item;
    int n = 0;

    fputs("\nArsip Log Teknis\n", out);
    spbe_ctl_print_member(out, "Pengecualian", record, "exception", pool);
    print_block(out, "Pesan", spbe_ctl_text(record, "message", pool), pool);
    if (cJSON_GetArraySize(frames) > 0) {
        fputs("  Urutan panggilan\n", out);
    }
    cJSON_ArrayForEach(item, frames)
    {
        print_frame(out, item, n++, pool);
    }
    print_block(out, "Jejak", spbe_ctl_text(record, "trace", pool), pool);
    spbe_ctl_print_member(out, "Sambungan putus", record, "seams", pool);
    print_lines(out, record, pool);
    print_block(out, "Petunjuk", spbe_ctl_text(record, "hint", pool), pool);
}

static void print_class(FILE *out, const cJSON *record, apr_pool_t *pool)
{
    fputs("\nJenis Kesalahan\n", out);
    spbe_ctl_print_member(out, "Kelas", record, "class", pool);
    spbe_ctl_print_member(out, "Penanggung jawab", record, "responsible", pool);
    spbe_ctl_print_member(out, "Petugas", record, "assignee", pool);
    spbe_ctl_print_member(out, "Alasan", record, "why", pool);
    spbe_ctl_print_member(out, "Sidik jari", record, "fingerprint", pool);
}

static void print_head(FILE *out, const cJSON *record, apr_pool_t *pool)
{
    const char *ref = spbe_ctl_text(record, "ref", pool);

    fprintf(
        out, "Catatan %s\n",
        spbe_visible(ref[0] == '\0' ? spbe_ctl_text(record, "id", pool) : ref,
                     pool));
    spbe_ctl_print_member(out, "Judul", record, "title", pool);
    spbe_ctl_print_line(out, "Waktu", spbe_ctl_local(record, "ts", pool), pool);
    spbe_ctl_print_member(out, "Jenis", record, "kind", pool);
    spbe_ctl_print_member(out, "Tingkat", record, "severity", pool);
    spbe_ctl_print_member(out, "Aplikasi", record, "application", pool);
    spbe_ctl_print_member(out, "Situs", record, "vhost", pool);
    spbe_ctl_print_member(out, "Host", record, "host", pool);
    spbe_ctl_print_member(out, "Peladen", record, "node", pool);
    spbe_ctl_print_member(out, "Klien", record, "client", pool);
    spbe_ctl_print_member(out, "Id", record, "id", pool);
}

void spbe_ctl_print_record(FILE *out, const cJSON *record, const char *sealed,
                           apr_pool_t *pool)
{
    print_head(out, record, pool);
    print_input(out, record, pool);
    if (is_refusal(record)) {
        spbe_ctl_print_verdict(out, record, pool);
        print_lines(out, record, pool);
    }
    else {
        print_status(out, record, pool);
        print_log(out, record, pool);
        print_class(out, record, pool);
    }
    if (sealed != NULL) {
        fprintf(out, "\n%s\n", sealed);
    }
    if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(record, "complete"))) {
        fputs("\nCatatan ini tidak lengkap: sebagian barisnya tidak pernah "
              "diterima.\n",
              out);
    }
}
