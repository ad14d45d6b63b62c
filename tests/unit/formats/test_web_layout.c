/* test_web_layout.c - which layouts fit. */
#include "testkit.h"

#include "formats/web_layout.h"

static struct layouts layouts;

static const char *layout_of(const char *line)
{
    layouts_init(&layouts, NULL, NULL);
    int found = layouts_find(&layouts, str_from(line));
    return found < 0 ? "none" : layouts.at[found].about;
}

TEST(each_line_has_its_layout)
{
    CHECK_STR(
        str_from(layout_of("2021-05-13T23:39:43.945958Z lb 192.0.2.1:28 10.0.0.1:80 0 0 0 200 "
                           "200 0 29 \"GET / HTTP/1.1\" \"curl\" - -")),
        "AWS Classic Load Balancer");
    CHECK_STR(str_from(layout_of("192.0.2.1 | https | o | u | 2012-10-29 00:06:26,838 | \"GET / "
                                 "HTTP/1.1\" | \"\" \"git\" | 200 | 13 | 0 | refs | 101 |")),
              "Bitbucket");
    CHECK_STR(str_from(layout_of("192.0.2.1:55 [04/Apr/2024:14:30:18.885] f b/s 0/0/0/1/1 404 15 - "
                                 "- ---- 5/6/9/1/0 0/0 \"GET / HTTP/1.1\"")),
              "HAProxy");
    CHECK_STR(str_from(layout_of("1286536309.586    921 192.0.2.1 TCP_MISS/200 507 POST "
                                 "http://example.com/a - DIRECT/192.0.2.2 text/html")),
              "Squid");
    CHECK_STR(
        str_from(layout_of("[2020-01-01T00:00:00.123Z] \"GET / HTTP/1.1\" 200 - 0 1 2 3 \"-\" "
                           "\"curl\" \"id\" \"h\" \"u\"")),
        "Envoy and Istio");
    CHECK_STR(str_from(layout_of("[Fri Nov 27 10:00:00.123456 2026] [core:error] [pid 1] [client "
                                 "192.0.2.1:5] File does not exist")),
              "Apache's error log");
}

TEST(what_does_not_fit)
{
    CHECK_STR(str_from(layout_of("")), "none");
    CHECK_STR(str_from(layout_of("2021/12/09")), "none");
    CHECK_STR(str_from(layout_of("[time] user thread 192.0.2.1 GET / HTTP/1.1 200 1ms 1 - x")),
              "none");
    CHECK_STR(
        str_from(layout_of("[17/Jun/2021:12:57:26 +0200] u t 192.0.2.1 get / HTTP/1.1 200 1ms "
                           "1 - x")),
        "none");
}
