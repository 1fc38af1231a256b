/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/complaint_list.c - all refused fields, for a page or a program. See
 * complaint.h.
 *
 * People get one entry a field, programs one a fault.
 */
#include "failure/complaint_int.h"

#include <string.h>
#include <apr_strings.h>

#include "failure/template.h"
#include "text/jsonout.h"

#define SENTENCES_MAX 4 /* of one field; more would not be read */

typedef struct writer {
    const apr_array_header_t *all; /* spbe_complaint_t */
    const spbe_messages_t *messages;
    spbe_page_format_t format;
    int english;
    spbe_buf_t out;
    apr_pool_t *pool;
} writer_t;

static const spbe_complaint_t *at(const writer_t *w, int i)
{
    return &APR_ARRAY_IDX(w->all, i, spbe_complaint_t);
}

static int same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int same_field(const spbe_complaint_t *a, const spbe_complaint_t *b)
{
    return a->where == b->where && same(a->name, b->name) &&
           same(a->pointer, b->pointer) && same(a->label_id, b->label_id) &&
           same(a->label_en, b->label_en);
}

static int is_first(const writer_t *w, int i)
{
    int k;

    for (k = 0; k < i; k++) {
        if (same_field(at(w, k), at(w, i))) {
            return 0;
        }
    }
    return 1;
}

static void add(writer_t *w, const char *text)
{
    spbe_template_escape(&w->out, w->format, spbe_span_from(text));
}

/* A text in the other language says so to a screen reader. */
static void add_text(writer_t *w, const char *text, const char *lang)
{
    if (w->format == SPBE_PAGE_HTML && lang != NULL) {
        spbe_buf_printf(&w->out, "<span lang=\"%s\">", lang);
        add(w, text);
        spbe_buf_adds(&w->out, "</span>");
        return;
    }
    add(w, text);
}

/* An empty field needs no more than to be filled in. */
static int says_enough(const writer_t *w, const char *text)
{
    return same(text, spbe_messages_text(w->messages, "expect", "required")) ||
           same(text,
                spbe_messages_text(w->messages, "expect", "required_choice"));
}

/* What is expected of field i, each sentence once. */
static int sentences(const writer_t *w, int i, const char **out)
{
    int n = 0, k, j;

    for (k = i; k < w->all->nelts && n < SENTENCES_MAX; k++) {
        const char *text;

        if (!same_field(at(w, k), at(w, i))) {
            continue;
        }
        text =
            spbe_complaint_expects(at(w, k), w->messages, w->english, w->pool);
        if (says_enough(w, text)) {
            out[0] = text;
            return 1;
        }
        for (j = 0; j < n && strcmp(out[j], text) != 0; j++) {
        }
        out[n] = text;
        n += j == n;
    }
    return n;
}

static void add_sentences(writer_t *w, int i)
{
    const char *text[SENTENCES_MAX + 1], *lang;
    const char *hint =
        spbe_complaint_hint(at(w, i), w->english, &lang, w->pool);
    int n = sentences(w, i, text), k, said = 0;

    for (k = 0; k < n; k++) {
        int is_hint = same(text[k], hint);

        if (k > 0) {
            spbe_buf_addc(&w->out, ' ');
        }
        add_text(w, text[k], is_hint ? lang : NULL);
        said |= is_hint;
    }
    if (hint != NULL && *hint != '\0' && !said) {
        /* Behind an example it would read as a part of it. */
        spbe_buf_adds(&w->out, w->format == SPBE_PAGE_HTML ? "<br>" : "\n  ");
        add_text(w, hint, lang);
    }
}

static void write_html(writer_t *w)
{
    int i;

    spbe_buf_adds(&w->out, "<ul>\n");
    for (i = 0; i < w->all->nelts; i++) {
        const char *lang;
        const char *label = spbe_complaint_title(at(w, i), w->messages,
                                                 w->english, &lang, w->pool);

        if (!is_first(w, i)) {
            continue;
        }
        spbe_buf_adds(&w->out, "<li>");
        if (*label != '\0') {
            spbe_buf_adds(&w->out, "<strong>");
            add_text(w, label, lang);
            spbe_buf_adds(&w->out, "</strong> ");
        }
        add_sentences(w, i);
        spbe_buf_adds(&w->out, "</li>\n");
    }
    spbe_buf_adds(&w->out, "</ul>");
}

static void write_text(writer_t *w)
{
    int i;

    for (i = 0; i < w->all->nelts; i++) {
        const char *label =
            spbe_complaint_label(at(w, i), w->messages, w->english, w->pool);

        if (!is_first(w, i)) {
            continue;
        }
        spbe_buf_adds(&w->out, i == 0 ? "- " : "\n- ");
        if (*label != '\0') {
            add(w, label);
            spbe_buf_adds(&w->out, ": ");
        }
        add_sentences(w, i);
    }
}

/* An example ends without a mark: a hint behind it would read as its end. */
static const char *gap_behind(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && strchr(".!?", text[len - 1]) == NULL ? ". " : " ";
}

static const char *detail_of(const writer_t *w, const spbe_complaint_t *c)
{
    const char *text =
        spbe_complaint_expects(c, w->messages, w->english, w->pool);
    const char *hint = spbe_complaint_hint(c, w->english, NULL, w->pool);

    return hint == NULL || *hint == '\0' || same(text, hint)
               ? text
               : apr_pstrcat(w->pool, text, gap_behind(text), hint, NULL);
}

/* Where it is, in the words of RFC 9457's example and of its users. */
static const char *target_of(const writer_t *w, const spbe_complaint_t *c,
                             const char **member)
{
    static const char *const members[] = {"pointer", "parameter", "header",
                                          "cookie"};

    *member = members[c->where];
    return c->where == SPBE_WHERE_BODY ? spbe_complaint_pointer(c, w->pool)
                                       : c->name;
}

static void write_json(writer_t *w)
{
    int i;

    spbe_buf_addc(&w->out, '[');
    for (i = 0; i < w->all->nelts; i++) {
        const char *member, *target = target_of(w, at(w, i), &member);

        spbe_jsonout_comma(&w->out);
        spbe_buf_addc(&w->out, '{');
        spbe_jsonout_text(&w->out, "detail", detail_of(w, at(w, i)));
        spbe_jsonout_text(&w->out, member, target);
        spbe_buf_addc(&w->out, '}');
    }
    spbe_buf_addc(&w->out, ']');
}

/* An array of RFC 7807's XML: its entries are called "i". */
static void write_xml(writer_t *w)
{
    int i;

    for (i = 0; i < w->all->nelts; i++) {
        const char *member, *target = target_of(w, at(w, i), &member);

        spbe_buf_adds(&w->out, i == 0 ? "<i><detail>" : "\n<i><detail>");
        add(w, detail_of(w, at(w, i)));
        spbe_buf_adds(&w->out, "</detail>");
        if (target != NULL) {
            spbe_buf_printf(&w->out, "<%s>", member);
            add(w, target);
            spbe_buf_printf(&w->out, "</%s>", member);
        }
        spbe_buf_adds(&w->out, "</i>");
    }
}

spbe_span_t spbe_complaints_write(const apr_array_header_t *complaints,
                                  spbe_page_format_t format,
                                  const spbe_messages_t *messages, int english,
                                  apr_pool_t *pool)
{
    writer_t w = {.all = complaints,
                  .messages = messages,
                  .format = format,
                  .english = english,
                  .pool = pool};

    if (complaints == NULL || complaints->nelts == 0) {
        return SPBE_SPAN_EMPTY;
    }
    spbe_buf_init(&w.out, 1024, pool);
    switch (format) {
    case SPBE_PAGE_HTML:
        write_html(&w);
        break;
    case SPBE_PAGE_JSON:
        write_json(&w);
        break;
    case SPBE_PAGE_XML:
        write_xml(&w);
        break;
    default:
        write_text(&w);
    }
    return spbe_buf_span(&w.out);
}
