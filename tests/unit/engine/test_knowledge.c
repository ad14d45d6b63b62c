/* test_knowledge.c: rules, taxonomies and lists from files, and what is refused of them. */
#include "engine/knowledge.h"

#include "unit/os/scratch_folder.h"

static struct knowledge knowledge;
static struct why why;

static enum err load(const char *rules, const char *taxonomy, const char *lists)
{
    const char *paths[] = {scratch(rules), scratch(taxonomy ? taxonomy : ""),
                           scratch(lists ? lists : "")};
    const struct knowledge_options options = {
        .rules = {&paths[0], 1},
        .taxonomies = {&paths[1], taxonomy != NULL},
        .placeholders = {&paths[2], lists != NULL},
        .cache = "off",
    };

    return knowledge_load(&knowledge, &options, &why);
}

static void rule(const char *name, const char *id, const char *item)
{
    char text[1024];

    snprintf(text, sizeof(text),
             "title: A rule\nid: %s\nlogsource: {category: process_creation, product: windows}\n"
             "detection:\n  selection:\n    %s\n  condition: selection\n",
             id, item);
    scratch_text(name, text);
}

#define ID_ONE "11111111-1111-4111-8111-111111111111"
#define ID_TWO "22222222-2222-4222-8222-222222222222"

TEST(loads_what_is_below_a_folder)
{
    scratch_begin();
    scratch_folder("r");
    scratch_folder("r/deep");
    rule("r/b.yml", ID_ONE, "Image: a");
    rule("r/deep/c.yaml", ID_TWO, "Image: b");
    scratch_text("r/readme.txt", "title: no rule\n");
    CHECK_INT(load("r", NULL, NULL), ERR_NONE);
    CHECK_INT(knowledge.rules.count, 2);
    CHECK_INT(knowledge.rules.files, 2);
    CHECK_INT(knowledge.unreadable.added, 0);
    CHECK(knowledge.plan != NULL);
    for (uint32_t i = 0; i < knowledge.rules.count; i++)
        CHECK(knowledge_rule(&knowledge, knowledge.rules.rules[i]->key) ==
              knowledge.rules.rules[i]);
    CHECK(!knowledge_rule(&knowledge, 1));
    knowledge_free(&knowledge);
}

TEST(the_built_in_rules_come_on_request)
{
    const struct knowledge_options options = {.built_in = true, .cache = "off"};

    CHECK_INT(knowledge_load(&knowledge, &options, &why), ERR_NONE);
    CHECK(knowledge.rules.count > 20);
    knowledge_free(&knowledge);
}

TEST(a_rule_that_cannot_be_used_is_no_refusal)
{
    rule("r/bad.yml", "33333333-3333-4333-8333-333333333333", "Image|nosuch: a");
    CHECK_INT(load("r", NULL, NULL), ERR_NONE);
    CHECK_INT(knowledge.rules.count, 3);
    knowledge_free(&knowledge);
}

TEST(a_rule_that_cannot_be_read_is_noted)
{
    scratch_link("r/gone.yml", "nowhere");
    CHECK_INT(load("r", NULL, NULL), ERR_NONE);
    CHECK_INT(knowledge.rules.count, 3);
    CHECK_INT(knowledge.unreadable.added, 1);
    knowledge_free(&knowledge);
}

static enum err load_filters(const char *filters)
{
    const char *paths[] = {scratch("r"), scratch(filters)};
    const struct knowledge_options options = {
        .rules = {&paths[0], 1}, .filters = {&paths[1], 1}, .cache = "off"};

    return knowledge_load(&knowledge, &options, &why);
}

TEST(filters_come_from_paths_of_their_own)
{
    scratch_folder("f");
    scratch_text("f/agent.yml", "title: f\nlogsource: {product: windows}\n"
                                "filter:\n  rules: [" ID_ONE "]\n"
                                "  agent: {User: agent}\n  condition: not agent\n");
    scratch_text("f/rule.yml", "title: t\nlogsource: {product: windows}\n"
                               "detection: {s: {User: x}, condition: s}\n");
    CHECK_INT(load_filters("f"), ERR_NONE);
    CHECK_INT(knowledge.rules.count, 3);
    CHECK_INT(knowledge.rules.filter_count, 2);
    CHECK_INT(knowledge.rules.filters[0]->changed, 1);
    CHECK_INT(knowledge.rules.filters[1]->head->state, RULE_REFUSED);
    knowledge_free(&knowledge);
    CHECK(load_filters("nowhere") != ERR_NONE);
    CHECK(strstr(why.text, "the filters in"));
    knowledge_free(&knowledge);
}

static enum err load_pipelines(const char *first, const char *second)
{
    const char *rules = scratch("r/b.yml"), *paths[] = {scratch(first), scratch(second)};
    const struct knowledge_options options = {
        .rules = {&rules, 1}, .pipelines = {paths, 2}, .cache = "off"};

    return knowledge_load(&knowledge, &options, &why);
}

TEST(pipelines_change_rules_and_are_gone)
{
    scratch_text("late.yml", "priority: 9\n"
                             "transformations: [{type: field_name_suffix, suffix: x}]\n");
    scratch_text("none.yml", "transformations: [{type: field_name_mapping, mapping: {a: b}}]\n");
    scratch_text("wrong.yml", "transformations:\n- {type: nonsense}\n");
    CHECK_INT(load_pipelines("late.yml", "none.yml"), ERR_NONE);
    CHECK_STR(knowledge.rules.rules[0]->detection->test->field, "Imagex");
    CHECK(!knowledge.rules.pipelines);
    CHECK_INT(knowledge.pipeline_count, 2);
    CHECK(str_contains(knowledge.pipelines[0].path, STR("none.yml")));
    CHECK_INT(knowledge.pipelines[0].changed, 0);
    CHECK_INT(knowledge.pipelines[1].changed, 1);
    knowledge_free(&knowledge);
    CHECK_INT(load_pipelines("late.yml", "wrong.yml"), ERR_INVALID);
    CHECK(strstr(why.text, "wrong.yml:2:3: there is no transformation 'nonsense' here"));
    knowledge_free(&knowledge);
    CHECK(load_pipelines("nowhere.yml", "none.yml") != ERR_NONE);
    CHECK(strstr(why.text, "the pipeline "));
    knowledge_free(&knowledge);
}

static void refused(const char *rules, const char *taxonomy, const char *lists, const char *text)
{
    CHECK(load(rules, taxonomy, lists) != ERR_NONE);
    CHECK(strstr(why.text, text));
    knowledge_free(&knowledge);
}

TEST(what_was_named_must_be_there_and_valid)
{
    scratch_text("bad.yml", "- [");
    scratch_text("lists.yml", "name: [a]\n");
    scratch_text("own.yml", "- category: x\n  product: windows\n  when:\n    EventID: 1\n");
    refused("nowhere", NULL, NULL, "nowhere: it does not exist");
    refused("r", "nowhere", NULL, "nowhere: it does not exist");
    refused("r", NULL, "nowhere", "nowhere: it does not exist");
    refused("r", "bad.yml", NULL, "bad.yml");
    refused("r", NULL, "bad.yml", "bad.yml");
    refused("r", "r", NULL, "it is a folder");
    CHECK_INT(load("r", "own.yml", "lists.yml"), ERR_NONE);
    knowledge_free(&knowledge);
}

TEST(freeing_what_was_never_loaded)
{
    struct knowledge nothing = {0};

    knowledge_free(&nothing);
    scratch_end();
}
