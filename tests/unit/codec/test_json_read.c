/* test_json_read.c - the pull reader: what it takes and refuses, and that it hands out slices. */
#include "codec/json.h"

#include "core/limits.h"

#include "testkit.h"

static struct json_reader reader;

static void open_text(const char *text)
{
    json_open(&reader, str_from(text), true, true);
}

static bool valid_bytes(struct str text)
{
    const char *why = NULL;
    char *block = malloc(text.len ? text.len : 1); /* exactly its size: a read behind it shows */

    if (!block)
        abort();
    memcpy(block, text.at, text.len);
    bool valid = json_is_valid((struct str){block, text.len}, &why);
    CHECK(valid || why);
    free(block);
    return valid;
}

static bool valid(const char *text)
{
    return valid_bytes(str_from(text));
}

static const char *why_not(const char *text)
{
    const char *why = "";

    CHECK(!json_is_valid(str_from(text), &why));
    return why;
}

static struct str unescaped(const char *text)
{
    static char out[256];
    struct str s = str_from(text);

    return (struct str){out, json_unescape(s, out)};
}

TEST(walks_an_object_member_by_member)
{
    open_text(" {\"a\": 1, \"b\\n\" : \"x\\ty\",\"c\":[true,null] } ");
    CHECK_INT(json_next(&reader).kind, JSON_OBJECT);
    struct json_token token = json_next(&reader);
    CHECK_INT(token.kind, JSON_NUMBER);
    CHECK_STR(token.key, "a");
    CHECK_STR(token.text, "1");
    CHECK(!token.key_escaped);
    token = json_next(&reader);
    CHECK_INT(token.kind, JSON_STRING);
    CHECK_STR(token.key, "b\\n");
    CHECK_STR(token.text, "x\\ty");
    CHECK(token.key_escaped && token.escaped);
    token = json_next(&reader);
    CHECK_INT(token.kind, JSON_ARRAY);
    CHECK_STR(token.key, "c");
    token = json_next(&reader);
    CHECK_INT(token.kind, JSON_TRUE);
    CHECK_STR(token.text, "true");
    CHECK_STR(token.key, "");
    CHECK_INT(json_next(&reader).kind, JSON_NULL);
    CHECK_INT(json_next(&reader).kind, JSON_END);
    CHECK_INT(json_next(&reader).kind, JSON_END);
    CHECK_INT(reader.depth, 0);
    CHECK_INT(json_next(&reader).kind, JSON_END);
}

TEST(text_is_a_slice_of_the_input)
{
    const char *text = "[\"abc\", -12.5e+3]";

    open_text(text);
    json_next(&reader);
    CHECK(json_next(&reader).text.at == text + 2);
    CHECK(json_next(&reader).text.at == text + 8);
}

TEST(takes_every_number_of_the_grammar)
{
    static const char *const good[] = {
        "0",    "-0",    "7",   "120",  "-3.25",   "0.5",   "1e5",
        "1E+5", "1e-05", "0e0", "10.0", "-0.0e-0", "1e999", "123456789012345678901234567890"};
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        if (!valid(good[i]))
            TESTKIT_FAIL("%s is refused", good[i]);
}

TEST(refuses_what_only_looks_like_a_number)
{
    static const char *const bad[] = {"01",   "-",     "+1",   ".5",  "1.",  "1.e3", "1e",
                                      "1e+",  "--1",   "0x10", "1_0", "-01", "NaN",  "Inf",
                                      "-Inf", "1,000", "1 2",  "１",  "-a",  "00",   "0.0.0"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (valid(bad[i]))
            TESTKIT_FAIL("%s is accepted", bad[i]);
}

TEST(refuses_broken_structure)
{
    static const char *const bad[] = {
        "",      " ",       "{",      "}",         "[",         "]",          "[1,]",
        "[,1]",  "[1 2]",   "[1,,2]", "{,}",       "{\"a\"}",   "{\"a\":}",   "{\"a\":1,}",
        "{a:1}", "{'a':1}", "{1:2}",  "{\"a\" 1}", "{\"a\":1]", "[1}",        "{} {}",
        "[] x",  "nul",     "nulll",  "True",      "tru e",     "[\"a\":1]",  "{\"a\":1 \"b\":2}",
        "//\n1", "[1]/**/", "\"a",    "\"a\\",     "undefined", "{\"a\"::1}", "\xef\xbb\xbf[]",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (valid(bad[i]))
            TESTKIT_FAIL("%s is accepted", bad[i]);
}

TEST(only_json_blanks_are_blanks)
{
    CHECK(valid("\t\r\n [\n1 ,\t2\r] \n"));
    CHECK(!valid("\v[]"));
    CHECK(!valid("[]\f"));
    CHECK(!valid("\xc2\xa0[]"));
}

TEST(nul_is_no_blank_and_no_end)
{
    CHECK(!valid_bytes(STR("[]\0")));
    CHECK(!valid_bytes(STR("\0[]")));
    CHECK(!valid_bytes(STR("[1\0]")));
    CHECK(!valid_bytes(STR("\"a\0b\"")));
    CHECK(!valid_bytes(STR("\"\\\0\"")));
}

TEST(a_control_character_in_a_string_is_found_at_every_place)
{
    for (size_t place = 0; place < 40; place++) {
        char text[42];
        memset(text, 'x', sizeof(text));
        text[0] = text[41] = '"';
        CHECK(valid_bytes((struct str){text, sizeof(text)}));
        text[1 + place] = '\x1f';
        CHECK(!valid_bytes((struct str){text, sizeof(text)}));
        text[1 + place] = '\x7f'; /* not a control character for JSON */
        CHECK(valid_bytes((struct str){text, sizeof(text)}));
    }
}

TEST(escapes_are_those_of_the_grammar)
{
    CHECK(valid("\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9 \\uD83D\\uDE00 \\uABCD\\uabcd\""));
    CHECK(!valid("\"\\x41\""));
    CHECK(!valid("\"\\'\""));
    CHECK(!valid("\"\\a\""));
    CHECK(!valid("\"\\u12\""));
    CHECK(!valid("\"\\u12g4\""));
    CHECK(!valid("\"\\U0041\""));
    CHECK(!valid("\"\\\n\""));
}

TEST(an_escaped_quote_does_not_end_the_string)
{
    open_text("[\"a\\\\\",\"b\\\"c\"]");
    json_next(&reader);
    CHECK_STR(json_next(&reader).text, "a\\\\");
    CHECK_STR(json_next(&reader).text, "b\\\"c");
    CHECK_INT(json_next(&reader).kind, JSON_END);
}

TEST(strict_reading_refuses_ill_formed_utf8)
{
    CHECK(valid("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""));
    CHECK(valid("\"\xef\xbf\xbd\"")); /* U+FFFD itself is a character like any other */
    CHECK(!valid("\"\xff\""));
    CHECK(!valid("\"\xc3\""));
    CHECK(!valid("\"\xc0\xaf\""));         /* overlong */
    CHECK(!valid("\"\xed\xa0\x80\""));     /* surrogate */
    CHECK(!valid("\"\xf4\x90\x80\x80\"")); /* above U+10FFFF */
    CHECK(!valid("{\"\x80\":1}"));
}

TEST(lenient_reading_passes_ill_formed_utf8_on)
{
    json_open(&reader, STR("[\"a\xff\x62\"]"), true, false);
    json_next(&reader);
    struct json_token token = json_next(&reader);
    CHECK_INT(token.kind, JSON_STRING);
    CHECK_STR(token.text, "a\xff\x62");
    CHECK_INT(json_next(&reader).kind, JSON_END);
}

TEST(depth_ends_at_the_limit)
{
    char text[2 * (JSON_DEPTH_MAX + 1) + 1];

    memset(text, '[', JSON_DEPTH_MAX);
    memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    CHECK(valid_bytes((struct str){text, 2 * JSON_DEPTH_MAX}));
    memset(text, '[', JSON_DEPTH_MAX + 1);
    memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    text[sizeof(text) - 1] = '\0';
    CHECK(!valid(text));
    CHECK_STR(str_from(why_not(text)), "nested too deeply");
}

TEST(depth_can_be_set_lower)
{
    open_text("[[[]]]");
    reader.depth_max = 2;
    CHECK_INT(json_next(&reader).kind, JSON_ARRAY);
    CHECK_INT(json_next(&reader).kind, JSON_ARRAY);
    CHECK_INT(json_next(&reader).kind, JSON_BROKEN);
}

TEST(objects_and_arrays_keep_their_kind_at_every_depth)
{
    struct buf text;

    buf_init(&text, 1 << 10);
    for (unsigned i = 0; i < 35; i++)
        buf_add(&text, STR("{\"a\":["));
    CHECK(!valid_bytes(buf_str(&text)));
    for (unsigned i = 0; i < 35; i++)
        buf_add(&text, STR("]}"));
    CHECK(valid_bytes(buf_str(&text)));
    text.at[text.len - 1] = ']';
    CHECK(!valid_bytes(buf_str(&text)));
    buf_free(&text);
}

TEST(a_prefix_asks_for_more_and_never_breaks)
{
    static const char whole[] =
        "{\"key\\u0041\": [1, -2.5e+7, true, false, null, \"\xf0\x9f\x98\x80\\ud83d\\ude00\"]}";

    for (size_t len = 0; len < sizeof(whole) - 1; len++) {
        struct str value;
        char *block = malloc(len + 1);
        if (!block)
            abort();
        memcpy(block, whole, len);
        json_open(&reader, (struct str){block, len}, false, true);
        bool taken = json_take_value(&reader, &value);
        enum json_kind kind = json_next(&reader).kind;
        if (taken || (kind != JSON_MORE && len > 0))
            TESTKIT_FAIL("prefix of %zu bytes gives %d", len, (int)kind);
        free(block);
    }
}

TEST(the_same_prefix_is_broken_where_nothing_follows)
{
    CHECK_STR(str_from(why_not("[1,")), "ends inside an array");
    CHECK_STR(str_from(why_not("{\"a\":")), "ends inside an object");
    CHECK_STR(str_from(why_not("[\"abc")), "ends inside a value");
    CHECK_STR(str_from(why_not("[tru")), "ends inside a value");
    CHECK_STR(str_from(why_not("")), "no value");
}

TEST(a_number_at_the_end_may_go_on)
{
    json_open(&reader, STR("12"), false, true);
    CHECK_INT(json_next(&reader).kind, JSON_MORE);
    json_open(&reader, STR("12"), true, true);
    struct json_token token = json_next(&reader);
    CHECK_INT(token.kind, JSON_NUMBER);
    CHECK_STR(token.text, "12");
    json_open(&reader, STR("12 "), false, true);
    CHECK_INT(json_next(&reader).kind, JSON_NUMBER);
}

TEST(being_broken_or_short_stays)
{
    open_text("[1 2]");
    json_next(&reader);
    json_next(&reader);
    CHECK_INT(json_next(&reader).kind, JSON_BROKEN);
    CHECK_STR(str_from(reader.why), "no comma between values");
    CHECK_INT(json_next(&reader).kind, JSON_BROKEN);
    CHECK(!json_skip(&reader));
    json_open(&reader, STR("[\"a"), false, true);
    json_next(&reader);
    CHECK_INT(json_next(&reader).kind, JSON_MORE);
    CHECK(!json_skip(&reader));
    CHECK_INT(json_next(&reader).kind, JSON_MORE);
}

TEST(a_place_is_named_where_it_breaks)
{
    open_text("{\"a\": 1, \"b\": bad}");
    json_next(&reader);
    json_next(&reader);
    CHECK_INT(json_next(&reader).kind, JSON_BROKEN);
    CHECK_INT(reader.at - reader.start, 14);
    CHECK_STR(str_from(reader.why), "no value where one must stand");
}

TEST(skips_the_rest_of_what_was_entered)
{
    open_text("{\"a\": {\"x\": [1, {\"y\": 2}], \"z\": 3}, \"b\": 4}");
    json_next(&reader);
    CHECK_INT(json_next(&reader).kind, JSON_OBJECT);
    CHECK_INT(json_next(&reader).kind, JSON_ARRAY);
    CHECK_INT(json_next(&reader).kind, JSON_NUMBER);
    CHECK(json_skip(&reader)); /* the array */
    CHECK(json_skip(&reader)); /* a */
    struct json_token token = json_next(&reader);
    CHECK_STR(token.key, "b");
    CHECK_STR(token.text, "4");
}

TEST(skipping_checks_what_it_passes_over)
{
    open_text("[[1, 02], 3]");
    json_next(&reader);
    json_next(&reader);
    CHECK(!json_skip(&reader));
    CHECK_INT(json_next(&reader).kind, JSON_BROKEN);
    CHECK(reader.why != NULL);
}

TEST(takes_whole_values_with_their_exact_bytes)
{
    struct str value;

    open_text("  {\"a\" : [ 1 ]}  \"b\"7[]");
    CHECK(json_take_value(&reader, &value));
    CHECK_STR(value, "{\"a\" : [ 1 ]}");
    CHECK(json_take_value(&reader, &value));
    CHECK_STR(value, "\"b\"");
    CHECK(json_take_value(&reader, &value));
    CHECK_STR(value, "7");
    CHECK(json_take_value(&reader, &value));
    CHECK_STR(value, "[]");
    CHECK(!json_take_value(&reader, &value));
    CHECK_INT(json_next(&reader).kind, JSON_END);
}

TEST(values_of_depth_0_follow_each_other)
{
    open_text("{}\n[] 1");
    CHECK_INT(json_next(&reader).kind, JSON_OBJECT);
    CHECK_INT(json_next(&reader).kind, JSON_END);
    CHECK_INT(json_next(&reader).kind, JSON_ARRAY);
    CHECK_INT(json_next(&reader).kind, JSON_END);
    CHECK_INT(json_next(&reader).kind, JSON_NUMBER);
    CHECK_INT(json_next(&reader).kind, JSON_END);
    CHECK_INT(json_next(&reader).kind, JSON_END);
}

TEST(more_text_behind_the_value_is_refused)
{
    CHECK_STR(str_from(why_not("{} {}")), "more text behind the value");
    CHECK_STR(str_from(why_not("1 x")), "more text behind the value");
}

TEST(unescapes_names_and_units)
{
    CHECK_STR(unescaped("plain"), "plain");
    CHECK_STR(unescaped(""), "");
    CHECK_STR(unescaped("\\\"\\\\\\/\\b\\f\\n\\r\\t"), "\"\\/\b\f\n\r\t");
    CHECK_STR(unescaped("a\\u0000b"), "a\0b");
    CHECK_STR(unescaped("\\u00E9\\u20ac"), "\xc3\xa9\xe2\x82\xac");
    CHECK_STR(unescaped("\\ud83d\\ude00!"), "\xf0\x9f\x98\x80!");
}

TEST(unpaired_surrogates_become_replacements)
{
    CHECK_STR(unescaped("\\ud83d"), "\xef\xbf\xbd");
    CHECK_STR(unescaped("\\ude00x"), "\xef\xbf\xbdx");
    CHECK_STR(unescaped("\\ude00\\ud83d"), "\xef\xbf\xbd\xef\xbf\xbd");
    CHECK_STR(unescaped("\\ud83d\\ud83d\\ude00"), "\xef\xbf\xbd\xf0\x9f\x98\x80");
    CHECK_STR(unescaped("\\ud83dude00"), "\xef\xbf\xbdude00");
    CHECK_STR(unescaped("\\ud83d\\n"), "\xef\xbf\xbd\n");
    CHECK_STR(unescaped("\\ud83d\\u0041"), "\xef\xbf\xbd"
                                           "A");
}

TEST(unescaping_never_needs_more_room_than_its_text)
{
    static const char *const texts[] = {"\\ud83d\\ude00", "\\uffff\\uffff", "\\u0800",
                                        "\\ud800\\ud800", "a\\tb",          "\\u0000"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct str s = str_from(texts[i]);
        char *out = malloc(s.len);
        if (!out)
            abort();
        CHECK(json_unescape(s, out) <= s.len); /* AddressSanitizer watches */
        free(out);
    }
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789ABCD"

/* Bytes are moved several at a time: an escape may stand at any place of them. */
TEST(unescaping_is_the_same_wherever_escapes_stand)
{
    static const char *const kinds[][2] = {
        {"\\\\", "\\"}, {"\\n", "\n"}, {"\\u0041", "A"}, {"\\\"\\/", "\"/"}};

    for (size_t len = 0; len < 40 * ARRAY_COUNT(kinds); len++) {
        const char *const *kind = kinds[len / 40];
        size_t whole = len % 40;
        for (size_t at = 0; at <= whole; at++) {
            char text[128], expected[128];
            size_t size = (size_t)snprintf(text, sizeof(text), "%.*s%s%.*s", (int)at, LETTERS,
                                           kind[0], (int)(whole - at), LETTERS);
            snprintf(expected, sizeof(expected), "%.*s%s%.*s", (int)at, LETTERS, kind[1],
                     (int)(whole - at), LETTERS);
            char *out = malloc(size); /* AddressSanitizer watches */
            CHECK(out);
            struct str plain = {out, json_unescape((struct str){text, size}, out)};
            CHECK(str_eq(plain, str_from(expected)));
            free(out);
        }
    }
}

/* Every length, with something special at every place. */
TEST(strings_are_judged_the_same_wherever_something_stands)
{
    static const char *const good[] = {"", "\\\"", "\\\\", "\\u00e9", "\xc3\xa9"};
    static const char *const bad[] = {"\x1f", "\\x", "\xc3", "\\", "\"", "\\u00g0"};
    const size_t kinds = ARRAY_COUNT(good) + ARRAY_COUNT(bad);
    const char *why;

    for (size_t len = 0; len < 40 * kinds; len++) {
        size_t kind = len / 40, whole = len % 40;
        bool is_good = kind < ARRAY_COUNT(good);
        const char *special = is_good ? good[kind] : bad[kind - ARRAY_COUNT(good)];
        for (size_t at = 0; at <= whole; at++) {
            char text[128];
            size_t size = (size_t)snprintf(text, sizeof(text), "\"%.*s%s%.*s\"", (int)at, LETTERS,
                                           special, (int)(whole - at),
                                           "ghijklmnopqrstuvwxyz"
                                           "0123456789ABCDEFGHIJ");
            char *exact = malloc(size); /* AddressSanitizer watches */
            CHECK(exact);
            memcpy(exact, text, size);
            if (json_is_valid((struct str){exact, size}, &why) != is_good)
                TESTKIT_FAIL("%s is judged wrongly", text);
            free(exact);
        }
    }
}
