/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_client.c - what input validation gives to browsers and hands to
 * applications: the client script, its handler, the verdict as a header.
 */
#include "ctl/doctor_place.h"

#include <string.h>
#include <strings.h>
#include <apr_strings.h>

#define HANDLER "spbe-guard-client"
#define CLIENT_URL "/spbe-guard-client"

static int is(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

static int has(const apr_array_header_t *list, const void *item)
{
    int i;

    for (i = 0; i < list->nelts; i++) {
        if (APR_ARRAY_IDX(list, i, const void *) == item) {
            return 1;
        }
    }
    return 0;
}

/* --- proxies ------------------------------------------------------------- */

/* ProxyPass and ProxyPassMatch of a scope; the first that fits decides. 1:
 * passed on; 0: "!" keeps it here; -1: none fits. */
static int passed_by(const spbe_doctor_t *d, int scope, const char *url)
{
    int i = -1;

    while ((i = spbe_httpdconf_next(d->conf, scope, NULL, i + 1)) >= 0) {
        spbe_httpdconf_line_t line = *spbe_httpdconf_at(d->conf, i);

        if (!is(line.name, "ProxyPass") && !is(line.name, "ProxyPassMatch")) {
            continue;
        }
        /* It fits as a section of that path does. */
        line.name = is(line.name, "ProxyPass") ? "Location" : "LocationMatch";
        if (line.args->nelts > 1 && spbe_doctor_holds(&line, url, d->pool)) {
            return strcmp(spbe_httpdconf_arg(&line, 1), "!") != 0;
        }
    }
    return -1;
}

/* Is it a ProxyPass in a <Location> that holds for the URL? */
static int is_inside(const spbe_doctor_t *d, int index, const char *url)
{
    const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, index);
    const spbe_httpdconf_line_t *inner;

    if (!is(line->name, "ProxyPass") && !is(line->name, "ProxyPassMatch")) {
        return 0;
    }
    spbe_doctor_site_at(d, index, &inner);
    return inner != NULL && strncasecmp(inner->name, "Location", 8) == 0 &&
           spbe_doctor_holds(inner, url, d->pool);
}

/* The last of these: as above, and it goes before those outside. */
static int passed_inside(const spbe_doctor_t *d, const spbe_site_t *site,
                         const char *url)
{
    int i, found = -1;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        if (spbe_doctor_concerns(d, i, site) && is_inside(d, i, url)) {
            found = strcmp(spbe_httpdconf_arg(spbe_httpdconf_at(d->conf, i), 0),
                           "!") != 0;
        }
    }
    return found;
}

/* mod_proxy takes what ProxyPass names, whatever its handler is set to. */
static int is_passed(const spbe_doctor_t *d, const spbe_site_t *site,
                     const char *url)
{
    int passed = passed_inside(d, site, url);

    if (passed < 0) {
        passed = passed_by(d, -1, url);
    }
    if (passed < 0 && site->section >= 0) {
        passed = passed_by(d, site->section, url);
    }
    return passed == 1;
}

/* --- the client script --------------------------------------------------- */

/* Of the place: the path may be said further out than the switch. */
static const char *url_of(const spbe_doctor_t *d,
                          const spbe_doctor_place_t *place)
{
    const apr_array_header_t *lines =
        spbe_doctor_lines(d, place, "SpbeGuardClientScript");
    int i;

    for (i = lines->nelts - 1; i >= 0; i--) {
        const char *url = spbe_httpdconf_arg(
            APR_ARRAY_IDX(lines, i, const spbe_httpdconf_line_t *), 1);

        if (*url != '\0') {
            return url;
        }
    }
    return CLIENT_URL;
}

static int is_handler(const spbe_httpdconf_line_t *line)
{
    return is(line->name, "SetHandler") &&
           is(spbe_httpdconf_arg(line, 0), HANDLER);
}

/* The SetHandler that answers at the URL, or NULL. One in <Files> or
 * <Directory> may: it counts. */
static const spbe_httpdconf_line_t *
handler_at(const spbe_doctor_t *d, const spbe_site_t *site, const char *url)
{
    const spbe_httpdconf_line_t *found = NULL, *inner;
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        if (!is_handler(line) || !spbe_doctor_concerns(d, i, site)) {
            continue;
        }
        spbe_doctor_site_at(d, i, &inner);
        if (inner == NULL || strncasecmp(inner->name, "Location", 8) != 0 ||
            spbe_doctor_holds(inner, url, d->pool)) {
            found = line;
        }
    }
    return found;
}

static void check_handler(spbe_doctor_t *d, const spbe_site_t *site,
                          const spbe_httpdconf_line_t *line, const char *url)
{
    spbe_advice_t f = {.level = SPBE_LEVEL_WARN};

    if (handler_at(d, site, url) == NULL) {
        f.id = "client-handler";
        f.what = apr_psprintf(d->pool,
                              "SpbeGuardClientScript On, tetapi tidak "
                              "ada SetHandler " HANDLER " di %s",
                              url);
        f.why = "setiap halaman memanggil skrip yang tidak ada; pemeriksaan di "
                "server tetap berjalan";
        f.cure = apr_psprintf(d->pool,
                              "SetHandler " HANDLER "    # di "
                              "<Location %s>",
                              url);
        spbe_doctor_tell(d, line, site, f);
    }
    else if (is_passed(d, site, url)) {
        f.id = "client-proxied";
        f.what =
            apr_psprintf(d->pool, "ProxyPass meneruskan %s ke aplikasi", url);
        f.why =
            "SetHandler " HANDLER " tidak pernah dicapai: halaman memanggil "
            "skrip yang tidak ada";
        f.cure =
            apr_psprintf(d->pool, "ProxyPass !    # di <Location %s>", url);
        spbe_doctor_tell(d, line, site, f);
    }
}

/* Only where input is On and rules apply does the script go into pages. */
static void tell_idle(spbe_doctor_t *d, const spbe_httpdconf_line_t *line,
                      int on)
{
    spbe_advice_t f = {.id = "client-idle",
                       .level = SPBE_LEVEL_WARN,
                       .what = "SpbeGuardClientScript On tanpa akibat",
                       .cure = "SpbeGuardInput On"};

    f.why = "di tempat itu SpbeGuardInput tidak On: skripnya tidak disisipkan";
    if (on) {
        f.why = "di tempat itu tidak ada SpbeGuardPolicy atau SpbeGuardParam: "
                "tidak ada aturan untuk peramban";
        f.cure = "SpbeGuardPolicy /etc/apache2/kebijakan/aplikasi.json    # "
                 "atau SpbeGuardParam";
    }
    spbe_doctor_tell(d, line, NULL, f);
}

/* One line may hold for many places: it works if it does in one. */
static void check_script(spbe_doctor_t *d, const spbe_httpdconf_line_t *line)
{
    int i, on = 0, works = 0;

    for (i = 0; i < d->places->nelts; i++) {
        const spbe_doctor_place_t *place = SPBE_DOCTOR_PLACE(d, i);

        if (spbe_doctor_last(d, place, "SpbeGuardClientScript") != line ||
            !spbe_doctor_input_is(d, place, "On")) {
            continue;
        }
        on = 1;
        if (spbe_doctor_has_rules(d, place)) {
            works = 1;
            check_handler(d, place->site, line, url_of(d, place));
        }
    }
    if (!works) {
        tell_idle(d, line, on);
    }
}

static void check_unused_handler(spbe_doctor_t *d)
{
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(d->conf, i);

        if (is_handler(line)) {
            spbe_doctor_tell(
                d, line, NULL,
                (spbe_advice_t){
                    .id = "client-unused",
                    .level = SPBE_LEVEL_WARN,
                    .what = "SetHandler " HANDLER " tanpa "
                            "SpbeGuardClientScript On",
                    .why = "tidak ada halaman yang disisipi skripnya",
                    .cure = "SpbeGuardClientScript On    # di tempat yang "
                            "beraturan dan SpbeGuardInput On"});
        }
    }
}

/* --- the verdict for the application ------------------------------------- */

/* FastCGI, uWSGI and SCGI get httpd's environment; what else mod_proxy speaks
 * does not carry it. */
static int is_deaf(const char *target)
{
    static const char *const told[] = {"fcgi:", "uwsgi:", "scgi:"};
    size_t i;

    for (i = 0; i < sizeof(told) / sizeof(*told); i++) {
        if (strstr(target, told[i]) != NULL) {
            return 0;
        }
    }
    return strstr(target, "://") != NULL;
}

static int is_proxy_line(const spbe_httpdconf_line_t *line)
{
    int last = line->args->nelts - 1;

    if (is(line->name, "ProxyPass") || is(line->name, "ProxyPassMatch") ||
        is(line->name, "BalancerMember")) {
        return is_deaf(line->raw);
    }
    if (is(line->name, "SetHandler")) {
        return strncasecmp(spbe_httpdconf_arg(line, 0), "proxy:", 6) == 0 &&
               is_deaf(line->raw);
    }
    return is(line->name, "RewriteRule") && last == 2 &&
           strpbrk(spbe_httpdconf_arg(line, last), "Pp") != NULL &&
           is_deaf(line->raw);
}

static int has_proxy(const spbe_doctor_t *d, const spbe_site_t *site)
{
    int i;

    for (i = 0; i < spbe_httpdconf_count(d->conf); i++) {
        if (is_proxy_line(spbe_httpdconf_at(d->conf, i)) &&
            spbe_doctor_concerns(d, i, site)) {
            return 1;
        }
    }
    return 0;
}

static void check_header(spbe_doctor_t *d, const spbe_httpdconf_line_t *line)
{
    spbe_advice_t f = {.id = "verdict-header",
                       .level = SPBE_LEVEL_WARN,
                       .what = "SpbeGuardVerdictHeader On tanpa akibat",
                       .why = "di tempat itu SpbeGuardInput Off: tidak ada "
                              "hasil yang dapat dikirim",
                       .cure = "SpbeGuardInput DetectOnly"};
    int i, judged = 0;

    for (i = 0; i < d->places->nelts; i++) {
        const spbe_doctor_place_t *place = SPBE_DOCTOR_PLACE(d, i);

        if (spbe_doctor_last(d, place, "SpbeGuardVerdictHeader") != line ||
            spbe_doctor_input_is(d, place, "Off")) {
            continue;
        }
        if (has_proxy(d, place->site)) {
            return;
        }
        judged = 1;
    }
    if (judged) {
        f.what = "SpbeGuardVerdictHeader On, tetapi aplikasinya tidak di "
                 "belakang proxy HTTP atau AJP";
        f.why = "aplikasi ini sudah menerimanya di lingkungannya sebagai "
                "SPBE_VERDICT";
        f.cure = "SpbeGuardVerdictHeader Off";
    }
    spbe_doctor_tell(d, line, NULL, f);
}

/* --- all ----------------------------------------------------------------- */

/* The lines that switch something on and are in force somewhere, each once. */
static apr_array_header_t *switched_on(const spbe_doctor_t *d, const char *name)
{
    apr_array_header_t *lines = apr_array_make(d->pool, 4, sizeof(void *));
    int i;

    for (i = 0; i < d->places->nelts; i++) {
        const spbe_httpdconf_line_t *line =
            spbe_doctor_last(d, SPBE_DOCTOR_PLACE(d, i), name);

        if (is(spbe_httpdconf_arg(line, 0), "On") && !has(lines, line)) {
            APR_ARRAY_PUSH(lines, const void *) = line;
        }
    }
    return lines;
}

void spbe_doctor_check_client(spbe_doctor_t *d)
{
    apr_array_header_t *lines = switched_on(d, "SpbeGuardClientScript");
    int i;

    for (i = 0; i < lines->nelts; i++) {
        check_script(d, APR_ARRAY_IDX(lines, i, const void *));
    }
    if (lines->nelts == 0) {
        check_unused_handler(d);
    }
    lines = switched_on(d, "SpbeGuardVerdictHeader");
    for (i = 0; i < lines->nelts; i++) {
        check_header(d, APR_ARRAY_IDX(lines, i, const void *));
    }
}
