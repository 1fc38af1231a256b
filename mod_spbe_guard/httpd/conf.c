/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/conf.c - creation and merging of the configuration. See conf.h.
 *
 * Merging allocates in the pool it is given and changes neither side: httpd
 * merges per request as well.
 */
#include "httpd/conf.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>

#include "failure/builtin.h"

APLOG_USE_MODULE(spbe_guard);

void *spbe_conf_dir_create(apr_pool_t *p, char *path)
{
    spbe_dir_conf_t *conf = apr_pcalloc(p, sizeof(*conf));

#define X(type, name, unset, def) conf->name = (unset);
    SPBE_DIR_MEMBERS(X)
#undef X
    return conf;
}

static spbe_list_t list_merge(apr_pool_t *p, spbe_list_t outer,
                              spbe_list_t inner)
{
    spbe_list_t both = { NULL, outer.fresh };

    if (inner.fresh || outer.items == NULL) {
        both.items = inner.items;
        both.fresh = inner.fresh || outer.fresh;
    }
    else if (inner.items == NULL) {
        both.items = outer.items;
    }
    else {
        both.items = apr_array_append(p, outer.items, inner.items);
    }
    return both;
}

void *spbe_conf_dir_merge(apr_pool_t *p, void *outer_v, void *inner_v)
{
    const spbe_dir_conf_t *outer = outer_v, *inner = inner_v;
    spbe_dir_conf_t *conf = apr_pcalloc(p, sizeof(*conf));

#define X(type, name, unset, def)                                            \
    conf->name = inner->name == (unset) ? outer->name : inner->name;
    SPBE_DIR_MEMBERS(X)
#undef X
#define X(name) conf->name = list_merge(p, outer->name, inner->name);
    SPBE_DIR_LISTS(X)
#undef X
#define X(type, name)                                                        \
    conf->name = spbe_conf_join_##name(p, outer->name, inner->name);
    SPBE_DIR_JOINED(X)
#undef X
    return conf;
}

void *spbe_conf_server_create(apr_pool_t *p, server_rec *s)
{
    spbe_server_conf_t *conf = apr_pcalloc(p, sizeof(*conf));

    conf->log_wait = SPBE_LOG_WAIT_DEFAULT;
    conf->spill_limit = SPBE_SPILL_LIMIT_DEFAULT;
    conf->stop_wait = SPBE_STOP_WAIT_DEFAULT;
    conf->detail_rate = SPBE_DETAIL_RATE_DEFAULT;
    conf->record_limit = SPBE_UNSET;
    conf->spool_limit = SPBE_UNSET;
    conf->redact = apr_array_make(p, 4, sizeof(const char *));
    conf->rule_files = apr_array_make(p, 2, sizeof(const char *));
    conf->guarded = apr_pcalloc(p, sizeof(int));
    return conf;
}

/* The directives are for the main server alone: a virtual host refers to it. */
void *spbe_conf_server_merge(apr_pool_t *p, void *outer, void *inner)
{
    spbe_server_conf_t *main_conf = outer;
    const spbe_server_conf_t *host = inner;

    *main_conf->guarded |= *host->guarded;
    return outer;
}

const spbe_dir_conf_t *spbe_conf_dir(const request_rec *r)
{
    return ap_get_module_config(r->per_dir_config, &spbe_guard_module);
}

spbe_server_conf_t *spbe_conf_server(const server_rec *s)
{
    return ap_get_module_config(s->module_config, &spbe_guard_module);
}

int spbe_conf_is_error(const spbe_dir_conf_t *conf, int status)
{
    if (status < 400 || status > 599) {
        return 0;
    }
    if (conf->error_status == NULL) {
        return status >= 500;
    }
    return conf->error_status->bit[status - 400];
}
