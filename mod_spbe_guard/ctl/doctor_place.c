/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_place.c - which sections hold for a place. See doctor_place.h.
 */
#include "ctl/doctor_place.h"

#include <regex.h>
#include <string.h>
#include <strings.h>
#include <apr_fnmatch.h>
#include <apr_strings.h>

/* A section that says one of these is a place of its own. */
static const char *const about_input[] = {
    "SpbeGuardEngine",    "SpbeGuardInput",        "SpbeGuardPolicy",
    "SpbeGuardParam",     "SpbeGuardUnknown",      "SpbeGuardMalformed",
    "SpbeGuardBodyLimit", "SpbeGuardFailMode",     "SpbeGuardClientScript",
    "LimitRequestBody",   "SpbeGuardVerdictHeader"};

static int is(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

static int is_about_input(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(about_input) / sizeof(*about_input); i++) {
        if (is(name, about_input[i])) {
            return 1;
        }
    }
    return 0;
}

/* <IfModule> and its like, in contrast to <If>. */
static int is_transparent(const char *name)
{
    return strncasecmp(name, "If", 2) == 0 && name[2] != '\0';
}

/* The section around a line that is a place, or -1. */
static int outer_of(const spbe_doctor_t *d, int index)
{
    do {
        index = spbe_httpdconf_at(d->conf, index)->parent;
    } while (index >= 0 &&
             is_transparent(spbe_httpdconf_at(d->conf, index)->name));
    return index;
}

static int is_vhost(const spbe_doctor_t *d, int index)
{
    return index >= 0 &&
           is(spbe_httpdconf_at(d->conf, index)->name, "VirtualHost");
}

static int vhost_of(const spbe_doctor_t *d, int index)
{
    while (index >= 0 && !is_vhost(d, index)) {
        index = spbe_httpdconf_at(d->conf, index)->parent;
    }
    return index;
}

int spbe_doctor_concerns(const spbe_doctor_t *d, int index,
                         const spbe_site_t *site)
{
    int vhost = vhost_of(d, index);

    return vhost == -1 || vhost == site->section;
}

const spbe_site_t *spbe_doctor_site_at(const spbe_doctor_t *d, int index,
                                       const spbe_httpdconf_line_t **inner)
{
    int vhost = vhost_of(d, index), outer = outer_of(d, index), i;

    *inner = outer < 0 || is_vhost(d, outer)
                 ? NULL
                 : spbe_httpdconf_at(d->conf, outer);
    for (i = 0; i < d->sites->nelts; i++) {
        const spbe_site_t *site = &APR_ARRAY_IDX(d->sites, i, spbe_site_t);

        if (vhost >= 0 && site->section == vhost) {
            return site;
        }
    }
    return NULL;
}

/* --- paths --------------------------------------------------------------- */

static int is_kind(const spbe_httpdconf_line_t *section, const char *kind)
{
    return strncasecmp(section->name, kind, strlen(kind)) == 0;
}

static int is_expression(const spbe_httpdconf_line_t *section)
{
    return is(section->name, "LocationMatch") ||
           is(section->name, "DirectoryMatch") ||
           strcmp(spbe_httpdconf_arg(section, 0), "~") == 0;
}

static int begins_with(const char *path, const char *folder)
{
    size_t len = strlen(folder);

    while (len > 0 && folder[len - 1] == '/') {
        len--;
    }
    return strncmp(path, folder, len) == 0 &&
           (path[len] == '/' || path[len] == '\0' || len == 0);
}

int spbe_doctor_holds(const spbe_httpdconf_line_t *section, const char *path,
                      apr_pool_t *pool)
{
    const char *text = spbe_httpdconf_arg(section, 0);
    regex_t expression;
    int hit;

    if (!is_expression(section)) {
        return apr_fnmatch_test(text)
                   ? apr_fnmatch(text, path, APR_FNM_PATHNAME) == APR_SUCCESS
                   : begins_with(path, text);
    }
    if (strcmp(text, "~") == 0) {
        text = spbe_httpdconf_arg(section, 1);
    }
    if (regcomp(&expression, text, REG_EXTENDED | REG_NOSUB) != 0) {
        return 0;
    }
    hit = regexec(&expression, path, 0, NULL, 0) == 0;
    regfree(&expression);
    return hit;
}

/* --- chains -------------------------------------------------------------- */

/* httpd takes shorter paths of folders first, whatever their order. */
static void push_folder(const spbe_doctor_t *d, apr_array_header_t *chain,
                        int from, int index)
{
    size_t len =
        strlen(spbe_httpdconf_arg(spbe_httpdconf_at(d->conf, index), 0));
    int i = chain->nelts, *slot;

    APR_ARRAY_PUSH(chain, int) = index;
    slot = (int *)chain->elts;
    for (; i > from; i--) {
        const spbe_httpdconf_line_t *other =
            spbe_httpdconf_at(d->conf, slot[i - 1]);

        if (strlen(spbe_httpdconf_arg(other, 0)) <= len) {
            break;
        }
        slot[i] = slot[i - 1];
    }
    slot[i] = index;
}

static void push_holding(const spbe_doctor_t *d, apr_array_header_t *chain,
                         const spbe_site_t *site, const char *kind,
                         const char *path)
{
    int scopes[] = {-1, site->section}, from = chain->nelts, s;
    int folder = is(kind, "Directory");

    for (s = 0; s < (site->section < 0 ? 1 : 2) && path != NULL; s++) {
        int i = -1;

        while ((i = spbe_httpdconf_next(d->conf, scopes[s], NULL, i + 1)) >=
               0) {
            const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

            if (!line->section || !is_kind(line, kind) || is_expression(line) ||
                !spbe_doctor_holds(line, path, d->pool)) {
                continue;
            }
            if (folder) {
                push_folder(d, chain, from, i);
            }
            else {
                APR_ARRAY_PUSH(chain, int) = i;
            }
        }
    }
}

static apr_array_header_t *server_chain(const spbe_doctor_t *d,
                                        const spbe_site_t *site)
{
    apr_array_header_t *chain = apr_array_make(d->pool, 8, sizeof(int));

    APR_ARRAY_PUSH(chain, int) = -1;
    if (site->section >= 0) {
        APR_ARRAY_PUSH(chain, int) = site->section;
    }
    return chain;
}

apr_array_header_t *spbe_doctor_chain(const spbe_doctor_t *d,
                                      const spbe_site_t *site)
{
    apr_array_header_t *chain = server_chain(d, site);

    push_holding(d, chain, site, "Directory", site->docroot);
    push_holding(d, chain, site, "Location", "/");
    return chain;
}

static void push_once(apr_array_header_t *chain, int index)
{
    int i;

    for (i = 0; i < chain->nelts; i++) {
        if (APR_ARRAY_IDX(chain, i, int) == index) {
            return;
        }
    }
    APR_ARRAY_PUSH(chain, int) = index;
}

/* From the outermost section inside the server or the site to this one. */
static void push_nest(const spbe_doctor_t *d, apr_array_header_t *chain,
                      int index)
{
    int outer = outer_of(d, index);

    if (outer >= 0 && !is_vhost(d, outer)) {
        push_nest(d, chain, outer);
    }
    push_once(chain, index);
}

static int outermost_of(const spbe_doctor_t *d, int index)
{
    int outer = outer_of(d, index);

    return outer < 0 || is_vhost(d, outer) ? index : outermost_of(d, outer);
}

/* <Directory> and <Files> come before <Location>, <If> behind both. */
static apr_array_header_t *section_chain(const spbe_doctor_t *d,
                                         const spbe_site_t *site, int index)
{
    const spbe_httpdconf_line_t *section = spbe_httpdconf_at(d->conf, index);
    const spbe_httpdconf_line_t *outermost =
        spbe_httpdconf_at(d->conf, outermost_of(d, index));
    const char *path =
        is_expression(outermost) ? NULL : spbe_httpdconf_arg(outermost, 0);
    apr_array_header_t *chain = server_chain(d, site);
    int folder = is_kind(outermost, "Directory");

    push_holding(d, chain, site, "Directory",
                 folder && path != NULL ? path : site->docroot);
    if ((folder || is_kind(outermost, "Files")) && !is(section->name, "If")) {
        push_nest(d, chain, index);
    }
    push_holding(d, chain, site, "Location",
                 is_kind(outermost, "Location") && path != NULL ? path : "/");
    push_nest(d, chain, index);
    return chain;
}

/* --- places -------------------------------------------------------------- */

static int is_under(const spbe_site_t *site, const char *folder)
{
    return site->docroot != NULL && begins_with(folder, site->docroot);
}

/* A folder of the server that is another site's is none of this one's. */
static int belongs(const spbe_doctor_t *d, int index, const spbe_site_t *site)
{
    const spbe_httpdconf_line_t *top =
        spbe_httpdconf_at(d->conf, outermost_of(d, index));
    const char *folder = spbe_httpdconf_arg(top, 0);
    int i;

    if (!spbe_doctor_concerns(d, index, site)) {
        return 0;
    }
    if (!is_kind(top, "Directory") || is_expression(top) ||
        is_under(site, folder)) {
        return 1;
    }
    for (i = 0; i < d->sites->nelts; i++) {
        if (is_under(&APR_ARRAY_IDX(d->sites, i, spbe_site_t), folder)) {
            return 0;
        }
    }
    return 1;
}

static int holds_everywhere(const apr_array_header_t *chain, int index)
{
    int i;

    for (i = 0; i < chain->nelts; i++) {
        if (APR_ARRAY_IDX(chain, i, int) == index) {
            return 1;
        }
    }
    return 0;
}

/* Sections about input, each once. */
static apr_array_header_t *find_sections(const spbe_doctor_t *d)
{
    apr_array_header_t *found = apr_array_make(d->pool, 16, sizeof(int));
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        int outer = outer_of(d, i);

        if (is_about_input(spbe_httpdconf_at(d->conf, i)->name) && outer >= 0 &&
            !is_vhost(d, outer)) {
            push_once(found, outer);
        }
    }
    return found;
}

static void add_places(spbe_doctor_t *d, const spbe_site_t *site,
                       const apr_array_header_t *sections)
{
    apr_array_header_t *all = spbe_doctor_chain(d, site);
    spbe_doctor_place_t place = {site, NULL, all};
    int i;

    APR_ARRAY_PUSH(d->places, spbe_doctor_place_t) = place;
    for (i = 0; i < sections->nelts; i++) {
        int index = APR_ARRAY_IDX(sections, i, int);

        if (!holds_everywhere(all, index) && belongs(d, index, site)) {
            place.section = spbe_httpdconf_at(d->conf, index);
            place.chain = section_chain(d, site, index);
            APR_ARRAY_PUSH(d->places, spbe_doctor_place_t) = place;
        }
    }
}

void spbe_doctor_places(spbe_doctor_t *d)
{
    const apr_array_header_t *sections = find_sections(d);
    int i;

    d->places = apr_array_make(d->pool, 16, sizeof(spbe_doctor_place_t));
    for (i = 0; i < d->sites->nelts; i++) {
        add_places(d, &APR_ARRAY_IDX(d->sites, i, spbe_site_t), sections);
    }
}
