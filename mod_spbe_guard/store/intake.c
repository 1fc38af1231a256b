/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/intake.c - from the pipe to the archive. See intake.h.
 */
#include "store/intake.h"

#include <string.h>
#include "record/line.h"
#include "store/entry.h"

struct spbe_intake {
    char line[SPBE_LINE_MAX + 1]; /* the beginning of a line */
    size_t len;
    int too_long; /* the line began with a piece that was put away */
    spbe_buf_t waiting;
    apr_uint64_t unsaid; /* lost, and not yet written to the archive */
    spbe_intake_counts_t counts;
    apr_pool_t *pool; /* of waiting; cleared when that is written */
    apr_pool_t *scratch;
};

#define FIRST_SIZE (256 * 1024)

static void start_waiting(spbe_intake_t *intake)
{
    apr_pool_clear(intake->pool);
    spbe_buf_init(&intake->waiting, FIRST_SIZE, intake->pool);
}

spbe_intake_t *spbe_intake_create(apr_pool_t *pool)
{
    spbe_intake_t *intake = apr_pcalloc(pool, sizeof(*intake));

    apr_pool_create(&intake->pool, pool);
    apr_pool_create(&intake->scratch, pool);
    start_waiting(intake);
    return intake;
}

/* Why a line must not go into the archive as a line; NULL when it may. */
static const char *why_bad(spbe_intake_t *intake, spbe_span_t line, int whole)
{
    spbe_line_t parsed;
    const char *why;

    if (intake->too_long || line.len >= SPBE_LINE_MAX) {
        return "longer than a line may be";
    }
    if (!whole) {
        return "without a line end";
    }
    apr_pool_clear(intake->scratch);
    return spbe_line_parse(line, &parsed, &why, intake->scratch) == SPBE_OK
               ? NULL
               : why;
}

static void put_away(spbe_intake_t *intake, int whole)
{
    spbe_span_t line = {intake->line, intake->len};
    const char *why = why_bad(intake, line, whole);

    intake->counts.lines++;
    intake->counts.malformed += why != NULL;
    if (intake->waiting.len > SPBE_INTAKE_WAITING) {
        intake->counts.lost++;
        intake->unsaid++;
    }
    else if (why == NULL) {
        spbe_entry_add_line(&intake->waiting, apr_time_now(), line);
    }
    else {
        spbe_entry_add_bad(&intake->waiting, apr_time_now(), line, why);
    }
    intake->too_long = !whole;
    intake->len = 0;
}

void spbe_intake_feed(spbe_intake_t *intake, spbe_span_t bytes)
{
    while (bytes.len > 0) {
        size_t end = spbe_span_chr(bytes, '\n');
        size_t room = SPBE_LINE_MAX - intake->len;
        size_t take = end == SPBE_NPOS ? bytes.len : end;

        take = take < room ? take : room;
        memcpy(intake->line + intake->len, bytes.ptr, take);
        intake->len += take;
        if (take == end) {
            take++;
            /* An empty line is nothing, unless it ends a long one. */
            if (intake->len > 0) {
                put_away(intake, 1);
            }
            intake->too_long = 0;
        }
        else if (intake->len == SPBE_LINE_MAX) {
            put_away(intake, 0);
        }
        bytes = spbe_span_slice(bytes, take, bytes.len);
    }
}

void spbe_intake_end(spbe_intake_t *intake)
{
    if (intake->len > 0) {
        put_away(intake, 0);
    }
}

static void say_lost(spbe_intake_t *intake)
{
    if (intake->unsaid > 0) {
        spbe_entry_add_lost(&intake->waiting, apr_time_now(), intake->unsaid,
                            "the archive could not be written");
    }
}

apr_status_t spbe_intake_flush(spbe_intake_t *intake, spbe_archive_t *archive)
{
    size_t length = intake->waiting.len;
    apr_status_t rv;

    if (length == 0 && intake->unsaid == 0) {
        return APR_SUCCESS;
    }
    if (archive == NULL) {
        return APR_ENOENT;
    }
    say_lost(intake);
    rv = spbe_archive_append(archive, spbe_buf_span(&intake->waiting));
    if (rv != APR_SUCCESS) {
        intake->waiting.len = length;
        return rv;
    }
    intake->unsaid = 0;
    start_waiting(intake);
    return APR_SUCCESS;
}

spbe_intake_counts_t spbe_intake_counts(const spbe_intake_t *intake)
{
    spbe_intake_counts_t counts = intake->counts;

    counts.waiting = intake->waiting.len;
    return counts;
}
