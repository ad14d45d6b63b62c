/* test_json_write.c - strings as JSON: always valid, and safe on a screen. */
#include "codec/json.h"
#include "codec/utf.h"

#include "testkit.h"

static struct buf out;

static struct str written(struct str s)
{
    buf_free(&out);
    buf_init(&out, 1 << 20);
    json_write_str(&out, s);
    return buf_str(&out);
}

TEST(plain_text_is_quoted_only)
{
    CHECK_STR(written(STR("")), "\"\"");
    CHECK_STR(written(STR("abc /~ 'x'")), "\"abc /~ 'x'\"");
    buf_free(&out);
}

TEST(quotes_and_backslashes_are_escaped)
{
    CHECK_STR(written(STR("C:\\a \"b\"")), "\"C:\\\\a \\\"b\\\"\"");
    CHECK_STR(written(STR("\"")), "\"\\\"\"");
    CHECK_STR(written(STR("x\\")), "\"x\\\\\"");
    buf_free(&out);
}

TEST(control_characters_have_short_or_long_escapes)
{
    CHECK_STR(written(STR("\b\t\n\f\r")), "\"\\b\\t\\n\\f\\r\"");
    CHECK_STR(written(STR("\0\x01\x1b\x1f")), "\"\\u0000\\u0001\\u001b\\u001f\"");
    CHECK_STR(written(STR("a\x7f"
                          "b")),
              "\"a\\u007fb\"");
    buf_free(&out);
}

TEST(well_formed_utf8_stays)
{
    CHECK_STR(written(STR("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")),
              "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
    CHECK_STR(written(STR("\xef\xbf\xbd")), "\"\xef\xbf\xbd\"");
    buf_free(&out);
}

TEST(ill_formed_utf8_becomes_replacements)
{
    CHECK_STR(written(STR("a\xff"
                          "b")),
              "\"a\xef\xbf\xbd"
              "b\"");
    CHECK_STR(written(STR("\xc3")), "\"\xef\xbf\xbd\"");
    CHECK_STR(written(STR("\xe2\x82")), "\"\xef\xbf\xbd\""); /* one maximal part */
    CHECK_STR(written(STR("\xe2\x82\"")), "\"\xef\xbf\xbd\\\"\"");
    CHECK_STR(written(STR("\xc0\xaf")), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    CHECK_STR(written(STR("\xed\xa0\x80")), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    CHECK_STR(written(STR("\xf0\x9f\x98")), "\"\xef\xbf\xbd\"");
    buf_free(&out);
}

TEST(what_reorders_a_line_is_escaped)
{
    CHECK_STR(written(STR("a\xe2\x80\xae"
                          "b")),
              "\"a\\u202eb\"");
    CHECK_STR(written(STR("\xe2\x80\xa8\xe2\x80\xa9")), "\"\\u2028\\u2029\"");
    CHECK_STR(written(STR("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f")), "\"\\u061c\\u200e\\u200f\"");
    CHECK_STR(written(STR("\xe2\x81\xa6\xe2\x81\xa9")), "\"\\u2066\\u2069\"");
    CHECK_STR(written(STR("\xc2\x85\xc2\x9b")), "\"\\u0085\\u009b\"");           /* C1: NEL, CSI */
    CHECK_STR(written(STR("\xe2\x80\x90\xc2\xa0")), "\"\xe2\x80\x90\xc2\xa0\""); /* next to them */
    buf_free(&out);
}

/* What needs an escape stands at any place of a text that is longer than what is taken at once. */
TEST(what_needs_an_escape_is_found_anywhere)
{
    static const struct {
        const char *text, *escaped;
    } cases[] = {{"\"", "\\\""}, {"\\", "\\\\"},           {"\x01", "\\u0001"},
                 {"\n", "\\n"},  {"\x7f", "\\u007f"},      {"\xff", "\xef\xbf\xbd"},
                 {"~ ", "~ "},   {"\xc3\xa9", "\xc3\xa9"}, {"\xe2\x80\xae", "\\u202e"}};
    struct buf text, expected;

    buf_init(&text, 1 << 10);
    buf_init(&expected, 1 << 10);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        for (size_t at = 0; at < 40; at++) {
            buf_reset(&text);
            buf_reset(&expected);
            buf_printf(&text, "%.*s%s%s%.*s", (int)at, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop",
                       cases[i].text, cases[i].text, (int)(40 - at),
                       "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOP");
            buf_printf(&expected, "\"%.*s%s%s%.*s\"", (int)at,
                       "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop", cases[i].escaped,
                       cases[i].escaped, (int)(40 - at),
                       "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOP");
            CHECK(str_eq(written(buf_str(&text)), buf_str(&expected)));
        }
    }
    buf_free(&text);
    buf_free(&expected);
    buf_free(&out);
}

/* Units at random, most of them plain: the same as of the text that they are. */
TEST(utf16_is_written_like_its_text)
{
    static const uint16_t others[] = {'"',    '\\',   0,      '\n',   0x1f,   0x7f,   0x80,
                                      0x9f,   0xe9,   0x202e, 0x20ac, 0xd800, 0xdbff, 0xdc00,
                                      0xdfff, 0xd83d, 0xde00, 0xfffd, 0xffff, 0xfeff, 0x8041};
    uint8_t wide[60];
    char text[UTF8_SIZE_OF_UTF16(sizeof(wide))];
    struct buf direct;
    uint32_t dice = 1;

    buf_init(&direct, 1 << 10);
    for (unsigned i = 0; i < 50000; i++) {
        size_t len = i % sizeof(wide);
        for (size_t at = 0; at + 1 < sizeof(wide); at += 2) {
            dice = dice * 1664525 + 1013904223;
            unsigned unit = (dice >> 28) < 3 ? others[(dice >> 16) % ARRAY_COUNT(others)]
                                             : 'a' + (dice >> 16) % 26;
            wide[at] = (uint8_t)unit;
            wide[at + 1] = (uint8_t)(unit >> 8);
        }
        buf_reset(&direct);
        json_write_utf16(&direct, wide, len);
        CHECK(str_eq(buf_str(&direct),
                     written((struct str){text, utf16le_to_utf8(wide, len, text)})));
    }
    buf_free(&direct);
    buf_free(&out);
}

TEST(every_byte_gives_valid_json_that_reads_back)
{
    for (unsigned c = 0; c < 256; c++) {
        char text[3] = {'a', (char)c, 'z'}, back[64];
        struct str json = written((struct str){text, 3});
        const char *why;
        CHECK(json_is_valid(json, &why));
        size_t len = json_unescape(str_slice(json, 1, json.len - 1), back);
        if (c < 0x80)
            CHECK(str_eq((struct str){back, len}, (struct str){text, 3}));
        else
            CHECK_STR(((struct str){back, len}), "a\xef\xbf\xbdz");
    }
    buf_free(&out);
}

TEST(every_character_reads_back)
{
    for (uint32_t c = 0x80; c < 0x11000; c += c < 0x3000 ? 1 : 37) {
        char text[4], back[16];
        size_t len = 0;
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        if (c < 0x800) {
            text[len++] = (char)(0xc0 | c >> 6);
        } else if (c < 0x10000) {
            text[len++] = (char)(0xe0 | c >> 12);
            text[len++] = (char)(0x80 | (c >> 6 & 0x3f));
        } else {
            text[len++] = (char)(0xf0 | c >> 18);
            text[len++] = (char)(0x80 | (c >> 12 & 0x3f));
            text[len++] = (char)(0x80 | (c >> 6 & 0x3f));
        }
        text[len++] = (char)(0x80 | (c & 0x3f));
        struct str json = written((struct str){text, len});
        size_t back_len = json_unescape(str_slice(json, 1, json.len - 1), back);
        if (!str_eq((struct str){back, back_len}, (struct str){text, len}))
            TESTKIT_FAIL("U+%04X does not read back", c);
    }
    buf_free(&out);
}

TEST(a_full_buffer_says_so)
{
    buf_free(&out);
    buf_init(&out, 4);
    json_write_str(&out, STR("abcdef"));
    CHECK(out.full);
    CHECK(out.len <= 4);
    buf_free(&out);
}

TEST(valid_json_stays_but_for_what_reorders)
{
    static const char *const same[] = {
        "{\"a\":[1,2.50e3,null,true],\"\\u202e\":\"\\n\xc3\xa9\xf0\x9f\x98\x80\"}", "\"\"", "0",
        ""};

    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
        buf_free(&out);
        buf_init(&out, 1 << 20);
        json_write_valid(&out, str_from(same[i]));
        CHECK(str_eq(buf_str(&out), str_from(same[i])));
    }
    buf_reset(&out);
    json_write_valid(&out, STR("{\"a\xe2\x80\xae\":\"\x7f\xc2\x9b"
                               "b\xe2\x80\xa8\"}"));
    CHECK_STR(buf_str(&out), "{\"a\\u202e\":\"\\u007f\\u009bb\\u2028\"}");
    buf_free(&out);
}
