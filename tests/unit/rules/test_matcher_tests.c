/* test_matcher_tests.c - rules/matcher_tests: what is computed, part by part. */
#include "rule_maker.h"

static bool time_is(enum time_part part, double number, const char *text)
{
    struct predicate predicate;

    make_begin();
    predicate = on("t", PREDICATE_COMPARE);
    predicate.part = part;
    predicate.number = number;
    rule(test_of(predicate));
    make_plan();
    bool answer = matches("t", text);
    make_end();
    return answer;
}

TEST(takes_times_apart_in_utc)
{
    const char *text = "2026-11-22T23:45:10+02:00";

    CHECK(time_is(TIME_MINUTE, 45, text));
    CHECK(time_is(TIME_HOUR, 21, text));
    CHECK(time_is(TIME_DAY, 22, text));
    CHECK(time_is(TIME_WEEK, 47, text));
    CHECK(time_is(TIME_MONTH, 11, text));
    CHECK(time_is(TIME_YEAR, 2026, text));
    CHECK(!time_is(TIME_YEAR, 2026, "2026"));
    CHECK(!time_is(TIME_HOUR, 0, "yesterday"));
}

static bool compares(enum compare_op op, double number, const char *text)
{
    make_begin();
    rule(compare("n", op, number));
    make_plan();
    bool answer = matches("n", text);
    make_end();
    return answer;
}

TEST(compares_numbers)
{
    CHECK(compares(COMPARE_EQ, 10, "10.0") && !compares(COMPARE_EQ, 10, "11"));
    CHECK(compares(COMPARE_LT, 10, "-3") && !compares(COMPARE_LT, 10, "10"));
    CHECK(compares(COMPARE_LTE, 10, "10") && !compares(COMPARE_LTE, 10, "10.1"));
    CHECK(compares(COMPARE_GT, 0.5, "0.75") && !compares(COMPARE_GT, 0.5, "0.5"));
    CHECK(compares(COMPARE_GTE, -1, "-1") && !compares(COMPARE_GTE, -1, "-2"));
    CHECK(!compares(COMPARE_LT, 10, "0x1") && !compares(COMPARE_LT, 10, ""));
}

static bool refers(enum fieldref_op op, const char *a, const char *b)
{
    make_begin();
    rule(ref("a", "b", op));
    make_plan();
    event_begin();
    with("a", a);
    if (b)
        with("b", b);
    else
        with_null("b");
    bool answer = run() > 0;
    make_end();
    return answer;
}

TEST(compares_fields)
{
    CHECK(refers(FIELDREF_EQUALS, "Abc", "aBC") && !refers(FIELDREF_EQUALS, "abc", "abcd"));
    CHECK(refers(FIELDREF_STARTSWITH, "abc", "AB") && !refers(FIELDREF_STARTSWITH, "abc", "bc"));
    CHECK(refers(FIELDREF_ENDSWITH, "abc", "BC") && !refers(FIELDREF_ENDSWITH, "abc", "ab"));
    CHECK(refers(FIELDREF_CONTAINS, "abc", "B") && !refers(FIELDREF_CONTAINS, "abc", "d"));
    CHECK(!refers(FIELDREF_EQUALS, "", NULL));
}

TEST(compares_fields_as_written_where_cased)
{
    struct predicate predicate;

    make_begin();
    predicate = on("a", PREDICATE_FIELDREF);
    predicate.other = STR("b");
    predicate.cased = true;
    rule(test_of(predicate));
    make_plan();
    event_begin();
    with("a", "Abc");
    with("b", "abc");
    CHECK_INT(run(), 0);
    with("b", "Abc");
    CHECK_INT(run(), 1);
    make_end();
}
