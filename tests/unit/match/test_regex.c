/* test_regex.c - match/regex: search, flags, and the limits. */
#include "match/regex.h"

#include "testkit.h"

static enum regex_answer search(const char *expression, unsigned flags, struct str text)
{
    struct regex *regex = NULL;
    struct why why;

    if (regex_new(str_from(expression), flags, &regex, &why) != ERR_NONE) {
        printf("# %s\n", why.text);
        return REGEX_GAVE_UP;
    }
    struct regex_scratch *scratch = regex_scratch_new();
    enum regex_answer answer = regex_search(regex, scratch, text);
    regex_scratch_free(scratch);
    regex_free(regex);
    return answer;
}

static bool finds(const char *expression, unsigned flags, const char *text)
{
    return search(expression, flags, str_from(text)) == REGEX_YES;
}

TEST(searches_anywhere)
{
    CHECK(finds("b+", 0, "abbc"));
    CHECK(!finds("^b", 0, "abbc"));
    CHECK(finds("c$", 0, "abbc"));
    CHECK(finds("c$", 0, "abbc\n"));
    CHECK(!finds("B", 0, "abbc"));
    CHECK(finds("", 0, ""));
}

TEST(checks_without_keeping_anything)
{
    struct why why = {""};

    CHECK(regex_check(STR("a(b|c)+"), REGEX_CASELESS, &why) == ERR_NONE);
    CHECK(why.text[0] == '\0');
    CHECK(regex_check(STR("a(b|c+"), 0, &why) == ERR_INVALID);
    CHECK(strstr(why.text, "at byte 6 of the expression") != NULL);
    CHECK(regex_check(STR("\\C"), 0, NULL) == ERR_INVALID);
}

TEST(obeys_the_flags)
{
    CHECK(finds("B+", REGEX_CASELESS, "abbc"));
    CHECK(finds("\xc3\x89", REGEX_CASELESS, "\xc3\xa9"));
    CHECK(!finds("^b", 0, "a\nb"));
    CHECK(finds("^b", REGEX_MULTILINE, "a\nb"));
    CHECK(!finds("a.b", 0, "a\nb"));
    CHECK(finds("a.b", REGEX_DOTALL, "a\nb"));
    CHECK(finds("(?i)AB", 0, "ab"));
}

TEST(counts_characters_not_bytes)
{
    CHECK(finds("^.$", 0, "\xf0\x9f\x98\x80"));
    CHECK(!finds("^..$", 0, "\xf0\x9f\x98\x80"));
}

TEST(treats_nul_as_data)
{
    CHECK(search("a.b", 0, STR("a\0b")) == REGEX_YES);
    CHECK(search("b", 0, STR("a\0b")) == REGEX_YES);
}

TEST(survives_text_that_is_not_utf8)
{
    CHECK(finds("b", 0,
                "a\xff"
                "b"));
    CHECK(search("a.b", 0,
                 STR("a\xff"
                     "b")) == REGEX_NO);
}

TEST(says_why_an_expression_is_refused)
{
    struct regex *regex = NULL;
    struct why why = {""};

    CHECK(regex_new(STR("a(b"), 0, &regex, &why) == ERR_INVALID);
    CHECK(strstr(why.text, "parenthes") != NULL);
    CHECK(regex_new(STR("\\C"), 0, &regex, NULL) == ERR_INVALID);
    CHECK(regex_new(STR("\xff"), 0, &regex, NULL) == ERR_INVALID);
}

TEST(gives_up_where_an_expression_explodes)
{
    static char text[40];

    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '!';
    CHECK(search("^(a+)+$", 0, (struct str){text, sizeof(text)}) == REGEX_GAVE_UP);
    CHECK(search("^(a|aa)+$", 0, (struct str){text, sizeof(text)}) == REGEX_GAVE_UP);
}

TEST(answers_on_long_texts)
{
    size_t size = (size_t)1 << 20;
    char *text = malloc(size);

    memset(text, 'a', size);
    CHECK(search("(a|b)*c", 0, (struct str){text, 2000}) != REGEX_YES);
    CHECK(search("[^b]{100,}$", 0, (struct str){text, size}) == REGEX_YES);
    CHECK(search("b", 0, (struct str){text, size}) == REGEX_NO);
    free(text);
}

TEST(accepts_null)
{
    regex_free(NULL);
    regex_scratch_free(NULL);
}
