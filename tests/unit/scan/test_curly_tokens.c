/* test_curly_tokens.c */
#include "script_kit.h"

TEST(names_texts_and_comments)
{
    kit_open();
    CHECK_STR(tokens_of(SCRIPT_JAVA, "a$b.c(\"x\\ty\") // d\n/* e */ f"), "a$b M c ( 'x\ty' ) f");
    CHECK_STR(tokens_of(SCRIPT_CSHARP, "@\"a\\\"\"b\" + 'c'"), "'a\\\"\"b' + 'c'");
    CHECK_STR(tokens_of(SCRIPT_JSCRIPT, "\"a"), "'a'");
    CHECK_STR(tokens_of(SCRIPT_JSCRIPT, "/* a"), "");
    kit_close();
}
