/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/unseal_test.c - opening with a private key. Keys, key record and
 * details were made with another implementation.
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
#include <openssl/evp.h>
#include <zlib.h>
#include "record/unseal.h"
#include "record/wrapping.h"
#include "text/base64url.h"

#define KEY "01890a5d-ac96-774b-bcce-b302099a8057"
#define ONE "1ecf352002cc3adc"
#define SUITE "\"suite\":\"X25519-SHA256-AES256GCM\""
#define ENC "\"enc\":\"4p11IZEUmLg37WktEqgVh4mOCsP2II6sEGm8qC-2tjM\""
#define CT                                                                     \
    "\"ct\":\"c1zTgtl7gxEiznh2xZ2Ygcz8B6uD0WIx7ulU9kaK5CXVEZ4o8EkePVRwqWCCKF6" \
    "e\""
#define TO "{\"r\":\"" ONE "\"," ENC "," CT "}"
#define RECORD "{\"key\":\"" KEY "\"," SUITE ",\"to\":[" TO "]}"
#define H "{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8058\",\"kind\":\"error\"}"
#define D                                                                      \
    "{\"message\":\"koneksi ke basis data gagal\",\"trace\":\"#0 "             \
    "/srv/app/index.php(12)\"}"
#define SEALED                                                                 \
    "AAECAwQFBgcICQoLAaYN-nt0du-tCcidqcQc72zBHVsTV7yb8akBMxhCkefkCJc50qGpW_nv" \
    "LXIB6VDHZW_UWDlXQg-J8JImZ6nwOp5L-_fEI1H6ds3ECricyQQnwdELVH4oJlQHNx3_ieAZ" \
    "AGE"
/* The same details without zlib. */
#define UNPACKED                                                               \
    "AAECAwQFBgcICQoLAl51VUkJV7jYLiIUjm30zhP5w4IMYNFQ2Z0sYtYILmm4lHtBNzABkB1f" \
    "dVJyEFQ0l67zbR0U7Y-mbw_9_U_A7eZ63hXqpW-F6nhcyTJlYCyWmhYXYKQ2u9DCVnSw"

static const char private_one[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VuBCIEIGZdBpjbyPuVr8JcOk2c8oDYelhbeZkkPKYAj9AyWJdf\n"
    "-----END PRIVATE KEY-----\n";
static const char encrypted_one[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBDIZL3Nq2toQooc52FA\n"
    "zszTAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQIg0GMXtyig6ib8iN\n"
    "IFQKmQRAJ6C0gte5R59ZAlR/GKdCLL2e78if5xzCy3UXjI/DBltcQb8mr5Lu4DTG\n"
    "lVy8Uw1CDHieD3NCdjveRgJpmpXikw==\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char private_two[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VuBCIEIE3MOx4oaX3WCGPa6Ns38fT3Off5SPfIhhUU9VXDqma4\n"
    "-----END PRIVATE KEY-----\n";
static const char ed25519[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

static apr_pool_t *pool;
static char file[64];

static void spew(const char *text)
{
    FILE *out = fopen(file, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static spbe_unseal_t *with_key(const char *pem)
{
    spbe_unseal_t *unseal = spbe_unseal_create(pool);
    const char *why;

    spew(pem);
    assert_non_null(unseal);
    assert_int_equal(spbe_unseal_add_key(unseal, file, NULL, NULL, &why),
                     SPBE_OK);
    return unseal;
}

static spbe_span_t decode(const char *text)
{
    spbe_span_t bytes;

    assert_int_equal(spbe_base64url_decode(spbe_span_from(text), &bytes, pool),
                     SPBE_OK);
    return bytes;
}

static int answer(void *baton, const char *path, char *text, size_t size)
{
    const char *passphrase = baton;

    assert_string_equal(path, file);
    assert_true(strlen(passphrase) < size);
    memcpy(text, passphrase, strlen(passphrase));
    return (int)strlen(passphrase);
}

static int refuse(void *baton, const char *path, char *text, size_t size)
{
    return -1;
}

static void unseal_keys(void **state)
{
    static const struct {
        const char *name, *pem;
        spbe_unseal_ask_t *ask;
        const char *passphrase, *why; /* NULL: taken */
    } tests[] = {
        {"plain", private_one, NULL, "", NULL},
        {"with a passphrase", encrypted_one, answer, "frasa sandi", NULL},
        {"a wrong passphrase", encrypted_one, answer, "frasa", "passphrase"},
        {"an empty passphrase", encrypted_one, answer, "", "passphrase"},
        {"nobody answers", encrypted_one, refuse, "", "passphrase"},
        {"nobody to be asked", encrypted_one, NULL, "", "nobody can be asked"},
        {"another kind of key", ed25519, NULL, "", "no X25519"},
        {"no key", "halo\n", NULL, "", "no private key"},
        {"nothing", "", NULL, "", "no private key"},
        {"cut off", "-----BEGIN PRIVATE KEY-----\nMC4CAQ\n", NULL, "",
         "no private key"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_unseal_t *unseal = spbe_unseal_create(pool);
        char passphrase[32];
        const char *why = "";
        spbe_rc_t rc;

        spew(tests[i].pem);
        apr_cpystrn(passphrase, tests[i].passphrase, sizeof(passphrase));
        rc = spbe_unseal_add_key(unseal, file, tests[i].ask, passphrase, &why);
        if (rc != (tests[i].why == NULL ? SPBE_OK : SPBE_BAD) ||
            spbe_unseal_keys(unseal) != (rc == SPBE_OK) ||
            (rc != SPBE_OK && (strstr(why, tests[i].why) == NULL ||
                               strncmp(why, file, strlen(file)) != 0))) {
            fail_msg("%s: %d %s", tests[i].name, rc, why);
        }
        assert_int_equal(spbe_unseal_learn(unseal, SPBE_SPAN(RECORD)),
                         rc == SPBE_OK ? SPBE_OK : SPBE_NONE);
    }
}

static void unseal_missing_file(void **state)
{
    spbe_unseal_t *unseal = spbe_unseal_create(pool);
    const char *why = "";

    assert_int_equal(
        spbe_unseal_add_key(unseal, "/nowhere/at/all.pem", NULL, NULL, &why),
        SPBE_BAD);
    assert_non_null(strstr(why, "/nowhere/at/all.pem: "));
}

static void unseal_learning(void **state)
{
    static const struct {
        const char *name, *json;
        spbe_rc_t want;
    } tests[] = {
        {"as it is", RECORD, SPBE_OK},
        {"once more", RECORD, SPBE_OK},
        {"behind others",
         "{\"key\":\"" KEY "\"," SUITE ",\"to\":[{},1,{\"r\":2},{\"r\":\"x\"},"
         "{\"r\":\"" ONE "\"},{\"r\":\"" ONE "\",\"enc\":\"!\"," CT "}," TO
         "]}",
         SPBE_OK},
        {"members that are not known",
         "{\"x\":[1],\"key\":\"" KEY "\"," SUITE ",\"to\":[" TO "]}", SPBE_OK},
        {"to others",
         "{\"key\":\"" KEY "\"," SUITE
         ",\"to\":[{\"r\":\"95e11a9ec1c790ce\"," ENC "," CT "}]}",
         SPBE_NONE},
        {"to nobody", "{\"key\":\"" KEY "\"," SUITE ",\"to\":[]}", SPBE_NONE},
        {"under another id", "{\"key\":\"other\"," SUITE ",\"to\":[" TO "]}",
         SPBE_BAD},
        {"another suite",
         "{\"key\":\"" KEY "\",\"suite\":\"X\",\"to\":[" TO "]}", SPBE_BAD},
        {"no suite", "{\"key\":\"" KEY "\",\"to\":[" TO "]}", SPBE_BAD},
        {"no id", "{" SUITE ",\"to\":[" TO "]}", SPBE_BAD},
        {"an id with a blank", "{\"key\":\"a b\"," SUITE ",\"to\":[" TO "]}",
         SPBE_BAD},
        {"an id of 65",
         "{\"key\":\"01234567890123456789012345678901234567890123456789"
         "012345678901234\"," SUITE ",\"to\":[" TO "]}",
         SPBE_BAD},
        {"an empty id", "{\"key\":\"\"," SUITE ",\"to\":[" TO "]}", SPBE_BAD},
        {"two ids",
         "{\"key\":\"a\",\"key\":\"" KEY "\"," SUITE ",\"to\":[" TO "]}",
         SPBE_BAD},
        {"to is no array", "{\"key\":\"" KEY "\"," SUITE ",\"to\":" TO "}",
         SPBE_BAD},
        {"enc too short",
         "{\"key\":\"" KEY "\"," SUITE ",\"to\":[{\"r\":\"" ONE
         "\",\"enc\":\"4p11IZEUmLg37WktEqgVh4mOCsP2II6sEGm8qC-2\"," CT "}]}",
         SPBE_BAD},
        {"no ct",
         "{\"key\":\"" KEY "\"," SUITE ",\"to\":[{\"r\":\"" ONE "\"," ENC "}]}",
         SPBE_BAD},
        {"ct altered",
         "{\"key\":\"" KEY "\"," SUITE ",\"to\":[{\"r\":\"" ONE "\"," ENC
         ",\"ct\":\"d1zTgtl7gxEiznh2xZ2Ygcz8B6uD0WIx7ulU9kaK5CXVEZ4o8EkePVRwqW"
         "CCKF6e\"}]}",
         SPBE_BAD},
        {"no object", "[]", SPBE_BAD},
        {"a number", "1", SPBE_BAD},
        {"no JSON", "{", SPBE_BAD},
        {"nothing", "", SPBE_BAD},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_unseal_t *unseal = with_key(private_one);
        spbe_rc_t got =
            spbe_unseal_learn(unseal, spbe_span_from(tests[i].json));

        if (got != tests[i].want ||
            spbe_unseal_knows(unseal, KEY) != (got == SPBE_OK)) {
            fail_msg("%s: %d", tests[i].name, got);
        }
        assert_false(spbe_unseal_knows(unseal, "other"));
    }
}

static void unseal_opening(void **state)
{
    static const struct {
        const char *name, *key, *h, *sealed;
        spbe_rc_t want;
    } tests[] = {
        {"as it is", KEY, H, SEALED, SPBE_OK},
        {"another key", "other", H, SEALED, SPBE_NONE},
        {"no key", "", H, SEALED, SPBE_NONE},
        {"h altered", KEY, "{}", SEALED, SPBE_BAD},
        {"h with a blank", KEY, H " ", SEALED, SPBE_BAD},
        {"not packed", KEY, H, UNPACKED, SPBE_BAD},
        {"nothing", KEY, H, "", SPBE_BAD},
        {"a nonce alone", KEY, H, "AAECAwQFBgcICQoL", SPBE_BAD},
        {"a nonce and a tag", KEY, H, "AAECAwQFBgcICQoLAAECAwQFBgcICQoLDA0ODw",
         SPBE_BAD},
    };
    spbe_unseal_t *unseal = with_key(private_one);
    spbe_span_t sealed, d;
    size_t i;

    assert_int_equal(spbe_unseal_learn(unseal, SPBE_SPAN(RECORD)), SPBE_OK);
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_rc_t rc =
            spbe_unseal_open(unseal, tests[i].key, spbe_span_from(tests[i].h),
                             decode(tests[i].sealed), &d, pool);

        if (rc != tests[i].want ||
            (rc == SPBE_OK && !spbe_span_eq(d, SPBE_SPAN(D)))) {
            fail_msg("%s: %d", tests[i].name, rc);
        }
    }
    /* Every single bit counts. */
    sealed = decode(SEALED);
    for (i = 0; i < sealed.len * 8; i++) {
        char *copy = apr_pmemdup(pool, sealed.ptr, sealed.len);

        copy[i / 8] ^= (char)(1 << i % 8);
        assert_int_equal(spbe_unseal_open(unseal, KEY, SPBE_SPAN(H),
                                          (spbe_span_t){copy, sealed.len}, &d,
                                          pool),
                         SPBE_BAD);
    }
}

static const unsigned char content[SPBE_SEAL_KEY] = {1, 2, 3};

static spbe_span_t wrap(const char *id, const unsigned char *key,
                        const char *pem)
{
    apr_array_header_t *list;
    const char *why;
    spbe_buf_t json;

    assert_int_equal(
        spbe_recipients_parse(spbe_span_from(pem), &list, &why, pool), SPBE_OK);
    spbe_buf_init(&json, 512, pool);
    assert_int_equal(
        spbe_wrapping_write(&json, id, key,
                            &APR_ARRAY_IDX(list, 0, spbe_recipient_t), 1),
        SPBE_OK);
    return spbe_buf_span(&json);
}

static const char public_one[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VuAyEARauljbtjmefEjMpGudsjz9BXItM6Tcv4l4qC2KNG4Do=\n"
    "-----END PUBLIC KEY-----\n";

/* Somebody sealed keys of his own under the id of another: before and after. */
static void unseal_same_id(void **state)
{
    unsigned char other[SPBE_SEAL_KEY] = {0};
    spbe_unseal_t *unseal = with_key(private_one);
    spbe_span_t d;
    int i;

    for (i = 1; i < 100; i++) {
        other[0] = (unsigned char)i;
        assert_int_equal(
            spbe_unseal_learn(unseal, wrap(KEY, other, public_one)), SPBE_OK);
    }
    assert_int_equal(spbe_unseal_learn(unseal, SPBE_SPAN(RECORD)), SPBE_OK);
    other[0] = 100;
    assert_int_equal(spbe_unseal_learn(unseal, wrap(KEY, other, public_one)),
                     SPBE_OK);
    assert_int_equal(
        spbe_unseal_open(unseal, KEY, SPBE_SPAN(H), decode(SEALED), &d, pool),
        SPBE_OK);
    assert_true(spbe_span_eq(d, SPBE_SPAN(D)));
}

/* More keys than one piece of locked memory has room for. */
static void unseal_many(void **state)
{
    spbe_unseal_t *unseal = with_key(private_one);
    unsigned char key[SPBE_SEAL_KEY] = {0};
    int i;

    for (i = 0; i < 1100; i++) {
        key[0] = (unsigned char)i;
        key[1] = (unsigned char)(i >> 8);
        assert_int_equal(
            spbe_unseal_learn(
                unseal, wrap(apr_psprintf(pool, "k%d", i), key, public_one)),
            SPBE_OK);
    }
    for (i = 0; i < 1100; i++) {
        assert_true(spbe_unseal_knows(unseal, apr_psprintf(pool, "k%d", i)));
    }
    assert_false(spbe_unseal_knows(unseal, "k1100"));
}

static void unseal_rewrapping(void **state)
{
    spbe_unseal_t *one = with_key(private_one), *two = with_key(private_two);
    apr_array_header_t *ids;
    unsigned char successor[SPBE_HPKE_KEY];
    spbe_span_t line, d;
    static const unsigned char private_key[SPBE_HPKE_KEY] = {
        0x4d, 0xcc, 0x3b, 0x1e, 0x28, 0x69, 0x7d, 0xd6, 0x08, 0x63, 0xda,
        0xe8, 0xdb, 0x37, 0xf1, 0xf4, 0xf7, 0x39, 0xf7, 0xf9, 0x48, 0xf7,
        0xc8, 0x86, 0x15, 0x14, 0xf5, 0x55, 0xc3, 0xaa, 0x66, 0xb8};

    assert_int_equal(spbe_hpke_public(private_key, successor), SPBE_OK);
    assert_int_equal(spbe_unseal_learn(two, SPBE_SPAN(RECORD)), SPBE_NONE);
    assert_int_equal(
        spbe_unseal_rewrap(two, SPBE_SPAN(RECORD), successor, &line, pool),
        SPBE_NONE);
    assert_int_equal(line.len, 0);
    assert_int_equal(
        spbe_unseal_rewrap(one, SPBE_SPAN("{}"), successor, &line, pool),
        SPBE_BAD);
    assert_int_equal(
        spbe_unseal_rewrap(one, SPBE_SPAN(RECORD), successor, &line, pool),
        SPBE_OK);
    assert_int_equal(spbe_span_chr(line, '\n'), SPBE_NPOS);
    ids = spbe_unseal_recipients(line, pool);
    assert_int_equal(ids->nelts, 1);
    assert_string_equal(APR_ARRAY_IDX(ids, 0, const char *),
                        "95e11a9ec1c790ce");
    assert_int_equal(spbe_unseal_learn(two, line), SPBE_OK);
    assert_int_equal(
        spbe_unseal_open(two, KEY, SPBE_SPAN(H), decode(SEALED), &d, pool),
        SPBE_OK);
    assert_true(spbe_span_eq(d, SPBE_SPAN(D)));
    assert_int_equal(spbe_unseal_recipients(SPBE_SPAN("{}"), pool)->nelts, 0);
}

/* Details sealed as any child could: that many blanks, packed. */
static spbe_span_t bomb(size_t size)
{
    Bytef *text = calloc(1, size);
    uLongf len = compressBound(size);
    unsigned char *out = apr_pcalloc(pool, 12 + len + 16);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n;

    assert_non_null(text);
    assert_int_equal(compress(out + 12, &len, text, size), Z_OK);
    free(text);
    assert_int_equal(
        EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, content, out), 1);
    assert_int_equal(EVP_EncryptUpdate(ctx, out + 12, &n, out + 12, (int)len),
                     1);
    assert_int_equal(EVP_EncryptFinal_ex(ctx, out + 12 + n, &n), 1);
    assert_int_equal(
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, out + 12 + len), 1);
    EVP_CIPHER_CTX_free(ctx);
    return (spbe_span_t){(const char *)out, 12 + len + 16};
}

static void unseal_bomb(void **state)
{
    spbe_unseal_t *unseal = with_key(private_one);
    spbe_span_t d;

    assert_int_equal(spbe_unseal_learn(unseal, wrap(KEY, content, public_one)),
                     SPBE_OK);
    assert_int_equal(
        spbe_unseal_open(unseal, KEY, SPBE_SPAN_EMPTY, bomb(4 << 20), &d, pool),
        SPBE_OK);
    assert_int_equal(d.len, 4 << 20);
    assert_int_equal(spbe_unseal_open(unseal, KEY, SPBE_SPAN_EMPTY,
                                      bomb((4 << 20) + 1), &d, pool),
                     SPBE_BAD);
    assert_int_equal(spbe_unseal_open(unseal, KEY, SPBE_SPAN_EMPTY,
                                      bomb(64 << 20), &d, pool),
                     SPBE_BAD);
}

static int setup(void **state)
{
    int fd;

    apr_initialize();
    strcpy(file, "/tmp/spbe-unseal-XXXXXX");
    fd = mkstemp(file);
    close(fd);
    return fd < 0 || apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    unlink(file);
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unseal_keys),
        cmocka_unit_test(unseal_missing_file),
        cmocka_unit_test(unseal_learning),
        cmocka_unit_test(unseal_opening),
        cmocka_unit_test(unseal_same_id),
        cmocka_unit_test(unseal_many),
        cmocka_unit_test(unseal_rewrapping),
        cmocka_unit_test(unseal_bomb),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
