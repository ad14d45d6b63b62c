/* test_evtx_render.c - events as JSON, in the shape of `evtx_dump -o jsonl`. */
#include "testkit.h"

#include "binxml_maker.h"
#include "event_reader.h"

/* ---- one record whose EventData or UserData is made by a test ---- */

static size_t record;

/* As it is printed; the way over the tree gives the same. */
static struct str printed(void)
{
    struct buf tree;
    struct str straight = rendered();

    buf_init(&tree, (size_t)64 << 20);
    evtx_render_tree(made.reader, made.event, &tree);
    CHECK(str_eq(straight, buf_str(&tree)));
    buf_free(&tree);
    return straight;
}

static void begin_event(const char *body)
{
    begin_chunk();
    record = put_record(1);
    put_open("Event", false, false);
    put_content();
    put_open(body, false, false);
    put_content();
}

static struct str end_event(void)
{
    put_end();
    put_end();
    put_u8(0);
    end_record(record);
    end_chunk(1, 1);
    begin_bytes("evtx", made_chunk.at, EVTX_CHUNK_BYTES);
    CHECK(take() == STEP_EVENT);
    return printed();
}

/* The same, from a template with one gap filled by each value: `body` is put by the caller. */
static size_t begin_filled(void)
{
    begin_chunk();
    record = put_record(1);
    return put_instance(0);
}

static struct str end_filled(size_t definition, const struct made_value *values, unsigned count)
{
    end_definition(definition);
    put_values(values, count);
    put_u8(0);
    end_record(record);
    end_chunk(1, 1);
    begin_bytes("evtx", made_chunk.at, EVTX_CHUNK_BYTES);
    CHECK(take() == STEP_EVENT);
    return printed();
}

/* `<name attribute="?">?</name>` with two substitutions. */
static void put_gaps(const char *name, const char *attribute, unsigned value, unsigned text)
{
    put_open(name, true, attribute != NULL);
    if (attribute) {
        put_attribute(attribute);
        put_substitution(value);
    }
    put_content();
    put_substitution(text);
    put_end();
}

static void put_body(const char *name)
{
    put_open("Event", true, false);
    put_content();
    put_open(name, true, false);
    put_content();
}

static void end_body(void)
{
    put_end();
    put_end();
}

/* ---- elements ---- */

TEST(elements_are_null_text_or_objects)
{
    begin_event("UserData");
    put_open("empty", false, false);
    put_empty_end();
    put_plain("text", "x");
    put_open("attributes", false, true);
    put_attribute("a");
    put_text("1");
    put_empty_end();
    put_open("both", false, true);
    put_attribute("a");
    put_text("1");
    put_content();
    put_text("x");
    put_end();
    CHECK_STR(end_event(), "{\"Event\":{\"UserData\":{\"empty\":null,\"text\":\"x\","
                           "\"attributes\":{\"#attributes\":{\"a\":\"1\"}},"
                           "\"both\":{\"#attributes\":{\"a\":\"1\"},\"#text\":\"x\"}}}}");
    close_reader();
}

TEST(text_beside_elements)
{
    begin_event("UserData");
    put_text("one ");
    put_plain("a", "x");
    put_text("two");
    CHECK_STR(end_event(), "{\"Event\":{\"UserData\":{\"a\":\"x\",\"#text\":\"one two\"}}}");
    close_reader();
}

TEST(names_that_stand_twice_are_numbered)
{
    begin_event("UserData");
    put_plain("a", "1");
    put_plain("b", "2");
    put_plain("a", "3");
    put_plain("a", "4");
    CHECK_STR(end_event(),
              "{\"Event\":{\"UserData\":{\"a\":\"1\",\"b\":\"2\",\"a_1\":\"3\",\"a_2\":\"4\"}}}");
    close_reader();
}

TEST(so_are_those_of_many_elements)
{
    begin_event("UserData");
    for (unsigned i = 0; i < 100; i++)
        put_plain(i % 50 == 0 ? "a" : i % 2 ? "b" : "c", "x");
    struct str json = end_event();
    CHECK(memmem(json.at, json.len, "\"a_1\":", 6) && !memmem(json.at, json.len, "\"a_2\":", 6));
    CHECK(memmem(json.at, json.len, "\"b_49\":", 7) && !memmem(json.at, json.len, "\"b_50\":", 7));
    CHECK(memmem(json.at, json.len, "\"c_47\":", 7) && !memmem(json.at, json.len, "\"c_48\":", 7));
    close_reader();
}

/* More than is written straight on. */
TEST(so_are_those_behind_more_names_than_are_kept)
{
    char name[16];

    begin_event("UserData");
    for (unsigned i = 0; i < 300; i++) {
        snprintf(name, sizeof(name), "n%u", i);
        put_plain(name, "x");
    }
    put_plain("n0", "y");
    struct str json = end_event();
    CHECK(str_contains(json, STR("\"n299\":\"x\",\"n0_1\":\"y\"}")));
    close_reader();
}

TEST(names_of_different_elements_are_apart)
{
    begin_event("UserData");
    put_open("a", false, false);
    put_content();
    put_plain("a", "1");
    put_plain("b", "2");
    put_end();
    put_open("b", false, false);
    put_content();
    put_plain("b", "3");
    put_end();
    put_plain("c", "4");
    CHECK_STR(end_event(), "{\"Event\":{\"UserData\":{\"a\":{\"a\":\"1\",\"b\":\"2\"},"
                           "\"b\":{\"b\":\"3\"},\"c\":\"4\"}}}");
    close_reader();
}

TEST(many_attributes)
{
    char name[16];

    begin_event("UserData");
    put_open("a", false, true);
    for (unsigned i = 0; i < 20; i++) {
        snprintf(name, sizeof(name), "n%u", i);
        put_attribute(name);
        put_text(i % 2 ? "x" : "");
    }
    put_empty_end();
    struct str json = end_event();
    CHECK(str_contains(json, STR("{\"#attributes\":{\"n1\":\"x\",\"n3\":\"x\"")));
    CHECK(str_contains(json, STR("\"n19\":\"x\"}}")));
    close_reader();
}

/* ---- EventData ---- */

TEST(data_goes_by_its_name)
{
    begin_event("EventData");
    put_plain_data("Image", "a");
    put_plain_data("CommandLine", "b");
    put_plain_data("Image", "c");
    CHECK_STR(
        end_event(),
        "{\"Event\":{\"EventData\":{\"Image\":\"a\",\"CommandLine\":\"b\",\"Image_1\":\"c\"}}}");
    close_reader();
}

TEST(data_without_names_is_gathered)
{
    begin_event("EventData");
    put_plain("Data", "one");
    put_plain_data("named", "x");
    put_plain("Data", "");
    put_plain_data("", "two");
    CHECK_STR(end_event(), "{\"Event\":{\"EventData\":{\"Data\":{\"#text\":[\"one\",\"\",\"two\"]},"
                           "\"named\":\"x\"}}}");
    begin_event("EventData");
    put_plain("Data", "one");
    put_plain("Binary", "0102");
    CHECK_STR(end_event(),
              "{\"Event\":{\"EventData\":{\"Data\":{\"#text\":\"one\"},\"Binary\":\"0102\"}}}");
    close_reader();
}

TEST(data_elsewhere_is_an_element_like_others)
{
    begin_event("UserData");
    put_plain_data("Image", "a");
    put_plain("Data", "b");
    CHECK_STR(end_event(),
              "{\"Event\":{\"UserData\":{\"Data\":{\"#attributes\":{\"Name\":\"Image\"},"
              "\"#text\":\"a\"},\"Data_1\":\"b\"}}}");
    close_reader();
}

TEST(empty_bodies)
{
    begin_event("EventData");
    CHECK_STR(end_event(), "{\"Event\":{\"EventData\":null}}");
    close_reader();
}

/* ---- values ---- */

TEST(values_have_their_types)
{
    static const struct made_value values[] = {
        BYTES_VALUE(EVTX_UINT32, "\x07\0\0\0"),
        BYTES_VALUE(EVTX_HEX32, "\x07\0\0\0"),
        BYTES_VALUE(EVTX_BOOL, "\1\0\0\0"),
        BYTES_VALUE(EVTX_FLOAT, "\0\0\xc0\x3f"),
        BYTES_VALUE(EVTX_NULL, ""),
        TEXT_VALUE("7"),
    };
    size_t definition = begin_filled();

    put_body("EventData");
    for (unsigned i = 0; i < 6; i++)
        put_gaps("Data", NULL, 0, i);
    put_gaps("Data", NULL, 0, 99);
    end_body();
    CHECK_STR(end_filled(definition, values, 6), "{\"Event\":{\"EventData\":{\"Data\":{\"#text\":"
                                                 "[7,\"0x7\",true,1.5,null,\"7\",null]}}}}");
    close_reader();
}

TEST(empty_texts_are_texts_in_data_and_nothing_elsewhere)
{
    static const struct made_value values[] = {TEXT_VALUE("n"), TEXT_VALUE("")};
    size_t definition = begin_filled();

    put_body("EventData");
    put_gaps("Data", "Name", 0, 1);
    put_gaps("Other", NULL, 0, 1);
    put_gaps("Other", "a", 1, 1);
    put_gaps("Other", "a", 0, 1);
    end_body();
    CHECK_STR(end_filled(definition, values, 2),
              "{\"Event\":{\"EventData\":{\"n\":\"\",\"Other\":null,\"Other_1\":null,"
              "\"Other_2\":{\"#attributes\":{\"a\":\"n\"}}}}}");
    close_reader();
}

TEST(arrays_are_lists)
{
    static const struct made_value values[] = {
        TEXT_VALUE("n"), BYTES_VALUE(EVTX_UINT16 | EVTX_ARRAY, "\1\0\2\0"),
        BYTES_VALUE(EVTX_UINT16 | EVTX_ARRAY, "\1\0"), BYTES_VALUE(EVTX_UINT16 | EVTX_ARRAY, "")};
    size_t definition = begin_filled();

    put_body("EventData");
    put_gaps("Data", "Name", 0, 1);
    put_gaps("Data", NULL, 0, 1);
    put_gaps("Data", NULL, 0, 2);
    put_gaps("one", NULL, 0, 2);
    put_gaps("none", NULL, 0, 3);
    end_body();
    CHECK_STR(end_filled(definition, values, 4),
              "{\"Event\":{\"EventData\":{\"n\":[1,2],\"Data\":{\"#text\":[1,2,1]},\"one\":1,"
              "\"none\":null}}}");
    close_reader();
}

TEST(texts_and_values_together_are_one_text)
{
    static const struct made_value values[] = {BYTES_VALUE(EVTX_UINT16, "\1\0"),
                                               BYTES_VALUE(EVTX_UINT16 | EVTX_ARRAY, "\1\0\2\0")};
    size_t definition = begin_filled();

    put_body("EventData");
    for (unsigned i = 0; i < 2; i++) {
        put_open("x", true, false);
        put_content();
        put_text("a");
        put_substitution(i);
        put_text("b");
        put_end();
    }
    end_body();
    CHECK_STR(end_filled(definition, values, 2),
              "{\"Event\":{\"EventData\":{\"x\":\"a1b\",\"x_1\":[\"a\",1,2,\"b\"]}}}");
    close_reader();
}

TEST(elements_within_a_value)
{
    size_t definition = begin_filled();

    put_open("Event", true, false);
    put_content();
    put_substitution(0);
    put_end();
    end_definition(definition);
    size_t values = begin_values(1), from = made_chunk.len;
    put_u32(0x0001010f);
    put_open("EventData", false, false);
    put_content();
    put_plain_data("Image", "inner");
    put_end();
    put_u8(0);
    end_value(values, 0, EVTX_BINXML, from);
    put_u8(0);
    end_record(record);
    end_chunk(1, 1);
    begin_bytes("evtx", made_chunk.at, EVTX_CHUNK_BYTES);
    CHECK(take() == STEP_EVENT);
    CHECK_STR(printed(), "{\"Event\":{\"EventData\":{\"Image\":\"inner\"}}}");
    CHECK_STR(field("Image"), "inner");
    close_reader();
}

TEST(what_is_printed_is_escaped)
{
    begin_event("UserData");
    put_plain("a\"b", "x\\\n\x7f");
    CHECK_STR(end_event(), "{\"Event\":{\"UserData\":{\"a\\\"b\":\"x\\\\\\n\\u007f\"}}}");
    close_reader();
}

TEST(printing_twice_gives_the_same)
{
    begin_event("EventData");
    put_plain_data("a", "1");
    struct str json = end_event();
    char before[200];
    CHECK(json.len < sizeof(before));
    memcpy(before, json.at, json.len);
    json = printed();
    CHECK(memcmp(before, json.at, json.len) == 0);
    close_reader();
}
