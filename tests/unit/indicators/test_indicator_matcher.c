/* test_indicator_matcher.c: values of an event, by their bytes or decoded, and their fields. */
#include "indicators/indicator_matcher.h"

#include "set_maker.h"

static struct {
    struct value values[200];
    enum raw_form forms[200];
    bool raw[200]; /* asked for by its bytes first */
    unsigned count, visited;
} event_values;

static void all_values(struct event *event, const struct value_visitor *visitor)
{
    (void)event;
    for (unsigned i = 0; i < event_values.count; i++) {
        struct value value = event_values.values[i];
        if (event_values.raw[i] &&
            visitor->knows(visitor->context, event_values.forms[i], value.text))
            continue;
        event_values.visited++;
        visitor->visit(visitor->context, value);
    }
}

static void add_value(const char *text, bool raw)
{
    event_values.values[event_values.count] = value_string(str_from(text));
    event_values.forms[event_values.count] = RAW_UTF8;
    event_values.raw[event_values.count++] = raw;
}

static struct event event = {.all_values = all_values};
static const struct indicator_hit *hits;
static bool more;

TEST(finds_and_locates)
{
    CHECK(make_set(STR("evil.example\n203.0.113.7\n")));
    struct indicator_matcher *matcher = indicator_matcher_new(made.set);
    struct str json = STR("{\"Event\":{\"a\":1,\"Data\":[\"x\",\"at 203.0.113.7\"],\"Query\":"
                          "{\"#text\":\"www.\\u0065vil.example\"}}}");

    event_values.count = event_values.visited = 0;
    add_value("nothing here", true);
    add_value("www.evil.example", true);
    add_value("at 203.0.113.7", false);
    add_value("evil.example", false);
    CHECK_INT(indicator_matcher_run(matcher, &event, &hits, &more), 2);
    CHECK(!more);
    CHECK_INT(event_values.visited, 3);
    CHECK_STR(hits[0].where, "evil.example");
    CHECK_STR(hits[1].where, "203.0.113.7");
    struct matched_field field = indicator_matcher_field(matcher, &hits[0], json, made.arena);
    CHECK_STR(field.name, "Query");
    CHECK_STR(field.value.text, "www.evil.example");
    field = indicator_matcher_field(matcher, &hits[1], json, made.arena);
    CHECK_STR(field.name, "Data");
    CHECK_STR(field.value.text, "at 203.0.113.7");
    field = indicator_matcher_field(matcher, &hits[1], STR("{\"a\":{\"b\":2}}"), made.arena);
    CHECK_STR(field.name, "");
    CHECK_STR(field.value.text, "203.0.113.7");
    indicator_matcher_free(matcher);
    indicator_matcher_free(NULL);
}

TEST(numbers_are_not_looked_at)
{
    CHECK(make_set(STR("203.0.113.7\n")));
    struct indicator_matcher *matcher = indicator_matcher_new(made.set);

    event_values.count = 0;
    add_value("203.0.113.7", false);
    event_values.values[0].type = VALUE_REAL;
    CHECK_INT(indicator_matcher_run(matcher, &event, &hits, &more), 0);
    indicator_matcher_free(matcher);
}

TEST(remembers_what_only_seemed_to_be_one)
{
    CHECK(make_set(STR("http://evil.example/a\n")));
    struct indicator_matcher *matcher = indicator_matcher_new(made.set);

    event_values.count = event_values.visited = 0;
    add_value("http://evil.example/other", true);
    CHECK_INT(indicator_matcher_run(matcher, &event, &hits, &more), 0);
    CHECK_INT(event_values.visited, 1);
    CHECK_INT(indicator_matcher_run(matcher, &event, &hits, &more), 0);
    CHECK_INT(event_values.visited, 1);
    indicator_matcher_free(matcher);
}

TEST(a_watch_saves_the_second_look)
{
    CHECK(make_set(STR("evil.example\n")));
    struct indicator_matcher *matcher = indicator_matcher_new(made.set);
    const struct text_watch *watch = indicator_matcher_watch(matcher);

    CHECK(watch->passes(watch->context, RAW_UTF8, STR("evil.example")));
    CHECK(watch->passes(watch->context, RAW_UTF16LE, STR("e\0v\0i\0l\0.\0e\0x\0a\0m\0p\0l\0e\0")));
    CHECK(watch->passes(watch->context, RAW_JSON_ESCAPED, STR("\\nevil.example")));
    CHECK(!watch->passes(watch->context, RAW_UTF8, STR("good.example")));
    event_values.count = event_values.visited = 0;
    add_value("evil.example", true);
    event.watched = WATCHED_NOTHING;
    CHECK_INT(indicator_matcher_run(matcher, &event, &hits, &more), 0);
    event.watched = WATCHED_SOMETHING;
    CHECK_INT(indicator_matcher_run(matcher, &event, &hits, &more), 1);
    event.watched = WATCHED_NOT;
    indicator_matcher_free(matcher);
}

TEST(of_too_many_hits_those_of_lowest_index_stay)
{
    struct buf text;

    buf_init(&text, 1 << 16);
    for (unsigned i = 0; i < 100; i++)
        buf_printf(&text, "n%u.example\n", i);
    CHECK(make_set(buf_str(&text)));
    struct indicator_matcher *matcher = indicator_matcher_new(made.set);
    event_values.count = 0;
    for (unsigned i = 100; i-- > 0;)
        add_value(arena_printf(made.arena, "n%u.example", i).at, i % 2);
    CHECK_INT(indicator_matcher_run(matcher, &event, &hits, &more), INDICATOR_HITS_MAX);
    CHECK(more);
    for (uint32_t i = 0; i < INDICATOR_HITS_MAX; i++)
        CHECK_INT(hits[i].index, i);
    indicator_matcher_free(matcher);
    buf_free(&text);
}
