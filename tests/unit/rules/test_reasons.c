/* test_reasons.c - rules/reasons: the tree of answers and which entry it is judged under. */
#include "reasons_maker.h"

TEST(names_identifiers_and_items)
{
    judge_rule("{category: test}",
               "{one: {a|contains: [x, y], b: z}, two: {c: 1}, condition: one and not two}");
    with("a", "-y-");
    with("b", "z");
    CHECK(judged());
    CHECK_STR(told->condition, "one and not two");
    const struct reason *one = told->root->children[0], *not_two = told->root->children[1];
    CHECK_STR(one->identifier, "one");
    CHECK_STR(one->children[0]->item, "a|contains");
    CHECK(!one->children[0]->children[0]->holds && one->children[0]->children[1]->holds);
    CHECK_STR(one->children[1]->item, "b");
    CHECK_INT(not_two->expression->kind, EXPRESSION_NOT);
    CHECK_STR(not_two->children[0]->identifier, "two");
    CHECK_STR(not_two->children[0]->item, "c");
    judge_end();
}

TEST(joins_of_one_kind_are_one)
{
    judge_rule(
        "{category: test}",
        "{a1: {x: 1}, a2: {x: 2}, b: {x: 3}, condition: 1 of a* or b or (a1 and (a2 and b))}");
    judged();
    CHECK_INT(told->root->count, 4);
    CHECK_STR(told->root->children[2]->identifier, "b");
    CHECK_INT(told->root->children[3]->count, 3);
    judge_end();
}

TEST(every_part_is_asked)
{
    judge_rule("{category: test}", "{a: {x: 1}, b: {y: 2}, condition: a and b}");
    with("y", "2");
    CHECK(!judged());
    CHECK(!told->root->children[0]->holds && told->root->children[1]->holds);
    judge_end();
}

TEST(judges_under_the_entry_that_fires)
{
    judge_rule("{category: process_creation, product: windows}",
               "{s: {Image: a.exe}, condition: s}");
    with("EventID", "4688");
    with("Channel", "Security");
    with("NewProcessName", "a.exe");
    CHECK(judged());
    CHECK_INT(told->source_count, 2);
    CHECK(told->source == &told->sources[1] && told->source->holds);
    CHECK_STR(told->root->event_name, "NewProcessName");
    judge_end();
}

TEST(judges_under_the_nearest_entry_where_none_holds)
{
    judge_rule("{category: process_creation, product: windows}",
               "{s: {Image: a.exe}, condition: s}");
    with("EventID", "4688");
    with("NewProcessName", "a.exe");
    CHECK(!judged());
    CHECK(told->source && !told->source->holds);
    CHECK_INT(told->sources[1].failed, 1);
    CHECK_INT(told->sources[0].failed, 2);
    CHECK(told->root->holds); /* its condition alone */
    judge_end();
}

TEST(a_log_source_that_nothing_maps)
{
    judge_rule("{category: nothing}", "{s: {a: 1}, condition: s}");
    with("a", "1");
    CHECK(!judged());
    CHECK(told->source_count == 0 && !told->source && told->root->holds);
    judge_end();
}

TEST(inert_and_refused_rules_never_fire)
{
    judge_rule("{category: test}", "{s: {a|expand: '%list%'}, t: {b: 1}, condition: s or t}");
    CHECK_INT(set.rules[0]->state, RULE_INERT);
    with("b", "1");
    CHECK(!judged());
    CHECK(told->root);
    judge_end();
    judge_rule("{category: test}", "{s: {a: 1}, condition: t}");
    CHECK_INT(set.rules[0]->state, RULE_REFUSED);
    CHECK(!judged());
    CHECK(!told->root);
    judge_end();
}
