/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/word.h - eight bytes of a text at a time.
 *
 * A mask has the top bit of each byte that was looked for. Only its first byte
 * is exact: behind a hit there may be more bits than hits.
 */
#ifndef SPBE_TEXT_WORD_H
#define SPBE_TEXT_WORD_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SPBE_WORD sizeof(uint64_t)

/* The byte in each place of a word. */
static inline uint64_t spbe_word_of(unsigned char byte)
{
    return UINT64_C(0x0101010101010101) * byte;
}

/* Eight bytes, the first of them lowest. */
static inline uint64_t spbe_word_load(const char *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    return le64toh(word);
}

/* Mask of the bytes below least, 128 at most. */
static inline uint64_t spbe_word_below(uint64_t word, unsigned char least)
{
    return (word - spbe_word_of(least)) & ~word & spbe_word_of(0x80);
}

/* Mask of the bytes that are this one. */
static inline uint64_t spbe_word_is(uint64_t word, unsigned char byte)
{
    return spbe_word_below(word ^ spbe_word_of(byte), 1);
}

/* Mask of the bytes that are no ASCII. */
static inline uint64_t spbe_word_wide(uint64_t word)
{
    return word & spbe_word_of(0x80);
}

/* With each byte that is from, and no other, made to. */
static inline uint64_t spbe_word_swap(uint64_t word, unsigned char from,
                                      unsigned char to)
{
    uint64_t low = spbe_word_of(0x7f), other = word ^ spbe_word_of(from);
    uint64_t exact = ~(((other & low) + low) | other | low);

    return word ^ ((exact >> 7) * (unsigned char)(from ^ to));
}

static inline void spbe_word_store(char *bytes, uint64_t word)
{
    word = htole64(word);
    memcpy(bytes, &word, sizeof(word));
}

/* Where the first byte of a mask is; mask is not 0. */
static inline size_t spbe_word_first(uint64_t mask)
{
    return (size_t)__builtin_ctzll(mask) / 8;
}

#endif
