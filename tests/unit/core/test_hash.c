/* test_hash.c - SipHash-1-3 against values of an independent computation, which agrees with the
 * published ones for SipHash-2-4 and, for the empty text, SipHash-1-3. */
#include "core/hash.h"

#include "testkit.h"

static void use_reference_key(void)
{
    hash_set_key(0x0706050403020100u, 0x0f0e0d0c0b0a0908u);
}

TEST(gives_the_values_of_siphash_1_3)
{
    static const struct {
        size_t len;
        uint64_t hash;
    } expected[] = {
        {0, 0xabac0158050fc4dcu},  {1, 0xc9f49bf37d57ca93u},  {7, 0xd3927d989bb11140u},
        {8, 0x369095118d299a8eu},  {9, 0x25a48eb36c063de4u},  {15, 0xd320d86d2a519956u},
        {16, 0xcc4fdd1a7d908b66u}, {63, 0x9d199062b7bbb3a8u},
    };
    unsigned char bytes[64];

    for (unsigned i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)i;
    use_reference_key();
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++)
        if (hash_bytes(bytes, expected[i].len) != expected[i].hash)
            TESTKIT_FAIL("%zu bytes: %llx", expected[i].len,
                         (unsigned long long)hash_bytes(bytes, expected[i].len));
    hash_set_key(0, 0);
}

TEST(where_the_bytes_stand_does_not_matter)
{
    char bytes[40] = "";

    for (size_t at = 0; at < 16; at++) {
        memset(bytes, 'x', sizeof(bytes));
        memcpy(bytes + at, "a text of 17 byte", 17);
        CHECK(hash_bytes(bytes + at, 17) == hash_str(STR("a text of 17 byte")));
    }
}

TEST(both_halves_of_the_key_count)
{
    uint64_t without = hash_u64(7);

    hash_set_key(1, 0);
    uint64_t first = hash_u64(7);
    hash_set_key(0, 1);
    uint64_t second = hash_u64(7);
    hash_set_key(0, 0);
    CHECK(first != without && second != without && first != second);
    CHECK(hash_u64(7) == without);
}

TEST(every_bit_of_a_number_counts)
{
    for (unsigned bit = 0; bit < 64; bit++)
        CHECK(hash_u64((uint64_t)1 << bit) != hash_u64(0));
}

/* Tables take the low bits: ten thousand names that differ in their last digits fill 256 of them
 * evenly. */
TEST(low_bits_are_spread)
{
    unsigned counts[256] = {0};
    char name[16];

    for (int i = 0; i < 10000; i++) {
        snprintf(name, sizeof(name), "name%05d", i);
        counts[hash_str(str_from(name)) & 255]++;
    }
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++)
        CHECK(counts[i] > 10 && counts[i] < 80);
}
