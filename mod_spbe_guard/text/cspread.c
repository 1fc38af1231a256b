/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/cspread.c - what a Content-Security-Policy says of scripts.
 */
#include "text/cspread.h"

typedef struct sources {
    int rank;         /* which directive spoke: 3 script-src-elem ... 0 none */
    spbe_span_t list; /* its source list */
} sources_t;

static int rank_of(spbe_span_t name)
{
    static const char *const names[] = { "default-src", "script-src",
                                         "script-src-elem" };
    int i;

    for (i = 0; i < 3; i++) {
        if (spbe_span_ieq(name, spbe_span_from(names[i]))) {
            return i + 1;
        }
    }
    return 0;
}

/* Of a directive that stands twice the first counts. sandbox without
 * allow-scripts lets nothing run. */
static int script_sources(spbe_span_t policy, sources_t *sources)
{
    *sources = (sources_t){ 0, SPBE_SPAN_EMPTY };
    while (policy.len > 0) {
        spbe_span_t rest = spbe_span_trim(spbe_span_cut(&policy, ';'));
        spbe_span_t name = spbe_span_cut(&rest, ' ');
        int rank = rank_of(name);

        if (spbe_span_ieq(name, SPBE_SPAN("sandbox"))
            && spbe_span_ifind(rest, SPBE_SPAN("allow-scripts"))
                   == SPBE_NPOS) {
            return 0;
        }
        if (rank > sources->rank) {
            *sources = (sources_t){ rank, rest };
        }
    }
    return 1;
}

static int is_nonce(spbe_span_t word, spbe_span_t *value)
{
    if (!spbe_span_istarts(word, SPBE_SPAN("'nonce-")) || word.len < 9
        || word.ptr[word.len - 1] != '\'') {
        return 0;
    }
    *value = spbe_span_slice(word, 7, word.len - 1);
    return 1;
}

/* One policy; a nonce asked for earlier must be the same one. */
static int allows(spbe_span_t list, spbe_span_t *nonce)
{
    int self = 0, dynamic = 0, nonced = 0;
    spbe_span_t value = SPBE_SPAN_EMPTY;

    while (list.len > 0) {
        spbe_span_t word = spbe_span_trim(spbe_span_cut(&list, ' '));

        nonced |= !nonced && is_nonce(word, &value);
        self |= spbe_span_ieq(word, SPBE_SPAN("'self'"))
                || spbe_span_eq(word, SPBE_SPAN("*"));
        dynamic |= spbe_span_ieq(word, SPBE_SPAN("'strict-dynamic'"));
    }
    if (self && !dynamic) {
        return 1;
    }
    if (!nonced || (nonce->len > 0 && !spbe_span_eq(*nonce, value))) {
        return 0;
    }
    *nonce = value;
    return 1;
}

int spbe_cspread_script(spbe_span_t header, spbe_span_t *nonce)
{
    *nonce = SPBE_SPAN_EMPTY;
    while (header.len > 0) {
        spbe_span_t policy = spbe_span_cut(&header, ',');
        sources_t sources;

        if (!script_sources(policy, &sources)
            || (sources.rank > 0 && !allows(sources.list, nonce))) {
            return 0;
        }
    }
    return 1;
}
