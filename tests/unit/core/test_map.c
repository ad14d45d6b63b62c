/* test_map.c */
#include "core/hash.h"
#include "core/map.h"
#include "testkit.h"

TEST(finds_what_was_set_and_nothing_else)
{
    struct arena *arena = arena_new("test", 16 << 20);
    struct map map;

    map_init(&map, arena);
    CHECK(map_find(&map, STR("x")) == MAP_NONE);
    for (uint32_t i = 0; i < 5000; i++)
        map_set(&map, arena_printf(arena, "key %u", i), i);
    CHECK_INT(map.count, 5000);
    CHECK_INT(map_find(&map, STR("key 4999")), 4999);
    CHECK_INT(map_find(&map, STR("key 0")), 0);
    CHECK(map_find(&map, STR("key 5000")) == MAP_NONE);
    map_set(&map, STR("key 7"), 70);
    CHECK_INT(map_find(&map, STR("key 7")), 70);
    CHECK_INT(map.count, 5000);
    CHECK_STR(map.entries[42].key, "key 42");
    arena_free(arena);
}

TEST(the_hash_is_keyed)
{
    uint64_t before = hash_str(STR("text"));

    hash_set_key(1, 2);
    CHECK(hash_str(STR("text")) != before);
    hash_set_key(0, 0);
    CHECK(hash_str(STR("text")) == before);
}

TEST(hashes_differ_by_length_and_content)
{
    CHECK(hash_bytes("\0\0", 1) != hash_bytes("\0\0", 2));
    CHECK(hash_u64(1) != hash_u64(2));
}
