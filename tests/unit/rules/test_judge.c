/* test_judge.c - rules/judge: fields by name, under the entries that hold. */
#include "reasons_maker.h"

static bool judges(const char *detection, const char *field, const char *text)
{
    judge_rule("{category: test}", detection);
    if (field)
        with(field, text);
    bool fires = judged();
    judge_end();
    return fires;
}

TEST(predicates_of_every_kind)
{
    CHECK(judges("{s: {a: 'X*z'}, condition: s}", "a", "xyZ"));
    CHECK(!judges("{s: {a|cased: 'X*z'}, condition: s}", "a", "xyZ"));
    CHECK(judges("{s: {a|re: 'x.+z'}, condition: s}", "a", "-xyz-"));
    CHECK(judges("{s: {a|cidr: '192.0.2.0/24'}, condition: s}", "a", "::ffff:192.0.2.9"));
    CHECK(!judges("{s: {a|cidr: '::/0'}, condition: s}", "a", "192.0.2.9"));
    CHECK(judges("{s: {a|gte: 5}, condition: s}", "a", "5.0"));
    CHECK(!judges("{s: {a|gte: 5}, condition: s}", "a", "five"));
    CHECK(judges("{s: {a|hour: 10}, condition: s}", "a", "2026-01-02T10:00:00Z"));
    CHECK(judges("{s: {a|exists: false}, condition: s}", NULL, NULL));
    CHECK(judges("{s: {a: null}, condition: s}", NULL, NULL));
    CHECK(judges("{s: [word], condition: s}", "a", "has WORD in it"));
    CHECK(judges("{s: {a|neq: x}, condition: s}", NULL, NULL));
}

TEST(compares_a_field_with_another)
{
    judge_rule("{category: test}", "{s: {a|fieldref|endswith: b}, condition: s}");
    with("a", "C:\\X.EXE");
    CHECK(!judged());
    with("b", "x.exe");
    CHECK(judged());
    judge_end();
}

TEST(any_member_of_a_list_passes)
{
    judge_rule("{category: test}", "{s: {a: x}, condition: s}");
    with("a", "y");
    with_null("a");
    CHECK(!judged());
    with("a", "x");
    CHECK(judged());
    judge_end();
}

TEST(takes_the_names_of_the_entry_that_holds)
{
    const char *source = "{category: process_creation, product: windows}";

    judge_rule(source, "{s: {Image: a.exe, ProcessId: 500, User: 'D\\N', Level: High}, "
                       "condition: s}");
    with("EventID", "4688");
    with("NewProcessName", "a.exe");
    with("NewProcessId", "0x1f4");
    with("Domain", "D");
    with("Name", "N");
    with("Label", "s-1");
    CHECK(!judged());
    CHECK(!judge_holds(judge, 1));
    with("Channel", "SECURITY");
    CHECK(judged());
    CHECK(judge_holds(judge, 1) && !judge_holds(judge, 0));
    CHECK(judge_entry_test(judge, &taxonomy.entries[1].tests[0]));
    judge_end();
}

TEST(tells_what_the_event_has)
{
    judge_rule("{category: test}", "{s: {a: x}, k: [word], condition: s or k}");
    const struct predicate *of_field = set.rules[0]->detection->children[0]->test;
    const struct predicate *keyword = set.rules[0]->detection->children[1]->test;
    with("a", "y");
    with("a", "x");
    judge_begin(judge, event);
    struct judged_test test = judge_test(judge, NULL, of_field, made);
    CHECK(test.passes && test.value_count == 2 && test.which == 1);
    test = judge_test(judge, NULL, keyword, made);
    CHECK(!test.passes && test.value_count == 0 && test.which == JUDGED_NONE);
    with("b", "a word");
    with("c", "a word");
    judge_begin(judge, event);
    test = judge_test(judge, NULL, keyword, made);
    CHECK(test.passes && test.value_count == 1 && test.which == 0);
    CHECK_STR(test.values[0].text, "a word");
    judge_end();
}

TEST(an_expression_at_its_limit_is_no_answer)
{
    static char text[1u << 16];

    memset(text, 'a', sizeof(text) - 1);
    judge_rule("{category: test}", "{s: {a|re: '(a+)+b(a+)+b(x+x+)+y$'}, condition: s}");
    with("a", text);
    judged();
    CHECK(told->gave_up == (judge_gave_up(judge) > 0));
    judge_end();
}

TEST(many_expressions_and_many_texts)
{
    struct buf detection;

    buf_init(&detection, 1u << 20);
    buf_add(&detection, STR("{s: {a|re: ["));
    for (int i = 0; i < 900; i++)
        buf_printf(&detection, "'x%dy', ", i);
    buf_add(&detection, STR("'z$']}, condition: s}"));
    buf_add_char(&detection, '\0');
    judge_rule("{category: test}", detection.at);
    for (int i = 0; i < VALUES_MAX - 1; i++)
        with("a", "no");
    CHECK(!judged());
    with("a", "has z");
    CHECK(judged());
    buf_free(&detection);
    judge_end();
}

TEST(a_condition_goes_by_its_own_names)
{
    judge_rule("{category: process_creation, product: windows}",
               "{s: {Image: a.exe}, condition: s}");
    with("Image", "a.exe");
    CHECK(!judged()); /* no entry holds for it */
    CHECK(judge_condition(judge, set.rules[0]->detection));
    with("EventID", "4688");
    with("NewProcessName", "b.exe");
    judged();
    CHECK(judge_condition(judge, set.rules[0]->detection));
    judge_end();
}
