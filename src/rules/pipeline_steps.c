/* pipeline_steps.c - transformations of rules as a whole, and those that leave items out or refuse
 * them. */
#include "rules/pipeline_priv.h"

/* ---- add_condition ---- */

struct addition {
    const struct yaml_node *conditions;
    struct str name;
    bool template, negated;
};

/* What the loader of rules would refuse is refused here, where its place is known. */
static bool check_conditions(struct pipeline_file *file, const struct yaml_node *conditions)
{
    struct pipelines *all = file->all;
    struct sigma_rule rule = {.path = file->pipeline->path, .line = conditions->line};
    struct map fields;
    struct sigma_loading loading = {.arena = all->arena,
                                    .rule = &rule,
                                    .what = "condition",
                                    .memory_max = arena_used(all->arena) + RULE_FILE_MEMORY_MAX,
                                    .fields = &fields};
    struct yaml_node body = *conditions, condition = {.kind = YAML_SCALAR, .text = STR("added")};
    struct yaml_member members[] = {{.key = STR("added"), .value = &body},
                                    {.key = STR("condition"), .value = &condition}};
    const struct yaml_node detection = {
        .kind = YAML_MAP, .count = ARRAY_COUNT(members), .members = members};
    uint32_t expressions = 0;

    map_init(&fields, all->arena);
    bool good = detection_parse(&loading, &detection) &&
                sigma_check_expressions(&loading, rule.detection, "conditions", &expressions,
                                        RULE_EXPRESSIONS_MAX);
    return good || rule.state == RULE_INERT ||
           pipeline_refuse(file, rule.reason_line, rule.reason_column, "%.*s",
                           STR_ARG(rule.reason));
}

static bool read_condition(struct pipeline_file *file, const struct yaml_node *node,
                           struct pipeline_item *item)
{
    struct addition *addition = ARENA_NEW(file->all->arena, struct addition);

    item->with = addition;
    addition->conditions = pipeline_map(file, node, "conditions");
    addition->name = arena_str(file->all->texts, STR("_added"));
    file->all->additions++;
    return addition->conditions && check_conditions(file, addition->conditions) &&
           (!yaml_get(node, STR("name")) || pipeline_text(file, node, "name", &addition->name)) &&
           pipeline_flag(file, node, "template", &addition->template) &&
           pipeline_flag(file, node, "negated", &addition->negated);
}

/* What stands at a dollar sign, and its length; false: the sign is one. */
static bool take_name(struct str text, const struct log_source *source, struct str *part,
                      size_t *len)
{
    static const char *const names[] = {"$$",        "${category}", "${product}", "${service}",
                                        "$category", "$product",    "$service"};
    const struct str parts[] = {STR("$"),        source->category, source->product,
                                source->service, source->category, source->product,
                                source->service};

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        *len = strlen(names[i]);
        *part = parts[i];
        char next = *len < text.len ? text.at[*len] : ' ';
        bool goes_on = next == '_' || ascii_is_digit(next) ||
                       (ascii_lower(next) >= 'a' && ascii_lower(next) <= 'z');
        if ((i < 4 || !goes_on) && str_starts_with(text, str_from(names[i])))
            return true;
    }
    return false;
}

/* `$product` and `${product}` are the rule's, `$$` is a dollar sign. */
static struct str filled_in(struct drafting *drafting, struct str text)
{
    struct buf *out = &drafting->text.bytes;
    struct str part;
    size_t len;

    marked_reset(&drafting->text);
    while (text.len > 0) {
        if (!take_name(text, &drafting->loading->rule->source, &part, &len)) {
            len = 1;
            part = str_slice(text, 0, 1);
        }
        buf_add(out, part);
        text = str_slice(text, len, text.len);
    }
    return arena_str(drafting->loading->arena, buf_str(out));
}

/* The items are the rule's from here on, with its place. */
static void adopt(struct drafting *drafting, struct draft *root, bool template)
{
    uint32_t line = drafting->loading->rule->line;

    for (uint32_t i = 0; i < root->count; i++) {
        struct draft *item = root->parts[i];
        struct node_list values, own = {0};
        item->key.line = line;
        item->key.column = 1;
        draft_values(drafting, item, &values);
        for (uint32_t j = 0; j < values.count; j++) {
            struct yaml_node *value = ARENA_NEW(drafting->trees, struct yaml_node);
            *value = *values.at[j];
            value->line = line;
            value->column = 1;
            if (template && yaml_type_of(value) == YAML_STRING)
                value->text = filled_in(drafting, value->text);
            node_list_add(drafting->trees, &own, value);
        }
        draft_set_values(drafting, item, &own);
    }
}

static bool add_condition(struct drafting *drafting, const struct pipeline_item *item)
{
    const struct addition *addition = item->with;
    struct draft *root = draft_of(drafting, addition->conditions);

    if (!root || !draft_has_room(drafting))
        return false;
    adopt(drafting, root, addition->template);
    draft_mark(drafting, root, item);
    drafting->identifiers[drafting->count++] =
        (struct draft_identifier){root, addition->name, addition->negated};
    drafting->changed = true;
    return true;
}

/* ---- change_logsource ---- */

static bool read_source(struct pipeline_file *file, const struct yaml_node *node,
                        struct pipeline_item *item)
{
    struct log_source *source = ARENA_NEW(file->all->arena, struct log_source);

    item->with = source;
    return pipeline_source(file, node, source);
}

static bool change_source(struct drafting *drafting, const struct pipeline_item *item)
{
    const struct log_source *source = item->with;

    drafting->loading->rule->source = *source;
    drafting->changed = true;
    return true;
}

/* ---- drop_detection_item ---- */

static enum change drop(struct drafting *drafting, const struct pipeline_item *item,
                        struct draft **slot)
{
    (void)drafting;
    (void)item;
    *slot = NULL;
    return CHANGE_MADE;
}

/* ---- failures ---- */

static bool read_message(struct pipeline_file *file, const struct yaml_node *node,
                         struct pipeline_item *item)
{
    struct str *message = ARENA_NEW(file->all->arena, struct str);

    item->with = message;
    return pipeline_text(file, node, "message", message);
}

static bool fail(struct drafting *drafting, const struct pipeline_item *item, uint32_t line,
                 uint32_t column)
{
    const struct str *message = item->with;

    return sigma_refuse(drafting->loading, line, column, "the pipeline %.*s refuses it: %.*s",
                        SHOWN(item->pipeline->path), SHOWN(*message));
}

static bool fail_rule(struct drafting *drafting, const struct pipeline_item *item)
{
    return fail(drafting, item, drafting->loading->rule->line, 1);
}

static enum change fail_item(struct drafting *drafting, const struct pipeline_item *item,
                             struct draft **slot)
{
    fail(drafting, item, (*slot)->key.line, (*slot)->key.column);
    return CHANGE_REFUSED;
}

/* ---- nest ---- */

struct nest {
    struct pipeline_item *items;
    uint32_t count;
};

static bool read_nest(struct pipeline_file *file, const struct yaml_node *node,
                      struct pipeline_item *item)
{
    struct nest *nest = ARENA_NEW(file->all->arena, struct nest);
    const struct yaml_node *items = yaml_get(node, STR("items"));

    item->with = nest;
    if (!items)
        return pipeline_refuse(file, node->line, node->column, "'items' is missing");
    return pipeline_items(file, items, &nest->items, &nest->count);
}

static bool run_nest(struct drafting *drafting, const struct pipeline_item *item)
{
    const struct nest *nest = item->with;

    return pipeline_run(drafting, nest->items, nest->count);
}

const struct transformation transformation_add_condition = {.name = "add_condition",
                                                            .keys =
                                                                "conditions name template negated",
                                                            .read = read_condition,
                                                            .on_rule = add_condition};
const struct transformation transformation_change_logsource = {.name = "change_logsource",
                                                               .keys = "category product service",
                                                               .read = read_source,
                                                               .on_rule = change_source};
const struct transformation transformation_drop_detection_item = {
    .name = "drop_detection_item", .keys = "", .on_item = drop};
const struct transformation transformation_rule_failure = {
    .name = "rule_failure", .keys = "message", .read = read_message, .on_rule = fail_rule};
const struct transformation transformation_detection_item_failure = {.name =
                                                                         "detection_item_failure",
                                                                     .keys = "message",
                                                                     .read = read_message,
                                                                     .on_item = fail_item};
const struct transformation transformation_nest = {
    .name = "nest", .keys = "items", .read = read_nest, .on_rule = run_nest};
