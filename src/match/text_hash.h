/* text_hash.h - a fast keyed 64-bit hash of short texts, for tables whose buckets are bounded.
 *
 * Multiply and fold, 16 bytes a step. It is not a cryptographic hash: where a chain of colliding
 * keys could grow, use core/hash.h. */
#ifndef MATCH_TEXT_HASH_H
#define MATCH_TEXT_HASH_H

#include "core/str.h"

#include <string.h>

__extension__ typedef unsigned __int128 text_hash_product;

static inline uint64_t text_hash_fold(uint64_t a, uint64_t b)
{
    text_hash_product product = (text_hash_product)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t text_hash_load(const char *at, size_t len)
{
    uint64_t word = 0;

    memcpy(&word, at, len);
    return word;
}

#define TEXT_HASH_A 0x9e3779b97f4a7c15u /* 2^64 divided by the golden ratio */
#define TEXT_HASH_B 0xd6e8feb86659fd93u /* odd, as many ones as zeros */

/* `key` is secret and drawn once per process; `tag` tells name spaces apart. */
static inline uint64_t text_hash(struct str text, uint64_t tag, uint64_t key)
{
    uint64_t state = text_hash_fold(key ^ tag, TEXT_HASH_A ^ text.len);
    const char *at = text.at;
    size_t left = text.len;

    for (; left > 16; left -= 16, at += 16)
        state = text_hash_fold(text_hash_load(at, 8) ^ TEXT_HASH_A ^ key,
                               text_hash_load(at + 8, 8) ^ state);
    uint64_t first = 0, last = 0;
    if (left >= 8) { /* the two words may overlap */
        first = text_hash_load(at, 8);
        last = text_hash_load(at + left - 8, 8);
    } else if (left >= 4) {
        first = text_hash_load(at, 4);
        last = text_hash_load(at + left - 4, 4);
    } else if (left) {
        first = (uint64_t)(uint8_t)at[0] << 16 | (uint64_t)(uint8_t)at[left / 2] << 8 |
                (uint8_t)at[left - 1];
    }
    state = text_hash_fold(first ^ TEXT_HASH_B ^ key, last ^ state);
    return text_hash_fold(state ^ TEXT_HASH_A, TEXT_HASH_B);
}

#endif
