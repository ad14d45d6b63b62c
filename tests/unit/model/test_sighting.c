/* test_sighting.c */
#include "model/sighting.h"
#include "testkit.h"

static struct sighting sample(int64_t time_ns, const char *path, uint64_t number)
{
    return (struct sighting){.time_ns = time_ns,
                             .has_time = true,
                             .rule_key = 42,
                             .rule_id = STR("id"),
                             .path = str_from(path),
                             .format = STR("evtx"),
                             .number = number,
                             .host = STR("h"),
                             .why = STR("because"),
                             .event = STR("{}")};
}

TEST(decodes_what_it_encodes)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct matched_field matched[] = {{STR("Image"), {STR("a\0b"), VALUE_STRING}},
                                      {STR_EMPTY, {STR("7"), VALUE_INTEGER}}};
    struct sighting in = sample(-5, "p", 9);
    struct sightings out;
    struct buf buf;

    in.matched = matched;
    in.matched_count = 2;
    in.is_line = true;
    in.record_hash = 12345678901234567890u;
    buf_init(&buf, SIZE_MAX);
    sightings_encode(&(struct sightings){&in, 1}, &buf);
    struct cursor cursor = cursor_over_str(buf_str(&buf));
    CHECK(sightings_decode(&cursor, arena, &out));
    CHECK_INT(cursor_left(&cursor), 0);
    CHECK_INT(out.count, 1);
    CHECK_INT(out.at[0].time_ns, -5);
    CHECK(out.at[0].is_line && out.at[0].has_time);
    CHECK(out.at[0].record_hash == in.record_hash);
    CHECK_STR(out.at[0].matched[0].value.text, "a\0b");
    CHECK_INT(out.at[0].matched[1].value.type, VALUE_INTEGER);
    CHECK_INT(sighting_compare(&in, &out.at[0]), 0);
    for (size_t cut = 0; cut < buf.len; cut++) {
        struct cursor part = cursor_over(buf.at, cut);
        CHECK(!sightings_decode(&part, arena, &out));
    }
    buf_free(&buf);
    arena_free(arena);
}

TEST(an_indicator_is_another_kind)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct sighting in = sample(5, "p", 9), rule = in;
    struct sightings out;
    struct buf buf;

    in.kind = SIGHTING_INDICATOR;
    buf_init(&buf, SIZE_MAX);
    sightings_encode(&(struct sightings){&in, 1}, &buf);
    struct cursor cursor = cursor_over_str(buf_str(&buf));
    CHECK(sightings_decode(&cursor, arena, &out));
    CHECK_INT(out.at[0].kind, SIGHTING_INDICATOR);
    CHECK(sighting_compare(&in, &rule) > 0);
    buf.at[8] |= 32; /* flags that nobody sets */
    cursor = cursor_over_str(buf_str(&buf));
    CHECK(!sightings_decode(&cursor, arena, &out));
    buf_free(&buf);
    arena_free(arena);
}

TEST(what_one_event_shares_stands_once)
{
    static char text[5000];
    struct arena *arena = arena_new("test", 1 << 20);
    struct sighting in[3];
    struct sightings out;
    struct buf buf;

    for (uint64_t i = 0; i < ARRAY_COUNT(in); i++) {
        in[i] = sample(3, "p", 4);
        in[i].rule_key = i;
        in[i].why = (struct str){&"why"[i], 3 - i};
        in[i].event = (struct str){text, sizeof(text)};
    }
    buf_init(&buf, SIZE_MAX);
    sightings_encode(&(struct sightings){in, ARRAY_COUNT(in)}, &buf);
    CHECK(buf.len < sizeof(text) + 500);
    struct cursor cursor = cursor_over_str(buf_str(&buf));
    CHECK(sightings_decode(&cursor, arena, &out) && out.count == ARRAY_COUNT(in));
    for (uint64_t i = 0; i < ARRAY_COUNT(in); i++) {
        CHECK_INT(out.at[i].rule_key, i);
        CHECK_INT(sighting_compare(&in[i], &out.at[i]), 0);
        CHECK(str_eq(out.at[i].why, in[i].why));
        CHECK_INT(out.at[i].event.len, sizeof(text));
    }
    buf_free(&buf);
    arena_free(arena);
}

TEST(what_says_more_than_can_be_is_refused)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct sighting in = sample(1, "", 1);
    struct sightings out;
    struct buf buf;

    in.host = in.path = in.format = STR_EMPTY;
    buf_init(&buf, SIZE_MAX);
    sightings_encode(&(struct sightings){&in, 1}, &buf);
    static const unsigned counts[] = {0, 2, SIGHTINGS_MAX + 1};
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        buf.at[4 * 8 + 1 + 3 * 4] = (char)counts[i]; /* the count of sightings */
        buf.at[4 * 8 + 1 + 3 * 4 + 1] = (char)(counts[i] >> 8);
        struct cursor cursor = cursor_over_str(buf_str(&buf));
        CHECK(!sightings_decode(&cursor, arena, &out));
    }
    buf_free(&buf);
    arena_free(arena);
}

TEST(a_suppressed_one_says_by_which_entry)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct sighting both[] = {sample(5, "p", 9), sample(5, "p", 9)};
    struct sightings in = {both, 2}, out;
    struct buf buf;

    both[1].suppressed = 70000;
    buf_init(&buf, SIZE_MAX);
    sightings_encode(&in, &buf);
    struct cursor cursor = cursor_over_str(buf_str(&buf));
    CHECK(sightings_decode(&cursor, arena, &out));
    CHECK_INT(cursor_left(&cursor), 0);
    CHECK_INT(out.at[0].suppressed, 0);
    CHECK_INT(out.at[1].suppressed, 70000);
    CHECK_STR(out.at[1].event, "{}");
    for (size_t cut = 0; cut < buf.len; cut++) {
        struct cursor part = cursor_over(buf.at, cut);
        CHECK(!sightings_decode(&part, arena, &out));
    }
    both[1].suppressed = 1;
    buf_reset(&buf);
    sightings_encode(&in, &buf);
    size_t entry = buf.len - both[1].event.len - sizeof(uint32_t) - sizeof(uint32_t);
    CHECK_INT(buf.at[entry], 1);
    buf.at[entry] = 0; /* said to be suppressed, but by none */
    cursor = cursor_over_str(buf_str(&buf));
    CHECK(!sightings_decode(&cursor, arena, &out));
    buf_free(&buf);
    arena_free(arena);
}

TEST(values_for_correlations_come_back)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct sighting one = sample(5, "p", 9);
    struct str asked[] = {STR_INIT("198.51.100.7"), {NULL, 0}, STR_INIT("")};
    struct sightings in = {&one, 1}, out;
    struct buf buf;

    one.kind = SIGHTING_CORRELATION;
    one.asked = asked;
    one.asked_count = ARRAY_COUNT(asked);
    buf_init(&buf, SIZE_MAX);
    sightings_encode(&in, &buf);
    struct cursor cursor = cursor_over_str(buf_str(&buf));
    CHECK(sightings_decode(&cursor, arena, &out));
    CHECK_INT(cursor_left(&cursor), 0);
    CHECK_INT(out.at[0].kind, SIGHTING_CORRELATION);
    CHECK_INT(out.at[0].asked_count, 3);
    CHECK_STR(out.at[0].asked[0], "198.51.100.7");
    CHECK(out.at[0].asked[1].at == NULL);
    CHECK(out.at[0].asked[2].at != NULL && out.at[0].asked[2].len == 0);
    CHECK_INT(out.at[0].matched_count, one.matched_count);
    for (size_t cut = 0; cut < buf.len; cut++) {
        struct cursor part = cursor_over(buf.at, cut);
        CHECK(!sightings_decode(&part, arena, &out));
    }
    buf_free(&buf);
    arena_free(arena);
}

TEST(several_events_come_back)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct sighting one = sample(5, "p", 9);
    const struct combined_event events[] = {
        {STR("r-1"), STR("Rule"), STR("a.json"), STR("json"), true, 7, 4096, -5},
        {STR("r-2"), STR_EMPTY, STR("b!c.evtx"), STR("evtx"), false, 0, 0, 6}};
    const struct combined combined = {-5, 60, 12345678901u, events, ARRAY_COUNT(events)};
    struct sightings in = {&one, 1}, out;
    struct buf buf;

    one.kind = SIGHTING_CORRELATION;
    one.combined = &combined;
    buf_init(&buf, SIZE_MAX);
    sightings_encode(&in, &buf);
    struct cursor cursor = cursor_over_str(buf_str(&buf));
    CHECK(sightings_decode(&cursor, arena, &out));
    CHECK_INT(cursor_left(&cursor), 0);
    const struct combined *back = out.at[0].combined;
    CHECK(back->first_ns == -5 && back->last_ns == 60 && back->count == combined.count);
    CHECK_INT(back->event_count, 2);
    CHECK_STR(back->events[0].id, "r-1");
    CHECK_STR(back->events[0].title, "Rule");
    CHECK_STR(back->events[0].path, "a.json");
    CHECK_STR(back->events[1].format, "evtx");
    CHECK(back->events[0].is_line && !back->events[1].is_line);
    CHECK_INT(back->events[0].number, 7);
    CHECK_INT(back->events[0].offset, 4096);
    CHECK_INT(back->events[0].time_ns, -5);
    CHECK_STR(out.at[0].event, "{}");
    for (size_t cut = 0; cut < buf.len; cut++) {
        struct cursor part = cursor_over(buf.at, cut);
        CHECK(!sightings_decode(&part, arena, &out));
    }
    buf_free(&buf);
    arena_free(arena);
}

TEST(orders_by_time_path_and_number_with_timeless_ones_last)
{
    struct sighting a = sample(1, "a", 2), b = sample(1, "b", 1), c = sample(2, "a", 1);
    struct sighting none = sample(0, "a", 1);

    none.has_time = false;
    CHECK(sighting_compare(&a, &b) < 0);
    CHECK(sighting_compare(&b, &c) < 0);
    CHECK(sighting_compare(&c, &none) < 0);
    CHECK(sighting_compare(&none, &a) > 0);
}
