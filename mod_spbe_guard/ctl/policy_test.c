/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/policy_test.c - "policy test": requests from files, judged as the module
 * would under SpbeGuardInput On.
 */
#include "ctl/policy.h"

#include <stdio.h>
#include <string.h>
#include "input/check.h"
#include "input/check_raw.h"
#include "input/upload.h"
#include "text/jsonout.h"
#include "text/visible.h"

static const char *action_name(spbe_action_t action)
{
    return action == SPBE_ACTION_REJECT ? "reject"
           : action == SPBE_ACTION_LOG  ? "log"
                                        : "allow";
}

static void add_finding(spbe_buf_t *buf, const spbe_finding_t *finding)
{
    spbe_jsonout_comma(buf);
    spbe_buf_addc(buf, '{');
    spbe_jsonout_text(buf, "reason", spbe_reason_name(finding->reason));
    spbe_jsonout_text(buf, "keyword", finding->keyword);
    spbe_jsonout_text(buf, "place", spbe_place_name(finding->place));
    if (finding->field.len > 0) {
        spbe_jsonout_span(buf, "field", finding->field);
    }
    spbe_jsonout_text(buf, "pointer", finding->pointer);
    spbe_jsonout_text(buf, "arg", finding->arg);
    spbe_jsonout_text(buf, "detail", finding->detail);
    spbe_jsonout_text(buf, "action", action_name(finding->action));
    spbe_buf_addc(buf, '}');
}

static void add_verdict(spbe_buf_t *buf, const spbe_verdict_t *verdict)
{
    int i;

    spbe_jsonout_raw(buf, "valid",
                     verdict->worst == SPBE_REASON_NONE ? "true" : "false");
    spbe_jsonout_number(buf, "status", verdict->status);
    spbe_jsonout_text(buf, "route", verdict->route);
    spbe_jsonout_text(buf, "allow", verdict->allow);
    spbe_jsonout_name(buf, "findings");
    spbe_buf_addc(buf, '[');
    for (i = 0; i < verdict->findings->nelts; i++) {
        add_finding(buf, &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t));
    }
    spbe_buf_addc(buf, ']');
}

static void judge(const spbe_settings_t *settings, const spbe_view_t *view,
                  const spbe_check_tools_t *tools, spbe_verdict_t *verdict,
                  apr_pool_t *pool)
{
    spbe_match_t match;
    spbe_reading_t *reading = spbe_reading_head(view, settings, verdict, pool);

    spbe_check_head(settings, reading, &match, tools, verdict, pool);
    if (view->has_body) {
        spbe_reading_body(reading, settings, verdict, pool);
        spbe_check_body(settings, reading, &match, tools, verdict, pool);
    }
}

/* Where a file and what a client would send differ, mostly by an editor. */
static const char *doubt(const spbe_view_t *view, spbe_span_t raw)
{
    spbe_span_t body = view->body;
    int has_coding, has_length;

    spbe_view_header(view, "Transfer-Encoding", &has_coding);
    spbe_view_header(view, "Content-Length", &has_length);
    if (has_coding) {
        return NULL;
    }
    if (has_length) {
        return body.ptr + body.len < raw.ptr + raw.len
                   ? "trailing bytes behind the body are ignored: the file is "
                     "longer than Content-Length says"
                   : NULL;
    }
    if (body.len == 0) {
        return NULL;
    }
    return body.ptr[body.len - 1] == '\n'
               ? "no Content-Length: the line end at the end of the file "
                 "belongs to the body"
               : "no Content-Length: all that follows the empty line is the "
                 "body";
}

/* 1: valid, 0: refused, -1: the file cannot be read. */
static int test_file(const spbe_ctl_policy_t *args, const char *file,
                     const spbe_settings_t *settings,
                     const spbe_check_tools_t *tools, spbe_buf_t *buf)
{
    apr_pool_t *pool = args->ctl->pool;
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_span_t raw;
    spbe_view_t view;
    const char *error;

    if (!spbe_ctl_policy_slurp(args, file, &raw)) {
        return -1;
    }
    spbe_jsonout_comma(buf);
    spbe_buf_adds(buf, buf->len > 1 ? "\n{" : "{");
    spbe_jsonout_text(buf, "file", file);
    error = spbe_check_raw(raw, apr_time_now(), &view, pool);
    if (error != NULL) {
        spbe_jsonout_raw(buf, "valid", "false");
        spbe_jsonout_number(buf, "status", 400);
        spbe_jsonout_text(buf, "error", error);
        spbe_jsonout_raw(buf, "findings", "[]");
    }
    else {
        judge(settings, &view, tools, verdict, pool);
        add_verdict(buf, verdict);
        spbe_jsonout_text(buf, "warning", doubt(&view, raw));
    }
    spbe_buf_addc(buf, '}');
    return error == NULL && verdict->worst == SPBE_REASON_NONE;
}

static int read_unknown(const spbe_ctl_policy_t *args, spbe_action_t *action)
{
    static const struct {
        const char *name;
        spbe_action_t action;
    } rows[] = {{"reject", SPBE_ACTION_REJECT},
                {"log", SPBE_ACTION_LOG},
                {"allow", SPBE_ACTION_ALLOW}};
    size_t i;

    *action = SPBE_ACTION_UNSET;
    for (i = 0; args->unknown != NULL && i < 3; i++) {
        if (strcmp(args->unknown, rows[i].name) == 0) {
            *action = rows[i].action;
        }
    }
    return args->unknown == NULL || *action != SPBE_ACTION_UNSET
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_USAGE,
                               "--unknown %s: allowed are reject, log, allow",
                               spbe_visible(args->unknown, args->ctl->pool));
}

static int test_all(const spbe_ctl_policy_t *args,
                    const spbe_settings_t *settings)
{
    apr_pool_t *pool = args->ctl->pool;
    spbe_check_tools_t tools = {spbe_regex_scratch_create(pool),
                                spbe_magic_open(pool)};
    spbe_buf_t buf;
    int i, code = SPBE_CTL_FINE;

    spbe_buf_init(&buf, 4096, pool);
    spbe_buf_addc(&buf, '[');
    for (i = 1; i < args->words->nelts; i++) {
        int valid = test_file(args, APR_ARRAY_IDX(args->words, i, const char *),
                              settings, &tools, &buf);

        code = valid < 0                             ? SPBE_CTL_USAGE
               : valid == 0 && code == SPBE_CTL_FINE ? SPBE_CTL_TROUBLE
                                                     : code;
    }
    spbe_buf_addc(&buf, ']');
    puts(spbe_buf_cstr(&buf));
    return code;
}

int spbe_ctl_policy_test(const spbe_ctl_policy_t *args)
{
    spbe_settings_t settings = {0};
    spbe_problems_t *problems;
    int code = read_unknown(args, &settings.unknown);

    if (code != SPBE_CTL_FINE) {
        return code;
    }
    if (args->words->nelts < 2) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "policy test needs FILE REQUEST...");
    }
    settings.policy = spbe_ctl_policy_read(args, &problems);
    if (settings.policy == NULL) {
        if (problems != NULL) {
            spbe_ctl_policy_print(problems, 0, args->ctl->pool);
        }
        return SPBE_CTL_USAGE;
    }
    return test_all(args, &settings);
}
