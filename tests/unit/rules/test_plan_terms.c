/* test_plan_terms.c - rules/plan_terms: lists become one term. */
#include "rule_maker.h"

TEST(joins_the_values_of_one_field)
{
    make_begin();
    rule(any(is("a", "x"), is("a", "*y"), is("b", "z"), is("a", "*w*"), NULL));
    make_plan();
    CHECK_INT(plan->term_count, 2);
    CHECK(matches("a", "x") && matches("a", "xy") && matches("a", "www") && matches("b", "z"));
    CHECK(!matches("b", "x"));
    make_end();
}

TEST(shares_equal_lists)
{
    make_begin();
    rule(any(is("a", "x"), is("a", "y"), NULL));
    rule(all(is("b", "z"), any(is("a", "y"), is("a", "x"), is("a", "x"), NULL), NULL));
    make_plan();
    CHECK_INT(plan->term_count, 2);
    make_end();
}

TEST(takes_lists_in_lists_together)
{
    make_begin();
    rule(any(is("a", "x"), any(is("a", "y"), is("a", "z"), NULL), NULL));
    make_plan();
    CHECK_INT(plan->term_count, 1);
    CHECK(matches("a", "x") && matches("a", "z"));
    make_end();
}

TEST(leaves_a_single_value_and_lazy_tests_alone)
{
    make_begin();
    rule(any(is("a", "x"), compare("a", COMPARE_LT, 3), is_null("b"), NULL));
    make_plan();
    CHECK_INT(plan->term_count, 1);
    CHECK_INT(plan->lazy_count, 2);
    CHECK(matches("a", "x"));
    event_begin();
    with("b", "y");
    with("a", "2");
    CHECK_INT(run(), 1);
    event_begin();
    with("b", "y");
    with("a", "3");
    CHECK_INT(run(), 0);
    make_end();
}
