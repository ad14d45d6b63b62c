/* test_str.c */
#include "core/str.h"
#include "testkit.h"

TEST(compares_bytes_including_nul)
{
    CHECK(str_eq(STR("a\0b"), STR("a\0b")));
    CHECK(!str_eq(STR("a\0b"), STR("a\0c")));
    CHECK(str_compare(STR("ab"), STR("abc")) < 0);
    CHECK(str_compare(STR("b"), STR("abc")) > 0);
    CHECK_INT(str_compare(STR_EMPTY, STR("")), 0);
}

TEST(finds_and_cuts)
{
    struct str rest = STR("one,two,");

    CHECK_STR(str_cut(&rest, ','), "one");
    CHECK_STR(str_cut(&rest, ','), "two");
    CHECK_INT(rest.len, 0);
    CHECK_INT(str_find(STR("abcabd"), STR("abd")), 3);
    CHECK_INT(str_find(STR("abc"), STR("abcd")), 3);
    CHECK(str_contains(STR("abc"), STR("")));
    CHECK_STR(str_trim(STR(" \t a b\r\n")), "a b");
}

TEST(slices_are_clamped)
{
    CHECK_STR(str_slice(STR("hello"), 3, 99), "lo");
    CHECK_INT(str_slice(STR("hello"), 9, 3).len, 0);
}

TEST(reads_numbers_within_their_limits)
{
    uint64_t value = 7;
    int64_t number = 7;

    CHECK(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &value));
    CHECK(value == UINT64_MAX);
    CHECK(!str_to_u64(STR("18446744073709551616"), UINT64_MAX, &value));
    CHECK(!str_to_u64(STR("256"), 255, &value));
    CHECK(!str_to_u64(STR(""), 9, &value));
    CHECK(!str_to_u64(STR(" 1"), 9, &value));
    CHECK(str_to_i64(STR("-5"), &number) && number == -5);
    CHECK(!str_to_i64(STR("-"), &number));
}

TEST(reads_sizes)
{
    uint64_t bytes = 0;

    CHECK(str_to_size(STR("300M"), UINT64_MAX, &bytes) && bytes == 300u << 20);
    CHECK(str_to_size(STR("1g"), UINT64_MAX, &bytes) && bytes == 1u << 30);
    CHECK(str_to_size(STR("12"), UINT64_MAX, &bytes) && bytes == 12);
    CHECK(!str_to_size(STR("M"), UINT64_MAX, &bytes));
    CHECK(!str_to_size(STR("99999999999T"), UINT64_MAX, &bytes));
    CHECK(!str_to_size(STR(""), UINT64_MAX, &bytes));
}
