/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/sysevent.c - what the guard says of itself. See sysevent.h.
 */
#include "httpd/sysevent.h"

#include "httpd/report.h"

void spbe_sysevent_start(server_rec *s, apr_pool_t *ptemp)
{
    spbe_report_notice(s, "sys_startup", ptemp);
}

void spbe_sysevent_stop(server_rec *s, apr_pool_t *pool)
{
    spbe_report_notice(s, "sys_shutdown", pool);
}
