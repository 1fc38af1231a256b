/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/complaint.c - what is expected of a refused field, in human words.
 * See complaint.h.
 */
#include "failure/complaint.h"

#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "failure/complaint_int.h"
#include "text/utf8.h"
#include "text/visible.h"

#define ARG_MAX_BYTES 300

/* What a keyword says: with its argument, with the argument 1, and without. */
typedef struct words {
    const char *keyword;
    const char *with, *one, *without;
} words_t;

static const words_t keywords[] = {
    {"required", NULL, NULL, "required"},
    {"dependentRequired", NULL, NULL, "required"},
    {"minLength", "min_length", "required", "other"},
    {"maxLength", "max_length", "max_length_one", "other"},
    {"minimum", "minimum", NULL, "other"},
    {"maximum", "maximum", NULL, "other"},
    {"exclusiveMinimum", "above", NULL, "other"},
    {"exclusiveMaximum", "below", NULL, "other"},
    {"multipleOf", "multiple", NULL, "other"},
    {"enum", "choice", NULL, "choice_other"},
    {"const", "fixed", NULL, "other"},
    {"minItems", "min_items", "min_items_one", "other"},
    {"maxItems", "max_items", "max_items_one", "other"},
    {"uniqueItems", NULL, NULL, "unique"},
    {"pattern", NULL, NULL, "pattern"},
    {"unknown", NULL, NULL, "unknown"},
    {"additionalProperties", NULL, NULL, "unknown"},
    {"unevaluatedProperties", NULL, NULL, "unknown"},
    {"propertyNames", NULL, NULL, "unknown"},
    {"patternProperties", NULL, NULL, "unknown"},
    {"properties", NULL, NULL, "max_length_none"},
    {"<", "compare_lt", NULL, "compare_other"},
    {"<=", "compare_le", NULL, "compare_other"},
    {"==", "compare_eq", NULL, "compare_other"},
    {"!=", "compare_ne", NULL, "compare_other"},
    {">=", "compare_ge", NULL, "compare_other"},
    {">", "compare_gt", NULL, "compare_other"},
    {"born", "compare_born", NULL, "compare_other"},
    {"province", "compare_province", NULL, "compare_other"},
    {"file-count", "file_count", "file_count_one", "file_count_other"},
    {"file-image", NULL, NULL, "file_image"},
};

/* What a media type is called where files are chosen. */
static const struct {
    const char *type, *name;
} files[] = {
    {"application/pdf", "PDF"},
    {"image/jpeg", "JPG"},
    {"image/png", "PNG"},
    {"image/gif", "GIF"},
    {"image/webp", "WebP"},
    {"image/tiff", "TIFF"},
    {"text/plain", "TXT"},
    {"text/csv", "CSV"},
    {"application/zip", "ZIP"},
    {"application/json", "JSON"},
    {"application/xml", "XML"},
    {"application/msword", "Word (DOC)"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml."
     "document",
     "Word (DOCX)"},
    {"application/vnd.ms-excel", "Excel (XLS)"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "Excel (XLSX)"},
    {"application/vnd.openxmlformats-officedocument.presentationml."
     "presentation",
     "PowerPoint (PPTX)"},
    {"application/vnd.oasis.opendocument.text", "ODT"},
    {"application/vnd.oasis.opendocument.spreadsheet", "ODS"},
};

static const char *expect(const spbe_messages_t *messages, const char *name)
{
    const char *text = spbe_messages_text(messages, "expect", name);

    return text == NULL ? "" : text;
}

const char *spbe_complaint_clean(const char *text, size_t max, apr_pool_t *pool)
{
    spbe_span_t all = spbe_span_trim(spbe_span_from(text));
    spbe_span_t cut = spbe_utf8_cut(all, max);
    spbe_buf_t out;

    spbe_buf_init(&out, cut.len + 8, pool);
    spbe_visible_add(&out, cut, 0);
    if (cut.len < all.len) {
        spbe_buf_adds(&out, " ...");
    }
    return spbe_buf_cstr(&out);
}

static int is_neutral(const char *name)
{
    return strcmp(name, "other") == 0 || strcmp(name, "pattern") == 0 ||
           strcmp(name, "format") == 0 || strcmp(name, "compare_other") == 0;
}

/* Two dates are before and after each other; of a choice that is missing
 * nothing was to be filled in. */
static const char *narrowed(const spbe_complaint_t *c, const char *name,
                            const spbe_messages_t *m, apr_pool_t *pool)
{
    const char *text = NULL;

    if (c->of_days && strncmp(name, "compare_", 8) == 0) {
        text = spbe_messages_text(m, "expect",
                                  apr_pstrcat(pool, name, "_date", NULL));
    }
    else if (c->is_choice && strcmp(name, "required") == 0) {
        text = spbe_messages_text(m, "expect", "required_choice");
    }
    return text != NULL ? text : expect(m, name);
}

/* Where we have nothing to say, the author of the policy may have. */
static const char *say(const spbe_complaint_t *c, const spbe_messages_t *m,
                       int english, const char *name, apr_pool_t *pool)
{
    const char *hint = spbe_complaint_hint(c, english, NULL, pool);

    return is_neutral(name) && hint != NULL ? hint : narrowed(c, name, m, pool);
}

static const char *of_type(const spbe_complaint_t *c, const spbe_messages_t *m,
                           int english, apr_pool_t *pool)
{
    char name[16];
    size_t i;
    const char *text;

    for (i = 0;
         c->arg != NULL && apr_islower(c->arg[i]) && i + 1 < sizeof(name);
         i++) {
        name[i] = c->arg[i];
    }
    name[i] = '\0';
    text = spbe_messages_text(m, "type", name);
    return text != NULL ? text : say(c, m, english, "other", pool);
}

static const char *of_format(const spbe_complaint_t *c,
                             const spbe_messages_t *m, int english,
                             apr_pool_t *pool)
{
    const char *text =
        c->arg == NULL ? NULL : spbe_messages_text(m, "format", c->arg);

    if (text == NULL) {
        text = say(c, m, english, "format", pool);
    }
    if (c->example == NULL || *c->example == '\0') {
        return text;
    }
    return apr_pstrcat(
        pool, text, " ",
        spbe_messages_put(expect(m, "example"), c->example, NULL, pool), NULL);
}

static const char *file_name_of(const char *type, const spbe_messages_t *m,
                                apr_pool_t *pool)
{
    const char *slash = strchr(type, '/'), *word;
    char *upper;
    size_t i;

    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (strcasecmp(files[i].type, type) == 0) {
            return files[i].name;
        }
    }
    if (slash != NULL && strcmp(slash, "/*") == 0) {
        word = spbe_messages_text(
            m, "media", apr_pstrmemdup(pool, type, (size_t)(slash - type)));
        return word == NULL ? type : word;
    }
    if (slash != NULL) {
        return type;
    }
    upper = apr_pstrdup(pool, *type == '.' ? type + 1 : type);
    for (i = 0; upper[i] != '\0'; i++) {
        upper[i] = (char)apr_toupper(upper[i]);
    }
    return upper;
}

static const char *of_file_type(const spbe_complaint_t *c,
                                const spbe_messages_t *m, apr_pool_t *pool)
{
    const char *list = NULL;
    char *copy, *type, *next;

    copy = apr_pstrdup(pool, c->arg == NULL ? "" : c->arg);
    for (type = apr_strtok(copy, ", ", &next); type != NULL;
         type = apr_strtok(NULL, ", ", &next)) {
        const char *name = file_name_of(type, m, pool);

        list = list == NULL ? name : apr_pstrcat(pool, list, ", ", name, NULL);
    }
    if (list == NULL) {
        return expect(m, "file_type_other");
    }
    return spbe_messages_put(expect(m, "file_type"),
                             spbe_complaint_clean(list, ARG_MAX_BYTES, pool),
                             NULL, pool);
}

static int is_number(const char *text)
{
    return text != NULL && *text != '\0' &&
           text[strspn(text, "0123456789")] == '\0';
}

static const char *of_file_size(const spbe_complaint_t *c,
                                const spbe_messages_t *m, apr_pool_t *pool)
{
    if (!is_number(c->arg)) {
        return expect(m, "file_size_other");
    }
    return spbe_messages_put(
        expect(m, "file_size"),
        spbe_complaint_size((apr_uint64_t)apr_atoi64(c->arg), m, pool), NULL,
        pool);
}

/* The field that this one is held against, as a person knows it. */
static const char *other_field(const spbe_complaint_t *c, int english,
                               apr_pool_t *pool)
{
    const char *own = english ? c->other_en : c->other_id;
    const char *label = own != NULL ? own : english ? c->other_id : c->other_en;

    return label != NULL ? label : spbe_complaint_readable(c->arg, pool);
}

static const char *by_words(const spbe_complaint_t *c, const words_t *words,
                            const spbe_messages_t *m, int english,
                            apr_pool_t *pool)
{
    const char *arg = c->arg;

    if (arg == NULL || *arg == '\0' || words->with == NULL) {
        return say(c, m, english, words->without, pool);
    }
    if (words->one != NULL && strcmp(arg, "1") == 0) {
        return expect(m, words->one);
    }
    if (strcmp(words->with, "max_length") == 0 && strcmp(arg, "0") == 0) {
        return expect(m, "max_length_none");
    }
    if (strncmp(words->with, "compare_", 8) == 0) {
        arg = other_field(c, english, pool);
    }
    return spbe_messages_put(narrowed(c, words->with, m, pool),
                             spbe_complaint_clean(arg, ARG_MAX_BYTES, pool),
                             NULL, pool);
}

const char *spbe_complaint_expects(const spbe_complaint_t *complaint,
                                   const spbe_messages_t *messages, int english,
                                   apr_pool_t *pool)
{
    const char *keyword = complaint->keyword == NULL ? "" : complaint->keyword;
    size_t i;

    if (strcmp(keyword, "type") == 0) {
        return of_type(complaint, messages, english, pool);
    }
    if (strcmp(keyword, "format") == 0) {
        return of_format(complaint, messages, english, pool);
    }
    if (strcmp(keyword, "file-type") == 0) {
        return of_file_type(complaint, messages, pool);
    }
    if (strcmp(keyword, "file-size") == 0) {
        return of_file_size(complaint, messages, pool);
    }
    for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        if (strcmp(keywords[i].keyword, keyword) == 0) {
            return by_words(complaint, &keywords[i], messages, english, pool);
        }
    }
    return say(complaint, messages, english, "other", pool);
}

const char *spbe_complaint_size(apr_uint64_t bytes,
                                const spbe_messages_t *messages,
                                apr_pool_t *pool)
{
    static const char *const units[] = {"byte", "KB", "MB", "GB", "TB"};
    apr_uint64_t unit = 1, tenths;
    int i = 0;

    while (i < 4 && bytes / unit >= 1024) {
        unit *= 1024;
        i++;
    }
    tenths = bytes % unit * 10 / unit;
    if (i == 0 || tenths == 0) {
        return apr_psprintf(pool, "%" APR_UINT64_T_FMT " %s", bytes / unit,
                            units[i]);
    }
    return apr_psprintf(pool, "%" APR_UINT64_T_FMT "%s%d %s", bytes / unit,
                        spbe_messages_word(messages, SPBE_WORD_DECIMAL),
                        (int)tenths, units[i]);
}
