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
