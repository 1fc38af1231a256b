/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_sites.c - the sites of a configuration, and which modes are in
 * force for each.
 */
#include "ctl/doctor_place.h"

#include <string.h>
#include <strings.h>
#include <apr_strings.h>

static const char *arg_of(const spbe_doctor_t *d, int section,
                          const char *name)
{
    const spbe_httpdconf_line_t *line = spbe_httpdconf_last(d->conf, section,
                                                            name);

    return line == NULL ? NULL : spbe_httpdconf_arg(line, 0);
}

static int is_redirect(const spbe_doctor_t *d, int section)
{
    int i = spbe_httpdconf_next(d->conf, section, "Redirect", 0);
    const spbe_httpdconf_line_t *line;
    int from;

    if (i < 0 || spbe_httpdconf_last(d->conf, section, "ProxyPass") != NULL) {
        return 0;
    }
    line = spbe_httpdconf_at(d->conf, i);
    from = line->args->nelts - 2;
    return from >= 0 && strcmp(spbe_httpdconf_arg(line, from), "/") == 0;
}

static spbe_site_t *add_site(spbe_doctor_t *d, int section)
{
    spbe_site_t *site = apr_array_push(d->sites);
    const apr_array_header_t *chain;
    const char *docroot, *ssl;

    memset(site, 0, sizeof(*site));
    site->section = section;
    site->name = arg_of(d, section, "ServerName");
    docroot = arg_of(d, section, "DocumentRoot");
    docroot = docroot == NULL ? arg_of(d, -1, "DocumentRoot") : docroot;
    if (docroot != NULL) {
        site->docroot = spbe_httpdconf_path(d->conf, docroot, d->pool);
    }
    ssl = arg_of(d, section, "SSLEngine");
    site->ssl = ssl != NULL && strcasecmp(ssl, "off") != 0;
    site->redirects = section >= 0 && is_redirect(d, section);
    chain = spbe_doctor_chain(d, site);
    site->failure = spbe_doctor_mode(d, chain, "SpbeGuardFailure");
    site->input = spbe_doctor_mode(d, chain, "SpbeGuardInput");
    return site;
}

/* "80" of "127.0.0.1:80", "" of "*". */
static const char *port_of(const char *address)
{
    const char *colon = strrchr(address, ':');

    if (colon != NULL && strchr(colon, ']') == NULL) {
        return colon + 1;
    }
    return strspn(address, "0123456789") == strlen(address) ? address : "";
}

static int port_has_site(const spbe_doctor_t *d, const char *port)
{
    int i, j;

    for (i = 0; i < d->sites->nelts; i++) {
        const spbe_httpdconf_line_t *line =
            APR_ARRAY_IDX(d->sites, i, spbe_site_t).line;

        for (j = 0; line != NULL && j < line->args->nelts; j++) {
            const char *has = port_of(spbe_httpdconf_arg(line, j));

            if (has[0] == '\0' || strcmp(has, "*") == 0
                || strcmp(has, port) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

/* The ports on which no <VirtualHost> answers: the main server does. */
static const char *bare_ports(const spbe_doctor_t *d)
{
    const char *ports = "";
    int i = -1;

    while ((i = spbe_httpdconf_next(d->conf, -1, "Listen", i + 1)) >= 0) {
        const char *address = spbe_httpdconf_arg(spbe_httpdconf_at(d->conf, i),
                                                 0);

        if (!port_has_site(d, port_of(address))) {
            ports = apr_pstrcat(d->pool, ports, ports[0] == '\0' ? "" : " ",
                                address, NULL);
        }
    }
    return ports;
}

void spbe_doctor_sites(spbe_doctor_t *d)
{
    const char *ports;
    spbe_site_t *site;
    int i = -1;

    while ((i = spbe_httpdconf_next(d->conf, -1, "VirtualHost", i + 1))
           >= 0) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        site = add_site(d, i);
        site->line = line;
        site->label = site->name == NULL
                          ? line->raw
                          : apr_psprintf(d->pool, "%s (%s)", site->name,
                                         line->raw);
    }
    ports = bare_ports(d);
    if (ports[0] != '\0' || d->sites->nelts == 0) {
        site = add_site(d, -1);
        site->label = apr_psprintf(d->pool, "%s (%s)",
                                   site->name == NULL ? "server utama"
                                                      : site->name,
                                   ports[0] == '\0' ? "tanpa Listen" : ports);
    }
}

int spbe_doctor_covered(const spbe_doctor_t *d)
{
    int i;

    if (spbe_httpdconf_loaded(d->conf, "spbe_guard_module") == NULL) {
        return 0;
    }
    for (i = 0; i < d->sites->nelts; i++) {
        if (strcasecmp(APR_ARRAY_IDX(d->sites, i, spbe_site_t).failure.value,
                       "On") != 0) {
            return 0;
        }
    }
    return 1;
}
