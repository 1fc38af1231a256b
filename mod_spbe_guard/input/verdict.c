/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/verdict.c - findings of one request, and what follows from them.
 */
#include "input/verdict.h"

const char *spbe_place_name(spbe_place_t place)
{
    static const char *const names[] = { "request", "path", "query", "header",
                                         "cookie",  "form", "file",  "json" };

    return names[place];
}

spbe_verdict_t *spbe_verdict_create(apr_pool_t *pool)
{
    spbe_verdict_t *verdict = apr_pcalloc(pool, sizeof(*verdict));

    verdict->findings = apr_array_make(pool, 4, sizeof(spbe_finding_t));
    return verdict;
}

/* What cannot be read goes before what was read and is not allowed; a check
 * that failed goes before everything. */
static int weight(spbe_reason_t reason)
{
    if (reason == SPBE_REASON_NONE) {
        return 0;
    }
    if (reason == SPBE_REASON_ENGINE) {
        return 4;
    }
    if (spbe_reason_is_malformed(reason)) {
        return 3;
    }
    return spbe_reason_status(reason) == 422 ? 1 : 2;
}

void spbe_verdict_add(spbe_verdict_t *verdict, const spbe_finding_t *finding)
{
    if (finding->action == SPBE_ACTION_ALLOW) {
        return;
    }
    if (finding->action == SPBE_ACTION_REJECT
        && weight(finding->reason) > weight(verdict->worst)) {
        verdict->worst = finding->reason;
        verdict->status = spbe_reason_status(finding->reason);
    }
    if (verdict->findings->nelts >= SPBE_FINDINGS_MAX) {
        verdict->dropped++;
        return;
    }
    APR_ARRAY_PUSH(verdict->findings, spbe_finding_t) = *finding;
}
