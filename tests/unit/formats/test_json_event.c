/* test_json_event.c - events that are read from JSON: what they are is counted. */
#include "testkit.h"

#include "formats/json_priv.h"

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
