/* test_time_zone.c - local times to UTC, by offsets, transitions and rules. */
#include "testkit.h"

#include "codec/time_text.h"
#include "codec/time_zone.h"
#include "core/buf.h"

static struct arena *arena;
static struct time_zone zone;

static bool offset_is(const char *text, int32_t seconds)
{
    return time_zone_from_offset(str_from(text), &zone) && zone.first_offset_s == seconds &&
           zone.count == 0 && !zone.has_rule;
}

TEST(reads_offsets)
{
    CHECK(offset_is("UTC", 0));
    CHECK(offset_is("z", 0));
    CHECK(offset_is("+09:00", 9 * 3600));
    CHECK(offset_is("-0330", -(3 * 3600 + 1800)));
    CHECK(offset_is("+9", 9 * 3600));
    CHECK(!offset_is("9", 0));
    CHECK(!offset_is("+24:00", 0));
    CHECK(!offset_is("+09:60", 0));
    CHECK(!offset_is("+09:0", 0));
    CHECK(!offset_is("+09:000", 0));
    CHECK(!offset_is("+", 0));
    CHECK(!offset_is("Europe/Berlin", 0));
    CHECK(!offset_is("", 0));
}

static void put_u32(struct buf *out, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(out, (char)(value >> shift));
}

static void put_header(struct buf *out, char version, uint32_t times, uint32_t types)
{
    buf_add(out, STR("TZif"));
    buf_add_char(out, version);
    for (unsigned i = 0; i < 15; i++)
        buf_add_char(out, 0);
    put_u32(out, 0);
    put_u32(out, 0);
    put_u32(out, 0);
    put_u32(out, times);
    put_u32(out, types);
    put_u32(out, 4);
}

static void put_type(struct buf *out, int32_t offset)
{
    put_u32(out, (uint32_t)offset);
    buf_add_char(out, 0);
    buf_add_char(out, 0);
}

/* A file of version 2: before `at` +1, behind it +2, then the rule. */
static bool read_zone(int64_t at, const char *rule)
{
    struct buf out;

    if (!arena)
        arena = arena_new("zone", 1 << 20);
    buf_init(&out, 1 << 16);
    put_header(&out, '2', 0, 1);
    put_type(&out, 0);
    buf_add(&out, STR("ABC\0"));
    put_header(&out, '2', 1, 2);
    put_u32(&out, (uint32_t)((uint64_t)at >> 32));
    put_u32(&out, (uint32_t)at);
    buf_add_char(&out, 1);
    put_type(&out, 3600);
    put_type(&out, 7200);
    buf_add(&out, STR("ABC\0"));
    buf_printf(&out, "\n%s\n", rule);
    bool good = time_zone_from_file(buf_str(&out), arena, &zone);
    buf_free(&out);
    return good;
}

/* The local time in UTC. */
static struct str utc(const char *local)
{
    static char text[TIME_TEXT_SIZE];
    int64_t time_ns;
    bool has_zone;

    if (!time_parse(str_from(local), &time_ns, &has_zone) ||
        !time_zone_to_utc(&zone, time_ns, &time_ns))
        return STR_EMPTY;
    return str_slice((struct str){text, time_print(time_ns, text)}, 0, 19);
}

TEST(offsets_are_taken_off)
{
    CHECK(time_zone_from_offset(STR("+09:00"), &zone));
    CHECK_STR(utc("2026-11-22 05:00:00"), "2026-11-21T20:00:00");
    CHECK(time_zone_from_offset(STR("-03:30"), &zone));
    CHECK_STR(utc("1969-12-31 22:00:00.5"), "1970-01-01T01:30:00");
    int64_t time_ns;
    CHECK(!time_zone_to_utc(&zone, INT64_MAX, &time_ns));
}

TEST(transitions_have_a_time_before_and_behind)
{
    CHECK(read_zone(1000000000, "")); /* 2001-09-09T01:46:40Z: the clock jumps over an hour */
    CHECK_STR(utc("2001-09-09 02:00:00"), "2001-09-09T01:00:00");
    CHECK_STR(utc("2001-09-09 02:46:39"), "2001-09-09T01:46:39");
    CHECK_STR(utc("2001-09-09 03:00:00"), "2001-09-09T02:00:00"); /* a time that never was */
    CHECK_STR(utc("2001-09-09 03:46:40"), "2001-09-09T01:46:40");
    CHECK_STR(utc("2020-01-01 00:00:00"), "2019-12-31T22:00:00");
}

TEST(the_rule_goes_on_behind_the_last_transition)
{
    CHECK(read_zone(1000000000, "CET-1CEST,M3.5.0,M10.5.0/3"));
    CHECK_STR(utc("2026-01-15 12:00:00"), "2026-01-15T11:00:00");
    CHECK_STR(utc("2026-07-15 12:00:00"), "2026-07-15T10:00:00");
    CHECK_STR(utc("2026-03-29 01:59:59"), "2026-03-29T00:59:59");
    CHECK_STR(utc("2026-03-29 03:00:00"), "2026-03-29T01:00:00");
    CHECK_STR(utc("2026-10-25 02:30:00"), "2026-10-25T00:30:00"); /* the first of two */
    CHECK_STR(utc("2026-10-25 03:00:00"), "2026-10-25T02:00:00");
    CHECK(read_zone(1000000000, "<-03>3:30")); /* no summer */
    CHECK_STR(utc("2026-07-15 12:00:00"), "2026-07-15T15:30:00");
    CHECK(read_zone(1000000000, "AEST-10AEDT,M10.1.0,M4.1.0/3")); /* summer over the new year */
    CHECK_STR(utc("2026-01-15 12:00:00"), "2026-01-15T01:00:00");
    CHECK_STR(utc("2026-07-15 12:00:00"), "2026-07-15T02:00:00");
    CHECK(read_zone(1000000000, "XYZ0ABC-2,J60/0,300/-1:30"));
    CHECK_STR(utc("2026-03-01 02:00:00"), "2026-03-01T00:00:00");
    CHECK_STR(utc("2028-03-01 02:00:00"), "2028-03-01T00:00:00");
    CHECK_STR(utc("2026-10-27 12:00:00"), "2026-10-27T10:00:00");
    CHECK_STR(utc("2026-10-29 12:00:00"), "2026-10-29T12:00:00");
}

TEST(what_is_no_zone_is_refused)
{
    CHECK(!read_zone(0, "CET"));
    CHECK(!read_zone(0, "CET-1CEST"));
    CHECK(!read_zone(0, "CET-1CEST,M13.5.0,M10.5.0"));
    CHECK(!read_zone(0, "CET-1CEST,M3.5.0,M10.5.0x"));
    CHECK(!read_zone(0, "-1"));
    CHECK(!time_zone_from_file(STR("TZif2"), arena, &zone));
    CHECK(!time_zone_from_file(STR_EMPTY, arena, &zone));
    char many[44] = "TZif2";
    many[35] = 1;
    many[39] = 1;
    CHECK(!time_zone_from_file((struct str){many, sizeof(many)}, arena, &zone));
}
