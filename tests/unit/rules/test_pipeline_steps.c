/* test_pipeline_steps.c - transformations of whole rules, and those that leave out or refuse.
 * tests/vectors/P4.yml has what rules mean then. */
#include "pipeline_maker.h"

#define DETECTION "s: {a: 1}\ncondition: s\n"

TEST(conditions_are_added)
{
    pipelines_begin();
    CHECK(add_pipeline("transformations:\n"
                       "- {type: add_condition, conditions: {b: [2, 3], c|endswith: x}}\n"
                       "- {type: add_condition, negated: true, conditions: {d: 4}}\n"));
    const struct sigma_rule *rule = load_detection(DETECTION, NULL);
    CHECK_STR(shown(rule), "(((b=2 | b=3) & c=*x) & !d=4 & a=1)");
    CHECK_INT(rule->values, 5);
    CHECK_STR(changed("s: {a: 1}\ncondition: [s, not s]\n"),
              "(((b=2 | b=3) & c=*x) & !d=4 & (a=1 | !a=1))");
    pipelines_end();
}

TEST(templates)
{
    pipelines_begin();
    CHECK_STR(
        through("{type: add_condition, template: true, conditions: {b: "
                "'$category ${category}x $categoryx ${category $$service $service$product|$'}}",
                DETECTION),
        "(b=test testx $categoryx ${category $service |$ & a=1)");
    CHECK_STR(through("{type: add_condition, conditions: {b: '$category'}}", DETECTION),
              "(b=$category & a=1)");
    pipelines_end();
}

TEST(log_sources_become_other_ones)
{
    pipelines_begin();
    CHECK(add_pipeline("transformations: [{type: change_logsource, product: x, service: y}]\n"));
    const struct sigma_rule *rule = load_detection(DETECTION, NULL);
    CHECK_STR(rule->source.category, "");
    CHECK_STR(rule->source.product, "x");
    CHECK_STR(rule->source.service, "y");
    CHECK_STR(rule->stated_source.category, "test");
    pipelines_end();
}

TEST(items_are_left_out)
{
    pipelines_begin();
    const char *item = "{type: drop_detection_item, "
                       "field_name_conditions: [{type: include_fields, fields: [b]}]}";
    CHECK_STR(through(item, "s: {a: 1, b: 2}\ncondition: s\n"), "a=1");
    CHECK_STR(through(item, "s: {a: 1}\nt: [{b: 2}]\ncondition: s and not t\n"), "a=1");
    CHECK_STR(through(item, "s: {b: 2}\ncondition: s\n"),
              "refused 1:1 the pipelines leave nothing of the rule's detection");
    pipelines_end();
}

TEST(rules_are_refused)
{
    pipelines_begin();
    CHECK_STR(through("{type: rule_failure, message: not here}", DETECTION),
              "refused 1:1 the pipeline p.yml refuses it: not here");
    CHECK_STR(through("{type: detection_item_failure, message: not here}", DETECTION),
              "refused 4:7 the pipeline p.yml refuses it: not here");
    pipelines_end();
}

TEST(nests)
{
    pipelines_begin();
    CHECK_STR(through("{type: nest, items: [{type: field_name_suffix, suffix: 1}, {type: nest, "
                      "items: [{type: field_name_suffix, suffix: 2}]}]}",
                      DETECTION),
              "a12=1");
    pipelines_end();
}

TEST(what_does_not_say_enough_is_refused)
{
    refuses_item("{type: add_condition}", "2:5", "'conditions' must be a map");
    refuses_item("{type: add_condition, conditions: {}}", "2:5", "'conditions' must be a map");
    refuses_item("{type: add_condition, conditions: {a|nonsense: 1}}", "2:40", "unknown modifier");
    refuses_item("{type: add_condition, conditions: {a: {b: c}}}", "2:43", "map");
    refuses_item("{type: add_condition, conditions: {a: 1}, negated: 1}", "2:56", "true or false");
    refuses_item("{type: change_logsource}", "2:5", "none of category, product and service");
    refuses_item("{type: change_logsource, product: [x]}", "2:39", "'product' must be a text");
    refuses_item("{type: rule_failure}", "2:5", "'message' must be a text");
    refuses_item("{type: nest}", "2:5", "'items' is missing");
    refuses_item("{type: nest, items: {a: b}}", "2:25", "a list of transformations");
}
