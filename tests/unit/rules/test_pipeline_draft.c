/* test_pipeline_draft.c - detections taken apart and put together again. */
#include "pipeline_maker.h"

#include "core/limits.h"

/* A pipeline that changes something that no detection has, so that all are written again. */
#define NOTHING "{type: field_name_mapping, mapping: {nowhere: elsewhere}}"

TEST(what_is_put_together_is_what_was_there)
{
    static const char *const detections[] = {
        "s: {a: 1, b|contains|all: [x, y], c: null}\ncondition: s\n",
        "s: [{a: 1, b: 2}, {c|re: 'x+'}, word, [x, y]]\ncondition: not s\n",
        "s: needle\nt: [[p, q], r]\ncondition: s or t\n",
        "s: {a|endswith: ['\\x.exe', 'y'], b|neq: 3}\nf_1: {c: ''}\ncondition: s and not f_1\n",
        "s: {a|fieldref: b}\nt: {c|exists: false}\ncondition: [s, t]\n",
        "s: {'|contains': x}\ncondition: s\n",
    };
    static char before[1024];

    pipelines_begin();
    for (size_t i = 0; i < ARRAY_COUNT(detections); i++) {
        snprintf(before, sizeof(before), "%.*s", STR_ARG(changed(detections[i])));
        CHECK(str_eq(through(NOTHING, detections[i]), str_from(before)));
    }
    pipelines_end();
}

TEST(what_the_parser_refuses_it_refuses_in_its_words)
{
    pipelines_begin();
    CHECK_STR(through(NOTHING, "s: {a|nonsense: 1}\ncondition: s\n"),
              "refused 4:7 unknown modifier 'nonsense' on 'a|nonsense'; see docs/sigma.md "
              "for the ones there are");
    CHECK(str_contains(through(NOTHING, "s: {a: {b: 1}}\ncondition: s\n"), STR("refused 4:")));
    CHECK(str_contains(through(NOTHING, "s: {}\ncondition: s\n"), STR("refused 4:")));
    CHECK(str_contains(through(NOTHING, "s:\ncondition: s\n"), STR("refused ")));
    CHECK(str_contains(through(NOTHING, "s: {a: 1}\n"), STR("no condition")));
    CHECK(str_contains(through(NOTHING, "condition: s\n"), STR("refused ")));
    pipelines_end();
}

TEST(places_are_those_of_the_rule)
{
    pipelines_begin();
    const char *item = "{type: field_name_mapping, mapping: {a: b}}";
    CHECK_STR(through(item, "s:\n  q: 1\n  a|cidr: x\ncondition: s\n"),
              "refused 6:13 'x' is no address range; write it like 192.0.2.0/24 or 2001:db8::/32");
    pipelines_end();
}

TEST(modifiers_stay_behind_a_name)
{
    pipelines_begin();
    const char *item = "{type: field_name_mapping, mapping: {a: long.name}}";
    CHECK_STR(through(item, "s: {a|contains|all: [x, y]}\ncondition: s\n"),
              "(long.name=*x* & long.name=*y*)");
    CHECK_STR(through(item, "s: {a|re|i: x}\ncondition: s\n"), "long.name~/x/i");
    pipelines_end();
}

TEST(modifiers_that_made_something_else_of_a_value_go_with_it)
{
    pipelines_begin();
    const char *item = "{type: set_value, value: 7}";
    CHECK_STR(through(item, "s: {a|contains|neq: x, b|re: x}\ncondition: s\n"), "(!a=7 & b=7)");
    pipelines_end();
}

TEST(kinds_of_values)
{
    static const struct {
        const char *key;
        struct yaml_node node;
        enum scalar_kind kind;
    } cases[] = {
        {"a", {.plain = true, .text = STR_INIT("x")}, SCALAR_STRING},
        {"a", {.plain = true, .text = STR_INIT("7")}, SCALAR_NUMBER},
        {"a", {.text = STR_INIT("7")}, SCALAR_STRING},
        {"a", {.plain = true, .text = STR_INIT("true")}, SCALAR_BOOL},
        {"a", {.plain = true, .text = STR_INIT("null")}, SCALAR_NULL},
        {"a|contains", {.plain = true, .text = STR_INIT("7")}, SCALAR_STRING},
        {"a|neq", {.plain = true, .text = STR_INIT("7")}, SCALAR_NUMBER},
        {"a|re", {.text = STR_INIT("x")}, SCALAR_OTHER},
        {"a|gt", {.plain = true, .text = STR_INIT("7")}, SCALAR_OTHER},
        {"a|fieldref", {.text = STR_INIT("x")}, SCALAR_OTHER},
    };

    load_begin();
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct sigma_rule rule = {.line = 1};
        struct sigma_loading loading = {.arena = made, .rule = &rule};
        struct draft item = {.kind = DRAFT_ITEM};
        CHECK(modifiers_parse(&loading, str_from(cases[i].key), 1, 1, &item.key));
        CHECK_INT(draft_value_kind(&item, &cases[i].node), cases[i].kind);
    }
    load_end();
}

TEST(a_rule_may_not_become_too_many_items)
{
    pipelines_begin();
    CHECK(add_pipeline("transformations:\n"
                       "- {type: nest, items: [{type: field_name_mapping, mapping: {a: [a, a]}},\n"
                       "   {type: field_name_mapping, mapping: {a: [a, a, a, a]}},\n"
                       "   {type: field_name_mapping, mapping: {a: [a, a, a, a]}},\n"
                       "   {type: field_name_mapping, mapping: {a: [a, a, a, a]}},\n"
                       "   {type: field_name_mapping, mapping: {a: [a, a, a, a]}},\n"
                       "   {type: field_name_mapping, mapping: {a: [a, a, a, a]}},\n"
                       "   {type: field_name_mapping, mapping: {a: [a, a, a, a]}}]}\n"));
    CHECK_STR(changed("s: {a: 1}\ncondition: s\n"),
              "refused 1:1 the pipelines make more than 10000 items of the rule");
    pipelines_end();
}
