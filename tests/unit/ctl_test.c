/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/ctl_test.c - spbe-guardctl as a program: options, exit codes, what
 * is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "record/line.h"
#include "record/record.h"
#include "record/trigger.h"

static apr_pool_t *pool;

#define CTL "build/spbe-guardctl"
#define LOG "build/spbe-guardlog"
#define ID "01a1ff81-1a3b-7fce-b924-bdd08d196330"
#define REF "0000-0000-000"

static char dir[64];

/* Standard output (and error where "2>&1" is said) of a shell command. */
static const char *output(const char *command, int *code)
{
    static char text[1 << 20];
    FILE *pipe = popen(command, "r");
    size_t n = fread(text, 1, sizeof(text) - 1, pipe);

    text[n] = '\0';
    *code = WEXITSTATUS(pclose(pipe));
    return text;
}

static const char *ctl(const char *args, int *code)
{
    return output(
        apr_pstrcat(pool, "TZ=WIB-7 " CTL " --home ", dir, " ", args, NULL),
        code);
}

static void write_record(FILE *out, const spbe_record_t *record,
                         apr_uint64_t seq)
{
    spbe_encoded_t encoded =
        spbe_record_encode(record, spbe_redact_create(NULL, pool), 65536, pool);
    apr_array_header_t *lines = spbe_line_split(&encoded, "n-1-1", seq, pool);
    int i;

    for (i = 0; i < lines->nelts; i++) {
        spbe_span_t line = APR_ARRAY_IDX(lines, i, spbe_span_t);

        fwrite(line.ptr, 1, line.len, out);
    }
}

/* One record with everything, its addition, and some small ones. */
static void fill_home(void)
{
    spbe_trigger_input_t input = {.method = "POST",
                                  .path = "/a/12",
                                  .query = "nik=3171012345678901&pin=1"};
    apr_array_header_t *frames = apr_array_make(pool, 1, sizeof(spbe_frame_t));
    apr_array_header_t *log = apr_array_make(pool, 1, sizeof(const char *));
    spbe_frame_t frame = {"/app/Kasir.php", "Kasir->hitung", 12, 0};
    spbe_record_t record = {
        .id = ID,
        .ref = REF,
        .ts = apr_time_from_sec(1709540000),
        .kind = "error",
        .severity = "error",
        .class_name = "code",
        .responsible = "Dev",
        .fingerprint = "00ff",
        .title = "gagal \x1b[31m",
        .application = "kasir",
        .vhost = "v",
        .host = "h",
        .client = "192.0.2.1",
        .route = "/a/{id}",
        .method = "POST",
        .status_in = 500,
        .exception = "RuntimeException",
        .rule = "php",
        .action = "replaced",
        .message = "m\x1b]0;x\a\xe2\x80\xae",
        .frames = frames,
        .trace = SPBE_SPAN("#0 x\n\x9b"
                           "2J#1 y"),
        .why = "kata",
        .hint = "petunjuk",
    };
    spbe_record_t more = {.id = ID,
                          .of = ID,
                          .kind = "more",
                          .ts = record.ts + 1,
                          .status_out = 503,
                          .log_lines = log};
    spbe_record_t other = {.kind = "crash",
                           .application = "lain",
                           .ts = apr_time_now(),
                           .status_in = 500};
    spbe_ref_t ref;
    FILE *out;

    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    APR_ARRAY_PUSH(frames, spbe_frame_t) = frame;
    APR_ARRAY_PUSH(log, const char *) = "satu baris";
    record.input =
        spbe_trigger_json(spbe_redact_create(NULL, pool), &input, pool);
    spbe_ref_make(&ref, apr_time_now());
    other.id = ref.id;
    other.ref = ref.ref;
    out = popen(apr_pstrcat(pool, LOG " --home ", dir, NULL), "w");
    write_record(out, &record, 1);
    write_record(out, &more, 2);
    write_record(out, &other, 3);
    assert_int_equal(pclose(out), 0);
}

static void empty_home(void)
{
    assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", dir, NULL)), 0);
}

static const char *const names[] = {
    "id",          "ref",       "ts",          "kind",        "class",
    "responsible", "title",     "fingerprint", "application", "route",
    "method",      "status_in", "status_out",  "exception",   "message",
    "frames",      "trace",     "log_lines",   "input",       "rule",
    "why",         "hint",      "action",      "leak_sent",   "client",
    "vhost",       "host",      "severity",
};

static void check_names(const cJSON *record)
{
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (cJSON_GetObjectItemCaseSensitive(record, names[i]) == NULL) {
            fail_msg("%s is missing", names[i]);
        }
    }
}

static void ctl_show_json(void **state)
{
    cJSON *record;
    cJSON *frame;
    int code;

    fill_home();
    record = cJSON_Parse(ctl("show '" REF "' --json", &code));
    assert_int_equal(code, 0);
    assert_true(cJSON_IsObject(record));
    check_names(record);
    assert_string_equal(cJSON_GetObjectItem(record, "id")->valuestring, ID);
    assert_string_equal(cJSON_GetObjectItem(record, "ts")->valuestring,
                        "2024-03-04T08:13:20.000000Z");
    assert_int_equal(cJSON_GetObjectItem(record, "status_in")->valueint, 500);
    assert_int_equal(cJSON_GetObjectItem(record, "status_out")->valueint, 503);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(record, "leak_sent")));
    assert_string_equal(
        cJSON_GetArrayItem(cJSON_GetObjectItem(record, "log_lines"), 0)
            ->valuestring,
        "satu baris");
    frame = cJSON_GetArrayItem(cJSON_GetObjectItem(record, "frames"), 0);
    assert_string_equal(cJSON_GetObjectItem(frame, "file")->valuestring,
                        "/app/Kasir.php");
    assert_int_equal(cJSON_GetObjectItem(frame, "line")->valueint, 12);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(frame, "vendor")));
    assert_true(cJSON_IsObject(cJSON_GetObjectItem(record, "input")));
    cJSON_Delete(record);
    empty_home();
}

/* Those of fill_home, and two of the logger: that it was started, has ended. */
static void ctl_list_json(void **state)
{
    static const struct {
        const char *args;
        int n;
    } tests[] = {
        {"list --json", 4},
        {"--json list", 4},
        {"list --json --limit 1", 1},
        {"list --json --limit=0", 4},
        {"--kind error list --json", 1},
        {"list --json --kind crash", 1},
        {"list --json --kind notice", 2},
        {"list --json --class code", 1},
        {"list --json --class database", 0},
        {"list --json --application lain", 1},
        {"list --json --since 2h", 3},
        {"list --json --since 2024-03-04T08:13:20Z", 4},
        {"list --json --since 2024-03-04T15:13:20", 4},
        {"list --json --since 2024-03-04T15:13:21", 3},
        {"list --json --reference '0000 0000 ooo'", 1},
        {"list --json --reference 00000000011", 0},
    };
    size_t i;

    fill_home();
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        int code;
        cJSON *list = cJSON_Parse(ctl(tests[i].args, &code));
        const cJSON *record;

        assert_int_equal(code, 0);
        assert_true(cJSON_IsArray(list));
        if (cJSON_GetArraySize(list) != tests[i].n) {
            fail_msg("%s: %d", tests[i].args, cJSON_GetArraySize(list));
        }
        cJSON_ArrayForEach(record, list)
        {
            check_names(record);
        }
        cJSON_Delete(list);
    }
    empty_home();
}

static void ctl_for_people(void **state)
{
    static const char *const said[] = {
        "Catatan " REF,
        "Input Pemicu Error",
        "Status Error Internal",
        "Arsip Log Teknis",
        "Jenis Kesalahan",
        "04-03-2024 15:13:20 WIB",
        "nik",
        "9999999999999999",
        "Kasir->hitung  /app/Kasir.php:12",
        "satu baris",
        "petunjuk",
        "gagal \\x1b[31m",
        "\\u{202e}",
        "500",
        "503",
    };
    const char *text;
    size_t i;
    int code;

    fill_home();
    text = ctl("show " ID, &code);
    assert_int_equal(code, 0);
    for (i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        if (strstr(text, said[i]) == NULL) {
            fail_msg("%s is missing in:\n%s", said[i], text);
        }
    }
    assert_null(strchr(text, '\x1b'));
    assert_null(strchr(text, '\a'));
    text = ctl("list", &code);
    assert_non_null(strstr(text, REF));
    assert_non_null(strstr(text, "500>503"));
    assert_null(strchr(text, '\x1b'));
    empty_home();
}

static void ctl_codes(void **state)
{
    static const struct {
        const char *args;
        int code;
        const char *says;
    } tests[] = {
        {"", 2, "Usage"},
        {"--help", 0, "Usage"},
        {"list --help", 0, "--since"},
        {"--help show", 0, "REF|ID"},
        {"--version", 0, "spbe-guardctl "},
        {"version", 0, "spbe-guardctl "},
        {"nonsense", 2, "is no command"},
        {"list --nonsense", 2, "does not know"},
        {"list --limit x", 2, "a number is needed"},
        {"list --limit -1", 2, "a number is needed"},
        {"list --limit", 2, "needs a value"},
        {"list --since gestern", 2, "allowed are"},
        {"list --kind x", 2, "allowed are error"},
        {"list --kind tally", 2, "see spbe-guardctl tally"},
        {"review --help", 0, "a date is local midnight"},
        {"tally --help", 0, "a date is local midnight"},
        {"list --class x", 2, "allowed are code"},
        {"list --reference x", 2, "not a reference"},
        {"list --json=1", 2, "takes no value"},
        {"list word", 2, "takes no word"},
        {"show", 2, "needs a reference"},
        {"show 0000-0000-012", 1, "a symbol of it is wrong"},
        {"show 0000-0000-011", 1, "no record has this reference"},
        {"show 01a1ff81-1a3b-7fce-b924-bdd08d196331", 1, "no record"},
        {"show 0000 0000 000", 0, REF},
        {"show 01A1FF81-1A3B-7FCE-B924-BDD08D196330", 0, REF},
        {"init", 0, "siap"},
        {"init", 0, "siap"},
        {"reindex", 0, "5 catatan"},
        {"show " ID, 0, REF},
        {"--home /nonexistent list", 1, "is not there"},
        {"reindex --home /nonexistent", 1, "/nonexistent/archive"},
        {"list --home", 2, "--home needs"},
    };
    size_t i;

    fill_home();
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        int code;
        const char *text =
            ctl(apr_pstrcat(pool, tests[i].args, " 2>&1", NULL), &code);

        if (code != tests[i].code || strstr(text, tests[i].says) == NULL) {
            fail_msg("%s: %d %s", tests[i].args, code, text);
        }
    }
    empty_home();
}

/* The database is damaged, then away; the archive is away. */
static void ctl_faults(void **state)
{
    const char *text;
    int code;

    fill_home();
    output(apr_pstrcat(pool, "rm -f ", dir,
                       "/guard.db-*; head -c 9999 "
                       "/dev/urandom >",
                       dir, "/guard.db", NULL),
           &code);
    text = ctl("list 2>&1", &code);
    assert_int_equal(code, 1);
    assert_non_null(strstr(text, "reindex"));
    text = ctl("reindex 2>&1", &code);
    assert_int_equal(code, 0);
    assert_non_null(strstr(text, "guard.db.bad-"));
    text = ctl("show " REF, &code);
    assert_int_equal(code, 0);
    output(apr_pstrcat(pool, "rm -r ", dir, "/archive", NULL), &code);
    text = ctl("show " REF, &code);
    assert_int_equal(code, 0);
    assert_non_null(strstr(text, "Rincian tidak dapat dibaca"));
    ctl("list --json 2>/dev/null", &code);
    assert_int_equal(code, 1);
    empty_home();
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
        cmocka_unit_test(ctl_show_json),  cmocka_unit_test(ctl_list_json),
        cmocka_unit_test(ctl_for_people), cmocka_unit_test(ctl_codes),
        cmocka_unit_test(ctl_faults),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
