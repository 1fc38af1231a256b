/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/format_test.c - format.c, format_time.c, format_net.c, format_idn.c,
 * format_uri.c, format_token.c: the formats of JSON Schema, and the table.
 */
#include "format_check.h"

/* clang-format off */
static void times(void **state)
{
    static const format_row_t rows[] = {
        YES("date", "2026-11-21"),
        YES("date", "2024-02-29"),
        YES("date", "0000-01-01"),
        YES("date", "9999-12-31"),
        YES("date", "2000-02-29"),
        NO("date", "2023-02-29"),
        NO("date", "1900-02-29"),
        NO("date", "2026-11-31"),
        NO("date", "2026-00-01"),
        NO("date", "2026-13-01"),
        NO("date", "2026-01-00"),
        NO("date", "26-11-21"),
        NO("date", "2026-11-21T"),
        NO("date", "2026/11/21"),
        NO("date", "2026-11-21\n"),
        NO("date", "2026-11-2\xef\xbc\x91"),
        NO("date", "2026-1-21"),
        NO("date", ""),
        NO("date", "\xef\xbc\x92" "026-11-21"),
        YES("time", "08:30:06Z"),
        YES("time", "23:59:60Z"),
        YES("time", "00:00:00.000+07:00"),
        YES("time", "06:59:60+07:00"),
        YES("time", "12:00:00-00:00"),
        YES("time", "12:00:00z"),
        NO("time", "24:00:00Z"),
        NO("time", "08:30Z"),
        NO("time", "08:30:06"),
        NO("time", "23:59:60+07:00"),
        NO("time", "08:60:00Z"),
        NO("time", "08:30:61Z"),
        NO("time", "08:30:06.Z"),
        NO("time", "08:30:06+7:00"),
        NO("time", "08:30:06+07:60"),
        NO("time", "08:30:06+24:00"),
        NO("time", "8:30:06Z"),
        NO("time", "08"),
        NO("time", "08:"),
        NO("time", "08:30"),
        NO("time", "08:30:"),
        NO("time", "08:30:0"),
        NO("time", ""),
        NO("time", "08:30:06Z\x00"),
        YES("date-time", "2026-11-21T08:30:00+07:00"),
        YES("date-time", "2026-11-21t08:30:00z"),
        YES("date-time", "2016-12-31T23:59:60Z"),
        YES("date-time", "2026-11-21T08:30:00.123456789Z"),
        NO("date-time", "2026-11-21 08:30:00Z"),
        NO("date-time", "2026-11-21T08:30:00"),
        NO("date-time", "2026-11-31T08:30:00Z"),
        NO("date-time", "2026-11-21T"),
        NO("date-time", "2026-11-21T24:00:00Z"),
        NO("date-time", "2026-11-21T08:30:00+0700"),
        NO("date-time", "2026-11-21"),
        NO("date-time", "2026-11-21T08:30:00Z\n"),
        NO("date-time", ""),
        YES("date-time-local", "2026-11-21T08:30"),
        YES("date-time-local", "2026-11-21T08:30:59"),
        YES("date-time-local", "2026-11-21T08:30:59.5"),
        NO("date-time-local", "2026-11-21T08:30Z"),
        NO("date-time-local", "2026-11-21T08:30:60"),
        NO("date-time-local", "2026-11-21 08:30"),
        NO("date-time-local", "2026-11-21T8:30"),
        NO("date-time-local", "2026-02-30T08:30"),
        NO("date-time-local", ""),
        YES("time-local", "00:00"),
        YES("time-local", "23:59"),
        YES("time-local", "08:30:15.25"),
        NO("time-local", "24:00"),
        NO("time-local", "08:30Z"),
        NO("time-local", "08:30+07:00"),
        NO("time-local", "8:30"),
        NO("time-local", "08.30"),
        NO("time-local", "08:30:60"),
        NO("time-local", "08:30:"),
        NO("time-local", ""),
        YES("duration", "P1Y2M3DT4H5M6S"),
        YES("duration", "P4W"),
        YES("duration", "PT0S"),
        YES("duration", "P1M"),
        YES("duration", "PT1M"),
        YES("duration", "P1DT1S"),
        NO("duration", "P"),
        NO("duration", "PT"),
        NO("duration", "P1"),
        NO("duration", "1D"),
        NO("duration", "P1DT"),
        NO("duration", "P1Y1D"),
        NO("duration", "PT1H1S"),
        NO("duration", "P1W1D"),
        NO("duration", "P1.5D"),
        NO("duration", "P-1D"),
        NO("duration", "p1d"),
        NO("duration", "P1D "),
        NO("duration", "P1S"),
        NO("duration", "PT1D"),
        NO("duration", "P1H"),
        NO("duration", ""),
        NO("duration", "PT1H2M3S4S"),
        NO("duration", "P1D1D"),
    };

    check_rows(rows, ROWS(rows));
}

static void network(void **state)
{
    static const format_row_t rows[] = {
        YES("ipv4", "0.0.0.0"),
        YES("ipv4", "255.255.255.255"),
        YES("ipv4", "192.0.2.10"),
        NO("ipv4", "256.0.0.1"),
        NO("ipv4", "1.2.3"),
        NO("ipv4", "1.2.3.4.5"),
        NO("ipv4", "01.2.3.4"),
        NO("ipv4", "1.2.3.04"),
        NO("ipv4", "1.2.3."),
        NO("ipv4", ".1.2.3"),
        NO("ipv4", "1..2.3"),
        NO("ipv4", "1.2.3.4 "),
        NO("ipv4", "1.2.3.4\n"),
        NO("ipv4", "1.2.3.4\x00"),
        NO("ipv4", "0x7f.1.1.1"),
        NO("ipv4", "127.1"),
        NO("ipv4", ""),
        NO("ipv4", "1.2.3.\xef\xbc\x94"),
        NO("ipv4", "1.2.3.-4"),
        YES("ipv6", "::"),
        YES("ipv6", "::1"),
        YES("ipv6", "2001:db8::1"),
        YES("ipv6", "1:2:3:4:5:6:7:8"),
        YES("ipv6", "::ffff:192.0.2.1"),
        YES("ipv6", "1:2:3:4:5:6:192.0.2.1"),
        YES("ipv6", "1::"),
        YES("ipv6", "1:2:3:4:5:6:7::"),
        YES("ipv6", "::2:3:4:5:6:7:8"),
        YES("ipv6", "fe80::ABCD"),
        NO("ipv6", ":"),
        NO("ipv6", ":::"),
        NO("ipv6", "1:2:3:4:5:6:7"),
        NO("ipv6", "1:2:3:4:5:6:7:8:9"),
        NO("ipv6", "1::2::3"),
        NO("ipv6", "12345::"),
        NO("ipv6", "::g"),
        NO("ipv6", "1:2:3:4:5:6:7:"),
        NO("ipv6", "::1%eth0"),
        NO("ipv6", "[::1]"),
        NO("ipv6", "::192.0.2"),
        NO("ipv6", "::192.0.2.256"),
        NO("ipv6", "1:2:3:4:5:6:7:192.0.2.1"),
        NO("ipv6", "192.0.2.1"),
        NO("ipv6", "::1 "),
        NO("ipv6", ""),
        NO("ipv6", "1:2:3:4:5:6:7:8::"),
        NO("ipv6", ":1:2:3:4:5:6:7:8"),
        NO("ipv6", "::1\n"),
        YES("hostname", "contoh.example"),
        YES("hostname", "a"),
        YES("hostname", "1a"),
        YES("hostname", "a-b"),
        YES("hostname", "a--b"),
        YES("hostname", "xn--4dbcagdahymbxekheh6e0a7fei0b"),
        YES("hostname", "r3---sn-a.example"),
        YES("hostname", "A.EXAMPLE"),
        YES("hostname",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "a"),
        NO("hostname", "-a"),
        NO("hostname", "a-"),
        NO("hostname", "a_b"),
        NO("hostname", "a..b"),
        NO("hostname", ".a"),
        NO("hostname", "a."),
        NO("hostname",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aa"),
        NO("hostname", "a b"),
        NO("hostname", "a/b"),
        NO("hostname", "a\n"),
        NO("hostname", "a\x00"),
        NO("hostname", "ü"),
        NO("hostname", "xn--x"),
        NO("hostname", "XN--X"),
        NO("hostname", ""),
        NO("hostname",
            "a.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
            "bbb.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
            "ccccc.dddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
            "ddddddd.eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
            "eeeeeeeee"),
        YES("idn-hostname", "contoh.example"),
        YES("idn-hostname", "bücher.example"),
        YES("idn-hostname",
            "\xe5\xae\x9e\xe4\xbe\x8b.\xe6\xb5\x8b\xe8\xaf\x95"),
        YES("idn-hostname", "l·l"),
        YES("idn-hostname", "a\xe3\x80\x82" "b"),
        YES("idn-hostname", "ب٠ب"),
        NO("idn-hostname", "l·a"),
        NO("idn-hostname", "ـߺ"),
        NO("idn-hostname", "-ü"),
        NO("idn-hostname", "a.ü."),
        NO("idn-hostname", "ü..b"),
        NO("idn-hostname", "0a.א"),
        NO("idn-hostname", "aא"),
        NO("idn-hostname", "א0٠"),
        NO("idn-hostname", "cafe\xcc\x81.example"),
        NO("idn-hostname", "\xe2\x80\x8d"),
        NO("idn-hostname", "\xe2\xbe\x86" "8"),
        NO("idn-hostname", "a b"),
        NO("idn-hostname", "a\x00" "b"),
        NO("idn-hostname", ""),
        YES("email", "a@b"),
        YES("email", "a.b+c@contoh.example"),
        YES("email", "\"a b\"@contoh.example"),
        YES("email", "\"a\\\"b\"@contoh.example"),
        YES("email", "a@[192.0.2.1]"),
        YES("email", "a@[IPv6:2001:db8::1]"),
        YES("email", "!#$%&'*+/=?^_`{|}~-@x.id"),
        NO("email", "a"),
        NO("email", "a@"),
        NO("email", "@b"),
        NO("email", "a@b@c"),
        NO("email", "a b@c"),
        NO("email", ".a@b"),
        NO("email", "a.@b"),
        NO("email", "a..b@c"),
        NO("email", "a@b..c"),
        NO("email", "a@-b"),
        NO("email", "a@[1.2.3]"),
        NO("email", "a@[IPv6:1]"),
        NO("email", "\"a\"b\"@c"),
        NO("email", "\"a\\\"@b"),
        NO("email", "\"a@b"),
        NO("email", "a@b\n"),
        NO("email", "a@b\x00"),
        NO("email", "ü@b"),
        NO("email", "a@ü"),
        NO("email", ""),
        NO("email",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaa@b"),
        NO("email", "\"\n\"@b"),
        NO("email", "a(b)@c.id"),
        NO("email", "<a@b.id>"),
        YES("idn-email", "ü@bücher.example"),
        YES("idn-email", "a@b"),
        YES("idn-email", "\"ü ä\"@x.id"),
        YES("idn-email", "user@cafe\xcc\x81.com"),
        NO("idn-email", "ü"),
        NO("idn-email", "@ü"),
        NO("idn-email", "a@"),
        NO("idn-email", "a@-ü"),
        NO("idn-email", "ü @x.id"),
        NO("idn-email", "a@ü..b"),
        NO("idn-email", ""),
    };

    check_rows(rows, ROWS(rows));
}

static void references(void **state)
{
    static const format_row_t rows[] = {
        YES("uri", "https://contoh.example/a?b=c#d"),
        YES("uri", "urn:a:b"),
        YES("uri", "mailto:a@b.id"),
        YES("uri", "a:"),
        YES("uri", "http://[::1]:80/"),
        YES("uri", "http://[v1.a:b]/"),
        YES("uri", "http://u:p@h:8080/%20"),
        YES("uri", "file:///etc"),
        YES("uri", "a+b-c.1:x"),
        YES("uri", "http://h:/"),
        YES("uri", "https://x/?a=/?:@"),
        NO("uri", "//h/a"),
        NO("uri", "/a"),
        NO("uri", "a"),
        NO("uri", ""),
        NO("uri", "1a:b"),
        NO("uri", "a_b:c"),
        NO("uri", ":a"),
        NO("uri", "http://[::1"),
        NO("uri", "http://[::1]x"),
        NO("uri", "http://[v.a]"),
        NO("uri", "http://[vg.a]"),
        NO("uri", "http://[v1.]"),
        NO("uri", "http://[1.2.3.4]"),
        NO("uri", "http://h:8a"),
        NO("uri", "http://a@b@c"),
        NO("uri", "http://h/ a"),
        NO("uri", "http://h/ü"),
        NO("uri", "http://h/%"),
        NO("uri", "http://h/%4"),
        NO("uri", "http://h/%zz"),
        NO("uri", "http://h/a\\b"),
        NO("uri", "http://h/a|b"),
        NO("uri", "http://h/<a>"),
        NO("uri", "http://h/\"a\""),
        NO("uri", "http://h/{a}"),
        NO("uri", "http://h/#a#b"),
        NO("uri", "http://h/^`"),
        NO("uri", "http://h/\n"),
        NO("uri", "http://h/\x00"),
        NO("uri", "javascript:alert('a b')"),
        YES("uri-reference", ""),
        YES("uri-reference", "a"),
        YES("uri-reference", "a/b:c"),
        YES("uri-reference", "/a"),
        YES("uri-reference", "?a"),
        YES("uri-reference", "#a"),
        YES("uri-reference", "//h"),
        YES("uri-reference", "../a"),
        YES("uri-reference", "./a:b"),
        YES("uri-reference", "https://x"),
        NO("uri-reference", "a:b c"),
        NO("uri-reference", "1:b"),
        NO("uri-reference", "a b"),
        NO("uri-reference", "\\a"),
        NO("uri-reference", "%"),
        NO("uri-reference", "aü"),
        NO("uri-reference", "#a#b"),
        NO("uri-reference", "/[a]"),
        NO("uri-reference", "//h:x"),
        YES("iri", "http://ü.example/ä?\xee\x80\x80"),
        YES("iri", "http://h/\xe6\x97\xa5"),
        NO("iri", "/ü"),
        NO("iri", "http://h/\xee\x80\x80"),
        NO("iri", "http://h/\xe2\x80\xaa "),
        NO("iri", "http://h/\xef\xb7\x90"),
        NO("iri", "http://h/<"),
        NO("iri", ""),
        YES("iri-reference", "ü"),
        YES("iri-reference", "/ä#ö"),
        YES("iri-reference", ""),
        NO("iri-reference", "ü b"),
        NO("iri-reference", "#ü\\"),
        NO("iri-reference", "\xc2\x80"),
        YES("uri-template", ""),
        YES("uri-template", "/a"),
        YES("uri-template", "/{a}"),
        YES("uri-template", "{+a,b*,c:3}"),
        YES("uri-template", "{?q,r}"),
        YES("uri-template", "{a.b_c}"),
        YES("uri-template", "{%41}"),
        YES("uri-template", "a%20b"),
        YES("uri-template", "it's"),
        YES("uri-template", "ü"),
        NO("uri-template", "{"),
        NO("uri-template", "}"),
        NO("uri-template", "{}"),
        NO("uri-template", "{a"),
        NO("uri-template", "a}"),
        NO("uri-template", "{a b}"),
        NO("uri-template", "{{a}}"),
        NO("uri-template", "{a:0}"),
        NO("uri-template", "{a:10000}"),
        NO("uri-template", "{a:}"),
        NO("uri-template", "{a:1x}"),
        NO("uri-template", "{a**}"),
        NO("uri-template", "{=a}"),
        NO("uri-template", "{.}"),
        NO("uri-template", "{a.}"),
        NO("uri-template", "{.a..b}"),
        NO("uri-template", "%"),
        NO("uri-template", "%4"),
        NO("uri-template", "a b"),
        NO("uri-template", "\""),
        NO("uri-template", "<"),
        NO("uri-template", "{a,}"),
        NO("uri-template", "{,a}"),
        NO("uri-template", "\\"),
    };

    check_rows(rows, ROWS(rows));
}

static void tokens(void **state)
{
    static const format_row_t rows[] = {
        YES("uuid", "00000000-0000-0000-0000-000000000000"),
        YES("uuid", "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF"),
        NO("uuid", "00000000-0000-0000-0000-00000000000"),
        NO("uuid", "00000000-0000-0000-0000-0000000000000"),
        NO("uuid", "0000000000000000000000000000000000000"),
        NO("uuid", "00000000-0000-0000-0000-00000000000g"),
        NO("uuid", "{00000000-0000-0000-0000-00000000000}"),
        NO("uuid", ""),
        NO("uuid", "00000000_0000-0000-0000-000000000000"),
        NO("uuid", "00000000-0000-0000-0000-00000000000\xef\xbc\x90"),
        YES("json-pointer", ""),
        YES("json-pointer", "/"),
        YES("json-pointer", "/a"),
        YES("json-pointer", "/a/0/~0~1"),
        YES("json-pointer", "//"),
        YES("json-pointer", "/ü"),
        NO("json-pointer", "a"),
        NO("json-pointer", "#"),
        NO("json-pointer", "/~"),
        NO("json-pointer", "/~2"),
        NO("json-pointer", "/a~"),
        NO("json-pointer", "~0"),
        YES("relative-json-pointer", "0"),
        YES("relative-json-pointer", "12"),
        YES("relative-json-pointer", "0#"),
        YES("relative-json-pointer", "1/a"),
        YES("relative-json-pointer", "0/~1"),
        NO("relative-json-pointer", ""),
        NO("relative-json-pointer", "-1"),
        NO("relative-json-pointer", "01"),
        NO("relative-json-pointer", "#"),
        NO("relative-json-pointer", "/a"),
        NO("relative-json-pointer", "1#/a"),
        NO("relative-json-pointer", "1a"),
        NO("relative-json-pointer", "0~"),
        NO("relative-json-pointer", "1/~"),
        YES("regex", ""),
        YES("regex", "a"),
        YES("regex", "^[a-z]+$"),
        YES("regex", "(?:a|b){2,3}"),
        YES("regex", "\\u{1F600}"),
        YES("regex", "(?<n>a)\\k<n>"),
        YES("regex", "(?<=a+)b"),
        YES("regex", "[]"),
        NO("regex", "("),
        NO("regex", "["),
        NO("regex", "a{2,1}"),
        NO("regex", "*"),
        NO("regex", "\\"),
        NO("regex", "(?P<n>a)"),
        NO("regex", "(?i)a"),
        NO("regex", ")"),
        NO("regex", "a**"),
        YES("int32", ""),
        YES("int32", "apa saja"),
        YES("int32", "\x00ÿ"),
        YES("int64", ""),
        YES("int64", "apa saja"),
        YES("int64", "\x00ÿ"),
        YES("float", ""),
        YES("float", "apa saja"),
        YES("float", "\x00ÿ"),
        YES("double", ""),
        YES("double", "apa saja"),
        YES("double", "\x00ÿ"),
        YES("byte", ""),
        YES("byte", "apa saja"),
        YES("byte", "\x00ÿ"),
        YES("binary", ""),
        YES("binary", "apa saja"),
        YES("binary", "\x00ÿ"),
        YES("password", ""),
        YES("password", "apa saja"),
        YES("password", "\x00ÿ"),
    };

    check_rows(rows, ROWS(rows));
}

/* Names are unique; an example is valid; patterns are anchored and quick. */
static void table(void **state)
{
    const spbe_format_t *f, *other;
    unsigned count = 0;
    apr_pool_t *pool;

    apr_initialize();
    for (f = spbe_formats(); f->name != NULL; f++, count++) {
        const char *error = NULL;
        spbe_regex_t *regex;

        apr_pool_create(&pool, NULL);
        assert_ptr_equal(spbe_format_find(spbe_span_from(f->name)), f);
        for (other = spbe_formats(); other != f; other++) {
            assert_string_not_equal(other->name, f->name);
        }
        assert_non_null(f->example);
        if (spbe_format_about(f) == NULL) {
            fail_msg("%s has no description", f->name);
        }
        assert_in_range(strlen(spbe_format_about(f)), 10, 70);
        assert_string_equal(spbe_format_nearest(spbe_span_from(f->name)),
                            f->name);
        assert_false(f->complete && f->pattern == NULL);
        if (!agrees(f, spbe_span_from(f->example), 1, pool)) {
            fail_msg("%s refuses its example %s", f->name, f->example);
        }
        if (f->pattern != NULL) {
            regex = spbe_regex_compile(spbe_span_from(f->pattern), &error,
                                       pool);
            assert_non_null(regex);
            if (!spbe_regex_is_anchored(regex)) {
                fail_msg("%s: pattern without anchors", f->name);
            }
            if (spbe_regex_is_slow(regex)) {
                fail_msg("%s: slow pattern", f->name);
            }
        }
        apr_pool_destroy(pool);
    }
    assert_true(count > 50);
}

static void unknown(void **state)
{
    static const char *const rows[] = { "", "NIK", "nik ", "ni", "nikk",
                                        "unknown", "date_time" };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        assert_null(spbe_format_find(spbe_span_from(rows[i])));
    }
    assert_null(spbe_format_find((spbe_span_t){ "nik\0", 4 }));
}

/* Broken UTF-8 is no text of any format that looks at characters. */
static void broken_utf8(void **state)
{
    static const char *const formats[] = {
        "nik", "hp", "nama", "alamat", "teks_bebas", "teks_baris", "uri",
        "iri", "idn-email", "idn-hostname", "email", "surel", "uri-template",
        "hostname", "date", "uuid", "plat_nomor", "nama_pengguna",
        "regex",
    };
    static const char *const texts[] = {
        "a\xff", "\xc3", "a\xc0\xafz", "\xed\xa0\x80", "a\xf4\x90\x80\x80",
        "https://h/\xe2\x80", "a@b.id\xc3",
    };
    size_t i, k;

    for (i = 0; i < ROWS(formats); i++) {
        const spbe_format_t *f = spbe_format_find(spbe_span_from(formats[i]));

        for (k = 0; k < ROWS(texts); k++) {
            if (f->valid(spbe_span_from(texts[k]), NOW)) {
                fail_msg("%s accepts broken text %u", formats[i], (unsigned)k);
            }
        }
    }
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times),
        cmocka_unit_test(network),
        cmocka_unit_test(references),
        cmocka_unit_test(tokens),
        cmocka_unit_test(table),
        cmocka_unit_test(unknown),
        cmocka_unit_test(broken_utf8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
