/* test_sigma_pattern.c - Sigma strings as tokens: escapes, wildcards, ends, dashes. */
#include "rule_maker.h"

/* `text` as the rule writes it; `*`, `?`, `~` for tokens; literal ones are shown in brackets. */
static struct str tokens_of(struct glob glob)
{
    buf_reset(&shown_bytes);
    for (uint32_t i = 0; i < glob.count; i++) {
        struct glob one = {&glob.tokens[i], 1};
        if (glob.tokens[i].kind == GLOB_TEXT)
            buf_add_char(&shown_bytes, '[');
        show_glob(&one);
        if (glob.tokens[i].kind == GLOB_TEXT)
            buf_add_char(&shown_bytes, ']');
    }
    return buf_str(&shown_bytes);
}

static struct str parsed(const char *text)
{
    return tokens_of(pattern_parse(made, str_from(text)));
}

static struct str finished(const char *text, bool before, bool after, bool cased)
{
    struct glob glob = pattern_parse(made, str_from(text));

    return tokens_of(pattern_finish(made, glob, before, after, cased));
}

static struct str dashed(const char *text)
{
    return tokens_of(pattern_windash(made, pattern_parse(made, str_from(text))));
}

TEST(wildcards_are_tokens)
{
    load_begin();
    CHECK_STR(parsed(""), "");
    CHECK_STR(parsed("abc"), "[abc]");
    CHECK_STR(parsed("a*b?c"), "[a]*[b]?[c]");
    CHECK_STR(parsed("*"), "*");
    CHECK_STR(parsed("*a*"), "*[a]*");
    CHECK_STR(parsed("??"), "??");
    load_end();
}

TEST(runs_of_stars_are_one)
{
    load_begin();
    CHECK_STR(parsed("a***b"), "[a]*[b]");
    CHECK_STR(parsed("*?*"), "*?*");
    load_end();
}

TEST(escaped_wildcards_are_text)
{
    load_begin();
    CHECK_STR(parsed("a\\*b"), "[a*b]");
    CHECK_STR(parsed("a\\?b"), "[a?b]");
    CHECK_STR(parsed("\\**"), "[*]*");
    load_end();
}

TEST(two_backslashes_are_one)
{
    load_begin();
    CHECK_STR(parsed("\\\\"), "[\\]");
    CHECK_STR(parsed("\\\\*"), "[\\]*");       /* S4 */
    CHECK_STR(parsed("\\\\srv"), "[\\srv]");   /* S4 */
    CHECK_STR(parsed("\\\\\\*"), "[\\*]");     /* S5 */
    CHECK_STR(parsed("\\\\\\"), "[\\\\]");     /* S6: three */
    CHECK_STR(parsed("\\\\\\\\"), "[\\\\]");   /* S6: four */
    CHECK_STR(parsed("\\\\\\\\*"), "[\\\\]*"); /* S6 */
    load_end();
}

TEST(other_backslashes_stay)
{
    load_begin();
    CHECK_STR(parsed("\\Windows\\x"), "[\\Windows\\x]"); /* S7 */
    CHECK_STR(parsed("a\\"), "[a\\]");
    CHECK_STR(parsed("\\"), "[\\]");
    CHECK_STR(parsed("*\\"), "*[\\]");
    load_end();
}

TEST(nul_bytes_are_text)
{
    load_begin();
    struct glob glob = pattern_parse(made, STR("a\0*\\\0b"));
    CHECK_INT(glob.count, 3);
    CHECK_STR(glob.tokens[0].text, "a\0");
    CHECK_STR(glob.tokens[2].text, "\\\0b");
    load_end();
}

TEST(only_a_single_text_is_plain)
{
    struct str text;

    load_begin();
    struct glob glob = pattern_parse(made, STR("a\\*b"));
    CHECK(pattern_plain(&glob, &text));
    CHECK_STR(text, "a*b");
    glob = pattern_parse(made, STR(""));
    CHECK(pattern_plain(&glob, &text));
    CHECK_STR(text, "");
    glob = pattern_parse(made, STR("*"));
    CHECK(!pattern_plain(&glob, &text));
    glob = pattern_parse(made, STR("a?"));
    CHECK(!pattern_plain(&glob, &text));
    load_end();
}

TEST(ends_are_opened_once)
{
    load_begin();
    CHECK_STR(finished("a", false, false, true), "[a]");
    CHECK_STR(finished("a", true, true, true), "*[a]*");
    CHECK_STR(finished("*a*", true, true, true), "*[a]*"); /* M1: not doubled */
    CHECK_STR(finished("a*", true, false, true), "*[a]*");
    CHECK_STR(finished("", true, true, true), "*");
    CHECK_STR(finished("?a", true, false, true), "*?[a]");
    CHECK_STR(finished("", false, false, true), "");
    load_end();
}

TEST(text_is_folded_unless_cased)
{
    load_begin();
    CHECK_STR(finished("ABC*\xc3\x89", false, false, false), "[abc]*[\xc3\xa9]");
    CHECK_STR(finished("ABC*\xc3\x89", false, false, true), "[ABC]*[\xc3\x89]");
    load_end();
}

TEST(dashes_fold_at_the_edges_of_words)
{
    load_begin();
    CHECK_STR(dashed("-enc"), "~[enc]");
    CHECK_STR(dashed(" /c "), "[ ]~[c ]");
    CHECK_STR(dashed("--x"), "~~[x]");
    CHECK_STR(dashed("x-"), "[x]~");
    CHECK_STR(dashed("-"), "~");
    CHECK_STR(dashed("\xe2\x80\x93"
                     "a \xe2\x80\x94"
                     "b \xe2\x80\x95"
                     "c"),
              "~[a ]~[b ]~[c]");
    load_end();
}

TEST(dashes_inside_words_stay)
{
    load_begin();
    CHECK_STR(dashed("ab-cd"), "[ab-cd]");
    CHECK_STR(dashed("a/b_-_c"), "[a/b_-_c]");
    CHECK_STR(dashed("\xc3\xa9-\xc3\xa9"), "[\xc3\xa9-\xc3\xa9]");
    CHECK_STR(dashed("no dash"), "[no dash]");
    load_end();
}

TEST(a_wildcard_is_no_word)
{
    load_begin();
    CHECK_STR(dashed("a*-b"), "[a]*~[b]");
    CHECK_STR(dashed("a-*b"), "[a]~*[b]");
    CHECK_STR(dashed("a?-?b"), "[a]?~?[b]");
    load_end();
}
