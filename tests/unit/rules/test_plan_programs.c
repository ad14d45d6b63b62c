/* test_plan_programs.c - rules/plan_programs: straight code, and what the route decides of it. */
#include "rule_maker.h"

TEST(tests_each_term_of_a_chain_once)
{
    make_begin();
    rule(all(is("a", "x"), negated(any(is("b", "y"), is("c", "z"), NULL)), NULL));
    make_plan();
    CHECK_INT(plan->instruction_count, 3);
    CHECK(matches("a", "x"));
    make_end();
}

TEST(tests_bits_before_it_computes)
{
    make_begin();
    rule(all(compare("n", COMPARE_LT, 10), is("a", "x"), NULL));
    make_plan();
    const struct instruction *first = &plan->instructions[plan->variants[0].program];
    CHECK(!first->lazy && plan->instructions[first->on_true].lazy);
    CHECK_INT(first->on_false, PROGRAM_FALSE);
    make_end();
}

/* Of the rule at this place. */
static bool is_decided(uint32_t place)
{
    return plan->variants[place].on_route != PROGRAM_TRUE;
}

TEST(knows_what_the_route_decides)
{
    make_begin();
    rule(all(is("EventID", "1"), is("a", "x"), NULL));
    rule(any(is("EventID", "1"), is("a", "x"), NULL));
    rule(negated(any(is("EventID", "1"), is("a", "x"), NULL)));
    rule(negated(all(is("EventID", "1"), is("a", "x"), NULL)));
    rule(any(is("EventID", "1"), is("EventID", "2"), NULL));
    rule(negated(is("a", "x")));
    make_plan();
    CHECK(is_decided(0));
    CHECK(!is_decided(1));
    CHECK(is_decided(2));
    CHECK(!is_decided(3));
    CHECK(is_decided(4));
    CHECK(!is_decided(5));
    make_end();
}
