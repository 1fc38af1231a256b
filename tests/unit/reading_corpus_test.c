/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/reading_corpus_test.c - ambiguous requests are refused for the
 * reason they are written under, and their clean neighbours are not.
 *
 * The rows are in tests/data/requests; see README there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "input/reading.h"
#include "text/buf.h"
#include "text/percent.h"

#define FOLDER "tests/data/requests/"
#define ROWS_MIN 250

static apr_pool_t *pool;

typedef struct row {
    spbe_span_t word;
    spbe_view_t view;
} row_t;

/* One escape, @-word or plain byte off the front of *rest. */
static void expand_one(spbe_buf_t *buf, spbe_span_t *rest, int body)
{
    static const char from[] = "rnt0\\", to[] = "\r\n\t\0\\";
    char c = rest->ptr[0], next = rest->len > 1 ? rest->ptr[1] : '\0';
    const char *hit = next == '\0' ? NULL : strchr(from, next);
    size_t taken = 2, end;

    if (c == '\\' && next == 'x' && rest->len > 3) {
        spbe_buf_addc(buf, (char)(spbe_percent_hex(rest->ptr[2]) * 16 +
                                  spbe_percent_hex(rest->ptr[3])));
        taken = 4;
    }
    else if (c == '\\' && hit != NULL) {
        spbe_buf_addc(buf, to[hit - from]);
    }
    else if (body && c == '@' && next == 'B') {
        spbe_buf_adds(buf, "--B\r\n");
    }
    else if (body && c == '@' && next == 'E') {
        spbe_buf_adds(buf, "--B--\r\n");
    }
    else if (body && c == '@' && next == 'F') {
        end = spbe_span_chr(*rest, ')');
        spbe_buf_adds(buf, "Content-Disposition: form-data; name=\"");
        *rest = spbe_span_slice(*rest, 3, rest->len);
        while (rest->len > 0 && rest->ptr[0] != ')') {
            expand_one(buf, rest, 0);
        }
        spbe_buf_adds(buf, "\"\r\n\r\n");
        taken = 1;
        (void)end;
    }
    else {
        spbe_buf_addc(buf, c);
        taken = 1;
    }
    *rest = spbe_span_slice(*rest, taken, rest->len);
}

static spbe_span_t expand(spbe_span_t text, int body)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, text.len + 64, pool);
    while (text.len > 0) {
        expand_one(&buf, &text, body);
    }
    return spbe_buf_span(&buf);
}

static void add_header(spbe_view_t *view, const char *name, spbe_span_t value,
                       apr_array_header_t *headers)
{
    APR_ARRAY_PUSH(headers, spbe_header_t) =
        (spbe_header_t){spbe_span_from(name), value};
}

static int has(const apr_array_header_t *headers, const char *name)
{
    spbe_view_t view = {.headers = headers};
    int found;

    spbe_view_header(&view, name, &found);
    return found;
}

static const char *type_of(spbe_span_t method)
{
    static const char *const types[][2] = {
        {"FORM", "application/x-www-form-urlencoded"},
        {"JSON", "application/json"},
        {"XML", "application/xml"},
        {"TEXT", "text/plain"},
        {"MULTI", "multipart/form-data; boundary=B"},
    };
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (spbe_span_eq(method, spbe_span_from(types[i][0]))) {
            return types[i][1];
        }
    }
    return NULL;
}

/* Off the front, up to the first sep. */
static spbe_span_t before(spbe_span_t *rest, const char *sep)
{
    size_t at = spbe_span_find(*rest, spbe_span_from(sep));
    spbe_span_t head = spbe_span_slice(*rest, 0, at);

    *rest = at == SPBE_NPOS
                ? SPBE_SPAN_EMPTY
                : spbe_span_slice(*rest, at + strlen(sep), rest->len);
    return head;
}

static void set_target(spbe_view_t *view, spbe_span_t target)
{
    target = expand(target, 0);
    view->has_query = spbe_span_chr(target, '?') != SPBE_NPOS;
    view->path = spbe_span_cut(&target, '?');
    view->query = target;
}

static void set_body(spbe_view_t *view, spbe_span_t body, int given,
                     const apr_array_header_t *headers)
{
    view->body = expand(body, 1);
    view->has_body = given || has(headers, "Transfer-Encoding");
    view->both_lengths =
        has(headers, "Transfer-Encoding") && has(headers, "Content-Length");
}

static row_t parse(spbe_span_t line)
{
    apr_array_header_t *headers =
        apr_array_make(pool, 4, sizeof(spbe_header_t));
    row_t row = {.word = spbe_span_cut(&line, ' ')};
    size_t body_at = spbe_span_find(line, SPBE_SPAN(" = "));
    spbe_span_t head = spbe_span_slice(line, 0, body_at);
    spbe_span_t first = before(&head, " | "), target = first;
    const char *type;

    row.view.method = before(&target, " ");
    type = type_of(row.view.method);
    set_target(&row.view, target.len > 0 ? target : SPBE_SPAN("/simpan"));
    if (type != NULL) {
        row.view.method = SPBE_SPAN("POST");
        add_header(&row.view, "Content-Type", spbe_span_from(type), headers);
    }
    while (head.len > 0) {
        spbe_span_t value = expand(before(&head, " | "), 0);
        spbe_span_t name = spbe_span_cut(&value, ':');

        add_header(&row.view, apr_pstrmemdup(pool, name.ptr, name.len),
                   spbe_span_trim(value).len == value.len
                       ? value
                       : spbe_span_slice(value, 1, value.len),
                   headers);
    }
    row.view.headers = headers;
    set_body(&row.view,
             body_at == SPBE_NPOS
                 ? SPBE_SPAN_EMPTY
                 : spbe_span_slice(line, body_at + 3, line.len),
             body_at != SPBE_NPOS, headers);
    return row;
}

static spbe_verdict_t *judge(const spbe_view_t *view)
{
    static const spbe_settings_t settings = {.policy = NULL};
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_reading_t *reading = spbe_reading_head(view, &settings, verdict, pool);

    spbe_reading_body(reading, &settings, verdict, pool);
    return verdict;
}

/* "reason/detail, ..." */
static const char *found(const spbe_verdict_t *verdict)
{
    const char *list = "";
    int i;

    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);

        list = apr_psprintf(pool, "%s %s (%s)", list,
                            spbe_reason_name(finding->reason), finding->detail);
    }
    return list;
}

static int holds(const spbe_verdict_t *verdict, spbe_reason_t reason)
{
    int i;

    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);

        if (finding->reason == reason &&
            finding->action == SPBE_ACTION_REJECT && finding->detail != NULL) {
            return 1;
        }
    }
    return 0;
}

static int row_is_right(const row_t *row, const char **what)
{
    const spbe_verdict_t *verdict = judge(&row->view);

    *what = found(verdict);
    if (spbe_span_eq(row->word, SPBE_SPAN("ok"))) {
        return verdict->worst == SPBE_REASON_NONE && verdict->status == 0;
    }
    return holds(verdict, spbe_reason_find(row->word)) &&
           verdict->status >= 400;
}

static spbe_span_t read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    char *bytes = apr_palloc(pool, 1 << 20);
    size_t size;

    if (in == NULL) {
        fail_msg("%s cannot be opened", path);
    }
    size = fread(bytes, 1, 1 << 20, in);
    fclose(in);
    return (spbe_span_t){bytes, size};
}

static void run(const char *name)
{
    spbe_span_t rest = read_file(apr_pstrcat(pool, FOLDER, name, NULL));
    unsigned rows = 0, wrong = 0, number = 0;

    while (rest.len > 0) {
        spbe_span_t line = spbe_span_cut(&rest, '\n');
        const char *what;
        row_t row;

        number++;
        if (line.len == 0 || line.ptr[0] == '#') {
            continue;
        }
        row = parse(line);
        rows++;
        if (!row_is_right(&row, &what)) {
            wrong++;
            print_error("%s:%u: %.*s\n    found:%s\n", name, number,
                        (int)line.len, line.ptr, what);
        }
    }
    print_message("%s: %u rows, %u wrong\n", name, rows, wrong);
    assert_int_equal(wrong, 0);
    assert_true(rows >= ROWS_MIN);
}

static void ambiguous_refused(void **state)
{
    run("ambiguous.txt");
}

static void clean_accepted(void **state)
{
    run("clean.txt");
}

static int setup(void **state)
{
    apr_initialize();
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ambiguous_refused),
        cmocka_unit_test(clean_accepted),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
