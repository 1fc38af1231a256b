/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/httpdconf.c - httpd's configuration as a list of lines. See
 * httpdconf.h.
 */
#include "text/httpdconf_int.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_file_info.h>
#include <apr_fnmatch.h>
#include <apr_lib.h>
#include <apr_strings.h>

typedef struct reader {
    spbe_httpdconf_t *conf;
    const char *file;
    unsigned line;
    int parent;
    int skipped; /* depth of sections inside one that does not hold */
    int depth;   /* of includes */
} reader_t;

static void read_file(reader_t *outer, const char *file, int optional);

static void complain(const reader_t *r, const char *what, const char *file)
{
    apr_pool_t *pool = r->conf->pool;
    const char *from = r->line == 0
                           ? "" : apr_psprintf(pool, "%s:%u: ", r->file,
                                               r->line);

    APR_ARRAY_PUSH(r->conf->problems, const char *) =
        apr_psprintf(pool, "%s%s %s", from, what, file);
}

const char *spbe_httpdconf_path(const spbe_httpdconf_t *conf,
                                const char *path, apr_pool_t *pool)
{
    return path[0] == '/' ? path
                          : apr_pstrcat(pool, conf->root, "/", path, NULL);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The entries of a folder that fit the pattern, sorted as httpd does. */
static apr_array_header_t *list_folder(const char *folder, const char *pattern,
                                       apr_pool_t *pool)
{
    apr_array_header_t *names = apr_array_make(pool, 16, sizeof(char *));
    apr_finfo_t info;
    apr_dir_t *dir;

    if (apr_dir_open(&dir, folder, pool) != APR_SUCCESS) {
        return names;
    }
    while (apr_dir_read(&info, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        if (strcmp(info.name, ".") != 0 && strcmp(info.name, "..") != 0
            && apr_fnmatch(pattern, info.name, APR_FNM_PERIOD)
                   == APR_SUCCESS) {
            APR_ARRAY_PUSH(names, const char *) =
                apr_pstrcat(pool, folder, "/", info.name, NULL);
        }
    }
    apr_dir_close(dir);
    if (names->nelts > 0) {
        qsort(names->elts, (size_t)names->nelts, sizeof(char *), by_name);
    }
    return names;
}

/* One step into base: the entries that part, maybe a pattern, stands for. */
static apr_array_header_t *step(const char *base, const char *part,
                                apr_pool_t *pool)
{
    apr_array_header_t *names;

    if (apr_fnmatch_test(part)) {
        return list_folder(base[0] == '\0' ? "/" : base, part, pool);
    }
    names = apr_array_make(pool, 1, sizeof(char *));
    APR_ARRAY_PUSH(names, const char *) = apr_pstrcat(pool, base, "/", part,
                                                      NULL);
    return names;
}

static void include(reader_t *r, const char *base, const char *path,
                    int optional);

static void include_all(reader_t *r, const apr_array_header_t *names,
                        const char *path, int optional)
{
    int i;

    for (i = 0; i < names->nelts; i++) {
        include(r, APR_ARRAY_IDX(names, i, const char *), path, optional);
    }
}

/* A pattern may stand in a folder's name as well: base is where we have got
 * to, path what is left. */
static void include(reader_t *r, const char *base, const char *path,
                    int optional)
{
    apr_pool_t *pool = r->conf->pool;
    apr_array_header_t *names;
    apr_finfo_t info;
    const char *part;

    path += strspn(path, "/");
    if (*path != '\0') {
        part = apr_pstrmemdup(pool, path, strcspn(path, "/"));
        names = step(base, part, pool);
        if (names->nelts == 0 && !optional) {
            complain(r, "no file fits", apr_pstrcat(pool, base, "/", path,
                                                    NULL));
        }
        include_all(r, names, path + strlen(part), optional);
    }
    else if (apr_stat(&info, base, APR_FINFO_TYPE, pool) == APR_SUCCESS
             && info.filetype == APR_DIR) {
        include_all(r, list_folder(base, "*", pool), "", 1);
    }
    else {
        read_file(r, base, optional);
    }
}

/* What changes how the rest is read. */
static void obey(reader_t *r, const spbe_httpdconf_line_t *line)
{
    spbe_httpdconf_t *conf = r->conf;
    const char *arg = spbe_httpdconf_arg(line, 0);

    if (strcasecmp(line->name, "Include") == 0
        || strcasecmp(line->name, "IncludeOptional") == 0) {
        include(r, "", spbe_httpdconf_path(conf, arg, conf->pool),
                line->name[7] != '\0');
    }
    else if (strcasecmp(line->name, "ServerRoot") == 0) {
        size_t len = strlen(arg);

        conf->root = apr_pstrmemdup(conf->pool, arg,
                                    len > 1 && arg[len - 1] == '/' ? len - 1
                                                                   : len);
    }
    else if (strcasecmp(line->name, "Define") == 0) {
        apr_table_set(conf->defines, arg, spbe_httpdconf_arg(line, 1));
    }
    else if (strcasecmp(line->name, "UnDefine") == 0) {
        apr_table_unset(conf->defines, arg);
    }
}

static spbe_httpdconf_line_t *add_line(reader_t *r, const char *name,
                                       const char *rest, int section)
{
    spbe_httpdconf_line_t *line = apr_array_push(r->conf->lines);

    line->file = r->file;
    line->line = r->line;
    line->name = name;
    line->raw = rest;
    line->args = spbe_httpdconf_words(rest, r->conf->pool);
    line->section = section;
    line->parent = r->parent;
    return line;
}

static void open_section(reader_t *r, const char *name, const char *rest)
{
    apr_pool_t *pool = r->conf->pool;
    size_t len = strlen(rest);
    int holds = 1, index = r->conf->lines->nelts;

    while (len > 0 && (apr_isspace(rest[len - 1]) || rest[len - 1] == '>')) {
        len--;
    }
    rest = apr_pstrmemdup(pool, rest, len);
    if (r->skipped > 0
        || (spbe_httpdconf_conditional(r->conf, name,
                                       spbe_httpdconf_words(rest, pool),
                                       &holds)
            && !holds)
        || strcasecmp(name, "Macro") == 0) {
        r->skipped++;
        return;
    }
    /* A condition that holds is a section too, so that its end is found. */
    add_line(r, name, rest, 1);
    r->parent = index;
}

static void close_section(reader_t *r)
{
    if (r->skipped > 0) {
        r->skipped--;
    }
    else if (r->parent >= 0) {
        r->parent = spbe_httpdconf_at(r->conf, r->parent)->parent;
    }
}

static void read_line(reader_t *r, const char *text)
{
    apr_pool_t *pool = r->conf->pool;
    const char *name, *rest;
    spbe_httpdconf_line_t copy;
    size_t len;

    while (apr_isspace(*text)) {
        text++;
    }
    if (*text == '\0' || *text == '#'
        || r->conf->lines->nelts >= SPBE_HTTPDCONF_MAX) {
        return;
    }
    if (text[0] == '<' && text[1] == '/') {
        close_section(r);
        return;
    }
    text = r->skipped > 0 ? text : spbe_httpdconf_expand(r->conf, text);
    len = strcspn(text, text[0] == '<' ? " \t>" : " \t");
    name = apr_pstrmemdup(pool, text, len);
    rest = text + len;
    while (apr_isspace(*rest)) {
        rest++;
    }
    if (name[0] == '<') {
        open_section(r, name + 1, rest);
    }
    else if (r->skipped == 0) {
        /* A copy: reading an include moves the list. */
        copy = *add_line(r, name, rest, 0);
        obey(r, &copy);
    }
}

/* Takes one line with those that a backslash joins to it. */
static const char *next_line(spbe_span_t *rest, unsigned *number,
                             apr_pool_t *pool)
{
    const char *text = "";

    for (;;) {
        spbe_span_t line = spbe_span_line(rest);
        int more = line.len > 0 && line.ptr[line.len - 1] == '\\';

        ++*number;
        line.len -= more ? 1 : 0;
        text = apr_pstrcat(pool, text, spbe_span_dup(line, pool), NULL);
        if (!more || rest->len == 0) {
            return text;
        }
    }
}

static void read_file(reader_t *outer, const char *file, int optional)
{
    reader_t r = *outer;
    unsigned number = 0;
    spbe_span_t rest;

    r.depth++;
    if (r.depth > SPBE_HTTPDCONF_DEPTH) {
        complain(outer, "too many includes inside each other, at", file);
        return;
    }
    if (spbe_httpdconf_slurp(file, &rest, r.conf->pool) != APR_SUCCESS) {
        if (!optional) {
            complain(outer, "cannot read", file);
        }
        return;
    }
    r.file = file;
    while (rest.len > 0) {
        const char *text;

        r.line = number + 1;
        text = next_line(&rest, &number, r.conf->pool);
        read_line(&r, text);
    }
}

spbe_httpdconf_t *spbe_httpdconf_read(const char *file, const char *envvars,
                                      apr_pool_t *pool)
{
    spbe_httpdconf_t *conf = apr_pcalloc(pool, sizeof(*conf));
    reader_t r = { .conf = conf, .file = file, .parent = -1 };
    const char *slash = strrchr(file, '/');

    conf->pool = pool;
    conf->lines = apr_array_make(pool, 256, sizeof(spbe_httpdconf_line_t));
    conf->problems = apr_array_make(pool, 4, sizeof(const char *));
    conf->defines = apr_table_make(pool, 16);
    conf->env = apr_table_make(pool, 16);
    conf->root = slash == NULL ? "." : apr_pstrmemdup(pool, file,
                                                      (size_t)(slash - file));
    if (envvars != NULL) {
        spbe_httpdconf_envvars(conf, envvars);
    }
    read_file(&r, file, 0);
    return conf;
}
