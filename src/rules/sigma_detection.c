/* sigma_detection.c - search identifiers (rows G1 to G8), and the conditions over them. */
#include "core/limits.h"
#include "rules/sigma_priv.h"

const char sigma_no_key[1] = "";

static struct expression *parse_identifier(struct sigma_loading *loading,
                                           const struct yaml_node *node);

static struct expression *parse_map(struct sigma_loading *loading, const struct yaml_node *map)
{
    struct expression *all = expression_new(loading->arena, EXPRESSION_AND, map->count);

    if (map->count == 0) {
        sigma_refuse(loading, map->line, map->column, "an empty map says nothing; remove it");
        return NULL;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        const struct yaml_member *member = &map->members[i];
        struct item_key key;
        if (member->key.at == sigma_no_key) {
            all->children[i] = parse_identifier(loading, member->value);
            if (!all->children[i])
                return NULL;
            continue;
        }
        if (!modifiers_parse(loading, member->key, member->key_line, member->key_column, &key) ||
            !sigma_name_field(loading, key.field, member->key_line, member->key_column))
            return NULL;
        all->children[i] = item_parse(loading, &key, member->value);
        if (!all->children[i])
            return NULL;
        sigma_outline(loading, OUTLINE_ITEM, all->children[i], member->key, member->key_line,
                      member->key_column);
        if (loading->lint)
            lint_item(loading, &key, member->value);
    }
    return map->count == 1 ? all->children[0] : all;
}

static struct expression *parse_list(struct sigma_loading *loading, const struct yaml_node *list)
{
    struct expression *any = expression_new(loading->arena, EXPRESSION_OR, list->count);

    if (list->count == 0) {
        sigma_refuse(loading, list->line, list->column, "an empty list says nothing; remove it");
        return NULL;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        any->children[i] = parse_identifier(loading, list->members[i].value);
        if (!any->children[i])
            return NULL;
    }
    return list->count == 1 ? any->children[0] : any;
}

static struct expression *parse_identifier(struct sigma_loading *loading,
                                           const struct yaml_node *node)
{
    struct item_key keyword = {.line = node->line, .column = node->column};

    if (node->kind == YAML_MAP)
        return parse_map(loading, node);
    if (node->kind == YAML_LIST)
        return parse_list(loading, node);
    if (yaml_type_of(node) == YAML_NULL) {
        sigma_refuse(loading, node->line, node->column,
                     "a search identifier is empty; give it fields or words, or remove it");
        return NULL;
    }
    if (loading->lint)
        lint_item(loading, &keyword, node);
    return item_parse(loading, &keyword, node);
}

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = ascii_lower(name.at[i]);
        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'z') && c != '_' && c != '-')
            return false;
    }
    return name.len > 0;
}

/* Every condition is a query of its own; a rule reports once per event, so they are joined by
 * OR. */
static struct expression *parse_conditions(struct sigma_loading *loading,
                                           const struct yaml_node *condition,
                                           struct identifier *identifiers, uint32_t count)
{
    if (condition->kind == YAML_SCALAR) {
        struct expression *one = condition_parse(loading, condition, identifiers, count);
        sigma_outline(loading, OUTLINE_CONDITION, one, condition->text, condition->line,
                      condition->column);
        return one;
    }
    if (condition->kind == YAML_MAP || condition->count == 0) {
        sigma_refuse(loading, condition->line, condition->column,
                     "'condition' must be a text or a list of texts");
        return NULL;
    }
    struct expression *any = expression_new(loading->arena, EXPRESSION_OR, condition->count);
    for (uint32_t i = 0; i < condition->count; i++) {
        const struct yaml_node *one = condition->members[i].value;
        if (one->kind != YAML_SCALAR) {
            sigma_refuse(loading, one->line, one->column, "a condition must be a text");
            return NULL;
        }
        any->children[i] = condition_parse(loading, one, identifiers, count);
        if (!any->children[i])
            return NULL;
        sigma_outline(loading, OUTLINE_CONDITION, any->children[i], one->text, one->line,
                      one->column);
        if (loading->aggregated && condition->count > 1) {
            sigma_refuse(loading, one->line, one->column,
                         "an aggregation cannot stand in a list of conditions");
            return NULL;
        }
    }
    return condition->count == 1 ? any->children[0] : any;
}

/* What pipelines added must hold, too; NULL if it is refused or inert. */
static struct expression *join_added(struct sigma_loading *loading, struct expression *detection)
{
    uint32_t count = loading->added_count, values = loading->values;
    struct expression *all = expression_new(loading->arena, EXPRESSION_AND, count + 1);

    for (uint32_t i = 0; i < count; i++) {
        const struct added_condition *added = &loading->added[i];
        struct expression *own = parse_identifier(loading, added->identifier);
        if (!own)
            return NULL;
        sigma_outline(loading, OUTLINE_IDENTIFIER, own, added->name, loading->rule->line, 1);
        all->children[i] = added->negated ? expression_not(loading->arena, own) : own;
    }
    loading->rule->values += loading->values - values;
    all->children[count] = detection;
    return count > 0 ? all : detection;
}

static void note_unused(struct sigma_loading *loading, const struct identifier *identifiers,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (identifiers[i].expression && !identifiers[i].used)
            sigma_note(loading, NOTE_WARNING, identifiers[i].line, identifiers[i].column,
                       "no condition uses the search identifier '%.*s'",
                       SHOWN(identifiers[i].name));
}

bool detection_parse(struct sigma_loading *loading, const struct yaml_node *detection)
{
    const struct yaml_node *condition = NULL;
    uint32_t count = 0;
    bool inert = false;

    if (!detection || detection->kind != YAML_MAP)
        return sigma_refuse(loading, detection ? detection->line : loading->rule->line,
                            detection ? detection->column : 1,
                            "the rule has no detection: a map of search identifiers and a "
                            "condition");
    struct identifier *identifiers =
        ARENA_ARRAY(loading->arena, struct identifier, detection->count);
    for (uint32_t i = 0; i < detection->count; i++) {
        const struct yaml_member *member = &detection->members[i];
        if (str_eq(member->key, STR("condition"))) {
            condition = member->value;
            continue;
        }
        if (str_eq(member->key, STR("timeframe")))
            continue;
        if (count == RULE_IDENTIFIERS_MAX)
            return sigma_refuse(loading, member->key_line, member->key_column,
                                "the rule has more than %d search identifiers",
                                RULE_IDENTIFIERS_MAX);
        if (!is_name(member->key))
            sigma_note(loading, NOTE_LINT, member->key_line, member->key_column,
                       "'%.*s': names of search identifiers have letters, digits, '_' and '-' only",
                       SHOWN(member->key));
        uint32_t values = loading->values;
        identifiers[count].name = member->key;
        identifiers[count].line = member->key_line;
        identifiers[count].column = member->key_column;
        if (!member->value) {
            count++;
            continue;
        }
        identifiers[count].expression = parse_identifier(loading, member->value);
        if (!identifiers[count].expression && loading->rule->state == RULE_REFUSED)
            return false;
        if (!identifiers[count].expression) { /* goes on: the rest is checked all the same */
            inert = true;
            identifiers[count].expression = expression_new(loading->arena, EXPRESSION_OR, 0);
        }
        sigma_outline(loading, OUTLINE_IDENTIFIER, identifiers[count].expression, member->key,
                      member->key_line, member->key_column);
        identifiers[count].values = loading->values - values;
        count++;
    }
    if (!condition)
        return sigma_refuse(loading, detection->line, detection->column,
                            "the detection has no condition");
    struct expression *joined = parse_conditions(loading, condition, identifiers, count);
    if (joined)
        joined = join_added(loading, joined);
    loading->rule->detection = joined;
    if (!joined ||
        (loading->aggregated && !aggregation_parse(loading, detection, identifiers, count)))
        return false;
    if (loading->lint)
        note_unused(loading, identifiers, count);
    if (loading->aggregated)
        return !inert;
    const struct yaml_node *timeframe = yaml_get(detection, STR("timeframe"));
    if (timeframe)
        sigma_note(loading, NOTE_LINT, timeframe->line, timeframe->column,
                   "'timeframe' belongs to the aggregations of Sigma 1 and has no effect here");
    return !inert;
}
