/* test_plan_atoms.c - rules/plan_atoms: equal predicates are one, different ones are not. */
#include "rule_maker.h"

TEST(keeps_equal_predicates_once)
{
    make_begin();
    rule(is("a", "x*y"));
    rule(all(is("a", "x*y"), re("a", "x+", 0), NULL));
    rule(re("a", "x+", 0));
    rule(net("a", "10.0.0.0/8"));
    rule(net("a", "10.0.0.0/8"));
    make_plan();
    CHECK_INT(plan_statistics(plan)->predicates, 3);
    CHECK_INT(plan->regex_count, 1);
    make_end();
}

TEST(tells_different_predicates_apart)
{
    make_begin();
    rule(is("a", "x"));
    rule(is("b", "x"));
    rule(is_cased("a", "x"));
    rule(is("a", "x*"));
    rule(is("a", "*x"));
    rule(is("a", "~x"));
    rule(is("a", "x?"));
    rule(re("a", "x", 0));
    rule(re("a", "x", REGEX_CASELESS));
    rule(net("a", "10.0.0.0/8"));
    rule(net("a", "10.0.0.0/9"));
    rule(compare("a", COMPARE_LT, 1));
    rule(compare("a", COMPARE_LT, 2));
    rule(compare("a", COMPARE_GT, 1));
    rule(exists("a", true));
    rule(exists("a", false));
    rule(is_null("a"));
    rule(ref("a", "b", FIELDREF_EQUALS));
    rule(ref("a", "c", FIELDREF_EQUALS));
    rule(ref("a", "b", FIELDREF_CONTAINS));
    make_plan();
    CHECK_INT(plan_statistics(plan)->predicates, set.count);
    make_end();
}

TEST(knows_what_depends_on_the_route_alone)
{
    make_begin();
    rule(is("EventID", "1"));
    rule(is("a", "1"));
    rule(ref("EventID", "a", FIELDREF_EQUALS));
    make_plan();
    CHECK(plan->atoms[0].by_route && !plan->atoms[1].by_route && !plan->atoms[2].by_route);
    make_end();
}
