/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/ledger.h - who has given which numbers: run/guard.shm.
 *
 * A file that the parent of httpd maps before it forks; its children write
 * their numbers into it, the logger compares them with the archive and reports
 * what never came. It survives a kill -9 of anything. No locks, no pointers: a
 * slot has one process that writes it; counters are added to atomically. The
 * logger takes everything in it for what an untrusted peer says.
 */
#ifndef SPBE_RECORD_LEDGER_H
#define SPBE_RECORD_LEDGER_H

#include <apr_errno.h>
#include <apr_time.h>

#define SPBE_LEDGER_FILE "guard.shm"
/* What an earlier ledger had that nobody had accounted for yet. */
#define SPBE_LEDGER_OLD "guard.shm.old"
/* Where it lies, for the programs that httpd starts. */
#define SPBE_LEDGER_ENV "SPBE_GUARD_RUN"
#define SPBE_SPILL_ENV "SPBE_GUARD_SPILL"
#define SPBE_LEDGER_WRITER 128
#define SPBE_LEDGER_LOST 16
#define SPBE_LEDGER_SLOTS 65536 /* at most */

typedef enum spbe_ledger_state {
    SPBE_LEDGER_FREE = 0,
    SPBE_LEDGER_LIVE = 1,
    SPBE_LEDGER_ENDED = 2, /* said good-bye: every number it gave is written */
    SPBE_LEDGER_DIED = 3   /* set by the parent */
} spbe_ledger_state_t;

typedef struct spbe_ledger_slot {
    apr_uint32_t state; /* spbe_ledger_state_t; changed by compare and swap */
    apr_uint32_t pid;
    apr_time_t start;
    char writer[SPBE_LEDGER_WRITER]; /* as in its lines; "" until it is named */
    apr_uint64_t given;              /* the last number: accepted */
    apr_uint64_t written; /* how many are in the pipe with all their lines */
    apr_uint64_t spilled; /* how many went to a spill file, whole or in part */
    apr_uint64_t lost;    /* how many went nowhere */
    apr_uint64_t settled; /* by the logger: nothing up to here is unaccounted */
} spbe_ledger_slot_t;

/* What the logger says of itself, for metrics and the module. */
typedef struct spbe_ledger_logger {
    apr_uint32_t pid;
    apr_uint32_t stage;     /* of the disk: 0 fine 1 alarm 2 h only 3 counts */
    apr_time_t beat;        /* last sign of life */
    apr_uint64_t group;     /* last head: number of the group */
    unsigned char hash[32]; /* ... and its hash */
    apr_time_t head;        /* ... and when */
    apr_uint64_t lines, malformed, duplicates, lost;
    apr_uint64_t waiting;   /* bytes in the pipe or the spill folder */
    apr_uint64_t unindexed; /* bytes of the archive not in the database yet */
    apr_uint64_t disk_free; /* bytes */
} spbe_ledger_logger_t;

/* How to get at the mapping. The number of slots is that of the file's size
 * when it was mapped: what stands in it can be changed by whoever has it
 * mapped. */
typedef struct spbe_ledger {
    apr_uint32_t slots;
    spbe_ledger_logger_t *logger;
    spbe_ledger_slot_t *slot; /* the first one */
} spbe_ledger_t;

/*
 * The parent, once in its life. Makes dir (0755) and the file (0600, a new one
 * in place of an old one), and maps it until the pool goes. Slots in use of the
 * old one, and of the one before, are kept in SPBE_LEDGER_OLD. APR_EACCES: dir
 * belongs to another user, or others may write in it.
 */
apr_status_t spbe_ledger_create(spbe_ledger_t **ledger, const char *dir,
                                apr_uint32_t slots, apr_pool_t *pool);

/* The logger: maps what is there, to write as well. APR_EINVAL: no ledger, or
 * of another layout. */
apr_status_t spbe_ledger_open(spbe_ledger_t **ledger, const char *dir,
                              apr_pool_t *pool);

/* The same for what was left of earlier ones: SPBE_LEDGER_OLD. APR_ENOENT:
 * nothing. Who has accounted for all of its slots unlinks it. */
apr_status_t spbe_ledger_open_old(spbe_ledger_t **ledger, const char *dir,
                                  apr_pool_t *pool);

/* A slot for this process, or NULL when all are taken. */
spbe_ledger_slot_t *spbe_ledger_claim(spbe_ledger_t *ledger, apr_uint32_t pid,
                                      const char *writer, apr_time_t start);

/* What a process says at its end, after its last number. */
void spbe_ledger_end(spbe_ledger_slot_t *slot);

/* Those of a process that has gone without saying so: DIED. */
void spbe_ledger_bury(spbe_ledger_t *ledger, apr_uint32_t pid);

/* The same for every process that is not there any more. */
void spbe_ledger_bury_gone(spbe_ledger_t *ledger);

/* The state as it is now, and the writer's name, always ended by a NUL. */
spbe_ledger_state_t spbe_ledger_state(const spbe_ledger_slot_t *slot);
void spbe_ledger_name(const spbe_ledger_slot_t *slot,
                      char name[SPBE_LEDGER_WRITER]);

/* The logger has accounted for all of its numbers: free. */
void spbe_ledger_release(spbe_ledger_slot_t *slot);

#endif
