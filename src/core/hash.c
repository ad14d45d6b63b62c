/* hash.c - SipHash-1-3. */
#include "core/hash.h"

#include <string.h>

static uint64_t keys[2];

void hash_set_key(uint64_t key0, uint64_t key1)
{
    keys[0] = key0;
    keys[1] = key1;
}

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

uint64_t hash_bytes(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    struct sip s = {keys[0] ^ 0x736f6d6570736575u, keys[1] ^ 0x646f72616e646f6du,
                    keys[0] ^ 0x6c7967656e657261u, keys[1] ^ 0x7465646279746573u};
    uint64_t last = (uint64_t)len << 56;
    uint64_t word;
    size_t left = len;

    for (; left >= 8; left -= 8, at += 8) {
        memcpy(&word, at, 8);
        sip_word(&s, word);
    }
    word = 0;
    if (left)
        memcpy(&word, at, left);
    sip_word(&s, word | last);
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t hash_u64(uint64_t value)
{
    return hash_bytes(&value, sizeof(value));
}
