/* plan_variants.c - which taxonomy entries serve a rule, under which names, and its condition
 * over atoms. */
#include "rules/plan_priv.h"

#include "codec/utf.h"
#include "core/ensure.h"
#include "rules/suppress.h"

#include <stdlib.h>

/* Of all conditions in all variants; SigmaHQ has some 70,000. */
#define NODES_MAX 4000000
/* Distinct regular expressions; SigmaHQ has 217. */
#define EXPRESSIONS_MAX 10000

/* A rule on its way through this file. */
struct candidate {
    uint32_t rule; /* index in the set */
    struct sigma_rule *sigma;
    struct str *names; /* the distinct fields of its predicates */
    uint32_t name_count, name_capacity;
    bool has_keywords;
    uint16_t keyword_field;
    uint32_t first_variant;
};

static void add_name(struct candidate *rule, struct str name)
{
    for (uint32_t i = rule->name_count; i-- > 0;)
        if (str_eq(rule->names[i], name))
            return;
    rule->names =
        plan_grow(rule->names, &rule->name_capacity, rule->name_count, sizeof(*rule->names));
    rule->names[rule->name_count++] = name;
}

static void add_names(struct candidate *rule, const struct expression *expression)
{
    for (uint32_t i = 0; i < expression->count; i++)
        add_names(rule, expression->children[i]);
    if (expression->kind != EXPRESSION_TEST)
        return;
    const struct predicate *test = expression->test;
    if (test->field.len)
        add_name(rule, test->field);
    else
        rule->has_keywords = true;
    if (test->kind == PREDICATE_FIELDREF)
        add_name(rule, test->other);
}

/* A rule that holds an expression which PCRE2 refuses is refused. */
static bool check_expressions(struct plan_builder *builder, struct sigma_rule *rule,
                              const struct expression *expression)
{
    struct why why;

    for (uint32_t i = 0; i < expression->count; i++)
        if (!check_expressions(builder, rule, expression->children[i]))
            return false;
    if (expression->kind != EXPRESSION_TEST || expression->test->kind != PREDICATE_REGEX)
        return true;
    if (builder->plan->regex_count < EXPRESSIONS_MAX &&
        plan_regex(builder, expression->test, &why) != NUMBER_NONE)
        return true;
    if (builder->plan->regex_count == EXPRESSIONS_MAX)
        why_set(&why, "the rules have more of them than there is room for");
    rule->state = RULE_REFUSED;
    rule->reason = arena_printf(builder->plan->set->arena,
                                "the regular expression cannot be compiled: %s", why.text);
    rule->reason_line = expression->test->line;
    rule->reason_column = expression->test->column;
    return false;
}

/* The conditions of the entries that may suppress the rule: `at` counts through them; NULL behind
 * the last. Their keywords need no field: they are tested for matches alone. */
static const struct expression *next_condition(const struct rule_set *set,
                                               const struct sigma_rule *rule, uint32_t *at)
{
    const struct suppressions *all = set->suppressions;
    uint32_t general = all ? all->general_count : 0;

    while (all && *at < general + rule->suppression_count) {
        uint32_t i = (*at)++;
        uint32_t entry = i < general ? all->general[i] : rule->suppressions[i - general];
        if (all->at[entry].when)
            return all->at[entry].when;
    }
    return NULL;
}

static void add_condition_names(struct candidate *rule, const struct rule_set *set)
{
    const struct expression *condition;
    bool has_keywords = rule->has_keywords;
    uint32_t at = 0;

    while ((condition = next_condition(set, rule->sigma, &at)))
        add_names(rule, condition);
    rule->has_keywords = has_keywords;
}

static bool check_all(struct plan_builder *builder, struct sigma_rule *rule)
{
    const struct expression *condition = rule->detection;
    uint32_t at = 0;

    do {
        if (!check_expressions(builder, rule, condition))
            return false;
        condition = next_condition(builder->plan->set, rule, &at);
    } while (condition);
    return true;
}

/* The pseudo-field of a derivation is named after all that makes it, so that equal ones are one.
 * The byte FF occurs in no well-formed text: no event can bring a field of this name. */
static struct str derivation_name(struct plan_builder *builder, const struct field_mapping *mapping)
{
    struct buf *key = &builder->key;

    buf_reset(key);
    buf_add_char(key, (char)0xff);
    buf_add_u64(key, mapping->kind);
    for (uint32_t i = 0; i < mapping->from_count; i++)
        plan_key_text(key, mapping->from[i]);
    buf_add_char(key, '|');
    plan_key_text(key, mapping->with);
    for (uint32_t i = 0; i < mapping->map_count; i++) {
        plan_key_text(key, mapping->keys[i]);
        plan_key_text(key, mapping->values[i]);
    }
    ENSURE(!key->full);
    return buf_str(key);
}

static uint16_t derived_field(struct plan_builder *builder, const struct field_mapping *mapping)
{
    struct plan *plan = builder->plan;
    struct str name = derivation_name(builder, mapping);
    uint32_t index = map_find(&builder->derivation_ids, name);

    if (index != MAP_NONE)
        return plan->derivations[index].id;
    struct derivation derivation = {.mapping = mapping, .from_count = mapping->from_count};
    derivation.from = ARENA_ARRAY(plan->arena, uint16_t, mapping->from_count);
    derivation.id = fields_add(plan->dictionary, name);
    map_set(&builder->derivation_ids, name, plan->derivation_count);
    for (uint32_t i = 0; i < mapping->from_count; i++)
        derivation.from[i] = fields_add(plan->dictionary, mapping->from[i]);
    plan->derivations = plan_grow(plan->derivations, &builder->derivation_capacity,
                                  plan->derivation_count, sizeof(*plan->derivations));
    plan->derivations[plan->derivation_count++] = derivation;
    return derivation.id;
}

static uint16_t mapped_field(struct plan_builder *builder, const struct taxonomy_entry *entry,
                             struct str name)
{
    const struct field_mapping *mapping = taxonomy_field(entry, name);

    if (!mapping)
        return fields_add(builder->plan->dictionary, name);
    if (mapping->kind == DERIVE_NONE)
        return fields_add(builder->plan->dictionary, mapping->from[0]);
    return derived_field(builder, mapping);
}

static bool same_ids(const uint16_t *a, const uint16_t *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* Puts the entry to the variant with its mapping, a new one if there is none yet. */
static void add_entry(struct plan_builder *builder, struct candidate *rule, uint32_t entry)
{
    struct plan *plan = builder->plan;
    uint16_t *ids = ARENA_ARRAY(plan->arena, uint16_t, rule->name_count);

    for (uint32_t i = 0; i < rule->name_count; i++)
        ids[i] = mapped_field(builder, &plan->taxonomy->entries[entry], rule->names[i]);
    for (uint32_t i = rule->first_variant; i < plan->variant_count; i++) {
        if (same_ids(plan->variants[i].ids, ids, rule->name_count)) {
            number_list_add(&plan->entries[entry].variants, i);
            return;
        }
    }
    number_list_add(&plan->entries[entry].variants, plan->variant_count);
    plan->variants = plan_grow(plan->variants, &builder->variant_capacity, plan->variant_count,
                               sizeof(*plan->variants));
    plan->variants[plan->variant_count++] = (struct variant){
        .rule = rule->rule,
        .ids = ids,
        .names = rule->names,
        .name_count = rule->name_count,
        .keyword_field = rule->keyword_field,
    };
}

/* The rule's id of a field name, under this variant. */
static uint16_t variant_field(const struct variant *variant, struct str name)
{
    if (name.len == 0)
        return variant->keyword_field;
    for (uint32_t i = 0; i < variant->name_count; i++)
        if (str_eq(variant->names[i], name))
            return variant->ids[i];
    ENSURE(false);
    return FIELD_NONE;
}

static struct node *node_of(struct plan_builder *builder, const struct variant *variant,
                            const struct expression *expression)
{
    struct node *node = ARENA_NEW(builder->scratch, struct node);

    node->kind = expression->kind;
    node->term = NUMBER_NONE;
    if (expression->kind == EXPRESSION_TEST) {
        const struct predicate *test = expression->test;
        uint16_t other =
            test->kind == PREDICATE_FIELDREF ? variant_field(variant, test->other) : FIELD_NONE;
        node->atom = plan_atom(builder, test, variant_field(variant, test->field), other);
        return node;
    }
    node->count = expression->count;
    node->children = ARENA_ARRAY(builder->scratch, struct node *, expression->count);
    for (uint32_t i = 0; i < expression->count; i++)
        node->children[i] = node_of(builder, variant, expression->children[i]);
    return node;
}

static void add_derivations(struct plan_builder *builder, struct variant *variant)
{
    const struct plan *plan = builder->plan;
    struct number_list used = {0};

    for (uint32_t i = 0; i < variant->name_count; i++)
        for (uint32_t j = 0; j < plan->derivation_count; j++)
            if (plan->derivations[j].id == variant->ids[i])
                number_list_add(&used, j);
    variant->derivations = plan_keep(builder, used.at, used.count);
    number_list_free(&used);
}

/* The entries that serve a log source, found once per distinct source. */
static const struct number_list *entries_of(struct plan_builder *builder, struct map *ids,
                                            struct number_list *lists, uint32_t *count,
                                            const struct log_source *source)
{
    const struct taxonomy *taxonomy = builder->plan->taxonomy;
    struct buf *key = &builder->key;

    buf_reset(key);
    plan_key_text(key, source->category);
    plan_key_text(key, source->product);
    plan_key_text(key, source->service);
    uint32_t id = map_find(ids, buf_str(key));
    if (id != MAP_NONE)
        return &lists[id];
    map_set(ids, buf_str(key), *count);
    struct number_list *list = &lists[(*count)++];
    for (uint32_t i = 0; i < taxonomy->count; i++)
        if (taxonomy_serves(&taxonomy->entries[i], source))
            number_list_add(list, i);
    return list;
}

/* Keywords of one log source are searched together, in all values of the events it serves: a
 * pseudo-field, under a name that no field of an event can have. */
static uint16_t keyword_field(struct plan *plan, uint32_t source)
{
    return fields_add(plan->dictionary, arena_printf(plan->arena, "\xff%u", source));
}

/* Whether there is room for the rule, at most: fields for its names under every mapping, and nodes
 * for its condition in every variant. It is refused if not. */
static bool has_room(struct plan_builder *builder, const struct candidate *rule,
                     const struct number_list *entries)
{
    const struct plan *plan = builder->plan;
    uint64_t fields = plan->dictionary->count + rule->name_count + builder->fields_reserved + 1u;
    uint64_t variants = 1;

    for (uint32_t i = 0; i < entries->count; i++) {
        bool maps = false;
        for (uint32_t name = 0; name < rule->name_count; name++) {
            const struct field_mapping *mapping =
                taxonomy_field(&plan->taxonomy->entries[entries->at[i]], rule->names[name]);
            maps |= mapping != NULL;
            fields += mapping ? mapping->from_count + 1u : 0;
        }
        variants += maps;
    }
    uint64_t nodes = builder->nodes + variants * rule->sigma->values;
    if (fields <= FIELDS_MAX && nodes <= NODES_MAX) {
        builder->nodes = nodes;
        return true;
    }
    rule->sigma->state = RULE_REFUSED;
    rule->sigma->reason =
        arena_printf(plan->set->arena, "the rules %s than there is room for",
                     fields > FIELDS_MAX ? "name more fields" : "have more values");
    return false;
}

static void add_rule(struct plan_builder *builder, struct candidate *rule,
                     const struct number_list *entries, uint32_t source)
{
    struct plan *plan = builder->plan;
    const struct expression *detection = rule->sigma->detection;

    rule->first_variant = plan->variant_count;
    add_names(rule, detection);
    add_condition_names(rule, plan->set);
    for (uint32_t i = 0; i < rule->sigma->asked_count; i++)
        add_name(rule, rule->sigma->asked[i]);
    if (!has_room(builder, rule, entries)) {
        free(rule->names);
        return;
    }
    plan->statistics.rules++;
    struct str *names = ARENA_ARRAY(plan->arena, struct str, rule->name_count);
    for (uint32_t i = 0; i < rule->name_count; i++)
        names[i] = rule->names[i];
    free(rule->names);
    rule->names = names;
    rule->keyword_field = rule->has_keywords ? keyword_field(plan, source) : FIELD_NONE;
    for (uint32_t i = 0; i < entries->count; i++)
        add_entry(builder, rule, entries->at[i]);
    for (uint32_t i = rule->first_variant; i < plan->variant_count; i++) {
        plan->variants[i].root = node_of(builder, &plan->variants[i], detection);
        add_derivations(builder, &plan->variants[i]);
    }
}

static struct str folded_text(struct plan *plan, struct str text)
{
    char *out = arena_alloc_bytes(plan->arena, FOLD_SIZE(text.len));

    return (struct str){out, fold_str(text, out)};
}

static bool is_route_field(const struct plan *plan, uint16_t field)
{
    for (unsigned i = 0; i < ROUTE_FIELDS; i++)
        if (plan->route_fields[i] == field)
            return true;
    return false;
}

static void compile_entry(struct plan *plan, struct plan_entry *entry,
                          const struct taxonomy_entry *source)
{
    entry->source = source;
    if (entry->variants.count == 0)
        return;
    entry->tests = ARENA_ARRAY(plan->arena, struct entry_test, source->test_count);
    entry->test_count = source->test_count;
    for (uint32_t i = 0; i < source->test_count; i++) {
        const struct taxonomy_test *test = &source->tests[i];
        struct entry_test *out = &entry->tests[i];
        out->field = fields_add(plan->dictionary, test->field);
        out->by_route = is_route_field(plan, out->field);
        out->present = test->present;
        out->count = test->value_count;
        out->folded = ARENA_ARRAY(plan->arena, struct str, test->value_count);
        for (uint32_t j = 0; j < test->value_count; j++)
            out->folded[j] = folded_text(plan, test->values[j]);
        entry->has_further_tests |= !out->by_route;
    }
}

void plan_add_variants(struct plan_builder *builder)
{
    struct plan *plan = builder->plan;
    struct rule_set *set = plan->set;
    struct number_list *sources = ARENA_ARRAY(builder->scratch, struct number_list, set->count + 1);
    uint32_t source_count = 0;
    struct map source_ids;

    map_init(&source_ids, builder->scratch);
    for (uint32_t i = 0; i < plan->taxonomy->count; i++)
        builder->fields_reserved += plan->taxonomy->entries[i].test_count;
    plan->entry_count = plan->taxonomy->count;
    plan->entries = ARENA_ARRAY(plan->arena, struct plan_entry, plan->entry_count);
    for (uint32_t i = 0; i < set->count; i++) {
        struct candidate rule = {.rule = i, .sigma = set->rules[i]};
        if (rule.sigma->state != RULE_LOADED || !rule.sigma->detection)
            continue;
        if (!check_all(builder, rule.sigma))
            continue;
        const struct number_list *entries =
            entries_of(builder, &source_ids, sources, &source_count, &rule.sigma->source);
        if (entries->count == 0) {
            plan->statistics.unserved++;
            rule.sigma->unserved = true;
            continue;
        }
        add_rule(builder, &rule, entries, (uint32_t)(entries - sources));
    }
    for (uint32_t i = 0; i < source_count; i++)
        number_list_free(&sources[i]);
    for (uint32_t i = 0; i < plan->entry_count; i++)
        compile_entry(plan, &plan->entries[i], &plan->taxonomy->entries[i]);
}
