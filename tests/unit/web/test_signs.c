/* test_signs.c */
#include "web/signs.h"

#include "testkit.h"

static struct signs signs;
static struct attack attacks[ATTACK_CLASSES];

static void look(const char *text)
{
    signs_init(&signs);
    memset(attacks, 0, sizeof(attacks));
    signs_find(&signs, str_from(text), attacks);
}

TEST(every_sign_is_found_in_its_class)
{
#define SIGN(kind, text, weight, why)                                                              \
    look("a " text " b");                                                                          \
    CHECK(attacks[ATTACK_##kind].points >= (weight));                                              \
    CHECK(attacks[ATTACK_##kind].reason != NULL);                                                  \
    CHECK(!signs_none(&signs, STR("a " text " b")));
#include "web/signs.def"
#undef SIGN
}

TEST(each_counts_once)
{
    look("/etc/passwd and /etc/passwd");
    uint32_t points = attacks[ATTACK_PATH].points;
    look("/etc/passwd");
    CHECK_INT(attacks[ATTACK_PATH].points, points);
}

TEST(at_the_ends)
{
    look("<?php");
    CHECK(attacks[ATTACK_EXPRESSION].points > 0);
    look("<?ph");
    CHECK_INT(attacks[ATTACK_EXPRESSION].points, 0);
    look("");
    look("ab");
}

TEST(most_texts_have_none)
{
    static const char *const plain[] = {"",           "a",       "index.html", "/a/b/c.png",
                                        "2026-11-27", "A_b~c,d", "a@b.c",      "5"};
    static const char *const others[] = {"a b",   "a..b", "a//b", "ETC/PASSWD",
                                         "/.ENV", "a%41", "x=y",  "usr/bin/id"};
    char run[200];

    signs_init(&signs);
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (!signs_none(&signs, str_from(plain[i])))
            TESTKIT_FAIL("not plain: %s", plain[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        CHECK(!signs_none(&signs, str_from(others[i])));
    memset(run, 'x', sizeof(run));
    for (size_t from = 0; from < 33; from++)
        CHECK(!signs_none(&signs, (struct str){run + from, LONG_RUN + 40}));
    CHECK(signs_none(&signs, (struct str){run, LONG_RUN / 2 - 1}));
}
