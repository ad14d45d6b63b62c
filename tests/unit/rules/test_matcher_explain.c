/* test_matcher_explain.c - rules/matcher_explain: the fields that made a rule match. */
#include "rule_maker.h"

static char told[512];

static void tell(void *context, const struct predicate *predicate, struct str rule_field,
                 struct value value)
{
    size_t used = strlen(told);

    (void)context;
    (void)predicate;
    snprintf(told + used, sizeof(told) - used, "%.*s=%.*s;", STR_ARG(rule_field),
             STR_ARG(value.text));
}

static const char *explain(const struct sigma_rule *of)
{
    told[0] = '\0';
    matcher_explain(matcher, event, of, tell, NULL);
    return told;
}

TEST(names_the_fields_on_the_way)
{
    make_begin();
    rule(all(is("a", "*x*"), any(is("b", "1"), is("c", "2"), is("b", "2"), NULL),
             negated(is("d", "y")), NULL));
    make_plan();
    event_begin();
    with("a", "AxA");
    with("b", "2");
    with("c", "3");
    with("d", "z");
    CHECK_INT(run(), 1);
    CHECK(strcmp(explain(set.rules[0]), "a=AxA;b=2;") == 0);
    make_end();
}

TEST(tells_a_value_once_though_many_predicates_saw_it)
{
    make_begin();
    rule(all(is("a", "*x*"), is("a", "*y*"), any(is("a", "*z*"), is("a", "*w*"), NULL), NULL));
    make_plan();
    event_begin();
    with("a", "wxyz");
    CHECK_INT(run(), 1);
    CHECK(strcmp(explain(set.rules[0]), "a=wxyz;") == 0);
    make_end();
}

TEST(picks_the_members_of_a_list_that_passed)
{
    make_begin();
    rule(all(is("a", "*x*"), is("a", "*y*"), NULL));
    make_plan();
    event_begin();
    with("a", "nothing");
    with("a", "has y");
    with("a", "has x");
    CHECK_INT(run(), 1);
    CHECK(strcmp(explain(set.rules[0]), "a=has x;a=has y;") == 0);
    make_end();
}

TEST(gives_keywords_an_empty_name)
{
    make_begin();
    rule(is("", "*needle*"));
    make_plan();
    CHECK(matches("x", "a Needle"));
    CHECK(strcmp(explain(set.rules[0]), "=a Needle;") == 0);
    make_end();
}

TEST(speaks_of_the_variant_that_matched)
{
    make_begin();
    entry_for("test", "", "");
    maps(entry_for("test", "", ""), "Image", DERIVE_NONE, "NewProcessName", NULL);
    rule(all(is("Image", "*cmd*"), re("Image", "c.d", 0), NULL));
    make_plan();
    CHECK(matches("NewProcessName", "cmd"));
    CHECK(strcmp(explain(set.rules[0]), "Image=cmd;") == 0);
    make_end();
}

TEST(tells_missing_fields_as_null)
{
    make_begin();
    rule(all(is("a", "x"), is_null("b"), exists("c", false), NULL));
    make_plan();
    CHECK(matches("a", "x"));
    CHECK(strcmp(explain(set.rules[0]), "a=x;b=;c=;") == 0);
    make_end();
}

TEST(is_silent_about_rules_that_did_not_match)
{
    make_begin();
    rule(is("a", "x"));
    make_plan();
    CHECK(!matches("a", "y"));
    CHECK(strcmp(explain(set.rules[0]), "") == 0);
    make_end();
}
