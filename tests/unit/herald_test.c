/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/herald_test.c - heads and alarms, as a syslog gets them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "logger/disk.h"
#include "logger/herald.h"

#define MINUTE apr_time_from_sec(60)

static struct sockaddr_un address;

static int listen_here(void)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    unlink(address.sun_path);
    assert_int_equal(
        bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

/* What came, behind the program's name; "" nothing. */
static const char *heard(int fd)
{
    static char text[512];
    ssize_t n = recv(fd, text, sizeof(text) - 1, 0);
    const char *words;

    text[n < 0 ? 0 : n] = '\0';
    words = strstr(text, "]: ");
    return words == NULL ? text : words + 3;
}

#define ZEROS "00000000000000000000000000000000"

static void herald_says(void **state)
{
    spbe_share_t *share = spbe_share_create();
    spbe_share_intake_t intake = {0};
    spbe_share_keeper_t facts = {.syslog = {.what = "syslog"}};
    spbe_herald_t herald;
    int fd = listen_here();

    strcpy(share->node, "web1");
    spbe_herald_init(&herald, address.sun_path);
    spbe_herald_pass(&herald, share, &facts, MINUTE, 0);
    assert_string_equal(heard(fd), "");
    intake.head.group = 7;
    spbe_share_put_intake(share, &intake);
    spbe_herald_pass(&herald, share, &facts, 2 * MINUTE, 0);
    assert_string_equal(heard(fd), "spbe-guard head web1 7:" ZEROS ZEROS);
    assert_int_equal(facts.head_sent, 2 * MINUTE);
    /* Not before a minute has gone; at the end, if it is another one. */
    intake.head.group = 8;
    spbe_share_put_intake(share, &intake);
    spbe_herald_pass(&herald, share, &facts, 2 * MINUTE + 1, 0);
    assert_string_equal(heard(fd), "");
    spbe_herald_pass(&herald, share, &facts, 2 * MINUTE + 1, 1);
    assert_string_equal(heard(fd), "spbe-guard head web1 8:" ZEROS ZEROS);
    spbe_herald_pass(&herald, share, &facts, 2 * MINUTE + 1, 1);
    assert_string_equal(heard(fd), "");
    intake.stage = SPBE_DISK_COUNTS;
    spbe_share_put_intake(share, &intake);
    spbe_herald_pass(&herald, share, &facts, 2 * MINUTE + 2, 0);
    assert_non_null(strstr(heard(fd), "spbe-guard disk web1: half"));
    spbe_herald_pass(&herald, share, &facts, 2 * MINUTE + 3, 0);
    assert_string_equal(heard(fd), "");
    close(fd);
}

/* Gone, and there again under another socket. */
static void herald_restart(void **state)
{
    spbe_share_t *share = spbe_share_create();
    spbe_share_intake_t intake = {.head = {.group = 7}};
    spbe_share_keeper_t facts = {.syslog = {.what = "syslog"}};
    spbe_herald_t herald;
    int fd = listen_here();

    spbe_share_put_intake(share, &intake);
    spbe_herald_init(&herald, address.sun_path);
    spbe_herald_pass(&herald, share, &facts, MINUTE, 0);
    assert_int_not_equal(strlen(heard(fd)), 0);
    close(fd);
    spbe_herald_pass(&herald, share, &facts, 3 * MINUTE, 0);
    assert_int_not_equal(strlen(facts.syslog.detail), 0);
    assert_int_equal(facts.head_sent, MINUTE);
    fd = listen_here();
    spbe_herald_pass(&herald, share, &facts, 5 * MINUTE, 0);
    assert_int_not_equal(strlen(heard(fd)), 0);
    assert_int_equal(strlen(facts.syslog.detail), 0);
    assert_int_equal(facts.head_sent, 5 * MINUTE);
    close(fd);
}

/* A syslog that takes nothing: nobody waits for it. */
static void herald_stuck(void **state)
{
    spbe_share_t *share = spbe_share_create();
    spbe_share_intake_t intake = {.head = {.group = 7}};
    spbe_share_keeper_t facts = {.syslog = {.what = "syslog"}};
    apr_time_t now = MINUTE, begin = apr_time_now();
    spbe_herald_t herald;
    int i, fd = listen_here();

    spbe_share_put_intake(share, &intake);
    spbe_herald_init(&herald, address.sun_path);
    for (i = 0; i < 2000 && facts.syslog.detail[0] == '\0'; i++) {
        spbe_herald_pass(&herald, share, &facts, now, 0);
        now += 2 * MINUTE;
    }
    assert_int_not_equal(strlen(facts.syslog.detail), 0);
    assert_true(apr_time_now() - begin < apr_time_from_sec(10));
    close(fd);
}

static void herald_off(void **state)
{
    spbe_share_t *share = spbe_share_create();
    spbe_share_intake_t intake = {.head = {.group = 7}};
    spbe_share_keeper_t facts = {.syslog = {.what = "syslog"}};
    spbe_herald_t herald;

    spbe_share_put_intake(share, &intake);
    spbe_herald_init(&herald, NULL);
    spbe_herald_pass(&herald, share, &facts, MINUTE, 1);
    assert_int_equal(facts.head_sent, 0);
    assert_int_equal(strlen(facts.syslog.detail), 0);
}

static int setup(void **state)
{
    char dir[] = "/tmp/spbe-test-XXXXXX";

    address.sun_family = AF_UNIX;
    if (mkdtemp(dir) == NULL) {
        return 1;
    }
    strcpy(address.sun_path, dir);
    strcat(address.sun_path, "/log");
    return 0;
}

static int teardown(void **state)
{
    unlink(address.sun_path);
    *strrchr(address.sun_path, '/') = '\0';
    return rmdir(address.sun_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(herald_says),
        cmocka_unit_test(herald_restart),
        cmocka_unit_test(herald_stuck),
        cmocka_unit_test(herald_off),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
