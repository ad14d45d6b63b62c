/* pipeline_draft.c - a detection taken apart into items that pipelines can change, and put
 * together again.
 *
 * What the parser would refuse is left to it: such a detection has no draft. */
#include "rules/pipeline_priv.h"

#define BIT(kind) ((uint64_t)1 << MODIFIER_##kind)
/* Under these a value is no string that could be compared: an expression, a number, an encoding. */
#define NO_STRING                                                                                  \
    (BIT(RE) | BIT(CIDR) | BIT(EXISTS) | BIT(FIELDREF) | BIT(LT) | BIT(LTE) | BIT(GT) | BIT(GTE) | \
     BIT(MINUTE) | BIT(HOUR) | BIT(DAY) | BIT(WEEK) | BIT(MONTH) | BIT(YEAR) | BIT(BASE64) |       \
     BIT(BASE64OFFSET))

bool draft_has_room(struct drafting *drafting)
{
    struct sigma_loading *loading = drafting->loading;

    if (arena_used(loading->arena) <= loading->memory_max &&
        arena_used(drafting->trees) <= drafting->trees_max && !drafting->text.bytes.full &&
        !drafting->other.bytes.full)
        return true;
    return sigma_refuse(loading, loading->rule->line, 1,
                        "what the pipelines make of the rule takes too much memory");
}

/* ---- reading ---- */

static struct draft *new_draft(struct drafting *drafting, enum draft_kind kind)
{
    struct draft *draft = ARENA_NEW(drafting->trees, struct draft);

    draft->kind = kind;
    if (kind != DRAFT_ITEM || drafting->items++ < PIPELINE_RULE_ITEMS_MAX)
        return draft;
    sigma_refuse(drafting->loading, drafting->loading->rule->line, 1,
                 "the pipelines make more than %d items of the rule", PIPELINE_RULE_ITEMS_MAX);
    return NULL;
}

static bool is_scalars(const struct yaml_node *node)
{
    if (node->kind != YAML_LIST)
        return node->kind == YAML_SCALAR;
    for (uint32_t i = 0; i < node->count; i++)
        if (!is_scalars(node->members[i].value))
            return false;
    return node->count > 0;
}

static struct draft *keywords_of(struct drafting *drafting, const struct yaml_node *node)
{
    struct draft *item = new_draft(drafting, DRAFT_ITEM);

    if (!item)
        return NULL;
    item->bare = true;
    item->key = (struct item_key){.field = STR_NONE, .line = node->line, .column = node->column};
    item->value = node;
    return item;
}

static struct draft *item_of(struct drafting *drafting, const struct yaml_member *member)
{
    struct draft *item = new_draft(drafting, DRAFT_ITEM);

    if (!item || !is_scalars(member->value) ||
        !modifiers_parse(drafting->loading, member->key, member->key_line, member->key_column,
                         &item->key))
        return NULL;
    item->value = member->value;
    return item;
}

struct draft *draft_group(struct drafting *drafting, enum draft_kind kind, struct draft **parts,
                          uint32_t count)
{
    struct draft *group = new_draft(drafting, kind);

    group->parts = parts;
    group->count = count;
    return group;
}

struct draft *draft_of(struct drafting *drafting, const struct yaml_node *node)
{
    bool map = node->kind == YAML_MAP;

    if (is_scalars(node))
        return yaml_is_null(node) ? NULL : keywords_of(drafting, node);
    if (node->count == 0)
        return NULL;
    struct draft **parts = ARENA_ARRAY(drafting->trees, struct draft *, node->count);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_member *member = &node->members[i];
        parts[i] = map ? item_of(drafting, member) : draft_of(drafting, member->value);
        if (!parts[i])
            return NULL;
    }
    return draft_group(drafting, map ? DRAFT_ALL : DRAFT_ANY, parts, node->count);
}

static bool is_identifier(const struct yaml_member *member)
{
    return !str_eq(member->key, STR("condition")) && !str_eq(member->key, STR("timeframe"));
}

bool draft_read(struct drafting *drafting, const struct yaml_node *detection)
{
    if (!detection || detection->kind != YAML_MAP || detection->count > RULE_IDENTIFIERS_MAX)
        return false;
    drafting->identifiers = ARENA_ARRAY(drafting->trees, struct draft_identifier,
                                        detection->count + drafting->all->additions);
    for (uint32_t i = 0; i < detection->count; i++) {
        if (!is_identifier(&detection->members[i]))
            continue;
        struct draft *root = draft_of(drafting, detection->members[i].value);
        if (!root)
            return false;
        drafting->identifiers[drafting->count++].root = root;
    }
    drafting->own = drafting->count;
    return true;
}

struct draft *draft_copy(struct drafting *drafting, const struct draft *item)
{
    struct draft *copy = new_draft(drafting, DRAFT_ITEM);
    uint32_t words = drafting->all->ids.count / 64 + 1;

    if (!copy)
        return NULL;
    *copy = *item;
    if (item->applied)
        copy->applied = arena_copy(drafting->trees, item->applied, words * sizeof(*item->applied));
    return copy;
}

/* ---- items ---- */

void draft_rename(struct drafting *drafting, struct draft *item, struct str field)
{
    struct item_key *key = &item->key;
    struct str chain = str_slice(key->written, key->field.len, key->written.len);
    struct str parts[] = {field, chain};

    key->written = chain.len ? arena_join(drafting->loading->arena, parts, 2) : field;
    key->field = field;
}

void draft_keep_modifiers(struct drafting *drafting, struct draft *item, uint64_t kept)
{
    struct item_key *key = &item->key;
    struct str rest = str_slice(key->written, key->field.len + 1, key->written.len);
    struct str written = key->field;

    if (!(key->set & ~kept))
        return;
    key->set &= kept;
    while (rest.len > 0) {
        struct str parts[] = {written, STR("|"), str_cut(&rest, '|')};
        if (kept & modifier_bit(parts[2]))
            written = arena_join(drafting->loading->arena, parts, ARRAY_COUNT(parts));
    }
    key->written = written;
}

enum scalar_kind draft_value_kind(const struct draft *item, const struct yaml_node *value)
{
    enum yaml_type type = yaml_type_of(value);

    if (item->key.set & NO_STRING)
        return SCALAR_OTHER;
    if (type == YAML_NULL)
        return SCALAR_NULL;
    if (type == YAML_STRING || item->bare || (item->key.set & ~(BIT(ALL) | BIT(NEQ))))
        return SCALAR_STRING;
    return type == YAML_BOOL ? SCALAR_BOOL : SCALAR_NUMBER;
}

void draft_value_text(const struct draft *item, const struct yaml_node *value, struct marked *out)
{
    uint64_t set = item->key.field.len ? item->key.set : 0;
    bool before = set & (BIT(CONTAINS) | BIT(ENDSWITH));
    bool after = set & (BIT(CONTAINS) | BIT(STARTSWITH));

    marked_reset(out);
    if (before && (value->text.len == 0 || value->text.at[0] != '*'))
        marked_add(out, '*', MARK_WILDCARD);
    marked_add_sigma(out, value->text, item_has(&item->key, MODIFIER_EXPAND));
    size_t len = out->bytes.len;
    if (after &&
        (len == 0 || out->bytes.at[len - 1] != '*' || out->marks.at[len - 1] != MARK_WILDCARD))
        marked_add(out, '*', MARK_WILDCARD);
}

void node_list_add(struct arena *arena, struct node_list *list, const struct yaml_node *node)
{
    if (list->count == list->max) {
        uint32_t max = list->max ? list->max * 2 : 4;
        const struct yaml_node **grown = ARENA_ARRAY(arena, const struct yaml_node *, max);
        for (uint32_t i = 0; i < list->count; i++)
            grown[i] = list->at[i];
        list->at = grown;
        list->max = max;
    }
    list->at[list->count++] = node;
}

static void add_values(struct arena *arena, const struct yaml_node *node, struct node_list *out)
{
    if (node->kind == YAML_SCALAR)
        node_list_add(arena, out, node);
    for (uint32_t i = 0; i < node->count; i++)
        add_values(arena, node->members[i].value, out);
}

void draft_values(struct drafting *drafting, const struct draft *item, struct node_list *out)
{
    *out = (struct node_list){0};
    add_values(drafting->trees, item->value, out);
}

static struct yaml_node *copy_of(struct drafting *drafting, const struct yaml_node *node)
{
    struct yaml_node *copy = ARENA_NEW(drafting->trees, struct yaml_node);

    *copy = *node;
    return copy;
}

const struct yaml_node *draft_scalar(struct drafting *drafting, const struct yaml_node *place,
                                     struct str text)
{
    struct yaml_node *node = ARENA_NEW(drafting->trees, struct yaml_node);

    *node = (struct yaml_node){
        .kind = YAML_SCALAR, .line = place->line, .column = place->column, .text = text};
    return node;
}

const struct yaml_node *draft_marked(struct drafting *drafting, const struct draft *item,
                                     const struct yaml_node *place, const struct marked *text)
{
    return draft_scalar(
        drafting, place,
        marked_sigma(text, drafting->loading->arena, item_has(&item->key, MODIFIER_EXPAND)));
}

void draft_set_values(struct drafting *drafting, struct draft *item, const struct node_list *values)
{
    struct yaml_node *list = ARENA_NEW(drafting->trees, struct yaml_node);

    *list = (struct yaml_node){.kind = YAML_LIST,
                               .line = item->value->line,
                               .column = item->value->column,
                               .count = values->count};
    list->members = ARENA_ARRAY(drafting->trees, struct yaml_member, values->count);
    for (uint32_t i = 0; i < values->count; i++)
        list->members[i].value = copy_of(drafting, values->at[i]);
    item->value = values->count == 1 ? values->at[0] : list;
}

/* ---- writing ---- */

static struct yaml_node *write_node(struct drafting *drafting, const struct draft *draft);

/* An item becomes a member under its key, anything else one without a key. */
static struct yaml_member write_part(struct drafting *drafting, const struct draft *draft)
{
    const struct item_key *key = &draft->key;

    if (draft->kind == DRAFT_ITEM && !draft->bare)
        return (struct yaml_member){.key = key->written,
                                    .key_line = key->line,
                                    .key_column = key->column,
                                    .value = copy_of(drafting, draft->value)};
    return (struct yaml_member){.key = {sigma_no_key, 0}, .value = write_node(drafting, draft)};
}

static struct yaml_node *write_node(struct drafting *drafting, const struct draft *draft)
{
    bool item = draft->kind == DRAFT_ITEM;

    if (item && draft->bare)
        return copy_of(drafting, draft->value);
    struct yaml_node *node = ARENA_NEW(drafting->trees, struct yaml_node);
    node->kind = draft->kind == DRAFT_ANY ? YAML_LIST : YAML_MAP;
    node->count = item ? 1 : draft->count;
    node->members = ARENA_ARRAY(drafting->trees, struct yaml_member, node->count);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct draft *part = item ? draft : draft->parts[i];
        if (draft->kind == DRAFT_ANY)
            node->members[i].value = write_node(drafting, part);
        else
            node->members[i] = write_part(drafting, part);
        if (i == 0)
            node->line = part->kind == DRAFT_ITEM ? part->key.line : node->members[i].value->line;
    }
    node->column = 1;
    return node;
}

static void write_added(struct drafting *drafting)
{
    struct sigma_loading *loading = drafting->loading;
    struct added_condition *added =
        ARENA_ARRAY(drafting->trees, struct added_condition, drafting->count - drafting->own);

    loading->added = added;
    for (uint32_t i = drafting->own; i < drafting->count; i++) {
        const struct draft_identifier *from = &drafting->identifiers[i];
        if (from->root)
            added[loading->added_count++] = (struct added_condition){
                from->name, write_node(drafting, from->root), from->negated};
    }
}

const struct yaml_node *draft_write(struct drafting *drafting, const struct yaml_node *detection)
{
    struct yaml_node *node = ARENA_NEW(drafting->trees, struct yaml_node);
    uint32_t identifier = 0;

    *node = *detection;
    node->members = ARENA_ARRAY(drafting->trees, struct yaml_member, detection->count);
    for (uint32_t i = 0; i < detection->count; i++) {
        node->members[i] = detection->members[i];
        if (!is_identifier(&detection->members[i]))
            continue;
        const struct draft *root = drafting->identifiers[identifier++].root;
        node->members[i].value = root ? write_node(drafting, root) : NULL;
    }
    write_added(drafting);
    return node;
}
