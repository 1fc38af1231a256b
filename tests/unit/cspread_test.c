/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cspread_test.c - may a script of the page's own origin run?
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/cspread.h"

static const struct {
    const char *label, *header;
    int runs;
    const char *nonce;
} rows[] = {
    { "no policy", "", 1, "" },
    { "scripts not spoken of", "img-src 'none'; base-uri 'none'", 1, "" },
    { "self by default", "default-src 'self'", 1, "" },
    { "none by default", "default-src 'none'", 0, "" },
    { "an empty list", "script-src", 0, "" },
    { "script-src goes before default-src",
      "default-src 'self'; script-src https://cdn.example", 0, "" },
    { "the order does not matter",
      "script-src 'self'; default-src 'none'", 1, "" },
    { "script-src-elem goes before script-src",
      "script-src 'none'; script-src-elem 'self'", 1, "" },
    { "any host", "script-src *", 1, "" },
    { "case", "SCRIPT-SRC 'SELF'", 1, "" },
    { "a nonce", "script-src 'nonce-abc='", 1, "abc=" },
    { "self makes the nonce needless", "script-src 'self' 'nonce-abc'", 1,
      "" },
    { "strict-dynamic makes self void",
      "script-src 'self' 'strict-dynamic' 'nonce-abc'", 1, "abc" },
    { "strict-dynamic alone", "script-src 'self' 'strict-dynamic'", 0, "" },
    { "a hash allows others only", "script-src 'sha256-abc'", 0, "" },
    { "unsafe-inline is no source", "script-src 'unsafe-inline'", 0, "" },
    { "two policies, one forbids", "default-src 'self', script-src 'none'", 0,
      "" },
    { "two policies, one nonce",
      "script-src 'nonce-a', script-src 'nonce-a'", 1, "a" },
    { "two policies, two nonces",
      "script-src 'nonce-a', script-src 'nonce-b'", 0, "a" },
    { "a directive twice", "script-src 'none'; script-src 'self'", 0, "" },
    { "sandboxed", "sandbox; script-src 'self'", 0, "" },
    { "sandboxed with scripts", "sandbox allow-scripts; script-src 'self'", 1,
      "" },
    { "a nonce without its value", "script-src 'nonce-'", 0, "" },
};

static void test_rows(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        spbe_span_t nonce;
        int runs = spbe_cspread_script(spbe_span_from(rows[i].header), &nonce);

        if (runs != rows[i].runs
            || (runs && !spbe_span_eq(nonce, spbe_span_from(rows[i].nonce)))) {
            fail_msg("%s: %d, nonce %.*s", rows[i].label, runs,
                     (int)nonce.len, nonce.ptr);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
