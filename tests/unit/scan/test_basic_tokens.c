/* test_basic_tokens.c */
#include "script_kit.h"

TEST(lines_are_statements)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_VBSCRIPT, "a = 1 ' c\nb _\n = 2 : c"), "a = 1 ; b = 2 ; c");
    CHECK_STR(tokens_of(SCRIPT_VBSCRIPT, "If a Then b Else c"), "If a ; b ; c");
    CHECK_STR(tokens_of(SCRIPT_VBSCRIPT, "Rem x\n[a b] & \"x\"\"y\""), "; a b . 'x\"\"y'");
    CHECK_STR(tokens_of(SCRIPT_VBSCRIPT, "a &= b And Not c"), "a A b L L c");
    kit_close();
}

TEST(members_of_what_with_names)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_VBSCRIPT, "With a.b\n.c d\nEnd With"),
              "With a M b ; With M c d ; End With");
    kit_close();
}

TEST(texts_end_with_their_line)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_VBSCRIPT, "a = \"b\nc"), "a = 'b' ; c");
    CHECK_STR(tokens_of(SCRIPT_VBSCRIPT, "[a"), "a");
    kit_close();
}
