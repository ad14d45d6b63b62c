/* test_terminal.c - the timeline: repetitions folded, the gravest kept, the rest told. */
#include "report_maker.h"

#define SECOND ((int64_t)1000000000)

static const struct output_options plain = {.utf8 = true};

static struct str timeline_of(const struct finding *findings, size_t count,
                              const struct output_options *options)
{
    struct run_report report = sample_report();
    struct str text = written_by("terminal", options, &report, findings, count);

    return str_slice(text, str_find(text, STR("\nTimeline")), text.len);
}

static struct finding finding_at(int64_t second)
{
    struct finding finding = sample_finding();

    finding.time_ns = second * SECOND;
    return finding;
}

TEST(a_row_says_when_what_where_and_why)
{
    struct str account = STR("EX\\bob"), address = STR("192.0.2.1");
    struct finding finding = sample_finding();

    struct event_facts facts = {
        .entities = {.lists = {[ENTITY_ACCOUNT] = {&account, 1}, [ENTITY_ADDRESS] = {&address, 1}},
                     .found = true}};
    finding.facts = &facts;
    CHECK_STR(timeline_of(&finding, 1, &plain),
              "\nTimeline (UTC)\n"
              "2023-11-14\n"
              "  22:13:20  high  A rule  T1059, T1505.003\n"
              "            WEB01 · logs/a.evtx record 7\n"
              "            Image: C:\\cmd.exe · account: EX\\bob · address: 192.0.2.1\n");
    make_end();
}

TEST(no_findings_are_no_timeline)
{
    struct run_report report = empty_report();

    CHECK_HAS_NOT(written_by("terminal", &plain, &report, NULL, 0), "Timeline");
    report = sample_report(); /* a summary alone: the findings went elsewhere */
    CHECK_HAS_NOT(written_by("terminal", &plain, &report, NULL, 0), "Timeline");
    make_end();
}

TEST(repetitions_are_one_row_until_a_pause)
{
    struct finding findings[] = {finding_at(0), finding_at(3600), finding_at(7199),
                                 finding_at(7199 + 3601)};
    struct str text = timeline_of(findings, 4, &plain);

    CHECK_HAS(text, "  00:00:00  high  A rule  ×3 until 01:59:59  T1059, T1505.003\n");
    CHECK_HAS(text, "  03:00:00  high  A rule  T1059");
    make_end();
}

TEST(what_stands_between_does_not_part_a_row)
{
    struct finding findings[] = {finding_at(0), finding_at(1), finding_at(2), finding_at(3),
                                 finding_at(4)};

    findings[1].host = STR("OTHER");
    findings[2].id = STR("x-2");
    findings[3].title = STR("Another text under the same id");
    struct str text = timeline_of(findings, 5, &plain);
    CHECK_HAS(text, "A rule  ×2 until 00:00:04");
    CHECK_INT(count_of(text, STR("  high  ")), 4);
    make_end();
}

TEST(a_row_that_lasts_over_midnight_says_the_day)
{
    struct finding findings[] = {finding_at(86399), finding_at(86400)};

    CHECK_HAS(timeline_of(findings, 2, &plain), "×2 until 1970-01-02 00:00:00");
    make_end();
}

TEST(days_are_headed_and_what_has_no_time_comes_last)
{
    struct finding findings[] = {finding_at(0), finding_at(5), finding_at(86400), finding_at(0)};

    findings[1].id = STR("x-2");
    findings[3].has_time = false;
    struct str text = timeline_of(findings, 4, &plain);
    CHECK_INT(count_of(text, STR("1970-01-01\n")), 1);
    CHECK_INT(count_of(text, STR("1970-01-02\n")), 1);
    CHECK_HAS(text, "(no time)\n            high  A rule");
    make_end();
}

TEST(a_row_shows_what_was_different_in_its_findings)
{
    struct finding findings[40];
    struct matched_field matched[40];
    static char values[40][24];

    for (int i = 0; i < 40; i++) {
        snprintf(values[i], sizeof(values[i]), "value %d", i / 2);
        matched[i] = (struct matched_field){STR("X"), {str_from(values[i]), VALUE_STRING}};
        findings[i] = finding_at(i);
        findings[i].matched = &matched[i];
    }
    struct str text = timeline_of(findings, 40, &plain);
    CHECK_HAS(text, "            X: value 0 · X: value 1 · X: value 2 · ");
    CHECK_INT(count_of(text, STR("X: value")), 8);
    CHECK_HAS(text, "×40 until 00:00:39");
    make_end();
}

TEST(a_row_of_a_correlation_says_how_many_events_since_when_and_where)
{
    const struct combined_event event = {
        .title = STR("Logon\x1b"), .path = STR("b.json"), .is_line = true, .number = 3};
    struct combined combined = {5 * SECOND, 86465 * SECOND, 1200, &event, 1};
    struct finding finding = finding_at(3600);

    finding.kind = FINDING_CORRELATION;
    finding.combined = &combined;
    finding.why = STR("so many");
    struct str text = timeline_of(&finding, 1, &plain);
    CHECK_HAS(text, "            because: so many · events: 1,200, from 1970-01-01 00:00:05 until "
                    "1970-01-02 00:01:05 · first: Logon\\x1b, b.json line 3 · Image: ");
    combined.last_ns = 6 * SECOND;
    combined.event_count = 0;
    text = timeline_of(&finding, 1, &plain);
    CHECK_HAS(text, "from 1970-01-01 00:00:05 until 00:00:06 · Image: ");
    make_end();
}

TEST(a_row_of_many_correlations_is_no_longer_than_others)
{
    const struct combined combined = {0, SECOND, 2, NULL, 0};
    struct finding findings[40];
    static char values[40][24];

    for (int i = 0; i < 40; i++) {
        snprintf(values[i], sizeof(values[i]), "%d values", i);
        findings[i] = finding_at(i);
        findings[i].kind = FINDING_CORRELATION;
        findings[i].combined = &combined;
        findings[i].why = str_from(values[i]);
    }
    struct str text = timeline_of(findings, 40, &plain);
    CHECK_INT(count_of(text, STR("because: ")), 6);
    CHECK_INT(count_of(text, STR("events: ")), 1);
    CHECK_HAS(text, "×40 until 00:00:39");
    make_end();
}

TEST(values_are_short_and_on_one_line)
{
    static char value[100000];
    struct matched_field matched = {STR_EMPTY, {{value, sizeof(value)}, VALUE_STRING}};
    struct finding finding = sample_finding();

    memset(value, 'v', sizeof(value));
    memcpy(value, " a\r\n\t b ", 8);
    finding.matched = &matched;
    struct str text = timeline_of(&finding, 1, &plain);
    CHECK_HAS(text, "            keyword: a b vvv");
    CHECK_HAS(text, "vvv...\n");
    CHECK(text.len < 600);
    make_end();
}

TEST(a_value_is_not_cut_inside_a_character)
{
    static char value[600];
    struct matched_field matched = {STR("X"), {{value, sizeof(value)}, VALUE_STRING}};
    struct finding finding = sample_finding();

    finding.matched = &matched;
    for (size_t shift = 0; shift < 3; shift++) {
        memset(value, 'v', sizeof(value));
        for (size_t i = shift; i + 3 <= sizeof(value); i += 3)
            memcpy(value + i, "\xe6\x97\xa5", 3);
        CHECK_HAS_NOT(timeline_of(&finding, 1, &plain), "\\x");
    }
    make_end();
}

/* 150 rows of level high, then 150 of low, then 10 critical ones. */
static void make_many(struct finding findings[310], char ids[310][16])
{
    for (int i = 0; i < 310; i++) {
        snprintf(ids[i], sizeof(ids[i]), "x-%d", i);
        findings[i] = finding_at(i);
        findings[i].id = findings[i].title = str_from(ids[i]);
        findings[i].level = i < 150 ? LEVEL_HIGH : i < 300 ? LEVEL_LOW : LEVEL_CRITICAL;
    }
}

TEST(of_too_many_rows_the_gravest_and_earliest_stay)
{
    struct finding findings[310];
    char ids[310][16];

    make_many(findings, ids);
    struct str text = timeline_of(findings, 310, &plain);
    CHECK_HAS(text, "Timeline (UTC): the gravest 200 rows, with 200 of 310 findings\n");
    CHECK_INT(count_of(text, STR("critical  x-")), 10);
    CHECK_INT(count_of(text, STR("high      x-")), 150);
    CHECK_INT(count_of(text, STR("low       x-")), 40);
    CHECK_HAS(text, "low       x-189 ");
    CHECK_HAS_NOT(text, "low       x-190 ");
    CHECK(str_find(text, STR("x-149 ")) < str_find(text, STR("x-150 ")));
    CHECK(str_find(text, STR("x-189 ")) < str_find(text, STR("x-300 ")));
    CHECK(str_ends_with(text, STR("\nNot shown: 110 low\n--output csv=FILE or jsonl=FILE has all "
                                  "findings; --min-level, --after and --before leave fewer\n")));
    make_end();
}

TEST(what_is_left_out_is_counted_by_level)
{
    enum { COUNT = 1000 };
    static struct finding findings[COUNT];
    static char ids[COUNT][16];

    for (int i = 0; i < COUNT; i++) {
        snprintf(ids[i], sizeof(ids[i]), "x-%d", i / 2); /* each twice */
        findings[i] = finding_at(i);
        findings[i].id = str_from(ids[i]);
        findings[i].level = i < 600 ? LEVEL_HIGH : LEVEL_MEDIUM;
    }
    struct str text = timeline_of(findings, COUNT, &plain);
    CHECK_HAS(text, ": the gravest 200 rows, with 400 of 1,000 findings\n");
    CHECK_HAS(text, "Not shown: 200 high, 400 medium\n");
    make_end();
}

TEST(a_long_title_leaves_room_for_the_count)
{
    const struct output_options narrow = {.utf8 = true, .width = 60};
    struct finding findings[] = {finding_at(0), finding_at(60)};

    findings[0].title = findings[1].title =
        STR("A title that is much too long for such a terminal");
    struct str text = timeline_of(findings, 2, &narrow);
    CHECK_HAS(text, "  00:00:00  high  A title that is much …  ×2 until 00:01:00\n");
    make_end();
}

TEST(a_long_path_keeps_its_end)
{
    const struct output_options narrow = {.utf8 = true, .width = 40};
    struct finding finding = sample_finding();

    finding.path = STR("evidence/of/a/whole/company/Security.evtx");
    finding.is_line = true;
    CHECK_HAS(timeline_of(&finding, 1, &narrow), "            WEB01 · …curity.evtx line 7\n");
    make_end();
}

TEST(ascii_terminals_get_ascii)
{
    const struct output_options ascii = {.width = 60};
    struct finding findings[] = {finding_at(0), finding_at(60)};

    findings[0].host = findings[1].host = STR("Größe");
    struct str text = timeline_of(findings, 2, &ascii);
    CHECK_HAS(text, "A rule  x2 until 00:01:00");
    CHECK_HAS(text, "Gr\\u{f6}\\u{df}e | logs/a.evtx record 7");
    for (size_t i = 0; i < text.len; i++)
        CHECK((unsigned char)text.at[i] < 0x80);
    make_end();
}
