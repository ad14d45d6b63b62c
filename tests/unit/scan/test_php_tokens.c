/* test_php_tokens.c */
#include "script_kit.h"

TEST(comments_and_tags)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_PHP, "a // b ?> c"), "a");
    CHECK_STR(tokens_of(SCRIPT_PHP, "a # b\n/* c\n*/ d"), "a d");
    CHECK_INT(kit.tokens.at[1].line, 3);
    CHECK_STR(tokens_of(SCRIPT_PHP, "\\A\\b\\c() and d instanceof e"), "c ( ) L d E e");
    CHECK_INT(script_tokenize(&kit.tokens, SCRIPT_PHP, STR("a ?>text"), 1), 4);
    kit_close();
}

TEST(values_inside_texts_come_apart)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_PHP, "\"a $b c\""), "( 'a ' . $b . ' c' )");
    CHECK_STR(tokens_of(SCRIPT_PHP, "\"{$b['k']}\""), "( $b [ 'k' ] )");
    CHECK_STR(tokens_of(SCRIPT_PHP, "\"$b[k]${c}$d->e\\$f\""),
              "( $b [ 'k' ] . $c . $d . '->e$f' )");
    CHECK_STR(tokens_of(SCRIPT_PHP, "'$a\\'b'"), "'$a\\'b'");
    CHECK_STR(tokens_of(SCRIPT_PHP, "`ls $a`"), "shell_exec ( 'ls ' . $a )");
    kit_close();
}

TEST(heredocs)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_PHP, "f(<<<A\nx $y\nA\n);g"), "f ( ( 'x ' . $y . '\n' ) ) ; g");
    CHECK_STR(tokens_of(SCRIPT_PHP, "<<<'A'\n$x\nAB\n A;b"), "'$x\nAB\n' ; b");
    CHECK_STR(tokens_of(SCRIPT_PHP, "<<<A\nnever ends"), "'never ends'");
    kit_close();
}

TEST(texts_that_do_not_end_are_read_to_the_end)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_PHP, "'abc"), "'abc'");
    CHECK_STR(tokens_of(SCRIPT_PHP, "\"abc\\"), "'abc\\'");
    CHECK_STR(tokens_of(SCRIPT_PHP, "\"{$a"), "( $a )");
    CHECK_STR(tokens_of(SCRIPT_PHP, "/* a"), "");
    kit_close();
}
