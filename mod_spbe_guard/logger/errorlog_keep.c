/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_keep.c - texts taken out of the error log become records. See
 * errorlog_keep.h.
 *
 * A writer like any process of httpd, but one that has no pipe: its lines go to
 * the spill folder at once.
 */
#include "logger/errorlog_keep.h"

#include <string.h>
#include <unistd.h>

#include <apr_strings.h>

#include "failure/builtin.h"
#include "failure/classify.h"
#include "failure/trace.h"
#include "record/recipients.h"
#include "record/seal.h"
#include "record/writer.h"
#include "text/buf.h"

#define TEXT_MAX (48 * 1024)
#define RECORD_MAX (64 * 1024)
#define SPILL_MAX ((apr_uint64_t)256 << 20)
#define MEASURE apr_time_from_sec(10)
/* Texts a minute; a crowd of them must not fill the folder. */
#define MINUTE apr_time_from_sec(60)
#define A_MINUTE 120
/* After one that was lost: a reference promises a record. */
#define PAUSE apr_time_from_sec(10)

struct spbe_errlog_keep {
    apr_pool_t *pool, *scratch;
    const char *spill_dir, *node;
    apr_array_header_t *recipients;
    spbe_class_rules_t *classes;
    spbe_redact_t *redact;
    spbe_sealer_t *sealer;
    spbe_writer_t *writer;
    apr_uint64_t used; /* bytes in the folder */
    apr_time_t measured;
    apr_time_t minute;       /* since when are counted */
    unsigned begun;          /* in it */
    apr_time_t failed;       /* the last time that a record was lost */
    char ref[SPBE_REF_SIZE]; /* of the text that comes; "": none */
    apr_time_t last;         /* its last line */
    size_t len;
    char text[TEXT_MAX];
};

static const char *node_name(apr_pool_t *pool)
{
    char name[64];

    if (gethostname(name, sizeof(name)) != 0) {
        return "unknown";
    }
    name[sizeof(name) - 1] = '\0';
    return apr_pstrdup(pool, name);
}

spbe_errlog_keep_t *spbe_errlog_keep_create(const char *recipients,
                                            const char *spill, const char **why,
                                            apr_pool_t *pool)
{
    spbe_errlog_keep_t *keep = apr_pcalloc(pool, sizeof(*keep));

    *why = NULL;
    keep->pool = pool;
    keep->spill_dir = spill;
    keep->node = node_name(pool);
    keep->redact = spbe_redact_create(NULL, pool);
    keep->classes = spbe_class_rules_load(
        "rules/class.json", spbe_builtin_get("rules/class.json"), why, pool);
    if (access(spill, F_OK) == -1) {
        *why = apr_pstrcat(pool, spill, ": there is no such folder", NULL);
    }
    else if (spbe_recipients_read(recipients, &keep->recipients, why, pool) ==
                 SPBE_OK &&
             spbe_recipients_in_use(keep->recipients) == 0) {
        *why = apr_pstrcat(pool, recipients, ": no recipient is in use", NULL);
    }
    return *why == NULL && keep->redact != NULL ? keep : NULL;
}

int spbe_errlog_keep_can(const spbe_errlog_keep_t *keep)
{
    return access(keep->spill_dir, W_OK | X_OK) == 0;
}

void spbe_errlog_keep_start(spbe_errlog_keep_t *keep)
{
    const char *name = apr_psprintf(keep->pool, "%s:%ld:%" APR_TIME_T_FMT,
                                    keep->node, (long)getpid(), apr_time_now());
    spbe_writer_options_t options = {.fd = -1, .name = name};

    apr_pool_create(&keep->scratch, keep->pool);
    keep->sealer = spbe_sealer_create(keep->recipients, keep->node, keep->pool);
    if (keep->sealer != NULL) {
        spbe_sealer_child(keep->sealer);
    }
    options.spill = spbe_spill_create(keep->spill_dir, name, &keep->used,
                                      SPILL_MAX, keep->pool);
    keep->writer = spbe_writer_create(&options, keep->pool);
}

/* ---- one record ------------------------------------------------------------
 */

static apr_array_header_t *lines_of(spbe_span_t text, apr_pool_t *pool)
{
    apr_array_header_t *lines = apr_array_make(pool, 16, sizeof(char *));

    while (text.len > 0) {
        APR_ARRAY_PUSH(lines, const char *) =
            spbe_span_dup(spbe_span_line(&text), pool);
    }
    return lines;
}

static void set_fault(const spbe_errlog_keep_t *keep, spbe_record_t *record,
                      spbe_span_t text, apr_pool_t *pool)
{
    spbe_trace_t trace;
    int found = spbe_trace_parse(text, NULL, &trace, pool);
    spbe_class_input_t in = {
        SPBE_SPAN_EMPTY, text, found ? &trace : NULL, NULL, 500, 0};
    spbe_verdict_class_t verdict = spbe_classify(keep->classes, &in, pool);

    record->log_lines = lines_of(text, pool);
    record->class_name = spbe_class_name(verdict.class);
    record->responsible = spbe_class_responsible(verdict.class);
    record->why = apr_pstrcat(pool, verdict.rule, ": ", verdict.why, NULL);
    record->fingerprint = spbe_trace_fingerprint(&trace, NULL, NULL, pool);
    record->title = found ? spbe_trace_title(&trace, pool)
                          : "written to the error log past httpd";
    if (found) {
        record->exception = trace.exception;
        record->message = trace.message;
        record->frames = trace.frames;
        record->trace = trace.text;
        record->seams = trace.seams;
    }
}

static void write_one(spbe_errlog_keep_t *keep, spbe_encoded_t *encoded)
{
    spbe_encoded_t fresh = {0};
    spbe_written_t written;

    if (spbe_seal(keep->sealer, encoded, &fresh, apr_time_now(),
                  keep->scratch) != SPBE_OK) {
        keep->failed = apr_time_now();
        return;
    }
    if (fresh.id != NULL &&
        spbe_writer_write(keep->writer, &fresh, &written, keep->scratch) !=
            SPBE_WRITE_LOST) {
        spbe_sealer_announced(keep->sealer, fresh.id);
    }
    if (spbe_writer_write(keep->writer, encoded, &written, keep->scratch) ==
        SPBE_WRITE_LOST) {
        keep->failed = apr_time_now();
    }
}

static void write_text(spbe_errlog_keep_t *keep)
{
    spbe_record_t record = {0};
    spbe_encoded_t encoded;
    spbe_ref_t ref;

    if (keep->ref[0] == '\0' || !spbe_ref_make(&ref, apr_time_now())) {
        return;
    }
    record.id = ref.id;
    record.ref = keep->ref;
    record.ts = keep->last;
    record.kind = "error";
    record.severity = "error";
    record.node = keep->node;
    record.action = "logged";
    record.hint = "written to standard error past httpd: which request it was "
                  "is not known. mod_cgi instead of mod_cgid would tell";
    set_fault(keep, &record, (spbe_span_t){keep->text, keep->len},
              keep->scratch);
    encoded =
        spbe_record_encode(&record, keep->redact, RECORD_MAX, keep->scratch);
    write_one(keep, &encoded);
    apr_pool_clear(keep->scratch);
    keep->ref[0] = '\0';
    keep->len = 0;
}

/* ---- what the filter calls
 * --------------------------------------------------- */

static int begin(void *baton, char out[SPBE_REF_SIZE])
{
    spbe_errlog_keep_t *keep = baton;
    apr_time_t now = apr_time_now();
    spbe_ref_t ref;

    if (now - keep->minute > MINUTE) {
        keep->minute = now;
        keep->begun = 0;
    }
    if (keep->sealer == NULL || now - keep->failed < PAUSE ||
        keep->begun >= A_MINUTE || keep->used >= SPILL_MAX ||
        !spbe_ref_make(&ref, now)) {
        return 0;
    }
    keep->begun++;
    memcpy(out, ref.ref, SPBE_REF_SIZE);
    return 1;
}

static void add_line(void *baton, const char *ref, spbe_span_t said)
{
    spbe_errlog_keep_t *keep = baton;

    if (strcmp(keep->ref, ref) != 0) {
        write_text(keep);
        memcpy(keep->ref, ref, SPBE_REF_SIZE);
    }
    keep->last = apr_time_now();
    said = spbe_span_slice(said, 0, TEXT_MAX - keep->len);
    memcpy(keep->text + keep->len, said.ptr, said.len);
    keep->len += said.len;
    if (keep->len < TEXT_MAX) {
        keep->text[keep->len++] = '\n';
    }
}

spbe_errfilter_keep_t spbe_errlog_keep_of(spbe_errlog_keep_t *keep)
{
    return (spbe_errfilter_keep_t){begin, add_line, keep};
}

void spbe_errlog_keep_tick(spbe_errlog_keep_t *keep, apr_time_t now)
{
    if (keep->ref[0] != '\0' && now - keep->last > SPBE_ERRFILTER_AFTER) {
        write_text(keep);
    }
    if (now - keep->measured > MEASURE) {
        keep->measured = now;
        spbe_spill_measure(keep->spill_dir, &keep->used, keep->scratch);
        apr_pool_clear(keep->scratch);
    }
    if (keep->sealer != NULL) {
        spbe_sealer_tick(keep->sealer, now);
    }
}

void spbe_errlog_keep_end(spbe_errlog_keep_t *keep)
{
    write_text(keep);
    spbe_writer_end(keep->writer, 0);
}
