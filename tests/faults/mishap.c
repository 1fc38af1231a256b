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

/* The intake is the child of the process that was started; 0: none now. */
static pid_t intake_of(pid_t logger)
{
    char path[64];
    int pid = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", logger, logger);
    file = fopen(path, "r");
    if (file != NULL) {
        if (fscanf(file, "%d", &pid) != 1) {
            pid = 0;
        }
        fclose(file);
    }
    return pid;
}

void mishap_signal(pid_t logger, const char *who, int signal)
{
    pid_t intake = logger == 0 ? 0 : intake_of(logger);

    if (intake > 0 && strcmp(who, "index") != 0) {
        kill(intake, signal);
    }
    if (logger > 0 && strcmp(who, "intake") != 0) {
        kill(logger, signal);
    }
}

static void kill_writer(const mishap_targets_t *targets)
{
    unsigned i = (unsigned)rand() % targets->writers;

    if (targets->writer[i] > 0) {
        kill(targets->writer[i], SIGKILL);
    }
}

static void kill_one(mishap_t *mishap, const mishap_targets_t *targets)
{
    static const char *const any[] = {"intake", "index", "both"};
    const char *who = mishap->kill_who;

    if (strcmp(who, "writer") == 0) {
        kill_writer(targets);
    }
    else {
        mishap_signal(targets->logger,
                      strcmp(who, "any") == 0 ? any[rand() % 3] : who, SIGKILL);
    }
    mishap->kills++;
    mishap->kill_times--;
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

    mishap_signal(targets->logger, "both", SIGKILL);
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
        mishap_signal(targets->logger, "both", SIGSTOP);
        mishap->thaw_at = now + apr_time_from_msec(mishap->freeze_for);
        mishap->freeze_for = 0;
    }
    if (mishap->thaw_at != 0 && now >= mishap->thaw_at) {
        mishap_signal(targets->logger, "both", SIGCONT);
        mishap->thaw_at = 0;
    }
    if (mishap->die_after > 0 && age >= apr_time_from_msec(mishap->die_after)) {
        die(mishap, targets);
    }
}
