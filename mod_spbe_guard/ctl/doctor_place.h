/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_place.h - what is in force where: a site as a whole, or a section
 * in which something about input is said. Private to doctor*.c.
 *
 * Sections are laid over each other as httpd merges them. What httpd decides
 * for each request alone (<If>, expressions, .htaccess) is not decided here: an
 * <If> counts as true.
 */
#ifndef SPBE_CTL_DOCTOR_PLACE_H
#define SPBE_CTL_DOCTOR_PLACE_H

#include "ctl/doctor.h"

struct spbe_doctor_place {
    const spbe_site_t *site;
    const spbe_httpdconf_line_t *section; /* NULL: the site as a whole */
    apr_array_header_t *chain; /* int: sections, the outermost first; -1 is the
                                  main server */
};

/* Fills d->places: each site, then the sections that hold for it. */
void spbe_doctor_places(spbe_doctor_t *d);

#define SPBE_DOCTOR_PLACE(d, i)                                                \
    (&APR_ARRAY_IDX((d)->places, i, spbe_doctor_place_t))

/* The sections that hold for the whole of a site. */
apr_array_header_t *spbe_doctor_chain(const spbe_doctor_t *d,
                                      const spbe_site_t *site);

/* SpbeGuardFailure or SpbeGuardInput, SpbeGuardEngine included. */
spbe_mode_t spbe_doctor_mode(const spbe_doctor_t *d,
                             const apr_array_header_t *chain, const char *name);
/* "Off" 0, "DetectOnly" 1, "On" 2. */
int spbe_doctor_rank(const char *mode);
int spbe_doctor_input_is(const spbe_doctor_t *d,
                         const spbe_doctor_place_t *place, const char *mode);
/* Is SpbeGuardInput of that mode in some place? */
int spbe_doctor_any_input(const spbe_doctor_t *d, const char *mode);

/* The line that counts, or NULL. */
const spbe_httpdconf_line_t *spbe_doctor_last(const spbe_doctor_t *d,
                                              const spbe_doctor_place_t *place,
                                              const char *name);
/* All of them, const spbe_httpdconf_line_t *, the outermost first. */
apr_array_header_t *spbe_doctor_lines(const spbe_doctor_t *d,
                                      const spbe_doctor_place_t *place,
                                      const char *name);

/* Does a <Location> of that path hold for the URL? Then for what is below it as
 * well; patterns and expressions are tried. */
int spbe_doctor_holds(const spbe_httpdconf_line_t *section, const char *path,
                      apr_pool_t *pool);

/* Is the line outside of every <VirtualHost>, or in that of the site? */
int spbe_doctor_concerns(const spbe_doctor_t *d, int index,
                         const spbe_site_t *site);

/* The site in whose <VirtualHost> the line stands, or NULL; *inner is the
 * innermost section inside that, or NULL. */
const spbe_site_t *spbe_doctor_site_at(const spbe_doctor_t *d, int index,
                                       const spbe_httpdconf_line_t **inner);

/* " di <Location /x>", or "". */
const char *spbe_doctor_where(const spbe_doctor_t *d,
                              const spbe_httpdconf_line_t *section);

/* Adds the finding, once: at the line, or at the site's own where there is
 * none. It is one of the <VirtualHost> that the line stands in, else of `site`,
 * else (NULL) of the whole server. */
void spbe_doctor_tell(spbe_doctor_t *d, const spbe_httpdconf_line_t *line,
                      const spbe_site_t *site, spbe_advice_t advice);

/* Do SpbeGuardPolicy or SpbeGuardParam say something there? */
int spbe_doctor_has_rules(const spbe_doctor_t *d,
                          const spbe_doctor_place_t *place);

#endif
