/* map.c - linear probing, at most half full. */
#include "core/map.h"

#include "core/ensure.h"
#include "core/hash.h"

#include <string.h>

#define SLOTS_MIN 32u

void map_init(struct map *map, struct arena *arena)
{
    *map = (struct map){.arena = arena};
}

static uint32_t *slot_of(const struct map *map, struct str key, uint64_t hash)
{
    for (uint32_t i = (uint32_t)hash & map->slot_mask;; i = (i + 1) & map->slot_mask) {
        uint32_t *slot = &map->slots[i];
        if (*slot == 0)
            return slot;
        const struct map_entry *entry = &map->entries[*slot - 1];
        if (entry->hash == hash && str_eq(entry->key, key))
            return slot;
    }
}

uint32_t map_find_hashed(const struct map *map, struct str key, uint64_t hash)
{
    if (map->count == 0)
        return MAP_NONE;
    uint32_t slot = *slot_of(map, key, hash);
    return slot ? map->entries[slot - 1].value : MAP_NONE;
}

uint32_t map_find(const struct map *map, struct str key)
{
    return map_find_hashed(map, key, hash_str(key));
}

/* Outgrown arrays stay behind in the arena: together never more than the ones in use. */
static void grow(struct map *map)
{
    uint32_t slots = map->slots ? (map->slot_mask + 1) * 2 : SLOTS_MIN;
    struct map_entry *entries = ARENA_ARRAY(map->arena, struct map_entry, slots / 2);

    ENSURE(slots <= (1u << 30));
    if (map->count)
        memcpy(entries, map->entries, map->count * sizeof(*entries));
    map->entries = entries;
    map->entries_max = slots / 2;
    map->slots = ARENA_ARRAY(map->arena, uint32_t, slots);
    map->slot_mask = slots - 1;
    for (uint32_t i = 0; i < map->count; i++)
        *slot_of(map, entries[i].key, entries[i].hash) = i + 1;
}

void map_set(struct map *map, struct str key, uint32_t value)
{
    uint64_t hash = hash_str(key);

    ENSURE(value != MAP_NONE);
    if (map->count == map->entries_max)
        grow(map);
    uint32_t *slot = slot_of(map, key, hash);
    if (*slot) {
        map->entries[*slot - 1].value = value;
        return;
    }
    map->entries[map->count] = (struct map_entry){hash, arena_str(map->arena, key), value};
    *slot = ++map->count;
}
