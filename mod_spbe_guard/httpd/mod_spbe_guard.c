/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/mod_spbe_guard.c - the module: its hooks, by the files that own them.
 */
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>

#include "httpd/client.h"
#include "httpd/conf.h"
#include "httpd/crash.h"
#include "httpd/errlog.h"
#include "httpd/flow.h"
#include "httpd/flush.h"
#include "httpd/hidefile.h"
#include "httpd/inject.h"
#include "httpd/input.h"
#include "httpd/metrics.h"
#include "httpd/peek.h"
#include "httpd/report.h"
#include "httpd/runtime.h"
#include "httpd/sealing.h"
#include "httpd/state.h"

static int on_end(request_rec *r)
{
    spbe_report_end(r);
    return DECLINED;
}

static void register_hooks(apr_pool_t *p)
{
    spbe_runtime_hooks(p);
    spbe_sealing_hooks(p);
    spbe_state_hooks(p);
    spbe_errlog_hooks(p);
    spbe_crash_hooks(p);
    spbe_hidefile_hooks(p);
    spbe_input_hooks(p);
    spbe_peek_hooks(p);
    spbe_filter_hooks(p);
    spbe_inject_hooks(p);
    spbe_client_hooks(p);
    spbe_metrics_hooks(p);
    spbe_flush_hooks(p);
    /* Before the access log is written, so that both tell the same. */
    ap_hook_log_transaction(on_end, NULL, NULL, APR_HOOK_FIRST);
}

AP_DECLARE_MODULE(spbe_guard) = {
    STANDARD20_MODULE_STUFF,
    spbe_conf_dir_create,
    spbe_conf_dir_merge,
    spbe_conf_server_create,
    spbe_conf_server_merge,
    spbe_directives,
    register_hooks,
    0
};
