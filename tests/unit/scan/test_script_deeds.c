/* test_script_deeds.c */
#include "script_kit.h"

static uint32_t points(enum script_deed deed, const char *code, bool small)
{
    return signs_of(SCRIPT_PHP, code, small).at[deed].points;
}

TEST(what_is_escaped_is_hardly_a_sign)
{
    kit_open();
    CHECK_INT(points(DEED_COMMANDS, "system('x '.escapeshellarg($_GET[1]));", true), 2);
    CHECK_INT(points(DEED_COMMANDS, "system('x '.$_GET[1]);", true), 9);
    kit_close();
}

TEST(files_whose_ending_is_fixed_are_no_scripts)
{
    kit_open();
    CHECK_INT(points(DEED_WRITES, "file_put_contents($_GET[1].'.json', $_GET[2]);", true), 1);
    CHECK_INT(points(DEED_WRITES, "file_put_contents($_GET[1].'.php', $_GET[2]);", true), 8);
    CHECK_INT(points(DEED_WRITES, "file_put_contents('a.php', $_GET[2]);", true), 7);
    CHECK_INT(points(DEED_WRITES, "file_put_contents('a.php', $_GET[2]);", false), 4);
    kit_close();
}

TEST(a_name_that_is_fixed_says_what_is_called)
{
    kit_open();
    CHECK_INT(points(DEED_CALLS, "$f = 'trim'; $f($_GET[1]);", true), 0);
    CHECK_INT(points(DEED_COMMANDS, "$f = 'system'; $f($_GET[1]);", true), 9);
    CHECK_INT(points(DEED_CALLS, "array_map('trim', $_GET);", true), 0);
    CHECK_INT(points(DEED_CALLS, "array_map('system', $_GET);", true), 9);
    CHECK_INT(points(DEED_CALLS, "array_map($_GET[1], $_GET);", false), 9);
    kit_close();
}

TEST(a_template_in_a_large_script_is_none_of_a_shell)
{
    kit_open();
    CHECK_INT(points(DEED_EVALUATES, "function f($x) { eval('return '.$x); } f($_GET[1]);", false),
              4);
    CHECK_INT(points(DEED_EVALUATES, "function f($x) { eval($x); } f($_GET[1]);", false), 8);
    kit_close();
}

TEST(members_are_not_the_functions_of_their_name)
{
    kit_open();
    CHECK_INT(points(DEED_COMMANDS, "$db->exec($_GET[1]);", true), 0);
    CHECK_INT(signs_of(SCRIPT_VBSCRIPT, "conn.Execute Request(1)", true).at[DEED_EVALUATES].points,
              0);
    kit_close();
}
