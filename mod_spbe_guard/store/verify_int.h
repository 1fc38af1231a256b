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
#include "store/purge_int.h"
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

/* What is gone of a segment. */
typedef struct spbe_verify_part {
    apr_uint64_t nth;           /* segment, counted from 1 */
    const char *segment;        /* its name */
    apr_uint64_t address, next; /* of it, and of the one behind; 0: none yet */
    apr_uint64_t first, last;   /* all of its groups */
    apr_time_t since, until;    /* when they were signed */
    apr_uint64_t from, upto;    /* those that something is gone of */
    apr_uint64_t offset;        /* of the first of these */
    apr_time_t time;
    int is_bare;    /* some have lost their bodies */
    int has_body;   /* some have not */
    int is_emptied; /* some have lost details */
    int has_hidden; /* some have not, but in key records */
} spbe_verify_part_t;

typedef struct spbe_verify_order {
    spbe_order_what_t what;
    apr_uint64_t group, nth; /* where it stands */
    apr_time_t time;
    const char *id, *by, *hold;
    int all;
    apr_uint64_t from, upto, first, behind;
    apr_time_t before, since, until;
    apr_uint64_t used;     /* groups purged by it */
    apr_uint64_t released; /* a hold: by the order in that group; 0: not */
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
    /* the chain */
    spbe_checker_t *checker;
    spbe_verify_link_t link;
    spbe_verify_clock_t clock;
    apr_time_t now; /* by the clock of this machine */
    int has_future; /* said once */
    /* purges: see verify_purge.c */
    spbe_verify_part_t part;   /* of the segment that is being read */
    apr_array_header_t *parts; /* spbe_verify_part_t of which things are gone */
    apr_array_header_t *orders;  /* spbe_verify_order_t */
    apr_array_header_t *ordered; /* of this group, not known to be good yet */
    apr_uint64_t key_lines;      /* hidden values in it, of key records */
    spbe_keylines_t keys;
    apr_pool_t *key_pool; /* cleared with each segment */
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

/* A line: is it an order, or of a key record? */
void spbe_verify_line(spbe_verify_t *verify, spbe_span_t text,
                      const spbe_line_t *front);

/* The group is as it was signed, but for what is gone of it. is_bare: its whole
 * body is. */
void spbe_verify_part(spbe_verify_t *verify, const spbe_group_t *group,
                      int is_bare);

/* A segment begins with what is being read, or, at the end, would. */
void spbe_verify_part_begin(spbe_verify_t *verify, apr_uint64_t address);

/* The line of a number that was received then. */
void spbe_verify_number(spbe_verify_t *verify, const spbe_line_t *line,
                        apr_time_t received);

/* An entry that says that records went with their bodies. */
void spbe_verify_account(spbe_verify_t *verify, const spbe_entry_t *entry);

/* An entry that reports records of a writer as lost: accounted for, and asked
 * about where they are there. */
void spbe_verify_loss(spbe_verify_t *verify, const spbe_entry_t *entry);

/* At the end. */
void spbe_verify_judge_purges(spbe_verify_t *verify);
void spbe_verify_judge_numbers(spbe_verify_t *verify);

#endif
