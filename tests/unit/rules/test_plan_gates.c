/* test_plan_gates.c - rules/plan_gates: what has to be true before a rule is looked at. */
#include "rule_maker.h"

static uint64_t candidates(void)
{
    return matcher_counts(matcher)->candidates;
}

TEST(wakes_a_rule_by_its_rarest_part)
{
    make_begin();
    rule(all(is("image", "*e"), is("line", "*a long and rare text*"), NULL));
    make_plan();
    event_begin();
    with("image", "cmd.exe");
    with("line", "a short one");
    CHECK_INT(run(), 0);
    CHECK_INT(candidates(), 0);
    CHECK(!matches("line", "a long and rare text"));
    CHECK_INT(candidates(), 1);
    make_end();
}

TEST(takes_what_every_windows_has_for_likely)
{
    make_begin();
    rule(all(is("image", "*\\cmd.exe"), is("line", "*del *"), NULL));
    rule(all(is("image", "*\\rare.exe"), is("line", "*del *"), NULL));
    make_plan();
    CHECK(!matches("image", "c:\\cmd.exe"));
    CHECK_INT(candidates(), 0);
    CHECK(!matches("line", "del x"));
    CHECK_INT(candidates(), 1);
    CHECK(!matches("image", "c:\\rare.exe"));
    CHECK_INT(candidates(), 2);
    make_end();
}

TEST(takes_what_every_request_has_for_likely)
{
    make_begin();
    rule(all(is("method", "get"), is("stem", "*x1*"), NULL));
    rule(all(is("status", "200"), is("stem", "*x2*"), NULL));
    make_plan();
    CHECK(!matches("method", "GET"));
    CHECK(!matches("status", "200"));
    CHECK_INT(candidates(), 0);
    CHECK(!matches("stem", "/x1/x2"));
    CHECK_INT(candidates(), 2);
    make_end();
}

TEST(wakes_a_rule_by_any_part_of_an_or)
{
    make_begin();
    rule(any(is("a", "xxxx"), all(is("b", "yyyy"), is("c", "z"), NULL), NULL));
    make_plan();
    CHECK(matches("a", "xxxx"));
    CHECK(!matches("b", "yyyy"));
    CHECK_INT(candidates(), 2);
    CHECK(!matches("c", "z"));
    CHECK_INT(candidates(), 2);
    make_end();
}

TEST(wakes_what_is_computed_by_the_presence_of_its_field)
{
    make_begin();
    rule(compare("n", COMPARE_LT, 10));
    make_plan();
    CHECK_INT(plan_statistics(plan)->always, 0);
    CHECK(!matches("m", "1"));
    CHECK_INT(candidates(), 0);
    CHECK(matches("n", "1"));
    make_end();
}

TEST(counts_what_cannot_be_gated)
{
    make_begin();
    rule(negated(is("a", "x")));
    rule(is_null("a"));
    rule(any(is("a", "x"), exists("b", false), NULL));
    rule(all(is("EventID", "1"), negated(is("a", "x")), NULL));
    make_plan();
    CHECK_INT(plan_statistics(plan)->always, 3);
    event_begin();
    with("EventID", "1");
    CHECK_INT(run(), 4);
    event_begin();
    with("EventID", "2");
    CHECK_INT(run(), 3);
    make_end();
}

TEST(gates_a_reference_that_starts_from_a_route_field)
{
    make_begin();
    rule(ref("EventID", "a", FIELDREF_EQUALS));
    rule(is("EventID", "7"));
    make_plan();
    event_begin();
    with("EventID", "7");
    with("a", "7");
    CHECK_INT(run(), 2);
    make_end();
}
