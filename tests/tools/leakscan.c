/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/leakscan.c - show which leak rules find something in files.
 *
 * For those who write rules: the same scanner as in the module, on files.
 * Decides nothing; its answer is its output.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>

#include "failure/builtin.h"
#include "failure/leak.h"

static const char usage[] =
    "leakscan [options] FILE...\n"
    "  --rules FILE  leak rules; repeat it; without it the built-in ones\n"
    "  --status N    of the response, for rules with min_status (200)\n"
    "  --http        the file begins with a status line and header fields\n"
    "  --slow        the matcher that needs no Vectorscan\n"
    "  --cut N       feed N bytes at a time\n"
    "  --json        one JSON object a line\n"
    "FILE may be - for standard input. Exit: 0 no leak, 1 leaks, 2 trouble.\n";

typedef struct options {
    int status, http, slow, json;
    size_t cut;
    int rules_given;
} options_t;

typedef struct tool {
    options_t opt;
    apr_pool_t *pool;
    spbe_rules_t *rules;
    spbe_scratch_t *scratch;
    int leaks;
} tool_t;

static void die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fputs("leakscan: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(2);
}

static apr_status_t free_bytes(void *bytes)
{
    free(bytes);
    return APR_SUCCESS;
}

static spbe_span_t read_all(const char *path, apr_pool_t *pool)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    size_t size = 1 << 16, len = 0, n;
    char *bytes = malloc(size);

    if (in == NULL || bytes == NULL) {
        die("cannot read %s", path);
    }
    while ((n = fread(bytes + len, 1, size - len, in)) > 0) {
        len += n;
        if (len == size) {
            size *= 2;
            bytes = realloc(bytes, size);
            if (bytes == NULL) {
                die("%s is too large", path);
            }
        }
    }
    if (in != stdin) {
        fclose(in);
    }
    apr_pool_cleanup_register(pool, bytes, free_bytes, apr_pool_cleanup_null);
    return (spbe_span_t){bytes, len};
}

/* "HTTP/1.1 500 ..." up to the empty line; several blocks after redirects
 * or 100 Continue, as curl -i writes them. */
static spbe_span_t strip_head(spbe_span_t text, int *status)
{
    spbe_span_t line;

    while (spbe_span_starts(text, SPBE_SPAN("HTTP/"))) {
        line = spbe_span_line(&text);
        spbe_span_cut(&line, ' ');
        *status = 0;
        while (line.len > 0 && *line.ptr >= '0' && *line.ptr <= '9') {
            *status = *status * 10 + (*line.ptr - '0');
            line = spbe_span_slice(line, 1, line.len);
        }
        do {
            line = spbe_span_line(&text);
        } while (line.len > 0);
    }
    return text;
}

static void feed(tool_t *tool, spbe_scan_t *scan, spbe_span_t text)
{
    spbe_span_t piece;

    while (tool->opt.cut > 0 && text.len > tool->opt.cut) {
        piece = spbe_span_slice(text, 0, tool->opt.cut);
        spbe_scan_feed(scan, tool->scratch, piece, 0);
        text = spbe_span_slice(text, piece.len, text.len);
    }
    spbe_scan_feed(scan, tool->scratch, text, 1);
}

static const char *excerpt(spbe_span_t text, const spbe_leak_t *leak,
                           apr_pool_t *pool)
{
    spbe_span_t part =
        spbe_span_slice(text, (size_t)leak->start, (size_t)leak->end);
    char *copy = spbe_span_dup(spbe_span_slice(part, 0, 80), pool);
    char *p;

    for (p = copy; *p != '\0'; p++) {
        if ((unsigned char)*p < ' ' || (unsigned char)*p > '~') {
            *p = *p == '\n' ? '|' : '.';
        }
    }
    return copy;
}

static const char *severity(const spbe_scan_t *scan, const spbe_leak_t *leak)
{
    return leak == spbe_scan_fatal(scan) ? "fatal" : "notice";
}

static void print_json(const char *path, int status, const spbe_scan_t *scan,
                       spbe_span_t text, apr_pool_t *pool)
{
    cJSON *out = cJSON_CreateObject(), *list, *item;
    const spbe_leak_t *leaks;
    size_t n, i;
    char *line;

    cJSON_AddStringToObject(out, "file", path);
    cJSON_AddNumberToObject(out, "status", status);
    cJSON_AddBoolToObject(out, "fatal", spbe_scan_fatal(scan) != NULL);
    list = cJSON_AddArrayToObject(out, "leaks");
    leaks = spbe_scan_leaks(scan, &n);
    for (i = 0; i < n; i++) {
        item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "rule", leaks[i].rule->id);
        cJSON_AddStringToObject(item, "runtime", leaks[i].rule->runtime);
        cJSON_AddStringToObject(item, "kind", leaks[i].rule->kind);
        cJSON_AddStringToObject(item, "severity", severity(scan, &leaks[i]));
        cJSON_AddNumberToObject(item, "start", (double)leaks[i].start);
        cJSON_AddNumberToObject(item, "end", (double)leaks[i].end);
        cJSON_AddStringToObject(item, "excerpt",
                                excerpt(text, &leaks[i], pool));
        cJSON_AddItemToArray(list, item);
    }
    line = cJSON_PrintUnformatted(out);
    puts(line);
    cJSON_free(line);
    cJSON_Delete(out);
}

static void print_text(const char *path, int status, const spbe_scan_t *scan,
                       spbe_span_t text, apr_pool_t *pool)
{
    const spbe_leak_t *leaks;
    size_t n, i;

    leaks = spbe_scan_leaks(scan, &n);
    printf("%s: status %d, %" APR_SIZE_T_FMT " leaks%s\n", path, status, n,
           spbe_scan_fatal(scan) != NULL ? ", fatal" : "");
    for (i = 0; i < n; i++) {
        printf("  %-6s %-32s %" APR_UINT64_T_FMT "-%" APR_UINT64_T_FMT "  %s\n",
               severity(scan, &leaks[i]), leaks[i].rule->id, leaks[i].start,
               leaks[i].end, excerpt(text, &leaks[i], pool));
    }
}

static void scan_file(tool_t *tool, const char *path)
{
    apr_pool_t *pool;
    spbe_span_t text;
    spbe_scan_t *scan;
    int status = tool->opt.status;
    size_t n;

    apr_pool_create(&pool, tool->pool);
    text = read_all(path, pool);
    if (tool->opt.http) {
        text = strip_head(text, &status);
    }
    scan = spbe_scan_create(tool->rules, status, pool);
    feed(tool, scan, text);
    (tool->opt.json ? print_json : print_text)(path, status, scan, text, pool);
    spbe_scan_leaks(scan, &n);
    tool->leaks += n > 0;
    apr_pool_destroy(pool);
}

static void add_rules(tool_t *tool, const char *name, spbe_span_t json)
{
    const char *error = spbe_rules_add(tool->rules, name, json);

    if (error != NULL) {
        die("%s", error);
    }
}

static void add_builtin(tool_t *tool)
{
    const spbe_builtin_t *file;

    for (file = spbe_builtin_all(); file->name != NULL; file++) {
        if (strncmp(file->name, "rules/leak-", 11) == 0) {
            add_rules(tool, file->name, file->data);
        }
    }
}

static const char *value_of(char **argv, int *i)
{
    if (argv[*i + 1] == NULL) {
        die("%s needs a value", argv[*i]);
    }
    return argv[++*i];
}

/* Returns the index of the first file. */
static int read_options(tool_t *tool, char **argv)
{
    const char *path;
    int i;

    for (i = 1; argv[i] != NULL && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--rules") == 0) {
            path = value_of(argv, &i);
            add_rules(tool, path, read_all(path, tool->pool));
            tool->opt.rules_given = 1;
        }
        else if (strcmp(argv[i], "--status") == 0) {
            tool->opt.status = atoi(value_of(argv, &i));
        }
        else if (strcmp(argv[i], "--cut") == 0) {
            tool->opt.cut = (size_t)atol(value_of(argv, &i));
        }
        else if (strcmp(argv[i], "--http") == 0) {
            tool->opt.http = 1;
        }
        else if (strcmp(argv[i], "--slow") == 0) {
            tool->opt.slow = 1;
        }
        else if (strcmp(argv[i], "--json") == 0) {
            tool->opt.json = 1;
        }
        else {
            die("unknown option %s\n%s", argv[i], usage);
        }
    }
    return i;
}

static int run(tool_t *tool, char **argv)
{
    const char *error;
    int i = read_options(tool, argv);

    if (argv[i] == NULL) {
        die("no file given\n%s", usage);
    }
    if (!tool->opt.rules_given) {
        add_builtin(tool);
    }
    error = spbe_rules_compile(tool->rules, tool->opt.slow);
    if (error != NULL) {
        die("%s", error);
    }
    tool->scratch = spbe_scratch_create(tool->rules);
    for (; argv[i] != NULL; i++) {
        scan_file(tool, argv[i]);
    }
    spbe_scratch_destroy(tool->scratch);
    return tool->leaks > 0;
}

int main(int argc, char **argv)
{
    tool_t tool = {.opt = {.status = 200}};
    int code;

    apr_initialize();
    apr_pool_create(&tool.pool, NULL);
    tool.rules = spbe_rules_create(tool.pool);
    code = run(&tool, argv);
    apr_pool_destroy(tool.pool);
    apr_terminate();
    return code;
}
