/* test_json_shape.c - whose exporter wrote a record, and what its names mean. */
#include "testkit.h"

#include "event_reader.h"
#include "formats/json_priv.h"

static const char *shape_name(void)
{
    struct shape_count shapes[SHAPES_MAX];

    return made.format->shapes(made.reader, shapes) == 1 ? shapes[0].name : "several";
}

#define CHECK_SHAPE(name) CHECK_STR(str_from(shape_name()), name)

TEST(evtx_dump_with_attributes_inside)
{
    begin_text("json",
               "{\"Event\":{\"#attributes\":{\"xmlns\":\"x\"},\"System\":{"
               "\"Provider\":{\"#attributes\":{\"Name\":\"P\",\"Guid\":\"G\"}},"
               "\"EventID\":{\"#attributes\":{\"Qualifiers\":16384},\"#text\":7045},"
               "\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2026-09-01T08:30:00.5Z\"}},"
               "\"Execution\":{\"#attributes\":{\"ProcessID\":700,\"ThreadID\":704}},"
               "\"Channel\":\"System\",\"Computer\":\"host-01\",\"Security\":null},"
               "\"EventData\":{\"Image\":\"C:\\\\a.exe\",\"Data\":{\"#text\":[\"x\",\"y\"]}},"
               "\"RenderingInfo\":{\"Level\":\"Error\",\"Message\":\"said\"}}}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("evtx_dump");
    CHECK(made.event->windows);
    CHECK_STR(field("Provider_Name"), "P");
    CHECK_STR(field("Provider_Guid"), "G");
    CHECK_STR(field("EventID"), "7045");
    CHECK_STR(field("EventID_Qualifiers"), "16384");
    CHECK_STR(field("Execution_ProcessID"), "700");
    CHECK_STR(field("Channel"), "System");
    CHECK_STR(field("Computer"), "host-01");
    CHECK_STR(made.event->host, "host-01");
    CHECK_STR(time_text(), "2026-09-01T08:30:00.500000000Z");
    CHECK_STR(field("Image"), "C:\\a.exe");
    CHECK_STR(nth("Data", 0), "x");
    CHECK_STR(nth("Data", 1), "y");
    CHECK_STR(field("Level"), "(none)");
    CHECK_STR(field("RenderingInfo_Level"), "Error");
    CHECK_STR(field("Message"), "said");
    close_reader();
}

TEST(evtx_dump_with_attributes_beside)
{
    begin_text("json", "{\"Event\":{\"System\":{\"Provider_attributes\":{\"Name\":\"P\"},"
                       "\"EventID\":7045,\"EventID_attributes\":{\"Qualifiers\":1},"
                       "\"TimeCreated_attributes\":{\"SystemTime\":\"2026-09-01T08:30:00Z\"},"
                       "\"Security_attributes\":{\"UserID\":\"S-1-5-18\"}},"
                       "\"EventData\":{\"Threat Name\":\"t\"}}}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("evtx_dump");
    CHECK_STR(field("Provider_Name"), "P");
    CHECK_STR(field("EventID"), "7045");
    CHECK_STR(field("EventID_Qualifiers"), "1");
    CHECK_STR(field("Security_UserID"), "S-1-5-18");
    CHECK_STR(field("Threat Name"), "t");
    CHECK_STR(field("ThreatName"), "t");
    CHECK_STR(time_text(), "2026-09-01T08:30:00.000000000Z");
    close_reader();
}

TEST(evtx_dump_names_user_data_by_the_last_element)
{
    begin_text("json", "{\"Event\":{\"System\":{\"EventID\":1102,\"Channel\":\"Security\"},"
                       "\"UserData\":{\"LogFileCleared\":{\"#attributes\":{\"xmlns\":\"x\"},"
                       "\"SubjectUserName\":\"helpdesk1\",\"Inner\":{\"Depth\":2}}}}}");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("SubjectUserName"), "helpdesk1");
    CHECK_STR(field("Depth"), "2");
    close_reader();
}

TEST(evtx_dump_without_the_outer_event)
{
    begin_text("json", "{\"System\":{\"EventID\":1,\"Channel\":\"C\",\"Computer\":\"h\"},"
                       "\"EventData\":{\"Image\":\"i\"}}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("evtx_dump");
    CHECK_STR(field("Channel"), "C");
    CHECK_STR(field("Image"), "i");
    CHECK_STR(made.event->host, "h");
    close_reader();
}

TEST(winlogbeat)
{
    begin_text("json",
               "{\"@timestamp\":\"2026-09-01T08:30:00.123Z\",\"winlog\":{\"channel\":\"Security\","
               "\"provider_name\":\"P\",\"provider_guid\":\"G\",\"event_id\":4624,"
               "\"computer_name\":\"host-01\",\"record_id\":5,\"activity_id\":\"A\",\"version\":2,"
               "\"process\":{\"pid\":700,\"thread\":{\"id\":704}},"
               "\"user\":{\"identifier\":\"S-1\"},"
               "\"event_data\":{\"TargetUserName\":\"user1\",\"LogonType\":\"3\"},"
               "\"user_data\":{\"x\":{\"SubjectUserSid\":\"S-2\"}}},"
               "\"message\":\"said\",\"host\":{\"name\":\"h2\"}}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("Winlogbeat");
    CHECK(made.event->windows);
    CHECK_STR(field("Channel"), "Security");
    CHECK_STR(field("Provider_Name"), "P");
    CHECK_STR(field("Provider_Guid"), "G");
    CHECK_STR(field("EventID"), "4624");
    CHECK_STR(field("EventRecordID"), "5");
    CHECK_STR(field("Correlation_ActivityID"), "A");
    CHECK_STR(field("Version"), "2");
    CHECK_STR(field("Execution_ProcessID"), "700");
    CHECK_STR(field("Execution_ThreadID"), "704");
    CHECK_STR(field("Security_UserID"), "S-1");
    CHECK_STR(field("TargetUserName"), "user1");
    CHECK_STR(field("LogonType"), "3");
    CHECK_STR(field("SubjectUserSid"), "S-2");
    CHECK_STR(field("Message"), "said");
    CHECK_STR(made.event->host, "host-01");
    CHECK_STR(time_text(), "2026-09-01T08:30:00.123000000Z");
    close_reader();
}

TEST(winlogbeat_before_version_7)
{
    begin_text("json", "{\"@timestamp\":\"2018-01-01T00:00:00Z\",\"log_name\":\"System\","
                       "\"source_name\":\"P\",\"event_id\":7045,\"record_number\":\"9\","
                       "\"computer_name\":\"h\",\"event_data\":{\"Image\":\"i\"}}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("Winlogbeat");
    CHECK_STR(field("Channel"), "System");
    CHECK_STR(field("Provider_Name"), "P");
    CHECK_STR(field("EventID"), "7045");
    CHECK_STR(field("EventRecordID"), "9");
    CHECK_STR(field("Image"), "i");
    CHECK_STR(made.event->host, "h");
    close_reader();
}

TEST(nxlog)
{
    begin_text("json", "{\"EventTime\":\"2026-09-01 08:30:00\",\"Hostname\":\"host-01\","
                       "\"SourceName\":\"P\",\"ProviderGuid\":\"G\",\"EventID\":1,"
                       "\"Channel\":\"C\",\"RecordNumber\":9,\"ExecutionProcessID\":4,"
                       "\"OpcodeValue\":2,\"Image\":\"i\","
                       "\"EventReceivedTime\":\"2026-09-01 09:00:00\"}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("NXLog");
    CHECK_STR(field("Provider_Name"), "P");
    CHECK_STR(field("Provider_Guid"), "G");
    CHECK_STR(field("EventID"), "1");
    CHECK_STR(field("Channel"), "C");
    CHECK_STR(field("EventRecordID"), "9");
    CHECK_STR(field("Execution_ProcessID"), "4");
    CHECK_STR(field("Opcode"), "2");
    CHECK_STR(field("Image"), "i");
    CHECK_STR(field("Computer"), "host-01");
    CHECK_STR(made.event->host, "host-01");
    CHECK_STR(time_text(), "2026-09-01T08:30:00.000000000Z");
    close_reader();
}

TEST(splunk_with_its_wrapper)
{
    begin_text("json",
               "{\"preview\":false,\"result\":{\"_time\":\"2026-09-01T10:30:00.000+02:00\","
               "\"source\":\"XmlWinEventLog:Security\",\"EventCode\":\"4624\","
               "\"ComputerName\":\"host-01\",\"host\":\"h2\",\"TargetUserName\":\"user1\"}}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("Splunk");
    CHECK(made.event->windows);
    CHECK_STR(field("EventID"), "4624");
    CHECK_STR(field("Channel"), "Security");
    CHECK_STR(field("TargetUserName"), "user1");
    CHECK_STR(made.event->host, "host-01");
    CHECK_STR(time_text(), "2026-09-01T08:30:00.000000000Z");
    close_reader();
}

TEST(splunk_names_the_channel_best_in_log_name)
{
    begin_text("json", "{\"source\":\"WinEventLog:Security\",\"LogName\":\"System\","
                       "\"EventCode\":7045,\"SourceName\":\"P\"}\n"
                       "{\"source\":\"tcp:514\",\"Channel\":\"C\",\"EventCode\":1}\n");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(nth("Channel", 0), "System");
    CHECK_STR(nth("Channel", 1), "(none)");
    CHECK_STR(field("Provider_Name"), "P");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("Channel"), "C");
    close_reader();
}

TEST(flat_with_names_of_powershell)
{
    begin_text("json", "{\"LogName\":\"Security\",\"Id\":4625,\"ProviderName\":\"P\","
                       "\"RecordId\":8,\"MachineName\":\"m\",\"Message\":\"said\","
                       "\"TimeCreated\":\"2026-09-01T08:30:00.0000000+00:00\"}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("flat Windows");
    CHECK_STR(field("Channel"), "Security");
    CHECK_STR(field("EventID"), "4625");
    CHECK_STR(field("Provider_Name"), "P");
    CHECK_STR(field("EventRecordID"), "8");
    CHECK_STR(made.event->host, "m");
    CHECK_STR(field("Message"), "said");
    CHECK_STR(time_text(), "2026-09-01T08:30:00.000000000Z");
    close_reader();
}

TEST(flat_with_windows_own_names)
{
    begin_text("json", "{\"Channel\":\"C\",\"EventID\":1,\"Computer\":\"h\","
                       "\"SystemTime\":\"2026-09-01T08:30:00Z\",\"EventData\":{\"Image\":\"i\"},"
                       "\"UserData\":{\"x\":{\"Kind\":\"k\"}},\"Threat Name\":\"t\"}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("flat Windows");
    CHECK_STR(field("Image"), "i");
    CHECK_STR(field("Kind"), "k");
    CHECK_STR(field("ThreatName"), "t");
    CHECK_STR(made.event->host, "h");
    close_reader();
}

TEST(other_events_go_by_dotted_names)
{
    begin_text("json", "{\"user\":{\"name\":\"u\"},\"a\":[{\"b\":1},{\"b\":2}],"
                       "\"host\":{\"name\":\"h\"},\"ts\":1788251400}");
    CHECK(take() == STEP_EVENT);
    CHECK_SHAPE("other (dotted names)");
    CHECK(!made.event->windows);
    CHECK_STR(field("user.name"), "u");
    CHECK_STR(nth("a.b", 0), "1");
    CHECK_STR(nth("a.b", 1), "2");
    CHECK_STR(field("EventID"), "(none)");
    CHECK_STR(made.event->host, "h");
    CHECK_STR(time_text(), "2026-09-01T08:30:00.000000000Z");
    close_reader();
}

TEST(a_name_with_dots_is_the_path)
{
    begin_text("json", "{\"user.name\":\"u\"}");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("user.name"), "u");
    close_reader();
}

TEST(every_shape_keeps_the_dotted_names)
{
    begin_text("json", "{\"winlog\":{\"channel\":\"C\"},\"user\":{\"name\":\"u\"}}\n"
                       "{\"Channel\":\"C\",\"EventID\":1,\"user\":{\"name\":\"v\"}}\n");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("user.name"), "u");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(field("user.name"), "v");
    close_reader();
}

TEST(shapes_are_told_by_the_names_alone)
{
    CHECK_INT(json_shape_of(0), JSON_SHAPE_OTHER);
    CHECK_INT(json_shape_of(JSON_HINT_SYSTEM | JSON_HINT_WINLOG), JSON_SHAPE_EVTX_DUMP);
    CHECK_INT(json_shape_of(JSON_HINT_EVENT_CODE), JSON_SHAPE_OTHER);
    CHECK_INT(json_shape_of(JSON_HINT_EVENT_CODE | JSON_HINT_WINDOWS_SOURCE), JSON_SHAPE_SPLUNK);
    CHECK_INT(json_shape_of(JSON_HINT_SOURCE_NAME | JSON_HINT_EVENT_ID), JSON_SHAPE_NXLOG);
    CHECK_INT(json_shape_of(JSON_HINT_EVENT_ID), JSON_SHAPE_OTHER);
    CHECK_INT(json_shape_of(JSON_HINT_EVENT_ID | JSON_HINT_CHANNEL), JSON_SHAPE_FLAT);
    CHECK_INT(json_shape_of(JSON_HINT_CHANNEL | JSON_HINT_PROVIDER), JSON_SHAPE_FLAT);
    CHECK_INT(json_shape_of(JSON_HINT_ID | JSON_HINT_LOG_NAME), JSON_SHAPE_FLAT);
}

TEST(shapes_are_counted)
{
    struct shape_count shapes[SHAPES_MAX];

    begin_text("json", "{\"a\":1}\n{\"winlog\":{\"channel\":\"C\"}}\n{\"a\":2}\n");
    CHECK_INT(take_all().events, 3);
    CHECK_INT(made.format->shapes(made.reader, shapes), 2);
    CHECK_STR(str_from(shapes[0].name), "Winlogbeat");
    CHECK_INT(shapes[0].events, 1);
    CHECK_INT(shapes[0].example_offset, 8);
    CHECK_STR(str_from(shapes[1].name), "other (dotted names)");
    CHECK_INT(shapes[1].events, 2);
    CHECK_INT(shapes[1].example_offset, 0);
    close_reader();
}
