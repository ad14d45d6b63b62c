/* test_json.c - JSON evidence: lines, arrays, pretty-printed objects, and what is between them. */
#include "testkit.h"

#include "event_reader.h"

#define CHECK_DAMAGE(offset_, size_, lost_, why_)                                                  \
    do {                                                                                           \
        CHECK(take() == STEP_SKIPPED);                                                             \
        CHECK_STR(str_from(made.damage.why ? made.damage.why : ""), why_);                         \
        CHECK_INT(made.damage.offset, offset_);                                                    \
        CHECK_INT(made.damage.size, size_);                                                        \
        CHECK_INT(made.damage.records, lost_);                                                     \
    } while (0)

#define CHECK_EVENT(line_, offset_, a_)                                                            \
    do {                                                                                           \
        CHECK(take() == STEP_EVENT);                                                               \
        CHECK_INT(made.event->line, line_);                                                        \
        CHECK_INT(made.event->offset, offset_);                                                    \
        CHECK_STR(field("a"), a_);                                                                 \
    } while (0)

static int probe(const char *text)
{
    return format_by_name(STR("json"))->probe(str_from(text));
}

/* ---- what it is ---- */

TEST(probe_knows_objects_and_arrays_of_them)
{
    CHECK_INT(probe("{\"a\":1}\n"), 90);
    CHECK_INT(probe("\xef\xbb\xbf \r\n{\"a\":1}"), 90);
    CHECK_INT(probe("{\"a\":\"cut off here"), 60);
    CHECK_INT(probe("[ {\"a\":1}, {"), 80);
    CHECK_INT(probe("[]"), 80);
    CHECK_INT(probe("Record 1\n{\n \"a\": 1\n}\n"), 90);
    CHECK_INT(probe("{broken}\n{\"a\":1}\n"), 50);
}

TEST(probe_refuses_the_rest)
{
    CHECK_INT(probe(""), 0);
    CHECK_INT(probe("{"), 0);
    CHECK_INT(probe("plain text"), 0);
    CHECK_INT(probe("5"), 0);
    CHECK_INT(probe("[1, 2]"), 0);
    CHECK_INT(probe("{key: value}\n{}\n"), 0);
    CHECK_INT(probe("Record of something\n{\"a\"}"), 0);
}

/* ---- layouts ---- */

TEST(one_object_per_line)
{
    begin_text("json", "{\"a\":1}\n\n {\"a\":2}\r\n{\"a\":3}");
    CHECK_EVENT(1, 0, "1");
    CHECK_EVENT(3, 10, "2");
    CHECK_EVENT(4, 19, "3");
    CHECK(take() == STEP_END);
    CHECK_INT(made.format->lines(made.reader), 3);
    close_reader();
}

TEST(objects_one_after_the_other_on_a_line)
{
    begin_text("json", "{\"a\":1}{\"a\":2}\t{\"a\":3}");
    CHECK_EVENT(1, 0, "1");
    CHECK_EVENT(1, 7, "2");
    CHECK_EVENT(1, 15, "3");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(pretty_printed_with_captions)
{
    begin_text("json", "Record 1\n{\n  \"a\": 1\n}\nRecord 2\r\n{\n  \"a\": 2\n}\n");
    CHECK_EVENT(2, 9, "1");
    CHECK_STR(made.event->raw, "{\n  \"a\": 1\n}");
    CHECK_EVENT(6, 32, "2");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(an_array)
{
    begin_text("json", "\xef\xbb\xbf[\n  {\"a\":1},\n  {\"a\":2}\n]\n");
    CHECK_EVENT(2, 7, "1");
    CHECK_EVENT(3, 18, "2");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(several_arrays_and_empty_ones)
{
    begin_text("json", "[][{\"a\":1}] [ ]\n[{\"a\":2}]");
    CHECK_EVENT(1, 3, "1");
    CHECK_EVENT(2, 17, "2");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(nothing_and_blanks)
{
    begin_text("json", "");
    CHECK(take() == STEP_END);
    begin_text("json", " \n\t\r\n");
    CHECK(take() == STEP_END);
    close_reader();
}

/* ---- damage ---- */

TEST(a_broken_record_costs_its_line)
{
    begin_text("json", "{\"a\":1}\n{\"a\":tru}\nplain\n{\"a\":2}\n");
    CHECK_EVENT(1, 0, "1");
    CHECK_DAMAGE(8, 16, 1, "unknown literal");
    CHECK_EVENT(4, 24, "2");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(each_broken_record_is_told)
{
    begin_text("json", "{\"a\":1,}\n{\"a\" 1}\n{]\n{\"a\":2}\n");
    CHECK(take() == STEP_SKIPPED);
    CHECK_INT(made.damage.offset, 0);
    CHECK_INT(made.damage.size, 9);
    CHECK(take() == STEP_SKIPPED);
    CHECK_INT(made.damage.offset, 9);
    CHECK(take() == STEP_SKIPPED);
    CHECK_INT(made.damage.offset, 17);
    CHECK_EVENT(4, 20, "2");
    close_reader();
}

TEST(a_record_that_does_not_end)
{
    begin_text("json", "{\"a\":1}\n{\"a\":{\"b\":2");
    CHECK_EVENT(1, 0, "1");
    CHECK(take() == STEP_SKIPPED);
    CHECK_INT(made.damage.offset, 8);
    CHECK_INT(made.damage.size, 11);
    CHECK_INT(made.damage.records, 1);
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(a_record_that_does_not_end_costs_no_other)
{
    begin_text("json", "{\"a\":[1,\n{\"a\":2}\n{\"a\":3}\n");
    CHECK(take() == STEP_SKIPPED);
    CHECK_INT(made.damage.offset, 0);
    CHECK_EVENT(2, 9, "2");
    CHECK_EVENT(3, 17, "3");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(values_that_are_no_objects_are_told)
{
    begin_text("json", "5 \"x\"\n{\"a\":1}\nnull");
    CHECK_DAMAGE(0, 1, 1, "a value that is no object");
    CHECK_DAMAGE(2, 3, 1, "a value that is no object");
    CHECK_EVENT(2, 6, "1");
    CHECK_DAMAGE(14, 4, 1, "a value that is no object");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(a_comma_too_much_loses_nothing)
{
    begin_text("json", "[,{\"a\":1},,{\"a\":2},]");
    CHECK_DAMAGE(1, 1, 0, "a comma without an element before it");
    CHECK_EVENT(1, 2, "1");
    CHECK_DAMAGE(10, 1, 0, "a comma without an element before it");
    CHECK_EVENT(1, 11, "2");
    CHECK_DAMAGE(19, 0, 0, "a comma without an element behind it");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(a_missing_comma_loses_nothing)
{
    begin_text("json", "[{\"a\":1} {\"a\":2}]");
    CHECK_EVENT(1, 1, "1");
    CHECK_DAMAGE(9, 0, 0, "no comma between the elements of an array");
    CHECK_EVENT(1, 9, "2");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(an_array_that_is_not_closed_is_told)
{
    static const char text[] = "[{\"a\":1}\n";

    begin_text("json", text);
    CHECK_EVENT(1, 1, "1");
    CHECK_DAMAGE(9, 0, 0, "the array is not closed");
    CHECK(take() == STEP_END);
    begin_piece(text, sizeof(text) - 1, 0, sizeof(text) - 1, 1);
    CHECK_EVENT(1, 1, "1");
    CHECK_DAMAGE(9, 0, 0, "the array is not closed");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(a_broken_element_of_an_array_costs_itself)
{
    begin_text("json", "[\n  {\"a\":1},\n  {\"a\":x},\n  {\"a\":3}\n]\n");
    CHECK_EVENT(2, 4, "1");
    CHECK(take() == STEP_SKIPPED);
    CHECK_INT(made.damage.offset, 15);
    CHECK_INT(made.damage.records, 1);
    CHECK_EVENT(4, 26, "3");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(nesting_that_is_too_deep_costs_the_record)
{
    static char text[3000];
    size_t len = 0;

    for (unsigned i = 0; i < 600; i++, len += 2)
        memcpy(text + len, "[[", 2);
    memcpy(text, "{\"a\":", 5);
    len += (size_t)snprintf(text + len, 16, "\n{\"a\":1}\n");
    begin_bytes("json", text, len);
    CHECK_DAMAGE(0, 1201, 1, "nested too deeply");
    CHECK_EVENT(2, 1201, "1");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(bytes_that_are_not_utf8_become_u_fffd)
{
    begin_text("json", "{\"a\":\"x\xff\xc3\"}\n{\"a\":\"\\ud800\"}\n");
    CHECK_EVENT(1, 0, "x\xef\xbf\xbd\xef\xbf\xbd");
    CHECK_STR(rendered(), "{\"a\":\"x\xef\xbf\xbd\xef\xbf\xbd\"}");
    CHECK_STR(made.event->raw, "{\"a\":\"x\xff\xc3\"}");
    CHECK_EVENT(2, 12, "\xef\xbf\xbd");
    close_reader();
}

/* A line of each, and a good one behind it. */
TEST(what_the_grammar_forbids_is_no_event)
{
    static const char *const bad[] = {
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":0x1}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":-Inf}",
        "{\"a\":1 2}",
        "{\"a\":True}",
        "{\"a\":nul}",
        "{\"a\":undefined}",
        "{\"a\":'x'}",
        "{'a':1}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\"::1}",
        "{\"a\",1}",
        "{\"a\":}",
        "{\"a\"}",
        "{,}",
        "{\"a\":1,}",
        "{\"a\":1,,}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":[1 2]}",
        "{\"a\":[1}",
        "{\"a\":1]",
        "{\"a\":[\"b\":1]}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\x1f\"}",
        "{\"a\":\"x}",
        "{\"\\a\":1}",
        "{\"a\":1/*x*/}",
        "{\"a\":1//x\n}",
        "{\"a\":\v1}",
        "{\"a\":\xc2\xa0\x31}",
        "{\"a\":\xef\xbb\xbf\x31}",
        "{\"a\":\xff}",
        "{\xff:1}",
        "{\"a\":\"\\\xff\"}",
    };

    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        char text[100];
        snprintf(text, sizeof(text), "%s\n{\"a\":2}\n", bad[i]);
        begin_text("json", text);
        if (take() != STEP_SKIPPED || made.damage.offset != 0 || made.damage.records != 1)
            TESTKIT_FAIL("%s is no damage of one record", bad[i]);
        if (take() != STEP_EVENT || !str_eq(field("a"), STR("2")))
            TESTKIT_FAIL("nothing is read behind %s", bad[i]);
    }
    close_reader();
}

TEST(what_the_grammar_allows_is_an_event_and_printed_as_it_stands)
{
    static const char *const good[] = {
        "{}",
        "{\"\":0}",
        "{\"a\":-0}",
        "{\"a\":-0.0e-00}",
        "{\"a\":1E+999}",
        "{\"a\":123456789012345678901234567890.5}",
        "{\"a\":[[],{},[{}],\"\",null,true,false]}",
        "{\"a\":\"/\\\\\\\"\xef\xbf\xbd\xf4\x8f\xbf\xbf\"}",
        "{\"a\":1,\"a\":1,\"a\":2}",
    };

    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        begin_text("json", good[i]);
        if (take() != STEP_EVENT || !str_eq(rendered(), str_from(good[i])))
            TESTKIT_FAIL("%s is not printed as it stands", good[i]);
        CHECK(take() == STEP_END);
    }
    close_reader();
}

TEST(nul_is_text_like_any_other_where_it_is_escaped_and_damage_where_it_is_not)
{
    static const char text[] = "{\"a\":\"x\0y\"}\n{\"a\":\"x\\u0000y\"}\n";

    begin_bytes("json", text, sizeof(text) - 1);
    CHECK_DAMAGE(0, 12, 1, "string is not valid");
    CHECK_EVENT(2, 12, "x\0y");
    CHECK_STR(rendered(), "{\"a\":\"x\\u0000y\"}");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(halves_of_surrogate_pairs_become_u_fffd_wherever_they_stand)
{
    begin_text("json", "{\"\\ud800\":\"\\udc00\\ud800x\",\"a\":\"\\uD83D\\uDE00\"}");
    CHECK_EVENT(1, 0, "\xf0\x9f\x98\x80");
    CHECK_STR(rendered(), "{\"\xef\xbf\xbd\":\"\xef\xbf\xbd\xef\xbf\xbdx\","
                          "\"a\":\"\xf0\x9f\x98\x80\"}");
    close_reader();
}

TEST(a_name_that_stands_twice_gives_two_values)
{
    begin_text("json", "{\"a\":1,\"b\":{\"a\":2},\"\\u0061\":3}");
    CHECK_EVENT(1, 0, "1");
    CHECK_STR(nth("a", 1), "3");
    CHECK_STR(nth("a", 2), "(none)");
    close_reader();
}

TEST(a_byte_order_mark_counts_at_the_start_of_the_file_only)
{
    begin_text("json", "\xef\xbb\xbf{\"a\":1}\n\xef\xbb\xbf{\"a\":2}\n{\"a\":3}\n");
    CHECK_EVENT(1, 3, "1");
    CHECK_DAMAGE(11, 11, 1, "no value where one must stand");
    CHECK_EVENT(3, 22, "3");
    close_reader();
}

TEST(a_record_of_more_than_16_mib_is_passed_in_small_windows)
{
    size_t big = (17u << 20), len = 0;
    char *text = malloc(big + 100);

    CHECK(text);
    len += (size_t)snprintf(text, 50, "{\"a\":1}\n{\"a\":\"");
    memset(text + len, 'x', big);
    len += big;
    len += (size_t)snprintf(text + len, 50, "\"}\n{\"a\":3}\n");
    for (size_t step = 0; step <= 1u << 20; step += 1u << 20) {
        open_reader("json");
        begin_piece(text, len, 0, UINT64_MAX, step);
        CHECK_EVENT(1, 0, "1");
        CHECK_DAMAGE(8, big + (step ? 9 : 8), 1, "a record is longer than 16 MiB");
        CHECK_EVENT(3, big + 17, "3");
        CHECK(take() == STEP_END);
    }
    close_reader();
    free(text);
}

/* ---- windows and pieces ---- */

TEST(windows_of_any_size_tell_the_same)
{
    static const char text[] =
        "\xef\xbb\xbf{\"a\":1}\n{\"a\":12\n5 {\"a\":\"x\"}\nRecord 3\n{\n"
        " \"a\": true\n}\n[{\"a\":4},,\n  {\"a\":x},\n  {\"a\":6}\n]\n{\"a\":7";

    open_reader("json");
    begin_piece(text, sizeof(text) - 1, 0, UINT64_MAX, 0);
    struct tally whole = take_all();
    for (size_t step = 1; step < sizeof(text); step++) {
        begin_piece(text, sizeof(text) - 1, 0, UINT64_MAX, step);
        struct tally tally = take_all();
        CHECK_INT(tally.events, whole.events);
        CHECK_INT(tally.damages, whole.damages);
        CHECK_INT(tally.lost, whole.lost);
        CHECK_INT(made.format->lines(made.reader), 11);
    }
    CHECK_INT(whole.events, 4);
    close_reader();
}

TEST(lines_may_be_cut_at_a_brace)
{
    static const char text[] = "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n";

    begin_text("json", text);
    CHECK_INT(made.format->cut(&made.carry, STR("1}\n{\"a\":2}")), 3);
    CHECK_INT(made.format->cut(&made.carry, STR("{\"a\":2}")), -1);
    CHECK_INT(made.format->cut(&made.carry, STR("1}\n {\"a\":2}")), -1);
    begin_piece(text, sizeof(text) - 1, 0, 8, 0);
    CHECK_EVENT(1, 0, "1");
    CHECK(take() == STEP_END);
    CHECK_INT(made.format->lines(made.reader), 1);
    begin_piece(text, sizeof(text) - 1, 8, sizeof(text) - 1, 3);
    CHECK_EVENT(1, 8, "2");
    CHECK_EVENT(2, 16, "3");
    CHECK(take() == STEP_END);
    CHECK_INT(made.format->lines(made.reader), 2);
    close_reader();
}

TEST(a_piece_finishes_the_record_that_starts_in_it)
{
    static const char text[] = "{\"a\":1}\n{\"a\":2}\n";

    open_reader("json");
    begin_piece(text, sizeof(text) - 1, 0, 9, 1);
    CHECK_EVENT(1, 0, "1");
    CHECK_EVENT(2, 8, "2");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(arrays_of_lines_may_be_cut)
{
    static const char text[] = "[{\"a\":1},\n{\"a\":2},\n{\"a\":3}]\n";

    begin_text("json", text);
    CHECK_INT(made.format->cut(&made.carry, STR("\"a\":1},\n{\"a\":2},")), 8);
    begin_piece(text, sizeof(text) - 1, 0, 10, 0);
    CHECK_EVENT(1, 1, "1");
    CHECK(take() == STEP_END);
    begin_piece(text, sizeof(text) - 1, 10, sizeof(text) - 1, 0);
    CHECK_EVENT(1, 10, "2");
    CHECK_EVENT(2, 19, "3");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(pretty_printed_objects_may_be_cut_behind_the_closing_brace)
{
    begin_text("json", "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n");
    CHECK_INT(made.format->cut(&made.carry, STR(" 1\n}\n{\n  \"a\"")), 5);
    CHECK_INT(made.format->cut(&made.carry, STR(" 1\n}\n")), -1);
    CHECK_INT(made.format->cut(&made.carry, STR("{\n  \"b\": {\n  }\n  {")), -1);
    begin_text("json", "[\n  {\n    \"a\": 1\n  }\n]\n");
    CHECK_INT(made.format->cut(&made.carry, STR(" 1\n}\n{\n  \"a\"")), -1);
    close_reader();
}

TEST(other_layouts_are_not_cut)
{
    begin_text("json", "{\"a\":\n1}\n{\"a\":2}\n");
    CHECK_INT(made.format->cut(&made.carry, STR("1}\n{\"a\":2}")), -1);
    close_reader();
}

/* ---- the event whole ---- */

TEST(renders_on_one_line_with_everything_in_order)
{
    begin_text("json",
               "{ \"b\" : [ 1 , -2.50e3, { } , [ ] , null ],\n \"a\" : { \"x\\/y\" : true } }");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(rendered(), "{\"b\":[1,-2.50e3,{},[],null],\"a\":{\"x/y\":true}}");
    close_reader();
}

TEST(all_values_are_given_in_order_without_names)
{
    begin_text("json", "{\"x\":\"\\u0041\",\"y\":[1,true,null,{\"z\":\"last\"}]}");
    CHECK(take() == STEP_EVENT);
    CHECK_STR(all_values_text(), "A|1|true|last|");
    CHECK_INT(made.values, 4);
    close_reader();
}
