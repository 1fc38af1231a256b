/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_text.c - which characters may stand in decoded text.
 *
 * One pass; text of plain ASCII, which most is, is never decoded.
 */
#include "input/reading_int.h"
#include "text/utf8.h"

/* Characters that turn the order of what is shown. */
static int turns(unsigned long c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Blanks, what has no look of its own, and letters in another width: two names
 * may differ in it alone. A file's name may have some: joined emoji, marks of
 * direction. */
static int hidden(unsigned long c)
{
    return c == 0x00a0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
           c == 0x205f || c == 0x3000 || c == 0x00ad || c == 0x034f ||
           c == 0x061c || c == 0x115f || c == 0x1160 || c == 0x17b4 ||
           c == 0x17b5 || c == 0x180e || (c >= 0x200c && c <= 0x200f) ||
           (c >= 0x2061 && c <= 0x206f) || c == 0x3164 ||
           (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xff01 && c <= 0xffee) ||
           (c >= 0xfff0 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff) ||
           (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

static int deceives(unsigned long c)
{
    return turns(c) || c == 0x200b || c == 0x2060 || c == 0x2028 ||
           c == 0x2029 || c == 0xfeff || c == 0x115f || c == 0x1160 ||
           c == 0x3164 || c == 0xffa0 || (c >= 0xfff0 && c <= 0xfffb) ||
           (c >= 0xe0001 && c <= 0xe001f);
}

static spbe_reason_t wide(unsigned long c, unsigned flags, const char **detail)
{
    if (c == SPBE_UTF8_INVALID) {
        *detail = "bytes that are no UTF-8";
        return SPBE_REASON_UTF8;
    }
    if (c >= 0x80 && c <= 0x9f && !(flags & SPBE_TEXT_ESCAPED)) {
        *detail = "a C1 control character";
        return SPBE_REASON_CONTROL;
    }
    if ((flags & (SPBE_TEXT_SHOWN | SPBE_TEXT_NAME)) && deceives(c)) {
        *detail = "a character that deceives the eye";
        return SPBE_REASON_INVISIBLE;
    }
    if ((flags & SPBE_TEXT_NAME) && hidden(c)) {
        *detail = "an invisible character";
        return SPBE_REASON_INVISIBLE;
    }
    return SPBE_REASON_NONE;
}

static spbe_reason_t narrow(char c, unsigned flags, const char **detail)
{
    if ((c == '\t' && (flags & SPBE_TEXT_TAB)) ||
        ((c == '\r' || c == '\n') && (flags & SPBE_TEXT_LINES)) ||
        ((c == '\b' || c == '\f' || c == 0x7f) &&
         (flags & SPBE_TEXT_ESCAPED))) {
        return SPBE_REASON_NONE;
    }
    *detail = c == '\0'                ? "NUL"
              : c == '\r' || c == '\n' ? "a line break"
                                       : "a control character";
    return SPBE_REASON_CONTROL;
}

static spbe_reason_t odd(unsigned long c, unsigned flags, const char **detail)
{
    return c < 0x80 ? narrow((char)c, flags, detail) : wide(c, flags, detail);
}

spbe_reason_t spbe_reading_text(spbe_span_t text, unsigned flags,
                                const char **detail)
{
    spbe_reason_t reason = SPBE_REASON_NONE;

    while (reason == SPBE_REASON_NONE) {
        text = spbe_span_slice(text, spbe_utf8_plain(text), text.len);
        if (text.len == 0) {
            break;
        }
        reason = odd(spbe_utf8_next(&text), flags, detail);
    }
    return reason;
}
