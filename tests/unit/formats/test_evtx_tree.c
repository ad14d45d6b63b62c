/* test_evtx_tree.c - what is built before it is written; test_evtx_render.c compares both. */
#include "testkit.h"

#include "binxml_maker.h"
#include "event_reader.h"

static size_t record;

static void begin_event(void)
{
    begin_chunk();
    record = put_record(1);
    put_open("Event", false, false);
    put_content();
    put_open("EventData", false, false);
    put_content();
}

static struct str tree(void)
{
    put_end();
    put_end();
    put_u8(0);
    end_record(record);
    end_chunk(1, 1);
    begin_bytes("evtx", made_chunk.at, EVTX_CHUNK_BYTES);
    CHECK(take() == STEP_EVENT);
    buf_reset(&made.json);
    evtx_render_tree(made.reader, made.event, &made.json);
    return buf_str(&made.json);
}

TEST(what_is_simple_is_written_like_the_rest)
{
    begin_event();
    put_plain_data("Image", "a\\b");
    put_plain("Other", "");
    CHECK_STR(tree(), "{\"Event\":{\"EventData\":{\"Image\":\"a\\\\b\",\"Other\":null}}}");
    close_reader();
}

TEST(what_is_known_late_is_gathered)
{
    begin_event();
    put_plain("Data", "one");
    put_plain_data("a", "x");
    put_plain_data("a", "y");
    put_plain("Data", "two");
    put_text("end");
    CHECK_STR(tree(),
              "{\"Event\":{\"EventData\":{\"Data\":{\"#text\":[\"one\",\"two\"]},\"a\":\"x\","
              "\"a_1\":\"y\",\"#text\":\"end\"}}}");
    close_reader();
}
