/* matcher_explain.c - which fields made a rule match: a walk down the condition of the variant
 * that did.
 *
 * The condition is known to be true, so every part of an AND is; only the parts of an OR have to
 * be tested. */
#include "rules/matcher_priv.h"

#include <stdlib.h>

struct explanation {
    struct matcher *matcher;
    struct event *event;
    const struct variant *variant;
    void (*visit)(void *context, const struct predicate *predicate, struct str rule_field,
                  struct value value);
    void *context;
    struct number_list fields; /* told so far, and with which values */
    const char **values;
    uint32_t values_capacity;
};

static uint16_t field_of(const struct variant *variant, struct str name)
{
    for (uint32_t i = 0; i < variant->name_count; i++)
        if (str_eq(variant->names[i], name))
            return variant->ids[i];
    return variant->keyword_field;
}

static struct atom atom_of(struct explanation *e, const struct predicate *predicate)
{
    struct atom atom = {.predicate = predicate, .field = field_of(e->variant, predicate->field)};

    if (predicate->kind == PREDICATE_FIELDREF)
        atom.other = field_of(e->variant, predicate->other);
    if (predicate->kind == PREDICATE_REGEX)
        atom.regex = plan_regex_find(e->matcher->plan, predicate, &e->matcher->key);
    return atom;
}

static bool is_told(const struct explanation *e, uint16_t field)
{
    for (uint32_t i = 0; field != e->variant->keyword_field && i < e->fields.count; i++)
        if (e->fields.at[i] == field)
            return true;
    return false;
}

static bool is_told_with(const struct explanation *e, uint16_t field, struct str value)
{
    for (uint32_t i = 0; i < e->fields.count; i++)
        if (e->fields.at[i] == field && e->values[i] == value.at)
            return true;
    return false;
}

/* The only value of a field must be the one that passed. */
static bool is_only_value(const struct event *event, const struct atom *atom, struct value *value)
{
    const struct event_field *field = atom_is_keyword(atom) ? NULL : event_find(event, atom->field);

    if (!field || field->next)
        return false;
    *value = field->value;
    return true;
}

/* `known`: the predicate is known to be true. */
static void tell(struct explanation *e, const struct predicate *predicate, bool known)
{
    struct atom atom = atom_of(e, predicate);
    struct value value = {STR_EMPTY, VALUE_NULL};

    if (!(known && is_only_value(e->event, &atom, &value)) &&
        !matcher_test(e->matcher, e->event, &atom, &value))
        return;
    if (is_told_with(e, atom.field, value.text))
        return;
    e->values = plan_grow(e->values, &e->values_capacity, e->fields.count, sizeof(*e->values));
    e->values[e->fields.count] = value.text.at;
    number_list_add(&e->fields, atom.field);
    e->visit(e->context, predicate, predicate->field, value);
}

static bool holds(struct explanation *e, const struct expression *expression)
{
    bool is_and = expression->kind == EXPRESSION_AND;

    if (expression->kind == EXPRESSION_TEST) {
        struct atom atom = atom_of(e, expression->test);
        return matcher_test(e->matcher, e->event, &atom, NULL);
    }
    if (expression->kind == EXPRESSION_NOT)
        return !holds(e, expression->children[0]);
    for (uint32_t i = 0; i < expression->count; i++)
        if (holds(e, expression->children[i]) != is_and)
            return !is_and;
    return is_and;
}

/* `known`: the expression is known to be true; else it is a test that may be. */
static void explain(struct explanation *e, const struct expression *expression, bool known)
{
    switch (expression->kind) {
    case EXPRESSION_TEST:
        tell(e, expression->test, known);
        break;
    case EXPRESSION_NOT:
        break;
    case EXPRESSION_AND:
        for (uint32_t i = 0; i < expression->count; i++)
            explain(e, expression->children[i], true);
        break;
    case EXPRESSION_OR:
        for (uint32_t i = 0; i < expression->count; i++) {
            const struct expression *child = expression->children[i];
            bool test = child->kind == EXPRESSION_TEST;
            if (test && is_told(e, field_of(e->variant, child->test->field)))
                continue; /* of a list of values one is enough */
            if (test || holds(e, child))
                explain(e, child, !test);
        }
        break;
    }
}

/* The variant by which the rule matched; NULL if it did not. */
static const struct variant *hit_variant(const struct matcher *matcher,
                                         const struct sigma_rule *rule)
{
    const struct plan *plan = matcher->plan;

    for (uint32_t i = 0; i < matcher->hit_count; i++) {
        const struct variant *variant = &plan->variants[matcher->hit_variants[i]];
        if (plan->set->rules[variant->rule] == rule)
            return variant;
    }
    return NULL;
}

bool matcher_holds(struct matcher *matcher, struct event *event, const struct sigma_rule *rule,
                   const struct expression *condition)
{
    struct explanation e = {
        .matcher = matcher, .event = event, .variant = hit_variant(matcher, rule)};
    uint64_t gave_up = matcher->counts.gave_up;

    return e.variant && holds(&e, condition) && matcher->counts.gave_up == gave_up;
}

void matcher_explain(struct matcher *matcher, struct event *event, const struct sigma_rule *rule,
                     void (*visit)(void *context, const struct predicate *predicate,
                                   struct str rule_field, struct value value),
                     void *context)
{
    struct explanation e = {.matcher = matcher,
                            .event = event,
                            .variant = hit_variant(matcher, rule),
                            .visit = visit,
                            .context = context};
    uint64_t gave_up = matcher->counts.gave_up; /* counted when the event was judged */

    if (e.variant)
        explain(&e, rule->detection, true);
    matcher->counts.gave_up = gave_up;
    number_list_free(&e.fields);
    free(e.values);
}
