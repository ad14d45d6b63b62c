/* test_script_calls.c */
#include "script_kit.h"

TEST(names_are_found_by_language_in_any_case)
{
    kit_open();
    CHECK_INT(script_call_role(script_call_find(&kit.calls, SCRIPT_PHP, STR("Shell_Exec"))),
              ROLE_COMMAND);
    CHECK_INT(script_call_role(script_call_find(&kit.calls, SCRIPT_JAVA, STR("defineClass"))),
              ROLE_DEFINE);
    CHECK_INT(script_call_role(script_call_find(&kit.calls, SCRIPT_VBSCRIPT, STR("Execute"))),
              ROLE_CODE);
    CHECK_INT(script_call_find(&kit.calls, SCRIPT_JAVA, STR("shell_exec")), 0);
    CHECK_INT(script_call_find(&kit.calls, SCRIPT_PHP, STR("")), 0);
    CHECK_INT(script_call_find(&kit.calls, SCRIPT_PHP,
                               STR("a_name_that_is_longer_than_any_name_of_a_language_can_be")),
              0);
    CHECK_INT(script_call(0)->role, ROLE_NONE);
    kit_close();
}
