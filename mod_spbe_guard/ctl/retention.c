/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/retention.c - how long records are to be kept. See retention.h.
 */
#include "ctl/retention.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "ctl/keyfile.h"
#include "text/jsonout.h"
#include "text/stamp.h"

#define DAYS_MAX 36500

int spbe_retention_parse(const char *text, long *days)
{
    char *end;
    long n;

    *days = 0;
    if (strcmp(text, "none") == 0) {
        return 1;
    }
    errno = 0;
    n = strtol(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || errno != 0 || n < 1 || n > DAYS_MAX ||
        strlen(end) != 1) {
        return 0;
    }
    *days = *end == 'd' ? n : *end == 'm' ? n * 30 : *end == 'y' ? n * 365 : 0;
    return *days > 0 && *days <= DAYS_MAX;
}

static const char *text_of(const cJSON *json, const char *name,
                           apr_pool_t *pool)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));

    return text == NULL ? "" : apr_pstrdup(pool, text);
}

void spbe_retention_read(const char *home, spbe_retention_t *retention,
                         apr_pool_t *pool)
{
    const char *path = apr_pstrcat(pool, home, "/" SPBE_RETENTION_FILE, NULL);
    spbe_span_t text;
    cJSON *json;

    *retention = (spbe_retention_t){.text = "", .by = ""};
    if (spbe_keyfile_slurp(path, &text, pool) != APR_SUCCESS) {
        return;
    }
    json = cJSON_ParseWithLength(text.ptr, text.len);
    retention->text = text_of(json, "retention", pool);
    retention->by = text_of(json, "by", pool);
    retention->is_set = spbe_retention_parse(retention->text, &retention->days);
    spbe_stamp_parse(spbe_span_from(text_of(json, "set", pool)),
                     &retention->set);
    cJSON_Delete(json);
}

apr_status_t spbe_retention_write(const char *home, const char *text,
                                  const char *by, apr_pool_t *pool)
{
    const char *path = apr_pstrcat(pool, home, "/" SPBE_RETENTION_FILE, NULL);
    const char *aside = apr_pstrcat(pool, path, ".new", NULL);
    char stamp[SPBE_STAMP_SIZE];
    spbe_buf_t buf;
    apr_status_t rv;

    spbe_stamp_write(apr_time_now(), stamp);
    spbe_buf_init(&buf, 128, pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_number(&buf, "v", 1);
    spbe_jsonout_text(&buf, "retention", text);
    spbe_jsonout_text(&buf, "set", stamp);
    spbe_jsonout_text(&buf, "by", by);
    spbe_buf_adds(&buf, "}\n");
    unlink(aside);
    rv = spbe_keyfile_create(aside, spbe_buf_span(&buf), 0640, pool);
    return rv == APR_SUCCESS && rename(aside, path) == -1 ? errno : rv;
}
