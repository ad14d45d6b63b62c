/* test_condition.c - conditions over search identifiers: precedence, quantities, refusals. */
#include "rule_maker.h"

#include "core/limits.h"

static const char identifiers[] = "a: {a: 1}\n"
                                  "b: {b: 1}\n"
                                  "c: {c: 1}\n"
                                  "sel_1: {s1: 1}\n"
                                  "sel_2: {s2: 1}\n"
                                  "sel_3: {s3: 1}\n"
                                  "_h: {h: 1}\n"
                                  "notable: {n: 1}\n"
                                  "x-y: {xy: 1}\n"
                                  "condition: ";
#define CONDITION_LINE 13

static const struct sigma_rule *last;

/* The condition as an expression, of a rule with the identifiers above. */
static struct str of(const char *condition)
{
    char text[16384];

    snprintf(text, sizeof(text), "%s%s\n", identifiers, condition);
    /* the condition differs each time, and so does the rule's text: it is no duplicate */
    last = load_detection(text, NULL);
    return shown(last);
}

static bool refuses(const char *condition, const char *part)
{
    of(condition);
    return is_refused(last, CONDITION_LINE, part);
}

TEST(one_identifier)
{
    load_begin();
    CHECK_STR(of("a"), "a=1");
    CHECK_STR(of("x-y"), "xy=1");
    CHECK_STR(of("_h"), "h=1");
    CHECK_INT(last->note_count, 0);
    load_end();
}

TEST(or_binds_less_than_and_less_than_not)
{
    load_begin();
    CHECK_STR(of("a or b and c"), "(a=1 | (b=1 & c=1))");
    CHECK_STR(of("a and b or c"), "((a=1 & b=1) | c=1)");
    CHECK_STR(of("not a and b"), "(!a=1 & b=1)");
    CHECK_STR(of("a or not b"), "(a=1 | !b=1)");
    CHECK_STR(of("not a or b and not c"), "(!a=1 | (b=1 & !c=1))");
    CHECK_STR(of("not not a"), "!!a=1");
    load_end();
}

TEST(parentheses_come_first)
{
    load_begin();
    CHECK_STR(of("(a or b) and c"), "((a=1 | b=1) & c=1)");
    CHECK_STR(of("not (a or b)"), "!(a=1 | b=1)");
    CHECK_STR(of("((a))"), "a=1");
    CHECK_STR(of("(a)and(b)"), "(a=1 & b=1)");
    CHECK_STR(of("not(a)"), "!a=1");
    load_end();
}

TEST(a_chain_of_one_operator_is_one_list)
{
    load_begin();
    CHECK_STR(of("a and b and c"), "(a=1 & b=1 & c=1)");
    CHECK_STR(of("a or b or c"), "(a=1 | b=1 | c=1)");
    CHECK_STR(of("a and (b and c)"), "(a=1 & (b=1 & c=1))");
    load_end();
}

/* Later steps walk the tree by recursion. */
TEST(a_long_chain_makes_no_deep_tree)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 14);
    buf_add(&text, STR("a"));
    for (unsigned i = 0; i < 1000; i++)
        buf_add(&text, STR(" or b and c"));
    buf_add_char(&text, '\0');
    of(text.at);
    CHECK_INT(last->state, RULE_LOADED);
    CHECK_INT(last->detection->count, 1001);
    buf_free(&text);
    load_end();
}

TEST(a_condition_may_stand_for_so_many_values)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    buf_printf(&text, "s: {a: [0");
    for (unsigned i = 1; i < RULE_VALUES_MAX / 100; i++)
        buf_printf(&text, ",%u", i);
    buf_printf(&text, "]}\ncondition: s");
    for (unsigned i = 1; i < 100; i++)
        buf_printf(&text, " or s");
    size_t len = text.len;
    buf_add_char(&text, '\0');
    CHECK_INT(load_detection(text.at, NULL)->state, RULE_LOADED);
    CHECK_INT(set.rules[set.count - 1]->values, RULE_VALUES_MAX);
    text.len = len;
    buf_printf(&text, " or s");
    buf_add_char(&text, '\0');
    CHECK(is_refused(load_detection(text.at, NULL), 5, "stands for more than 250000 values"));
    buf_free(&text);
    load_end();
}

TEST(a_condition_may_have_so_many_bytes)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    for (unsigned more = 0; more < 2; more++) {
        buf_reset(&text);
        buf_printf(&text, "s: {a: 1}\ncondition: '1 of ");
        for (unsigned i = 5; i < CONDITION_BYTES_MAX + more; i++)
            buf_add_char(&text, '*');
        buf_printf(&text, "'\n");
        buf_add_char(&text, '\0');
        last = load_detection(text.at, NULL);
        CHECK_INT(last->state, more ? RULE_REFUSED : RULE_LOADED);
    }
    CHECK(is_refused(last, 5, "more than 65536 bytes"));
    buf_free(&text);
    load_end();
}

TEST(what_is_wrong_is_said_however_long_the_condition_is)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 16);
    for (unsigned i = 0; i < 1000; i++)
        buf_printf(&text, "a or ");
    buf_add_char(&text, '\0');
    CHECK(refuses(text.at, "must stand here, but it ends"));
    buf_free(&text);
    load_end();
}

TEST(keywords_need_word_boundaries)
{
    load_begin();
    CHECK_STR(of("notable"), "n=1");
    CHECK_STR(of("a or notable"), "(a=1 | n=1)");
    CHECK(refuses("nota", "names 'nota'"));
    CHECK(refuses("a andb", "'and' or 'or' must stand here"));
    load_end();
}

TEST(of_counts_identifiers_by_pattern)
{
    load_begin();
    CHECK_STR(of("1 of sel_*"), "(s1=1 | s2=1 | s3=1)");
    CHECK_STR(of("all of sel_*"), "(s1=1 & s2=1 & s3=1)");
    CHECK_STR(of("1 of *_2"), "s2=1");
    CHECK_STR(of("all of s*l*1"), "s1=1");
    CHECK_STR(of("1 of sel_1"), "s1=1");
    CHECK_STR(of("not 1 of sel_*"), "!(s1=1 | s2=1 | s3=1)");
    CHECK_STR(of("1 of sel_* and a"), "((s1=1 | s2=1 | s3=1) & a=1)");
    load_end();
}

TEST(them_is_all_but_the_hidden)
{
    load_begin();
    CHECK_STR(of("1 of them"), "(a=1 | b=1 | c=1 | s1=1 | s2=1 | s3=1 | n=1 | xy=1)");
    CHECK_STR(of("all of them"), "(a=1 & b=1 & c=1 & s1=1 & s2=1 & s3=1 & n=1 & xy=1)");
    load_end();
}

TEST(a_pattern_chooses_the_hidden_only_if_it_says_so)
{
    load_begin();
    CHECK_STR(of("1 of _*"), "h=1");
    CHECK(refuses("1 of *h", "no search identifier is called '*h'"));
    CHECK_STR(of("1 of *"), "(a=1 | b=1 | c=1 | s1=1 | s2=1 | s3=1 | n=1 | xy=1)");
    load_end();
}

TEST(any_of_is_1_of_with_a_note)
{
    load_begin();
    CHECK_STR(of("any of sel_*"), "(s1=1 | s2=1 | s3=1)");
    CHECK(has_note(last, NOTE_LINT, "'any of'"));
    load_end();
}

TEST(n_of_is_written_out_with_a_note)
{
    load_begin();
    CHECK_STR(of("2 of sel_*"), "((s1=1 & s2=1) | (s1=1 & s3=1) | (s2=1 & s3=1))");
    CHECK(has_note(last, NOTE_LINT, "'2 of'"));
    CHECK_STR(of("3 of sel_*"), "(s1=1 & s2=1 & s3=1)");
    CHECK(refuses("4 of sel_*", "cannot be: 3 identifiers"));
    CHECK(refuses("0 of sel_*", "cannot be"));
    load_end();
}

TEST(n_of_is_refused_whatever_the_size_of_n)
{
    load_begin();
    CHECK(refuses("4294967295 of sel_*", "cannot be"));
    CHECK(refuses("4294967296 of sel_*", "cannot be"));
    CHECK(refuses("18446744073709551615 of sel_*", "cannot be"));
    load_end();
}

static struct str of_many(unsigned members, const char *condition)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    for (unsigned i = 0; i < members; i++)
        buf_printf(&text, "m%u: {f: %u}\n", i, i);
    buf_printf(&text, "condition: %s\n", condition);
    buf_add_char(&text, '\0');
    last = load_detection(text.at, NULL);
    buf_free(&text);
    return shown(last);
}

TEST(n_of_many_ends_at_a_limit)
{
    load_begin();
    of_many(40, "20 of m*");
    CHECK_INT(last->state, RULE_REFUSED);
    CHECK(str_contains(last->reason, STR("too many combinations")));
    of_many(20, "2 of m*");
    CHECK_INT(last->state, RULE_LOADED);
    CHECK_INT(last->detection->count, 190);
    load_end();
}

TEST(all_but_one_of_twenty_are_twenty_combinations)
{
    load_begin();
    of_many(20, "19 of m*");
    CHECK_INT(last->state, RULE_LOADED);
    if (last->state == RULE_LOADED)
        CHECK_INT(last->detection->count, 20);
    load_end();
}

TEST(operators_in_upper_case_work_with_a_note)
{
    load_begin();
    CHECK_STR(of("a AND NOT b"), "(a=1 & !b=1)");
    CHECK(has_note(last, NOTE_LINT, "'and'"));
    CHECK(has_note(last, NOTE_LINT, "'not'"));
    CHECK_INT(last->note_count, 2);
    CHECK_STR(of("a AND b AND c AND b"), "(a=1 & b=1 & c=1 & b=1)");
    CHECK_INT(last->note_count, 1); /* once is enough */
    CHECK_STR(of("1 OF sel_* Or a"), "((s1=1 | s2=1 | s3=1) | a=1)");
    load_end();
}

TEST(an_unknown_identifier_is_refused)
{
    load_begin();
    CHECK(refuses("a and nobody", "names 'nobody'"));
    CHECK(refuses("A", "names 'A'"));
    CHECK(refuses("not nobody", "names 'nobody'"));
    CHECK(refuses("sel_*", "names 'sel_*'"));
    load_end();
}

TEST(a_pattern_without_a_match_is_refused)
{
    load_begin();
    CHECK(refuses("1 of filter_*", "no search identifier is called 'filter_*'"));
    CHECK(refuses("a or all of filter_*", "no search identifier is called 'filter_*'"));
    load_end();
}

TEST(under_not_it_is_left_out_with_a_warning)
{
    load_begin();
    CHECK_STR(of("a and not 1 of filter_*"), "a=1");
    CHECK(has_note(last, NOTE_WARNING, "'filter_*'"));
    CHECK_STR(of("not 1 of filter_* and a"), "a=1");
    CHECK_STR(of("a or not all of filter_*"), "a=1");
    CHECK_STR(of("a and not (1 of filter_* or b)"), "(a=1 & !b=1)");
    CHECK_STR(of("a and not (1 of filter_*)"), "a=1");
    CHECK(refuses("not 1 of filter_*", "names no search identifier that is there"));
    load_end();
}

TEST(broken_conditions_are_refused)
{
    load_begin();
    CHECK(refuses("a and", "must stand here, but it ends"));
    CHECK(refuses("and a", "names 'and'"));
    CHECK(refuses("a b", "'and' or 'or' must stand here, not 'b'"));
    CHECK(refuses("(a", "closing parenthesis must stand here, but it ends"));
    CHECK(refuses("a)", "not ')'"));
    CHECK(refuses("()", "must stand here, not ')'"));
    CHECK(refuses("not", "but it ends"));
    CHECK(refuses("1 of", "'of' needs"));
    CHECK(refuses("1 of (a)", "'of' needs"));
    CHECK(refuses("''", "but it ends"));
    CHECK(refuses("a & b", "not '&'"));
    CHECK(refuses("\"a and 'b'\"", "not '''"));
    CHECK(refuses("of a", "names 'of'"));
    load_end();
}

TEST(what_is_behind_a_bar_is_left_for_aggregations)
{
    load_begin();
    CHECK(refuses("a | count() by b > 5", "it has no timeframe"));
    CHECK(refuses("'a|near b'", "it has no timeframe"));
    CHECK(refuses("'|count() > 5'", "but it ends"));
    load_end();
}

static struct str nested(unsigned depth, const char *open, const char *close)
{
    struct buf text;

    buf_init(&text, 1 << 14);
    for (unsigned i = 0; i < depth; i++)
        buf_add(&text, str_from(open));
    buf_add(&text, STR("a"));
    for (unsigned i = 0; i < depth; i++)
        buf_add(&text, str_from(close));
    buf_add_char(&text, '\0');
    struct str result = of(text.at);
    buf_free(&text);
    return result;
}

TEST(nesting_ends_at_the_limit)
{
    load_begin();
    CHECK_STR(nested(CONDITION_DEPTH_MAX - 1, "(", ")"), "a=1");
    nested(CONDITION_DEPTH_MAX, "(", ")");
    CHECK(is_refused(last, CONDITION_LINE, "nested more than 64 deep"));
    nested(CONDITION_DEPTH_MAX - 1, "not ", "");
    CHECK_INT(last->state, RULE_LOADED);
    nested(CONDITION_DEPTH_MAX, "not ", "");
    CHECK(is_refused(last, CONDITION_LINE, "nested more than 64 deep"));
    nested(5000, "(", ")");
    CHECK(is_refused(last, CONDITION_LINE, "nested more than 64 deep"));
    load_end();
}

TEST(nesting_is_depth_not_length)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 14);
    buf_add(&text, STR("(a)"));
    for (unsigned i = 0; i < 500; i++)
        buf_add(&text, STR(" or not (b)"));
    buf_add_char(&text, '\0');
    of(text.at);
    CHECK_INT(last->state, RULE_LOADED);
    buf_free(&text);
    load_end();
}

TEST(a_list_of_conditions_is_joined_by_or)
{
    load_begin();
    CHECK_STR(of("[a and b, c]"), "((a=1 & b=1) | c=1)");
    CHECK_STR(of("[a]"), "a=1");
    CHECK(refuses("[]", "a text or a list of texts"));
    CHECK(refuses("[[a]]", "a condition must be a text"));
    CHECK(refuses("{a: b}", "a text or a list of texts"));
    CHECK(refuses("[a, nobody]", "names 'nobody'"));
    load_end();
}

/* A condition over `a` and `b` that is there and `gone_1`, `gone_2` of which nothing is left. */
static struct str without_gone(const char *condition)
{
    struct sigma_rule *rule = ARENA_NEW(made, struct sigma_rule);
    struct sigma_loading loading = {
        .arena = made, .rule = rule, .what = "rule", .memory_max = SIZE_MAX};
    const struct yaml_node node = {.line = 1, .column = 1, .text = str_from(condition)};
    struct identifier known[] = {{.name = STR("a"), .expression = is("a", "1"), .values = 1},
                                 {.name = STR("gone_1")},
                                 {.name = STR("gone_2")},
                                 {.name = STR("b"), .expression = is("b", "2"), .values = 1}};

    rule->detection = condition_parse(&loading, &node, known, ARRAY_COUNT(known));
    return shown(rule);
}

TEST(identifiers_of_which_nothing_is_left)
{
    load_begin();
    CHECK_STR(without_gone("a and gone_1"), "a=1");
    CHECK_STR(without_gone("gone_1 or b"), "b=2");
    CHECK_STR(without_gone("a and not gone_1"), "a=1");
    CHECK_STR(without_gone("a and not 1 of gone_*"), "a=1");
    CHECK_STR(without_gone("a and (gone_1 or not (gone_2))"), "a=1");
    CHECK_STR(without_gone("all of them"), "(a=1 & b=2)");
    CHECK_STR(without_gone("3 of them"), "(a=1 & b=2)");
    CHECK(str_contains(without_gone("gone_1"), STR("names no search identifier that is there")));
    CHECK(str_contains(without_gone("1 of gone_*"), STR("names no search identifier")));
    load_end();
}
