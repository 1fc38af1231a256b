/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_modes.c - is every site covered, and by which line?
 */
#include "ctl/doctor.h"

#include <string.h>
#include <strings.h>
#include <apr_strings.h>

static int is(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

/* The place of a line, or of the site where no line says anything. */
static void place(spbe_finding_t *f, const spbe_httpdconf_line_t *line,
                  const spbe_site_t *site)
{
    line = line == NULL ? site->line : line;
    if (line != NULL) {
        f->file = line->file;
        f->line = line->line;
    }
}

static const char *in_site(const spbe_doctor_t *d, const char *directive,
                           const spbe_site_t *site)
{
    if (site->line == NULL) {
        return directive;
    }
    return apr_psprintf(d->pool, "%s    # di <VirtualHost %s>, %s:%u",
                        directive, site->line->raw, site->line->file,
                        site->line->line);
}

static const char *stated(const spbe_doctor_t *d, const char *procedure,
                          const spbe_mode_t *mode)
{
    return apr_psprintf(d->pool, "%s: %s%s", procedure, mode->value,
                        mode->from == NULL ? " (bawaan: tidak ada baris yang mengaturnya)"
                                           : "");
}

static void check_failure(spbe_doctor_t *d, const spbe_site_t *site)
{
    spbe_finding_t f = { .id = "mode-failure", .site = site->label };

    place(&f, site->failure.from, site);
    f.what = stated(d, "penanganan kesalahan (SpbeGuardFailure)", &site->failure);
    if (is(site->failure.value, "On")) {
        spbe_doctor_add(d, f);
        return;
    }
    f.cure = in_site(d, "SpbeGuardFailure On", site);
    if (is(site->failure.value, "DetectOnly")) {
        f.level = SPBE_LEVEL_WARN;
        f.why = "kegagalan dicatat, tetapi pengunjung tetap melihat apa yang "
                "ditulis aplikasi";
    }
    else {
        f.id = "site-uncovered";
        f.level = SPBE_LEVEL_BAD;
        f.why = "situs ini tidak dijaga: jejak galat sampai ke pengunjung dan "
                "tidak ada yang dicatat";
    }
    spbe_doctor_add(d, f);
}

static void check_input(spbe_doctor_t *d, const spbe_site_t *site)
{
    spbe_finding_t f = { .id = "mode-input", .site = site->label };

    place(&f, site->input.from, site);
    f.what = stated(d, "validasi input (SpbeGuardInput)", &site->input);
    if (is(site->input.value, "Off")) {
        f.level = SPBE_LEVEL_WARN;
        f.why = "input pemicu kesalahan tidak ikut dicatat";
        f.cure = in_site(d, "SpbeGuardInput DetectOnly", site);
    }
    else {
        f.why = "input pemicu kesalahan dicatat; versi ini belum memeriksa "
                "isian";
    }
    spbe_doctor_add(d, f);
}

static const spbe_site_t *site_of(const spbe_doctor_t *d, int section)
{
    int i;

    for (i = 0; i < d->sites->nelts; i++) {
        const spbe_site_t *site = &APR_ARRAY_IDX(d->sites, i, spbe_site_t);

        if (site->section == section) {
            return site;
        }
    }
    return NULL;
}

static int is_vhost(const spbe_doctor_t *d, int index)
{
    return is(spbe_httpdconf_at(d->conf, index)->name, "VirtualHost");
}

/* The <VirtualHost> around a line, and the innermost section that is a place
 * of its own. */
static int enclosing(const spbe_doctor_t *d, int index,
                     const spbe_httpdconf_line_t **inner)
{
    int i = spbe_httpdconf_at(d->conf, index)->parent;

    *inner = NULL;
    for (; i >= 0; i = spbe_httpdconf_at(d->conf, i)->parent) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        if (is_vhost(d, i)) {
            return i;
        }
        if (*inner == NULL && strncasecmp(line->name, "If", 2) != 0) {
            *inner = line;
        }
    }
    return -1;
}

/* A part of a site that is weaker than the site. */
static void check_part(spbe_doctor_t *d, int index)
{
    const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, index);
    const char *value = spbe_httpdconf_arg(line, 0);
    const spbe_httpdconf_line_t *inner;
    int vhost = enclosing(d, index, &inner);
    const spbe_site_t *site = site_of(d, vhost);
    spbe_finding_t f = { .id = "mode-part", .level = SPBE_LEVEL_WARN,
                         .file = line->file, .line = line->line };

    if (inner == NULL || is(value, "On")
        || (site != NULL && (site->failure.from == line
                             || site->input.from == line))) {
        return;
    }
    f.site = site == NULL ? NULL : site->label;
    f.what = apr_psprintf(d->pool, "%s %s di <%s %s>", line->name, value,
                          inner->name, inner->raw);
    f.why = "bagian ini diperlakukan lain dari sisa situs";
    f.cure = apr_psprintf(d->pool, "%s On    # %s:%u", line->name, line->file,
                          line->line);
    spbe_doctor_add(d, f);
}

static void check_parts(spbe_doctor_t *d)
{
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const char *name = spbe_httpdconf_at(d->conf, i)->name;

        if (is(name, "SpbeGuardEngine") || is(name, "SpbeGuardFailure")
            || is(name, "SpbeGuardInput")) {
            check_part(d, i);
        }
    }
}

static void compare(spbe_doctor_t *d, const spbe_site_t *http,
                    const spbe_site_t *https)
{
    spbe_finding_t f = { .id = "https-differs", .level = SPBE_LEVEL_BAD };
    const spbe_site_t *weak;

    if (is(http->failure.value, https->failure.value)
        && is(http->input.value, https->input.value)) {
        return;
    }
    weak = is(http->failure.value, "On") ? https : http;
    f.site = weak->label;
    place(&f, weak->failure.from, weak);
    f.what = apr_psprintf(d->pool, "HTTP: Failure %s, Input %s; HTTPS: "
                          "Failure %s, Input %s", http->failure.value,
                          http->input.value, https->failure.value,
                          https->input.value);
    f.why = "situs yang sama berlaku dua macam: yang tertahan di satu porta "
            "keluar di porta yang lain";
    f.cure = in_site(d, apr_psprintf(d->pool, "SpbeGuardFailure %s",
                                     (weak == http ? https : http)
                                         ->failure.value), weak);
    spbe_doctor_add(d, f);
}

/* A redirect has nothing to guard. */
static void check_pairs(spbe_doctor_t *d)
{
    int i, j;

    for (i = 0; i < d->sites->nelts; i++) {
        for (j = 0; j < d->sites->nelts; j++) {
            const spbe_site_t *a = &APR_ARRAY_IDX(d->sites, i, spbe_site_t);
            const spbe_site_t *b = &APR_ARRAY_IDX(d->sites, j, spbe_site_t);

            if (!a->ssl && b->ssl && a->name != NULL && b->name != NULL
                && is(a->name, b->name) && !a->redirects && !b->redirects) {
                compare(d, a, b);
            }
        }
    }
}

static void check_module(spbe_doctor_t *d)
{
    const spbe_httpdconf_line_t *line =
        spbe_httpdconf_loaded(d->conf, "spbe_guard_module");
    spbe_finding_t f = { .id = "module", .level = SPBE_LEVEL_BAD,
                         .file = d->conf_file };

    if (line == NULL) {
        f.what = "mod_spbe_guard tidak dimuat";
        f.why = "tidak ada situs yang dijaga";
        f.cure = "a2enmod spbe_guard && systemctl reload apache2";
        spbe_doctor_add(d, f);
        return;
    }
    f.level = SPBE_LEVEL_OK;
    f.file = line->file;
    f.line = line->line;
    f.what = "mod_spbe_guard dimuat";
    spbe_doctor_add(d, f);
    if (spbe_httpdconf_last(d->conf, -1, "SpbeGuardLog") == NULL) {
        f.id = "log-missing";
        f.level = SPBE_LEVEL_BAD;
        f.what = "tidak ada SpbeGuardLog";
        f.why = "tidak ada log rahasia tempat kegagalan dicatat";
        f.cure = "SpbeGuardLog \"|/usr/sbin/spbe-guardlog\"";
        spbe_doctor_add(d, f);
    }
}

void spbe_doctor_check_modes(spbe_doctor_t *d)
{
    int i;

    check_module(d);
    for (i = 0; i < d->sites->nelts; i++) {
        check_failure(d, &APR_ARRAY_IDX(d->sites, i, spbe_site_t));
        check_input(d, &APR_ARRAY_IDX(d->sites, i, spbe_site_t));
    }
    check_parts(d);
    check_pairs(d);
}
