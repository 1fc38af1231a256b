/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/verify_int.h - what the files of verify share.
 */
#ifndef SPBE_STORE_VERIFY_INT_H
#define SPBE_STORE_VERIFY_INT_H

#include "record/line.h"
#include "store/body.h"
#include "store/checker.h"
#include "store/lines.h"
#include "store/order.h"
#include "store/seen.h"
#include "store/segment.h"
#include "store/verify.h"

/* What the next group has to go on from. */
typedef struct spbe_verify_link {
    apr_uint64_t number; /* 0: nothing yet */
    unsigned char hash[SPBE_HASH_SIZE];
    unsigned char signer[SPBE_SIGNER_SIZE];
    unsigned char next[SPBE_SIGNER_SIZE];
    apr_time_t time;
    int is_bad; /* what it says cannot be relied on */
} spbe_verify_link_t;

/* Of one start of the machine: how far the clock is from its age. */
typedef struct spbe_verify_clock {
    char boot[SPBE_BOOT_SIZE];
    apr_uint64_t up;
    apr_time_t time;
    apr_int64_t shift; /* time - up */
} spbe_verify_clock_t;

/* Groups of one segment that are without details, or without bodies. */
typedef struct spbe_verify_purge {
    apr_uint64_t from, upto;
    int all;
    apr_uint64_t nth; /* segment */
    const char *segment;
    apr_uint64_t offset;
    apr_time_t time;
} spbe_verify_purge_t;

typedef struct spbe_verify_order {
    apr_uint64_t from, upto, group;
    int all;
    const char *id, *by;
    apr_time_t time;
    apr_uint64_t used; /* groups purged by it */
} spbe_verify_order_t;

typedef struct spbe_verify {
    spbe_verify_report_t *report;
    const unsigned char *first;
    apr_array_header_t *heads; /* ascending */
    int head;                  /* the next one to be met */
    int has_heads;             /* some are of this machine */
    int has_other;             /* one was another: said once */
    /* where */
    const char *segment;
    apr_uint64_t begin; /* address of the group that is being read */
    apr_uint64_t end;   /* address behind what was read */
    int is_first;       /* of its segment */
    /* the group that is being read */
    spbe_body_t *body;
    apr_uint64_t entries;
    spbe_segment_t head_entry;
    apr_uint64_t head_at;
    spbe_rc_t head_rc; /* SPBE_NONE: it has none */
    apr_uint64_t heads_seen;
    /* the chain */
    spbe_checker_t *checker;
    spbe_verify_link_t link;
    spbe_verify_clock_t clock;
    /* purges */
    apr_array_header_t *purges;  /* spbe_verify_purge_t */
    apr_array_header_t *orders;  /* spbe_verify_order_t */
    apr_array_header_t *ordered; /* of this group, not known to be good yet */
    /* numbers */
    spbe_seen_t *seen;
    struct spbe_verify_recent *recent; /* see verify_numbers.c */
    apr_pool_t *pool, *scratch;
} spbe_verify_t;

/* Counts it, and keeps it while there is room. finding->segment and the others
 * must live as long as the pool. */
void spbe_verify_find(spbe_verify_t *verify,
                      const spbe_verify_finding_t *finding);

/* The line that ends a group; offset: its address. */
void spbe_verify_group(spbe_verify_t *verify, spbe_span_t line);

/* Those known elsewhere that are not beyond this group. hash: its own, or NULL
 * when it cannot be relied on. */
void spbe_verify_heads(spbe_verify_t *verify, apr_uint64_t number,
                       const unsigned char *hash, apr_time_t time);
void spbe_verify_heads_end(spbe_verify_t *verify);

/* An entry that counts: its numbers, and orders to purge. */
void spbe_verify_entry(spbe_verify_t *verify, const spbe_entry_t *entry);

/* The group is as it was signed: what it ordered holds. */
void spbe_verify_take_orders(spbe_verify_t *verify, apr_uint64_t number,
                             apr_time_t time);

/* The group with that number is without details, or without its body. */
void spbe_verify_purged(spbe_verify_t *verify, apr_uint64_t number, int all,
                        apr_time_t time);

/* The line of a number that was received then. */
void spbe_verify_number(spbe_verify_t *verify, const spbe_line_t *line,
                        apr_time_t received);

/* At the end. */
void spbe_verify_judge_purges(spbe_verify_t *verify);
void spbe_verify_judge_numbers(spbe_verify_t *verify);

#endif
