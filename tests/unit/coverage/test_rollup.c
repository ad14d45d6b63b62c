/* test_rollup.c - from rules to techniques. */
#include "coverage/coverage_priv.h"
#include "testkit.h"

static struct run_coverage coverage;
static struct covered_rule rules[8];
static struct arena *arena;

static void roll_up(const enum coverage_verdict *verdicts, uint32_t count)
{
    static struct str technique = STR_INIT("T1059"), because = STR_INIT("because");

    arena = arena_new("test", 1 << 20);
    for (uint32_t i = 0; i < count; i++)
        rules[i] = (struct covered_rule){.title = STR("r"),
                                         .verdict = verdicts[i],
                                         .attack = {&technique, 1},
                                         .because = {&because, verdicts[i] > COVERAGE_CLEAN},
                                         .findings = verdicts[i] == COVERAGE_HIT ? 2 : 0};
    coverage = (struct run_coverage){.rules = rules, .rule_count = count};
    coverage_roll_up(&coverage, arena);
    CHECK_INT(coverage.technique_count, 1);
}

#define CHECK_ROLLED(expected, ...)                                                                \
    do {                                                                                           \
        const enum coverage_verdict verdicts[] = {__VA_ARGS__};                                    \
        roll_up(verdicts, sizeof(verdicts) / sizeof(verdicts[0]));                                 \
        CHECK_INT(coverage.techniques[0].verdict, expected);                                       \
        CHECK_INT(coverage.techniques_by_verdict[expected], 1);                                    \
        arena_free(arena);                                                                         \
    } while (0)

TEST(a_technique_is_what_most_of_its_rules_say)
{
    CHECK_ROLLED(COVERAGE_HIT, COVERAGE_BLIND, COVERAGE_HIT, COVERAGE_CLEAN);
    CHECK_ROLLED(COVERAGE_CLEAN, COVERAGE_CLEAN, COVERAGE_BLIND);
    CHECK_ROLLED(COVERAGE_WEAKENED, COVERAGE_CLEAN, COVERAGE_BLIND, COVERAGE_WEAKENED);
    CHECK_ROLLED(COVERAGE_WEAKENED, COVERAGE_WEAKENED, COVERAGE_BLIND, COVERAGE_BLIND);
    CHECK_ROLLED(COVERAGE_BLIND, COVERAGE_BLIND, COVERAGE_BLIND);
}

TEST(it_carries_findings_and_reasons)
{
    const enum coverage_verdict verdicts[] = {COVERAGE_HIT, COVERAGE_BLIND, COVERAGE_HIT};
    const enum coverage_verdict blind[] = {COVERAGE_BLIND, COVERAGE_BLIND};

    roll_up(verdicts, 3);
    CHECK_INT(coverage.techniques[0].findings, 4);
    CHECK_INT(coverage.techniques[0].rules[COVERAGE_HIT], 2);
    CHECK_INT(coverage.techniques[0].because.count, 0);
    arena_free(arena);
    roll_up(blind, 2);
    CHECK_INT(coverage.techniques[0].because.count, 1);
    CHECK_STR(coverage.techniques[0].because.at[0], "because");
    arena_free(arena);
}
