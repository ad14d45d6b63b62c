/* correlated.c - see correlated.h. */
#include "rules/correlated.h"

#include "core/ensure.h"
#include "rules/correlation.h"
#include "rules/judge.h"

#include <stdlib.h>

#define ARENA_BYTES_MAX ((size_t)256 << 20)

struct correlated {
    const struct suppressions *suppressions;
    struct matcher *matcher;
    struct arena *arena, *event_arena, *scratch;
    struct field_dictionary fields; /* those that conditions name */
    struct taxonomy taxonomy;       /* empty: fields go by the correlation's names */
    struct event *event;            /* with what is known of the finding at hand */
    struct judge *judge;
    const struct correlated_finding *finding;
    bool has_event;
};

void correlated_entities(const struct correlation *correlation, uint32_t field, struct str value,
                         struct entities *entities)
{
    struct str name = correlation->group_by[field];

    entities_add(entities, name, value);
    for (uint32_t i = 0; i < correlation->alias_count; i++) {
        const struct correlation_alias *alias = &correlation->aliases[i];
        if (!str_eq(alias->name, name))
            continue;
        for (uint32_t reference = 0; reference < alias->count; reference++)
            entities_add(entities, alias->fields[reference], value);
    }
}

static void add_names(struct field_dictionary *fields, const struct expression *expression)
{
    for (uint32_t i = 0; i < expression->count; i++)
        add_names(fields, expression->children[i]);
    if (expression->kind != EXPRESSION_TEST)
        return;
    if (expression->test->field.len > 0)
        fields_add(fields, expression->test->field);
    if (expression->test->kind == PREDICATE_FIELDREF)
        fields_add(fields, expression->test->other);
}

struct correlated *correlated_new(const struct suppressions *suppressions, struct matcher *matcher)
{
    struct correlated *c = calloc(1, sizeof(*c));

    ENSURE(c);
    c->suppressions = suppressions;
    c->matcher = matcher;
    c->arena = arena_new("correlated fields", ARENA_BYTES_MAX);
    c->event_arena = arena_new("correlated event", ARENA_BYTES_MAX);
    c->scratch = arena_new("correlated accounts", ARENA_BYTES_MAX);
    fields_init(&c->fields, c->arena);
    for (uint32_t i = 0; i < suppressions->count; i++)
        if (suppressions->at[i].when)
            add_names(&c->fields, suppressions->at[i].when);
    fields_freeze(&c->fields);
    c->event = event_new(&c->fields, c->event_arena);
    c->judge = judge_new(&c->taxonomy);
    return c;
}

void correlated_free(struct correlated *c)
{
    if (!c)
        return;
    judge_free(c->judge);
    event_free(c->event);
    arena_free(c->scratch);
    arena_free(c->event_arena);
    arena_free(c->arena);
    free(c);
}

/* ---- conditions ---- */

static const struct event_field *known(const struct correlated *c, struct str name)
{
    uint16_t id = fields_find(&c->fields, name);

    return id == FIELD_NONE ? NULL : event_find(c->event, id);
}

static void add_known(struct correlated *c, struct str name, struct str value)
{
    uint16_t id = fields_find(&c->fields, name);

    if (id != FIELD_NONE && value.at && !event_find(c->event, id))
        event_add_id(c->event, id, value_string(value));
}

static void fill_event(struct correlated *c)
{
    const struct correlated_finding *finding = c->finding;
    const struct correlation *correlation = finding->rule->correlation;

    event_reset(c->event);
    for (uint32_t i = 0; i < correlation->group_count; i++)
        add_known(c, correlation->group_by[i], finding->group[i]);
    for (uint32_t i = 0; i < finding->rule->asked_count; i++)
        add_known(c, finding->rule->asked[i], finding->shared[i]);
    judge_begin(c->judge, c->event);
    c->has_event = true;
}

/* Whether all fields that it names are known. */
static bool can_tell(const struct correlated *c, const struct expression *condition)
{
    const struct predicate *test = condition->test;

    for (uint32_t i = 0; i < condition->count; i++)
        if (!can_tell(c, condition->children[i]))
            return false;
    return condition->kind != EXPRESSION_TEST ||
           (test->field.len > 0 && known(c, test->field) &&
            (test->kind != PREDICATE_FIELDREF || known(c, test->other)));
}

static bool holds(void *context, const struct expression *condition)
{
    struct correlated *c = context;
    uint64_t gave_up = judge_gave_up(c->judge);

    if (!c->has_event)
        fill_event(c);
    return can_tell(c, condition) && judge_condition(c->judge, condition) &&
           judge_gave_up(c->judge) == gave_up;
}

/* ---- accounts ---- */

static const struct str *accounts_of(void *context, uint32_t *count)
{
    struct correlated *c = context;
    const struct correlated_finding *finding = c->finding;
    const struct correlation *correlation = finding->rule->correlation;
    struct entities entities = {.arena = c->scratch};

    arena_reset(c->scratch);
    for (uint32_t i = 0; i < correlation->group_count; i++)
        correlated_entities(correlation, i, finding->group[i], &entities);
    for (uint32_t i = 0; i < finding->rule->asked_count; i++)
        if (finding->shared[i].at)
            entities_add(&entities, finding->rule->asked[i], finding->shared[i]);
    *count = entities.lists[ENTITY_ACCOUNT].count;
    return entities.lists[ENTITY_ACCOUNT].at;
}

uint32_t correlated_suppression(struct correlated *c, const struct correlated_finding *finding)
{
    const struct suppression_case match = {.matcher = c->matcher,
                                           .rule = finding->rule,
                                           .host = finding->host,
                                           .holds = holds,
                                           .accounts = accounts_of,
                                           .context = c};

    c->finding = finding;
    c->has_event = false;
    return suppressions_find(c->suppressions, &match);
}
