/* test_judge_text.c - rules/judge_text: patterns, nets and numbers, character by character. */
#include "rules/judge_priv.h"

#include "rule_maker.h"

static bool glob(const char *pattern, const char *text)
{
    made = arena_new("test", (size_t)1 << 20);
    struct glob parsed = made_glob(pattern);
    struct characters characters = characters_of(made, str_from(text), false);
    bool matches = judge_glob(made, &parsed, &characters);

    CHECK_INT(matches, glob_matches(&parsed, str_from(text)));
    arena_free(made);
    return matches;
}

TEST(globs)
{
    CHECK(glob("abc", "abc") && !glob("abc", "abcd") && !glob("abc", ""));
    CHECK(glob("*abc", "xabc") && glob("a*c", "abbc") && glob("a*b*c", "axbxbc"));
    CHECK(glob("a?c", "a\xe2\x82\xac"
                      "c") &&
          !glob("a?c", "ac"));
    CHECK(glob("~enc", "-enc") && glob("~enc", "/enc") && !glob("~enc", "+enc"));
    CHECK(glob("", "") && !glob("", "a") && glob("*", "") && glob("**", "x"));
}

TEST(folds_characters)
{
    made = arena_new("test", (size_t)1 << 20);
    struct characters folded = characters_of(made, STR("\xc3\x89T"), false);
    struct characters cased = characters_of(made, STR("\xc3\x89T"), true);
    CHECK(folded.count == 2 && folded.at[0] == 0xe9 && folded.at[1] == 't');
    CHECK(cased.count == 2 && cased.at[0] == 0xc9 && cased.at[1] == 'T');
    arena_free(made);
}

static bool refers(enum fieldref_op op, const char *text, const char *other)
{
    made = arena_new("test", (size_t)1 << 20);
    struct characters a = characters_of(made, str_from(text), false);
    struct characters b = characters_of(made, str_from(other), false);
    bool holds = judge_fieldref(op, &a, &b);

    arena_free(made);
    return holds;
}

TEST(compares_texts)
{
    CHECK(refers(FIELDREF_EQUALS, "Ab", "aB") && !refers(FIELDREF_EQUALS, "ab", "abc"));
    CHECK(refers(FIELDREF_STARTSWITH, "abc", "AB") && !refers(FIELDREF_STARTSWITH, "abc", "bc"));
    CHECK(refers(FIELDREF_ENDSWITH, "abc", "BC") && !refers(FIELDREF_ENDSWITH, "abc", "ab"));
    CHECK(refers(FIELDREF_CONTAINS, "abc", "b") && !refers(FIELDREF_CONTAINS, "abc", "x"));
    CHECK(refers(FIELDREF_CONTAINS, "abc", ""));
}

static bool in_net(const char *net_text, const char *text)
{
    struct cidr cidr;
    bool host_bits;

    CHECK(cidr_parse(str_from(net_text), &cidr, &host_bits));
    return judge_in_net(&cidr, str_from(text));
}

TEST(nets)
{
    CHECK(in_net("192.0.2.0/24", "192.0.2.255") && !in_net("192.0.2.0/24", "192.0.3.0"));
    CHECK(in_net("192.0.2.0/25", "::ffff:192.0.2.1") && !in_net("::/0", "192.0.2.1"));
    CHECK(in_net("2001:db8::/33", "2001:db8:1::") && !in_net("2001:db8::/33", "2001:db8:8000::"));
    CHECK(!in_net("192.0.2.0/24", "192.0.2") && !in_net("192.0.2.0/24", ""));
}

static bool holds(enum compare_op op, double number, const char *text)
{
    const struct predicate predicate = {.kind = PREDICATE_COMPARE, .compare = op, .number = number};

    return judge_compare(&predicate, str_from(text));
}

TEST(numbers)
{
    CHECK(holds(COMPARE_EQ, 5, "5") && holds(COMPARE_EQ, 5, "5.0") && !holds(COMPARE_EQ, 5, "5x"));
    CHECK(holds(COMPARE_LT, 5, "-6") && !holds(COMPARE_LT, 5, "5"));
    CHECK(holds(COMPARE_LTE, 5, "5") && holds(COMPARE_GT, 5, "5.5") && holds(COMPARE_GTE, 5, "5"));
    CHECK(!holds(COMPARE_GT, 0, "0x10") && !holds(COMPARE_GT, 0, "") &&
          !holds(COMPARE_GT, 0, "inf"));
}
