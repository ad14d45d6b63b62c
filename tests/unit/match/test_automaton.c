/* test_automaton.c - match/automaton: literals, anchors, expressions, saving and loading. */
#include "match/automaton.h"

#include "testkit.h"

static uint64_t seen;       /* bits by id */
static struct arena *arena; /* of the automata of a test */

static void note(void *context, uint32_t id)
{
    (void)context;
    seen |= (uint64_t)1 << id;
}

static uint64_t scan(const struct automaton *automaton, struct str text)
{
    struct automaton_scratch *scratch = automaton_scratch_new();

    seen = 0;
    automaton_scratch_grow(scratch, automaton);
    automaton_scan(automaton, scratch, text, note, NULL);
    automaton_scratch_free(scratch);
    return seen;
}

static struct automaton *build(const struct automaton_pattern *patterns, uint32_t count)
{
    struct automaton *automaton = NULL;
    struct why why = {""};
    uint32_t bad;

    if (!arena)
        arena = arena_new("automata", (size_t)64 << 20);
    if (automaton_build(patterns, count, arena, &automaton, &bad, &why) != ERR_NONE)
        TESTKIT_FAIL("pattern %u: %s", bad, why.text);
    return automaton;
}

static void done(void)
{
    arena_free(arena);
    arena = NULL;
}

TEST(finds_literals)
{
    struct automaton_pattern patterns[] = {
        {STR_INIT("mimikatz"), 0, 0}, {STR_INIT("kat"), 0, 1},  {STR_INIT("a\0b"), 0, 2},
        {STR_INIT(".*"), 0, 3},       {STR_INIT("\xff"), 0, 4}, {STR_INIT("KAT"), 0, 5},
    };
    struct automaton *automaton = build(patterns, 6);

    CHECK_INT(scan(automaton, STR("x mimikatz y")), 3);
    CHECK_INT(scan(automaton, STR("a\0b")), 4);
    CHECK_INT(scan(automaton, STR("a.*b\xff")), 24);
    CHECK_INT(scan(automaton, STR("")), 0);
    CHECK_INT(scan(automaton, (struct str){NULL, 0}), 0);
    done();
}

/* Vectorscan 5.4.9 missed these on processors with AVX2 or AVX-512. */
TEST(finds_what_stands_at_the_very_end_whatever_the_length)
{
    struct automaton_pattern ends[] = {{STR_INIT("bc"), AUTOMATON_AT_END, 0},
                                       {STR_INIT("xy"), AUTOMATON_AT_END, 1}};
    struct automaton_pattern expressions[] = {{STR_INIT("foo"), AUTOMATON_REGEX, 2},
                                              {STR_INIT("bc$"), AUTOMATON_REGEX, 0},
                                              {STR_INIT("^xy"), AUTOMATON_REGEX, 3},
                                              {STR_INIT("xy"), AUTOMATON_REGEX, 1}};
    struct automaton_pattern mixed[] = {{STR_INIT("a*abca*"), AUTOMATON_REGEX, 4},
                                        {STR_INIT("c"), AUTOMATON_REGEX, 0},
                                        {STR_INIT("a*abcxy."), AUTOMATON_REGEX, 5},
                                        {STR_INIT("y"), AUTOMATON_REGEX, 1}};
    struct automaton *automata[] = {build(ends, 2), build(expressions, 4), build(mixed, 4)};
    char text[300];

    memset(text, 'f', sizeof(text));
    for (size_t len = 3; len <= sizeof(text); len++) {
        for (size_t i = 0; i < 6; i++) {
            memcpy(text + len - 2, i % 2 ? "xy" : "bc", 2);
            uint64_t found = scan(automata[i / 2], (struct str){text, len});
            if (found != (i % 2 ? 2 : 1))
                TESTKIT_FAIL("automaton %zu, %zu bytes: found %llx", i / 2, len,
                             (unsigned long long)found);
            memset(text + len - 2, 'f', 2);
        }
    }
    done();
}

TEST(lets_patterns_share_an_id)
{
    struct automaton_pattern patterns[] = {{STR_INIT("one"), 0, 7}, {STR_INIT("two"), 0, 7}};
    struct automaton *automaton = build(patterns, 2);

    CHECK_INT(scan(automaton, STR("--two")), 128);
    CHECK_INT(scan(automaton, STR("one")), 128);
    done();
}

TEST(reports_under_other_names)
{
    struct automaton_pattern patterns[] = {
        {STR_INIT("one"), 0, 0}, {STR_INIT("two"), 0, 1}, {STR_INIT("three"), 0, 2}};
    static const uint32_t some[] = {9, AUTOMATON_NO_ID, 8}, others[] = {AUTOMATON_NO_ID, 5, 5};
    struct automaton *automaton = build(patterns, 3);
    struct automaton *one = automaton_renamed(automaton, some, arena);
    struct automaton *other = automaton_renamed(automaton, others, arena);

    CHECK_INT(scan(automaton, STR("one two three")), 7);
    CHECK_INT(scan(one, STR("one two three")), 768);
    CHECK_INT(scan(one, STR("two")), 0);
    CHECK_INT(scan(other, STR("one two three")), 32);
    CHECK_INT(scan(other, STR("one")), 0);
    done();
}

TEST(anchors_literals)
{
    struct automaton_pattern patterns[] = {
        {STR_INIT("ab"), AUTOMATON_AT_START, 0},
        {STR_INIT("ab"), AUTOMATON_AT_END, 1},
        {STR_INIT("ab"), AUTOMATON_AT_START | AUTOMATON_AT_END, 2},
        {STR_INIT("ab"), 0, 3},
    };
    struct automaton *automaton = build(patterns, 4);

    CHECK_INT(scan(automaton, STR("ab")), 15);
    CHECK_INT(scan(automaton, STR("abx")), 9);
    CHECK_INT(scan(automaton, STR("xab")), 10);
    CHECK_INT(scan(automaton, STR("ab\n")), 9);
    CHECK_INT(scan(automaton, STR("xabx")), 8);
    done();
}

TEST(finds_expressions)
{
    struct automaton_pattern patterns[] = {
        {STR_INIT("a.c"), AUTOMATON_REGEX, 0},
        {STR_INIT("a.c"), AUTOMATON_REGEX | AUTOMATON_DOTALL, 1},
        {STR_INIT("^b"), AUTOMATON_REGEX | AUTOMATON_MULTILINE, 2},
        {STR_INIT("\xc3\x89"), AUTOMATON_REGEX | AUTOMATON_CASELESS, 3},
        {STR_INIT("x{100,}"), AUTOMATON_REGEX, 4},
    };
    struct automaton *automaton = build(patterns, 5);
    char many[100];

    CHECK_INT(scan(automaton, STR("abc")), 3);
    CHECK_INT(scan(automaton, STR("a\nc")), 2);
    CHECK_INT(scan(automaton, STR("a\nb")), 4);
    CHECK_INT(scan(automaton, STR("\xc3\xa9")), 8);
    memset(many, 'x', sizeof(many));
    CHECK_INT(scan(automaton, (struct str){many, 100}), 16);
    CHECK_INT(scan(automaton, (struct str){many, 99}), 0);
    done();
}

TEST(approximates_what_it_cannot_hold)
{
    struct automaton_pattern pattern = {STR_INIT("(a+)b\\1c"), AUTOMATON_REGEX, 0};

    CHECK(!automaton_takes(&pattern));
    pattern.flags |= AUTOMATON_PREFILTER;
    CHECK(automaton_takes(&pattern));
    struct automaton *automaton = build(&pattern, 1);
    CHECK_INT(scan(automaton, STR("aabaac")), 1);
    done();
}

TEST(says_which_pattern_is_bad)
{
    struct automaton_pattern patterns[] = {
        {STR_INIT("good"), AUTOMATON_REGEX, 0},
        {STR_INIT("bad("), AUTOMATON_REGEX, 1},
    };
    struct automaton *automaton = NULL;
    struct why why = {""};
    uint32_t bad = 0;

    arena = arena_new("automata", 1 << 20);
    CHECK(automaton_build(patterns, 2, arena, &automaton, &bad, &why) == ERR_INVALID);
    CHECK_INT(bad, 1);
    CHECK(why.text[0] != '\0');
    patterns[1].text = STR("a\0b");
    CHECK(automaton_build(patterns, 2, arena, &automaton, &bad, &why) == ERR_INVALID);
    CHECK_INT(bad, 1);
    CHECK(!automaton_takes(&patterns[1]));
    done();
}

TEST(does_not_take_what_matches_nothing_at_all)
{
    struct automaton_pattern pattern = {STR_INIT("a*"), AUTOMATON_REGEX, 0};

    CHECK(!automaton_takes(&pattern));
}

TEST(names_its_platform)
{
    CHECK(automaton_platform().len > 20);
    CHECK(str_eq(automaton_platform(), automaton_platform()));
}

TEST(accepts_null)
{
    automaton_scratch_free(NULL);
}
