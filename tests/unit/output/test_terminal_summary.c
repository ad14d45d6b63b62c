/* test_terminal_summary.c - the answer, and what could not be seen, said plainly. */
#include "output/terminal_priv.h"

#include "report_maker.h"

static struct str summary_at(const struct run_report *report, unsigned width)
{
    const struct output_options options = {.utf8 = true, .width = width};
    struct terminal terminal;

    make_begin();
    terminal_open(&terminal, &made_sink, &options);
    terminal_write_summary(&terminal, report);
    terminal_close(&terminal);
    return buf_str(&made);
}

static struct str summary(const struct run_report *report)
{
    return summary_at(report, 0);
}

TEST(a_grave_finding_is_a_yes)
{
    struct run_report report = sample_report();

    CHECK_HAS(summary(&report),
              "Were we hit?  Yes, by these signs: 2 findings of 1 rule on 1 host\n");
    report.by_level[LEVEL_HIGH] = 0;
    report.by_level[LEVEL_CRITICAL] = 2;
    CHECK_HAS(summary(&report), "Yes, by these signs");
    make_end();
}

static struct report_indicators sample_indicators(void)
{
    static struct report_indicator_file files[] = {
        {STR_INIT("feed.json"), STR_INIT("STIX"), 1200, 3, 1}};
    static struct report_note notes[] = {{.path = STR_INIT("feed.json"),
                                          .text = STR_INIT("a pattern with FOLLOWEDBY: 3"),
                                          .offset = UINT64_MAX}};

    return (struct report_indicators){.given = true,
                                      .loaded = 1199,
                                      .duplicates = 1,
                                      .unusable = 3,
                                      .ignored = 1,
                                      .files = files,
                                      .file_count = 1,
                                      .refused = {notes, 1, 1}};
}

TEST(indicators_are_told_beside_rules)
{
    static struct report_count found[] = {
        {STR_INIT("Domain a.b is an indicator"), STR_INIT("i"), LEVEL_HIGH, 5, STR_INIT("")}};
    struct run_report report = sample_report();

    report.indicators = sample_indicators();
    report.top_indicators = (struct report_counts){found, 1, 1};
    struct str text = summary(&report);
    CHECK_HAS(text, "2 findings of 1 rule and 1 indicator on 1 host\n");
    CHECK_HAS(text, "\nIndicators 1,199 loaded · 1 file · 3 not usable · 1 ignored, as its list "
                    "says · 1 duplicate\n");
    CHECK_HAS(text, "\n           feed.json (STIX): 1,200 used, 3 not usable, 1 ignored\n");
    CHECK_HAS(text, "  1 reason why indicators are not looked for\n"
                    "    feed.json: a pattern with FOLLOWEDBY: 3\n");
    CHECK_HAS(text, "\nTop indicators\n  high        5  Domain a.b is an indicator\n");
    report.top_rules = (struct report_counts){0};
    text = summary(&report);
    CHECK_HAS(text, "2 findings of 1 indicator on 1 host\n");
    CHECK_HAS_NOT(text, "Top rules");
    make_end();
}

TEST(indicators_are_part_of_the_answer)
{
    struct run_report report = empty_report();

    report.indicators = sample_indicators();
    CHECK_HAS(summary(&report), "Were we hit?  No rule and no indicator matched");
    report.rules_loaded = 0;
    report.events_unrouted = report.events;
    CHECK_HAS(summary(&report), "Were we hit?  No indicator matched");
    report.indicators.loaded = 0;
    CHECK_HAS(summary(&report), "Cannot tell, because no loaded rule is about these");
    make_end();
}

TEST(logs_that_name_no_host_are_no_host)
{
    struct run_report report = sample_report();

    report.findings_without_host = 1;
    report.top_hosts.count = 3;
    CHECK_HAS(summary(&report), "of 1 rule on 2 hosts and where no host is named\n");
    report.top_hosts.count = 1;
    CHECK_HAS(summary(&report), "of 1 rule where no host is named\n");
    make_end();
}

TEST(lesser_findings_alone_are_no_yes)
{
    struct run_report report = sample_report();

    report.by_level[LEVEL_HIGH] = 0;
    report.by_level[LEVEL_MEDIUM] = 2;
    struct str text = summary(&report);
    CHECK_HAS_NOT(text, "Yes");
    CHECK_HAS(text,
              "Cannot tell, because nothing that was found is above level medium: 2 findings");
    make_end();
}

TEST(an_empty_result_says_how_much_it_is_worth)
{
    struct report_note note = {STR("a.evtx"), STR("record is cut off"), 4096, 64, 1, 0};
    struct run_report report = empty_report();

    CHECK_HAS(summary(&report), "No rule matched (what these logs never record");
    report.min_level = LEVEL_HIGH;
    CHECK_HAS(summary(&report), "No rule of level high or above matched (");
    report.min_level = LEVEL_CRITICAL;
    CHECK_HAS(summary(&report), "No rule of level critical matched (");
    report.min_level = LEVEL_INFORMATIONAL;
    report.events_unrouted = 3;
    CHECK_HAS(summary(&report), "No rule matched what rules could judge; see");
    report.damaged = (struct report_notes){&note, 1, 1};
    CHECK_HAS(summary(&report), "No rule matched what could be read; see");
    report.events_unrouted = report.events;
    CHECK_HAS(summary(&report), "Cannot tell, because no loaded rule is about these log sources");
    report.events_outside_time = 4;
    report.events_unrouted = report.events - 4;
    CHECK_HAS(summary(&report), "Cannot tell, because no loaded rule is about these log sources");
    report.events_outside_time = report.events;
    report.events_unrouted = 0;
    CHECK_HAS(summary(&report), "Cannot tell, because no event is between --after and --before");
    report.events = report.events_outside_time = 0;
    CHECK_HAS(summary(&report), "Cannot tell, because no event could be read");
    make_end();
}

TEST(an_interrupted_run_says_so)
{
    struct run_report report = empty_report();

    report.partial = true;
    struct str text = summary(&report);
    CHECK_HAS(text, "No rule matched what could be read");
    CHECK_HAS(text, "PARTIAL: interrupted before everything was read");
    make_end();
}

TEST(nothing_to_complain_of_is_no_section)
{
    struct run_report report = sample_report();

    CHECK_HAS_NOT(summary(&report), "What could not be seen");
    make_end();
}

static void set_counts(struct run_report *report)
{
    report->records_lost = 1234;
    report->events_outside_time = 2;
    report->events_without_time = 3;
    report->expressions_gave_up = 1;
    report->fields_dropped = 5;
    report->fallback_names = 6;
    report->sandbox = STR("the kernel has no Landlock");
}

TEST(everything_that_was_passed_over_is_shown)
{
    static struct report_note notes[8] = {
        {STR_INIT("a.evtx"), STR_INIT("reason"), 17, 64, 1, 0},
    };
    struct report_notes list = {notes, 1, 1};
    struct run_report report = sample_report();
    static const char *const expected[] = {
        "  1 file or folder could not be read\n    a.evtx: reason\n",
        "  1 file was set aside: the process reading it died\n    a.evtx: reason\n",
        "  1 damaged stretch\n    a.evtx at byte 17: reason\n",
        "  1,234 records were lost in damage\n",
        "  1 file of unknown format\n    a.evtx: reason\n",
        "  1 empty file\n",
        "  1 link, special file or repetition was left out\n",
        "  4 events of log sources that no loaded rule is about, such as an example\n",
        "  2 events outside --after and --before\n",
        "  3 events without a time: judged whatever --after and --before say\n",
        "  1 time an expression reached its limit\n",
        "  5 fields beyond the limit of an event\n",
        "  1 rule was refused\n    a.evtx:17: reason\n",
        "  1 rule is inert\n    a.evtx:17: reason\n",
        "  1 filter cannot be used: its rules run unfiltered\n    a.evtx:17: reason\n",
        "  1 warning about rules\n    a.evtx:17: reason\n",
        "  Sandbox: the kernel has no Landlock\n",
        "  6 values stood under field names that differ from the rules' in case\n",
    };

    report.unreadable = report.set_aside = report.damaged = report.unknown_format = report.empty =
        report.outward_links = report.refused = report.inert = report.rule_warnings =
            report.filters_refused = list;
    report.events_unrouted = 4;
    report.unrouted_example = STR("an example");
    set_counts(&report);
    struct str text = summary(&report);
    CHECK_HAS(text, "\nWhat could not be seen, and why\n");
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++)
        if (!str_contains(text, str_from(expected[i])))
            TESTKIT_FAIL("'%s' is not in %.*s", expected[i], STR_ARG(text));
    make_end();
}

TEST(each_complaint_alone_opens_the_section)
{
    static struct report_note note = {STR_INIT("a"), STR_INIT("b"), 1, 1, 1, 0};
    const struct report_notes list = {&note, 1, 1};

    for (unsigned which = 0; which < 17; which++) {
        struct run_report report = sample_report();
        struct report_notes *lists[] = {
            &report.unreadable,    &report.set_aside,      &report.damaged, &report.unknown_format,
            &report.empty,         &report.outward_links,  &report.refused, &report.inert,
            &report.rule_warnings, &report.filters_refused};
        uint64_t *counts[] = {&report.records_lost,        &report.events_outside_time,
                              &report.events_without_time, &report.expressions_gave_up,
                              &report.fields_dropped,      &report.events_unrouted,
                              &report.fallback_names};
        if (which < ARRAY_COUNT(lists))
            *lists[which] = list;
        else if (which < ARRAY_COUNT(lists) + ARRAY_COUNT(counts))
            *counts[which - ARRAY_COUNT(lists)] = 1;
        else
            report.sandbox = STR("off");
        CHECK_HAS(summary(&report), "What could not be seen");
    }
    make_end();
}

TEST(what_was_not_correlated_is_said)
{
    static const char *const one[] = {
        "  1 match was not correlated: its event has no time\n",
        "  1 match was not correlated: its event lacks a field of group-by\n",
        "  1 match was not correlated: its event lacks the value that is looked at\n",
        "  1 match was not correlated: the process that read it did not tell its values\n",
        "  1 group of a correlation was let go, with 0 matches, before the timespan was over: "
        "there "
        "was no memory (--memory)\n",
    };

    for (size_t i = 0; i < ARRAY_COUNT(one); i++) {
        struct run_report report = sample_report();
        uint64_t *counts[] = {&report.correlation_untimed, &report.correlation_without_field,
                              &report.correlation_without_value, &report.correlation_untold,
                              &report.correlation_groups_let_go};
        *counts[i] = 1;
        struct str text = summary(&report);
        CHECK_HAS(text, "What could not be seen");
        if (!str_contains(text, str_from(one[i])))
            TESTKIT_FAIL("'%s' is not in %.*s", one[i], STR_ARG(text));
    }
    struct run_report report = sample_report();
    report.correlation_groups_let_go = 1200;
    report.correlation_matches_let_go = 1;
    CHECK_HAS(summary(&report),
              "  1,200 groups of correlations were let go, with 1 match, before ");
    make_end();
}

TEST(a_zone_that_was_assumed_is_said)
{
    struct run_report report = sample_report();

    CHECK_HAS_NOT(summary(&report), "Zone");
    report.zone = STR("Europe/Berlin");
    report.events_zone_assumed = 1200;
    CHECK_HAS(summary(&report), "\nZone       1,200 times say no zone and were taken as "
                                "Europe/Berlin: --timezone names another one\n");
    report.events_zone_assumed = 1;
    CHECK_HAS(summary(&report), "\nZone       1 time says no zone and was taken as Europe/Berlin");
    make_end();
}

TEST(long_lists_are_cut_and_say_so)
{
    static struct report_note notes[20];
    static struct report_count counts[20];
    struct run_report report = sample_report();

    for (int i = 0; i < 20; i++) {
        notes[i] = (struct report_note){STR("file"), STR("why"), (uint64_t)i, 0, 0, 0};
        counts[i] = (struct report_count){STR("NAME"), STR("id"), LEVEL_LOW, 5, STR_EMPTY};
    }
    report.damaged = (struct report_notes){notes, 20, 1300};
    report.hosts = report.top_rules = report.techniques = (struct report_counts){counts, 20, 33};
    struct str text = summary(&report);
    CHECK_INT(count_of(text, STR("file at byte")), 5);
    CHECK_HAS(text, "    ... and 1,295 more\n");
    CHECK_HAS(text, "NAME 5 events · 27 more\n");
    CHECK_INT(count_of(text, STR("  low        5  NAME\n")), 10);
    CHECK_HAS(text, "  ... and 23 more\n");
    CHECK_HAS(text, " · 21 more\n");
    make_end();
}

TEST(a_shape_that_is_not_known_is_shown_with_an_example)
{
    struct report_count shapes[] = {
        {STR("Winlogbeat"), STR_EMPTY, LEVEL_INFORMATIONAL, 5, STR("a.json at byte 0")},
        {STR("other (dotted names)"), STR_EMPTY, LEVEL_INFORMATIONAL, 2, STR("a.json at byte 9")}};
    struct run_report report = sample_report();

    report.shapes = (struct report_counts){shapes, 1, 1};
    CHECK_HAS_NOT(summary(&report), "no known shape");
    report.shapes = (struct report_counts){shapes, 2, 2};
    struct str text = summary(&report);
    CHECK_HAS(text, "Shapes     Winlogbeat 5 events · other (dotted names) 2 events\n");
    CHECK_HAS(text, "  2 events in JSON of no known shape: their fields go by their own names, "
                    "such as a.json at byte 9\n");
    make_end();
}

TEST(what_is_suppressed_is_shown_by_entry)
{
    struct report_note taken = {
        .path = STR("s.yml"), .text = STR("known"), .offset = 3, .records = 1200};
    struct run_report report = empty_report();

    report.suppressed = 1201;
    report.suppressed_by = (struct report_notes){&taken, 1, 1};
    struct str text = summary(&report);
    CHECK_HAS(text, "Were we hit?  No rule but those whose findings are suppressed matched");
    CHECK_HAS(text, "\n  1,201 findings were suppressed\n    s.yml:3, 1,200 findings: known\n");
    report = empty_report();
    taken.records = 0;
    report.suppress_unused = (struct report_notes){&taken, 1, 1};
    report.suppress_expired = report.suppress_unused;
    text = summary(&report);
    CHECK_HAS(text, "\n  1 suppress entry has expired\n    s.yml:3: known\n");
    CHECK_HAS(text, "\n  1 suppress entry took nothing\n    s.yml:3: known\n");
    CHECK_HAS(text, "Were we hit?  No rule matched");
    make_end();
}

TEST(rules_that_filters_narrow_are_counted)
{
    struct run_report report = empty_report();

    CHECK(!str_contains(summary(&report), STR("filter")));
    report.rules_filtered = 3;
    struct str text = summary(&report);
    CHECK_HAS(text, "24 loaded");
    CHECK_HAS(text, "3 narrowed by filters\n");
    make_end();
}

TEST(levels_below_the_minimum_are_not_counted_as_none)
{
    struct run_report report = sample_report();

    CHECK_HAS(summary(&report), "  critical 0 · high 2 · medium 0 · low 0 · informational 0\n");
    report.min_level = LEVEL_HIGH;
    CHECK_HAS(summary(&report), "  critical 0 · high 2\n");
    CHECK_HAS(summary(&report), "Rules      24 loaded · --min-level high\n");
    make_end();
}

/* The same evidence gives the same bytes; how long it took is for the person who waited. */
TEST(the_time_it_took_is_for_terminals_only)
{
    struct run_report report = sample_report();

    report.elapsed_ns = 2500000000;
    CHECK_HAS(summary(&report), "Read       1 file · 4.1 KB · 10 events\n");
    CHECK_HAS(summary_at(&report, 100), "Read       1 file · 4.1 KB · 10 events · 2.5 s\n");
    report.files = 1500;
    CHECK_HAS(summary(&report), "Read       1 of 1,500 files · ");
    make_end();
}

TEST(a_long_path_keeps_its_end_and_leaves_room_for_the_reason)
{
    struct report_note note = {STR("a/very/long/path/that/does/not/fit/into/half/of/the/line.evtx"),
                               STR("the header says 12 chunks and the file has 3"),
                               4096,
                               0,
                               0,
                               0};
    struct run_report report = sample_report();

    report.damaged = (struct report_notes){&note, 1, 1};
    CHECK_HAS(summary_at(&report, 60), "    …into/half/of/the/line.evtx at byte 4096: the header\n"
                                       "      says 12 chunks and the file has 3\n");
    make_end();
}
