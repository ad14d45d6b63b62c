/* filter.c - Sigma filters (rows F1 to F4): what they are, and which rules they narrow.
 *
 * A filter's condition is parsed like a rule's, among its own identifiers alone; then it is joined
 * to the detection of each rule that it is for by AND. Rules share the tree. */
#include "core/limits.h"
#include "core/map.h"
#include "match/regex.h"
#include "rules/sigma_priv.h"

struct sigma_filter *filter_add(struct rule_set *set, struct sigma_rule *head)
{
    struct sigma_filter *filter = ARENA_NEW(set->arena, struct sigma_filter);

    filter->head = head;
    if (set->filter_count == set->filter_capacity) {
        uint32_t capacity = set->filter_capacity ? set->filter_capacity * 2 : 16;
        struct sigma_filter **grown = ARENA_ARRAY(set->arena, struct sigma_filter *, capacity);
        for (uint32_t i = 0; i < set->filter_count; i++)
            grown[i] = set->filters[i];
        set->filters = grown;
        set->filter_capacity = capacity;
    }
    set->filters[set->filter_count++] = filter;
    return filter;
}

/* ---- loading ---- */

static bool is_any(struct str name)
{
    return str_eq_nocase(name, STR("any"));
}

/* `rules`: `any`, an empty list, a name, a list of names. */
static bool parse_rules(struct sigma_loading *loading, const struct yaml_node *node,
                        struct sigma_filter *filter)
{
    const struct yaml_node *rules = yaml_get(node, STR("rules"));

    if (!rules || yaml_is_null(rules))
        return sigma_refuse(loading, node->line, node->column,
                            "the filter does not say which rules it is for; list ids or names "
                            "under 'rules', or write 'rules: any'");
    if (rules->kind == YAML_MAP)
        return sigma_refuse(loading, rules->line, rules->column,
                            "'rules' must be 'any' or a list of ids and names of rules");
    filter->rules_line = rules->line;
    filter->rules_column = rules->column;
    filter->any = rules->kind == YAML_SCALAR ? is_any(rules->text) : rules->count == 0;
    filter->rules = ARENA_ARRAY(loading->arena, struct str, rules->count + 1);
    if (rules->kind == YAML_SCALAR)
        filter->rules[filter->rule_count++] = rules->text;
    for (uint32_t i = 0; i < rules->count; i++) {
        const struct yaml_node *rule = rules->members[i].value;
        if (rule->kind != YAML_SCALAR || yaml_type_of(rule) == YAML_NULL)
            return sigma_refuse(loading, rule->line, rule->column,
                                "a member of 'rules' must be the id or the name of a rule");
        filter->any |= is_any(rule->text);
        filter->rules[filter->rule_count++] = rule->text;
    }
    if (filter->any)
        filter->rule_count = 0;
    return true;
}

/* Whether some part of the condition takes events out. */
static bool is_negated(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_NOT)
        return true;
    for (uint32_t i = 0; i < expression->count; i++)
        if (is_negated(expression->children[i]))
            return true;
    return false;
}

void filter_load(struct rule_set *set, struct sigma_loading *loading,
                 const struct yaml_node *document)
{
    struct sigma_filter *filter = filter_add(set, loading->rule);
    const struct yaml_node *node = yaml_get(document, STR("filter"));
    struct sigma_rule *head = filter->head;

    loading->what = "filter";
    head_parse(loading, document);
    if (head->state != RULE_LOADED)
        return;
    if (node->kind != YAML_MAP) {
        sigma_refuse(loading, node->line, node->column,
                     "'filter' must be a map of rules, search identifiers and a condition");
        return;
    }
    const struct yaml_node *detection = map_without(set->arena, node, STR("rules"));
    if (!parse_rules(loading, node, filter) ||
        !rule_set_pipelines(set, loading, document, &detection) ||
        !detection_parse(loading, detection))
        return;
    const struct yaml_node *condition = yaml_get(node, STR("condition"));
    if (loading->aggregated) {
        sigma_refuse(loading, condition->line, condition->column, "a filter cannot aggregate");
        return;
    }
    if (!is_negated(head->detection))
        sigma_note(loading, NOTE_LINT, condition->line, condition->column,
                   "the condition is not negated: the rules report nothing but events that meet "
                   "it; to leave such events out write 'not ...'");
}

/* ---- joining ---- */

/* The rules of a set under what filters call them: chains of those called alike. */
struct rule_index {
    struct map ids, names;         /* -> the first rule */
    uint32_t *next_id, *next_name; /* by rule: the next one called so; MAP_NONE behind the last */
};

static void index_rule(struct map *map, uint32_t *next, struct str name, uint32_t rule)
{
    next[rule] = map_find(map, name);
    if (name.len > 0)
        map_set(map, name, rule);
}

static void index_rules(const struct rule_set *set, struct rule_index *index)
{
    map_init(&index->ids, set->arena);
    map_init(&index->names, set->arena);
    index->next_id = ARENA_ARRAY(set->arena, uint32_t, set->count);
    index->next_name = ARENA_ARRAY(set->arena, uint32_t, set->count);
    for (uint32_t i = set->count; i-- > 0;) {
        index_rule(&index->ids, index->next_id, set->rules[i]->id, i);
        index_rule(&index->names, index->next_name, set->rules[i]->name, i);
    }
}

static bool is_met(struct str asked, struct str stated)
{
    return asked.len == 0 || str_eq_nocase(asked, stated);
}

/* Each attribute that the filter states must be the rule's (row F3). */
static bool is_in_scope(const struct sigma_filter *filter, const struct sigma_rule *rule)
{
    const struct log_source *asked = &filter->head->stated_source, *stated = &rule->stated_source;

    return is_met(asked->category, stated->category) && is_met(asked->product, stated->product) &&
           is_met(asked->service, stated->service);
}

/* What is under way while one filter is put into rules. */
struct joining {
    struct rule_set *set;
    struct sigma_filter *filter;
    struct sigma_loading loading; /* for refusals and notes */
    uint32_t *chosen;             /* rules; room for all */
    uint32_t count;
    bool *is_chosen; /* by rule; cleared again behind each filter */
};

/* Correlations are not filtered: their rules are. */
static void choose(struct joining *joining, uint32_t index)
{
    const struct sigma_rule *rule = joining->set->rules[index];

    if (rule_is_correlation(rule) || joining->is_chosen[index] ||
        !is_in_scope(joining->filter, rule))
        return;
    joining->is_chosen[index] = true;
    joining->chosen[joining->count++] = index;
}

static bool choose_named(struct joining *joining, const struct rule_index *index, struct str name)
{
    const struct sigma_filter *filter = joining->filter;
    uint32_t rule = map_find(&index->ids, name), before = joining->count;
    bool found = rule != MAP_NONE;

    for (; rule != MAP_NONE; rule = index->next_id[rule])
        choose(joining, rule);
    rule = found ? MAP_NONE : map_find(&index->names, name);
    if (rule != MAP_NONE && index->next_name[rule] != MAP_NONE)
        return sigma_refuse(&joining->loading, filter->rules_line, filter->rules_column,
                            "several rules have the name '%.*s'; refer to them by their ids",
                            SHOWN(name));
    found |= rule != MAP_NONE;
    if (rule != MAP_NONE)
        choose(joining, rule);
    if (!found)
        sigma_note(&joining->loading, NOTE_WARNING, filter->rules_line, filter->rules_column,
                   "no rule is called '%.*s'", SHOWN(name));
    else if (joining->count == before)
        sigma_note(&joining->loading, NOTE_WARNING, filter->rules_line, filter->rules_column,
                   "the rule '%.*s' has another log source, or is named twice", SHOWN(name));
    return true;
}

static bool choose_rules(struct joining *joining, const struct rule_index *index)
{
    const struct sigma_filter *filter = joining->filter;

    for (uint32_t i = 0; filter->any && i < joining->set->count; i++)
        choose(joining, i);
    for (uint32_t i = 0; i < filter->rule_count; i++)
        if (!choose_named(joining, index, filter->rules[i]))
            return false;
    return true;
}

bool sigma_check_expressions(struct sigma_loading *loading, const struct expression *expression,
                             const char *what, uint32_t *expressions, uint32_t max)
{
    const struct predicate *test = expression->test;
    struct why why;

    for (uint32_t i = 0; i < expression->count; i++)
        if (!sigma_check_expressions(loading, expression->children[i], what, expressions, max))
            return false;
    if (expression->kind != EXPRESSION_TEST || test->kind != PREDICATE_REGEX)
        return true;
    if (++*expressions > max)
        return sigma_refuse(loading, test->line, test->column,
                            "the %s have more than %u regular expressions", what, max);
    if (regex_check(test->regex, test->regex_flags, &why))
        return sigma_refuse(loading, test->line, test->column,
                            "the regular expression cannot be compiled: %s", why.text);
    return true;
}

/* Whether the rules have room for the filter; *values is what filters have added so far. */
static bool has_room(struct joining *joining, uint64_t *values)
{
    const struct sigma_rule *head = joining->filter->head;
    uint64_t added = 0;

    for (uint32_t i = 0; i < joining->count; i++) {
        const struct sigma_rule *rule = joining->set->rules[joining->chosen[i]];
        if (rule->state != RULE_LOADED)
            continue;
        added += head->values;
        if (rule->values + head->values > RULE_VALUES_MAX)
            return sigma_refuse(&joining->loading, head->line, 1,
                                "with this filter the rule '%.*s' has more than %d values",
                                SHOWN(rule->id), RULE_VALUES_MAX);
    }
    if (*values + added > FILTERED_VALUES_MAX)
        return sigma_refuse(&joining->loading, head->line, 1,
                            "the filters add more than %d values to the rules in all",
                            FILTERED_VALUES_MAX);
    *values += added;
    return true;
}

/* Of the node; what is below it is shared. */
static struct expression *copy_of(struct arena *arena, const struct expression *expression)
{
    struct expression *copy = ARENA_NEW(arena, struct expression);

    *copy = *expression;
    return copy;
}

static void rename_parts(struct rule_outline *outline, uint32_t from, const struct expression *was,
                         const struct expression *is)
{
    for (uint32_t i = from; i < outline->count; i++)
        if (outline->parts[i].expression == was)
            outline->parts[i].expression = is;
}

/* The parts of rule and filter keep their names in the tree that was made of both. */
static void join_outlines(struct arena *arena, struct sigma_rule *rule,
                          const struct sigma_rule *head, const struct expression *both)
{
    struct rule_outline *outline = rule->outline;

    if (!outline)
        return;
    rename_parts(outline, 0, rule->detection, both->children[0]);
    uint32_t from = outline->count;
    for (uint32_t i = 0; head->outline && i < head->outline->count; i++)
        if (head->outline->parts[i].kind != OUTLINE_CONDITION)
            outline_add(arena, outline, &head->outline->parts[i]);
    rename_parts(outline, from, head->detection, both->children[1]);
    const struct outline_part part = {OUTLINE_FILTER, both->children[1],
                                      head->title.len ? head->title : head->id, head->line, 1};
    outline_add(arena, outline, &part);
}

static void join(struct joining *joining)
{
    struct sigma_filter *filter = joining->filter;
    struct arena *arena = joining->set->arena;

    for (uint32_t i = 0; i < joining->count; i++) {
        struct sigma_rule *rule = joining->set->rules[joining->chosen[i]];
        if (rule->state != RULE_LOADED)
            continue;
        struct expression *both = expression_new(arena, EXPRESSION_AND, 2);
        both->children[0] = copy_of(arena, rule->detection);
        both->children[1] = copy_of(arena, filter->head->detection);
        join_outlines(arena, rule, filter->head, both);
        rule->detection = both;
        rule->values += filter->head->values;
        rule->filters++;
        filter->changed++;
    }
    if (filter->changed == 0)
        sigma_note(&joining->loading, NOTE_WARNING, filter->head->line, 1,
                   "the filter changes no rule that is loaded");
}

void filters_apply(struct rule_set *set)
{
    struct joining joining = {.set = set};
    struct rule_index index;
    uint32_t expressions = 0;
    uint64_t values = 0;

    if (set->filter_count == 0)
        return;
    index_rules(set, &index);
    joining.chosen = ARENA_ARRAY(set->arena, uint32_t, set->count);
    joining.is_chosen = ARENA_ARRAY(set->arena, bool, set->count);
    for (uint32_t i = 0; i < set->filter_count; i++) {
        struct sigma_rule *head = set->filters[i]->head;
        if (head->state != RULE_LOADED)
            continue;
        joining.filter = set->filters[i];
        joining.loading = (struct sigma_loading){
            .arena = set->arena, .rule = head, .what = "filter", .notes_max = head->note_count};
        joining.count = 0;
        if (i >= FILTERS_MAX)
            sigma_refuse(&joining.loading, head->line, 1, "there are more than %d filters",
                         FILTERS_MAX);
        else if (choose_rules(&joining, &index) &&
                 sigma_check_expressions(&joining.loading, head->detection, "filters", &expressions,
                                         FILTER_EXPRESSIONS_MAX) &&
                 has_room(&joining, &values))
            join(&joining);
        for (uint32_t j = 0; j < joining.count; j++)
            joining.is_chosen[joining.chosen[j]] = false;
    }
}
