/* test_random.c - numbers that do not repeat. */
#include "os/random.h"

#include "testkit.h"

TEST(all_bits_change_and_no_number_comes_twice)
{
    uint64_t seen[64], ones = 0, zeros = 0;

    for (size_t i = 0; i < 64; i++) {
        seen[i] = random_u64();
        ones |= seen[i];
        zeros |= ~seen[i];
        for (size_t j = 0; j < i; j++)
            CHECK(seen[i] != seen[j]);
    }
    CHECK(ones == UINT64_MAX);
    CHECK(zeros == UINT64_MAX);
}
