/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/directives_log.c - the setters of where records go. See directives.h.
 */
#include "httpd/directives.h"

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <http_core.h>

/* Records would be written into whatever stands there: into a program when
 * its bar was forgotten. */
static int is_record_file(const char *path, apr_pool_t *pool)
{
    apr_finfo_t info;
    apr_file_t *file;
    char first = '{';

    if (apr_stat(&info, path, APR_FINFO_TYPE | APR_FINFO_PROT, pool) !=
        APR_SUCCESS) {
        return 1;
    }
    if (info.filetype == APR_REG &&
        (info.protection &
         (APR_FPROT_UEXECUTE | APR_FPROT_GEXECUTE | APR_FPROT_WEXECUTE)) != 0) {
        return 0;
    }
    if (info.filetype == APR_REG &&
        apr_file_open(&file, path, APR_FOPEN_READ, 0, pool) == APR_SUCCESS) {
        apr_file_getc(&first, file);
        apr_file_close(file);
    }
    return info.filetype != APR_DIR && first == '{';
}

const char *spbe_directive_log(cmd_parms *cmd, void *conf_v, const char *target)
{
    const char *error = spbe_directive_main_only(cmd);

    if (error != NULL) {
        return error;
    }
    if (*target == '|') {
        if (target[1] == '\0' || target[1] == ' ') {
            return spbe_directive_refuse(cmd, target,
                                         "\"|command arguments\" or a file");
        }
    }
    else {
        target = ap_server_root_relative(cmd->pool, target);
        if (target == NULL) {
            return spbe_directive_refuse(cmd, "that path",
                                         "\"|command\" or a file's path");
        }
        if (!is_record_file(target, cmd->temp_pool)) {
            return apr_psprintf(cmd->pool,
                                "%s: %s is there and is no file of records; a "
                                "program is written with its bar: "
                                "\"|%s\"",
                                cmd->cmd->name, target, target);
        }
    }
    spbe_conf_server(cmd->server)->log = target;
    return NULL;
}

const char *spbe_directive_log_wait(cmd_parms *cmd, void *conf_v,
                                    const char *word)
{
    const char *error = spbe_directive_main_only(cmd);
    apr_int64_t n = spbe_directive_size(word, 0, 10000);

    if (error != NULL) {
        return error;
    }
    if (n < 0) {
        return spbe_directive_refuse(cmd, word, "milliseconds from 0 to 10000");
    }
    spbe_conf_server(cmd->server)->log_wait = (int)n;
    return NULL;
}

const char *spbe_directive_record_limit(cmd_parms *cmd, void *conf_v,
                                        const char *word)
{
    const char *error = spbe_directive_main_only(cmd);
    apr_int64_t n = spbe_directive_size(word, 4096, 1024 * 1024);

    if (error != NULL) {
        return error;
    }
    if (n < 0) {
        return spbe_directive_refuse(
            cmd, word, "bytes from 4096 to 1M (K and M are known)");
    }
    spbe_conf_server(cmd->server)->record_limit = (int)n;
    return NULL;
}

/* Made at the start, with its parents; configtest writes nothing. */
static const char *set_dir(cmd_parms *cmd, const char **place, const char *path)
{
    const char *error = spbe_directive_main_only(cmd);
    const char *full = ap_server_root_relative(cmd->pool, path);
    apr_finfo_t info;

    if (error != NULL) {
        return error;
    }
    if (full == NULL || *path == '\0') {
        return spbe_directive_refuse(cmd, path, "the path of a folder");
    }
    if (apr_stat(&info, full, APR_FINFO_TYPE, cmd->temp_pool) == APR_SUCCESS &&
        info.filetype != APR_DIR) {
        return spbe_directive_refuse(cmd, path, "a folder, not a file");
    }
    *place = full;
    return NULL;
}

const char *spbe_directive_run_dir(cmd_parms *cmd, void *conf_v,
                                   const char *path)
{
    return set_dir(cmd, &spbe_conf_server(cmd->server)->run_dir, path);
}

const char *spbe_directive_spill(cmd_parms *cmd, void *conf_v, const char *path)
{
    spbe_server_conf_t *conf = spbe_conf_server(cmd->server);

    if (strcasecmp(path, "none") == 0) {
        conf->spill_dir = SPBE_NO_DIR;
        return spbe_directive_main_only(cmd);
    }
    return set_dir(cmd, &conf->spill_dir, path);
}

const char *spbe_directive_spill_limit(cmd_parms *cmd, void *conf_v,
                                       const char *bytes)
{
    const char *error = spbe_directive_main_only(cmd);
    apr_int64_t n = spbe_directive_size(bytes, 0, APR_INT64_C(1) << 44);

    if (error != NULL) {
        return error;
    }
    if (n < 0) {
        return spbe_directive_refuse(
            cmd, bytes, "bytes from 0 to 16384G (K, M and G are known)");
    }
    spbe_conf_server(cmd->server)->spill_limit = n;
    return NULL;
}

static const char *set_number(cmd_parms *cmd, int *place, const char *word,
                              int max, const char *allowed)
{
    const char *error = spbe_directive_main_only(cmd);
    apr_int64_t n = spbe_directive_size(word, 0, max);

    if (error != NULL) {
        return error;
    }
    if (n < 0) {
        return spbe_directive_refuse(cmd, word, allowed);
    }
    *place = (int)n;
    return NULL;
}

const char *spbe_directive_stop_wait(cmd_parms *cmd, void *conf_v,
                                     const char *seconds)
{
    return set_number(cmd, &spbe_conf_server(cmd->server)->stop_wait, seconds,
                      600, "seconds from 0 to 600");
}

const char *spbe_directive_detail_rate(cmd_parms *cmd, void *conf_v,
                                       const char *number)
{
    return set_number(cmd, &spbe_conf_server(cmd->server)->detail_rate, number,
                      100000, "a number from 0 to 100000; 0: every one");
}
