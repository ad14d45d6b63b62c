/* test_logfmt.c - lines of pairs. */
#include "testkit.h"

#include "event_reader.h"

TEST(a_line_of_a_firewall)
{
    begin_text("logfmt",
               "date=2024-10-14 time=13:46:40 tz=\"-0700\" devname=\"fw-1\" type=\"event\" "
               "user.name=\"a \\\"b\\\"\" remip=192.0.2.1 n=\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("user.name"), "a \"b\"");
    CHECK_STR(time_text(), "2024-10-14T20:46:40.000000000Z");
    CHECK_STR(made.event->host, "fw-1");
    CHECK_STR(rendered(),
              "{\"date\":\"2024-10-14\",\"time\":\"13:46:40\",\"tz\":\"-0700\",\"devname\":"
              "\"fw-1\",\"type\":\"event\",\"user.name\":\"a \\\"b\\\"\",\"remip\":"
              "\"192.0.2.1\",\"n\":\"\"}");
    close_reader();
}

TEST(other_times_and_headers)
{
    begin_text("logfmt", "logger=context t=2023-03-14T06:10:23.3+02:00 level=error msg=\"x y\"\n"
                         "Nov 22 10:00:00 fw-2 x: date=2026-11-22 time=11:00:00 a=1 b=2\n"
                         "ts=1795341600.5 a=1 b=2 c=3\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(time_text(), "2023-03-14T04:10:23.300000000Z");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(time_text(), "2026-11-22T11:00:00.000000000Z");
    CHECK_STR(made.event->host, "fw-2");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(time_text(), "2026-11-22T10:00:00.500000000Z");
    close_reader();
}

TEST(what_is_no_pair)
{
    begin_text("logfmt", "a=1 b=2 and more\n\n=1\n");
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "not all of the line is name=value");
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_INT(take(), STEP_END);
    close_reader();
}
