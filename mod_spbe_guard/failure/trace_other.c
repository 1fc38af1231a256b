/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_other.c - failures that have a name and no frames.
 *
 * Error codes of databases, and httpd's own numbered messages. Asked last:
 * where any language's reader found something, that says more.
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

static const struct {
    const char *sign;  /* found anywhere in a line */
    const char *name;  /* the exception; NULL: the code that begins there */
    const char *until; /* with NULL: the last character of the code, or what
                          stands behind it */
} SIGNS[] = {
    {"SQLSTATE[", NULL, "]"},
    {"ORA-", NULL, ":"},
    {"PLS-", NULL, ":"},
    {"TNS-", NULL, ":"},
    {"SQLCODE=", NULL, ","},
    {"SQL0", NULL, " "},
    {"You have an error in your SQL syntax", "MySQL error", NULL},
    {"MySQL server has gone away", "MySQL error", NULL},
    {"Lost connection to MySQL server", "MySQL error", NULL},
    {"WordPress database error", "WordPress database error", NULL},
    {"Error establishing a database connection", "Database connection", NULL},
    {"Unclosed quotation mark", "SQL Server error", NULL},
    {"Incorrect syntax near", "SQL Server error", NULL},
    {"Invalid object name", "SQL Server error", NULL},
    {"Microsoft OLE DB Provider", "OLE DB error", NULL},
    {"[Microsoft][", "ODBC error", NULL},
    {"syntax error at or near", "PostgreSQL ERROR", NULL},
    {"FATAL:  ", "PostgreSQL FATAL", NULL},
    {"PG::", NULL, ":"},
    {"could not connect to server", "PostgreSQL connection", NULL},
    {"SQLITE_", NULL, ":"},
    {"MongoServerError", "MongoServerError", NULL},
    {"MongoNetworkError", "MongoNetworkError", NULL},
    {"WRONGTYPE Operation", "Redis error", NULL},
    {"NOAUTH Authentication", "Redis error", NULL},
    {"MISCONF Redis", "Redis error", NULL},
    {"Microsoft VBScript", "VBScript error", NULL},
    {".htaccess: ", ".htaccess", NULL},
    {"End of script output before headers", "End of script output", NULL},
    {"malformed header from script", "malformed header", NULL},
};

/* "AH01114: HTTP: failed ...", perhaps behind "(111)Connection refused: " */
static int httpd_line(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, "AH"), i;

    if (at == SPBE_NPOS || (at > 0 && line.ptr[at - 1] != ' ') ||
        line.len < at + 9 || line.ptr[at + 7] != ':') {
        return 0;
    }
    for (i = at + 2; i < at + 7; i++) {
        if (!apr_isdigit(line.ptr[i])) {
            return 0;
        }
    }
    spbe_trace_name(out, spbe_span_slice(line, at, at + 7),
                    spbe_trace_from(line, at + 8), pool);
    return 1;
}

static int sign_in(spbe_span_t line, size_t i, spbe_trace_t *out,
                   apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, SIGNS[i].sign), end;
    spbe_span_t code;

    if (at == SPBE_NPOS) {
        return 0;
    }
    if (SIGNS[i].name != NULL) {
        spbe_trace_name(out, spbe_span_from(SIGNS[i].name), line, pool);
        return 1;
    }
    code = spbe_span_slice(line, at, at + 40);
    end = spbe_trace_at(spbe_trace_from(code, 4), SIGNS[i].until);
    if (end == SPBE_NPOS) {
        return 0;
    }
    end += 4 + (SIGNS[i].until[0] == ']' ? 1 : 0);
    code = spbe_span_slice(code, 0, end);
    spbe_trace_name(out, code, spbe_trace_from(line, at), pool);
    return spbe_span_chr(code, ' ') == SPBE_NPOS;
}

int spbe_trace_other(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t rest = text;
    size_t i;

    out->language = NULL;
    for (i = 0; i < sizeof(SIGNS) / sizeof(*SIGNS); i++) {
        size_t at = spbe_trace_at(text, SIGNS[i].sign), start;
        spbe_span_t line;

        if (at == SPBE_NPOS) {
            continue;
        }
        start = spbe_span_rchr(spbe_span_slice(text, 0, at), '\n');
        line = spbe_trace_from(text, start == SPBE_NPOS ? 0 : start + 1);
        line = spbe_span_trim(spbe_trace_line(&line));
        if (sign_in(line, i, out, pool)) {
            spbe_trace_mark(out, line);
            return SPBE_TRACE_WEAK - 1;
        }
    }
    while (rest.len > 0) {
        spbe_span_t line = spbe_trace_line(&rest);

        if (httpd_line(line, out, pool)) {
            spbe_trace_mark(out, line);
            return SPBE_TRACE_WEAK - 2;
        }
    }
    return 0;
}

/* The end of a name that says that it is an exception's. */
static int is_exception(spbe_span_t class)
{
    return spbe_trace_is_class(class) && class.len > 6 &&
           spbe_span_chr(class, '/') == SPBE_NPOS &&
           spbe_span_chr(class, '-') == SPBE_NPOS &&
           (apr_isupper(class.ptr[0]) ||
            spbe_span_chr(class, '.') != SPBE_NPOS ||
            spbe_span_chr(class, '\\') != SPBE_NPOS) &&
           (spbe_span_ends(class, SPBE_SPAN("Error")) ||
            spbe_span_ends(class, SPBE_SPAN("Exception")) ||
            spbe_trace_has(class, ".errors.") ||
            spbe_trace_has(class, ".exceptions."));
}

int spbe_trace_headline(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t class, message;

    out->language = NULL;
    while (text.len > 0) {
        spbe_span_t whole = spbe_trace_line(&text), line = whole;

        spbe_trace_skip(&line, "Uncaught ");
        line = spbe_trace_ltrim(line);
        if (spbe_trace_head(line, &class, &message) && is_exception(class) &&
            message.len > 0) {
            spbe_trace_name(out, class, message, pool);
            spbe_trace_mark(out, whole);
            return 1;
        }
    }
    return 0;
}
