/* test_spelling.c - what somebody may have meant. */
#include "rules/spelling.h"

#include "testkit.h"

static struct str nearest(const char *word, const char *const *known, size_t count)
{
    struct spelling spelling = spelling_of(str_from(word));

    for (size_t i = 0; i < count; i++)
        spelling_try(&spelling, str_from(known[i]));
    return spelling.nearest;
}

static const char *const names[] = {"contains",    "startswith", "endswith", "CommandLine",
                                    "commandline", "re",         "cidr"};

#define NEAREST(word) nearest(word, names, ARRAY_COUNT(names))

TEST(a_letter_that_is_missing_or_too_much_or_another)
{
    CHECK_STR(NEAREST("contais"), "contains");
    CHECK_STR(NEAREST("conttains"), "contains");
    CHECK_STR(NEAREST("containz"), "contains");
}

TEST(neighbours_that_changed_places)
{
    CHECK_STR(NEAREST("contians"), "contains");
    CHECK_STR(NEAREST("Endwsith"), "endswith");
}

TEST(other_capitals_are_nearer_than_other_letters)
{
    CHECK_STR(NEAREST("COMMANDLINE"), "CommandLine");
    CHECK_STR(NEAREST("Commandline"), "CommandLine");
    CHECK_STR(NEAREST("commandlin"), "commandline");
}

TEST(what_is_far_from_everything_is_near_nothing)
{
    CHECK_STR(NEAREST("Image"), "");
    CHECK_STR(NEAREST("conwxyzs"), "");
    CHECK_STR(NEAREST(""), "");
    CHECK_STR(NEAREST("cdir"), "cidr");
}

TEST(short_words_are_not_everything_else_that_is_short)
{
    CHECK_STR(NEAREST("ip"), "");
    CHECK_STR(NEAREST("id"), "");
    CHECK_STR(NEAREST("rex"), "re");
}

TEST(a_known_word_is_at_no_distance)
{
    struct spelling spelling = spelling_of(STR("contains"));

    spelling_try(&spelling, STR("contained"));
    spelling_try(&spelling, STR("contains"));
    CHECK_STR(spelling.nearest, "contains");
    CHECK_INT(spelling.distance, 0);
}

TEST(words_that_are_too_long_are_left_alone)
{
    char word[64];

    memset(word, 'a', sizeof(word));
    struct spelling spelling = spelling_of((struct str){word, 49});
    spelling_try(&spelling, (struct str){word, 48});
    CHECK_STR(spelling.nearest, "");
    spelling = spelling_of((struct str){word, 48});
    spelling_try(&spelling, (struct str){word, 47});
    CHECK_INT(spelling.nearest.len, 47);
}
