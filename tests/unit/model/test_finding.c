/* test_finding.c */
#include "codec/json.h"
#include "model/finding.h"
#include "testkit.h"

static struct finding sample(void)
{
    return (struct finding){.id = STR("x-1"),
                            .title = STR("A \"title\""),
                            .level = LEVEL_HIGH,
                            .host = STR("WEB01"),
                            .path = STR("a.evtx"),
                            .format = STR("evtx"),
                            .number = 7,
                            .fields =
                                STR("{\"Event\":{\"EventData\":{\"User\":\"EX\\\\bob\",\"Image\":"
                                    "\"-\",\"Hashes\":\"MD5=1, SHA1=2\"}}}"),
                            .why = STR("why")};
}

TEST(names_entities_of_well_known_fields)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct event_facts own = {.entities.arena = arena};
    struct finding finding = sample();

    CHECK_INT(finding_entities(&finding)[ENTITY_ACCOUNT].count, 0); /* nobody looks */
    finding.facts = &own;
    const struct str_list *entities = finding_entities(&finding);
    CHECK_INT(entities[ENTITY_ACCOUNT].count, 1);
    CHECK_STR(entities[ENTITY_ACCOUNT].at[0], "EX\\bob");
    CHECK_INT(entities[ENTITY_PROCESS].count, 0);
    CHECK_INT(entities[ENTITY_HASH].count, 2);
    CHECK_STR(entities[ENTITY_HASH].at[1], "SHA1=2");
    CHECK(finding_entities(&finding) == entities && entities[ENTITY_HASH].count == 2);
    arena_free(arena);
}

TEST(members_of_a_list_go_by_its_name)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct event_facts facts = {.entities.arena = arena};
    struct finding finding = sample();

    finding.facts = &facts;
    finding.fields = STR("{\"User\":[\"a\",\"b\",{\"User\":\"c\",\"x\":\"d\"},[\"e\"]],\"y\":\"f\","
                         "\"\":\"g\",\"Image\":[],\"z\":[\"h\"],\"User\":\"\\u0069\"}");
    const struct str_list *accounts = &finding_entities(&finding)[ENTITY_ACCOUNT];
    CHECK_INT(accounts->count, 4);
    CHECK_STR(accounts->at[0], "a");
    CHECK_STR(accounts->at[1], "b");
    CHECK_STR(accounts->at[2], "c");
    CHECK_STR(accounts->at[3], "i");
    CHECK_INT(finding_entities(&finding)[ENTITY_PROCESS].count, 0);
    arena_free(arena);
}

TEST(every_well_known_field_names_one)
{
    static const struct {
        const char *name;
        enum entity_kind kind;
    } fields[] = {
#define ENTITY_FIELD(name, kind) {name, ENTITY_##kind},
#include "model/entities.def"
#undef ENTITY_FIELD
    };
    struct arena *arena = arena_new("test", 1 << 20);
    struct buf json;

    buf_init(&json, 1 << 20);
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        for (int upper = 0; upper < 2; upper++) { /* names compare without case */
            struct event_facts facts = {.entities.arena = arena};
            struct finding finding = sample();
            buf_reset(&json);
            buf_printf(&json, "{\"%s\":\"value\",\"%sx\":\"no\"}", fields[i].name, fields[i].name);
            for (size_t at = 2; upper && json.at[at] != '"'; at++)
                json.at[at] = json.at[at] >= 'a' && json.at[at] <= 'z' ? (char)(json.at[at] - 32)
                                                                       : json.at[at];
            finding.fields = buf_str(&json);
            finding.facts = &facts;
            CHECK_INT(finding_entities(&finding)[fields[i].kind].count, 1);
            CHECK_STR(facts.entities.lists[fields[i].kind].at[0], "value");
        }
    }
    buf_free(&json);
    arena_free(arena);
}

TEST(fields_of_one_kind_are_listed)
{
    uint32_t at = 0, count = 0;
    struct str field;

    while (entity_field_next(ENTITY_SERVICE, &at, &field)) {
        CHECK_STR(field, "ServiceName");
        count++;
    }
    CHECK_INT(count, 1);
    at = 0;
    for (count = 0; entity_field_next(ENTITY_ACCOUNT, &at, &field); count++)
        continue;
    CHECK_INT(count, 10);
}

TEST(lists_of_entities_are_bounded_and_distinct)
{
    struct arena *arena = arena_new("test", 16 << 20);
    struct event_facts facts = {.entities.arena = arena};
    struct finding finding = sample();
    struct buf fields;

    buf_init(&fields, 1 << 20);
    buf_add(&fields, STR("{\"User\":["));
    for (int i = 0; i < 1000; i++)
        buf_printf(&fields, "\"same\",\"user %d\",", i);
    buf_add(&fields, STR("\"\"]}"));
    finding.fields = buf_str(&fields);
    finding.facts = &facts;
    CHECK_INT(finding_entities(&finding)[ENTITY_ACCOUNT].count, 32);
    CHECK_STR(facts.entities.lists[ENTITY_ACCOUNT].at[1], "user 0");
    buf_free(&fields);
    arena_free(arena);
}

TEST(writes_one_valid_json_object)
{
    struct matched_field matched[] = {{STR("Image"), {STR("a"), VALUE_STRING}},
                                      {STR("Image"), {STR("b"), VALUE_STRING}},
                                      {STR("EventID"), {STR("1"), VALUE_INTEGER}},
                                      {STR("EventID"), {STR("1"), VALUE_INTEGER}}};
    struct finding finding = sample();
    struct buf buf;
    const char *why;

    finding.matched = matched;
    finding.matched_count = 4;
    buf_init(&buf, SIZE_MAX);
    finding_write_json(&finding, LANGUAGE_ENGLISH, &buf);
    CHECK(json_is_valid(buf_str(&buf), &why));
    CHECK(str_contains(buf_str(&buf), STR("\"matched\":{\"Image\":[\"a\",\"b\"],\"EventID\":1}")));
    CHECK(str_contains(buf_str(&buf), STR("\"time\":null")));
    CHECK(str_contains(buf_str(&buf), STR("\"record\":7")));
    buf_free(&buf);
}

TEST(an_event_that_is_no_json_object_is_not_passed_on)
{
    static const char *const bad[] = {
        "{\"a\":1},\"level\":\"low\"", "", "[1]", "null", "{", "{}{}"};
    struct finding finding = sample();
    struct buf buf;

    buf_init(&buf, SIZE_MAX);
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        buf_reset(&buf);
        finding.fields = str_from(bad[i]);
        finding_write_json(&finding, LANGUAGE_ENGLISH, &buf);
        CHECK(str_contains(buf_str(&buf), STR("\"fields\":{},")));
    }
    buf_free(&buf);
}

TEST(an_event_cannot_reorder_the_line)
{
    struct finding finding = sample();
    struct buf buf;

    finding.fields = STR("{\"a\":\"\xe2\x80\xae\xc2\x9b\"}");
    buf_init(&buf, SIZE_MAX);
    finding_write_json(&finding, LANGUAGE_ENGLISH, &buf);
    CHECK(str_contains(buf_str(&buf), STR("\"fields\":{\"a\":\"\\u202e\\u009b\"},")));
    buf_free(&buf);
}

TEST(several_events_stand_beside_the_other_members)
{
    struct matched_field group[] = {{STR("User"), {STR("EX\\bob"), VALUE_STRING}},
                                    {STR("IpAddress"), {STR("::1"), VALUE_STRING}}};
    const struct combined_event events[] = {
        {STR("r-1"), STR("Rule"), STR("a.json"), STR("json"), true, 7, 4096, 0},
        {STR("r-2"), STR("\"2\""), STR("b.evtx"), STR("evtx"), false, 8, 0, 1000000000}};
    const struct combined combined = {0, 2000000000, 3, events, ARRAY_COUNT(events)};
    struct finding finding = sample();
    struct buf buf;
    const char *why;

    finding.kind = FINDING_CORRELATION;
    finding.fields = STR("{}");
    finding.matched = group;
    finding.matched_count = 2;
    finding.combined = &combined;
    buf_init(&buf, SIZE_MAX);
    finding_write_json(&finding, LANGUAGE_ENGLISH, &buf);
    CHECK(json_is_valid(buf_str(&buf), &why));
    CHECK(str_ends_with(
        buf_str(&buf),
        STR("\"fields\":{},\"why\":\"why\",\"first\":\"1970-01-01T00:00:00.000000000Z\","
            "\"last\":\"1970-01-01T00:00:02.000000000Z\",\"count\":3,"
            "\"group\":{\"User\":\"EX\\\\bob\",\"IpAddress\":\"::1\"},\"events\":["
            "{\"source\":{\"path\":\"a.json\",\"format\":\"json\",\"line\":7,\"offset\":4096},"
            "\"id\":\"r-1\",\"title\":\"Rule\",\"time\":\"1970-01-01T00:00:00.000000000Z\"},"
            "{\"source\":{\"path\":\"b.evtx\",\"format\":\"evtx\",\"record\":8,\"offset\":0},"
            "\"id\":\"r-2\",\"title\":\"\\\"2\\\"\","
            "\"time\":\"1970-01-01T00:00:01.000000000Z\"}]}")));
    finding.matched_count = 0;
    finding.combined = &(struct combined){0, 0, 1, NULL, 0};
    buf_reset(&buf);
    finding_write_json(&finding, LANGUAGE_ENGLISH, &buf);
    CHECK(json_is_valid(buf_str(&buf), &why));
    CHECK(str_contains(buf_str(&buf), STR("\"count\":1,\"group\":{},\"events\":[]}")));
    buf_free(&buf);
}
