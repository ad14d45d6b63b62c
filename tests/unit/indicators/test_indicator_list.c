/* test_indicator_list.c: lines, comments, and lines with more than one word. */
#include "set_maker.h"

TEST(one_per_line)
{
    CHECK(make_set(STR("# feed\n\n; old style\n203.0.113.7\r\n hxxp://evil[.]example/a \n"
                       "evil.example\nD41D8CD98F00B204E9800998ECF8427E")));
    CHECK_STR(listed(), "address 203.0.113.7, URL http://evil.example/a, domain evil.example, "
                        "hash d41d8cd98f00b204e9800998ecf8427e");
    CHECK_STR(made.file.form, "list");
    CHECK_INT(made.file.used, 4);
    CHECK_INT(made.file.unusable + made.file.ignored + made.file.doubted, 0);
}

TEST(comments_say_what_it_is_about)
{
    CHECK(make_set(STR("evil.example # Example Group\nbad.example # Example Group\n"
                       "http://a.example/#x\nc.example\t#\n")));
    CHECK_INT(indicator_set_count(made.set), 4);
    CHECK_STR(described(0).title, "Domain evil.example is an indicator of Example Group");
    CHECK_STR(described(1).title, "Domain bad.example is an indicator of Example Group");
    CHECK_STR(described(2).title, "URL http://a.example/ is listed in feed");
    CHECK_STR(described(3).title, "Domain c.example is listed in feed");
}

TEST(lines_of_several_words)
{
    CHECK(make_set(STR("0.0.0.0 evil.example\n127.0.0.1\tbad.example\n203.0.113.7 2026-11-22\n"
                       "my tool.exe\nnothing of this is one\n")));
    CHECK_STR(listed(), "domain evil.example, domain bad.example, address 203.0.113.7, "
                        "file name my tool.exe");
    CHECK_STR(remarked(INDICATOR_UNUSABLE),
              "not an address, domain, URL, hash, file name or mail address: 1");
}

TEST(tells_what_it_cannot_use)
{
    CHECK(make_set(STR("co.uk\ncom.au\nlocalhost\n10.0.0.1\nevil.example\nevil.example\n")));
    CHECK_INT(made.file.used, 3);
    CHECK_INT(made.file.unusable, 3);
    CHECK_INT(indicator_set_duplicates(made.set), 1);
    CHECK_STR(remarked(INDICATOR_UNUSABLE),
              "a public suffix: 2, "
              "not an address, domain, URL, hash, file name or mail address: 1");
    CHECK_STR(remarked(INDICATOR_DOUBTED), "a private or reserved address: 1");
    CHECK_STR(made.file.remarks[0].example, "co.uk");
}
