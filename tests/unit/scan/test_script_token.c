/* test_script_token.c */
#include "script_kit.h"

TEST(brackets_know_their_partners)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_PHP, "f($a[1],{2})"), "f ( $a [ 1 ] , { 2 } )");
    CHECK_INT(kit.tokens.at[1].pair, 10);
    CHECK_INT(kit.tokens.at[10].pair, 1);
    CHECK_INT(kit.tokens.at[3].pair, 5);
    kit_close();
}

TEST(brackets_that_do_not_fit_have_none)
{
    kit_open();
    tokens_of(SCRIPT_PHP, "( [ )");
    CHECK_INT(kit.tokens.at[0].pair, 2);
    CHECK_INT(kit.tokens.at[1].pair, TOKEN_ALONE);
    tokens_of(SCRIPT_PHP, ") ( (");
    CHECK_INT(kit.tokens.at[0].pair, TOKEN_ALONE);
    CHECK_INT(kit.tokens.at[1].pair, TOKEN_ALONE);
    CHECK_INT(kit.tokens.at[2].pair, TOKEN_ALONE);
    kit_close();
}

TEST(operators_are_told_apart)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_PHP, "$a .= $b . $c === $d ?? $e ?: 1 => 2;"),
              "$a A $b . $c E $d O $e O 1 R 2 ;");
    CHECK_STR(tokens_of(SCRIPT_JAVA, "a.b += c >> 1"), "a M b A c + 1");
    kit_close();
}

TEST(escapes_are_undone)
{
    bool escaped;

    kit_open();
    CHECK_STR(token_unescape(STR("\\x61\\163\\u{73}\\u0065\\x72t\\n\\$"), kit.arena, &escaped),
              "assert\n$");
    CHECK(escaped);
    CHECK_STR(token_unescape(STR("C:\\\\x \\q"), kit.arena, &escaped), "C:\\x q");
    CHECK(!escaped);
    kit_close();
}

TEST(more_tokens_than_can_be_held_are_told)
{
    struct buf code;

    kit_open();
    buf_init(&code, 8u << 20);
    for (unsigned i = 0; i < TOKENS_MAX; i++)
        buf_add(&code, STR("(1)"));
    size_t used = script_tokenize(&kit.tokens, SCRIPT_JAVA, buf_str(&code), 1);
    script_tokens_finish(&kit.tokens);
    CHECK(kit.tokens.full);
    CHECK_INT(kit.tokens.count, TOKENS_MAX);
    CHECK_INT(used, code.len);
    buf_free(&code);
    kit_close();
}
