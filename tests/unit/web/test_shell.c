/* test_shell.c */
#include "attack_kit.h"

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

    CHECK_ATTACKS(judge_command, values);
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

    CHECK_NO_ATTACKS(judge_command, values);
}
