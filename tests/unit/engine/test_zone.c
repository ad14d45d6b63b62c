/* test_zone.c - the zone that the user names. */
#include "testkit.h"

#include "engine/zone.h"

static struct arena *arena;
static struct time_zone zone;
static struct why why;

static bool loads(const char *text)
{
    if (!arena)
        arena = arena_new("zone", ZONE_BYTES_MAX);
    return zone_load(text, arena, &zone, &why) == ERR_NONE;
}

TEST(nothing_is_utc)
{
    CHECK(loads(NULL));
    CHECK_STR(zone.name, "UTC");
    CHECK_INT(zone.first_offset_s, 0);
}

TEST(an_offset_needs_no_file)
{
    CHECK(loads("+05:30"));
    CHECK_STR(zone.name, "+05:30");
    CHECK_INT(zone.first_offset_s, 5 * 3600 + 1800);
}

TEST(names_are_those_of_the_system)
{
    if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0)
        SKIP("this system has no zone database");
    CHECK(loads("Europe/Berlin"));
    CHECK_STR(zone.name, "Europe/Berlin");
    CHECK(zone.count > 0);
}

TEST(other_names_are_refused)
{
    static const char *const names[] = {
        "",          "Europe", "Nowhere/Else", "../../../etc/passwd", "/etc/localtime",
        "tzdata.zi", "25:00"};

    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        CHECK(!loads(names[i]));
    CHECK(str_contains(str_from(why.text), STR("--timezone 25:00")));
}
