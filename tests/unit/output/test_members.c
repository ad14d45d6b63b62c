/* test_members.c */
#include "output/members.h"
#include "testkit.h"

TEST(commas_come_by_themselves)
{
    struct str texts[] = {STR("a"), STR("b\"")};
    const uint32_t numbers[] = {1, 2};
    const struct str_list list = {texts, 2};
    struct buf out;

    buf_init(&out, 1000);
    buf_add_char(&out, '{');
    member_text(&out, "t", STR("x"));
    member_number(&out, "n", 7);
    member_flag(&out, "f", false);
    member_texts(&out, "l", &list);
    member_numbers(&out, "m", numbers, 2);
    member_open(&out, "o", '[');
    member_open(&out, NULL, '{');
    buf_add_char(&out, '}');
    member_open(&out, NULL, '[');
    buf_add(&out, STR("]]}"));
    CHECK_STR(buf_str(&out), "{\"t\":\"x\",\"n\":7,\"f\":false,\"l\":[\"a\",\"b\\\"\"],"
                             "\"m\":[1,2],\"o\":[{},[]]}");
    buf_free(&out);
}
