/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_region.c - the provinces. See format_region.h for the source.
 */
#include "input/format_region.h"

#include <string.h>

#include "input/format_rules.h"

/* clang-format off */
static const spbe_region_t regions[] = {
    { 11, "Aceh", "nad nanggroeacehdarussalam diaceh", "2" },
    { 12, "Sumatera Utara", "sumut sumaterautara sumatrautara", "2" },
    { 13, "Sumatera Barat", "sumbar sumatrabarat", "2" },
    { 14, "Riau", "", "2" },
    { 15, "Jambi", "", "3" },
    { 16, "Sumatera Selatan", "sumsel sumatraselatan", "3" },
    { 17, "Bengkulu", "", "3" },
    { 18, "Lampung", "", "3" },
    { 19, "Kepulauan Bangka Belitung", "babel bangkabelitung kepbangkabelitung "
      "kepbabel", "3" },
    { 21, "Kepulauan Riau", "kepri kepriau", "2" },
    { 31, "DKI Jakarta", "jakarta dkj daerahkhususibukotajakarta "
      "daerahkhususjakarta", "1" },
    { 32, "Jawa Barat", "jabar", "14" },
    { 33, "Jawa Tengah", "jateng", "5" },
    { 34, "Daerah Istimewa Yogyakarta", "diy diyogyakarta yogyakarta "
      "jogjakarta diyogjakarta", "5" },
    { 35, "Jawa Timur", "jatim", "6" },
    { 36, "Banten", "", "14" },
    { 51, "Bali", "", "8" },
    { 52, "Nusa Tenggara Barat", "ntb", "8" },
    { 53, "Nusa Tenggara Timur", "ntt", "8" },
    { 61, "Kalimantan Barat", "kalbar", "7" },
    { 62, "Kalimantan Tengah", "kalteng", "7" },
    { 63, "Kalimantan Selatan", "kalsel", "7" },
    { 64, "Kalimantan Timur", "kaltim", "7" },
    { 65, "Kalimantan Utara", "kaltara kalut", "7" },
    { 71, "Sulawesi Utara", "sulut", "9" },
    { 72, "Sulawesi Tengah", "sulteng", "9" },
    { 73, "Sulawesi Selatan", "sulsel", "9" },
    { 74, "Sulawesi Tenggara", "sultra", "9" },
    { 75, "Gorontalo", "", "9" },
    { 76, "Sulawesi Barat", "sulbar", "9" },
    { 81, "Maluku", "", "9" },
    { 82, "Maluku Utara", "malut", "9" },
    { 91, "Papua", "", "9" },
    { 92, "Papua Barat", "pabar", "9" },
    { 93, "Papua Selatan", "", "9" },
    { 94, "Papua Tengah", "", "9" },
    { 95, "Papua Pegunungan", "", "9" },
    { 96, "Papua Barat Daya", "", "9" },
    { 0, NULL, NULL, NULL },
};
/* clang-format on */

/* Longer than any name; what is longer is none. */
#define WORD_MAX 64

const spbe_region_t *spbe_format_regions(void)
{
    return regions;
}

const spbe_region_t *spbe_format_region_find(int code)
{
    const spbe_region_t *r;

    for (r = regions; r->code != 0; r++) {
        if (r->code == code) {
            return r;
        }
    }
    return NULL;
}

/* Small letters alone; the empty span when there is anything but letters,
 * blanks, dots and hyphens. */
static spbe_span_t squeeze(spbe_span_t text, char *word)
{
    size_t i, n = 0;

    for (i = 0; i < text.len; i++) {
        char c = text.ptr[i] | 0x20;

        if (c >= 'a' && c <= 'z' && n < WORD_MAX) {
            word[n++] = c;
        }
        else if (text.ptr[i] != ' ' && text.ptr[i] != '.' &&
                 text.ptr[i] != '-') {
            return SPBE_SPAN_EMPTY;
        }
    }
    return (spbe_span_t){word, n};
}

static spbe_span_t without_title(spbe_span_t word)
{
    if (spbe_span_starts(word, SPBE_SPAN("provinsi"))) {
        return spbe_span_slice(word, 8, word.len);
    }
    if (spbe_span_starts(word, SPBE_SPAN("propinsi"))) {
        return spbe_span_slice(word, 8, word.len);
    }
    if (spbe_span_starts(word, SPBE_SPAN("prov"))) {
        return spbe_span_slice(word, 4, word.len);
    }
    return word;
}

static int is_called(const spbe_region_t *region, spbe_span_t word)
{
    spbe_span_t others = spbe_span_from(region->others);
    char name[WORD_MAX];

    if (spbe_span_eq(squeeze(spbe_span_from(region->name), name), word)) {
        return 1;
    }
    while (others.len > 0) {
        if (spbe_span_eq(spbe_span_cut(&others, ' '), word)) {
            return 1;
        }
    }
    return 0;
}

static int is_code(spbe_span_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if ((text.ptr[i] < '0' || text.ptr[i] > '9') && text.ptr[i] != '.') {
            return 0;
        }
    }
    return 1;
}

const spbe_region_t *spbe_format_region_named(spbe_span_t text)
{
    char buffer[WORD_MAX];
    const spbe_region_t *r;
    spbe_span_t word;
    int code;

    text = spbe_span_trim(text);
    code = spbe_format_time_digits(text, 0, 2);
    if (code >= 0) {
        return is_code(text) ? spbe_format_region_find(code) : NULL;
    }
    word = without_title(squeeze(text, buffer));
    if (word.len == 0) {
        return NULL;
    }
    for (r = regions; r->code != 0; r++) {
        if (is_called(r, word)) {
            return r;
        }
    }
    return NULL;
}
