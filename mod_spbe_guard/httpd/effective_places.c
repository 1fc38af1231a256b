/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/effective_places.c - the mode of every place. See effective.h.
 */
#include "httpd/effective.h"

#include <stdlib.h>

#include <apr_strings.h>
#include <http_core.h>

static spbe_zone_t *find(const apr_array_header_t *places, const char *vhost,
                          const char *section)
{
    int i;

    for (i = 0; i < places->nelts; i++) {
        spbe_zone_t *place = &APR_ARRAY_IDX(places, i, spbe_zone_t);

        if (strcmp(place->vhost, vhost) == 0
            && strcmp(place->section, section) == 0) {
            return place;
        }
    }
    return NULL;
}

const spbe_zone_t *spbe_effective_find(const apr_array_header_t *places,
                                        const char *vhost,
                                        const char *section)
{
    const spbe_zone_t *place = find(places, vhost, section);

    return place != NULL ? place : find(places, vhost, "");
}

static void add(apr_array_header_t *places, const spbe_zone_t *place)
{
    spbe_zone_t *old = find(places, place->vhost, place->section);

    if (old == NULL) {
        old = apr_array_push(places);
    }
    *old = *place;
}

static spbe_mode_t or_else(spbe_mode_t mode, spbe_mode_t outer)
{
    return mode == SPBE_MODE_UNSET ? outer : mode;
}

/* A section counts when it says something of its own. */
static void add_sections(apr_array_header_t *places, const spbe_zone_t *host,
                         const char *kind, const apr_array_header_t *sections,
                         apr_pool_t *pool)
{
    int i;

    for (i = 0; sections != NULL && i < sections->nelts; i++) {
        ap_conf_vector_t *vector =
            APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
        const core_dir_config *core = ap_get_core_module_config(vector);
        const spbe_dir_conf_t *conf =
            ap_get_module_config(vector, &spbe_guard_module);
        spbe_zone_t place = *host;

        if (conf == NULL || core == NULL || core->d == NULL
            || (conf->failure == SPBE_MODE_UNSET
                && conf->input == SPBE_MODE_UNSET)) {
            continue;
        }
        place.section = apr_psprintf(pool, "%s %s", kind, core->d);
        place.failure = or_else(conf->failure, host->failure);
        place.input = or_else(conf->input, host->input);
        if (conf->application != NULL) {
            place.application = conf->application;
        }
        add(places, &place);
    }
}

static void add_host(apr_array_header_t *places, server_rec *s,
                     apr_pool_t *pool)
{
    const spbe_dir_conf_t *conf =
        ap_get_module_config(s->lookup_defaults, &spbe_guard_module);
    const core_server_config *core =
        ap_get_core_module_config(s->module_config);
    const char *name = s->server_hostname == NULL ? "-" : s->server_hostname;
    spbe_zone_t host = { .section = "", .application = name };

    host.vhost = s->addrs == NULL || s->addrs->host_port == 0
                     ? name
                     : apr_psprintf(pool, "%s:%d", name,
                                    (int)s->addrs->host_port);
    host.failure = spbe_dir_failure(conf);
    host.input = spbe_dir_input(conf);
    if (spbe_dir_application(conf) != NULL) {
        host.application = spbe_dir_application(conf);
    }
    add(places, &host);
    add_sections(places, &host, "<Directory>", core->sec_dir, pool);
    add_sections(places, &host, "<Location>", core->sec_url, pool);
}

apr_array_header_t *spbe_effective_places(server_rec *s, apr_pool_t *pool)
{
    apr_array_header_t *places = apr_array_make(pool, 8, sizeof(spbe_zone_t));

    for (; s != NULL; s = s->next) {
        add_host(places, s, pool);
    }
    return places;
}

/* Tabs and line ends stand in no name of httpd's. */
const char *spbe_effective_write(const apr_array_header_t *places,
                                 apr_pool_t *pool)
{
    apr_array_header_t *lines =
        apr_array_make(pool, places->nelts, sizeof(const char *));
    int i;

    for (i = 0; i < places->nelts; i++) {
        const spbe_zone_t *place = &APR_ARRAY_IDX(places, i, spbe_zone_t);

        APR_ARRAY_PUSH(lines, const char *) = apr_psprintf(
            pool, "%d\t%d\t%s\t%s\t%s\n", place->failure, place->input,
            place->vhost, place->section, place->application);
    }
    return apr_array_pstrcat(pool, lines, 0);
}

static char *cut(char **rest, char at)
{
    char *word = *rest, *end = strchr(word, at);

    *rest = end == NULL ? word + strlen(word) : end + 1;
    if (end != NULL) {
        *end = '\0';
    }
    return word;
}

apr_array_header_t *spbe_effective_parse(const char *text, apr_pool_t *pool)
{
    apr_array_header_t *places = apr_array_make(pool, 8, sizeof(spbe_zone_t));
    char *rest = apr_pstrdup(pool, text), *line;

    while (*rest != '\0') {
        spbe_zone_t *place = apr_array_push(places);

        line = cut(&rest, '\n');
        place->failure = (spbe_mode_t)atoi(cut(&line, '\t'));
        place->input = (spbe_mode_t)atoi(cut(&line, '\t'));
        place->vhost = cut(&line, '\t');
        place->section = cut(&line, '\t');
        place->application = line;
    }
    return places;
}
