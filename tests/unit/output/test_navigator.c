/* test_navigator.c - a layer by verdict. */
#include "codec/json.h"
#include "report_maker.h"

static const struct output_options plain = {.utf8 = true};

TEST(techniques_have_their_verdict)
{
    static struct str because[] = {STR_INIT("no command lines"), STR_INIT("no log")};
    static struct covered_technique techniques[] = {{.id = STR_INIT("T1059"),
                                                     .verdict = COVERAGE_HIT,
                                                     .findings = 3,
                                                     .rules = {1, 0, 0, 0},
                                                     .asked = true},
                                                    {.id = STR_INIT("T1003"),
                                                     .verdict = COVERAGE_BLIND,
                                                     .because = {because, 2},
                                                     .asked = true},
                                                    {.id = STR_INIT("T1001")}};
    struct run_report report = sample_report();
    const char *why;

    report.coverage =
        (struct run_coverage){.judged = true, .techniques = techniques, .technique_count = 3};
    struct str text = written_by("navigator", &plain, &report, NULL, 0);
    CHECK(json_is_valid(str_slice(text, 0, text.len - 1), &why));
    CHECK_HAS(text, "\"layer\":\"4.5\"},\"domain\":\"enterprise-attack\"");
    CHECK_HAS(text, "{\"techniqueID\":\"T1059\",\"score\":100,\"color\":\"#e06070\",\"comment\":"
                    "\"hit\",\"enabled\":true,\"metadata\":[{\"name\":\"findings\",\"value\":"
                    "\"3\"}");
    CHECK_HAS(text, "\"comment\":\"blind: no command lines; no log\"");
    CHECK_HAS_NOT(text, "T1001");
    make_end();
}

TEST(without_a_judgement_hits_are_shown)
{
    static struct report_count techniques[] = {
        {STR_INIT("T1190"), STR_INIT(""), LEVEL_HIGH, 7, STR_INIT("")}};
    struct run_report report = sample_report();

    report.techniques = (struct report_counts){techniques, 1, 1};
    CHECK_HAS(written_by("navigator", &plain, &report, NULL, 0), "\"techniqueID\":\"T1190\"");
    make_end();
}
