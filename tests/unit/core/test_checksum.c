/* test_checksum.c - core/checksum: every bit counts, and so do place and length. */
#include "core/checksum.h"
#include "testkit.h"

#define SIZE 200u

static uint64_t seen[16 * SIZE];
static unsigned seen_count;

/* Whether this sum is new. */
static bool is_new(uint64_t sum)
{
    for (unsigned i = 0; i < seen_count; i++)
        if (seen[i] == sum)
            return false;
    seen[seen_count++] = sum;
    return true;
}

TEST(every_bit_and_every_length_counts)
{
    unsigned char bytes[SIZE] = {0};

    for (size_t len = 0; len <= SIZE; len++)
        CHECK(is_new(checksum(bytes, len)));
    for (size_t bit = 0; bit < 8 * SIZE; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        CHECK(is_new(checksum(bytes, SIZE)));
        bytes[bit / 8] = 0;
    }
}

TEST(two_changes_do_not_cancel_out)
{
    unsigned char bytes[SIZE] = {0};
    uint64_t before = checksum(bytes, SIZE);

    for (size_t first = 0; first + 64 < SIZE; first++) { /* the same bit of the same lane */
        bytes[first] ^= 0x80;
        bytes[first + 64] ^= 0x80;
        CHECK(checksum(bytes, SIZE) != before);
        bytes[first] = bytes[first + 64] = 0;
    }
}

TEST(order_counts)
{
    unsigned char bytes[SIZE];

    for (unsigned i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)i;
    uint64_t before = checksum(bytes, SIZE);
    for (unsigned i = 0; i + 8 < SIZE; i += 8) {
        unsigned char word[8];
        memcpy(word, bytes + i, 8);
        memcpy(bytes + i, bytes + i + 8, 8);
        memcpy(bytes + i + 8, word, 8);
        CHECK(checksum(bytes, SIZE) != before);
        memcpy(bytes + i + 8, bytes + i, 8);
        memcpy(bytes + i, word, 8);
    }
    CHECK(checksum(bytes, SIZE) == before);
}

TEST(takes_nothing)
{
    CHECK(checksum(NULL, 0) == checksum("", 0));
}
