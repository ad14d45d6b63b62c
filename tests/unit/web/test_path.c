/* test_path.c */
#include "web/payload.h"

#include "testkit.h"

static struct attack judged(const char *value)
{
    struct str text = str_from(value);
    struct attack attack = {0};

    judge_path(text, &attack);
    return attack;
}

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

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct attack attack = judged(values[i]);
        if (attack.points < ATTACK_SURE || !attack.reason)
            TESTKIT_FAIL("%u points: %s", attack.points, values[i]);
    }
}

TEST(ordinary_texts_are_not)
{
    static const char *const values[] = {
        "index.html",         "a.b.c", "/a/b/c", "../style.css", "1..10", "wait...", "v1.2.3",
        "http://example.org", "a//b",  "c:",     "etc.",         "...",
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct attack attack = judged(values[i]);
        if (attack.points >= ATTACK_SURE)
            TESTKIT_FAIL("%u points, %s: %s", attack.points, attack.reason, values[i]);
    }
}
