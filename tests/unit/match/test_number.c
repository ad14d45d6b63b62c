/* test_number.c - match/number: whole texts only, decimal only. */
#include "match/number.h"

#include "testkit.h"

static bool is(const char *text, double expected)
{
    double number = 0;

    return number_parse(str_from(text), &number) && number >= expected && number <= expected;
}

static bool is_none(const char *text)
{
    double number;

    return !number_parse(str_from(text), &number);
}

TEST(reads_decimal_numbers)
{
    CHECK(is("0", 0));
    CHECK(is("42", 42));
    CHECK(is("-17", -17));
    CHECK(is("+17", 17));
    CHECK(is("3.5", 3.5));
    CHECK(is(".5", 0.5));
    CHECK(is("5.", 5));
    CHECK(is("1e3", 1000));
    CHECK(is("-1.5E-1", -0.15));
    CHECK(is("007", 7));
    CHECK(is("18446744073709551616", 18446744073709551616.0));
}

TEST(refuses_everything_else)
{
    CHECK(is_none(""));
    CHECK(is_none("."));
    CHECK(is_none("-"));
    CHECK(is_none("e3"));
    CHECK(is_none("1e"));
    CHECK(is_none("1e+"));
    CHECK(is_none(" 1"));
    CHECK(is_none("1 "));
    CHECK(is_none("0x10"));
    CHECK(is_none("inf"));
    CHECK(is_none("nan"));
    CHECK(is_none("1,5"));
    CHECK(is_none("1_000"));
    CHECK(is_none("12345678901234567890123456789012345678901234567890123456789012345"));
}

TEST(does_not_take_a_nul_for_the_end)
{
    double number;

    CHECK(!number_parse(STR("1\0"), &number));
}
