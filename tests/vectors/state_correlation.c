/* state_correlation.c - what analytics/ makes of matches, in the form of naive_correlation.h. */
#include "vectors/naive_correlation.h"

#include "analytics/correlator.h"
#include "core/ensure.h"

#include <stdlib.h>

void timed_findings_add(struct timed_findings *findings, struct arena *arena,
                        const struct timed_finding *finding)
{
    if (findings->count == findings->capacity) {
        findings->capacity = findings->capacity ? findings->capacity * 2 : 64;
        struct timed_finding *at = ARENA_ARRAY(arena, struct timed_finding, findings->capacity);
        for (uint32_t i = 0; i < findings->count; i++)
            at[i] = findings->at[i];
        findings->at = at;
    }
    findings->at[findings->count++] = *finding;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_findings(const void *a, const void *b, void *context)
{
    const struct timed_finding *left = a, *right = b;
    const struct rule_set *set = context;
    int order =
        (left->match.time_ns > right->match.time_ns) - (left->match.time_ns < right->match.time_ns);

    if (order == 0)
        order = compare_u64(left->match.number, right->match.number);
    if (order == 0)
        order = compare_u64(left->match.rule, right->match.rule);
    for (uint32_t i = 0; order == 0 && i < set->rules[left->match.rule]->correlation->group_count;
         i++)
        order = str_compare(left->group[i], right->group[i]);
    return order;
}

void timed_findings_sort(struct timed_findings *findings, const struct rule_set *set)
{
    if (findings->count > 1)
        qsort_r(findings->at, findings->count, sizeof(*findings->at), compare_findings,
                (void *)(uintptr_t)set);
}

static int compare_matches(const void *a, const void *b)
{
    const struct timed_match *left = a, *right = b;
    int order = (left->time_ns > right->time_ns) - (left->time_ns < right->time_ns);

    if (order == 0)
        order = compare_u64(left->number, right->number);
    return order ? order : compare_u64(left->rule, right->rule);
}

struct timed_match *timed_merge(const struct timed_match *matches, uint32_t count,
                                const struct timed_findings *findings, struct arena *arena,
                                uint32_t *merged)
{
    struct timed_match *all = ARENA_ARRAY(arena, struct timed_match, count + findings->count);

    *merged = 0;
    for (uint32_t i = 0; i < count; i++)
        all[(*merged)++] = matches[i];
    for (uint32_t i = 0; i < findings->count; i++)
        all[(*merged)++] = findings->at[i].match;
    if (*merged > 1)
        qsort(all, *merged, sizeof(*all), compare_matches);
    return all;
}

struct taking {
    const struct rule_set *set;
    struct arena *arena;
    struct timed_findings *findings;
};

static struct str *kept(struct arena *arena, const struct str *texts, uint32_t count)
{
    struct str *copies = ARENA_ARRAY(arena, struct str, count);

    for (uint32_t i = 0; i < count; i++)
        copies[i] = texts[i].at ? arena_str(arena, texts[i]) : texts[i];
    return copies;
}

static void take(void *context, const struct correlation_finding *finding)
{
    struct taking *taking = context;
    const struct sigma_rule *rule = taking->set->rules[finding->rule];
    const struct timed_finding timed = {
        .match = {finding->rule, true, finding->time_ns, finding->place.number, STR_EMPTY,
                  kept(taking->arena, finding->values, rule->asked_count)},
        .first_ns = finding->first_ns,
        .last_ns = finding->last_ns,
        .count = finding->count,
        .group = kept(taking->arena, finding->group, rule->correlation->group_count),
    };

    ENSURE(finding->event_count <= CORRELATED_EVENTS_MAX && finding->event_count <= finding->count);
    ENSURE(finding->event_count > 0 && finding->first_ns <= finding->last_ns);
    timed_findings_add(taking->findings, taking->arena, &timed);
}

uint64_t state_correlate(const struct rule_set *set, const struct timed_match *matches,
                         uint32_t count, size_t memory, struct arena *arena,
                         struct timed_findings *findings)
{
    struct timed_findings of_depth = {0};
    struct taking taking = {set, arena, &of_depth};
    const struct correlator_sink sink = {&taking, take};
    uint64_t groups_let_go = 0;

    for (uint32_t depth = 0; depth < CORRELATION_CHAIN_MAX; depth++) {
        struct correlator *correlator = correlator_new(set, depth, memory, &sink);
        uint32_t merged_count;
        struct timed_match *merged = timed_merge(matches, count, findings, arena, &merged_count);
        of_depth.count = 0;
        for (uint32_t i = 0; i < merged_count; i++) {
            const struct correlation_match match = {.rule = merged[i].rule,
                                                    .is_finding = merged[i].is_finding,
                                                    .time_ns = merged[i].time_ns,
                                                    .place = {.number = merged[i].number},
                                                    .host = merged[i].host,
                                                    .values = merged[i].values};
            correlator_take(correlator, &match);
        }
        correlator_end(correlator);
        groups_let_go += correlator_counts(correlator)->groups_let_go;
        correlator_free(correlator);
        for (uint32_t i = 0; i < of_depth.count; i++)
            timed_findings_add(findings, arena, &of_depth.at[i]);
    }
    timed_findings_sort(findings, set);
    return groups_let_go;
}
