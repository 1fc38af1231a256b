/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_raw.h - a request from the bytes of a file, for trying a policy
 * without a server.
 *
 * Takes what httpd would hand over: it does not judge, and it is not asked
 * about requests from outside. Lines may end in a bare LF, as editors write
 * them.
 */
#ifndef SPBE_INPUT_CHECK_RAW_H
#define SPBE_INPUT_CHECK_RAW_H

#include "input/view.h"

#define SPBE_CHECK_RAW_HEADERS 1000

/*
 * NULL, or a sentence that says why it is no request. Spans refer to raw; a
 * chunked body is put together in pool. Without Content-Length and
 * Transfer-Encoding everything behind the empty line is the body.
 */
const char *spbe_check_raw(spbe_span_t raw, apr_time_t now, spbe_view_t *view,
                           apr_pool_t *pool);

#endif
