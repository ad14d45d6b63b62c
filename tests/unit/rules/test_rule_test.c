/* test_rule_test.c - rules/rule_test: tests of rules as written, and what is wrong with them. */
#include "rules/rule_test.h"

#include "testkit.h"

static struct arena *arena;
static struct rule_tests tests;

static const struct rule_test *read_test(const char *text)
{
    if (arena)
        arena_free(arena);
    arena = arena_new("test", (size_t)64 << 20);
    rule_tests_init(&tests, arena);
    rule_tests_add(&tests, STR("t.yml"), str_from(text));
    return tests.count == 1 ? tests.at[0] : NULL;
}

TEST(events_are_maps_with_common_fields_or_places)
{
    const struct rule_test *test = read_test("rule: A Title\n"
                                             "format: access_log\n"
                                             "common: {a: 1, b: x}\n"
                                             "match:\n"
                                             "  - {b: y, c: [1, two, null]}\n"
                                             "  - samples/a.evtx:12\n"
                                             "no_match:\n"
                                             "  - {}\n");
    if (!test) {
        CHECK(test);
        return;
    }
    CHECK_STR(test->broken, "");
    CHECK_STR(test->path, "t.yml");
    CHECK_STR(test->rule, "A Title");
    CHECK_STR(test->format, "access_log");
    CHECK_INT(test->count, 3);
    CHECK(test->events[0].match && test->events[1].match && !test->events[2].match);
    CHECK_STR(test->events[0].json, "{\"a\":1,\"b\":\"y\",\"c\":[1,\"two\",null]}");
    CHECK(test->events[0].line == 5 && test->events[0].column == 5);
    CHECK_STR(test->events[1].json, "");
    CHECK_STR(test->events[1].place, "samples/a.evtx:12");
    CHECK(!test->events[1].counted);
    CHECK_STR(test->events[2].json, "{\"a\":1,\"b\":\"x\"}");
}

TEST(scalars_keep_type_and_text)
{
    const struct rule_test *test = read_test(
        "match: [{a: 010, b: 0x10, c: '7', d: TRUE, e: -5, f: 1.5, g: {h: 0}, i: \"\\n\"}]");
    CHECK_STR(test->events[0].json, "{\"a\":\"010\",\"b\":\"0x10\",\"c\":\"7\",\"d\":true,\"e\":-5,"
                                    "\"f\":\"1.5\",\"g\":{\"h\":0},\"i\":\"\\n\"}");
}

TEST(tests_stand_among_other_documents)
{
    read_test("title: R\ndetection: {s: {a: 1}, condition: s}\n---\nmatch: [{a: 1}]\n---\n"
              "no_match: [{a: 2}]\n---\nnothing: here\n---\n- a list\n");
    CHECK_INT(tests.count, 2);
    CHECK_INT(tests.at[0]->line, 4);
    CHECK_STR(tests.at[0]->rule, "");
    CHECK_INT(tests.at[1]->line, 6);
}

static void broken(const char *text, const char *reason, unsigned line, unsigned column)
{
    const struct rule_test *test = read_test(text);

    CHECK(test);
    if (!test)
        return;
    CHECK_INT(test->count, 0);
    if (!str_eq(test->broken, str_from(reason)))
        TESTKIT_FAIL("it says: %.*s", STR_ARG(test->broken));
    CHECK_INT(test->broken_line, line);
    CHECK_INT(test->broken_column, column);
}

TEST(says_what_is_wrong)
{
    broken("matches: 1\nmatch: []\n",
           "'matches' is no key of a test; there are rule, format, common, match and no_match", 1,
           1);
    broken("match: []\nno_match: []\n", "the test has no events", 1, 1);
    broken("match: {a: 1}\n", "'match' must be a list of events, each a map of fields or a path", 1,
           8);
    broken("match:\n  - [a]\n", "an event must be a map of fields, or the path of one", 2, 5);
    broken("match:\n  -\n", "an event must be a map of fields, or the path of one", 2, 3);
    broken("rule: [a]\nmatch: [{a: 1}]\n", "'rule' must be a text", 1, 7);
    broken("common: 1\nmatch: [{a: 1}]\n", "'common' must be a map of fields", 1, 9);
}

static const char regression[] = "id: x\nrule_metadata:\n  - id: r-1\n    title: T\n"
                                 "regression_tests_info:\n"
                                 "  - name: n\n    type: evtx\n    match_count: 2\n"
                                 "    path: regression_data/rules/a/b.evtx\n"
                                 "  - path: c.evtx\n"
                                 "  - {path: d.evtx, match_count: 0}\n";

TEST(reads_regression_data_of_sigmahq)
{
    const struct rule_test *test = read_test(regression);

    CHECK(test && test->count == 3);
    CHECK_STR(test->rule, "r-1");
    CHECK_STR(test->events[0].place, "b.evtx");
    CHECK(test->events[0].match && test->events[0].counted && test->events[0].count == 2);
    CHECK_STR(test->events[1].place, "c.evtx");
    CHECK(test->events[1].match && !test->events[1].counted);
    CHECK(!test->events[2].match && test->events[2].counted);
    broken("regression_tests_info: []\n", "'rule_metadata' does not name the rule by its id", 1, 1);
    broken("rule_metadata: [{id: r}]\nregression_tests_info: [{type: evtx}]\n",
           "the case has no path", 2, 25);
    broken("rule_metadata: [{id: r}]\nregression_tests_info: [{path: a, match_count: x}]\n",
           "'match_count' must be a number", 2, 48);
    broken("rule_metadata: [{id: r}]\nregression_tests_info: []\n", "the test has no cases", 2, 24);
}

TEST(a_file_that_is_not_yaml_gives_what_stands_before)
{
    read_test("match: [{a: 1}]\n---\nmatch: [\n");
    CHECK_INT(tests.count, 1);
}
