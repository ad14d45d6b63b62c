/* test_plan_patterns.c - rules/plan_patterns: what a glob or an expression is searched by. */
#include "rule_maker.h"

static uint32_t patterns_of(struct expression *test)
{
    rule(test);
    make_plan();
    return plan->pattern_count;
}

/* Whether the answer of the first pattern's first target is final. */
static bool is_exact(void)
{
    return plan->numbers[plan->patterns[0].targets.start] & 1;
}

#define CHECK_PATTERN(test, expected_kind, expected_text, exact)                                   \
    do {                                                                                           \
        make_begin();                                                                              \
        rule(test);                                                                                \
        make_plan();                                                                               \
        CHECK_INT(plan->patterns[0].kind, expected_kind);                                          \
        CHECK_STR(plan->patterns[0].text, expected_text);                                          \
        CHECK(is_exact() == (exact));                                                              \
        make_end();                                                                                \
    } while (0)

TEST(puts_plain_texts_into_tables)
{
    CHECK_PATTERN(is("a", "xyz"), PATTERN_WHOLE, "xyz", true);
    CHECK_PATTERN(is("a", "xyz*"), PATTERN_PREFIX, "xyz", true);
    CHECK_PATTERN(is("a", "**xyz"), PATTERN_SUFFIX, "xyz", true);
    CHECK_PATTERN(is("a", "*xyz*"), PATTERN_FOLDED, "xyz", true);
    CHECK_PATTERN(is("a", ""), PATTERN_WHOLE, "", true);
}

TEST(looks_for_the_longest_text_of_other_globs)
{
    CHECK_PATTERN(is("a", "ab*cde?f"), PATTERN_FOLDED, "cde", false);
    CHECK_PATTERN(is("a", "*~a~bc~d*"), PATTERN_FOLDED, "bc", false);
}

TEST(searches_the_raw_value_for_what_is_cased)
{
    CHECK_PATTERN(is_cased("a", "Xyz"), PATTERN_RAW, "Xyz", true);
    CHECK_PATTERN(is_cased("a", "X*Yz"), PATTERN_RAW, "Yz", false);
    CHECK_PATTERN(re("a", "x+", 0), PATTERN_RAW, "x+", false);
}

TEST(confirms_keywords_that_do_not_float)
{
    CHECK_PATTERN(is("", "*xyz*"), PATTERN_FOLDED, "xyz", true);
    CHECK_PATTERN(is("", "xyz*"), PATTERN_FOLDED, "xyz", false);
}

TEST(writes_out_few_dashes)
{
    make_begin();
    rule(is("a", "*~x*"));
    rule(is("b", "*~x ~y*"));
    make_plan();
    CHECK_INT(plan->pattern_count, 5 + 25);
    make_end();
}

TEST(has_no_pattern_without_text)
{
    make_begin();
    rule(is("a", "*"));
    rule(is("a", "*?*"));
    rule(is_cased("a", ""));
    CHECK_INT(patterns_of(compare("a", COMPARE_LT, 1)), 0);
    make_end();
}

TEST(leaves_very_long_expressions_to_pcre2)
{
    char text[2000];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    make_begin();
    CHECK_INT(patterns_of(re("a", text, 0)), 0);
    CHECK(matches("a", text));
    CHECK(!matches("a", text + 1));
    make_end();
}

TEST(leaves_heavy_expressions_to_the_search_alone)
{
    make_begin();
    rule(re("a", "(ab|c.d){1000}x", 0));
    rule(re("a", "^x{400}$", 0));
    make_plan();
    CHECK_INT(plan->pattern_count, 1);
    char text[501];
    memset(text, 'x', 400);
    text[400] = '\0';
    CHECK(matches("a", text));
    make_end();
    make_begin();
    for (unsigned i = 0; i < 300; i++) {
        snprintf(text, sizeof(text), "(x%u){100}", i); /* 200 to 400 each, 109,000 in all */
        rule(re("a", arena_str(made, str_from(text)).at, 0));
    }
    make_plan();
    CHECK(plan->pattern_count > 250 && plan->pattern_count < 300);
    make_end();
}
