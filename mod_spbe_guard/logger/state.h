/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/state.h - what the logger tells about itself: state.json, renamed
 * into place, so that a reader always sees a whole one.
 */
#ifndef SPBE_LOGGER_STATE_H
#define SPBE_LOGGER_STATE_H

#include "logger/share.h"

/* From what all its processes know. APR_SUCCESS, or why it was not written. */
apr_status_t spbe_state_write(const spbe_share_t *share, const char *home,
                              int running, apr_pool_t *scratch);

#endif
