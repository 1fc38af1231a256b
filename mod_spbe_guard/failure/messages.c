/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/messages.c - the words of the page in one language. See messages.h.
 */
#include "failure/messages.h"

#include <stdlib.h>
#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>

#define STATUSES 32

typedef struct statuses {
    spbe_status_text_t of[STATUSES];
    size_t count;
} statuses_t;

struct spbe_messages {
    const char *words[SPBE_WORDS];
    const char *months[12];
    const char *digits[10];
    statuses_t failed;
    statuses_t refused;
    apr_hash_t *texts; /* "group.name" -> const char * */
};

typedef struct loader {
    const char *file;
    spbe_messages_t *messages;
    const char *error;
    apr_pool_t *pool;
} loader_t;

/* In the order of spbe_word_t. */
static const char *const word_names[SPBE_WORDS] = {
    "status_label", "reference_label", "reference_hint", "spelled_label",
    "time_label", "contact_label", "home_label", "uncertain",
    "uncertain_advice", "retry_seconds", "retry_minutes", "retry_hours",
    "time_separator", "saved", "back", "back_files", "back_button",
    "fields_title", "limit", "nth", "decimal",
};

static const char *const groups[] = { "expect", "type", "format", "media" };

/* The alphabet of radio and telephone operators. */
static const char *const letters[26] = {
    "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel",
    "India", "Juliett", "Kilo", "Lima", "Mike", "November", "Oscar", "Papa",
    "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey",
    "X-ray", "Yankee", "Zulu",
};

static const spbe_status_text_t *find_status(const statuses_t *in, int status)
{
    size_t i;

    for (i = 0; i < in->count; i++) {
        if (in->of[i].status == status) {
            return &in->of[i];
        }
    }
    return NULL;
}

static const char *read_text(loader_t *l, const cJSON *object,
                             const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!cJSON_IsString(item) || item->valuestring[0] == '\0') {
        l->error = apr_psprintf(l->pool, "%s: a text \"%s\" is missing%s%s",
                                l->file, name,
                                object == NULL || object->string == NULL
                                    ? "" : " in ",
                                object == NULL || object->string == NULL
                                    ? "" : object->string);
        return "";
    }
    return apr_pstrdup(l->pool, item->valuestring);
}

static void read_list(loader_t *l, const cJSON *root, const char *name,
                      const char **out, int count)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, name);
    int i;

    for (i = 0; i < count; i++) {
        const cJSON *item = cJSON_GetArrayItem(list, i);

        if (!cJSON_IsString(item)) {
            l->error = apr_psprintf(l->pool, "%s: \"%s\" must be a list of %d "
                                    "texts", l->file, name, count);
            return;
        }
        out[i] = apr_pstrdup(l->pool, item->valuestring);
    }
}

static void read_statuses(loader_t *l, const cJSON *all, statuses_t *out)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, all) {
        spbe_status_text_t *text = &out->of[out->count];

        if (out->count == STATUSES) {
            break;
        }
        /* "4xx" reads as 4. */
        text->status = atoi(item->string);
        text->title = read_text(l, item, "title");
        text->message = read_text(l, item, "message");
        text->advice = read_text(l, item, "advice");
        out->count++;
    }
}

static void read_group(loader_t *l, const cJSON *root, const char *name)
{
    const cJSON *group = cJSON_GetObjectItemCaseSensitive(root, name);
    const cJSON *item;

    cJSON_ArrayForEach(item, group) {
        apr_hash_set(l->messages->texts,
                     apr_pstrcat(l->pool, name, ".", item->string, NULL),
                     APR_HASH_KEY_STRING, read_text(l, group, item->string));
    }
}

static void read_all(loader_t *l, const cJSON *root)
{
    const cJSON *refusal = cJSON_GetObjectItemCaseSensitive(root, "refusal");
    spbe_messages_t *m = l->messages;
    size_t i;

    for (i = 0; i < SPBE_WORDS; i++) {
        m->words[i] = read_text(l, i < SPBE_WORD_SAVED ? root : refusal,
                                word_names[i]);
    }
    read_list(l, root, "months", m->months, 12);
    read_list(l, root, "digits", m->digits, 10);
    for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        read_group(l, root, groups[i]);
    }
    read_statuses(l, cJSON_GetObjectItemCaseSensitive(refusal, "status"),
                  &m->refused);
    read_statuses(l, cJSON_GetObjectItemCaseSensitive(root, "status"),
                  &m->failed);
    if (find_status(&m->failed, 4) == NULL
        || find_status(&m->failed, 5) == NULL) {
        l->error = apr_psprintf(l->pool, "%s: \"status\" must have the "
                                "members \"4xx\" and \"5xx\"", l->file);
    }
}

spbe_messages_t *spbe_messages_load(const char *name, spbe_span_t json,
                                    const char **error, apr_pool_t *pool)
{
    loader_t l = { .file = name, .pool = pool };
    cJSON *root = cJSON_ParseWithLength(json.ptr, json.len);

    *error = NULL;
    if (!cJSON_IsObject(root)) {
        cJSON_Delete(root);
        *error = apr_psprintf(pool, "%s: is not a JSON object", name);
        return NULL;
    }
    l.messages = apr_pcalloc(pool, sizeof(*l.messages));
    l.messages->texts = apr_hash_make(pool);
    read_all(&l, root);
    cJSON_Delete(root);
    *error = l.error;
    return l.error == NULL ? l.messages : NULL;
}

const char *spbe_messages_word(const spbe_messages_t *messages,
                               spbe_word_t word)
{
    return messages->words[word];
}

const spbe_status_text_t *
spbe_messages_status(const spbe_messages_t *messages, int status)
{
    const spbe_status_text_t *text = find_status(&messages->failed, status);
    int hundred = status >= 400 && status < 500 ? 4 : 5;

    return text != NULL ? text : find_status(&messages->failed, hundred);
}

const spbe_status_text_t *
spbe_messages_refusal(const spbe_messages_t *messages, int status)
{
    const spbe_status_text_t *text = find_status(&messages->refused, status);

    return text != NULL ? text : spbe_messages_status(messages, status);
}

const char *spbe_messages_text(const spbe_messages_t *messages,
                               const char *group, const char *name)
{
    char key[80];

    if (strlen(group) + strlen(name) + 2 > sizeof(key)) {
        return NULL;
    }
    apr_snprintf(key, sizeof(key), "%s.%s", group, name);
    return apr_hash_get(messages->texts, key, APR_HASH_KEY_STRING);
}

const char *spbe_messages_put(const char *text, const char *a, const char *b,
                              apr_pool_t *pool)
{
    const char *first = strstr(text, "%s");
    const char *second = first == NULL ? NULL : strstr(first + 2, "%s");

    if (first == NULL) {
        return text;
    }
    if (second == NULL || b == NULL) {
        return apr_psprintf(pool, "%.*s%s%s", (int)(first - text), text, a,
                            first + 2);
    }
    return apr_psprintf(pool, "%.*s%s%.*s%s%s", (int)(first - text), text, a,
                        (int)(second - first - 2), first + 2, b, second + 2);
}

/* The zones of the country have names; others are written as numbers. */
static const char *zone_name(int offset, apr_pool_t *pool)
{
    int minutes = offset < 0 ? -offset / 60 : offset / 60;

    switch (offset) {
    case 7 * 3600: return "WIB";
    case 8 * 3600: return "WITA";
    case 9 * 3600: return "WIT";
    case 0: return "UTC";
    default:
        return apr_psprintf(pool, "UTC%c%02d:%02d", offset < 0 ? '-' : '+',
                            minutes / 60, minutes % 60);
    }
}

const char *spbe_messages_time_at(const spbe_messages_t *messages,
                                  apr_time_t time, int offset,
                                  apr_pool_t *pool)
{
    apr_time_exp_t t;

    apr_time_exp_tz(&t, time, offset);
    return apr_psprintf(pool, "%d %s %d %02d%s%02d %s", t.tm_mday,
                        messages->months[t.tm_mon], t.tm_year + 1900,
                        t.tm_hour, messages->words[SPBE_WORD_SEPARATOR],
                        t.tm_min, zone_name(offset, pool));
}

const char *spbe_messages_time(const spbe_messages_t *messages, apr_time_t time,
                               apr_pool_t *pool)
{
    apr_time_exp_t t;

    apr_time_exp_lt(&t, time);
    return spbe_messages_time_at(messages, time, t.tm_gmtoff, pool);
}

/* The texts come from a file: only "%d" is put in, by hand. */
static const char *put_number(const char *text, int number, apr_pool_t *pool)
{
    const char *at = strstr(text, "%d");

    if (at == NULL) {
        return text;
    }
    return apr_psprintf(pool, "%.*s%d%s", (int)(at - text), text, number,
                        at + 2);
}

const char *spbe_messages_retry(const spbe_messages_t *messages, int seconds,
                                apr_pool_t *pool)
{
    if (seconds <= 0) {
        return NULL;
    }
    if (seconds < 120) {
        return put_number(messages->words[SPBE_WORD_SECONDS], seconds, pool);
    }
    if (seconds < 120 * 60) {
        return put_number(messages->words[SPBE_WORD_MINUTES],
                          (seconds + 59) / 60, pool);
    }
    return put_number(messages->words[SPBE_WORD_HOURS],
                      (int)((seconds + 3599L) / 3600), pool);
}

static const char *symbol_name(const spbe_messages_t *messages, char c)
{
    if (c >= '0' && c <= '9') {
        return messages->digits[c - '0'];
    }
    return c >= 'A' && c <= 'Z' ? letters[c - 'A'] : NULL;
}

const char *spbe_messages_spell(const spbe_messages_t *messages,
                                const char *reference, apr_pool_t *pool)
{
    const char *out = "", *gap = "";

    for (; *reference != '\0'; reference++) {
        const char *name = symbol_name(messages, *reference);

        if (*reference == '-') {
            gap = ", ";
            continue;
        }
        out = name == NULL
                  ? apr_psprintf(pool, "%s%s%c", out, gap, *reference)
                  : apr_pstrcat(pool, out, gap, name, NULL);
        gap = " ";
    }
    return out;
}
