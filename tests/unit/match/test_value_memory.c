/* test_value_memory.c - match/value_memory: keeps what fits, forgets the oldest, never mixes
 * texts up. */
#include "match/value_memory.h"

#include "testkit.h"

#define SIZE_BYTES ((size_t)64 << 10)

static bool find(struct value_memory *memory, uint32_t tag, struct str text,
                 struct value_memory_list *list)
{
    uint64_t hash;

    return value_memory_find(memory, tag, text, &hash, list);
}

static void add(struct value_memory *memory, uint32_t tag, struct str text, const uint32_t *numbers,
                uint32_t count)
{
    struct value_memory_list list;
    uint64_t hash;

    if (!value_memory_find(memory, tag, text, &hash, &list))
        value_memory_add(memory, tag, text, hash, numbers, count);
}

TEST(gives_back_what_was_added)
{
    struct value_memory *memory = value_memory_new(SIZE_BYTES, 1);
    struct value_memory_list list;
    uint32_t numbers[] = {3, 1, 4};

    CHECK(!find(memory, 1, STR("a"), &list));
    add(memory, 1, STR("a"), numbers, 3);
    add(memory, 1, STR(""), numbers, 1);
    add(memory, 1, STR("b"), NULL, 0);
    CHECK(find(memory, 1, STR("a"), &list) && list.count == 3 && list.numbers[2] == 4);
    CHECK(find(memory, 1, STR(""), &list) && list.count == 1 && list.numbers[0] == 3);
    CHECK(find(memory, 1, STR("b"), &list) && list.count == 0);
    CHECK(!find(memory, 2, STR("a"), &list));
    CHECK(!find(memory, 1, STR("a\0"), &list));
    value_memory_clear(memory);
    CHECK(!find(memory, 1, STR("a"), &list));
    value_memory_free(memory);
}

TEST(forgets_the_oldest_and_stays_right)
{
    struct value_memory *memory = value_memory_new(SIZE_BYTES, 2);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < 50000; i++) {
        char text[64];
        int len = snprintf(text, sizeof(text), "value %u %.*s", i, (int)(i % 40),
                           "........................................");
        add(memory, i % 3, (struct str){text, (size_t)len}, &i, 1);
    }
    for (uint32_t i = 0; i < 50000; i++) {
        struct value_memory_list list;
        char text[64];
        int len = snprintf(text, sizeof(text), "value %u %.*s", i, (int)(i % 40),
                           "........................................");
        if (!find(memory, i % 3, (struct str){text, (size_t)len}, &list))
            continue;
        kept++;
        CHECK(list.count == 1 && list.numbers[0] == i);
        CHECK(i >= 48000);
    }
    CHECK(kept > 500);
    value_memory_free(memory);
}

TEST(does_not_keep_what_is_too_large)
{
    struct value_memory *memory = value_memory_new(SIZE_BYTES, 3);
    struct value_memory_list list;
    static char text[SIZE_BYTES];

    add(memory, 1, (struct str){text, sizeof(text)}, NULL, 0);
    CHECK(!find(memory, 1, (struct str){text, sizeof(text)}, &list));
    add(memory, 1, (struct str){text, 2000}, NULL, 0);
    CHECK(find(memory, 1, (struct str){text, 2000}, &list));
    value_memory_free(memory);
}

TEST(accepts_null)
{
    value_memory_free(NULL);
}

TEST(finds_by_a_hash_that_was_made_before)
{
    struct value_memory *memory = value_memory_new((size_t)64 << 10, 7);
    struct value_memory_list list;
    uint32_t numbers[] = {3, 1, 2};
    uint64_t hash = value_memory_hash(memory, 5, STR("text"));

    value_memory_await(memory, hash);
    value_memory_await_entry(memory, hash);
    CHECK(!value_memory_find_hashed(memory, 5, STR("text"), hash, &list));
    value_memory_add(memory, 5, STR("text"), hash, numbers, 3);
    value_memory_await_entry(memory, hash);
    CHECK(value_memory_find_hashed(memory, 5, STR("text"), hash, &list) && list.count == 3);
    CHECK(!value_memory_find_hashed(memory, 6, STR("text"), hash, &list));
    value_memory_free(memory);
}
