/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/directives_seal.c - SpbeGuardRecipients. See directives.h.
 */
#include "httpd/directives.h"

#include <http_core.h>

const char *spbe_directive_recipients(cmd_parms *cmd, void *conf_v,
                                      const char *file)
{
    spbe_server_conf_t *conf = spbe_conf_server(cmd->server);
    const char *error = spbe_directive_main_only(cmd);
    const char *path = ap_server_root_relative(cmd->pool, file);

    if (error != NULL) {
        return error;
    }
    conf->recipients_clear = strcasecmp(file, "none") == 0;
    if (!conf->recipients_clear && (path == NULL || *file == '\0')) {
        return spbe_directive_refuse(cmd, file,
                                     "the path of a file of public keys in "
                                     "PEM, or none");
    }
    conf->recipients_file = conf->recipients_clear ? NULL : path;
    return NULL;
}
