/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/param_option.c - the options of a SpbeGuardParam line, and which type
 * takes which.
 */
#include "input/param_int.h"

#include <string.h>

#include <apr_strings.h>

#include "input/policy_int.h"
#include "text/decimal.h"
#include "text/json.h"

#define BIT(kind) (1u << SPBE_PARAM_##kind)
#define ANY (BIT(TEXT) | BIT(NUMBER) | BIT(BOOLEAN) | BIT(FILE))

/* What is wrong with a value, for a person; NULL: nothing. */
typedef const char *set_t(spbe_param_line_t *line, const char *value,
                          apr_pool_t *pool);

typedef struct option {
    const char *name;
    unsigned kinds; /* that take it */
    set_t *set;
    int flag; /* stands alone, without '=' */
} option_t;

static const char *set_required(spbe_param_line_t *line, const char *value,
                                apr_pool_t *pool)
{
    line->required = 1;
    return NULL;
}

static const char *set_multiple(spbe_param_line_t *line, const char *value,
                                apr_pool_t *pool)
{
    line->multiple = 1;
    return NULL;
}

static const char *check_number(const spbe_param_line_t *line,
                                const char *value)
{
    spbe_span_t text = spbe_span_from(value);

    if (!spbe_decimal_valid(text)) {
        return "a number is needed: 17, -5, 2.5";
    }
    return strcmp(line->type, "integer") == 0 && !spbe_decimal_is_integer(text)
               ? "a whole number is needed"
               : NULL;
}

static const char *set_min(spbe_param_line_t *line, const char *value,
                           apr_pool_t *pool)
{
    line->min = value;
    return check_number(line, value);
}

static const char *set_max(spbe_param_line_t *line, const char *value,
                           apr_pool_t *pool)
{
    line->max = value;
    return check_number(line, value);
}

static const char *check_length(const char *value)
{
    unsigned long long number;

    return spbe_json_unsigned(spbe_span_from(value), 1 << 30, &number)
               ? NULL
               : "a whole number of characters is needed";
}

static const char *set_minlen(spbe_param_line_t *line, const char *value,
                              apr_pool_t *pool)
{
    line->minlen = value;
    return check_length(value);
}

static const char *set_maxlen(spbe_param_line_t *line, const char *value,
                              apr_pool_t *pool)
{
    line->maxlen = value;
    return check_length(value);
}

static const char *set_pattern(spbe_param_line_t *line, const char *value,
                               apr_pool_t *pool)
{
    line->pattern = value;
    return value[0] == '\0' ? "a pattern is needed" : NULL;
}

static const char *set_values(spbe_param_line_t *line, const char *value,
                              apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(value);

    line->values = value;
    if (rest.len == 0) {
        return "values between | are needed: values=baru|ulang";
    }
    while (line->kind == SPBE_PARAM_NUMBER && rest.len > 0) {
        const char *error =
            check_number(line, spbe_span_dup(spbe_span_cut(&rest, '|'), pool));

        if (error != NULL) {
            return error;
        }
    }
    return NULL;
}

/* "id:Nama", "en:Name", or one text for both. */
static void set_words(const char *value, const char **id, const char **en)
{
    if (strncmp(value, "id:", 3) == 0) {
        *id = value + 3;
    }
    else if (strncmp(value, "en:", 3) == 0) {
        *en = value + 3;
    }
    else {
        *id = *id == NULL ? value : *id;
        *en = *en == NULL ? value : *en;
    }
}

static const char *set_label(spbe_param_line_t *line, const char *value,
                             apr_pool_t *pool)
{
    set_words(value, &line->label_id, &line->label_en);
    return NULL;
}

static const char *set_label_id(spbe_param_line_t *line, const char *value,
                                apr_pool_t *pool)
{
    line->label_id = value;
    return NULL;
}

static const char *set_label_en(spbe_param_line_t *line, const char *value,
                                apr_pool_t *pool)
{
    line->label_en = value;
    return NULL;
}

static const char *set_hint(spbe_param_line_t *line, const char *value,
                            apr_pool_t *pool)
{
    set_words(value, &line->hint_id, &line->hint_en);
    return NULL;
}

static const char *set_hint_id(spbe_param_line_t *line, const char *value,
                               apr_pool_t *pool)
{
    line->hint_id = value;
    return NULL;
}

static const char *set_hint_en(spbe_param_line_t *line, const char *value,
                               apr_pool_t *pool)
{
    line->hint_en = value;
    return NULL;
}

static const char *set_sensitivity(spbe_param_line_t *line, const char *value,
                                   apr_pool_t *pool)
{
    line->sensitivity = value;
    return strcmp(value, "public") == 0 || strcmp(value, "personal") == 0 ||
                   strcmp(value, "secret") == 0
               ? NULL
               : "allowed are public, personal, secret";
}

static const char *set_in(spbe_param_line_t *line, const char *value,
                          apr_pool_t *pool)
{
    static const struct {
        const char *name;
        spbe_place_t in;
    } places[] = {{"query", SPBE_IN_QUERY},
                  {"form", SPBE_IN_FORM},
                  {"header", SPBE_IN_HEADER},
                  {"cookie", SPBE_IN_COOKIE}};
    size_t i;

    for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (strcmp(value, places[i].name) == 0) {
            line->in = places[i].in;
            line->anywhere = 0;
            return NULL;
        }
    }
    return "allowed are query, form, header, cookie; without it query and form";
}

static const char *set_maxsize(spbe_param_line_t *line, const char *value,
                               apr_pool_t *pool)
{
    return spbe_policy_size(spbe_span_from(value), &line->file->max_size) &&
                   line->file->max_size > 0
               ? NULL
               : "a size is needed: 500K, 2M, 1G, or bytes";
}

static const char *set_maxcount(spbe_param_line_t *line, const char *value,
                                apr_pool_t *pool)
{
    unsigned long long count = 0;

    if (!spbe_json_unsigned(spbe_span_from(value), 1000, &count) ||
        count == 0) {
        return "a number from 1 to 1000 is needed";
    }
    line->file->max_count = (unsigned)count;
    return NULL;
}

static const char *set_types(spbe_param_line_t *line, const char *value,
                             apr_pool_t *pool)
{
    apr_array_header_t *types = apr_array_make(pool, 4, sizeof(const char *));
    spbe_span_t rest = spbe_span_from(value);

    while (rest.len > 0) {
        size_t end = strcspn(rest.ptr, ",|");
        spbe_span_t word = spbe_span_trim(spbe_span_slice(rest, 0, end));
        spbe_span_t type;
        int known = spbe_policy_file_type(word, &type);

        rest = spbe_span_slice(rest, end + 1, rest.len);
        if (known < 0) {
            return spbe_policy_file_unknown(word, pool);
        }
        if (known == 0) {
            types->nelts = 0;
            break;
        }
        APR_ARRAY_PUSH(types, const char *) = spbe_span_dup(type, pool);
    }
    line->file->types = types;
    return types->nelts > 0 ? NULL
                            : "extensions and media types are needed: "
                              "types=pdf,image/png,image/*";
}

static const option_t options[] = {
    {"required", ANY, set_required, 1},
    {"multiple", BIT(TEXT) | BIT(NUMBER) | BIT(FILE), set_multiple, 1},
    {"min", BIT(NUMBER), set_min, 0},
    {"max", BIT(NUMBER), set_max, 0},
    {"minlen", BIT(TEXT), set_minlen, 0},
    {"maxlen", BIT(TEXT), set_maxlen, 0},
    {"pattern", BIT(TEXT), set_pattern, 0},
    {"values", BIT(TEXT) | BIT(NUMBER), set_values, 0},
    {"label", ANY, set_label, 0},
    {"label.id", ANY, set_label_id, 0},
    {"label.en", ANY, set_label_en, 0},
    {"hint", ANY, set_hint, 0},
    {"hint.id", ANY, set_hint_id, 0},
    {"hint.en", ANY, set_hint_en, 0},
    {"sensitivity", ANY, set_sensitivity, 0},
    {"in", BIT(TEXT) | BIT(NUMBER) | BIT(BOOLEAN), set_in, 0},
    {"maxsize", BIT(FILE), set_maxsize, 0},
    {"types", BIT(FILE), set_types, 0},
    {"maxcount", BIT(FILE), set_maxcount, 0},
};
#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* "required, multiple, minlen=, ..." */
static const char *allowed(const spbe_param_line_t *line, apr_pool_t *pool)
{
    const char *text = "";
    size_t i;

    for (i = 0; i < OPTIONS; i++) {
        if (options[i].kinds & (1u << line->kind)) {
            text =
                apr_pstrcat(pool, text, text[0] == '\0' ? "" : ", ",
                            options[i].name, options[i].flag ? "" : "=", NULL);
        }
    }
    return text;
}

int spbe_param_is_option(const char *word)
{
    size_t length = strcspn(word, "="), i;

    for (i = 0; i < OPTIONS; i++) {
        if (strlen(options[i].name) == length &&
            strncmp(options[i].name, word, length) == 0 &&
            options[i].flag == (word[length] == '\0')) {
            return 1;
        }
    }
    return 0;
}

static const char *take(spbe_param_line_t *line, const char *word,
                        apr_pool_t *pool)
{
    size_t length = strcspn(word, "="), i;
    const char *error;

    for (i = 0; i < OPTIONS; i++) {
        const option_t *option = &options[i];

        if (strlen(option->name) != length ||
            strncmp(option->name, word, length) != 0 ||
            option->flag != (word[length] == '\0') ||
            (option->kinds & (1u << line->kind)) == 0) {
            continue;
        }
        error = option->set(line, option->flag ? "" : word + length + 1, pool);
        return error == NULL ? NULL
                             : apr_psprintf(pool, "%s of %s: %s", word,
                                            line->name, error);
    }
    return apr_psprintf(pool, "\"%s\" is no option of %s (%s); allowed are %s",
                        word, line->name,
                        line->format != NULL ? line->format->name : line->type,
                        allowed(line, pool));
}

static const char *check_ranges(const spbe_param_line_t *line, apr_pool_t *pool)
{
    if (line->min != NULL && line->max != NULL &&
        spbe_decimal_compare(spbe_span_from(line->min),
                             spbe_span_from(line->max)) > 0) {
        return apr_psprintf(pool, "%s: min=%s is above max=%s", line->name,
                            line->min, line->max);
    }
    if (line->minlen != NULL && line->maxlen != NULL &&
        spbe_decimal_compare(spbe_span_from(line->minlen),
                             spbe_span_from(line->maxlen)) > 0) {
        return apr_psprintf(pool, "%s: minlen=%s is above maxlen=%s",
                            line->name, line->minlen, line->maxlen);
    }
    return NULL;
}

const char *spbe_param_options(spbe_param_line_t *line, int argc,
                               char *const argv[], apr_pool_t *pool)
{
    int i;

    for (i = 0; i < argc; i++) {
        const char *begin = argv[i],
                   *word = spbe_param_rejoin(argc, argv, &i, pool);
        const char *error =
            word == NULL
                ? apr_psprintf(pool, "%s of %s: a quotation mark is missing",
                               begin, line->name)
                : take(line, word, pool);

        if (error != NULL) {
            const char *cause =
                spbe_param_is_option(word == NULL ? begin : word)
                    ? NULL
                    : spbe_param_parted(argc, argv, i, pool);

            return cause == NULL ? error
                                 : apr_psprintf(pool, "\"%s\" of %s: %s", begin,
                                                line->name, cause);
        }
    }
    return check_ranges(line, pool);
}
