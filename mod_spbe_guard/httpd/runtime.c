/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/runtime.c - start and end of the server and of a child.
 */
#include "httpd/runtime.h"

#include <sys/stat.h>
#include <unistd.h>

#include <apr_file_io.h>
#include <apr_strings.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <libxml/parser.h>
#include <unixd.h>

#include "httpd/conf.h"
#include "httpd/crash.h"
#include "httpd/report.h"
#include "httpd/thread.h"

APLOG_USE_MODULE(spbe_guard);

#define SPOOL_DIR "/var/tmp/spbe-guard"

spbe_runtime_t *spbe_runtime_get(const server_rec *s)
{
    return spbe_conf_server(s)->runtime;
}

/* On disk, where /tmp may be memory; under PrivateTmp it is gone at each stop.
 * An ordinary user's server takes what there is. */
static void make_spool_dir(const spbe_server_conf_t *conf, server_rec *s)
{
    if (conf->spool_dir != NULL || geteuid() != 0
        || mkdir(SPOOL_DIR, 0700) != 0) {
        return;
    }
    if (chown(SPOOL_DIR, ap_unixd_config.user_id, ap_unixd_config.group_id)
        != 0) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, errno, s,
                     "SG0032: " SPOOL_DIR " cannot be given to the user that "
                     "httpd runs as");
    }
}

/* httpd reads its configuration twice at start: only the second counts. */
static int post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                       server_rec *s)
{
    spbe_server_conf_t *conf = spbe_conf_server(s);
    spbe_runtime_t *runtime;

    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG
        || !*conf->guarded) {
        return OK;
    }
    runtime = apr_pcalloc(pconf, sizeof(*runtime));
    runtime->shm = spbe_shm_get(s);
    if (runtime->shm == NULL) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SG0005: no shared memory: crashes are recorded without "
                     "their requests, metrics are empty");
    }
    spbe_thread_setup(runtime->shm, conf->rules);
    runtime->sink = spbe_sink_open(s, conf->log,
                                   conf->log_wait == SPBE_UNSET
                                       ? 50 : conf->log_wait, pconf);
    if (runtime->shm != NULL) {
        runtime->shm->sink_ok = runtime->sink->fd >= 0;
        apr_cpystrn(runtime->shm->log,
                    conf->log == NULL ? "" : conf->log + strspn(conf->log, "|$"),
                    sizeof(runtime->shm->log));
    }
    conf->runtime = runtime;
    make_spool_dir(conf, s);
    spbe_report_notice(s, "sys_startup", pconf);
    return OK;
}

/* The flag of a clean end: no slot is held any more. */
static apr_status_t clean_end(void *data)
{
    spbe_shm_free(data, (apr_uint32_t)getpid());
    return APR_SUCCESS;
}

static int is_own_folder(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0 && S_ISDIR(info.st_mode)
           && info.st_uid == geteuid() && access(path, W_OK | X_OK) == 0;
}

/* As the user that httpd runs as: only now it is known what he may write. */
static void choose_spool_dir(spbe_server_conf_t *conf, server_rec *s,
                             apr_pool_t *pool)
{
    if (conf->spool_dir != NULL) {
        if (access(conf->spool_dir, W_OK | X_OK) != 0) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, errno, s,
                         "SG0032: SpbeGuardSpoolDir %s cannot be written to: "
                         "bodies above 64 KiB cannot be examined",
                         conf->spool_dir);
        }
        return;
    }
    if (is_own_folder(SPOOL_DIR)) {
        conf->spool_dir = SPOOL_DIR;
    }
    else {
        apr_temp_dir_get(&conf->spool_dir, pool);
    }
}

static void child_init(apr_pool_t *pchild, server_rec *s)
{
    spbe_runtime_t *runtime = spbe_runtime_get(s);

    if (runtime == NULL) {
        return;
    }
    spbe_thread_setup(runtime->shm, spbe_conf_server(s)->rules);
    spbe_thread_track();
    choose_spool_dir(spbe_conf_server(s), s, pchild);
    xmlInitParser(); /* before there are threads */
    spbe_sink_child(runtime->sink, s);
    spbe_crash_arm();
    if (runtime->shm != NULL) {
        apr_pool_cleanup_register(pchild, runtime->shm, clean_end,
                                  apr_pool_cleanup_null);
    }
}

void spbe_runtime_hooks(apr_pool_t *p)
{
    ap_hook_check_config(spbe_conf_check, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(child_init, NULL, NULL, APR_HOOK_MIDDLE);
}
