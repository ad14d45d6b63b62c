/* correlation_resolve.c - what correlations refer to (rows D8, K15, K18, K20): rules and fields,
 * and what follows for the rules. */
#include "rules/correlation_resolve.h"

#include "core/map.h"
#include "rules/sigma_correlation_priv.h"

#define ASKED_MAX 256 /* fields of one rule, by all correlations */
#define NOT_UNIQUE (MAP_NONE - 1)

enum progress { OPEN, READY, DONE };

struct resolving {
    struct rule_set *set;
    struct map ids, names;
    enum progress *progress; /* by rule: of its correlation */
};

/* Notes and refusals on a rule that was parsed before. */
static struct sigma_loading loading_of(struct rule_set *set, struct sigma_rule *rule)
{
    return (struct sigma_loading){.arena = set->arena, .rule = rule, .notes_max = rule->note_count};
}

static void add_key(struct map *map, struct str key, uint32_t rule)
{
    if (key.len > 0)
        map_set(map, key, map_find(map, key) == MAP_NONE ? rule : NOT_UNIQUE);
}

static void index_rules(struct resolving *r, struct arena *scratch)
{
    map_init(&r->ids, scratch);
    map_init(&r->names, scratch);
    for (uint32_t i = 0; i < r->set->count; i++) {
        const struct sigma_rule *rule = r->set->rules[i];
        if (rule->hidden)
            continue;
        add_key(&r->ids, rule->id, i);
        add_key(&r->names, rule->name, i);
    }
}

/* MAP_NONE: there is none; NOT_UNIQUE. */
static uint32_t find_rule(const struct resolving *r, struct str reference)
{
    uint32_t by_id = map_find(&r->ids, reference), by_name = map_find(&r->names, reference);

    if (by_id == MAP_NONE || by_id == by_name)
        return by_name;
    return by_name == MAP_NONE ? by_id : NOT_UNIQUE;
}

/* ---- rules ---- */

static bool find_member(struct resolving *r, struct sigma_loading *loading,
                        struct correlation_member *member)
{
    member->rule = find_rule(r, member->reference);
    if (member->rule == MAP_NONE)
        return sigma_refuse(loading, member->line, member->column,
                            "no rule has the id or name '%.*s'", SHOWN(member->reference));
    if (member->rule == NOT_UNIQUE)
        return sigma_refuse(loading, member->line, member->column,
                            "several rules have the id or name '%.*s'", SHOWN(member->reference));
    return true;
}

/* Those of Sigma 1 are over the rule itself and its parts, which stand behind it. */
static void find_members(struct resolving *r, uint32_t index)
{
    struct sigma_rule *rule = r->set->rules[index];
    struct correlation *correlation = rule->correlation;
    struct sigma_loading loading = loading_of(r->set, rule);

    for (uint32_t i = 0; i < correlation->member_count; i++) {
        if (correlation->translated)
            correlation->members[i].rule = index + i;
        else if (rule->state != RULE_LOADED || !find_member(r, &loading, &correlation->members[i]))
            break;
    }
    if (rule->state != RULE_LOADED || correlation->translated)
        r->progress[index] = DONE;
}

static bool refuse_member(const struct rule_set *set, struct sigma_loading *loading,
                          const struct correlation_member *member)
{
    if (set->rules[member->rule]->state != RULE_REFUSED)
        return true;
    return sigma_refuse(loading, member->line, member->column,
                        "the rule '%.*s' is refused, and its correlation with it",
                        SHOWN(member->reference));
}

static bool set_depth(struct resolving *r, struct sigma_loading *loading,
                      const struct correlation_member *member)
{
    const struct correlation *inner = r->set->rules[member->rule]->correlation;
    struct correlation *correlation = loading->rule->correlation;

    if (inner && inner->depth >= correlation->depth)
        correlation->depth = inner->depth + 1;
    return refuse_member(r->set, loading, member);
}

/* A rule that is listed twice counts once, but where each place needs an event of its own. */
static void join_repeated(struct sigma_loading *loading, struct correlation *correlation)
{
    if (correlation->type == CORRELATION_TEMPORAL_ORDERED)
        return;
    for (uint32_t i = 1; i < correlation->member_count; i++) {
        uint32_t first = 0;
        while (correlation->members[first].rule != correlation->members[i].rule)
            first++;
        if (first == i)
            continue;
        sigma_note(loading, NOTE_WARNING, correlation->members[i].line,
                   correlation->members[i].column,
                   "the rule '%.*s' is listed twice; it counts once",
                   SHOWN(correlation->members[i].reference));
        for (uint32_t t = 0; t < correlation->term_count; t++) {
            struct correlation_term *term = &correlation->terms[t];
            term->present |= (term->present >> i & 1) << first;
            term->absent |= (term->absent >> i & 1) << first;
            term->present &= ~(UINT64_C(1) << i);
            term->absent &= ~(UINT64_C(1) << i);
        }
    }
}

static bool needs_inert(const struct resolving *r, const struct correlation *correlation,
                        const struct correlation_term *term)
{
    for (uint32_t i = 0; i < correlation->member_count; i++)
        if (term->present >> i & 1 &&
            r->set->rules[correlation->members[i].rule]->state == RULE_INERT)
            return true;
    return false;
}

/* A correlation that can never be true since rules of it are inert is inert, too. */
static void check_inert(struct resolving *r, struct sigma_loading *loading,
                        struct correlation *correlation)
{
    const struct correlation_member *inert = NULL;
    uint32_t count = 0, terms = 0;

    for (uint32_t i = 0; i < correlation->member_count; i++) {
        if (r->set->rules[correlation->members[i].rule]->state != RULE_INERT)
            continue;
        inert = &correlation->members[i];
        count++;
    }
    for (uint32_t i = 0; i < correlation->term_count; i++)
        terms += needs_inert(r, correlation, &correlation->terms[i]);
    if (!inert || loading->rule->state != RULE_LOADED)
        return;
    bool never = count == correlation->member_count ||
                 (correlation->term_count > 0 && terms == correlation->term_count);
    if (!never) {
        sigma_note(loading, NOTE_WARNING, inert->line, inert->column,
                   "the rule '%.*s' is inert: the correlation can only see the others",
                   SHOWN(inert->reference));
        return;
    }
    loading->rule->state = RULE_INERT;
    loading->rule->reason = arena_printf(loading->arena, "it needs the rule '%.*s', which is inert",
                                         SHOWN(inert->reference));
    loading->rule->reason_line = inert->line;
    loading->rule->reason_column = inert->column;
}

/* ---- aliases ---- */

static bool is_member(const struct correlation *correlation, uint32_t rule)
{
    for (uint32_t i = 0; i < correlation->member_count; i++)
        if (correlation->members[i].rule == rule)
            return true;
    return false;
}

static const struct str *alias_field(const struct correlation_alias *alias, uint32_t rule)
{
    for (uint32_t i = 0; i < alias->count; i++)
        if (alias->rules[i] == rule)
            return &alias->fields[i];
    return NULL;
}

/* Of a correlation the alias may say nothing where that one has a field of this name itself. */
static bool check_alias(struct resolving *r, struct sigma_loading *loading,
                        struct correlation_alias *alias)
{
    const struct correlation *correlation = loading->rule->correlation;

    for (uint32_t i = 0; i < alias->count; i++) {
        alias->rules[i] = find_rule(r, alias->references[i]);
        if (!is_member(correlation, alias->rules[i]))
            return sigma_refuse(loading, alias->line, alias->column,
                                "the alias '%.*s' speaks of '%.*s', which is not listed",
                                SHOWN(alias->name), SHOWN(alias->references[i]));
    }
    for (uint32_t i = 0; i < correlation->member_count; i++) {
        const struct correlation_member *member = &correlation->members[i];
        if (!alias_field(alias, member->rule) && !r->set->rules[member->rule]->correlation)
            return sigma_refuse(loading, alias->line, alias->column,
                                "the alias '%.*s' names no field of '%.*s'", SHOWN(alias->name),
                                SHOWN(member->reference));
    }
    return true;
}

/* ---- one correlation ---- */

static bool resolve(struct resolving *r, struct sigma_loading *loading)
{
    struct correlation *correlation = loading->rule->correlation;

    for (uint32_t i = 0; i < correlation->member_count; i++)
        if (!set_depth(r, loading, &correlation->members[i]))
            return false;
    for (uint32_t i = 0; i < correlation->alias_count; i++)
        if (!check_alias(r, loading, &correlation->aliases[i]))
            return false;
    join_repeated(loading, correlation);
    check_inert(r, loading, correlation);
    return true;
}

/* The first member that is a correlation which was not resolved; NULL: there is none. */
static const struct correlation_member *find_open(const struct resolving *r, uint32_t index)
{
    const struct correlation *correlation = r->set->rules[index]->correlation;

    for (uint32_t i = 0; i < correlation->member_count; i++) {
        uint32_t rule = correlation->members[i].rule;
        if (r->set->rules[rule]->correlation && r->progress[rule] != DONE)
            return &correlation->members[i];
    }
    return NULL;
}

/* Marks those that are over nothing that is open. False: there is none. */
static bool find_ready(struct resolving *r)
{
    bool any = false;

    for (uint32_t i = 0; i < r->set->count; i++) {
        if (!r->set->rules[i]->correlation || r->progress[i] != OPEN || find_open(r, i))
            continue;
        r->progress[i] = READY;
        any = true;
    }
    return any;
}

static void resolve_ready(struct resolving *r)
{
    for (uint32_t i = 0; i < r->set->count; i++) {
        if (r->progress[i] != READY)
            continue;
        struct sigma_loading loading = loading_of(r->set, r->set->rules[i]);
        resolve(r, &loading);
        r->progress[i] = DONE;
    }
}

/* Those that are left stand in a circle, or upon one, or in a chain that is too long. */
static void refuse_rest(struct resolving *r, bool is_circle)
{
    for (uint32_t i = 0; i < r->set->count; i++) {
        struct sigma_rule *rule = r->set->rules[i];
        if (!rule->correlation || r->progress[i] == DONE)
            continue;
        struct sigma_loading loading = loading_of(r->set, rule);
        const struct correlation_member *member = find_open(r, i);
        if (is_circle)
            sigma_refuse(&loading, member->line, member->column,
                         "the correlations lead in a circle, by way of '%.*s'",
                         SHOWN(member->reference)); /* it is open, or this were ready */
        else
            sigma_refuse(&loading, rule->line, 1,
                         "more than %d correlations stand upon one another", CORRELATION_CHAIN_MAX);
    }
}

static void resolve_all(struct resolving *r)
{
    bool any;

    for (uint32_t i = 0; i < r->set->count; i++)
        if (r->set->rules[i]->correlation)
            find_members(r, i);
    any = find_ready(r);
    for (uint32_t depth = 0; depth < CORRELATION_CHAIN_MAX && any; depth++) {
        resolve_ready(r);
        any = find_ready(r);
    }
    refuse_rest(r, !any);
}

/* ---- fields ---- */

/* The place of a field among those that are asked of a rule; ASKED_MAX: there is no room. */
static uint32_t ask(struct rule_set *set, struct sigma_rule *rule, struct str name)
{
    for (uint32_t i = 0; i < rule->asked_count; i++)
        if (str_eq(rule->asked[i], name))
            return i;
    if (rule->asked_count == ASKED_MAX)
        return ASKED_MAX;
    if ((rule->asked_count & (rule->asked_count - 1)) == 0) { /* a power of two, or none */
        struct str *asked =
            ARENA_ARRAY(set->arena, struct str, rule->asked_count ? rule->asked_count * 2 : 1);
        for (uint32_t i = 0; i < rule->asked_count; i++)
            asked[i] = rule->asked[i];
        rule->asked = asked;
    }
    rule->asked[rule->asked_count] = name;
    return rule->asked_count++;
}

static struct str field_of(const struct correlation *correlation, struct str name, uint32_t rule)
{
    for (uint32_t i = 0; i < correlation->alias_count; i++) {
        const struct str *field = alias_field(&correlation->aliases[i], rule);
        if (str_eq(correlation->aliases[i].name, name) && field)
            return *field;
    }
    return name;
}

static bool ask_all(struct rule_set *set, const struct correlation *correlation,
                    const struct correlation_member *member, const struct str *names,
                    uint32_t count, uint32_t *places)
{
    struct sigma_rule *rule = set->rules[member->rule];

    for (uint32_t i = 0; i < count; i++) {
        places[i] = ask(set, rule, field_of(correlation, names[i], member->rule));
        if (places[i] == ASKED_MAX)
            return false;
    }
    return true;
}

static bool is_grouped_by(const struct correlation *correlation, struct str name)
{
    for (uint32_t i = 0; i < correlation->group_count; i++)
        if (str_eq(correlation->group_by[i], name))
            return true;
    return false;
}

/* What the correlation looks at, and what others ask of it that it does not know by itself. */
static bool ask_member(struct rule_set *set, const struct sigma_rule *rule,
                       struct correlation_member *member)
{
    const struct correlation *correlation = rule->correlation;

    if (!member->shared) {
        member->group = ARENA_ARRAY(set->arena, uint32_t, correlation->group_count);
        member->value = ARENA_ARRAY(set->arena, uint32_t, correlation->value_count);
        member->shared = ARENA_ARRAY(set->arena, uint32_t, ASKED_MAX);
    }
    if (!ask_all(set, correlation, member, correlation->group_by, correlation->group_count,
                 member->group) ||
        !ask_all(set, correlation, member, correlation->value_fields, correlation->value_count,
                 member->value))
        return false;
    for (uint32_t i = 0; i < rule->asked_count; i++) {
        member->shared[i] = CORRELATION_GROUPED;
        if (is_grouped_by(correlation, rule->asked[i]))
            continue;
        member->shared[i] = ask(set, set->rules[member->rule], rule->asked[i]);
        if (member->shared[i] == ASKED_MAX)
            return false;
    }
    return true;
}

static void ask_fields(struct rule_set *set, struct sigma_rule *rule)
{
    struct correlation *correlation = rule->correlation;
    struct sigma_loading loading = loading_of(set, rule);

    for (uint32_t i = 0; i < correlation->member_count; i++)
        if (!ask_member(set, rule, &correlation->members[i])) {
            sigma_refuse(&loading, rule->line, 1,
                         "correlations ask for more than %d fields of one rule", ASKED_MAX);
            return;
        }
}

/* ---- all of them ---- */

static bool is_live(const struct sigma_rule *rule)
{
    return rule->correlation && rule->state == RULE_LOADED;
}

/* What became of a rule after the correlation was resolved. */
static void check_member_states(struct rule_set *set, struct sigma_rule *rule)
{
    struct sigma_loading loading = loading_of(set, rule);

    for (uint32_t i = 0; i < rule->correlation->member_count; i++)
        if (!refuse_member(set, &loading, &rule->correlation->members[i]))
            return;
}

static void mark_members(struct rule_set *set, const struct correlation *correlation, bool generate)
{
    for (uint32_t i = 0; i < correlation->member_count; i++) {
        struct sigma_rule *rule = set->rules[correlation->members[i].rule];
        rule->correlated = true;
        /* that of a translated one speaks for its rule */
        if (correlation->generate == generate && (!correlation->translated || rule->hidden))
            rule->silent = !generate;
    }
}

void correlations_settle(struct rule_set *set)
{
    if (set->part)
        return;
    for (uint32_t depth = 0; depth < CORRELATION_CHAIN_MAX; depth++)
        for (uint32_t i = 0; i < set->count; i++)
            if (is_live(set->rules[i]) && set->rules[i]->correlation->depth == depth)
                check_member_states(set, set->rules[i]);
    for (uint32_t i = 0; i < set->count; i++)
        set->rules[i]->correlated = set->rules[i]->silent = false;
    for (int generate = 0; generate <= 1; generate++) /* one that generates is enough */
        for (uint32_t i = 0; i < set->count; i++)
            if (is_live(set->rules[i]))
                mark_members(set, set->rules[i]->correlation, generate == 1);
}

void correlation_ask(struct rule_set *set, struct sigma_rule *rule, struct str name)
{
    (void)ask(set, rule, name);
}

void correlations_pass_on(struct rule_set *set)
{
    for (uint32_t depth = CORRELATION_CHAIN_MAX; depth-- > 0;)
        for (uint32_t i = 0; i < set->count; i++)
            if (is_live(set->rules[i]) && set->rules[i]->correlation->depth == depth)
                ask_fields(set, set->rules[i]);
    correlations_settle(set);
}

void correlations_resolve(struct rule_set *set)
{
    struct resolving r = {.set = set};
    bool any = false;

    for (uint32_t i = 0; i < set->count && !any; i++)
        any = set->rules[i]->correlation != NULL;
    if (!any)
        return;
    struct arena *scratch = arena_new("references", (size_t)4 << 30);
    index_rules(&r, scratch);
    r.progress = ARENA_ARRAY(scratch, enum progress, set->count);
    resolve_all(&r);
    correlations_pass_on(set);
    arena_free(scratch);
}
