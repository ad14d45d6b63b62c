/* duplicates.c - see duplicates.h. */
#include "engine/duplicates.h"

#include "core/hash.h"

#define ARENA_BYTES_MAX ((size_t)8 << 30)

void duplicates_begin(struct duplicates *duplicates)
{
    *duplicates = (struct duplicates){.arena = arena_new("duplicates", ARENA_BYTES_MAX)};
    map_init(&duplicates->seen, duplicates->arena);
}

void duplicates_end(struct duplicates *duplicates)
{
    arena_free(duplicates->arena);
}

bool duplicates_holds(struct duplicates *duplicates, const struct sighting *sighting)
{
    const uint64_t key[] = {sighting->kind, sighting->rule_key, sighting->record_hash,
                            hash_str(sighting->host)};
    struct str text = {(const char *)key, sizeof(key)};

    if (!sighting->has_time || !sighting->record_hash)
        return false;
    if (sighting->time_ns != duplicates->time_ns) {
        arena_reset(duplicates->arena);
        map_init(&duplicates->seen, duplicates->arena);
        duplicates->time_ns = sighting->time_ns;
    }
    if (map_find(&duplicates->seen, text) != MAP_NONE)
        return true;
    map_set(&duplicates->seen, text, 0);
    return false;
}
