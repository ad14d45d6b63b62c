/* test_xml_event.c - one event as XML in the JSON of evtx_dump. */
#include "testkit.h"

#include "codec/json.h"
#include "formats/xml_event.h"

static struct arena *arena;
static struct buf json;
static uint64_t record;

static struct str written(struct str xml)
{
    if (!arena) {
        arena = arena_new("event", (size_t)64 << 20);
        buf_init(&json, (size_t)16 << 20);
    }
    arena_reset(arena);
    buf_reset(&json);
    const char *why = xml_event_write(xml, arena, &json, &record);
    return why ? str_from(why) : buf_str(&json);
}

static struct str event_data(const char *inside)
{
    static char text[4096];
    int len = snprintf(text, sizeof(text), "<Event><EventData>%s</EventData></Event>", inside);
    struct str whole = written((struct str){text, (size_t)len});
    struct str before = STR("\"Event\":{\"EventData\":");

    return str_starts_with(whole, before) ? str_slice(whole, before.len, whole.len - 1) : whole;
}

TEST(system_has_numbers_and_attributes)
{
    CHECK_STR(
        written(STR("<Event xmlns='x'><System><Provider Name='P' Guid=''/>"
                    "<EventID Qualifiers='0'>7</EventID><Level>04</Level><Keywords>80</Keywords>"
                    "<EventRecordID>99</EventRecordID><Correlation/></System></Event>")),
        "\"Event\":{\"#attributes\":{\"xmlns\":\"x\"},\"System\":{\"Provider\":{\"#attributes\":"
        "{\"Name\":\"P\"}},\"EventID\":{\"#attributes\":{\"Qualifiers\":0},"
        "\"#text\":7},\"Level\":\"04\",\"Keywords\":\"80\",\"EventRecordID\":99,"
        "\"Correlation\":null}}");
    CHECK_INT(record, 99);
}

TEST(values_are_text)
{
    CHECK_STR(event_data("<Data Name='a'>1</Data><Data Name='b'/><Data Name=\"c&amp;d\"> </Data>"),
              "{\"a\":\"1\",\"b\":\"\",\"c&d\":\" \"}");
    CHECK_STR(event_data("<Data Name='a'>1<!-- -->2<![CDATA[<3>]]>&lt;</Data>"),
              "{\"a\":\"12<3><\"}");
    CHECK_INT(record, 0);
}

TEST(data_is_data_in_event_data_only)
{
    CHECK_STR(written(STR("<Event><UserData><x><Data Name='a'>b</Data></x></UserData></Event>")),
              "\"Event\":{\"UserData\":{\"x\":{\"Data\":{\"#attributes\":{\"Name\":\"a\"},"
              "\"#text\":\"b\"}}}}");
    CHECK_STR(written(STR("<Event><Data Name='a'/></Event>")),
              "\"Event\":{\"Data\":{\"#attributes\":{\"Name\":\"a\"}}}");
}

TEST(data_without_a_name_is_gathered)
{
    CHECK_STR(event_data("<Data>a</Data>"), "{\"Data\":{\"#text\":\"a\"}}");
    CHECK_STR(event_data("<Data>a</Data><Binary>00</Binary><Data></Data>"),
              "{\"Data\":{\"#text\":[\"a\",\"\"]},\"Binary\":\"00\"}");
}

TEST(what_stands_twice_is_a_list)
{
    CHECK_STR(event_data("<Data Name='a'>1</Data><x/><Data Name='a'>2</Data><x>y</x>"),
              "{\"a\":[\"1\",\"2\"],\"x\":[null,\"y\"]}");
}

TEST(blanks_between_elements_are_nothing_and_text_is_kept)
{
    CHECK_STR(event_data(" <a>\n<b/> </a>\r\n"), "{\"a\":{\"b\":null}}");
    CHECK_STR(event_data("<a>x<b/>y</a>"), "{\"a\":{\"b\":null,\"#text\":\"xy\"}}");
}

TEST(many_names_are_found_again)
{
    struct buf xml;
    const char *why = NULL;

    buf_init(&xml, 1 << 20);
    buf_add(&xml, STR("<Event>"));
    for (unsigned i = 0; i < 600; i++)
        buf_printf(&xml, "<n%u>%u</n%u>", i % 300, i, i % 300);
    buf_add(&xml, STR("</Event>"));
    struct str text = written(buf_str(&xml));
    CHECK(str_contains(text, STR("\"n0\":[\"0\",\"300\"],")));
    CHECK(str_contains(text, STR("\"n299\":[\"299\",\"599\"]}")));
    CHECK(json_is_valid(str_slice(text, 8, text.len), &why));
    buf_free(&xml);
}

TEST(limits_are_told)
{
    struct buf xml;

    buf_init(&xml, 1 << 20);
    buf_add(&xml, STR("<Event>"));
    for (unsigned i = 0; i < XML_NODES_MAX; i++)
        buf_add(&xml, STR("<a/>"));
    buf_add(&xml, STR("</Event>"));
    CHECK_STR(written(buf_str(&xml)), "an event has too many elements");
    buf_reset(&xml);
    buf_add(&xml, STR("<Event>"));
    for (unsigned i = 0; i < 40; i++)
        buf_add(&xml, STR("<a>"));
    CHECK_STR(written(buf_str(&xml)), "elements of an event stand too deep in each other");
    buf_free(&xml);
    CHECK_STR(written(STR("<Events/>")), "not an event");
    CHECK_STR(written(STR("<Event>")), "the text ends inside an element");
}
