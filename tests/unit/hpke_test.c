/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/hpke_test.c - RFC 9180, base mode. The first row of each table is
 * the CFRG's published vector of this suite (test-vectors.json of the draft);
 * the others were made with another implementation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include "record/hpke_int.h"

#define TEXT_MAX 128

static const struct vector {
    const char *name, *ephemeral, *private_key, *public_key;
    const char *info, *aad, *plain; /* hexadecimal, as all of it */
    const char *enc, *sealed;
} vectors[] = {
    {"CFRG: X25519, HKDF-SHA256, AES-256-GCM, message 0",
     "179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11",
     "497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d",
     "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c",
     "4f6465206f6e2061204772656369616e2055726e", "436f756e742d30",
     "4265617574792069732074727574682c20747275746820626561757479",
     "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256",
     "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be99319"
     "80a41de125a925cdad859d5b7a"},
    {"a content key",
     "8341425cafede9d24b0599aefdfdeff1c1526ed75b07217eb99bf8c0b7498b81",
     "665d0698dbc8fb95afc25c3a4d9cf280d87a585b7999243ca6008fd03258975f",
     "45aba58dbb6399e7c48cca46b9db23cfd05722d33a4dcbf8978a82d8a346e03a",
     "737062652d6775617264206b65792031", "6b65792d31",
     "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73",
     "e29d7521911498b837ed692d12a81587898e0ac3f6208eac1069bca82fb6b633",
     "735cd382d97b831122ce7876c59d9881ccfc07ab83d16231eee954f6468ae425"
     "46193ddca1ce61a0d744836544527a74"},
    {"nothing to seal, no info, no associated data",
     "4dcc3b1e28697dd60863dae8db37f1f4f739f7f948f7c8861514f555c3aa66b8",
     "665d0698dbc8fb95afc25c3a4d9cf280d87a585b7999243ca6008fd03258975f",
     "45aba58dbb6399e7c48cca46b9db23cfd05722d33a4dcbf8978a82d8a346e03a", "", "",
     "", "3c21b3731bb6ad54b1a8e104adb62dc6fd778f158e86e536e333a295b7b11555",
     "e0edd700e9029dd14da75a98674b3929"},
};

static size_t unhex(const char *hex, unsigned char *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;

    for (; hex[0] != '\0'; hex += 2) {
        out[n++] = (unsigned char)((strchr(digits, hex[0]) - digits) << 4 |
                                   (strchr(digits, hex[1]) - digits));
    }
    return n;
}

typedef struct text {
    unsigned char bytes[TEXT_MAX];
    size_t len;
} text_t;

static text_t text_of(const char *hex)
{
    text_t text;

    assert_true(strlen(hex) / 2 <= TEXT_MAX);
    text.len = unhex(hex, text.bytes);
    return text;
}

static spbe_span_t span_of(const text_t *text)
{
    return (spbe_span_t){(const char *)text->bytes, text->len};
}

static void hpke_vectors(void **state)
{
    size_t i;

    for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        const struct vector *v = &vectors[i];
        text_t ephemeral = text_of(v->ephemeral), info = text_of(v->info);
        text_t private_key = text_of(v->private_key), aad = text_of(v->aad);
        text_t public_key = text_of(v->public_key), plain = text_of(v->plain);
        text_t sealed = text_of(v->sealed), enc = text_of(v->enc);
        unsigned char out[TEXT_MAX], key[SPBE_HPKE_KEY];

        print_message("%s\n", v->name);
        assert_int_equal(spbe_hpke_public(private_key.bytes, key), SPBE_OK);
        assert_memory_equal(key, public_key.bytes, sizeof(key));
        assert_int_equal(spbe_hpke_seal_from(ephemeral.bytes, public_key.bytes,
                                             span_of(&info), span_of(&aad),
                                             span_of(&plain), key, out),
                         SPBE_OK);
        assert_memory_equal(key, enc.bytes, sizeof(key));
        assert_int_equal(sealed.len, plain.len + SPBE_HPKE_TAG);
        assert_memory_equal(out, sealed.bytes, sealed.len);
        assert_int_equal(spbe_hpke_open(private_key.bytes, enc.bytes,
                                        span_of(&info), span_of(&aad),
                                        span_of(&sealed), out),
                         SPBE_OK);
        assert_memory_equal(out, plain.bytes, plain.len);
    }
}

/* What is changed, in which the first vector must not open. */
static void hpke_altered(void **state)
{
    enum { NOTHING, KEY, ENC, INFO, AAD, TEXT, TAG, SHORT, EMPTY };
    static const struct {
        const char *name;
        int what;
        spbe_rc_t want;
    } tests[] = {
        {"nothing", NOTHING, SPBE_OK},
        {"another private key", KEY, SPBE_BAD},
        {"encapsulated key", ENC, SPBE_BAD},
        {"info", INFO, SPBE_BAD},
        {"associated data", AAD, SPBE_BAD},
        {"first byte", TEXT, SPBE_BAD},
        {"last byte", TAG, SPBE_BAD},
        {"a byte less", SHORT, SPBE_BAD},
        {"shorter than a tag", EMPTY, SPBE_BAD},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        text_t key = text_of(vectors[0].private_key);
        text_t enc = text_of(vectors[0].enc), info = text_of(vectors[0].info);
        text_t aad = text_of(vectors[0].aad), text = text_of(vectors[0].sealed);
        unsigned char out[TEXT_MAX];

        key.bytes[5] ^= tests[i].what == KEY;
        enc.bytes[31] ^= tests[i].what == ENC;
        info.bytes[0] ^= tests[i].what == INFO;
        aad.bytes[0] ^= tests[i].what == AAD;
        text.bytes[0] ^= tests[i].what == TEXT;
        text.bytes[text.len - 1] ^= tests[i].what == TAG;
        text.len -= tests[i].what == SHORT;
        text.len = tests[i].what == EMPTY ? SPBE_HPKE_TAG - 1 : text.len;
        print_message("%s\n", tests[i].name);
        assert_int_equal(spbe_hpke_open(key.bytes, enc.bytes, span_of(&info),
                                        span_of(&aad), span_of(&text), out),
                         tests[i].want);
    }
}

/* Points of order 1, 2, 4 and 8 (RFC 7748 section 6.1): the secret would be
 * zero whatever the other key is. */
static void hpke_low_order(void **state)
{
    static const struct {
        const char *name, *point;
    } tests[] = {
        {"0",
         "0000000000000000000000000000000000000000000000000000000000000000"},
        {"1",
         "0100000000000000000000000000000000000000000000000000000000000000"},
        {"order 8",
         "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"},
        {"order 8, the other",
         "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"},
        {"p - 1",
         "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {"p",
         "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {"p + 1",
         "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {"0 with the bit that is ignored",
         "0000000000000000000000000000000000000000000000000000000000000080"},
    };
    text_t key = text_of(vectors[0].private_key);
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        text_t point = text_of(tests[i].point);
        unsigned char enc[SPBE_HPKE_ENC], out[TEXT_MAX] = {0};

        print_message("%s\n", tests[i].name);
        assert_int_equal(spbe_hpke_seal(point.bytes, SPBE_SPAN_EMPTY,
                                        SPBE_SPAN_EMPTY, SPBE_SPAN("x"), enc,
                                        out),
                         SPBE_BAD);
        assert_int_equal(spbe_hpke_open(key.bytes, point.bytes, SPBE_SPAN_EMPTY,
                                        SPBE_SPAN_EMPTY,
                                        (spbe_span_t){(const char *)out, 17},
                                        out),
                         SPBE_BAD);
    }
}

static void hpke_fresh(void **state)
{
    text_t public_key = text_of(vectors[0].public_key);
    text_t private_key = text_of(vectors[0].private_key);
    spbe_span_t plain = SPBE_SPAN("rahasia"), empty = SPBE_SPAN_EMPTY;
    unsigned char enc[2][SPBE_HPKE_ENC], out[2][7 + SPBE_HPKE_TAG], back[7];
    char long_info[129];
    int i;

    for (i = 0; i < 2; i++) {
        assert_int_equal(spbe_hpke_seal(public_key.bytes, SPBE_SPAN("i"), empty,
                                        plain, enc[i], out[i]),
                         SPBE_OK);
        assert_int_equal(
            spbe_hpke_open(private_key.bytes, enc[i], SPBE_SPAN("i"), empty,
                           (spbe_span_t){(const char *)out[i], sizeof(out[i])},
                           back),
            SPBE_OK);
        assert_memory_equal(back, plain.ptr, plain.len);
    }
    assert_memory_not_equal(enc[0], enc[1], sizeof(enc[0]));
    assert_memory_not_equal(out[0], out[1], sizeof(out[0]));
    /* An info text beyond what is provided for is refused, not cut. */
    memset(long_info, 'i', sizeof(long_info));
    assert_int_equal(spbe_hpke_seal(public_key.bytes,
                                    (spbe_span_t){long_info, sizeof(long_info)},
                                    empty, plain, enc[0], out[0]),
                     SPBE_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hpke_vectors),
        cmocka_unit_test(hpke_altered),
        cmocka_unit_test(hpke_low_order),
        cmocka_unit_test(hpke_fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
