/* test_access_line.c - what is a line of an access log; more of it in test_access_log.c. */
#include "testkit.h"

#include "formats/access_line.h"

TEST(lines_are_known)
{
    CHECK(
        access_line_is(STR("192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 1")));
    CHECK(access_line_is(STR("a.example 192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] \"x\" 400 1")));
    CHECK(!access_line_is(
        STR("192.0.2.1 - - [10/Xxx/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 1")));
    CHECK(!access_line_is(STR("192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" x")));
    CHECK(!access_line_is(STR("")));
}

TEST(times)
{
    int64_t time_ns;

    CHECK(access_clock_parse("10/Oct/2000:13:55:36 -0700", &time_ns));
    CHECK_INT(time_ns / 1000000000, 971211336);
    CHECK(!access_clock_parse("10/Oct/2000:13:55:36 -07xx", &time_ns));
}
