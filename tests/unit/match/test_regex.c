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

/* The spans of the first match from `from` on, as `0-2 1-2 -`; "no" if there is none. */
static const char *found(const char *expression, const char *text, size_t from, bool here,
                         bool advance)
{
    static char shown[128];
    struct regex_span spans[4];
    struct regex *regex = NULL;
    int len = 0;

    if (regex_new(str_from(expression), 0, &regex, NULL) != ERR_NONE)
        return "refused";
    struct regex_scratch *scratch = regex_scratch_new();
    uint32_t groups = regex_group_count(regex) + 1;
    enum regex_answer answer =
        regex_find(regex, scratch, str_from(text), from, here, advance, spans, groups);
    for (uint32_t i = 0; i < groups && answer == REGEX_YES; i++) {
        const char *blank = i > 0 ? " " : "";
        char *at = shown + len;
        size_t room = sizeof(shown) - (size_t)len;
        len += spans[i].from == SIZE_MAX
                   ? snprintf(at, room, "%s-", blank)
                   : snprintf(at, room, "%s%zu-%zu", blank, spans[i].from, spans[i].to);
    }
    regex_scratch_free(scratch);
    regex_free(regex);
    return answer == REGEX_YES ? shown : answer == REGEX_NO ? "no" : "gave up";
}

static bool is_found(const char *spans, const char *expression, const char *text, size_t from)
{
    return strcmp(found(expression, text, from, false, false), spans) == 0;
}

TEST(says_where_it_matched)
{
    CHECK(is_found("1-3", "b+", "abbc", 0));
    CHECK(is_found("2-3", "b+", "abbc", 2));
    CHECK(is_found("no", "b+", "abbc", 3));
    CHECK(is_found("no", "^b", "abbc", 1));
    CHECK(is_found("0-1 - 0-1", "(x)?(a)", "ab", 0));
    CHECK(is_found("0-1 0-1 -", "(a)|(b)", "ab", 0));
    CHECK(is_found("4-4", "$", "abbc", 4));
    CHECK(is_found("0-0", "", "", 0));
}

TEST(matches_here_or_goes_on)
{
    CHECK(strcmp(found("b", "ab", 0, true, false), "no") == 0);
    CHECK(strcmp(found("a", "ab", 0, true, false), "0-1") == 0);
    CHECK(strcmp(found("x*", "ab", 0, false, false), "0-0") == 0);
    CHECK(strcmp(found("x*", "ab", 0, false, true), "1-1") == 0);
    CHECK(strcmp(found("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 0, true, false),
                 "gave up") == 0);
}

TEST(groups_have_names)
{
    struct regex *regex = NULL;

    CHECK_INT(regex_new(STR("(a)(?P<name>b)(?:c)"), 0, &regex, NULL), ERR_NONE);
    CHECK_INT(regex_group_count(regex), 2);
    CHECK_INT(regex_group_of(regex, STR("name")), 2);
    CHECK_INT(regex_group_of(regex, STR("nam")), 0);
    CHECK_INT(regex_group_of(regex, STR("")), 0);
    CHECK_INT(regex_group_of(regex, STR("name\0x")), 0);
    regex_free(regex);
}

TEST(words_go_by_unicode_where_asked)
{
    CHECK(!finds("^\\w$", 0, "\xc3\xa9"));
    CHECK(finds("^\\w$", REGEX_UNICODE, "\xc3\xa9"));
}

TEST(accepts_null)
{
    regex_free(NULL);
    regex_scratch_free(NULL);
}
