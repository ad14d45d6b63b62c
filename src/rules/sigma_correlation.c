/* sigma_correlation.c - the `correlation` of a document (rows K1 to K17). */
#include "rules/sigma_correlation_priv.h"

#include "match/number.h"

#include <math.h>

#define ALIASES_MAX 64

static const char *const type_names[CORRELATION_TYPES] = {
    [CORRELATION_EVENT_COUNT] = "event_count",
    [CORRELATION_VALUE_COUNT] = "value_count",
    [CORRELATION_TEMPORAL] = "temporal",
    [CORRELATION_TEMPORAL_ORDERED] = "temporal_ordered",
    [CORRELATION_VALUE_SUM] = "value_sum",
    [CORRELATION_VALUE_AVG] = "value_avg",
    [CORRELATION_VALUE_PERCENTILE] = "value_percentile",
    [CORRELATION_VALUE_MEDIAN] = "value_median",
};

struct str correlation_type_name(enum correlation_type type)
{
    return str_from(type_names[type]);
}

bool correlation_is_temporal(const struct correlation *correlation)
{
    return correlation->type == CORRELATION_TEMPORAL ||
           correlation->type == CORRELATION_TEMPORAL_ORDERED;
}

bool correlation_is_numeric(const struct correlation *correlation)
{
    return correlation->type >= CORRELATION_VALUE_SUM;
}

static bool threshold_holds(const struct threshold *threshold, double number)
{
    switch (threshold->op) {
    case THRESHOLD_GT:
        return number > threshold->number;
    case THRESHOLD_GTE:
        return number >= threshold->number;
    case THRESHOLD_LT:
        return number < threshold->number;
    case THRESHOLD_LTE:
        return number <= threshold->number;
    case THRESHOLD_EQ:
        return number >= threshold->number && number <= threshold->number;
    case THRESHOLD_NEQ:
        return number < threshold->number || number > threshold->number;
    }
    return false;
}

bool correlation_holds(const struct correlation *correlation, double number)
{
    for (uint32_t i = 0; i < correlation->threshold_count; i++)
        if (!threshold_holds(&correlation->thresholds[i], number))
            return false;
    return true;
}

/* ---- its parts ---- */

static bool refuse_at(struct sigma_loading *loading, const struct yaml_node *node, const char *text)
{
    return sigma_refuse(loading, node->line, node->column, "%s", text);
}

/* A text or a list of texts, of at most `max`; NULL (and refused) if it is something else. */
static struct str *read_names(struct sigma_loading *loading, const struct yaml_node *node,
                              const char *what, uint32_t max, uint32_t *count)
{
    const struct yaml_member alone = {.value = (struct yaml_node *)(uintptr_t)node};
    const struct yaml_member *members = node->kind == YAML_SCALAR ? &alone : node->members;

    *count = node->kind == YAML_SCALAR ? 1 : node->count;
    if (*count > max) {
        sigma_refuse(loading, node->line, node->column, "'%s' has more than %u names", what, max);
        return NULL;
    }
    const struct yaml_node *wrong = node->kind == YAML_MAP || *count == 0 ? node : NULL;
    struct str *names = ARENA_ARRAY(loading->arena, struct str, *count);
    for (uint32_t i = 0; !wrong && i < *count; i++) {
        const struct yaml_node *name = members[i].value;
        if (yaml_is_text(name))
            names[i] = name->text;
        else
            wrong = name;
    }
    if (!wrong)
        return names;
    sigma_refuse(loading, wrong->line, wrong->column, "'%s' must be a list of names", what);
    return NULL;
}

static bool parse_type(struct sigma_loading *loading, struct correlation *correlation,
                       const struct yaml_node *map)
{
    const struct yaml_node *node = yaml_get(map, STR("type"));

    if (!node || !yaml_is_text(node))
        return refuse_at(loading, node ? node : map, "the correlation has no type");
    for (unsigned i = 0; i < CORRELATION_TYPES; i++) {
        if (str_eq(node->text, str_from(type_names[i]))) {
            correlation->type = (enum correlation_type)i;
            return true;
        }
    }
    return sigma_refuse(loading, node->line, node->column,
                        "the correlation type '%.*s' is not known", SHOWN(node->text));
}

static bool parse_rules(struct sigma_loading *loading, struct correlation *correlation,
                        const struct yaml_node *map)
{
    const struct yaml_node *node = yaml_get(map, STR("rules"));
    uint32_t max =
        correlation_is_temporal(correlation) ? CORRELATION_ORDERED_MAX : CORRELATION_MEMBERS_MAX;

    if (!node)
        return refuse_at(loading, map, "the correlation names no rules");
    const struct str *names = read_names(loading, node, "rules", max, &correlation->member_count);
    if (!names)
        return false;
    correlation->members =
        ARENA_ARRAY(loading->arena, struct correlation_member, correlation->member_count);
    for (uint32_t i = 0; i < correlation->member_count; i++) {
        const struct yaml_node *place = node->kind == YAML_LIST ? node->members[i].value : node;
        correlation->members[i] = (struct correlation_member){
            .reference = names[i], .line = place->line, .column = place->column};
    }
    return true;
}

bool correlation_timespan_parse(struct sigma_loading *loading, struct correlation *correlation,
                                const struct yaml_node *node)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1},      {'m', 60},      {'h', 3600},    {'d', 86400},
                 {'w', 604800}, {'M', 2629746}, {'y', 31556952}};
    const int64_t seconds_max = INT64_MAX / 1000000000 / 4; /* times may be added to it */
    struct str text = node->kind == YAML_SCALAR ? node->text : STR_EMPTY;
    uint64_t number;

    for (size_t i = 0; text.len > 1 && i < ARRAY_COUNT(units); i++) {
        if (text.at[text.len - 1] != units[i].unit ||
            !str_to_u64(str_slice(text, 0, text.len - 1), UINT64_MAX, &number))
            continue;
        if (number == 0)
            return refuse_at(loading, node, "the timespan is zero");
        if (number > (uint64_t)(seconds_max / units[i].seconds))
            return sigma_refuse(loading, node->line, node->column,
                                "the timespan '%.*s' is too long", SHOWN(text));
        correlation->timespan = text;
        correlation->timespan_ns = (int64_t)number * units[i].seconds * 1000000000;
        return true;
    }
    return sigma_refuse(loading, node->line, node->column,
                        "the timespan '%.*s' is not a number with one of s, m, h, d, w, M, y",
                        SHOWN(text));
}

/* ---- conditions ---- */

bool correlation_add_threshold(struct sigma_loading *loading, struct correlation *correlation,
                               enum threshold_op op, double number, uint32_t line, uint32_t column)
{
    if (correlation->threshold_count == ARRAY_COUNT(correlation->thresholds))
        return sigma_refuse(loading, line, column,
                            "the condition has more than two comparisons; two make a range");
    correlation->thresholds[correlation->threshold_count++] = (struct threshold){op, number};
    correlation->at_close |= op != THRESHOLD_GT && op != THRESHOLD_GTE;
    return true;
}

/* A whole number that something can be counted to. */
static bool is_count(double number)
{
    return number >= 0 && number <= 1e15 && number <= (double)(uint64_t)number;
}

static bool parse_threshold(struct sigma_loading *loading, struct correlation *correlation,
                            enum threshold_op op, const struct yaml_node *node)
{
    double number;

    if (node->kind != YAML_SCALAR || !number_parse(node->text, &number) || !isfinite(number))
        return refuse_at(loading, node, "the condition compares with something that is no number");
    if (!correlation_is_numeric(correlation) && !is_count(number))
        return sigma_refuse(loading, node->line, node->column,
                            "what is counted is compared with a whole number, not '%.*s'",
                            SHOWN(node->text));
    return correlation_add_threshold(loading, correlation, op, number, node->line, node->column);
}

static bool parse_percentile(struct sigma_loading *loading, struct correlation *correlation,
                             const struct yaml_node *node)
{
    if (correlation->type != CORRELATION_VALUE_PERCENTILE)
        return refuse_at(loading, node, "'percentile' belongs to value_percentile alone");
    if (node->kind != YAML_SCALAR || !number_parse(node->text, &correlation->percentile) ||
        !(correlation->percentile >= 0 && correlation->percentile <= 100))
        return refuse_at(loading, node, "'percentile' must be a number from 0 to 100");
    return true;
}

static bool parse_member(struct sigma_loading *loading, struct correlation *correlation,
                         const struct yaml_member *member)
{
    static const struct {
        const char *name;
        enum threshold_op op;
    } ops[] = {{"gt", THRESHOLD_GT},   {"gte", THRESHOLD_GTE}, {"lt", THRESHOLD_LT},
               {"lte", THRESHOLD_LTE}, {"eq", THRESHOLD_EQ},   {"neq", THRESHOLD_NEQ}};

    for (size_t i = 0; i < ARRAY_COUNT(ops); i++)
        if (str_eq(member->key, str_from(ops[i].name)))
            return parse_threshold(loading, correlation, ops[i].op, member->value);
    if (str_eq(member->key, STR("percentile")))
        return parse_percentile(loading, correlation, member->value);
    if (str_eq(member->key, STR("field"))) {
        correlation->value_fields = read_names(loading, member->value, "field",
                                               CORRELATION_FIELDS_MAX, &correlation->value_count);
        return correlation->value_fields != NULL;
    }
    return sigma_refuse(loading, member->key_line, member->key_column,
                        "'%.*s' is no part of a correlation's condition", SHOWN(member->key));
}

static bool parse_condition(struct sigma_loading *loading, struct correlation *correlation,
                            const struct yaml_node *map)
{
    const struct yaml_node *node = yaml_get(map, STR("condition"));

    if (!node)
        return true;
    if (yaml_is_text(node)) {
        if (!correlation_is_temporal(correlation))
            return sigma_refuse(loading, node->line, node->column,
                                "a condition over rule names belongs to the temporal types, not "
                                "to %s",
                                type_names[correlation->type]);
        return correlation_terms_parse(loading, correlation, node, node->text);
    }
    if (node->kind != YAML_MAP || node->count == 0)
        return refuse_at(loading, node, "'condition' must be a map such as {gte: 10}");
    for (uint32_t i = 0; i < node->count; i++)
        if (!parse_member(loading, correlation, &node->members[i]))
            return false;
    return true;
}

/* No number is within both. */
static bool is_empty_range(const struct correlation *correlation)
{
    const struct threshold *a = &correlation->thresholds[0], *b = &correlation->thresholds[1];

    if (correlation->threshold_count < 2)
        return false;
    if (correlation_holds(correlation, a->number) || correlation_holds(correlation, b->number))
        return false;
    double low = a->number < b->number ? a->number : b->number;
    double high = a->number < b->number ? b->number : a->number;
    return !correlation_holds(correlation, low / 2 + high / 2) &&
           !correlation_holds(correlation, high + 1) && !correlation_holds(correlation, low - 1);
}

static bool refuse_fields(struct sigma_loading *loading, const struct correlation *correlation,
                          uint32_t line, uint32_t column)
{
    const char *name = type_names[correlation->type];

    if (correlation->type == CORRELATION_EVENT_COUNT || correlation_is_temporal(correlation))
        return sigma_refuse(loading, line, column, "%s looks at no field", name);
    if (correlation->value_count == 0)
        return sigma_refuse(loading, line, column, "%s needs a field in its condition", name);
    return sigma_refuse(loading, line, column, "%s looks at one field alone", name);
}

bool correlation_complete(struct sigma_loading *loading, struct correlation *correlation,
                          uint32_t line, uint32_t column)
{
    bool temporal = correlation_is_temporal(correlation);
    uint32_t least = correlation->type == CORRELATION_EVENT_COUNT || temporal ? 0 : 1;
    uint32_t most = correlation->type == CORRELATION_VALUE_COUNT ? CORRELATION_FIELDS_MAX : least;

    if (correlation->timespan_ns == 0)
        return sigma_refuse(loading, line, column, "the correlation has no timespan");
    if (correlation->value_count < least || correlation->value_count > most)
        return refuse_fields(loading, correlation, line, column);
    if (!temporal && correlation->threshold_count == 0)
        return sigma_refuse(loading, line, column, "%s needs a condition such as {gte: 10}",
                            type_names[correlation->type]);
    if (correlation->type == CORRELATION_VALUE_PERCENTILE && correlation->percentile < 0)
        return sigma_refuse(loading, line, column,
                            "value_percentile needs 'percentile: N' in its condition: the "
                            "specification leaves open what it compares without it");
    if (correlation->type == CORRELATION_VALUE_MEDIAN)
        correlation->percentile = 50;
    if (is_empty_range(correlation))
        return sigma_refuse(loading, line, column, "no number can meet the condition");
    if (correlation->type == CORRELATION_TEMPORAL_ORDERED && correlation->threshold_count > 0)
        return correlation_terms_count(loading, correlation, line, column);
    if (temporal && correlation->threshold_count == 0 && correlation->term_count == 0) {
        correlation->terms = ARENA_NEW(loading->arena, struct correlation_term);
        correlation->terms[0].present = UINT64_MAX >> (64 - correlation->member_count);
        correlation->term_count = 1;
    }
    return true;
}

/* ---- fields ---- */

static bool parse_alias(struct sigma_loading *loading, struct correlation_alias *alias,
                        const struct yaml_member *member)
{
    const struct yaml_node *map = member->value;

    if (map->kind != YAML_MAP || map->count == 0 || map->count > CORRELATION_MEMBERS_MAX)
        return sigma_refuse(loading, member->key_line, member->key_column,
                            "the alias '%.*s' must be a map of rules to their fields",
                            SHOWN(member->key));
    *alias = (struct correlation_alias){
        .name = member->key, .line = member->key_line, .column = member->key_column};
    alias->references = ARENA_ARRAY(loading->arena, struct str, map->count);
    alias->fields = ARENA_ARRAY(loading->arena, struct str, map->count);
    alias->rules = ARENA_ARRAY(loading->arena, uint32_t, map->count);
    for (; alias->count < map->count; alias->count++) {
        const struct yaml_member *one = &map->members[alias->count];
        if (!yaml_is_text(one->value))
            return sigma_refuse(loading, one->key_line, one->key_column,
                                "the alias '%.*s' must name one field for '%.*s'",
                                SHOWN(member->key), SHOWN(one->key));
        alias->references[alias->count] = one->key;
        alias->fields[alias->count] = one->value->text;
    }
    return true;
}

static bool parse_aliases(struct sigma_loading *loading, struct correlation *correlation,
                          const struct yaml_node *map)
{
    const struct yaml_node *node = yaml_get(map, STR("aliases"));

    if (!node)
        return true;
    if (node->kind != YAML_MAP || node->count > ALIASES_MAX)
        return refuse_at(loading, node, "'aliases' must be a map of names, at most 64");
    correlation->aliases = ARENA_ARRAY(loading->arena, struct correlation_alias, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        if (!parse_alias(loading, &correlation->aliases[correlation->alias_count++],
                         &node->members[i]))
            return false;
    return true;
}

static bool parse_group(struct sigma_loading *loading, struct correlation *correlation,
                        const struct yaml_node *map)
{
    const struct yaml_node *node = yaml_get(map, STR("group-by"));

    if (!node || (node->kind == YAML_LIST && node->count == 0))
        return true;
    correlation->group_by =
        read_names(loading, node, "group-by", CORRELATION_FIELDS_MAX, &correlation->group_count);
    if (!correlation->group_by)
        return false;
    for (uint32_t i = 0; i < correlation->group_count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (str_eq(correlation->group_by[i], correlation->group_by[j]))
                return sigma_refuse(loading, node->line, node->column,
                                    "'group-by' names '%.*s' twice",
                                    SHOWN(correlation->group_by[i]));
    return true;
}

/* The specification has it under `correlation`, the schema at the root: both are read. */
static bool parse_generate(struct sigma_loading *loading, struct correlation *correlation,
                           const struct yaml_node *document, const struct yaml_node *map)
{
    const struct yaml_node *places[] = {yaml_get(document, STR("generate")),
                                        yaml_get(map, STR("generate"))};

    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        if (!places[i])
            continue;
        bool generate;
        if (!yaml_bool(places[i], &generate))
            return refuse_at(loading, places[i], "'generate' must be true or false");
        if (i > 0 && places[0] && generate != correlation->generate)
            return refuse_at(loading, places[i], "'generate' stands here twice and differs");
        correlation->generate = generate;
    }
    return true;
}

static bool check_keys(struct sigma_loading *loading, const struct yaml_node *map)
{
    static const char *const keys[] = {"type",      "rules",   "group-by", "timespan",
                                       "condition", "aliases", "generate"};

    for (uint32_t i = 0; i < map->count; i++) {
        bool known = false;
        for (size_t k = 0; k < ARRAY_COUNT(keys); k++)
            known |= str_eq(map->members[i].key, str_from(keys[k]));
        if (!known)
            return sigma_refuse(loading, map->members[i].key_line, map->members[i].key_column,
                                "'%.*s' is no part of a correlation", SHOWN(map->members[i].key));
    }
    return true;
}

bool correlation_parse(struct sigma_loading *loading, const struct yaml_node *document)
{
    const struct yaml_node *map = yaml_get(document, STR("correlation"));
    struct correlation *correlation = ARENA_NEW(loading->arena, struct correlation);
    const struct yaml_node *detection = yaml_get(document, STR("detection"));

    correlation->percentile = -1;
    loading->rule->correlation = correlation;
    if (map->kind != YAML_MAP)
        return refuse_at(loading, map, "'correlation' must be a map");
    if (detection)
        return refuse_at(loading, detection,
                         "a correlation has no detection of its own: it names rules");
    if (!check_keys(loading, map) || !parse_type(loading, correlation, map) ||
        !parse_rules(loading, correlation, map) || !parse_aliases(loading, correlation, map) ||
        !parse_group(loading, correlation, map) ||
        !parse_generate(loading, correlation, document, map))
        return false;
    const struct yaml_node *timespan = yaml_get(map, STR("timespan"));
    if (timespan && !correlation_timespan_parse(loading, correlation, timespan))
        return false;
    return parse_condition(loading, correlation, map) &&
           correlation_complete(loading, correlation, map->line, map->column);
}
