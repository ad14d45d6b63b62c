/* test_level.c */
#include "model/level.h"
#include "testkit.h"

TEST(names_and_levels_agree)
{
    enum level level;

    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        CHECK(level_parse(level_name((enum level)i), &level));
        CHECK_INT(level, i);
    }
    CHECK(!level_parse(STR("High"), &level));
}
