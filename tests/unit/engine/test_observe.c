/* test_observe.c */
#include "engine/observe.h"
#include "testkit.h"

#define HOUR EVENT_HOUR_NS

struct scene {
    struct arena *arena, *event_arena;
    struct field_dictionary fields;
    struct event *event;
    struct observer *observer;
    struct observations seen;
    uint64_t entries[2];
};

static void open_scene(struct scene *scene)
{
    scene->arena = arena_new("test", 1 << 20);
    scene->event_arena = arena_new("event", 1 << 20);
    fields_init(&scene->fields, scene->arena);
    fields_add(&scene->fields, STR("Channel"));
    fields_add(&scene->fields, STR("Provider_Name"));
    fields_add(&scene->fields, STR("EventID"));
    fields_add(&scene->fields, STR("CommandLine"));
    fields_freeze(&scene->fields);
    scene->event = event_new(&scene->fields, scene->event_arena);
    scene->event->format = STR("evtx");
    scene->observer = observer_new(&scene->fields);
    observations_init(&scene->seen, &scene->fields);
    scene->entries[0] = 5;
    scene->entries[1] = 1;
}

static void close_scene(struct scene *scene)
{
    observations_free(&scene->seen);
    observer_free(scene->observer);
    event_free(scene->event);
    arena_free(scene->event_arena);
    arena_free(scene->arena);
}

static void add(struct scene *scene, const char *field, struct str text)
{
    event_add(scene->event, fields_resolve(&scene->fields, str_from(field)),
              (struct value){text, VALUE_STRING});
}

static void see(struct scene *scene, uint64_t serial, const char *host, const char *id,
                int64_t time_ns, struct str command)
{
    event_reset(scene->event);
    scene->event->host = str_from(host);
    scene->event->time_ns = time_ns;
    scene->event->has_time = true;
    scene->event->record = 7;
    scene->event->windows = true;
    add(scene, "Channel", STR("Security"));
    add(scene, "Provider_Name", STR("P"));
    add(scene, "EventID", str_from(id));
    if (command.at)
        add(scene, "CommandLine", command);
    observer_take(scene->observer, scene->event,
                  (struct event_route){.serial = serial, .entries = scene->entries, .words = 2});
}

static void tell(struct scene *scene)
{
    CHECK(observations_decode(&scene->seen, observer_tell(scene->observer)));
    census_trim(&scene->seen.events);
    census_trim(&scene->seen.hours);
}

TEST(events_are_counted_by_kind_and_host)
{
    struct scene scene;
    struct event_kind kind;

    open_scene(&scene);
    see(&scene, 1, "a", "4688", 10, (struct str){0});
    see(&scene, 1, "b", "4688", 20, (struct str){0});
    see(&scene, 1, "a", "4688", 30, (struct str){0});
    see(&scene, 2, "a", "4624", 40, (struct str){0});
    tell(&scene);
    CHECK_INT(scene.seen.events.count, 3);
    CHECK(event_kind_read(scene.seen.events.at[1].key, scene.arena, &kind));
    CHECK_STR(kind.host, "a");
    CHECK_STR(kind.channel, "Security");
    CHECK_STR(kind.provider, "P");
    CHECK_STR(kind.event_id, "4688");
    CHECK_STR(kind.format, "evtx");
    CHECK(kind.windows);
    CHECK_INT(kind.words, 2);
    CHECK_INT(kind.entries[0], 5);
    CHECK_INT(scene.seen.events.at[1].count, 2);
    CHECK_INT(scene.seen.events.at[1].last_ns, 30);
    CHECK_INT(scene.seen.events.at[1].high, 7);
    close_scene(&scene);
}

TEST(a_field_is_filled_once_it_had_a_value)
{
    struct scene scene;
    static const struct str nothing[] = {STR_INIT(""), STR_INIT("-")};
    uint64_t command = (uint64_t)1 << 3;

    open_scene(&scene);
    for (size_t i = 0; i < 2; i++)
        see(&scene, 1, "a", "1", 0, nothing[i]);
    tell(&scene);
    CHECK_INT(scene.seen.events.at[0].bits[0] & command, 0);
    see(&scene, 1, "a", "1", 0, STR("--"));
    see(&scene, 1, "a", "1", 0, STR("-"));
    tell(&scene);
    CHECK_INT(scene.seen.events.count, 1);
    CHECK_INT(scene.seen.events.at[0].bits[0] & command, command);
    CHECK_INT(scene.seen.events.at[0].count, 4);
    close_scene(&scene);
}

TEST(hours_are_those_of_the_log)
{
    struct scene scene;
    struct event_hour hour;

    open_scene(&scene);
    see(&scene, 1, "a", "1", HOUR - 1, (struct str){0});
    see(&scene, 2, "a", "2", 0, (struct str){0});
    see(&scene, 1, "a", "1", -1, (struct str){0});
    tell(&scene);
    CHECK_INT(scene.seen.hours.count, 2);
    CHECK(event_hour_read(scene.seen.hours.at[0].key, &hour));
    CHECK_STR(hour.host, "a");
    CHECK_STR(hour.source, "Security");
    CHECK_INT(hour.hour, -1);
    CHECK_INT(scene.seen.hours.at[0].count, 1);
    CHECK_INT(scene.seen.hours.at[1].count, 2);
    close_scene(&scene);
}

TEST(what_is_not_whole_is_refused)
{
    struct scene scene;

    open_scene(&scene);
    see(&scene, 1, "a", "1", 5, (struct str){0});
    struct str told = observer_tell(scene.observer);
    for (size_t cut = 0; cut < told.len; cut++) {
        observations_reset(&scene.seen);
        CHECK(!observations_decode(&scene.seen, str_slice(told, 0, cut)));
    }
    close_scene(&scene);
}
