/* test_router.c - rules/router: which entries hold for an event, with and without its caches. */
#include "rule_maker.h"

static bool routed(const char *channel, const char *provider, const char *id)
{
    event_begin();
    event->windows = true;
    if (channel)
        with("Channel", channel);
    if (provider)
        with("Provider_Name", provider);
    if (id)
        with("EventID", id);
    with("f", "x");
    return run() > 0;
}

TEST(holds_all_tests_of_an_entry)
{
    make_begin();
    struct taxonomy_entry *entry = entry_for("test", "", "");
    entry->windows = true;
    when(entry, "Channel", "Security");
    when(entry, "Provider_Name", "*");
    when(entry, "EventID", "4624|4625");
    rule(is("f", "x"));
    make_plan();
    for (int i = 0; i < 3; i++) { /* the second time from the cache */
        CHECK(routed("security", "p", "4624"));
        CHECK(routed("Security", "q", "4625"));
        CHECK(!routed("Security", "p", "4626"));
        CHECK(!routed("Security", "p", "46"));
        CHECK(!routed("System", "p", "4624"));
        CHECK(!routed("Security", NULL, "4624"));
        CHECK(!routed(NULL, "p", "4624"));
    }
    make_end();
}

TEST(counts_events_that_no_entry_holds_for)
{
    make_begin();
    when(entry_for("test", "", ""), "EventID", "1");
    when(entry_for("nothing asked", "", ""), "EventID", "2");
    rule(all(is("f", "x"), is("EventID", "3"), NULL));
    make_plan();
    CHECK(!routed(NULL, NULL, "2"));
    CHECK_INT(matcher_counts(matcher)->unrouted, 1);
    CHECK(!routed(NULL, NULL, "1"));
    CHECK_INT(matcher_counts(matcher)->unrouted, 1);
    CHECK_INT(matcher_counts(matcher)->events, 2);
    make_end();
}

TEST(asks_for_windows_where_the_entry_does)
{
    make_begin();
    entry_for("test", "", "")->windows = true;
    rule(is("f", "x"));
    make_plan();
    CHECK(routed(NULL, NULL, NULL));
    CHECK(!matches("f", "x"));
    CHECK(routed(NULL, NULL, NULL));
    make_end();
}

TEST(asks_for_the_format_where_the_entry_does)
{
    static struct str formats[] = {STR_INIT("w3c"), STR_INIT("access_log")};

    make_begin();
    struct taxonomy_entry *entry = entry_for("test", "", "");
    entry->formats = formats;
    entry->format_count = 2;
    rule(is("f", "x"));
    make_plan();
    CHECK(!matches("f", "x"));
    event->format = STR("access_log");
    CHECK(matches("f", "x"));
    event->format = STR("json");
    CHECK(!matches("f", "x"));
    make_end();
}

TEST(judges_other_fields_per_event)
{
    make_begin();
    struct taxonomy_entry *aws = entry_for("", "aws", "");
    when(aws, "eventSource", "*");
    struct taxonomy_entry *azure = entry_for("", "azure", "");
    when(azure, "operationName", "Sign-in|Logout");
    when(azure, "EventID", "7");
    entry_for("test", "", "");
    rule_in("", "aws", "", is("f", "x"));
    rule_in("", "azure", "", is("f", "x"));
    rule(is("f", "x"));
    make_plan();
    for (int i = 0; i < 3; i++) {
        event_begin();
        with("f", "x");
        with("eventSource", "iam");
        CHECK(run() == 2 && hits[0] == set.rules[0] && hits[1] == set.rules[2]);
        event_begin();
        with("f", "x");
        with("operationName", "SIGN-IN");
        CHECK(run() == 1 && hits[0] == set.rules[2]);
        event_begin();
        with("f", "x");
        with("EventID", "7");
        with("operationName", "SIGN-IN");
        CHECK(run() == 2 && hits[0] == set.rules[1]);
        event_begin();
        with("f", "x");
        with("EventID", "7");
        with_null("eventSource");
        CHECK_INT(run(), 1);
    }
    make_end();
}

TEST(takes_every_member_of_a_list)
{
    make_begin();
    when(entry_for("test", "", ""), "Channel", "b");
    rule(is("f", "x"));
    make_plan();
    for (int i = 0; i < 2; i++) {
        event_begin();
        with("Channel", "a");
        with("Channel", "b");
        with("f", "x");
        CHECK_INT(run(), 1);
        CHECK(!routed("ab", NULL, NULL));
        event_begin();
        with("Channel", "a");
        with_null("Channel");
        with("f", "x");
        CHECK_INT(run(), 0);
    }
    make_end();
}

TEST(knows_what_the_route_says_about_rules)
{
    make_begin();
    rule(all(is("EventID", "1"), is("f", "x"), NULL));
    rule(all(negated(is("EventID", "1")), is("f", "x"), NULL));
    rule(is("EventID", "2"));
    rule(all(compare("EventID", COMPARE_GT, 5), is("f", "x"), NULL));
    make_plan();
    for (int i = 0; i < 3; i++) {
        CHECK(routed(NULL, NULL, "1") && hits[0] == set.rules[0]);
        CHECK(routed(NULL, NULL, "2") && hits[0] == set.rules[1] && hits[1] == set.rules[2]);
        CHECK(routed(NULL, NULL, "6") && hits[0] == set.rules[1] && hits[1] == set.rules[3]);
        CHECK(routed(NULL, NULL, NULL) && hits[0] == set.rules[1]);
    }
    make_end();
}

TEST(stays_right_when_its_caches_overflow)
{
    static char channel[6000];

    make_begin();
    when(entry_for("test", "", ""), "EventID", "7");
    when(entry_for("more", "", ""), "g", "*");
    rule(is("f", "x"));
    rule_in("more", "", "", is("f", "x"));
    make_plan();
    memset(channel, 'c', sizeof(channel) - 1);
    for (unsigned i = 0; i < 40000; i++) {
        char id[16];
        snprintf(id, sizeof(id), "%u", i % 30000);
        event_begin();
        with_value("EventID", value_string(str_from(i % 10 ? id : "7")));
        with_value("f", value_string(STR("x")));
        if (i % 3 == 0)
            with_value("g", value_string(STR("y")));
        if (i % 100 == 0) /* too long to be remembered */
            with_value("Channel", value_string(str_from(channel)));
        CHECK_INT(run(), (i % 10 == 0 || i % 30000 == 7) + (i % 3 == 0));
    }
    make_end();
}
