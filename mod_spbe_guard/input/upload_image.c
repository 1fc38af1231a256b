/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/upload_image.c - width and height of an image, from its first bytes.
 *
 * Nothing is decoded: a picture of absurd size is to be refused before a
 * program makes room for it.
 */
#include "input/upload.h"

typedef struct size {
    apr_uint32_t width, height;
} size_pair_t;

static apr_uint32_t byte(spbe_span_t s, size_t i)
{
    return i < s.len ? (unsigned char)s.ptr[i] : 0;
}

static apr_uint32_t big16(spbe_span_t s, size_t i)
{
    return byte(s, i) << 8 | byte(s, i + 1);
}

static apr_uint32_t big32(spbe_span_t s, size_t i)
{
    return big16(s, i) << 16 | big16(s, i + 2);
}

static apr_uint32_t little16(spbe_span_t s, size_t i)
{
    return byte(s, i) | byte(s, i + 1) << 8;
}

static apr_uint32_t little24(spbe_span_t s, size_t i)
{
    return little16(s, i) | byte(s, i + 2) << 16;
}

static apr_uint32_t little32(spbe_span_t s, size_t i)
{
    return little16(s, i) | little16(s, i + 2) << 16;
}

static int png(spbe_span_t s, size_pair_t *size)
{
    if (s.len < 24 || !spbe_span_starts(s, SPBE_SPAN("\211PNG\r\n\032\n"))) {
        return 0;
    }
    *size = (size_pair_t){big32(s, 16), big32(s, 20)};
    return 1;
}

static int gif(spbe_span_t s, size_pair_t *size)
{
    if (s.len < 10 || !(spbe_span_starts(s, SPBE_SPAN("GIF87a")) ||
                        spbe_span_starts(s, SPBE_SPAN("GIF89a")))) {
        return 0;
    }
    *size = (size_pair_t){little16(s, 6), little16(s, 8)};
    return 1;
}

static int bmp(spbe_span_t s, size_pair_t *size)
{
    apr_uint32_t height;

    if (s.len < 26 || !spbe_span_starts(s, SPBE_SPAN("BM"))) {
        return 0;
    }
    if (little32(s, 14) == 12) {
        *size = (size_pair_t){little16(s, 18), little16(s, 20)};
        return 1;
    }
    height = little32(s, 22);
    /* Negative: the rows come from the top. */
    *size = (size_pair_t){little32(s, 18),
                          height > 0x7fffffffu ? 0u - height : height};
    return 1;
}

static int webp(spbe_span_t s, size_pair_t *size)
{
    spbe_span_t kind = spbe_span_slice(s, 12, 16);
    apr_uint32_t bits;

    if (s.len < 30 || !spbe_span_starts(s, SPBE_SPAN("RIFF")) ||
        !spbe_span_eq(spbe_span_slice(s, 8, 12), SPBE_SPAN("WEBP"))) {
        return 0;
    }
    if (spbe_span_eq(kind, SPBE_SPAN("VP8X"))) {
        *size = (size_pair_t){little24(s, 24) + 1, little24(s, 27) + 1};
        return 1;
    }
    if (spbe_span_eq(kind, SPBE_SPAN("VP8L"))) {
        bits = little32(s, 21);
        *size = (size_pair_t){(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1};
        return 1;
    }
    *size = (size_pair_t){little16(s, 26) & 0x3fff, little16(s, 28) & 0x3fff};
    return spbe_span_eq(kind, SPBE_SPAN("VP8 "));
}

static int is_frame(apr_uint32_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
           marker != 0xc8 && marker != 0xcc;
}

/* Segment by segment up to the frame header. */
static int jpeg(spbe_span_t s, size_pair_t *size)
{
    size_t i = 2;

    if (!spbe_span_starts(s, SPBE_SPAN("\377\330\377"))) {
        return 0;
    }
    while (i + 9 < s.len && byte(s, i) == 0xff) {
        apr_uint32_t marker = byte(s, i + 1), length = big16(s, i + 2);

        if (marker == 0xff) {
            i++;
            continue;
        }
        if (is_frame(marker)) {
            *size = (size_pair_t){big16(s, i + 7), big16(s, i + 5)};
            return 1;
        }
        if (length < 2 || marker == 0xda) {
            return 0;
        }
        i += 2 + length;
    }
    return 0;
}

int spbe_image_size(spbe_span_t content, apr_uint32_t *width,
                    apr_uint32_t *height)
{
    size_pair_t size = {0, 0};

    if (!png(content, &size) && !jpeg(content, &size) && !gif(content, &size) &&
        !webp(content, &size) && !bmp(content, &size)) {
        return 0;
    }
    *width = size.width;
    *height = size.height;
    return 1;
}
