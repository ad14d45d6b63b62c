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
    struct sighting in = sample(-5, "p", 9), out;
    struct buf buf;

    in.matched = matched;
    in.matched_count = 2;
    in.is_line = true;
    in.record_hash = 12345678901234567890u;
    buf_init(&buf, SIZE_MAX);
    sighting_encode(&in, &buf);
    struct cursor cursor = cursor_over_str(buf_str(&buf));
    CHECK(sighting_decode(&cursor, arena, &out));
    CHECK_INT(cursor_left(&cursor), 0);
    CHECK_INT(out.time_ns, -5);
    CHECK(out.is_line && out.has_time);
    CHECK(out.record_hash == in.record_hash);
    CHECK_STR(out.matched[0].value.text, "a\0b");
    CHECK_INT(out.matched[1].value.type, VALUE_INTEGER);
    CHECK_INT(sighting_compare(&in, &out), 0);
    for (size_t cut = 0; cut < buf.len; cut++) {
        struct cursor part = cursor_over(buf.at, cut);
        CHECK(!sighting_decode(&part, arena, &out));
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
