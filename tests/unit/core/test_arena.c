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
