/* test_indicator_file.c: telling the forms apart, encodings, and what all readers share. */
#include "indicators/indicator_file_priv.h"
#include "set_maker.h"

TEST(byte_order_marks)
{
    CHECK(make_set(STR("\xef\xbb\xbf"
                       "evil.example\n")));
    CHECK_STR(listed(), "domain evil.example");
    CHECK(make_set(STR("\xff\xfe"
                       "a\0.\0e\0x\0\n\0")));
    CHECK_STR(listed(), "domain a.ex");
}

TEST(what_is_no_list)
{
    CHECK(!make_set(STR("MZ\0\0\x90\0")));
    CHECK(make_set(STR("")));
    CHECK(make_set(STR(" \n")));
    CHECK_INT(indicator_set_count(made.set), 0);
}

TEST(of_too_many_reasons_the_last_stand_together)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    buf_add(&text, STR("type,indicator\n"));
    for (unsigned i = 0; i < 100; i++)
        buf_printf(&text, "type%u,x\n", i);
    CHECK(make_set(buf_str(&text)));
    CHECK_INT(made.file.remark_count, INDICATOR_REMARKS_MAX);
    CHECK_INT(made.file.unusable, 100);
    CHECK_INT(made.file.remarks[INDICATOR_REMARKS_MAX - 1].count, 100 - INDICATOR_REMARKS_MAX + 1);
    buf_free(&text);
}

TEST(texts_that_are_no_utf8)
{
    CHECK(make_set(STR("b\xff"
                       "d.example # \xff\n\xff\xff.exe\n")));
    CHECK_STR(remarked(INDICATOR_UNUSABLE), "no UTF-8: 2");
    CHECK_STR(made.file.remarks[0].example, "b\xef\xbf\xbd"
                                            "d.example");
}

TEST(technique_numbers)
{
    struct str technique;

    CHECK(indicator_technique(STR("Web Shell - T1505.003\""), &technique));
    CHECK_STR(technique, "T1505.003");
    CHECK(indicator_technique(STR("T1059"), &technique));
    CHECK_STR(technique, "T1059");
    CHECK(!indicator_technique(STR("T105"), &technique));
    CHECK(!indicator_technique(STR("XT1059"), &technique));
    CHECK(!indicator_technique(STR("T10590"), &technique));
}

TEST(members_of_objects)
{
    struct indicator_member members[] = {{STR("a"), STR_EMPTY}, {STR("b"), STR_EMPTY}};

    indicator_members(STR("{\"x\":{\"a\":1},\"a\":\"t\\n\",\"b\":[1,[2]],\"c\":null}"), members, 2);
    CHECK_STR(members[0].value, "\"t\\n\"");
    CHECK_STR(members[1].value, "[1,[2]]");
    indicator_members(STR("[]"), members, 2);
    CHECK_INT(members[0].value.len, 0);
}
