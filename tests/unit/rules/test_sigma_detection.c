/* test_sigma_detection.c - search identifiers: maps, lists, keywords, and what is refused. */
#include "rule_maker.h"

#include "core/limits.h"

static const struct sigma_rule *last;

/* The search identifier `s`, written behind its name. */
static struct str identifier(const char *text)
{
    char detection[2048];

    snprintf(detection, sizeof(detection), "s: %s\ncondition: s\n", text);
    last = load_detection(detection, NULL);
    return shown(last);
}

TEST(a_map_is_and)
{
    load_begin();
    CHECK_STR(identifier("{a: 1, b: 2, c: 3}"), "(a=1 & b=2 & c=3)");
    CHECK_STR(identifier("{a: 1}"), "a=1");
    load_end();
}

TEST(a_list_of_maps_is_or)
{
    load_begin();
    CHECK_STR(identifier("[{a: 1, b: 2}, {c: 3}]"), "((a=1 & b=2) | c=3)");
    CHECK_STR(identifier("[{a: 1}]"), "a=1");
    load_end();
}

TEST(scalars_are_keywords)
{
    load_begin();
    CHECK_STR(identifier("Word"), "=*word*");
    CHECK_STR(identifier("[One, tw*o, 200]"), "(=*one* | =*tw*o* | =*200*)");
    CHECK_STR(identifier("[a, [b, c]]"), "(=*a* | (=*b* | =*c*))");
    load_end();
}

TEST(maps_and_keywords_in_one_list_are_or)
{
    load_begin();
    CHECK_STR(identifier("[word, {a: 1, b: 2}]"), "(=*word* | (a=1 & b=2))");
    load_end();
}

TEST(one_field_with_different_chains_is_and)
{
    load_begin();
    CHECK_STR(identifier("{a|startswith: x, a|endswith: y, a|contains: z}"),
              "(a=x* & a=*y & a=*z*)");
    load_end();
}

TEST(the_same_key_twice_is_refused)
{
    load_begin();
    identifier("{a: 1, a: 2}");
    CHECK(is_refused(last, 4, "this key stands twice"));
    CHECK_INT(last->reason_column, 13);
    load_end();
}

TEST(what_says_nothing_is_refused)
{
    load_begin();
    identifier("{}");
    CHECK(is_refused(last, 4, "an empty map says nothing"));
    identifier("[]");
    CHECK(is_refused(last, 4, "an empty list says nothing"));
    identifier("[a, []]");
    CHECK(is_refused(last, 4, "an empty list says nothing"));
    identifier("[{a: 1}, {}]");
    CHECK(is_refused(last, 4, "an empty map says nothing"));
    identifier("null");
    CHECK(is_refused(last, 4, "a search identifier is empty"));
    identifier("");
    CHECK(is_refused(last, 4, "a search identifier is empty"));
    load_end();
}

TEST(an_unused_identifier_is_checked_all_the_same)
{
    load_begin();
    last = load_detection("s: {a: 1}\nt: {b|nonsense: 1}\ncondition: s\n", NULL);
    CHECK(is_refused(last, 5, "unknown modifier 'nonsense'"));
    load_end();
}

TEST(there_must_be_a_condition)
{
    load_begin();
    last = load_detection("s: {a: 1}\n", NULL);
    CHECK(is_refused(last, 4, "the detection has no condition"));
    last = load_detection("s: {a: 2}\ncondition:\n", NULL);
    CHECK_INT(last->state, RULE_REFUSED);
    load_end();
}

TEST(there_must_be_a_detection)
{
    load_begin();
    CHECK(is_refused(load("title: t\nlogsource: {category: c}\n"), 1, "no detection"));
    CHECK(is_refused(load("title: t\nlogsource: {category: c}\ndetection: [a]\n"), 3,
                     "no detection"));
    CHECK(is_refused(load("title: t\nlogsource: {category: c}\ndetection: text\n"), 3,
                     "no detection"));
    load_end();
}

TEST(the_condition_may_stand_first)
{
    load_begin();
    last = load_detection("condition: s\ns: {a: 1}\n", NULL);
    CHECK_STR(shown(last), "a=1");
    load_end();
}

TEST(timeframe_has_no_effect_and_is_noted)
{
    load_begin();
    last = load_detection("s: {a: 1}\ntimeframe: 5m\ncondition: s\n", NULL);
    CHECK_STR(shown(last), "a=1");
    CHECK(has_note(last, NOTE_LINT, "'timeframe'"));
    load_end();
}

TEST(odd_names_are_noted)
{
    load_begin();
    last = load_detection("s: {a: 1}\n'my sel': {b: 1}\ncondition: s\n", NULL);
    CHECK_STR(shown(last), "a=1");
    CHECK(has_note(last, NOTE_LINT, "names of search identifiers"));
    last = load_detection("s-1_x: {a: 1}\ncondition: s-1_x\n", NULL);
    CHECK_INT(last->note_count, 0);
    load_end();
}

TEST(identifiers_and_fields_have_limits)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    for (unsigned i = 0; i < RULE_IDENTIFIERS_MAX; i++)
        buf_printf(&text, "s%u: {f%u: 1}\n", i, i % RULE_FIELDS_MAX);
    size_t len = text.len;
    buf_printf(&text, "condition: s0\n");
    buf_add_char(&text, '\0');
    CHECK_INT(load_detection(text.at, NULL)->state, RULE_LOADED);
    text.len = len;
    buf_printf(&text, "t: {f0: 1}\ncondition: s0\n");
    buf_add_char(&text, '\0');
    CHECK(is_refused(load_detection(text.at, NULL), 4 + RULE_IDENTIFIERS_MAX,
                     "more than 1000 search identifiers"));
    buf_reset(&text);
    buf_printf(&text, "s:\n");
    for (unsigned i = 0; i <= RULE_FIELDS_MAX; i++)
        buf_printf(&text, "  f%u: 1\n", i);
    buf_printf(&text, "condition: s\n");
    buf_add_char(&text, '\0');
    CHECK(is_refused(load_detection(text.at, NULL), 5 + RULE_FIELDS_MAX,
                     "names more than 1000 different fields"));
    buf_free(&text);
    load_end();
}

TEST(a_missing_list_makes_the_rule_inert_and_names_it)
{
    load_begin();
    last = load_detection("s:\n  a: 1\n  b|expand: '%admins%'\ncondition: s\n", NULL);
    CHECK_INT(last->state, RULE_INERT);
    CHECK_INT(last->reason_line, 6);
    CHECK(str_contains(last->reason, STR("'admins'")));
    CHECK(str_contains(last->reason, STR("--placeholders")));
    load_end();
}

TEST(what_is_wrong_weighs_more_than_what_is_missing)
{
    load_begin();
    last = load_detection("s: {b|expand: '%x%'}\nt: {c|nonsense: 1}\ncondition: s\n", NULL);
    CHECK(is_refused(last, 5, "unknown modifier"));
    last = load_detection("s: {b|expand: '%x%'}\ncondition: s and nobody\n", NULL);
    CHECK(is_refused(last, 5, "names 'nobody'"));
    load_end();
}

TEST(with_its_list_the_rule_is_loaded)
{
    load_begin();
    struct placeholders *lists = placeholders_new(made);
    struct why why;
    CHECK_INT(placeholders_add(lists, STR("admins: [Root, adm*]\n"), &why), ERR_NONE);
    last = load_detection("s: {b|expand: '%admins%'}\ncondition: s\n", lists);
    CHECK_STR(shown(last), "(b=root | b=adm*)");
    last = load_detection("s: {b|contains|expand|all: ['x%admins%', y]}\ncondition: s\n", lists);
    CHECK_STR(shown(last), "((b=*xroot* | b=*xadm*) & b=*y*)");
    last = load_detection("s: {b: '%admins%'}\ncondition: s\n", lists);
    CHECK_STR(shown(last), "b=%admins%"); /* without the modifier it is text */
    load_end();
}

TEST(a_key_that_is_left_out_is_no_map_in_a_map)
{
    load_begin();
    CHECK(is_refused(load_detection("s:\n  ? \n  : {a: 1}\ncondition: s\n", NULL), 6, "map"));
    CHECK(is_refused(load_detection("s: {'': {a: 1}}\ncondition: s\n", NULL), 4, "map"));
    load_end();
}
