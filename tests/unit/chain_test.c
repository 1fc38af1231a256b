/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/chain_test.c - who signs: seeds that are overwritten, and what a
 * torn write leaves of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "store/chain.h"
#include "store/checker.h"
#include "store/firstkey.h"

static apr_pool_t *pool;
static char dir[64];

#define SLOT_AT 4096
#define SLOT 125 /* bytes: 21 + 8 + 32 + 32 + 32 */
#define SEED_AT 29

static const char *path_of(const char *name)
{
    return apr_pstrcat(pool, dir, "/", name, NULL);
}

static void begin(void)
{
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
}

static void end(void)
{
    assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", dir, NULL)), 0);
}

static spbe_chain_t *open_chain(apr_pool_t **own)
{
    spbe_chain_t *chain;

    apr_pool_create(own, pool);
    assert_int_equal(spbe_chain_open(&chain, dir, *own), APR_SUCCESS);
    return chain;
}

/* The file, SLOT_AT + SLOT bytes of it. */
static unsigned char *slurp(void)
{
    unsigned char *bytes = apr_pcalloc(pool, SLOT_AT + SLOT);
    int fd = open(path_of("sign.key"), O_RDONLY);

    assert_int_equal(read(fd, bytes, SLOT_AT + SLOT), SLOT_AT + SLOT);
    close(fd);
    return bytes;
}

static void spoil(off_t at)
{
    int fd = open(path_of("sign.key"), O_RDWR);
    unsigned char byte;

    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static int signs(spbe_chain_t *chain, const unsigned char *signer)
{
    unsigned char signature[SPBE_SIGNATURE_SIZE];

    assert_true(spbe_chain_sign(chain, SPBE_SPAN("text"), signature));
    return spbe_checker_check(spbe_checker_create(pool), signer,
                              SPBE_SPAN("text"), signature);
}

static void chain_turns(void **state)
{
    unsigned char signer[SPBE_SIGNER_SIZE], next[SPBE_SIGNER_SIZE];
    apr_pool_t *own;
    spbe_chain_t *chain;
    struct stat st;

    begin();
    chain = open_chain(&own);
    assert_true(spbe_chain_is_new(chain));
    assert_true(spbe_firstkey_is_plain(spbe_chain_signer(chain)));
    assert_int_equal(stat(path_of("sign.key"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    memcpy(signer, spbe_chain_signer(chain), sizeof(signer));
    memcpy(next, spbe_chain_next(chain), sizeof(next));
    assert_memory_not_equal(signer, next, sizeof(next));
    assert_true(signs(chain, signer));
    assert_int_equal(spbe_chain_turn(chain), APR_SUCCESS);
    assert_memory_equal(spbe_chain_signer(chain), next, sizeof(next));
    assert_memory_not_equal(spbe_chain_next(chain), next, sizeof(next));
    assert_false(signs(chain, signer));
    assert_true(signs(chain, next));
    apr_pool_destroy(own);
    chain = open_chain(&own);
    assert_false(spbe_chain_is_new(chain));
    assert_memory_equal(spbe_chain_signer(chain), next, sizeof(next));
    apr_pool_destroy(own);
    end();
}

static int has_seed(const unsigned char *file, const unsigned char *seed)
{
    return memmem(file, SLOT_AT + SLOT, seed, SPBE_SIGNER_SIZE) != NULL;
}

/* The seed of a signer whose turn is over is nowhere in the file. */
static void chain_forgets(void **state)
{
    unsigned char *before, *after;
    apr_pool_t *own;
    spbe_chain_t *chain;

    begin();
    chain = open_chain(&own);
    before = slurp();
    assert_memory_equal(before, before + SLOT_AT, SLOT);
    assert_int_equal(spbe_chain_turn(chain), APR_SUCCESS);
    after = slurp();
    assert_memory_equal(after, after + SLOT_AT, SLOT);
    assert_true(has_seed(before, before + SEED_AT));
    assert_false(has_seed(after, before + SEED_AT));
    assert_true(has_seed(after, before + SEED_AT + SPBE_SIGNER_SIZE));
    apr_pool_destroy(own);
    end();
}

/* Whatever of the two slots a torn write has spoiled. */
static void chain_torn(void **state)
{
    static const off_t at[] = {0, 20, 21, 28, 29, 61, 93, 124};
    size_t i;
    int slot;

    for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
        for (slot = 0; slot < 2; slot++) {
            unsigned char signer[SPBE_SIGNER_SIZE], *file;
            apr_pool_t *own;
            spbe_chain_t *chain;

            begin();
            chain = open_chain(&own);
            spbe_chain_turn(chain);
            memcpy(signer, spbe_chain_signer(chain), sizeof(signer));
            apr_pool_destroy(own);
            spoil(slot * SLOT_AT + at[i]);
            chain = open_chain(&own);
            assert_memory_equal(spbe_chain_signer(chain), signer,
                                sizeof(signer));
            file = slurp();
            assert_memory_equal(file, file + SLOT_AT, SLOT);
            apr_pool_destroy(own);
            end();
        }
    }
}

/* Killed between the two writes of a turn: the new one counts, and the seed of
 * the old one goes. */
static void chain_half_turned(void **state)
{
    unsigned char *before, *after, next[SPBE_SIGNER_SIZE];
    apr_pool_t *own;
    spbe_chain_t *chain;
    int fd;

    begin();
    chain = open_chain(&own);
    before = slurp();
    spbe_chain_turn(chain);
    memcpy(next, spbe_chain_signer(chain), sizeof(next));
    apr_pool_destroy(own);
    fd = open(path_of("sign.key"), O_RDWR);
    assert_int_equal(pwrite(fd, before, SLOT, 0), SLOT);
    close(fd);
    chain = open_chain(&own);
    assert_memory_equal(spbe_chain_signer(chain), next, sizeof(next));
    after = slurp();
    assert_false(has_seed(after, before + SEED_AT));
    apr_pool_destroy(own);
    end();
}

static void chain_damaged(void **state)
{
    static const char *const commands[] = {
        "head -c 9000 /dev/urandom >%s",
        ": >%s",
        "rm %s; mkdir %s",
        "rm %s; ln -s /etc/passwd %s",
        "rm %s; mkfifo %s",
    };
    size_t i;

    for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const char *path;
        apr_pool_t *own;
        spbe_chain_t *chain;

        begin();
        path = path_of("sign.key");
        open_chain(&own);
        apr_pool_destroy(own);
        assert_int_equal(system(apr_psprintf(pool, commands[i], path, path)),
                         0);
        assert_int_not_equal(spbe_chain_open(&chain, dir, pool), APR_SUCCESS);
        assert_null(chain);
        end();
    }
    assert_int_equal(
        spbe_chain_open(&(spbe_chain_t *){NULL}, "/nonexistent", pool),
        APR_ENOENT);
}

/* The file cannot be written: the signer is as before, here and there. */
static int fail_to_turn(void)
{
    struct rlimit limit = {10, 10};
    unsigned char signer[SPBE_SIGNER_SIZE];
    apr_pool_t *own;
    spbe_chain_t *chain = open_chain(&own);

    memcpy(signer, spbe_chain_signer(chain), sizeof(signer));
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        spbe_chain_turn(chain) == APR_SUCCESS) {
        return 1;
    }
    return memcmp(signer, spbe_chain_signer(chain), sizeof(signer)) != 0 ||
           !signs(chain, signer);
}

static void chain_cannot_turn(void **state)
{
    unsigned char signer[SPBE_SIGNER_SIZE];
    apr_pool_t *own;
    int status;
    pid_t child;

    begin();
    memcpy(signer, spbe_chain_signer(open_chain(&own)), sizeof(signer));
    apr_pool_destroy(own);
    child = fork();
    if (child == 0) {
        _exit(fail_to_turn());
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_memory_equal(spbe_chain_signer(open_chain(&own)), signer,
                        sizeof(signer));
    apr_pool_destroy(own);
    end();
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
        cmocka_unit_test(chain_turns),   cmocka_unit_test(chain_forgets),
        cmocka_unit_test(chain_torn),    cmocka_unit_test(chain_half_turned),
        cmocka_unit_test(chain_damaged), cmocka_unit_test(chain_cannot_turn),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
