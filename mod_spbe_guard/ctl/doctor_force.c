/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_force.c - which lines are in force in a place, and findings about
 * them. See doctor_place.h.
 */
#include "ctl/doctor_place.h"

#include <string.h>
#include <strings.h>
#include <apr_strings.h>

static int is(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

int spbe_doctor_rank(const char *mode)
{
    return is(mode, "On") ? 2 : is(mode, "DetectOnly");
}

/* The last line of a section that sets the mode. */
static void take_mode(const spbe_doctor_t *d, int section, const char *name,
                      spbe_mode_t *mode)
{
    int i = -1;

    while ((i = spbe_httpdconf_next(d->conf, section, NULL, i + 1)) >= 0) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        if (is(line->name, "SpbeGuardEngine") || is(line->name, name)) {
            mode->value = spbe_httpdconf_arg(line, 0);
            mode->from = line;
        }
    }
}

spbe_mode_t spbe_doctor_mode(const spbe_doctor_t *d,
                             const apr_array_header_t *chain, const char *name)
{
    spbe_mode_t mode = {"Off", NULL};
    int i;

    for (i = 0; i < chain->nelts; i++) {
        take_mode(d, APR_ARRAY_IDX(chain, i, int), name, &mode);
    }
    return mode;
}

int spbe_doctor_input_is(const spbe_doctor_t *d,
                         const spbe_doctor_place_t *place, const char *mode)
{
    return is(spbe_doctor_mode(d, place->chain, "SpbeGuardInput").value, mode);
}

int spbe_doctor_any_input(const spbe_doctor_t *d, const char *mode)
{
    int i;

    for (i = 0; i < d->places->nelts; i++) {
        if (spbe_doctor_input_is(d, SPBE_DOCTOR_PLACE(d, i), mode)) {
            return 1;
        }
    }
    return 0;
}

const spbe_httpdconf_line_t *spbe_doctor_last(const spbe_doctor_t *d,
                                              const spbe_doctor_place_t *place,
                                              const char *name)
{
    const spbe_httpdconf_line_t *line = NULL;
    int i;

    for (i = place->chain->nelts - 1; i >= 0 && line == NULL; i--) {
        line = spbe_httpdconf_last(d->conf, APR_ARRAY_IDX(place->chain, i, int),
                                   name);
    }
    return line;
}

apr_array_header_t *spbe_doctor_lines(const spbe_doctor_t *d,
                                      const spbe_doctor_place_t *place,
                                      const char *name)
{
    apr_array_header_t *lines =
        apr_array_make(d->pool, 8, sizeof(const spbe_httpdconf_line_t *));
    int i;

    for (i = 0; i < place->chain->nelts; i++) {
        int section = APR_ARRAY_IDX(place->chain, i, int), at = -1;

        while ((at = spbe_httpdconf_next(d->conf, section, name, at + 1)) >=
               0) {
            APR_ARRAY_PUSH(lines, const spbe_httpdconf_line_t *) =
                spbe_httpdconf_at(d->conf, at);
        }
    }
    return lines;
}

const char *spbe_doctor_where(const spbe_doctor_t *d,
                              const spbe_httpdconf_line_t *section)
{
    return section == NULL ? ""
                           : apr_psprintf(d->pool, " di <%s %s>", section->name,
                                          section->raw);
}

static int same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int is_told(const spbe_doctor_t *d, const spbe_advice_t *advice)
{
    int i;

    for (i = 0; i < d->findings->nelts; i++) {
        const spbe_advice_t *told =
            &APR_ARRAY_IDX(d->findings, i, spbe_advice_t);

        if (same(told->id, advice->id) && same(told->site, advice->site) &&
            same(told->file, advice->file) && told->line == advice->line &&
            same(told->what, advice->what)) {
            return 1;
        }
    }
    return 0;
}

void spbe_doctor_tell(spbe_doctor_t *d, const spbe_httpdconf_line_t *line,
                      const spbe_site_t *site, spbe_advice_t advice)
{
    const spbe_httpdconf_line_t *inner, *at = line;
    const spbe_site_t *own = NULL;

    if (line != NULL) {
        own = spbe_doctor_site_at(
            d, (int)(line - spbe_httpdconf_at(d->conf, 0)), &inner);
    }
    if (own == NULL) {
        /* With one site there is no other that it could concern. */
        own = site == NULL && d->sites->nelts == 1
                  ? &APR_ARRAY_IDX(d->sites, 0, spbe_site_t)
                  : site;
    }
    if (at == NULL && site != NULL) {
        at = site->line;
    }
    if (at != NULL) {
        advice.file = at->file;
        advice.line = at->line;
    }
    advice.site = own == NULL ? NULL : own->label;
    if (!is_told(d, &advice)) {
        spbe_doctor_add(d, advice);
    }
}
