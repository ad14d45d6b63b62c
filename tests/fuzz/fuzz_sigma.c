/* fuzz_sigma.c - any text as a file of rules, without and with placeholder lists: every rule is
 * loaded, inert or refused for a reason, and what is loaded is a sound tree. */
/* links: rules */
#include "core/ensure.h"
#include "core/limits.h"
#include "rules/lint.h"

#include "fuzz/libfyaml_leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define PERCENT_SIGNS_MAX 16 /* each pair of them doubles the values */

static void check_glob(const struct glob *glob)
{
    for (uint32_t i = 0; i < glob->count; i++) {
        const struct glob_token *token = &glob->tokens[i];
        ENSURE(token->kind <= GLOB_DASH);
        ENSURE((token->kind == GLOB_TEXT) == (token->text.len > 0));
        ENSURE(i == 0 || token->kind != GLOB_MANY || glob->tokens[i - 1].kind != GLOB_MANY);
    }
}

static void check_predicate(const struct predicate *test)
{
    ENSURE(test->line > 0);
    switch (test->kind) {
    case PREDICATE_GLOB:
        check_glob(&test->glob);
        break;
    case PREDICATE_REGEX:
        ENSURE(test->regex_flags < 8);
        break;
    case PREDICATE_CIDR:
        ENSURE(test->cidr.bits <= 128 && cidr_contains(&test->cidr, &test->cidr.net));
        break;
    case PREDICATE_COMPARE:
        ENSURE(test->compare <= COMPARE_GTE && test->part <= TIME_YEAR);
        break;
    case PREDICATE_FIELDREF:
        ENSURE(test->other.len > 0 && test->fieldref <= FIELDREF_CONTAINS);
        break;
    case PREDICATE_EXISTS:
    case PREDICATE_NULL:
        break;
    }
    bool keyword = test->kind == PREDICATE_GLOB || test->kind == PREDICATE_REGEX;
    ENSURE(keyword || test->field.len > 0);
}

static void check_expression(const struct expression *expression, uint32_t *budget)
{
    if (*budget == 0) /* a condition may name a large identifier many times */
        return;
    --*budget;
    ENSURE((expression->kind == EXPRESSION_TEST) == (expression->test != NULL));
    if (expression->kind == EXPRESSION_TEST) {
        ENSURE(expression->count == 0);
        check_predicate(expression->test);
        return;
    }
    ENSURE(expression->count >= 1);
    ENSURE(expression->kind != EXPRESSION_NOT || expression->count == 1);
    for (uint32_t i = 0; i < expression->count; i++)
        check_expression(expression->children[i], budget);
}

static void check_rule(const struct sigma_rule *rule)
{
    uint32_t budget = 100000;

    ENSURE(rule->id.len > 0 && rule->line >= 1 && rule->level < LEVEL_COUNT);
    ENSURE((rule->state == RULE_LOADED) == (rule->reason.len == 0));
    ENSURE(rule->technique_count <= rule->tag_count);
    for (uint32_t i = 0; i < rule->note_count; i++)
        ENSURE(rule->notes[i].text.len > 0);
    if (rule->state != RULE_LOADED) {
        ENSURE(rule->state == RULE_INERT || rule->reason_line >= 1);
        return;
    }
    ENSURE(rule->detection && rule->title.len > 0);
    ENSURE(rule->source.category.len + rule->source.product.len + rule->source.service.len > 0);
    check_expression(rule->detection, &budget);
}

/* The same text again: what was loaded counts as a duplicate. */
static void check_again(struct rule_set *set, struct str text)
{
    uint32_t count = set->count, not_sigma = set->not_sigma, loaded = 0, added = 0;

    for (uint32_t i = 0; i < count; i++)
        loaded += set->rules[i]->state == RULE_LOADED;
    for (uint32_t i = 0; i < set->filter_count; i++)
        loaded += set->filters[i]->head->state == RULE_LOADED;
    rule_set_add(set, STR("again.yml"), text, NULL);
    for (uint32_t i = count; i < set->count; i++)
        added += set->rules[i]->state != RULE_REFUSED;
    ENSURE(added == 0 && set->duplicates >= loaded);
    ENSURE(set->not_sigma == 2 * not_sigma && set->files == 2);
}

/* After rule_set_finish: a filter is in the rules that it counts, and in no other. */
static void check_filters(const struct rule_set *set)
{
    uint64_t in_rules = 0, counted = 0;

    for (uint32_t i = 0; i < set->filter_count; i++) {
        const struct sigma_filter *filter = set->filters[i];
        check_rule(filter->head);
        ENSURE(filter->changed == 0 || filter->head->state == RULE_LOADED);
        ENSURE(!filter->any || filter->rule_count == 0);
        counted += filter->changed;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        check_rule(set->rules[i]);
        ENSURE(set->rules[i]->filters == 0 || set->rules[i]->state == RULE_LOADED);
        in_rules += set->rules[i]->filters;
    }
    ENSURE(in_rules == counted);
}

/* The text once more, as a file of filters over the rules that are there. */
static void check_as_filters(struct rule_set *set, struct str text)
{
    uint32_t rules = set->count, before = set->filter_count;

    rule_set_add_filters(set, STR("filters.yml"), text, NULL);
    ENSURE(set->count == rules && set->filter_count >= before);
    rule_set_finish(set);
    check_filters(set);
}

static const struct placeholders *made_lists(struct arena *arena)
{
    struct placeholders *lists = placeholders_new(arena);

    ENSURE(placeholders_add(lists, STR("a: x\nb: ['1', '*?']\nnet: 10.0.0.0/8\n"), NULL) ==
           ERR_NONE);
    return lists;
}

/* Looked at closely, the text gives the same rules, with more notes. */
static void check_closely(const struct rule_set *plain, struct str text, struct arena *arena)
{
    struct taxonomy taxonomy;
    struct field_table fields;
    struct rule_set closely;

    taxonomy_init(&taxonomy, arena);
    field_table_init(&fields, arena);
    ENSURE(taxonomy_add(&taxonomy, STR("t.yml"),
                        STR("- category: process_creation\n  product: windows\n"
                            "  when: {EventID: 1}\n  fields: {User: {decimal: x}}\n"),
                        NULL) == ERR_NONE);
    ENSURE(field_table_add(&fields,
                           STR("- category: process_creation\n  fields: [Image, CommandLine]\n"),
                           NULL) == ERR_NONE);
    const struct lint lint = {&taxonomy, &fields};
    rule_set_init(&closely, arena);
    closely.lint = &lint;
    rule_set_add(&closely, STR("fuzz.yml"), text, NULL);
    ENSURE(closely.count == plain->count && closely.filter_count == plain->filter_count);
    for (uint32_t i = 0; i < closely.count; i++) {
        const struct sigma_rule *rule = closely.rules[i];
        check_rule(rule);
        ENSURE(rule->state == plain->rules[i]->state);
        ENSURE(rule->note_count >= plain->rules[i]->note_count);
        lint_source(&taxonomy, &rule->source, arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct arena *arena;
    struct str text = {(const char *)data, len};
    struct rule_set plain, listed;
    unsigned percent_signs = 0;

    if (!arena)
        arena = arena_new("fuzz", (size_t)1 << 30);
    arena_reset(arena);
    rule_set_init(&plain, arena);
    rule_set_add(&plain, STR("fuzz.yml"), text, NULL);
    ENSURE(plain.files == 1);
    for (uint32_t i = 0; i < plain.count; i++)
        check_rule(plain.rules[i]);
    check_closely(&plain, text, arena);
    for (size_t i = 0; i < len; i++)
        percent_signs += data[i] == '%';
    if (percent_signs <= PERCENT_SIGNS_MAX) {
        rule_set_init(&listed, arena);
        rule_set_add(&listed, STR("fuzz.yml"), text, made_lists(arena));
        ENSURE(listed.count == plain.count && listed.duplicates == plain.duplicates);
        for (uint32_t i = 0; i < plain.count; i++) {
            const struct sigma_rule *without = plain.rules[i], *with = listed.rules[i];
            check_rule(with);
            ENSURE(without->key == with->key && str_eq(without->id, with->id));
            ENSURE(without->state != RULE_LOADED || with->state == RULE_LOADED);
            ENSURE(without->state != RULE_REFUSED || with->state == RULE_REFUSED);
        }
    }
    check_again(&plain, text);
    check_as_filters(&plain, text);
    return 0;
}
