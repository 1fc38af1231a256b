/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace.c - asks every language's reader and believes the best.
 *
 * Nothing is decided by the kind of the text: a Java trace can stand in the
 * JSON of a PHP gateway. What a leak rule said of the runtime counts as one
 * frame more.
 */
#include "failure/trace_int.h"

#include <string.h>
#include "text/plain.h"

/* Traces are short; what is longer than this is a page with one in it. */
#define TEXT_MAX_LEN ((size_t)512 * 1024)

/* So many frames of one language: no other reader will find more. */
#define SURE (24 * SPBE_TRACE_STRONG)
#define HEAD_MAX_LEN ((size_t)8 * 1024)

static const struct {
    const char *runtimes; /* words a hint may be, with blanks around */
    spbe_trace_reader_t *read;
} READERS[] = {
    {" php laravel symfony codeigniter yii wordpress drupal xdebug ",
     spbe_trace_php},
    {" php laravel symfony codeigniter yii drupal ", spbe_trace_php_page},
    {" python django flask werkzeug starlette fastapi ", spbe_trace_python},
    {" java tomcat jetty spring jvm ", spbe_trace_java},
    {" dotnet aspnet asp.net .net ", spbe_trace_dotnet},
    {" node express koa fastify nextjs javascript ", spbe_trace_node},
    {" ruby rails rack sinatra ", spbe_trace_ruby},
    {" perl mojolicious dbi cgi-carp ", spbe_trace_perl},
    {" go gin ", spbe_trace_go},
    {" rust ", spbe_trace_rust},
    {" lua ", spbe_trace_lua},
    {" native c c++ asan ", spbe_trace_native},
    {"", spbe_trace_page}, /* the name for what the next finds */
    {" elixir erlang phoenix beam ", spbe_trace_beam},
    {"", spbe_trace_script},
    {"", spbe_trace_other},
    {"", spbe_trace_headline},
};

static spbe_trace_t empty(apr_pool_t *pool)
{
    return (spbe_trace_t){
        .frames = apr_array_make(pool, 8, sizeof(spbe_frame_t)),
        .text = SPBE_SPAN_EMPTY,
    };
}

static int hinted(const char *runtimes, const char *hint)
{
    const char *at = hint == NULL ? NULL : strstr(runtimes, hint);

    return at != NULL && at > runtimes && at[-1] == ' ' &&
           at[strlen(hint)] == ' ';
}

static int is_empty(const spbe_trace_t *trace)
{
    return trace->exception == NULL && trace->frames->nelts == 0;
}

/* Replaces *best when the reader found something better. */
static void ask(spbe_trace_reader_t *read, spbe_span_t text, int bonus,
                spbe_trace_t *best, int *best_score, apr_pool_t *pool)
{
    spbe_trace_t found = empty(pool);
    int score = read(text, &found, pool);

    if (score == 0 || is_empty(&found) || score + bonus <= *best_score) {
        return;
    }
    if (found.exception == NULL && best->exception != NULL) {
        found.exception = best->exception;
        found.message = best->message;
    }
    *best = found;
    *best_score = score + bonus;
}

static void ask_all(spbe_span_t text, const char *hint, spbe_trace_t *best,
                    int *score, apr_pool_t *pool)
{
    size_t i;

    for (i = 0; i < sizeof(READERS) / sizeof(*READERS) && *score < SURE; i++) {
        ask(READERS[i].read, text,
            hinted(READERS[i].runtimes, hint) ? SPBE_TRACE_STRONG : 0, best,
            score, pool);
    }
}

/* Debug pages that are built in the browser carry the trace in a script. */
static spbe_span_t script_of(spbe_span_t body)
{
    static const char *const SIGNS[] = {"\"exception_class\"",
                                        "\"stack\":", "\"stacktrace\"",
                                        "\"frames\":[", "\"trace\":["};
    size_t i, at, start, brace;

    for (i = 0; i < sizeof(SIGNS) / sizeof(*SIGNS); i++) {
        at = spbe_trace_at(body, SIGNS[i]);
        if (at == SPBE_NPOS) {
            continue;
        }
        start = spbe_trace_last(spbe_span_slice(body, 0, at), "<script");
        if (start == SPBE_NPOS) {
            continue;
        }
        body = spbe_trace_from(body, start);
        body = spbe_span_slice(body, 0, spbe_trace_at(body, "</script"));
        brace = spbe_span_chr(body, '{');
        return brace == SPBE_NPOS ? SPBE_SPAN_EMPTY
                                  : spbe_trace_from(body, brace);
    }
    return SPBE_SPAN_EMPTY;
}

static void read_json(spbe_span_t json, const char *hint, spbe_trace_t *best,
                      int *score, apr_pool_t *pool)
{
    spbe_span_t text = spbe_plain_text(json, pool);

    ask(spbe_trace_json, json, 0, best, score, pool);
    ask_all(text, hint, best, score, pool);
    if (best->text.len == 0) {
        best->text = text;
    }
}

/* Frames whose exception stands far above them, or below. */
static void name_apart(spbe_span_t text, spbe_trace_t *trace, apr_pool_t *pool)
{
    spbe_trace_t found = empty(pool);

    if (trace->exception == NULL && trace->message == NULL &&
        trace->frames->nelts > 0 &&
        spbe_trace_headline(spbe_span_slice(text, 0, HEAD_MAX_LEN), &found,
                            pool) > 0) {
        trace->exception = found.exception;
        trace->message = found.message;
    }
}

int spbe_trace_parse(spbe_span_t body, const char *hint, spbe_trace_t *trace,
                     apr_pool_t *pool)
{
    spbe_span_t text = body, script;
    int score = 0, seams = 0;

    *trace = empty(pool);
    body = spbe_span_slice(body, 0, TEXT_MAX_LEN);
    if (spbe_plain_is_json(body)) {
        read_json(body, hint, trace, &score, pool);
    }
    else {
        text = spbe_trace_undress(body, &seams, pool);
        ask_all(text, hint, trace, &score, pool);
        script =
            score < 2 * SPBE_TRACE_STRONG ? script_of(body) : SPBE_SPAN_EMPTY;
        if (script.len > 0) {
            read_json(script, hint, trace, &score, pool);
        }
    }
    if (is_empty(trace)) {
        *trace = empty(pool);
        return 0;
    }
    if (trace->text.len == 0) {
        trace->text = text;
    }
    name_apart(text, trace, pool);
    spbe_trace_unwrap(trace, pool);
    trace->seams = seams;
    return 1;
}
