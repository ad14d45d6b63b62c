/* map.h - text to a 32-bit number: open addressing over a keyed hash (core/hash.h).
 *
 * Keys are copied into the map's arena; entries are never removed. Not for concurrent writers; any
 * number of readers may share a map that no longer changes. Iteration order is insertion order. */
#ifndef CORE_MAP_H
#define CORE_MAP_H

#include "core/arena.h"

#define MAP_NONE UINT32_MAX

struct map_entry {
    uint64_t hash;
    struct str key;
    uint32_t value;
};

struct map {
    struct arena *arena; /* borrowed */
    struct map_entry *entries;
    uint32_t *slots; /* entry index + 1, 0 is empty */
    uint32_t count;
    uint32_t entries_max;
    uint32_t slot_mask;
};

void map_init(struct map *map, struct arena *arena);
/* The value stored under `key`, or MAP_NONE. */
uint32_t map_find(const struct map *map, struct str key);
/* The same where the caller has hash_str(key) at hand. */
uint32_t map_find_hashed(const struct map *map, struct str key, uint64_t hash);
/* Stores or replaces. `value` may not be MAP_NONE. */
void map_set(struct map *map, struct str key, uint32_t value);

#endif
