/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/sandbox.h - what the logger may no longer do.
 */
#ifndef SPBE_LOGGER_SANDBOX_H
#define SPBE_LOGGER_SANDBOX_H

/* All processes: no new rights, no core. */
void spbe_sandbox_all(void);

/* Those that hold something: nobody but root may look into their memory. */
void spbe_sandbox_hide(void);

/*
 * Intake, for the rest of its life: no new process, bounded memory, and no
 * system calls but those that it needs; others fail with EPERM. It can open no
 * socket, start no program, look into no process. NULL, or one sentence why it
 * is not confined.
 */
const char *spbe_sandbox_intake(void);

#endif
