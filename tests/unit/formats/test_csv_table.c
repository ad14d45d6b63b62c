/* test_csv_table.c - records of CSV, in whatever pieces they come. */
#include "testkit.h"

#include "event_reader.h"

#define VIEWER "Level,Date and Time,Source,Event ID,Task Category\r\n"

TEST(event_viewer_has_windows_names)
{
    struct shape_count shapes[SHAPES_MAX];

    begin_text("csv",
               VIEWER "Information,11/22/2026 10:00:01 AM,Microsoft-Windows-Sysmon,1,x,"
                      "\"Process Create:\r\nImage: C:\\a.exe\r\nCommandLine: a \"\"b\"\"\"\r\n"
                      "Error,11/22/2026 10:00:02 AM,Application,1000,(100),plain\r\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("Provider_Name"), "Microsoft-Windows-Sysmon");
    CHECK_STR(field("EventID"), "1");
    CHECK_STR(field("Channel"), "Microsoft-Windows-Sysmon/Operational");
    CHECK_STR(field("Image"), "C:\\a.exe");
    CHECK_STR(field("CommandLine"), "a \"b\"");
    CHECK_STR(time_text(), "2026-11-22T10:00:01.000000000Z");
    CHECK(made.event->windows);
    CHECK_INT(made.event->line, 2);
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("Message"), "plain");
    CHECK_STR(field("Channel"), "(none)");
    CHECK_INT(made.event->line, 5);
    CHECK_INT(take(), STEP_END);
    CHECK_INT(made.format->shapes(made.reader, shapes), 1);
    CHECK_STR(str_from(shapes[0].name), "Event Viewer");
    close_reader();
}

TEST(defender_is_no_windows_event_record)
{
    begin_text("csv", "Timestamp,DeviceName,ActionType\n2026-11-22T10:00:00Z,web-01,FileCreated\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK(!made.event->windows);
    CHECK_STR(made.event->host, "web-01");
    CHECK_STR(time_text(), "2026-11-22T10:00:00.000000000Z");
    close_reader();
}

TEST(dotted_and_flat_names_are_those_of_json)
{
    begin_text("csv", "@timestamp;winlog.channel;winlog.event_id;winlog.event_data.Image\n"
                      "2026-11-22T10:00:00Z;Security;4688;C:\\a.exe");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("Channel"), "Security");
    CHECK_STR(field("EventID"), "4688");
    CHECK_STR(field("Image"), "C:\\a.exe");
    close_reader();
}

TEST(empty_fields_are_absent_and_texts_are_values)
{
    begin_text("csv", "a,b,c\n1,,\"x \"\"y\"\"\"\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("a"), "1");
    CHECK_STR(field("b"), "(none)");
    CHECK_STR(rendered(), "{\"a\":1,\"c\":\"x \\\"y\\\"\"}");
    CHECK_STR(all_values_text(), "1|x \"y\"|");
    close_reader();
}

TEST(damage_costs_its_line)
{
    begin_text("csv", "\n#TYPE x\na,b,c\n\n1,2\n3,4,\"5\n6,7,8\n");
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "a record has fewer fields than the header");
    CHECK_INT(made.damage.size, 4);
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "a quote that is not closed");
    CHECK_INT(made.damage.size, 7);
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("a"), "6");
    CHECK_INT(made.event->line, 7);
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(tells_the_same_however_the_bytes_come)
{
    const char *text = VIEWER "a,\"b\n\"\"\",c,d,\"e,\"\"\"\r\nf,g,h,i,\"\"\n";

    open_reader("csv");
    for (size_t step = 1; step < 40; step++) {
        begin_piece(text, strlen(text), 0, UINT64_MAX, step);
        CHECK_INT(take(), STEP_EVENT);
        CHECK_STR(rendered(), "{\"Level\":\"a\",\"Date and Time\":\"b\\n\\\"\",\"Source\":\"c\","
                              "\"Event ID\":\"d\",\"Task Category\":\"e,\\\"\"}");
        CHECK_INT(take(), STEP_EVENT);
        CHECK_INT(made.event->line, 4);
        CHECK_INT(take(), STEP_END);
    }
    close_reader();
}

TEST(reads_utf16)
{
    static const char text[] = "\xff\xfe"
                               "a\0,\0b\0\n\0x\0,\0\xfc\0\r\0\n\0";

    begin_bytes("csv", text, sizeof(text) - 1);
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("a"), "x");
    CHECK_STR(field("b"), "\xc3\xbc");
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(quotes_that_are_never_closed_do_not_cost_the_square)
{
    size_t len = (size_t)4 << 20, at = 4;
    char *text = calloc(1, len);

    memcpy(text, "a,b\n", 4);
    for (; at + 4 <= len; at += 4)
        memcpy(text + at, at % 8 ? "\"x\"\n" : "\"xy\n", 4);
    open_reader("csv");
    begin_piece(text, len, 0, UINT64_MAX, 0);
    struct tally tally = take_all();
    CHECK(tally.damages > 0);
    close_reader();
    free(text);
}

static int sure(struct str head)
{
    return format_by_name(STR("csv"))->probe(head);
}

TEST(is_known_by_its_content)
{
    CHECK_INT(sure(STR(VIEWER)), 85);
    CHECK_INT(sure(STR("#TYPE x\r\n\"Id\",\"LogName\"\r\n\"1\",\"a\nb\"\r\n")), 85);
    CHECK_INT(sure(STR("\xef\xbb\xbf"
                       "a,b,c\n1,2,3\n")),
              40);
    CHECK_INT(sure(STR("\xff\xfe"
                       "a\0,\0b\0\n\0x\0,\0y\0\n\0")),
              20);
    CHECK_INT(sure(STR("a,b,c\n1,2\n")), 0);
    CHECK_INT(sure(STR("{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2}\n")), 0);
    CHECK_INT(sure(STR("Dear all, this is a text.\nIt has, some lines.\n")), 0);
    CHECK_INT(sure(STR("")), 0);
}
