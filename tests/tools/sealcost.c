/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/sealcost.c - what a record costs the child that writes it:
 * sealing, cutting into lines, the write.
 *
 * sealcost RECIPIENTS SIZE COUNT: COUNT records with SIZE bytes of details, to
 * a pipe that another process empties. Prints microseconds of each step.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "../faults/made.h"
#include "record/line.h"
#include "record/recipients.h"
#include "record/seal.h"
#include "record/writer.h"

#define DIFFERENT 64 /* records that are made beforehand */

typedef struct cost {
    spbe_sealer_t *sealer;
    spbe_writer_t *writer;
    spbe_encoded_t made[DIFFERENT];
    apr_time_t seal, split, write;
    apr_pool_t *pool;
} cost_t;

static void fail(const char *why)
{
    fprintf(stderr, "sealcost: %s\n", why);
    exit(2);
}

/* The other end of the pipe. */
static pid_t start_reader(int *out)
{
    static char bytes[1 << 20];
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) == -1 || (pid = fork()) == -1) {
        fail("no pipe");
    }
    fcntl(ends[1], F_SETPIPE_SZ, sizeof(bytes));
    if (pid == 0) {
        close(ends[1]);
        while (read(ends[0], bytes, sizeof(bytes)) > 0) {
        }
        _exit(0);
    }
    close(ends[0]);
    *out = ends[1];
    return pid;
}

static void set_up(cost_t *cost, const char *recipients, const char *size,
                   int fd)
{
    const char *why = "", *name = "uji:1:1";
    spbe_writer_options_t options = {.fd = fd, .wait = 10000, .name = name};
    apr_array_header_t *list;
    int i;

    if (spbe_recipients_read(recipients, &list, &why, cost->pool) != SPBE_OK) {
        fail(why);
    }
    cost->sealer = spbe_sealer_create(list, "uji", cost->pool);
    cost->writer = spbe_writer_create(&options, cost->pool);
    for (i = 0; i < DIFFERENT; i++) {
        cost->made[i] = made_record(name, (apr_uint64_t)i + 1,
                                    (unsigned)atoi(size), cost->pool);
    }
}

static void write_one(cost_t *cost, int n, apr_pool_t *pool)
{
    spbe_encoded_t encoded = cost->made[n % DIFFERENT], fresh;
    spbe_written_t written;
    apr_time_t began = apr_time_now(), sealed, cut;

    if (spbe_seal(cost->sealer, &encoded, &fresh, began, pool) != SPBE_OK) {
        fail("not sealed");
    }
    sealed = apr_time_now();
    spbe_line_split(&encoded, "uji", (apr_uint64_t)n, pool);
    cut = apr_time_now();
    if (fresh.id != NULL) {
        spbe_sealer_announced(cost->sealer, encoded.key);
    }
    if (spbe_writer_write(cost->writer, &encoded, &written, pool) !=
        SPBE_WRITE_DONE) {
        fail("not written");
    }
    cost->seal += sealed - began;
    cost->split += cut - sealed;
    /* The writer cuts them once more. */
    cost->write += apr_time_now() - cut - (cut - sealed);
}

int main(int argc, char **argv)
{
    cost_t cost = {0};
    apr_pool_t *scratch;
    pid_t reader;
    int i, fd, count = argc == 4 ? atoi(argv[3]) : 0;

    if (count < 1) {
        fail("sealcost RECIPIENTS SIZE COUNT");
    }
    apr_initialize();
    apr_pool_create(&cost.pool, NULL);
    apr_pool_create(&scratch, cost.pool);
    reader = start_reader(&fd);
    set_up(&cost, argv[1], argv[2], fd);
    for (i = 0; i < count; i++) {
        write_one(&cost, i, scratch);
        apr_pool_clear(scratch);
    }
    printf("seal %.1f cut %.1f write %.1f\n", (double)cost.seal / count,
           (double)cost.split / count, (double)cost.write / count);
    close(fd);
    waitpid(reader, NULL, 0);
    return 0;
}
