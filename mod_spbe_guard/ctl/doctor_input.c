/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_input.c - input validation, place by place: which rules are in
 * force, and what weakens them.
 */
#include "ctl/doctor_place.h"

#include <string.h>
#include <strings.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include "input/settings.h"

#define MANY 5 /* reasons that are not refused */

static int is(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

/* --- rules --------------------------------------------------------------- */

typedef struct rules {
    const spbe_httpdconf_line_t *policy; /* or NULL */
    const spbe_httpdconf_line_t *param;  /* the first, or NULL */
    int params;                          /* of different names */
} rules_t;

static void count_params(const spbe_doctor_t *d,
                         const spbe_doctor_place_t *place, rules_t *rules)
{
    apr_array_header_t *lines = spbe_doctor_lines(d, place, "SpbeGuardParam");
    apr_hash_t *names = apr_hash_make(d->pool);
    int i;

    for (i = 0; i < lines->nelts; i++) {
        const spbe_httpdconf_line_t *line =
            APR_ARRAY_IDX(lines, i, const spbe_httpdconf_line_t *);
        const char *name = spbe_httpdconf_arg(line, 0);

        if (line->args->nelts == 1 && is(name, "none")) {
            apr_hash_clear(names);
            rules->param = NULL;
            continue;
        }
        apr_hash_set(names, name, APR_HASH_KEY_STRING, line);
        rules->param = rules->param == NULL ? line : rules->param;
    }
    rules->params = (int)apr_hash_count(names);
}

static rules_t rules_of(const spbe_doctor_t *d,
                        const spbe_doctor_place_t *place)
{
    rules_t rules = {spbe_doctor_last(d, place, "SpbeGuardPolicy"), NULL, 0};

    if (is(spbe_httpdconf_arg(rules.policy, 0), "none")) {
        rules.policy = NULL;
    }
    count_params(d, place, &rules);
    return rules;
}

static int any(const rules_t *rules)
{
    return rules->policy != NULL || rules->params > 0;
}

int spbe_doctor_has_rules(const spbe_doctor_t *d,
                          const spbe_doctor_place_t *place)
{
    rules_t rules = rules_of(d, place);

    return any(&rules);
}

/* "kebijakan /a.json; 3 isian SpbeGuardParam (a.conf:7)" */
static const char *describe(const spbe_doctor_t *d, const rules_t *rules)
{
    const char *text = "", *params;

    if (rules->policy != NULL) {
        text = apr_pstrcat(
            d->pool, "kebijakan ",
            spbe_httpdconf_path(d->conf, spbe_httpdconf_arg(rules->policy, 0),
                                d->pool),
            NULL);
    }
    if (rules->params == 0) {
        return text;
    }
    params = apr_psprintf(d->pool, "%d isian SpbeGuardParam", rules->params);
    return rules->policy == NULL
               ? params
               : apr_psprintf(d->pool, "%s; %s (%s:%u)", text, params,
                              rules->param->file, rules->param->line);
}

static const char *consequence(const char *mode)
{
    return is(mode, "On") ? "yang melanggarnya ditolak sebelum "
                            "sampai ke aplikasi"
                          : "yang melanggarnya dicatat, tidak ditolak";
}

/* That keeps httpd from starting: what the rules would do is beside it. */
static int is_broken(const spbe_doctor_t *d, const spbe_httpdconf_line_t *line)
{
    int i;

    for (i = 0; i < d->findings->nelts; i++) {
        const spbe_advice_t *f = &APR_ARRAY_IDX(d->findings, i, spbe_advice_t);

        if (f->level == SPBE_LEVEL_BAD && f->file == line->file &&
            f->line == line->line) {
            return 1;
        }
    }
    return 0;
}

/* In front of a line of its own section, another one would change nothing. */
static const char *behind(const spbe_doctor_t *d,
                          const spbe_doctor_place_t *place,
                          const spbe_httpdconf_line_t *from)
{
    const spbe_httpdconf_line_t *inner;

    if (from == NULL) {
        return "";
    }
    spbe_doctor_site_at(d, (int)(from - spbe_httpdconf_at(d->conf, 0)), &inner);
    return inner != place->section
               ? ""
               : apr_psprintf(d->pool, ", sebagai ganti %s:%u atau sesudahnya",
                              from->file, from->line);
}

static void tell_rules(spbe_doctor_t *d, const spbe_doctor_place_t *place,
                       const rules_t *rules)
{
    const spbe_httpdconf_line_t *line =
        rules->policy != NULL ? rules->policy : rules->param;
    spbe_mode_t mode = spbe_doctor_mode(d, place->chain, "SpbeGuardInput");
    const char *where = spbe_doctor_where(d, place->section);
    spbe_advice_t f = {.id = "input-rules"};

    if (is_broken(d, line)) {
        return;
    }
    f.what = apr_psprintf(d->pool, "aturan isian%s: %s; SpbeGuardInput %s",
                          where, describe(d, rules), mode.value);
    f.why = consequence(mode.value);
    if (is(mode.value, "Off")) {
        f.id = "input-rules-idle";
        f.level = SPBE_LEVEL_WARN;
        f.why = "SpbeGuardInput Off: aturan ini tidak pernah dipakai";
        f.cure = apr_psprintf(d->pool, "SpbeGuardInput DetectOnly    #%s%s",
                              *where == '\0' ? " di situs ini" : where,
                              behind(d, place, mode.from));
    }
    spbe_doctor_tell(d, line, place->site, f);
}

/* Rules of a section count for the site too: there need be none outside. */
static int site_has_rules(const spbe_doctor_t *d, const spbe_site_t *site)
{
    int i;

    for (i = 0; i < d->places->nelts; i++) {
        const spbe_doctor_place_t *place = SPBE_DOCTOR_PLACE(d, i);

        if (place->site == site && spbe_doctor_has_rules(d, place)) {
            return 1;
        }
    }
    return 0;
}

static void check_without_rules(spbe_doctor_t *d, const spbe_site_t *site)
{
    spbe_advice_t f = {
        .id = "input-no-rules",
        .level = SPBE_LEVEL_WARN,
        .what = "SpbeGuardInput On tanpa SpbeGuardPolicy dan SpbeGuardParam",
        .why = "hanya yang rusak atau bermakna ganda yang ditolak; isian yang "
               "salah tetap sampai ke aplikasi",
        .cure = "SpbeGuardPolicy /etc/apache2/kebijakan/aplikasi.json    # di "
                "<Location> aplikasinya, atau SpbeGuardParam untuk tiap isian"};

    if (is(site->input.value, "On") && !site_has_rules(d, site)) {
        spbe_doctor_tell(d, site->input.from, site, f);
    }
}

/* --- what weakens -------------------------------------------------------- */

static spbe_action_t action_of(const char *word)
{
    if (is(word, "reject")) {
        return SPBE_ACTION_REJECT;
    }
    if (is(word, "log")) {
        return SPBE_ACTION_LOG;
    }
    return is(word, "allow") ? SPBE_ACTION_ALLOW : SPBE_ACTION_UNSET;
}

/* Of every field: a line for named fields is a narrow exception. */
static void take_malformed(const spbe_httpdconf_line_t *line,
                           apr_array_header_t *items)
{
    spbe_malformed_rule_t rule = {SPBE_REASON_NONE, SPBE_ACTION_UNSET, NULL};
    int i, reasons = 0;

    while (reasons < line->args->nelts && rule.action == SPBE_ACTION_UNSET) {
        rule.action = action_of(spbe_httpdconf_arg(line, reasons));
        reasons += rule.action == SPBE_ACTION_UNSET;
    }
    if (rule.action == SPBE_ACTION_UNSET || reasons + 1 < line->args->nelts) {
        return;
    }
    for (i = 0; i < reasons; i++) {
        const char *word = spbe_httpdconf_arg(line, i);

        rule.reason = spbe_reason_find(spbe_span_from(word));
        if (is(word, "all") || rule.reason != SPBE_REASON_NONE) {
            APR_ARRAY_PUSH(items, spbe_malformed_rule_t) = rule;
        }
    }
}

static apr_array_header_t *malformed_of(const apr_array_header_t *lines,
                                        apr_pool_t *pool)
{
    apr_array_header_t *items =
        apr_array_make(pool, 8, sizeof(spbe_malformed_rule_t));
    int i;

    for (i = 0; i < lines->nelts; i++) {
        take_malformed(APR_ARRAY_IDX(lines, i, const spbe_httpdconf_line_t *),
                       items);
    }
    return items;
}

/* Reasons that would be refused but for the lines; *names: the first. */
static int count_loose(const spbe_settings_t *settings, const char **names,
                       apr_pool_t *pool)
{
    int reason, n = 0;

    *names = "";
    for (reason = SPBE_REASON_NONE + 1; reason < SPBE_REASON_MALFORMED_END;
         reason++) {
        spbe_reason_t r = (spbe_reason_t)reason;

        if (spbe_reason_default(r) != SPBE_ACTION_REJECT ||
            spbe_settings_action(settings, r, SPBE_SPAN_EMPTY) ==
                SPBE_ACTION_REJECT) {
            continue;
        }
        if (n < MANY) {
            *names = apr_pstrcat(pool, *names, n > 0 ? ", " : "",
                                 spbe_reason_name(r), NULL);
        }
        n++;
    }
    if (n > MANY) {
        *names = apr_pstrcat(pool, *names, ", ...", NULL);
    }
    return n;
}

static void check_malformed(spbe_doctor_t *d, const spbe_doctor_place_t *place)
{
    apr_array_header_t *lines =
        spbe_doctor_lines(d, place, "SpbeGuardMalformed");
    spbe_settings_t settings = {.malformed = malformed_of(lines, d->pool)};
    spbe_advice_t f = {.id = "malformed-loose"};
    const char *names;
    int n = count_loose(&settings, &names, d->pool);

    if (n == 0) {
        return;
    }
    f.level = n >= MANY ? SPBE_LEVEL_WARN : SPBE_LEVEL_OK;
    f.what = apr_psprintf(d->pool,
                          "SpbeGuardMalformed%s: %d sebab tidak "
                          "ditolak (%s)",
                          spbe_doctor_where(d, place->section), n, names);
    f.why = "permintaan itu sampai ke aplikasi, yang mungkin membacanya lain "
            "dari yang diperiksa";
    f.cure = n < MANY ? NULL
                      : "SpbeGuardMalformed all reject    # lalu log hanya "
                        "untuk sebab dan field= yang perlu";
    spbe_doctor_tell(
        d,
        APR_ARRAY_IDX(lines, lines->nelts - 1, const spbe_httpdconf_line_t *),
        NULL, f);
}

static void check_fail_mode(spbe_doctor_t *d, const spbe_doctor_place_t *place)
{
    const spbe_httpdconf_line_t *line =
        spbe_doctor_last(d, place, "SpbeGuardFailMode");
    spbe_advice_t f = {
        .id = "fail-open",
        .level = SPBE_LEVEL_WARN,
        .what = "SpbeGuardFailMode open",
        .why = "bila pemeriksaannya sendiri gagal, permintaan diteruskan tanpa "
               "diperiksa",
        .cure = "SpbeGuardFailMode closed"};

    if (is(spbe_httpdconf_arg(line, 0), "open")) {
        spbe_doctor_tell(d, line, NULL, f);
    }
}

static void check_unknown(spbe_doctor_t *d, const spbe_doctor_place_t *place)
{
    const spbe_httpdconf_line_t *line =
        spbe_doctor_last(d, place, "SpbeGuardUnknown");
    spbe_advice_t f = {
        .id = "unknown-allow",
        .level = SPBE_LEVEL_WARN,
        .what = "SpbeGuardUnknown allow",
        .why = "isian dan path yang tidak dikenal aturan tidak ditolak dan "
               "tidak dicatat",
        .cure = "SpbeGuardUnknown log"};

    if (is(spbe_httpdconf_arg(line, 0), "allow") &&
        spbe_doctor_has_rules(d, place)) {
        spbe_doctor_tell(d, line, NULL, f);
    }
}

static void check_pass(spbe_doctor_t *d, const spbe_doctor_place_t *place)
{
    const spbe_httpdconf_line_t *line =
        spbe_doctor_last(d, place, "SpbeGuardBodyLimit");
    const char *bytes = spbe_httpdconf_arg(line, 0);
    spbe_advice_t f = {.id = "body-pass", .level = SPBE_LEVEL_WARN};

    if (!is(spbe_httpdconf_arg(line, 1), "pass")) {
        return;
    }
    f.what = apr_psprintf(d->pool, "SpbeGuardBodyLimit %s pass", bytes);
    f.why = apr_psprintf(d->pool,
                         "dari isi yang lebih panjang hanya %s "
                         "pertama yang diperiksa; sisanya diteruskan",
                         bytes);
    f.cure = apr_psprintf(d->pool,
                          "SpbeGuardBodyLimit %s    # tanpa pass, "
                          "sebesar yang perlu",
                          bytes);
    spbe_doctor_tell(d, line, NULL, f);
}

static void check_place(spbe_doctor_t *d, const spbe_doctor_place_t *place)
{
    rules_t rules = rules_of(d, place);

    if (any(&rules)) {
        tell_rules(d, place, &rules);
    }
    if (!spbe_doctor_input_is(d, place, "Off")) {
        check_unknown(d, place);
    }
    if (spbe_doctor_input_is(d, place, "On")) {
        check_malformed(d, place);
        check_fail_mode(d, place);
        check_pass(d, place);
    }
}

void spbe_doctor_check_input(spbe_doctor_t *d)
{
    int i;

    for (i = 0; i < d->sites->nelts; i++) {
        check_without_rules(d, &APR_ARRAY_IDX(d->sites, i, spbe_site_t));
    }
    for (i = 0; i < d->places->nelts; i++) {
        check_place(d, SPBE_DOCTOR_PLACE(d, i));
    }
}
