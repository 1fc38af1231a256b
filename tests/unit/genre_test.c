/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/genre_test.c - failure/genre.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "failure/genre.h"

static void genre_quotes(void **state)
{
    static const struct {
        const char *text;
        int quotes;
    } tests[] = {
        {"DBI(3pm)  User  DBI(3pm)\n\nNAME\n  DBI - x\n\nSYNOPSIS\n  use", 1},
        {"=head1 NAME\n\nDBI - x\n\n=head1 DESCRIPTION\n\n", 1},
        {"<h1>NAME</h1><p>x</p><h1>SYNOPSIS</h1>", 1},
        {"NAME\r\n  x\r\nDESCRIPTION\r\n", 1},
        {"SYNOPSIS\nx\nNAME\n", 0},
        {"SERVER_NAME\nx\nDESCRIPTION\n", 0},
        {"NAME Budi\nDESCRIPTION of goods\n", 0},
        {"<th>NAME</th><td>Budi</td>", 0},
        {"From a@b.c  Sat Nov 21\nFrom: a\nDate: x\nSubject: y\n\nHello", 1},
        {"Subject: y\r\nFrom: a\r\nMessage-ID: <1@x>\r\n\r\nHello", 1},
        {"From: Batam\nTo: Jakarta\n\nSubject: x\nDate: y\n", 0},
        {"", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (spbe_genre_quotes(spbe_span_from(tests[i].text))
            != tests[i].quotes) {
            fail_msg("%s: not %d", tests[i].text, tests[i].quotes);
        }
    }
}

static void genre_in_feed(void **state)
{
    static const struct {
        const char *text;
        int in_feed;
    } tests[] = {
        {"<rss><channel><item><title>x</title><description>a ", 1},
        {"<rss><item><description><![CDATA[<pre>", 1},
        {"<feed><entry><title>x</title><content type=\"html\">a", 1},
        {"<feed><entry><summary>a", 1},
        {"<rss><item><description>a</description></item>", 0},
        {"<rss><channel><description>a", 0},
        {"<item>", 0},
        {"<html><body><p>", 0},
        {"", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (spbe_genre_in_feed(spbe_span_from(tests[i].text))
            != tests[i].in_feed) {
            fail_msg("%s: not %d", tests[i].text, tests[i].in_feed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(genre_quotes),
        cmocka_unit_test(genre_in_feed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
