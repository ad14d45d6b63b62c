/* needs.c - what to switch on, and how much it would help. */
#include "coverage/coverage_priv.h"

#include <stdlib.h>

#define NEEDS_MAX 1000u

void needs_init(struct needs *needs, struct arena *arena)
{
    *needs = (struct needs){.arena = arena};
    map_init(&needs->texts, arena);
}

static struct need *need_at(struct needs *needs, struct str text)
{
    uint32_t at = map_find(&needs->texts, text);

    if (at != MAP_NONE)
        return &needs->at[at];
    if (needs->count == NEEDS_MAX)
        return NULL;
    if (needs->count == needs->capacity) {
        uint32_t capacity = needs->capacity ? needs->capacity * 2 : 64;
        struct need *grown = ARENA_ARRAY(needs->arena, struct need, capacity);
        for (uint32_t i = 0; i < needs->count; i++)
            grown[i] = needs->at[i];
        needs->at = grown;
        needs->capacity = capacity;
    }
    map_set(&needs->texts, text, needs->count);
    struct need *need = &needs->at[needs->count++];
    *need = (struct need){.text = text, .last_rule = UINT32_MAX};
    map_init(&need->techniques, needs->arena);
    return need;
}

void needs_add(struct needs *needs, struct str text, uint32_t rule, uint32_t hosts,
               const struct sigma_rule *sigma)
{
    struct need *need = need_at(needs, text);

    if (!need)
        return;
    need->rules += need->last_rule != rule;
    need->last_rule = rule;
    need->hosts = hosts > need->hosts ? hosts : need->hosts;
    for (uint32_t i = 0; i < sigma->technique_count; i++)
        map_set(&need->techniques, sigma->techniques[i], 1);
}

static int compare_needs(const void *a, const void *b)
{
    const struct coverage_need *left = a, *right = b;

    if (left->rules != right->rules)
        return left->rules < right->rules ? 1 : -1;
    return str_compare(left->text, right->text);
}

void needs_report(struct needs *needs, struct run_coverage *coverage)
{
    coverage->needs = ARENA_ARRAY(needs->arena, struct coverage_need, needs->count);
    coverage->need_count = needs->count;
    for (uint32_t i = 0; i < needs->count; i++)
        coverage->needs[i] = (struct coverage_need){.text = needs->at[i].text,
                                                    .rules = needs->at[i].rules,
                                                    .techniques = needs->at[i].techniques.count,
                                                    .hosts = needs->at[i].hosts};
    if (needs->count > 1)
        qsort(coverage->needs, coverage->need_count, sizeof(*coverage->needs), compare_needs);
}
