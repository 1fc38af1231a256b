/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/errfilter_test.c - the error log without what handlers said in
 * lines that leak: one line in, one line out, all others byte for byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "failure/builtin.h"
#include "record/errfilter.h"
#include "record/errline.h"
#include "text/buf.h"

#define T "[Sun Nov 22 01:02:03.456789 2026] "
#define P "[pid 812:tid 139903] "
#define C "[client 192.0.2.7:51234] "
#define D "[client 192.0.2.8:40000] "
#define REF "4K7N-TQ2M-8XF"
#define NOTE                                                                   \
    "[spbe-guard: rincian di log rahasia / detail in the confidential log"
#define HIDDEN NOTE ", no ref in this line]"
#define RAW                                                                    \
    "[spbe-guard: rincian disamarkan / detail withheld, no request is known]"

typedef struct bench {
    apr_pool_t *pool;
    spbe_rules_t *rules;
    char ref[SPBE_REF_SIZE];
} bench_t;

typedef struct row {
    const char *label;
    const char *in;
    const char *out; /* NULL: as it came. '@' stands for the reference */
} row_t;

/* clang-format off */
static const row_t rows[] = {
    {"httpd's own",
     T "[mpm_event:notice] " P "AH00489: Apache/2.4.71 (Debian) configured -- "
     "resuming normal operations\n"
     T "[core:notice] " P "AH00094: Command line: '/usr/sbin/apache2'\n", NULL},
    {"a visitor's words in a line of httpd's own",
     T "[core:error] " P C "AH10244: invalid URI path (/cgi-bin/.%2e/"
     "PHP Fatal error:  Uncaught Exception in /srv/a.php:3)\n", NULL},
    {"startup lines, blank lines, no line end",
     "AH00558: apache2: Could not reliably determine the server's name\n\n"
     "spbe-guardlog: archive: works again after 3 s", NULL},
    {"PHP-FPM: the message goes, the referer stays",
     T "[proxy_fcgi:error] " P C "AH01071: Got error 'PHP message: PHP Fatal "
     "error:  Uncaught PDOException: SQLSTATE[42S02]: KANARI in "
     "/srv/www/a.php:3\\nStack trace:\\n#0 {main}\\n  thrown in "
     "/srv/www/a.php on line 3', referer: http://a.go.id/form\n",
     T "[proxy_fcgi:error] " P C "AH01071: Got error '" HIDDEN
     "', referer: http://a.go.id/form\n"},
    {"PHP-FPM: pieces of one message",
     T "[proxy_fcgi:error] " P C "AH01071: Got error 'PHP message: pesanan 7 "
     "dibuat'\n"
     T "[proxy_fcgi:error] " P C "AH01071: Got error 'PHP message: PHP Fatal "
     "error:  Uncaught RuntimeException: x in /srv/www/a.php:3\\nStack "
     "trace:\\n#0 /srv/www/b.php(4): f()\\n'\n"
     T "[proxy_fcgi:error] " P C "AH01071: Got error '#1 KANARI() dan ekor'\n"
     T "[proxy_fcgi:error] " P C "AH01071: Got error 'PHP message: pesanan 8 "
     "dibuat'\n",
     T "[proxy_fcgi:error] " P C "AH01071: Got error 'PHP message: pesanan 7 "
     "dibuat'\n"
     T "[proxy_fcgi:error] " P C "AH01071: Got error '" HIDDEN "'\n"
     T "[proxy_fcgi:error] " P C "AH01071: Got error '" HIDDEN "'\n"
     T "[proxy_fcgi:error] " P C "AH01071: Got error 'PHP message: pesanan 8 "
     "dibuat'\n"},
    {"mod_php, with a reference in the line",
     "[Sun Nov 22 01:02:03 2026] [php:error] [pid 7] [client 192.0.2.7:1] "
     "[ref @] PHP Fatal error:  Uncaught Error: KANARI in /srv/www/a.php:3\\n"
     "Stack trace:\\n#0 {main}\\n  thrown in /srv/www/a.php on line 3\n",
     "[Sun Nov 22 01:02:03 2026] [php:error] [pid 7] [client 192.0.2.7:1] "
     "[ref @] " NOTE ", ref @]\n"},
    {"mod_php: what does not leak",
     T "[php:notice] " P C "pembayaran 17 diterima\n", NULL},
    {"layout of ErrorLogFormat without module, with log id",
     "[Sun Nov 22 01:02:03 2026] [error] [pid 7] (70007)The timeout specified "
     "has expired [client 192.0.2.7:1] [log @] AH01071: Got error 'PHP "
     "message: PHP Fatal error:  Uncaught Error: KANARI in /srv/a.php:3\\n'\n",
     "[Sun Nov 22 01:02:03 2026] [error] [pid 7] (70007)The timeout specified "
     "has expired [client 192.0.2.7:1] [log @] AH01071: Got error '" NOTE
     ", ref @]'\n"},
    {"prefork has no threads: a field that takes its bracket along",
     "[Sun Nov 22 01:02:03.456789 2026] [php:error] [pid 7:tid [client "
     "192.0.2.7:1] [ref @] PHP Fatal error:  Uncaught Error: KANARI in "
     "/srv/www/a.php:3\\n\n",
     "[Sun Nov 22 01:02:03.456789 2026] [php:error] [pid 7:tid [client "
     "192.0.2.7:1] [ref @] " NOTE ", ref @]\n"},
    {"a reference that a handler wrote is not taken for httpd's",
     T "[php:error] " P C "PHP Fatal error:  Uncaught Error: [ref @] in "
     "/srv/www/a.php:3\\nStack trace:\\n#0 {main}\n",
     T "[php:error] " P C HIDDEN "\n"},
    {"CGI: a traceback line by line, another request between",
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.py: "
     "Traceback (most recent call last):\n"
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.py:   File "
     "\"/usr/lib/cgi-bin/x.py\", line 3, in <module>\n"
     T "[php:notice] " P D "pembayaran 17 diterima\n"
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.py:     "
     "raise ValueError('KANARI')\n"
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.py: "
     "ValueError: KANARI\n"
     T "[cgi:error] " P C "End of script output before headers: x.py\n",
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.py: " HIDDEN
     "\n"
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.py: " HIDDEN
     "\n"
     T "[php:notice] " P D "pembayaran 17 diterima\n"
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.py: " HIDDEN
     "\n"
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.py: " HIDDEN
     "\n"
     T "[cgi:error] " P C "End of script output before headers: x.py\n"},
    {"CGI: what stands before the trace was of it",
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js: "
     "/srv/cgi/x.js:3\n"
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js:     throw new "
     "Error('KANARI')\n"
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js: Error: KANARI\n"
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js:     at "
     "Object.<anonymous> (/srv/cgi/x.js:3:7)\n"
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js:     at "
     "Module._compile (node:internal/modules/cjs/loader:1105:14)\n",
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js: " HIDDEN "\n"
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js: " HIDDEN "\n"
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js: " HIDDEN "\n"
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js: " HIDDEN "\n"
     T "[cgid:error] " P C "AH01215: stderr from /srv/cgi/x.js: " HIDDEN "\n"},
    {"CGI: what does not leak",
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.sh: 12 "
     "berkas diolah\n"
     T "[cgi:error] " P C "AH01215: stderr from /usr/lib/cgi-bin/x.sh: "
     "selesai\n", NULL},
    {"mod_wsgi",
     T "[wsgi:error] " P "[remote 192.0.2.7:1] Traceback (most recent call "
     "last):\n"
     T "[wsgi:error] " P "[remote 192.0.2.7:1]   File \"/srv/app/w.py\", line "
     "3, in application\n"
     T "[wsgi:error] " P "[remote 192.0.2.7:1] KeyError: 'KANARI'\n",
     T "[wsgi:error] " P "[remote 192.0.2.7:1] " HIDDEN "\n"
     T "[wsgi:error] " P "[remote 192.0.2.7:1] " HIDDEN "\n"
     T "[wsgi:error] " P "[remote 192.0.2.7:1] " HIDDEN "\n"},
    {"mod_fcgid",
     T "[fcgid:warn] " P C "mod_fcgid: stderr: PHP Fatal error:  Uncaught "
     "Error: KANARI in /srv/www/a.php:3\n",
     T "[fcgid:warn] " P C "mod_fcgid: stderr: " HIDDEN "\n"},
    {"mod_proxy: httpd's own words",
     T "[proxy:error] " P "(111)Connection refused: AH00957: http: attempt to "
     "connect to 127.0.0.1:3000 (127.0.0.1:3000) failed\n"
     T "[proxy_http:error] " P C "AH01114: HTTP: failed to make connection to "
     "backend: 127.0.0.1, referer: http://a.go.id/\n"
     T "[proxy_fcgi:error] " P "(70007)The timeout specified has expired: " C
     "AH01075: Error dispatching request to : (polling)\n", NULL},
    {"httpd's own quotes the header of a handler, its name or its value",
     T "[http:error] " P C "AH02429: Response header name 'PHP Fatal error:  "
     "Uncaught Error: KANARI in /srv/www/a.php:3' contains invalid "
     "characters, aborting request\n"
     T "[http:error] " P C "AH02430: Response header 'x-galat' value of "
     "'PHP Fatal error:  Uncaught Error: KANARI in /srv/www/a.php:3' contains "
     "invalid characters, aborting request\n"
     T "[http:error] " P C "AH02430: Response header 'x-nama' value of "
     "'a\\x01' contains invalid characters, aborting request\n",
     T "[http:error] " P C "AH02429: " HIDDEN "\n"
     T "[http:error] " P C "AH02430: " HIDDEN "\n"
     T "[http:error] " P C "AH02430: Response header 'x-nama' value of "
     "'a\\x01' contains invalid characters, aborting request\n"},
    {"the guard's own lines",
     T "[spbe_guard:warn] " P C "SG0030: input refused, client=192.0.2.7 ref=@ "
     "status=400 reason=percent-encoding fields=1\n", NULL},
    {"past httpd: Java",
     "java.lang.IllegalStateException: KANARI\n"
     "\tat id.go.kota.Izin.simpan(Izin.java:31)\n"
     "\tat id.go.kota.Main.main(Main.java:8)\n"
     T "[mpm_event:notice] " P "AH00493: SIGUSR1 received.  Doing graceful "
     "restart\n",
     RAW "\n" RAW "\n" RAW "\n"
     T "[mpm_event:notice] " P "AH00493: SIGUSR1 received.  Doing graceful "
     "restart\n"},
    {"past httpd: PHP's own time stays",
     "[22-Nov-2026 01:02:03 UTC] PHP Fatal error:  Uncaught Error: KANARI in "
     "/srv/www/a.php:3\n",
     "[22-Nov-2026 01:02:03 UTC] " RAW "\n"},
    {"past httpd: what does not leak", "proses cadangan selesai\n", NULL},
    {"bytes that are no text", T "[php:error] " P C "\xff\xfe\x01 x\n", NULL},
};
/* clang-format on */

static void add_bytes(void *baton, spbe_span_t bytes)
{
    spbe_buf_add(baton, bytes);
}

static spbe_rules_t *builtin_rules(apr_pool_t *pool)
{
    spbe_rules_t *rules = spbe_rules_create(pool);
    const spbe_builtin_t *file;

    for (file = spbe_builtin_all(); file->name != NULL; file++) {
        if (strncmp(file->name, "rules/leak-", 11) == 0) {
            assert_null(spbe_rules_add(rules, file->name, file->data));
        }
    }
    assert_null(spbe_rules_compile(rules, 0));
    return rules;
}

static int setup(void **state)
{
    bench_t *bench = calloc(1, sizeof(*bench));
    spbe_ref_t ref;

    apr_initialize();
    apr_pool_create(&bench->pool, NULL);
    bench->rules = builtin_rules(bench->pool);
    assert_int_equal(spbe_ref_make(&ref, apr_time_now()), 1);
    memcpy(bench->ref, ref.ref, sizeof(bench->ref));
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    bench_t *bench = *state;

    apr_pool_destroy(bench->pool);
    free(bench);
    apr_terminate();
    return 0;
}

static const char *with_ref(const bench_t *bench, const char *text,
                            apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 1024, pool);
    for (; *text != '\0'; text++) {
        if (*text == '@') {
            spbe_buf_adds(&buf, bench->ref);
        }
        else {
            spbe_buf_addc(&buf, *text);
        }
    }
    return spbe_buf_cstr(&buf);
}

/* In pieces of step bytes. */
static const char *filtered(const bench_t *bench, spbe_span_t in, size_t step,
                            apr_pool_t *pool)
{
    spbe_buf_t out;
    spbe_errfilter_t *filter;

    spbe_buf_init(&out, in.len + 1, pool);
    filter = spbe_errfilter_create(bench->rules, add_bytes, &out, pool);
    while (in.len > 0) {
        spbe_errfilter_feed(filter, spbe_span_slice(in, 0, step), 1000);
        in = spbe_span_slice(in, step, in.len);
    }
    spbe_errfilter_end(filter, 1000);
    return spbe_buf_cstr(&out);
}

static void lines_leave_as_they_should(void **state)
{
    static const size_t steps[] = {1, 7, 100, 100000};
    const bench_t *bench = *state;
    size_t i, j;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (j = 0; j < sizeof(steps) / sizeof(steps[0]); j++) {
            apr_pool_t *pool;
            const char *in, *want, *got;

            apr_pool_create(&pool, bench->pool);
            in = with_ref(bench, rows[i].in, pool);
            want =
                rows[i].out == NULL ? in : with_ref(bench, rows[i].out, pool);
            got = filtered(bench, spbe_span_from(in), steps[j], pool);
            if (strcmp(got, want) != 0) {
                fail_msg("%s, %zu bytes at a time:\n%s\nwanted:\n%s",
                         rows[i].label, steps[j], got, want);
            }
            apr_pool_destroy(pool);
        }
    }
}

typedef struct clock_row {
    const char *label;
    apr_time_t pause; /* between the lines */
    const char *first, *second, *out_first, *out_second;
} clock_row_t;

#define SCRIPT T "[cgi:error] " P C "AH01215: stderr from /srv/x.py: "

/* clang-format off */
static const clock_row_t clock_rows[] = {
    {"a line in time belongs to the leak", SPBE_ERRFILTER_AFTER,
     "Traceback (most recent call last):\n" SCRIPT
     "  File \"/srv/x.py\", line 1, in <module>\n", "ValueError: KANARI\n",
     HIDDEN "\n" SCRIPT HIDDEN "\n", HIDDEN "\n"},
    {"long afterwards it is a line of its own", SPBE_ERRFILTER_AFTER + 1,
     "Traceback (most recent call last):\n" SCRIPT
     "  File \"/srv/x.py\", line 1, in <module>\n", "selesai\n",
     HIDDEN "\n" SCRIPT HIDDEN "\n", "selesai\n"},
    {"what leaked not is not waited for", SPBE_ERRFILTER_HOLD,
     "mulai\n", "selesai\n", "mulai\n", "selesai\n"},
};
/* clang-format on */

static void time_passes(void **state)
{
    const bench_t *bench = *state;
    size_t i;

    for (i = 0; i < sizeof(clock_rows) / sizeof(clock_rows[0]); i++) {
        const clock_row_t *row = &clock_rows[i];
        apr_pool_t *pool;
        spbe_buf_t out;
        spbe_errfilter_t *filter;
        const char *want;

        apr_pool_create(&pool, bench->pool);
        spbe_buf_init(&out, 1024, pool);
        filter = spbe_errfilter_create(bench->rules, add_bytes, &out, pool);
        spbe_errfilter_feed(filter, SPBE_SPAN(SCRIPT), 1000);
        spbe_errfilter_feed(filter, spbe_span_from(row->first), 1000);
        spbe_errfilter_due(filter, 1000 + row->pause);
        want = apr_pstrcat(pool, SCRIPT, row->out_first, NULL);
        assert_string_equal(spbe_buf_cstr(&out), want);
        assert_true(spbe_errfilter_next(filter) == 0);
        spbe_errfilter_feed(filter, SPBE_SPAN(SCRIPT), 1000 + row->pause);
        spbe_errfilter_feed(filter, spbe_span_from(row->second),
                            1000 + row->pause);
        spbe_errfilter_end(filter, 1000 + row->pause);
        want = apr_pstrcat(pool, want, SCRIPT, row->out_second, NULL);
        if (strcmp(spbe_buf_cstr(&out), want) != 0) {
            fail_msg("%s:\n%s\nwanted:\n%s", row->label, spbe_buf_cstr(&out),
                     want);
        }
        apr_pool_destroy(pool);
    }
}

/* Nothing waits for ever, however much comes. */
static void a_crowd_does_not_wait(void **state)
{
    const bench_t *bench = *state;
    apr_pool_t *pool;
    spbe_buf_t out, in;
    spbe_errfilter_t *filter;
    int i;

    apr_pool_create(&pool, bench->pool);
    spbe_buf_init(&out, 1 << 20, pool);
    spbe_buf_init(&in, 1 << 20, pool);
    filter = spbe_errfilter_create(bench->rules, add_bytes, &out, pool);
    for (i = 0; i < 20000; i++) {
        const char *line = apr_psprintf(
            pool,
            T "[cgi:error] [pid %d] " C "AH01215: stderr from /srv/x.py: "
              "baris %d yang agak panjang supaya antrean cepat penuh\n",
            i % 200, i);

        spbe_buf_adds(&in, line);
        spbe_errfilter_feed(filter, spbe_span_from(line), 1000);
        assert_true(in.len - out.len <=
                    SPBE_ERRFILTER_QUEUE + 2 * SPBE_ERRFILTER_PIECE);
    }
    assert_true(spbe_errfilter_next(filter) > 1000);
    spbe_errfilter_due(filter, 1000 + SPBE_ERRFILTER_LONGEST);
    assert_true(spbe_errfilter_next(filter) == 0);
    assert_string_equal(spbe_buf_cstr(&out), spbe_buf_cstr(&in));
    assert_int_equal(spbe_errfilter_counts(filter).lines, 20000);
    assert_int_equal(spbe_errfilter_counts(filter).replaced, 0);
    apr_pool_destroy(pool);
}

typedef struct kept {
    int refuse; /* nobody keeps anything */
    unsigned begun;
    char text[1024]; /* "REFERENCE|line\n" for each */
} kept_t;

static int keep_begin(void *baton, char ref[SPBE_REF_SIZE])
{
    kept_t *kept = baton;

    if (kept->refuse) {
        return 0;
    }
    snprintf(ref, SPBE_REF_SIZE, "AAAA-AAAA-00%u", ++kept->begun % 10);
    return 1;
}

static void keep_line(void *baton, const char *ref, spbe_span_t said)
{
    kept_t *kept = baton;
    size_t len = strlen(kept->text);

    snprintf(kept->text + len, sizeof(kept->text) - len, "%s|%.*s\n", ref,
             (int)said.len, said.ptr);
}

#define KEPT(n) NOTE ", ref AAAA-AAAA-00" n "]\n"
#define TRACE "  File \"/srv/x.py\", line 1, in f\n"

/* clang-format off */
static const struct {
    const char *label;
    int refuse;
    const char *in, *out, *kept;
} keep_rows[] = {
    {"a text of three lines has one reference", 0,
     "Traceback (most recent call last):\n" TRACE "ValueError: x\n",
     KEPT("1") KEPT("1") KEPT("1"),
     "AAAA-AAAA-001|Traceback (most recent call last):\n"
     "AAAA-AAAA-001|" TRACE "AAAA-AAAA-001|ValueError: x\n"},
    {"httpd's time stays in front and is not kept", 0,
     "[22-Nov-2026 01:02:03 UTC] PHP Fatal error:  Uncaught Error: x in "
     "/srv/www/a.php:3\n",
     "[22-Nov-2026 01:02:03 UTC] " KEPT("1"),
     "AAAA-AAAA-001|PHP Fatal error:  Uncaught Error: x in "
     "/srv/www/a.php:3\n"},
    {"what a request said is in its record", 0,
     T "[php:error] " P C "PHP Fatal error:  Uncaught Error: x in "
     "/srv/www/a.php:3\n",
     T "[php:error] " P C HIDDEN "\n", ""},
    {"what does not leak is nobody's", 0, "selesai\n", "selesai\n", ""},
    {"nobody keeps it", 1, "Traceback (most recent call last):\n" TRACE,
     RAW "\n" RAW "\n", ""},
};
/* clang-format on */

static void texts_are_kept(void **state)
{
    const bench_t *bench = *state;
    size_t i;

    for (i = 0; i < sizeof(keep_rows) / sizeof(keep_rows[0]); i++) {
        kept_t kept = {.refuse = keep_rows[i].refuse};
        const spbe_errfilter_keep_t keep = {keep_begin, keep_line, &kept};
        spbe_errfilter_t *filter;
        apr_pool_t *pool;
        spbe_buf_t out;

        apr_pool_create(&pool, bench->pool);
        spbe_buf_init(&out, 1024, pool);
        filter = spbe_errfilter_create(bench->rules, add_bytes, &out, pool);
        spbe_errfilter_set_keep(filter, &keep);
        spbe_errfilter_feed(filter, spbe_span_from(keep_rows[i].in), 1000);
        spbe_errfilter_end(filter, 1000);
        if (strcmp(spbe_buf_cstr(&out), keep_rows[i].out) != 0 ||
            strcmp(kept.text, keep_rows[i].kept) != 0) {
            fail_msg("%s:\n%s\nkept:\n%s", keep_rows[i].label,
                     spbe_buf_cstr(&out), kept.text);
        }
        apr_pool_destroy(pool);
    }
}

typedef struct long_row {
    const char *label, *head;
    size_t before, after;   /* bytes around what leaks */
    const char *leak, *out; /* out NULL: as it came */
} long_row_t;

#define FATAL "\\nPHP Fatal error:  Uncaught Error: KANARI in /srv/a.php:3\\n"

/* clang-format off */
static const long_row_t long_rows[] = {
    {"of one piece", "", SPBE_ERRFILTER_PIECE, 0, "", NULL},
    {"of a piece and a byte", "", SPBE_ERRFILTER_PIECE + 1, 0, "", NULL},
    {"of many", T "[core:error] " P C, 100000, 0, FATAL, NULL},
    {"that leaks at once", T "[php:error] " P C, 0, 30000, FATAL,
     T "[php:error] " P C HIDDEN "\n"},
    {"of a CGI that leaks in the end",
     T "[cgi:error] " P C "AH01215: stderr from /srv/x.py: ", 20000, 20000,
     FATAL, T "[cgi:error] " P C "AH01215: stderr from /srv/x.py: " HIDDEN
     "\n"},
};
/* clang-format on */

static void add_filling(spbe_buf_t *buf, size_t n)
{
    while (n-- > 0) {
        spbe_buf_addc(buf, n % 10 == 0 ? ' ' : 'a');
    }
}

static void long_lines_are_lines(void **state)
{
    const bench_t *bench = *state;
    size_t i;

    for (i = 0; i < sizeof(long_rows) / sizeof(long_rows[0]); i++) {
        const long_row_t *row = &long_rows[i];
        apr_pool_t *pool;
        spbe_buf_t in;
        const char *got, *want;

        apr_pool_create(&pool, bench->pool);
        spbe_buf_init(&in, 1024, pool);
        spbe_buf_adds(&in, row->head);
        add_filling(&in, row->before);
        spbe_buf_adds(&in, row->leak);
        add_filling(&in, row->after);
        spbe_buf_adds(&in, "\n" T "[core:notice] " P "sesudahnya\n");
        got = filtered(bench, spbe_buf_span(&in), 4096, pool);
        want = row->out == NULL
                   ? spbe_buf_cstr(&in)
                   : apr_pstrcat(pool, row->out,
                                 T "[core:notice] " P "sesudahnya\n", NULL);
        if (strcmp(got, want) != 0) {
            fail_msg("a line %s: %.300s", row->label, got);
        }
        apr_pool_destroy(pool);
    }
}

static void escapes_are_read(void **state)
{
    static const char *const pairs[][2] = {
        {"a\\nb\\tc", "a\nb\tc"}, {"App\\\\Foo", "App\\Foo"},
        {"\\x41\\x0a", "A\n"},    {"\\\"x\\\"", "\"x\""},
        {"akhir\\", "akhir\\"},   {"\\xg1", "xg1"},
    };
    char out[64];
    size_t i, n;

    (void)state;
    for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        n = spbe_errline_unescape(spbe_span_from(pairs[i][0]), out);
        out[n] = '\0';
        assert_string_equal(out, pairs[i][1]);
    }
}

static void messages_are_read(void **state)
{
    static const char *const pairs[][2] = {
        {"AH01071: Got error 'PHP message: PHP Warning:  x\\n', referer: "
         "http://a/\n",
         "PHP message: PHP Warning:  x\n\n"},
        {"AH00957: http: attempt to connect to 127.0.0.1:1 (x) failed\n"
         "AH01215: stderr from /srv/x.py: ValueError: x\nPHP Notice:  y",
         "ValueError: x\nPHP Notice:  y\n"},
        {"", ""},
    };
    const bench_t *bench = *state;
    size_t i;

    for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        spbe_span_t got =
            spbe_errline_texts(spbe_span_from(pairs[i][0]), bench->pool);

        assert_string_equal(spbe_span_dup(got, bench->pool), pairs[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_leave_as_they_should),
        cmocka_unit_test(time_passes),
        cmocka_unit_test(a_crowd_does_not_wait),
        cmocka_unit_test(texts_are_kept),
        cmocka_unit_test(long_lines_are_lines),
        cmocka_unit_test(escapes_are_read),
        cmocka_unit_test(messages_are_read),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
