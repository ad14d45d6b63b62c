/* rollup.c - from rules to techniques.
 *
 * A technique is hit where one of its rules is; clean where at least half of its rules could see
 * everything they look for; blind where none could see anything; weakened in between. */
#include "coverage/coverage_priv.h"

#include <stdlib.h>

#define SENTENCES_MAX 3u

static int compare_rules(const void *a, const void *b)
{
    const struct covered_rule *left = a, *right = b;

    if (left->verdict != right->verdict)
        return left->verdict < right->verdict ? -1 : 1;
    if (left->level != right->level)
        return left->level > right->level ? -1 : 1;
    int order = str_compare(left->title, right->title);
    return order ? order : str_compare(left->id, right->id);
}

static int compare_techniques(const void *a, const void *b)
{
    const struct covered_technique *left = a, *right = b;

    return str_compare(left->id, right->id);
}

static enum coverage_verdict verdict_of(const struct covered_technique *technique)
{
    const uint32_t *rules = technique->rules;

    if (rules[COVERAGE_HIT] > 0)
        return COVERAGE_HIT;
    if (rules[COVERAGE_CLEAN] > 0 &&
        rules[COVERAGE_CLEAN] >= rules[COVERAGE_WEAKENED] + rules[COVERAGE_BLIND])
        return COVERAGE_CLEAN;
    return rules[COVERAGE_CLEAN] + rules[COVERAGE_WEAKENED] > 0 ? COVERAGE_WEAKENED
                                                                : COVERAGE_BLIND;
}

/* Rules come with those of which most is said first. */
static void add_sentences(struct covered_technique *technique, const struct covered_rule *rule,
                          struct arena *arena)
{
    if (!technique->because.at)
        technique->because.at = ARENA_ARRAY(arena, struct str, SENTENCES_MAX);
    for (uint32_t i = 0; i < rule->because.count; i++) {
        uint32_t at = 0;
        while (at < technique->because.count &&
               !str_eq(technique->because.at[at], rule->because.at[i]))
            at++;
        if (at == technique->because.count && at < SENTENCES_MAX)
            technique->because.at[technique->because.count++] = rule->because.at[i];
    }
}

static void add_technique(struct run_coverage *coverage, struct map *known, struct str id,
                          const struct covered_rule *rule)
{
    uint32_t at = map_find(known, id);

    if (at == MAP_NONE) {
        at = coverage->technique_count++;
        map_set(known, id, at);
        coverage->techniques[at] = (struct covered_technique){.id = id, .asked = true};
    }
    coverage->techniques[at].rules[rule->verdict]++;
    coverage->techniques[at].findings += rule->findings;
}

/* Why not more could be seen: what is said of the rules that saw least. */
static void explain(struct run_coverage *coverage, const struct map *known, struct arena *arena)
{
    for (uint32_t i = coverage->rule_count; i > 0; i--) {
        const struct covered_rule *rule = &coverage->rules[i - 1];
        for (uint32_t at = 0; at < rule->attack.count; at++) {
            struct covered_technique *technique =
                &coverage->techniques[map_find(known, rule->attack.at[at])];
            if (technique->verdict > COVERAGE_CLEAN)
                add_sentences(technique, rule, arena);
        }
    }
}

void coverage_roll_up(struct run_coverage *coverage, struct arena *arena)
{
    struct map known;
    size_t most = 0;

    map_init(&known, arena);
    if (coverage->rule_count > 1)
        qsort(coverage->rules, coverage->rule_count, sizeof(*coverage->rules), compare_rules);
    for (uint32_t i = 0; i < coverage->rule_count; i++)
        most += coverage->rules[i].attack.count;
    coverage->techniques = ARENA_ARRAY(arena, struct covered_technique, most);
    for (uint32_t i = 0; i < coverage->rule_count; i++)
        for (uint32_t at = 0; at < coverage->rules[i].attack.count; at++)
            add_technique(coverage, &known, coverage->rules[i].attack.at[at], &coverage->rules[i]);
    for (uint32_t i = 0; i < coverage->technique_count; i++) {
        coverage->techniques[i].verdict = verdict_of(&coverage->techniques[i]);
        coverage->techniques_by_verdict[coverage->techniques[i].verdict]++;
    }
    explain(coverage, &known, arena);
    if (coverage->technique_count > 1)
        qsort(coverage->techniques, coverage->technique_count, sizeof(*coverage->techniques),
              compare_techniques);
}
