/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_effect.c - header fields that make another request of it: for
 * some program behind the server, though not for the server itself.
 */
#include "input/reading_int.h"

static void add(const spbe_reader_t *reader, const spbe_header_t *header,
                const char *detail)
{
    spbe_reading_add(reader, SPBE_REASON_HEADER, SPBE_IN_HEADER, header->name,
                     detail);
}

/* Fields by which some frameworks replace the target of the request. */
static void check_target(const spbe_reader_t *reader,
                         const spbe_header_t *header)
{
    const spbe_view_t *view = reader->reading->view;
    spbe_span_t value = spbe_span_trim(header->value), path;

    if (!spbe_span_ieq(header->name, SPBE_SPAN("X-Original-URL")) &&
        !spbe_span_ieq(header->name, SPBE_SPAN("X-Rewrite-URL"))) {
        return;
    }
    path = spbe_span_cut(&value, '?');
    if (!spbe_span_eq(path, view->path) || !spbe_span_eq(value, view->query)) {
        add(reader, header, "another target than the request's");
    }
}

/* "Proxy" becomes HTTP_PROXY, which programs take for a setting; an override
 * makes something else of a request that changes nothing. */
static void check_effect(const spbe_reader_t *reader,
                         const spbe_header_t *header)
{
    spbe_span_t method = reader->reading->view->method;
    int safe = spbe_span_eq(method, SPBE_SPAN("GET")) ||
               spbe_span_eq(method, SPBE_SPAN("HEAD"));

    if (spbe_span_ieq(header->name, SPBE_SPAN("Proxy"))) {
        add(reader, header, "a name that becomes a setting of programs");
    }
    if (safe &&
        (spbe_span_ieq(header->name, SPBE_SPAN("X-HTTP-Method-Override")) ||
         spbe_span_ieq(header->name, SPBE_SPAN("X-HTTP-Method")) ||
         spbe_span_ieq(header->name, SPBE_SPAN("X-Method-Override"))) &&
        !spbe_span_ieq(spbe_span_trim(header->value), method)) {
        add(reader, header, "another method than the request's");
    }
}

/* Fields that Connection may not take from the request on its way, and that
 * may not come behind the body. */
static void check_connection(const spbe_reader_t *reader,
                             const spbe_header_t *header)
{
    static const char *const kept[] = {"host",
                                       "cookie",
                                       "authorization",
                                       "content-type",
                                       "content-length",
                                       "transfer-encoding",
                                       "origin",
                                       "referer",
                                       "x-forwarded-for",
                                       "x-forwarded-host",
                                       "x-forwarded-proto",
                                       "x-real-ip",
                                       NULL};
    spbe_span_t rest = header->value;
    int i;

    if (!spbe_span_ieq(header->name, SPBE_SPAN("Connection")) &&
        !spbe_span_ieq(header->name, SPBE_SPAN("Trailer"))) {
        return;
    }
    while (rest.len > 0) {
        spbe_span_t word = spbe_span_trim(spbe_span_cut(&rest, ','));

        for (i = 0; kept[i] != NULL; i++) {
            if (spbe_span_ieq(word, spbe_span_from(kept[i]))) {
                add(reader, header,
                    "names a field that belongs to the request");
                return;
            }
        }
    }
}

void spbe_reading_effect(const spbe_reader_t *reader,
                         const spbe_header_t *header)
{
    check_target(reader, header);
    check_effect(reader, header);
    check_connection(reader, header);
}
