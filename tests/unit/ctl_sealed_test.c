/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/ctl_sealed_test.c - spbe-guardctl with keys: init, keys, show
 * --key, export, and what it says when something cannot be opened.
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "record/line.h"
#include "record/recipients.h"
#include "record/seal.h"
#include "record/wrapping.h"

static apr_pool_t *pool;

#define CTL "build/spbe-guardctl"
#define LOG "build/spbe-guardlog"
#define REF "0000-0000-000"     /* sealed */
#define ALTERED "0000-0000-011" /* its index part was changed */
#define NO_KEY "0000-0000-022"  /* its key record never came */
#define PLAIN "0000-0000-033"   /* not sealed */

static char dir[64];

/* Standard output and error of a shell command. {} is the folder. */
static const char *output(const char *command, int *code)
{
    static char text[1 << 20];
    const char *brace;
    FILE *pipe;
    size_t n;

    while ((brace = strstr(command, "{}")) != NULL) {
        command = apr_pstrcat(
            pool, apr_pstrmemdup(pool, command, (size_t)(brace - command)), dir,
            brace + 2, NULL);
    }
    pipe = popen(apr_pstrcat(pool, "{ ", command, "; } 2>&1 </dev/null", NULL),
                 "r");
    n = fread(text, 1, sizeof(text) - 1, pipe);
    text[n] = '\0';
    *code = WEXITSTATUS(pclose(pipe));
    return text;
}

static const char *ctl(const char *args, int *code)
{
    return output(apr_pstrcat(pool, "TZ=WIB-7 " CTL " ", args, NULL), code);
}

static void must(const char *command)
{
    int code;
    const char *text = output(command, &code);

    if (code != 0) {
        fail_msg("%s: %d %s", command, code, text);
    }
}

static void write_lines(FILE *out, const spbe_encoded_t *encoded,
                        apr_uint64_t seq)
{
    apr_array_header_t *lines = spbe_line_split(encoded, "n:1:1", seq, pool);
    int i;

    for (i = 0; i < lines->nelts; i++) {
        spbe_span_t line = APR_ARRAY_IDX(lines, i, spbe_span_t);

        fwrite(line.ptr, 1, line.len, out);
    }
}

static const struct {
    const char *id, *ref;
} records[] = {
    {"01a1ff81-1a3b-7fce-b924-bdd08d196330", REF},
    {"01a1ff81-1a3b-7fce-b924-bdd08d196331", ALTERED},
    {"01a1ff81-1a3b-7fce-b924-bdd08d196332", NO_KEY},
    {"01a1ff81-1a3b-7fce-b924-bdd08d196333", PLAIN},
};

static spbe_encoded_t record_of(size_t i)
{
    spbe_record_t record = {
        .id = records[i].id,
        .ref = records[i].ref,
        .ts = apr_time_from_sec(1709540000) + (apr_time_t)i,
        .kind = "error",
        .severity = "error",
        .class_name = "code",
        .title = "=cmd() <script>\x1b[31m\xe2\x80\xae",
        .application = "kasir",
        .node = "kota1",
        .client = "192.0.2.1",
        .route = "/a/{id}",
        .method = "POST",
        .status_in = 500,
        .exception = "RuntimeException",
        .message = apr_psprintf(pool, "pesan rahasia %d", (int)i),
        .trace = SPBE_SPAN("#0 satu\n#1 dua"),
    };

    return spbe_record_encode(&record, spbe_redact_create(NULL, pool), 65536,
                              pool);
}

static spbe_sealer_t *sealer_of(const char *file)
{
    apr_array_header_t *recipients;
    const char *why;

    if (spbe_recipients_read(apr_pstrcat(pool, dir, file, NULL), &recipients,
                             &why, pool) != SPBE_OK) {
        fail_msg("%s", why);
    }
    return spbe_sealer_create(recipients, "kota1", pool);
}

/* A key of somebody else's under that id, older than everything by its own
 * word, for the same recipients. */
static void write_false_key(FILE *out, const char *id, apr_uint64_t seq)
{
    unsigned char key[SPBE_SEAL_KEY] = {(unsigned char)seq, 1};
    apr_array_header_t *recipients;
    const char *why;
    spbe_buf_t d;
    spbe_encoded_t encoded = {.id = id};

    assert_int_equal(
        spbe_recipients_read(apr_pstrcat(pool, dir, "/r.pem", NULL),
                             &recipients, &why, pool),
        SPBE_OK);
    spbe_buf_init(&d, 512, pool);
    assert_int_equal(spbe_wrapping_write(&d, id, key,
                                         (spbe_recipient_t *)recipients->elts,
                                         recipients->nelts),
                     SPBE_OK);
    encoded.h = apr_psprintf(pool,
                             "{\"id\":\"%s\",\"ts\":\"1999-01-01T00:00:00Z\","
                             "\"kind\":\"key\",\"key\":\"%s\"}",
                             id, id);
    encoded.d = spbe_buf_cstr(&d);
    write_lines(out, &encoded, seq);
}

static void fill(void)
{
    spbe_sealer_t *sealer = sealer_of("/r.pem"), *lost = sealer_of("/r.pem");
    FILE *out =
        popen(apr_pstrcat(pool, LOG " --home ", dir, "/home", NULL), "w");
    apr_uint64_t seq = 1, behind;
    const char *key = NULL;
    size_t i;

    for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        spbe_encoded_t encoded = record_of(i), fresh = {.id = NULL};

        if (strcmp(records[i].ref, PLAIN) != 0) {
            int is_lost = strcmp(records[i].ref, NO_KEY) == 0;

            assert_int_equal(spbe_seal(is_lost ? lost : sealer, &encoded,
                                       &fresh, apr_time_now(), pool),
                             SPBE_OK);
            if (fresh.id != NULL && !is_lost) {
                write_lines(out, &fresh, seq++);
                spbe_sealer_announced(sealer, fresh.id);
                key = fresh.id;
            }
        }
        if (strcmp(records[i].ref, ALTERED) == 0) {
            char *at = strstr(encoded.h, "kasir");

            at[0] = 'K';
        }
        write_lines(out, &encoded, seq++);
    }
    for (behind = seq + 20; seq < behind; seq++) {
        write_false_key(out, key, seq);
    }
    assert_int_equal(pclose(out), 0);
}

/* A key of one's own, and one under a passphrase, and a stranger's. */
static int make_home(void **state)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    must("printf 'kata sandi yang panjang\\n' >{}/word");
    must(CTL " --home {}/home init --yes --recipients {}/r.pem --key-out "
             "{}/a.pem --retention 5y");
    must(CTL " --home {}/home2 init --yes --recipients {}/r2.pem --key-out "
             "{}/b.pem --passphrase-file {}/word");
    must("openssl pkey -in {}/b.pem -passin file:{}/word -pubout >{}/b.pub");
    must(CTL " keys add {}/b.pub --name 'Budi' --recipients {}/r.pem");
    must("openssl genpkey -algorithm X25519 -out {}/c.pem");
    must("openssl pkey -in {}/c.pem -pubout >{}/c.pub");
    fill();
    return 0;
}

static int remove_home(void **state)
{
    must("rm -rf {}");
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

static void sealed_show(void **state)
{
    static const struct {
        const char *args;
        int code;
        const char *says, *never;
    } tests[] = {
        {"show " REF, 0, "Rincian disegel", "pesan rahasia"},
        {"show " REF " --json", 0, "\"details\":\"sealed\"", "pesan rahasia"},
        {"show " REF " --key {}/a.pem", 0, "pesan rahasia 0", "disegel"},
        {"show " REF " --key {}/a.pem", 0, "#1 dua", NULL},
        {"show " REF " --key {}/a.pem --json", 0, "\"details\":\"opened\"",
         NULL},
        {"show " REF " --key {}/b.pem --passphrase-file {}/word", 0,
         "pesan rahasia 0", NULL},
        {"show " REF " --key {}/b.pem --passphrase-file {}/a.pem", 1,
         "passphrase", "pesan rahasia"},
        {"show " REF " --key {}/c.pem --recipients {}/r.pem", 1,
         "kunci lain: a (", "pesan rahasia"},
        {"show " REF " --key {}/c.pem --recipients {}/r.pem", 1, "Budi (",
         NULL},
        {"show " REF " --key {}/c.pem --json", 1,
         "\"details\":\"sealed-to-others\"", NULL},
        {"show " REF " --key {}/c.pem --key {}/a.pem", 0, "pesan rahasia 0",
         NULL},
        {"show " REF " --key {}/none.pem", 1, "none.pem", NULL},
        {"show " REF " --key {}/a.pem --key", 2, "--key needs a value", NULL},
        {"show " REF " --rewrap {}/x", 2, "--rewrap needs --key", NULL},
        {"show " ALTERED " --key {}/a.pem", 1, "TELAH DIUBAH", "pesan rahasia"},
        {"show " ALTERED " --key {}/a.pem --json", 1, "\"details\":\"altered\"",
         NULL},
        {"show " NO_KEY " --key {}/a.pem", 1, "tidak ada di arsip ini",
         "pesan rahasia"},
        {"show " NO_KEY " --key {}/a.pem --json", 1,
         "\"details\":\"key-record-missing\"", NULL},
        {"show " PLAIN, 0, "tidak disegel", NULL},
        {"show " PLAIN, 0, "pesan rahasia 3", NULL},
        {"show " PLAIN " --json", 0, "\"details\":\"plain\"", NULL},
        {"list --json", 0, "\"details\":\"sealed\"", "pesan rahasia 0"},
        {"list --kind action", 0, "WAKTU", NULL},
    };
    static const char *const places[] = {"--home {}/home", "--archive {}/home"};
    size_t i, j;

    for (j = 0; j < sizeof(places) / sizeof(places[0]); j++) {
        for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
            int code;
            const char *text = ctl(
                apr_pstrcat(pool, places[j], " ", tests[i].args, NULL), &code);

            if (code != tests[i].code || strstr(text, tests[i].says) == NULL ||
                (tests[i].never != NULL &&
                 strstr(text, tests[i].never) != NULL) ||
                strchr(text, '\x1b') != NULL) {
                fail_msg("%s %s: %d %s", places[j], tests[i].args, code, text);
            }
        }
    }
}

/* A successor reads what was sealed before him, with a side file alone. */
static void sealed_rewrap(void **state)
{
    static const struct {
        const char *args;
        int code;
        const char *says;
    } tests[] = {
        {"--home {}/home keys rewrap --key {}/c.pem --to {}/c.pub --out "
         "{}/none",
         1, "1 disegel untuk kunci lain"},
        {"--home {}/home keys rewrap --key {}/a.pem --to {}/c.pub --out "
         "{}/wrapped",
         0, "1 kunci disegel ulang"},
        {"--home {}/home keys rewrap --key {}/a.pem --to {}/c.pub --out "
         "{}/wrapped",
         1, "cannot write"},
        {"--home {}/home keys rewrap --key {}/a.pem --to {}/c.pem --out {}/x",
         1, "private key"},
        {"--home {}/home keys rewrap --to {}/c.pub --out {}/x", 2, "needs"},
        {"--home {}/home show " REF " --key {}/c.pem --rewrap {}/wrapped", 0,
         "pesan rahasia 0"},
        {"--archive {}/home show " REF " --key {}/c.pem --rewrap {}/wrapped", 0,
         "pesan rahasia 0"},
        {"--home {}/home show " REF " --key {}/a.pem --rewrap {}/wrapped", 1,
         "none of these keys opens"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        int code;
        const char *text = ctl(tests[i].args, &code);

        if (code != tests[i].code || strstr(text, tests[i].says) == NULL) {
            fail_msg("%s: %d %s", tests[i].args, code, text);
        }
    }
}

static void sealed_export(void **state)
{
    static const struct {
        const char *args;
        int code;
        const char *says, *never;
    } tests[] = {
        {"--format csv", 0, "\"'=cmd() <script>\\x1b[31m\\u{202e}\"",
         "pesan rahasia"},
        {"--format csv", 0, "4 catatan diekspor", NULL},
        {"--format csv", 0, "waktu,referensi,jenis", NULL},
        {"--format csv --until 2024-03-04", 0, "0 catatan diekspor", NULL},
        {"--format csv --application lain", 0, "0 catatan diekspor", NULL},
        {"--format csv --key {}/a.pem", 1, "pesan rahasia 0", NULL},
        {"--format csv --key {}/a.pem", 1, "2 catatan tidak dapat dibuka",
         NULL},
        {"--format html", 0, "=cmd() &lt;script&gt;\\x1b[31m\\u{202e}",
         "<script"},
        {"--format html", 0, "default-src 'none'", "src="},
        {"--format html --key {}/a.pem", 1, "<pre>pesan rahasia 0</pre>",
         "<script"},
        {"--format syslog", 0,
         "<83>1 2024-03-04T08:13:20.000000Z kota1 spbe-guard - error "
         "[spbeGuard@32473 ref=\"" REF "\"",
         "pesan rahasia"},
        {"--format syslog", 0, "] \xef\xbb\xbf=cmd() <script>\\x1b[31m", NULL},
        {"--format syslog --send --socket {}/no", 1, "No such file", NULL},
        {"--format jsonl", 0, "\"@timestamp\":\"2024-03-04T08:13:20.000000Z\"",
         "pesan rahasia"},
        {"--format jsonl", 0, "\"http\":{\"request\":{\"method\":\"POST\"}",
         "\xe2\x80\xae"},
        {"--format jsonl --key {}/a.pem", 1,
         "\"message\":\"pesan rahasia 0\",\"stack_trace\":\"#0 satu\\n#1 dua\"",
         NULL},
        {"--format yaml", 2, "needs --format", NULL},
        {"", 2, "needs --format", NULL},
        {"--format csv --send", 2, "--send is for", NULL},
        {"--format csv --until gestern", 2, "--until gestern", NULL},
        {"--format csv --out {}/out.csv", 0, "4 catatan", "cmd"},
        {"--format csv --out {}/out.csv", 1, "cannot write", NULL},
    };
    struct stat st;
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        int code;
        const char *text =
            ctl(apr_pstrcat(pool, "--home {}/home export --kind error ",
                            tests[i].args, NULL),
                &code);

        if (code != tests[i].code || strstr(text, tests[i].says) == NULL ||
            (tests[i].never != NULL && strstr(text, tests[i].never) != NULL) ||
            strchr(text, '\x1b') != NULL) {
            fail_msg("%s: %d %s", tests[i].args, code, text);
        }
    }
    assert_int_equal(stat(apr_pstrcat(pool, dir, "/out.csv", NULL), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

/* Every line is one JSON object, whatever was in the record. */
static void sealed_export_lines(void **state)
{
    int code, n = 0;
    const char *text = ctl(
        "--home {}/home export --kind error --format jsonl 2>/dev/null | cat",
        &code);
    spbe_span_t rest = spbe_span_from(text);

    while (rest.len > 0) {
        spbe_span_t line = spbe_span_line(&rest);
        cJSON *json = cJSON_ParseWithLength(line.ptr, line.len);
        const cJSON *title = cJSON_GetObjectItem(json, "message");

        assert_true(cJSON_IsObject(json));
        assert_string_equal(cJSON_GetStringValue(title),
                            "=cmd() <script>\x1b[31m\xe2\x80\xae");
        cJSON_Delete(json);
        n++;
    }
    assert_int_equal(n, 4);
}

/* That details were read out lies in the drop folder for the logger. */
static void sealed_reading(void **state)
{
    int code;

    must("rm -f {}/home/drop/*.lines");
    ctl("--home {}/home show " REF " --key {}/a.pem", &code);
    assert_int_equal(code, 0);
    must("grep -q '\"what\":\"read\"' {}/home/drop/*.lines");
    must("grep -q '\"object\":\"show " REF "\"' {}/home/drop/*.lines");
    must("rm -f {}/home/drop/*.lines");
    ctl("--home {}/home export --format csv --key {}/a.pem", &code);
    must("grep -q '\"object\":\"export csv\"' {}/home/drop/*.lines");
    must("test $(stat -c %a {}/home/drop/*.lines) = 600");
    assert_non_null(
        strstr(ctl("--archive {}/home show " REF " --key {}/a.pem", &code),
               "TIDAK tercatat"));
    must("rm -f {}/home/drop/*.lines");
    ctl("--home {}/home show " REF " --key {}/c.pem", &code);
    must("! ls {}/home/drop/*.lines");
}

static void sealed_keys(void **state)
{
    static const struct {
        const char *args;
        int code;
        const char *says;
    } tests[] = {
        {"keys", 2, "list, add, retire or rewrap"},
        {"keys list --recipients {}/r.pem", 0, "Budi"},
        {"keys list --recipients {}/r.pem --json", 0, "\"name\":\"Budi\""},
        {"keys list --recipients {}/none", 1, "none"},
        {"keys list --recipients {}/r2.pem", 0, "kurang dari dua"},
        {"keys add {}/b.pub --name x --recipients {}/r.pem", 0, "sudah ada"},
        {"keys add {}/c.pub --recipients {}/r3.pem", 2, "--name"},
        {"keys add {}/c.pub --name \"a\\nb\" --recipients {}/r3.pem", 0,
         "ditambahkan"},
        {"keys add {}/c.pub --name \"$(printf 'a\\tb')\" --recipients "
         "{}/r4.pem",
         2, "--name"},
        {"keys add {}/c.pem --name x --recipients {}/r3.pem", 1, "private key"},
        {"keys add --name x --recipients {}/r3.pem", 2, "needs one file"},
        {"keys retire 0000 --reason x --recipients {}/r3.pem", 1, "has no key"},
        {"keys retire 0000 --recipients {}/r3.pem", 2, "--reason"},
        {"keys retire $(" CTL " keys list --json --recipients {}/r3.pem | "
         "sed 's/.*\"id\":\"\\([^\"]*\\).*/\\1/') --reason pensiun "
         "--recipients {}/r3.pem",
         0, "graceful"},
        {"keys list --recipients {}/r3.pem --json", 0, "\"retired\":\"20"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        int code;
        const char *text = ctl(tests[i].args, &code);

        if (code != tests[i].code || strstr(text, tests[i].says) == NULL) {
            fail_msg("%s: %d %s", tests[i].args, code, text);
        }
    }
    must("grep -q '# reason: pensiun' {}/r3.pem");
}

static void sealed_init(void **state)
{
    static const struct {
        const char *args;
        int code;
        const char *says, *never;
    } tests[] = {
        {"--yes --key-out {}/d.pem", 0, "KUNCI PUBLIK PERTAMA", "PRIVATE KEY"},
        {"--yes --key-out {}/d.pem", 0, "sudah ada", NULL},
        {"--yes --key-out {}/c.pem", 1, "is not written over", NULL},
        {"--yes --key-out {}/word", 1, "is not written over", NULL},
        {"--yes", 0, "Masa simpan belum ditetapkan", NULL},
        {"--yes --retention 3w", 2, "allowed are 90d", NULL},
        {"--yes --retention none", 0, "siap", "belum ditetapkan"},
        {"--yes --production", 1, "1 penerima aktif", NULL},
        {"--yes --production", 1, "d.pem: kunci pribadi d masih ada", NULL},
        {"--yes --recovery", 0, "BEGIN PRIVATE KEY", NULL},
        {"--yes --recovery", 0, "siap", "BEGIN PRIVATE KEY"},
        {"--yes --production", 1, "d.pem: kunci pribadi d masih ada",
         "penerima aktif"},
        {"--json", 0, "\"in_use\":2", NULL},
        {"--yes --nonsense", 2, "does not know", NULL},
    };
    size_t i;
    int code;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *text = ctl(
            apr_pstrcat(pool, "--home {}/home3 init --recipients {}/r5.pem ",
                        tests[i].args, NULL),
            &code);

        if (code != tests[i].code || strstr(text, tests[i].says) == NULL ||
            (tests[i].never != NULL && strstr(text, tests[i].never) != NULL)) {
            fail_msg("init %s: %d %s", tests[i].args, code, text);
        }
    }
    must("test $(stat -c %a {}/d.pem) = 600");
    must("test $(stat -c %a {}/home3/drop) = 700");
    /* Moved away, nothing stands in the way of production. */
    must("mkdir {}/elsewhere && mv {}/d.pem {}/elsewhere/");
    ctl("--home {}/home3 init --recipients {}/r5.pem --yes --production",
        &code);
    assert_int_equal(code, 0);
    must("openssl asn1parse -in {}/b.pem | grep -q ':0927C0'");
    must("openssl asn1parse -in {}/b.pem | grep -q hmacWithSHA256");
    must("openssl asn1parse -in {}/b.pem | grep -q aes-256-cbc");
}

static void sealed_rest(void **state)
{
    static const struct {
        const char *args;
        int code;
        const char *says;
    } tests[] = {
        {"head", 0, "Kepala arsip"},
        {"head --json", 0, "\"head\":\""},
        {"--archive {}/home head", 0, "Kepala arsip"},
        {"--home {}/home2 head", 1, "nothing in the archive yet"},
        {"--home /nonexistent head", 1, "archive"},
        {"stats", 0, "Masa simpan          5y"},
        {"stats --json", 0, "\"retention\":\"5y\""},
        {"--home {}/home2 stats", 1, "BELUM DITETAPKAN"},
        {"purge --older-than 90d", 0, "0 segmen"},
        {"purge --older-than 90d --json", 0, "\"segments\":0"},
        {"purge", 0, "0 segmen"},
        {"--home {}/home2 purge", 2, "--older-than"},
        {"purge --older-than x", 2, "--older-than x"},
        {"purge --older-than 5x", 2, "12m, 5y"},
        {"purge 2>&1 >/dev/full", 1, "could not be written"},
        {"purge --older-than 1d --details --all", 2, "not both"},
        {"purge --older-than 1d --apply", 2, "--order"},
        {"purge --older-than 1d --apply --order x", 2, "--by"},
        {"hold", 2, "list, add or release"},
        {"hold list", 0, "0 penahanan"},
        {"hold list --json", 0, "[]"},
        {"hold add " REF, 2, "--reason"},
        {"hold add --reason x", 2, "needs a reference"},
        {"hold add " REF " --since 1d --reason x", 2, "needs a reference"},
        {"hold add nonsense --reason x", 2, "not a reference"},
        {"hold add 0000-0000-044 --reason x", 1, "no record has"},
        {"hold add --since 1d --until 2d --reason x", 2, "before --since"},
        {"hold release --reason x", 2, "needs an id"},
        {"--archive {}/home hold add --since 1d --reason x", 2,
         "on the server"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        int code;
        const char *text = ctl(
            apr_pstrcat(pool, "--home {}/home ", tests[i].args, NULL), &code);

        if (code != tests[i].code || strstr(text, tests[i].says) == NULL) {
            fail_msg("%s: %d %s", tests[i].args, code, text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_show),    cmocka_unit_test(sealed_rewrap),
        cmocka_unit_test(sealed_export),  cmocka_unit_test(sealed_export_lines),
        cmocka_unit_test(sealed_reading), cmocka_unit_test(sealed_keys),
        cmocka_unit_test(sealed_init),    cmocka_unit_test(sealed_rest),
    };

    return cmocka_run_group_tests(tests, make_home, remove_home);
}
