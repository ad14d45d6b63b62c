/* test_lint_item.c - modifiers that do nothing, values that cannot match. */
#include "lint_maker.h"

TEST(usual_items_give_no_note)
{
    static const char *const items[] = {
        "Image|endswith: ['\\a.exe', '\\b.exe']",
        "CommandLine|contains|all: [' -a ', 'b?c']",
        "CommandLine: '*'",
        "CommandLine|windash|contains: ['-a', b]",
        "Image|cased: A",
        "CommandLine: ['*a*', 'b*']",
        "CommandLine|re: 'a.*'",
        "CommandLine|re: '^.*a'",
        "CommandLine|re: '.*a|b'",
        "CommandLine|re: '.*?a'",
        "CommandLine|base64offset|contains: [ab, AB]",
        "CommandLine|base64: ab",
        "CommandLine: ''",
        "Hashes|contains: ['SHA1=0123456789012345678901234567890123456789', 'MD5=0?1']",
        "EventID: ['1', 4688, '1*']",
        "Image: ['C:\\Windows\\\\*\\a.exe', '\\\\?\\C:\\a']",
        "CommandLine: 'a\\*'",
        "CommandLine|all: ['*a*', '*b*', c]",
        "CommandLine|exists: true",
        "EventID|gt: 3",
    };

    for (size_t i = 0; i < ARRAY_COUNT(items); i++)
        CHECK_NOTES(items[i], "");
}

TEST(wildcards_that_change_nothing)
{
    CHECK_NOTES("CommandLine|contains: '*a b*'",
                "9:28: 'contains' matches anywhere: the wildcard around it changes nothing (a b)");
    CHECK_NOTES("CommandLine|contains: 'a b*'",
                "9:28: 'contains' matches anywhere: the wildcard around it changes nothing (a b)");
    CHECK_NOTES("Image|endswith: '*a.exe'", "9:22: 'endswith' leaves open what stands before: the "
                                            "wildcard changes nothing (a.exe)");
    CHECK_NOTES("Image|startswith: 'C:*'", "9:24: 'startswith' leaves open what follows: the "
                                           "wildcard changes nothing (C:)");
    CHECK_NOTES("- '*word*'", "9:8: words match anywhere: the wildcard around this one changes "
                              "nothing (word)");
    CHECK_NOTES("CommandLine|contains: 'abc\\*'", "");
    CHECK_NOTES(
        "Image|contains: 'a\\\\*'",
        "9:22: 'contains' matches anywhere: the wildcard around it changes nothing (a\\\\)");
}

TEST(wildcards_that_undo_a_modifier)
{
    CHECK_NOTES("Image|endswith: 'a.exe*'",
                "9:22: with a wildcard at its end 'endswith' asks for 'contains'");
    CHECK_NOTES("Image|startswith: '*a.exe'",
                "9:24: with a wildcard at its beginning 'startswith' asks for 'contains'");
}

TEST(wildcards_instead_of_modifiers)
{
    CHECK_NOTES("Image: '*\\a.exe'", "9:5: wildcards at the ends of all values are better said "
                                     "with 'endswith' (Image|endswith)");
    CHECK_NOTES("CommandLine|all: ['*ab*', '*c*']",
                "9:5: wildcards at the ends of all values are better said with 'contains' "
                "(CommandLine|contains|all)");
    CHECK_NOTES("Image: ['C:\\a*', 'D:*']", "9:5: wildcards at the ends of all values are better "
                                            "said with 'startswith' (Image|startswith)");
    CHECK_NOTES("Image: '*a?b'", "");
    CHECK_NOTES("Image: ['*ab', b]", "");
}

TEST(modifiers_without_effect)
{
    CHECK_NOTES("CommandLine|windash|contains: [a, b]",
                "9:5: 'windash' changes nothing: no value has a dash");
    CHECK_NOTES("CommandLine|cased|contains: ['1', ' - ']",
                "9:5: 'cased' changes nothing: no value has a letter");
    CHECK_NOTES("CommandLine|contains|all: a", "9:5: 'all' on a single value changes nothing");
    CHECK_NOTES("CommandLine|contains: ''",
                "! 9:28: every text has an empty one in it: this matches whatever the field says");
}

TEST(expressions_that_begin_with_anything)
{
    CHECK_NOTES("CommandLine|re: '.*ab'", "9:22: expressions are searched for anywhere: '.*' at "
                                          "the beginning costs time and changes nothing (ab)");
    CHECK_NOTES("CommandLine|re|s: '^.*ab'", "9:24: expressions are searched for anywhere: '.*' at "
                                             "the beginning costs time and changes nothing (ab)");
}

TEST(a_part_of_an_encoded_text_that_would_be_all_of_it)
{
    CHECK_NOTES("CommandLine|base64offset: abc",
                "! 9:5: 'base64offset' looks for a part of an encoded text, and without 'contains' "
                "it would have to be the whole value (CommandLine|base64offset|contains)");
}

TEST(values_that_stand_twice)
{
    CHECK_NOTES("Image|contains: [ab, c, AB]", "9:29: 'AB' stands in line 9, too");
    CHECK_NOTES("Image|contains|cased: [ab, AB]", "");
    CHECK_NOTES("CommandLine|re: [ab, AB]", "");
    CHECK_NOTES("CommandLine|re: [ab, ab]", "9:26: 'ab' stands in line 9, too");
}

TEST(one_value_is_not_several)
{
    CHECK_NOTES("Image|all: [ab, bc]", "! 9:5: only a field with several values can be all of "
                                       "these whole values at once (Image|contains|all)");
}

TEST(hashes_of_another_length)
{
    CHECK_NOTES("Hashes|contains: 'MD5=0123'", "! 9:23: MD5 has 32 digits, and here are 4");
    CHECK_NOTES("Hashes|contains: 'sha1=01234567890123456789012345678901234567890'",
                "! 9:23: SHA1 has 40 digits, and here are 41");
}

TEST(paths_that_no_file_has)
{
    CHECK_NOTES("Image: 'C:\\a\\*\\b.exe'",
                "! 9:13: '\\*' is a star, which no file name has; a backslash and a wildcard are "
                "'\\\\*' (C:\\a\\\\*\\b.exe)");
    CHECK_NOTES("Image|endswith: 'a\"'", "! 9:22: no file name of Windows has the character \"");
}

TEST(event_ids_that_are_none)
{
    CHECK_NOTES("EventID: ['4688 ', 1]", "! 9:16: an event id is a number, and '4688 ' is none");
}

TEST(without_being_asked_for_nothing_is_noted)
{
    load_begin();
    CHECK_STR(notes_of(lint_this("Imge|contains: ['*ab*', '']")), "");
    load_end();
}

TEST(selections_that_no_condition_uses)
{
    CHECK_NOTES("a: 1\n  u: {Image: b}\n  _v: {Image: c}",
                "! 9:5: no event of this log source is known to have a field 'a'\n"
                "! 10:3: no condition uses the search identifier 'u'\n"
                "! 11:3: no condition uses the search identifier '_v'");
}
