/* test_matcher.c - rules/matcher: what predicates and conditions answer, and random ones against
 * a naive evaluator. */
#include "codec/utf.h"

#include "rule_maker.h"

TEST(compares_whole_values_without_case)
{
    make_begin();
    rule(is("f", "abc"));
    make_plan();
    CHECK(matches("f", "aBc"));
    CHECK(!matches("f", "abcd"));
    CHECK(!matches("f", ""));
    CHECK(!matches("g", "abc"));
    make_end();
}

TEST(searches_prefixes_suffixes_and_substrings)
{
    make_begin();
    rule(is("prefix", "abc*"));
    rule(is("suffix", "*abc"));
    rule(is("inside", "*abc*"));
    make_plan();
    CHECK(matches("prefix", "ABCd"));
    CHECK(!matches("prefix", "xabc"));
    CHECK(matches("suffix", "xABC"));
    CHECK(!matches("suffix", "abcx"));
    CHECK(matches("inside", "xabcx"));
    CHECK(!matches("inside", "ab c"));
    make_end();
}

TEST(folds_by_unicode)
{
    make_begin();
    rule(is("f", "*\xc3\xa9t\xc3\xa9*"));
    make_plan();
    CHECK(matches("f", "L'\xc3\x89T\xc3\x89"));
    make_end();
}

TEST(compares_as_written_where_cased)
{
    make_begin();
    rule(is_cased("whole", "Abc"));
    rule(is_cased("prefix", "Abc*"));
    rule(is_cased("suffix", "*Abc"));
    rule(is_cased("inside", "*Abc*"));
    rule(is_cased("glob", "*A?c*d"));
    rule(is_cased("none", ""));
    make_plan();
    CHECK(matches("whole", "Abc") && !matches("whole", "abc") && !matches("whole", "xAbc"));
    CHECK(matches("prefix", "Abcd") && !matches("prefix", "abcd") && !matches("prefix", "xAbc"));
    CHECK(matches("suffix", "xAbc") && !matches("suffix", "xabc") && !matches("suffix", "Abc\n"));
    CHECK(matches("inside", "xAbcx") && !matches("inside", "xabcx"));
    CHECK(matches("glob", "xAbcxxd") && !matches("glob", "xabcxd"));
    CHECK(matches("none", "") && !matches("none", "x"));
    make_end();
}

TEST(confirms_wildcards_inside)
{
    make_begin();
    rule(is("f", "*a?c*xyz*"));
    rule(is("g", "?b*"));
    rule(is("h", "?"));
    make_plan();
    CHECK(matches("f", "..abc..xyz.."));
    CHECK(matches("f", "a\xe2\x82\xac"
                       "c\r\nxyz"));
    CHECK(!matches("f", "xyz abc"));
    CHECK(matches("g", "abc") && !matches("g", "b"));
    CHECK(matches("h", "\xe2\x82\xac") && !matches("h", "ab") && !matches("h", ""));
    make_end();
}

TEST(folds_dashes_of_windash)
{
    make_begin();
    rule(is("one", "* ~enc*"));
    rule(is("end", "*~x"));
    rule(is("three", "*~a ~b ~c*"));
    rule(is("only", "*~*"));
    make_plan();
    CHECK(matches("one", "p -ENC x") && matches("one", "p /enc x"));
    CHECK(matches("one", "p \xe2\x80\x95"
                         "enc x") &&
          !matches("one", "p enc"));
    CHECK(matches("end", "a/x") && !matches("end", "a/xy"));
    CHECK(matches("three", "-a /b \xe2\x80\x94"
                           "c"));
    CHECK(!matches("three", "-a /b c"));
    CHECK(matches("only", "a/b") && !matches("only", "ab"));
    make_end();
}

TEST(tells_present_from_empty_and_null)
{
    make_begin();
    rule(is("empty", ""));
    rule(is("present", "*"));
    rule(is_null("null"));
    make_plan();
    event_begin();
    CHECK(run() == 1 && hits[0] == set.rules[2]);
    event_begin();
    with("null", "");
    CHECK_INT(run(), 0);
    event_begin();
    with_null("null");
    with_null("empty");
    with_null("present");
    CHECK(run() == 1 && hits[0] == set.rules[2]);
    event_begin();
    with("null", "x");
    with("empty", "");
    with("present", "");
    CHECK(run() == 2 && hits[0] == set.rules[0] && hits[1] == set.rules[1]);
    make_end();
}

TEST(asks_for_existence)
{
    make_begin();
    rule(exists("f", true));
    rule(exists("f", false));
    make_plan();
    event_begin();
    CHECK(run() == 1 && hits[0] == set.rules[1]);
    event_begin();
    with_null("f");
    CHECK(run() == 1 && hits[0] == set.rules[0]);
    make_end();
}

TEST(is_true_if_any_member_of_a_list_is)
{
    make_begin();
    rule(is("f", "b*"));
    rule(negated(is("f", "b*")));
    rule(all(is("f", "a"), is("f", "*c"), NULL));
    make_plan();
    event_begin();
    with("f", "a");
    with("f", "bc");
    CHECK(run() == 2 && hits[0] == set.rules[0] && hits[1] == set.rules[2]);
    event_begin();
    with("f", "a");
    with_null("f");
    CHECK(run() == 1 && hits[0] == set.rules[1]);
    make_end();
}

TEST(searches_expressions)
{
    make_begin();
    rule(re("f", "a{3,5}b", 0));
    rule(re("i", "a{3,5}b", REGEX_CASELESS));
    rule(re("back", "(x+)-\\1!", 0));
    rule(re("empty", "z*", 0));
    make_plan();
    CHECK(matches("f", "..aaab") && !matches("f", "aab") && !matches("f", "AAAB"));
    CHECK(matches("i", "AAAB"));
    CHECK(matches("back", "xx-xx!") && !matches("back", "xx-y!"));
    CHECK(matches("empty", "abc"));
    make_end();
}

TEST(counts_expressions_that_give_up)
{
    char text[41];

    make_begin();
    rule(re("f", "^(a+)+$", 0));
    make_plan();
    memset(text, 'a', 40);
    text[39] = '!';
    text[40] = '\0';
    /* the automaton knows that this does not match, and PCRE2 is not even asked */
    CHECK(!matches("f", text));
    CHECK_INT(matcher_counts(matcher)->gave_up, 0);
    make_end();

    make_begin();
    rule(re("f", "^(a+)+\\1$", 0));
    make_plan();
    CHECK(!matches("f", text));
    CHECK(!matches("f", text));
    CHECK_INT(matcher_counts(matcher)->gave_up, 0);
    text[39] = 'a';
    CHECK(matches("f", text));
    make_end();
}

TEST(compares_numbers_nets_times_and_fields)
{
    struct predicate hour;

    make_begin();
    rule(compare("n", COMPARE_GTE, 10));
    rule(net("ip", "10.0.0.0/8"));
    hour = on("time", PREDICATE_COMPARE);
    hour.part = TIME_HOUR;
    hour.compare = COMPARE_LT;
    hour.number = 6;
    rule(test_of(hour));
    rule(ref("a", "b", FIELDREF_ENDSWITH));
    make_plan();
    CHECK(matches("n", "10.5") && !matches("n", "9") && !matches("n", "ten"));
    CHECK(matches("ip", "::ffff:10.2.3.4") && !matches("ip", "11.0.0.1") && !matches("ip", "x"));
    CHECK(matches("time", "2026-11-22T05:59:59Z") && !matches("time", "2026-11-22T06:00:00Z"));
    CHECK(!matches("time", "5") && !matches("a", "x"));
    event_begin();
    with("a", "C:\\CMD.exe");
    with("b", "cmd.EXE");
    CHECK_INT(run(), 1);
    make_end();
}

TEST(finds_keywords_in_any_value_but_not_across_values)
{
    make_begin();
    rule(is("", "*mimikatz*"));
    rule(is("", "*lsa*dump*"));
    rule(re("", "dpapi::\\w+", 0));
    rule(is_cased("", "*Sekurlsa*"));
    rule(is("", "whole"));
    make_plan();
    CHECK(matches("x", "run MIMIKATZ now") && hits[0] == set.rules[0]);
    CHECK(matches("x", "LSA::dump") && hits[0] == set.rules[1]);
    CHECK(matches("x", "dpapi::cache") && hits[0] == set.rules[2]);
    CHECK(matches("x", "Sekurlsa") && !matches("x", "sekurlsa"));
    CHECK(matches("x", "WHOLE") && !matches("x", "wholes"));
    event_begin();
    with("x", "mimi");
    with("y", "katz");
    with("z", "lsa");
    with("z", "dump");
    with_null("z");
    CHECK_INT(run(), 0);
    event->all_values = NULL;
    CHECK_INT(run(), 0);
    make_end();
}

TEST(wants_all_keywords_each_anywhere)
{
    make_begin();
    rule(all(is("", "*one*"), is("", "*two*"), NULL));
    make_plan();
    event_begin();
    with("a", "two");
    with("b", "one");
    CHECK_INT(run(), 1);
    CHECK(!matches("a", "one"));
    make_end();
}

TEST(evaluates_conditions)
{
    make_begin();
    rule(all(is("image", "*\\cmd.exe"), any(is("line", "*whoami*"), is("line", "*net user*"), NULL),
             negated(any(is("user", "system"), is("user", "admin"), NULL)), NULL));
    make_plan();
    event_begin();
    with("image", "C:\\CMD.exe");
    with("line", "cmd /c whoami");
    with("user", "bob");
    CHECK_INT(run(), 1);
    event_begin();
    with("image", "C:\\CMD.exe");
    with("line", "cmd /c whoami");
    with("user", "SYSTEM");
    CHECK_INT(run(), 0);
    event_begin();
    with("image", "C:\\CMD.exe");
    with("line", "cmd /c net  user");
    CHECK_INT(run(), 0);
    make_end();
}

TEST(reports_in_the_order_of_the_rules)
{
    make_begin();
    for (int i = 0; i < 100; i++)
        rule(i % 3 ? is("b", "x") : is("a", "*x*"));
    make_plan();
    event_begin();
    with("b", "x");
    with("a", "axa");
    CHECK_INT(run(), 100);
    for (uint32_t i = 0; i < 100; i++)
        CHECK(hits[i] == set.rules[i]);
    CHECK_INT(run(), 100);
    make_end();
}

TEST(forgets_one_event_before_the_next)
{
    make_begin();
    rule(all(is("a", "x"), is("b", "y"), NULL));
    make_plan();
    for (int i = 0; i < 100; i++) {
        CHECK(!matches("a", "x"));
        CHECK(!matches("b", "y"));
    }
    make_end();
}

/* ---- random rules and events, against the meaning of the words ---- */

static uint64_t state;

static uint32_t draw(uint32_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % below;
}

static const char *const names[] = {"a", "b", "c", "EventID", ""};
static const char *const patterns[] = {"*", "x", "xy",   "x*", "*x",    "*xy*", "*y*",    "*x?y*",
                                       "?", "",  "*~x*", "y~", "*x*y*", "1",    "*xyxy*", "yx*x"};
static const char *const texts[] = {"",   "x",  "y",   "xy",   "XY",   "yx",   "1", "-x",
                                    "/x", "y-", "xay", "xyxy", "yxyx", "x\ny", "2", "10"};
static const char *const expressions[] = {"x+y", "^y", "x.y", "[xy]{3}", "(x)(y)\\1", "Y"};

static struct expression *random_test(void)
{
    const char *field = names[draw(ARRAY_COUNT(names))];

    switch (*field ? draw(10) : draw(7)) {
    case 5:
        return re(field, expressions[draw(ARRAY_COUNT(expressions))],
                  draw(2) ? REGEX_CASELESS : REGEX_DOTALL);
    case 6:
        return is_cased(field, patterns[draw(ARRAY_COUNT(patterns))]);
    case 7:
        return draw(2) ? exists(field, draw(2)) : is_null(field);
    case 8:
        return compare(field, (enum compare_op)draw(5), draw(3));
    case 9:
        return ref(field, names[draw(3)], (enum fieldref_op)draw(4));
    default:
        return is(field, patterns[draw(ARRAY_COUNT(patterns))]);
    }
}

static struct expression *random_expression(unsigned depth)
{
    uint32_t kind = depth ? draw(8) : 7;

    if (kind == 0)
        return negated(random_expression(depth - 1));
    if (kind > 4)
        return random_test();
    struct expression *expression = ARENA_NEW(made, struct expression);
    expression->kind = kind < 3 ? EXPRESSION_AND : EXPRESSION_OR;
    expression->count = 1 + draw(4);
    expression->children = ARENA_ARRAY(made, struct expression *, expression->count);
    for (uint32_t i = 0; i < expression->count; i++)
        expression->children[i] = random_expression(depth - 1);
    return expression;
}

static bool naive_value(const struct predicate *p, struct value value)
{
    char folded[64];
    struct str text = {folded, fold_str(value.text, folded)};
    struct regex *regex = NULL;

    if (value.type == VALUE_NULL)
        return p->kind == PREDICATE_NULL;
    if (p->kind == PREDICATE_GLOB)
        return glob_matches(&p->glob, p->cased ? value.text : text);
    if (p->kind == PREDICATE_REGEX) {
        struct regex_scratch *scratch = regex_scratch_new();
        CHECK(regex_new(p->regex, p->regex_flags, &regex, NULL) == ERR_NONE);
        bool found = regex_search(regex, scratch, value.text) == REGEX_YES;
        regex_scratch_free(scratch);
        regex_free(regex);
        return found;
    }
    if (p->kind == PREDICATE_COMPARE) {
        char *end;
        char copy[64] = "";
        memcpy(copy, value.text.at, value.text.len);
        double n = strtod(copy, &end);
        if (end == copy || *end)
            return false;
        bool answers[] = {
            [COMPARE_EQ] = n >= p->number && n <= p->number,
            [COMPARE_LT] = n<p->number, [COMPARE_LTE] = n <= p->number, [COMPARE_GT] = n> p->number,
            [COMPARE_GTE] = n >= p->number};
        return answers[p->compare];
    }
    return false;
}

static bool naive_ref(const struct predicate *p, struct value value)
{
    uint16_t other = fields_find(&fields, p->other);
    char one_bytes[64], other_bytes[64];
    struct str one = {one_bytes, fold_str(value.text, one_bytes)};

    if (value.type == VALUE_NULL)
        return false;
    for (const struct event_field *f = event_find(event, other); f; f = event_next_of(event, f)) {
        struct str two = {other_bytes, fold_str(f->value.text, other_bytes)};
        bool answers[] = {[FIELDREF_EQUALS] = str_eq(one, two),
                          [FIELDREF_STARTSWITH] = str_starts_with(one, two),
                          [FIELDREF_ENDSWITH] = str_ends_with(one, two),
                          [FIELDREF_CONTAINS] = str_contains(one, two)};
        if (f->value.type != VALUE_NULL && answers[p->fieldref])
            return true;
    }
    return false;
}

static bool naive_test(const struct predicate *p)
{
    if (p->field.len == 0) {
        for (uint32_t i = 0; i < value_count; i++)
            if (naive_value(p, values[i]))
                return true;
        return false;
    }
    const struct event_field *field = event_find(event, fields_find(&fields, p->field));
    if (p->kind == PREDICATE_EXISTS)
        return (field != NULL) == p->exists;
    if (!field)
        return p->kind == PREDICATE_NULL;
    for (; field; field = event_next_of(event, field))
        if (p->kind == PREDICATE_FIELDREF ? naive_ref(p, field->value)
                                          : naive_value(p, field->value))
            return true;
    return false;
}

static bool naive(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_TEST)
        return naive_test(expression->test);
    if (expression->kind == EXPRESSION_NOT)
        return !naive(expression->children[0]);
    for (uint32_t i = 0; i < expression->count; i++)
        if (naive(expression->children[i]) != (expression->kind == EXPRESSION_AND))
            return expression->kind == EXPRESSION_OR;
    return expression->kind == EXPRESSION_AND;
}

static void random_event(void)
{
    event_begin();
    for (uint32_t left = draw(6); left; left--) {
        const char *field = names[draw(4)];
        if (draw(8))
            with(field, texts[draw(ARRAY_COUNT(texts))]);
        else
            with_null(field);
    }
}

static void visit_nothing(void *context, const struct predicate *predicate, struct str rule_field,
                          struct value value)
{
    uint32_t *visits = context;

    CHECK(str_eq(predicate->field, rule_field));
    CHECK(value.text.at != NULL);
    ++*visits;
}

TEST(agrees_with_a_naive_evaluator)
{
    for (state = 1; state < 100000; state += 997) {
        uint64_t seed = state;
        make_begin();
        for (int i = 0; i < 24; i++)
            rule(random_expression(3));
        make_plan();
        for (int i = 0; i < 60; i++) {
            random_event();
            uint32_t count = run(), at = 0, visits = 0;
            for (uint32_t j = 0; j < set.count; j++) {
                bool hit = at < count && hits[at] == set.rules[j];
                if (hit != naive(set.rules[j]->detection))
                    TESTKIT_FAIL("seed %llu, rule %u", (unsigned long long)seed, j);
                if (hit)
                    matcher_explain(matcher, event, set.rules[j], visit_nothing, &visits);
                at += hit;
            }
            CHECK_INT(at, count);
        }
        make_end();
        state = seed;
    }
}
