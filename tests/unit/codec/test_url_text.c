/* test_url_text.c - targets of requests as servers read them. */
#include "testkit.h"

#include "codec/url_text.h"

static struct arena *arena;

static struct str decoded(struct str text, bool in_query)
{
    if (!arena)
        arena = arena_new("url", 1 << 20);
    return url_decode(text, in_query, arena);
}

TEST(escapes_are_undone_once)
{
    CHECK_STR(decoded(STR("/a%20b%2Fc"), false), "/a b/c");
    CHECK_STR(decoded(STR("%3cscript%3E"), false), "<script>");
    CHECK_STR(decoded(STR("%253c"), false), "%3c");
    CHECK_STR(decoded(STR("%"), false), "%");
    CHECK_STR(decoded(STR("%4"), false), "%4");
    CHECK_STR(decoded(STR("%4g%41"), false), "%4gA");
    CHECK_STR(decoded(STR("%%41"), false), "%A");
}

TEST(plus_is_a_blank_in_the_query_alone)
{
    CHECK_STR(decoded(STR("/a+b?c+d%2B?e+f"), false), "/a+b?c d+?e f");
    CHECK_STR(decoded(STR("c+d"), true), "c d");
    CHECK_STR(decoded(STR("c+d"), false), "c+d");
}

TEST(what_has_nothing_to_undo_is_itself)
{
    struct str plain = STR("/index.html?a=b"), odd = STR("100%/+");

    CHECK(decoded(plain, false).at == plain.at);
    CHECK(decoded(odd, false).at == odd.at);
    CHECK(decoded(STR_EMPTY, true).len == 0);
}

TEST(bytes_that_are_no_text_are_replaced)
{
    CHECK_STR(decoded(STR("%c3%a9"), false), "\xc3\xa9");
    CHECK_STR(decoded(STR("a%ffb"), false), "a\xef\xbf\xbd"
                                            "b");
    CHECK_STR(decoded(STR("%c3"), false), "\xef\xbf\xbd");
    struct str nul = decoded(STR("a%00b"), false);
    CHECK(nul.len == 3 && nul.at[1] == '\0');
}
