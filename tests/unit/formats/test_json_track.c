/* test_json_track.c - reading along what was met before: the same as reading by the grammar. */
#include "testkit.h"

#include "event_reader.h"
#include "formats/json_priv.h"

static struct json_names names[JSON_SHAPES];
static struct json_leaves leaves;

static void begin(void)
{
    add_fields();
    for (unsigned i = 0; i < JSON_SHAPES; i++)
        json_names_init(&names[i], (enum json_shape)i, &made.fields);
}

static void end(void)
{
    for (unsigned i = 0; i < JSON_SHAPES; i++)
        json_names_free(&names[i]);
    free(leaves.at);
    leaves = (struct json_leaves){0};
    arena_free(made.fields_arena);
    memset(&made, 0, sizeof(made));
}

static void learn(const char *text)
{
    CHECK_INT(json_record_read(names, JSON_SHAPE_OTHER, str_from(text), true, &leaves),
              JSON_SHAPE_OTHER);
}

static size_t follow(const char *text)
{
    return json_track_follow(&names[JSON_SHAPE_OTHER], str_from(text), &leaves);
}

/* The leaves that were found: "path=text," each. */
static struct str found(void)
{
    static char out[4096];
    size_t len = 0;

    for (uint32_t i = 0; i < leaves.count; i++)
        len +=
            (size_t)snprintf(out + len, sizeof(out) - len, "%.*s=%.*s%s,",
                             STR_ARG(leaves.at[i].name->path), STR_ARG(leaves.at[i].text),
                             leaves.at[i].kind == JSON_STRING && leaves.at[i].escaped ? "!" : "");
    return (struct str){out, len};
}

TEST(nothing_is_known_at_first)
{
    begin();
    CHECK_INT(follow("{\"a\":1}"), 0);
    CHECK_INT(follow("{}"), 0);
    CHECK_INT(follow(""), 0);
    end();
}

TEST(what_was_met_once_is_followed)
{
    begin();
    learn("{\"a\":{\"b\":\"x\",\"c\":[1,true]},\"d\":null}");
    CHECK_INT(
        follow("{\"a\":{\"b\":\"a longer text than before\",\"c\":[-2.5e3,false]},\"d\":\"\"}"), 0);
    CHECK_INT(follow("{\"a\":{\"b\":\"yes \\\\ \\u00e9\",\"c\":[-2.5e3,false]},\"d\":0}  \n{\"a\""),
              52);
    CHECK_STR(found(), "a.b=yes \\\\ \\u00e9!,a.c=-2.5e3,a.c=false,d=0,");
    end();
}

TEST(ways_that_start_alike_are_told_apart)
{
    begin();
    learn("{\"a\":1,\"b\":2}");
    learn("{\"a\":1,\"b\":\"2\"}");
    learn("{\"a\":1,\"b\": 2}");
    learn("{\"a\":1,\"b\":[]}");
    learn("{\"a\":1,\"b\":[3]}");
    learn("{\"a\":1}");
    CHECK_INT(follow("{\"a\":5,\"b\":6}"), 13);
    CHECK_INT(follow("{\"a\":5,\"b\":\"6\"}"), 15);
    CHECK_STR(found(), "a=5,b=6,");
    CHECK_INT(follow("{\"a\":5,\"b\": 6}"), 14);
    CHECK_INT(follow("{\"a\":5,\"b\":[]}"), 14);
    CHECK_STR(found(), "a=5,");
    CHECK_INT(follow("{\"a\":5,\"b\":[6]}"), 15);
    CHECK_INT(follow("{\"a\":5}"), 7);
    end();
}

/* Behind a value of one name things differ by what is open around it. */
TEST(places_are_told_apart_by_what_is_open)
{
    begin();
    learn("{\"a\":[1]}");
    learn("{\"a\":[[1]]}");
    learn("{\"a\":1,\"b\":1}");
    CHECK_INT(follow("{\"a\":[[1]]}"), 11);
    CHECK_INT(follow("{\"a\":[[1]}"), 0);
    CHECK_INT(follow("{\"a\":[1]]}"), 0);
    CHECK_INT(follow("{\"a\":[1,\"b\":1}"), 0);
    CHECK_INT(follow("{\"a\":1]}"), 0);
    CHECK_INT(follow("{\"a\":[1}"), 0);
    end();
}

TEST(arrays_of_any_length_are_followed_when_one_of_three_was_met)
{
    begin();
    learn("{\"a\":[\"x\",\"y\",\"z\"]}");
    CHECK_INT(follow("{\"a\":[\"1\",\"2\",\"3\",\"4\",\"5\"]}"), 27);
    CHECK_STR(found(), "a=1,a=2,a=3,a=4,a=5,");
    CHECK_INT(follow("{\"a\":[\"1\"]}"), 11);
    end();
}

TEST(what_is_not_valid_or_not_whole_is_not_followed)
{
    static const char *const bad[] = {
        "{\"a\":01,\"b\":\"x\"}",   "{\"a\":-,\"b\":\"x\"}",   "{\"a\":1.,\"b\":\"x\"}",
        "{\"a\":1e,\"b\":\"x\"}",   "{\"a\":1e+,\"b\":\"x\"}", "{\"a\":nul,\"b\":\"x\"}",
        "{\"a\":,\"b\":\"x\"}",     "{\"a\":1x,\"b\":\"x\"}",  "{\"a\":--1,\"b\":\"x\"}",
        "{\"a\":1,\"b\":\"\\x\"}",  "{\"a\":1,\"b\":\"\t\"}",  "{\"a\":1,\"b\":\"\\u12g4\"}",
        "{\"a\":1,\"b\":\"\xff\"}", "{\"a\":1,\"b\":\"x\\\"}", "{\"a\":1,\"b\":\"\xc3\"}",
    };
    static const char good[] = "{\"a\":-1.5e-3,\"b\":\"\xc3\xa9\\n\"}";

    begin();
    learn("{\"a\":1,\"b\":\"x\"}");
    CHECK_INT(follow(good), sizeof(good) - 1);
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
        if (follow(bad[i]) != 0)
            TESTKIT_FAIL("%s was followed", bad[i]);
    for (size_t len = 0; len < sizeof(good) - 1; len++) {
        char *part = malloc(len + 1); /* AddressSanitizer watches */
        CHECK(part);
        memcpy(part, good, len);
        CHECK_INT(json_track_follow(&names[JSON_SHAPE_OTHER], (struct str){part, len}, &leaves), 0);
        free(part);
    }
    end();
}

TEST(names_beyond_the_limits_are_not_followed)
{
    static char text[1200];

    begin();
    int len = snprintf(text, sizeof(text), "{\"%0*d\":1,\"b\":2}", 1100, 0);
    learn(text);
    CHECK_INT(follow(text), 0);
    CHECK(len > 1100);
    end();
}

TEST(deep_nesting_is_not_followed)
{
    static char text[512];
    size_t len = 0;

    begin();
    len += (size_t)snprintf(text, sizeof(text), "{\"a\":");
    memset(text + len, '[', 70);
    len += 70;
    text[len++] = '1';
    memset(text + len, ']', 70);
    len += 70;
    text[len++] = '}';
    learn(text);
    CHECK_INT(follow(text), 0);
    end();
}

TEST(of_too_many_ways_the_oldest_is_forgotten)
{
    char text[64];

    begin();
    for (unsigned i = 0; i < 100; i++) {
        snprintf(text, sizeof(text), "{\"k%03u\":1}", i);
        learn(text);
    }
    CHECK_INT(follow("{\"k099\":1}"), 10);
    CHECK_INT(follow("{\"k050\":1}"), 10);
    CHECK_INT(follow("{\"k000\":1}"), 0);
    end();
}

TEST(ways_do_not_fill_the_memory)
{
    static char text[1024];
    struct json_names *other = &names[JSON_SHAPE_OTHER];

    begin();
    for (unsigned i = 0; i < 40000; i++) { /* blanks: no new names */
        snprintf(text, sizeof(text), "{%*s\"a\"%*s:%*s1}", (int)(i % 300), "", (int)(i % 7), "",
                 (int)(i / 300), "");
        learn(text);
        CHECK(other->ways_bytes < (9u << 20));
    }
    CHECK(follow(text) > 0);
    end();
}
