/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/verify.h - has anything in an archive been changed, moved, removed or
 * put in since it was written?
 *
 * Needs the first public key and no secret. Reads once from beginning to end,
 * in bounded memory, and goes on behind what it finds. A torn tail, lines that
 * came twice and what an operator ordered to be purged are no findings but
 * notes. See FORMAT.md.
 */
#ifndef SPBE_STORE_VERIFY_H
#define SPBE_STORE_VERIFY_H

#include <apr_tables.h>
#include "store/group.h"
#include "store/head.h"
#include "store/source.h"

#define SPBE_VERIFY_FINDINGS 200 /* what is beyond is counted */
#define SPBE_VERIFY_CLOCK apr_time_from_sec(60)
/* Clocks of two machines may differ so much, and lines be so long on their
 * way. */
#define SPBE_VERIFY_NOW apr_time_from_sec(5 * 60)

typedef enum spbe_verify_kind {
    /* The archive is not what was written. */
    SPBE_VERIFY_EMPTY = 0,     /* there is no group at all */
    SPBE_VERIFY_WRONG_KEY = 1, /* the first group is of another first key */
    SPBE_VERIFY_NO_START = 2,  /* groups from..upto before the first are gone */
    SPBE_VERIFY_SIGNATURE = 3, /* the signature line was altered */
    SPBE_VERIFY_BODY = 4,      /* entries were altered, removed, moved, added */
    SPBE_VERIFY_SIGNER = 5,    /* signed by a key whose turn it was not */
    SPBE_VERIFY_MISSING = 6,   /* groups from..upto are not in their place */
    SPBE_VERIFY_CHAIN = 7,     /* does not go on from the group before */
    SPBE_VERIFY_REPEATED = 8,  /* from..upto come again, or out of place */
    SPBE_VERIFY_SEGMENT = 9,   /* the segment's first entry says otherwise */
    SPBE_VERIFY_PURGED = 10,   /* from..upto: emptied, and nobody ordered it */
    SPBE_VERIFY_HEAD_OTHER = 11,   /* another group than is known elsewhere */
    SPBE_VERIFY_HEAD_MISSING = 12, /* from..upto: known elsewhere, not here */
    /* Somebody should be able to say why. */
    SPBE_VERIFY_CLOCK_BACK = 13,  /* set back by n seconds */
    SPBE_VERIFY_CLOCK_AHEAD = 14, /* moved ahead by n seconds */
    SPBE_VERIFY_UPTIME = 15,      /* the machine's age went back by n seconds */
    SPBE_VERIFY_LOST = 16,        /* numbers from..upto of writer never came */
    SPBE_VERIFY_NO_HEAD = 17,     /* nothing known elsewhere was given */
    /* Harmless, or explained. */
    SPBE_VERIFY_TORN = 18,     /* n bytes behind the last group: a crash */
    SPBE_VERIFY_REPORTED = 19, /* numbers from..upto of writer: known as lost */
    SPBE_VERIFY_ORDERED = 20,  /* from..upto: purged, by an order */
    SPBE_VERIFY_HELD = 21, /* broken: from..upto purged, though under a hold */
    SPBE_VERIFY_FUTURE = 23,  /* ask: signed n seconds from now on, or more */
    SPBE_VERIFY_NOT_LOST = 22 /* ask: of from..upto n are there, though reported
                                 as lost */
} spbe_verify_kind_t;

typedef enum spbe_verify_weight {
    SPBE_VERIFY_BROKEN = 0,
    SPBE_VERIFY_ASK = 1,
    SPBE_VERIFY_NOTE = 2
} spbe_verify_weight_t;

typedef struct spbe_verify_finding {
    spbe_verify_kind_t kind;
    apr_uint64_t from, upto; /* groups; of losses: numbers */
    const char *segment;     /* or NULL */
    apr_uint64_t offset;     /* address of the group, or of the bytes */
    apr_time_t time;         /* of the group, or of the last before it; or 0 */
    apr_uint64_t n;
    const char *writer; /* of losses */
    const char *id;     /* of the order */
    const char *by;     /* who gave it; of REPORTED: why */
    int all;            /* of purges: not the details alone */
} spbe_verify_finding_t;

typedef struct spbe_verify_report {
    apr_uint64_t bytes, segments, groups, entries;
    apr_uint64_t from;                     /* number of the first group */
    apr_time_t since;                      /* when it was signed */
    spbe_head_t head;                      /* the last group */
    unsigned char first[SPBE_SIGNER_SIZE]; /* who signed the first group */
    const char *node; /* of the last segment that named one; or NULL */
    apr_array_header_t *findings;   /* spbe_verify_finding_t, by their place */
    apr_uint64_t broken, ask, note; /* how many of each, also those left out */
    apr_uint64_t orders;            /* of the notes: purges by order */
    apr_uint64_t duplicates;        /* lines that came twice */
    apr_uint64_t reported;          /* numbers known as lost */
    apr_uint64_t lost;              /* numbers that nobody knows of */
    apr_uint64_t purged;            /* records that were purged with their h */
    apr_uint64_t heads;             /* known elsewhere and found as they are */
    spbe_head_t confirmed;          /* the last of these; group 0: none */
} spbe_verify_report_t;

spbe_verify_weight_t spbe_verify_weight(spbe_verify_kind_t kind);

/* "empty" "wrong-key" ...: for programs. */
const char *spbe_verify_name(spbe_verify_kind_t kind);

/*
 * From the beginning of the source. heads: spbe_head_t known elsewhere, in any
 * order, or NULL. APR_SUCCESS when everything could be read; otherwise the
 * report says what was seen up to there. *report is always set.
 */
apr_status_t spbe_verify(const spbe_source_t *source,
                         const unsigned char first[SPBE_SIGNER_SIZE],
                         const apr_array_header_t *heads,
                         spbe_verify_report_t **report, apr_pool_t *pool);

#endif
