/* test_plan.c - rules/plan: what is counted, shared, refused. */
#include "rule_maker.h"

TEST(counts_rules_variants_and_predicates)
{
    make_begin();
    rule(all(is("a", "x"), is("b", "*y*"), NULL));
    rule(any(is("a", "x"), is("c", "z"), NULL));
    rule_in("elsewhere", "", "", is("a", "x"));
    rule(is("a", "x"))->state = RULE_INERT;
    make_plan();
    const struct plan_statistics *counted = plan_statistics(plan);
    CHECK_INT(counted->rules, 2);
    CHECK_INT(counted->unserved, 1);
    CHECK_INT(counted->variants, 2);
    CHECK_INT(counted->predicates, 3);
    CHECK_INT(counted->fields, 3);
    CHECK_INT(counted->automata, 1);
    CHECK_INT(counted->patterns, 1);
    CHECK_INT(counted->always, 0);
    make_end();
}

TEST(refuses_a_rule_whose_expression_does_not_compile)
{
    make_begin();
    struct sigma_rule *bad = rule(any(is("a", "x"), re("b", "(", 0), NULL));
    rule(is("a", "x"));
    make_plan();
    CHECK(bad->state == RULE_REFUSED);
    CHECK(str_contains(bad->reason, STR("parenthes")));
    CHECK_INT(plan_statistics(plan)->rules, 1);
    CHECK(matches("a", "x") && hits[0] == set.rules[1]);
    make_end();
}

TEST(asks_for_the_fields_it_needs)
{
    make_begin();
    rule(all(is("a", "x"), ref("a", "b", FIELDREF_EQUALS), NULL));
    make_plan();
    CHECK(fields_find(&fields, STR("a")) != FIELD_NONE);
    CHECK(fields_find(&fields, STR("b")) != FIELD_NONE);
    CHECK(fields_find(&fields, STR("Channel")) != FIELD_NONE);
    CHECK(fields_find(&fields, STR("Computer")) != FIELD_NONE);
    CHECK(fields.frozen && !fields.all_values);
    make_end();
}

TEST(asks_for_all_values_where_there_are_keywords)
{
    make_begin();
    rule(is("", "*x*"));
    make_plan();
    CHECK(fields.all_values);
    make_end();
}

TEST(works_without_rules)
{
    make_begin();
    make_plan();
    CHECK(!matches("a", "x"));
    CHECK_INT(matcher_counts(matcher)->unrouted, 1);
    make_end();
}

TEST(accepts_null)
{
    matcher_free(NULL);
}
