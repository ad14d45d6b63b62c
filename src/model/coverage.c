/* coverage.c - verdicts as findings. */
#include "model/coverage.h"

static const enum verdict verdicts[COVERAGE_VERDICTS] = {
    [COVERAGE_HIT] = VERDICT_YES,
    [COVERAGE_CLEAN] = VERDICT_NO,
    [COVERAGE_WEAKENED] = VERDICT_WEAKENED,
    [COVERAGE_BLIND] = VERDICT_UNKNOWN,
};

static const struct str names[COVERAGE_VERDICTS] = {
    [COVERAGE_HIT] = STR_INIT("hit"),
    [COVERAGE_CLEAN] = STR_INIT("clean"),
    [COVERAGE_WEAKENED] = STR_INIT("weakened"),
    [COVERAGE_BLIND] = STR_INIT("blind"),
};

static const struct str rule_sentences[COVERAGE_VERDICTS] = {
    [COVERAGE_HIT] = STR_INIT("the rule has findings"),
    [COVERAGE_CLEAN] = STR_INIT("all that the rule looks for would have been recorded, "
                                "and no event matched"),
    [COVERAGE_WEAKENED] = STR_INIT("no event matched, and part of what the rule looks for is "
                                   "not recorded"),
    [COVERAGE_BLIND] = STR_INIT("what the rule looks for is not recorded"),
};

static const struct str technique_sentences[COVERAGE_VERDICTS] = {
    [COVERAGE_HIT] = STR_INIT("rules for the technique have findings"),
    [COVERAGE_CLEAN] = STR_INIT("most rules for the technique could see all that they look for, "
                                "and no event matched"),
    [COVERAGE_WEAKENED] = STR_INIT("no event matched, and most rules for the technique could "
                                   "see only part of what they look for"),
    [COVERAGE_BLIND] = STR_INIT("what the rules for the technique look for is not recorded"),
};

static const struct str gap_ids[GAP_KINDS] = {
    [GAP_CLEARED] = STR_INIT("gap-cleared"),
    [GAP_RECORDS] = STR_INIT("gap-records"),
    [GAP_SILENCE] = STR_INIT("gap-silence"),
    [GAP_CLOCK] = STR_INIT("gap-clock"),
};

struct str coverage_verdict_name(enum coverage_verdict verdict)
{
    return names[verdict];
}

struct str gap_kind_id(enum gap_kind kind)
{
    return gap_ids[kind];
}

static struct finding rule_finding(const struct covered_rule *rule)
{
    return (struct finding){.kind = FINDING_COVERAGE,
                            .id = rule->id,
                            .title = rule->title,
                            .level = rule->level,
                            .verdict = verdicts[rule->verdict],
                            .because = rule->because,
                            .attack = rule->attack,
                            .why = rule_sentences[rule->verdict]};
}

static struct finding technique_finding(struct covered_technique *technique)
{
    return (struct finding){.kind = FINDING_COVERAGE,
                            .id = technique->id,
                            .title = technique->name.len ? technique->name : technique->id,
                            .verdict = verdicts[technique->verdict],
                            .because = technique->because,
                            .attack = {&technique->id, 1},
                            .why = technique_sentences[technique->verdict]};
}

static struct finding gap_finding(const struct coverage_gap *gap)
{
    return (struct finding){.kind = FINDING_COVERAGE,
                            .id = gap_ids[gap->kind],
                            .title = gap->source,
                            .verdict = VERDICT_UNKNOWN,
                            .host = gap->host,
                            .why = gap->text};
}

/* What is said of no event. */
static void visit_without_event(struct finding finding,
                                void (*visit)(void *context, const struct finding *finding),
                                void *context)
{
    struct event_facts nothing = {.entities.found = true};

    finding.facts = &nothing;
    finding.fields = STR("{}");
    finding.fields_checked = true;
    visit(context, &finding);
}

void coverage_visit(const struct run_coverage *coverage,
                    void (*visit)(void *context, const struct finding *finding), void *context)
{
    for (uint32_t i = 0; i < coverage->technique_count; i++)
        visit_without_event(technique_finding(&coverage->techniques[i]), visit, context);
    for (uint32_t i = 0; i < coverage->rule_count; i++)
        visit_without_event(rule_finding(&coverage->rules[i]), visit, context);
    for (uint32_t i = 0; i < coverage->gap_count; i++)
        visit_without_event(gap_finding(&coverage->gaps[i]), visit, context);
}
