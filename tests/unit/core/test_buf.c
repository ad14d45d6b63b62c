/* test_buf.c */
#include "core/buf.h"
#include "testkit.h"

TEST(grows_and_prints)
{
    struct buf buf;

    buf_init(&buf, SIZE_MAX);
    buf_add(&buf, STR("n="));
    buf_add_u64(&buf, 18446744073709551615u);
    buf_add_char(&buf, ' ');
    buf_add_i64(&buf, INT64_MIN);
    buf_printf(&buf, " %s", "end");
    CHECK_STR(buf_str(&buf), "n=18446744073709551615 -9223372036854775808 end");
    buf_free(&buf);
}

TEST(adds_nothing_past_the_maximum_and_says_so)
{
    struct buf buf;

    buf_init(&buf, 300);
    for (int i = 0; i < 40; i++)
        buf_add(&buf, STR("0123456789"));
    CHECK(buf.full);
    CHECK_INT(buf.len, 300);
    buf_reset(&buf);
    CHECK(!buf.full);
    buf_add(&buf, STR("again"));
    CHECK_STR(buf_str(&buf), "again");
    buf_free(&buf);
}
