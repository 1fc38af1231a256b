/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/tally.c - what became of the requests that were judged. See tally.h.
 */
#include "httpd/tally.h"

#include "httpd/thread.h"

void spbe_tally_verdict(request_rec *r, const spbe_verdict_t *verdict)
{
    spbe_counters_t *counters = spbe_thread_count();

    counters->judged++;
    counters->valid += verdict->findings->nelts == 0;
}

void spbe_tally_client_page(request_rec *r)
{
    spbe_thread_count()->client_pages++;
}
