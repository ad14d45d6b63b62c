/* plan_terms.c - joins "any of these values of one field" into one term, and numbers the terms.
 *
 * Long lists are the rule in Sigma, and many rules share them: as one term a list costs a
 * program one bit, however long it is. */
#include "rules/plan_priv.h"

#include "core/ensure.h"

#include <stdlib.h>

static uint32_t new_term(struct plan_builder *builder, uint16_t field, float chance)
{
    struct plan *plan = builder->plan;

    builder->terms = plan_grow(builder->terms, &builder->term_capacity, plan->term_count,
                               sizeof(*builder->terms));
    builder->terms[plan->term_count] = (struct term){field, chance};
    return plan->term_count++;
}

/* The term or lazy atom of a single test. */
static void number_test(struct plan_builder *builder, struct node *node)
{
    const struct atom *atom = &builder->plan->atoms[node->atom];
    uint32_t *term = &builder->term_of_atom[node->atom];

    node->lazy = !atom->eager;
    if (*term == NUMBER_NONE && atom->eager) {
        *term = new_term(builder, atom->field, atom->chance);
        number_list_add(&builder->terms_of_atom[node->atom], *term);
    } else if (*term == NUMBER_NONE) {
        *term = builder->lazy_atoms.count;
        number_list_add(&builder->lazy_atoms, node->atom);
    }
    node->term = *term;
}

static int order_numbers(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

    return one < other ? -1 : one > other;
}

static uint32_t distinct(uint32_t *numbers, uint32_t count)
{
    uint32_t kept = 0;

    qsort(numbers, count, sizeof(*numbers), order_numbers);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || numbers[i] != numbers[kept - 1])
            numbers[kept++] = numbers[i];
    return kept;
}

/* The term "any of these atoms", made if new. */
static uint32_t group_term(struct plan_builder *builder, uint32_t *atoms, uint32_t count)
{
    struct plan *plan = builder->plan;
    struct buf *key = &builder->key;
    float chance = 0;

    buf_reset(key);
    for (uint32_t i = 0; i < count; i++) {
        buf_add_u64(key, atoms[i]);
        buf_add_char(key, ' ');
        chance += plan->atoms[atoms[i]].chance;
    }
    ENSURE(!key->full);
    uint32_t term = map_find(&builder->term_ids, buf_str(key));
    if (term != MAP_NONE)
        return term;
    term = new_term(builder, plan->atoms[atoms[0]].field, chance < 1 ? chance : 1);
    map_set(&builder->term_ids, buf_str(key), term);
    for (uint32_t i = 0; i < count; i++)
        number_list_add(&builder->terms_of_atom[atoms[i]], term);
    return term;
}

/* Takes the eager tests of `field` out of the OR's children and puts one test in their place. */
static void group_field(struct plan_builder *builder, struct node *node, uint16_t field)
{
    const struct plan *plan = builder->plan;
    struct number_list atoms = {0};
    struct node *group = NULL;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < node->count; i++) {
        struct node *child = node->children[i];
        bool belongs = child->kind == EXPRESSION_TEST && child->term == NUMBER_NONE &&
                       plan->atoms[child->atom].eager && plan->atoms[child->atom].field == field;
        if (belongs)
            number_list_add(&atoms, child->atom);
        if (belongs && group)
            continue;
        if (belongs)
            group = child;
        node->children[kept++] = child;
    }
    node->count = kept;
    ENSURE(group && atoms.count > 0); /* the field is that of one of the children */
    uint32_t count = distinct(atoms.at, atoms.count);
    group->atom = atoms.at[0];
    if (count > 1)
        group->term = group_term(builder, atoms.at, count);
    else
        number_test(builder, group);
    number_list_free(&atoms);
}

/* Children that are ORs themselves give their children to this one. */
static void flatten(struct plan_builder *builder, struct node *node)
{
    uint32_t count = 0, at = 0;

    for (uint32_t i = 0; i < node->count; i++)
        count += node->children[i]->kind == EXPRESSION_OR ? node->children[i]->count : 1;
    if (count == node->count)
        return;
    struct node **children = ARENA_ARRAY(builder->scratch, struct node *, count);
    for (uint32_t i = 0; i < node->count; i++) {
        struct node *child = node->children[i];
        if (child->kind != EXPRESSION_OR)
            children[at++] = child;
        for (uint32_t j = 0; child->kind == EXPRESSION_OR && j < child->count; j++)
            children[at++] = child->children[j];
    }
    node->children = children;
    node->count = count;
}

static void flatten_all(struct plan_builder *builder, struct node *node)
{
    for (uint32_t i = 0; i < node->count; i++)
        flatten_all(builder, node->children[i]);
    if (node->kind == EXPRESSION_OR)
        flatten(builder, node);
}

static void number_node(struct plan_builder *builder, struct node *node)
{
    if (node->kind == EXPRESSION_OR) {
        for (uint32_t i = 0; i < node->count; i++) {
            const struct node *child = node->children[i];
            if (child->kind == EXPRESSION_TEST && child->term == NUMBER_NONE &&
                builder->plan->atoms[child->atom].eager)
                group_field(builder, node, builder->plan->atoms[child->atom].field);
        }
    }
    for (uint32_t i = 0; i < node->count; i++)
        number_node(builder, node->children[i]);
    if (node->kind == EXPRESSION_TEST && node->term == NUMBER_NONE)
        number_test(builder, node);
}

void plan_add_terms(struct plan_builder *builder)
{
    struct plan *plan = builder->plan;
    uint32_t count = plan->atom_count;

    builder->terms_of_atom = ARENA_ARRAY(builder->scratch, struct number_list, count);
    builder->term_of_atom = ARENA_ARRAY(builder->scratch, uint32_t, count);
    for (uint32_t i = 0; i < count; i++)
        builder->term_of_atom[i] = NUMBER_NONE;
    for (uint32_t i = 0; i < plan->variant_count; i++) {
        flatten_all(builder, plan->variants[i].root);
        number_node(builder, plan->variants[i].root);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct number_list *terms = &builder->terms_of_atom[i];
        plan->atoms[i].terms = plan_keep(builder, terms->at, terms->count);
        number_list_free(terms);
    }
    plan->lazy_count = builder->lazy_atoms.count;
    plan->lazy_atoms = ARENA_ARRAY(plan->arena, uint32_t, plan->lazy_count);
    for (uint32_t i = 0; i < plan->lazy_count; i++)
        plan->lazy_atoms[i] = builder->lazy_atoms.at[i];
}
