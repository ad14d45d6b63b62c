/* pipeline_values.c - transformations of values: other ones instead, and placeholders. */
#include "rules/pipeline_priv.h"

#include "match/number.h"

#define BIT(kind) ((uint64_t)1 << MODIFIER_##kind)
#define AFFIXES (BIT(CONTAINS) | BIT(STARTSWITH) | BIT(ENDSWITH))

enum change draft_change_values(struct drafting *drafting, const struct pipeline_item *item,
                                struct draft *draft)
{
    struct node_list values, changed = {0};
    bool any = false,
         whole = item->what->whole && draft->key.field.len > 0 && (draft->key.set & AFFIXES);

    draft_values(drafting, draft, &values);
    for (uint32_t i = 0; i < values.count; i++) {
        const struct yaml_node *value = values.at[i];
        const struct value_change change = {drafting, item, draft, value, &changed};
        enum change made = item->what->on_value(&change);
        if (made == CHANGE_NONE && whole && draft_value_kind(draft, value) == SCALAR_STRING) {
            draft_value_text(draft, value, &drafting->text);
            value = draft_marked(drafting, draft, value, &drafting->text);
        }
        if (made == CHANGE_NONE)
            node_list_add(drafting->trees, &changed, value);
        any |= made == CHANGE_MADE;
        if (made == CHANGE_REFUSED || !draft_has_room(drafting))
            return CHANGE_REFUSED;
        if (changed.count > RULE_VALUES_MAX) {
            sigma_refuse(drafting->loading, value->line, value->column,
                         "the pipelines make more than %d values of it", RULE_VALUES_MAX);
            return CHANGE_REFUSED;
        }
    }
    if (!any)
        return CHANGE_NONE;
    draft_set_values(drafting, draft, &changed);
    if (whole)
        draft_keep_modifiers(drafting, draft, ~AFFIXES);
    return CHANGE_MADE;
}

/* ---- map_string ---- */

struct string_mapping {
    struct map texts; /* -> index */
    struct node_list *targets;
};

static bool read_strings(struct pipeline_file *file, const struct yaml_node *node,
                         struct pipeline_item *item)
{
    struct string_mapping *strings = ARENA_NEW(file->all->arena, struct string_mapping);
    const struct yaml_node *mapping = pipeline_map(file, node, "mapping");

    if (!mapping)
        return false;
    map_init(&strings->texts, file->all->arena);
    strings->targets = ARENA_ARRAY(file->all->arena, struct node_list, mapping->count);
    for (uint32_t i = 0; i < mapping->count; i++) {
        const struct yaml_member *member = &mapping->members[i];
        if (!pipeline_scalars(file, member, &strings->targets[i]))
            return false;
        map_set(&strings->texts, member->key, i);
    }
    item->with = strings;
    return true;
}

static enum change map_value(const struct value_change *change)
{
    const struct string_mapping *strings = change->item->with;
    struct marked *text = &change->drafting->text;

    if (draft_value_kind(change->draft, change->value) != SCALAR_STRING)
        return CHANGE_NONE;
    draft_value_text(change->draft, change->value, text);
    uint32_t at = map_find(&strings->texts, buf_str(&text->bytes));
    if (at == MAP_NONE)
        return CHANGE_NONE;
    for (uint32_t i = 0; i < strings->targets[at].count; i++) {
        marked_reset(text);
        marked_add_sigma(text, strings->targets[at].at[i]->text, false);
        node_list_add(change->drafting->trees, change->to,
                      draft_marked(change->drafting, change->draft, change->value, text));
    }
    return CHANGE_MADE;
}

/* ---- set_value ---- */

static bool read_value(struct pipeline_file *file, const struct yaml_node *node,
                       struct pipeline_item *item)
{
    const struct yaml_node *value = yaml_get(node, STR("value"));
    const struct yaml_node *force = yaml_get(node, STR("force_type"));
    struct yaml_node *copy = ARENA_NEW(file->all->arena, struct yaml_node);
    bool number = force && str_eq(force->text, STR("num"));
    double parsed;

    if (!value || value->kind != YAML_SCALAR)
        return pipeline_refuse(file, node->line, node->column, "'value' must be one value");
    if (force && !number && !str_eq(force->text, STR("str")))
        return pipeline_refuse(file, force->line, force->column, "'force_type' is 'str' or 'num'");
    if (force && yaml_type_of(value) == YAML_NULL)
        return pipeline_refuse(file, force->line, force->column, "null cannot be forced to a type");
    if (number && !number_parse(value->text, &parsed))
        return pipeline_refuse(file, value->line, value->column, "'%.*s' is no number",
                               SHOWN(value->text));
    *copy = *value;
    if (force)
        copy->plain = number;
    item->with = copy;
    return true;
}

static enum change set_value(struct drafting *drafting, const struct pipeline_item *item,
                             struct draft **slot)
{
    struct draft *draft = *slot;
    const struct yaml_node *value = item->with;
    struct yaml_node *copy = ARENA_NEW(drafting->trees, struct yaml_node);

    *copy = *value;
    copy->line = draft->value->line;
    copy->column = draft->value->column;
    draft->value = copy;
    draft_keep_modifiers(drafting, draft, BIT(NEQ));
    return draft_has_room(drafting) ? CHANGE_MADE : CHANGE_REFUSED;
}

/* ---- placeholders ---- */

struct placeholder_names {
    struct node_list include, exclude; /* none: all */
};

static bool read_placeholders(struct pipeline_file *file, const struct yaml_node *node,
                              struct pipeline_item *item)
{
    struct placeholder_names *names = ARENA_NEW(file->all->arena, struct placeholder_names);
    const struct yaml_node *include = yaml_get(node, STR("include"));
    const struct yaml_node *exclude = yaml_get(node, STR("exclude"));

    item->with = names;
    if (include && exclude)
        return pipeline_refuse(file, node->line, node->column,
                               "'include' and 'exclude' exclude each other");
    return (!include || pipeline_texts(file, node, "include", &names->include)) &&
           (!exclude || pipeline_texts(file, node, "exclude", &names->exclude));
}

static bool is_among(const struct node_list *names, struct str name)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (str_eq(names->at[i]->text, name))
            return true;
    return false;
}

/* What stands for a placeholder; NULL: it stays. */
static const struct texts *find_values(const struct value_change *change, struct str name)
{
    static struct str star = STR_INIT("*");
    static const struct texts wildcard = {&star, 1};
    const struct placeholder_names *names = change->item->with;

    if (names->include.count ? !is_among(&names->include, name) : is_among(&names->exclude, name))
        return NULL;
    return change->item->what == &transformation_wildcard_placeholders
               ? &wildcard
               : pipelines_variable(change->drafting->all, name);
}

/* All texts that the value gives; false: nothing is filled in, or (refused) they are too many. */
static bool fill_in(const struct value_change *change, struct text_product *texts)
{
    struct str rest = change->value->text;
    bool any = false;

    text_product_init(texts, change->drafting->trees);
    while (rest.len > 0) {
        const struct texts *values = NULL;
        size_t len = placeholder_find(rest);
        if (len == 0) {
            len = placeholder_length(rest);
            values = find_values(change, str_slice(rest, 1, len - 1));
        }
        struct str part = str_slice(rest, 0, len);
        if (!text_product_add(texts, values ? values->at : &part, values ? values->count : 1))
            return sigma_refuse(change->drafting->loading, change->value->line,
                                change->value->column, "'%.*s' expands to more than %d values",
                                SHOWN(change->value->text), EXPANSIONS_MAX);
        any |= values != NULL;
        rest = str_slice(rest, len, rest.len);
    }
    return any;
}

static enum change fill_value(const struct value_change *change)
{
    struct drafting *drafting = change->drafting;
    struct text_product texts;

    if (!item_has(&change->draft->key, MODIFIER_EXPAND))
        return CHANGE_NONE;
    if (!fill_in(change, &texts))
        return drafting->loading->rule->state == RULE_REFUSED ? CHANGE_REFUSED : CHANGE_NONE;
    for (uint32_t i = 0; i < texts.count; i++)
        node_list_add(drafting->trees, change->to,
                      draft_scalar(drafting, change->value,
                                   arena_str(drafting->loading->arena, texts.at[i])));
    return CHANGE_MADE;
}

const struct transformation transformation_map_string = {.name = "map_string",
                                                         .keys = "mapping",
                                                         .read = read_strings,
                                                         .on_value = map_value,
                                                         .whole = true};
const struct transformation transformation_set_value = {
    .name = "set_value", .keys = "value force_type", .read = read_value, .on_item = set_value};
const struct transformation transformation_value_placeholders = {.name = "value_placeholders",
                                                                 .keys = "include exclude",
                                                                 .read = read_placeholders,
                                                                 .on_value = fill_value};
const struct transformation transformation_wildcard_placeholders = {.name = "wildcard_placeholders",
                                                                    .keys = "include exclude",
                                                                    .read = read_placeholders,
                                                                    .on_value = fill_value};
