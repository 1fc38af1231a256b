/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/verify_entry.c - what entries say: numbers of writers, and what is
 * known of those that never came. See verify.h.
 */
#include "store/verify_int.h"

#include <string.h>
#include <apr_strings.h>
#include "text/json.h"

#define WRITER 128

static int take(spbe_span_t *rest, const char *expected)
{
    spbe_span_t text = spbe_span_from(expected);

    if (!spbe_span_starts(*rest, text)) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, text.len, rest->len);
    return 1;
}

static int take_number(spbe_span_t *rest, apr_uint64_t *number)
{
    unsigned long long n;
    size_t end = 0;

    while (end < rest->len && rest->ptr[end] >= '0' && rest->ptr[end] <= '9') {
        end++;
    }
    if ((end > 1 && rest->ptr[0] == '0') ||
        !spbe_json_unsigned(spbe_span_slice(*rest, 0, end), APR_INT64_MAX,
                            &n)) {
        return 0;
    }
    *number = n;
    *rest = spbe_span_slice(*rest, end, rest->len);
    return 1;
}

/* The front of a line as spbe_line_split writes it: all that numbers need, for
 * a twentieth of the time. */
static int read_front(spbe_span_t rest, spbe_line_t *line,
                      char writer[WRITER + 1])
{
    apr_uint64_t part, parts;
    size_t end;

    if (!take(&rest, "{\"v\":1,\"w\":\"")) {
        return 0;
    }
    end = spbe_span_chr(spbe_span_slice(rest, 0, WRITER + 1), '"');
    if (end == SPBE_NPOS || end == 0) {
        return 0;
    }
    memcpy(writer, rest.ptr, end);
    writer[end] = '\0';
    rest = spbe_span_slice(rest, end, rest.len);
    if (!take(&rest, "\",\"s\":") || !take_number(&rest, &line->seq) ||
        !take(&rest, ",\"id\":\"") || rest.len < SPBE_ID_SIZE) {
        return 0;
    }
    rest = spbe_span_slice(rest, SPBE_ID_SIZE - 1, rest.len);
    if (!take(&rest, "\",\"p\":") || !take_number(&rest, &part) ||
        !take(&rest, ",\"n\":") || !take_number(&rest, &parts) || part == 0 ||
        part > parts || parts > 4096) {
        return 0;
    }
    line->part = (unsigned)part;
    line->parts = (unsigned)parts;
    line->writer = writer;
    return 1;
}

static void take_line(spbe_verify_t *verify, const spbe_entry_t *entry)
{
    char writer[WRITER + 1];
    spbe_line_t line = {0};
    const char *why;

    if (!read_front(entry->line, &line, writer)) {
        apr_pool_clear(verify->scratch);
        if (spbe_line_parse(entry->line, &line, &why, verify->scratch) !=
            SPBE_OK) {
            return;
        }
    }
    spbe_verify_number(verify, &line, entry->received);
    spbe_verify_line(verify, entry->line, &line);
}

static void take_lost(spbe_verify_t *verify, const spbe_entry_t *entry)
{
    spbe_verify_finding_t finding = {.kind = SPBE_VERIFY_REPORTED,
                                     .from = entry->from,
                                     .upto = entry->to,
                                     .segment = verify->segment,
                                     .offset = verify->begin,
                                     .time = entry->received,
                                     .n = entry->lost};

    verify->report->reported += entry->lost;
    if (entry->writer.len > 0) {
        spbe_verify_loss(verify, entry);
    }
    if (verify->report->note < SPBE_VERIFY_FINDINGS / 4) {
        finding.writer = spbe_span_dup(entry->writer, verify->pool);
        finding.by = spbe_span_dup(entry->why, verify->pool);
    }
    spbe_verify_find(verify, &finding);
}

void spbe_verify_entry(spbe_verify_t *verify, const spbe_entry_t *entry)
{
    if (entry->kind == SPBE_ENTRY_LINE) {
        take_line(verify, entry);
    }
    else if (entry->kind == SPBE_ENTRY_LOST) {
        take_lost(verify, entry);
    }
    else if (entry->kind == SPBE_ENTRY_PURGED) {
        spbe_verify_account(verify, entry);
        verify->report->purged += entry->lost;
    }
}
