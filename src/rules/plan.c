/* plan.c - the way from rules to a plan, step by step. */
#include "rules/plan_priv.h"

#include "core/ensure.h"
#include "rules/correlation_resolve.h"

#include <stdlib.h>

#define SCRATCH_BYTES_MAX ((size_t)4 << 30)
#define KEY_BYTES_MAX ((size_t)64 << 20)

void number_list_add(struct number_list *list, uint32_t number)
{
    list->at = plan_grow(list->at, &list->capacity, list->count, sizeof(*list->at));
    list->at[list->count++] = number;
}

void number_list_free(struct number_list *list)
{
    free(list->at);
    *list = (struct number_list){0};
}

void *plan_grow(void *array, uint32_t *capacity, uint32_t count, size_t element_size)
{
    if (count < *capacity)
        return array;
    ENSURE(*capacity < UINT32_MAX / 2);
    *capacity = *capacity ? *capacity * 2 : 4;
    array = realloc(array, *capacity * element_size);
    ENSURE(array);
    return array;
}

struct span plan_keep(struct plan_builder *builder, const uint32_t *numbers, uint32_t count)
{
    struct span span = {builder->numbers.count, count};

    for (uint32_t i = 0; i < count; i++)
        number_list_add(&builder->numbers, numbers[i]);
    return span;
}

static void builder_open(struct plan_builder *builder, struct plan *plan)
{
    *builder = (struct plan_builder){.plan = plan};
    builder->scratch = arena_new("plan building", SCRATCH_BYTES_MAX);
    map_init(&builder->atom_ids, builder->scratch);
    map_init(&builder->derivation_ids, builder->scratch);
    map_init(&plan->regex_ids, plan->arena);
    map_init(&builder->pattern_ids, builder->scratch);
    map_init(&builder->term_ids, builder->scratch);
    buf_init(&builder->key, KEY_BYTES_MAX);
}

static void builder_close(struct plan_builder *builder)
{
    buf_free(&builder->key);
    free(builder->terms);
    number_list_free(&builder->lazy_atoms);
    arena_free(builder->scratch);
}

/* The array, of which malloc is asked while it grows, in the plan's arena. */
static void *settled(const struct plan *plan, void *array, uint32_t count, size_t element_size)
{
    void *place = arena_copy(plan->arena, array, count * element_size);

    free(array);
    return place;
}

static void settle(struct plan_builder *builder)
{
    struct plan *plan = builder->plan;

    plan->atoms = settled(plan, plan->atoms, plan->atom_count, sizeof(*plan->atoms));
    plan->patterns = settled(plan, plan->patterns, plan->pattern_count, sizeof(*plan->patterns));
    plan->variants = settled(plan, plan->variants, plan->variant_count, sizeof(*plan->variants));
    plan->derivations =
        settled(plan, plan->derivations, plan->derivation_count, sizeof(*plan->derivations));
    plan->instructions =
        settled(plan, plan->instructions, plan->instruction_count, sizeof(*plan->instructions));
    plan->regexes = settled(plan, plan->regexes, plan->regex_count, sizeof(*plan->regexes));
    plan->numbers =
        settled(plan, builder->numbers.at, builder->numbers.count, sizeof(*plan->numbers));
    for (uint32_t i = 0; i < plan->variant_count; i++)
        plan->variants[i].root = NULL;
    for (uint32_t i = 0; i < plan->entry_count; i++) {
        struct number_list *variants = &plan->entries[i].variants;
        variants->at = settled(plan, variants->at, variants->count, sizeof(*variants->at));
        variants->capacity = variants->count;
    }
}

static void add_route_fields(struct plan *plan)
{
    struct field_dictionary *fields = plan->dictionary;

    plan->route_fields[ROUTE_CHANNEL] = fields_add(fields, STR("Channel"));
    plan->route_fields[ROUTE_PROVIDER] = fields_add(fields, STR("Provider_Name"));
    plan->route_fields[ROUTE_EVENT_ID] = fields_add(fields, STR("EventID"));
    fields_add(fields, STR("Computer"));
}

static void count_fields(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->dictionary->count; i++) {
        const struct field_plan *field = plan->fields[i];
        plan->statistics.fields += field && !field->keywords;
        plan->dictionary->all_values |= field && field->keywords;
    }
    plan->statistics.variants = plan->variant_count;
    plan->statistics.predicates = plan->atom_count;
}

struct plan *plan_build(struct rule_set *set, const struct taxonomy *taxonomy,
                        struct field_dictionary *fields)
{
    struct plan *plan = ARENA_NEW(set->arena, struct plan);
    struct plan_builder builder;

    plan->arena = set->arena;
    plan->set = set;
    plan->taxonomy = taxonomy;
    plan->dictionary = fields;
    builder_open(&builder, plan);
    add_route_fields(plan);
    plan_add_variants(&builder);
    correlations_settle(set); /* some rules may be refused by now */
    fields_freeze(fields);
    plan_add_patterns(&builder);
    plan_build_fields(&builder);
    plan_add_terms(&builder);
    plan_add_programs(&builder);
    plan_add_gates(&builder);
    count_fields(plan);
    settle(&builder);
    builder_close(&builder);
    return plan;
}

struct str plan_platform(void)
{
    return automaton_platform();
}

const struct plan_statistics *plan_statistics(const struct plan *plan)
{
    return &plan->statistics;
}
