/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/regex_test.c - input/regex*.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <apr_time.h>
#include "input/regex.h"

#define BANK_LINE "a text of some length, 0123456789, and again: "

static apr_pool_t *pool;

static spbe_regex_t *compiled(const char *pattern)
{
    const char *error = NULL;
    spbe_regex_t *regex =
        spbe_regex_compile(spbe_span_from(pattern), &error, pool);

    if (regex == NULL) {
        fail_msg("%s: %s", pattern, error);
    }
    return regex;
}

static void regex_match(void **state)
{
    static const struct {
        const char *pattern, *text;
        int yes;
    } tests[] = {
        {"", "", 1},
        {"", "x", 1},
        {"^$", "", 1},
        {"^$", "x", 0},
        {"a+", "xxaayy", 1},
        {"^a*$", "aaa", 1},
        {"^a*$", "abc", 0},
        {"^abc$", "abc\n", 0},
        {"^abc$", "x\nabc", 0},
        {"a^b", "a\nb", 0},
        {"^\\t$", "\\t", 0},
        {"^\\t$", "\t", 1},
        {"^\\cC$", "\x03", 1},
        {"^\\cc$", "\x03", 1},
        {"^\\cC$", "\\cC", 0},
        {"^[\\cC]$", "\x03", 1},
        {"^\\d$", "0", 1},
        {"^\\d$", "\u07c0", 0},
        {"^\\D$", "\u07c0", 1},
        {"^\\D$", "0", 0},
        {"^[\\D]$", "\u07c0", 1},
        {"^[^\\d]$", "7", 0},
        {"^\\w$", "a", 1},
        {"^\\w$", "\u00e9", 0},
        {"^\\W$", "\u00e9", 1},
        {"^\\W$", "_", 0},
        {"^[\\w-]+$", "a-b", 1},
        {"^[\\w.-]+$", "a.b-c", 1},
        {"^\\s$", " ", 1},
        {"^\\s$", "\v", 1},
        {"^\\s$", "\u00a0", 1},
        {"^\\s$", "\ufeff", 1},
        {"^\\s$", "\u1680", 1},
        {"^\\s$", "\u2003", 1},
        {"^\\s$", "\u2029", 1},
        {"^\\s$", "\u180e", 0},
        {"^\\s$", "\u200b", 0},
        {"^\\s$", "\xc2\x85", 0},
        {"^\\S$", "\xc2\x85", 1},
        {"^\\S$", "\ufeff", 0},
        {"^[\\s]$", "\u2028", 1},
        {"^[\\S]$", "\u2013", 1},
        {"^[^\\S]$", "\u2003", 1},
        {"^.$", "\n", 0},
        {"^.$", "\r", 0},
        {"^.$", "\u2028", 0},
        {"^.$", "\u2029", 0},
        {"^.$", "\xc2\x85", 1},
        {"^.$", "\v", 1},
        {"^.$", "\U0001f432", 1},
        {"^[.]$", "x", 0},
        {"[]", "a", 0},
        {"^[]*$", "", 1},
        {"^[^]$", "\n", 1},
        {"^[^]$", "", 0},
        {"^a[^]*b$", "a\n\u2028b", 1},
        {"^[\\]]$", "]", 1},
        {"^[a-]$", "-", 1},
        {"^[-a]$", "-", 1},
        {"^[a\\-z]$", "m", 0},
        {"^[a\\-z]$", "-", 1},
        {"^[^^]$", "^", 0},
        {"^[[]$", "[", 1},
        {"^[[:alpha:]$", ":", 1},
        {"^[[:alpha:]$", "b", 0},
        {"^[\\b]$", "\b", 1},
        {"^\\u0041$", "A", 1},
        {"^\\u{41}$", "A", 1},
        {"^\\u{1F432}$", "\U0001f432", 1},
        {"^\\ud83d\\udc32*$", "\U0001f432\U0001f432", 1},
        {"^\\ud83d\\udc32*$", "\U0001f409", 0},
        {"^\U0001f432*$", "\U0001f432\U0001f432", 1},
        {"^\U0001f432*$", "", 1},
        {"^\U0001f432*$", "D", 0},
        {"^[\\ud83d\\udc32]$", "\U0001f432", 1},
        {"^[\\u{0}-\\u{10FFFF}]$", "\U0001f432", 1},
        {"^[^\\ud800-\\udfff]$", "a", 1},
        {"\\ud800", "a", 0},
        {"^[\\ud800]$", "a", 0},
        {"^\\x41\\x7a$", "Az", 1},
        {"^\\.\\/\\$\\^\\|$", "./$^|", 1},
        {"^/$", "/", 1},
        {"^ #x$", " #x", 1},
        {"^-,:=!<>'\"~`@%&;_$", "-,:=!<>'\"~`@%&;_", 1},
        {"\\p{Letter}cole", "l'\u00e9cole", 1},
        {"\\p{Letter}cole", "L'\u00c9COLE", 0},
        {"^\\p{Letter}+$", "\u03c0", 1},
        {"^\\p{L}+$", "123", 0},
        {"^\\p{digit}+$", "\u09ea\u09e8", 1},
        {"^\\P{L}$", "1", 1},
        {"^[\\p{L}\\p{Nd}]+$", "\u00e91", 1},
        {"^[^\\p{L}]$", "\u00e9", 0},
        {"^\\p{gc=Lu}$", "A", 1},
        {"^\\p{General_Category=Uppercase_Letter}$", "a", 0},
        {"^\\p{Script=Greek}$", "\u03c0", 1},
        {"^\\p{sc=Grek}$", "a", 0},
        {"^\\p{Script_Extensions=Latin}+$", "ab", 1},
        {"^\\p{scx=Javanese}$", "\ua984", 1},
        {"^\\p{Script=Old_Italic}$", "x", 0},
        {"^\\p{Script=SignWriting}$", "x", 0},
        {"^\\p{Alphabetic}$", "x", 1},
        {"^\\p{White_Space}$", " ", 1},
        {"^\\p{ASCII}$", "\u00e9", 0},
        {"^\\p{Any}$", "\U0001f432", 1},
        {"^\\p{Assigned}$", "a", 1},
        {"^\\P{Assigned}$", "a", 0},
        {"^\\p{LC}$", "a", 1},
        {"^\\p{Emoji}$", "\U0001f432", 1},
        {"^\\p{Uppercase}\\p{Lower}$", "Aa", 1},
        {"\\bfoo\\b", "a foo b", 1},
        {"\\bfoo\\b", "afoo", 0},
        {"\\Bo", "foo", 1},
        {"^(?=.*\\d)[a-z\\d]+$", "ab1", 1},
        {"^(?=.*\\d)[a-z\\d]+$", "abc", 0},
        {"^(?!abc)", "abcd", 0},
        {"(?<=a)b", "ab", 1},
        {"(?<=a)b", "cb", 0},
        {"(?<!a)b", "ab", 0},
        {"(?<=ab|c)d", "cd", 1},
        {"^(a|b)\\1$", "bb", 1},
        {"^(a|b)\\1$", "ab", 0},
        {"^(?<x>.)(?<y>.)\\k<y>\\k<x>$", "abba", 1},
        {"^(?<$\u00e9_1>a)\\k<$\u00e9_1>$", "aa", 1},
        {"^(?:(a)|b)\\1$", "b", 1},
        {"^\\1(a)$", "a", 1},
        {"^\\k<x>(?<x>a)$", "a", 1},
        {"^(a\\1)$", "a", 1},
        {"^(a)+\\1$", "aaa", 1},
        {"^((a)|b)\\2c$", "bc", 1},
        {"^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10$", "abcdefghijj", 1},
        {"^(a)(b)\\2\\1$", "abba", 1},
        {"^a{2,3}$", "aaaa", 0},
        {"^a{2,}?$", "aaaa", 1},
        {"^a{0}$", "", 1},
        {"^(?:ab){2}$", "abab", 1},
        {"^(?:)*$", "", 1},
        {"^(a*)*$", "aaa", 1},
        {"^(?:a|b|)$", "", 1},
        {"a|^b$|c", "xc", 1},
        {"^\\0$", "x", 0},
        {"^[0-9]{16}$", "3173010101900001", 1},
        {"^\\p{L}[\\p{L}' .-]{1,98}$", "Nur'aini S. Kom", 1},
        {"^[(*VERB)]$", "V", 1},
        {"^\\(\\*ACCEPT\\)$", "(*ACCEPT)", 1},
        {"^\\\\Qa\\\\E$", "\\Qa\\E", 1},
        {"x{1,2}y", "xxy", 1},
    };
    spbe_regex_scratch_t *scratch = spbe_regex_scratch_create(pool);
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_regex_t *regex = compiled(tests[i].pattern);
        spbe_span_t text = spbe_span_from(tests[i].text);

        if ((int)spbe_regex_match(regex, text, scratch) != tests[i].yes ||
            (int)spbe_regex_match(regex, text, NULL) != tests[i].yes) {
            fail_msg("row %d: %s on %s", (int)i, tests[i].pattern,
                     tests[i].text);
        }
        assert_true(spbe_span_eq(spbe_regex_source(regex),
                                 spbe_span_from(tests[i].pattern)));
    }
}

static void regex_nul(void **state)
{
    spbe_regex_t *regex = compiled("^a\\0b$");

    assert_int_equal(spbe_regex_match(regex, (spbe_span_t){"a\0b", 3}, NULL),
                     SPBE_REGEX_YES);
    assert_int_equal(spbe_regex_match(regex, (spbe_span_t){"a0b", 3}, NULL),
                     SPBE_REGEX_NO);
    assert_int_equal(
        spbe_regex_match(compiled("^$"), (spbe_span_t){NULL, 0}, NULL),
        SPBE_REGEX_YES);
}

/* valid: of ECMA-262, though it cannot be had. */
static void regex_refused(void **state)
{
    static const struct {
        const char *pattern;
        int valid;
    } tests[] = {
        {"^(abc]", 0},
        {"(", 0},
        {")", 0},
        {"a)b", 0},
        {"[", 0},
        {"[a", 0},
        {"[^", 0},
        {"[\\", 0},
        {"]", 0},
        {"{", 0},
        {"}", 0},
        {"a{", 0},
        {"a{1", 0},
        {"a{1,", 0},
        {"a{,1}", 0},
        {"a{x}", 0},
        {"a{2,1}", 0},
        {"*", 0},
        {"a**", 0},
        {"a++", 0},
        {"a{1}{2}", 0},
        {"^*", 0},
        {"\\b+", 0},
        {"(?=a)*", 0},
        {"(?<=a)?", 0},
        {"(*ACCEPT)", 0},
        {"(?", 0},
        {"(?i)abc", 0},
        {"(?ims)abc", 0},
        {"(?P<name>x)", 0},
        {"(?P<n>a)(?P=n)", 0},
        {"(?#comment)a", 0},
        {"(?>a)", 0},
        {"(?|a|b)", 0},
        {"(?R)", 0},
        {"(?<1>a)", 0},
        {"(?<>a)", 0},
        {"(?<a", 0},
        {"(?<a b>x)", 0},
        {"(?<a>x)(?<a>y)", 0},
        {"\\k<a>", 0},
        {"\\k", 0},
        {"\\kx", 0},
        {"(?<a>x)\\k<b>", 0},
        {"\\1", 0},
        {"(a)\\2", 0},
        {"\\99999999999999999999", 0},
        {"[[:alpha:]]", 0},
        {"\\a", 0},
        {"\\e", 0},
        {"\\Z", 0},
        {"\\A", 0},
        {"\\z", 0},
        {"\\Q", 0},
        {"\\C", 0},
        {"\\R", 0},
        {"\\h", 0},
        {"\\-", 0},
        {"\\ ", 0},
        {"\\_", 0},
        {"\\\u00e9", 0},
        {"\\", 0},
        {"\\c", 0},
        {"\\c1", 0},
        {"\\00", 0},
        {"\\01", 0},
        {"\\x4", 0},
        {"\\xg1", 0},
        {"\\u12", 0},
        {"\\u{}", 0},
        {"\\u{110000}", 0},
        {"\\u{41", 0},
        {"\\u{fffffffffffffff}", 0},
        {"\\p", 0},
        {"\\pL", 0},
        {"\\p{", 0},
        {"\\p{}", 0},
        {"\\p{letter}", 0},
        {"\\p{Foo}", 0},
        {"\\p{L&}", 0},
        {"\\p{Greek}", 0},
        {"\\p{Script=}", 0},
        {"\\p{Script=greek}", 0},
        {"\\p{gc=Greek}", 0},
        {"\\p{Xan}", 0},
        {"\\p{Script=OldItalic}", 0},
        {"\\p{CWKCF}", 1},
        {"\\p{^L}", 0},
        {"[z-a]", 0},
        {"[\\w-z]", 0},
        {"[a-\\d]", 0},
        {"[\\p{L}-z]", 0},
        {"[\\B]", 0},
        {"[\\1]", 0},
        {"[\\k<a>]", 0},
        {"\xff", 0},
        {"[\xff]", 0},
        {"\xed\xa0\x80", 0},
        {"(?<=a+)b", 1},
        {"(?<!a|bc*)d", 1},
        {"a{65536}", 1},
        {"a{0,99999999999}", 1},
        {"(a)(?<=\\1)", 1},
        {"^(?:(a)|b)*\\1$", 1},
        {"^(?:(a)?b\\1)+$", 1},
        {"\\p{Script=Nowhere}", 1},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_span_t pattern = spbe_span_from(tests[i].pattern);
        const char *error = NULL;

        if (spbe_regex_compile(pattern, &error, pool) != NULL ||
            error == NULL || strlen(error) < 20) {
            fail_msg("row %d: %s is taken", (int)i, tests[i].pattern);
        }
        if (spbe_regex_valid(pattern, pool) != tests[i].valid) {
            fail_msg("row %d: %s is valid or not: %s", (int)i, tests[i].pattern,
                     error);
        }
    }
    assert_true(spbe_regex_valid(SPBE_SPAN("^a(?<x>b)\\k<x>$"), pool));
}

/* Every prefix of a pattern that uses everything is read to its end. */
static void regex_cut(void **state)
{
    static const char all[] = "^(?<n>a)\\k<n>\\1(?:b|[^\\w\\p{Lu}c-d\\u{41}])"
                              "{1,2}?(?=\\cA)(?<!\\x41\\ud83d\\udc32).\\b$";
    size_t i;

    for (i = 0; i <= sizeof(all) - 1; i++) {
        const char *error;
        char *copy = apr_pmemdup(pool, all, i > 0 ? i : 1);

        spbe_regex_compile((spbe_span_t){copy, i}, &error, pool);
    }
    compiled(all);
}

static void regex_depth(void **state)
{
    enum { TOO_MANY = 3000 };
    char text[2 * TOO_MANY];
    const char *error;

    memset(text, '(', TOO_MANY);
    memset(text + TOO_MANY, ')', TOO_MANY);
    assert_null(
        spbe_regex_compile((spbe_span_t){text, 2 * TOO_MANY}, &error, pool));
    assert_non_null(strstr(error, "deep"));
}

static void regex_anchored(void **state)
{
    static const struct {
        const char *pattern;
        int anchored;
    } tests[] = {
        {"^a$", 1},      {"^a", 0},        {"a$", 0},
        {"a", 0},        {"", 0},          {"^a|b$", 0},
        {"^a$|^b$", 1},  {"^(?:a|b)$", 1}, {"(?:^a$)", 1},
        {"(^a|^b)$", 1}, {"(^a|b)$", 0},   {"^(?=.*\\d).{8,}$", 1},
        {"(?=.)^a$", 1}, {"^a$(?!b)", 1},  {"(?:^a$)?", 0},
        {"(?:^a$)+", 1}, {"^a\\$", 0},     {"\\^a$", 0},
        {"[^a$]", 0},    {"^$", 1},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (spbe_regex_is_anchored(compiled(tests[i].pattern)) !=
            tests[i].anchored) {
            fail_msg("%s", tests[i].pattern);
        }
    }
}

static void regex_slow(void **state)
{
    static const struct {
        const char *pattern;
        int slow;
    } tests[] = {
        {"(a+)+$", 1},
        {"^(a+)+$", 1},
        {"(a*)*$", 1},
        {"(a|a)*$", 1},
        {"^(?:a|aa)+$", 1},
        {"^(?:\\w|\\d)*$", 1},
        {"^(?:[a-z]|\\w)+$", 1},
        {"(.*a){20}", 1},
        {"^(\\w+\\s?)*$", 1},
        {"^(?:\\p{L}+[ '.-]?)+$", 1},
        {"^([a-zA-Z0-9]+[._-]?)+@x$", 1},
        {"^(?:[a-z]*[a-z0-9])+$", 1},
        {"^(?:ab|a|b)*$", 1},
        {"^(?:a{1,9})+$", 1},
        {"^(?:aa?)+$", 1},
        {"^x(?:y(?:a+)+)z$", 1},
        {"^\\s*\\s*\\s*\\s*x$", 1},
        {"^(?:.*,){11}$", 1},
        {"^[0-9]{16}$", 0},
        {"^\\p{L}[\\p{L}' .-]{1,98}$", 0},
        {"^\\d+(?:,\\d+)*$", 0},
        {"^(?:[a-z]+\\.)+[a-z]+$", 0},
        {"^(?:\\w+\\s)*\\w+$", 0},
        {"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", 0},
        {"^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", 0},
        {"^(?:\\d{4}-)*\\d{4}$", 0},
        {"^(?:\\+62|0)8[1-9][0-9]{7,10}$", 0},
        {"^\\d{4}-\\d{2}-\\d{2}$", 0},
        {"^(?:a|b|c)*$", 0},
        {"^(?=.*\\d)(?=.*[a-z])(?=.*[A-Z]).{12,128}$", 0},
        {"^.*$", 0},
        {"foo", 0},
        {"^(?:\"[^\"]*\"|[^,]*)(?:,(?:\"[^\"]*\"|[^,\"]*))*$", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (spbe_regex_is_slow(compiled(tests[i].pattern)) != tests[i].slow) {
            fail_msg("%s: not %d", tests[i].pattern, tests[i].slow);
        }
    }
}

/* Gives up, soon; on a long text as well, and where each place is quick. */
static void regex_limit(void **state)
{
    static const struct {
        const char *pattern;
        char filler;
        size_t len;
        const char *tail;
    } tests[] = {
        {"(a+)+$", 'a', 40, "!"},       {"^(a|a)*$", 'a', 60, "!"},
        {"(.*a){20}", 'a', 200, "\n"},  {"a*b", 'a', 1000000, "c"},
        {"(?:a*)*b", 'a', 100000, "c"}, {"\\s+$", ' ', 1000000, "x"},
    };
    spbe_regex_scratch_t *scratch = spbe_regex_scratch_create(pool);
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        size_t tail = strlen(tests[i].tail);
        char *text = apr_palloc(pool, tests[i].len + tail);
        apr_time_t began = apr_time_now();
        spbe_regex_answer_t answer;

        memset(text, tests[i].filler, tests[i].len);
        memcpy(text + tests[i].len, tests[i].tail, tail);
        answer =
            spbe_regex_match(compiled(tests[i].pattern),
                             (spbe_span_t){text, tests[i].len + tail}, scratch);
        if (answer == SPBE_REGEX_YES ||
            apr_time_now() - began > apr_time_from_sec(20)) {
            fail_msg("%s: %d after %ld ms", tests[i].pattern, (int)answer,
                     (long)(apr_time_now() - began) / 1000);
        }
    }
    assert_int_equal(spbe_regex_match(compiled("(a+)+$"),
                                      SPBE_SPAN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                                "aaaaaaaaaaaaaaaaaaaaaaa!"),
                                      scratch),
                     SPBE_REGEX_LIMIT);
    /* The same scratch serves the next text. */
    assert_int_equal(spbe_regex_match(compiled("^x$"), SPBE_SPAN("x"), scratch),
                     SPBE_REGEX_YES);
}

/* What stands far behind, across the places tried at once, is found. */
static void regex_far(void **state)
{
    enum { LEN = 300000 };
    char *text = apr_palloc(pool, LEN);
    size_t at;
    spbe_regex_t *regex = compiled("\\bsecret$|(?<=\u00e9)x");

    for (at = 0; at < LEN; at++) {
        text[at] = "\u00e9"[at % 2];
    }
    assert_int_equal(spbe_regex_match(regex, (spbe_span_t){text, LEN}, NULL),
                     SPBE_REGEX_NO);
    for (at = 250; at < 2000; at += 2) {
        char before = text[at];

        text[at] = 'x';
        assert_int_equal(
            spbe_regex_match(regex, (spbe_span_t){text, at + 1}, NULL),
            SPBE_REGEX_YES);
        text[at] = before;
    }
    memcpy(text + LEN - 7, " secret", 7);
    text[LEN - 8] = ' ';
    assert_int_equal(spbe_regex_match(regex, (spbe_span_t){text, LEN}, NULL),
                     SPBE_REGEX_YES);
}

/* Long texts that are what the pattern says are not given up on. */
static void regex_long(void **state)
{
    static const struct {
        const char *pattern;
    } tests[] = {
        {"^[^<>]*$"},
        {"^(?:[a-z0-9]|[ ,:])*$"},
        {"^[\\p{L}\\p{N}\\p{P}\\s]+$"},
        {"again: $"},
    };
    char text[200 * (sizeof(BANK_LINE) - 1)];
    size_t i;

    for (i = 0; i < 200; i++) {
        memcpy(text + i * (sizeof(BANK_LINE) - 1), BANK_LINE,
               sizeof(BANK_LINE) - 1);
    }
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_regex_scratch_t *scratch = spbe_regex_scratch_create(pool);

        if (spbe_regex_match(compiled(tests[i].pattern),
                             (spbe_span_t){text, sizeof(text)},
                             scratch) != SPBE_REGEX_YES) {
            fail_msg("%s", tests[i].pattern);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regex_match),   cmocka_unit_test(regex_nul),
        cmocka_unit_test(regex_refused), cmocka_unit_test(regex_cut),
        cmocka_unit_test(regex_depth),   cmocka_unit_test(regex_anchored),
        cmocka_unit_test(regex_slow),    cmocka_unit_test(regex_limit),
        cmocka_unit_test(regex_far),     cmocka_unit_test(regex_long),
    };
    int failed;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
