/* test_value.c - what values look like that are not stored as text. */
#include "model/value.h"

#include "testkit.h"

TEST(numbers_times_and_ids_may_be_no_text)
{
    static const char *const others[] = {"4624",
                                         "-17",
                                         "0x3e7",
                                         "1.5e+10",
                                         "inf",
                                         "-inf",
                                         "nan",
                                         "true",
                                         "als",
                                         "2026-06-26t17:49:48.241767z",
                                         "s-1-5-21-3461203602-4096304019-2269080069-1000",
                                         "54849625-5478-4994-a5ba-3e3b0328c30d",
                                         "beef",
                                         "",
                                         "null",
                                         "infinity"};

    for (size_t i = 0; i < ARRAY_COUNT(others); i++)
        CHECK(value_may_be_no_text(str_from(others[i])));
}

TEST(words_are_text_though_each_letter_may_stand_elsewhere)
{
    static const char *const texts[] = {"adfind", "crack", "mimikatz", "a b",  "sd",
                                        "zf",     "x.",    "\\",       "tru1", "false-"};

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
        CHECK(!value_may_be_no_text(str_from(texts[i])));
}
