/* hash.h - one keyed 64-bit hash for tables whose keys an attacker may choose (SipHash-1-3,
 * Aumasson and Bernstein 2012). The key is drawn once per process by the caller of hash_set_key;
 * until then it is zero, which tests rely on for stable order. */
#ifndef CORE_HASH_H
#define CORE_HASH_H

#include "core/str.h"

void hash_set_key(uint64_t key0, uint64_t key1);
uint64_t hash_bytes(const void *bytes, size_t len);
uint64_t hash_u64(uint64_t value);

static inline uint64_t hash_str(struct str s)
{
    return hash_bytes(s.at, s.len);
}

#endif
