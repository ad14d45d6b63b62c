/* test_logs.c - logs that were read, and their gaps. */
#include "evidence_maker.h"

static void begin(void)
{
    make_begin();
    make_rules_end();
}

static const struct coverage_gap *only_gap(enum gap_kind kind)
{
    static const struct coverage_gap none;
    const struct coverage_gap *found = &none;
    unsigned count = 0;

    for (uint32_t i = 0; i < made.coverage.gap_count; i++)
        if (made.coverage.gaps[i].kind == kind) {
            found = &made.coverage.gaps[i];
            count++;
        }
    CHECK_INT(count, 1);
    CHECK_INT(made.coverage.gap_count, made.coverage.gaps_all);
    return found;
}

TEST(logs_are_summed_up_over_hosts)
{
    begin();
    make_hour("a", "Security", 0, 1, 5);
    make_hour("a", "Security", HOUR, 6, 5);
    make_hour("b", "Security", -HOUR, 1, 1);
    make_hour("b", "System", 0, 1, 2);
    make_judgement();
    CHECK_INT(made.coverage.source_count, 2);
    CHECK_STR(made.coverage.sources[0].name, "Security");
    CHECK_INT(made.coverage.sources[0].hosts, 2);
    CHECK_INT(made.coverage.sources[0].events, 11);
    CHECK_INT(made.coverage.sources[0].first_ns, -HOUR);
    CHECK_INT(made.coverage.sources[0].last_ns, HOUR + 4);
    CHECK_INT(made.coverage.gap_count, 0);
    make_end();
}

TEST(missing_record_numbers_are_a_gap)
{
    begin();
    make_hour("a", "Security", 0, 1, 5);
    make_hour("a", "Security", HOUR, 9, 5);
    make_judgement();
    const struct coverage_gap *gap = only_gap(GAP_RECORDS);
    CHECK_INT(gap->records, 3);
    CHECK_INT(gap->from_ns, 4);
    CHECK_INT(gap->to_ns, HOUR);
    CHECK_STR(gap->host, "a");
    CHECK_STR(gap->source, "Security");
    CHECK_STR(gap->text, "records 6 to 8 are missing: 3 events");
    make_end();
    begin();
    make_hour("a", "Security", 0, 1, 2);
    make_hour("a", "Security", 5, 10, 1);
    make_judgement();
    CHECK_INT(only_gap(GAP_RECORDS)->records, 7);
    make_end();
}

TEST(a_clock_that_was_set_back_shows)
{
    begin();
    make_hour("a", "Security", 0, 100, 5);
    make_hour("a", "Security", HOUR, 50, 5);
    make_judgement();
    CHECK_INT(only_gap(GAP_CLOCK)->from_ns, 4);
    make_end();
}

/* After a log was emptied its numbers start anew: that is said by itself. */
TEST(a_cleared_log_is_no_set_clock)
{
    begin();
    make_seen("a", "Security", "1102", 4, "");
    make_hour("a", "Security", 0, 100, 5);
    make_hour("a", "Security", HOUR, 1, 5);
    make_judgement();
    CHECK_STR(only_gap(GAP_CLEARED)->text, "the log was cleared");
    CHECK_INT(made.coverage.gap_count, 1);
    make_end();
}

TEST(silence_is_judged_by_the_logs_own_rhythm)
{
    begin();
    for (int hour = 0; hour < 48; hour++)
        if (hour < 20 || hour >= 30)
            make_hour("a", "access_log", hour * HOUR, 0, 3);
    make_judgement();
    const struct coverage_gap *gap = only_gap(GAP_SILENCE);
    CHECK_INT(gap->from_ns, 19 * HOUR + 2);
    CHECK_INT(gap->to_ns, 30 * HOUR);
    CHECK_STR(gap->text, "no event in 10 hours, which is unlike this log");
    make_end();
    begin(); /* every night */
    for (int hour = 0; hour < 24 * 6; hour++)
        if (hour % 24 < 14)
            make_hour("a", "access_log", hour * HOUR, 0, 3);
    make_judgement();
    CHECK_INT(made.coverage.gap_count, 0);
    make_end();
    begin(); /* hardly known */
    make_hour("a", "access_log", 0, 0, 3);
    make_hour("a", "access_log", 100 * HOUR, 0, 3);
    make_judgement();
    CHECK_INT(made.coverage.gap_count, 0);
    make_end();
}
