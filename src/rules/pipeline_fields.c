/* pipeline_fields.c - transformations of field names: of items, and of fields that values name.
 *
 * One name may become several: the item then holds if it holds for one of them; one that asks for
 * something not to be there (`neq`, null, `exists: false`) if it holds for all. */
#include "rules/pipeline_priv.h"

/* Names that a name may become. */
struct targets {
    const struct str *at;
    uint32_t count; /* 0: it stays */
};

struct renaming {
    /* What a name becomes. */
    struct targets (*find)(struct drafting *drafting, const struct renaming *renaming,
                           struct str field);
    const struct yaml_node *mapping; /* from each of its keys ... */
    struct targets *targets;         /* ... to these */
    struct map names;                /* of these keys -> index */
    struct str before, behind;       /* prefix, suffix */
};

static bool read_targets(struct pipeline_file *file, const struct yaml_node *node, bool prefix,
                         struct targets *targets)
{
    uint32_t count = node->kind == YAML_SCALAR ? 1 : node->count;
    struct str *texts = ARENA_ARRAY(file->all->arena, struct str, count);

    if (node->kind == YAML_MAP || count == 0)
        return pipeline_refuse(file, node->line, node->column,
                               "a name becomes a name or a list of names");
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *name = node->kind == YAML_LIST ? node->members[i].value : node;
        bool empty = prefix && name->kind == YAML_SCALAR && name->text.len == 0;
        if (!empty && !pipeline_field(file, name, name->text))
            return false;
        texts[i] = name->text;
    }
    *targets = (struct targets){texts, count};
    return true;
}

static struct targets by_name(struct drafting *drafting, const struct renaming *renaming,
                              struct str field)
{
    uint32_t at = map_find(&renaming->names, field);

    (void)drafting;
    if (at == MAP_NONE)
        return (struct targets){0};
    return renaming->targets[at];
}

static struct targets by_prefix(struct drafting *drafting, const struct renaming *renaming,
                                struct str field)
{
    struct arena *arena = drafting->loading->arena;

    for (uint32_t i = 0; i < renaming->mapping->count; i++) {
        struct str prefix = renaming->mapping->members[i].key;
        if (!str_starts_with(field, prefix))
            continue;
        const struct targets *prefixes = &renaming->targets[i];
        struct str *names = ARENA_ARRAY(arena, struct str, prefixes->count);
        for (uint32_t j = 0; j < prefixes->count; j++) {
            struct str parts[] = {prefixes->at[j], str_slice(field, prefix.len, field.len)};
            names[j] = arena_join(arena, parts, ARRAY_COUNT(parts));
        }
        return (struct targets){names, prefixes->count};
    }
    return (struct targets){0};
}

static struct targets by_affix(struct drafting *drafting, const struct renaming *renaming,
                               struct str field)
{
    struct str *name = ARENA_NEW(drafting->loading->arena, struct str);
    struct str parts[] = {renaming->before, field, renaming->behind};

    *name = arena_join(drafting->loading->arena, parts, ARRAY_COUNT(parts));
    return (struct targets){name, 1};
}

static bool read_mapping(struct pipeline_file *file, const struct yaml_node *node,
                         struct pipeline_item *item)
{
    struct renaming *renaming = ARENA_NEW(file->all->arena, struct renaming);
    const struct yaml_node *mapping = pipeline_map(file, node, "mapping");
    bool prefix = item->what == &transformation_field_name_prefix_mapping;

    item->with = renaming;
    if (!mapping)
        return false;
    renaming->find = prefix ? by_prefix : by_name;
    renaming->mapping = mapping;
    renaming->targets = ARENA_ARRAY(file->all->arena, struct targets, mapping->count);
    map_init(&renaming->names, file->all->arena);
    for (uint32_t i = 0; i < mapping->count; i++) {
        const struct yaml_member *member = &mapping->members[i];
        struct str name = member->key;
        if (name.len == 0 || str_eq(name, STR("null")) || str_eq(name, STR("~")))
            return pipeline_refuse(file, member->key_line, member->key_column,
                                   "keywords cannot be given a field here");
        if (!read_targets(file, member->value, prefix, &renaming->targets[i]))
            return false;
        map_set(&renaming->names, name, i);
    }
    return true;
}

/* `prefix` or `suffix`, which is the only key. */
static bool read_affix(struct pipeline_file *file, const struct yaml_node *node,
                       struct pipeline_item *item)
{
    struct renaming *renaming = ARENA_NEW(file->all->arena, struct renaming);
    const char *key = item->what->keys;
    struct str *affix = strcmp(key, "prefix") == 0 ? &renaming->before : &renaming->behind;

    item->with = renaming;
    renaming->find = by_affix;
    return pipeline_text(file, node, key, affix) &&
           pipeline_field(file, yaml_get(node, str_from(key)), *affix);
}

/* None where the name does not meet the conditions of the pipeline's item. */
static struct targets targets_of(struct drafting *drafting, const struct pipeline_item *item,
                                 const struct draft *draft, struct str field)
{
    const struct renaming *renaming = item->with;

    if (field.len == 0 || !conditions_met(drafting, &item->field, draft, field))
        return (struct targets){0};
    return renaming->find(drafting, renaming, field);
}

/* ---- items ---- */

/* The fields that values name, under `fieldref`. */
static bool rename_values(struct drafting *drafting, const struct pipeline_item *item,
                          struct draft *draft)
{
    struct node_list values, renamed = {0};
    bool changed = false;

    if (!item_has(&draft->key, MODIFIER_FIELDREF))
        return false;
    draft_values(drafting, draft, &values);
    for (uint32_t i = 0; i < values.count; i++) {
        struct targets targets = targets_of(drafting, item, draft, values.at[i]->text);
        changed |= targets.count > 0;
        if (targets.count == 0)
            node_list_add(drafting->trees, &renamed, values.at[i]);
        for (uint32_t j = 0; j < targets.count; j++)
            node_list_add(drafting->trees, &renamed,
                          draft_scalar(drafting, values.at[i], targets.at[j]));
    }
    if (changed)
        draft_set_values(drafting, draft, &renamed);
    return changed;
}

/* Whether the item asks for something not to be there. */
static bool is_absence(struct drafting *drafting, const struct draft *item)
{
    struct node_list values;
    bool exists = item_has(&item->key, MODIFIER_EXISTS);

    if (item_has(&item->key, MODIFIER_NEQ))
        return true;
    draft_values(drafting, item, &values);
    for (uint32_t i = 0; i < values.count; i++) {
        enum yaml_type type = yaml_type_of(values.at[i]);
        bool absent = exists ? type == YAML_BOOL && ascii_lower(values.at[i]->text.at[0]) == 'f'
                             : type == YAML_NULL;
        if (!absent)
            return false;
    }
    return true;
}

static enum change rename_item(struct drafting *drafting, const struct pipeline_item *item,
                               struct draft **slot)
{
    struct draft *draft = *slot;
    struct targets targets = targets_of(drafting, item, draft, draft->key.field);
    bool changed = rename_values(drafting, item, draft);

    if (targets.count == 0)
        return changed ? CHANGE_MADE : CHANGE_NONE;
    if (!draft_has_room(drafting))
        return CHANGE_REFUSED;
    if (targets.count == 1) {
        draft_rename(drafting, draft, targets.at[0]);
        return CHANGE_MADE;
    }
    struct draft **parts = ARENA_ARRAY(drafting->trees, struct draft *, targets.count);
    for (uint32_t i = 0; i < targets.count; i++) {
        parts[i] = draft_copy(drafting, draft);
        if (!parts[i])
            return CHANGE_REFUSED;
        draft_rename(drafting, parts[i], targets.at[i]);
    }
    *slot = draft_group(drafting, is_absence(drafting, draft) ? DRAFT_ALL : DRAFT_ANY, parts,
                        targets.count);
    return CHANGE_MADE;
}

const struct transformation transformation_field_name_mapping = {
    .name = "field_name_mapping", .keys = "mapping", .read = read_mapping, .on_item = rename_item};
const struct transformation transformation_field_name_prefix_mapping = {
    .name = "field_name_prefix_mapping",
    .keys = "mapping",
    .read = read_mapping,
    .on_item = rename_item};
const struct transformation transformation_field_name_prefix = {
    .name = "field_name_prefix", .keys = "prefix", .read = read_affix, .on_item = rename_item};
const struct transformation transformation_field_name_suffix = {
    .name = "field_name_suffix", .keys = "suffix", .read = read_affix, .on_item = rename_item};
