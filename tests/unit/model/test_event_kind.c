/* test_event_kind.c */
#include "model/event_kind.h"
#include "testkit.h"

TEST(kinds_come_back_from_their_keys)
{
    struct arena *arena = arena_new("test", 1 << 20);
    const uint64_t entries[] = {5, (uint64_t)1 << 63};
    const struct event_kind kind = {.host = STR("WEB01"),
                                    .channel = STR("Security"),
                                    .provider = STR("P"),
                                    .event_id = STR("4688"),
                                    .format = STR("evtx"),
                                    .windows = true,
                                    .entries = entries,
                                    .words = 2};
    struct event_kind back;
    struct buf key;

    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    event_kind_write(&kind, &key);
    CHECK(event_kind_read(buf_str(&key), arena, &back));
    CHECK_STR(back.host, "WEB01");
    CHECK_STR(back.channel, "Security");
    CHECK_STR(back.provider, "P");
    CHECK_STR(back.event_id, "4688");
    CHECK_STR(back.format, "evtx");
    CHECK(back.windows);
    CHECK_INT(back.words, 2);
    CHECK(back.entries[0] == entries[0] && back.entries[1] == entries[1]);
    for (size_t cut = 1; cut < 8; cut++)
        CHECK(!event_kind_read(str_slice(buf_str(&key), 0, key.len - cut), arena, &back));
    CHECK(!event_kind_read(STR("\x05short"), arena, &back));
    buf_free(&key);
    arena_free(arena);
}

TEST(hours_are_in_the_order_of_their_keys)
{
    static const int64_t hours[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    struct buf key, before;
    struct event_hour back;

    buf_init(&key, 1000);
    buf_init(&before, 1000);
    for (size_t i = 0; i < sizeof(hours) / sizeof(hours[0]); i++) {
        const struct event_hour hour = {STR("h"), STR("Security"), hours[i]};
        buf_reset(&key);
        event_hour_write(&hour, &key);
        CHECK(event_hour_read(buf_str(&key), &back));
        CHECK_STR(back.host, "h");
        CHECK_STR(back.source, "Security");
        CHECK_INT(back.hour, hours[i]);
        CHECK(i == 0 || str_compare(buf_str(&before), buf_str(&key)) < 0);
        buf_reset(&before);
        buf_add(&before, buf_str(&key));
    }
    CHECK(!event_hour_read(STR(""), &back));
    buf_free(&key);
    buf_free(&before);
}

TEST(an_hour_begins_where_it_should)
{
    CHECK_INT(event_hour_of(0), 0);
    CHECK_INT(event_hour_of(EVENT_HOUR_NS - 1), 0);
    CHECK_INT(event_hour_of(EVENT_HOUR_NS), 1);
    CHECK_INT(event_hour_of(-1), -1);
    CHECK_INT(event_hour_of(-EVENT_HOUR_NS), -1);
    CHECK_INT(event_hour_of(-EVENT_HOUR_NS - 1), -2);
}
