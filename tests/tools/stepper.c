/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/stepper.c - kills a process of the logger with SIGKILL in front
 * of one certain system call.
 *
 * stepper [--second|--program] [--times K] LOG N PROGRAM [ARGUMENTS]
 *
 * Runs PROGRAM, whose first child is the intake. That one (with --second the
 * second child, with --program PROGRAM itself) is killed when it is about to
 * make its Nth system call; K (1) times, if it comes again. Says so in the file
 * LOG, a line each, or how many calls there were when it ended before. With K
 * lines in LOG nothing is killed any more, so that PROGRAM can be started
 * again. Ends as PROGRAM ends.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#define OPTIONS                                                                \
    (PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |          \
     PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)
#define NEW 16
#define SYSCALL_STOP (SIGTRAP | 0x80)

typedef struct stepper {
    int child; /* which is meant: 1 the first, 2 the second, 0 PROGRAM */
    int children;
    pid_t expected[NEW]; /* new children that have not stopped yet */
    pid_t unknown[NEW];  /* stopped, but their fork has not been seen yet */
    unsigned times, wanted;
    const char *log;
    pid_t program, stepped; /* the one whose calls are counted, or 0 */
    unsigned long calls;
} stepper_t;

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static unsigned lines_in(const char *path)
{
    FILE *file = fopen(path, "r");
    unsigned n = 0;
    int c;

    while (file != NULL && (c = getc(file)) != EOF) {
        n += c == '\n';
    }
    if (file != NULL) {
        fclose(file);
    }
    return n;
}

static void say(const stepper_t *s, const char *what, long number)
{
    FILE *file = fopen(s->log, "a");

    if (file == NULL) {
        fail(s->log);
    }
    fprintf(file, "%s at call %lu, number %ld\n", what, s->calls, number);
    fclose(file);
}

static void begin_stepping(stepper_t *s, pid_t pid)
{
    if (s->stepped == 0 && lines_in(s->log) < s->times) {
        s->stepped = pid;
        s->calls = 0;
    }
}

static void go_on(const stepper_t *s, pid_t pid, int signal)
{
    /* Killed meanwhile: the next wait says so. */
    ptrace(pid == s->stepped ? PTRACE_SYSCALL : PTRACE_CONT, pid, NULL,
           (void *)(long)signal);
}

static void at_call(stepper_t *s, pid_t pid)
{
    struct __ptrace_syscall_info info;

    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) > 0 &&
        info.op == PTRACE_SYSCALL_INFO_ENTRY && ++s->calls == s->wanted) {
        say(s, "killed", (long)info.entry.nr);
        s->stepped = 0;
        kill(pid, SIGKILL);
        return;
    }
    go_on(s, pid, 0);
}

static int replace(pid_t list[NEW], pid_t old, pid_t new)
{
    int i;

    for (i = 0; i < NEW; i++) {
        if (list[i] == old) {
            list[i] = new;
            return 1;
        }
    }
    return 0;
}

/* PROGRAM has made a child. Which one it is decides whether it is stepped, so
 * one that has stopped before has waited until now. */
static void at_fork(stepper_t *s, pid_t parent)
{
    unsigned long child = 0;

    ptrace(PTRACE_GETEVENTMSG, parent, NULL, &child);
    if (parent == s->program && s->child > 0 && ++s->children >= s->child) {
        begin_stepping(s, (pid_t)child);
    }
    if (replace(s->unknown, (pid_t)child, 0)) {
        go_on(s, (pid_t)child, 0);
    }
    else {
        replace(s->expected, 0, (pid_t)child);
    }
    go_on(s, parent, 0);
}

static void at_first_stop(stepper_t *s, pid_t pid)
{
    if (replace(s->expected, pid, 0) || pid == s->program) {
        go_on(s, pid, 0);
    }
    else {
        replace(s->unknown, 0, pid);
    }
}

static void at_stop(stepper_t *s, pid_t pid, int status)
{
    int signal = WSTOPSIG(status), event = status >> 16;

    if (signal == SYSCALL_STOP) {
        at_call(s, pid);
    }
    else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
             event == PTRACE_EVENT_CLONE) {
        at_fork(s, pid);
    }
    else if (event != 0) {
        go_on(s, pid, 0);
    }
    else if (signal == SIGSTOP) {
        at_first_stop(s, pid);
    }
    else {
        go_on(s, pid, signal);
    }
}

static void at_end(stepper_t *s, pid_t pid, int status)
{
    if (pid == s->stepped) {
        say(s, "ended", -1);
        s->stepped = 0;
    }
    if (pid != s->program) {
        return;
    }
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        kill(getpid(), WTERMSIG(status));
    }
    exit(WEXITSTATUS(status));
}

static void watch(stepper_t *s)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, __WALL)) != -1 || errno == EINTR) {
        if (pid > 0 && WIFSTOPPED(status)) {
            at_stop(s, pid, status);
        }
        else if (pid > 0) {
            at_end(s, pid, status);
        }
    }
    fail("waitpid");
}

static void start(stepper_t *s, char **args)
{
    int status;

    s->program = fork();
    if (s->program == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        execv(args[0], args);
        fail(args[0]);
    }
    if (s->program == -1 || waitpid(s->program, &status, 0) == -1 ||
        ptrace(PTRACE_SETOPTIONS, s->program, NULL, (void *)OPTIONS) == -1) {
        fail("ptrace");
    }
    if (s->child == 0) {
        begin_stepping(s, s->program);
    }
    go_on(s, s->program, 0);
}

int main(int argc, char **argv)
{
    stepper_t s = {.child = 1, .times = 1};
    int i = 1;

    for (; i < argc && strncmp(argv[i], "--t", 3) != 0 && argv[i][0] == '-';
         i++) {
        s.child = strcmp(argv[i], "--second") == 0 ? 2 : 0;
    }
    if (i + 1 < argc && strcmp(argv[i], "--times") == 0) {
        s.times = (unsigned)atoi(argv[i + 1]);
        i += 2;
    }
    if (argc - i < 3) {
        fprintf(stderr,
                "stepper [--second|--program] [--times K] LOG N PROGRAM "
                "[ARGUMENTS]\n");
        return 2;
    }
    s.log = argv[i];
    s.wanted = (unsigned)atoi(argv[i + 1]);
    start(&s, argv + i + 2);
    watch(&s);
    return 2;
}
