/* test_correlator.c - groups, who takes a match, and the limit of memory. */
#include "correlation_maker.h"

#define THREE "type: event_count, rules: [a], group-by: [u], timespan: 1m, condition: {gte: 3}"

TEST(a_finding_has_its_group_host_and_events)
{
    make(THREE);
    match_on("pc", 0, 'a', "x", NULL, NULL);
    match_on("pc", 1, 'a', "x", NULL, NULL);
    match_on("pc", 2, 'a', "x", NULL, NULL);
    CHECK_STR(findings(), "2 x3 0-2 x on pc (1 2 3)\n");
    CHECK_INT(correlator_counts(correlator)->matches, 3);
    CHECK_INT(correlator_counts(correlator)->groups, 1);
    made_free();
}

TEST(the_host_is_told_where_all_have_it)
{
    make(THREE);
    match_on("pc", 0, 'a', "x", NULL, NULL);
    match_on("other", 1, 'a', "x", NULL, NULL);
    match_on("pc", 2, 'a', "x", NULL, NULL);
    CHECK_STR(findings(), "2 x3 0-2 x (1 2 3)\n");
    made_free();
}

TEST(the_host_is_that_of_all_while_a_finding_goes_on)
{
    static const struct {
        const char *host; /* of one match more */
        int second;
        const char *found;
    } cases[] = {
        {"pc", 3, "2 x4 0-3 x on pc (1 2 3)\n"},
        {"other", 3, "2 x4 0-3 x (1 2 3)\n"},
        {"", 3, "2 x4 0-3 x (1 2 3)\n"},
        {"other", 62, "2 x3 0-2 x on pc (1 2 3)\n"},  /* it is no part: the run ends with it */
        {"other", 100, "2 x3 0-2 x on pc (1 2 3)\n"}, /* the time was over */
    };

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        make(THREE);
        match_on("pc", 0, 'a', "x", NULL, NULL);
        match_on("pc", 1, 'a', "x", NULL, NULL);
        match_on("pc", 2, 'a', "x", NULL, NULL);
        match_on("pc", cases[i].second, 'a', "y", NULL, NULL);
        match_on(cases[i].host, cases[i].second, 'a', "x", NULL, NULL);
        if (!str_eq(findings(), str_from(cases[i].found)))
            TESTKIT_FAIL("case %zu: %.*s", i, STR_ARG(buf_str(&found)));
        made_free();
    }
}

TEST(only_matches_of_listed_rules_are_wanted)
{
    make(THREE);
    CHECK(correlator_wants(correlator, 0, false));
    CHECK(!correlator_wants(correlator, 0, true));
    CHECK(!correlator_wants(correlator, 1, false));
    match(0, 'b', "x", NULL);
    match(0, 'b', "x", NULL);
    match(0, 'b', "x", NULL);
    CHECK_STR(findings(), "");
    made_free();
}

TEST(what_has_not_the_field_is_counted)
{
    make(THREE);
    match(0, 'a', NULL, NULL);
    CHECK_STR(findings(), "");
    CHECK_INT(correlator_counts(correlator)->without_field, 1);
    CHECK_INT(correlator_counts(correlator)->matches, 0);
    made_free();
}

TEST(groups_whose_time_is_over_go)
{
    char name[32];

    make_with(THREE, (size_t)64 << 10);
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof(name), "user %d", i);
        match(i, 'a', name, NULL);
    }
    CHECK_STR(findings(), "");
    CHECK_INT(correlator_counts(correlator)->groups, 20000);
    CHECK_INT(correlator_counts(correlator)->groups_let_go, 0);
    CHECK(correlator_counts(correlator)->memory_max < 64 << 10);
    made_free();
}

TEST(beyond_the_limit_those_go_that_were_untouched_for_longest)
{
    char name[32];

    make_with(THREE, (size_t)64 << 10);
    match(0, 'a', "old", NULL);
    match(0, 'a', "kept", NULL);
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof(name), "user %d", i);
        match(1, 'a', name, NULL);
        if (i % 100 == 0)
            match(1, 'a', i == 0 ? "kept" : "other", NULL);
    }
    match(2, 'a', "old", NULL);
    match(2, 'a', "old", NULL);
    CHECK(str_contains(findings(), STR("other")));
    CHECK(!str_contains(buf_str(&found), STR("old"))); /* of its first match nothing is known */
    CHECK(correlator_counts(correlator)->groups_let_go > 1000);
    CHECK(correlator_counts(correlator)->matches_let_go >=
          correlator_counts(correlator)->groups_let_go);
    CHECK(correlator_counts(correlator)->memory_max < 80 << 10);
    made_free();
}

TEST(what_is_let_go_is_counted_with_all_that_it_held)
{
    static const struct {
        const char *correlation;
        unsigned held; /* of two matches of each user */
    } cases[] = {
        {"type: event_count, rules: [a, b], group-by: [u], timespan: 1d, condition: {gte: 9}", 2},
        {"type: event_count, rules: [a, b], group-by: [u], timespan: 1d, condition: {lt: 2}", 2},
        {"type: temporal_ordered, rules: [a, b, c], group-by: [u], timespan: 1d", 2},
        {"type: temporal, rules: [a, b, c], group-by: [u], timespan: 1d", 2},
    };
    char name[32];

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        make_with(cases[i].correlation, (size_t)64 << 10);
        for (int n = 0; n < 4000; n++) {
            snprintf(name, sizeof(name), "user %d", n / 2);
            match(n, n % 2 ? 'b' : 'a', name, NULL);
        }
        const struct correlator_counts *counts = correlator_counts(correlator);
        CHECK(counts->groups_let_go > 1000);
        uint64_t all = counts->groups_let_go * cases[i].held;
        /* in a group that goes at once something may be missing: its second match */
        CHECK(counts->matches_let_go <= all && counts->matches_let_go > all - all / 10);
        findings();
        made_free();
    }
}

TEST(a_finding_that_is_let_go_says_so)
{
    char name[32];

    make_with(THREE, (size_t)64 << 10);
    match(0, 'a', "x", NULL);
    match(0, 'a', "x", NULL);
    match(0, 'a', "x", NULL);
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof(name), "user %d", i);
        match(1, 'a', name, NULL);
    }
    CHECK_STR(findings(), "0 x3 0-0 x (1 2 3) let go\n");
    made_free();
}

TEST(the_ends_of_time_are_times)
{
    make(THREE);
    for (int i = 0; i < 3; i++)
        correlator_take(correlator, &(struct correlation_match){
                                        .time_ns = INT64_MIN, .values = (struct str[]){STR("x")}});
    for (int i = 0; i < 3; i++)
        correlator_take(correlator, &(struct correlation_match){
                                        .time_ns = INT64_MAX, .values = (struct str[]){STR("x")}});
    findings();
    CHECK_INT(correlator_counts(correlator)->matches, 6);
    CHECK(str_contains(buf_str(&found), STR("x3")));
    made_free();
}
