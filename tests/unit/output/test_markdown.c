/* test_markdown.c - a report for tickets, in which nothing from evidence is markup. */
#include "report_maker.h"

static const struct output_options plain = {.utf8 = true};

TEST(the_answer_and_what_was_found)
{
    struct run_report report = sample_report();
    struct str text = written_by("markdown", &plain, &report, NULL, 0);

    CHECK(str_starts_with(text, STR("# Were we hit?\n\n**Yes, by these signs.**\n")));
    CHECK_HAS(text,
              "## Rules\n\n| level | findings | name |\n|---|---|---|\n| high | 2 | A rule |\n");
    CHECK_HAS_NOT(text, "could have been seen");
    make_end();
    report = empty_report();
    CHECK_HAS(written_by("markdown", &plain, &report, NULL, 0), "**No rule matched.**");
    make_end();
    report.events = 0;
    CHECK_HAS(written_by("markdown", &plain, &report, NULL, 0), "no event could be read");
    make_end();
}

TEST(texts_are_no_markup)
{
    static struct report_count rules[] = {
        {STR_INIT("<b>|*x*\x1b[1m\n# y"), STR_INIT("x"), LEVEL_HIGH, 1, STR_INIT("")}};
    struct run_report report = sample_report();

    report.top_rules = (struct report_counts){rules, 1, 1};
    CHECK_HAS(written_by("markdown", &plain, &report, NULL, 0),
              "\\<b\\>\\|\\*x\\*\\\\x1b\\[1m\\\\x0a\\# y |\n");
    make_end();
}

TEST(coverage_and_incidents_stand_in_it)
{
    static struct coverage_need needs[] = {{STR_INIT("Sysmon"), 5, 4, 3}};
    static struct coverage_gap gaps[] = {
        {.host = STR_INIT("h"), .source = STR_INIT("Security"), .text = STR_INIT("cleared")}};
    static struct incident incidents[] = {
        {.title = STR_INIT("Shell"), .story = STR_INIT("It began"), .level = LEVEL_HIGH}};
    struct run_report report = sample_report();

    report.coverage = (struct run_coverage){.judged = true,
                                            .rules_by_verdict = {1, 2, 3, 4},
                                            .needs = needs,
                                            .need_count = 1,
                                            .gaps = gaps,
                                            .gap_count = 1};
    report.incidents = (struct run_incidents){.at = incidents, .listed = 1, .count = 1};
    struct str text = written_by("markdown", &plain, &report, NULL, 0);
    CHECK_HAS(text, "| rules | 1 | 2 | 3 | 4 |\n");
    CHECK_HAS(text, "- Sysmon (5 rules would see more)\n");
    CHECK_HAS(text, "- h Security: cleared\n");
    CHECK_HAS(text, "- **Shell** (high): It began\n");
    make_end();
}
