/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/rc.h - what a function says of its input.
 *
 * Used where the input can be bad; apr_status_t is used where the system can
 * fail, and const char * (NULL = fine) where an administrator is to be told.
 */
#ifndef SPBE_TEXT_RC_H
#define SPBE_TEXT_RC_H

typedef enum spbe_rc {
    SPBE_OK = 0,
    SPBE_END = 1,      /* nothing is left */
    SPBE_TOO_MANY = 2, /* a count limit was reached and input is left */
    SPBE_TOO_BIG = 3,  /* a size limit was reached */
    SPBE_BAD = 4,      /* the input is malformed */
    SPBE_NONE = 5      /* not found, or not of this kind */
} spbe_rc_t;

#endif
