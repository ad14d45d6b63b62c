/* test_time_text.c - points in time, read and written. */
#include "codec/time_text.h"

#include "testkit.h"

static struct str printed(int64_t time_ns)
{
    static char text[TIME_TEXT_SIZE];

    CHECK_INT(time_print(time_ns, text), strlen(text));
    return str_from(text);
}

/* What `text` is when printed; empty if it is refused. */
static struct str read_as(const char *text)
{
    int64_t time_ns;
    bool has_zone;

    return time_parse(str_from(text), &time_ns, &has_zone) ? printed(time_ns) : STR_EMPTY;
}

static bool zone_of(const char *text)
{
    int64_t time_ns;
    bool has_zone = false;

    CHECK(time_parse(str_from(text), &time_ns, &has_zone));
    return has_zone;
}

static bool refused(const char *text)
{
    return read_as(text).len == 0;
}

TEST(prints_nine_digits_in_utc)
{
    CHECK_STR(printed(0), "1970-01-01T00:00:00.000000000Z");
    CHECK_STR(printed(1), "1970-01-01T00:00:00.000000001Z");
    CHECK_STR(printed(-1), "1969-12-31T23:59:59.999999999Z");
    CHECK_STR(printed(1700000000123456700), "2023-11-14T22:13:20.123456700Z");
}

TEST(prints_the_whole_range)
{
    CHECK_STR(printed(INT64_MAX), "2262-04-11T23:47:16.854775807Z");
    CHECK_STR(printed(INT64_MIN), "1677-09-21T00:12:43.145224192Z");
}

TEST(reads_rfc_3339)
{
    CHECK_STR(read_as("2026-11-22T10:00:00Z"), "2026-11-22T10:00:00.000000000Z");
    CHECK_STR(read_as("2026-11-22t10:00:00z"), "2026-11-22T10:00:00.000000000Z");
    CHECK_STR(read_as("2026-11-22 10:00:00"), "2026-11-22T10:00:00.000000000Z");
    CHECK_STR(read_as("2026-11-22"), "2026-11-22T00:00:00.000000000Z");
    CHECK_STR(read_as("2026-11-22T10:00"), "2026-11-22T10:00:00.000000000Z");
    CHECK_STR(read_as("  2026-11-22T10:00:00Z\r\n"), "2026-11-22T10:00:00.000000000Z");
}

TEST(reads_any_number_of_fraction_digits)
{
    CHECK_STR(read_as("2026-11-22T10:00:00.1Z"), "2026-11-22T10:00:00.100000000Z");
    CHECK_STR(read_as("2026-11-22T10:00:00.123456789Z"), "2026-11-22T10:00:00.123456789Z");
    CHECK_STR(read_as("2026-11-22T10:00:00.1234567899999Z"), "2026-11-22T10:00:00.123456789Z");
    CHECK_STR(read_as("2026-11-22 10:00:00,123"), "2026-11-22T10:00:00.123000000Z");
    CHECK(refused("2026-11-22T10:00:00.Z"));
}

TEST(an_offset_is_brought_to_utc)
{
    CHECK_STR(read_as("2026-11-22T01:30:00+02:00"), "2026-11-21T23:30:00.000000000Z");
    CHECK_STR(read_as("2026-12-31T23:30:00-0130"), "2027-01-01T01:00:00.000000000Z");
    CHECK_STR(read_as("2026-11-22 10:00:00 +05"), "2026-11-22T05:00:00.000000000Z");
    CHECK_STR(read_as("2026-11-22 10:00:00 UTC"), "2026-11-22T10:00:00.000000000Z");
    CHECK_STR(read_as("2026-11-22 10:00:00 GMT"), "2026-11-22T10:00:00.000000000Z");
    CHECK_STR(read_as("1969-12-31T23:59:59.5-00:00"), "1969-12-31T23:59:59.500000000Z");
}

TEST(says_whether_an_offset_was_written)
{
    CHECK(zone_of("2026-11-22T10:00:00Z"));
    CHECK(zone_of("2026-11-22T10:00:00+00:00"));
    CHECK(zone_of("/Date(1700000000000)/"));
    CHECK(!zone_of("2026-11-22T10:00:00"));
    CHECK(!zone_of("2026-11-22"));
    CHECK(!zone_of("11/22/2026 10:00:00 AM"));
}

TEST(reads_month_first_with_am_and_pm)
{
    CHECK_STR(read_as("11/22/2026 10:00:00 AM"), "2026-11-22T10:00:00.000000000Z");
    CHECK_STR(read_as("1/2/2026 3:04:05 PM"), "2026-01-02T15:04:05.000000000Z");
    CHECK_STR(read_as("1/2/2026 12:00:00 AM"), "2026-01-02T00:00:00.000000000Z");
    CHECK_STR(read_as("1/2/2026 12:00:00 pm"), "2026-01-02T12:00:00.000000000Z");
    CHECK(refused("1/2/2026 13:00:00 PM"));
    CHECK(refused("1/2/2026 0:00:00 AM"));
    CHECK(refused("22/11/2026 10:00:00 AM"));
}

TEST(reads_milliseconds_as_json_date)
{
    CHECK_STR(read_as("/Date(1700000000123)/"), "2023-11-14T22:13:20.123000000Z");
    CHECK_STR(read_as("/Date(-1)/"), "1969-12-31T23:59:59.999000000Z");
    CHECK(refused("/Date()/"));
    CHECK(refused("/Date(x)/"));
    CHECK(refused("/Date(1"));
    CHECK(refused("/Date(9223372036854775807)/"));
    CHECK(refused("/Date(99999999999999999999)/"));
}

TEST(the_calendar_is_checked)
{
    CHECK(!refused("2024-02-29"));
    CHECK(!refused("2000-02-29"));
    CHECK(refused("2023-02-29"));
    CHECK(refused("1900-02-29"));
    CHECK(refused("2026-13-01"));
    CHECK(refused("2026-00-10"));
    CHECK(refused("2026-04-31"));
    CHECK(refused("2026-04-00"));
    CHECK(refused("2026-04-01T24:00:00Z"));
    CHECK(refused("2026-04-01T10:60:00Z"));
    CHECK(refused("2026-04-01T10:00:61Z"));
    CHECK(refused("2026-04-01T10:00:00+24:00"));
    CHECK(refused("2026-04-01T10:00:00+01:60"));
}

TEST(a_leap_second_is_the_last_of_its_minute)
{
    CHECK_STR(read_as("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59.000000000Z");
}

TEST(what_is_no_time_is_refused)
{
    static const char *const bad[] = {"",
                                      " ",
                                      "now",
                                      "1700000000",
                                      "2026",
                                      "2026-11",
                                      "2026-11-22T",
                                      "2026-11-22X10:00",
                                      "10:00:00",
                                      "26-11-22",
                                      "2026-11-22T10",
                                      "2026-11-22T10:",
                                      "2026-11-22T10:00:00 CET",
                                      "2026-11-22T10:00:00Zx",
                                      "2026-11-22T1０:00:00Z",
                                      "-2026-11-22",
                                      "2026-11-22T10:00:00+",
                                      "2026-11-22T10:00:0",
                                      "+2026-11-22"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (!refused(bad[i]))
            TESTKIT_FAIL("'%s' is read", bad[i]);
}

TEST(what_does_not_fit_is_refused)
{
    CHECK_STR(read_as("2262-04-11T23:47:16.854775807Z"), "2262-04-11T23:47:16.854775807Z");
    CHECK(refused("2262-04-11T23:47:16.854775808Z"));
    CHECK(refused("2300-01-01"));
    CHECK(refused("1601-01-01"));
    CHECK(refused("9999-12-31T23:59:59Z"));
    CHECK(refused("0000-01-01"));
}

TEST(the_earliest_time_reads_back)
{
    CHECK_STR(read_as("1677-09-22T00:00:00Z"), "1677-09-22T00:00:00.000000000Z");
    CHECK_STR(read_as("1677-09-21T00:12:43.145224192Z"), "1677-09-21T00:12:43.145224192Z");
}

TEST(filetime_counts_from_1601)
{
    int64_t time_ns;

    CHECK(time_from_filetime(116444736000000000u, &time_ns));
    CHECK_INT(time_ns, 0);
    CHECK(time_from_filetime(133444736001234567u, &time_ns));
    CHECK_STR(printed(time_ns), "2023-11-14T22:13:20.123456700Z");
    CHECK(time_from_filetime(116444735999999999u, &time_ns));
    CHECK_INT(time_ns, -100);
}

TEST(filetime_that_does_not_fit_is_refused)
{
    int64_t time_ns;

    CHECK(!time_from_filetime(0, &time_ns)); /* 1601 */
    CHECK(!time_from_filetime(UINT64_MAX, &time_ns));
    CHECK(!time_from_filetime(INT64_MAX, &time_ns)); /* "never" */
}

TEST(splits_into_parts)
{
    struct time_parts parts = time_split(1709210096 * (int64_t)1000000000 + 7);

    CHECK_INT(parts.year, 2024);
    CHECK_INT(parts.month, 2);
    CHECK_INT(parts.day, 29);
    CHECK_INT(parts.hour, 12);
    CHECK_INT(parts.minute, 34);
    CHECK_INT(parts.second, 56);
    CHECK_INT(parts.nanosecond, 7);
    CHECK_INT(parts.iso_week, 9);
}

static unsigned week_of(const char *date)
{
    int64_t time_ns;
    bool has_zone;

    CHECK(time_parse(str_from(date), &time_ns, &has_zone));
    return time_split(time_ns).iso_week;
}

TEST(weeks_belong_to_the_year_of_their_thursday)
{
    CHECK_INT(week_of("2026-01-01"), 1); /* a Thursday */
    CHECK_INT(week_of("2025-12-28"), 52);
    CHECK_INT(week_of("2025-12-29"), 1);
    CHECK_INT(week_of("2021-01-03"), 53);
    CHECK_INT(week_of("2021-01-04"), 1);
    CHECK_INT(week_of("2020-12-31"), 53);
    CHECK_INT(week_of("2027-01-03"), 53);
    CHECK_INT(week_of("2000-01-01"), 52);
    CHECK_INT(week_of("1970-01-01"), 1);
    CHECK_INT(week_of("1969-12-28"), 52);
}

TEST(every_day_of_four_centuries_reads_back)
{
    for (int64_t day = -100000; day < 100000; day += 13) {
        char text[TIME_TEXT_SIZE];
        int64_t back, time_ns = day * 86400 * 1000000000 + 12345678901;
        bool has_zone;
        time_print(time_ns, text);
        if (!time_parse(str_from(text), &back, &has_zone) || back != time_ns || !has_zone)
            TESTKIT_FAIL("%s does not read back", text);
    }
}

static bool joins(int32_t year, uint32_t month, uint32_t day, uint32_t second, int64_t *time_ns)
{
    struct time_parts parts = {.year = year, .month = month, .day = day, .second = second};

    return time_join(&parts, time_ns);
}

TEST(parts_join_to_the_time_they_came_from)
{
    int64_t joined;

    for (int64_t day = -100000; day < 100000; day += 17) {
        int64_t time_ns = day * 86400 * 1000000000 + 12345678901;
        struct time_parts parts = time_split(time_ns);
        CHECK(time_join(&parts, &joined) && joined == time_ns);
    }
    CHECK(joins(2016, 12, 31, 60, &joined));
    CHECK_INT(joined, 1483142400000000000 + 59000000000);
    CHECK(joins(2024, 2, 29, 0, &joined));
}

TEST(no_day_that_there_is_not_is_joined)
{
    int64_t joined;

    CHECK(!joins(2023, 2, 29, 0, &joined));
    CHECK(!joins(2023, 0, 1, 0, &joined));
    CHECK(!joins(2023, 13, 1, 0, &joined));
    CHECK(!joins(2023, 4, 31, 0, &joined));
    CHECK(!joins(2023, 4, 0, 0, &joined));
    CHECK(!joins(2023, 4, 1, 61, &joined));
    CHECK(!joins(-1, 4, 1, 0, &joined));
    CHECK(!joins(9999, 4, 1, 0, &joined));
}

static struct str of_number(const char *text)
{
    int64_t time_ns;

    return time_from_number(str_from(text), &time_ns) ? printed(time_ns) : STR_EMPTY;
}

TEST(the_size_of_a_number_says_its_unit)
{
    CHECK_STR(of_number("1700000000"), "2023-11-14T22:13:20.000000000Z");
    CHECK_STR(of_number("1700000000.5"), "2023-11-14T22:13:20.500000000Z");
    CHECK_STR(of_number("1700000000.123456789"), "2023-11-14T22:13:20.123456789Z");
    CHECK_STR(of_number("1700000000123"), "2023-11-14T22:13:20.123000000Z");
    CHECK_STR(of_number("1700000000123456"), "2023-11-14T22:13:20.123456000Z");
    CHECK_STR(of_number("1700000000123456789"), "2023-11-14T22:13:20.123456789Z");
    CHECK_STR(of_number("0"), "1970-01-01T00:00:00.000000000Z");
    CHECK_STR(of_number("-1"), "");
    CHECK_STR(of_number("1.x"), "");
    CHECK_STR(of_number("1e9"), "");
    CHECK_STR(of_number("9999999999999999999"), "");
}

TEST(months_in_letters)
{
    CHECK_INT(time_month(STR("Jan")), 1);
    CHECK_INT(time_month(STR("Dec")), 12);
    CHECK_INT(time_month(STR("dec")), 0);
    CHECK_INT(time_month(STR("anF")), 0);
    CHECK_INT(time_month(STR("")), 0);
}
