/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/httpdconf_find.c - looking things up in a configuration that was read.
 * See httpdconf.h.
 */
#include "text/httpdconf_int.h"

#include <string.h>
#include <strings.h>
#include <apr_strings.h>

/* Debian's httpd has these inside; they are written once with each name. */
static const char *const compiled_in[] = {
    "core", "so", "http", "unixd", "log_config", "logio", "version",
    "watchdog",
};

int spbe_httpdconf_count(const spbe_httpdconf_t *conf)
{
    return conf->lines->nelts;
}

const spbe_httpdconf_line_t *spbe_httpdconf_at(const spbe_httpdconf_t *conf,
                                               int index)
{
    return &APR_ARRAY_IDX(conf->lines, index, spbe_httpdconf_line_t);
}

/* <IfModule> and its like are no place of their own. */
static int is_transparent(const char *name)
{
    return strncasecmp(name, "If", 2) == 0
           && (strcasecmp(name, "IfModule") == 0
               || strcasecmp(name, "IfDefine") == 0
               || strcasecmp(name, "IfVersion") == 0
               || strcasecmp(name, "IfFile") == 0
               || strcasecmp(name, "IfDirective") == 0
               || strcasecmp(name, "IfSection") == 0);
}

static int place_of(const spbe_httpdconf_t *conf, int index)
{
    int parent = spbe_httpdconf_at(conf, index)->parent;

    while (parent >= 0 && is_transparent(spbe_httpdconf_at(conf, parent)
                                             ->name)) {
        parent = spbe_httpdconf_at(conf, parent)->parent;
    }
    return parent;
}

int spbe_httpdconf_next(const spbe_httpdconf_t *conf, int parent,
                        const char *name, int from)
{
    int i;

    for (i = from; i < conf->lines->nelts; i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(conf, i);

        if ((name == NULL || strcasecmp(line->name, name) == 0)
            && place_of(conf, i) == parent) {
            return i;
        }
    }
    return -1;
}

const spbe_httpdconf_line_t *
spbe_httpdconf_last(const spbe_httpdconf_t *conf, int parent,
                    const char *name)
{
    const spbe_httpdconf_line_t *found = NULL;
    int i = -1;

    while ((i = spbe_httpdconf_next(conf, parent, name, i + 1)) >= 0) {
        found = spbe_httpdconf_at(conf, i);
    }
    return found;
}

const char *spbe_httpdconf_arg(const spbe_httpdconf_line_t *line, int i)
{
    return line != NULL && i < line->args->nelts
               ? APR_ARRAY_IDX(line->args, i, const char *) : "";
}

/* Does "mod_x.c" or "x_module" mean the module "x"? */
static int is_called(const char *name, const char *module, size_t len)
{
    if (strncmp(name, "mod_", 4) == 0 && strncmp(name + 4, module, len) == 0
        && strcmp(name + 4 + len, ".c") == 0) {
        return 1;
    }
    if (strncmp(name, module, len) == 0
        && strcmp(name + len, "_module") == 0) {
        return 1;
    }
    /* "core.c", "http_core.c", "event.c" of old files. */
    return strncmp(name, module, len) == 0 && strcmp(name + len, ".c") == 0;
}

static int loads(const spbe_httpdconf_line_t *line, const char *name)
{
    const char *id = spbe_httpdconf_arg(line, 0);
    const char *file = strrchr(spbe_httpdconf_arg(line, 1), '/');
    size_t len;

    if (strcmp(id, name) == 0) {
        return 1;
    }
    file = file == NULL ? spbe_httpdconf_arg(line, 1) : file + 1;
    len = strlen(file);
    if (len > 7 && strncmp(file, "mod_", 4) == 0
        && strcmp(file + len - 3, ".so") == 0) {
        return is_called(name, file + 4, len - 7);
    }
    return 0;
}

const spbe_httpdconf_line_t *
spbe_httpdconf_loaded(const spbe_httpdconf_t *conf, const char *name)
{
    int i;

    for (i = 0; i < conf->lines->nelts; i++) {
        const spbe_httpdconf_line_t *line = spbe_httpdconf_at(conf, i);

        if (strcasecmp(line->name, "LoadModule") == 0 && loads(line, name)) {
            return line;
        }
    }
    return NULL;
}

int spbe_httpdconf_module(const spbe_httpdconf_t *conf, const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(compiled_in) / sizeof(compiled_in[0]); i++) {
        if (is_called(name, compiled_in[i], strlen(compiled_in[i]))) {
            return 1;
        }
    }
    return strcmp(name, "http_core.c") == 0
           || spbe_httpdconf_loaded(conf, name) != NULL;
}

const apr_array_header_t *
spbe_httpdconf_problems(const spbe_httpdconf_t *conf)
{
    return conf->problems;
}
