/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_print.c - the findings for people and for programs.
 */
#include "ctl/doctor.h"

#include <string.h>
#include "text/jsonout.h"

static const char *const level_names[] = { "ok", "warn", "bad" };
static const char *const level_words[] = { "baik", "periksa", "bahaya" };

static int same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void print_finding(const spbe_advice_t *f, FILE *out)
{
    fprintf(out, "  %-7s %s\n", level_words[f->level], f->what);
    if (f->file != NULL && f->line > 0) {
        fprintf(out, "          %s:%u\n", f->file, f->line);
    }
    else if (f->file != NULL) {
        fprintf(out, "          %s\n", f->file);
    }
    if (f->why != NULL) {
        fprintf(out, "          mengapa: %s\n", f->why);
    }
    if (f->cure != NULL) {
        fprintf(out, "          obat:    %s\n", f->cure);
    }
}

static void print_group(const spbe_doctor_t *d, const char *site, FILE *out)
{
    int i, head = 0;

    for (i = 0; i < d->findings->nelts; i++) {
        const spbe_advice_t *f = &APR_ARRAY_IDX(d->findings, i,
                                                 spbe_advice_t);

        if (same(f->site, site)) {
            if (!head) {
                fprintf(out, "\n%s\n", site == NULL ? "server" : site);
                head = 1;
            }
            print_finding(f, out);
        }
    }
}

void spbe_doctor_print(const spbe_doctor_t *d, FILE *out)
{
    unsigned count[3] = { 0, 0, 0 };
    apr_table_t *seen = apr_table_make(d->pool, 8);
    int i, first = spbe_httpdconf_loaded(d->conf, "spbe_guard_module") == NULL;

    fprintf(out, "Konfigurasi: %s\n", d->conf_file);
    /* Without the module no other cure helps. */
    if (first) {
        print_group(d, NULL, out);
    }
    for (i = 0; i < d->sites->nelts; i++) {
        const char *label = APR_ARRAY_IDX(d->sites, i, spbe_site_t).label;

        /* Sites without a name may be called the same. */
        if (apr_table_get(seen, label) == NULL) {
            apr_table_setn(seen, label, "");
            print_group(d, label, out);
        }
    }
    if (!first) {
        print_group(d, NULL, out);
    }
    for (i = 0; i < d->findings->nelts; i++) {
        count[APR_ARRAY_IDX(d->findings, i, spbe_advice_t).level]++;
    }
    fprintf(out, "\n%u bahaya, %u periksa, %u baik\n", count[SPBE_LEVEL_BAD],
            count[SPBE_LEVEL_WARN], count[SPBE_LEVEL_OK]);
}

void spbe_doctor_print_json(const spbe_doctor_t *d, FILE *out)
{
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 4096, d->pool);
    spbe_buf_addc(&buf, '[');
    for (i = 0; i < d->findings->nelts; i++) {
        const spbe_advice_t *f = &APR_ARRAY_IDX(d->findings, i,
                                                 spbe_advice_t);

        spbe_buf_adds(&buf, i == 0 ? "\n{" : ",\n{");
        spbe_jsonout_text(&buf, "id", f->id);
        spbe_jsonout_text(&buf, "level", level_names[f->level]);
        spbe_jsonout_text(&buf, "site", f->site);
        spbe_jsonout_text(&buf, "file", f->file);
        if (f->file != NULL && f->line > 0) {
            spbe_jsonout_number(&buf, "line", f->line);
        }
        spbe_jsonout_text(&buf, "what", f->what);
        spbe_jsonout_text(&buf, "why", f->why);
        spbe_jsonout_text(&buf, "cure", f->cure);
        spbe_buf_addc(&buf, '}');
    }
    spbe_buf_adds(&buf, "\n]\n");
    fwrite(buf.ptr, 1, buf.len, out);
}
