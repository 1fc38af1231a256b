/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/anomaly.c - a verdict as a record. See anomaly.h.
 */
#include "record/anomaly.h"

#include <string.h>
#include <apr_strings.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include "text/jsonout.h"
#include "text/visible.h"

#define NAME_MAX_BYTES 100
#define POINTER_MAX 200
#define PUBLIC_MAX 64
#define HASH_BYTES 8

/* Cut first: a name may be as long as a request line. */
static const char *shown(spbe_span_t text, size_t max, apr_pool_t *pool)
{
    spbe_buf_t buf;
    spbe_span_t cut;

    spbe_buf_init(&buf, max + 16, pool);
    spbe_visible_add(&buf, spbe_span_slice(text, 0, max), 0);
    cut = spbe_jsonout_fit(spbe_buf_span(&buf), max + 2);
    return spbe_span_dup(cut, pool);
}

/* In a JSON body the pointer is the name. */
static spbe_span_t name_of(const spbe_finding_t *finding)
{
    return finding->field.len > 0 ? finding->field
                                  : spbe_span_from(finding->pointer);
}

static const char *field_of(const spbe_finding_t *finding, apr_pool_t *pool)
{
    spbe_span_t name = name_of(finding);

    return name.len == 0 ? NULL : shown(name, NAME_MAX_BYTES, pool);
}

static const char *wanted(const spbe_finding_t *finding)
{
    return finding->action == SPBE_ACTION_REJECT ? "reject" : "log";
}

static int is_discrete(const spbe_finding_t *finding)
{
    return finding->keyword != NULL && (strcmp(finding->keyword, "enum") == 0 ||
                                        strcmp(finding->keyword, "const") == 0);
}

/* The high severity of discrete lists is the Input Validation Cheat Sheet's:
 * no browser sends what its list does not have. */
static void set_event(spbe_record_t *record, const spbe_finding_t *finding)
{
    int reject = finding->action == SPBE_ACTION_REJECT;

    record->event = "input_validation_fail";
    record->severity = reject ? "warning" : "notice";
    switch (finding->reason) {
    case SPBE_REASON_UNKNOWN:
        record->event = "malicious_extraneous";
        break;
    case SPBE_REASON_FILE_SIZE:
    case SPBE_REASON_FILE_TYPE:
    case SPBE_REASON_FILE_COUNT:
    case SPBE_REASON_FILE_IMAGE:
    case SPBE_REASON_FILENAME:
        record->event = "upload_validation";
        break;
    case SPBE_REASON_ENGINE:
        record->event = "input_validation_error";
        record->severity = "critical";
        break;
    default:
        if (is_discrete(finding)) {
            record->event = "input_validation_discrete_fail";
            record->severity = reject ? "error" : "warning";
        }
    }
}

static const char *title_of(const spbe_finding_t *finding, const char *field,
                            apr_pool_t *pool)
{
    const char *what = finding->keyword != NULL
                           ? finding->keyword
                           : spbe_reason_meaning(finding->reason);

    if (field == NULL) {
        return apr_pstrcat(pool, what, ": ", spbe_place_name(finding->place),
                           NULL);
    }
    return apr_pstrcat(pool, what, ": ", spbe_place_name(finding->place), " ",
                       field, NULL);
}

/* The first that decides, else the first. */
static int main_finding(const spbe_verdict_t *verdict)
{
    int i;

    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);

        if (finding->action == SPBE_ACTION_REJECT &&
            finding->reason == verdict->worst) {
            return i;
        }
    }
    return 0;
}

static const char *also_text(const spbe_finding_t *finding, apr_pool_t *pool)
{
    const char *field = field_of(finding, pool);

    return apr_pstrcat(
        pool, wanted(finding), "|", spbe_reason_name(finding->reason), "|",
        finding->keyword == NULL ? "" : finding->keyword, "|",
        spbe_place_name(finding->place), "|", field == NULL ? "" : field, NULL);
}

static int is_listed(const apr_array_header_t *list, const char *text)
{
    int i;

    for (i = 0; i < list->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(list, i, const char *), text) == 0) {
            return 1;
        }
    }
    return 0;
}

/* One field may break a rule twice: named once. */
static apr_array_header_t *others(const spbe_verdict_t *verdict, int main,
                                  apr_pool_t *pool)
{
    apr_array_header_t *list =
        apr_array_make(pool, SPBE_ANOMALY_ALSO, sizeof(const char *));
    const char *first = also_text(
        &APR_ARRAY_IDX(verdict->findings, main, spbe_finding_t), pool);
    int i;

    for (i = 0; i < verdict->findings->nelts && list->nelts < SPBE_ANOMALY_ALSO;
         i++) {
        const char *text = also_text(
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t), pool);

        if (i != main && strcmp(text, first) != 0 && !is_listed(list, text)) {
            APR_ARRAY_PUSH(list, const char *) = text;
        }
    }
    return list;
}

void spbe_anomaly_describe(spbe_record_t *record, const spbe_verdict_t *verdict,
                           int refused, apr_pool_t *pool)
{
    static const spbe_finding_t none = {.reason = SPBE_REASON_NONE};
    const spbe_finding_t *finding = &none;
    int i = main_finding(verdict);

    record->class_name = "input";
    record->action = refused ? "refused" : "logged";
    if (verdict->findings->nelts > 0) {
        finding = &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);
        record->also = others(verdict, i, pool);
        record->findings = verdict->findings;
    }
    set_event(record, finding);
    record->reason = spbe_reason_name(finding->reason);
    record->keyword = finding->keyword;
    record->place = spbe_place_name(finding->place);
    record->field = field_of(finding, pool);
    record->wanted = wanted(finding);
    record->title = title_of(finding, record->field, pool);
}

void spbe_anomaly_signature(spbe_buf_t *buf, const spbe_verdict_t *verdict)
{
    int i;

    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *f =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);
        spbe_span_t field = spbe_span_slice(name_of(f), 0, NAME_MAX_BYTES);

        spbe_buf_printf(buf, "%d %d %d %d %s ", (int)f->reason, (int)f->action,
                        (int)f->place, (int)field.len,
                        f->keyword == NULL ? "-" : f->keyword);
        spbe_buf_add(buf, field);
    }
}

const char *spbe_anomaly_hash(spbe_span_t key, spbe_span_t value,
                              apr_pool_t *pool)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    char *out = apr_palloc(pool, 2 * HASH_BYTES + 1);
    int i;

    if (key.len == 0 ||
        HMAC(EVP_sha256(), key.ptr, (int)key.len,
             (const unsigned char *)value.ptr, value.len, mac, &len) == NULL ||
        len < HASH_BYTES) {
        return NULL;
    }
    for (i = 0; i < HASH_BYTES; i++) {
        out[2 * i] = digits[mac[i] >> 4];
        out[2 * i + 1] = digits[mac[i] & 15];
    }
    out[2 * HASH_BYTES] = '\0';
    return out;
}

/* A name tells more than a policy that forgot to say so; cookies are keys. */
static int is_secret(const spbe_finding_t *finding, const spbe_redact_t *redact,
                     const spbe_sensitive_t *sensitive)
{
    return finding->place == SPBE_IN_COOKIE ||
           spbe_sensitive_is_secret(sensitive, name_of(finding)) ||
           (finding->about != NULL &&
            finding->about->sensitivity == SPBE_SENS_SECRET) ||
           spbe_redact_is_secret(redact, finding->field) ||
           (finding->pointer != NULL &&
            spbe_redact_is_secret(redact, spbe_span_from(finding->pointer)));
}

/* Redacted, then made visible: what comes from a visitor. */
static void add_foreign(spbe_buf_t *buf, const char *name, spbe_span_t text,
                        size_t max, const spbe_redact_t *redact)
{
    if (text.len > 0) {
        spbe_jsonout_text(
            buf, name,
            shown(spbe_redact_text(redact, spbe_span_slice(text, 0, 4 * max), 0,
                                   buf->pool),
                  max, buf->pool));
    }
}

static void add_value(spbe_buf_t *buf, const spbe_finding_t *finding,
                      const spbe_record_t *record, const spbe_redact_t *redact)
{
    if (finding->value.len == 0) {
        return;
    }
    spbe_jsonout_number(buf, "length", (apr_int64_t)finding->value.len);
    if (is_secret(finding, redact, record->sensitive)) {
        return;
    }
    spbe_jsonout_text(
        buf, "hash",
        spbe_anomaly_hash(record->hash_key, finding->value, buf->pool));
    if (finding->about != NULL &&
        finding->about->sensitivity == SPBE_SENS_PUBLIC) {
        add_foreign(buf, "text", finding->value, PUBLIC_MAX, redact);
        return;
    }
    spbe_jsonout_text(
        buf, "masked",
        spbe_redact_mask(redact, finding->field, finding->value, buf->pool));
}

static const char *item(const spbe_finding_t *finding,
                        const spbe_record_t *record,
                        const spbe_redact_t *redact, apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 256, pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "reason", spbe_reason_name(finding->reason));
    spbe_jsonout_text(&buf, "keyword", finding->keyword);
    spbe_jsonout_text(&buf, "place", spbe_place_name(finding->place));
    add_foreign(&buf, "field", finding->field, NAME_MAX_BYTES, redact);
    add_foreign(&buf, "pointer", spbe_span_from(finding->pointer), POINTER_MAX,
                redact);
    add_foreign(&buf, "expected", spbe_span_from(finding->arg), POINTER_MAX,
                redact);
    add_value(&buf, finding, record, redact);
    spbe_jsonout_text(&buf, "wanted", wanted(finding));
    add_foreign(&buf, "detail", spbe_span_from(finding->detail), POINTER_MAX,
                redact);
    spbe_buf_addc(&buf, '}');
    return spbe_buf_cstr(&buf);
}

apr_array_header_t *spbe_anomaly_items(const spbe_record_t *record,
                                       const spbe_redact_t *redact,
                                       apr_pool_t *pool)
{
    const apr_array_header_t *findings = record->findings;
    apr_array_header_t *items =
        apr_array_make(pool, findings->nelts, sizeof(const char *));
    int i;

    for (i = 0; i < findings->nelts; i++) {
        APR_ARRAY_PUSH(items, const char *) = item(
            &APR_ARRAY_IDX(findings, i, spbe_finding_t), record, redact, pool);
    }
    return items;
}
