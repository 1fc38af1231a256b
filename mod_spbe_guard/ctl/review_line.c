/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/review_line.c - the line that allows a finding, or enforces it.
 *
 * The line will be pasted into a configuration, and names in it were chosen by
 * visitors: only what cannot end a word or a line is put there.
 */
#include "ctl/review.h"

#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "input/reason.h"
#include "text/buf.h"

static int is_plain(const char *text, const char *more)
{
    if (text == NULL || *text == '\0' || *text == '-') {
        return 0;
    }
    for (; *text != '\0'; text++) {
        if (!apr_isalnum(*text) && strchr(more, *text) == NULL) {
            return 0;
        }
    }
    return 1;
}

/* "/izin/{id}" as an expression: a template's name is one segment. */
static const char *as_match(const char *route, apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 128, pool);
    spbe_buf_adds(&buf, "<LocationMatch \"^");
    for (; *route != '\0'; route++) {
        const char *end = *route == '{' ? strchr(route, '}') : NULL;

        if (end != NULL) {
            spbe_buf_adds(&buf, "[^/]+");
            route = end;
        }
        else {
            spbe_buf_adds(&buf, *route == '.' ? "\\" : "");
            spbe_buf_addc(&buf, *route);
        }
    }
    spbe_buf_adds(&buf, "$\">");
    return spbe_buf_cstr(&buf);
}

static const char *location(const char *route, apr_pool_t *pool)
{
    if (route == NULL || *route != '/') {
        return NULL;
    }
    if (is_plain(route, "/._~-")) {
        return apr_pstrcat(pool, "<Location \"", route, "\">", NULL);
    }
    return is_plain(route, "/._~-{}") ? as_match(route, pool) : NULL;
}

static const char *field_name(const spbe_review_row_t *row)
{
    return is_plain(row->field, "._[]:-") ? row->field : NULL;
}

static const char *malformed(const spbe_review_row_t *row, const char *action,
                             apr_pool_t *pool)
{
    const char *field = field_name(row);

    return apr_pstrcat(pool, "SpbeGuardMalformed ", row->reason, " ", action,
                       field == NULL ? "" : " field=", field, NULL);
}

/* No directive decides it: the rule itself stands in a policy. */
static const char *rule_of(const spbe_review_row_t *row, const char *rule,
                           apr_pool_t *pool)
{
    const char *field = field_name(row);

    return apr_pstrcat(pool, "ubah aturan ", rule,
                       field == NULL ? "" : " pada isian ",
                       field == NULL ? "" : field, NULL);
}

/* What the policy would have to say, or NULL. */
static const char *in_policy(const spbe_review_row_t *row, spbe_reason_t reason,
                             apr_pool_t *pool)
{
    switch (reason) {
    case SPBE_REASON_METHOD:
    case SPBE_REASON_MEDIA:
    case SPBE_REASON_ROUTE:
        return "tambahkan jalur, metode atau jenis isi ini";
    case SPBE_REASON_FILE_SIZE:
        return rule_of(row, "maxsize", pool);
    case SPBE_REASON_FILE_TYPE:
        return rule_of(row, "types", pool);
    case SPBE_REASON_FILE_COUNT:
        return rule_of(row, "maxcount", pool);
    case SPBE_REASON_SCHEMA:
    case SPBE_REASON_COMPARE:
        return rule_of(
            row, is_plain(row->keyword, "$<>=!") ? row->keyword : "-", pool);
    default:
        return NULL;
    }
}

/* What lets through what is, or would be, refused. */
static const char *allowing(const spbe_review_row_t *row, spbe_reason_t reason,
                            apr_pool_t *pool)
{
    switch (reason) {
    case SPBE_REASON_TOO_LARGE:
        return "SpbeGuardBodyLimit 8388608";
    case SPBE_REASON_FILE_IMAGE:
        return "SpbeGuardLimit image-pixels 400000000";
    case SPBE_REASON_UNKNOWN:
        return field_name(row) == NULL
                   ? "SpbeGuardUnknown log"
                   : apr_pstrcat(pool, "SpbeGuardIgnoreParam ", row->field,
                                 NULL);
    default:
        return malformed(row, "log", pool);
    }
}

static const char *line_for(const spbe_review_row_t *row, spbe_reason_t reason,
                            const char *policy, int reject, apr_pool_t *pool)
{
    if (reason == SPBE_REASON_ENGINE) {
        return "# pemeriksaan sendiri gagal: lihat error log";
    }
    if (!reject) {
        return reason == SPBE_REASON_UNKNOWN || reason == SPBE_REASON_ROUTE
                   ? "SpbeGuardUnknown reject"
                   : malformed(row, "reject", pool);
    }
    return policy == NULL
               ? allowing(row, reason, pool)
               : apr_pstrcat(pool,
                             "# kebijakan (SpbeGuardPolicy/SpbeGuardParam): ",
                             policy, NULL);
}

static const char *block_of(const spbe_review_item_t *item, apr_pool_t *pool)
{
    if (item->line == NULL || *item->line == '#') {
        return NULL;
    }
    if (item->location == NULL) {
        return item->line;
    }
    return apr_pstrcat(pool, item->location, "\n    ", item->line, "\n</",
                       strncmp(item->location, "<LocationMatch", 14) == 0
                           ? "LocationMatch>"
                           : "Location>",
                       NULL);
}

void spbe_review_advise(spbe_review_item_t *item, apr_pool_t *pool)
{
    const spbe_review_row_t *row = &item->row;
    spbe_reason_t reason = spbe_reason_find(spbe_span_from(row->reason));
    int reject = row->wanted == NULL || strcmp(row->wanted, "reject") == 0;

    if (reason == SPBE_REASON_NONE) {
        return;
    }
    item->policy = in_policy(row, reason, pool);
    item->line = line_for(row, reason, item->policy, reject, pool);
    /* Paths that no policy knows are refused where the policy is named. */
    item->location = *item->line == '#' || reason == SPBE_REASON_ROUTE
                         ? NULL
                         : location(row->route, pool);
    item->block = block_of(item, pool);
    item->effect = reason == SPBE_REASON_ENGINE ? NULL
                   : reject                     ? "allow"
                                                : "reject";
}
