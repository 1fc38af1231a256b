/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/sink.c - where records go. See sink.h.
 */
#include "httpd/sink.h"

#include <errno.h>
#include <unistd.h>

#include <apr_strings.h>
#include <http_log.h>

#include "httpd/conf.h"
#include "httpd/thread.h"
#include "record/ref.h"

APLOG_USE_MODULE(spbe_guard);

#define END_WAIT apr_time_from_sec(2)

static apr_uint64_t *used_of(spbe_sink_t *sink)
{
    return sink->shm == NULL ? &sink->spill_used : &sink->shm->shared->spill_used;
}

/* Files have no logger that would look into the folder. */
static spbe_spill_t *open_spill(spbe_sink_t *sink, server_rec *s,
                                apr_pool_t *pool)
{
    if (sink->pipe == NULL || *sink->pipe->target != '|'
        || *sink->pipe->spill_dir == '\0') {
        return NULL;
    }
    return spbe_spill_create(
        sink->pipe->spill_dir, sink->name, used_of(sink),
        (apr_uint64_t)spbe_conf_server(s)->spill_limit, pool);
}

static void open_writer(spbe_sink_t *sink, spbe_ledger_slot_t *slot,
                        server_rec *s, apr_pool_t *pool)
{
    spbe_writer_options_t options = {
        .fd = sink->fd,
        .wait = spbe_conf_server(s)->log_wait,
        .name = sink->name,
        .slot = slot,
        .stuck = sink->shm == NULL ? &sink->stuck : &sink->shm->shared->stuck,
    };

    sink->spill = options.spill = open_spill(sink, s, pool);
    sink->writer = spbe_writer_create(&options, pool);
}

spbe_sink_t *spbe_sink_open(server_rec *s, spbe_shm_t *shm, apr_pool_t *pconf)
{
    spbe_sink_t *sink = apr_pcalloc(pconf, sizeof(*sink));

    sink->shm = shm;
    sink->pipe = spbe_pipe_open(s);
    sink->fd = spbe_pipe_fd(sink->pipe);
    if (sink->pipe != NULL) {
        apr_cpystrn(sink->name, sink->pipe->writer, sizeof(sink->name));
    }
    if (gethostname(sink->node, sizeof(sink->node)) != 0) {
        apr_cpystrn(sink->node, "unknown", sizeof(sink->node));
    }
    sink->node[sizeof(sink->node) - 1] = '\0';
    sink->keep_clear = 1;
    open_writer(sink, sink->pipe == NULL ? NULL : sink->pipe->slot, s, pconf);
    return sink;
}

static spbe_ledger_slot_t *claim(const spbe_sink_t *sink, apr_time_t now,
                                 server_rec *s)
{
    spbe_ledger_slot_t *slot;

    if (sink->pipe->ledger == NULL) {
        return NULL;
    }
    slot = spbe_ledger_claim(sink->pipe->ledger, (apr_uint32_t)getpid(),
                             sink->name, now);
    if (slot == NULL) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                     "SG0016: no slot is free in %s/" SPBE_LEDGER_FILE ": what "
                     "this process writes is not compared with what arrives; "
                     "is the logger running?", sink->pipe->run_dir);
    }
    return slot;
}

static void check_spill(const spbe_sink_t *sink, server_rec *s)
{
    if (sink->spill != NULL && access(sink->pipe->spill_dir, W_OK | X_OK) != 0) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, errno, s,
                     "SG0014: SpbeGuardSpill %s cannot be written to: what a "
                     "busy logger does not take in time is lost",
                     sink->pipe->spill_dir);
    }
}

/* Once a minute: a broken log must not fill the other one. */
static int is_time(apr_time_t *place)
{
    apr_time_t now = apr_time_now();
    apr_time_t said = __atomic_load_n(place, __ATOMIC_RELAXED);

    return (now < said || now - said >= apr_time_from_sec(60))
           && __atomic_compare_exchange_n(place, &said, now, 0,
                                          __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static void say_lost(spbe_sink_t *sink, server_rec *s, apr_status_t error)
{
    if (is_time(&sink->said)) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, error, s,
                     "SG0012: a record could not be written to the "
                     "confidential log; serving goes on; see "
                     "spbe_guard_lost_total in the metrics%s",
                     error == EAGAIN ? " (the logger is stuck)" : "");
    }
}

static void say_bare(spbe_sink_t *sink, server_rec *s)
{
    if (is_time(&sink->said_bare)) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, s,
                     "SG0047: the details of a record could not be sealed and "
                     "are not kept; see spbe_guard_unkept_total in the "
                     "metrics");
    }
}

static spbe_write_t put(spbe_sink_t *sink, const spbe_encoded_t *encoded,
                        server_rec *s, apr_pool_t *pool)
{
    spbe_counters_t *count = spbe_thread_count();
    spbe_written_t written;
    spbe_write_t what =
        spbe_writer_write(sink->writer, encoded, &written, pool);

    count->waited += written.waited;
    switch (what) {
    case SPBE_WRITE_DONE:
        count->records++;
        break;
    case SPBE_WRITE_SPILLED:
        count->spilled++;
        break;
    default:
        count->lost++;
        say_lost(sink, s, written.error);
    }
    return what;
}

/* The log takes records again: it is told which ones it will never get. */
static void tell_lost(spbe_sink_t *sink, server_rec *s, apr_pool_t *pool)
{
    spbe_writer_lost_t lost;
    spbe_record_t record = { 0 };
    spbe_encoded_t encoded;
    spbe_ref_t ref;

    if (!spbe_writer_take_lost(sink->writer, &lost)) {
        return;
    }
    spbe_ref_make(&ref, apr_time_now());
    record.id = ref.id;
    record.ref = ref.ref;
    record.ts = apr_time_now();
    record.kind = "notice";
    record.severity = "error";
    record.event = "sys_log_lost";
    record.action = "logged";
    record.node = sink->node;
    record.vhost = s->server_hostname;
    /* Whose numbers they are stands in the line itself. */
    record.title = apr_psprintf(
        pool,
        "%" APR_UINT64_T_FMT " records of this writer were lost, of the "
        "numbers %" APR_UINT64_T_FMT " to %" APR_UINT64_T_FMT,
        lost.n, lost.from, lost.to);
    encoded = spbe_record_encode(&record, spbe_conf_server(s)->redaction, 4096,
                                 pool);
    if (put(sink, &encoded, s, pool) > SPBE_WRITE_SPILLED) {
        spbe_writer_put_lost(sink->writer, &lost);
    }
}

/* Its key goes out first: every process has one of its own for a minute. */
static void seal(spbe_sink_t *sink, spbe_encoded_t *encoded, server_rec *s,
                 apr_pool_t *pool)
{
    spbe_encoded_t fresh;

    if (spbe_seal(sink->sealer, encoded, &fresh, apr_time_now(), pool)
        != SPBE_OK) {
        spbe_thread_count()->unkept++;
        say_bare(sink, s);
        return;
    }
    spbe_thread_count()->sealed++;
    if (fresh.id != NULL && put(sink, &fresh, s, pool) <= SPBE_WRITE_SPILLED) {
        spbe_sealer_announced(sink->sealer, fresh.id);
    }
}

static void hide(spbe_sink_t *sink, spbe_encoded_t *encoded, server_rec *s,
                 apr_pool_t *pool)
{
    if (encoded->d == NULL) {
        return;
    }
    if (sink->sealer != NULL) {
        seal(sink, encoded, s, pool);
    }
    else if (sink->keep_clear) {
        spbe_thread_count()->unsealed++;
    }
    else {
        encoded->d = NULL;
        spbe_thread_count()->unkept++;
    }
}

int spbe_sink_write(spbe_sink_t *sink, const spbe_encoded_t *encoded,
                    server_rec *s, apr_pool_t *pool)
{
    spbe_encoded_t out = *encoded;
    spbe_write_t what;

    hide(sink, &out, s, pool);
    what = put(sink, &out, s, pool);
    if (what == SPBE_WRITE_DONE) {
        tell_lost(sink, s, pool);
    }
    return what <= SPBE_WRITE_SPILLED;
}

typedef struct ending {
    spbe_sink_t *sink;
    server_rec *s;
} ending_t;

/* Behind the last record of the process: pools of requests are gone. */
static apr_status_t on_end(void *data)
{
    const ending_t *ending = data;
    apr_pool_t *pool;

    apr_pool_create(&pool, NULL);
    tell_lost(ending->sink, ending->s, pool);
    apr_pool_destroy(pool);
    spbe_writer_end(ending->sink->writer, END_WAIT);
    return APR_SUCCESS;
}

void spbe_sink_child(spbe_sink_t *sink, server_rec *s, apr_pool_t *pchild)
{
    apr_time_t now = apr_time_now();
    ending_t *ending;

    if (sink->sealer != NULL) {
        spbe_sealer_child(sink->sealer);
    }
    /* httpd -X serves with the parent itself. */
    if (sink->pipe == NULL || sink->pipe->parent == getpid()) {
        return;
    }
    spbe_pipe_close_read(sink->pipe);
    spbe_pipe_name(sink->pipe, now, sink->name);
    /* Not in pchild: at a stop in haste threads still write when it is gone. */
    open_writer(sink, claim(sink, now, s), s, s->process->pconf);
    check_spill(sink, s);
    ending = apr_palloc(pchild, sizeof(*ending));
    *ending = (ending_t){ sink, s };
    apr_pool_cleanup_register(pchild, ending, on_end, apr_pool_cleanup_null);
}

/* Slots that no logger will ever release: there is none, or another program
 * reads the pipe. */
static int is_ours_to_release(const spbe_pipe_t *pipe)
{
    return *pipe->target != '|'
           || __atomic_load_n(&pipe->ledger->logger->beat, __ATOMIC_RELAXED)
                  == 0;
}

/* Of the latter only when they run out: it may still be starting. */
static void release(const spbe_pipe_t *pipe)
{
    spbe_ledger_t *ledger = pipe->ledger;
    apr_uint32_t i, done = 0;

    for (i = 0; i < ledger->slots; i++) {
        done += spbe_ledger_state(&ledger->slot[i]) > SPBE_LEDGER_LIVE;
    }
    if (!is_ours_to_release(pipe)
        || (*pipe->target == '|' && done < ledger->slots / 2)) {
        return;
    }
    for (i = 0; i < ledger->slots; i++) {
        if (spbe_ledger_state(&ledger->slot[i]) > SPBE_LEDGER_LIVE) {
            spbe_ledger_release(&ledger->slot[i]);
        }
    }
}

void spbe_sink_tend(spbe_sink_t *sink)
{
    spbe_pipe_t *pipe = sink->pipe;
    apr_pool_t *pool;

    if (pipe == NULL) {
        return;
    }
    if (sink->spill != NULL && __atomic_load_n(used_of(sink),
                                               __ATOMIC_RELAXED) > 0) {
        apr_pool_create(&pool, NULL);
        spbe_spill_measure(pipe->spill_dir, used_of(sink), pool);
        apr_pool_destroy(pool);
    }
    if (pipe->ledger != NULL) {
        spbe_ledger_bury_gone(pipe->ledger);
        release(pipe);
    }
}

void spbe_sink_buried(spbe_sink_t *sink, pid_t pid)
{
    if (sink->pipe != NULL && sink->pipe->ledger != NULL) {
        spbe_ledger_bury(sink->pipe->ledger, (apr_uint32_t)pid);
    }
}

void spbe_sink_close(spbe_sink_t *sink, server_rec *s, apr_pool_t *scratch)
{
    spbe_pipe_t *pipe = sink->pipe;

    if (pipe == NULL) {
        return;
    }
    tell_lost(sink, s, scratch);
    if (pipe->ledger != NULL) {
        spbe_ledger_bury_gone(pipe->ledger);
    }
    spbe_writer_end(sink->writer, 0);
    if (pipe->ledger != NULL) {
        release(pipe);
    }
    spbe_pipe_drain(pipe, spbe_conf_server(s)->stop_wait, s, scratch);
}
