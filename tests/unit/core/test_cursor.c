/* test_cursor.c */
#include "core/cursor.h"
#include "testkit.h"

TEST(reads_little_endian)
{
    struct cursor c = cursor_over("\x01\x02\x03\x04\x05\x06\x07\x08\xff\xfe\x01", 11);

    CHECK(cursor_u64(&c) == 0x0807060504030201u);
    CHECK_INT(cursor_u16(&c), 0xfeff);
    CHECK_INT(cursor_u8(&c), 1);
    CHECK(!c.failed);
    CHECK_INT(cursor_left(&c), 0);
}

TEST(a_read_past_the_end_fails_for_good)
{
    struct cursor c = cursor_over("abc", 3);

    CHECK_INT(cursor_u32(&c), 0);
    CHECK(c.failed);
    CHECK_INT(cursor_u8(&c), 0);
    CHECK_INT(cursor_offset(&c), 0);
    CHECK_INT(cursor_take_str(&c, 1).len, 0);
}

TEST(seeks_within_its_bytes_only)
{
    struct cursor c = cursor_over("abc", 3);

    cursor_seek(&c, 3);
    CHECK(!c.failed);
    cursor_seek(&c, 4);
    CHECK(c.failed);
}
