/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/trace_test.c - traces of all languages in all dresses.
 *
 * Each file of tests/data/trace says in its head what must be found in the
 * text below: language, exception, first line of the message, seams, number
 * of frames, and the first three of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "failure/trace_int.h"

#define SAMPLES "tests/data/trace"
#define SAMPLES_MIN 60

static apr_pool_t *pool;

static spbe_span_t slurp(const char *path, apr_pool_t *p)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_size_t len;
    char *text;

    assert_int_equal(apr_file_open(&file, path, APR_READ, 0, p), APR_SUCCESS);
    apr_file_info_get(&info, APR_FINFO_SIZE, file);
    len = (apr_size_t)info.size;
    text = apr_palloc(p, len + 1);
    apr_file_read_full(file, text, len, &len);
    apr_file_close(file);
    return (spbe_span_t){text, len};
}

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

/* What a file's head should say of this trace. */
static const char *head_of(const spbe_trace_t *trace, apr_pool_t *p)
{
    const spbe_frame_t *f = (const spbe_frame_t *)trace->frames->elts;
    const char *text;
    int i;

    text = apr_psprintf(p,
                        "language: %s\nexception: %s\nmessage: %.*s\n"
                        "seams: %d\nframes: %d\n",
                        or_dash(trace->language), or_dash(trace->exception),
                        (int)strcspn(or_dash(trace->message), "\r\n"),
                        or_dash(trace->message), trace->seams,
                        trace->frames->nelts);
    for (i = 0; i < trace->frames->nelts && i < 3; i++) {
        text = apr_psprintf(
            p, "%sframe: %s:%ld %s%s\n", text, or_dash(f[i].file), f[i].line,
            or_dash(f[i].function), f[i].vendor ? " (vendor)" : "");
    }
    return text;
}

static void check_sample(const char *name, spbe_span_t sample, apr_pool_t *p)
{
    size_t head = spbe_span_find(sample, SPBE_SPAN("\n\n"));
    spbe_span_t want = spbe_span_slice(sample, 0, head + 1);
    spbe_span_t text = spbe_span_slice(sample, head + 2, sample.len);
    spbe_trace_t trace;
    const char *got;
    int found = spbe_trace_parse(text, NULL, &trace, p);

    got = head_of(&trace, p);
    if (!spbe_span_eq(spbe_span_from(got), want)) {
        fail_msg("%s:\nwanted\n%.*sgot\n%s", name, (int)want.len, want.ptr,
                 got);
    }
    assert_int_equal(found, trace.exception != NULL || trace.frames->nelts > 0);
    assert_true(!found || trace.text.len > 0);
    assert_true(trace.frames->nelts <= SPBE_TRACE_FRAMES);
}

static void test_samples(void **state)
{
    apr_finfo_t entry;
    apr_dir_t *dir;
    apr_pool_t *p;
    int n = 0;

    (void)state;
    apr_pool_create(&p, pool);
    assert_int_equal(apr_dir_open(&dir, SAMPLES, pool), APR_SUCCESS);
    while (apr_dir_read(&entry, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        if (strstr(entry.name, ".txt") == NULL) {
            continue;
        }
        apr_pool_clear(p);
        check_sample(entry.name,
                     slurp(apr_pstrcat(p, SAMPLES "/", entry.name, NULL), p),
                     p);
        n++;
    }
    apr_dir_close(dir);
    print_message("%d samples\n", n);
    assert_true(n >= SAMPLES_MIN);
}

/* Cut anywhere: nothing is read beyond the end (the copy ends in a redzone),
 * and a hint never turns a find into none. */
static void test_cut(void **state)
{
    apr_finfo_t entry;
    apr_dir_t *dir;
    apr_pool_t *p;

    (void)state;
    apr_pool_create(&p, pool);
    assert_int_equal(apr_dir_open(&dir, SAMPLES, pool), APR_SUCCESS);
    while (apr_dir_read(&entry, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        spbe_span_t all;
        spbe_trace_t trace;
        size_t cut;

        if (strstr(entry.name, ".txt") == NULL) {
            continue;
        }
        apr_pool_clear(p);
        all = slurp(apr_pstrcat(p, SAMPLES "/", entry.name, NULL), p);
        for (cut = 0; cut < all.len; cut += 1 + all.len / 23) {
            char *copy = test_malloc(cut + 1);

            memcpy(copy, all.ptr, cut);
            spbe_trace_parse((spbe_span_t){copy, cut}, "php", &trace, p);
            test_free(copy);
        }
    }
    apr_dir_close(dir);
}

static void test_many_frames(void **state)
{
    const char *text = "RuntimeError: x\n";
    spbe_trace_t trace;
    int i;

    (void)state;
    for (i = 0; i < 200; i++) {
        text = apr_psprintf(pool, "%s    at f%d (/srv/a.js:%d:1)\n", text, i,
                            i + 1);
    }
    assert_int_equal(spbe_trace_parse(spbe_span_from(text), NULL, &trace, pool),
                     1);
    assert_int_equal(trace.frames->nelts, SPBE_TRACE_FRAMES);
    assert_string_equal(((spbe_frame_t *)trace.frames->elts)->function, "f0");
}

static void test_vendor(void **state)
{
    static const struct {
        const char *file, *function;
        int vendor;
    } rows[] = {
        {"/srv/izin/src/Surat.php", "App\\Surat->simpan", 0},
        {"/srv/izin/vendor/slim/slim/App.php", "Slim\\App->run", 1},
        {NULL, "[internal function]", 1},
        {NULL, "java.lang.Integer.parseInt", 1},
        {"Integer.java", "java.lang.Integer.parseInt", 1},
        {"Rekap.java", "id.go.batam.Rekap.rata", 0},
        {"/app/node_modules/koa/lib/application.js", "handle", 1},
        {"node:internal/process/task_queues", NULL, 1},
        {"/usr/lib/cgi-bin/rekap.py", "utama", 0},
        {"/usr/lib/python3.11/json/__init__.py", "loads", 1},
        {"/srv/api/venv/lib/python3.11/site-packages/x.py", "f", 1},
        {"/var/lib/gems/3.1.0/gems/rack-2.2/lib/rack.rb", "call", 1},
        {"/usr/share/perl5/Mojolicious.pm", "Mojolicious", 1},
        {"/root/go/pkg/mod/github.com/x/y@v1/z.go", "y.Z", 1},
        {"/var/www/html/wp-includes/plugin.php", "do_action", 1},
        {"/var/www/html/wp-content/themes/a/single.php", NULL, 0},
        {"/var/www/esakip/system/core/CodeIgniter.php", NULL, 1},
        {"/var/www/esakip/application/models/A_model.php", NULL, 0},
        {NULL, NULL, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (spbe_trace_vendor(rows[i].file, rows[i].function) !=
            rows[i].vendor) {
            fail_msg("row %zu: %s", i, or_dash(rows[i].file));
        }
    }
}

static void test_hint(void **state)
{
    /* the form is Java's and .NET's; the word decides */
    static const char TEXT[] = "at Muat.Simpan(String a)\nat Muat.Cari()\n";
    spbe_trace_t trace;

    (void)state;
    spbe_trace_parse(SPBE_SPAN(TEXT), "dotnet", &trace, pool);
    assert_true(trace.frames->nelts == 0 ||
                strcmp(trace.language, "dotnet") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),     cmocka_unit_test(test_cut),
        cmocka_unit_test(test_many_frames), cmocka_unit_test(test_vendor),
        cmocka_unit_test(test_hint),
    };
    int failed;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
