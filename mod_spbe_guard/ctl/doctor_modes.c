/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_modes.c - is every site covered, and by which line?
 */
#include "ctl/doctor_place.h"

#include <string.h>
#include <strings.h>
#include <apr_strings.h>

#define ENABLE "a2enmod spbe_guard && systemctl reload apache2"

static int is(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

/* The place of a line, or of the site where no line says anything. */
static void place(spbe_advice_t *f, const spbe_httpdconf_line_t *line,
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

/* Is the mode set where a line of the site's own, put anywhere else, would
 * change nothing? */
static int is_in_the_way(const spbe_doctor_t *d, const spbe_site_t *site,
                         const spbe_httpdconf_line_t *from)
{
    const spbe_httpdconf_line_t *inner;
    const spbe_site_t *own;

    if (from == NULL) {
        return 0;
    }
    own = spbe_doctor_site_at(d, (int)(from - spbe_httpdconf_at(d->conf, 0)),
                              &inner);
    return inner != NULL || own == site || site->line == NULL;
}

static const char *replace(const spbe_doctor_t *d,
                           const spbe_httpdconf_line_t *line, const char *with)
{
    return apr_psprintf(d->pool, "ganti baris %s:%u (%s %s) menjadi: %s",
                        line->file, line->line, line->name,
                        spbe_httpdconf_arg(line, 0), with);
}

/* What makes one mode of the site as strong as it should be. A line that sets
 * both is replaced by one for each. */
static const char *change(const spbe_doctor_t *d, const spbe_site_t *site,
                          const char *name, const char *failure,
                          const char *input)
{
    int of_failure = is(name, "SpbeGuardFailure");
    const spbe_mode_t *mode = of_failure ? &site->failure : &site->input;
    const char *directive = apr_pstrcat(d->pool, name, " ",
                                        of_failure ? failure : input, NULL);

    if (spbe_httpdconf_loaded(d->conf, "spbe_guard_module") == NULL) {
        return ENABLE;
    }
    if (!is_in_the_way(d, site, mode->from)) {
        return in_site(d, directive, site);
    }
    if (site->failure.from == site->input.from) {
        directive = apr_psprintf(d->pool,
                                 "SpbeGuardFailure %s dan SpbeGuardInput %s "
                                 "(dua baris)", failure, input);
    }
    return replace(d, mode->from, directive);
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
    spbe_advice_t f = { .id = "mode-failure", .site = site->label };

    place(&f, site->failure.from, site);
    f.what = stated(d, "penanganan kesalahan (SpbeGuardFailure)", &site->failure);
    if (is(site->failure.value, "On")) {
        spbe_doctor_add(d, f);
        return;
    }
    f.cure = change(d, site, "SpbeGuardFailure", "On",
                    spbe_doctor_rank(site->input.value) == 0
                        ? "DetectOnly" : site->input.value);
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
    spbe_advice_t f = { .id = "mode-input", .site = site->label };

    place(&f, site->input.from, site);
    f.what = stated(d, "validasi input (SpbeGuardInput)", &site->input);
    if (is(site->input.value, "On")) {
        f.why = "yang rusak, bermakna ganda atau melanggar aturan ditolak "
                "sebelum sampai ke aplikasi";
    }
    else if (is(site->input.value, "DetectOnly")) {
        f.level = SPBE_LEVEL_WARN;
        f.why = "yang akan ditolak hanya dicatat dan tetap sampai ke aplikasi; "
                "spbe-guardctl review mengatakan apakah situs ini siap untuk On";
        f.cure = "sudo spbe-guardctl review --since 7d    # lalu "
                 "SpbeGuardInput On";
    }
    else {
        f.level = SPBE_LEVEL_WARN;
        f.why = spbe_doctor_any_input(d, "On")
                    ? "isian situs ini tidak diperiksa sama sekali, padahal "
                      "bagian lain server ini memakai On"
                    : "isian situs ini tidak diperiksa sama sekali";
        f.cure = change(d, site, "SpbeGuardInput", "On", "DetectOnly");
    }
    spbe_doctor_add(d, f);
}

/* Which of the switches a line sets, and to what they are set around it: the
 * stronger one counts for SpbeGuardEngine. */
static const char *around(const spbe_site_t *site, const char *name)
{
    const char *failure = site->failure.value, *input = site->input.value;

    if (is(name, "SpbeGuardEngine")) {
        return spbe_doctor_rank(failure) > spbe_doctor_rank(input) ? failure
                                                                   : input;
    }
    return is(name, "SpbeGuardFailure") ? failure : input;
}

/* A part of a site that is stronger or weaker than the site. */
static void check_part(spbe_doctor_t *d, int index)
{
    const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, index);
    const char *value = spbe_httpdconf_arg(line, 0), *rest = "On";
    const spbe_httpdconf_line_t *inner;
    const spbe_site_t *site = spbe_doctor_site_at(d, index, &inner);
    spbe_advice_t f = { .id = "mode-part", .level = SPBE_LEVEL_WARN };

    if (site == NULL && d->sites->nelts == 1) {
        site = &APR_ARRAY_IDX(d->sites, 0, spbe_site_t);
    }
    if (site != NULL) {
        rest = around(site, line->name);
    }
    if (inner == NULL || is(value, rest)
        || (site != NULL && (site->failure.from == line
                             || site->input.from == line))) {
        return;
    }
    f.what = apr_psprintf(d->pool, "%s %s%s", line->name, value,
                          spbe_doctor_where(d, inner));
    if (spbe_doctor_rank(value) > spbe_doctor_rank(rest)) {
        f.level = SPBE_LEVEL_OK;
        f.why = apr_psprintf(d->pool, "sisa situs: %s", rest);
    }
    else {
        f.why = "bagian ini diperlakukan lain dari sisa situs";
        f.cure = replace(d, line,
                         apr_pstrcat(d->pool, line->name, " ", rest, NULL));
    }
    spbe_doctor_tell(d, line, NULL, f);
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

static const char *stronger(const char *a, const char *b)
{
    return spbe_doctor_rank(a) > spbe_doctor_rank(b) ? a : b;
}

static void compare(spbe_doctor_t *d, const spbe_site_t *http,
                    const spbe_site_t *https)
{
    spbe_advice_t f = { .id = "https-differs", .level = SPBE_LEVEL_BAD };
    int failure = spbe_doctor_rank(http->failure.value)
                  - spbe_doctor_rank(https->failure.value);
    int input = spbe_doctor_rank(http->input.value)
                - spbe_doctor_rank(https->input.value);
    int differ = failure != 0 ? failure : input;
    const spbe_site_t *weak = differ > 0 ? https : http;

    if (differ == 0) {
        return;
    }
    f.site = weak->label;
    place(&f, failure != 0 ? weak->failure.from : weak->input.from, weak);
    f.what = apr_psprintf(d->pool, "HTTP: Failure %s, Input %s; HTTPS: "
                          "Failure %s, Input %s", http->failure.value,
                          http->input.value, https->failure.value,
                          https->input.value);
    f.why = "situs yang sama berlaku dua macam: yang tertahan di satu porta "
            "lolos di porta yang lain";
    f.cure = change(d, weak,
                    failure != 0 ? "SpbeGuardFailure" : "SpbeGuardInput",
                    stronger(http->failure.value, https->failure.value),
                    stronger(http->input.value, https->input.value));
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
    spbe_advice_t f = { .id = "module", .level = SPBE_LEVEL_BAD,
                         .file = d->conf_file };

    if (line == NULL) {
        f.what = "mod_spbe_guard tidak dimuat";
        f.why = "tidak ada situs yang dijaga";
        f.cure = ENABLE;
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
