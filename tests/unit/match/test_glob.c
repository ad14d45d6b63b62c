/* test_glob.c - match/glob: wildcards, dashes, characters, against a naive matcher too. */
#include "match/glob.h"

#include "testkit.h"

#define TOKENS_MAX 32

static struct glob_token tokens[TOKENS_MAX];

/* "a*?~": `*`, `?`, `~` for a folding dash; anything else is text. */
static struct glob glob_of(const char *pattern)
{
    struct glob glob = {tokens, 0};

    while (*pattern) {
        size_t len = strcspn(pattern, "*?~");
        if (len) {
            tokens[glob.count++] = (struct glob_token){GLOB_TEXT, {pattern, len}};
            pattern += len;
            continue;
        }
        enum glob_token_kind kind = *pattern == '*'   ? GLOB_MANY
                                    : *pattern == '?' ? GLOB_ONE
                                                      : GLOB_DASH;
        tokens[glob.count++] = (struct glob_token){kind, STR_EMPTY};
        pattern++;
    }
    return glob;
}

static bool matches(const char *pattern, const char *text)
{
    struct glob glob = glob_of(pattern);

    return glob_matches(&glob, str_from(text));
}

TEST(compares_the_whole_value)
{
    CHECK(matches("abc", "abc"));
    CHECK(!matches("abc", "abcd"));
    CHECK(!matches("abc", "xabc"));
    CHECK(!matches("abc", "ab"));
    CHECK(matches("", ""));
    CHECK(!matches("", "a"));
    CHECK(!matches("a", ""));
}

TEST(takes_any_run_for_a_star)
{
    CHECK(matches("*", ""));
    CHECK(matches("*", "a\nb"));
    CHECK(matches("a*c", "ac"));
    CHECK(matches("a*c", "a\r\nc"));
    CHECK(matches("*b*", "abc"));
    CHECK(!matches("*b*", "acd"));
    CHECK(matches("a**c", "abc"));
    CHECK(matches("*abab", "abaabab"));
    CHECK(matches("*abc*abd", "abcabcabd"));
    CHECK(!matches("*abc*abd", "abcabcab"));
    CHECK(!matches("a*a", "a"));
}

TEST(takes_one_character_for_a_question_mark)
{
    CHECK(matches("a?c", "abc"));
    CHECK(matches("a?c", "a\xc3\xa9"
                         "c"));
    CHECK(matches("a?c", "a\xf0\x9f\x98\x80"
                         "c"));
    CHECK(!matches("a?c", "ac"));
    CHECK(!matches("a??c", "a\xc3\xa9"
                           "c"));
    CHECK(!matches("*a??c", "a\xe2\x82\xac"
                            "c"));
    CHECK(!matches("*??", "\xe2\x82\xac"));
    CHECK(matches("*?", "\xe2\x82\xac"));
    CHECK(!matches("?", ""));
    CHECK(matches("?*", "\n"));
}

TEST(takes_a_broken_byte_for_a_character)
{
    CHECK(matches("a?c", "a\xff"
                         "c"));
    CHECK(matches("a?", "a\xe2"));
    CHECK(matches("a??", "a\xe2\x82"));
}

TEST(folds_dashes)
{
    CHECK(matches("* ~enc*", "x -enc y"));
    CHECK(matches("* ~enc*", "x /enc y"));
    CHECK(matches("* ~enc*", "x \xe2\x80\x93"
                             "enc y"));
    CHECK(matches("* ~enc*", "x \xe2\x80\x94"
                             "enc y"));
    CHECK(matches("* ~enc*", "x \xe2\x80\x95"
                             "enc y"));
    CHECK(!matches("* ~enc*", "x \xe2\x80\x92"
                              "enc y"));
    CHECK(!matches("* ~enc*", "x \xe2\x80"));
    CHECK(!matches("~", ""));
}

TEST(treats_nul_as_data)
{
    struct glob_token nul[] = {{GLOB_MANY, STR_EMPTY}, {GLOB_TEXT, STR_INIT("a\0b")}};
    struct glob glob = {nul, 2};

    CHECK(glob_matches(&glob, STR("xxa\0b")));
    CHECK(!glob_matches(&glob, STR("xxa")));
}

TEST(finds_the_longest_text)
{
    struct glob glob = glob_of("ab*cdef?gh");

    CHECK_STR(glob_longest_text(&glob), "cdef");
    glob = glob_of("*?*");
    CHECK_STR(glob_longest_text(&glob), "");
}

TEST(needs_no_more_than_text_times_pattern)
{
    static char text[1 << 16];
    struct glob glob = glob_of("*a*a*a*a*a*a*a*a*b");

    memset(text, 'a', sizeof(text));
    CHECK(!glob_matches(&glob, (struct str){text, sizeof(text)}));
    glob = glob_of("*?a?a?a?a?a?a?a?b*");
    CHECK(!glob_matches(&glob, (struct str){text, sizeof(text)}));
}

static bool naive(const struct glob_token *at, uint32_t left, struct str text)
{
    if (left == 0)
        return text.len == 0;
    if (at->kind == GLOB_MANY) {
        for (size_t i = 0; i <= text.len; i++)
            if (naive(at + 1, left - 1, str_slice(text, i, text.len)))
                return true;
        return false;
    }
    if (text.len == 0)
        return at->kind == GLOB_TEXT && at->text.len == 0 && naive(at + 1, left - 1, text);
    if (at->kind == GLOB_TEXT)
        return str_starts_with(text, at->text) &&
               naive(at + 1, left - 1, str_slice(text, at->text.len, text.len));
    return (at->kind == GLOB_ONE || text.at[0] == '-' || text.at[0] == '/') &&
           naive(at + 1, left - 1, str_slice(text, 1, text.len));
}

TEST(agrees_with_a_naive_matcher)
{
    unsigned random = 1;

    for (int round = 0; round < 20000; round++) {
        char pattern[9], text[9];
        random = random * 1664525u + 1013904223u;
        unsigned bits = random >> 3;
        size_t pattern_len = bits % 8, text_len = bits / 8 % 8;
        for (size_t i = 0; i < pattern_len; i++)
            pattern[i] = "ab*?~-*a"[(random = random * 1664525u + 1013904223u) >> 20 & 7];
        for (size_t i = 0; i < text_len; i++)
            text[i] = "abab-/ab"[(random = random * 1664525u + 1013904223u) >> 20 & 7];
        pattern[pattern_len] = text[text_len] = '\0';
        struct glob glob = glob_of(pattern);
        struct str value = {text, text_len};
        if (glob_matches(&glob, value) != naive(glob.tokens, glob.count, value))
            TESTKIT_FAIL("'%s' against '%s'", pattern, text);
    }
}
