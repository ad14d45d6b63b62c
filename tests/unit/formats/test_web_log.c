/* test_web_log.c - logs in the layouts of the table. */
#include "testkit.h"

#include "event_reader.h"

TEST(confluence)
{
    begin_text("web_log", "[17/Jun/2021:12:57:26 +0200] 192.0.2.15 alice http-nio-8080-exec-6 "
                          "198.51.100.1 GET /a.action?b=c HTTP/1.1 200 10ms 7881 - Mozilla/5.0 "
                          "(X11; Linux)\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("c-ip"), "198.51.100.1");
    CHECK_STR(field("cs-uri-stem"), "/a.action");
    CHECK_STR(field("cs-user-agent"), "Mozilla/5.0 (X11; Linux)");
    CHECK_STR(time_text(), "2021-06-17T10:57:26.000000000Z");
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(balancer_of_aws)
{
    begin_text("web_log",
               "https 2020-01-11T16:55:20.356586Z app/x/1 192.0.2.10:44325 10.0.0.1:80 "
               "0.0 0.1 0.0 404 404 391 107 \"GET https://example.com:443/a?b HTTP/1.1\" "
               "\"curl \\\"7\\\"\" TLS x\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("c-ip"), "192.0.2.10");
    CHECK_STR(field("sc-status"), "404");
    CHECK_STR(field("cs-uri-stem"), "/a");
    CHECK_STR(field("cs-user-agent"), "curl \\\"7\\\"");
    close_reader();
}

TEST(error_log_of_nginx)
{
    begin_text("web_log", "2021/12/09 10:00:01 [info] 24#24: *5 ModSecurity: Warning. x [id "
                          "\"949110\"] [msg \"Score\"], client: 192.0.2.1, server: a, request: "
                          "\"GET /.env HTTP/1.1\", host: \"a\"\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("c-ip"), "192.0.2.1");
    CHECK_STR(field("cs-uri-stem"), "/.env");
    CHECK_STR(time_text(), "2021-12-09T10:00:01.000000000Z");
    close_reader();
}

TEST(lines_in_no_layout_are_lost)
{
    begin_text("web_log", "no such line\n\n");
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "no time in brackets with a request in quotes behind it");
    CHECK_INT(take(), STEP_END);
    close_reader();
}
