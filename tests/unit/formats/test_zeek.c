/* test_zeek.c - logs of Zeek: what the header says, and the values it describes. */
#include "testkit.h"

#include "event_reader.h"

#define HEAD                                                                                       \
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"    \
    "#fields\tts\ta\tuser.name\tb\tnamed\n#types\ttime\tcount\tstring\tset[string]\tbool\n"

TEST(gives_the_names_and_types_of_zeek_in_json)
{
    begin_text("zeek", HEAD "1795341600.123456\t53\tx\\x09y\tp,q\\x2cr\tT\n#close\t2026\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("a"), "53");
    CHECK_STR(field("user.name"), "x\ty");
    CHECK_STR(nth("b", 0), "p");
    CHECK_STR(nth("b", 1), "q,r");
    CHECK_STR(time_text(), "2026-11-22T10:00:00.123456000Z");
    CHECK_INT(made.event->line, 8);
    CHECK_STR(rendered(), "{\"_path\":\"dns\",\"ts\":1795341600.123456,\"a\":53,\"user.name\":"
                          "\"x\\ty\",\"b\":[\"p\",\"q,r\"],\"named\":true}");
    CHECK_STR(all_values_text(), "1795341600.123456\t53\tx\\x09y\tp,q\\x2cr\tT|");
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(what_is_not_set_is_absent_and_empty_is_empty)
{
    begin_text("zeek", HEAD "-\t-\t(empty)\t(empty)\t-\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK(!made.event->has_time);
    CHECK_STR(rendered(), "{\"_path\":\"dns\",\"user.name\":\"\"}");
    close_reader();
}

TEST(what_is_no_value_of_its_type_is_text)
{
    begin_text("zeek", HEAD "x\tnan\t\\xff\t\tmaybe\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(rendered(), "{\"_path\":\"dns\",\"ts\":\"x\",\"a\":\"nan\",\"user.name\":\"\\\\xff\","
                          "\"named\":\"maybe\"}");
    close_reader();
}

TEST(a_header_may_come_again)
{
    begin_text("zeek", HEAD "#separator |\n#path|http\n#fields|a|b\n1|2\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(rendered(), "{\"_path\":\"http\",\"a\":\"1\",\"b\":\"2\"}");
    close_reader();
}

TEST(lines_that_fit_no_header_are_lost)
{
    begin_text("zeek", "1\t2\n#fields\ta\tb\n1\n1\t2\n1\t2\t3\n");
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "no header says what the fields are");
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "a line has not the fields of its header");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(too_many_fields_are_no_header)
{
    struct buf text;

    buf_init(&text, 1 << 16);
    buf_add(&text, STR("#fields"));
    for (unsigned i = 0; i < 600; i++)
        buf_add(&text, STR("\tx"));
    buf_add(&text, STR("\n1\t2\n"));
    begin_bytes("zeek", text.at, text.len);
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_INT(take(), STEP_END);
    close_reader();
    buf_free(&text);
}

TEST(is_known_by_its_first_line)
{
    const struct format *zeek = format_by_name(STR("zeek"));

    CHECK_INT(zeek->probe(STR(HEAD)), 95);
    CHECK_INT(zeek->probe(STR("#fields\tts\tuid\n")), 80);
    CHECK_INT(zeek->probe(STR("#Fields: date time\n")), 0);
    CHECK_INT(zeek->probe(STR("ts\tuid\n1\t2\n")), 0);
}
