/* test_event.c */
#include "model/event.h"
#include "testkit.h"

static struct field_dictionary fields;
static struct arena *names, *batch;

static struct event *new_event(void)
{
    names = arena_new("names", 64 << 20);
    batch = arena_new("batch", 1 << 20);
    fields_init(&fields, names);
    fields_add(&fields, STR("Image"));
    fields_add(&fields, STR("errorCode"));
    fields_add(&fields, STR("ErrorCode"));
    fields_freeze(&fields);
    return event_new(&fields, batch);
}

static void free_all(struct event *event)
{
    event_free(event);
    arena_free(names);
    arena_free(batch);
}

static struct str value_of(const struct event *event, const char *name)
{
    const struct event_field *field = event_find(event, fields_find(&fields, str_from(name)));

    return field ? field->value.text : STR("(absent)");
}

static void add(struct event *event, const char *name, const char *value)
{
    event_add(event, fields_resolve(&fields, str_from(name)), value_string(str_from(value)));
}

TEST(a_field_may_occur_several_times)
{
    struct event *event = new_event();

    add(event, "Image", "a");
    add(event, "Image", "b");
    const struct event_field *first = event_find(event, fields_find(&fields, STR("Image")));
    CHECK_STR(first->value.text, "a");
    CHECK_STR(event_next_of(event, first)->value.text, "b");
    CHECK(!event_next_of(event, event_next_of(event, first)));
    event_reset(event);
    CHECK_STR(value_of(event, "Image"), "(absent)");
    free_all(event);
}

TEST(a_name_of_other_case_serves_where_the_exact_one_is_absent)
{
    struct event *event = new_event();

    add(event, "IMAGE", "x");
    CHECK_STR(value_of(event, "Image"), "x");
    CHECK_INT(event->fallbacks_used, 1);
    add(event, "errorCode", "1");
    CHECK_STR(value_of(event, "ErrorCode"), "1");
    add(event, "ErrorCode", "2");
    CHECK_STR(value_of(event, "ErrorCode"), "2");
    CHECK_STR(value_of(event, "errorCode"), "1");
    CHECK_STR(value_of(event, "Image"), "x");
    free_all(event);
}

TEST(a_name_that_nobody_asked_for_is_not_resolved)
{
    struct event *event = new_event();

    CHECK(!fields_resolve(&fields, STR("Other")));
    add(event, "Other", "x");
    CHECK_INT(event->count, 0);
    free_all(event);
}

TEST(fields_beyond_the_limit_are_dropped_and_counted)
{
    struct event *event = new_event();

    for (int i = 0; i < 5000; i++)
        add(event, "Image", "x");
    CHECK(event->fields_dropped > 0);
    CHECK_INT(event->count + event->fields_dropped, 5000);
    free_all(event);
}

static unsigned decoded;

/* The bytes once for each unit of `stored`. */
static struct value repeat(struct arena *arena, uint8_t stored, struct str bytes)
{
    char *text = arena_alloc_bytes(arena, stored * bytes.len);

    decoded++;
    for (size_t i = 0; i < stored * bytes.len; i++)
        text[i] = bytes.at[i % bytes.len];
    return (struct value){{text, stored * bytes.len}, VALUE_INTEGER};
}

TEST(a_stored_value_is_decoded_when_somebody_looks_at_it)
{
    struct event *event = new_event();
    uint16_t image = fields_find(&fields, STR("Image"));

    event->decode = repeat;
    decoded = 0;
    event_add_stored(event, fields_resolve(&fields, STR("Image")), 2, STR("ab"));
    event_add_stored(event, fields_resolve(&fields, STR("Image")), 3, STR("c"));
    event_add_stored(event, NULL, 3, STR("d"));
    const struct event_field *stored = event_find_stored(event, image);
    CHECK_INT(stored->stored, 2);
    CHECK_STR(stored->value.text, "ab");
    CHECK_INT(event_next_stored(event, stored)->stored, 3);
    CHECK_INT(decoded, 0);
    CHECK_STR(value_of(event, "Image"), "abab");
    CHECK_STR(value_of(event, "Image"), "abab");
    CHECK_INT(event_find(event, image)->value.type, VALUE_INTEGER);
    CHECK_INT(decoded, 1);
    CHECK_STR(event_next_of(event, event_find(event, image))->value.text, "ccc");
    CHECK_INT(decoded, 2);
    CHECK(!event_decoded(event, NULL));
    free_all(event);
}

TEST(stored_values_are_displaced_and_linked_like_others)
{
    struct event *event = new_event();

    event->decode = repeat;
    event_add_stored(event, fields_resolve(&fields, STR("errorcode")), 2, STR("a"));
    CHECK_STR(value_of(event, "ErrorCode"), "aa");
    event_add_stored(event, fields_resolve(&fields, STR("errorCode")), 1, STR("b"));
    event_add_stored(event, fields_resolve(&fields, STR("Image")), 3, STR("c"));
    CHECK_STR(value_of(event, "errorCode"), "b");
    CHECK_STR(value_of(event, "ErrorCode"), "aa");
    CHECK_STR(value_of(event, "Image"), "ccc");
    free_all(event);
}
