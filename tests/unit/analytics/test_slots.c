/* test_slots.c - things of one size that come and go. */
#include "analytics/slots.h"

#include "testkit.h"

TEST(slots_are_numbered_from_one_and_zeroed)
{
    struct slots slots;

    slots_init(&slots, 12);
    CHECK_INT(slots.size, 16);
    uint32_t first = slots_take(&slots), second = slots_take(&slots);
    CHECK_INT(first, 1);
    CHECK_INT(second, 2);
    memset(slots_at(&slots, first), 0xff, 12);
    slots_give(&slots, first);
    CHECK_INT(slots.used, 1);
    CHECK_INT(slots_take(&slots), first);
    CHECK_INT(*(const char *)slots_at(&slots, first), 0);
    slots_free(&slots);
}

TEST(they_stay_where_they_are)
{
    struct slots slots;

    slots_init(&slots, 8);
    uint32_t first = slots_take(&slots);
    const void *at = slots_at(&slots, first);
    for (unsigned i = 0; i < 10 * SLOTS_PER_BLOCK; i++)
        *(uint64_t *)slots_at(&slots, slots_take(&slots)) = i;
    CHECK(slots_at(&slots, first) == at);
    CHECK(*(uint64_t *)slots_at(&slots, 2 + 5 * SLOTS_PER_BLOCK) == 5 * SLOTS_PER_BLOCK);
    CHECK_INT(slots.used, 10 * SLOTS_PER_BLOCK + 1);
    slots_free(&slots);
}
