/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/stats.h - what "stats" found out.
 */
#ifndef SPBE_CTL_STATS_H
#define SPBE_CTL_STATS_H

#include <cjson/cJSON.h>
#include "ctl/ctl.h"
#include "ctl/retention.h"
#include "store/head.h"

#define SPBE_STATS_DAYS 7

typedef struct spbe_stats_day {
    apr_time_t from;
    apr_int64_t records;
} spbe_stats_day_t;

typedef struct spbe_stats {
    const spbe_ctl_t *ctl;
    int segments;
    apr_uint64_t bytes, database_bytes, grown, growth; /* growth: a day */
    apr_time_t from, to;
    apr_uint64_t disk_free, disk_total, reserve;
    double days_left; /* -1: not known */
    spbe_stats_day_t days[SPBE_STATS_DAYS];
    int n_days;
    spbe_head_t head;
    spbe_retention_t retention;
    int holds, recipients; /* -1: not known */
    cJSON *state;          /* what the logger says, or NULL */
    apr_pool_t *pool;
} spbe_stats_t;

void spbe_stats_json(const spbe_stats_t *s);
void spbe_stats_print(const spbe_stats_t *s);

#endif
