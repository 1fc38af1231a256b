/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/upload_test.c - files: name, declared type, content, size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "input/upload.h"

static apr_pool_t *pool;
static spbe_magic_t *magic;

/* The first bytes of files of each kind, as programs write them. */
#define PNG(w, h)                                                              \
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR" w h "\x08\x06\0\0\0\x1f\x15\xc4\x89"
#define GIF "GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0;"
#define JPEG                                                                   \
    "\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"                   \
    "\xff\xc0\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0\xff\xd9"
#define PDF "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
#define OLE "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0\0\0\0\0"
#define ZIP(name)                                                              \
    "PK\x03\x04\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0"                  \
    "\x13\0\0\0" name
#define DOCX ZIP("[Content_Types].xml") "<Types/>PK\x03\x04word/document.xml"
#define ODT                                                                    \
    "PK\x03\x04\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0"                  \
    "\x08\0\0\0"                                                               \
    "mimetypeapplication/vnd.oasis.opendocument.text"
#define PHP "<?php system($_GET['a']);"
#define BYTES(s)                                                               \
    {                                                                          \
        s, sizeof(s) - 1                                                       \
    }

typedef struct row {
    const char *label, *filename, *declared;
    spbe_span_t content;
    const char *types; /* of the rule, blanks between; NULL: no rule */
    spbe_reason_t reason;
    spbe_action_t action;
} row_t;

#define OK SPBE_REASON_NONE, SPBE_ACTION_UNSET
#define NO SPBE_REASON_FILE_TYPE, SPBE_ACTION_REJECT
#define NOTED SPBE_REASON_FILE_TYPE, SPBE_ACTION_LOG

static const row_t rows[] = {
    {"pdf", "surat.pdf", "application/pdf", BYTES(PDF), "pdf", OK},
    {"pdf by media type", "surat.PDF", "application/pdf", BYTES(PDF),
     "application/pdf", OK},
    {"pdf with a dot", "surat.pdf", "", BYTES(PDF), ".pdf", OK},
    {"pdf, type unknown to the browser", "a.pdf", "application/octet-stream",
     BYTES(PDF), "pdf", OK},
    {"several dots", "Surat, S.Kom., M.T..pdf", "application/pdf", BYTES(PDF),
     "pdf", OK},
    {"png", "a.png", "image/png", BYTES(PNG("\0\0\0\2", "\0\0\0\2")), "image/*",
     OK},
    {"jpeg", "foto.JPG", "image/jpeg", BYTES(JPEG), "png jpg", OK},
    {"gif", "a.gif", "image/gif", BYTES(GIF), "image/*", OK},
    {"canvas without a name's end", "blob", "image/png",
     BYTES(PNG("\0\0\0\2", "\0\0\0\2")), "image/*", OK},
    {"docx", "a.docx", "application/octet-stream", BYTES(DOCX), "docx", OK},
    {"docx as zip", "a.docx", "application/zip", BYTES(DOCX), "pdf docx", OK},
    {"odt", "a.odt", "application/vnd.oasis.opendocument.text", BYTES(ODT),
     "odt", OK},
    {"doc", "a.doc", "application/msword", BYTES(OLE), "doc", OK},
    {"csv by Excel", "a.csv", "application/vnd.ms-excel",
     BYTES("nama,umur\nBudi,30\n"), "csv", OK},
    {"csv of one word", "a.csv", "text/csv", BYTES("a\n"), "text/csv", OK},
    {"txt", "a.txt", "text/plain", BYTES("Halo, ini catatan.\n"), "txt", OK},
    {"txt about php", "a.txt", "text/plain",
     BYTES("Tag pembuka ialah <?php dan penutup ?>"), "txt", OK},
    {"zip", "a.zip", "application/x-zip-compressed", BYTES(ZIP("a.txt")), "zip",
     OK},
    {"no file", "", "application/octet-stream", BYTES(""), "pdf", OK},
    {"svg named", "a.svg", "image/svg+xml",
     BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "svg", OK},
    {"html named", "a.html", "text/html",
     BYTES("<!DOCTYPE html><html><body>x</body></html>"), "html", OK},
    {"no rule", "a.pdf", "application/pdf", BYTES(PDF), NULL, OK},
    {"no rule, anything", "a.xyz", "x/y", BYTES("\x01\x02"), NULL, OK},
    {"no rule, doubtful name", "www.situs.com.pdf", "application/pdf",
     BYTES(PDF), NULL, OK},

    {"not allowed", "a.pdf", "application/pdf", BYTES(PDF), "png", NO},
    {"unknown extension", "a.xyz", "application/pdf", BYTES(PDF), "pdf", NO},
    {"no extension", "a", "application/pdf", BYTES("x"), "pdf", NO},
    {"png as pdf", "a.pdf", "application/pdf",
     BYTES(PNG("\0\0\0\2", "\0\0\0\2")), "pdf", NO},
    {"php as jpg", "a.jpg", "image/jpeg", BYTES(PHP), "jpg", NO},
    {"php within gif", "a.gif", "image/gif", BYTES(GIF PHP), "image/*", NO},
    {"script within png", "a.png", "image/png",
     BYTES(PNG("\0\0\0\2", "\0\0\0\2") "<script>x</script>"), "png", NO},
    {"php within pdf", "a.pdf", "application/pdf", BYTES(PDF PHP), "pdf", NO},
    {"double extension", "a.php.jpg", "image/jpeg", BYTES(JPEG), "jpg", NO},
    {"double extension behind", "a.jpg.php", "image/jpeg", BYTES(JPEG), "jpg",
     NO},
    {"double extension and more", "a.php;.png", "image/png",
     BYTES(PNG("\0\0\0\2", "\0\0\0\2")), "png", NO},
    {"short tag within gif", "a.gif", "image/gif",
     BYTES(GIF "<?=system($_GET[1])?>"), "gif", NO},
    {"three bytes of chance", "a.gif", "image/gif",
     BYTES(GIF "<?=\x80\x01\xff"), "gif", OK},
    {"phtml", "a.pHtMl", "image/jpeg", BYTES(JPEG), "image/*", NO},
    {"htaccess", "x.htaccess", "text/plain", BYTES("x"), "txt", NO},
    {"declared otherwise", "a.pdf", "text/html", BYTES(PDF), "pdf", NO},
    {"svg in a range", "a.svg", "image/svg+xml",
     BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "image/*", NO},
    {"svg with a script", "a.svg", "image/svg+xml",
     BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>x</script>"
           "</svg>"),
     "svg", NO},
    {"html as txt", "a.txt", "text/plain",
     BYTES("<!DOCTYPE html><html><body>x</body></html>"), "txt", NO},
    {"zip as docx", "a.docx", "application/octet-stream", BYTES(ZIP("a.txt")),
     "docx", NO},
    {"ods as odt", "a.ods", "application/octet-stream", BYTES(ODT), "ods", NO},
    {"empty pdf", "a.pdf", "application/pdf", BYTES(""), "pdf", NO},
    {"program", "a.exe", "application/octet-stream", BYTES("MZ"),
     "application/pdf", NO},

    {"no rule, php", "a.php", "text/plain", BYTES(PHP), NULL, NOTED},
    {"no rule, php.jpg", "a.php.jpg", "image/jpeg", BYTES(JPEG), NULL, NOTED},
    {"no rule, disguise", "a.jpg", "image/jpeg", BYTES(JPEG PHP), NULL, NOTED},
    {"no rule, web.config", "web.config", "text/xml", BYTES("<a/>"), NULL,
     NOTED},
};

static apr_array_header_t *words(const char *list)
{
    apr_array_header_t *array = apr_array_make(pool, 2, sizeof(const char *));
    spbe_span_t rest = spbe_span_from(list);

    while (rest.len > 0) {
        APR_ARRAY_PUSH(array, const char *) =
            spbe_span_dup(spbe_span_cut(&rest, ' '), pool);
    }
    return array;
}

static spbe_verdict_t *judge(spbe_span_t content, const char *filename,
                             const char *declared, const spbe_file_rule_t *rule,
                             const spbe_settings_t *settings,
                             spbe_magic_t *with)
{
    const spbe_field_t file = {.place = SPBE_IN_FILE,
                               .name = SPBE_SPAN("berkas"),
                               .value = content,
                               .filename = spbe_span_from(filename),
                               .type = spbe_span_from(declared)};
    spbe_verdict_t *verdict = spbe_verdict_create(pool);

    spbe_upload_check(&file, rule, NULL, settings, with, verdict, pool);
    return verdict;
}

static const spbe_finding_t *first(const spbe_verdict_t *verdict)
{
    return verdict->findings->nelts == 0
               ? NULL
               : &APR_ARRAY_IDX(verdict->findings, 0, spbe_finding_t);
}

static void upload_types(void **state)
{
    static const spbe_settings_t settings = {.policy = NULL};
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const row_t *row = &rows[i];
        spbe_file_rule_t rule = {.max_count = 1};
        const spbe_finding_t *finding;

        if (row->types != NULL) {
            rule.types = words(row->types);
        }
        finding =
            first(judge(row->content, row->filename, row->declared,
                        row->types == NULL ? NULL : &rule, &settings, magic));
        if (row->reason == SPBE_REASON_NONE
                ? finding != NULL
                : finding == NULL || finding->reason != row->reason ||
                      finding->action != row->action) {
            fail_msg("%s: %s (content: %s)", row->label,
                     finding == NULL ? "nothing found" : finding->detail,
                     spbe_magic_type(magic, row->content));
        }
    }
}

static void upload_expected(void **state)
{
    static const spbe_settings_t settings = {.policy = NULL};
    spbe_file_rule_t rule = {.types = words("application/pdf image/*")};
    const spbe_finding_t *finding = first(
        judge(SPBE_SPAN("x"), "a.txt", "text/plain", &rule, &settings, magic));

    assert_string_equal(finding->arg, "application/pdf, image/*");
    assert_int_equal(finding->place, SPBE_IN_FILE);
}

static void upload_size(void **state)
{
    static const spbe_limits_t limits = {.file_size = 5};
    const struct {
        apr_int64_t max, limit;
        size_t size;
        const char *arg;
    } tests[] = {
        {0, 0, 100000, NULL}, {10, 0, 10, NULL}, {10, 0, 11, "10"},
        {0, 5, 5, NULL},      {0, 5, 6, "5"},    {10, 5, 8, NULL},
    };
    const char *zeros = apr_pcalloc(pool, 100000);
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_settings_t settings = {.limits = tests[i].limit ? &limits : NULL};
        spbe_file_rule_t rule = {.max_size = tests[i].max};
        const spbe_finding_t *finding =
            first(judge((spbe_span_t){zeros, tests[i].size}, "a.bin", "", &rule,
                        &settings, magic));

        if (tests[i].arg == NULL) {
            assert_null(finding);
            continue;
        }
        assert_int_equal(finding->reason, SPBE_REASON_FILE_SIZE);
        assert_string_equal(finding->arg, tests[i].arg);
    }
}

static void upload_pixels(void **state)
{
    static const spbe_settings_t settings = {.policy = NULL};
    spbe_file_rule_t rule = {.types = words("png")};
    const struct {
        spbe_span_t content;
        int fine;
    } tests[] = {
        {BYTES(PNG("\0\0\x27\x10", "\0\0\x27\x10")), 1}, /* 10^4, 10^4 */
        {BYTES(PNG("\0\0\x27\x11", "\0\0\x27\x10")), 0},
        {BYTES(PNG("\0\0\xc3\x50", "\0\0\xc3\x50")), 0},
        {BYTES(PNG("\xff\xff\xff\xff", "\xff\xff\xff\xff")), 0},
        {BYTES(PNG("\0\0\0\0", "\0\0\0\1")), 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const spbe_finding_t *finding = first(judge(
            tests[i].content, "a.png", "image/png", &rule, &settings, magic));

        assert_int_equal(finding == NULL, tests[i].fine);
        if (finding != NULL) {
            assert_int_equal(finding->reason, SPBE_REASON_FILE_IMAGE);
        }
    }
}

static void upload_without_magic(void **state)
{
    static const spbe_settings_t settings = {.policy = NULL};
    spbe_file_rule_t rule = {.types = words("pdf")}, untyped = {0};

    assert_int_equal(
        first(judge(SPBE_SPAN(PDF), "a.pdf", "", &rule, &settings, NULL))
            ->reason,
        SPBE_REASON_ENGINE);
    assert_null(
        first(judge(SPBE_SPAN(PDF), "a.pdf", "", &untyped, &settings, NULL)));
    assert_null(
        first(judge(SPBE_SPAN(PDF), "a.pdf", "", NULL, &settings, NULL)));
}

/* Whose files are too many already is told of that, and costs no more. */
static void upload_refused_already(void **state)
{
    static const spbe_settings_t settings = {.policy = NULL};
    static const struct {
        spbe_reason_t reason;
        int findings;
    } rows[] = {
        {SPBE_REASON_LIMIT, 1},
        {SPBE_REASON_FILE_COUNT, 2}, /* people are told everything */
    };
    spbe_file_rule_t rule = {.types = words("pdf")};
    spbe_field_t file = {.place = SPBE_IN_FILE,
                         .value = SPBE_SPAN("\n\n\n"),
                         .filename = SPBE_SPAN("a.pdf")};
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_verdict_t *verdict = spbe_verdict_create(pool);
        spbe_finding_t finding = {.reason = rows[i].reason,
                                  .action = SPBE_ACTION_REJECT};

        spbe_verdict_add(verdict, &finding);
        spbe_upload_check(&file, &rule, NULL, &settings, magic, verdict, pool);
        assert_int_equal(verdict->findings->nelts, rows[i].findings);
    }
}

static void image_sizes(void **state)
{
    const struct {
        const char *label;
        spbe_span_t content;
        apr_uint32_t width, height; /* 0: no image */
    } tests[] = {
        {"png", BYTES(PNG("\0\0\1\2", "\0\0\0\3")), 258, 3},
        {"png, cut", {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16}, 0, 0},
        {"gif", BYTES("GIF87a\x02\x01\x03\0"), 258, 3},
        {"gif, cut", BYTES("GIF87a\x02"), 0, 0},
        {"jpeg", BYTES(JPEG), 3, 2},
        {"jpeg with fill bytes",
         BYTES("\xff\xd8\xff\xff\xff\xc2\0\x0b\x08\0\x02\0\x03\x01\x01\x11"), 3,
         2},
        {"jpeg without frame", BYTES("\xff\xd8\xff\xda\0\x08\0\0\0\0\0\0"), 0,
         0},
        {"jpeg with a short segment",
         BYTES("\xff\xd8\xff\xe0\0\1\0\0\0\0\0\0\0"), 0, 0},
        {"bmp",
         BYTES("BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\x05\0\0\0\x06\0\0\0"), 5,
         6},
        {"bmp from the top",
         BYTES("BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\x05\0\0\0"
               "\xfa\xff\xff\xff"),
         5, 6},
        {"old bmp",
         BYTES("BM\0\0\0\0\0\0\0\0\0\0\0\0\x0c\0\0\0\x05\0\x06\0\0\0\0\0"), 5,
         6},
        {"webp lossy",
         BYTES("RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a"
               "\x05\0\x06\0\0"),
         5, 6},
        {"webp lossless",
         BYTES("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x04\x40\x01\0\0\0\0\0\0"), 5,
         6},
        {"webp extended",
         BYTES("RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x04\0\0\x05\0\0"), 5, 6},
        {"pdf", BYTES(PDF), 0, 0},
        {"empty", BYTES(""), 0, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        apr_uint32_t width = 0, height = 0;
        int found = spbe_image_size(tests[i].content, &width, &height);

        if (found != (tests[i].width > 0) || width != tests[i].width ||
            height != tests[i].height) {
            fail_msg("%s: %d, %u x %u", tests[i].label, found, width, height);
        }
    }
}

static int setup(void **state)
{
    apr_initialize();
    if (apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        return 1;
    }
    magic = spbe_magic_open(pool);
    return magic == NULL;
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
        cmocka_unit_test(upload_types),
        cmocka_unit_test(upload_expected),
        cmocka_unit_test(upload_size),
        cmocka_unit_test(upload_pixels),
        cmocka_unit_test(upload_without_magic),
        cmocka_unit_test(upload_refused_already),
        cmocka_unit_test(image_sizes),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
