/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/intake.c - from lines to a group of the archive. See intake.h.
 */
#include "store/intake.h"

#include <apr_hash.h>
#include "record/line.h"
#include "store/order.h"
#include "store/stretch.h"

#define FIRST_SIZE (256 * 1024)
#define KEYS 16
#define RESERVE "disk reserve"

/* Numbers of one writer of which only the count is kept. */
typedef struct uncounted {
    spbe_span_t writer;
    spbe_stretches_t numbers;
} uncounted_t;

struct spbe_intake {
    spbe_seen_t *seen;
    spbe_intake_keep_t keep;
    /* of the group */
    spbe_buf_t entries;
    apr_array_header_t *lines; /* spbe_line_t: not yet in seen */
    apr_array_header_t *gaps;  /* gap_t: not yet in seen */
    apr_hash_t *uncounted;     /* by writer; NULL: none */
    apr_uint64_t nameless;     /* lines without a number that are not kept */
    int too_long[SPBE_INTAKE_SOURCES]; /* the next line of it began with a
                                          piece that was put away */
    spbe_intake_counts_t added;
    apr_pool_t *group;
    /* of its life */
    int was_too_long[SPBE_INTAKE_SOURCES];
    spbe_intake_counts_t counts;
    char key[KEYS][SPBE_ID_SIZE]; /* records of kind key that came last */
    unsigned next_key;
};

typedef struct gap {
    spbe_span_t writer;
    apr_uint64_t from, to;
} gap_t;

static void begin_group(spbe_intake_t *intake)
{
    apr_pool_clear(intake->group);
    spbe_buf_init(&intake->entries, FIRST_SIZE, intake->group);
    intake->lines = apr_array_make(intake->group, 64, sizeof(spbe_line_t));
    intake->gaps = apr_array_make(intake->group, 4, sizeof(gap_t));
    intake->uncounted = NULL;
    intake->nameless = 0;
    intake->added = (spbe_intake_counts_t){0};
    memcpy(intake->too_long, intake->was_too_long, sizeof(intake->too_long));
}

spbe_intake_t *spbe_intake_create(spbe_seen_t *seen, apr_pool_t *pool)
{
    spbe_intake_t *intake = apr_pcalloc(pool, sizeof(*intake));

    intake->seen = seen;
    apr_pool_create(&intake->group, pool);
    begin_group(intake);
    return intake;
}

void spbe_intake_keep(spbe_intake_t *intake, spbe_intake_keep_t keep)
{
    intake->keep = keep;
}

/* Names that only the logger and the tool have. */
static int is_reserved(const char *writer)
{
    return strstr(writer, ":log-") != NULL || strstr(writer, ":ctl-") != NULL;
}

/* Details can be taken away later without the rest only where they stand at
 * the end. Nothing before them can look like that: names of writers and keys
 * have no quotation mark, and the index part ends in a brace. */
static int has_details_last(spbe_span_t text)
{
    spbe_span_t body = spbe_span_slice(text, 0, text.len - 2);
    size_t at = spbe_span_rchr(body, '"');

    return spbe_span_ends(text, SPBE_SPAN("\"}")) && at != SPBE_NPOS &&
           spbe_span_ends(spbe_span_slice(body, 0, at + 1),
                          SPBE_SPAN(",\"d\":\""));
}

/* What the operator's tool makes: an order, or that details were read. */
static int is_tools(const spbe_line_t *line, apr_pool_t *pool)
{
    spbe_order_t order;
    const char *why;

    return line->h == NULL || spbe_order_parse(spbe_span_from(line->h), &order,
                                               &why, pool) == SPBE_OK;
}

static const char *why_refused(spbe_span_t text, const spbe_line_t *line,
                               spbe_intake_from_t from, apr_pool_t *pool)
{
    int is_order =
        line->h != NULL && spbe_order_is_order(spbe_span_from(line->h), pool);

    if (!has_details_last(text)) {
        return "details are not the last member";
    }
    switch (from) {
    case SPBE_INTAKE_PIPE:
    case SPBE_INTAKE_SPILL:
        return is_order ? "an order that did not come from the drop folder"
               : is_reserved(line->writer) ? "a name that no writer may have"
                                           : NULL;
    case SPBE_INTAKE_TOOL:
        return strstr(line->writer, ":ctl-") == NULL ? "not of the tool"
               : !is_tools(line, pool)               ? "not an order"
                                                     : NULL;
    case SPBE_INTAKE_OWN:
        break;
    }
    return NULL;
}

const char *spbe_intake_check(spbe_intake_from_t from, spbe_span_t text,
                              spbe_line_t *line, apr_pool_t *pool)
{
    const char *why;

    if (text.len >= SPBE_LINE_MAX) {
        return "longer than a line may be";
    }
    return spbe_line_parse(text, line, &why, pool) == SPBE_OK
               ? why_refused(text, line, from, pool)
               : why;
}

static int is_key(const spbe_line_t *line, spbe_intake_t *intake)
{
    unsigned i;

    if (line->h != NULL && strstr(line->h, "\"kind\":\"key\"") != NULL) {
        strcpy(intake->key[intake->next_key], line->id);
        intake->next_key = (intake->next_key + 1) % KEYS;
        return 1;
    }
    for (i = 0; line->h == NULL && i < KEYS; i++) {
        if (strcmp(intake->key[i], line->id) == 0) {
            return 1;
        }
    }
    return 0;
}

static void add_thin(spbe_intake_t *intake, apr_time_t now, spbe_span_t text)
{
    spbe_span_t body = spbe_span_slice(text, 0, text.len - 2);
    apr_uint64_t n = body.len - (spbe_span_rchr(body, '"') + 1);

    spbe_entry_add_thin(&intake->entries, now, n, text);
    intake->added.left_out += n;
}

static apr_status_t free_numbers(void *data)
{
    spbe_stretch_clear(data);
    return APR_SUCCESS;
}

static uncounted_t *find_uncounted(spbe_intake_t *intake, const char *writer)
{
    uncounted_t *found;

    if (intake->uncounted == NULL) {
        intake->uncounted = apr_hash_make(intake->group);
    }
    found = apr_hash_get(intake->uncounted, writer, APR_HASH_KEY_STRING);
    if (found == NULL) {
        found = apr_pcalloc(intake->group, sizeof(*found));
        found->writer = spbe_span_from(writer);
        apr_pool_cleanup_register(intake->group, &found->numbers, free_numbers,
                                  apr_pool_cleanup_null);
        apr_hash_set(intake->uncounted, writer, APR_HASH_KEY_STRING, found);
    }
    return found;
}

/* What is in the archive whole is not lost because it comes once more. */
static void count_only(spbe_intake_t *intake, const spbe_line_t *line)
{
    if (line->seq == 0) {
        intake->nameless++;
    }
    else if (!spbe_seen_has(intake->seen, spbe_span_from(line->writer),
                            line->seq) &&
             !spbe_stretch_add(&find_uncounted(intake, line->writer)->numbers,
                               line->seq, line->seq, SPBE_SEEN_OPEN)) {
        intake->nameless++;
    }
}

static void add_good(spbe_intake_t *intake, spbe_intake_from_t from,
                     spbe_span_t text, const spbe_line_t *line)
{
    spbe_intake_keep_t keep =
        from == SPBE_INTAKE_PIPE || from == SPBE_INTAKE_SPILL ? intake->keep
                                                              : SPBE_INTAKE_ALL;
    apr_time_t now = apr_time_now();

    if (keep == SPBE_INTAKE_COUNTS) {
        count_only(intake, line);
        return;
    }
    if (keep == SPBE_INTAKE_ALL || line->d.len == 0 || is_key(line, intake)) {
        spbe_entry_add_line(&intake->entries, now, text);
    }
    else {
        add_thin(intake, now, text);
    }
    APR_ARRAY_PUSH(intake->lines, spbe_line_t) = *line;
}

static void add_bad(spbe_intake_t *intake, spbe_span_t text, const char *why)
{
    intake->added.malformed++;
    if (intake->keep == SPBE_INTAKE_COUNTS) {
        intake->nameless++;
        return;
    }
    spbe_entry_add_bad(&intake->entries, apr_time_now(), text, why);
}

static void add_line(spbe_intake_t *intake, spbe_intake_from_t from,
                     spbe_span_t text, int whole)
{
    spbe_line_t line;
    const char *why;

    /* An empty line is nothing, unless it ends a long one. */
    if (text.len == 0) {
        return;
    }
    intake->added.lines += from != SPBE_INTAKE_OWN;
    if (intake->too_long[from]) {
        add_bad(intake, text, "longer than a line may be");
        return;
    }
    if (!whole) {
        add_bad(intake, text, "without a line end");
        return;
    }
    why = spbe_intake_check(from, text, &line, intake->group);
    if (why != NULL) {
        add_bad(intake, text, why);
        return;
    }
    add_good(intake, from, text, &line);
}

/* The next line or piece of one; 0: the rest of it has not come. */
static size_t take_one(spbe_intake_t *intake, spbe_intake_from_t from,
                       spbe_span_t bytes, int last)
{
    spbe_span_t front = spbe_span_slice(bytes, 0, SPBE_LINE_MAX);
    size_t end = spbe_span_chr(front, '\n');

    if (end != SPBE_NPOS) {
        add_line(intake, from, spbe_span_slice(front, 0, end), 1);
        intake->too_long[from] = 0;
        return end + 1;
    }
    if (front.len < SPBE_LINE_MAX && !last) {
        return 0;
    }
    add_line(intake, from, front, 0);
    intake->too_long[from] = !(last && front.len == bytes.len);
    return front.len;
}

size_t spbe_intake_take(spbe_intake_t *intake, spbe_intake_from_t from,
                        spbe_span_t bytes, int last)
{
    size_t taken = 0;

    while (taken < bytes.len && intake->entries.len < SPBE_INTAKE_GROUP) {
        size_t n = take_one(intake, from,
                            spbe_span_slice(bytes, taken, bytes.len), last);

        if (n == 0) {
            break;
        }
        taken += n;
    }
    return taken;
}

void spbe_intake_gap(spbe_intake_t *intake, spbe_span_t writer,
                     apr_uint64_t from, apr_uint64_t to, const char *why)
{
    gap_t gap = {spbe_span_from(spbe_span_dup(writer, intake->group)), from,
                 to};

    spbe_entry_add_gap(&intake->entries, apr_time_now(), gap.writer, from, to,
                       why);
    APR_ARRAY_PUSH(intake->gaps, gap_t) = gap;
    intake->added.gaps++;
    intake->added.lost += to - from + 1;
}

static void report_writer(spbe_intake_t *intake, uncounted_t *found)
{
    size_t i;

    for (i = 0; i < found->numbers.n; i++) {
        spbe_intake_gap(intake, found->writer, found->numbers.item[i].from,
                        found->numbers.item[i].to, RESERVE);
    }
    spbe_stretch_clear(&found->numbers);
}

static void report_uncounted(spbe_intake_t *intake)
{
    apr_hash_index_t *at;

    if (intake->uncounted != NULL) {
        for (at = apr_hash_first(intake->group, intake->uncounted); at != NULL;
             at = apr_hash_next(at)) {
            report_writer(intake, apr_hash_this_val(at));
        }
        intake->uncounted = NULL;
    }
    if (intake->nameless > 0) {
        spbe_entry_add_lost(&intake->entries, apr_time_now(), intake->nameless,
                            RESERVE);
        intake->added.lost += intake->nameless;
        intake->nameless = 0;
    }
}

size_t spbe_intake_pending(const spbe_intake_t *intake)
{
    return intake->entries.len;
}

static void note_numbers(spbe_intake_t *intake)
{
    int i;

    for (i = 0; i < intake->lines->nelts; i++) {
        spbe_seen_add(intake->seen,
                      &APR_ARRAY_IDX(intake->lines, i, spbe_line_t));
    }
    for (i = 0; i < intake->gaps->nelts; i++) {
        const gap_t *gap = &APR_ARRAY_IDX(intake->gaps, i, gap_t);

        spbe_seen_account(intake->seen, gap->writer, gap->from, gap->to);
    }
}

static void add_counts(spbe_intake_counts_t *to,
                       const spbe_intake_counts_t *from)
{
    to->lines += from->lines;
    to->malformed += from->malformed;
    to->lost += from->lost;
    to->gaps += from->gaps;
    to->left_out += from->left_out;
}

apr_status_t spbe_intake_commit(spbe_intake_t *intake, spbe_archive_t *archive)
{
    apr_status_t rv;

    report_uncounted(intake);
    if (intake->entries.len > 0) {
        rv =
            archive == NULL
                ? APR_ENOENT
                : spbe_archive_append(archive, spbe_buf_span(&intake->entries));
        if (rv != APR_SUCCESS) {
            return rv;
        }
    }
    note_numbers(intake);
    add_counts(&intake->counts, &intake->added);
    memcpy(intake->was_too_long, intake->too_long, sizeof(intake->too_long));
    begin_group(intake);
    return APR_SUCCESS;
}

void spbe_intake_undo(spbe_intake_t *intake)
{
    begin_group(intake);
}

spbe_intake_counts_t spbe_intake_counts(const spbe_intake_t *intake)
{
    return intake->counts;
}

void spbe_intake_start(spbe_intake_t *intake,
                       const spbe_intake_counts_t *counts)
{
    intake->counts = *counts;
}
