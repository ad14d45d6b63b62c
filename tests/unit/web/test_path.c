/* test_path.c */
#include "attack_kit.h"

TEST(attacks_are_seen)
{
    static const char *const values[] = {
        "../../etc/passwd",
        "..\\..\\windows",
        "/a/../../b",
        "....//....//etc",
        "0x2e0x2e0x2f0x2e0x2e0x2f",
        "a/../b",
        "/..;/manager",
        "..;/..;/x",
        "%c0%ae%c0%ae/x/../y",
        "/images/..x/y",
        "................x",
        "/....x",
        "/////x",
    };

    CHECK_ATTACKS(judge_path, values);
}

TEST(ordinary_texts_are_not)
{
    static const char *const values[] = {
        "index.html",         "a.b.c", "/a/b/c", "../style.css", "1..10", "wait...", "v1.2.3",
        "http://example.org", "a//b",  "c:",     "etc.",         "...",
    };

    CHECK_NO_ATTACKS(judge_path, values);
}
