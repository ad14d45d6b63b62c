/* test_deflate.c */
#include "codec/deflate.h"
#include "testkit.h"

TEST(bytes_come_back)
{
    struct buf out;
    char back[64];

    buf_init(&out, SIZE_MAX / 2);
    deflate_bytes(STR("seawall seawall seawall seawall"), &out);
    CHECK(out.len > 0 && out.len < 31);
    CHECK(inflate_bytes(buf_str(&out), back, 31));
    CHECK(memcmp(back, "seawall seawall seawall seawall", 31) == 0);
    CHECK(!inflate_bytes(buf_str(&out), back, 32));
    CHECK(!inflate_bytes(buf_str(&out), back, 30));
    CHECK(!inflate_bytes(str_slice(buf_str(&out), 0, out.len - 1), back, 31));
    buf_free(&out);
}

TEST(what_does_not_fit_is_left_out)
{
    struct buf out;

    buf_init(&out, 4);
    deflate_bytes(STR("seawall"), &out);
    CHECK(out.full && out.len == 0);
    buf_reset(&out);
    base64_add(STR("1234567"), &out);
    CHECK(out.full && out.len == 0);
    buf_free(&out);
}

/* The cases of RFC 4648, section 10. */
TEST(base64)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    struct buf out;

    buf_init(&out, 100);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        buf_reset(&out);
        base64_add(str_from(cases[i][0]), &out);
        CHECK(str_eq(buf_str(&out), str_from(cases[i][1])));
    }
    buf_reset(&out);
    base64_add(STR("\xff\xfe\xfd"), &out);
    CHECK_STR(buf_str(&out), "//79");
    buf_free(&out);
}
