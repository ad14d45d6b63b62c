/* pipeline.c - all pipelines, and a rule's way through them. */
#include "rules/pipeline_priv.h"

#define ARENA_BYTES_MAX ((size_t)4 << 30)

struct pipelines *pipelines_new(struct arena *texts)
{
    struct arena *arena = arena_new("pipelines", ARENA_BYTES_MAX);
    struct pipelines *all = ARENA_NEW(arena, struct pipelines);

    all->arena = arena;
    all->texts = texts;
    map_init(&all->ids, arena);
    all->scratch = regex_scratch_new();
    marked_init(&all->text);
    marked_init(&all->other);
    return all;
}

void pipelines_free(struct pipelines *all)
{
    if (!all)
        return;
    for (const struct owned_regex *owned = all->owned; owned; owned = owned->next)
        regex_free(owned->regex);
    regex_scratch_free(all->scratch);
    marked_free(&all->text);
    marked_free(&all->other);
    arena_free(all->arena);
}

const struct pipeline_use *pipelines_uses(const struct pipelines *all, struct arena *arena,
                                          uint32_t *count)
{
    *count = 0;
    for (const struct pipeline *one = all->first; one; one = one->next)
        ++*count;
    struct pipeline_use *uses = ARENA_ARRAY(arena, struct pipeline_use, *count), *use = uses;
    for (const struct pipeline *one = all->first; one; one = one->next)
        *use++ = (struct pipeline_use){one->path, one->changed};
    return uses;
}

const struct texts *pipelines_variable(const struct pipelines *all, struct str name)
{
    const struct texts *values = NULL;

    for (const struct pipeline *one = all->first; one; one = one->next) {
        uint32_t at = map_find(&one->vars, name);
        if (at != MAP_NONE)
            values = &one->values[at];
    }
    return values;
}

/* ---- items ---- */

static void set_bit(struct drafting *drafting, uint64_t **bits, uint32_t at)
{
    if (!*bits)
        *bits = ARENA_ARRAY(drafting->trees, uint64_t, drafting->all->ids.count / 64 + 1);
    (*bits)[at / 64] |= (uint64_t)1 << (at % 64);
}

static uint32_t id_of(const struct drafting *drafting, const struct pipeline_item *item)
{
    return item->id.len ? map_find(&drafting->all->ids, item->id) : MAP_NONE;
}

void draft_mark(struct drafting *drafting, struct draft *draft, const struct pipeline_item *item)
{
    uint32_t id = id_of(drafting, item);

    if (id != MAP_NONE && draft->kind == DRAFT_ITEM)
        set_bit(drafting, &draft->applied, id);
    for (uint32_t i = 0; i < draft->count; i++)
        draft_mark(drafting, draft->parts[i], item);
}

/* Whether the item's field meets the conditions, or one that it names in a value. */
static bool meets_names(struct drafting *drafting, const struct pipeline_item *item,
                        const struct draft *draft)
{
    struct node_list values;

    if (conditions_met(drafting, &item->field, draft, draft->key.field))
        return true;
    if (!item_has(&draft->key, MODIFIER_FIELDREF))
        return false;
    draft_values(drafting, draft, &values);
    for (uint32_t i = 0; i < values.count; i++)
        if (conditions_met(drafting, &item->field, draft, values.at[i]->text))
            return true;
    return false;
}

static bool is_refused(const struct drafting *drafting)
{
    return drafting->loading->rule->state == RULE_REFUSED;
}

static bool run_on_item(struct drafting *drafting, const struct pipeline_item *item,
                        struct draft **slot)
{
    if (!conditions_met(drafting, &item->item, *slot, STR_NONE) ||
        !meets_names(drafting, item, *slot))
        return !is_refused(drafting);
    enum change change = item->what->on_item ? item->what->on_item(drafting, item, slot)
                                             : draft_change_values(drafting, item, *slot);
    if (change == CHANGE_MADE && *slot)
        draft_mark(drafting, *slot, item);
    drafting->changed |= change == CHANGE_MADE;
    return change != CHANGE_REFUSED && !is_refused(drafting);
}

static bool run_on_draft(struct drafting *drafting, const struct pipeline_item *item,
                         struct draft **slot, uint32_t depth);

/* A group in a group of its kind is taken into it, so that names which become several again and
 * again nest no deeper. */
static void take_over(struct drafting *drafting, struct draft *group, struct draft **parts,
                      uint32_t count)
{
    uint32_t total = 0;

    for (uint32_t i = 0; i < count; i++)
        total += !parts[i] ? 0 : parts[i]->kind == group->kind ? parts[i]->count : 1;
    group->parts = ARENA_ARRAY(drafting->trees, struct draft *, total);
    group->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool alike = parts[i] && parts[i]->kind == group->kind;
        for (uint32_t j = 0; alike && j < parts[i]->count; j++)
            group->parts[group->count++] = parts[i]->parts[j];
        if (parts[i] && !alike)
            group->parts[group->count++] = parts[i];
    }
}

static bool run_on_group(struct drafting *drafting, const struct pipeline_item *item,
                         struct draft **slot, uint32_t depth)
{
    struct draft *group = *slot;
    struct draft **parts = ARENA_ARRAY(drafting->trees, struct draft *, group->count);
    bool same = true;

    for (uint32_t i = 0; i < group->count; i++) {
        parts[i] = group->parts[i];
        if (!run_on_draft(drafting, item, &parts[i], depth + 1))
            return false;
        same &= parts[i] == group->parts[i];
    }
    if (!same)
        take_over(drafting, group, parts, group->count);
    if (group->count == 0)
        *slot = NULL;
    return true;
}

static bool run_on_draft(struct drafting *drafting, const struct pipeline_item *item,
                         struct draft **slot, uint32_t depth)
{
    if (depth > PIPELINE_DEPTH_MAX)
        return sigma_refuse(drafting->loading, drafting->loading->rule->line, 1,
                            "the pipelines nest the rule's items too deep");
    return (*slot)->kind == DRAFT_ITEM ? run_on_item(drafting, item, slot)
                                       : run_on_group(drafting, item, slot, depth);
}

static bool run_item(struct drafting *drafting, const struct pipeline_item *item)
{
    uint32_t id = id_of(drafting, item);

    if (!conditions_met(drafting, &item->rule, NULL, STR_NONE))
        return !is_refused(drafting);
    if (id != MAP_NONE)
        set_bit(drafting, &drafting->applied, id);
    if (item->what->on_rule)
        return item->what->on_rule(drafting, item);
    for (uint32_t i = 0; i < drafting->count; i++) {
        struct draft **root = &drafting->identifiers[i].root;
        if (*root && !run_on_draft(drafting, item, root, 0))
            return false;
    }
    return true;
}

bool pipeline_run(struct drafting *drafting, const struct pipeline_item *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!run_item(drafting, &items[i]) || !draft_has_room(drafting))
            return false;
    return true;
}

/* ---- rules ---- */

static bool is_anything_left(const struct drafting *drafting)
{
    for (uint32_t i = 0; i < drafting->own; i++)
        if (drafting->identifiers[i].root)
            return true;
    return drafting->own == 0; /* then the parser has something to say */
}

static bool run_all(struct drafting *drafting)
{
    for (struct pipeline *one = drafting->all->first; one; one = one->next) {
        drafting->changed = false;
        if (!pipeline_run(drafting, one->items, one->count))
            return false;
        one->changed += drafting->changed;
    }
    return is_anything_left(drafting) ||
           sigma_refuse(drafting->loading, drafting->loading->rule->line, 1,
                        "the pipelines leave nothing of the rule's detection");
}

bool pipelines_apply(struct pipelines *all, struct sigma_loading *loading,
                     const struct yaml_node *document, const struct yaml_node **detection)
{
    struct drafting drafting = {.all = all,
                                .loading = loading,
                                .document = document,
                                .trees = loading->trees,
                                .trees_max = loading->trees_max,
                                .text = all->text,
                                .other = all->other};
    bool good = true;

    marked_reset(&drafting.text);
    marked_reset(&drafting.other);
    if (draft_read(&drafting, *detection)) {
        good = run_all(&drafting);
        *detection = draft_write(&drafting, *detection);
    }
    all->text = drafting.text; /* they have grown */
    all->other = drafting.other;
    return good && loading->rule->state != RULE_REFUSED;
}
