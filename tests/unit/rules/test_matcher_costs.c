/* test_matcher_costs.c - what is counted and timed is what the matcher did. */
#include "rule_maker.h"

static struct rule_costs costs[8];
static struct shared_costs shared;
static uint64_t now;

static uint64_t ticking(void)
{
    return now += 10;
}

static void measure(uint64_t clock_ns)
{
    const struct matcher_costs where = {costs, &shared, ticking, clock_ns};

    memset(costs, 0, sizeof(costs));
    shared = (struct shared_costs){0};
    now = 0;
    matcher_measure(matcher, &where);
}

static void see(const char *field, const char *text)
{
    event_begin();
    with(field, text);
    run();
}

TEST(counts_only_rules_that_were_looked_at)
{
    make_begin();
    rule(is("f", "*abc*"));
    rule(all(is("f", "*abc*"), is("f", "*xyz*"), NULL));
    rule(is("g", "abc"));
    rule(negated(is("f", "*abc*")));
    make_plan();
    measure(0);
    see("f", "abc");
    see("f", "xabcxyz");
    see("f", "none");
    CHECK_INT(shared.events, 3);
    CHECK_INT(costs[0].judged, 2);
    CHECK_INT(costs[0].matched, 2);
    CHECK_INT(costs[1].matched, 1);
    CHECK(costs[1].judged >= 1 && costs[1].judged <= 2);
    CHECK_INT(costs[2].judged, 0);
    CHECK_INT(costs[2].tests, 0);
    CHECK_INT(costs[2].ns, 0);
    CHECK_INT(costs[3].judged, 3); /* nothing can spare it */
    CHECK_INT(costs[3].matched, 1);
    make_end();
}

TEST(counts_tests_and_those_that_had_to_be_computed)
{
    make_begin();
    rule(compare("f", COMPARE_GT, 5));
    rule(any(compare("f", COMPARE_GT, 5), compare("f", COMPARE_LT, 3), NULL));
    make_plan();
    measure(0);
    see("f", "4");
    CHECK_INT(costs[0].tests, 1);
    CHECK_INT(costs[0].computed, 1);
    CHECK_INT(costs[1].tests, 2);
    CHECK_INT(costs[1].computed, 1); /* the first rule has computed the other */
    make_end();
}

TEST(a_rule_under_two_mappings_is_judged_once_per_event)
{
    make_begin();
    rule(is("f", "*abc*"));
    maps(entry_for("test", "", ""), "f", DERIVE_NONE, "g", NULL);
    make_plan();
    measure(0);
    event_begin();
    with("f", "none abc");
    with("g", "abc");
    run();
    CHECK_INT(costs[0].judged, 1);
    CHECK_INT(costs[0].matched, 1);
    make_end();
}

TEST(times_without_the_clock_itself)
{
    make_begin();
    rule(is("f", "*abc*"));
    rule(is("f", "*bcd*"));
    make_plan();
    measure(0);
    see("f", "abcd");
    CHECK_INT(shared.shared_ns, 10);
    CHECK_INT(costs[0].ns, 10);
    CHECK_INT(costs[1].ns, 10);
    measure(7);
    see("f", "abcd");
    CHECK_INT(shared.shared_ns, 3);
    CHECK_INT(costs[0].ns, 3);
    measure(11);
    see("f", "abcd");
    CHECK_INT(shared.shared_ns + costs[0].ns + costs[1].ns, 0);
    make_end();
}

TEST(what_is_found_is_the_same)
{
    for (unsigned measured = 0; measured < 2; measured++) {
        make_begin();
        rule(is("f", "*abc*"));
        rule(is("f", "none"));
        rule(any(is("f", "*c"), re("f", "a.c", 0), NULL));
        make_plan();
        if (measured)
            measure(0);
        event_begin();
        with("f", "xabc");
        CHECK_INT(run(), 2);
        CHECK(hits[0] == set.rules[0] && hits[1] == set.rules[2]);
        CHECK_INT(matcher_counts(matcher)->candidates, 2);
        make_end();
    }
}
