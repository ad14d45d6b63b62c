/* test_access_log.c - lines in Common and Combined form, and what clients do to them. */
#include "testkit.h"

#include "event_reader.h"

#define CLOCK "[10/Oct/2000:13:55:36 -0700]"
#define FRONT "192.0.2.1 - - " CLOCK

static int probe(const char *text)
{
    return format_by_name(STR("access_log"))->probe(str_from(text));
}

static void read_line(const char *text)
{
    begin_text("access_log", text);
    CHECK(take() == STEP_EVENT);
}

TEST(common_form)
{
    read_line("192.0.2.1 - frank " CLOCK " \"GET /a.gif?b=c HTTP/1.0\" 200 2326\n");
    CHECK_STR(field("c-ip"), "192.0.2.1");
    CHECK_STR(field("x-ident"), "(none)");
    CHECK_STR(field("cs-username"), "frank");
    CHECK_STR(field("cs-method"), "GET");
    CHECK_STR(field("cs-uri-stem"), "/a.gif");
    CHECK_STR(field("cs-version"), "HTTP/1.0");
    CHECK_STR(field("sc-status"), "200");
    CHECK_STR(field("sc-bytes"), "2326");
    CHECK_STR(field("cs-referer"), "(none)");
    CHECK_STR(field("cs-user-agent"), "(none)");
    CHECK_STR(field("cs-host"), "(none)");
    CHECK_STR(time_text(), "2000-10-10T20:55:36.000000000Z");
    CHECK_STR(made.event->host, "");
    CHECK_INT(made.event->line, 1);
    CHECK_STR(all_values_text(),
              "192.0.2.1 - frank " CLOCK " \"GET /a.gif?b=c HTTP/1.0\" 200 2326|");
    CHECK_STR(rendered(),
              "{\"c-ip\":\"192.0.2.1\",\"cs-username\":\"frank\","
              "\"time\":\"10/Oct/2000:13:55:36 -0700\",\"cs-method\":\"GET\","
              "\"cs-uri-stem\":\"/a.gif\",\"cs-uri-query\":\"b=c\",\"cs-version\":\"HTTP/1.0\","
              "\"sc-status\":200,\"sc-bytes\":2326}");
}

TEST(the_query_is_tested_with_its_stem_and_alone)
{
    read_line(FRONT " \"GET /a.gif?b=c HTTP/1.0\" 200 1\n");
    CHECK_STR(nth("cs-uri-query", 0), "b=c");
    CHECK_STR(nth("cs-uri-query", 1), "/a.gif?b=c");
    CHECK_STR(nth("cs-uri-query", 2), "(none)");
    CHECK_STR(field("c-uri"), "/a.gif?b=c");
    CHECK_STR(field("cs-uri"), "/a.gif?b=c");
    CHECK_STR(nth("cs-uri", 1), "(none)");
    read_line(FRONT " \"GET /a.gif HTTP/1.0\" 200 1\n");
    CHECK_STR(nth("cs-uri-query", 0), "/a.gif");
    CHECK_STR(nth("cs-uri-query", 1), "(none)");
}

TEST(combined_form)
{
    read_line(FRONT " \"GET / HTTP/1.1\" 304 - \"http://example.com/\" \"A (b)\"\n");
    CHECK_STR(field("sc-bytes"), "(none)");
    CHECK_STR(field("cs-referer"), "http://example.com/");
    CHECK_STR(field("cs-user-agent"), "A (b)");
    CHECK_STR(field("c-useragent"), "A (b)");
    CHECK_STR(field("x-extra"), "(none)");
    read_line(FRONT " \"GET / HTTP/1.1\" 200 5 \"-\" \"\"\r\n");
    CHECK_STR(field("cs-referer"), "(none)");
    CHECK_STR(field("cs-user-agent"), "");
}

TEST(what_stands_behind_the_agent_or_before_the_referer_is_kept)
{
    read_line(FRONT " \"GET / HTTP/1.1\" 200 5 \"r\" \"a\" \"10.0.0.1\" 0.042\n");
    CHECK_STR(field("cs-user-agent"), "a");
    CHECK_STR(field("x-extra"), "\"10.0.0.1\" 0.042");
    read_line(FRONT " \"GET / HTTP/1.1\" 200 5 31 \"r\" \"a\" 9 8\n");
    CHECK_STR(field("cs-referer"), "r");
    CHECK_STR(field("cs-user-agent"), "a");
    CHECK_STR(nth("x-extra", 0), "31");
    CHECK_STR(nth("x-extra", 1), "9 8");
    read_line(FRONT " \"GET / HTTP/1.1\" 200 5 0.001 -\n");
    CHECK_STR(field("x-extra"), "0.001 -");
}

TEST(a_virtual_host_in_front)
{
    read_line("www.example.com:443 192.0.2.1 - - " CLOCK " \"GET / HTTP/1.1\" 200 5\n");
    CHECK_STR(field("cs-host"), "www.example.com");
    CHECK_STR(field("s-hostname"), "www.example.com");
    CHECK_STR(field("s-port"), "443");
    CHECK_STR(field("c-ip"), "192.0.2.1");
    CHECK_STR(made.event->host, "www.example.com");
    read_line("www.example.com client.example.net - - " CLOCK " \"GET / HTTP/1.1\" 200 5\n");
    CHECK_STR(field("cs-host"), "www.example.com");
    CHECK_STR(field("c-ip"), "client.example.net");
    read_line("[2001:db8::2]:443 2001:db8::1 - al " CLOCK " \"GET / HTTP/1.1\" 200 5\n");
    CHECK_STR(field("cs-host"), "[2001:db8::2]");
    CHECK_STR(field("c-ip"), "2001:db8::1");
    CHECK_STR(field("cs-username"), "al");
}

TEST(clients_behind_proxies)
{
    read_line("203.0.113.9, 10.0.0.1 - - " CLOCK " \"GET / HTTP/1.1\" 200 5\n");
    CHECK_STR(nth("c-ip", 0), "203.0.113.9");
    CHECK_STR(nth("c-ip", 1), "10.0.0.1");
    CHECK_STR(field("cs-host"), "(none)");
    read_line("example.com 203.0.113.9, 10.0.0.1 - - " CLOCK " \"GET / HTTP/1.1\" 200 5\n");
    CHECK_STR(field("cs-host"), "example.com");
    CHECK_STR(nth("c-ip", 1), "10.0.0.1");
}

TEST(users_with_blanks_and_idents)
{
    read_line("192.0.2.1 - Frank N. Stein " CLOCK " \"GET / HTTP/1.1\" 401 5\n");
    CHECK_STR(field("c-ip"), "192.0.2.1");
    CHECK_STR(field("cs-username"), "Frank N. Stein");
    read_line("192.0.2.1 ident frank " CLOCK " \"GET / HTTP/1.1\" 401 5\n");
    CHECK_STR(field("x-ident"), "ident");
    CHECK_STR(field("cs-username"), "frank");
    read_line("192.0.2.1 - " CLOCK " \"GET / HTTP/1.1\" 401 5\n");
    CHECK_STR(field("cs-username"), "(none)");
    read_line("example.com 192.0.2.1 - r7 - " CLOCK " \"GET / HTTP/1.1\" 401 5\n");
    CHECK_STR(field("cs-username"), "(none)");
    CHECK_STR(field("x-extra"), "r7");
}

TEST(blanks_in_a_target_belong_to_it)
{
    read_line(FRONT " \"GET /a b/c d?e f HTTP/1.1\" 200 5\n");
    CHECK_STR(field("cs-method"), "GET");
    CHECK_STR(field("cs-uri-stem"), "/a b/c d");
    CHECK_STR(nth("cs-uri-query", 0), "e f");
    CHECK_STR(field("cs-version"), "HTTP/1.1");
    read_line(FRONT " \"GET /a b\" 200 5\n");
    CHECK_STR(field("cs-uri-stem"), "/a b");
    CHECK_STR(field("cs-version"), "(none)");
}

TEST(quotes_do_not_end_a_request_before_its_status)
{
    read_line(FRONT " \"GET /a\\\" 200 5 \\\"x?c=id HTTP/1.1\" 404 7 \"-\" \"u\"\n");
    CHECK_STR(field("cs-uri-stem"), "/a\\\" 200 5 \\\"x");
    CHECK_STR(field("sc-status"), "404");
    CHECK_STR(field("cs-user-agent"), "u");
    read_line(FRONT " \"GET /a?b=<x y=\"z\"> HTTP/1.1\" 404 7 \"-\" \"u\"\n");
    CHECK_STR(field("cs-uri-query"), "b=<x y=\"z\">");
    CHECK_STR(field("cs-user-agent"), "u");
    /* written without escapes, and with a backslash at the end */
    read_line(FRONT " \"GET /a\\\" 404 7\n");
    CHECK_STR(field("cs-uri-stem"), "/a\\");
    read_line(FRONT " \"GET /a\\\\\" 404 7 \"-\" \"u\"\n");
    CHECK_STR(field("cs-uri-stem"), "/a\\\\");
}

TEST(quotes_inside_agents_and_lines_that_were_cut_off)
{
    read_line(FRONT " \"GET / HTTP/1.1\" 200 5 \"a\\\" \\\"b\" \"c \"d\" e\"\n");
    CHECK_STR(field("cs-referer"), "a\\\" \\\"b");
    CHECK_STR(field("cs-user-agent"), "c \"d");
    CHECK_STR(field("x-extra"), "e\"");
    read_line(FRONT " \"GET / HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0 (comp");
    CHECK_STR(field("cs-user-agent"), "Mozilla/5.0 (comp");
}

TEST(what_is_no_request_line_is_a_target_as_a_whole)
{
    read_line(FRONT " \"\\x16\\x03\\x01 \\x02\" 400 226 \"-\" \"-\"\n");
    CHECK_STR(field("cs-method"), "(none)");
    CHECK_STR(field("cs-uri"), "\\x16\\x03\\x01 \\x02");
    CHECK_STR(field("cs-uri-query"), "\\x16\\x03\\x01 \\x02");
    read_line(FRONT " \"-\" 408 - \"-\" \"-\"\n");
    CHECK_STR(field("cs-uri"), "(none)");
    CHECK_STR(field("sc-status"), "408");
    read_line(FRONT " \"\" 400 0\n");
    CHECK_STR(field("cs-uri"), "(none)");
}

TEST(requests_to_a_proxy)
{
    read_line(FRONT " \"GET http://example.com:81/a.exe?b HTTP/1.1\" 200 5\n");
    CHECK_STR(field("c-uri"), "http://example.com:81/a.exe?b");
    CHECK_STR(field("cs-uri-scheme"), "http");
    CHECK_STR(field("cs-host"), "example.com");
    CHECK_STR(field("cs-uri-stem"), "/a.exe");
    CHECK_STR(field("cs-uri-query"), "/a.exe?b");
    CHECK_STR(field("c-uri-extension"), "exe");
    CHECK_STR(made.event->host, "");
    CHECK_STR(rendered(), "{\"c-ip\":\"192.0.2.1\",\"time\":\"10/Oct/2000:13:55:36 -0700\","
                          "\"cs-method\":\"GET\",\"cs-uri\":\"http://example.com:81/a.exe?b\","
                          "\"cs-version\":\"HTTP/1.1\",\"sc-status\":200,\"sc-bytes\":5}");
    read_line(FRONT " \"CONNECT example.com:443 HTTP/1.1\" 200 5\n");
    CHECK_STR(field("c-uri"), "example.com:443");
    CHECK_STR(field("cs-host"), "example.com");
    read_line(FRONT " \"OPTIONS * HTTP/1.1\" 200 5\n");
    CHECK_STR(field("cs-uri-stem"), "*");
}

TEST(a_time_in_brackets_that_a_client_sent_is_passed_over)
{
    read_line("192.0.2.1 - [10/Oct/2000 " CLOCK " \"GET / HTTP/1.1\" 200 5\n");
    CHECK_STR(field("cs-username"), "[10/Oct/2000");
    read_line("192.0.2.1 - a " CLOCK
              " \\\"GET [01/Jan/2001:00:00:00 +0000] \"GET /b HTTP/1.1\" 200 5\n");
    CHECK_STR(time_text(), "2001-01-01T00:00:00.000000000Z");
    CHECK_STR(field("cs-uri-stem"), "/b");
}

TEST(times_have_all_offsets)
{
    read_line("h - - [29/feb/2024:23:59:60 +0530] \"GET / HTTP/1.1\" 200 5\n");
    CHECK_STR(time_text(), "2024-02-29T18:29:59.000000000Z");
    read_line("h - - [01/Jan/1970:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n"
              "h - - [01/Jan/1970:00:00:01 +0000] \"GET / HTTP/1.1\" 200 5\n"
              "h - - [01/Jan/1970:00:00:01 +0000] \"GET / HTTP/1.1\" 200 5\n");
    CHECK_STR(time_text(), "1970-01-01T00:00:00.000000000Z");
    CHECK(take() == STEP_EVENT && made.event->time_ns == 1000000000);
    CHECK(take() == STEP_EVENT && made.event->time_ns == 1000000000);
}

TEST(what_cannot_be_read_is_damage)
{
    static const struct {
        const char *line, *why;
    } cases[] = {
        {"hello", "no time in brackets with a request in quotes behind it"},
        {FRONT " GET / HTTP/1.1 200 5", "no time in brackets with a request in quotes behind it"},
        {CLOCK " \"GET / HTTP/1.1\" 200 5",
         "no time in brackets with a request in quotes behind it"},
        {FRONT " \"GET / HTTP/1.1\"", "no status behind the request"},
        {FRONT " \"GET / HTTP/1.1\" 20", "no status behind the request"},
        {"192.0.2.1 - - [31/Feb/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 200 5",
         "what stands in brackets is no time"},
        {"192.0.2.1 - - [10/Oct/2000:24:55:36 -0700] \"GET / HTTP/1.1\" 200 5",
         "what stands in brackets is no time"},
        {"192.0.2.1 " CLOCK " \"GET / HTTP/1.1\" 200 5", "no client in front of the time"},
        {"Sep 15 16:13:46 web nginx[7]: 192.0.2.1 - - " CLOCK " \"GET / HTTP/1.1\" 200 5",
         "no client in front of the time"},
        {"2026-11-22T10:00:00.1Z 192.0.2.1 - - " CLOCK " \"GET / HTTP/1.1\" 200 5",
         "no client in front of the time"},
        {"{\"log\":\"a - - " CLOCK " \"GET / HTTP/1.1\" 200 5", "no client in front of the time"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        begin_text("access_log", cases[i].line);
        bool lost = take() == STEP_SKIPPED;
        if (!lost || strcmp(made.damage.why, cases[i].why) != 0)
            TESTKIT_FAIL("%s: %s", cases[i].line, lost ? made.damage.why : "read");
        else
            CHECK(made.damage.offset == 0 && made.damage.size == strlen(cases[i].line));
        CHECK(take() == STEP_END);
    }
}

TEST(blank_lines_are_nothing)
{
    begin_text("access_log", "\n \t\r\nh - - " CLOCK " \"GET / HTTP/1.1\" 200 5\n\n");
    CHECK(take() == STEP_EVENT);
    CHECK_INT(made.event->line, 3);
    CHECK_INT(made.event->offset, 5);
    CHECK(take() == STEP_END);
    CHECK_INT(made.format->lines(made.reader), 4);
}

TEST(probe_knows_access_logs)
{
    CHECK_INT(probe("h - - " CLOCK " \"GET / HTTP/1.1\" 200 5\n"), 85);
    CHECK_INT(probe("\xef\xbb\xbfh - - " CLOCK " \"GET / HTTP/1.1\" 200 5"), 85);
    CHECK_INT(probe("[error] broken\n\nh - - " CLOCK " \"GET / HTTP/1.1\" 200 5\n"), 85);
    CHECK_INT(probe("a\nb\nc\nh - - " CLOCK " \"GET / HTTP/1.1\" 200 5\n"), 40);
}

TEST(probe_refuses_the_rest)
{
    CHECK_INT(probe(""), 0);
    CHECK_INT(probe("\n\n"), 0);
    CHECK_INT(probe("plain text\nwith \"quotes\" 200 5 and [brackets]\n"), 0);
    CHECK_INT(probe("{\"log\":\"h - - " CLOCK " \\\"GET / HTTP/1.1\\\" 200 5\"}\n"), 0);
    CHECK_INT(probe("a\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\nh - - " CLOCK
                    " \"GET / HTTP/1.1\" 200 5\n"),
              0);
    CHECK_INT(probe(CLOCK " user http-nio-8 192.0.2.1 GET / HTTP/1.1 200 1ms 7 - x\n"), 0);
    CHECK_INT(probe("Sep  5 16:13:46 web nginx[7]: h - - " CLOCK " \"GET / HTTP/1.1\" 200 5\n"), 0);
}

TEST(a_window_may_end_anywhere)
{
    static const char text[] = "h - - " CLOCK " \"GET /a HTTP/1.1\" 200 5\r\n\n"
                               "broken\nh - - " CLOCK " \"GET /b HTTP/1.1\" 200 5";

    open_reader("access_log");
    for (size_t step = 1; step < sizeof(text); step++) {
        begin_piece(text, sizeof(text) - 1, 0, UINT64_MAX, step);
        struct tally tally = take_all();
        CHECK_INT(tally.events, 2);
        CHECK_INT(tally.damages, 1);
    }
}
