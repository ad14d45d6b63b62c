/* checksum.c - sums and sums of sums, as Fletcher's: of words of 32 bits, in sums of 64, so that
 * neither one changed word nor two, wherever they stand, can leave all sums as they were (short of
 * 2^32 stripes between the two). Nothing but additions, which processors do many of at once. */
#include "core/checksum.h"

#include <string.h>

#define FACTOR UINT64_C(0x9e3779b97f4a7c15) /* odd; 2^64 divided by the golden ratio */

typedef uint64_t pair __attribute__((vector_size(16)));

/* Sums over every other 16 bytes: of the lower and of the upper halves of their two words. */
struct lane {
    pair low, high;                 /* each word counts as it is */
    pair weighed_low, weighed_high; /* each counts as often as there are words from it on */
};

static inline void take(struct lane *lane, const unsigned char *at)
{
    pair words;

    memcpy(&words, at, sizeof(words));
    lane->low += words & UINT32_MAX;
    lane->high += words >> 32;
    lane->weighed_low += lane->low;
    lane->weighed_high += lane->high;
}

/* One to one in `word`. */
static uint64_t mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * FACTOR;
    return sum ^ sum >> 32;
}

static uint64_t mix_lane(uint64_t sum, const struct lane *lane)
{
    for (unsigned i = 0; i < 2; i++) {
        sum = mix(sum, lane->low[i]);
        sum = mix(sum, lane->high[i]);
        sum = mix(sum, lane->weighed_low[i]);
        sum = mix(sum, lane->weighed_high[i]);
    }
    return sum;
}

uint64_t checksum(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    unsigned char rest[2 * sizeof(pair)] = {0};
    struct lane even = {0}, odd = {0};
    size_t left = len;

    for (; left >= sizeof(rest); left -= sizeof(rest), at += sizeof(rest)) {
        take(&even, at);
        take(&odd, at + sizeof(pair));
    }
    if (left)
        memcpy(rest, at, left);
    take(&even, rest);
    take(&odd, rest + sizeof(pair));
    return mix_lane(mix_lane(len, &even), &odd);
}
