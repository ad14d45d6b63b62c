/* test_regex_weight.c - match/regex_weight: repeats multiply, whatever they stand behind. */
#include "match/regex_weight.h"

#include "testkit.h"

TEST(characters_and_classes_count_once)
{
    CHECK_INT(regex_weight(STR("")), 0);
    CHECK_INT(regex_weight(STR("abc")), 3);
    CHECK_INT(regex_weight(STR("a\\.c\\d")), 4);
    CHECK_INT(regex_weight(STR("[a-z][^]x]")), 2);
    CHECK_INT(regex_weight(STR("[\\]x{9}]y")), 2);
    CHECK_INT(regex_weight(STR("a*b+c?d|e")), 5);
    CHECK_INT(regex_weight(STR("(ab|cd)")), 4);
}

TEST(repeats_multiply)
{
    CHECK_INT(regex_weight(STR("a{3}")), 3);
    CHECK_INT(regex_weight(STR("xa{3,}y")), 5);
    CHECK_INT(regex_weight(STR("a{3,10}")), 10);
    CHECK_INT(regex_weight(STR("a{0}b")), 2);
    CHECK_INT(regex_weight(STR("[a-z]{100}x.{100}")), 201);
    CHECK_INT(regex_weight(STR("(ab|c.d){1000}x")), 5001);
    CHECK_INT(regex_weight(STR("((a{1,30}b{1,30}){1,30}c){1,20}")), 36020);
    CHECK_INT(regex_weight(STR("a{2}{3}")), 6);
}

TEST(braces_that_are_no_repeats_are_text)
{
    CHECK_INT(regex_weight(STR("a{")), 2);
    CHECK_INT(regex_weight(STR("a{x}")), 4);
    CHECK_INT(regex_weight(STR("a{,5}")), 5);
    CHECK_INT(regex_weight(STR("\\{5}")), 3);
    CHECK_INT(regex_weight(STR("{5}")), 0);
}

TEST(there_is_a_largest_weight)
{
    CHECK_INT(regex_weight(STR("((((a{1000}){1000}){1000}){1000}){1000}")), REGEX_WEIGHT_MAX);
    CHECK_INT(regex_weight(STR("a{99999999999999999999}")), 23);
}

TEST(broken_expressions_do_no_harm)
{
    CHECK_INT(regex_weight(STR("(((a")), 1);
    CHECK_INT(regex_weight(STR("a)))b{2}")), 6);
    CHECK_INT(regex_weight(STR("[abc")), 1);
    CHECK_INT(regex_weight(STR("[")), 1);
    CHECK_INT(regex_weight(STR("abc\\")), 4);
    CHECK_INT(regex_weight(STR("[\\")), 1);
}

TEST(nesting_without_end_is_fine)
{
    char text[3000];

    memset(text, '(', 1000);
    memset(text + 1000, 'a', 1000);
    memset(text + 2000, ')', 1000);
    CHECK(regex_weight((struct str){text, 3000}) >= 1000);
}
