/* test_terminal_coverage.c - what could have been seen, for people. */
#include "report_maker.h"

static const struct output_options plain = {.utf8 = true};

static struct str section_of(const struct run_report *report)
{
    struct str text = written_by("terminal", &plain, report, NULL, 0);
    size_t from = str_find(text, STR("What could have been seen"));

    return str_slice(text, from, str_find(text, STR("\nFound")));
}

TEST(verdicts_needs_and_gaps_are_shown)
{
    static struct coverage_need needs[] = {
        {.text = STR_INIT("Audit Process Creation"), .rules = 12, .techniques = 1, .hosts = 2}};
    static struct coverage_gap gaps[] = {{.kind = GAP_RECORDS,
                                          .host = STR_INIT("WEB\x1b[1m"),
                                          .source = STR_INIT("Security"),
                                          .from_ns = 0,
                                          .to_ns = 60000000000,
                                          .text = STR_INIT("records 6 to 8 are missing")}};
    struct run_report report = sample_report();

    report.coverage = (struct run_coverage){.judged = true,
                                            .rules_by_verdict = {1, 20, 3, 4000},
                                            .techniques_by_verdict = {1, 2, 3, 4},
                                            .rules_elsewhere = 5,
                                            .needs = needs,
                                            .need_count = 1,
                                            .gaps = gaps,
                                            .gap_count = 1,
                                            .gaps_all = 1};
    report.records_lost = 2;
    struct str section = section_of(&report);
    CHECK_HAS(section, "  Rules      1 hit · 20 clean · 3 weakened · 4,000 blind\n");
    CHECK_HAS(section, "  Techniques 1 hit · 2 clean · 3 weakened · 4 blind\n");
    CHECK_HAS(section, "5 rules are about systems that this evidence has nothing of\n");
    CHECK_HAS(section, "lost in damage, and not in this: 2 records\n");
    CHECK_HAS(section, "   12 rules     1 technique    Audit Process Creation\n");
    CHECK_HAS(section, "1970-01-01 00:00:00 to 1970-01-01 00:01:00 WEB\\x1b[1m Security: records "
                       "6 to 8 are missing\n");
    make_end();
}

TEST(what_was_not_judged_is_not_shown)
{
    struct run_report report = sample_report();

    CHECK_HAS_NOT(written_by("terminal", &plain, &report, NULL, 0), "could have been seen");
    make_end();
}
