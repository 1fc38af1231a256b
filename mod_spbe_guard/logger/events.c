/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/events.c - what becomes of the logger, as records. See taker_int.h.
 */
#include <unistd.h>

#include "logger/clock.h"
#include "logger/taker_int.h"
#include "text/jsonout.h"
#include "text/stamp.h"

static void add_count(spbe_buf_t *buf, const char *name, apr_uint64_t n)
{
    spbe_jsonout_number(buf, name, (apr_int64_t)n);
}

static void add_head(spbe_buf_t *buf, const spbe_taker_t *taker)
{
    char text[SPBE_HEAD_TEXT];
    spbe_head_t head;

    if (taker->shelf.archive == NULL) {
        return;
    }
    spbe_archive_head(taker->shelf.archive, &head);
    if (head.group > 0) {
        spbe_head_write(&head, text);
        spbe_jsonout_text(buf, "head", text);
    }
}

static void add_clock(spbe_buf_t *buf)
{
    spbe_clock_t clock;

    spbe_clock_look(&clock);
    spbe_jsonout_text(buf, "clock",
                      !clock.known         ? "unknown"
                      : clock.synchronised ? "synchronised"
                                           : "not synchronised");
    if (clock.known) {
        spbe_jsonout_number(buf, "offset_us", clock.offset);
        spbe_jsonout_number(buf, "max_error_us", clock.max_error);
    }
}

static void add_counts(spbe_buf_t *buf, const spbe_taker_t *taker)
{
    spbe_intake_counts_t counts = spbe_intake_counts(taker->intake);

    add_count(buf, "lines", counts.lines);
    add_count(buf, "malformed", counts.malformed);
    add_count(buf, "duplicates", spbe_seen_duplicates(taker->seen));
    add_count(buf, "lost", counts.lost);
    add_count(buf, "gaps", counts.gaps);
    add_count(buf, "left_out_bytes", counts.left_out);
    add_count(buf, "waiting_bytes", spbe_pipe_waiting(taker->pipe));
    add_count(buf, "spill_bytes", spbe_spilled_bytes(taker->spilled));
    add_count(buf, "disk_free", taker->disk.free);
    spbe_jsonout_number(buf, "stage", taker->disk.stage);
}

static void tell(spbe_taker_t *taker, spbe_buf_t *facts, const char *event,
                 const char *severity, const char *title)
{
    spbe_notice_add(taker->notice, event, severity, title,
                    facts == NULL ? NULL : spbe_buf_cstr(facts));
}

void spbe_events_started(spbe_taker_t *taker)
{
    spbe_buf_t facts;

    spbe_buf_init(&facts, 512, taker->scratch);
    spbe_jsonout_number(&facts, "pid", getpid());
    spbe_jsonout_number(&facts, "uid", getuid());
    add_count(&facts, "torn_bytes", taker->shelf.torn);
    add_count(&facts, "duplicates", spbe_seen_duplicates(taker->seen));
    spbe_jsonout_raw(&facts, "checkpoint",
                     spbe_recall_from_start(taker->recall) ? "false" : "true");
    add_head(&facts, taker);
    add_clock(&facts);
    tell(taker, &facts, "sys_log_started", "notice", "the log was started");
}

void spbe_events_minute(spbe_taker_t *taker)
{
    spbe_buf_t facts;

    spbe_buf_init(&facts, 512, taker->scratch);
    add_clock(&facts);
    add_head(&facts, taker);
    add_counts(&facts, taker);
    tell(taker, &facts, "sys_heartbeat", "notice", "the log is alive");
}

static void tell_sink(spbe_taker_t *taker, int works, const char *sink,
                      const char *why, apr_time_t since)
{
    char stamp[SPBE_STAMP_SIZE];
    spbe_buf_t facts;

    spbe_buf_init(&facts, 512, taker->scratch);
    spbe_jsonout_text(&facts, "sink", sink);
    spbe_jsonout_text(&facts, "why", why);
    if (since != 0) {
        spbe_stamp_write(since, stamp);
        spbe_jsonout_text(&facts, "since", stamp);
        spbe_jsonout_number(&facts, "seconds",
                            apr_time_sec(apr_time_now() - since));
    }
    tell(taker, &facts, works ? "sys_sink_recovered" : "sys_sink_failure",
         works ? "notice" : "error",
         works ? "a part of the log works again"
               : "a part of the log does not work");
}

/* Of the archive it can only be said afterwards. */
static void look_at_archive(spbe_taker_t *taker)
{
    spbe_shelf_t *shelf = &taker->shelf;

    if (shelf->recovered_from == 0) {
        return;
    }
    tell_sink(taker, 0, "archive", shelf->reason, shelf->recovered_from);
    tell_sink(taker, 1, "archive", NULL, shelf->recovered_from);
    shelf->recovered_from = 0;
}

void spbe_events_sinks(spbe_taker_t *taker)
{
    spbe_share_index_t *index = apr_palloc(taker->scratch, sizeof(*index));
    int failed;

    look_at_archive(taker);
    spbe_share_get_index(taker->share, index);
    failed = index->database.detail[0] != '\0';
    if (failed != taker->database_failed) {
        tell_sink(taker, !failed, "database",
                  failed ? index->database.detail : NULL,
                  index->database.since);
        taker->database_failed = failed;
    }
}

void spbe_events_stage(spbe_taker_t *taker, spbe_disk_stage_t before)
{
    const char *words = spbe_disk_words(taker->disk.stage);
    spbe_buf_t facts;

    spbe_buf_init(&facts, 256, taker->scratch);
    spbe_jsonout_number(&facts, "stage", taker->disk.stage);
    spbe_jsonout_number(&facts, "before", before);
    add_count(&facts, "disk_free", taker->disk.free);
    add_count(&facts, "disk_total", taker->disk.total);
    tell(taker, &facts, "sys_disk_stage",
         taker->disk.stage >= SPBE_DISK_INDEX   ? "critical"
         : taker->disk.stage == SPBE_DISK_ALARM ? "warning"
                                                : "notice",
         words == NULL ? "there is room on the disk again" : words);
}

void spbe_events_ended(spbe_taker_t *taker)
{
    spbe_buf_t facts;

    spbe_buf_init(&facts, 512, taker->scratch);
    add_head(&facts, taker);
    add_counts(&facts, taker);
    tell(taker, &facts, "sys_log_ended", "notice", "the log has ended");
}
