/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_open.c - one process opens a file for another that may not.
 * See errorlog_open.h.
 */
#include "logger/errorlog_open.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MODE (O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

typedef union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
} control_t;

/* As logrotate leaves it: readable for those who may read the folder. */
static void give_to_group(int fd, const char *path)
{
    char copy[PATH_MAX];
    struct stat st;

    if (strlen(path) >= sizeof(copy)) {
        return;
    }
    strcpy(copy, path);
    if (stat(dirname(copy), &st) == -1 ||
        fchown(fd, (uid_t)-1, st.st_gid) == -1) {
        return; /* not root, or a file system without owners */
    }
}

int spbe_errlog_open(const char *path)
{
    int fd = open(path, MODE);

    if (fd != -1 || errno != ENOENT) {
        return fd;
    }
    fd = open(path, MODE | O_CREAT | O_EXCL, 0640);
    if (fd == -1 && errno == EEXIST) {
        return open(path, MODE);
    }
    if (fd != -1) {
        give_to_group(fd, path);
    }
    return fd;
}

static int send_answer(int socket, const spbe_errlog_answer_t *answer, int fd)
{
    spbe_errlog_answer_t copy = *answer;
    struct iovec part = {&copy, sizeof(copy)};
    control_t control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    struct cmsghdr *header;

    if (fd != -1) {
        memset(&control, 0, sizeof(control));
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof(control.bytes);
        header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &fd, sizeof(fd));
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) == sizeof(copy);
}

int spbe_errlog_serve(int socket, const char *path)
{
    spbe_errlog_answer_t answer = {0, 0};
    spbe_errlog_ask_t ask;
    struct stat st;
    int fd = -1, done;

    if (recv(socket, &ask, sizeof(ask), 0) != sizeof(ask)) {
        return 0;
    }
    if (stat(path, &st) == 0 && st.st_ino == ask.ino && st.st_dev == ask.dev) {
        answer.same = 1;
        return send_answer(socket, &answer, -1);
    }
    fd = spbe_errlog_open(path);
    answer.error = fd == -1 ? errno : 0;
    done = send_answer(socket, &answer, fd);
    if (fd != -1) {
        close(fd);
    }
    return done;
}

static int received_fd(struct msghdr *message)
{
    const struct cmsghdr *header = CMSG_FIRSTHDR(message);
    int fd = -1;

    if (header != NULL && header->cmsg_level == SOL_SOCKET &&
        header->cmsg_type == SCM_RIGHTS) {
        memcpy(&fd, CMSG_DATA(header), sizeof(fd));
    }
    return fd;
}

int spbe_errlog_request(int socket, const spbe_errlog_ask_t *ask,
                        spbe_errlog_answer_t *answer, int *fd)
{
    struct iovec part = {answer, sizeof(*answer)};
    control_t control;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};

    *fd = -1;
    if (send(socket, ask, sizeof(*ask), MSG_NOSIGNAL) != sizeof(*ask) ||
        recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != sizeof(*answer)) {
        return 0;
    }
    *fd = received_fd(&message);
    return 1;
}
