/* test_correlator_chains.c - matches in order. */
#include "correlation_maker.h"

#define ORDER(rules) "type: temporal_ordered, rules: [" rules "], timespan: 1m"

TEST(a_chain_lists_its_links_in_order)
{
    make(ORDER("a, b, c"));
    match(0, 'c', NULL, NULL);
    match(1, 'a', NULL, NULL);
    match(2, 'b', NULL, NULL);
    match(3, 'b', NULL, NULL);
    match(4, 'c', NULL, NULL);
    CHECK_STR(findings(), "4 x3 1-4 (2 3 5)\n");
    made_free();
}

TEST(it_begins_as_late_as_it_can)
{
    make(ORDER("a, b"));
    match(0, 'a', NULL, NULL);
    match(50, 'a', NULL, NULL);
    match(70, 'b', NULL, NULL);
    CHECK_STR(findings(), "70 x2 50-70 (2 3)\n");
    made_free();
}

TEST(at_one_time_there_is_no_order)
{
    make(ORDER("a, b, c"));
    match(0, 'a', NULL, NULL);
    match(5, 'c', NULL, NULL);
    match(5, 'b', NULL, NULL);
    CHECK_STR(findings(), "5 x3 0-5 (1 3 2)\n");
    made_free();
}

TEST(each_place_needs_a_match_of_its_own)
{
    make(ORDER("a, a, b"));
    match(0, 'a', NULL, NULL);
    match(1, 'b', NULL, NULL);
    match(1, 'a', NULL, NULL);
    CHECK_STR(findings(), "1 x3 0-1 (1 3 2)\n");
    made_free();

    make(ORDER("a, a, a"));
    match(0, 'a', NULL, NULL);
    match(0, 'a', NULL, NULL);
    CHECK_STR(findings(), "");
    made_free();
}

TEST(what_is_over_leaves_the_chain)
{
    make(ORDER("a, b, c"));
    match(0, 'a', NULL, NULL);
    match(30, 'b', NULL, NULL);
    match(61, 'c', NULL, NULL);
    match(62, 'a', NULL, NULL);
    match(63, 'c', NULL, NULL);
    CHECK_STR(findings(), "");
    made_free();
}

TEST(nothing_is_left_of_them)
{
    make(ORDER("a, b, a"));
    for (int i = 0; i < 1000; i++)
        match(i / 3, (char)('a' + i % 2), NULL, NULL);
    findings();
    CHECK(correlator->used == 0);
    CHECK(correlator->texts.used == 0);
    made_free();
}
