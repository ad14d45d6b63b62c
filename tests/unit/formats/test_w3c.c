/* test_w3c.c - W3C extended log files: names, ways of splitting, times, and where they may be cut.
 */
#include "testkit.h"

#include "event_reader.h"

#define IIS                                                                                        \
    "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n"                 \
    "#Date: 2026-11-22 10:00:00\r\n"
#define NAMES                                                                                      \
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "          \
    "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken \r\n"
#define SHORT "#Fields: date time cs-method cs-uri-stem cs-uri-query\n"

static int probe(const char *text)
{
    return format_by_name(STR("w3c"))->probe(str_from(text));
}

static ptrdiff_t cut(const char *text)
{
    struct carry carry = {0};

    return format_by_name(STR("w3c"))->cut(&carry, str_from(text));
}

static void read_line(const char *text)
{
    begin_text("w3c", text);
    CHECK(take() == STEP_EVENT);
}

#define CHECK_LOST(why_)                                                                           \
    do {                                                                                           \
        CHECK(take() == STEP_SKIPPED);                                                             \
        CHECK_STR(str_from(made.damage.why ? made.damage.why : ""), why_);                         \
    } while (0)

/* ---- records ---- */

TEST(a_record_of_iis)
{
    read_line(IIS NAMES "2026-11-22 10:00:01 10.0.0.5 GET /a.aspx b=c+d 443 AD\\al 192.0.2.1 "
                        "Mozilla/5.0+(X11;+Linux) http://example.com/?a+b 200 0 0 65\r\n");
    CHECK_STR(time_text(), "2026-11-22T10:00:01.000000000Z");
    CHECK_STR(field("cs-method"), "GET");
    CHECK_STR(field("cs-uri-stem"), "/a.aspx");
    CHECK_STR(nth("cs-uri-query", 0), "b=c+d");
    CHECK_STR(nth("cs-uri-query", 1), "/a.aspx?b=c+d");
    CHECK_STR(nth("cs-uri-query", 2), "/a.aspx?b=c d");
    CHECK_STR(nth("cs-uri-query", 3), "b=c d");
    CHECK_STR(field("c-uri"), "/a.aspx?b=c+d");
    CHECK_STR(field("cs-uri"), "/a.aspx?b=c+d");
    CHECK_STR(field("c-uri-extension"), "aspx");
    CHECK_STR(field("s-port"), "443");
    CHECK_STR(field("cs-username"), "AD\\al");
    CHECK_STR(field("c-ip"), "192.0.2.1");
    CHECK_STR(field("sc-status"), "200");
    CHECK_STR(field("time-taken"), "65");
    CHECK_STR(made.event->host, "");
    CHECK_INT(made.event->line, 5);
    CHECK_STR(rendered(),
              "{\"date\":\"2026-11-22\",\"time\":\"10:00:01\",\"s-ip\":\"10.0.0.5\","
              "\"cs-method\":\"GET\",\"cs-uri-stem\":\"/a.aspx\",\"cs-uri-query\":\"b=c+d\","
              "\"s-port\":443,\"cs-username\":\"AD\\\\al\",\"c-ip\":\"192.0.2.1\","
              "\"cs(User-Agent)\":\"Mozilla/5.0+(X11;+Linux)\","
              "\"cs(Referer)\":\"http://example.com/?a+b\",\"sc-status\":200,\"sc-substatus\":0,"
              "\"sc-win32-status\":0,\"time-taken\":65}");
    CHECK(take() == STEP_END);
}

TEST(plus_stands_for_blanks_in_headers)
{
    read_line("#Fields: cs(User-Agent) cs(Cookie) cs-uri-stem cs-method\nA+(b) c=d+e /f+g GET\n");
    CHECK_STR(nth("cs-user-agent", 0), "A+(b)");
    CHECK_STR(nth("cs-user-agent", 1), "A (b)");
    CHECK_STR(nth("c-useragent", 1), "A (b)");
    CHECK_STR(nth("cs(User-Agent)", 0), "A+(b)");
    CHECK_STR(nth("cs-cookie", 1), "c=d e");
    CHECK_STR(nth("cs-uri-stem", 0), "/f+g");
    CHECK_STR(nth("cs-uri-stem", 1), "(none)");
}

TEST(a_dash_is_absent)
{
    read_line(SHORT "2026-11-22 10:00:01 GET /a -\n");
    CHECK_STR(nth("cs-uri-query", 0), "/a");
    CHECK_STR(nth("cs-uri-query", 1), "(none)");
    CHECK_STR(rendered(), "{\"date\":\"2026-11-22\",\"time\":\"10:00:01\",\"cs-method\":\"GET\","
                          "\"cs-uri-stem\":\"/a\"}");
}

TEST(fields_may_change_and_repeat)
{
    begin_text("w3c",
               SHORT "2026-11-22 10:00:01 GET /a x\n"
                     "#Fields: cs-method cs-uri-query cs-uri-stem date time\n"
                     "GET x /b 2026-11-22 10:00:02\n" SHORT SHORT "2026-11-22 10:00:03 GET /c x\n");
    for (unsigned i = 0; i < 3; i++) {
        static const char *const stems[] = {"/a", "/b", "/c"};
        static const unsigned lines[] = {2, 4, 7};
        CHECK(take() == STEP_EVENT);
        CHECK(str_eq(field("cs-uri-stem"), str_from(stems[i])));
        CHECK_INT(made.event->line, lines[i]);
        CHECK_INT(made.event->time_ns / 1000000000 % 60, i + 1);
    }
    CHECK(take() == STEP_END);
}

TEST(quoted_values_keep_their_blanks)
{
    read_line("#Fields: cs-method cs-uri-stem cs(User-Agent) x-extra\n"
              "GET /a \"A \"\"b\"\" c\" \"d+e\"\n");
    CHECK_STR(field("cs-user-agent"), "A \"b\" c");
    CHECK_STR(field("x-extra"), "d+e");
}

TEST(quotes_that_a_client_sends_hide_nothing)
{
    read_line("#Fields: cs(User-Agent) cs(Referer) cs-method cs-uri-stem\n\"x+\" y\" GET /a\n");
    CHECK_STR(field("cs-uri-stem"), "/a");
    read_line("#Fields: cs(User-Agent) cs(Referer) cs-method cs-uri-stem\n\"x y GET /a\n");
    CHECK_STR(field("cs-uri-stem"), "/a");
    CHECK_STR(field("cs-user-agent"), "\"x");
}

TEST(tabs_separate_too)
{
    read_line("#Fields: date time cs-method cs(Host) cs-uri-stem cs(User-Agent)\n"
              "2026-11-22\t10:00:01\tGET\t\t/a\tb%20c d\n");
    CHECK_STR(field("cs-method"), "GET");
    CHECK_STR(field("cs-host"), "");
    CHECK_STR(field("cs-uri-stem"), "/a");
    CHECK_STR(field("cs-user-agent"), "b%20c d");
    CHECK_STR(time_text(), "2026-11-22T10:00:01.000000000Z");
}

TEST(users_with_blanks)
{
    read_line(IIS NAMES "2026-11-22 10:00:01 ::1 GET /a - 444  r\\al ::1 b - 200 0 0 65\r\n"
                        "2026-11-22 10:00:01 ::1 GET /a - 444 r\\al b  c ::1 b - 200 0 0 65\r\n"
                        "2026-11-22 10:00:01 ::1 GET /a b c 444 al ::1 b - 200 0 0 65\r\n");
    CHECK_STR(field("cs-username"), "r\\al");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("cs-username"), "r\\al b  c");
    CHECK_STR(field("c-ip"), "::1");
    CHECK_STR(field("sc-status"), "200");
    CHECK_LOST("not as many values as the #Fields line has names");
}

TEST(a_name_that_stands_twice_has_two_values)
{
    read_line("#Fields: time x-extra x-extra\n10:00:00 a 7\n");
    CHECK_STR(nth("x-extra", 0), "a");
    CHECK_STR(nth("x-extra", 1), "7");
    CHECK_STR(rendered(), "{\"time\":\"10:00:00\",\"x-extra\":[\"a\",7]}");
}

TEST(hosts)
{
    read_line("#Fields: s-sitename s-computername cs-method cs-uri-stem\nW3SVC1 WEB01 GET /\n");
    CHECK_STR(made.event->host, "WEB01");
    read_line("#Fields: s-sitename s-computername cs-method cs-uri-stem\nW3SVC1 - GET /\n");
    CHECK_STR(made.event->host, "W3SVC1");
}

/* ---- times ---- */

TEST(the_date_may_be_that_of_a_directive)
{
    begin_text("w3c", "#Date: 2026-11-22 09:59:59\n#Fields: time cs-method cs-uri\n"
                      "10:00:00 GET /a\n23:59:59.5 GET /a\n00:00:01 GET /a\n"
                      "#Date: 2026-12-01 00:00:00\n00:00:02 GET /a\n");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(time_text(), "2026-11-22T10:00:00.000000000Z");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(time_text(), "2026-11-22T23:59:59.500000000Z");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(time_text(), "2026-11-23T00:00:01.000000000Z");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(time_text(), "2026-12-01T00:00:02.000000000Z");
}

TEST(records_without_a_time_that_can_be_read)
{
    begin_text("w3c", "#Fields: time cs-method cs-uri\n10:00:00 GET /a\n"
                      "#Date: 2026-11-22\n25:00:00 GET /a\n- GET /a\n"
                      "#Fields: date time cs-uri\n2026-11-22 nonsense /a\n"
                      "2026-11-22 10:00:00 /a\n2026-11-22 - /a\n");
    for (unsigned i = 0; i < 6; i++) {
        CHECK(take() == STEP_EVENT);
        CHECK_INT(made.event->has_time, i >= 4);
    }
    CHECK_STR(time_text(), "2026-11-22T00:00:00.000000000Z");
}

/* ---- what is no request ---- */

TEST(other_logs_have_their_own_names_alone)
{
    read_line("#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n"
              "#Fields: date time action protocol src-ip dst-ip\n\n"
              "2026-11-22 10:00:00 DROP TCP 192.0.2.1 192.0.2.2\n");
    CHECK_STR(field("src-ip"), "192.0.2.1");
    CHECK_STR(field("action"), "DROP");
    CHECK_STR(field("c-uri"), "(none)");
    read_line("#Fields: time c-ip cs-method cs-uri-stem\n10:00:00 192.0.2.1 [1]USER al\n");
    CHECK_STR(field("c-uri"), "(none)");
    read_line("#Fields: cs-method cs-uri-stem x-session\nSTOR /a.exe 5\n");
    CHECK_STR(field("c-uri"), "(none)");
    CHECK_STR(field("cs-uri-stem"), "/a.exe");
    read_line("#Fields: s-sitename cs-method cs-uri-stem cs-uri-query cs-version\n"
              "SMTPSVC1 EHLO - +mail.example.com SMTP\n");
    CHECK_STR(field("c-uri"), "(none)");
    read_line("#Fields: s-sitename cs-method cs-uri-stem\nMSFTPSVC2 RETR /a\n");
    CHECK_STR(field("c-uri"), "(none)");
    read_line("#Fields: cs-method cs-uri-stem cs-version\nQUIT /a HTTP/1.1\n");
    CHECK_STR(field("c-uri"), "/a");
}

TEST(logs_of_proxies)
{
    read_line("#Fields: c-ip cs-method cs-uri-scheme cs-host cs-uri-port cs-uri-path cs-uri-query\n"
              "192.0.2.1 GET http example.com 81 /a.exe ?b=c\n");
    CHECK_STR(field("c-uri"), "http://example.com:81/a.exe?b=c");
    CHECK_STR(field("cs-uri-stem"), "/a.exe");
    CHECK_STR(nth("cs-uri-query", 0), "?b=c");
    CHECK_STR(nth("cs-uri-query", 1), "/a.exe?b=c");
    CHECK_STR(nth("cs-uri-query", 2), "b=c");
    CHECK_STR(nth("cs-uri-scheme", 1), "(none)");
    read_line("#Fields: c-ip c-agent cs-method cs-uri r-host\n"
              "192.0.2.1 x GET https://example.com/a?b example.com\n");
    CHECK_STR(field("c-uri"), "https://example.com/a?b");
    CHECK_STR(field("cs-uri-query"), "/a?b");
    CHECK_STR(field("cs-user-agent"), "x");
    CHECK_STR(field("c-useragent"), "x");
}

/* ---- damage ---- */

TEST(records_that_do_not_fit_are_lost)
{
    begin_text("w3c", "GET /early\n" SHORT "2026-11-22 10:00:01 GET\n"
                      "2026-11-22 10:00:01 GET /a b c d\n2026-11-22 10:00:02 GET /a b\n");
    CHECK_LOST("no #Fields line before it that can be used");
    CHECK_INT(made.damage.size, 10);
    CHECK_LOST("not as many values as the #Fields line has names");
    CHECK_LOST("not as many values as the #Fields line has names");
    CHECK(take() == STEP_EVENT);
    CHECK(take() == STEP_END);
    CHECK_INT(made.format->lines(made.reader), 5);
}

TEST(directives_that_cannot_be_used)
{
    static char long_line[70000], many[2000] = "#Fields:";

    begin_text("w3c", SHORT "#Fields:\n2026-11-22 10:00:01 GET /a b\n#nonsense\n#Remark: a\n");
    CHECK_LOST("a #Fields line without names");
    CHECK_LOST("no #Fields line before it that can be used");
    CHECK_LOST("neither a record nor a directive");
    CHECK(take() == STEP_END);
    snprintf(long_line, sizeof(long_line), "#Fields: %068000d\n", 7);
    begin_text("w3c", long_line);
    CHECK_LOST("a #Fields line of more than 64 KiB");
    for (unsigned i = 0; i < 256; i++)
        memcpy(many + strlen("#Fields:") + 4 * i, " a-b", 4);
    begin_text("w3c", many);
    CHECK(take() == STEP_END);
    memcpy(many + strlen(many), " c", 2);
    begin_text("w3c", many);
    CHECK_LOST("a #Fields line with more than 256 names");
}

/* ---- files ---- */

TEST(probe_knows_them_by_their_fields_line)
{
    CHECK_INT(probe(IIS NAMES), 95);
    CHECK_INT(probe("\xef\xbb\xbf" IIS NAMES), 95);
    CHECK_INT(probe(SHORT "2026-11-22 10:00:01 GET /a b\n"), 95);
    CHECK_INT(probe("2026-11-22 10:00:00 GET /cut b\n" SHORT "2026-11-22 10:00:01 GET /a b\n"), 60);
}

TEST(probe_refuses_the_rest)
{
    CHECK_INT(probe(""), 0);
    CHECK_INT(probe("#Software: Microsoft Internet Information Services 10.0\n"), 0);
    CHECK_INT(probe("plain text\n"), 0);
    CHECK_INT(probe("see also\n#Fields: date time c-ip\nfor names\n"), 0);
    CHECK_INT(probe("#Fields: one two three\n1 2 3\n"), 0);
    CHECK_INT(probe("#Software: Microsoft Exchange Server\n#Fields: date-time,client-ip\n1,2\n"),
              0);
    CHECK_INT(probe("#separator \\x09\n#fields\tts\tuid\tid.orig_h\n"), 0);
}

TEST(a_file_is_cut_in_front_of_whole_blocks_of_directives)
{
    CHECK_INT(cut("x\n2026-11-22 10:00:01 GET /a b\n"), -1);
    CHECK_INT(cut("x\n" SHORT "2026-11-22 10:00:01 GET /a b\n"), 2);
    CHECK_INT(cut("x\n#Version: 1.0\n" SHORT "1\n"), 2);
    /* what a piece needs may not be cut off, nor stand in front of it */
    CHECK_INT(cut("x\n" SHORT), -1);
    CHECK_INT(cut("x\n#Fields: time cs-uri\n1\n"), -1);
    CHECK_INT(cut("x\n#Date: 2026-11-22\n#Fields: time cs-uri\n1\n"), 2);
    CHECK_INT(cut("x\n#Date: 2026-11-22\n1\n" SHORT "1\n"), 22);
    CHECK_INT(cut("#Date: 2026-11-22\n#Fields: time cs-uri\n1\n"), -1);
    CHECK_INT(cut(""), -1);
}

TEST(pieces_read_like_the_whole)
{
    static const char text[] = IIS SHORT "2026-11-22 10:00:01 GET /a b\n" IIS
                                         "#Fields: time cs-uri cs-method\n10:00:02 /b GET\n";
    static const char before[] = IIS SHORT;
    ptrdiff_t at = cut(text + sizeof(before)) + (ptrdiff_t)sizeof(before);

    open_reader("w3c");
    begin_piece(text, sizeof(text) - 1, 0, (uint64_t)at, 0);
    CHECK(take() == STEP_EVENT);
    CHECK(take() == STEP_END);
    CHECK_INT(made.format->lines(made.reader), 5);
    begin_piece(text, sizeof(text) - 1, (size_t)at, UINT64_MAX, 0);
    CHECK(take() == STEP_EVENT);
    CHECK_STR(time_text(), "2026-11-22T10:00:02.000000000Z");
    CHECK_STR(field("c-uri"), "/b");
    CHECK(take() == STEP_END);
}
