/* plan_gates.c - for each variant the terms of which at least one is true whenever the rule is.
 *
 * An AND is gated by any of its children, and takes the least likely; an OR needs gates for all
 * of them. A negation gates nothing. What is computed lazily can only be true if its field is
 * there, so the field's presence gates it. The route fields make no gates: what they say is
 * known per route. */
#include "rules/plan_priv.h"

#define NO_GATE 2.0F
#define PRESENCE_CHANCE 0.8F

static bool is_by_presence(const struct atom *atom)
{
    const struct predicate *predicate = atom->predicate;

    return !atom_is_keyword(atom) && predicate->kind != PREDICATE_NULL &&
           (predicate->kind != PREDICATE_EXISTS || predicate->exists);
}

static float test_chance(const struct plan_builder *builder, const struct node *node)
{
    const struct atom *atom = &builder->plan->atoms[node->atom];

    if (atom->by_route)
        return NO_GATE;
    if (!node->lazy)
        return builder->terms[node->term].chance;
    return is_by_presence(atom) ? PRESENCE_CHANCE : NO_GATE;
}

/* Sets gate_chance of the node and all below. */
static float weigh(const struct plan_builder *builder, struct node *node)
{
    float least = NO_GATE, most = 0, sum = 0;

    for (uint32_t i = 0; i < node->count; i++) {
        float chance = weigh(builder, node->children[i]);
        least = chance < least ? chance : least;
        most = chance > most ? chance : most;
        sum += chance;
    }
    switch (node->kind) {
    case EXPRESSION_TEST:
        node->gate_chance = test_chance(builder, node);
        break;
    case EXPRESSION_AND:
        node->gate_chance = least;
        break;
    case EXPRESSION_OR:
        node->gate_chance = most > 1 ? NO_GATE : sum < 1 ? sum : 1;
        break;
    case EXPRESSION_NOT:
        node->gate_chance = NO_GATE;
        break;
    }
    return node->gate_chance;
}

struct collector {
    struct plan_builder *builder;
    uint32_t variant;
    struct number_list *by_term, *by_field; /* variants */
    struct number_list fields;              /* of this variant */
};

static void add_distinct(struct number_list *list, uint32_t number)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->at[i] == number)
            return;
    number_list_add(list, number);
}

/* A variant is added to a list once, though several of its gates may stand there. */
static void add_variant(struct number_list *list, uint32_t variant)
{
    if (list->count == 0 || list->at[list->count - 1] != variant)
        number_list_add(list, variant);
}

static void collect(struct collector *out, const struct node *node)
{
    const struct plan *plan = out->builder->plan;

    if (node->kind == EXPRESSION_TEST) {
        uint32_t field = plan->atoms[node->atom].field;
        add_variant(node->lazy ? &out->by_field[field] : &out->by_term[node->term], out->variant);
        add_distinct(&out->fields, field);
        return;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kind == EXPRESSION_OR || node->children[i]->gate_chance <= node->gate_chance) {
            collect(out, node->children[i]);
            if (node->kind == EXPRESSION_AND)
                return;
        }
    }
}

void plan_add_gates(struct plan_builder *builder)
{
    struct plan *plan = builder->plan;
    uint32_t fields = plan->dictionary->count;
    struct collector out = {
        .builder = builder,
        .by_term = ARENA_ARRAY(builder->scratch, struct number_list, plan->term_count),
        .by_field = ARENA_ARRAY(builder->scratch, struct number_list, fields),
    };

    for (uint32_t i = 0; i < plan->variant_count; i++) {
        struct variant *variant = &plan->variants[i];
        variant->always = weigh(builder, variant->root) > 1;
        plan->statistics.always += variant->always && variant->on_route == PROGRAM_TRUE;
        if (variant->always)
            continue;
        out.variant = i;
        out.fields.count = 0;
        collect(&out, variant->root);
        variant->gate_fields = plan_keep(builder, out.fields.at, out.fields.count);
    }
    plan->gates = ARENA_ARRAY(plan->arena, struct span, plan->term_count);
    for (uint32_t i = 0; i < plan->term_count; i++) {
        plan->gates[i] = plan_keep(builder, out.by_term[i].at, out.by_term[i].count);
        number_list_free(&out.by_term[i]);
    }
    for (uint32_t i = 0; i < fields; i++) {
        if (out.by_field[i].count)
            plan->fields[i]->present =
                plan_keep(builder, out.by_field[i].at, out.by_field[i].count);
        number_list_free(&out.by_field[i]);
    }
    number_list_free(&out.fields);
}
