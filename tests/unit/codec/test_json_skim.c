/* test_json_skim.c - the strings of valid JSON, with the names that they go by. */
#include "codec/json.h"

#include "testkit.h"

static struct str skimmed(struct str json)
{
    static struct buf out;
    struct json_skim skim;
    struct json_text text;
    const char *why;

    CHECK(json_is_valid(json, &why));
    buf_free(&out);
    buf_init(&out, 1 << 20);
    json_skim_open(&skim, json);
    while (json_skim_next(&skim, &text)) {
        buf_printf(&out, "%.*s=%.*s%s;", STR_ARG(text.name), STR_ARG(text.text),
                   text.escaped ? "!" : "");
    }
    return buf_str(&out);
}

TEST(gives_each_string_by_its_name)
{
    CHECK_STR(skimmed(STR("{\"a\":\"b\",\"c\":1,\"d\":{\"e\" : \"f\"},\"g\":null,\"h\":\"\"}")),
              "a=b;e=f;h=;");
    CHECK_STR(skimmed(STR("\"alone\"")), "=alone;");
    CHECK_STR(skimmed(STR("{}")), "");
    CHECK_STR(skimmed(STR("{\"\":\"nameless\"}")), "=nameless;");
}

TEST(members_of_a_list_go_by_its_name)
{
    CHECK_STR(skimmed(STR("{\"l\":[\"a\",\"b\",{\"m\":\"c\"},\"d\",[\"e\"],\"f\"],\"n\":\"g\"}")),
              "l=a;l=b;m=c;l=d;=e;=f;n=g;");
    CHECK_STR(skimmed(STR("{\"l\":[\"a\"],\"o\":{\"\":\"b\",\"x\\n\":\"c\"}}")), "l=a;=b;=c;");
}

TEST(escapes_are_left_and_told)
{
    CHECK_STR(skimmed(STR("{\"a\":\"\\\\\",\"b\":\"x\\\"y\",\"c\\\"\":\"z\"}")),
              "a=\\\\!;b=x\\\"y!;=z;");
}

/* Quotes and backslashes at every place of a text that is longer than what is looked at at once. */
TEST(ends_are_found_anywhere)
{
    char text[64];
    struct buf json, expected;

    buf_init(&json, 1 << 10);
    buf_init(&expected, 1 << 10);
    for (int at = 0; at < 40; at++) {
        memset(text, 'x', sizeof(text));
        buf_reset(&json);
        buf_reset(&expected);
        buf_printf(&json, "[\"%.*s\\\\\\\"%.*s\",\"next\"]", at, text, 40 - at, text);
        buf_printf(&expected, "=%.*s\\\\\\\"%.*s!;=next;", at, text, 40 - at, text);
        CHECK(str_eq(skimmed(buf_str(&json)), buf_str(&expected)));
    }
    buf_free(&json);
    buf_free(&expected);
}

/* What is not valid gives nonsense, but nothing behind its end is read. */
TEST(stays_inside_of_what_is_not_valid)
{
    static const char *const texts[] = {"\"",       "\"a",  "\"a\\", "{\"a\":\"",
                                        "]]]\"a\"", "\\\\", "{\"a\""};

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct json_skim skim;
        struct json_text text;
        size_t len = strlen(texts[i]);
        char *block = malloc(len);
        CHECK(block);
        memcpy(block, texts[i], len);
        json_skim_open(&skim, (struct str){block, len});
        while (json_skim_next(&skim, &text))
            CHECK(text.text.at >= block && text.text.at + text.text.len <= block + len);
        free(block);
    }
}

static struct str leaves_of(struct str json)
{
    static struct buf out;
    struct json_value leaves[8];
    const char *why;

    CHECK(json_is_valid(json, &why));
    buf_free(&out);
    buf_init(&out, 1 << 20);
    uint32_t count = json_values(json, leaves, 8);
    for (uint32_t i = 0; i < count; i++)
        buf_printf(&out, "%.*s<%.*s<%.*s=%.*s%s;", STR_ARG(leaves[i].name),
                   STR_ARG(leaves[i].parent), STR_ARG(leaves[i].grandparent),
                   STR_ARG(leaves[i].text), leaves[i].escaped ? "!" : "");
    return buf_str(&out);
}

TEST(leaves_are_all_values_under_their_names)
{
    CHECK_STR(leaves_of(STR(
                  "{\"a\":1,\"b\":{\"c\":true,\"d\":{\"e\":\"x\\n\"}},\"f\":null,\"g\":-1.5e3}")),
              "a<<=1;c<b<=true;e<d<b=x\\n!;g<<=-1.5e3;");
    CHECK_STR(leaves_of(STR("{\"a\":{\"#text\":[\"x\",7, false ],\"b\":[{\"c\":\"y\"},[\"z\"]]}}")),
              "#text<a<=x;#text<a<=7;#text<a<=false;c<b<b=y;b<b<a=z;");
    CHECK_STR(leaves_of(STR("[1,\"a\"]")), "<<=1;<<=a;");
    CHECK_STR(leaves_of(STR("\"a\"")), "<<=a;");
    CHECK_STR(leaves_of(STR("{}")), "");
    CHECK_STR(leaves_of(STR("[1,2,3,4,5,6,7,8,9]")), "<<=1;<<=2;<<=3;<<=4;<<=5;<<=6;<<=7;<<=8;");
    CHECK_STR(leaves_of(STR("{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]],\"b\":2}")), "");
}
