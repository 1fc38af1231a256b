/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/confined.c - becomes what intake is and tries what it must not
 * be able to do. Prints a line for each; exits with 1 when something worked,
 * or failed otherwise than it should, or when what it needs does not work.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include "logger/sandbox.h"

static long try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

static long try_local_socket(void)
{
    return socket(AF_UNIX, SOCK_DGRAM, 0);
}

static long try_connect(void)
{
    return connect(0, NULL, 0);
}

static long try_exec(void)
{
    char *words[] = {NULL};

    return execve("/bin/true", words, words);
}

static long try_fork(void)
{
    return fork();
}

static long try_ptrace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long try_kill(void)
{
    return kill(getppid(), 0);
}

static long try_read_other(void)
{
    return process_vm_readv(getppid(), NULL, 0, NULL, 0, 0);
}

static long try_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0) == MAP_FAILED
               ? -1
               : 0;
}

static long try_setuid(void)
{
    return syscall(SYS_setuid, 0);
}

static long try_mount(void)
{
    return syscall(SYS_mount, NULL, NULL, NULL, 0, NULL);
}

static long try_link(void)
{
    return link("/etc/passwd", "/tmp/never");
}

static long try_mknod(void)
{
    return mknod("/tmp/never", S_IFIFO | 0600, 0);
}

static const struct {
    const char *name;
    long (*try)(void);
} tries[] = {
    {"socket", try_socket},     {"local socket", try_local_socket},
    {"connect", try_connect},   {"execve", try_exec},
    {"fork", try_fork},         {"ptrace", try_ptrace},
    {"kill", try_kill},         {"process_vm_readv", try_read_other},
    {"mmap of code", try_code}, {"setuid", try_setuid},
    {"mount", try_mount},       {"link", try_link},
    {"mknod", try_mknod},
};

/* 1: what intake does every second still works. */
static int works(void)
{
    int fd = open("/", O_RDONLY | O_DIRECTORY);
    struct stat st;
    char byte = 'x';
    int ends[2] = {3, 4};

    return fd != -1 && fstat(fd, &st) == 0 && close(fd) == 0 &&
           write(ends[1], &byte, 1) == 1 && read(ends[0], &byte, 1) == 1 &&
           getppid() > 0;
}

/* 1: failed with EPERM. */
static int refused(size_t i)
{
    long rc;

    errno = 0;
    rc = tries[i].try();
    printf("%s: %s\n", tries[i].name, rc == -1 ? strerror(errno) : "worked");
    return rc == -1 && errno == EPERM;
}

int main(void)
{
    const char *why;
    int ends[2], bad = 0;
    size_t i;

    if (pipe(ends) == -1 || ends[0] != 3 || ends[1] != 4) {
        puts("no pipe at 3 and 4");
        return 1;
    }
    spbe_sandbox_all();
    spbe_sandbox_hide();
    why = spbe_sandbox_intake();
    if (why != NULL) {
        printf("not confined: %s\n", why);
        return 1;
    }
    for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        bad |= !refused(i);
    }
    if (!works()) {
        puts("what it needs does not work");
        bad = 1;
    }
    return bad;
}
