/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/syslog.c - write messages as RFC 5424 has them. See syslog.h.
 */
#include "text/syslog.h"

#include "text/stamp.h"
#include "text/visible.h"

#define AUTHPRIV 10
#define HOST_MAX 255
#define APP_MAX 48
#define MSGID_MAX 32
#define VALUE_MAX 400
#define BOM "\xef\xbb\xbf"

/* Visible ASCII without blanks. */
static void add_word(spbe_buf_t *buf, const char *word, size_t max)
{
    size_t i;

    spbe_buf_addc(buf, ' ');
    if (word == NULL || word[0] == '\0') {
        spbe_buf_addc(buf, '-');
        return;
    }
    for (i = 0; word[i] != '\0' && i < max; i++) {
        spbe_buf_addc(buf, word[i] > ' ' && word[i] < 0x7f ? word[i] : '?');
    }
}

void spbe_syslog_begin(spbe_buf_t *buf, spbe_syslog_severity_t severity,
                       apr_time_t time, const char *host, const char *app,
                       const char *msgid)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_write(time, stamp);
    spbe_buf_printf(buf, "<%d>1 %s", AUTHPRIV * 8 + (int)severity, stamp);
    add_word(buf, host, HOST_MAX);
    add_word(buf, app, APP_MAX);
    spbe_buf_adds(buf, " -");
    add_word(buf, msgid, MSGID_MAX);
    spbe_buf_addc(buf, ' ');
}

void spbe_syslog_element(spbe_buf_t *buf, const char *id)
{
    spbe_buf_addc(buf, '[');
    spbe_buf_adds(buf, id);
}

void spbe_syslog_param(spbe_buf_t *buf, const char *name, const char *value)
{
    const char *c;

    if (value == NULL || value[0] == '\0') {
        return;
    }
    spbe_buf_printf(buf, " %s=\"", name);
    for (c = spbe_visible_fit(value, VALUE_MAX, buf->pool); *c != '\0'; c++) {
        if (*c == '"' || *c == '\\' || *c == ']') {
            spbe_buf_addc(buf, '\\');
        }
        spbe_buf_addc(buf, *c);
    }
    spbe_buf_addc(buf, '"');
}

void spbe_syslog_element_end(spbe_buf_t *buf)
{
    spbe_buf_addc(buf, ']');
}

/* The longest front part that does not end inside a character. */
static spbe_span_t cut(spbe_span_t text, size_t max)
{
    if (text.len <= max) {
        return text;
    }
    while (max > 0 && ((unsigned char)text.ptr[max] & 0xc0) == 0x80) {
        max--;
    }
    return spbe_span_slice(text, 0, max);
}

void spbe_syslog_text(spbe_buf_t *buf, spbe_span_t text, size_t from)
{
    spbe_buf_t shown;
    size_t used;

    spbe_buf_init(&shown, text.len + 16, buf->pool);
    spbe_visible_add(&shown, text, 0);
    spbe_buf_adds(buf, " " BOM);
    used = buf->len - from;
    spbe_buf_add(buf, cut(spbe_buf_span(&shown),
                          used < SPBE_SYSLOG_MAX ? SPBE_SYSLOG_MAX - used : 0));
}
