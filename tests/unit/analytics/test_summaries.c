/* test_summaries.c - tables of what was read and found. */
#include "analytics/summaries.h"
#include "model/event_kind.h"
#include "testkit.h"

static struct census events;
static struct arena *arena;
static struct run_summaries summaries;

static void begin(void)
{
    census_init(&events, "test", 100, 1);
    arena = arena_new("test", 1 << 20);
}

static void end(void)
{
    census_free(&events);
    arena_free(arena);
}

static void see(const char *host, const char *channel, const char *id, unsigned count,
                int64_t time_ns)
{
    const struct event_kind kind = {.host = str_from(host),
                                    .channel = str_from(channel),
                                    .provider = STR("P"),
                                    .event_id = str_from(id),
                                    .format = STR("evtx")};
    struct buf key;

    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    event_kind_write(&kind, &key);
    for (unsigned i = 0; i < count; i++)
        census_row_count(census_find(&events, buf_str(&key)), true, time_ns + i, 0);
    buf_free(&key);
}

static void make(bool by_event, bool by_host, bool by_keyword, const struct keywords *keywords)
{
    const bool asked[SUMMARY_KINDS] = {
        [SUMMARY_EVENTS] = by_event, [SUMMARY_HOSTS] = by_host, [SUMMARY_KEYWORDS] = by_keyword};
    const struct estate_host hosts[] = {{STR("b"), 7, LEVEL_HIGH}, {STR("a"), 0, LEVEL_LOW}};
    const struct summaries_question question = {
        .asked = asked, .events = &events, .hosts = hosts, .host_count = 2, .keywords = keywords};

    census_trim(&events);
    summaries_make(&question, arena, &summaries);
}

TEST(events_are_counted_by_channel_and_id)
{
    begin();
    see("a", "Security", "4624", 3, 100);
    see("b", "Security", "4624", 2, 50);
    see("b", "Security", "4688", 9, 10);
    see("b", "", "", 1, 5);
    make(true, false, false, NULL);
    CHECK_INT(summaries.event_count, 3);
    CHECK_STR(summaries.events[0].event_id, "4688");
    CHECK_STR(summaries.events[1].event_id, "4624");
    CHECK_INT(summaries.events[1].events, 5);
    CHECK_INT(summaries.events[1].hosts, 2);
    CHECK_INT(summaries.events[1].first_ns, 50);
    CHECK_INT(summaries.events[1].last_ns, 102);
    CHECK_STR(summaries.events[2].channel, "evtx");
    CHECK(summaries.asked[SUMMARY_EVENTS] && !summaries.asked[SUMMARY_HOSTS]);
    end();
}

TEST(hosts_have_their_events_and_findings)
{
    begin();
    see("a", "Security", "1", 3, 100);
    see("b", "Security", "1", 2, 50);
    see("b", "System", "2", 2, 40);
    make(false, true, false, NULL);
    CHECK_INT(summaries.host_count, 2);
    CHECK_STR(summaries.hosts[0].name, "b");
    CHECK_INT(summaries.hosts[0].events, 4);
    CHECK_INT(summaries.hosts[0].channels, 2);
    CHECK_INT(summaries.hosts[0].findings, 7);
    CHECK_INT(summaries.hosts[0].level, LEVEL_HIGH);
    CHECK_INT(summaries.hosts[1].findings, 0);
    end();
}

TEST(keywords_are_what_graver_findings_name)
{
    struct keywords *keywords = keywords_new();
    struct str account = STR("bob");
    struct event_facts facts = {
        .entities = {.lists = {[ENTITY_ACCOUNT] = {&account, 1}}, .found = true}};
    struct finding finding = {.level = LEVEL_MEDIUM, .host = STR("web"), .facts = &facts};

    begin();
    keywords_take(keywords, &finding);
    finding.level = LEVEL_HIGH;
    keywords_take(keywords, &finding);
    finding.level = LEVEL_LOW;
    account = STR("ann");
    keywords_take(keywords, &finding);
    make(false, false, true, keywords);
    CHECK_INT(summaries.keyword_count, 2);
    CHECK_INT(summaries.keywords[0].kind, ENTITY_ACCOUNT);
    CHECK_STR(summaries.keywords[0].text, "bob");
    CHECK_INT(summaries.keywords[0].findings, 2);
    CHECK_INT(summaries.keywords[0].level, LEVEL_HIGH);
    CHECK_STR(summaries.keywords[1].text, "web");
    keywords_free(keywords);
    end();
}

TEST(what_was_not_asked_for_is_not_made)
{
    begin();
    see("a", "Security", "1", 3, 100);
    make(false, false, false, NULL);
    CHECK_INT(summaries.event_count + summaries.host_count + summaries.keyword_count, 0);
    end();
}
