/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/member.c - read a JSON text member by member. See member.h.
 */
#include "failure/member.h"

#include <math.h>
#include <string.h>
#include <apr_strings.h>

#include "failure/place.h"

/* cJSON stops behind the first value; what follows must be nothing. */
int spbe_member_open(spbe_reader_t *rd)
{
    spbe_span_t json = rd->json;
    const char *end = json.ptr;
    size_t at;

    rd->root = cJSON_ParseWithLengthOpts(json.ptr, json.len, &end, 0);
    at = end < json.ptr || end > json.ptr + json.len ? 0
                                                     : (size_t)(end - json.ptr);
    while (at < json.len && memchr(" \t\r\n", json.ptr[at], 4) != NULL) {
        at++;
    }
    if (rd->root != NULL && at == json.len) {
        return 1;
    }
    spbe_member_close(rd);
    rd->error = apr_psprintf(rd->pool, "%s:%s: not JSON from here on", rd->name,
                             spbe_place_at(json, at, rd->pool));
    return 0;
}

void spbe_member_close(spbe_reader_t *rd)
{
    cJSON_Delete(rd->root);
    rd->root = NULL;
}

/* Keeps the first error: the later ones are often its consequences. */
void spbe_member_fail(spbe_reader_t *rd, const cJSON *item, int name,
                      const char *fmt, ...)
{
    apr_pool_t *pool = rd->pool;
    va_list ap;

    if (rd->error != NULL) {
        return;
    }
    va_start(ap, fmt);
    rd->error =
        apr_pstrcat(pool, rd->name, ":",
                    spbe_place_find(rd->json, rd->root, item, name, pool), ": ",
                    apr_pvsprintf(pool, fmt, ap), NULL);
    va_end(ap);
}

static const char *list_names(spbe_reader_t *rd, const char *const *names)
{
    const char *all = "";

    for (; *names != NULL; names++) {
        all = apr_pstrcat(rd->pool, all, *all ? ", " : "", *names, NULL);
    }
    return all;
}

static const char *list_members(spbe_reader_t *rd, const spbe_member_t *members)
{
    const char *all = "";

    for (; members->name != NULL; members++) {
        all = apr_pstrcat(rd->pool, all, *all ? ", " : "", members->name, NULL);
    }
    return all;
}

static const char *type_name(int type)
{
    switch (type) {
    case cJSON_Number:
        return "a number";
    case cJSON_String:
        return "a string";
    case cJSON_Array:
        return "an array";
    case cJSON_Object:
        return "an object";
    default:
        return "true or false";
    }
}

static int has_type(const cJSON *item, int type)
{
    return type == cJSON_True ? cJSON_IsBool(item)
                              : (item->type & 0xff) == type;
}

const cJSON *spbe_member_get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void check_member(spbe_reader_t *rd, const cJSON *object,
                         const cJSON *item, const spbe_member_t *members)
{
    const spbe_member_t *m = members;

    while (m->name != NULL && strcmp(m->name, item->string) != 0) {
        m++;
    }
    if (m->name == NULL) {
        spbe_member_fail(rd, item, 1, "unknown member \"%s\"; allowed: %s",
                         item->string, list_members(rd, members));
    }
    else if (spbe_member_get(object, item->string) != item) {
        spbe_member_fail(rd, item, 1, "member \"%s\" stands here twice",
                         item->string);
    }
    else if (!has_type(item, m->type)) {
        spbe_member_fail(rd, item, 0, "\"%s\" must be %s", item->string,
                         type_name(m->type));
    }
}

int spbe_member_check(spbe_reader_t *rd, const cJSON *object,
                      const spbe_member_t *members)
{
    const spbe_member_t *m;
    const cJSON *item;

    cJSON_ArrayForEach(item, object)
    {
        check_member(rd, object, item, members);
    }
    for (m = members; m->name != NULL; m++) {
        if (m->required && spbe_member_get(object, m->name) == NULL) {
            spbe_member_fail(rd, object, 0, "member \"%s\" is missing",
                             m->name);
        }
    }
    return rd->error == NULL;
}

unsigned spbe_member_number(spbe_reader_t *rd, const cJSON *object,
                            const char *name, unsigned fallback, unsigned min,
                            unsigned max)
{
    const cJSON *item = spbe_member_get(object, name);

    if (item == NULL) {
        return fallback;
    }
    if (!(item->valuedouble >= min && item->valuedouble <= max) ||
        item->valuedouble != floor(item->valuedouble)) {
        spbe_member_fail(rd, item, 0,
                         "\"%s\" must be a whole number from %u to %u", name,
                         min, max);
        return fallback;
    }
    return (unsigned)item->valuedouble;
}

int spbe_member_flag(const cJSON *object, const char *name, int fallback)
{
    const cJSON *item = spbe_member_get(object, name);

    return item == NULL ? fallback : cJSON_IsTrue(item);
}

unsigned spbe_member_choice(spbe_reader_t *rd, const cJSON *object,
                            const char *name, const char *const *names)
{
    const cJSON *item = spbe_member_get(object, name);
    unsigned i;

    for (i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], item->valuestring) == 0) {
            return i;
        }
    }
    spbe_member_fail(rd, item, 0, "\"%s\" is \"%s\"; allowed: %s", name,
                     item->valuestring, list_names(rd, names));
    return 0;
}
