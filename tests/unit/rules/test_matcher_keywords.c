/* test_matcher_keywords.c - rules/matcher_keywords: all values, in stretches. */
#include "rule_maker.h"

TEST(searches_events_longer_than_a_stretch)
{
    static char filler[50000];

    make_begin();
    rule(is("", "*needle*"));
    rule(is("", "*a*needle*z*"));
    make_plan();
    memset(filler, 'x', sizeof(filler));
    for (unsigned place = 0; place < 6; place++) {
        event_begin();
        for (unsigned i = 0; i < 6; i++) {
            with_value("f", value_string((struct str){filler, sizeof(filler)}));
            if (i == place)
                with("f", "an Needle z");
        }
        CHECK_INT(run(), 2);
    }
    event_begin();
    with_value("f", value_string((struct str){filler, sizeof(filler)}));
    with("f", "a Need");
    with("f", "le z");
    CHECK_INT(run(), 0);
    make_end();
}

TEST(walks_the_values_only_where_a_rule_asks)
{
    make_begin();
    when(entry_for("web", "", ""), "EventID", "1");
    when(entry_for("other", "", ""), "EventID", "2");
    rule_in("web", "", "", is("", "*needle*"));
    rule_in("other", "", "", is("f", "*needle*"));
    make_plan();
    event_begin();
    with("EventID", "2");
    with("f", "needle");
    CHECK(run() == 1 && hits[0] == set.rules[1]);
    CHECK(matcher->route->keyword_count == 0);
    event_begin();
    with("EventID", "1");
    with("g", "needle");
    CHECK(run() == 1 && hits[0] == set.rules[0]);
    make_end();
}

static unsigned looks, visits;
static struct str stretch_shown;

static enum raw_form form_shown = RAW_UTF16LE;

static bool show_stretch(const struct event *of, look_fn *look, const void *context)
{
    (void)of;
    looks++;
    return look(context, form_shown, stretch_shown);
}

static void count_visits(struct event *of, const struct value_visitor *visitor)
{
    visits++;
    visit_values(of, visitor);
}

static uint32_t run_shown(struct str stretch)
{
    stretch_shown = stretch;
    looks = visits = 0;
    event_begin();
    with("f", "a gopher xy");
    event->may_hold = show_stretch;
    event->all_values = count_visits;
    return run();
}

TEST(looks_at_the_values_only_after_a_quick_look)
{
    static const char there[] = "?g\0o\0p\0H\0e\0r\0", not [] = "?g\0o\0p\0H\0e\0s\0";

    make_begin();
    rule(is("", "*gopher*"));
    make_plan();
    CHECK_INT(run_shown((struct str){there, sizeof(there) - 1}), 1);
    CHECK(looks == 1 && visits == 1);
    CHECK_INT(run_shown((struct str){not, sizeof(not ) - 1}), 0);
    CHECK(looks == 1 && visits == 0);
    make_end();
}

TEST(looks_at_all_values_where_a_quick_look_cannot_tell)
{
    make_begin();
    rule(is("", "*gopher*"));
    rule(is("", "*xy*"));
    make_plan();
    CHECK_INT(run_shown(STR("")), 2);
    CHECK(visits == 1);
    make_end();
    make_begin();
    rule(is("", "*gopher*"));
    rule(re("", "go.her", 0));
    make_plan();
    CHECK_INT(run_shown(STR("")), 2);
    CHECK(visits == 1);
    make_end();
}

/* What wakes no rule is not looked for in advance, but found when a woken rule asks. */
TEST(finds_a_keyword_that_wakes_nothing)
{
    make_begin();
    rule(all(is("", "*gopher*"), is("f", "*a long and rare gopher*"), NULL));
    make_plan();
    CHECK(matches("f", "there is a long and rare gopher"));
    stretch_shown = STR("");
    looks = visits = 0;
    event_begin();
    with("f", "there is a long and rare gopher");
    event->may_hold = show_stretch;
    event->all_values = count_visits;
    CHECK_INT(run(), 1);
    CHECK(visits == 1);
    make_end();
}

TEST(looks_in_the_form_of_the_record)
{
    make_begin();
    rule(is("", "*go\\\"pher*"));
    make_plan();
    form_shown = RAW_JSON_ESCAPED;
    CHECK_INT(run_shown(STR("{\"f\":\"a gophes\"}")), 0);
    CHECK(visits == 0);
    (void)run_shown(STR("{\"f\":\"go\\\\\\\"pher\"}"));
    CHECK(visits == 1);
    form_shown = RAW_UTF8;
    (void)run_shown(STR("GO\\\"PHER"));
    CHECK(visits == 1);
    (void)run_shown(STR("GO\\\"PHEW"));
    CHECK(visits == 0);
    form_shown = RAW_UTF16LE;
    make_end();
}
