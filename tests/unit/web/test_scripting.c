/* test_scripting.c */
#include "attack_kit.h"

TEST(attacks_are_seen)
{
    static const char *const values[] = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "' onmouseover=alert(1) '",
        "<svg/onload=alert(1)>",
        "<a href=\"vbscript:x\">",
        "<iframe src=//evil>",
        "\" autofocus onfocus=alert(1) x=\"",
        "<b>bold</b>",
        "</title><script>",
        "confirm(1)",
        "<x onclick=1>",
        "<body onload!#$%&()*~+-_.,:;?@[/|\\]^`=alert(1)>",
    };

    CHECK_ATTACKS(judge_script, values);
}

TEST(ordinary_texts_are_not)
{
    static const char *const values[] = {
        "a < b and c > d",
        "5 <3",
        "price: 10",
        "(maybe)",
        "mailto:a@example.org",
        "x=y",
        "tom's \"bar\"",
        "http://example.org/a?b=c",
        "on time",
        "online=true",
        "f(x)",
        "<",
        "1<2",
        "i <3 you",
        "time: 10:30",
    };

    CHECK_NO_ATTACKS(judge_script, values);
}
