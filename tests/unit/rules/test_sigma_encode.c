/* test_sigma_encode.c - UTF-16 and Base64 of a rule's values. */
#include "rule_maker.h"

static struct str base64(const char *text)
{
    return encode_base64(made, str_from(text));
}

static struct str offset(const char *text, unsigned at)
{
    return encode_base64_offset(made, str_from(text), at);
}

TEST(base64_of_the_standards_examples)
{
    load_begin();
    CHECK_STR(base64(""), ""); /* RFC 4648, section 10 */
    CHECK_STR(base64("f"), "Zg==");
    CHECK_STR(base64("fo"), "Zm8=");
    CHECK_STR(base64("foo"), "Zm9v");
    CHECK_STR(base64("foob"), "Zm9vYg==");
    CHECK_STR(base64("fooba"), "Zm9vYmE=");
    CHECK_STR(base64("foobar"), "Zm9vYmFy");
    CHECK_STR(encode_base64(made, STR("\xfb\xff\xbf\0")), "+/+/AA==");
    load_end();
}

TEST(offsets_keep_what_is_stable_only)
{
    load_begin();
    CHECK_STR(offset("foobar", 0), "Zm9vYmFy");
    CHECK_STR(offset("foobar", 1), "Zvb2Jhc"); /* "xfoobar" is eGZvb2Jhcg== */
    CHECK_STR(offset("foobar", 2), "mb29iYX"); /* "xxfoobar" is eHhmb29iYXI= */
    load_end();
}

TEST(a_short_text_has_offsets_without_anything)
{
    load_begin();
    CHECK_STR(offset("", 0), "");
    CHECK_STR(offset("", 1), "");
    CHECK_STR(offset("", 2), "");
    CHECK_STR(offset("a", 0), "Y");
    CHECK_STR(offset("a", 1), "");
    CHECK_STR(offset("a", 2), "h");
    CHECK_STR(offset("\xc3\xa9", 1), "Op"); /* bytes count, not characters */
    load_end();
}

/* Every form must occur in the Base64 of the text with anything around it. */
TEST(offsets_occur_whatever_stands_around)
{
    static const char *const texts[] = {"a", "ab", "abc", "http://", "IEX", "\xc3\xa9t\xc3\xa9"};

    load_begin();
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        for (unsigned round = 0; round < 64; round++) {
            char around[64];
            unsigned before = round % 4 + round / 16;
            memset(around, (int)(round * 37 + 1), sizeof(around));
            memcpy(around + before, texts[i], strlen(texts[i]));
            size_t len = before + strlen(texts[i]) + round % 5;
            struct str whole = encode_base64(made, (struct str){around, len});
            struct str form = offset(texts[i], before % 3);
            if (!str_contains(whole, form))
                TESTKIT_FAIL("%s behind %u bytes: %.*s is not in %.*s", texts[i], before,
                             STR_ARG(form), STR_ARG(whole));
        }
    }
    load_end();
}

TEST(utf16_in_both_orders_and_with_a_mark)
{
    load_begin();
    CHECK_STR(encode_text(made, STR("aB"), ENCODING_UTF8), "aB");
    CHECK_STR(encode_text(made, STR("aB"), ENCODING_UTF16LE), "a\0B\0");
    CHECK_STR(encode_text(made, STR("aB"), ENCODING_UTF16BE), "\0a\0B");
    CHECK_STR(encode_text(made, STR("aB"), ENCODING_UTF16_BOM), "\xff\xfe"
                                                                "a\0B\0");
    CHECK_STR(encode_text(made, STR(""), ENCODING_UTF16LE), "");
    CHECK_STR(encode_text(made, STR(""), ENCODING_UTF16_BOM), "\xff\xfe");
    load_end();
}

TEST(utf16_beyond_ascii_and_beyond_the_first_plane)
{
    load_begin();
    CHECK_STR(encode_text(made, STR("\xe2\x82\xac"), ENCODING_UTF16LE), "\xac\x20");
    CHECK_STR(encode_text(made, STR("\xf0\x9f\x98\x80"), ENCODING_UTF16LE), "\x3d\xd8\x00\xde");
    CHECK_STR(encode_text(made, STR("\xf0\x9f\x98\x80"), ENCODING_UTF16BE), "\xd8\x3d\xde\x00");
    load_end();
}
