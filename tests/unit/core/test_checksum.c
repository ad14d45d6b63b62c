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
    static unsigned char bytes[4096];
    uint64_t before = checksum(bytes, sizeof(bytes));

    for (size_t apart = 1; apart < sizeof(bytes); apart *= 2) /* the highest bit, twice */
        for (size_t first = 0; first + apart < sizeof(bytes); first += apart) {
            bytes[first] ^= 0x80;
            bytes[first + apart] ^= 0x80;
            CHECK(checksum(bytes, sizeof(bytes)) != before);
            bytes[first] = bytes[first + apart] = 0;
        }
}

/* What is added here and taken off there leaves a mere sum as it was. */
TEST(changes_that_add_up_to_nothing_do_not_cancel_out)
{
    static uint64_t words[512];

    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        words[i] = UINT64_C(1) << 63 | UINT64_C(1) << 31;
    uint64_t before = checksum(words, sizeof(words));
    for (unsigned bit = 0; bit < 63; bit++)
        for (size_t apart = 1; apart < ARRAY_COUNT(words); apart *= 2) {
            words[3] += UINT64_C(1) << bit;
            words[3 + apart] -= UINT64_C(1) << bit;
            CHECK(checksum(words, sizeof(words)) != before);
            words[3] -= UINT64_C(1) << bit;
            words[3 + apart] += UINT64_C(1) << bit;
        }
    CHECK(checksum(words, sizeof(words)) == before);
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
