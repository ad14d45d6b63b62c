/* test_pipeline_conditions.c - when items of pipelines are applied. tests/vectors/P5.yml has each
 * of the conditions. */
#include "pipeline_maker.h"

/* Whether a rule of these two items meets the condition. */
static bool meets(const char *sort, const char *conditions)
{
    static char item[2048];

    snprintf(item, sizeof(item), "{type: field_name_suffix, suffix: 1, %s_%s}", sort, conditions);
    struct str text = through(item, "s: {a: [x, '*y'], b: 7}\ncondition: s\n");
    return str_contains(text, STR("a1="));
}

static bool rule_meets(const char *condition)
{
    static char text[1024];

    snprintf(text, sizeof(text), "conditions: [%s]", condition);
    return meets("rule", text);
}

static bool item_meets(const char *condition)
{
    static char text[1024];

    snprintf(text, sizeof(text), "conditions: [%s]", condition);
    return meets("detection_item", text);
}

TEST(rules)
{
    pipelines_begin();
    CHECK(rule_meets("{type: logsource, category: TEST}"));
    CHECK(!rule_meets("{type: logsource, category: test, product: x}"));
    CHECK(rule_meets("{type: contains_field, field: b}"));
    CHECK(!rule_meets("{type: contains_field, field: B}"));
    CHECK(rule_meets("{type: contains_detection_item, field: b, value: 7}"));
    CHECK(!rule_meets("{type: contains_detection_item, field: b, value: '7'}"));
    CHECK(!rule_meets("{type: contains_detection_item, field: a, value: 7}"));
    CHECK(rule_meets("{type: contains_detection_item, field: a, value: '*y'}"));
    CHECK(!rule_meets("{type: contains_detection_item, field: a, value: '\\*y'}"));
    CHECK(!rule_meets("{type: tag, tag: attack.t1}"));
    CHECK(rule_meets("{type: rule_attribute, attribute: title, value: t}"));
    CHECK(!rule_meets("{type: rule_attribute, attribute: title, value: t, op: ne}"));
    CHECK(!rule_meets("{type: rule_attribute, attribute: logsource, value: t, op: ne}"));
    CHECK(rule_meets("{type: is_sigma_rule}"));
    CHECK(!rule_meets("{type: is_sigma_correlation_rule}"));
    CHECK(!rule_meets("{type: processing_item_applied, processing_item_id: nobody}"));
    pipelines_end();
}

TEST(items)
{
    pipelines_begin();
    CHECK(item_meets("{type: match_string, cond: any, pattern: 'x'}"));
    CHECK(!item_meets("{type: match_string, cond: all, pattern: 'x'}"));
    CHECK(item_meets("{type: match_string, cond: all, pattern: '[x*]'}"));
    CHECK(!item_meets("{type: match_string, cond: any, pattern: 'y'}"));
    CHECK(item_meets("{type: match_string, cond: any, pattern: 'x', negate: true}"));
    CHECK(item_meets("{type: match_value, cond: any, value: x}"));
    CHECK(!item_meets("{type: match_value, cond: all, value: x}"));
    CHECK(item_meets("{type: contains_wildcard, cond: any}"));
    CHECK(!item_meets("{type: contains_wildcard, cond: all}"));
    CHECK(!item_meets("{type: is_null, cond: any}"));
    CHECK(!item_meets("{type: processing_item_applied, processing_item_id: nobody}"));
    pipelines_end();
}

TEST(names)
{
    pipelines_begin();
    CHECK(meets("field_name", "conditions: [{type: include_fields, fields: [b, a]}]"));
    CHECK(!meets("field_name", "conditions: [{type: include_fields, fields: b}]"));
    CHECK(!meets("field_name", "conditions: [{type: exclude_fields, fields: [a]}]"));
    CHECK(meets("field_name", "conditions: [{type: include_fields, fields: ['[ac]'], mode: re}]"));
    CHECK(!meets("field_name", "conditions: [{type: include_fields, fields: ['c|b'], mode: re}]"));
    pipelines_end();
}

TEST(several_and_negated)
{
    static const char both[] = "conditions: [{type: logsource, category: test}, "
                               "{type: logsource, product: x}]";
    static char text[1024];

    pipelines_begin();
    CHECK(!meets("rule", both));
    snprintf(text, sizeof(text), "%s, rule_cond_op: or", both);
    CHECK(meets("rule", text));
    snprintf(text, sizeof(text), "%s, rule_cond_op: and, rule_cond_not: true", both);
    CHECK(meets("rule", text));
    snprintf(text, sizeof(text), "%s, rule_cond_op: or, rule_cond_not: true", both);
    CHECK(!meets("rule", text));
    CHECK(meets("rule", "conditions: []"));
    pipelines_end();
}

TEST(order_of_attributes)
{
    static const struct {
        const char *condition;
        bool met;
    } cases[] = {
        {"attribute: level, value: LOW, op: gt", true},
        {"attribute: level, value: high, op: gte", false},
        {"attribute: level, value: medium, op: lte", true},
        {"attribute: level, value: nonsense, op: lt", false},
        {"attribute: status, value: stable, op: lt", true},
        {"attribute: date, value: 2024-05-02, op: lt", true},
        {"attribute: weight, value: 2, op: gt", true},
        {"attribute: weight, value: 2.50, op: eq", true},
        {"attribute: weight, value: many, op: lt", false},
        {"attribute: tags, value: attack.t2, op: in", true},
        {"attribute: tags, value: attack.t2, op: not_in", false},
        {"attribute: title, value: t, op: in", false},
    };
    static char text[1024];

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        pipelines_begin();
        snprintf(text, sizeof(text),
                 "transformations: [{type: field_name_suffix, suffix: 1, "
                 "rule_conditions: [{type: rule_attribute, %s}]}]\n",
                 cases[i].condition);
        CHECK(add_pipeline(text));
        struct str made_of_it =
            shown(load("title: t\nlevel: medium\nstatus: test\ndate: 2024-05-01\nweight: 2.5\n"
                       "tags: [attack.t1, attack.t2]\nlogsource: {category: test}\n"
                       "detection: {s: {a: 1}, condition: s}\n"));
        if (str_contains(made_of_it, STR("a1=")) != cases[i].met)
            TESTKIT_FAIL("%s", cases[i].condition);
        pipelines_end();
    }
}

TEST(an_expression_that_gives_up_refuses_the_rule)
{
    pipelines_begin();
    CHECK_STR(through("{type: drop_detection_item, detection_item_conditions: "
                      "[{type: match_string, cond: any, pattern: '(a+)+$'}]}",
                      exhausting()),
              "refused 1:1 the pipeline p.yml: the expression in line 2 takes too many steps for "
              "it");
    pipelines_end();
}

static void refuses(const char *sort, const char *condition, const char *part)
{
    static char item[2048];
    unsigned column = 5 + (unsigned)snprintf(item, sizeof(item),
                                             "{type: drop_detection_item, %s_conditions: [", sort);
    char place[32];

    snprintf(place, sizeof(place), "2:%u", column);
    snprintf(item + column - 5, sizeof(item) - (column - 5), "%s]}", condition);
    refuses_item(item, place, part);
}

TEST(what_is_no_condition_is_refused)
{
    refuses("detection_item", "x", "a map with a 'type'");
    refuses("detection_item", "{cond: any}", "'type' must be a text");
    refuses("detection_item", "{type: nonsense}", "no detection_item condition 'nonsense' here");
    refuses("field_name", "{type: is_null, cond: any}", "no field_name condition 'is_null' here");
    refuses("detection_item", "{type: is_null}", "'cond' must be a text");
    refuses("detection_item", "{type: is_null, cond: some}", "'any' or 'all'");
    refuses("detection_item", "{type: match_value, cond: any}", "'value' is missing");
    refuses("detection_item", "{type: match_string, cond: any}", "'pattern' must be a text");
    refuses("field_name", "{type: include_fields}", "'fields' is missing");
    refuses("detection_item", "{type: processing_item_applied}", "'processing_item_id' must be");
}

TEST(what_else_may_be_wrong)
{
    refuses_item("{type: drop_detection_item, rule_conditions: x}", "2:50", "a list of conditions");
    refuses_item("{type: drop_detection_item, rule_cond_not: true}", "2:5",
                 "need 'rule_conditions'");
    refuses_item("{type: drop_detection_item, rule_cond_op: or}", "2:5", "need 'rule_conditions'");
    refuses_item("{type: drop_detection_item, rule_cond_op: xor, rule_conditions: []}", "2:47",
                 "'and' or 'or'");
    refuses_item("{type: drop_detection_item, rule_conditions: [{type: logsource}]}", "2:51",
                 "none of category");
    refuses_item("{type: drop_detection_item, rule_conditions: [{type: rule_attribute, "
                 "attribute: a, value: 1, op: like}]}",
                 "2:102", "'op' is one of");
    refuses_item("{type: drop_detection_item, rule_conditions: [{type: tag, tag: a, x: y}]}",
                 "2:71", "tag has no 'x' here");
    refuses_item("{type: drop_detection_item, field_name_conditions: [{type: include_fields, "
                 "fields: [a], mode: glob}]}",
                 "2:99", "'plain' or 're'");
    refuses_item("{type: drop_detection_item, field_name_conditions: [{type: include_fields, "
                 "fields: ['('], mode: re}]}",
                 "2:90", "cannot be compiled");
}
