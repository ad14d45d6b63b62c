/* test_sigma_correlation_terms.c - conditions over rules as alternatives. */
#include "rule_maker.h"

/* The terms as "a b !c, ..."; or why there are none. */
static struct str terms(const char *type, const char *condition)
{
    char text[8192];

    snprintf(text, sizeof(text),
             "title: t\ncorrelation:\n  type: %s\n  rules: [a, b, c]\n  timespan: 1m\n"
             "  condition: %s\n",
             type, condition);
    const struct sigma_rule *rule = load(text);
    buf_reset(&shown_bytes);
    if (rule->state == RULE_REFUSED)
        return rule->reason;
    for (uint32_t i = 0; i < rule->correlation->term_count; i++) {
        const struct correlation_term *term = &rule->correlation->terms[i];
        if (i)
            buf_add(&shown_bytes, STR(","));
        for (unsigned member = 0; member < 3; member++) {
            if (term->present >> member & 1)
                buf_printf(&shown_bytes, " %c", 'a' + (char)member);
            if (term->absent >> member & 1)
                buf_printf(&shown_bytes, " !%c", 'a' + (char)member);
        }
    }
    return buf_str(&shown_bytes);
}

TEST(operators_have_their_precedence)
{
    load_begin();
    CHECK_STR(terms("temporal", "a and b and c"), " a b c");
    CHECK_STR(terms("temporal", "a or b and c"), " a, b c");
    CHECK_STR(terms("temporal", "(a or b) and c"), " a c, b c");
    CHECK_STR(terms("temporal", "not a and b and c"), " !a b c");
    CHECK_STR(terms("temporal", "not (a and b) and c"), " !a c, !b c");
    CHECK_STR(terms("temporal", "not (a or b) and c"), " !a !b c");
    CHECK_STR(terms("temporal", "not not a and b or c"), " a b, c");
    load_end();
}

TEST(what_asks_more_than_another_is_left_out)
{
    load_begin();
    CHECK_STR(terms("temporal", "a or a and b and c"), " a");
    CHECK_STR(terms("temporal", "a and b and c or a and b"), " a b");
    CHECK_STR(terms("temporal", "(a and not a) or b or c"), " b, c");
    load_end();
}

TEST(broken_conditions_say_where)
{
    load_begin();
    CHECK(str_contains(terms("temporal", "a and"), STR("but it ends")));
    CHECK(str_contains(terms("temporal", "a b c"), STR("'and' or 'or' must stand here, not 'b'")));
    CHECK(str_contains(terms("temporal", "(a or b or c"), STR("closing parenthesis")));
    CHECK(str_contains(terms("temporal", "a and b or x"), STR("one of the listed rules")));
    CHECK(str_contains(terms("temporal", "a and b"), STR("what 'c' is for")));
    CHECK(str_contains(terms("temporal", "not a and (a or a) and b and not b or c and not c"),
                       STR("never be true")));
    load_end();
}

TEST(nesting_and_length_have_limits)
{
    struct buf deep;

    load_begin();
    buf_init(&deep, 1 << 14);
    for (unsigned i = 0; i < 70; i++)
        buf_printf(&deep, "(");
    buf_add_char(&deep, '\0');
    CHECK(str_contains(terms("temporal", deep.at), STR("nested more than")));
    buf_reset(&deep);
    for (unsigned i = 0; i < 1100; i++)
        buf_printf(&deep, "not ");
    buf_add_char(&deep, '\0');
    CHECK(str_contains(terms("temporal", deep.at), STR("more than 4096 bytes")));
    buf_free(&deep);
    load_end();
}

TEST(alternatives_have_a_limit)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 14);
    buf_printf(&text, "title: t\ncorrelation:\n  type: temporal\n  timespan: 1m\n  rules: [");
    for (unsigned i = 0; i < 60; i++)
        buf_printf(&text, "%sr%u", i ? ", " : "", i);
    buf_printf(&text, "]\n  condition: ");
    for (unsigned i = 0; i < 60; i += 2)
        buf_printf(&text, "%s(r%u or r%u)", i ? " and " : "", i, i + 1);
    buf_add_char(&text, '\0');
    CHECK(is_refused(load(text.at), 6, "more than 1024 alternatives"));
    buf_free(&text);
    load_end();
}

TEST(counts_in_order_are_choices_of_rules)
{
    load_begin();
    CHECK_STR(terms("temporal_ordered", "{gte: 3}"), " a b c");
    CHECK_STR(terms("temporal_ordered", "{gt: 1}"), " a b, a c, b c, a b c");
    CHECK_STR(terms("temporal_ordered", "{eq: 3}"), " a, b, a b, c, a c, b c, a b c");
    CHECK(str_contains(terms("temporal_ordered", "{gte: 4}"), STR("more rules than are listed")));
    CHECK_STR(terms("temporal", "{gte: 2}"), "");
    load_end();
}
