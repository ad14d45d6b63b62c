/* reasons.c - the tree of answers: see reasons.h. */
#include "rules/reasons.h"

#include <stdlib.h>

struct asking {
    struct judge *judge;
    struct arena *arena;
    const struct outline_part *parts; /* of the rule's outline, by expression and kind */
    uint32_t part_count;
    const struct taxonomy_entry *entry; /* may be NULL */
    bool gave_up;
};

static int compare_parts(const void *left, const void *right)
{
    const struct outline_part *a = left, *b = right;
    uintptr_t of_a = (uintptr_t)a->expression, of_b = (uintptr_t)b->expression;

    if (of_a != of_b)
        return of_a < of_b ? -1 : 1;
    return (int)a->kind - (int)b->kind;
}

static void sort_parts(struct asking *asking, const struct rule_outline *outline)
{
    struct outline_part *parts = ARENA_ARRAY(asking->arena, struct outline_part, outline->count);

    for (uint32_t i = 0; i < outline->count; i++)
        parts[i] = outline->parts[i];
    if (outline->count > 0)
        qsort(parts, outline->count, sizeof(*parts), compare_parts);
    asking->parts = parts;
    asking->part_count = outline->count;
}

static struct str name_of(const struct asking *asking, const struct expression *expression,
                          enum outline_kind kind)
{
    const struct outline_part wanted = {.kind = kind, .expression = expression};
    const struct outline_part *part = NULL;

    if (asking->part_count > 0)
        part = bsearch(&wanted, asking->parts, asking->part_count, sizeof(wanted), compare_parts);
    return part ? part->name : STR_EMPTY;
}

/* What makes the rule's field in events of this entry, for people. */
static struct str event_name(const struct asking *asking, struct str field)
{
    const struct field_mapping *mapping =
        asking->entry && field.len ? taxonomy_field(asking->entry, field) : NULL;
    struct buf out;

    if (!mapping)
        return STR_EMPTY;
    if (mapping->from_count == 1)
        return mapping->from[0];
    buf_init(&out, 1u << 16);
    for (uint32_t i = 0; i < mapping->from_count; i++) {
        if (i > 0)
            buf_add(&out, STR(" + "));
        buf_add(&out, mapping->from[i]);
    }
    struct str name = arena_str(asking->arena, buf_str(&out));
    buf_free(&out);
    return name;
}

static void ask_test(struct asking *asking, struct reason *reason)
{
    const struct predicate *predicate = reason->expression->test;

    reason->test = judge_test(asking->judge, asking->entry, predicate, asking->arena);
    reason->holds = reason->test.passes;
    reason->gave_up = reason->test.gave_up;
    reason->event_name = event_name(asking, predicate->field);
    asking->gave_up |= reason->gave_up;
}

/* A part without a name of its own that is joined as what it stands in: `(a and b) and c`. */
static bool is_same_joint(const struct reason *reason, const struct reason *child)
{
    return child->expression->kind == reason->expression->kind &&
           reason->expression->kind != EXPRESSION_NOT && child->identifier.len == 0 &&
           child->item.len == 0 && child->filter.len == 0;
}

/* Puts the members of such parts in their place. */
static void flatten(struct asking *asking, struct reason *reason)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < reason->count; i++)
        count += is_same_joint(reason, reason->children[i]) ? reason->children[i]->count : 1;
    if (count == reason->count)
        return;
    struct reason **children = ARENA_ARRAY(asking->arena, struct reason *, count);
    count = 0;
    for (uint32_t i = 0; i < reason->count; i++) {
        struct reason *child = reason->children[i];
        bool same = is_same_joint(reason, child);
        for (uint32_t j = 0; j < (same ? child->count : 1); j++)
            children[count++] = same ? child->children[j] : child;
    }
    reason->children = children;
    reason->count = count;
}

static struct reason *ask(struct asking *asking, const struct expression *expression)
{
    struct reason *reason = ARENA_NEW(asking->arena, struct reason);
    bool is_or = expression->kind == EXPRESSION_OR;

    reason->expression = expression;
    reason->identifier = name_of(asking, expression, OUTLINE_IDENTIFIER);
    reason->item = name_of(asking, expression, OUTLINE_ITEM);
    reason->filter = name_of(asking, expression, OUTLINE_FILTER);
    if (expression->kind == EXPRESSION_TEST) {
        ask_test(asking, reason);
        return reason;
    }
    reason->count = expression->count;
    reason->children = ARENA_ARRAY(asking->arena, struct reason *, expression->count);
    reason->holds = !is_or;
    for (uint32_t i = 0; i < expression->count; i++) {
        reason->children[i] = ask(asking, expression->children[i]);
        if (reason->children[i]->holds == is_or)
            reason->holds = is_or;
    }
    if (expression->kind == EXPRESSION_NOT)
        reason->holds = !reason->children[0]->holds;
    flatten(asking, reason);
    return reason;
}

static void find_sources(struct reasons *reasons, struct judge *judge,
                         const struct taxonomy *taxonomy, struct arena *arena)
{
    reasons->sources = ARENA_ARRAY(arena, struct reason_source, taxonomy->count);
    for (uint32_t i = 0; i < taxonomy->count; i++) {
        const struct taxonomy_entry *entry = &taxonomy->entries[i];
        if (!taxonomy_serves(entry, &reasons->rule->source))
            continue;
        struct reason_source *source = &reasons->sources[reasons->source_count++];
        source->entry = entry;
        source->holds = judge_holds(judge, i);
        source->other_kind = !judge_takes(judge, entry);
        for (uint32_t test = 0; test < entry->test_count; test++)
            source->failed += !judge_entry_test(judge, &entry->tests[test]);
    }
}

/* The entry that comes nearest where none holds: its share of tests that pass is the largest. */
static bool is_nearer(const struct reason_source *a, const struct reason_source *b)
{
    uint64_t a_passed = a->entry->test_count - a->failed;
    uint64_t b_passed = b->entry->test_count - b->failed;

    if (a->other_kind != b->other_kind)
        return b->other_kind;
    return a_passed * (b->entry->test_count + 1u) > b_passed * (a->entry->test_count + 1u);
}

static struct str conditions_of(const struct rule_outline *outline, struct arena *arena)
{
    struct buf out;

    buf_init(&out, 1u << 20);
    for (uint32_t i = 0; outline && i < outline->count; i++) {
        if (outline->parts[i].kind != OUTLINE_CONDITION)
            continue;
        if (out.len > 0)
            buf_add(&out, STR(" or "));
        buf_add(&out, outline->parts[i].name);
    }
    struct str text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

struct reasons *reasons_of(struct judge *judge, const struct taxonomy *taxonomy,
                           const struct sigma_rule *rule, struct arena *arena)
{
    struct reasons *reasons = ARENA_NEW(arena, struct reasons);
    struct asking asking = {.judge = judge, .arena = arena};
    const struct reason_source *nearest = NULL;

    reasons->rule = rule;
    if (rule->outline)
        sort_parts(&asking, rule->outline);
    reasons->condition = conditions_of(rule->outline, arena);
    find_sources(reasons, judge, taxonomy, arena);
    for (uint32_t i = 0; i < reasons->source_count; i++) {
        const struct reason_source *source = &reasons->sources[i];
        if (!nearest || is_nearer(source, nearest))
            nearest = source;
        if (!source->holds || !rule->detection || reasons->fires)
            continue;
        asking.entry = source->entry;
        struct reason *root = ask(&asking, rule->detection);
        if (reasons->root && !root->holds)
            continue; /* the first entry that holds speaks for those that give no match */
        reasons->root = root;
        reasons->source = source;
        reasons->fires = root->holds && rule->state == RULE_LOADED;
    }
    if (!reasons->root && rule->detection) {
        asking.entry = nearest ? nearest->entry : NULL;
        reasons->source = nearest;
        reasons->root = ask(&asking, rule->detection);
    }
    reasons->gave_up = asking.gave_up;
    return reasons;
}
