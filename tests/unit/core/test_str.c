/* test_str.c */
#include "core/str.h"

#include "testkit.h"
#include <stdlib.h>
#include <string.h>

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

TEST(copies_nothing_of_an_empty_text)
{
    char bytes[] = "abcd";

    str_copy(bytes, STR("xy"));
    str_copy(bytes + 2, (struct str){NULL, 0});
    CHECK_STR(STR(bytes), "xycd");
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

/* Blocks of sixteen bytes: separators at every place, texts of every length. */
TEST(splits_at_runs_wherever_they_stand)
{
    struct str parts[64];

    CHECK_INT(str_split_runs(STR(""), ' ', parts, 64), 0);
    CHECK_INT(str_split_runs(STR("   "), ' ', parts, 64), 0);
    CHECK_INT(str_split_runs(STR("  a bc   d "), ' ', parts, 64), 3);
    CHECK_STR(parts[0], "a");
    CHECK_STR(parts[1], "bc");
    CHECK_STR(parts[2], "d");
    CHECK_INT(str_split_runs(STR("a b c d"), ' ', parts, 2), 2);
    CHECK_STR(parts[1], "b");
    for (size_t len = 0; len < 50; len++) {
        for (size_t at = 0; at < len; at++) {
            char *text = malloc(len); /* AddressSanitizer watches */
            CHECK(text);
            memset(text, 'x', len);
            text[at] = ' ';
            size_t count = str_split_runs((struct str){text, len}, ' ', parts, 64);
            CHECK_INT(count, (at > 0) + (at + 1 < len));
            if (count > 0)
                CHECK_INT(parts[0].len, at > 0 ? at : len - 1);
            if (count > 1)
                CHECK(parts[1].at == text + at + 1 && parts[1].len == len - at - 1);
            free(text);
        }
    }
}

TEST(replaces_each_byte)
{
    char text[40], out[40];

    for (size_t len = 0; len <= sizeof(text); len++) {
        for (size_t i = 0; i < len; i++)
            text[i] = (char)(i % 3 == 0 ? '+' : i * 37 + len);
        str_replace_byte((struct str){text, len}, '+', ' ', out);
        for (size_t i = 0; i < len; i++)
            CHECK_INT(out[i], text[i] == '+' ? ' ' : text[i]);
    }
}
