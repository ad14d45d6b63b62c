/* test_json_record.c - one JSON object as an event. */
#include "testkit.h"

#include "event_reader.h"

/* The time that the text of one record gives. */
static struct str time_of(const char *text)
{
    static char kept[TIME_TEXT_SIZE];

    begin_text("json", text);
    if (take() != STEP_EVENT)
        return STR("(no event)");
    struct str told = time_text();
    snprintf(kept, sizeof(kept), "%.*s", STR_ARG(told));
    close_reader();
    return str_from(kept);
}

TEST(times_with_an_offset_become_utc)
{
    CHECK_STR(time_of("{\"timestamp\":\"2026-09-01T10:30:00+02:00\"}"),
              "2026-09-01T08:30:00.000000000Z");
    CHECK_STR(time_of("{\"timestamp\":\"2026-09-01T03:00:00-05:30\"}"),
              "2026-09-01T08:30:00.000000000Z");
}

TEST(times_without_a_zone_are_utc)
{
    CHECK_STR(time_of("{\"timestamp\":\"2026-09-01 08:30:00.25\"}"),
              "2026-09-01T08:30:00.250000000Z");
}

TEST(times_without_a_zone_are_of_the_zone_that_was_asked_for)
{
    struct time_zone zone;

    CHECK(time_zone_from_offset(STR("-05:00"), &zone));
    asked_zone = &zone;
    CHECK_STR(time_of("{\"timestamp\":\"2026-09-01 08:30:00\"}"), "2026-09-01T13:30:00.000000000Z");
    CHECK_STR(time_of("{\"timestamp\":\"2026-09-01T08:30:00Z\"}"),
              "2026-09-01T08:30:00.000000000Z");
    CHECK_STR(time_of("{\"ts\":1788251400}"), "2026-09-01T08:30:00.000000000Z");
    /* Sysmon's own is UTC and does not say so */
    CHECK_STR(time_of("{\"EventID\":1,\"Channel\":\"x\",\"UtcTime\":\"2026-09-01 08:30:00\"}"),
              "2026-09-01T08:30:00.000000000Z");
    begin_text("json", "{\"timestamp\":\"2026-09-01 08:30:00\"}\n{\"ts\":1}\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK(made.event->zone_assumed);
    CHECK_INT(take(), STEP_EVENT);
    CHECK(!made.event->zone_assumed);
    close_reader();
    asked_zone = NULL;
}

TEST(numbers_are_times_by_their_size)
{
    CHECK_STR(time_of("{\"ts\":1788251400}"), "2026-09-01T08:30:00.000000000Z");
    CHECK_STR(time_of("{\"ts\":1788251400123}"), "2026-09-01T08:30:00.123000000Z");
    CHECK_STR(time_of("{\"ts\":1788251400123456}"), "2026-09-01T08:30:00.123456000Z");
    CHECK_STR(time_of("{\"ts\":1788251400123456789}"), "2026-09-01T08:30:00.123456789Z");
}

TEST(fractions_of_numbers_are_exact)
{
    CHECK_STR(time_of("{\"ts\":1788251400.25}"), "2026-09-01T08:30:00.250000000Z");
    CHECK_STR(time_of("{\"ts\":\"1788251400.123456789\"}"), "2026-09-01T08:30:00.123456789Z");
    CHECK_STR(time_of("{\"ts\":1788251400123.5}"), "2026-09-01T08:30:00.123500000Z");
}

TEST(no_time_is_no_time)
{
    CHECK_STR(time_of("{\"ts\":\"soon\"}"), "");
    CHECK_STR(time_of("{\"ts\":true}"), "");
    CHECK_STR(time_of("{\"ts\":null}"), "");
    CHECK_STR(time_of("{\"ts\":1.5e9}"), "");
    CHECK_STR(time_of("{\"ts\":99999999999999999999}"), "");
    CHECK_STR(time_of("{\"a\":1}"), "");
}

TEST(of_several_times_the_best_counts)
{
    CHECK_STR(time_of("{\"ts\":1,\"@timestamp\":\"2026-09-01T08:30:00Z\",\"time\":2}"),
              "2026-09-01T08:30:00.000000000Z");
    CHECK_STR(time_of("{\"@timestamp\":\"never\",\"ts\":1788251400}"),
              "2026-09-01T08:30:00.000000000Z");
}

TEST(of_several_hosts_the_best_counts)
{
    begin_text("json", "{\"host\":\"third\",\"hostname\":\"second\",\"Computer\":\"\"}\n"
                       "{\"Computer\":\"first\",\"hostname\":\"second\"}\n{\"a\":1}\n");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(made.event->host, "second");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(made.event->host, "first");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(made.event->host, "");
    close_reader();
}

TEST(values_keep_their_types)
{
    begin_text("json", "{\"a\":[\"t\",-1,2.5,1e3,true,false,null,\"\"]}");
    CHECK(take() == STEP_EVENT);
    static const struct value expected[] = {
        {STR_INIT("t"), VALUE_STRING},     {STR_INIT("-1"), VALUE_INTEGER},
        {STR_INIT("2.5"), VALUE_REAL},     {STR_INIT("1e3"), VALUE_REAL},
        {STR_INIT("true"), VALUE_BOOLEAN}, {STR_INIT("false"), VALUE_BOOLEAN},
        {STR_INIT(""), VALUE_NULL},        {STR_INIT(""), VALUE_STRING}};
    const struct event_field *at = event_find(made.event, fields_find(&made.fields, STR("a")));
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
        CHECK(at && str_eq(at->value.text, expected[i].text));
        CHECK_INT(at ? at->value.type : 99, expected[i].type);
        at = at ? event_next_of(made.event, at) : NULL;
    }
    CHECK(!at);
    close_reader();
}

TEST(escapes_are_resolved_in_names_and_values)
{
    begin_text("json", "{\"\\u0061\":\"x\\n\\\"\\u00e9\\ud83d\\ude00\"}");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("a"), "x\n\"\xc3\xa9\xf0\x9f\x98\x80");
    close_reader();
}

TEST(a_name_in_other_case_serves_where_the_exact_one_is_missing)
{
    begin_text("json", "{\"COMMANDLINE\":\"x\"}\n{\"A\":1,\"a\":2}\n");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("CommandLine"), "x");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(nth("a", 0), "2");
    CHECK_STR(nth("a", 1), "(none)");
    CHECK_STR(nth("A", 0), "1");
    close_reader();
}

TEST(a_record_of_another_shape_is_read_as_what_it_is)
{
    begin_text("json", "{\"winlog\":{\"event_id\":1,\"channel\":\"A\"}}\n"
                       "{\"EventID\":2,\"Channel\":\"B\"}\n"
                       "{\"winlog\":{\"event_id\":3,\"channel\":\"C\"}}\n");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("EventID"), "1");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(nth("EventID", 0), "2");
    CHECK_STR(nth("EventID", 1), "(none)");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("EventID"), "3");
    CHECK_STR(field("Channel"), "C");
    close_reader();
}

TEST(an_empty_object_is_an_event)
{
    begin_text("json", "{}\n");
    CHECK(take() == STEP_EVENT);
    CHECK_INT(made.event->count, 0);
    CHECK_STR(rendered(), "{}");
    CHECK_STR(all_values_text(), "");
    CHECK(take() == STEP_END);
    close_reader();
}
