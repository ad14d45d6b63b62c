/* test_json_check.c - one pass over a JSON text says what the reader says of it. */
#include "codec/json.h"

#include "core/limits.h"

#include "testkit.h"

static bool reads(struct str text)
{
    struct json_reader reader;
    struct str value;

    json_open(&reader, text, true, true);
    return json_take_value(&reader, &value) && json_next(&reader).kind == JSON_END;
}

/* Of its size exactly, so that a read behind its end shows. */
static void check_same(struct str text)
{
    const char *why = NULL;
    char *block = malloc(text.len ? text.len : 1);

    CHECK(block);
    if (text.len)
        memcpy(block, text.at, text.len);
    struct str copy = {block, text.len};
    bool valid = json_is_valid(copy, &why);
    CHECK(valid == reads(copy));
    CHECK(valid || why);
    free(block);
}

static const char *const texts[] = {
    "{\"Event\":{\"System\":{\"EventID\":1,\"Computer\":\"PC-01.example\"},\"x\":[1,-2.5e+10,null]}"
    "}",
    " [ true , false , null , 0 , -0.0E-1 , \"\" , {} , [] , [ [ { \"a\" : [ ] } ] ] ] ",
    "\"C:\\\\Windows\\\\System32\\\\cmd.exe \\u00e9\\ud83d\\ude00 \\\"quoted\\\" "
    "\\/\\b\\f\\n\\r\\t\"",
    "{\"Schl\xc3\xbcssel, der lang genug ist\":\"Wert \xe2\x82\xac \xf0\x9f\x98\x80 und noch mehr "
    "davon\"}",
    "12345678901234567890123456789012345678901234567890.5",
    "\"sixteen bytes it\"",
    "[\"a\\\"\",\"\\\\\",\"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"]",
};

TEST(what_is_cut_anywhere_is_judged_the_same)
{
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct str text = str_from(texts[i]);
        CHECK(reads(text));
        for (size_t len = 0; len <= text.len; len++)
            check_same(str_slice(text, 0, len));
    }
}

TEST(what_is_changed_anywhere_is_judged_the_same)
{
    static const char others[] = "\0\x1f\x7f\x80\xc3\xff\"\\{}[]:,0-.eE+tfnu \n";

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        char changed[256];
        struct str text = str_from(texts[i]);
        CHECK(text.len <= sizeof(changed));
        for (size_t at = 0; at < text.len; at++) {
            for (size_t other = 0; other < sizeof(others) - 1; other++) {
                memcpy(changed, text.at, text.len);
                changed[at] = others[other];
                check_same((struct str){changed, text.len});
            }
        }
    }
}

TEST(depth_ends_where_that_of_the_reader_does)
{
    static char text[2 * JSON_DEPTH_MAX + 4];

    for (size_t depth = JSON_DEPTH_MAX - 1; depth <= JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        check_same((struct str){text, 2 * depth});
        CHECK(reads((struct str){text, 2 * depth}) == (depth <= JSON_DEPTH_MAX));
        check_same((struct str){text, 2 * depth - 1});
    }
}
