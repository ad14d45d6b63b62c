/* test_filter.c - which rules a filter narrows, and what it may not do. tests/vectors/F1.yml to
 * F4.yml have the meaning. */
#include "rule_maker.h"

#include "core/limits.h"

#define RULE(title, more)                                                                          \
    "title: " title "\n" more                                                                      \
    "logsource: {category: c, product: p}\ndetection: {s: {a: 1}, condition: s}\n"
#define FILTER(title, body)                                                                        \
    "title: " title "\nlogsource: {category: c}\nfilter: {" body                                   \
    "x: {u: admin}, condition: not x}\n"

static struct sigma_filter *load_filter(const char *yaml)
{
    rule_set_add_filters(&set, STR("folder/filter.yml"), str_from(yaml), NULL);
    return set.filter_count > 0 ? set.filters[set.filter_count - 1] : NULL;
}

TEST(joins_its_condition_to_the_rule)
{
    load_begin();
    const struct sigma_rule *rule = load(RULE("t", ""));
    const struct sigma_filter *filter = load_filter(FILTER("f", "rules: any, "));
    CHECK_STR(shown(rule), "a=1");
    rule_set_finish(&set);
    CHECK_STR(shown(rule), "(a=1 & !u=admin)");
    CHECK_INT(rule->filters, 1);
    CHECK_INT(rule->values, 2);
    CHECK_INT(filter->changed, 1);
    CHECK_STR(filter->head->path, "folder/filter.yml");
    CHECK_STR(filter->head->title, "f");
    CHECK_INT(filter->head->note_count, 0);
    CHECK_INT(set.count, 1);
    load_end();
}

TEST(comes_before_or_behind_the_rules)
{
    load_begin();
    load_filter(FILTER("f", "rules: [n], "));
    const struct sigma_rule *rule = load(RULE("t", "name: n\n"));
    rule_set_finish(&set);
    CHECK_STR(shown(rule), "(a=1 & !u=admin)");
    load_end();
}

TEST(rules_called_alike_by_id_are_all_meant)
{
    load_begin();
    load(RULE("t", "id: i\n"));
    load(RULE("u", "id: i\n"));
    load(RULE("v", "id: j\n"));
    const struct sigma_filter *filter = load_filter(FILTER("f", "rules: [i], "));
    rule_set_finish(&set);
    CHECK_INT(filter->changed, 2);
    CHECK_STR(shown(set.rules[2]), "a=1");
    load_end();
}

TEST(a_rule_without_id_goes_by_the_one_it_is_given)
{
    char text[256];

    load_begin();
    const struct sigma_rule *rule = load(RULE("t", ""));
    snprintf(text, sizeof(text), FILTER("f", "rules: [%.*s], "), STR_ARG(rule->id));
    load_filter(text);
    rule_set_finish(&set);
    CHECK_INT(rule->filters, 1);
    load_end();
}

TEST(a_rule_that_is_not_loaded_is_left_alone)
{
    load_begin();
    const struct sigma_rule *rule = load("title: t\nid: i\nlogsource: {category: c}\n"
                                         "detection: {s: {a|nosuch: 1}, condition: s}\n");
    const struct sigma_filter *filter = load_filter(FILTER("f", "rules: [i], "));
    rule_set_finish(&set);
    CHECK_INT(rule->state, RULE_REFUSED);
    CHECK_INT(filter->changed, 0);
    CHECK(has_note(filter->head, NOTE_WARNING, "changes no rule"));
    load_end();
}

TEST(what_is_wrong_has_its_place)
{
    load_begin();
    load(RULE("t", ""));
    CHECK(is_refused(load_filter(FILTER("a", ""))->head, 3, "does not say which rules"));
    CHECK(is_refused(load_filter(FILTER("b", "rules: {x: y}, "))->head, 3, "must be 'any'"));
    CHECK(is_refused(load_filter(FILTER("c", "rules: [[x]], "))->head, 3, "member of 'rules'"));
    CHECK(is_refused(load_filter("title: d\nlogsource: {category: c}\nfilter: x\n")->head, 3,
                     "must be a map"));
    CHECK(is_refused(load_filter("title: e\nlogsource: {category: c}\n"
                                 "filter:\n  rules: any\n  x: {a: 1}\n")
                         ->head,
                     4, "no condition"));
    CHECK(is_refused(load_filter("logsource: {category: c}\nfilter: {rules: any}\n")->head, 1,
                     "the filter has no title"));
    CHECK(is_refused(load_filter("title: [\n")->head, 2, ""));
    CHECK(is_refused(load_filter(RULE("f", ""))->head, 1, "only filters are taken from here"));
    rule_set_finish(&set);
    CHECK_INT(set.count, 1);
    CHECK_STR(shown(set.rules[0]), "a=1");
    load_end();
}

/* 1,000 values, which the condition names so often. */
static void add_values(struct buf *text, unsigned times)
{
    buf_printf(text, "  condition: not (x");
    while (--times > 0)
        buf_printf(text, " or x");
    buf_printf(text, ")\n  x:\n    b:\n");
    for (unsigned i = 0; i < 1000; i++)
        buf_printf(text, "    - %u\n", i);
    buf_add_char(text, '\0');
}

TEST(a_filter_may_not_push_a_rule_out)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    buf_printf(&text, "title: t\nlogsource: {category: c}\ndetection:\n");
    add_values(&text, 245);
    const struct sigma_rule *rule = load(text.at);
    CHECK_INT(rule->values, 245000);
    buf_reset(&text);
    buf_printf(&text, "title: f\nlogsource: {category: c}\nfilter:\n  rules: any\n");
    add_values(&text, 6);
    const struct sigma_filter *filter = load_filter(text.at);
    buf_free(&text);
    rule_set_finish(&set);
    CHECK_INT(filter->head->values, 6000);
    CHECK(is_refused(filter->head, 1, "more than 250000 values"));
    CHECK_INT(rule->filters, 0);
    load_end();
}

TEST(all_filters_together_may_not_either)
{
    char text[256];

    load_begin();
    for (unsigned i = 0; i < 1100; i++) {
        snprintf(text, sizeof(text), RULE("t%u", ""), i);
        load(text);
    }
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(text, sizeof(text), FILTER("f%u", "rules: any, "), i);
        load_filter(text);
    }
    rule_set_finish(&set);
    CHECK_INT(set.filters[0]->changed, 1100);
    CHECK(is_refused(set.filters[999]->head, 1, "in all"));
    CHECK_INT(set.rules[0]->filters, FILTERED_VALUES_MAX / 1100);
    CHECK_INT(set.rules[1099]->filters, FILTERED_VALUES_MAX / 1100);
    load_end();
}

TEST(expressions_are_counted_over_all_filters)
{
    struct buf text;

    load_begin();
    const struct sigma_rule *rule = load(RULE("t", ""));
    for (unsigned file = 0; file < 2; file++) {
        buf_init(&text, 1 << 20);
        buf_printf(&text,
                   "title: f%u\nlogsource: {category: c}\nfilter:\n  rules: any\n"
                   "  condition: not x\n  x:\n    b|re:\n",
                   file);
        for (unsigned i = 0; i < 600; i++)
            buf_printf(&text, "    - x%u\n", i);
        buf_add_char(&text, '\0');
        load_filter(text.at);
        buf_free(&text);
    }
    rule_set_finish(&set);
    CHECK_INT(set.filters[0]->changed, 1);
    CHECK(is_refused(set.filters[1]->head, 408, "regular expressions"));
    CHECK_INT(rule->filters, 1);
    load_end();
}
