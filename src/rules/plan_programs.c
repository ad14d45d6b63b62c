/* plan_programs.c - conditions as straight code: each instruction tests one term and names where
 * to go on.
 *
 * Written from the end to the beginning, so that both ways out of an instruction are known when
 * it is written. */
#include "rules/plan_priv.h"

#define SORTED_CHILDREN_MAX 64u

static uint32_t emit(struct plan_builder *builder, const struct node *node, uint32_t on_true,
                     uint32_t on_false)
{
    struct plan *plan = builder->plan;

    if (on_true == on_false)
        return on_true;
    plan->instructions = plan_grow(plan->instructions, &builder->instruction_capacity,
                                   plan->instruction_count, sizeof(*plan->instructions));
    plan->instructions[plan->instruction_count] = (struct instruction){
        .term = node->term,
        .field = plan->atoms[node->atom].field,
        .lazy = node->lazy,
        .on_true = on_true,
        .on_false = on_false,
    };
    return plan->instruction_count++;
}

/* What to look at first: bits that are there, then what has to be computed. */
static int effort(const struct node *node)
{
    int most = 0;

    if (node->kind == EXPRESSION_TEST)
        return node->lazy ? 3 : 0;
    for (uint32_t i = 0; i < node->count; i++) {
        int one = effort(node->children[i]);
        most = one > most ? one : most;
    }
    return most > 1 ? most : 1;
}

static float chance(const struct plan_builder *builder, const struct node *node)
{
    if (node->kind != EXPRESSION_TEST || node->lazy)
        return 1;
    return builder->terms[node->term].chance;
}

/* Whether `a` should be tested before `b`: the cheaper one; among equals what decides most
 * often. */
static bool goes_first(const struct plan_builder *builder, enum expression_kind kind,
                       const struct node *a, const struct node *b)
{
    int difference = effort(a) - effort(b);

    if (difference)
        return difference < 0;
    return kind == EXPRESSION_AND ? chance(builder, a) < chance(builder, b)
                                  : chance(builder, a) > chance(builder, b);
}

static void sort_children(struct plan_builder *builder, struct node *node)
{
    for (uint32_t i = 0; i < node->count; i++)
        sort_children(builder, node->children[i]);
    if (node->count > SORTED_CHILDREN_MAX)
        return;
    for (uint32_t i = 1; i < node->count; i++) {
        struct node *moved = node->children[i];
        uint32_t at = i;
        for (; at && goes_first(builder, node->kind, moved, node->children[at - 1]); at--)
            node->children[at] = node->children[at - 1];
        node->children[at] = moved;
    }
}

static uint32_t emit_node(struct plan_builder *builder, const struct node *node, uint32_t on_true,
                          uint32_t on_false)
{
    uint32_t entry;

    switch (node->kind) {
    case EXPRESSION_TEST:
        return emit(builder, node, on_true, on_false);
    case EXPRESSION_NOT:
        return emit_node(builder, node->children[0], on_false, on_true);
    case EXPRESSION_AND:
        entry = on_true;
        for (uint32_t i = node->count; i-- > 0;)
            entry = emit_node(builder, node->children[i], entry, on_false);
        return entry;
    case EXPRESSION_OR:
        break;
    }
    entry = on_false;
    for (uint32_t i = node->count; i-- > 0;)
        entry = emit_node(builder, node->children[i], on_true, entry);
    return entry;
}

/* The condition as far as the route decides it: a test of anything else may turn out either way,
 * so it counts as passed, whether it stands under a negation or not. */
static uint32_t emit_on_route(struct plan_builder *builder, const struct node *node, bool negated,
                              uint32_t on_true, uint32_t on_false)
{
    if (node->kind == EXPRESSION_TEST) {
        if (!builder->plan->atoms[node->atom].by_route)
            return on_true;
        return negated ? emit(builder, node, on_false, on_true)
                       : emit(builder, node, on_true, on_false);
    }
    if (node->kind == EXPRESSION_NOT)
        return emit_on_route(builder, node->children[0], !negated, on_true, on_false);
    bool all = (node->kind == EXPRESSION_AND) != negated;
    uint32_t entry = all ? on_true : on_false;
    for (uint32_t i = node->count; i-- > 0;)
        entry = all ? emit_on_route(builder, node->children[i], negated, entry, on_false)
                    : emit_on_route(builder, node->children[i], negated, on_true, entry);
    return entry;
}

void plan_add_programs(struct plan_builder *builder)
{
    struct plan *plan = builder->plan;

    for (uint32_t i = 0; i < plan->variant_count; i++) {
        struct variant *variant = &plan->variants[i];
        sort_children(builder, variant->root);
        variant->program = emit_node(builder, variant->root, PROGRAM_TRUE, PROGRAM_FALSE);
        variant->on_route =
            emit_on_route(builder, variant->root, false, PROGRAM_TRUE, PROGRAM_FALSE);
    }
}
