/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_text.c - what people write: names with titles, addresses, lines
 * and letters.
 *
 * Accepts what real texts hold; refuses what cannot be seen or turns the
 * reading direction: controls, bidirectional controls, invisible characters,
 * private use, what is no character. Which holes of Unicode are still
 * unassigned is not asked: the answer changes every year and differs between
 * browsers; planes and blocks that hold nothing are refused. The patterns in
 * format_pattern.h say the same.
 */
#include "input/format_rules.h"
#include "text/utf8.h"

/* Combining marks that one letter may bear. */
#define MARKS_MAX 4

typedef struct range {
    unsigned long first, last;
} range_t;

typedef struct ranges {
    const range_t *list;
    size_t count;
} ranges_t;

#define RANGES(array) ((ranges_t){(array), sizeof(array) / sizeof(*(array))})

/* clang-format off */
/* Neither TAB, LF and CR, nor the three that join: they depend on the text. */
static const range_t refused[] = {
    { 0x0, 0x8 }, { 0xb, 0xc }, { 0xe, 0x1f }, { 0x7f, 0x9f },
    { 0x34f, 0x34f }, { 0x61c, 0x61c }, { 0x115f, 0x1160 },
    { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200b },
    { 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
    { 0x2fe0, 0x2fef }, { 0x3164, 0x3164 }, { 0xd800, 0xf8ff },
    { 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 },
    { 0xfff0, 0xffff }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
    { 0x1fffe, 0x1ffff }, { 0x2fffe, 0x2ffff }, { 0x3fffe, SPBE_UTF8_INVALID },
};

/* Those that can be heaped on any letter, and variation selectors. */
static const range_t marks[] = {
    { 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd }, { 0x5bf, 0x5bf },
    { 0x5c1, 0x5c2 }, { 0x5c4, 0x5c5 }, { 0x5c7, 0x5c7 }, { 0x610, 0x61a },
    { 0x64b, 0x65f }, { 0x670, 0x670 }, { 0x6d6, 0x6dc }, { 0x6df, 0x6e4 },
    { 0x6e7, 0x6e8 }, { 0x6ea, 0x6ed }, { 0xe31, 0xe31 }, { 0xe34, 0xe3a },
    { 0xe47, 0xe4e }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
    { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
};

static const range_t blanks[] = {
    { 0x9, 0xa }, { 0xd, 0xd }, { 0x20, 0x20 }, { 0xa0, 0xa0 },
    { 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x202f, 0x202f },
    { 0x205f, 0x205f }, { 0x3000, 0x3000 },
};

/* Letters of names in Latin script (Permendagri 73/2022). */
static const range_t letters[] = {
    { 'A', 'Z' }, { 'a', 'z' }, { 0xc0, 0xd6 }, { 0xd8, 0xf6 },
    { 0xf8, 0x24f }, { 0x1e00, 0x1eff },
};

/* Blank, no-break blank, .,'-/()&@", grave accent (typed as an apostrophe),
 * acute accent, modifier apostrophes, hyphens, en dash, curly quotes. */
static const range_t name_marks[] = {
    { ' ', ' ' }, { '"', '"' }, { '&', ')' }, { ',', '/' }, { '@', '@' },
    { '`', '`' }, { 0xa0, 0xa0 }, { 0xb4, 0xb4 }, { 0x2bb, 0x2bf },
    { 0x2010, 0x2011 }, { 0x2013, 0x2013 }, { 0x2018, 0x2019 },
    { 0x201c, 0x201d },
};

/* TAB, lines, blank, !"# &'()*+,-./ digits :; ?@ _ grave, no-break blank,
 * degree, plus-minus, powers, acute, middle dot, ordinal, fractions, dashes,
 * curly quotes, bullet, numero. */
static const range_t address_marks[] = {
    { 0x9, 0xa }, { 0xd, 0xd }, { ' ', '#' }, { '&', ';' }, { '?', '@' },
    { '_', '`' }, { 0xa0, 0xa0 }, { 0xb0, 0xb4 }, { 0xb7, 0xb7 },
    { 0xba, 0xba }, { 0xbc, 0xbe }, { 0x2bb, 0x2bf }, { 0x2010, 0x2015 },
    { 0x2018, 0x2019 }, { 0x201c, 0x201d }, { 0x2022, 0x2022 },
    { 0x2116, 0x2116 },
};
/* clang-format on */

static int is_in(unsigned long c, ranges_t ranges)
{
    size_t low = 0, high = ranges.count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (c > ranges.list[mid].last) {
            low = mid + 1;
        }
        else if (c < ranges.list[mid].first) {
            high = mid;
        }
        else {
            return 1;
        }
    }
    return 0;
}

static int is_letter(unsigned long c)
{
    return c < 0x80 ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                    : is_in(c, RANGES(letters));
}

/*
 * A text of letters, each with some marks, and of others; max characters. The
 * first letter ends the wait for one.
 */
static int is_latin(spbe_span_t text, ranges_t others, size_t max)
{
    size_t count = 0, heap = MARKS_MAX;
    int letter = 0;

    while (text.len > 0) {
        unsigned long c = spbe_utf8_next(&text);

        if (is_letter(c)) {
            letter = 1;
            heap = 0;
        }
        else if (c >= 0x300 && c <= 0x36f && c != 0x34f) {
            if (++heap > MARKS_MAX) {
                return 0;
            }
        }
        else if (is_in(c, others)) {
            heap = MARKS_MAX;
        }
        else {
            return 0;
        }
        if (++count > max) {
            return 0;
        }
    }
    return letter;
}

int spbe_format_text_nama(spbe_span_t text, apr_time_t now)
{
    return is_latin(text, RANGES(name_marks), SPBE_FORMAT_NAME_MAX);
}

int spbe_format_text_alamat(spbe_span_t text, apr_time_t now)
{
    return is_latin(text, RANGES(address_marks), SPBE_FORMAT_ADDRESS_MAX);
}

static int is_base(unsigned long c)
{
    return !is_in(c, RANGES(refused)) && !is_in(c, RANGES(marks)) &&
           !is_in(c, RANGES(blanks)) && c != 0xad && c != 0x200c && c != 0x200d;
}

static int is_high(unsigned long c)
{
    return c >= 0x600 && !is_letter(c);
}

/*
 * May c join the letter before it and what follows? The soft hyphen, as pasted
 * from a document, within a Latin word; the zero-width ones where scripts and
 * emoji need them, which is nowhere below U+0600.
 */
static int joins(unsigned long c, unsigned long base, spbe_span_t rest)
{
    unsigned long next = rest.len > 0 ? spbe_utf8_next(&rest) : 0;

    if (c == 0xad) {
        return is_letter(base) && is_letter(next);
    }
    return is_high(base) && is_high(next) && is_base(next);
}

/* Where in a text we are. */
typedef struct spot {
    unsigned long base; /* the letter that marks and joiners belong to, or 0 */
    size_t heap;        /* marks on it */
    size_t count;       /* characters up to here */
} spot_t;

static void at_letter(spot_t *spot, unsigned long c)
{
    spot->base = c;
    spot->heap = 0;
}

static void at_blank(spot_t *spot)
{
    spot->base = 0;
    spot->heap = MARKS_MAX;
}

/* Printable ASCII, which most texts are: no table needs to be asked, and only
 * its last character matters to what follows. */
static void skip_plain(spot_t *spot, spbe_span_t *text)
{
    size_t len = spbe_utf8_plain(*text);

    if (len == 0) {
        return;
    }
    if (text->ptr[len - 1] == ' ') {
        at_blank(spot);
    }
    else {
        at_letter(spot, (unsigned char)text->ptr[len - 1]);
    }
    spot->count += len;
    *text = spbe_span_slice(*text, len, text->len);
}

/* May c, which rest follows, stand here? */
static int take(spot_t *spot, unsigned long c, spbe_span_t rest, int lines)
{
    spot->count++;
    if (is_in(c, RANGES(blanks)) && (lines || c > ' ')) {
        at_blank(spot);
        return 1;
    }
    if (is_in(c, RANGES(marks)) && !is_in(c, RANGES(refused))) {
        return ++spot->heap <= MARKS_MAX;
    }
    if (c == 0xad || c == 0x200c || c == 0x200d) {
        return joins(c, spot->base, rest);
    }
    at_letter(spot, c);
    return c > ' ' && is_base(c);
}

static int is_text(spbe_span_t text, int lines, size_t max)
{
    spot_t spot = {0, MARKS_MAX, 0};

    for (;;) {
        unsigned long c;

        skip_plain(&spot, &text);
        if (max > 0 && spot.count > max) {
            return 0;
        }
        if (text.len == 0) {
            return 1;
        }
        c = spbe_utf8_next(&text);
        if (!take(&spot, c, text, lines)) {
            return 0;
        }
    }
}

int spbe_format_text_bebas(spbe_span_t text, apr_time_t now)
{
    return is_text(text, 1, 0);
}

int spbe_format_text_baris(spbe_span_t text, apr_time_t now)
{
    return is_text(text, 0, SPBE_FORMAT_LINE_MAX);
}
