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
#include <ap_mpm.h>
#include <mpm_common.h>
#include <unixd.h>

#include "httpd/conf.h"
#include "httpd/crash.h"
#include "httpd/sysevent.h"
#include "httpd/sealing.h"
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

typedef struct parent {
    server_rec *s;
    pid_t pid;
} parent_t;

/* At a stop, and at each restart; children have copies of the pool. */
static apr_status_t on_end(void *data)
{
    const parent_t *parent = data;
    spbe_runtime_t *runtime = spbe_runtime_get(parent->s);
    apr_pool_t *pool;

    if (parent->pid != getpid() || runtime == NULL) {
        return APR_SUCCESS;
    }
    if (ap_state_query(AP_SQ_MAIN_STATE) != AP_SQ_MS_EXITING) {
        if (runtime->sink->spill != NULL) {
            spbe_spill_close(runtime->sink->spill);
        }
        return APR_SUCCESS;
    }
    apr_pool_create(&pool, NULL);
    spbe_sysevent_stop(parent->s, pool);
    spbe_sink_close(runtime->sink, parent->s, pool);
    apr_pool_destroy(pool);
    return APR_SUCCESS;
}

static void watch_end(server_rec *s, apr_pool_t *pconf)
{
    parent_t *parent = apr_palloc(pconf, sizeof(*parent));

    parent->s = s;
    parent->pid = getpid();
    apr_pool_cleanup_register(pconf, parent, on_end, apr_pool_cleanup_null);
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
    runtime->sink = spbe_sink_open(s, runtime->shm, pconf);
    spbe_sealing_open(runtime->sink, s, pconf);
    if (runtime->shm != NULL) {
        runtime->shm->sink_ok = runtime->sink->fd >= 0;
        apr_cpystrn(runtime->shm->log,
                    conf->log == NULL ? "" : conf->log + strspn(conf->log, "|$"),
                    sizeof(runtime->shm->log));
    }
    conf->runtime = runtime;
    make_spool_dir(conf, s);
    watch_end(s, pconf);
    spbe_sysevent_start(s, ptemp);
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
    spbe_sink_child(runtime->sink, s, pchild);
    spbe_sealing_watch(runtime->sink, s);
    spbe_crash_arm();
    if (runtime->shm != NULL) {
        apr_pool_cleanup_register(pchild, runtime->shm, clean_end,
                                  apr_pool_cleanup_null);
    }
}

static int on_monitor(apr_pool_t *p, server_rec *s)
{
    const spbe_runtime_t *runtime = spbe_runtime_get(s);

    if (runtime != NULL) {
        spbe_sink_tend(runtime->sink);
    }
    return DECLINED;
}

static void on_child(server_rec *s, pid_t pid, ap_generation_t gen, int slot,
                     mpm_child_status status)
{
    const spbe_runtime_t *runtime = spbe_runtime_get(s);

    if (runtime != NULL && status == MPM_CHILD_EXITED) {
        spbe_sink_buried(runtime->sink, pid);
    }
}

void spbe_runtime_hooks(apr_pool_t *p)
{
    spbe_pipe_hooks(p);
    ap_hook_monitor(on_monitor, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_status(on_child, NULL, NULL, APR_HOOK_LAST);
    ap_hook_check_config(spbe_conf_check, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(child_init, NULL, NULL, APR_HOOK_MIDDLE);
}
