/* test_sigma_correlation.c - the keys of a correlation, and what is refused. */
#include "rule_maker.h"

/* A correlation with these lines, whose first is line 3. */
static const struct sigma_rule *correlation_with(const char *lines)
{
    char text[4096];

    snprintf(text, sizeof(text), "title: t\ncorrelation:\n%s", lines);
    return load(text);
}

TEST(all_of_it_is_read)
{
    load_begin();
    const struct sigma_rule *rule = correlation_with(
        "  type: value_count\n  rules: [a, b]\n  group-by: [u, v]\n  timespan: 15m\n"
        "  condition: {field: w, gt: 3, lte: 7}\n  generate: true\n"
        "  aliases: {u: {a: x, b: y}}\n");
    const struct correlation *correlation = rule->correlation;
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK_INT(correlation->type, CORRELATION_VALUE_COUNT);
    CHECK_INT(correlation->member_count, 2);
    CHECK_STR(correlation->members[1].reference, "b");
    CHECK_INT(correlation->members[1].line, 4);
    CHECK_INT(correlation->group_count, 2);
    CHECK_STR(correlation->group_by[0], "u");
    CHECK(correlation->timespan_ns == INT64_C(900000000000));
    CHECK_STR(correlation->timespan, "15m");
    CHECK_STR(correlation->value_fields[0], "w");
    CHECK_INT(correlation->threshold_count, 2);
    CHECK_INT(correlation->thresholds[0].op, THRESHOLD_GT);
    CHECK(correlation->at_close && correlation->generate);
    CHECK_INT(correlation->alias_count, 1);
    CHECK_STR(correlation->aliases[0].fields[1], "y");
    load_end();
}

TEST(every_type_has_its_name)
{
    for (unsigned i = 0; i < CORRELATION_TYPES; i++)
        CHECK(correlation_type_name((enum correlation_type)i).len > 0);
    CHECK_STR(correlation_type_name(CORRELATION_VALUE_MEDIAN), "value_median");
}

TEST(thresholds_are_all_to_hold)
{
    struct correlation range = {.thresholds = {{THRESHOLD_GTE, 2}, {THRESHOLD_LT, 4}},
                                .threshold_count = 2};
    struct correlation other = {.thresholds = {{THRESHOLD_NEQ, 2}}, .threshold_count = 1};

    CHECK(!correlation_holds(&range, 1) && correlation_holds(&range, 2));
    CHECK(correlation_holds(&range, 3.5) && !correlation_holds(&range, 4));
    CHECK(correlation_holds(&other, 1) && !correlation_holds(&other, 2));
    other.thresholds[0].op = THRESHOLD_EQ;
    CHECK(!correlation_holds(&other, 1) && correlation_holds(&other, 2));
    other.thresholds[0].op = THRESHOLD_LTE;
    CHECK(correlation_holds(&other, 2) && !correlation_holds(&other, 2.1));
    other.thresholds[0].op = THRESHOLD_GT;
    CHECK(!correlation_holds(&other, 2) && correlation_holds(&other, 2.1));
}

TEST(what_cannot_be_is_refused_at_its_place)
{
    load_begin();
    CHECK(is_refused(load("title: t\ncorrelation: [a]\n"), 2, "must be a map"));
    CHECK(is_refused(correlation_with("  rules: [a]\n  timespan: 1m\n"), 3, "has no type"));
    CHECK(is_refused(correlation_with("  type: sum\n  rules: [a]\n"), 3, "'sum' is not known"));
    CHECK(
        is_refused(correlation_with("  type: temporal\n  rules: {a: 1}\n"), 4, "a list of names"));
    CHECK(is_refused(correlation_with("  type: temporal\n  rules: []\n"), 4, "a list of names"));
    CHECK(is_refused(correlation_with("  type: temporal\n  rules: [a, {b: c}]\n"), 4,
                     "a list of names"));
    CHECK(is_refused(correlation_with("  type: temporal\n  rules: [a]\n  timespan: [1m]\n"), 5,
                     "timespan"));
    CHECK(is_refused(
        correlation_with("  type: temporal\n  rules: [a]\n  timespan: 1m\n  condition: []\n"), 6,
        "must be a map"));
    CHECK(is_refused(correlation_with("  type: temporal\n  rules: [a]\n  generate: 1\n"), 5,
                     "true or false"));
    CHECK(is_refused(correlation_with("  type: temporal\n  rules: [a]\n  group-by: {x: y}\n"), 5,
                     "group-by"));
    CHECK(is_refused(correlation_with("  type: temporal\n  rules: [a]\n  aliases: [x]\n"), 5,
                     "must be a map"));
    CHECK(is_refused(correlation_with("  type: temporal\n  rules: [a]\n  aliases: {x: {a: [1]}}\n"),
                     5, "must name one field"));
    load_end();
}

TEST(lists_have_limits)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 16);
    buf_printf(&text, "  type: temporal\n  timespan: 1m\n  rules: [a");
    for (unsigned i = 0; i < CORRELATION_ORDERED_MAX; i++)
        buf_printf(&text, ", r%u", i);
    buf_printf(&text, "]\n");
    buf_add_char(&text, '\0');
    CHECK(is_refused(correlation_with(text.at), 5, "more than 64 names"));
    buf_free(&text);
    load_end();
}
