/* test_arena.c */
#include "core/arena.h"
#include "testkit.h"

TEST(memory_is_zeroed_and_aligned_after_a_rewind)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct arena_mark mark = arena_mark(arena);
    unsigned char *first = arena_alloc(arena, 100);

    memset(first, 0xff, 100);
    arena_rewind(arena, mark);
    unsigned char *again = arena_alloc(arena, 100);
    CHECK(again == first);
    CHECK_INT(again[99], 0);
    CHECK_INT((uintptr_t)again % 16, 0);
    arena_free(arena);
}

TEST(a_rewind_over_blocks_keeps_them_for_reuse)
{
    struct arena *arena = arena_new("test", 64 << 20);

    arena_alloc(arena, 10);
    struct arena_mark mark = arena_mark(arena);
    for (int i = 0; i < 50; i++)
        arena_alloc_bytes(arena, 50000);
    size_t used = arena_used(arena);
    arena_rewind(arena, mark);
    CHECK(arena_used(arena) < 200);
    for (int i = 0; i < 50; i++)
        arena_alloc_bytes(arena, 50000);
    CHECK_INT(arena_used(arena), used);
    arena_reset(arena);
    CHECK_INT(arena_used(arena), 0);
    arena_free(arena);
}

TEST(an_allocation_larger_than_a_block_is_served)
{
    struct arena *arena = arena_new("test", 8 << 20);

    arena_alloc(arena, 1);
    memset(arena_alloc(arena, 4 << 20), 1, 4 << 20);
    CHECK(arena_cap_left(arena) < 4u << 20);
    arena_free(arena);
}

TEST(copies_texts_and_bytes)
{
    struct arena *arena = arena_new("test", 1 << 20);
    static const uint32_t numbers[] = {1, 2, 3};

    arena_alloc_bytes(arena, 1);
    const uint32_t *copy = arena_copy(arena, numbers, sizeof(numbers));
    CHECK_INT((uintptr_t)copy % 16, 0);
    CHECK(memcmp(copy, numbers, sizeof(numbers)) == 0);
    CHECK(arena_copy(arena, NULL, 0) != NULL);

    CHECK_STR(arena_str(arena, STR("a\0b")), "a\0b");
    CHECK_STR(arena_printf(arena, "%d-%s", 7, "x"), "7-x");
    arena_free(arena);
}

static _Alignas(64) unsigned char memory[200000];

TEST(an_arena_lies_within_given_memory)
{
    struct arena *arena = arena_new_within("test", 1 << 20, memory, sizeof(memory));

    CHECK((void *)arena == memory);
    size_t empty = arena_extent(arena);
    CHECK(empty > 0 && empty < 200);
    unsigned char *one = arena_alloc(arena, 1000);
    struct str text = arena_str(arena, STR("text"));
    CHECK(one > memory && one + 1000 <= memory + arena_extent(arena));
    CHECK(text.at > (char *)one && text.at <= (char *)memory + arena_extent(arena));
    CHECK_INT((uintptr_t)one % 16, 0);
    CHECK(arena_extent(arena) >= empty + 1005 && arena_extent(arena) < empty + 1100);
    CHECK_INT(arena_extent(arena) - empty, arena_used(arena));
    arena_free(arena);
    memset(memory, 0, sizeof(memory)); /* it is the caller's again, all of it */
}

TEST(an_arena_that_outgrows_its_memory_goes_on_elsewhere)
{
    struct arena *arena = arena_new_within("test", 1 << 20, memory, sizeof(memory));
    struct arena_mark mark = arena_mark(arena);

    unsigned char *inside = arena_alloc(arena, 150000), *outside = arena_alloc(arena, 100000);
    CHECK(inside > memory && inside < memory + sizeof(memory));
    CHECK(outside < memory || outside >= memory + sizeof(memory));
    memset(outside, 1, 100000);
    CHECK_INT(arena_extent(arena), 0);
    arena_rewind(arena, mark);
    CHECK(arena_alloc(arena, 150000) == (void *)inside);
    CHECK_INT(arena_extent(arena), 0);
    arena_free(arena);
    memset(memory, 0, sizeof(memory));
}

TEST(an_arena_within_a_copy_of_its_memory_goes_on)
{
    struct arena *arena = arena_new_within("test", 1 << 20, memory, sizeof(memory));
    static unsigned char kept[sizeof(memory)];
    struct str text = arena_str(arena, STR("text"));
    size_t extent = arena_extent(arena);

    memcpy(kept, memory, extent);
    arena_free(arena);
    memset(memory, 0, sizeof(memory));
    memcpy(memory, kept, extent);
    CHECK_STR(text, "text");
    CHECK_STR(arena_str(arena, STR("more")), "more");
    CHECK(arena_extent(arena) > extent);
    arena_free(arena);
}

TEST(joins_texts)
{
    struct arena *arena = arena_new("test", 1 << 20);
    const struct str parts[] = {STR("/a"), STR_EMPTY, STR("?"), STR("b")};

    CHECK_STR(arena_join(arena, parts, 4), "/a?b");
    CHECK_STR(arena_join(arena, parts, 0), "");
    arena_free(arena);
}
