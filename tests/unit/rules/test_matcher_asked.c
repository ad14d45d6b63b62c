/* test_matcher_asked.c - the values that correlations ask of a match. */
#include "rule_maker.h"

static struct str asked[4];

static void make(void)
{
    struct sigma_rule *made_rule;

    make_begin();
    made_rule = rule(is("a", "x"));
    made_rule->asked = asked;
    made_rule->asked_count = 3;
    asked[0] = STR("b");
    asked[1] = STR("a");
    asked[2] = STR("mapped");
    struct taxonomy_entry *entry = entry_for("test", "", "");
    maps(entry, "mapped", DERIVE_NONE, "real", NULL);
    make_plan();
    event_begin();
    with("a", "x");
}

static const struct str *ask(void)
{
    static struct str answers[4];

    CHECK_INT(run(), 1);
    matcher_asked(matcher, event, set.rules[0], answers);
    return answers;
}

TEST(fields_that_are_not_in_the_rule_are_there_too)
{
    make();
    with("b", "Value");
    with("real", "7");
    const struct str *values_of = ask();
    CHECK_STR(values_of[0], "Value");
    CHECK_STR(values_of[1], "x");
    CHECK_STR(values_of[2], "7");
    make_end();
}

TEST(what_is_missing_or_null_is_nothing)
{
    make();
    with_null("b");
    const struct str *values_of = ask();
    CHECK(!values_of[0].at && !values_of[2].at);
    make_end();
}

TEST(an_empty_value_is_one)
{
    make();
    with("b", "");
    const struct str *values_of = ask();
    CHECK(values_of[0].at && values_of[0].len == 0);
    make_end();
}

TEST(several_values_are_a_list)
{
    make();
    with("b", "one");
    with_null("b");
    with("b", "t\"wo");
    CHECK_STR(ask()[0], "[\"one\",\"t\\\"wo\"]");
    make_end();
}

TEST(long_values_are_known_by_front_and_digest)
{
    char text[3000];

    make();
    memset(text, 'y', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    with("b", text);
    struct str value = ask()[0];
    CHECK(value.len < 1200 && str_starts_with(value, STR("yyy")));
    CHECK(str_contains(value, STR("... (SHA-256 ")));
    make_end();
}
