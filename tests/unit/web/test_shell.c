/* test_shell.c */
#include "web/payload.h"

#include "testkit.h"

static struct attack judged(const char *value)
{
    struct str text = str_from(value);
    struct attack attack = {0};

    judge_command(text, &attack);
    return attack;
}

TEST(attacks_are_seen)
{
    static const char *const values[] = {
        ";id",
        "|cat /etc/x",
        "`whoami`",
        "$(uname -a)",
        "a;ls -la",
        "&& ping -c 1 127.0.0.1",
        "/usr/bin/id",
        "cat /etc/hosts",
        "127.0.0.1;nc${ifs}1.2.3.4",
        "() { :;}; /bin/echo x",
        "w'h'oami;|whoami",
        "x|powershell -enc a",
        "ping -n 3 127.0.0.1",
        "a\nid\n",
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
        "id",
        "cat",
        "find me",
        "tom & jerry",
        "a; b",
        "more of it",
        "who is it",
        "sort|name",
        "id|name",
        "rock & roll",
        "a=b&c=d",
        "set menu",
        "what time is it?",
        "true",
        "usr",
        "compatible; msie 7.0; windows",
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct attack attack = judged(values[i]);
        if (attack.points >= ATTACK_SURE)
            TESTKIT_FAIL("%u points, %s: %s", attack.points, attack.reason, values[i]);
    }
}
