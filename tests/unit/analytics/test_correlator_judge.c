/* test_correlator_judge.c - runs and windows. */
#include "correlation_maker.h"

#define COUNT(condition) "type: event_count, rules: [a], timespan: 1m, condition: " condition
#define NUMBERS(type, condition)                                                                   \
    "type: " type ", rules: [a], timespan: 1m, condition: {field: n, " condition "}"

TEST(a_run_goes_on_while_it_holds)
{
    make(COUNT("{gte: 2}"));
    for (int i = 0; i < 5; i++)
        match(i * 40, 'a', NULL, NULL);
    match(1000, 'a', NULL, NULL);
    CHECK_STR(findings(), "40 x5 0-160 (1 2)\n");
    made_free();
}

TEST(it_lists_no_more_than_some_events)
{
    make(COUNT("{gte: 30}"));
    for (int i = 0; i < 40; i++)
        match(i, 'a', NULL, NULL);
    CHECK_STR(findings(), "29 x40 0-39 (1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)\n");
    made_free();
}

TEST(windows_are_judged_when_they_are_over)
{
    make(COUNT("{lte: 2}"));
    match(0, 'a', NULL, NULL);
    match(60, 'a', NULL, NULL);
    match(61, 'a', NULL, NULL);
    match(62, 'a', NULL, NULL);
    match(63, 'a', NULL, NULL);
    match(200, 'a', NULL, NULL);
    CHECK_STR(findings(), "60 x2 0-60 (1 2)\n200 x1 200-200 (6)\n");
    made_free();
}

TEST(percentiles_are_of_the_nearest_rank)
{
    static const char *const numbers[] = {"10", "30", "20", "40"};
    static const struct {
        const char *correlation;
        bool found;
    } rows[] = {
        {NUMBERS("value_percentile", "percentile: 0, eq: 10"), true},
        {NUMBERS("value_percentile", "percentile: 25, eq: 10"), true},
        {NUMBERS("value_percentile", "percentile: 26, eq: 20"), true},
        {NUMBERS("value_percentile", "percentile: 75, eq: 30"), true},
        {NUMBERS("value_percentile", "percentile: 100, eq: 40"), true},
        {NUMBERS("value_percentile", "percentile: 75, neq: 30"), false},
        {NUMBERS("value_percentile", "percentile: 75, lt: 30"), false},
        {NUMBERS("value_percentile", "percentile: 75, lte: 30"), true},
        {NUMBERS("value_percentile", "percentile: 75, gt: 29, lt: 31"), true},
        {NUMBERS("value_median", "eq: 20"), true},
        {NUMBERS("value_avg", "eq: 25"), true},
        {NUMBERS("value_avg", "neq: 25"), false},
        {NUMBERS("value_sum", "lt: 100"), false},
        {NUMBERS("value_sum", "lte: 100"), true},
    };

    for (size_t row = 0; row < ARRAY_COUNT(rows); row++) {
        make(rows[row].correlation);
        for (int i = 0; i < 4; i++)
            match(i, 'a', NULL, numbers[i]);
        struct str lines = findings();
        if ((lines.len > 0) != rows[row].found)
            printf("# %s\n", rows[row].correlation);
        CHECK((lines.len > 0) == rows[row].found);
        made_free();
    }
}

TEST(what_is_no_number_is_left_out)
{
    make(NUMBERS("value_sum", "gte: 3"));
    match(0, 'a', NULL, "1");
    match(1, 'a', NULL, "nan");
    match(2, 'a', NULL, NULL);
    match(3, 'a', NULL, "1e999");
    match(4, 'a', NULL, "2");
    CHECK_STR(findings(), "4 x2 0-4 (1 5)\n");
    CHECK_INT(correlator_counts(correlator)->without_value, 3);
    made_free();
}

TEST(nothing_is_left_when_all_is_over)
{
    static const char *const all[] = {
        COUNT("{gte: 2}"),
        COUNT("{lt: 3}"),
        "type: value_count, rules: [a, b], group-by: [u], timespan: 1m, condition: {field: n, gte: "
        "2}",
        "type: value_count, rules: [a, b], group-by: [u], timespan: 1m, condition: {field: n, eq: "
        "2}",
        "type: temporal, rules: [a, b], group-by: [u], timespan: 1m",
        "type: temporal, rules: [a, b], group-by: [u], timespan: 1m, condition: a and not b",
        "type: temporal_ordered, rules: [a, b], group-by: [u], timespan: 1m, condition: a and not "
        "b",
        NUMBERS("value_avg", "gte: 2"),
    };

    for (size_t i = 0; i < ARRAY_COUNT(all); i++) {
        make(all[i]);
        for (int k = 0; k < 300; k++)
            match_on(k % 7 ? "pc" : "other", k * 11, (char)('a' + k % 3), k % 5 ? "x" : "y", NULL,
                     k % 4 ? "1" : "5");
        findings();
        if (correlator->used || correlator->texts.used)
            printf("# %s\n", all[i]);
        CHECK(correlator->used == 0);
        CHECK(correlator->texts.used == 0);
        made_free();
    }
}
