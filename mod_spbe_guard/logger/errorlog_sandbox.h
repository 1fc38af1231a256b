/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_sandbox.h - what the process that filters the error log may
 * no longer do: it reads what anybody on the network had written there.
 */
#ifndef SPBE_LOGGER_ERRORLOG_SANDBOX_H
#define SPBE_LOGGER_ERRORLOG_SANDBOX_H

/*
 * For the rest of its life: no new process, no new socket, no other program,
 * nothing that is written can be run. NULL, or one sentence why it is not
 * confined.
 */
const char *spbe_errlog_confine(void);

#endif
