/* test_regex_loosen.c - match/regex_loosen: upper bounds go where that finds more, never less. */
#include "match/regex_loosen.h"

#include "match/regex.h"
#include "testkit.h"

#include <string.h>

static bool becomes(const char *expression, const char *expected)
{
    char out[256];
    size_t len = regex_loosen(str_from(expression), out);

    return str_eq((struct str){out, len}, str_from(expected));
}

static bool stays(const char *expression)
{
    return becomes(expression, expression);
}

TEST(long_bounds_go)
{
    CHECK(becomes("a.{1,64}b", "a.{1,}b"));
    CHECK(becomes("x{0,9}", "x{0,}"));
    CHECK(becomes("(ab|c){2,128}?[^\"]{5,64}\\d{3,10}", "(ab|c){2,}?[^\"]{5,}\\d{3,}"));
    CHECK(becomes("(?i)(?:a|b{1,20})(?s-m:.{2,30})", "(?i)(?:a|b{1,})(?s-m:.{2,})"));
    CHECK(becomes("a{1,30}{2}", "a{1,}{2}"));
    CHECK(becomes("[]{1,30}]{1,30}[^]{1,30}\\]{1,30}]", "[]{1,30}]{1,}[^]{1,30}\\]{1,30}]"));
    CHECK(becomes("\\x{41}\\p{L}{1,30}\\\\{1,30}", "\\x{41}\\p{L}{1,}\\\\{1,}"));
}

TEST(what_is_short_exact_or_has_no_bound_stays)
{
    CHECK(stays(""));
    CHECK(stays("a{1,8}b{0,1}c{8}d{500}e{100,}f{30,30}"));
    CHECK(stays("a{,30}b{x,30}c{1,x}d{1, 30}e{1,99999999}"));
    CHECK(stays("\\{1,30}"));
    CHECK(stays("a{"));
    CHECK(stays("a{1,30"));
}

TEST(expressions_of_which_nobody_can_say_stay)
{
    CHECK(stays("a{1,30}(?!b{1,30})"));
    CHECK(stays("a{1,30}(?<=b)"));
    CHECK(stays("(?>a{1,30})a"));
    CHECK(stays("(?x)a{1,30}"));
    CHECK(stays("(?#a{1,30})"));
    CHECK(stays("(?(1)a{1,30})"));
    CHECK(stays("(*COMMIT)a{1,30}"));
    CHECK(stays("a{1,30}+a"));
    CHECK(stays("b*+a{1,30}"));
    CHECK(stays("\\Qa{1,30}\\E"));
    CHECK(stays("[[:alpha:]{1,30}]"));
    CHECK(stays("a{1,30}[b"));
    CHECK(stays("a{1,30}("));
    CHECK(stays("a{1,30}\\"));
}

static enum regex_answer search(struct str expression, struct str text)
{
    struct regex_scratch *scratch = regex_scratch_new();
    struct regex *regex = NULL;
    struct why why = {""};

    if (regex_new(expression, REGEX_CASELESS, &regex, &why) != ERR_NONE)
        TESTKIT_FAIL("%s", why.text);
    enum regex_answer answer = regex_search(regex, scratch, text);
    regex_free(regex);
    regex_scratch_free(scratch);
    return answer;
}

TEST(what_comes_out_finds_more)
{
    struct str expression = STR("^a.{1,9}z$");
    char out[32];
    struct str loose = {out, regex_loosen(expression, out)};

    CHECK(search(expression, STR("a123456789z")) == REGEX_YES);
    CHECK(search(loose, STR("a123456789z")) == REGEX_YES);
    CHECK(search(expression, STR("a1234567890z")) == REGEX_NO);
    CHECK(search(loose, STR("a1234567890z")) == REGEX_YES);
    CHECK(search(loose, STR("az")) == REGEX_NO);
}
