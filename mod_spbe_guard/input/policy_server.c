/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_server.c - servers: only the path of each url matters here, the
 * host is httpd's business.
 */
#include "input/policy_int.h"

#include <string.h>

#include <apr_strings.h>

#define BASES_MAX 64

static void add_base(apr_array_header_t *bases, const char *base)
{
    int i;

    for (i = 0; i < bases->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(bases, i, const char *), base) == 0) {
            return;
        }
    }
    APR_ARRAY_PUSH(bases, const char *) = base;
}

/* What a variable may be: its enum, else its default. */
static apr_array_header_t *choices(spbe_policy_reader_t *reader,
                                   const spbe_node_t *variable)
{
    static const char *const allowed[] = {"enum", "default", "description",
                                          NULL};
    apr_array_header_t *list =
        apr_array_make(reader->pool, 2, sizeof(const char *));
    const spbe_node_t *all, *one;
    const char *absent;

    if (!spbe_policy_keys(reader, variable, "a server's variable", allowed,
                          NULL)) {
        return list;
    }
    absent = spbe_policy_text(reader, variable, "default");
    if (absent == NULL) {
        spbe_problem_error(reader->problems, variable,
                           "a server's variable needs \"default\"");
        return list;
    }
    all = SPBE_NODE_MEMBER(variable, "enum");
    if (all == NULL) {
        APR_ARRAY_PUSH(list, const char *) = absent;
        return list;
    }
    for (one = all->first; one != NULL; one = one->next) {
        if (one->type == SPBE_NODE_STRING) {
            APR_ARRAY_PUSH(list, const char *) =
                spbe_span_dup(one->text, reader->pool);
        }
    }
    if (all->type != SPBE_NODE_ARRAY || list->nelts == 0 ||
        (size_t)list->nelts != all->count) {
        spbe_problem_error(reader->problems, all,
                           "\"enum\" is a list of strings, not empty");
    }
    return list;
}

/* The path of a url: "https://host/api/" gives "/api". */
static const char *base_of(spbe_policy_reader_t *reader,
                           const spbe_node_t *node, const char *url)
{
    const char *path = strstr(url, "://");
    size_t length;

    path = path != NULL                 ? strchr(path + 3, '/')
           : strncmp(url, "//", 2) == 0 ? strchr(url + 2, '/')
                                        : url;
    if (path == NULL || strcmp(path, ".") == 0 || strcmp(path, "./") == 0) {
        return "";
    }
    if (strpbrk(path, "?#") != NULL || strstr(path, "..") != NULL) {
        spbe_problem_error(reader->problems, node,
                           "a server's url has no query, fragment or \"..\"");
        return "";
    }
    length = strlen(path);
    while (length > 0 && path[length - 1] == '/') {
        length--;
    }
    path = apr_pstrmemdup(reader->pool, path, length);
    return length == 0 || path[0] == '/'
               ? path
               : apr_pstrcat(reader->pool, "/", path, NULL);
}

/* Every url that the variables can make. */
static void expand(spbe_policy_reader_t *reader, const spbe_node_t *server,
                   const char *url, apr_array_header_t *bases)
{
    const char *open = strchr(url, '{');
    const char *close = open == NULL ? NULL : strchr(open, '}');
    const spbe_node_t *variable;
    apr_array_header_t *list;
    const char *name;
    int i;

    if (bases->nelts >= BASES_MAX) {
        return;
    }
    if (close == NULL) {
        add_base(bases, base_of(reader, server, url));
        return;
    }
    name = apr_pstrmemdup(reader->pool, open + 1, (size_t)(close - open - 1));
    variable = spbe_policy_member(SPBE_NODE_MEMBER(server, "variables"), name);
    if (variable == NULL) {
        spbe_problem_error(reader->problems, server,
                           "the url has {%s}, \"variables\" has not", name);
        return;
    }
    list = choices(reader, variable);
    for (i = 0; i < list->nelts; i++) {
        const char *value = APR_ARRAY_IDX(list, i, const char *);

        if (strchr(value, '{') != NULL) {
            spbe_problem_error(reader->problems, variable,
                               "a variable's value has no {");
            return;
        }
        expand(
            reader, server,
            apr_pstrcat(reader->pool,
                        apr_pstrmemdup(reader->pool, url, (size_t)(open - url)),
                        value, close + 1, NULL),
            bases);
    }
}

apr_array_header_t *spbe_policy_bases(spbe_policy_reader_t *reader,
                                      const spbe_node_t *servers)
{
    static const char *const allowed[] = {"url", "description", "variables",
                                          NULL};
    apr_array_header_t *bases =
        apr_array_make(reader->pool, 1, sizeof(const char *));
    const spbe_node_t *server;

    if (servers != NULL && servers->type != SPBE_NODE_ARRAY) {
        spbe_problem_error(reader->problems, servers, "\"servers\" is a list");
        servers = NULL;
    }
    for (server = servers == NULL ? NULL : servers->first; server != NULL;
         server = server->next) {
        const char *url;

        if (!spbe_policy_keys(reader, server, "a server", allowed, NULL)) {
            continue;
        }
        url = spbe_policy_text(reader, server, "url");
        if (url == NULL) {
            spbe_problem_error(reader->problems, server,
                               "a server needs \"url\"");
            continue;
        }
        expand(reader, server, url, bases);
    }
    if (bases->nelts >= BASES_MAX) {
        spbe_problem_error(reader->problems, servers,
                           "the servers have more than %d base paths",
                           BASES_MAX);
    }
    if (bases->nelts == 0) {
        APR_ARRAY_PUSH(bases, const char *) = "";
    }
    return bases;
}
