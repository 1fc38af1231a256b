/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/nameless.c - pieces of a query or a form without a name. See
 * nameless.h.
 */
#include "record/nameless.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include "text/percent.h"

struct spbe_nameless {
    apr_pool_t *pool;
    apr_hash_t *names; /* decoded */
};

int spbe_nameless_is(const spbe_pair_t *pair, spbe_span_t all)
{
    size_t rest;

    if (pair->name.len == 0) {
        return 0;
    }
    rest = (size_t)(pair->value.ptr + pair->value.len - pair->name.ptr) -
           pair->name.len;
    return rest == 0 || spbe_span_eq(pair->value, SPBE_SPAN("=")) ||
           (rest == 1 && pair->name.len + 1 == all.len);
}

spbe_span_t spbe_nameless_shown(const spbe_redact_t *redact,
                                const spbe_sensitive_t *sensitive,
                                spbe_span_t name, apr_pool_t *pool)
{
    return spbe_sensitive_knows(sensitive, name)
               ? name
               : spbe_span_from(
                     spbe_redact_mask(redact, SPBE_SPAN_EMPTY, name, pool));
}

spbe_nameless_t *spbe_nameless_create(apr_pool_t *pool)
{
    spbe_nameless_t *nameless = apr_palloc(pool, sizeof(*nameless));

    nameless->pool = pool;
    nameless->names = apr_hash_make(pool);
    return nameless;
}

void spbe_nameless_read(spbe_nameless_t *nameless, spbe_span_t text,
                        unsigned max)
{
    spbe_form_t form;
    spbe_pair_t pair;
    spbe_span_t name;

    spbe_form_init(&form, text, max);
    while (spbe_form_next(&form, &pair) == SPBE_OK) {
        if (spbe_nameless_is(&pair, text)) {
            spbe_percent_decode(pair.name, 1, &name, nameless->pool);
            apr_hash_set(nameless->names, name.ptr, (apr_ssize_t)name.len,
                         nameless);
        }
    }
}

static int is_nameless(const spbe_nameless_t *nameless,
                       const spbe_finding_t *finding)
{
    return (finding->place == SPBE_IN_QUERY ||
            finding->place == SPBE_IN_FORM) &&
           finding->field.len > 0 &&
           apr_hash_get(nameless->names, finding->field.ptr,
                        (apr_ssize_t)finding->field.len) != NULL;
}

const spbe_verdict_t *spbe_nameless_veil(const spbe_nameless_t *nameless,
                                         const spbe_verdict_t *verdict,
                                         const spbe_redact_t *redact,
                                         const spbe_sensitive_t *sensitive,
                                         apr_pool_t *pool)
{
    spbe_verdict_t *veiled;
    int i;

    if (apr_hash_count(nameless->names) == 0) {
        return verdict;
    }
    veiled = apr_pmemdup(pool, verdict, sizeof(*verdict));
    veiled->findings = apr_array_copy(pool, verdict->findings);
    for (i = 0; i < veiled->findings->nelts; i++) {
        spbe_finding_t *finding =
            &APR_ARRAY_IDX(veiled->findings, i, spbe_finding_t);

        if (is_nameless(nameless, finding)) {
            finding->field =
                spbe_nameless_shown(redact, sensitive, finding->field, pool);
        }
    }
    return veiled;
}
