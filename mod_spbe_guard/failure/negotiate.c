/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/negotiate.c - which of our formats and languages a request wants.
 * See negotiate.h.
 */
#include "failure/negotiate.h"

#include "text/media.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The types under which a client may ask for one of our formats, the usual one
 * first. */
static const struct {
    spbe_page_format_t format;
    const char *type;
} offers[] = {
    { SPBE_PAGE_HTML, "text/html" },
    { SPBE_PAGE_HTML, "application/xhtml+xml" },
    { SPBE_PAGE_JSON, "application/problem+json" },
    { SPBE_PAGE_JSON, "application/json" },
    { SPBE_PAGE_JSON, "application/vnd.api+json" },
    { SPBE_PAGE_JSON, "text/json" },
    { SPBE_PAGE_XML, "application/problem+xml" },
    { SPBE_PAGE_XML, "application/xml" },
    { SPBE_PAGE_XML, "application/soap+xml" },
    { SPBE_PAGE_XML, "text/xml" },
    { SPBE_PAGE_TEXT, "text/plain" },
};

typedef struct wish {
    int weight;   /* 0 to 1000 */
    int specific; /* as in spbe_negotiate_weight */
    int place;
} wish_t;

/* "0.8" and the like; anything else than a number in 0..1 counts as 1. */
static int parse_weight(spbe_span_t s)
{
    int weight = 0, scale = 100;
    size_t i;

    if (s.len == 0 || (s.ptr[0] != '0' && s.ptr[0] != '1')) {
        return 1000;
    }
    if (s.ptr[0] == '1') {
        return 1000;
    }
    for (i = 2; i < s.len && i < 5; i++, scale /= 10) {
        if (s.ptr[1] != '.' || s.ptr[i] < '0' || s.ptr[i] > '9') {
            break;
        }
        weight += (s.ptr[i] - '0') * scale;
    }
    return weight;
}

/* Takes one element off *list: its value without parameters, and its q. */
static spbe_span_t next_element(spbe_span_t *list, int *weight)
{
    spbe_span_t element = spbe_span_cut(list, ',');
    spbe_span_t value = spbe_span_trim(spbe_span_cut(&element, ';'));

    *weight = 1000;
    while (element.len > 0) {
        spbe_span_t param = spbe_span_cut(&element, ';');
        spbe_span_t name = spbe_span_trim(spbe_span_cut(&param, '='));

        if (spbe_span_ieq(name, SPBE_SPAN("q"))) {
            *weight = parse_weight(spbe_span_trim(param));
        }
    }
    return value;
}

static int fits(spbe_span_t range, spbe_span_t type)
{
    size_t slash = spbe_span_chr(type, '/') + 1;

    if (spbe_span_eq(range, SPBE_SPAN("*/*"))
        || spbe_span_eq(range, SPBE_SPAN("*"))) {
        return 1;
    }
    if (range.len == slash + 1 && range.ptr[slash] == '*') {
        return spbe_span_istarts(range, spbe_span_slice(type, 0, slash)) ? 2
                                                                         : 0;
    }
    return spbe_span_ieq(range, type) ? 3 : 0;
}

int spbe_negotiate_weight(const char *accept, const char *type, int *specific,
                          int *place)
{
    spbe_span_t list = spbe_span_from(accept);
    int best = 0, at = 0;

    *specific = 0;
    *place = 0;
    for (; list.len > 0; at++) {
        int weight;
        spbe_span_t range = next_element(&list, &weight);
        int how = fits(range, spbe_span_from(type));

        if (how > *specific) {
            *specific = how;
            *place = at;
            best = weight;
        }
    }
    return best;
}

static int better(wish_t a, wish_t b)
{
    if (a.weight != b.weight) {
        return a.weight > b.weight;
    }
    if (a.specific != b.specific) {
        return a.specific > b.specific;
    }
    return a.place < b.place;
}

static void read_wishes(const char *accept, wish_t wishes[4])
{
    size_t i;

    for (i = 0; i < COUNT(offers); i++) {
        wish_t wish;

        wish.weight = spbe_negotiate_weight(accept, offers[i].type,
                                            &wish.specific, &wish.place);
        /* "application/" star does not mean XHTML. */
        if (wish.specific == 2 && i > 0
            && offers[i - 1].format == offers[i].format) {
            continue;
        }
        if (better(wish, wishes[offers[i].format])) {
            wishes[offers[i].format] = wish;
        }
    }
}

static int path_is(spbe_span_t path, spbe_span_t suffix)
{
    return path.len >= suffix.len
           && spbe_span_ieq(spbe_span_slice(path, path.len - suffix.len,
                                            path.len), suffix);
}

static int asked_by_script(const spbe_page_request_t *request)
{
    spbe_span_t path = spbe_span_from(request->path);

    return spbe_span_ieq(spbe_span_from(request->requested_with),
                         SPBE_SPAN("XMLHttpRequest"))
           || spbe_span_ieq(spbe_span_from(request->fetch_dest),
                            SPBE_SPAN("empty"))
           || spbe_span_ifind(path, SPBE_SPAN("/api/")) != SPBE_NPOS
           || path_is(path, SPBE_SPAN("/api"))
           || path_is(path, SPBE_SPAN(".json"));
}

static spbe_media_kind_t kind_or_binary(const char *type)
{
    return type == NULL ? SPBE_MEDIA_BINARY : spbe_media_kind(type);
}

/* What the request would like when its Accept leaves the choice to us. */
static spbe_page_format_t guess(const spbe_page_request_t *request)
{
    spbe_media_kind_t answer = kind_or_binary(request->response_type);
    spbe_media_kind_t body = kind_or_binary(request->request_type);

    if (answer == SPBE_MEDIA_JSON) {
        return SPBE_PAGE_JSON;
    }
    if (answer == SPBE_MEDIA_XML || body == SPBE_MEDIA_XML) {
        return SPBE_PAGE_XML;
    }
    if (body == SPBE_MEDIA_JSON || asked_by_script(request)) {
        return SPBE_PAGE_JSON;
    }
    if (path_is(spbe_span_from(request->path), SPBE_SPAN(".xml"))) {
        return SPBE_PAGE_XML;
    }
    if (spbe_media_matches("text/plain", request->response_type)
        || answer == SPBE_MEDIA_SCRIPT) {
        return SPBE_PAGE_TEXT;
    }
    return SPBE_PAGE_HTML;
}

spbe_page_format_t spbe_negotiate_format(const spbe_page_request_t *request)
{
    spbe_page_format_t liked = guess(request);
    wish_t wishes[4] = { { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 } };
    int best = liked, i;

    if (spbe_span_trim(spbe_span_from(request->accept)).len == 0) {
        return liked;
    }
    read_wishes(request->accept, wishes);
    for (i = 0; i < 4; i++) {
        int tied = wishes[i].weight == wishes[best].weight
                   && wishes[i].specific == wishes[best].specific;

        /* A tie is for what the request looks like, then for the order. */
        if (better(wishes[i], wishes[best]) && !(tied && best == (int)liked)) {
            best = i;
        }
    }
    if (wishes[best].weight == 0 && liked == SPBE_PAGE_HTML) {
        return SPBE_PAGE_JSON;
    }
    return (spbe_page_format_t)best;
}

typedef enum lang {
    LANG_NONE = 0,
    LANG_ID = 1,
    LANG_EN = 2
} lang_t;

static const char *lang_name(lang_t lang)
{
    return lang == LANG_ID ? "id" : lang == LANG_EN ? "en" : NULL;
}

/* "in" is what old Android and Java call Indonesian. */
static lang_t read_lang(spbe_span_t tag)
{
    spbe_span_t primary = spbe_span_cut(&tag, '-');

    if (spbe_span_ieq(primary, SPBE_SPAN("id"))
        || spbe_span_ieq(primary, SPBE_SPAN("in"))) {
        return LANG_ID;
    }
    return spbe_span_ieq(primary, SPBE_SPAN("en")) ? LANG_EN : LANG_NONE;
}

static int names_lang(const char *accept_language, lang_t wanted)
{
    spbe_span_t list = spbe_span_from(accept_language);

    while (list.len > 0) {
        int weight;
        spbe_span_t tag = next_element(&list, &weight);

        if (weight > 0 && read_lang(tag) == wanted) {
            return 1;
        }
    }
    return 0;
}

/* A header that is not there, or says nothing but "*", leaves it to us. */
static int says_nothing(const char *accept_language)
{
    spbe_span_t list = spbe_span_from(accept_language);

    while (list.len > 0) {
        int weight;
        spbe_span_t tag = next_element(&list, &weight);

        if (tag.len > 0 && !spbe_span_eq(tag, SPBE_SPAN("*"))) {
            return 0;
        }
    }
    return 1;
}

static spbe_languages_t in_order(lang_t main, lang_t other)
{
    return (spbe_languages_t){ lang_name(main), lang_name(other) };
}

spbe_languages_t spbe_negotiate_language(const char *accept_language,
                                         const char *listed)
{
    spbe_span_t list = spbe_span_from(listed);
    lang_t have[2] = { LANG_NONE, LANG_NONE };
    size_t n = 0;

    while (list.len > 0 && n < 2) {
        lang_t lang = read_lang(spbe_span_cut(&list, ' '));

        if (lang != LANG_NONE && lang != have[0]) {
            have[n++] = lang;
        }
    }
    if (n == 0) {
        have[n++] = LANG_ID;
    }
    if (n == 1 || says_nothing(accept_language)
        || names_lang(accept_language, have[0])) {
        return in_order(have[0], have[1]);
    }
    if (names_lang(accept_language, have[1]) || have[1] == LANG_EN) {
        return in_order(have[1], have[0]);
    }
    return in_order(have[0], have[1]);
}
