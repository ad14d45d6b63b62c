/* test_movement.c */
#include "model/movement.h"
#include "testkit.h"

TEST(every_kind_has_a_name)
{
    for (unsigned i = 0; i < LOGON_KINDS; i++)
        CHECK(logon_kind_name((enum logon_kind)i).len > 0);
    CHECK_STR(logon_kind_name(LOGON_REMOTE), "remote desktop");
}
