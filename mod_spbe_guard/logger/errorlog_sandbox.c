/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_sandbox.c - what the process that filters the error log may
 * no longer do. See errorlog_sandbox.h.
 */
#include "logger/errorlog_sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* ASan's run-time opens, maps and forks as it likes. */
#if defined(__SANITIZE_ADDRESS__)

const char *spbe_errlog_confine(void)
{
    return NULL;
}

#else

/* clang-format off */
/* The pipe, the log, the one who opens it; files of the spill folder; time and
 * memory. */
static const int calls[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(sendto), SCMP_SYS(recvmsg), SCMP_SYS(close), SCMP_SYS(open),
    SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(fstat),
    SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access),
    SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(getdents64),
    SCMP_SYS(lseek), SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(writev),
    SCMP_SYS(fcntl), SCMP_SYS(flock), SCMP_SYS(ftruncate), SCMP_SYS(fsync),
    SCMP_SYS(fdatasync), SCMP_SYS(rename), SCMP_SYS(renameat),
    SCMP_SYS(renameat2), SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(unlink),
    SCMP_SYS(unlinkat), SCMP_SYS(fchmod), SCMP_SYS(umask), SCMP_SYS(brk),
    SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(mlock),
    SCMP_SYS(mlock2), SCMP_SYS(munlock), SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(restart_syscall),
    SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid),
    SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
    SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit),
    SCMP_SYS(exit_group)
};
/* clang-format on */

static int allow(scmp_filter_ctx filter)
{
    static const int mapping[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    int rc = 0;
    size_t i;

    for (i = 0; rc == 0 && i < sizeof(calls) / sizeof(calls[0]); i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
        /* What no machine of this kind has is no failure. */
        rc = rc == -EDOM ? 0 : rc;
    }
    for (i = 0; rc == 0 && i < sizeof(mapping) / sizeof(mapping[0]); i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, mapping[i], 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    }
    return rc;
}

const char *spbe_errlog_confine(void)
{
    const struct rlimit none = {0, 0};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int rc;

    setrlimit(RLIMIT_NPROC, &none);
    if (filter == NULL) {
        return "no filter of system calls can be made";
    }
    rc = allow(filter);
    if (rc == 0) {
        rc = seccomp_load(filter);
    }
    seccomp_release(filter);
    return rc == 0 ? NULL : "the kernel takes no filter of system calls";
}

#endif
