/* test_pipeline_file.c - pipelines as YAML: what there may be in a file, and where it is wrong. */
#include "pipeline_maker.h"

#include "core/limits.h"

TEST(takes_what_is_there)
{
    pipelines_begin();
    CHECK(add_pipeline("name: n\npriority: 7\nvars: {a: 1, b: [x, y]}\nallowed_backends: [x]\n"
                       "transformations: [{type: field_name_suffix, suffix: x}]\n"
                       "postprocessing: []\nfinalizers:\n"));
    CHECK_INT(set.pipelines->first->priority, 7);
    CHECK_INT(set.pipelines->first->count, 1);
    CHECK(add_pipeline("vars:\ntransformations: []\n"));
    CHECK_INT(set.pipelines->items, 1);
    pipelines_end();
}

TEST(is_ordered_by_priority_then_as_it_came)
{
    static const char *const names[] = {"p.yml", "q.yml", "r.yml", "s.yml"};
    static const char *const ordered[] = {"s.yml", "q.yml", "p.yml", "r.yml"};
    static const char *const yaml[] = {
        "{priority: 2, transformations: []}", "{priority: 1, transformations: []}",
        "{priority: 2, transformations: []}", "{priority: -1, transformations: []}"};
    const struct pipeline *one;
    uint32_t count;

    pipelines_begin();
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        CHECK_INT(pipelines_add(set.pipelines, str_from(names[i]), str_from(yaml[i]), &why),
                  ERR_NONE);
    const struct pipeline_use *uses = pipelines_uses(set.pipelines, made, &count);
    CHECK_INT(count, 4);
    one = set.pipelines->first;
    for (size_t i = 0; i < 4; i++, one = one->next)
        CHECK(str_eq(one->path, str_from(ordered[i])));
    CHECK(!one);
    CHECK_STR(uses[0].path, "s.yml");
    CHECK_INT(uses[0].changed, 0);
    pipelines_end();
}

TEST(variables_are_written_for_expand)
{
    pipelines_begin();
    CHECK(add_pipeline("vars: {a: ['5%x%', 'C:\\*'], b: 7}\ntransformations: []\n"));
    CHECK(add_pipeline("vars: {b: later}\ntransformations: []\n"));
    CHECK_STR(pipelines_variable(set.pipelines, STR("a"))->at[0], "5\\%x\\%");
    CHECK_STR(pipelines_variable(set.pipelines, STR("a"))->at[1], "C:\\*");
    CHECK_INT(pipelines_variable(set.pipelines, STR("b"))->count, 1);
    CHECK_STR(pipelines_variable(set.pipelines, STR("b"))->at[0], "later");
    CHECK(!pipelines_variable(set.pipelines, STR("c")));
    pipelines_end();
}

TEST(a_file_that_is_no_pipeline_is_refused)
{
    refuses_file("[a]\n", "1:1", "a pipeline is a map");
    refuses_file("name: x\n", "1:1", "it has no 'transformations'");
    refuses_file("transformations: x\n", "1:18", "a list of transformations");
    refuses_file("transformations: [x]\n", "1:19", "a map with a 'type'");
    refuses_file("transformations: []\npriorities: 1\n", "2:1", "no 'priorities'");
    refuses_file("transformations: []\npriority: high\n", "2:11", "a whole number");
    refuses_file("transformations: []\nvars: x\n", "2:7", "'vars' must be a map");
    refuses_file("transformations: []\nvars: {x: [{a: b}]}\n", "2:8", "'x' must hold a value");
    refuses_file("transformations: []\nvars: {x: }\n", "2:8", "'x' must hold a value");
    refuses_file("transformations: []\nfinalizers: [{type: concat}]\n", "2:13", "about queries");
    refuses_file("transformations: []\npostprocessing: x\n", "2:17", "about queries");
    refuses_file("transformations: []\n---\ntransformations: []\n", "3:1", "holds one pipeline");
}

TEST(what_is_no_yaml_is_refused)
{
    pipelines_begin();
    CHECK_INT(pipelines_add(set.pipelines, STR("p.yml"), STR("a: [\n"), &why), ERR_INVALID);
    CHECK(str_starts_with(str_from(why.text), STR("p.yml: line ")));
    CHECK_INT(pipelines_add(set.pipelines, STR("p.yml"), STR_EMPTY, &why), ERR_INVALID);
    CHECK(!set.pipelines->first);
    pipelines_end();
}

TEST(an_item_that_is_not_known_is_refused)
{
    refuses_item("{type: nonsense}", "2:5", "no transformation 'nonsense' here; docs/tuning.md");
    refuses_item("{suffix: x}", "2:5", "'type' must be a text");
    refuses_item("{type: field_name_suffix, suffix: x, id: [a]}", "2:46", "'id' must be a text");
    refuses_item("{type: field_name_suffix, suffix: x, prefix: y}", "2:42", "no 'prefix' here");
    refuses_item("{type: field_name_suffix, suffix: null}", "2:39", "'suffix' must be a text");
    refuses_item("{type: field_name_suffix}", "2:5", "'suffix' must be a text");
    refuses_item("{type: nest, items: [], field_name_conditions: [{type: include_fields, "
                 "fields: [a]}]}",
                 "2:5", "nest changes the rule as a whole");
}

TEST(there_is_an_end_to_everything)
{
    struct buf text;

    buf_init(&text, 1 << 22);
    buf_printf(&text, "transformations:\n");
    for (unsigned i = 0; i <= PIPELINE_ITEMS_MAX; i++)
        buf_printf(&text, "- {type: drop_detection_item}\n");
    buf_add_char(&text, '\0');
    refuses_file(text.at, "10002:3", "more than 10000 transformations");
    buf_free(&text);
}
