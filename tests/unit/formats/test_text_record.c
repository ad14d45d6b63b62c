/* test_text_record.c - named values of a line as an event and as JSON. */
#include "testkit.h"

#include "formats/text_record.h"

static struct arena *fields_arena, *arena;
static struct field_dictionary fields;
static struct event *event;
static struct text_record record;
static struct text_name client, agent, stem;
static struct buf json;

static void begin(void)
{
    fields_arena = arena_new("fields", 1 << 20);
    arena = arena_new("event", 1 << 20);
    fields_init(&fields, fields_arena);
    fields_add(&fields, STR("c-ip"));
    fields_add(&fields, STR("cs-uri"));
    fields_add(&fields, STR("c-uri"));
    fields_freeze(&fields);
    event = event_new(&fields, arena);
    text_name_init(&client, &fields, STR("c-ip"));
    text_name_init(&agent, &fields, STR("cs(User-Agent)"));
    text_name_init(&stem, &fields, STR("cs-uri"));
    text_name_also(&stem, &fields, STR("c-uri"));
    text_name_also(&stem, &fields, STR("nobody"));
    buf_init(&json, 1 << 20);
    record.count = record.dropped = 0;
}

static void finish(void)
{
    event_free(event);
    arena_free(arena);
    arena_free(fields_arena);
    buf_free(&json);
}

static struct str value_of(const char *name)
{
    const struct event_field *field = event_find(event, fields_find(&fields, str_from(name)));

    return field ? field->value.text : STR("(none)");
}

TEST(gives_what_is_wanted_under_every_name_it_serves)
{
    struct text_line line = {
        .text = STR("the line"), .raw = STR("the line"), .offset = 7, .number = 3};

    begin();
    text_event_begin(event, &line);
    text_record_add(&record, &client, value_string(STR("192.0.2.1")));
    text_record_add(&record, &agent, value_string(STR("curl")));
    text_record_add(&record, &stem, value_string(STR("/a")));
    text_record_fill(&record, event);
    CHECK_STR(value_of("c-ip"), "192.0.2.1");
    CHECK_STR(value_of("cs-uri"), "/a");
    CHECK_STR(value_of("c-uri"), "/a");
    CHECK_INT(event->count, 3);
    CHECK_INT(event->offset, 7);
    CHECK_INT(event->line, 3);
    finish();
}

static void visit(void *context, struct value value)
{
    buf_add(context, value.text);
    buf_add_char(context, '|');
}

TEST(the_line_is_its_only_value)
{
    struct text_line line = {.text = STR("the line"), .raw = STR("the line")};

    begin();
    text_event_begin(event, &line);
    line.text = STR("the next line");
    event->all_values(event, &(struct value_visitor){.context = &json, .visit = visit});
    CHECK_STR(buf_str(&json), "the line|");
    finish();
}

static bool find_written(const void *text, enum raw_form form, struct str bytes)
{
    CHECK(form == RAW_UTF8);
    return str_contains(bytes, str_from(text));
}

TEST(shows_its_line_to_a_quick_look)
{
    struct text_line line = {.text = STR("the line"), .raw = STR("the line")};

    begin();
    text_event_begin(event, &line);
    CHECK(event->may_hold(event, find_written, "e line"));
    CHECK(!event->may_hold(event, find_written, "e lime"));
    finish();
}

TEST(prints_one_flat_object)
{
    begin();
    text_record_add(&record, &client, value_string(STR("a\"b")));
    text_record_add(&record, &agent, text_value_of(STR("200")));
    text_record_add(&record, &stem, (struct value){STR_EMPTY, VALUE_NULL});
    text_record_add(&record, &agent, text_value_of(STR("007")));
    text_record_render(&record, &json);
    CHECK_STR(buf_str(&json),
              "{\"c-ip\":\"a\\\"b\",\"cs(User-Agent)\":[200,\"007\"],\"cs-uri\":null}");
    finish();
}

TEST(what_is_for_rules_alone_is_not_printed)
{
    struct text_line line = {.text = STR(""), .raw = STR("")};
    struct text_name alias;

    begin();
    text_name_init(&alias, &fields, STR("c-uri"));
    alias.unseen = true;
    CHECK(text_name_is_wanted(&alias) && !text_name_is_wanted(&agent));
    text_record_add(&record, &alias, value_string(STR("/a?b")));
    text_record_add(&record, &client, value_string(STR("192.0.2.1")));
    text_event_begin(event, &line);
    text_record_fill(&record, event);
    CHECK_STR(value_of("c-uri"), "/a?b");
    text_record_render(&record, &json);
    CHECK_STR(buf_str(&json), "{\"c-ip\":\"192.0.2.1\"}");
    finish();
}

TEST(numbers_are_whole_and_as_written)
{
    CHECK(text_value_of(STR("0")).type == VALUE_INTEGER);
    CHECK(text_value_of(STR("123456789012345678")).type == VALUE_INTEGER);
    CHECK(text_value_of(STR("1234567890123456789")).type == VALUE_STRING);
    CHECK(text_value_of(STR("-1")).type == VALUE_STRING);
    CHECK(text_value_of(STR("1.5")).type == VALUE_STRING);
    CHECK(text_value_of(STR("")).type == VALUE_STRING);
}

TEST(values_beyond_the_limit_are_counted)
{
    struct text_line line = {.text = STR(""), .raw = STR("")};

    begin();
    for (unsigned i = 0; i < TEXT_VALUES_MAX + 5; i++)
        text_record_add(&record, &agent, value_string(STR("x")));
    text_event_begin(event, &line);
    text_record_fill(&record, event);
    CHECK_INT(event->fields_dropped, 5);
    finish();
}
