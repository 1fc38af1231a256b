/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of failure/complaint.c and complaint_name.c: what is expected of a
 * refused field, and what it is called.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "failure/builtin.h"
#include "failure/complaint.h"
#include "input/format.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))
#define BODY SPBE_WHERE_BODY
#define PARAMETER SPBE_WHERE_PARAMETER

static int setup(void **state)
{
    return apr_pool_create((apr_pool_t **)state, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(*state);
    return 0;
}

static spbe_messages_t *messages(int english, apr_pool_t *pool)
{
    const char *name = english ? "messages/en.json" : "messages/id.json";
    const char *error = NULL;
    spbe_messages_t *m = spbe_messages_load(name, spbe_builtin_get(name),
                                            &error, pool);

    assert_null(error);
    return m;
}

static void sentences(void **state)
{
    static const struct {
        const char *keyword, *arg, *example, *id, *en;
    } rows[] = {
        { "required", "nik", NULL, "Harus diisi.", "This must be filled in." },
        { "required", NULL, NULL, "Harus diisi.", "This must be filled in." },
        { "dependentRequired", "b", NULL, "Harus diisi.",
          "This must be filled in." },
        { "minLength", "3", NULL, "Isi paling sedikit 3 huruf atau angka.",
          "Enter at least 3 characters." },
        { "minLength", "1", NULL, "Harus diisi.", "This must be filled in." },
        { "maxLength", "40", NULL,
          "Isi paling banyak 40 huruf atau angka, termasuk spasi.",
          "Enter at most 40 characters, spaces included." },
        { "maxLength", "1", NULL, "Isi satu huruf atau angka saja.",
          "Enter one character only." },
        { "maxLength", "0", NULL, "Harus dikosongkan.",
          "This must be left empty." },
        { "minimum", "17", NULL, "Paling kecil 17.",
          "The smallest allowed is 17." },
        { "maximum", "1.5", NULL, "Paling besar 1.5.",
          "The largest allowed is 1.5." },
        { "exclusiveMinimum", "0", NULL, "Harus lebih besar dari 0.",
          "Must be more than 0." },
        { "exclusiveMaximum", "9", NULL, "Harus lebih kecil dari 9.",
          "Must be less than 9." },
        { "multipleOf", "1000", NULL, "Harus kelipatan 1000.",
          "Must be a multiple of 1000." },
        { "enum", "usaha, bangunan", NULL,
          "Pilih salah satu: usaha, bangunan.",
          "Choose one of: usaha, bangunan." },
        { "enum", NULL, NULL, "Pilih salah satu dari pilihan yang tersedia.",
          "Choose one of the options that are offered." },
        { "enum", "%s%n, \x1b[2J", NULL, "Pilih salah satu: %s%n, \\x1b[2J.",
          "Choose one of: %s%n, \\x1b[2J." },
        { "const", "ya", NULL, "Harus diisi: ya.", "Must be: ya." },
        { "type", "integer", NULL,
          "Harus berupa bilangan bulat, tanpa koma atau titik.",
          "Must be a whole number, without a decimal point." },
        { "type", "integer, null", NULL,
          "Harus berupa bilangan bulat, tanpa koma atau titik.",
          "Must be a whole number, without a decimal point." },
        { "type", "boolean", NULL, "Harus ya atau tidak (true atau false).",
          "Must be yes or no (true or false)." },
        { "type", "<b>", NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { "type", NULL, NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { "minItems", "2", NULL, "Isi atau pilih paling sedikit 2.",
          "Enter or choose at least 2." },
        { "minItems", "1", NULL, "Isi atau pilih paling sedikit satu.",
          "Enter or choose at least one." },
        { "maxItems", "3", NULL, "Isi atau pilih paling banyak 3.",
          "Enter or choose at most 3." },
        { "maxItems", "1", NULL, "Isi atau pilih satu saja.",
          "Enter or choose only one." },
        { "uniqueItems", NULL, NULL, "Tidak boleh ada yang sama.",
          "No two may be the same." },
        { "pattern", "^[A-Z]+$", NULL,
          "Bentuk isian ini belum sesuai dengan yang diminta.",
          "This is not written in the expected form." },
        { "format", "nik", "1271", "Harus berupa NIK: 16 angka tanpa spasi, "
                                   "sesuai KTP atau KK. Contoh: 1271",
          "Must be an Indonesian national identity number (NIK): 16 digits "
          "without spaces, as on the identity card. Example: 1271" },
        { "format", "date", "1999-12-31",
          "Harus berupa tanggal: tahun-bulan-hari. Contoh: 1999-12-31",
          "Must be a date: year-month-day. Example: 1999-12-31" },
        { "format", "x-lain", NULL,
          "Bentuk isian ini belum sesuai dengan yang diminta.",
          "This is not written in the expected form." },
        { "format", NULL, NULL,
          "Bentuk isian ini belum sesuai dengan yang diminta.",
          "This is not written in the expected form." },
        { "anyOf", NULL, NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { "limit", NULL, NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { NULL, NULL, NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { "unknown", "<script>", NULL,
          "Ada isian yang bukan bagian dari formulir ini.",
          "There is an entry that does not belong to this form." },
        { "additionalProperties", "jahat", NULL,
          "Ada isian yang bukan bagian dari formulir ini.",
          "There is an entry that does not belong to this form." },
        { "patternProperties", "jahat", NULL,
          "Ada isian yang bukan bagian dari formulir ini.",
          "There is an entry that does not belong to this form." },
        { "properties", "lama", NULL, "Harus dikosongkan.",
          "This must be left empty." },
        { ">=", "tanggal_mulai", NULL,
          "Tidak boleh lebih awal atau lebih kecil daripada Tanggal mulai.",
          "Must not be earlier or smaller than Tanggal mulai." },
        { "==", "/akun/kataSandi", NULL, "Harus sama dengan Kata sandi.",
          "Must be the same as Kata sandi." },
        { "born", "nik", NULL, "Tidak cocok dengan tanggal lahir pada NIK.",
          "Does not agree with the date of birth in NIK." },
        { "<", NULL, NULL, "Tidak cocok dengan isian yang lain.",
          "Does not agree with another entry." },
        { "file-size", "2097152", NULL, "Ukuran berkas paling besar 2 MB.",
          "The file may be at most 2 MB." },
        { "file-size", "besar", NULL, "Berkas terlalu besar.",
          "The file is too large." },
        { "file-type", "application/pdf, image/jpeg, image/*, .odt", NULL,
          "Jenis berkas yang dapat diterima: PDF, JPG, gambar, ODT. Nama dan "
          "isi berkas harus sesuai.",
          "Kinds of files that can be accepted: PDF, JPG, pictures, ODT. Name "
          "and content must agree." },
        { "file-type", NULL, NULL, "Jenis berkas ini tidak dapat diterima.",
          "This kind of file cannot be accepted." },
        { "file-count", "3", NULL, "Pilih paling banyak 3 berkas.",
          "Choose at most 3 files." },
        { "file-count", "1", NULL, "Pilih satu berkas saja.",
          "Choose one file only." },
        { "file-count", NULL, NULL, "Berkas yang dipilih terlalu banyak.",
          "Too many files were chosen." },
        { "file-image", NULL, NULL,
          "Lebar atau tinggi gambar terlalu besar; perkecil gambarnya.",
          "The picture is too wide or too high; make it smaller." },
    };
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_complaint_t c = { .keyword = rows[i].keyword, .arg = rows[i].arg,
                               .example = rows[i].example };

        assert_string_equal(spbe_complaint_expects(&c, m[0], 0, *state),
                            rows[i].id);
        assert_string_equal(spbe_complaint_expects(&c, m[1], 1, *state),
                            rows[i].en);
    }
}

/* Every keyword with an argument and a hint: the pattern is never said. */
static void hints(void **state)
{
    spbe_messages_t *m = messages(0, *state);
    spbe_complaint_t c = { .keyword = "pattern", .arg = "^[A-Z]{2}$",
                           .hint_id = " Dua huruf besar ", .hint_en = "Two" };
    static const struct {
        const char *keyword, *text;
    } rows[] = {
        { "pattern", "Dua huruf besar" },
        { "anyOf", "Dua huruf besar" },
        { "required", "Harus diisi." },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        c.keyword = rows[i].keyword;
        assert_string_equal(spbe_complaint_expects(&c, m, 0, *state),
                            rows[i].text);
    }
    c.keyword = "not";
    assert_string_equal(spbe_complaint_expects(&c, m, 1, *state), "Two");
    c.hint_en = NULL;
    assert_string_equal(spbe_complaint_expects(&c, m, 1, *state),
                        "Dua huruf besar");
}

/* The field that a comparison names is called as the policy labels it. */
static void others(void **state)
{
    static const struct {
        const char *label_id, *label_en, *id, *en;
    } rows[] = {
        { "Berlaku sampai", "Valid until",
          "Tidak boleh lebih akhir atau lebih besar daripada Berlaku sampai.",
          "Must not be later or larger than Valid until." },
        { "Berlaku sampai", NULL,
          "Tidak boleh lebih akhir atau lebih besar daripada Berlaku sampai.",
          "Must not be later or larger than Berlaku sampai." },
        { NULL, NULL,
          "Tidak boleh lebih akhir atau lebih besar daripada Sampai.",
          "Must not be later or larger than Sampai." },
    };
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_complaint_t c = { .keyword = "<=", .arg = "sampai",
                               .other_id = rows[i].label_id,
                               .other_en = rows[i].label_en };

        assert_string_equal(spbe_complaint_expects(&c, m[0], 0, *state),
                            rows[i].id);
        assert_string_equal(spbe_complaint_expects(&c, m[1], 1, *state),
                            rows[i].en);
    }
}

/* What is missing of what is chosen; two dates. */
static void narrower(void **state)
{
    static const struct {
        const char *keyword;
        unsigned is_choice, of_days;
        const char *id, *en;
    } rows[] = {
        { "required", 1, 0, "Harus dipilih.", "This must be chosen." },
        { "dependentRequired", 1, 0, "Harus dipilih.", "This must be chosen." },
        { "required", 0, 1, "Harus diisi.", "This must be filled in." },
        { "<", 0, 1, "Harus sebelum Mulai.", "Must be before Mulai." },
        { "<=", 0, 1, "Tidak boleh sesudah Mulai.",
          "Must not be after Mulai." },
        { ">=", 0, 1, "Tidak boleh sebelum Mulai.",
          "Must not be before Mulai." },
        { ">", 0, 1, "Harus sesudah Mulai.", "Must be after Mulai." },
        { "==", 0, 1, "Harus sama dengan Mulai.",
          "Must be the same as Mulai." },
        { ">", 1, 0, "Harus lebih akhir atau lebih besar daripada Mulai.",
          "Must be later or larger than Mulai." },
        { "maxItems", 1, 1, "Isi atau pilih paling banyak mulai.",
          "Enter or choose at most mulai." },
    };
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_complaint_t c = { .keyword = rows[i].keyword, .arg = "mulai",
                               .is_choice = rows[i].is_choice,
                               .of_days = rows[i].of_days };

        assert_string_equal(spbe_complaint_expects(&c, m[0], 0, *state),
                            rows[i].id);
        assert_string_equal(spbe_complaint_expects(&c, m[1], 1, *state),
                            rows[i].en);
    }
}

/* Is the example valid with a blank somewhere between its characters? */
static int takes_blank(const spbe_format_t *format)
{
    size_t len = strlen(format->example), i;
    char text[300];
    int valid = 0;

    assert_true(len + 2 < sizeof(text));
    for (i = 1; i < len && !valid; i++) {
        memcpy(text, format->example, i);
        text[i] = ' ';
        memcpy(text + i + 1, format->example + i, len - i);
        valid = format->valid((spbe_span_t){ text, len + 1 }, apr_time_now());
    }
    return valid;
}

/* Where blanks are refused among digits, the sentence says so; and nowhere
 * else. */
static void blanks(void **state)
{
    static const char *const words[] = { "tanpa spasi", "without spaces" };
    static const char *const digits[] = { "angka", "digits" };
    const spbe_format_t *format;
    int lang, said = 0;

    for (lang = 0; lang < 2; lang++) {
        spbe_messages_t *m = messages(lang, *state);

        for (format = spbe_formats(); format->name != NULL; format++) {
            const char *text = spbe_messages_text(m, "format", format->name);
            int says = strstr(text, words[lang]) != NULL;

            if (says && takes_blank(format)) {
                fail_msg("%s takes blanks", format->name);
            }
            if (!says && format->identifier && !takes_blank(format)
                && strchr(format->example, ' ') == NULL
                && strstr(text, digits[lang]) != NULL) {
                fail_msg("%s takes no blanks", format->name);
            }
            said += says;
        }
    }
    assert_int_equal(said, 38);
}

static void labels(void **state)
{
    static const struct {
        const char *label_id, *label_en, *name, *pointer, *id, *en;
    } rows[] = {
        { "Nomor KTP", "ID number", "nik", NULL, "Nomor KTP", "ID number" },
        { "Nomor KTP", NULL, "nik", NULL, "Nomor KTP", "Nomor KTP" },
        { NULL, "ID number", "nik", NULL, "ID number", "ID number" },
        { NULL, NULL, "nik", NULL, "NIK", "NIK" },
        { NULL, NULL, "tanggal_lahir", NULL, "Tanggal lahir",
          "Tanggal lahir" },
        { NULL, NULL, "tanggalLahir", NULL, "Tanggal lahir",
          "Tanggal lahir" },
        { NULL, NULL, "no_kk", NULL, "No KK", "No KK" },
        { NULL, NULL, "noHP", NULL, "No HP", "No HP" },
        { NULL, NULL, "pemohon[nama]", NULL, "Pemohon nama", "Pemohon nama" },
        { NULL, NULL, "__a--b..c__", NULL, "A b c", "A b c" },
        { NULL, NULL, "<b>x</b>", NULL, "B x b", "B x b" },
        { NULL, NULL, "nama\xe2\x80\xae", NULL, "Nama\\u{202e}",
          "Nama\\u{202e}" },
        { NULL, NULL, "\xff", NULL, "\\xff", "\\xff" },
        { NULL, NULL, "", NULL, "", "" },
        { NULL, NULL, NULL, NULL, "", "" },
        { NULL, NULL, "/anak/0/nama", "/anak/0/nama", "Nama (ke-1)",
          "Nama (no. 1)" },
        { NULL, NULL, "/anak/11", "/anak/11", "Anak (ke-12)",
          "Anak (no. 12)" },
        { NULL, NULL, "/0", "/0", "", "" },
        { "Anak %s", NULL, "/anak/1", "/anak/1", "Anak %s (ke-2)",
          "Anak %s (no. 2)" },
        { " \t ", NULL, "x", NULL, "", "" },
    };
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    char longest[1000];
    spbe_complaint_t c = { .name = longest };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_complaint_t row = { .label_id = rows[i].label_id,
                                 .label_en = rows[i].label_en,
                                 .name = rows[i].name,
                                 .pointer = rows[i].pointer };

        assert_string_equal(spbe_complaint_label(&row, m[0], 0, *state),
                            rows[i].id);
        assert_string_equal(spbe_complaint_label(&row, m[1], 1, *state),
                            rows[i].en);
    }
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(strlen(spbe_complaint_label(&c, m[0], 0, *state)), 124);
    c = (spbe_complaint_t){ .label_id = longest };
    assert_int_equal(strlen(spbe_complaint_label(&c, m[0], 0, *state)), 124);
}

static void pointers(void **state)
{
    static const struct {
        spbe_whereabouts_t where;
        const char *name, *pointer, *out;
    } rows[] = {
        { BODY, "nik", NULL, "#/nik" },
        { BODY, "a/b~c", NULL, "#/a~1b~0c" },
        { BODY, "a[b]", NULL, "#/a%5Bb%5D" },
        { BODY, "nama lengkap", NULL, "#/nama%20lengkap" },
        { BODY, "\xc3\xa9\"<", NULL, "#/%C3%A9%22%3C" },
        { BODY, "x", "/alamat/0/kota", "#/alamat/0/kota" },
        { BODY, NULL, "", "#" },
        { BODY, "x", "/a~1b/%", "#/a~1b/%25" },
        { BODY, NULL, NULL, NULL },
        { PARAMETER, "q", NULL, NULL },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_complaint_t c = { .where = rows[i].where, .name = rows[i].name,
                               .pointer = rows[i].pointer };
        const char *out = spbe_complaint_pointer(&c, *state);

        if (rows[i].out == NULL) {
            assert_null(out);
        }
        else {
            assert_string_equal(out, rows[i].out);
        }
    }
}

static void sizes(void **state)
{
    static const struct {
        apr_uint64_t bytes;
        const char *id, *en;
    } rows[] = {
        { 0, "0 byte", "0 byte" },
        { 1023, "1023 byte", "1023 byte" },
        { 1024, "1 KB", "1 KB" },
        { 1536, "1,5 KB", "1.5 KB" },
        { 1048576, "1 MB", "1 MB" },
        { 1500000, "1,4 MB", "1.4 MB" },
        { 2097151, "1,9 MB", "1.9 MB" },
        { (apr_uint64_t)5 << 30, "5 GB", "5 GB" },
        { ~(apr_uint64_t)0, "16777215,9 TB", "16777215.9 TB" },
    };
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        assert_string_equal(spbe_complaint_size(rows[i].bytes, m[0], *state),
                            rows[i].id);
        assert_string_equal(spbe_complaint_size(rows[i].bytes, m[1], *state),
                            rows[i].en);
    }
}

/* A policy may name any of them. */
static void every_format(void **state)
{
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    const spbe_format_t *format;
    int n = 0;

    for (format = spbe_formats(); format->name != NULL; format++, n++) {
        if (spbe_messages_text(m[0], "format", format->name) == NULL
            || spbe_messages_text(m[1], "format", format->name) == NULL) {
            fail_msg("no sentence for the format %s", format->name);
        }
    }
    assert_true(n > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sentences, setup, teardown),
        cmocka_unit_test_setup_teardown(hints, setup, teardown),
        cmocka_unit_test_setup_teardown(others, setup, teardown),
        cmocka_unit_test_setup_teardown(narrower, setup, teardown),
        cmocka_unit_test_setup_teardown(blanks, setup, teardown),
        cmocka_unit_test_setup_teardown(labels, setup, teardown),
        cmocka_unit_test_setup_teardown(pointers, setup, teardown),
        cmocka_unit_test_setup_teardown(sizes, setup, teardown),
        cmocka_unit_test_setup_teardown(every_format, setup, teardown),
    };

    apr_initialize();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
