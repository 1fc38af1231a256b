/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/mishap.c - what befalls a logger under load. See mishap.h.
 */
#include "mishap.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int mishap_read_kill(mishap_t *mishap, const char *text)
{
    return sscanf(text, "%15[a-z]:%u:%u:%u", mishap->kill_who,
                  &mishap->kill_min, &mishap->kill_max,
                  &mishap->kill_times) == 4 &&
           mishap->kill_max >= mishap->kill_min;
}

int mishap_read_freeze(mishap_t *mishap, const char *text)
{
    return sscanf(text, "%u:%u", &mishap->freeze_after, &mishap->freeze_for) ==
           2;
}

int mishap_read_die(mishap_t *mishap, const char *text)
{
    char all[4] = "";

    if (sscanf(text, "%u:%3s", &mishap->die_after, all) < 1) {
        return 0;
    }
    mishap->die_all = strcmp(all, "all") == 0;
    return 1;
}

/* The one that reads the pipe is the intake. */
static int is_intake(pid_t pid)
{
    char path[64], target[64];
    ssize_t n;

    snprintf(path, sizeof(path), "/proc/%d/fd/0", pid);
    n = readlink(path, target, sizeof(target) - 1);
    return n > 5 && memcmp(target, "pipe:", 5) == 0;
}

/* Is this child of the logger the one that is meant? By its name, if it has
 * one of its own: not everybody may see what it has open. */
static int is_meant(pid_t pid, const char *who)
{
    char path[64], name[32] = "";
    FILE *file;

    if (strcmp(who, "all") == 0) {
        return 1;
    }
    snprintf(path, sizeof(path), "/proc/%d/comm", pid);
    file = fopen(path, "r");
    if (file != NULL) {
        if (fgets(name, sizeof(name), file) == NULL) {
            name[0] = '\0';
        }
        fclose(file);
    }
    if (strstr(name, "intake") != NULL || strstr(name, "index") != NULL) {
        return strstr(name, who) != NULL;
    }
    return is_intake(pid) == (strcmp(who, "intake") == 0);
}

static unsigned signal_children(pid_t logger, const char *who, int signal)
{
    char path[64];
    unsigned n = 0;
    FILE *file;
    int pid;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", logger, logger);
    file = fopen(path, "r");
    while (file != NULL && fscanf(file, "%d", &pid) == 1) {
        if (is_meant(pid, who)) {
            n += kill(pid, signal) == 0;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return n;
}

unsigned mishap_signal(pid_t logger, const char *who, int signal)
{
    unsigned n = 0;

    if (logger <= 0) {
        return 0;
    }
    if (strcmp(who, "keeper") != 0) {
        n += signal_children(logger, who, signal);
    }
    if (strcmp(who, "keeper") == 0 || strcmp(who, "all") == 0) {
        n += kill(logger, signal) == 0;
    }
    return n;
}

static unsigned kill_writer(const mishap_targets_t *targets)
{
    unsigned i = (unsigned)rand() % targets->writers;

    return targets->writer[i] > 0 && kill(targets->writer[i], SIGKILL) == 0;
}

static void kill_one(mishap_t *mishap, const mishap_targets_t *targets)
{
    static const char *const any[] = {"keeper", "intake", "index", "all"};
    const char *who = mishap->kill_who;
    unsigned n;

    if (strcmp(who, "writer") == 0) {
        n = kill_writer(targets);
    }
    else {
        n = mishap_signal(targets->logger,
                          strcmp(who, "any") == 0 ? any[rand() % 4] : who,
                          SIGKILL);
    }
    if (n > 0) {
        mishap->kills++;
        mishap->kill_times--;
    }
}

static void plan_kill(mishap_t *mishap, apr_time_t now)
{
    unsigned spread = mishap->kill_max - mishap->kill_min + 1;

    mishap->kill_at = now + apr_time_from_msec(mishap->kill_min) +
                      (apr_time_t)rand() % apr_time_from_msec(spread);
}

void mishap_begin(mishap_t *mishap)
{
    mishap->began = apr_time_now();
    plan_kill(mishap, mishap->began);
}

static void die(const mishap_t *mishap, const mishap_targets_t *targets)
{
    unsigned i;

    mishap_signal(targets->logger, "all", SIGKILL);
    for (i = 0; mishap->die_all && i < targets->writers; i++) {
        if (targets->writer[i] > 0) {
            kill(targets->writer[i], SIGKILL);
        }
    }
    kill(getpid(), SIGKILL);
}

void mishap_act(mishap_t *mishap, const mishap_targets_t *targets)
{
    apr_time_t now = apr_time_now(), age = now - mishap->began;

    if (mishap->kill_times > 0 && now >= mishap->kill_at) {
        kill_one(mishap, targets);
        plan_kill(mishap, now);
    }
    if (mishap->freeze_for > 0 &&
        age >= apr_time_from_msec(mishap->freeze_after)) {
        mishap_signal(targets->logger, "all", SIGSTOP);
        mishap->thaw_at = now + apr_time_from_msec(mishap->freeze_for);
        mishap->freeze_for = 0;
    }
    if (mishap->thaw_at != 0 && now >= mishap->thaw_at) {
        mishap_signal(targets->logger, "all", SIGCONT);
        mishap->thaw_at = 0;
    }
    if (mishap->die_after > 0 && age >= apr_time_from_msec(mishap->die_after)) {
        die(mishap, targets);
    }
}
