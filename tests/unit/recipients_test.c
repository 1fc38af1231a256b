/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/recipients_test.c - files of public keys.
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
#include <apr_general.h>
#include <apr_strings.h>
#include "record/recipients.h"

#define BEGIN "-----BEGIN PUBLIC KEY-----\n"
#define END "-----END PUBLIC KEY-----\n"
#define ONE                                                                    \
    BEGIN "MCowBQYDK2VuAyEARauljbtjmefEjMpGudsjz9BXItM6Tcv4l4qC2KNG4Do=\n" END
#define TWO                                                                    \
    BEGIN "MCowBQYDK2VuAyEAPCGzcxu2rVSxqOEErbYtxv13jxWOhuU24zOilbexFVU=\n" END
#define ID_ONE "1ecf352002cc3adc"
#define ID_TWO "95e11a9ec1c790ce"

static apr_pool_t *pool;

static void recipients_good(void **state)
{
    static const struct {
        const char *name, *text;
        /* ID "name" retired; separated by blanks */
        const char *want;
        int in_use;
    } tests[] = {
        {"one", ONE, ID_ONE " '' -;", 1},
        {"two, with names",
         "# name: Kepala Seksi\n" ONE "\n#name:  Cadangan  \n" TWO,
         ID_ONE " 'Kepala Seksi' -;" ID_TWO " 'Cadangan' -;", 2},
        {"one retired", "# name: lama\n# retired: 2026-03-04\n" ONE TWO,
         ID_ONE " 'lama' 2026-03-04;" ID_TWO " '' -;", 1},
        {"all retired, with words behind the day",
         "# Retired: 2026-03-04 pindah tugas\n" ONE,
         ID_ONE " '' 2026-03-04 pindah tugas;", 0},
        {"words for people, blank lines, CRLF",
         "Kunci publik kantor\r\n\r\n# nama: bukan\r\n# names: no\r\n"
         "-----BEGIN PUBLIC KEY-----\r\n"
         "MCowBQYDK2VuAyEARauljbtjmefEjMpGudsjz9BXItM6Tcv4l4qC2KNG4Do=\r\n"
         "-----END PUBLIC KEY-----",
         ID_ONE " '' -;", 1},
        {"base64 in several lines, indented",
         "  " BEGIN "MCowBQYDK2VuAyEARauljbtjme\n  fEjMpGudsjz9BXItM6Tcv4\n"
         "l4qC2KNG4Do=\n" END,
         ID_ONE " '' -;", 1},
        {"a name is for the next key only", "# name: A\n" ONE TWO,
         ID_ONE " 'A' -;" ID_TWO " '' -;", 2},
        {"a name that is UTF-8", "# name: B\xc3\xa9\n" ONE,
         ID_ONE " 'B\xc3\xa9' -;", 1},
    };
    size_t i;
    int n;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        apr_array_header_t *list;
        const char *why, *got = "";

        if (spbe_recipients_parse(spbe_span_from(tests[i].text), &list, &why,
                                  pool) != SPBE_OK) {
            fail_msg("%s: %s", tests[i].name, why);
        }
        for (n = 0; n < list->nelts; n++) {
            const spbe_recipient_t *r =
                &APR_ARRAY_IDX(list, n, spbe_recipient_t);

            got = apr_psprintf(pool, "%s%s '%s' %s;", got, r->id, r->name,
                               r->retired == NULL ? "-" : r->retired);
        }
        print_message("%s\n", tests[i].name);
        assert_string_equal(got, tests[i].want);
        assert_int_equal(spbe_recipients_in_use(list), tests[i].in_use);
    }
}

static void recipients_bad(void **state)
{
    static const struct {
        const char *name, *text, *line, *reason;
    } tests[] = {
        {"nothing", "", "no public key", "openssl genpkey"},
        {"words alone", "halo\n", "no public key", "openssl genpkey"},
        {"a private key",
         ONE "-----BEGIN PRIVATE KEY-----\n"
             "MC4CAQAwBQYDK2VuBCIEIGZdBpjbyPuVr8JcOk2c8oDYelhbeZkkPKYAj9AyWJdf"
             "\n-----END PRIVATE KEY-----\n",
         "line 4:", "private key"},
        {"an encrypted private key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
         "line 1:", "private key"},
        {"a certificate", "\n-----BEGIN CERTIFICATE-----\nMIIB\n",
         "line 2:", "no X25519"},
        {"Ed25519",
         BEGIN
         "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n" END,
         "line 1:", "no X25519"},
        {"P-256",
         BEGIN
         "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9"
         "\nq9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==\n" END,
         "line 1:", "no X25519"},
        {"a character less",
         BEGIN
         "MCowBQYDK2VuAyEARauljbtjmefEjMpGudsjz9BXItM6Tcv4l4qC2KNG4D=\n" END,
         "line 1:", "no X25519"},
        {"a character that is none",
         BEGIN
         "MCowBQYDK2VuAyEARauljbtjmefEjMpGudsjz9BXItM6Tcv4l4qC2KNG!Do=\n" END,
         "line 1:", "no X25519"},
        {"padding in the middle",
         BEGIN
         "MCowBQYDK2VuAyEARauljbtjmefEjMpGudsjz9BXItM6Tcv4l4qC2KN=4Do=\n" END,
         "line 1:", "no X25519"},
        {"an empty block", BEGIN END, "line 1:", "no X25519"},
        {"a point of low order",
         "x\n" BEGIN
         "MCowBQYDK2VuAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" END,
         "line 2:", "low order"},
        {"the same key twice", ONE ONE, "line 4:", "twice"},
        {"no END", BEGIN "MCow\n", "line 1:", "no END"},
        {"BEGIN within", BEGIN ONE, "line 1:", "no END"},
        {"END alone", ONE END, "line 4:", "without a BEGIN"},
        {"no day", "# retired: kemarin\n" ONE, "line 1:", "2026-03-04"},
        {"no day at all", "# retired:\n" ONE, "line 1:", "2026-03-04"},
        {"no name", "# name:\n" ONE, "line 1:", "200 bytes"},
        {"a name with a control character", "# name: a\x1b[2J\n" ONE,
         "line 1:", "control"},
        {"a name that is no UTF-8", "# name: a\xff\n" ONE, "line 1:", "UTF-8"},
        {"a name without a key", ONE "# name: a\n", "line 4:", "without a key"},
        {"retired without a key", ONE "# retired: 2026-03-04\n",
         "line 4:", "without a key"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        apr_array_header_t *list;
        const char *why = NULL;

        if (spbe_recipients_parse(spbe_span_from(tests[i].text), &list, &why,
                                  pool) != SPBE_BAD ||
            strstr(why, tests[i].line) == NULL ||
            strstr(why, tests[i].reason) == NULL) {
            fail_msg("%s: %s", tests[i].name, why);
        }
    }
}

/* A key of its own for each number. */
static const char *make_key(int n)
{
    unsigned char private_key[SPBE_HPKE_KEY] = {0}, key[SPBE_HPKE_KEY];
    unsigned char der[44] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                             0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00};
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
        "uvwxyz0123456789+/";
    char text[61];
    int i;

    private_key[0] = (unsigned char)(8 * n);
    assert_int_equal(spbe_hpke_public(private_key, key), SPBE_OK);
    memcpy(der + 12, key, sizeof(key));
    for (i = 0; i < 59; i++) {
        unsigned at = (unsigned)i * 6, byte = der[at / 8];
        unsigned next = at / 8 + 1 < sizeof(der) ? der[at / 8 + 1] : 0;

        text[i] = digits[((byte << 8 | next) >> (10 - at % 8)) & 63];
    }
    text[59] = '=';
    text[60] = '\0';
    return apr_pstrcat(pool, BEGIN, text, "\n", END, NULL);
}

static void recipients_many(void **state)
{
    const char *text = "", *why;
    apr_array_header_t *list;
    int i;

    for (i = 0; i < SPBE_RECIPIENTS_MAX; i++) {
        text = apr_pstrcat(pool, text, make_key(i), NULL);
    }
    assert_int_equal(
        spbe_recipients_parse(spbe_span_from(text), &list, &why, pool),
        SPBE_OK);
    assert_int_equal(list->nelts, SPBE_RECIPIENTS_MAX);
    text = apr_pstrcat(pool, text, make_key(i), NULL);
    assert_int_equal(
        spbe_recipients_parse(spbe_span_from(text), &list, &why, pool),
        SPBE_BAD);
    assert_non_null(strstr(why, "more than 16"));
}

static void recipients_file(void **state)
{
    char path[] = "/tmp/spbe-recipients.XXXXXX";
    int fd = mkstemp(path);
    apr_array_header_t *list;
    const char *why;
    FILE *file = fdopen(fd, "w");
    int i;

    fputs("# halo\n" ONE "-----BEGIN X-----\n", file);
    fflush(file);
    assert_int_equal(spbe_recipients_read(path, &list, &why, pool), SPBE_BAD);
    assert_true(strncmp(why, path, strlen(path)) == 0);
    assert_non_null(strstr(why, "line 5:"));
    assert_int_equal(ftruncate(fd, (off_t)strlen("# halo\n" ONE)), 0);
    assert_int_equal(spbe_recipients_read(path, &list, &why, pool), SPBE_OK);
    assert_int_equal(list->nelts, 1);
    for (i = 0; i < 256 * 1024; i++) {
        fputc('\n', file);
    }
    fclose(file);
    assert_int_equal(spbe_recipients_read(path, &list, &why, pool), SPBE_BAD);
    assert_non_null(strstr(why, "256 KiB"));
    unlink(path);
    assert_int_equal(spbe_recipients_read(path, &list, &why, pool), SPBE_BAD);
    assert_int_equal(list->nelts, 0);
    assert_non_null(strstr(why, path));
    assert_int_equal(spbe_recipients_read("/", &list, &why, pool), SPBE_BAD);
}

static int setup(void **state)
{
    apr_initialize();
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
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
        cmocka_unit_test(recipients_good),
        cmocka_unit_test(recipients_bad),
        cmocka_unit_test(recipients_many),
        cmocka_unit_test(recipients_file),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
