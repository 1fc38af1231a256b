/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/shim/clock.c - a clock that is set forward and back, by
 * LD_PRELOAD.
 *
 * CLOCK_JUMPS "T:S,T:S": T milliseconds behind CLOCK_BEGAN (of the monotonic
 * clock, in milliseconds) the wall clock is S seconds wrong.
 */
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long long number_of(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? 0 : atoll(text);
}

/* How many seconds the clock is wrong now. */
static long long wrong_by(void)
{
    const char *text = getenv("CLOCK_JUMPS");
    struct timespec now;
    long long age, seconds = 0;
    char *end;

    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    age =
        now.tv_sec * 1000LL + now.tv_nsec / 1000000 - number_of("CLOCK_BEGAN");
    while (text != NULL && *text != '\0') {
        long long at = strtoll(text, &end, 10);
        long long by = *end == ':' ? strtoll(end + 1, &end, 10) : 0;

        if (age >= at) {
            seconds = by;
        }
        text = *end == ',' ? end + 1 : NULL;
    }
    return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int rc = (int)syscall(SYS_clock_gettime, clock, now);

    if (rc == 0 && clock == CLOCK_REALTIME) {
        now->tv_sec += (time_t)wrong_by();
    }
    return rc;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec fine = {0};
    int rc = clock_gettime(CLOCK_REALTIME, &fine);

    (void)zone;
    now->tv_sec = fine.tv_sec;
    now->tv_usec = fine.tv_nsec / 1000;
    return rc;
}

time_t time(time_t *result)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (result != NULL) {
        *result = now.tv_sec;
    }
    return now.tv_sec;
}
