/* test_pipeline.c - a rule's way through all pipelines. tests/vectors/P6.yml has their order. */
#include "pipeline_maker.h"

#include "core/limits.h"

#define DETECTION "s: {a: 1}\ncondition: s\n"

TEST(counts_the_rules_that_each_changes)
{
    uint32_t count;

    pipelines_begin();
    CHECK(add_pipeline("priority: 2\n"
                       "transformations: [{type: field_name_mapping, mapping: {a: b}}]\n"));
    CHECK(add_pipeline("priority: 1\n"
                       "transformations: [{type: field_name_mapping, mapping: {c: d}}]\n"));
    changed(DETECTION);
    changed("s: {a: 1, c: 2}\ncondition: s\n");
    changed("s: {x: 1}\ncondition: s\n");
    const struct pipeline_use *uses = pipelines_uses(set.pipelines, made, &count);
    CHECK_INT(count, 2);
    CHECK_INT(uses[0].changed, 1);
    CHECK_INT(uses[1].changed, 2);
    pipelines_end();
}

TEST(rules_outlive_the_pipelines)
{
    pipelines_begin();
    CHECK(add_pipeline("vars: {v: w}\ntransformations:\n"
                       "- {type: field_name_mapping, mapping: {a: [b, c]}}\n"
                       "- {type: value_placeholders}\n"
                       "- {type: add_condition, name: own, conditions: {d: e}}\n"
                       "- {type: change_logsource, product: x}\n"));
    const struct sigma_rule *rule = load_detection("s: {a|expand: '%v%'}\ncondition: s\n", NULL);
    pipelines_free(set.pipelines);
    set.pipelines = NULL;
    CHECK_STR(shown(rule), "(d=e & (b=w | c=w))");
    CHECK_STR(rule->source.product, "x");
    pipelines_end();
}

TEST(groups_do_not_nest_deeper_and_deeper)
{
    struct buf text;

    pipelines_begin();
    buf_init(&text, 1 << 20);
    buf_printf(&text, "transformations:\n");
    for (unsigned i = 0; i < 1000; i++)
        buf_printf(&text, "- {type: field_name_mapping, mapping: {f%u: [f%u, g]}}\n", i, i + 1);
    buf_add_char(&text, '\0');
    CHECK(add_pipeline(text.at));
    const struct sigma_rule *rule = load_detection("s: {f0: 1}\ncondition: s\n", NULL);
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK_INT(rule->values, 1001);
    CHECK_INT(rule->detection->count, 1001);
    buf_free(&text);
    pipelines_end();
}

TEST(what_nests_too_deep_is_refused)
{
    struct buf text;

    pipelines_begin();
    buf_init(&text, 1 << 20);
    buf_printf(&text, "transformations:\n");
    for (unsigned i = 0; i < 200; i++)
        buf_printf(&text, "- {type: field_name_mapping, mapping: {a: [a, b]}}\n"
                          "- {type: set_value, value: null}\n"
                          "- {type: field_name_mapping, mapping: {a: [a, b]}}\n"
                          "- {type: set_value, value: 1}\n");
    buf_add_char(&text, '\0');
    CHECK(add_pipeline(text.at));
    CHECK(is_refused(load_detection(DETECTION, NULL), 1, "nest the rule's items too deep"));
    buf_free(&text);
    pipelines_end();
}

TEST(items_know_what_was_applied_to_them)
{
    pipelines_begin();
    CHECK(add_pipeline("transformations:\n"
                       "- {id: one, type: field_name_mapping, mapping: {a: [b, c]}}\n"
                       "- {id: one, type: set_value, value: 5, field_name_conditions: "
                       "[{type: include_fields, fields: [d]}]}\n"
                       "- {type: field_name_suffix, suffix: 1, detection_item_conditions: "
                       "[{type: processing_item_applied, processing_item_id: one}]}\n"));
    CHECK_STR(changed("s: {a: 1, d: 2, e: 3}\ncondition: s\n"), "((b1=1 | c1=1) & d1=5 & e=3)");
    pipelines_end();
}

TEST(none_at_all)
{
    uint32_t count = 1;

    pipelines_begin();
    CHECK_STR(changed(DETECTION), "a=1");
    CHECK(pipelines_uses(set.pipelines, made, &count) != NULL);
    CHECK_INT(count, 0);
    pipelines_free(NULL);
    pipelines_end();
}
