/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/seal_test.c - a content key a minute, and what is left of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include "record/line.h"
#include "record/seal_int.h"
#include "record/unseal.h"

#define SECOND apr_time_from_sec(1)
#define START (1700000000 * SECOND)
#define H "{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8058\",\"kind\":\"error\"}"
#define D "{\"message\":\"rahasia rahasia rahasia rahasia rahasia rahasia\"}"

static apr_pool_t *pool;

/* The private key of that number; also in PEM. */
static void private_of(int n, unsigned char key[SPBE_HPKE_KEY])
{
    memset(key, n + 1, SPBE_HPKE_KEY);
}

static spbe_recipient_t recipient(int n)
{
    spbe_recipient_t one = {.name = ""};
    unsigned char key[SPBE_HPKE_KEY];

    private_of(n, key);
    assert_int_equal(spbe_hpke_public(key, one.key), SPBE_OK);
    spbe_recipient_id(one.key, one.id);
    return one;
}

static apr_array_header_t *recipients(int n)
{
    apr_array_header_t *list =
        apr_array_make(pool, n, sizeof(spbe_recipient_t));
    int i;

    for (i = 0; i < n; i++) {
        APR_ARRAY_PUSH(list, spbe_recipient_t) = recipient(i);
    }
    return list;
}

static spbe_unseal_t *opener(int n)
{
    char path[] = "/tmp/spbe-seal-XXXXXX";
    FILE *out = fdopen(mkstemp(path), "w");
    spbe_unseal_t *unseal = spbe_unseal_create(pool);
    unsigned char key[SPBE_HPKE_KEY];
    EVP_PKEY *pkey;
    const char *why;

    private_of(n, key);
    pkey =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, key, sizeof(key));
    assert_non_null(out);
    assert_int_equal(PEM_write_PrivateKey(out, pkey, NULL, NULL, 0, NULL, NULL),
                     1);
    fclose(out);
    EVP_PKEY_free(pkey);
    assert_int_equal(spbe_unseal_add_key(unseal, path, NULL, NULL, &why),
                     SPBE_OK);
    unlink(path);
    return unseal;
}

static spbe_encoded_t record(const char *d)
{
    return (spbe_encoded_t){
        .id = "01890a5d-ac96-774b-bcce-b302099a8058", .h = H, .d = d};
}

static const char *seal(spbe_sealer_t *sealer, apr_time_t now)
{
    spbe_encoded_t encoded = record(D), fresh;

    assert_int_equal(spbe_seal(sealer, &encoded, &fresh, now, pool), SPBE_OK);
    return encoded.key;
}

static int is_wiped(const spbe_sealer_t *sealer)
{
    static const spbe_content_t nothing;

    return memcmp(sealer->content, &nothing, sizeof(nothing)) == 0;
}

static void seal_opens(void **state)
{
    apr_array_header_t *list = recipients(3);
    spbe_sealer_t *sealer;
    spbe_encoded_t encoded = record(D), fresh;
    spbe_span_t d;
    int i;

    APR_ARRAY_IDX(list, 1, spbe_recipient_t).retired = "2026-03-04";
    sealer = spbe_sealer_create(list, "web-1", pool);
    assert_non_null(sealer);
    assert_int_equal(spbe_seal(sealer, &encoded, &fresh, START, pool), SPBE_OK);
    assert_null(encoded.d);
    assert_string_equal(encoded.h, H);
    assert_string_equal(encoded.key, fresh.id);
    assert_null(fresh.key);
    assert_string_equal(
        fresh.h, apr_psprintf(pool,
                              "{\"id\":\"%s\",\"ts\":\"2023-11-14T22:13:20."
                              "000000Z\",\"kind\":\"key\",\"key\":\"%s\","
                              "\"node\":\"web-1\"}",
                              fresh.id, fresh.id));
    for (i = 0; i < 3; i++) {
        spbe_unseal_t *unseal = opener(i);
        spbe_rc_t want = i == 1 ? SPBE_NONE : SPBE_OK;

        assert_int_equal(spbe_unseal_learn(unseal, spbe_span_from(fresh.d)),
                         want);
        assert_int_equal(spbe_unseal_open(unseal, encoded.key, SPBE_SPAN(H),
                                          encoded.sealed, &d, pool),
                         want);
        assert_true(i == 1 || spbe_span_eq(d, SPBE_SPAN(D)));
    }
    assert_int_equal(
        spbe_unseal_recipients(spbe_span_from(fresh.d), pool)->nelts, 2);
}

static char *repeat(char c, size_t n, int vary)
{
    char *text = apr_palloc(pool, n + 1);
    unsigned seed = 1;
    size_t i;

    for (i = 0; i < n; i++) {
        seed = seed * 1103515245u + 12345u;
        text[i] = vary ? (char)(' ' + (seed >> 16) % 95) : c;
    }
    text[n] = '\0';
    return text;
}

static void seal_sizes(void **state)
{
    static const struct {
        const char *name;
        size_t len;
        int vary;    /* cannot be made much smaller */
        size_t most; /* bytes sealed */
    } tests[] = {
        {"one byte", 1, 0, 12 + 16 + 9},
        {"a short text", 100, 0, 12 + 16 + 20},
        {"512, not to be packed", 512, 1, 600},
        {"513, not to be packed", 513, 1, 600},
        {"4096 alike", 4096, 0, 100},
        {"64 KiB, not to be packed", 65536, 1, 65536},
        {"1 MiB alike", 1024 * 1024, 0, 12000},
        {"1 MiB, not to be packed", 1024 * 1024, 1, 1024 * 1024},
    };
    spbe_sealer_t *sealer = spbe_sealer_create(recipients(1), "n", pool);
    spbe_unseal_t *unseal = opener(0);
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        char *text = repeat('a', tests[i].len, tests[i].vary);
        spbe_encoded_t encoded = record(text), fresh;
        spbe_span_t d;

        print_message("%s\n", tests[i].name);
        assert_int_equal(spbe_seal(sealer, &encoded, &fresh, START, pool),
                         SPBE_OK);
        assert_int_equal(spbe_unseal_learn(unseal, spbe_span_from(fresh.d)),
                         SPBE_OK);
        assert_true(encoded.sealed.len <= tests[i].most);
        assert_int_equal(spbe_unseal_open(unseal, encoded.key, SPBE_SPAN(H),
                                          encoded.sealed, &d, pool),
                         SPBE_OK);
        assert_true(spbe_span_eq(d, spbe_span_from(text)));
    }
}

static void seal_minutes(void **state)
{
    static const struct {
        const char *name;
        apr_time_t at;     /* after START */
        apr_time_t steady; /* how much later by the other clock */
        unsigned uses;
        int fresh;
    } tests[] = {
        {"the first", 0, 0, 0, 1},
        {"at once", 0, 0, 0, 0},
        {"59.999999 s later", 60 * SECOND - 1, 0, 0, 0},
        {"60 s later", 60 * SECOND, 0, 0, 1},
        {"and the next", 61 * SECOND, 0, 0, 0},
        {"set back by a microsecond before its making", 60 * SECOND - 1, 0, 0,
         1},
        {"set back by an hour", -3600 * SECOND, 0, 0, 1},
        {"stays there", -3600 * SECOND, 0, 0, 0},
        {"set forward by years", 100000000 * SECOND, 0, 0, 1},
        {"the wall clock stands still for 30 s", 100000000 * SECOND,
         30 * SECOND, 0, 0},
        {"... for 60 s", 100000000 * SECOND, 30 * SECOND, 0, 1},
        {"one record less than a key may have", 100000000 * SECOND, 0,
         SPBE_SEAL_USES - 1, 0},
        {"one more", 100000000 * SECOND, 0, SPBE_SEAL_USES, 1},
        {"counting begins anew", 100000000 * SECOND, 0, 1, 0},
    };
    spbe_sealer_t *sealer = spbe_sealer_create(recipients(2), "n", pool);
    const char *before = "";
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *key;

        sealer->content->started -= tests[i].steady;
        if (tests[i].uses > 0) {
            sealer->content->uses = tests[i].uses;
        }
        key = seal(sealer, START + tests[i].at);
        if (tests[i].fresh != (strcmp(key, before) != 0)) {
            fail_msg("%s", tests[i].name);
        }
        before = key;
    }
}

static void seal_tick(void **state)
{
    static const struct {
        const char *name;
        apr_time_t at, steady;
        int wiped;
    } tests[] = {
        {"at once", 0, 0, 0},
        {"59 s later", 59 * SECOND, 0, 0},
        {"60 s later", 60 * SECOND, 0, 1},
        {"set back", -SECOND, 0, 1},
        {"the wall clock stands still", 0, 60 * SECOND, 1},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_sealer_t *sealer = spbe_sealer_create(recipients(1), "n", pool);
        const char *key;

        spbe_sealer_tick(sealer, START);
        assert_true(is_wiped(sealer));
        key = seal(sealer, START);
        assert_false(is_wiped(sealer));
        sealer->content->started -= tests[i].steady;
        spbe_sealer_tick(sealer, START + tests[i].at);
        if (is_wiped(sealer) != tests[i].wiped) {
            fail_msg("%s", tests[i].name);
        }
        if (tests[i].wiped) {
            assert_string_not_equal(seal(sealer, START), key);
        }
    }
}

static void seal_announces(void **state)
{
    spbe_sealer_t *sealer = spbe_sealer_create(recipients(1), "n", pool);
    spbe_encoded_t encoded, fresh;
    const char *first, *d;
    int i;

    first = seal(sealer, START);
    d = apr_pstrdup(pool, sealer->d);
    /* Given until it is said that it was written. */
    for (i = 0; i < 3; i++) {
        encoded = record(D);
        assert_int_equal(spbe_seal(sealer, &encoded, &fresh, START, pool),
                         SPBE_OK);
        assert_string_equal(fresh.id, first);
        assert_string_equal(fresh.d, d);
    }
    spbe_sealer_announced(sealer, "another");
    encoded = record(D);
    assert_int_equal(spbe_seal(sealer, &encoded, &fresh, START, pool), SPBE_OK);
    assert_non_null(fresh.id);
    spbe_sealer_announced(sealer, first);
    encoded = record(D);
    assert_int_equal(spbe_seal(sealer, &encoded, &fresh, START, pool), SPBE_OK);
    assert_null(fresh.id);
    /* A late word for the old key says nothing of the new one. */
    assert_string_not_equal(seal(sealer, START + 60 * SECOND), first);
    spbe_sealer_announced(sealer, first);
    encoded = record(D);
    assert_int_equal(
        spbe_seal(sealer, &encoded, &fresh, START + 60 * SECOND, pool),
        SPBE_OK);
    assert_string_equal(fresh.id, encoded.key);
}

/* The key record fits into lines, however many it is for. */
static void seal_key_record(void **state)
{
    static const struct {
        const char *name, *node;
        int recipients;
    } tests[] = {
        {"one", "web-1", 1},
        {"sixteen, a node that needs escaping",
         "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""
         "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"
         "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"
         "beyond",
         SPBE_RECIPIENTS_MAX},
    };
    size_t i;
    int n;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_sealer_t *sealer = spbe_sealer_create(
            recipients(tests[i].recipients), tests[i].node, pool);
        spbe_encoded_t encoded = record(D), fresh;
        apr_array_header_t *lines;

        print_message("%s\n", tests[i].name);
        assert_int_equal(spbe_seal(sealer, &encoded, &fresh, START, pool),
                         SPBE_OK);
        assert_int_equal(
            spbe_unseal_recipients(spbe_span_from(fresh.d), pool)->nelts,
            tests[i].recipients);
        lines = spbe_line_split(&fresh, "w:1:1", 1, pool);
        for (n = 0; n < lines->nelts; n++) {
            spbe_span_t text = APR_ARRAY_IDX(lines, n, spbe_span_t);
            spbe_line_t line;
            const char *why;

            text.len--;
            assert_int_equal(spbe_line_parse(text, &line, &why, pool), SPBE_OK);
            assert_string_equal(line.key, "");
            assert_true(n > 0 || strcmp(line.h, fresh.h) == 0);
        }
        assert_int_equal(spbe_unseal_learn(opener(tests[i].recipients - 1),
                                           spbe_span_from(fresh.d)),
                         SPBE_OK);
    }
}

static void seal_nothing_to_do(void **state)
{
    spbe_sealer_t *sealer = spbe_sealer_create(recipients(1), "n", pool);
    spbe_encoded_t encoded = record(NULL), fresh;

    assert_int_equal(spbe_seal(sealer, &encoded, &fresh, START, pool), SPBE_OK);
    assert_null(encoded.key);
    assert_null(fresh.id);
    assert_true(is_wiped(sealer));
}

/* Nothing leaves in clear when nothing can be sealed. */
static void seal_fails(void **state)
{
    apr_array_header_t *list = recipients(2);
    spbe_encoded_t encoded = record(D), fresh;
    spbe_sealer_t *sealer;

    memset(APR_ARRAY_IDX(list, 1, spbe_recipient_t).key, 0, SPBE_HPKE_KEY);
    sealer = spbe_sealer_create(list, "n", pool);
    assert_int_equal(spbe_seal(sealer, &encoded, &fresh, START, pool),
                     SPBE_BAD);
    assert_null(encoded.d);
    assert_null(encoded.key);
    assert_null(fresh.id);
    assert_true(is_wiped(sealer));
    APR_ARRAY_IDX(list, 0, spbe_recipient_t).retired = "2026-03-04";
    APR_ARRAY_IDX(list, 1, spbe_recipient_t).retired = "2026-03-04";
    assert_null(spbe_sealer_create(list, "n", pool));
}

/* As from a signal handler, within a call of the same thread. */
static void seal_within(void **state)
{
    spbe_sealer_t *sealer = spbe_sealer_create(recipients(1), "n", pool);
    spbe_encoded_t encoded = record(D), fresh;
    const char *key = seal(sealer, START);

    assert_int_equal(pthread_mutex_lock(&sealer->mutex), 0);
    assert_int_equal(spbe_seal(sealer, &encoded, &fresh, START, pool),
                     SPBE_BAD);
    assert_null(encoded.d);
    assert_null(fresh.id);
    spbe_sealer_announced(sealer, key);
    spbe_sealer_tick(sealer, START + 60 * SECOND);
    assert_int_equal(pthread_mutex_unlock(&sealer->mutex), 0);
    assert_false(is_wiped(sealer));
    assert_string_equal(seal(sealer, START), key);
}

/* What a child says: its key, then whether the parent's was to be seen. */
static void seal_in_child(spbe_sealer_t *sealer, int told, int out)
{
    char text[SPBE_ID_SIZE + 1];

    text[0] = is_wiped(sealer) ? 'w' : 'k';
    if (told) {
        spbe_sealer_child(sealer);
        text[0] = is_wiped(sealer) ? text[0] : '!';
    }
    apr_cpystrn(text + 1, seal(sealer, START), sizeof(text) - 1);
    _exit(write(out, text, sizeof(text)) == sizeof(text) ? 0 : 1);
}

static int forked_memory_is_empty(void)
{
#ifdef MADV_WIPEONFORK
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int ok = madvise(page, 4096, MADV_WIPEONFORK) == 0;

    munmap(page, 4096);
    return ok;
#else
    return 0;
#endif
}

static void seal_forked(void **state)
{
    static const struct {
        const char *name;
        int told;
    } tests[] = {{"child_init ran", 1}, {"nobody told the sealer", 0}};
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_sealer_t *sealer = spbe_sealer_create(recipients(1), "n", pool);
        const char *key = seal(sealer, START);
        char text[SPBE_ID_SIZE + 1];
        int pipes[2], status;
        pid_t pid;

        spbe_sealer_announced(sealer, key);
        assert_int_equal(pipe(pipes), 0);
        pid = fork();
        if (pid == 0) {
            seal_in_child(sealer, tests[i].told, pipes[1]);
        }
        assert_int_equal(read(pipes[0], text, sizeof(text)), sizeof(text));
        assert_int_equal(waitpid(pid, &status, 0), pid);
        close(pipes[0]);
        close(pipes[1]);
        print_message("%s\n", tests[i].name);
        assert_int_equal(status, 0);
        assert_string_not_equal(text + 1, key);
        if (forked_memory_is_empty()) {
            assert_int_equal(text[0], 'w');
        }
        else {
            print_message("no MADV_WIPEONFORK here: not looked at\n");
        }
        /* The parent goes on with its own. */
        assert_string_equal(seal(sealer, START), key);
    }
}

#define THREADS 8
#define EACH 300

typedef struct worker {
    pthread_t thread;
    spbe_sealer_t *sealer;
    apr_pool_t *pool;
    spbe_encoded_t sealed[EACH];
    const char *fresh[EACH]; /* d of a key record, or NULL */
} worker_t;

static void *work(void *data)
{
    worker_t *worker = data;
    int i;

    for (i = 0; i < EACH; i++) {
        spbe_encoded_t fresh;

        worker->sealed[i] = record(D);
        /* Two keys in the course of it. */
        spbe_seal(worker->sealer, &worker->sealed[i], &fresh,
                  START + (i < EACH / 2 ? 0 : 60 * SECOND), worker->pool);
        worker->fresh[i] = fresh.id == NULL ? NULL : fresh.d;
        if (fresh.id != NULL) {
            spbe_sealer_announced(worker->sealer, fresh.id);
        }
        spbe_sealer_tick(worker->sealer, START + 60 * SECOND);
    }
    return NULL;
}

static int by_nonce(const void *a, const void *b)
{
    return memcmp(*(const char *const *)a, *(const char *const *)b,
                  SPBE_SEAL_NONCE);
}

static void seal_threads(void **state)
{
    static worker_t workers[THREADS];
    static const char *nonces[THREADS * EACH];
    spbe_sealer_t *sealer = spbe_sealer_create(recipients(1), "n", pool);
    spbe_unseal_t *unseal = opener(0);
    spbe_span_t d;
    int i, n;

    for (n = 0; n < THREADS; n++) {
        workers[n].sealer = sealer;
        apr_pool_create_unmanaged_ex(&workers[n].pool, NULL, NULL);
        assert_int_equal(
            pthread_create(&workers[n].thread, NULL, work, &workers[n]), 0);
    }
    for (n = 0; n < THREADS; n++) {
        pthread_join(workers[n].thread, NULL);
        for (i = 0; i < EACH; i++) {
            if (workers[n].fresh[i] != NULL) {
                assert_int_equal(
                    spbe_unseal_learn(unseal,
                                      spbe_span_from(workers[n].fresh[i])),
                    SPBE_OK);
            }
        }
    }
    for (n = 0; n < THREADS; n++) {
        for (i = 0; i < EACH; i++) {
            const spbe_encoded_t *one = &workers[n].sealed[i];

            assert_int_equal(spbe_unseal_open(unseal, one->key, SPBE_SPAN(H),
                                              one->sealed, &d, pool),
                             SPBE_OK);
            assert_true(spbe_span_eq(d, SPBE_SPAN(D)));
            nonces[n * EACH + i] = one->sealed.ptr;
        }
    }
    qsort(nonces, THREADS * EACH, sizeof(nonces[0]), by_nonce);
    for (i = 1; i < THREADS * EACH; i++) {
        assert_memory_not_equal(nonces[i - 1], nonces[i], SPBE_SEAL_NONCE);
    }
    for (n = 0; n < THREADS; n++) {
        apr_pool_destroy(workers[n].pool);
    }
}

/* Not in a core dump, empty after a fork: as the kernel says it. */
static void seal_memory(void **state)
{
    spbe_sealer_t *sealer = spbe_sealer_create(recipients(1), "n", pool);
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512], *flags = NULL;
    unsigned long from, to, at = (unsigned long)sealer->content;
    int here = 0;

    while (maps != NULL && flags == NULL &&
           fgets(line, sizeof(line), maps) != NULL) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
            here = from <= at && at < to;
        }
        if (here && strncmp(line, "VmFlags:", 8) == 0) {
            flags = apr_pstrdup(pool, line);
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    if (flags == NULL) {
        print_message("no VmFlags in /proc/self/smaps: not looked at\n");
        return;
    }
    assert_non_null(strstr(flags, " dd"));
    assert_true(!forked_memory_is_empty() || strstr(flags, " wf") != NULL);
}

static void seal_memory_end(void **state)
{
    static unsigned char key[SPBE_SEAL_KEY];
    apr_pool_t *own;
    spbe_sealer_t *sealer;
    spbe_content_t *content;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char in_core;

    apr_pool_create(&own, pool);
    sealer = spbe_sealer_create(recipients(1), "n", own);
    seal(sealer, START);
    content = sealer->content;
    assert_memory_not_equal(content->key, key, sizeof(key));
    apr_pool_destroy(own);
    /* The page is gone, or another's: in no case what it was. */
    assert_int_equal((uintptr_t)content % page, 0);
    assert_int_equal(mincore(content, page, &in_core), -1);
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
        cmocka_unit_test(seal_opens),         cmocka_unit_test(seal_sizes),
        cmocka_unit_test(seal_minutes),       cmocka_unit_test(seal_tick),
        cmocka_unit_test(seal_announces),     cmocka_unit_test(seal_key_record),
        cmocka_unit_test(seal_nothing_to_do), cmocka_unit_test(seal_fails),
        cmocka_unit_test(seal_within),        cmocka_unit_test(seal_forked),
        cmocka_unit_test(seal_threads),       cmocka_unit_test(seal_memory),
        cmocka_unit_test(seal_memory_end),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
