/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/export.h - records for other programs and for paper. A format is a
 * struct; each writes text that the program which opens it cannot take for
 * anything but text.
 */
#ifndef SPBE_CTL_EXPORT_H
#define SPBE_CTL_EXPORT_H

#include <cjson/cJSON.h>
#include "text/buf.h"

typedef struct spbe_export_format {
    const char *name;
    /* What stands before and behind the records; NULL: nothing. about: what
     * was asked for, for people. */
    void (*begin)(spbe_buf_t *buf, const char *about);
    void (*record)(spbe_buf_t *buf, const cJSON *record);
    void (*end)(spbe_buf_t *buf, long records);
} spbe_export_format_t;

extern const spbe_export_format_t spbe_export_jsonl, spbe_export_csv,
    spbe_export_html, spbe_export_syslog;

/* A member as text in buf's pool: "" for what is absent or no plain value. */
const char *spbe_export_text(const spbe_buf_t *buf, const cJSON *record,
                             const char *name);

#endif
