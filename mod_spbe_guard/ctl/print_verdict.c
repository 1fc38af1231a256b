/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/print_verdict.c - what was found in a request, under the procedure's
 * names. See print.h.
 */
#include "ctl/print.h"

#include "text/visible.h"

static const char *value_of(const cJSON *item, apr_pool_t *pool)
{
    const char *text = spbe_ctl_text(item, "masked", pool);

    return text[0] == '\0' ? spbe_ctl_text(item, "text", pool) : text;
}

static const char *name_of(const cJSON *item, apr_pool_t *pool)
{
    const char *field = spbe_ctl_text(item, "field", pool);

    return field[0] == '\0' ? spbe_ctl_text(item, "pointer", pool) : field;
}

static void print_cell(FILE *out, const char *text, size_t width,
                       apr_pool_t *pool)
{
    const char *shown =
        spbe_visible_fit(text[0] == '\0' ? "-" : text, width, pool);
    size_t have = spbe_visible_width(spbe_span_from(shown));

    fprintf(out, "%s%*s ", shown, (int)(width - have), "");
}

static void print_finding(FILE *out, const cJSON *item, apr_pool_t *pool)
{
    fputs("    ", out);
    print_cell(out, spbe_ctl_text(item, "place", pool), 7, pool);
    print_cell(out, name_of(item, pool), 24, pool);
    print_cell(out, spbe_ctl_text(item, "reason", pool), 18, pool);
    print_cell(out, spbe_ctl_text(item, "keyword", pool), 12, pool);
    print_cell(out, spbe_ctl_text(item, "expected", pool), 16, pool);
    print_cell(out, spbe_ctl_text(item, "length", pool), 7, pool);
    fprintf(out, "%s\n", spbe_visible_fit(value_of(item, pool), 64, pool));
    spbe_ctl_print_line(out, "", spbe_ctl_text(item, "detail", pool), pool);
}

static void print_findings(FILE *out, const cJSON *record, apr_pool_t *pool)
{
    const cJSON *findings =
        cJSON_GetObjectItemCaseSensitive(record, "findings");
    const cJSON *item;

    if (cJSON_GetArraySize(findings) == 0) {
        return;
    }
    fputs("    DI      NAMA                     ALASAN             KATA KUNCI"
          "   DIHARAPKAN       PANJANG BENTUK\n",
          out);
    cJSON_ArrayForEach(item, findings)
    {
        print_finding(out, item, pool);
    }
}

void spbe_ctl_print_verdict(FILE *out, const cJSON *record, apr_pool_t *pool)
{
    fputs("\nHasil Verifikasi\n", out);
    spbe_ctl_print_member(out, "Tindakan", record, "action", pool);
    spbe_ctl_print_member(out, "Di bawah On", record, "wanted", pool);
    spbe_ctl_print_member(out, "Status", record, "status_in", pool);
    spbe_ctl_print_member(out, "Kelas", record, "class", pool);
    spbe_ctl_print_member(out, "Peristiwa", record, "event", pool);
    spbe_ctl_print_member(out, "Alasan", record, "reason", pool);
    spbe_ctl_print_member(out, "Kata kunci", record, "keyword", pool);
    spbe_ctl_print_member(out, "Di", record, "place", pool);
    spbe_ctl_print_member(out, "Isian", record, "field", pool);
    spbe_ctl_print_member(out, "Aturan", record, "rule", pool);
    print_findings(out, record, pool);
    fputs("\nDatabase Log\n", out);
    spbe_ctl_print_member(out, "Mewakili", record, "count", pool);
    spbe_ctl_print_member(out, "Seluruhnya", record, "total", pool);
    spbe_ctl_print_line(out, "Pertama", spbe_ctl_local(record, "first", pool),
                        pool);
    spbe_ctl_print_line(out, "Terakhir", spbe_ctl_local(record, "last", pool),
                        pool);
    spbe_ctl_print_member(out, "Rincian di", record, "of", pool);
}
