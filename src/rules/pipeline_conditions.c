/* pipeline_conditions.c - when an item of a pipeline is for a rule, an item of its detection, the
 * name of a field. */
#include "rules/pipeline_priv.h"

#include "match/number.h"

#include <stdio.h>

/* A condition that is being tested. */
struct question {
    struct drafting *drafting;
    const struct pipeline_condition *condition;
    const struct draft *item; /* NULL where it is about the rule */
    struct str field;
};

struct condition_row {
    const char *sort, *name, *keys;
    /* NULL: it has no keys of its own. */
    bool (*read)(struct pipeline_file *file, const struct yaml_node *node,
                 struct pipeline_condition *condition);
    /* One of both; of the values of an item any or all must meet it. */
    bool (*test)(const struct question *question);
    bool (*test_value)(const struct question *question, const struct yaml_node *value);
};

struct pipeline_condition {
    const struct condition_row *row;
    const struct pipeline *pipeline;
    const struct yaml_node *node, *value;
    struct str text; /* a field, a tag, an attribute */
    struct log_source source;
    struct node_list texts;
    const struct regex **regexes; /* one for each of `texts` */
    enum compare_op op;
    bool not_equal, membership;
    bool all, negate;
    uint32_t id;
};

/* ---- of rules ---- */

static bool read_source(struct pipeline_file *file, const struct yaml_node *node,
                        struct pipeline_condition *condition)
{
    return pipeline_source(file, node, &condition->source);
}

static bool is_met(struct str asked, struct str stated)
{
    return asked.len == 0 || str_eq_nocase(asked, stated);
}

static bool test_source(const struct question *question)
{
    const struct log_source *asked = &question->condition->source;
    const struct log_source *stated = &question->drafting->loading->rule->source;

    return is_met(asked->category, stated->category) && is_met(asked->product, stated->product) &&
           is_met(asked->service, stated->service);
}

static bool read_field(struct pipeline_file *file, const struct yaml_node *node,
                       struct pipeline_condition *condition)
{
    return pipeline_text(file, node, "field", &condition->text);
}

static bool read_value(struct pipeline_file *file, const struct yaml_node *node,
                       struct pipeline_condition *condition)
{
    condition->value = yaml_get(node, STR("value"));
    return (condition->value && condition->value->kind == YAML_SCALAR) ||
           pipeline_refuse(file, node->line, node->column, "'value' is missing, or no value");
}

static bool read_field_and_value(struct pipeline_file *file, const struct yaml_node *node,
                                 struct pipeline_condition *condition)
{
    return read_field(file, node, condition) && read_value(file, node, condition);
}

/* Whether a value of the item is the condition's, of the same kind. */
static bool is_value(const struct question *question, const struct yaml_node *value)
{
    static const struct draft plain = {.kind = DRAFT_ITEM};
    struct drafting *drafting = question->drafting;
    const struct yaml_node *asked = question->condition->value;
    enum scalar_kind kind = draft_value_kind(&plain, asked);
    double a, b;

    if (kind != draft_value_kind(question->item, value))
        return false;
    switch (kind) {
    case SCALAR_STRING:
        draft_value_text(question->item, value, &drafting->text);
        draft_value_text(&plain, asked, &drafting->other);
        return marked_equal(&drafting->text, &drafting->other);
    case SCALAR_NUMBER:
        return number_parse(asked->text, &a) && number_parse(value->text, &b) && a == b;
    case SCALAR_BOOL:
        return str_eq_nocase(asked->text, value->text);
    case SCALAR_NULL:
        return true;
    case SCALAR_OTHER:
        break;
    }
    return false;
}

static bool test_values(const struct question *question,
                        bool (*test)(const struct question *, const struct yaml_node *))
{
    struct node_list values;
    bool all = question->condition->all;

    draft_values(question->drafting, question->item, &values);
    for (uint32_t i = 0; i < values.count; i++)
        if (test(question, values.at[i]) != all)
            return !all;
    return all;
}

static bool contains(const struct question *question, const struct draft *draft)
{
    const struct pipeline_condition *condition = question->condition;
    const struct question own = {question->drafting, condition, draft, draft->key.field};

    if (draft->kind == DRAFT_ITEM)
        return draft->key.field.len > 0 && str_eq(draft->key.field, condition->text) &&
               (!condition->value || test_values(&own, is_value));
    for (uint32_t i = 0; i < draft->count; i++)
        if (contains(question, draft->parts[i]))
            return true;
    return false;
}

static bool test_contains(const struct question *question)
{
    const struct drafting *drafting = question->drafting;

    for (uint32_t i = 0; i < drafting->count; i++)
        if (drafting->identifiers[i].root && contains(question, drafting->identifiers[i].root))
            return true;
    return false;
}

static bool read_id(struct pipeline_file *file, const struct yaml_node *node,
                    struct pipeline_condition *condition)
{
    struct map *ids = &file->all->ids;
    struct str id;

    if (!pipeline_text(file, node, "processing_item_id", &id))
        return false;
    condition->id = map_find(ids, id);
    if (condition->id == MAP_NONE)
        map_set(ids, id, condition->id = ids->count);
    return true;
}

static bool test_applied(const struct question *question)
{
    return has_bit(question->item ? question->item->applied : question->drafting->applied,
                   question->condition->id);
}

static bool read_tag(struct pipeline_file *file, const struct yaml_node *node,
                     struct pipeline_condition *condition)
{
    return pipeline_text(file, node, "tag", &condition->text);
}

static bool test_tag(const struct question *question)
{
    const struct sigma_rule *rule = question->drafting->loading->rule;

    for (uint32_t i = 0; i < rule->tag_count; i++)
        if (str_eq(rule->tags[i], question->condition->text))
            return true;
    return false;
}

static bool test_is_rule(const struct question *question)
{
    return !yaml_get(question->drafting->document, STR("correlation"));
}

static bool test_is_correlation(const struct question *question)
{
    return !test_is_rule(question);
}

/* ---- attributes ---- */

static bool read_attribute(struct pipeline_file *file, const struct yaml_node *node,
                           struct pipeline_condition *condition)
{
    static const char *const names[] = {"eq", "ne", "gte", "gt", "lte", "lt", "in", "not_in"};
    static const enum compare_op ops[] = {COMPARE_EQ,  COMPARE_EQ, COMPARE_GTE, COMPARE_GT,
                                          COMPARE_LTE, COMPARE_LT, COMPARE_EQ,  COMPARE_EQ};
    const struct yaml_node *op = yaml_get(node, STR("op"));
    size_t at = 0;

    if (!pipeline_text(file, node, "attribute", &condition->text) ||
        !read_value(file, node, condition))
        return false;
    while (op && at < ARRAY_COUNT(names) && !str_eq(op->text, str_from(names[at])))
        at++;
    if (at == ARRAY_COUNT(names))
        return pipeline_refuse(file, op->line, op->column,
                               "'op' is one of eq, ne, gte, gt, lte, lt, in, not_in");
    condition->op = ops[at];
    condition->not_equal = at == 1 || at == 7;
    condition->membership = at >= 6;
    return true;
}

static bool is_member(const struct yaml_node *list, struct str text)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->members[i].value->kind == YAML_SCALAR &&
            str_eq(list->members[i].value->text, text))
            return true;
    return false;
}

static int place_in(const char *words, struct str word)
{
    struct str rest = str_from(words);

    for (int at = 0; rest.len > 0; at++)
        if (str_eq_nocase(str_cut(&rest, ' '), word))
            return at;
    return -1;
}

/* Levels and statuses by their order, dates as YYYY-MM-DD, numbers; false: they have no order. */
static bool ordered(struct str attribute, const struct yaml_node *value, struct str asked,
                    double *difference)
{
    const char *words = str_eq(attribute, STR("level")) ? "informational low medium high critical"
                        : str_eq(attribute, STR("status"))
                            ? "unsupported deprecated experimental test stable"
                            : NULL;
    double a, b;

    if (words) {
        int stated = place_in(words, value->text), wanted = place_in(words, asked);
        *difference = stated - wanted;
        return stated >= 0 && wanted >= 0;
    }
    if (str_eq(attribute, STR("date")) || str_eq(attribute, STR("modified"))) {
        *difference = str_compare(value->text, asked);
        return true;
    }
    if (!value->plain || !number_parse(value->text, &a) || !number_parse(asked, &b))
        return false;
    *difference = a - b;
    return true;
}

static bool test_attribute(const struct question *question)
{
    const struct pipeline_condition *condition = question->condition;
    const struct yaml_node *value = yaml_get(question->drafting->document, condition->text);
    struct str asked = condition->value->text;
    double difference = 0;

    if (!value || value->kind == YAML_MAP)
        return false;
    if (value->kind == YAML_LIST)
        return condition->membership ? is_member(value, asked) != condition->not_equal
                                     : condition->not_equal;
    if (condition->membership)
        return false;
    bool has_order = ordered(condition->text, value, asked, &difference);
    if (condition->op == COMPARE_EQ)
        return (has_order ? difference == 0 : str_eq(value->text, asked)) != condition->not_equal;
    if (!has_order)
        return false;
    return condition->op == COMPARE_GTE   ? difference >= 0
           : condition->op == COMPARE_GT  ? difference > 0
           : condition->op == COMPARE_LTE ? difference <= 0
                                          : difference < 0;
}

/* ---- of items ---- */

static bool read_cond(struct pipeline_file *file, const struct yaml_node *node,
                      struct pipeline_condition *condition)
{
    struct str cond;

    if (!pipeline_text(file, node, "cond", &cond))
        return false;
    condition->all = str_eq(cond, STR("all"));
    return condition->all || str_eq(cond, STR("any")) ||
           pipeline_refuse(file, node->line, node->column, "'cond' is 'any' or 'all'");
}

static bool read_regexes(struct pipeline_file *file, struct pipeline_condition *condition)
{
    condition->regexes =
        ARENA_ARRAY(file->all->arena, const struct regex *, condition->texts.count);
    for (uint32_t i = 0; i < condition->texts.count; i++)
        if (!pipeline_regex(file, condition->texts.at[i], &condition->regexes[i]))
            return false;
    return true;
}

static bool read_pattern(struct pipeline_file *file, const struct yaml_node *node,
                         struct pipeline_condition *condition)
{
    struct str pattern;

    if (!read_cond(file, node, condition) || !pipeline_text(file, node, "pattern", &pattern) ||
        !pipeline_flag(file, node, "negate", &condition->negate))
        return false;
    node_list_add(file->all->arena, &condition->texts, yaml_get(node, STR("pattern")));
    return read_regexes(file, condition);
}

/* One that gives up does not match, which is said. */
static bool begins_with(const struct question *question, uint32_t regex, struct str text)
{
    const struct pipeline_condition *condition = question->condition;
    struct sigma_loading *loading = question->drafting->loading;
    struct regex_span span;
    enum regex_answer answer =
        regex_find(condition->regexes[regex], question->drafting->all->scratch, text, 0, true,
                   false, &span, 1);

    if (answer == REGEX_GAVE_UP)
        sigma_refuse(loading, loading->rule->line, 1,
                     "the pipeline %.*s: the expression in line %u takes too many steps for it",
                     SHOWN(condition->pipeline->path), condition->texts.at[regex]->line);
    return answer == REGEX_YES;
}

static bool matches_pattern(const struct question *question, const struct yaml_node *value)
{
    struct marked *text = &question->drafting->text;
    bool string = draft_value_kind(question->item, value) == SCALAR_STRING;

    if (string)
        draft_value_text(question->item, value, text);
    return (string && begins_with(question, 0, buf_str(&text->bytes))) !=
           question->condition->negate;
}

static bool is_null(const struct question *question, const struct yaml_node *value)
{
    return draft_value_kind(question->item, value) == SCALAR_NULL;
}

static bool has_wildcard(const struct question *question, const struct yaml_node *value)
{
    struct marked *text = &question->drafting->text;

    if (draft_value_kind(question->item, value) != SCALAR_STRING)
        return false;
    draft_value_text(question->item, value, text);
    return str_find_byte(buf_str(&text->marks), MARK_WILDCARD) < text->marks.len;
}

static bool read_match_value(struct pipeline_file *file, const struct yaml_node *node,
                             struct pipeline_condition *condition)
{
    return read_cond(file, node, condition) && read_value(file, node, condition);
}

/* ---- of names of fields ---- */

static bool read_names(struct pipeline_file *file, const struct yaml_node *node,
                       struct pipeline_condition *condition)
{
    const struct yaml_node *mode = yaml_get(node, STR("mode"));
    bool expressions = mode && str_eq(mode->text, STR("re"));

    if (mode && !expressions && !str_eq(mode->text, STR("plain")))
        return pipeline_refuse(file, mode->line, mode->column, "'mode' is 'plain' or 're'");
    return pipeline_texts(file, node, "fields", &condition->texts) &&
           (!expressions || read_regexes(file, condition));
}

static bool test_names(const struct question *question)
{
    const struct pipeline_condition *condition = question->condition;
    struct str field = question->field;

    for (uint32_t i = 0; field.len > 0 && i < condition->texts.count; i++)
        if (condition->regexes ? begins_with(question, i, field)
                               : str_eq(field, condition->texts.at[i]->text))
            return true;
    return false;
}

static bool test_other_names(const struct question *question)
{
    return !test_names(question);
}

/* ---- all ---- */

#define RULE "rule"
#define ITEM "detection_item"
#define FIELD "field_name"

static const struct condition_row rows[] = {
    {RULE, "logsource", "category product service", read_source, test_source, NULL},
    {RULE, "contains_field", "field", read_field, test_contains, NULL},
    {RULE, "contains_detection_item", "field value", read_field_and_value, test_contains, NULL},
    {RULE, "processing_item_applied", "processing_item_id", read_id, test_applied, NULL},
    {RULE, "rule_attribute", "attribute value op", read_attribute, test_attribute, NULL},
    {RULE, "tag", "tag", read_tag, test_tag, NULL},
    {RULE, "is_sigma_rule", "", NULL, test_is_rule, NULL},
    {RULE, "is_sigma_correlation_rule", "", NULL, test_is_correlation, NULL},
    {ITEM, "match_string", "cond pattern negate", read_pattern, NULL, matches_pattern},
    {ITEM, "match_value", "cond value", read_match_value, NULL, is_value},
    {ITEM, "contains_wildcard", "cond", read_cond, NULL, has_wildcard},
    {ITEM, "is_null", "cond", read_cond, NULL, is_null},
    {ITEM, "processing_item_applied", "processing_item_id", read_id, test_applied, NULL},
    {FIELD, "include_fields", "fields mode", read_names, test_names, NULL},
    {FIELD, "exclude_fields", "fields mode", read_names, test_other_names, NULL},
    {FIELD, "processing_item_applied", "processing_item_id", read_id, test_applied, NULL},
};

static bool read_condition(struct pipeline_file *file, const struct yaml_node *node,
                           const char *sort, struct pipeline_condition *condition)
{
    struct str type;

    if (node->kind != YAML_MAP)
        return pipeline_refuse(file, node->line, node->column,
                               "a condition must be a map with a 'type'");
    if (!pipeline_text(file, node, "type", &type))
        return false;
    *condition = (struct pipeline_condition){.pipeline = file->pipeline, .node = node};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        if (strcmp(rows[i].sort, sort) == 0 && str_eq(type, str_from(rows[i].name)))
            condition->row = &rows[i];
    if (!condition->row)
        return pipeline_refuse(file, node->line, node->column,
                               "there is no %s condition '%.*s' here", sort, SHOWN(type));
    return pipeline_keys(file, node, condition->row->name, "type", condition->row->keys) &&
           (!condition->row->read || condition->row->read(file, node, condition));
}

/* `rule_cond_op` and its like. */
static bool read_operator(const struct pipeline_file *file, const struct yaml_node *item,
                          const char *sort, bool *any)
{
    char key[64];

    snprintf(key, sizeof(key), "%s_cond_op", sort);
    const struct yaml_node *op = yaml_get(item, str_from(key));
    *any = op && str_eq(op->text, STR("or"));
    return !op || *any || str_eq(op->text, STR("and")) ||
           pipeline_refuse(file, op->line, op->column, "'%s' is 'and' or 'or'", key);
}

bool conditions_read(struct pipeline_file *file, const struct yaml_node *item, const char *sort,
                     struct pipeline_conditions *conditions)
{
    char key[64];

    snprintf(key, sizeof(key), "%s_cond_not", sort);
    if (!read_operator(file, item, sort, &conditions->any) ||
        !pipeline_flag(file, item, key, &conditions->negated))
        return false;
    snprintf(key, sizeof(key), "%s_conditions", sort);
    const struct yaml_node *list = yaml_get(item, str_from(key));
    if (list && list->kind == YAML_SCALAR)
        return pipeline_refuse(file, list->line, list->column, "'%s' must be a list of conditions",
                               key);
    if ((conditions->any || conditions->negated) && (!list || list->count == 0))
        return pipeline_refuse(file, item->line, item->column,
                               "'%s_cond_op' and '%s_cond_not' need '%s'", sort, sort, key);
    conditions->count = list ? list->count : 0;
    conditions->at = ARENA_ARRAY(file->all->arena, struct pipeline_condition, conditions->count);
    for (uint32_t i = 0; i < conditions->count; i++)
        if (!read_condition(file, list->members[i].value, sort, &conditions->at[i]))
            return false;
    return true;
}

bool conditions_met(struct drafting *drafting, const struct pipeline_conditions *conditions,
                    const struct draft *item, struct str field)
{
    bool met = !conditions->any;

    for (uint32_t i = 0; i < conditions->count && met != conditions->any; i++) {
        const struct pipeline_condition *condition = &conditions->at[i];
        const struct condition_row *row = condition->row;
        const struct question question = {drafting, condition, item, field};
        met = row->test ? row->test(&question) : test_values(&question, row->test_value);
    }
    return met != conditions->negated;
}
