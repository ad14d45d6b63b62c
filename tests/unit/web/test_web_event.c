/* test_web_event.c */
#include "web/web_event.h"

#include "testkit.h"

static struct arena *arena, *event_arena;
static struct field_dictionary fields;
static struct event *event;
static struct web_judge *judge;
static struct web_sign signs[ATTACK_CLASSES];

static void begin(void)
{
    arena = arena_new("test", 1 << 20);
    event_arena = arena_new("event", 1 << 20);
    fields_init(&fields, arena);
    web_add_fields(&fields);
    fields_freeze(&fields);
    judge = web_judge_new(&fields);
    event = event_new(&fields, event_arena);
}

static void end(void)
{
    event_free(event);
    web_judge_free(judge);
    arena_free(event_arena);
    arena_free(arena);
}

static void add(const char *name, const char *value)
{
    event_add(event, fields_resolve(&fields, str_from(name)),
              (struct value){str_from(value), VALUE_STRING});
}

static uint32_t judged(const char *target, const char *agent, const char *status)
{
    event_reset(event);
    add("cs-uri-query", target);
    add("cs-user-agent", agent);
    add("sc-status", status);
    return web_judge_event(judge, event, signs);
}

TEST(what_became_of_it_tells_the_level)
{
    begin();
    CHECK_INT(judged("/?a=1'+or+'1'='1", "x", "404"), 1);
    CHECK_INT(web_subject(signs[0].subject).level, LEVEL_LOW);
    CHECK_STR(web_subject(signs[0].subject).id, "web-sql-injection");
    CHECK_STR(signs[0].field, "cs-uri-query");
    CHECK_INT(judged("/?a=1'+or+'1'='1", "x", "200"), 1);
    CHECK_INT(web_subject(signs[0].subject).level, LEVEL_MEDIUM);
    CHECK_INT(judged("/?a=1'+or+'1'='1", "x", "500"), 1);
    CHECK_STR(web_subject(signs[0].subject).id, "web-sql-injection-answered");
    CHECK_INT(judged("/?a=1'+or+'1'='1", "x", "302"), 1);
    CHECK_INT(web_subject(signs[0].subject).level, LEVEL_LOW);
    end();
}

TEST(texts_that_come_again_are_judged_again_if_guilty)
{
    begin();
    for (unsigned i = 0; i < 3; i++) {
        CHECK_INT(judged("/", "<script>alert(1)</script>", "200"), 1);
        CHECK_STR(signs[0].field, "cs-user-agent");
        CHECK_INT(judged("/", "Mozilla", "200"), 0);
    }
    end();
}

TEST(all_subjects_are_whole)
{
    for (uint32_t i = 0; i < WEB_SUBJECTS; i++) {
        const struct web_subject subject = web_subject(i);
        CHECK(subject.id.len > 0 && subject.title.len > 0 && subject.attack_count > 0);
        for (uint32_t k = 0; k < i; k++)
            CHECK(!str_eq(web_subject(k).id, subject.id));
    }
}

TEST(many_texts_find_room)
{
    char agent[2100];

    begin();
    memset(agent, 'a', sizeof(agent));
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(agent, sizeof(agent), "agent %u %01900u", i, i);
        CHECK_INT(judged("/", agent, "200"), 0);
    }
    end();
}

TEST(what_is_no_request_is_nothing)
{
    begin();
    event_reset(event);
    add("cs-user-agent", "<script>");
    CHECK_INT(web_judge_event(judge, event, signs), 0);
    end();
}
