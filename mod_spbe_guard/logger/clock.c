/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/clock.c - what the kernel says of its clock. See clock.h.
 */
#include "logger/clock.h"

#include <sys/timex.h>

void spbe_clock_look(spbe_clock_t *clock)
{
    struct timex timex = {.modes = 0};
    int state = adjtimex(&timex);

    *clock = (spbe_clock_t){.known = state != -1};
    if (state == -1) {
        return;
    }
    clock->synchronised =
        state != TIME_ERROR && (timex.status & STA_UNSYNC) == 0;
    clock->offset =
        (timex.status & STA_NANO) ? timex.offset / 1000 : timex.offset;
    clock->max_error = timex.maxerror;
}
