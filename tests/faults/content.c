/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/content.c - is a record in the archive what its writer made? See
 * content.h.
 */
#include "content.h"

#include <string.h>
#include "made.h"

int content_is_thin(spbe_span_t text)
{
    return spbe_span_ends(text, SPBE_SPAN("\"d\":\"\"}"));
}

/* What the lines of a whole record hold; d in pool. */
static spbe_rc_t join(const tally_number_t *number, spbe_line_t *first,
                      spbe_span_t *d, apr_pool_t *pool)
{
    const char *why;
    spbe_line_t line;
    spbe_buf_t buf;
    apr_uint32_t i;

    spbe_buf_init(&buf, 8192, pool);
    for (i = 0; i < number->parts; i++) {
        if (spbe_line_parse(number->line[i], &line, &why, pool) != SPBE_OK) {
            return SPBE_BAD;
        }
        if (i == 0) {
            *first = line;
        }
        spbe_buf_add(&buf, line.d);
    }
    *d = spbe_buf_span(&buf);
    return SPBE_OK;
}

static int is_key(const spbe_line_t *line)
{
    return strstr(line->h, "\"kind\":\"key\"") != NULL;
}

void content_learn(tally_t *tally, const tally_number_t *number)
{
    spbe_line_t first;
    spbe_span_t d;

    if (join(number, &first, &d, tally->scratch) == SPBE_OK && is_key(&first)) {
        spbe_unseal_learn(tally->unseal, d);
    }
}

static int lacks_details(const tally_number_t *number)
{
    apr_uint32_t i;

    for (i = 0; i < number->parts; i++) {
        if (content_is_thin(number->line[i])) {
            return 1;
        }
    }
    return 0;
}

/* Each record that was made is there once at most. */
static int is_first(const tally_writer_t *writer, apr_uint64_t n)
{
    return n > 0 && n <= writer->truth->tried + TALLY_THREADS &&
           writer->made[n]++ == 0;
}

/* A key record says nothing that could be known before; that it is whole is
 * seen when what it opens is opened. */
int content_is_as_made(tally_t *tally, const tally_writer_t *writer,
                       apr_uint64_t seq, apr_pool_t *pool)
{
    spbe_encoded_t made;
    spbe_line_t first;
    spbe_span_t d;

    if (join(&writer->number[seq], &first, &d, pool) != SPBE_OK) {
        return 0;
    }
    if (lacks_details(&writer->number[seq])) {
        tally->counts.thin++;
        made = made_record(writer->name, made_nth(first.h), writer->truth->size,
                           pool);
        return strcmp(first.h, made.h) == 0;
    }
    if (tally->unseal != NULL && is_key(&first)) {
        return 1;
    }
    if (tally->unseal != NULL &&
        spbe_unseal_open(tally->unseal, first.key, spbe_span_from(first.h), d,
                         &d, pool) != SPBE_OK) {
        return 0;
    }
    if (!is_first(writer, made_nth(first.h))) {
        return 0;
    }
    made =
        made_record(writer->name, made_nth(first.h), writer->truth->size, pool);
    return strcmp(first.id, made.id) == 0 && strcmp(first.h, made.h) == 0 &&
           spbe_span_eq(d, spbe_span_from(made.d));
}
