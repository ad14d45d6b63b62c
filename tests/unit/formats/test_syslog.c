/* test_syslog.c - lines of syslog as events, and what stands inside of them. */
#include "testkit.h"

#include "event_reader.h"

#define SYSMON                                                                                     \
    "<Event><System><EventID>1</EventID><TimeCreated SystemTime=\"2026-11-22T10:00:05.5Z\"/>"      \
    "<Channel>Linux-Sysmon/Operational</Channel><Computer>db-01</Computer></System>"               \
    "<EventData><Data Name=\"Image\">/bin/a</Data></EventData></Event>"

static void begin(const char *text)
{
    begin_text("syslog", text);
    made.carry.changed_ns = 1795341600000000000; /* 2026-11-22T10:00:00Z */
    made.format->reader_begin(made.reader, &made.carry, 0);
}

TEST(a_line_has_time_host_and_fields)
{
    begin("Nov 22 09:59:58 web-01 sshd[12]: a\r\n\n<13>1 2026-11-22T11:00:00+01:00 b p - - [a.b "
          "c=\"\\]"
          "\"][user name=\"x\"] m");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(time_text(), "2026-11-22T09:59:58.000000000Z");
    CHECK_STR(made.event->host, "web-01");
    CHECK(!made.event->windows);
    CHECK_STR(rendered(),
              "{\"timestamp\":\"2026-11-22T09:59:58.000000000Z\",\"host\":\"web-01\",\"program\":"
              "\"sshd\",\"pid\":12,\"message\":\"a\"}");
    CHECK_STR(all_values_text(), "Nov 22 09:59:58 web-01 sshd[12]: a|");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("user.name"), "x");
    CHECK_STR(time_text(), "2026-11-22T10:00:00.000000000Z");
    CHECK_INT(made.event->line, 3);
    CHECK_STR(rendered(),
              "{\"timestamp\":\"2026-11-22T11:00:00+01:00\",\"host\":\"b\",\"facility\":"
              "\"user\",\"severity\":\"notice\",\"program\":\"p\",\"a.b.c\":\"]\","
              "\"user.name\":\"x\",\"message\":\"m\"}");
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(sudo_has_pairs)
{
    begin("Nov 22 09:59:58 h sudo: al : TTY=pts/0 ; USER=#-1 ; x ; COMMAND=/bin/a ; USER=b\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK(str_contains(rendered(), STR("\"TTY\":\"pts/0\",\"USER\":\"#-1\",\"COMMAND\":\"/bin/a ; "
                                       "USER=b\",\"message\":")));
    close_reader();
}

TEST(sysmon_for_linux_has_the_names_of_sysmon)
{
    struct shape_count shapes[SHAPES_MAX];

    begin("Nov 22 09:59:58 web-01 sysmon: " SYSMON
          "\nNov 22 09:59:59 web-01 sysmon: <Event><Sys\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("Channel"), "Linux-Sysmon/Operational");
    CHECK_STR(field("EventID"), "1");
    CHECK_STR(field("Image"), "/bin/a");
    CHECK_STR(made.event->host, "db-01");
    CHECK_STR(time_text(), "2026-11-22T10:00:05.500000000Z");
    CHECK(!made.event->windows);
    CHECK_INT(made.event->line, 1);
    CHECK(str_starts_with(
        rendered(), STR("{\"timestamp\":\"2026-11-22T09:59:58.000000000Z\",\"host\":\"web-01\","
                        "\"program\":\"sysmon\",\"Event\":{\"System\":{")));
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("EventID"), "(none)");
    CHECK_STR(made.event->host, "web-01");
    CHECK_INT(made.format->shapes(made.reader, shapes), 2);
    close_reader();
}

TEST(a_time_without_a_zone_is_local)
{
    struct time_zone zone;

    CHECK(time_zone_from_offset(STR("+02:00"), &zone));
    asked_zone = &zone;
    begin("Nov 22 09:59:58 h a: b\n2026-11-22T10:00:00Z h a: b\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(time_text(), "2026-11-22T07:59:58.000000000Z");
    CHECK(made.event->zone_assumed);
    CHECK(str_starts_with(rendered(), STR("{\"timestamp\":\"2026-11-22T07:59:58.000000000Z\"")));
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(time_text(), "2026-11-22T10:00:00.000000000Z");
    CHECK(!made.event->zone_assumed);
    asked_zone = NULL;
    close_reader();
}

TEST(a_line_without_a_header_is_an_event_without_a_time)
{
    begin("Nov 22 09:59:58 web-01 a: b\n  more of it\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_INT(take(), STEP_EVENT);
    CHECK(!made.event->has_time);
    CHECK_STR(rendered(), "{\"message\":\"  more of it\"}");
    close_reader();
}

static int sure(const char *head)
{
    return format_by_name(STR("syslog"))->probe(str_from(head));
}

TEST(is_known_by_most_of_its_first_lines)
{
    CHECK_INT(sure("Nov 22 09:59:58 web-01 a: b\n"), 75);
    CHECK_INT(sure("<13>1 2026-11-22T11:00:00Z b p - - - m"), 75);
    CHECK_INT(sure("tail of a line\nNov 22 09:59:58 h a: b\nNov 22 09:59:58 h a: b\n"), 75);
    CHECK_INT(sure("2026-11-22T11:00:00Z web-01 a[1]: b\n"), 45);
    CHECK_INT(sure("2026-11-22T11:00:00Z INFO started\n"), 0);
    CHECK_INT(sure("{\"a\":1}\n"), 0);
    CHECK_INT(sure("192.0.2.1 - - [22/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n"), 0);
    CHECK_INT(sure(""), 0);
}
