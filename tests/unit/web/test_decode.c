/* test_decode.c */
#include "web/decode.h"

#include "testkit.h"

static struct str decoded(const char *text, bool plus)
{
    static char out[WEB_VALUE_BYTES_MAX];

    return web_decode(str_from(text), plus, out);
}

TEST(undoes_what_servers_undo)
{
    static const struct {
        const char *given, *expected;
    } cases[] = {
        {"Plain", "plain"},
        {"a%20B", "a b"},
        {"%253Cb%253e", "<b>"},
        {"%25253c", "<"},
        {"%u003cb%U0022", "<b\""},
        {"%c0%ae%C0%AF", "./"},
        {"%e0%80%af", "/"},
        {"&lt;x&#62;&#x3C;&quot;&amp;", "<x><\"&"},
        {"&#60", "<"},
        {"%26lt%3b", "<"},
        {"%", "%"},
        {"%2", "%2"},
        {"%zz%u12", "%zz%u12"},
        {"&nothing;&#;&#x;", "&nothing;&#;&#x;"},
        {"a+b", "a b"},
        {"%EF%BC%9Cx", "\xef\xbc\x9cx"},
        {"%uff1cx", "<x"},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(str_eq(decoded(cases[i].given, true), str_from(cases[i].expected)));
    CHECK_STR(decoded("a+b", false), "a+b");
}

TEST(what_is_long_is_cut)
{
    static char text[WEB_VALUE_BYTES_MAX + 10];

    memset(text, 'a', sizeof(text) - 1);
    CHECK_INT(decoded(text, true).len, WEB_VALUE_BYTES_MAX);
}
