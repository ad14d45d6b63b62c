/* test_program.c - os/program: the same all the time, and enough to tell programs apart. */
#include "os/program.h"

#include "testkit.h"

TEST(identifies_the_program_and_its_libraries)
{
    struct buf one, other;

    buf_init(&one, 1 << 20);
    buf_init(&other, 1 << 20);
    program_identify(&one);
    program_identify(&other);
    CHECK(str_eq(buf_str(&one), buf_str(&other)));
    CHECK(str_contains(buf_str(&one), STR("libc.so.6\n")));
    struct str rest = buf_str(&one);
    str_cut(&rest, '\n'); /* the program itself has no name here */
    CHECK(str_cut(&rest, '\n').len > 10);
    CHECK(!one.full);
    buf_free(&one);
    buf_free(&other);
}
