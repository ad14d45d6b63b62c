/* test_xml.c - events as XML: found in whatever stands around them, with the names of EVTX. */
#include "testkit.h"

#include "event_reader.h"

#define SYSTEM                                                                                     \
    "<System><Provider Name='Sysmon'/><EventID>1</EventID><TimeCreated "                           \
    "SystemTime='2026-11-22T10:00:00.1234567Z'/><EventRecordID>77</EventRecordID>"                 \
    "<Channel>Operational</Channel><Computer>web-01</Computer></System>"
#define EVENT(data) "<Event xmlns='x'>" SYSTEM "<EventData>" data "</EventData></Event>"

static int sure(struct str head)
{
    return format_by_name(STR("xml"))->probe(head);
}

/* As UTF-16, little endian; the text is ASCII. */
static struct str wide(const char *text)
{
    static char bytes[8192];
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++) {
        bytes[2 * i] = text[i];
        bytes[2 * i + 1] = 0;
    }
    return (struct str){bytes, 2 * len};
}

TEST(gives_the_names_of_evtx)
{
    begin_text("xml", EVENT("<Data Name='Image'>C:\\a.exe</Data><Data Name='Threat Name'>t</Data>"
                            "<Data Name='a'>1</Data><Data Name='a'>2</Data><Data>x</Data>"));
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("Provider_Name"), "Sysmon");
    CHECK_STR(field("EventID"), "1");
    CHECK_STR(field("Channel"), "Operational");
    CHECK_STR(field("Image"), "C:\\a.exe");
    CHECK_STR(field("ThreatName"), "t");
    CHECK_STR(nth("a", 0), "1");
    CHECK_STR(nth("a", 1), "2");
    CHECK_STR(field("Data"), "x");
    CHECK_STR(time_text(), "2026-11-22T10:00:00.123456700Z");
    CHECK_STR(made.event->host, "web-01");
    CHECK_INT(made.event->record, 77);
    CHECK_INT(made.event->line, 0);
    CHECK(made.event->windows);
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(lifts_what_is_in_user_data)
{
    begin_text("xml", "<Event>" SYSTEM "<UserData><LogFileCleared xmlns='y'><SubjectUserName>admin"
                      "</SubjectUserName></LogFileCleared></UserData><RenderingInfo><Message>m"
                      "</Message><Level>Information</Level></RenderingInfo></Event>");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("SubjectUserName"), "admin");
    CHECK_STR(field("Message"), "m");
    CHECK_STR(field("RenderingInfo_Level"), "Information");
    close_reader();
}

TEST(what_usually_stands_around_events_is_no_damage)
{
    begin_text("xml", "\xef\xbb\xbf<?xml version='1.0'?>\r\n<Events>\n" EVENT(
                          "") "<!-- x -->" EVENT("") "</Events>\n");
    struct tally tally = take_all();
    CHECK_INT(tally.events, 2);
    CHECK_INT(tally.damages, 0);
    close_reader();
}

TEST(goes_on_at_the_next_event)
{
    begin_text("xml", "'>12</Data></EventData></Event>" EVENT("") "<Event><System>" EVENT(
                          "") "<Event><a></b></Event>" EVENT("") "<Event ><Sys");
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "not an event");
    CHECK_INT(made.damage.offset, 0);
    CHECK_INT(made.damage.size, 31);
    CHECK_INT(take(), STEP_EVENT);
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "an event is cut off");
    CHECK_INT(made.damage.size, 15);
    CHECK_INT(take(), STEP_EVENT);
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "an element is closed that is not open");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "an event is cut off");
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(reads_utf16)
{
    struct str text = wide("<Events>" EVENT("<Data Name='a'>1</Data>") EVENT("") "</Events>");

    begin_bytes("xml", text.at, text.len);
    struct tally tally = {0};
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("a"), "1");
    tally = take_all();
    CHECK_INT(tally.events, 1);
    CHECK_INT(tally.damages, 0);
    close_reader();
}

TEST(tells_the_same_however_the_bytes_come)
{
    const char *text = "x" EVENT("<Data Name='a'>1</Data>") "\r\n<Event>" EVENT("") "y";

    open_reader("xml");
    for (size_t step = 1; step < 40; step++) {
        begin_piece(text, strlen(text), 0, UINT64_MAX, step);
        struct tally tally = take_all();
        CHECK_INT(tally.events, 2);
        CHECK_INT(tally.damages, 3);
    }
    close_reader();
}

TEST(no_entity_means_anything)
{
    begin_text("xml", "<!DOCTYPE a [<!ENTITY b 'boom'>]>" EVENT("<Data Name='a'>&b;&amp;</Data>"));
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("a"), "&b;&");
    close_reader();
}

TEST(an_endless_event_is_told_once)
{
    size_t len = (size_t)18 << 20;
    char *text = calloc(1, len);

    for (size_t i = 0; i < len; i++)
        text[i] = "<Event>a"[i < 7 ? i : 7];
    open_reader("xml");
    begin_piece(text, len, 0, UINT64_MAX, (size_t)4 << 20);
    struct tally tally = take_all();
    CHECK_INT(tally.events, 0);
    CHECK_INT(tally.damages, 1);
    CHECK_STR(str_from(tally.why), "an event is longer than 16 MiB");
    CHECK_INT(made.damage.size, len);
    close_reader();
    free(text);
}

TEST(is_known_by_its_content)
{
    CHECK_INT(sure(STR(EVENT(""))), 95);
    CHECK_INT(sure(STR("<?xml version='1.0'?>\n<Events>" EVENT(""))), 95);
    CHECK_INT(sure(wide(EVENT(""))), 95);
    CHECK(sure(STR("Name='x'>y</Data></EventData></Event>" EVENT(""))) > 0);
    CHECK(sure(STR("<14>1 2026-11-22T10:00:00Z h sysmon - - - " EVENT(""))) < 50);
    CHECK_INT(sure(STR("<Event><a/></Event>")), 0);
    CHECK_INT(sure(STR("<Events></Events>")), 0);
    CHECK_INT(sure(STR("<html></html>")), 0);
    CHECK_INT(sure(STR("")), 0);
}
