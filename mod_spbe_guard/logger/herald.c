/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/herald.c - heads and alarms to the local syslog. See herald.h.
 */
#include "logger/herald.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <apr_strings.h>
#include "logger/disk.h"

#define MINUTE apr_time_from_sec(60)
#define LINE 512

void spbe_herald_init(spbe_herald_t *herald, const char *path)
{
    *herald = (spbe_herald_t){.path = path, .fd = -1};
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd, error;

    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd != -1 &&
        connect(fd, (const struct sockaddr *)&address, sizeof(address)) == -1) {
        error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* As RFC 3164 has it on the local socket; the syslog adds host and time where
 * they are missing. A syslog that was started anew has another socket. */
static int send_line(spbe_herald_t *herald, int priority, const char *text)
{
    char line[LINE];
    int n = apr_snprintf(line, sizeof(line), "<%d>spbe-guard[%d]: %s",
                         LOG_AUTH | priority, (int)getpid(), text);
    int tries;

    for (tries = 0; tries < 2; tries++) {
        if (herald->fd == -1) {
            herald->fd = connect_to(herald->path);
        }
        if (herald->fd == -1) {
            return 0;
        }
        if (send(herald->fd, line, (size_t)n, MSG_NOSIGNAL) == n) {
            return 1;
        }
        close(herald->fd);
        herald->fd = -1;
    }
    return 0;
}

static void note(spbe_share_keeper_t *facts, int sent)
{
    char text[160];

    if (sent) {
        spbe_trouble_end(&facts->syslog);
        return;
    }
    apr_snprintf(text, sizeof(text), "heads of the archive are not sent: %s",
                 strerror(errno));
    spbe_trouble_begin(&facts->syslog, text);
}

static void send_head(spbe_herald_t *herald, const char *node,
                      const spbe_head_t *head, spbe_share_keeper_t *facts,
                      apr_time_t now)
{
    char text[LINE], words[SPBE_HEAD_TEXT];
    int sent;

    spbe_head_write(head, words);
    apr_snprintf(text, sizeof(text), "spbe-guard head %s %s", node, words);
    sent = send_line(herald, LOG_NOTICE, text);
    note(facts, sent);
    if (sent) {
        herald->group = head->group;
        facts->head_sent = now;
    }
}

static void send_stage(spbe_herald_t *herald, const char *node, int stage)
{
    const char *words = spbe_disk_words((spbe_disk_stage_t)stage);
    char text[LINE];

    apr_snprintf(text, sizeof(text), "spbe-guard disk %s: %s", node,
                 words == NULL ? "there is room again" : words);
    if (send_line(herald, stage == SPBE_DISK_FINE ? LOG_NOTICE : LOG_ALERT,
                  text)) {
        herald->stage = stage;
    }
}

void spbe_herald_pass(spbe_herald_t *herald, const spbe_share_t *share,
                      spbe_share_keeper_t *facts, apr_time_t now, int last)
{
    spbe_share_intake_t intake;

    if (herald->path == NULL) {
        return;
    }
    spbe_share_get_intake(share, &intake);
    if (intake.stage != herald->stage) {
        send_stage(herald, share->node, intake.stage);
    }
    if (intake.head.group == 0 || (!last && now < herald->next) ||
        (last && intake.head.group == herald->group)) {
        return;
    }
    herald->next = now + MINUTE;
    send_head(herald, share->node, &intake.head, facts, now);
}
