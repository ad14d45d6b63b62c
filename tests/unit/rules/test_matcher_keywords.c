/* test_matcher_keywords.c - rules/matcher_keywords: all values, in stretches. */
#include "rule_maker.h"

TEST(searches_events_longer_than_a_stretch)
{
    static char filler[50000];

    make_begin();
    rule(is("", "*needle*"));
    rule(is("", "*a*needle*z*"));
    make_plan(NULL);
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
    make_plan(NULL);
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
