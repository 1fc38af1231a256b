/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/export_csv.c - records as comma-separated values. See text/csv.h.
 */
#include "ctl/export.h"

#include "text/csv.h"

static const struct {
    const char *name, *heading;
} columns[] = {
    {"ts", "waktu"},
    {"ref", "referensi"},
    {"kind", "jenis"},
    {"severity", "tingkat"},
    {"class", "kelas"},
    {"responsible", "penanggung_jawab"},
    {"assignee", "petugas"},
    {"application", "aplikasi"},
    {"vhost", "situs"},
    {"host", "host"},
    {"node", "peladen"},
    {"client", "klien"},
    {"method", "metode"},
    {"route", "rute"},
    {"status_in", "status_di_dalam"},
    {"status_out", "status_tampil"},
    {"action", "tindakan"},
    {"rule", "aturan"},
    {"event", "peristiwa"},
    {"reason", "alasan"},
    {"keyword", "kata_kunci"},
    {"place", "di"},
    {"field", "isian"},
    {"title", "judul"},
    {"exception", "pengecualian"},
    {"frame", "bingkai"},
    {"fingerprint", "sidik_jari"},
    {"total", "seluruhnya"},
    {"first", "pertama"},
    {"last", "terakhir"},
    {"id", "id"},
    {"message", "pesan"},
    {"trace", "jejak"},
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void begin(spbe_buf_t *buf, const char *about)
{
    size_t i;

    for (i = 0; i < COLUMNS; i++) {
        spbe_csv_cell(buf, spbe_span_from(columns[i].heading), i == 0);
    }
    spbe_csv_end(buf);
}

static void write_record(spbe_buf_t *buf, const cJSON *record)
{
    size_t i;

    for (i = 0; i < COLUMNS; i++) {
        spbe_csv_cell(
            buf, spbe_span_from(spbe_export_text(buf, record, columns[i].name)),
            i == 0);
    }
    spbe_csv_end(buf);
}

const spbe_export_format_t spbe_export_csv = {"csv", begin, write_record, NULL};
