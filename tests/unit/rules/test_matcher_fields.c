/* test_matcher_fields.c - rules/matcher_fields: searching with and without memory. */
#include "rule_maker.h"

TEST(answers_the_same_from_memory)
{
    make_begin();
    rule(is("a", "*needle*"));
    rule(is("b", "*needle*"));
    rule(is("a", "x?z"));
    make_plan();
    for (int i = 0; i < 3; i++) {
        CHECK(matches("a", "a Needle!") && hits[0] == set.rules[0]);
        CHECK(matches("b", "a Needle!") && hits[0] == set.rules[1]);
        CHECK(matches("a", "xyz") && hits[0] == set.rules[2]);
        CHECK(!matches("a", "xy"));
        CHECK(!matches("c", "a Needle!"));
    }
    make_end();
}

TEST(answers_values_that_never_repeat)
{
    make_begin();
    rule(is("a", "*77*"));
    make_plan();
    for (unsigned i = 0; i < 200000; i++) {
        char text[32];
        int len = snprintf(text, sizeof(text), "value %u", i);
        event_begin();
        with_value("a", value_string((struct str){text, (size_t)len}));
        CHECK((run() > 0) == (strstr(text, "77") != NULL));
    }
    make_end();
}

TEST(searches_long_values)
{
    size_t size = (size_t)3 << 20;
    char *text = malloc(size);

    make_begin();
    rule(is("a", "*needle"));
    rule(re("a", "x{20}y", 0));
    make_plan();
    memset(text, 'x', size);
    memcpy(text + size - 7, "yNeedle", 7);
    event_begin();
    with_value("a", value_string((struct str){text, size}));
    CHECK_INT(run(), 2);
    make_end();
    free(text);
}

TEST(starts_marks_over)
{
    make_begin();
    rule(is("a", "*x*"));
    make_plan();
    CHECK(matches("a", "1 x"));
    matcher->search = UINT32_MAX - 1;
    for (int i = 0; i < 4; i++) {
        char text[] = "? x";
        text[0] = (char)('a' + i);
        CHECK(matches("a", text));
    }
    matcher->epoch = (UINT32_MAX >> 1) - 1;
    for (int i = 0; i < 4; i++) {
        CHECK(matches("a", "1 x"));
        CHECK(!matches("b", "1 x"));
    }
    make_end();
}

TEST(looks_behind_what_all_texts_have_in_common)
{
    char pattern[100], value[100];

    make_begin();
    for (unsigned i = 0; i < 100; i++) {
        snprintf(pattern, sizeof(pattern), "*md5=%032x*", i * 7919);
        rule(is("hashes", pattern));
    }
    make_plan();
    CHECK(matcher->anchors[fields_find(&fields, STR("hashes"))]);
    for (unsigned i = 0; i < 100 * 7919; i += 17) {
        snprintf(value, sizeof(value), "SHA1=%040X,MD5=%032X", i, i);
        CHECK(matches("hashes", value) == (i % 7919 == 0));
    }
    make_end();
}
