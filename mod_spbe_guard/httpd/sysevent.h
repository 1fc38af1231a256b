/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/sysevent.h - what the guard says of itself: that it started, with which
 * configuration, rules and policies; that it stopped; that some place is
 * watched more or less than before.
 *
 * All by the parent. Names are those of OWASP's vocabulary.
 */
#ifndef SPBE_HTTPD_SYSEVENT_H
#define SPBE_HTTPD_SYSEVENT_H

#include <httpd.h>

/* In post_config: sys_startup, or sys_restart and what changed. */
void spbe_sysevent_start(server_rec *s, apr_pool_t *ptemp);

/* sys_shutdown. */
void spbe_sysevent_stop(server_rec *s, apr_pool_t *pool);

#endif
