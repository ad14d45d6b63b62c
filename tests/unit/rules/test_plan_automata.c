/* test_plan_automata.c - rules/plan_automata: which fields share an automaton, and
 * expressions that no automaton takes. */
#include "rule_maker.h"

TEST(what_the_automaton_cannot_hold_is_matched_all_the_same)
{
    make_begin();
    rule(is("a", "*needle*"));
    rule(re("b", "x+y", 0));
    rule(re("c", "(?=x)xz", 0));      /* look-ahead: a prefilter */
    rule(re("d", "(?(?=x)xz|y)", 0)); /* nothing for the automaton at all */
    make_plan();
    CHECK(matches("a", "..needle..") && !matches("a", "need"));
    CHECK(matches("b", "xxy") && !matches("b", "xz"));
    CHECK(matches("c", "xz") && !matches("c", "xy"));
    CHECK(matches("d", "y") && !matches("d", "z"));
    make_end();
}

/* One rule that seeks `*<prefix>0*`, `*<prefix>1*` and so on in the field. */
static void seek_many(const char *field, const char *prefix, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        rule(is(field, arena_printf(made, "*%s%u!*", prefix, i).at));
}

TEST(equal_lists_share_an_automaton)
{
    make_begin();
    rule(is("a", "*one*"));
    rule(is("b", "*two*"));
    rule(is("b", "*one*"));
    rule(is("a", "*two*"));
    rule(is("c", "*one*"));
    make_plan();
    CHECK_INT(plan_statistics(plan)->automata, 2);
    CHECK_INT(plan_statistics(plan)->patterns, 5);
    event_begin();
    with("a", "one");
    with("b", "two");
    CHECK_INT(run(), 2);
    CHECK(hits[0] == set.rules[0] && hits[1] == set.rules[1]);
    event_begin();
    with("a", "two");
    with("b", "one");
    with("c", "two one");
    CHECK_INT(run(), 3);
    CHECK(hits[0] == set.rules[2] && hits[1] == set.rules[3] && hits[2] == set.rules[4]);
    make_end();
}

TEST(lists_that_differ_little_share_an_automaton)
{
    make_begin();
    seek_many("a", "x", 40);
    seek_many("b", "x", 38);
    seek_many("b", "y", 2);
    seek_many("c", "x", 30);
    make_plan();
    CHECK_INT(plan_statistics(plan)->automata, 2);
    CHECK(matches("a", "x39!") && !matches("b", "x39!"));
    CHECK(matches("b", "y1!") && !matches("a", "y1!"));
    CHECK(matches("a", "-x7!") && hits[0] == set.rules[7]);
    CHECK(matches("b", "-x7!") && hits[0] == set.rules[47]);
    CHECK(matches("c", "-x7!") && hits[0] == set.rules[87]);
    make_end();
}

TEST(expressions_and_what_minds_case_share_too)
{
    make_begin();
    for (unsigned i = 0; i < 2; i++) {
        const char *field = i ? "b" : "a";
        rule(re(field, "x+y", 0));
        rule(re(field, "(?=x)xz", 0));
        rule(re(field, "(?=xw)", 0)); /* has no width: the automaton does not take it */
        rule(re(field, "CASE", REGEX_CASELESS));
        rule(is_cased(field, "Begin*"));
    }
    make_plan();
    CHECK_INT(plan_statistics(plan)->automata, 1);
    CHECK_INT(plan_statistics(plan)->patterns, 8);
    for (unsigned i = 0; i < 2; i++) {
        const char *field = i ? "b" : "a";
        CHECK(matches(field, "xxy") && hits[0] == set.rules[5 * i]);
        CHECK(matches(field, "xz") && hits[0] == set.rules[5 * i + 1]);
        CHECK(matches(field, "xw") && hits[0] == set.rules[5 * i + 2]);
        CHECK(matches(field, "-case-") && hits[0] == set.rules[5 * i + 3]);
        CHECK(matches(field, "Begin.") && hits[0] == set.rules[5 * i + 4]);
        CHECK(!matches(field, "begin.") && !matches(field, ".Begin"));
    }
    make_end();
}
