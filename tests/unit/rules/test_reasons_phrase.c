/* test_reasons_phrase.c - rules/reasons_phrase: what is asked, and what was found. */
#include "reasons_maker.h"

static struct str asked(const char *detection)
{
    judge_rule("{category: test}", detection);
    CHECK_INT(set.rules[0]->state, RULE_LOADED);
    const struct expression *test = set.rules[0]->detection;
    while (test->kind != EXPRESSION_TEST)
        test = test->children[0];
    static char kept[512];
    reasons_asked(test->test, &said);
    snprintf(kept, sizeof(kept), "%.*s", STR_ARG(buf_str(&said)));
    judge_end();
    return str_from(kept);
}

TEST(says_what_is_asked)
{
    CHECK_STR(asked("{s: {a: X}, condition: s}"), "is 'X'");
    CHECK_STR(asked("{s: {a|contains: 'x*y'}, condition: s}"), "contains 'x*y'");
    CHECK_STR(asked("{s: {a|startswith: x}, condition: s}"), "begins with 'x'");
    CHECK_STR(asked("{s: {a|endswith|cased: X}, condition: s}"),
              "ends with 'X' with these capitals");
    CHECK_STR(asked("{s: {a|contains|windash: ' -e '}, condition: s}"),
              "contains ' -e ' with any dash");
    CHECK_STR(asked("{s: {a|base64: whoami}, condition: s}"),
              "is 'd2hvyw1p' (in the rule: 'whoami')");
    CHECK_STR(asked("{s: {a|re: 'x.y'}, condition: s}"), "matches 'x.y'");
    CHECK_STR(asked("{s: {a|cidr: 192.0.2.0/24}, condition: s}"), "is in '192.0.2.0/24'");
    CHECK_STR(asked("{s: {a|gte: 5}, condition: s}"), "is at least 5");
    CHECK_STR(asked("{s: {a|hour|lt: 5}, condition: s}"), "is below 5 (its hour)");
    CHECK_STR(asked("{s: {a|exists: true}, condition: s}"), "is there");
    CHECK_STR(asked("{s: {a: null}, condition: s}"), "is null or missing");
    CHECK_STR(asked("{s: {a|fieldref|startswith: b}, condition: s}"), "begins with the field b");
}

static struct str found(void)
{
    judged();
    buf_reset(&said);
    reasons_found(told->root, &said);
    return buf_str(&said);
}

TEST(says_what_the_event_has)
{
    judge_rule("{category: test}", "{s: {a: x}, condition: s}");
    CHECK_STR(found(), "is not in the event");
    with_null("a");
    CHECK_STR(found(), "is null");
    with("a", "b\x1b[1m\n");
    CHECK_STR(found(), "is null and 'b\\x1b[1m\\x0a'");
    with("a", "c");
    with("a", "d");
    CHECK_STR(found(), "is null, 'b\\x1b[1m\\x0a', 'c' and 1 more values");
    with("a", "X");
    CHECK_STR(found(), "is 'X'");
    judge_end();
}

TEST(cuts_long_texts_between_characters)
{
    struct buf out;

    buf_init(&out, 1000);
    reasons_shown(STR("ab\xc3\xa9"
                      "cd"),
                  3, &out);
    CHECK_STR(buf_str(&out), "ab... (6 bytes)");
    buf_free(&out);
}

TEST(names_log_sources)
{
    const struct log_source source = {STR_INIT("process_creation"), STR_INIT("windows"),
                                      STR_INIT("security")};
    struct buf out;

    buf_init(&out, 1000);
    reasons_log_source(&source, &out);
    CHECK_STR(buf_str(&out), "process_creation, windows, service security");
    buf_free(&out);
}
