/* test_correlator_explain.c - sentences for people. */
#include "correlation_maker.h"

static struct str sentence(const char *correlation, double measured)
{
    static struct buf out;

    make(correlation);
    buf_free(&out);
    buf_init(&out, 1 << 10);
    correlation_explain(set.rules[3]->correlation, measured, &out);
    made_free();
    return buf_str(&out);
}

TEST(each_type_says_what_it_saw)
{
    CHECK_STR(sentence("type: event_count, rules: [a], timespan: 5m, condition: {gte: 10}", 12),
              "12 matches within 5m; asked was at least 10");
    CHECK_STR(sentence("type: value_count, rules: [a], timespan: 1h, condition: {field: [u, h], "
                       "gt: 2, lt: 9}",
                       3),
              "3 values of u and h within 1h; asked was more than 2 and below 9");
    CHECK_STR(sentence("type: temporal, rules: [a, b], timespan: 5m", 2),
              "all 2 rules matched within 5m");
    CHECK_STR(
        sentence("type: temporal_ordered, rules: [a, b], timespan: 5m, condition: {gte: 1}", 1),
        "1 of 2 rules matched in order within 5m; asked was at least 1");
    CHECK_STR(sentence("type: temporal, rules: [a, b], timespan: 5m, condition: a and not b", 1),
              "'a and not b' held within 5m");
    CHECK_STR(sentence("type: value_sum, rules: [a], timespan: 5m, condition: {field: n, gte: 2.5}",
                       3.25),
              "the sum of n was 3.25 within 5m; asked was at least 2.5");
    CHECK_STR(sentence("type: value_percentile, rules: [a], timespan: 5m, condition: {field: n, "
                       "percentile: 95, gte: 2}",
                       0),
              "percentile 95 of n was at least 2 within 5m");
}
