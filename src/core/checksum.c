/* checksum.c - eight lanes that do not wait for each other. Every step of a lane is a bijection, so
 * one changed word always changes the sum; what changed in high bits alone, which a product would
 * leave there, is brought down. */
#include "core/checksum.h"

#include <string.h>

#define LANES 8u
#define STRIPE_BYTES (LANES * sizeof(uint64_t))
#define FACTOR UINT64_C(0x9e3779b97f4a7c15) /* odd; 2^64 divided by the golden ratio */

static inline uint64_t step(uint64_t lane, uint64_t word)
{
    lane = (lane ^ word) * FACTOR;
    return lane ^ lane >> 32;
}

uint64_t checksum(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    uint64_t lanes[LANES] = {1, 2, 3, 4, 5, 6, 7, 8}, words[LANES];
    size_t left = len;

    for (; left >= STRIPE_BYTES; left -= STRIPE_BYTES, at += STRIPE_BYTES) {
        memcpy(words, at, STRIPE_BYTES);
        for (unsigned i = 0; i < LANES; i++)
            lanes[i] = step(lanes[i], words[i]);
    }
    memset(words, 0, sizeof(words));
    if (left)
        memcpy(words, at, left);
    uint64_t sum = len;
    for (unsigned i = 0; i < LANES; i++)
        sum = step(sum, step(lanes[i], words[i]));
    return sum ^ sum >> 32;
}
