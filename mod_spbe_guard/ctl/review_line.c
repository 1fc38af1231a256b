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

static const char *malformed(const spbe_review_row_t *row, int reject,
                             apr_pool_t *pool)
{
    const char *field = field_name(row);

    return apr_pstrcat(pool, "SpbeGuardMalformed ", row->reason,
                       reject ? " log" : " reject",
                       field == NULL ? "" : " field=", field, NULL);
}

static const char *unknown(const spbe_review_row_t *row, int reject,
                           apr_pool_t *pool)
{
    const char *field = field_name(row);

    if (!reject) {
        return "SpbeGuardUnknown reject";
    }
    return field == NULL
               ? "SpbeGuardUnknown log"
               : apr_pstrcat(pool, "SpbeGuardIgnoreParam ", field, NULL);
}

/* No directive decides it: the rule itself stands in a policy. */
static const char *in_policy(const spbe_review_row_t *row, const char *rule,
                             apr_pool_t *pool)
{
    const char *field = field_name(row);

    return apr_pstrcat(pool,
                       "# kebijakan (SpbeGuardPolicy/SpbeGuardParam): "
                       "ubah aturan ",
                       rule, field == NULL ? "" : " pada isian ",
                       field == NULL ? "" : field, NULL);
}

static const char *schema(const spbe_review_row_t *row, apr_pool_t *pool)
{
    return in_policy(row, is_plain(row->keyword, "$<>=!") ? row->keyword : "-",
                     pool);
}

static const char *line_for(const spbe_review_row_t *row, apr_pool_t *pool)
{
    spbe_reason_t reason = spbe_reason_find(spbe_span_from(row->reason));
    int reject = row->wanted == NULL || strcmp(row->wanted, "reject") == 0;

    switch (reason) {
    case SPBE_REASON_NONE:
        return NULL;
    case SPBE_REASON_TOO_LARGE:
        return "SpbeGuardBodyLimit 8388608";
    case SPBE_REASON_UNKNOWN:
        return unknown(row, reject, pool);
    case SPBE_REASON_METHOD:
    case SPBE_REASON_MEDIA:
    case SPBE_REASON_ROUTE:
        return "# kebijakan (SpbeGuardPolicy): tambahkan jalur, metode atau "
               "jenis isi ini";
    case SPBE_REASON_ENGINE:
        return "# pemeriksaan sendiri gagal: lihat error log";
    case SPBE_REASON_FILE_SIZE:
        return in_policy(row, "maxsize", pool);
    case SPBE_REASON_FILE_TYPE:
        return in_policy(row, "types", pool);
    case SPBE_REASON_FILE_COUNT:
        return in_policy(row, "maxcount", pool);
    case SPBE_REASON_FILE_IMAGE:
        return "SpbeGuardLimit image-pixels 400000000";
    case SPBE_REASON_SCHEMA:
    case SPBE_REASON_COMPARE:
        return schema(row, pool);
    default:
        return malformed(row, reject, pool);
    }
}

void spbe_review_advise(spbe_review_item_t *item, apr_pool_t *pool)
{
    item->line = line_for(&item->row, pool);
    item->location = item->line == NULL || *item->line == '#'
                         ? NULL
                         : location(item->row.route, pool);
}
