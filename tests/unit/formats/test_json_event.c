/* test_json_event.c - events that are read from JSON: what they are is counted. */
#include "testkit.h"

#include "formats/json_priv.h"

#include <stdio.h>

static struct arena *fields_arena, *arena;
static struct field_dictionary fields;
static struct event *event;
static struct json_events events;

static void begin(void)
{
    fields_arena = arena_new("fields", 1 << 20);
    arena = arena_new("event", 1 << 20);
    fields_init(&fields, fields_arena);
    fields_add(&fields, STR("EventID"));
    fields_freeze(&fields);
    event = event_new(&fields, arena);
    json_events_init(&events, &fields, &(struct reader_options){.strict = false});
    json_events_begin(&events);
}

static void finish(void)
{
    json_events_free(&events);
    event_free(event);
    arena_free(arena);
    arena_free(fields_arena);
}

static void list(void *context, struct value value)
{
    buf_add(context, value.text);
    buf_add_char(context, '|');
}

TEST(fills_the_event_and_gives_all_values)
{
    struct buf out;

    begin();
    buf_init(&out, 1024);
    json_events_take(&events,
                     STR("{\"Event\":{\"System\":{\"EventID\":7,\"Channel\":\"\\u0041\"}}}"), 40,
                     event);
    CHECK_INT(event->offset, 40);
    CHECK(event->windows);
    CHECK_STR(event_find(event, fields_find(&fields, STR("EventID")))->value.text, "7");
    event->all_values(event, &(struct value_visitor){.context = &out, .visit = list});
    CHECK_STR(buf_str(&out), "7|A|");
    buf_free(&out);
    finish();
}

static bool find_written(const void *text, enum raw_form form, struct str bytes)
{
    CHECK(form == RAW_JSON_ESCAPED);
    return str_contains(bytes, str_from(text));
}

TEST(shows_its_bytes_to_a_quick_look)
{
    begin();
    json_events_take(&events, STR("{\"a\":\"x\\u0041\"}"), 0, event);
    CHECK(event->may_hold(event, find_written, "x\\u0041"));
    CHECK(!event->may_hold(event, find_written, "xA"));
    finish();
}

TEST(counts_shapes_with_the_first_place)
{
    struct shape_count shapes[SHAPES_MAX];

    begin();
    json_events_take(&events, STR("{\"a\":1}"), 5, event);
    json_events_take(&events, STR("{\"a\":2}"), 15, event);
    json_events_take(&events, STR("{\"System\":{\"EventID\":7}}"), 25, event);
    CHECK_INT(json_events_shapes(&events, shapes), 2);
    CHECK_STR(str_from(shapes[0].name), "evtx_dump");
    CHECK_INT(shapes[0].example_offset, 25);
    CHECK_INT(shapes[1].events, 2);
    CHECK_INT(shapes[1].example_offset, 5);
    json_events_begin(&events);
    CHECK_INT(json_events_shapes(&events, shapes), 0);
    finish();
}

/* Records of every kind follow each other: each is read as what it is, from memory or not. */
TEST(shapes_that_take_turns_are_followed_each)
{
    static const char *const texts[] = {"{\"EventID\":1,\"Channel\":\"a\"}",
                                        "{\"Event\":{\"System\":{\"EventID\":2}}}", "{\"a\":3}",
                                        "{\"SourceName\":\"x\",\"EventID\":4}"};

    begin();
    for (unsigned i = 0; i < 3 * ARRAY_COUNT(texts); i++) {
        struct str text = str_from(texts[i % ARRAY_COUNT(texts)]);
        size_t followed = json_events_follow(&events, text);
        CHECK_INT(followed, i < 2 * ARRAY_COUNT(texts) ? followed : text.len);
        json_events_take(&events, text, i, event);
        const struct event_field *id = event_find(event, fields_find(&fields, STR("EventID")));
        CHECK_INT(id ? id->value.text.at[0] - '0' : 3, i % ARRAY_COUNT(texts) + 1);
        CHECK_INT(event->windows, i % ARRAY_COUNT(texts) != 2);
    }
    finish();
}

TEST(records_of_which_none_is_like_another_are_read_all_the_same)
{
    char text[64];

    begin();
    for (unsigned i = 0; i < 2000; i++) {
        int len = snprintf(text, sizeof(text), "{\"k%u\":%u,\"EventID\":%u}", i, i, i);
        json_events_take(&events, (struct str){text, (size_t)len}, i, event);
        const struct event_field *id = event_find(event, fields_find(&fields, STR("EventID")));
        CHECK(id && id->value.text.at == text + len - 1 - id->value.text.len);
        CHECK_INT(events.leaves.count, 2);
    }
    CHECK(events.resting > 0);
    for (unsigned i = 0; i < 1000; i++)
        json_events_take(&events, STR("{\"EventID\":7}"), i, event);
    CHECK_INT(events.resting, 0);
    CHECK_INT(json_events_follow(&events, STR("{\"EventID\":8}")), 13);
    finish();
}
