/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/page.c - the page that a visitor gets instead of a failure. See
 * page.h.
 *
 * Puts together what others decide: negotiate.c the format and language,
 * messages.c the words, template.c the text, csp.c the policy.
 */
#include "failure/page.h"

#include <string.h>
#include <apr_strings.h>
#include "failure/builtin.h"
#include "failure/complaint.h"
#include "failure/contact.h"
#include "failure/csp.h"
#include "failure/messages.h"
#include "failure/negotiate.h"
#include "failure/template.h"
#include "text/utf8.h"

#define FORMATS 4

#define VARIABLES(X)                                                        \
    X(advice) X(application) X(back) X(back_button) X(contact)              \
    X(contact_label) X(detail) X(fields) X(fields_title) X(home_label)      \
    X(instance) X(language) X(message) X(other_language) X(other_message)   \
    X(other_title) X(reference) X(reference_hint) X(reference_label)        \
    X(reference_spelled) X(retry) X(retry_after) X(saved) X(spelled_label)  \
    X(status) X(status_label) X(time) X(time_iso) X(time_label) X(title)    \
    X(uncertain) X(uncertain_advice)

#define AS_ENUM(name) VAR_##name,
#define AS_NAME(name) #name,

typedef enum variable { VARIABLES(AS_ENUM) VAR_COUNT } variable_t;

static const char *const variable_names[] = { VARIABLES(AS_NAME) };

/* In the order of spbe_page_format_t. */
static const struct {
    const char *builtin;
    const char *content_type;
} formats[FORMATS] = {
    { "pages/error.html", "text/html; charset=utf-8" },
    { "pages/error.json", "application/problem+json; charset=utf-8" },
    { "pages/error.xml", "application/xml; charset=utf-8" },
    { "pages/error.txt", "text/plain; charset=utf-8" },
};

struct spbe_pages {
    spbe_template_t *templates[FORMATS];
    spbe_messages_t *id;
    spbe_messages_t *en;
    const char *policy; /* of the HTML page */
};

typedef struct values {
    spbe_value_t of[VAR_COUNT];
    apr_pool_t *pool;
} values_t;

static spbe_template_t *compile(const char *name, spbe_span_t text,
                                const char **error, apr_pool_t *pool)
{
    /* The caller's bytes need not live as long as the template. */
    text = (spbe_span_t){ apr_pmemdup(pool, text.ptr, text.len), text.len };
    return spbe_template_compile(name, text, variable_names, VAR_COUNT, error,
                                 pool);
}

static spbe_messages_t *load_messages(const char *name, const char **error,
                                      apr_pool_t *pool)
{
    if (*error != NULL) {
        return NULL;
    }
    return spbe_messages_load(name, spbe_builtin_get(name), error, pool);
}

spbe_pages_t *spbe_pages_create(const char *name, spbe_span_t html,
                                const char **error, apr_pool_t *pool)
{
    spbe_pages_t *pages = apr_pcalloc(pool, sizeof(*pages));
    int own = html.len > 0;
    int i;

    html = own ? html : spbe_builtin_get(formats[SPBE_PAGE_HTML].builtin);
    /* A byte order mark would stand in front of the doctype. */
    if (spbe_span_starts(html, SPBE_SPAN("\xef\xbb\xbf"))) {
        html = spbe_span_slice(html, 3, html.len);
    }
    pages->templates[0] = compile(name, html, error, pool);
    for (i = 1; i < FORMATS && *error == NULL; i++) {
        pages->templates[i] = compile(formats[i].builtin,
                                      spbe_builtin_get(formats[i].builtin),
                                      error, pool);
    }
    pages->id = load_messages("messages/id.json", error, pool);
    pages->en = load_messages("messages/en.json", error, pool);
    if (*error == NULL) {
        pages->policy = spbe_csp_build(name, html, own, error, pool);
    }
    return *error == NULL ? pages : NULL;
}

static void set(values_t *v, variable_t variable, const char *text)
{
    v->of[variable].text = spbe_span_from(text);
}

static void set_number(values_t *v, variable_t variable, int number)
{
    v->of[variable].text = spbe_span_from(apr_itoa(v->pool, number));
    v->of[variable].ready = 1;
}

/* Configuration may be in any charset; our pages are UTF-8. */
static const char *as_utf8(const char *text, apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(text), from;
    spbe_buf_t out;

    if (text == NULL || spbe_utf8_valid(rest)) {
        return text;
    }
    spbe_buf_init(&out, rest.len + 1, pool);
    while (rest.len > 0) {
        from = rest;
        if (spbe_utf8_next(&rest) == SPBE_UTF8_INVALID) {
            spbe_buf_adds(&out, "\xef\xbf\xbd");
        }
        else {
            spbe_buf_add(&out, spbe_span_slice(from, 0, from.len - rest.len));
        }
    }
    return spbe_buf_cstr(&out);
}

static void set_labels(values_t *v, const spbe_messages_t *m)
{
    static const struct {
        variable_t variable;
        spbe_word_t word;
    } labels[] = {
        { VAR_status_label, SPBE_WORD_STATUS },
        { VAR_reference_label, SPBE_WORD_REFERENCE },
        { VAR_reference_hint, SPBE_WORD_HINT },
        { VAR_spelled_label, SPBE_WORD_SPELLED },
        { VAR_time_label, SPBE_WORD_TIME },
        { VAR_contact_label, SPBE_WORD_CONTACT },
        { VAR_home_label, SPBE_WORD_HOME },
    };
    size_t i;

    for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        set(v, labels[i].variable, spbe_messages_word(m, labels[i].word));
    }
}

static const spbe_status_text_t *text_of(const spbe_messages_t *m,
                                         const spbe_page_data_t *data)
{
    return data->refused ? spbe_messages_refusal(m, data->status)
                         : spbe_messages_status(m, data->status);
}

/* What happened, with what the status alone does not tell. */
static const char *message_of(const spbe_messages_t *m,
                              const spbe_page_data_t *data, apr_pool_t *pool)
{
    const char *message = text_of(m, data)->message;

    if (!data->refused || data->limit == 0) {
        return message;
    }
    return apr_pstrcat(
        pool, message, " ",
        spbe_messages_put(spbe_messages_word(m, SPBE_WORD_LIMIT),
                          spbe_complaint_size(data->limit, m, pool), NULL,
                          pool),
        NULL);
}

static int has_file(const apr_array_header_t *complaints)
{
    int i;

    for (i = 0; complaints != NULL && i < complaints->nelts; i++) {
        if (APR_ARRAY_IDX(complaints, i, spbe_complaint_t).is_file) {
            return 1;
        }
    }
    return 0;
}

static void set_refusal(values_t *v, const spbe_messages_t *m,
                        spbe_page_format_t format, int english,
                        const spbe_page_data_t *data)
{
    const char *back = spbe_messages_word(m, SPBE_WORD_BACK);

    if (data->unsaved) {
        set(v, VAR_saved, spbe_messages_word(m, SPBE_WORD_SAVED));
        if (has_file(data->complaints)) {
            back = apr_pstrcat(v->pool, back, " ",
                               spbe_messages_word(m, SPBE_WORD_BACK_FILES),
                               NULL);
        }
        set(v, VAR_back, back);
        set(v, VAR_back_button, spbe_messages_word(m, SPBE_WORD_BACK_BUTTON));
    }
    v->of[VAR_fields].text = spbe_complaints_write(data->complaints, format, m,
                                                   english, v->pool);
    v->of[VAR_fields].ready = 1;
    if (v->of[VAR_fields].text.len > 0) {
        set(v, VAR_fields_title, spbe_messages_word(m, SPBE_WORD_FIELDS));
    }
}

static void set_texts(values_t *v, const spbe_messages_t *m,
                      const spbe_page_data_t *data)
{
    const spbe_status_text_t *text = text_of(m, data);
    const char *message = message_of(m, data, v->pool), *more = NULL;

    set(v, VAR_title, text->title);
    set(v, VAR_message, message);
    /* After "we cannot tell", "try again" would be bad advice. */
    set(v, VAR_advice, data->uncertain ? NULL : text->advice);
    set(v, VAR_retry, spbe_messages_retry(m, data->retry_after, v->pool));
    if (data->uncertain) {
        more = spbe_messages_word(m, SPBE_WORD_UNCERTAIN);
        set(v, VAR_uncertain, more);
        set(v, VAR_uncertain_advice,
            spbe_messages_word(m, SPBE_WORD_UNCERTAIN_ADVICE));
    }
    else if (data->unsaved) {
        more = spbe_messages_word(m, SPBE_WORD_SAVED);
    }
    set(v, VAR_detail, more == NULL
                           ? message
                           : apr_pstrcat(v->pool, message, " ", more, NULL));
    set_labels(v, m);
}

static void set_other(values_t *v, const spbe_messages_t *m,
                      const char *language, const spbe_page_data_t *data)
{
    const char *message = message_of(m, data, v->pool);

    if (data->unsaved) {
        message = apr_pstrcat(v->pool, message, " ",
                              spbe_messages_word(m, SPBE_WORD_SAVED), NULL);
    }
    set(v, VAR_other_language, language);
    set(v, VAR_other_title, text_of(m, data)->title);
    set(v, VAR_other_message, message);
}

/* RFC 3339, where the server stands. */
static const char *iso_time(apr_time_t time, apr_pool_t *pool)
{
    apr_time_exp_t t;
    int minutes;

    apr_time_exp_lt(&t, time);
    minutes = (t.tm_gmtoff < 0 ? -t.tm_gmtoff : t.tm_gmtoff) / 60;
    return apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
                        t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                        t.tm_min, t.tm_sec, t.tm_gmtoff < 0 ? '-' : '+',
                        minutes / 60, minutes % 60);
}

static void set_data(values_t *v, const spbe_messages_t *m,
                     spbe_page_format_t format, const spbe_page_data_t *data)
{
    const char *reference = data->reference == NULL ? "" : data->reference;
    const char *contact = as_utf8(data->contact, v->pool);

    set_number(v, VAR_status, data->status);
    set(v, VAR_reference, reference);
    set(v, VAR_reference_spelled, spbe_messages_spell(m, reference, v->pool));
    set(v, VAR_instance, apr_pstrcat(v->pool, "urn:spbe:ref:", reference,
                                     NULL));
    set(v, VAR_time, spbe_messages_time(m, data->time, v->pool));
    set(v, VAR_time_iso, iso_time(data->time, v->pool));
    set(v, VAR_application, as_utf8(data->application, v->pool));
    if (data->retry_after > 0) {
        set_number(v, VAR_retry_after, data->retry_after);
    }
    if (format == SPBE_PAGE_HTML) {
        v->of[VAR_contact].text = spbe_contact_html(contact, v->pool);
        v->of[VAR_contact].ready = 1;
    }
    else {
        v->of[VAR_contact].text = spbe_contact_text(contact, v->pool);
    }
}

static const spbe_messages_t *messages_of(const spbe_pages_t *pages,
                                          const char *language)
{
    return strcmp(language, "en") == 0 ? pages->en : pages->id;
}

spbe_page_t spbe_page_render(const spbe_pages_t *pages,
                             const spbe_page_request_t *request,
                             const spbe_page_data_t *data, apr_pool_t *pool)
{
    spbe_languages_t lang = spbe_negotiate_language(request->accept_language,
                                                    request->languages);
    const spbe_messages_t *m = messages_of(pages, lang.main);
    values_t v = { .pool = pool };
    spbe_page_t page;
    spbe_buf_t out;
    size_t i;

    for (i = 0; i < VAR_COUNT; i++) {
        v.of[i].text = SPBE_SPAN_EMPTY;
    }
    page.format = spbe_negotiate_format(request);
    page.content_type = formats[page.format].content_type;
    page.content_language = lang.main;
    page.policy = page.format == SPBE_PAGE_HTML ? pages->policy
                                                : spbe_csp_nothing();
    set(&v, VAR_language, lang.main);
    set_texts(&v, m, data);
    set_data(&v, m, page.format, data);
    if (data->refused) {
        set_refusal(&v, m, page.format, m == pages->en, data);
    }
    if (lang.other != NULL) {
        set_other(&v, messages_of(pages, lang.other), lang.other, data);
    }
    spbe_buf_init(&out, 8192, pool);
    spbe_template_render(pages->templates[page.format], page.format, v.of,
                         &out);
    page.body = spbe_buf_span(&out);
    return page;
}
