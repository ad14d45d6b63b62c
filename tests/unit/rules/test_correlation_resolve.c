/* test_correlation_resolve.c - what correlations refer to, and what follows for the rules. */
#include "rule_maker.h"
#include "rules/correlation_resolve.h"

#define RULE(name)                                                                                 \
    "title: " name "\nname: " name "\nlogsource: {category: c}\n"                                  \
    "detection: {s: {r: " name "}, condition: s}\n---\n"
#define OVER(name, rules, more)                                                                    \
    "title: " name "\nname: " name "\ncorrelation: {type: event_count, rules: " rules              \
    ", timespan: 1m, condition: {gte: 2}" more "}\n---\n"

static void load_all(const char *text)
{
    load(text);
    rule_set_finish(&set);
}

static const struct sigma_rule *named(const char *name)
{
    for (uint32_t i = 0; i < set.count; i++)
        if (str_eq(set.rules[i]->name, str_from(name)))
            return set.rules[i];
    CHECK(false);
    return NULL;
}

static bool refused_for(const char *name, const char *part)
{
    const struct sigma_rule *rule = named(name);

    return rule->state == RULE_REFUSED && str_contains(rule->reason, str_from(part));
}

TEST(references_are_found_in_any_order)
{
    load_begin();
    load_all(OVER("x", "[a, b]", "") RULE("b") RULE("a"));
    const struct correlation *correlation = named("x")->correlation;
    CHECK_INT(named("x")->state, RULE_LOADED);
    CHECK_INT(correlation->members[0].rule, 2);
    CHECK_INT(correlation->members[1].rule, 1);
    CHECK_INT(correlation->depth, 0);
    CHECK(named("a")->correlated && named("a")->silent);
    load_end();
}

TEST(what_is_refused_silences_nobody)
{
    load_begin();
    load_all(RULE("a") OVER("x", "[a, nobody]", ""));
    CHECK(refused_for("x", "no rule has the id or name 'nobody'"));
    CHECK(!named("a")->correlated && !named("a")->silent);
    load_end();
}

TEST(depths_and_chains)
{
    load_begin();
    load_all(OVER("z", "[y]", "") OVER("y", "[x, a]", "") OVER("x", "[a]", "") RULE("a"));
    CHECK_INT(named("x")->correlation->depth, 0);
    CHECK_INT(named("y")->correlation->depth, 1);
    CHECK_INT(named("z")->correlation->depth, 2);
    CHECK(named("x")->silent && named("y")->silent && !named("z")->silent);
    load_end();
}

TEST(circles_and_what_stands_on_them_are_refused)
{
    load_begin();
    load_all(RULE("a") OVER("x", "[y]", "") OVER("y", "[x]", "") OVER("z", "[y, a]", "")
                 OVER("good", "[a]", ""));
    CHECK(refused_for("x", "in a circle"));
    CHECK(refused_for("y", "in a circle"));
    CHECK(refused_for("z", "in a circle"));
    CHECK_INT(named("good")->state, RULE_LOADED);
    load_end();
}

TEST(chains_have_a_limit)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    buf_printf(&text, RULE("r0"));
    for (unsigned i = 1; i <= CORRELATION_CHAIN_MAX + 1; i++)
        buf_printf(&text,
                   "title: r%u\nname: r%u\ncorrelation: {type: event_count, rules: [r%u], "
                   "timespan: 1m, condition: {gte: 1}}\n---\n",
                   i, i, i - 1);
    buf_add_char(&text, '\0');
    load_all(text.at);
    CHECK_INT(named("r16")->state, RULE_LOADED);
    CHECK(refused_for("r17", "more than 16"));
    buf_free(&text);
    load_end();
}

TEST(fields_are_asked_of_each_rule_by_its_own_name)
{
    load_begin();
    load_all(RULE("a") RULE("b")
                 OVER("x", "[a, b]", ", group-by: [u, h], aliases: {u: {a: src, b: dst}}"));
    const struct correlation *correlation = named("x")->correlation;
    CHECK_INT(named("a")->asked_count, 2);
    CHECK_STR(named("a")->asked[0], "src");
    CHECK_STR(named("b")->asked[0], "dst");
    CHECK_STR(named("b")->asked[1], "h");
    CHECK_INT(correlation->members[1].group[1], 1);
    load_end();
}

TEST(what_is_asked_of_a_correlation_is_asked_of_its_rules)
{
    load_begin();
    load_all(RULE("a") OVER("x", "[a]", ", group-by: [u]") OVER("y", "[x]", ", group-by: [u, h]"));
    CHECK_INT(named("x")->asked_count, 2);
    CHECK_INT(named("a")->asked_count, 2);
    CHECK_STR(named("a")->asked[1], "h");
    const struct correlation_member *member = &named("x")->correlation->members[0];
    CHECK(member->shared[0] == CORRELATION_GROUPED);
    CHECK_INT(member->shared[1], 1);
    load_end();
}

TEST(what_is_asked_later_is_passed_on)
{
    load_begin();
    load_all(RULE("a") OVER("x", "[a]", ", group-by: [u]") OVER("y", "[x]", ", group-by: [h]"));
    struct sigma_rule *outer = set.rules[2];
    correlation_ask(&set, outer, STR("h")); /* it is grouped by that */
    correlation_ask(&set, outer, STR("w"));
    correlations_pass_on(&set);
    CHECK_INT(outer->asked_count, 2);
    CHECK(outer->correlation->members[0].shared[0] == CORRELATION_GROUPED);
    CHECK_STR(named("x")->asked[outer->correlation->members[0].shared[1]], "w");
    CHECK_INT(named("a")->asked_count, 3);
    CHECK_STR(named("a")->asked[named("x")->correlation->members[0].shared[1]], "w");
    CHECK_STR(named("a")->asked[named("x")->correlation->members[0].group[0]], "u");
    CHECK(named("a")->silent && named("x")->silent && !outer->silent);
    load_end();
}

TEST(of_a_correlation_there_is_no_more_asked_than_there_is_room_for)
{
    char name[16];

    load_begin();
    load_all(RULE("a") OVER("x", "[a]", ""));
    for (unsigned i = 0; i < 300; i++) {
        snprintf(name, sizeof(name), "f%u", i);
        correlation_ask(&set, set.rules[1], arena_str(made, str_from(name)));
    }
    correlations_pass_on(&set);
    CHECK_INT(set.rules[1]->asked_count, 256);
    CHECK_INT(named("a")->asked_count, 256);
    CHECK_INT(set.rules[1]->state, RULE_LOADED);
    load_end();
}

TEST(one_that_generates_is_enough)
{
    load_begin();
    load_all(RULE("a") RULE("b") OVER("x", "[a, b]", "") OVER("y", "[a]", ", generate: true"));
    CHECK(named("a")->correlated && !named("a")->silent);
    CHECK(named("b")->correlated && named("b")->silent);
    load_end();
}

TEST(rules_that_are_refused_later_take_it_with_them)
{
    load_begin();
    load_all(RULE("a") OVER("x", "[a]", "") OVER("y", "[x]", ""));
    set.rules[0]->state = RULE_REFUSED;
    correlations_settle(&set);
    CHECK(refused_for("x", "'a' is refused"));
    CHECK(refused_for("y", "'x' is refused"));
    CHECK(!named("x")->silent);
    load_end();
}

TEST(an_alias_speaks_of_the_listed_rules)
{
    load_begin();
    load_all(RULE("a") RULE("b") OVER("x", "[a]", ", aliases: {u: {b: src}}")
                 OVER("y", "[a, b]", ", aliases: {u: {b: src}}"));
    CHECK(refused_for("x", "'b', which is not listed"));
    CHECK(refused_for("y", "names no field of 'a'"));
    load_end();
}
