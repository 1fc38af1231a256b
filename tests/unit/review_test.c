/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/review_test.c - "review" and "tally" as a program: what is said of
 * findings and applications, and which line is proposed.
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
#include "text/stamp.h"

static apr_pool_t *pool;

#define CTL "build/spbe-guardctl"
#define LOG "build/spbe-guardlog"

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

/* In the zone of ctl(), as the days of counts are. */
static void today(char day[SPBE_STAMP_SIZE])
{
    spbe_stamp_write(apr_time_now() + apr_time_from_sec(7 * 3600), day);
    day[10] = '\0';
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

static void empty_home(void)
{
    assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", dir, NULL)), 0);
}

/* What "review" says of one finding. */
static const struct {
    const char *label, *route, *field, *reason, *keyword, *wanted;
    const char *location, *line; /* NULL: none */
} advice[] = {
    {"allow for one field", "/cari", "kategori", "duplicate", NULL, "reject",
     "<Location \"/cari\">", "SpbeGuardMalformed duplicate log field=kategori"},
    {"enforce", "/cari", "kategori2", "cookie", NULL, "log",
     "<Location \"/cari\">",
     "SpbeGuardMalformed cookie reject field=kategori2"},
    {"without a field", "/cari", NULL, "json-syntax", NULL, "reject",
     "<Location \"/cari\">", "SpbeGuardMalformed json-syntax log"},
    {"a template", "/izin/{id}/a.php", "x1", "duplicate", NULL, "reject",
     "<LocationMatch \"^/izin/[^/]+/a\\.php$\">",
     "SpbeGuardMalformed duplicate log field=x1"},
    {"a field that would end the word", "/cari", "a b\" c", "duplicate", NULL,
     "reject", "<Location \"/cari\">", "SpbeGuardMalformed duplicate log"},
    {"a field that would end the line", "/cari", "a\nLoadModule x y",
     "duplicate", NULL, "reject", "<Location \"/cari\">",
     "SpbeGuardMalformed duplicate log"},
    {"a route that would close the section", "/\"></Location>", "x2",
     "duplicate", NULL, "reject", NULL,
     "SpbeGuardMalformed duplicate log field=x2"},
    {"an unknown field", "/cari", "utm_x", "unknown-field", NULL, "reject",
     "<Location \"/cari\">", "SpbeGuardIgnoreParam utm_x"},
    {"an unknown field, logged", "/cari", "utm_y", "unknown-field", NULL, "log",
     "<Location \"/cari\">", "SpbeGuardUnknown reject"},
    {"a path no policy knows, logged", "/baru", NULL, "route", NULL, "log",
     NULL, "SpbeGuardUnknown reject"},
    {"a path no policy knows, refused", "/baru2", NULL, "route", NULL, "reject",
     NULL,
     "# kebijakan (SpbeGuardPolicy/SpbeGuardParam): tambahkan jalur, metode "
     "atau jenis isi ini"},
    {"a method, logged", "/cari", NULL, "method", NULL, "log",
     "<Location \"/cari\">", "SpbeGuardMalformed method reject"},
    {"a rule of the policy, logged", "/cari", "nama2", "schema", "minLength",
     "log", "<Location \"/cari\">",
     "SpbeGuardMalformed schema reject field=nama2"},
    {"a rule of the policy", "/cari", "nama", "schema", "minLength", "reject",
     NULL,
     "# kebijakan (SpbeGuardPolicy/SpbeGuardParam): ubah aturan minLength "
     "pada isian nama"},
    {"a file", "/cari", "ktp", "file-type", NULL, "reject", NULL,
     "# kebijakan (SpbeGuardPolicy/SpbeGuardParam): ubah aturan types pada "
     "isian ktp"},
    {"a reason of a later version", "/cari", "z", "aneh", NULL, "reject", NULL,
     NULL},
};
#define ADVICE (sizeof(advice) / sizeof(advice[0]))

static void fill_review(void)
{
    FILE *out;
    size_t i;

    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    out = popen(apr_pstrcat(pool, LOG " --home ", dir, NULL), "w");
    for (i = 0; i < ADVICE; i++) {
        spbe_ref_t ref;
        spbe_record_t record = {.kind = "anomaly",
                                .class_name = "input",
                                .ts = apr_time_now(),
                                .application = "Izin",
                                .route = advice[i].route,
                                .field = advice[i].field,
                                .place = "query",
                                .reason = advice[i].reason,
                                .keyword = advice[i].keyword,
                                .wanted = advice[i].wanted,
                                .action = "logged",
                                .client = "192.0.2.1"};

        spbe_ref_make(&ref, apr_time_now());
        record.id = ref.id;
        write_record(out, &record, i + 1);
    }
    assert_int_equal(pclose(out), 0);
}

/* What is pasted: the line, inside its section where it has one. */
static const char *block_of(size_t i)
{
    const char *line = advice[i].line, *location = advice[i].location;

    if (line == NULL || *line == '#') {
        return NULL;
    }
    return location == NULL
               ? line
               : apr_psprintf(pool, "%s\n    %s\n</%.*s>", location, line,
                              (int)strcspn(location + 1, " "), location + 1);
}

static const char *effect_of(size_t i)
{
    return advice[i].line == NULL                    ? NULL
           : strcmp(advice[i].wanted, "reject") == 0 ? "allow"
                                                     : "reject";
}

/* What people read of it. */
static const char *shown_of(size_t i)
{
    const char *location = advice[i].location;

    if (advice[i].line == NULL || *advice[i].line == '#') {
        return advice[i].line == NULL
                   ? ""
                   : apr_pstrcat(pool, "    mengizinkannya: ", advice[i].line,
                                 "\n", NULL);
    }
    return location == NULL
               ? apr_psprintf(pool, "nya:\n      %s\n", advice[i].line)
               : apr_psprintf(pool,
                              "    %s:\n      %s\n          %s\n"
                              "      </%.*s>\n",
                              strcmp(advice[i].wanted, "reject") == 0
                                  ? "mengizinkannya"
                                  : "menolaknya",
                              location, advice[i].line,
                              (int)strcspn(location + 1, " "), location + 1);
}

static void check_text(const cJSON *item, const char *name, const char *wanted)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(item, name));

    if (wanted == NULL) {
        assert_null(text);
    }
    else {
        assert_non_null(text);
        assert_string_equal(text, wanted);
    }
}

/* Applications, by what came to the check and what was found. */
static const struct {
    const char *application, *client, *event; /* event of another record */
    apr_uint64_t received;
    const char *action, *verdict, *sentence;
} verdicts[] = {
    {"Bersih", NULL, NULL, 150, NULL, "ready",
     "Bersih: siap (ready to switch On): 150 permintaan diperiksa dalam 1 "
     "hari, tidak ada yang akan ditolak"},
    {"Sedikit", NULL, NULL, 99, NULL, "too-few",
     "Sedikit: belum cukup (too few requests): 99 dari 100"},
    {"Diserang", "203.0.113.9", "malicious_direct_reference", 150, "logged",
     "ready",
     "Diserang: siap (ready to switch On): 150 permintaan diperiksa "
     "dalam 1 hari, yang akan ditolak (1) hanya dari klien yang tampak "
     "menyerang"},
    {"Warga", "192.0.2.9", NULL, 150, "logged", "not-ready",
     "Warga: belum siap (not ready): 1 permintaan dari 1 klien"},
    {"Menyala", "192.0.2.9", NULL, 150, "refused", "on",
     "Menyala: sudah On (On already): 1 permintaan ditolak"},
};
#define VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))

static void write_anomaly(FILE *out, size_t i, const char *event,
                          apr_uint64_t seq)
{
    spbe_ref_t ref;
    spbe_record_t record = {.kind = "anomaly",
                            .class_name = event == NULL ? "input" : NULL,
                            .event = event,
                            .ts = apr_time_now(),
                            .application = verdicts[i].application,
                            .route = "/a",
                            .reason = event == NULL ? "duplicate" : NULL,
                            .wanted = "reject",
                            .action = verdicts[i].action,
                            .client = verdicts[i].client};

    spbe_ref_make(&ref, apr_time_now());
    record.id = ref.id;
    write_record(out, &record, seq);
}

static void fill_verdicts(void)
{
    char day[SPBE_STAMP_SIZE];
    FILE *out;
    size_t i;

    today(day);
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    out = popen(apr_pstrcat(pool, LOG " --home ", dir, NULL), "w");
    for (i = 0; i < VERDICTS; i++) {
        spbe_tallies_counts_t counts = {.received = verdicts[i].received};
        spbe_ref_t ref;
        spbe_record_t record = {.kind = "tally",
                                .ts = apr_time_now(),
                                .application = verdicts[i].application,
                                .route = "/a",
                                .day = day,
                                .tally = &counts};

        spbe_ref_make(&ref, apr_time_now());
        record.id = ref.id;
        write_record(out, &record, 3 * i + 1);
        if (verdicts[i].client != NULL) {
            write_anomaly(out, i, NULL, 3 * i + 2);
        }
        if (verdicts[i].event != NULL) {
            write_anomaly(out, i, verdicts[i].event, 3 * i + 3);
        }
    }
    assert_int_equal(pclose(out), 0);
}

static void ctl_review_verdicts(void **state)
{
    cJSON *review;
    const cJSON *app;
    const char *text;
    size_t i;
    int code, n = 0;

    fill_verdicts();
    review = cJSON_Parse(ctl("review --json", &code));
    assert_int_equal(code, 0);
    text = ctl("review", &code);
    cJSON_ArrayForEach(app, cJSON_GetObjectItem(review, "applications"))
    {
        for (i = 0; i < VERDICTS; i++) {
            if (strcmp(cJSON_GetObjectItem(app, "application")->valuestring,
                       verdicts[i].application) == 0) {
                print_message("%s\n", verdicts[i].application);
                check_text(app, "verdict", verdicts[i].verdict);
                assert_non_null(strstr(text, verdicts[i].sentence));
                n++;
            }
        }
    }
    assert_int_equal(n, VERDICTS);
    cJSON_Delete(review);
    empty_home();
}

/* Windows over findings and counts of today (@); the verdict on "Warga", and
 * what people read. */
static const struct {
    const char *label, *options, *verdict;
    int exact;
    const char *says, *says_not;
} windows[] = {
    {"whole days", "", "not-ready", 1, "--since WAKTU", "hitungan per hari"},
    {"whole days: a share", "", "not-ready", 1, "1 permintaan (0,6 %), 1 klien",
     "hitungan per hari"},
    {"a part of a day", "--since @T00:00:01", "not-ready", 0,
     "1 permintaan (hitungan per hari), 1 klien", " %)"},
    {"a part of a day makes nobody ready", "--since @T00:00:01", "not-ready", 0,
     "Bersih: belum cukup (too few requests): 0 dari 100 permintaan sudah "
     "diperiksa; hitungan per hari",
     "siap (ready"},
    {"a date begins at local midnight", "--since 2024-03-04", "not-ready", 1,
     "sejak 04-03-2024 00:00:00 WIB", "hitungan per hari"},
    {"an hour of a day long ago", "--since 2024-03-04T01:00", "not-ready", 0,
     "1 permintaan (0,6 %), 1 klien", "siap (ready to switch On): 0"},
};

static void check_window(size_t i)
{
    const char *options = windows[i].options, *text;
    const char *at = strchr(options, '@');
    char day[SPBE_STAMP_SIZE];
    const cJSON *app;
    cJSON *review;
    int code, n = 0;

    today(day);
    if (at != NULL) {
        options = apr_psprintf(pool, "%.*s%s%s", (int)(at - options), options,
                               day, at + 1);
    }
    review = cJSON_Parse(
        ctl(apr_pstrcat(pool, "review --json ", options, NULL), &code));
    cJSON_ArrayForEach(app, cJSON_GetObjectItem(review, "applications"))
    {
        if (strcmp(cJSON_GetObjectItem(app, "application")->valuestring,
                   "Warga") == 0) {
            check_text(app, "verdict", windows[i].verdict);
            n++;
        }
    }
    assert_int_equal(n, 1);
    assert_int_equal(
        strcmp(cJSON_GetObjectItem(review, "since")->valuestring,
               cJSON_GetObjectItem(review, "counts_since")->valuestring) == 0,
        windows[i].exact);
    cJSON_Delete(review);
    text = ctl(apr_pstrcat(pool, "review ", options, NULL), &code);
    if (strstr(text, windows[i].says) == NULL ||
        strstr(text, windows[i].says_not) != NULL) {
        fail_msg("%s: %s", windows[i].label, text);
    }
}

static void ctl_review_windows(void **state)
{
    size_t i;

    fill_verdicts();
    for (i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
        check_window(i);
    }
    empty_home();
}

/* A finding, then counts of a minute before it or after it. */
static const struct {
    const char *label;
    int counted; /* seconds behind the finding */
    int behind;
} lags[] = {
    {"counted later", 60, 0},
    {"counted before", -60, 1},
};

static void fill_lag(int counted)
{
    spbe_tallies_counts_t counts = {.received = 1};
    spbe_ref_t ref, other;
    spbe_record_t record = {.kind = "anomaly",
                            .class_name = "input",
                            .ts = apr_time_now() - apr_time_from_sec(120),
                            .application = "Izin",
                            .route = "/a",
                            .reason = "duplicate",
                            .wanted = "reject",
                            .action = "logged"};
    spbe_record_t tally = {.kind = "tally",
                           .ts = record.ts + apr_time_from_sec(counted),
                           .application = "Izin",
                           .route = "/a",
                           .tally = &counts};
    char day[SPBE_STAMP_SIZE];
    FILE *out;

    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    today(day);
    tally.day = day;
    spbe_ref_make(&ref, record.ts);
    spbe_ref_make(&other, tally.ts);
    record.id = ref.id;
    tally.id = other.id;
    out = popen(apr_pstrcat(pool, LOG " --home ", dir, NULL), "w");
    write_record(out, &record, 1);
    write_record(out, &tally, 2);
    assert_int_equal(pclose(out), 0);
}

static void ctl_counts_behind(void **state)
{
    static const char *const commands[] = {"review", "tally"};
    size_t i, j;
    int code;

    for (i = 0; i < sizeof(lags) / sizeof(lags[0]); i++) {
        fill_lag(lags[i].counted);
        for (j = 0; j < 2; j++) {
            const char *text = ctl(commands[j], &code);

            if ((strstr(text, "hitungan ditulis tiap menit") != NULL) !=
                lags[i].behind) {
                fail_msg("%s: %s: %s", lags[i].label, commands[j], text);
            }
        }
        empty_home();
    }
}

static const cJSON *find_finding(const cJSON *list, size_t i)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        const char *reason = cJSON_GetObjectItem(item, "reason")->valuestring;
        const char *field =
            cJSON_GetStringValue(cJSON_GetObjectItem(item, "field"));
        const char *route = cJSON_GetObjectItem(item, "route")->valuestring;

        if (strcmp(reason, advice[i].reason) == 0 &&
            strcmp(route, advice[i].route) == 0 &&
            strcmp(field == NULL ? "" : field,
                   advice[i].field == NULL ? "" : advice[i].field) == 0) {
            return item;
        }
    }
    return NULL;
}

static void ctl_review(void **state)
{
    cJSON *review;
    const cJSON *app, *list;
    const char *text;
    size_t i;
    int code;

    fill_review();
    review = cJSON_Parse(ctl("review --json", &code));
    assert_int_equal(code, 0);
    app = cJSON_GetArrayItem(cJSON_GetObjectItem(review, "applications"), 0);
    check_text(app, "verdict", "not-ready");
    list = cJSON_GetObjectItem(app, "findings");
    assert_int_equal(cJSON_GetArraySize(list), ADVICE);
    for (i = 0; i < ADVICE; i++) {
        const cJSON *item = find_finding(list, i);

        print_message("%s\n", advice[i].label);
        assert_non_null(item);
        check_text(item, "location", advice[i].location);
        check_text(item, "line", advice[i].line);
        check_text(item, "block", block_of(i));
        check_text(item, "effect", effect_of(i));
        assert_int_equal(cJSON_GetObjectItem(item, "requests")->valueint, 1);
        assert_true(cJSON_IsNull(cJSON_GetObjectItem(item, "share")));
    }
    cJSON_Delete(review);
    text = ctl("review", &code);
    assert_int_equal(code, 0);
    for (i = 0; i < ADVICE; i++) {
        if (strstr(text, shown_of(i)) == NULL) {
            fail_msg("%s: %s", advice[i].label, text);
        }
    }
    assert_non_null(strstr(text,
                           "    menolaknya:\n      SpbeGuardUnknown reject"
                           "\n    mengizinkannya: # kebijakan "
                           "(SpbeGuardPolicy/SpbeGuardParam): tambahkan "
                           "jalur"));
    assert_non_null(strstr(text, "Izin: belum siap (not ready): 11"));
    assert_non_null(strstr(text, "Isian Formulir"));
    assert_null(strstr(text, "\nLoadModule"));
    text = ctl("review --application Lain 2>&1", &code);
    assert_int_equal(code, 1);
    text = ctl("review --since besok 2>&1", &code);
    assert_int_equal(code, 2);
    text = ctl("tally", &code);
    assert_int_equal(code, 0);
    assert_non_null(strstr(text, "Hasil Verifikasi"));
    empty_home();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ctl_review),
        cmocka_unit_test(ctl_review_verdicts),
        cmocka_unit_test(ctl_review_windows),
        cmocka_unit_test(ctl_counts_behind),
    };

    apr_initialize();
    apr_pool_create(&pool, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
