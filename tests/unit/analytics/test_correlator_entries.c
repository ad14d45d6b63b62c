/* test_correlator_entries.c - numbers without rounding, and the matches that groups hold. */
#include "correlation_maker.h"

TEST(numbers_have_nine_exact_places)
{
    CHECK(fixed_of(0.1) == 100000000);
    CHECK(fixed_of(0.1) + fixed_of(0.2) == fixed_of(0.3));
    CHECK(fixed_of(-2.5) == -INT64_C(2500000000));
    CHECK(fixed_of(1e300) == fixed_of(1e18));
    CHECK(fixed_of(-1e300) == fixed_of(-1e18));
    CHECK(fixed_of(9007199254740992.0) / 1000000000 == INT64_C(9007199254740992));
}

TEST(sums_forget_what_is_over)
{
    make("type: value_sum, rules: [a], timespan: 10s, condition: {field: n, gte: 5}");
    match(0, 'a', NULL, "4");
    match(5, 'a', NULL, "0.9");
    match(11, 'a', NULL, "4");
    match(12, 'a', NULL, "0.1");
    CHECK_STR(findings(), "12 x3 5-12 (2 3 4)\n");
    made_free();
}

TEST(of_each_value_the_latest_counts)
{
    make("type: value_count, rules: [a], timespan: 10s, condition: {field: n, gte: 2}");
    match(0, 'a', NULL, "x");
    match(8, 'a', NULL, "X");
    match(15, 'a', NULL, "y");
    CHECK_STR(findings(), "15 x2 8-15 (2 3)\n");
    made_free();
}

TEST(many_values_of_many_groups_are_told_apart)
{
    char group[32], value[32];

    make("type: value_count, rules: [a], group-by: [u], timespan: 1d, condition: {field: n, "
         "gte: 30}");
    for (int i = 0; i < 29 * 50; i++) {
        snprintf(group, sizeof(group), "g%d", i % 50);
        snprintf(value, sizeof(value), "v%d", i / 50);
        match(i, 'a', group, value);
        match(i, 'a', group, value);
    }
    match(2000, 'a', "g7", "v7");
    match(2001, 'a', "g7", "v");
    CHECK_STR(str_slice(findings(), 0, 9), "2001 x30 ");
    made_free();
}
