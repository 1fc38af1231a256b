/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/shorten.c - of faults that are the same a few have details. See
 * shorten.h.
 */
#include "httpd/shorten.h"

#include <string.h>

#include <apr_strings.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "httpd/conf.h"
#include "httpd/thread.h"

/* Keyed: nobody can make a fault that hides another one's details. */
static apr_uint64_t key_of(const spbe_shm_t *shm, const spbe_record_t *record,
                           apr_pool_t *pool)
{
    const char *text =
        apr_pstrcat(pool, record->fingerprint, "\n",
                    record->application == NULL ? "" : record->application,
                    "\n", record->vhost == NULL ? "" : record->vhost, NULL);
    unsigned char mac[EVP_MAX_MD_SIZE];
    apr_uint64_t key = 0;
    unsigned len;

    if (HMAC(EVP_sha256(), shm->key, sizeof(shm->key),
             (const unsigned char *)text, strlen(text), mac, &len) != NULL) {
        memcpy(&key, mac, sizeof(key));
    }
    return key;
}

/* Where there is no room for its window, details are bounded by the lines of
 * their own that the table grants. */
static int is_one_too_many(spbe_flood_t *table, apr_uint64_t key,
                           const spbe_record_t *record, apr_uint64_t most,
                           char *note)
{
    unsigned char bytes[SPBE_FLOOD_NOTE] = { 0 };
    spbe_flood_closed_t closed;
    spbe_flood_answer_t answer;
    int own_line;

    for (own_line = 0; own_line <= 1; own_line++) {
        apr_cpystrn((char *)bytes, record->id, SPBE_ID_SIZE);
        answer = spbe_flood_hit(table, key, record->ts, own_line, bytes,
                                &closed);
        if (answer != SPBE_FLOOD_DROPPED) {
            break;
        }
    }
    apr_cpystrn(note, (const char *)bytes, SPBE_ID_SIZE);
    return answer != SPBE_FLOOD_ALONE
           && (answer == SPBE_FLOOD_DROPPED || closed.nth > most);
}

static void drop_details(spbe_record_t *record)
{
    record->message = record->why = record->hint = record->input = NULL;
    record->frames = record->log_lines = record->leaks = NULL;
    record->trace = SPBE_SPAN_EMPTY;
    record->seams = 0;
}

int spbe_shorten(request_rec *r, spbe_record_t *record)
{
    spbe_shm_t *shm = spbe_thread_shm();
    int rate = spbe_conf_server(r->server)->detail_rate;
    char first[SPBE_ID_SIZE];

    if (shm == NULL || rate == 0 || record->fingerprint == NULL
        || strcmp(record->kind, "error") != 0) {
        return 0;
    }
    if (!is_one_too_many(spbe_shm_errors(shm), key_of(shm, record, r->pool),
                         record, (apr_uint64_t)rate, first)) {
        return 0;
    }
    drop_details(record);
    record->of = apr_pstrdup(r->pool, first);
    spbe_thread_count()->shortened++;
    return 1;
}

void spbe_shorten_sweep(spbe_shm_t *shm)
{
    spbe_flood_closed_t closed;
    unsigned at = 0;

    /* Each has had its line: only entries of dead processes are freed. */
    while (spbe_flood_sweep(spbe_shm_errors(shm), apr_time_now(), 0, &at,
                            &closed)) {
    }
    spbe_flood_dropped(spbe_shm_errors(shm));
}
