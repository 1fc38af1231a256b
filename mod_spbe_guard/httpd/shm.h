/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/shm.h - what all processes of one httpd share.
 *
 * One slot per worker thread: which request it is working on, and counters.
 * Made once by the parent and kept for its life, so it survives restarts and
 * the death of any child. No locks: a slot has one writer, the thread that
 * claimed it; the parent reads the slots of a dead child. Behind the slots lie
 * the tables of floods and tallies.
 *
 * A child may be in a stranger's hands, and the parent is root: what the parent
 * reads from there it takes for what an untrusted peer says. Sizes, addresses
 * and whatever need not be shared are in each process's own memory.
 */
#ifndef SPBE_HTTPD_SHM_H
#define SPBE_HTTPD_SHM_H

#include <httpd.h>

#include "failure/classify.h"
#include "input/reason.h"
#include "record/flood.h"
#include "record/ref.h"
#include "record/tallies.h"

#define SPBE_SLOT_STACK 40

/* X(name, text for the metrics) */
#define SPBE_COUNTERS(X)                                                     \
    X(requests, "requests seen")                                             \
    X(searched, "responses searched for leaks")                              \
    X(errors, "responses with a status of the error set")                    \
    X(leaks_fatal, "responses with a fatal leak")                            \
    X(leaks_notice, "notices found in responses")                            \
    X(replaced, "bodies replaced")                                           \
    X(excised, "responses from which text was cut")                          \
    X(aborted, "responses cut off because part had left")                    \
    X(leaked_bytes, "bytes of leaks that had left before they were known")   \
    X(hidden, "requests for files that are never a page")                    \
    X(records, "records written to the log")                                 \
    X(spilled, "records that went to the spill folder, whole or in part")    \
    X(lost, "records that could not be written")                             \
    X(waited, "records that had to wait for the logger")                     \
    X(sealed, "records whose details were sealed")                           \
    X(unsealed, "records whose details went out in clear")                   \
    X(unkept, "records whose details could not be sealed and were left out") \
    X(shortened, "errors that point to another one for their details")       \
    X(judged, "requests whose input was examined")                           \
    X(valid, "requests examined and found without fault")                    \
    X(refused, "requests refused for their input")                           \
    X(logged, "requests with faults that were only recorded")                \
    X(collapsed, "records that were counted instead of written")             \
    X(client_pages, "pages sent with rules for the browser")                 \
    X(spooled_bytes, "bytes of request bodies kept in temporary files")

typedef struct spbe_counters {
#define X(name, text) apr_uint64_t name;
    SPBE_COUNTERS(X)
#undef X
    apr_uint64_t refused_by[SPBE_REASONS];
    apr_uint64_t leaks_of[SPBE_CLASS_RESOURCE + 1];
} spbe_counters_t;

typedef struct spbe_slot {
    apr_uint32_t pid;  /* owner; 0: free; changed by compare and swap */
    apr_uint64_t serial; /* requests begun, of all owners */
    apr_uint64_t busy;   /* the one in progress; 0: none */
    apr_time_t since;
    spbe_ref_t ref;
    char method[16];
    char route[200];
    char host[100];
    char application[104];
    /* Written by the signal handler: plain stores, nothing else. */
    volatile int signal;
    void *address;
    int depth;
    void *stack[SPBE_SLOT_STACK];
    spbe_counters_t count;
} spbe_slot_t;

/* The temporary body of one request; see room.h. It may outlive its time in a slot: a
 * thread goes on while an answer is still being sent. */
typedef struct spbe_lease {
    apr_uint32_t pid;    /* owner; 0: free; changed by compare and swap */
    apr_uint64_t client; /* hash of its address */
    apr_uint64_t bytes;
} spbe_lease_t;

/* At the beginning of the shared memory. */
typedef struct spbe_shared {
    apr_uint64_t crashes;      /* written by the parent alone */
    apr_uint64_t logger_deaths;
    apr_time_t logger_died;    /* the last time; httpd starts it anew */
    apr_int32_t utc_offset;    /* seconds; kept by the parent */
    apr_time_t stuck;          /* since when the pipe takes nothing */
    apr_uint64_t spill_used;   /* bytes in the spill folder */
} spbe_shared_t;

/* How to get at it, and what children have from the parent by fork. */
typedef struct spbe_shm {
    apr_uint32_t slots;
    apr_uint32_t leases;
    apr_uint32_t sink_ok;      /* the log can be written to */
    char log[256];             /* SpbeGuardLog without its bar */
    unsigned char key[32];     /* for hashes in records; random */
    apr_time_t tallied;        /* the parent: when it last wrote tallies */
    spbe_shared_t *shared;
    spbe_slot_t *slot;         /* the first one */
    spbe_lease_t *lease;       /* likewise */
    spbe_flood_t anomalies, access, errors;
    spbe_tallies_t tallies;
} spbe_shm_t;

/* Found again after a restart. NULL when memory is short. */
spbe_shm_t *spbe_shm_get(server_rec *s);

/*
 * A slot for this thread of process pid, or NULL when all are taken. Slots are
 * given back all at once, when the process has gone.
 */
spbe_slot_t *spbe_shm_claim(spbe_shm_t *shm, apr_uint32_t pid);
void spbe_shm_free(spbe_shm_t *shm, apr_uint32_t pid);

/* What stands in a slot now, made fit for use: every text ends, numbers are in
 * their range. pid and busy are as they stand there. */
void spbe_shm_read(const spbe_slot_t *slot, spbe_slot_t *copy);

/* Windows of anomalies and, apart from them, of 401, 404 and the like: who asks
 * for many things that are not there takes no room from the others. */
spbe_flood_t *spbe_shm_anomalies(spbe_shm_t *shm);
spbe_flood_t *spbe_shm_access(spbe_shm_t *shm);
/* Windows of faults that are the same. */
spbe_flood_t *spbe_shm_errors(spbe_shm_t *shm);
spbe_tallies_t *spbe_shm_tallies(spbe_shm_t *shm);

/* Sum over all slots. */
void spbe_shm_sum(const spbe_shm_t *shm, spbe_counters_t *sum);

#endif
