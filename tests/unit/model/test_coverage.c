/* test_coverage.c - verdicts as findings. */
#include "model/coverage.h"
#include "testkit.h"

static struct buf out;

static void keep(void *context, const struct finding *finding)
{
    (void)context;
    finding_write_json(finding, LANGUAGE_ENGLISH, &out);
    buf_add_char(&out, '\n');
}

TEST(techniques_rules_and_gaps_become_findings)
{
    struct str technique = STR("T1059"), because[] = {STR("no command lines")};
    struct covered_technique techniques[] = {
        {.id = technique, .verdict = COVERAGE_WEAKENED, .because = {because, 1}}};
    struct covered_rule rules[] = {{.id = STR("id"),
                                    .title = STR("Rule"),
                                    .level = LEVEL_HIGH,
                                    .attack = {&technique, 1},
                                    .verdict = COVERAGE_CLEAN}};
    struct coverage_gap gaps[] = {
        {.kind = GAP_CLEARED, .host = STR("h"), .source = STR("Security"), .text = STR("gone")}};
    const struct run_coverage coverage = {.judged = true,
                                          .rules = rules,
                                          .rule_count = 1,
                                          .techniques = techniques,
                                          .technique_count = 1,
                                          .gaps = gaps,
                                          .gap_count = 1};

    buf_init(&out, SIZE_MAX);
    coverage_visit(&coverage, keep, NULL);
    struct str rest = buf_str(&out);
    CHECK_STR(
        str_cut(&rest, '\n'),
        "{\"kind\":\"coverage\",\"id\":\"T1059\",\"title\":\"T1059\",\"message\":\"\","
        "\"level\":\"informational\",\"verdict\":\"weakened\",\"because\":[\"no command lines\"],"
        "\"attack\":[\"T1059\"],\"time\":null,\"host\":\"\",\"source\":null,\"entities\":{},"
        "\"matched\":{},\"fields\":{},\"why\":\"no event matched, and most rules for the "
        "technique could see only part of what they look for\"}");
    CHECK(str_contains(str_cut(&rest, '\n'), STR("\"verdict\":\"no\",\"because\":[]")));
    CHECK(str_contains(str_cut(&rest, '\n'), STR("\"id\":\"gap-cleared\",\"title\":\"Security\"")));
    CHECK_INT(rest.len, 0);
    buf_free(&out);
}

TEST(verdicts_have_names)
{
    CHECK_STR(coverage_verdict_name(COVERAGE_HIT), "hit");
    CHECK_STR(coverage_verdict_name(COVERAGE_BLIND), "blind");
    CHECK_STR(gap_kind_id(GAP_CLOCK), "gap-clock");
}
