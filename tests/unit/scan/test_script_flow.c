/* test_script_flow.c */
#include "script_kit.h"

#define POINTS(language, code, deed) (signs_of(language, code, true).at[deed].points)

TEST(values_flow_through_statements)
{
    kit_open();
    CHECK_INT(POINTS(SCRIPT_PHP, "$a = $_GET[1]; $b = trim($a); eval($b);", DEED_EVALUATES), 10);
    CHECK_INT(POINTS(SCRIPT_PHP, "$a = isset($_GET[1]) ? 1 : 2; eval($a);", DEED_EVALUATES), 1);
    CHECK_INT(POINTS(SCRIPT_PHP, "$a = $_GET[1] == 2; system($a);", DEED_COMMANDS), 0);
    CHECK_INT(POINTS(SCRIPT_PHP, "$a = (int)$_GET[1]; system($a);", DEED_COMMANDS), 0);
    CHECK_INT(POINTS(SCRIPT_PHP, "list($a, $b) = $_POST; system($b);", DEED_COMMANDS), 9);
    CHECK_INT(POINTS(SCRIPT_PHP, "foreach ($_POST as $k => $v) system($v);", DEED_COMMANDS), 9);
    CHECK_INT(POINTS(SCRIPT_JSCRIPT, "for (k in Request) eval(k);", DEED_EVALUATES), 10);
    kit_close();
}

TEST(values_flow_through_functions)
{
    kit_open();
    CHECK_INT(
        POINTS(SCRIPT_PHP, "echo g($_GET[1]); function g($x) { return eval($x); }", DEED_EVALUATES),
        8);
    CHECK_INT(
        POINTS(SCRIPT_PHP, "function g($x) { return $x; } eval(g($_GET[1]));", DEED_EVALUATES), 10);
    CHECK_INT(POINTS(SCRIPT_PHP, "function g() { eval($x); } $x = $_GET[1];", DEED_EVALUATES), 1);
    CHECK_INT(
        POINTS(SCRIPT_PHP, "function g() { global $x; eval($x); } $x = $_GET[1];", DEED_EVALUATES),
        10);
    CHECK_INT(POINTS(SCRIPT_VBSCRIPT, "Function g(x)\ng = x\nEnd Function\nExecute g(Request(1))",
                     DEED_EVALUATES),
              10);
    CHECK_INT(POINTS(SCRIPT_JAVA,
                     "String g(String x) { return x; } "
                     "void s(R request) { r.exec(g(request.getParameter(\"a\"))); }",
                     DEED_COMMANDS),
              9);
    kit_close();
}

TEST(places_are_told)
{
    kit_open();
    struct script_signs signs = signs_of(SCRIPT_PHP, "\n\n$a = $_GET;\nsystem($a[0]);", true);
    CHECK_INT(signs.at[DEED_COMMANDS].line, 4);
    CHECK_STR(signs.at[DEED_COMMANDS].name, "system");
    CHECK_INT(signs.inputs, 1);
    CHECK_INT(signs.calls, 1);
    CHECK_INT(signs_of(SCRIPT_PHP, "include 'a.php'; require_once('b.php');", true).includes, 2);
    kit_close();
}

TEST(nesting_has_an_end)
{
    struct buf code;

    kit_open();
    buf_init(&code, 1 << 20);
    for (unsigned i = 0; i < 100000; i++)
        buf_add(&code, i < 50000 ? STR("a(") : STR(")"));
    buf_add_char(&code, 0);
    CHECK_INT(signs_of(SCRIPT_PHP, code.at, true).at[DEED_EVALUATES].points, 0);
    buf_reset(&code);
    for (unsigned i = 0; i < 50000; i++)
        buf_add(&code, STR("new "));
    buf_add_char(&code, 0);
    CHECK_INT(signs_of(SCRIPT_PHP, code.at, true).calls, 0);
    buf_free(&code);
    kit_close();
}
